"""The inbox: nothing acknowledged is lost, nothing is handled twice, nothing overtakes in a chat."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import SteppedClock
from models.database import Database
from models.inbox import InboxUpdate
from models.person import Person
from models.terms import InboxState
from reminders import inbox
from reminders.group_commit import GroupCommit
from reminders.inbox import ClaimedUpdate, IncomingRow, Intake
from reminders.inbox_worker import AT_ONCE, LEASE, MAX_FAILURES, InboxWorker
from reminders.wake import Wake

BOT = "telegram:7001"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def incoming(key: str, chat: str = "7", body: str = "xong 12", bot: str = BOT) -> IncomingRow:
    return IncomingRow(bot=bot, update_key=key, chat=chat, body=body)


async def store(database: Database, now: datetime, *rows: IncomingRow) -> int:
    async with database.write() as session:
        added = await inbox.store_updates(session, rows, now=now)
        await session.commit()
    return added


async def take(database: Database, now: datetime, *, limit: int = 100) -> list[ClaimedUpdate]:
    async with database.write() as session:
        claimed = await inbox.claim_updates(session, now=now, lease=LEASE, limit=limit)
        await session.commit()
    return claimed


async def stored(database: Database) -> Sequence[InboxUpdate]:
    async with database.read() as session:
        return (await session.execute(select(InboxUpdate).order_by(InboxUpdate.id))).scalars().all()


async def people(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.execute(select(Person.full_name).order_by(Person.id))).scalars())


def keys(rows: Sequence[ClaimedUpdate]) -> list[str]:
    return [row.update_key for row in rows]


# -- storing


async def test_what_comes_twice_is_stored_once_even_when_numbers_start_again(database: Database, now: datetime) -> None:
    assert await store(database, now, incoming("900"), incoming("901")) == 2
    assert await store(database, now, incoming("901"), incoming("3"), incoming("901", bot="zalo:1")) == 2
    assert await store(database, now) == 0


async def test_intake_returns_only_after_the_commit(database: Database, clock: SteppedClock) -> None:
    wake = Wake()
    intake = Intake(database, clock=clock, wake=wake)
    await intake.store(incoming("1", body="Đã xong"))
    (row,) = await stored(database)
    assert (row.body, row.state, row.received_at, wake.count) == ("Đã xong", InboxState.PENDING, clock(), 1)


async def test_those_who_come_during_a_commit_share_the_next(database: Database, clock: SteppedClock) -> None:
    commits = 0

    def count_commit(_connection: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(database.writer.sync_engine, "commit", count_commit)
    intake = Intake(database, clock=clock)
    await asyncio.gather(*(intake.store(incoming(str(n), chat=str(n))) for n in range(200)))
    assert [row.update_key for row in await stored(database)] == [str(n) for n in range(200)], (
        "they overtook each other"
    )
    assert 1 <= commits <= 3


async def test_a_repeated_update_is_acknowledged_again(database: Database, clock: SteppedClock) -> None:
    intake = Intake(database, clock=clock)
    await asyncio.gather(*(intake.store(incoming("1")) for _ in range(5)))
    assert len(await stored(database)) == 1


async def test_one_row_that_the_database_refuses_fails_alone(
    postgresql_database: Database, clock: SteppedClock
) -> None:
    """PostgreSQL keeps no NUL in a text; the innocent ones of the same commit must not pay for it."""
    intake = Intake(postgresql_database, clock=clock)
    rows = [incoming("0"), incoming("1", body="\x00"), incoming("2"), incoming("3")]
    results = await asyncio.gather(*(intake.store(row) for row in rows), return_exceptions=True)
    assert [isinstance(result, DBAPIError) for result in results] == [False, True, False, False]
    assert [row.update_key for row in await stored(postgresql_database)] == ["0", "2", "3"]


async def test_when_the_database_is_away_everybody_hears_it_and_the_next_one_is_tried_afresh() -> None:
    is_away = True

    async def commit(items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        if is_away:
            raise OperationalError("INSERT", {}, OSError("gone"))
        return [-item for item in items]

    group = GroupCommit[int, int](commit)
    results = await asyncio.gather(*(group.submit(n) for n in range(10)), return_exceptions=True)
    assert all(isinstance(result, OperationalError) for result in results)
    is_away = False
    assert await group.submit(3) == -3


async def test_more_than_the_waiting_room_holds_wait_outside_and_none_is_lost() -> None:
    largest = 0

    async def commit(items: Sequence[int]) -> list[int]:
        nonlocal largest
        largest = max(largest, len(items))
        await asyncio.sleep(0)
        return list(items)

    group = GroupCommit[int, int](commit, waiting=8)
    assert await asyncio.gather(*(group.submit(n) for n in range(100))) == list(range(100))
    assert largest <= 8


async def test_a_caller_that_leaves_takes_nobody_along() -> None:
    gate = asyncio.Event()
    written: list[int] = []

    async def commit(items: Sequence[int]) -> list[int]:
        await gate.wait()
        written.extend(items)
        return list(items)

    group = GroupCommit[int, int](commit)
    leaving, staying = asyncio.create_task(group.submit(1)), asyncio.create_task(group.submit(2))
    await asyncio.sleep(0)
    leaving.cancel()
    gate.set()
    assert await staying == 2
    await group.close()
    assert written == [1, 2]


# -- claiming


async def test_of_one_chat_only_the_oldest_is_claimed(database: Database, now: datetime) -> None:
    await store(database, now, incoming("1"), incoming("2"), incoming("3", chat="8"))
    assert keys(await take(database, now)) == ["1", "3"]
    assert await take(database, now) == []


async def test_the_next_of_a_chat_follows_when_the_first_is_handled(database: Database, now: datetime) -> None:
    await store(database, now, incoming("1"), incoming("2"))
    (first,) = await take(database, now)
    async with database.write() as session:
        assert await inbox.mark_handled(session, first, now=now)
        await session.commit()
    assert keys(await take(database, now)) == ["2"]


async def test_an_update_whose_holder_vanished_comes_back_and_the_zombie_is_fenced(
    database: Database, now: datetime
) -> None:
    await store(database, now, incoming("1"), incoming("2"))
    (zombie,) = await take(database, now)
    assert await take(database, now + LEASE - SECOND) == []
    (holder,) = await take(database, now + LEASE)
    assert (holder.update_key, holder.attempts) == ("1", 2)
    async with database.write() as session:
        assert not await inbox.mark_handled(session, zombie, now=now)
        assert not await inbox.postpone(session, zombie, until=now, error="x")
        assert not await inbox.poison(session, zombie, now=now, error="x")
        assert await inbox.mark_handled(session, holder, now=now)


async def test_claims_at_once_never_share_an_update(postgresql_database: Database, now: datetime) -> None:
    await store(postgresql_database, now, *(incoming(str(n), chat=str(n % 40)) for n in range(120)))
    batches = await asyncio.gather(*(take(postgresql_database, now, limit=7) for _ in range(8)))
    taken = [row.id for batch in batches for row in batch]
    assert len(taken) == len(set(taken))
    assert len({row.chat for batch in batches for row in batch}) == len(taken)


async def test_only_what_was_handled_long_ago_is_forgotten(database: Database, now: datetime) -> None:
    await store(database, now, incoming("1"), incoming("2", chat="8"), incoming("3", chat="9"))
    handled, poisoned, _ = await take(database, now)
    async with database.write() as session:
        await inbox.mark_handled(session, handled, now=now)
        await inbox.poison(session, poisoned, now=now, error="x")
        await session.commit()
    async with database.write() as session:
        assert await inbox.prune_updates(session, before=now) == 0
        assert await inbox.prune_updates(session, before=now + 48 * HOUR) == 1
        assert await inbox.count_updates(session) == {
            InboxState.PENDING: 1,
            InboxState.HANDLED: 0,
            InboxState.POISONED: 1,
        }


# -- handling


class Clerk:
    """Writes a person for each update, so that what is kept and what is undone can be seen."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.errors: list[Exception] = []
        self.under_way = self.most_under_way = 0

    async def __call__(self, session: AsyncSession, update: ClaimedUpdate) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            session.add(Person(full_name=update.update_key, created_at=self.now))
            await session.flush()
            await asyncio.sleep(0.01)
            if update.body == "poison":
                raise ZeroDivisionError
            if self.errors:
                raise self.errors.pop(0)
        finally:
            self.under_way -= 1


