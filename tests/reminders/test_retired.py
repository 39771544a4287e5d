"""A bot that nobody runs any more: who has another address is reached there, who has none is told of."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.unreachable import Unreachable, said
from models.clock import SteppedClock
from models.columns import columns_of
from models.outbox import OutboxMessage
from models.person import Address
from models.terms import Lane, Role
from planner.person_channels import channels_of
from reminders.choosing import BOT_NOT_RUN, QUOTA_HELD
from reminders.leases import Holder, acquire
from reminders.outbox import LEASE_EXPIRED, Draft, enqueue
from reminders.retired import SENDING
from reminders.scan import Scan
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_plan, load_units

GONE = "zalo:2718281828"
MINUTE = timedelta(minutes=1)
_o, _ad = columns_of(OutboxMessage), columns_of(Address)


class Office:
    def __init__(self, database):
        self.database = database

    def scan(self, *bots):
        """That of a process which runs these bots."""
        unreachable = Unreachable(Wording(CALENDAR))
        return Scan(self.database, calendar=CALENDAR, bots=bots, on_retired=unreachable.without_a_bot)

    async def owed(self):
        async with self.database.read() as session:
            rows = await session.execute(select(_o.form, _o.bot, _o.chat).order_by(_o.id))
            return [tuple(row) for row in rows if row.form == "nudge"]

    async def told(self):
        async with self.database.read() as session:
            rows = await session.execute(select(_o.payload).where(_o.dedup_key.startswith("retired:")))
            return [payload["text"] for payload in rows.scalars()]

    async def reasons(self, person_id):
        async with self.database.read() as session:
            return {each.bot: each.unreachable_reason for each in await channels_of(session, person_id)}

    async def also_on(self, person_id, bot, chat):
        facts = {"person_id": person_id, "channel": bot.partition(":")[0], "bot": bot, "chat": chat, "position": 1}
        async with self.database.write() as session:
            linked_at = (await session.execute(select(_ad.linked_at))).scalars().first()
            await session.execute(insert(Address).values(facts | {"linked_at": linked_at}))
            await session.commit()


@pytest.fixture
async def office(database, now):
    await load_units(database)
    await load_plan(database, now)
    await add_linked_person(database, now, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR), chat="desk")
    return Office(database)


@pytest.fixture
async def head(office, now):
    return await add_linked_person(office.database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="z1", bot=GONE)


async def test_a_reminder_is_planned_at_the_first_address_that_somebody_runs(office, head, now):
    await office.also_on(head, BOT, "head")
    await office.scan(BOT).scan(now)
    assert {chat for _, bot, chat in await office.owed() if chat != "desk"} == {"head"}
    assert await office.reasons(head) == {GONE: BOT_NOT_RUN, BOT: None}
    assert await office.told() == []


async def test_who_has_no_other_address_is_told_of_with_the_reason_once(office, head, now):
    scan = office.scan(BOT)
    await scan.scan(now)
    await scan.scan(now + MINUTE)
    await office.scan(BOT).scan(now + 2 * MINUTE)  # another process
    (text,) = await office.told()
    assert text.startswith("Không gửi được tin tới 1 người, vì bot họ đã liên kết không còn chạy:\n- Trần Thị Mẫu (")
    assert [chat for _, _, chat in await office.owed()] == []
    assert said(BOT_NOT_RUN) == "bot đã liên kết không còn chạy"


async def test_when_the_bot_runs_again_its_people_are_reached_there_as_before(office, head, now):
    await office.scan(BOT).scan(now)
    await office.scan(BOT, GONE).scan(now + MINUTE)
    assert await office.reasons(head) == {GONE: None}


async def test_a_bot_that_another_process_runs_is_not_gone(office, head, now):
    async with office.database.write() as session:
        await acquire(session, f"{SENDING}{GONE}", "another process", now=now, ttl=5 * MINUTE)
        await session.commit()
    scan = office.scan(BOT)
    await scan.scan(now)
    assert [chat for _, _, chat in await office.owed()] == ["z1"]
    await scan.scan(now + 14 * MINUTE)
    assert await office.reasons(head) == {GONE: None}
    await scan.scan(now + 15 * MINUTE)
    assert await office.reasons(head) == {GONE: BOT_NOT_RUN}


async def test_a_bot_whose_process_starts_anew_is_gone_only_when_it_stays_away(office, head, now):
    await office.also_on(head, BOT, "head")
    clock, scan = SteppedClock(now), office.scan(BOT)
    other = Holder(office.database, f"{SENDING}{GONE}", "another process", clock=clock)
    for _ in range(3):  # stopped and started again and again, each time away for less than the patience
        assert await other.try_hold()
        await scan.scan(clock())
        await other.let_go()
        for _ in range(9):
            clock.advance(MINUTE)
            await scan.scan(clock())
            assert await office.reasons(head) == {GONE: None, BOT: None}
    clock.advance(MINUTE)
    await scan.scan(clock())
    assert await office.reasons(head) == {GONE: BOT_NOT_RUN, BOT: None}


async def test_who_has_blocked_a_bot_has_blocked_it_also_when_it_runs_again(office, head, now):
    async with office.database.write() as session:
        blocked = {"unreachable_at": now, "unreachable_reason": "blocked"}
        await session.execute(Address.__table__.update().values(blocked).where(_ad.bot == GONE))
        await session.commit()
    await office.scan(BOT).scan(now)
    await office.scan(BOT, GONE).scan(now + MINUTE)
    assert await office.reasons(head) == {GONE: "blocked"}


@pytest.mark.parametrize(
    ("facts", "is_moved"),
    [
        pytest.param({}, True, id="never tried"),
        pytest.param({"attempts": 3, "last_error": "try-later: 502"}, True, id="refused for the time being"),
        pytest.param({"last_error": "quota-held"}, True, id="held by the quota"),
        pytest.param({"lane": Lane.REPLY}, False, id="an answer, which belongs to its chat"),
        pytest.param({"unknown_outcomes": 1}, False, id="may have arrived"),
        pytest.param({"parts_sent": 1}, False, id="half of it has arrived"),
        pytest.param({"last_error": f"try-later: 502; {LEASE_EXPIRED}"}, False, id="its sender vanished once"),
        pytest.param({"begun_at": True, "lease_token": "x"}, False, id="under way"),
    ],
)
async def test_what_waits_there_goes_to_the_next_address_if_it_surely_has_not_left(office, head, now, facts, is_moved):
    await office.also_on(head, BOT, "head")
    draft = Draft(dedup_key="a", bot=GONE, chat="z1", lane=Lane.REMINDER, form="text", person_id=head)
    async with office.database.write() as session:
        await enqueue(session, [draft], now=now)
        values = facts | ({"begun_at": now} if "begun_at" in facts else {})
        if values:
            await session.execute(update(OutboxMessage).where(_o.dedup_key == "a").values(values))
        await session.commit()
    await office.scan(BOT).scan(now)
    async with office.database.read() as session:
        row = (await session.execute(select(_o.bot, _o.chat).where(_o.dedup_key == "a"))).one()
    assert tuple(row) == ((BOT, "head") if is_moved else (GONE, "z1"))


async def test_what_another_bots_month_held_is_due_at_once_where_it_goes_now(office, head, now):
    await office.also_on(head, BOT, "head")
    draft = Draft(dedup_key="a", bot=GONE, chat="z1", lane=Lane.DIGEST, form="text", person_id=head)
    async with office.database.write() as session:
        await enqueue(session, [draft], now=now)
        held = {"last_error": QUOTA_HELD, "send_after": now + timedelta(days=9)}
        await session.execute(update(OutboxMessage).where(_o.dedup_key == "a").values(held))
        await session.commit()
    await office.scan(BOT).scan(now)
    async with office.database.read() as session:
        row = (await session.execute(select(_o.send_after, _o.last_error).where(_o.dedup_key == "a"))).one()
    assert tuple(row) == (now, None)
