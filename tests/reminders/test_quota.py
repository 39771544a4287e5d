"""The ledger of a month: both directions, each stored update and each send that may have counted, exactly once."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete

from models.clock import SteppedClock
from models.outbox import OutboxMessage
from models.terms import Lane, Role
from reminders.beginning import Begun, begin
from reminders.channel import Message
from reminders.inbox import IncomingRow, Intake, store_updates
from reminders.outbox import claim
from reminders.quota import Used, count_received, note_warned, used_by_bot
from reminders.quota_warning import warn_of_quotas
from reminders.render import Renderer
from reminders.wording import Wording
from tests.builders import CALENDAR, add_linked_person, load_units
from tests.reminders.several_channels import COUNTED, FREE, QUOTA, Exchange

MONTH = date(2024, 10, 1)
LEASE = timedelta(seconds=90)


def arrived(number, bot=COUNTED, chat="7"):
    return IncomingRow(bot=bot, update_key=str(number), chat=chat, body="{}")


async def used(database, month=MONTH):
    async with database.read() as session:
        return {bot: (each.received, each.sent) for bot, each in (await used_by_bot(session, month)).items()}


async def test_each_update_counts_once_however_often_the_platform_tells_it(database, now):
    async with database.write() as session:
        rows = [arrived(1), arrived(2), arrived(3, bot=FREE)]
        assert await store_updates(session, rows, now=now, counted={COUNTED}) == 3
        assert await store_updates(session, [arrived(2), arrived(4)], now=now, counted={COUNTED}) == 1
        await session.commit()
    assert await used(database) == {COUNTED: (3, 0)}


async def test_intake_counts_in_the_commit_that_stores(database, clock):
    intake = Intake(database, clock=clock, counted={COUNTED})
    await asyncio.gather(*(intake.store(arrived(n % 30)) for n in range(60)))
    await asyncio.gather(*(intake.store(arrived(n, bot=FREE)) for n in range(10)))
    await intake.close()
    assert await used(database) == {COUNTED: (30, 0)}


async def test_what_was_not_committed_was_not_counted(database, now):
    async with database.write() as session:
        await store_updates(session, [arrived(1)], now=now, counted={COUNTED})
    assert await used(database) == {}


async def test_the_month_turns_at_midnight_in_vietnam(database):
    async with database.write() as session:
        for instant in ("2024-10-31T16:59:59+00:00", "2024-10-31T17:00:00+00:00"):
            await count_received(session, {COUNTED: 1}, now=datetime.fromisoformat(instant))
        await session.commit()
    assert await used(database) == {COUNTED: (1, 0)}
    assert await used(database, date(2024, 11, 1)) == {COUNTED: (1, 0)}


async def test_senders_and_intakes_at_once_never_miscount_and_never_pass_the_line(database, clock):
    """Two hundred pings at the doors of several senders, ninety-eight places, and people talking all the while."""
    exchange = Exchange(database, clock)
    person = await exchange.person(COUNTED)
    keys = [f"ping-{n}" for n in range(200)]
    for n, key in enumerate(keys):
        await exchange.owe(key, bot=COUNTED, to=person, chat=str(n))
    async with database.write() as session:
        rows = await claim(session, bots=[COUNTED], now=clock(), lease=LEASE, limit=200)
        await session.commit()

    async def door(batch):
        async with database.write() as session:
            begun = await begin(session, batch, quotas={COUNTED: QUOTA}, now=clock())
            await session.commit()
        return begun

    async def talk(number):
        async with database.write() as session:
            await store_updates(session, [arrived(number)], now=clock(), counted={COUNTED})
            await session.commit()

    batches = [rows[start : start + 7] for start in range(0, len(rows), 7)]
    results = await asyncio.gather(*map(door, batches), *map(talk, range(20)))
    begun = Counter(each for result in results if result for each in result)
    received, sent = (await used(database))[COUNTED]
    assert (received, sent) == (20, begun[Begun.GO])
    # 98 % of a hundred: what people said in between took places too
    assert 78 <= begun[Begun.GO] <= 98
    assert begun[Begun.GO] + begun[Begun.HELD] == 200


async def test_answers_go_before_pings_and_pings_before_overviews_when_few_places_are_left(database, clock):
    exchange = Exchange(database, clock)
    person = await exchange.person(COUNTED)
    await exchange.use_up(94)
    for lane in (Lane.DIGEST, Lane.REMINDER, Lane.REPLY):
        await exchange.owe(*(f"{lane}-{n}" for n in range(3)), bot=COUNTED, to=person, lane=lane)
    async with database.write() as session:
        rows = await claim(session, bots=[COUNTED], now=clock(), lease=LEASE, limit=9)
        await session.commit()
    async with database.write() as session:
        begun = await begin(session, list(reversed(rows)), quotas={COUNTED: QUOTA}, now=clock())
        await session.commit()
    lanes = {row.lane: each for row, each in zip(reversed(rows), begun, strict=True)}
    assert lanes == {Lane.REPLY: Begun.GO, Lane.REMINDER: Begun.GO, Lane.DIGEST: Begun.HELD}
    assert await used(database) == {COUNTED: (94, 2)}


async def test_a_zombie_begins_nothing_and_counts_nothing(database, clock):
    exchange = Exchange(database, clock)
    await exchange.owe("a", bot=COUNTED, to=None)
    async with database.write() as session:
        (row,) = await claim(session, bots=[COUNTED], now=clock(), lease=LEASE, limit=1)
        await session.commit()
    clock.advance(LEASE * 2)
    async with database.write() as session:
        await claim(session, bots=[COUNTED], now=clock(), lease=LEASE, limit=1)
        assert await begin(session, [row], quotas={COUNTED: QUOTA}, now=clock()) == [Begun.LOST]
        await session.commit()
    assert await used(database) == {}


# the warning


@pytest.fixture
async def office(database, now):
    await load_units(database)
    await add_linked_person(database, now, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR), chat="desk", bot=FREE)
    return database


async def warn(database, now):
    async with database.write() as session:
        owed = await warn_of_quotas(session, {COUNTED: QUOTA}, now=now)
        await session.commit()
    return owed


async def test_from_eighty_per_cent_on_the_admins_are_told_once_a_month(office, now):
    await add_linked_person(office, now, "Quản Trị", ("T.UBND", Role.ADMIN), chat="admin", bot=FREE)
    exchange = Exchange(office, SteppedClock(now))
    await exchange.use_up(79)
    assert await warn(office, now) == 0
    async with office.write() as session:
        await count_received(session, {COUNTED: 1}, now=now)
        await session.commit()
    assert [await warn(office, now) for _ in range(3)] == [1, 0, 0]
    (row,) = (await exchange.rows()).values()
    assert (row.bot, row.chat, row.lane) == (FREE, "admin", Lane.REMINDER)
    # also when the message itself is long forgotten
    async with office.write() as session:
        await session.execute(delete(OutboxMessage))
        await session.commit()
    assert await warn(office, now + timedelta(days=5)) == 0


async def test_where_there_is_no_admin_the_coordinators_are_told(office, now):
    exchange = Exchange(office, SteppedClock(now))
    await exchange.use_up(80)
    assert await warn(office, now) == 1
    assert [row.chat for row in (await exchange.rows()).values()] == ["desk"]


async def test_while_nobody_can_be_told_the_warning_is_still_owed(database, now):
    await load_units(database)
    await Exchange(database, SteppedClock(now)).use_up(80)
    assert await warn(database, now) == 0
    async with database.read() as session:
        assert (await used_by_bot(session, MONTH))[COUNTED] == Used(80, 0, None)
        assert (await used_by_bot(session, MONTH))[COUNTED].total == 80


async def test_of_two_processes_that_look_at_once_one_warns(database, now):
    await Exchange(database, SteppedClock(now)).use_up(80)

    async def note():
        async with database.write() as session:
            is_first = await note_warned(session, COUNTED, now=now)
            await session.commit()
        return is_first

    assert sorted(await asyncio.gather(*(note() for _ in range(5)))) == [False] * 4 + [True]


async def test_the_warning_says_how_much_is_used_when_it_is_sent_and_nothing_in_another_month(office, now):
    exchange = Exchange(office, SteppedClock(now))
    await exchange.use_up(80)
    await warn(office, now)
    async with office.write() as session:
        await count_received(session, {COUNTED: 3}, now=now)
        (row,) = await claim(session, bots=[FREE], now=now, lease=LEASE, limit=1)
        await session.commit()
    async with office.read() as session:
        message = await Renderer(Wording(CALENDAR), clock=lambda: now)(session, row)
        later = now + timedelta(days=14)
        assert await Renderer(Wording(CALENDAR), clock=lambda: later)(session, row) is None
    assert isinstance(message, Message)
    assert message.text == (
        "Bot counted:1 đã dùng 83/100 tin của tháng 10/2024 (83%): nhận 83, gửi 0.\n"
        "Đến 95% các bản tin tổng hợp của bot này chờ sang tháng sau, đến 98% cả tin nhắc riêng; câu trả lời vẫn gửi.\n"
        'Nên chuyển bớt người sang bot khác ("dondoc people move-bot") hoặc sang kênh khác. Xem số liệu: gõ "quota".'
    )
