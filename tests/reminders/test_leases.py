"""Leader leases: one holder at a time, and the work stops before the lease does."""

import asyncio
from datetime import datetime, timedelta

import pytest

from models.clock import SteppedClock, system_clock
from models.database import Database
from reminders import leases
from reminders.leases import Holder, Lease

TTL = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
NAME = "send:telegram:7001"


async def acquire(database: Database, owner: str, now: datetime) -> Lease | None:
    async with database.write() as session:
        lease = await leases.acquire(session, NAME, owner, now=now, ttl=TTL)
        await session.commit()
    return lease


async def renew(database: Database, lease: Lease, now: datetime) -> Lease | None:
    async with database.write() as session:
        renewed = await leases.renew(session, lease, now=now, ttl=TTL)
        await session.commit()
    return renewed


async def release(database: Database, lease: Lease, now: datetime) -> None:
    async with database.write() as session:
        await leases.release(session, lease, now=now)
        await session.commit()


async def test_a_free_lease_is_taken_and_a_held_one_is_not(database: Database, now: datetime) -> None:
    assert await acquire(database, "a", now) == Lease(NAME, "a", now + TTL, 1)
    assert await acquire(database, "b", now + TTL - SECOND) is None


async def test_the_holder_takes_it_again_without_a_change_of_hands(database: Database, now: datetime) -> None:
    await acquire(database, "a", now)
    assert await acquire(database, "a", now + 10 * SECOND) == Lease(NAME, "a", now + 10 * SECOND + TTL, 1)


async def test_an_expired_lease_changes_hands_and_its_epoch_grows(database: Database, now: datetime) -> None:
    await acquire(database, "a", now)
    assert await acquire(database, "b", now + TTL) == Lease(NAME, "b", now + 2 * TTL, 2)


async def test_only_a_living_lease_is_renewed(database: Database, now: datetime) -> None:
    lease = await acquire(database, "a", now)
    assert lease is not None
    renewed = await renew(database, lease, now + 10 * SECOND)
    assert renewed is not None
    assert renewed.held_until == now + 10 * SECOND + TTL
    assert await renew(database, renewed, renewed.held_until) is None


async def test_whoever_lost_it_neither_renews_nor_releases_it(database: Database, now: datetime) -> None:
    old = await acquire(database, "a", now)
    await acquire(database, "b", now + TTL)
    assert old is not None
    assert await renew(database, old, now + TTL) is None
    await release(database, old, now + TTL)
    assert await acquire(database, "c", now + TTL) is None


async def test_a_released_lease_is_free_at_once_and_its_epoch_never_repeats(database: Database, now: datetime) -> None:
    lease = await acquire(database, "a", now)
    assert lease is not None
    await release(database, lease, now)
    assert await acquire(database, "b", now) == Lease(NAME, "b", now + TTL, 2)


async def test_of_many_that_try_at_once_one_gets_it(postgresql_database: Database, now: datetime) -> None:
    got = await asyncio.gather(*(acquire(postgresql_database, str(n), now) for n in range(10)))
    assert len([lease for lease in got if lease]) == 1


async def test_a_holder_stops_believing_before_the_lease_ends(database: Database, clock: SteppedClock) -> None:
    holder = Holder(database, NAME, "a", clock=clock, ttl=TTL)
    assert not holder.is_held
    assert await holder.try_hold()
    clock.advance(TTL * 2 / 3 - SECOND)
    assert (holder.is_held, holder.epoch) == (True, 1)
    clock.advance(SECOND)
    assert (holder.is_held, holder.epoch) == (False, None)


async def test_two_holders_never_both_believe(database: Database, clock: SteppedClock) -> None:
    first, second = (Holder(database, NAME, owner, clock=clock, ttl=TTL) for owner in "ab")
    for step in range(60):
        if step % 7 < 3:
            await first.try_hold()
        await second.try_hold()
        assert not (first.is_held and second.is_held)
        clock.advance(4 * SECOND)


async def test_letting_go_hands_over_at_once(database: Database, clock: SteppedClock) -> None:
    first, second = (Holder(database, NAME, owner, clock=clock, ttl=TTL) for owner in "ab")
    await first.try_hold()
    await first.let_go()
    assert (first.is_held, await second.try_hold()) == (False, True)
    await first.let_go()


async def test_a_database_that_is_away_costs_the_lease_only_when_it_runs_out(
    database: Database, clock: SteppedClock
) -> None:
    def nothing() -> None:
        raise OSError("away")

    holder = Holder(database, NAME, "a", clock=clock, ttl=TTL)
    await holder.try_hold()
    holder._database = type("Away", (), {"write": staticmethod(nothing)})()
    assert await holder.try_hold()
    clock.advance(TTL)
    assert not await holder.try_hold()
    holder._database = database
    assert await holder.try_hold()


async def test_work_runs_while_the_lease_is_held_and_ends_before_another_begins(database: Database) -> None:
    """The first loses its lease to a stolen row; the second must find the work stopped."""
    at_work: list[str] = []
    most = 0

    def work_of(owner: str):
        async def work(stop: asyncio.Event) -> None:
            nonlocal most
            at_work.append(owner)
            most = max(most, len(at_work))
            await stop.wait()
            at_work.remove(owner)

        return work

    ttl = SECOND
    stops = {owner: asyncio.Event() for owner in "ab"}
    holders = {owner: Holder(database, NAME, owner, clock=system_clock, ttl=ttl) for owner in "ab"}
    tasks = {owner: asyncio.create_task(holders[owner].run(stops[owner], work_of(owner))) for owner in "ab"}
    await asyncio.sleep(0.5)
    (worker,) = at_work
    stops[worker].set()
    await asyncio.wait_for(tasks[worker], 5)
    await asyncio.sleep(0.5)
    assert at_work == [owner for owner in "ab" if owner != worker]
    for stop in stops.values():
        stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks.values()), 5)
    assert (at_work, most) == ([], 1)


async def test_work_that_does_not_stop_is_cancelled_before_the_lease_ends(sqlite_database: Database) -> None:
    ended: list[datetime] = []

    async def deaf(_stop: asyncio.Event) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(system_clock())

    holder = Holder(sqlite_database, NAME, "a", clock=system_clock, ttl=SECOND)
    stop = asyncio.Event()
    task = asyncio.create_task(holder.run(stop, deaf))
    await asyncio.sleep(0.1)
    lease = holder._lease
    assert lease is not None
    holder._database = type("Away", (), {"write": staticmethod(lambda: (_ for _ in ()).throw(OSError()))})()
    await asyncio.sleep(1.2)
    assert ended[0] <= lease.held_until
    holder._database = sqlite_database
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_the_error_of_the_work_is_not_swallowed(sqlite_database: Database) -> None:
    async def fail(_stop: asyncio.Event) -> None:
        raise ZeroDivisionError

    holder = Holder(sqlite_database, NAME, "a", clock=system_clock, ttl=SECOND)
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(holder.run(asyncio.Event(), fail), 5)
    assert not holder.is_held