@pytest.fixture
def clerk(now: datetime) -> Clerk:
    return Clerk(now)


def worker(database: Database, clerk: Clerk, clock: SteppedClock, **more: Any) -> InboxWorker:
    return InboxWorker(database, clerk, **({"clock": clock, "wake_outbox": Wake(), "random": lambda: 1.0} | more))


async def test_everything_due_is_handled_in_order(database: Database, clock: SteppedClock, clerk: Clerk) -> None:
    await store(database, clock(), *(incoming(str(n), chat=str(n % 2)) for n in range(6)))
    wake = Wake()
    assert await worker(database, clerk, clock, wake_outbox=wake).handle_due(clock()) == 6
    assert sorted(await people(database), key=lambda name: int(name) % 2) == ["0", "2", "4", "1", "3", "5"]
    assert {row.state for row in await stored(database)} == {InboxState.HANDLED}
    assert wake.count == 6


async def test_a_failure_leaves_nothing_behind_and_is_tried_again_later(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    await store(database, clock(), incoming("1"), incoming("2"))
    clerk.errors = [ZeroDivisionError()]
    clerks = worker(database, clerk, clock)
    await clerks.handle_due(clock())
    assert await people(database) == []
    await clerks.handle_due(clock.advance(HOUR))
    assert await people(database) == ["1", "2"]


async def test_what_fails_five_times_is_set_aside_kept_and_holds_up_nobody(
    database: Database, clock: SteppedClock, clerk: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    await store(database, clock(), incoming("1", body="poison"), incoming("2"))
    clerks = worker(database, clerk, clock)
    for _ in range(MAX_FAILURES):
        assert await people(database) == []
        await clerks.handle_due(clock.advance(HOUR))
    assert await people(database) == ["2"]
    poisoned = (await stored(database))[0]
    assert (poisoned.state, poisoned.body, poisoned.last_error) == (InboxState.POISONED, "poison", "ZeroDivisionError")
    assert (
        f"inbox row {poisoned.id} is set aside"
        in [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR][-1]
    )


async def test_a_conflict_with_another_transaction_is_tried_again_at_once(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    class DeadlockError(Exception):
        sqlstate = "40P01"

    await store(database, clock(), incoming("1"))
    clerk.errors = [DBAPIError("UPDATE", {}, DeadlockError())] * (AT_ONCE - 1)
    await worker(database, clerk, clock).handle_due(clock())
    assert await people(database) == ["1"]


async def test_what_was_handled_by_another_meanwhile_is_not_handled_again(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    await store(database, clock(), incoming("1"))
    slow = worker(database, clerk, clock)
    (held,) = await take(database, clock())
    await worker(database, clerk, clock).handle_due(clock.advance(LEASE))
    await slow._handle_one(held, clock)
    assert await people(database) == ["1"]


async def test_what_takes_its_process_down_every_time_is_set_aside_in_the_end(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    await store(database, clock(), incoming("1"))
    for _ in range(20):
        await take(database, clock.advance(LEASE))
    await worker(database, clerk, clock).handle_due(clock.advance(LEASE))
    assert (await stored(database))[0].state is InboxState.POISONED
    assert await people(database) == []


@asynccontextmanager
async def running(clerks: InboxWorker) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(clerks.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def handled(database: Database, number: int) -> None:
    async with asyncio.timeout(10):
        while True:
            async with database.read() as session:
                done = select(func.count()).select_from(InboxUpdate).where(InboxUpdate.state == InboxState.HANDLED)
                if (await session.execute(done)).scalar_one() >= number:
                    return
            await asyncio.sleep(0.01)


async def test_the_loop_handles_what_intake_stored_without_waiting_for_a_poll(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    wake = Wake()
    intake = Intake(database, clock=clock, wake=wake)
    async with running(worker(database, clerk, clock, wake=wake)):
        await asyncio.sleep(0.05)
        await intake.store(incoming("1"))
        await asyncio.wait_for(handled(database, 1), 0.9)


async def test_the_loop_keeps_each_chats_order_and_serves_chats_side_by_side(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    await store(database, clock(), *(incoming(f"{n:02}", chat=str(n % 5)) for n in range(40)))
    async with running(worker(database, clerk, clock)):
        await handled(database, 40)
    names = await people(database)
    for chat in range(5):
        of_chat = [name for name in names if int(name) % 5 == chat]
        assert of_chat == sorted(of_chat)
    assert clerk.most_under_way == (1 if database.dialect == "sqlite" else 4)


async def test_the_loop_outlives_a_database_that_went_away_for_a_moment(
    sqlite_database: Database, clock: SteppedClock, clerk: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    clerks = worker(sqlite_database, clerk, clock)
    fails = [True, True]
    claim = clerks._claim

    async def claim_or_fail(now: datetime, *, limit: int) -> list[ClaimedUpdate]:
        if fails and fails.pop():
            raise OperationalError("SELECT", {}, OSError("away"))
        return await claim(now, limit=limit)

    clerks._claim = claim_or_fail  # type: ignore[method-assign]
    await store(sqlite_database, clock(), incoming("1"))
    async with running(clerks):
        await handled(sqlite_database, 1)
    assert "could not be read" in caplog.text


# -- what is fetched beforehand


async def test_what_was_fetched_beforehand_comes_with_the_update(
    database: Database, clock: SteppedClock, now: datetime
) -> None:
    """Fetching holds no transaction: the one writer of SQLite is free meanwhile."""

    async def fetch(update: ClaimedUpdate) -> str:
        await store(database, now, incoming(f"{update.update_key}0", chat="8"))
        return f"fetched {update.update_key}"

    async def keep(session: AsyncSession, update: ClaimedUpdate) -> None:
        session.add(Person(full_name=str(update.prepared), created_at=now))

    await store(database, now, incoming("1"))
    async with asyncio.timeout(10):
        (update,) = await take(database, now)
        await InboxWorker(database, keep, clock=clock, wake_outbox=Wake(), prepare=fetch)._handle_one(update, clock)
    assert await people(database) == ["fetched 1"]


async def test_a_fetch_that_fails_is_a_failure_of_its_update_and_of_no_other(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    tried: list[str] = []

    async def fetch(update: ClaimedUpdate) -> None:
        tried.append(update.update_key)
        if update.body == "file":
            raise ConnectionError

    await store(database, clock(), incoming("1", body="file"), incoming("2", chat="8"))
    clerks = worker(database, clerk, clock, prepare=fetch)
    for _ in range(MAX_FAILURES):
        await clerks.handle_due(clock.advance(HOUR))
    assert await people(database) == ["2"]
    assert tried.count("1") == MAX_FAILURES
    first = (await stored(database))[0]
    assert (first.state, first.last_error) == (InboxState.POISONED, "ConnectionError")


async def test_a_fetch_ends_before_its_lease_does(sqlite_database: Database, clock: SteppedClock, clerk: Clerk) -> None:
    async def fetch(_update: ClaimedUpdate) -> None:
        await asyncio.sleep(60)

    await store(sqlite_database, clock(), incoming("1"))
    await worker(sqlite_database, clerk, clock, prepare=fetch, lease=SECOND / 10).handle_due(clock())
    assert (await stored(sqlite_database))[0].last_error == "TimeoutError"


async def test_a_slow_fetch_keeps_no_other_chat_waiting_and_nothing_overtakes_in_its_own(
    database: Database, clock: SteppedClock, clerk: Clerk
) -> None:
    arrived = asyncio.Event()

    async def fetch(update: ClaimedUpdate) -> None:
        if update.body == "file":
            await arrived.wait()

    await store(database, clock(), incoming("00", body="file"), incoming("01"))
    await store(database, clock(), *(incoming(f"{n:02}", chat=str(n)) for n in range(10, 20)))
    async with running(worker(database, clerk, clock, prepare=fetch)):
        await handled(database, 10)
        assert "00" not in await people(database)
        arrived.set()
        await asyncio.wait_for(handled(database, 12), 2)
    assert [name for name in await people(database) if name < "10"] == ["00", "01"]
