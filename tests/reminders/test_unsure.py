"""What may not have arrived is told on the next working morning, in the digest the person gets anyway, and once."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.clock import SteppedClock, at_civil
from models.columns import columns_of
from models.errors import OutcomeUnknownError
from models.outbox import OutboxMessage
from models.terms import Answer, Lane, OutboxState, Role
from models.unsure import UnsureNotice
from planner.history import EventKind, events_of
from planner.report_progress import Said, report_progress
from planner.views import load_views
from reminders.deliver import Sender
from reminders.outbox import Draft, enqueue, text_payload
from reminders.rate import UNLIMITED
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wake import Wake
from reminders.wording import Wording
from tests.builders import CALENDAR, add_linked_person, load_plan, load_units
from tests.fakes.channel import ScriptedChannel
from tests.reminders.several_channels import COUNTED, COUNTED_LIKE, QUOTA

UNKNOWN = OutcomeUnknownError("no answer")


class Province:
    """Mornings on a platform that counts messages and where nothing may be said twice."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.channel = ScriptedChannel(bot=COUNTED, capabilities=COUNTED_LIKE)
        self.restart()

    def restart(self):
        self.scan = Scan(self.database, calendar=CALENDAR, quotas={COUNTED: QUOTA})
        self.sender = Sender(
            self.database,
            {COUNTED: self.channel},
            render=Renderer(Wording(CALENDAR), clock=self.clock),
            clock=self.clock,
            limits=UNLIMITED,
            wake=Wake(),
        )

    async def morning(self, day, month=11, at=time(8, 0)):
        """What arrived at (chat, text)."""
        self.clock.move_to(at_civil(date(2024, month, day), at))
        before = len(self.channel.sent)
        await self.scan.scan(self.clock())
        await self.sender.deliver_due(self.clock() + timedelta(minutes=6))
        return [(each.chat, each.text) for each in self.channel.sent[before:]]

    async def all_of(self, table):
        async with self.database.read() as session:
            return list((await session.execute(select(table).order_by(columns_of(table).id))).scalars())


@pytest.fixture
async def province(database, now):
    await load_units(database)
    await load_plan(database, now)
    await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head", bot=COUNTED)
    return Province(database, SteppedClock(now))


async def test_a_lost_ping_is_told_in_a_digest_of_its_own_when_nothing_else_is_due(province):
    province.channel.by_chat["head"] = UNKNOWN
    assert await province.morning(23, 10) == []
    province.channel.by_chat.clear()
    assert await province.morning(23, 10, time(14, 0)) == []
    ((chat, text),) = await province.morning(24, 10)
    assert chat == "head"
    assert text.startswith(
        "Sở Tư pháp Mẫu · thứ Năm 24/10/2024: 2 việc cần lưu ý\nTin ngày 23/10 chưa chắc đã tới: việc 1, 2.\n"
    )
    assert [await province.morning(25, 10), await province.morning(28, 10)] == [[], []]


async def test_a_lost_ping_rides_in_the_next_digest_there_is(province):
    # on 4/11 one duty has its last day, on 8/11 another comes near
    await province.morning(23, 10)
    province.channel.by_chat["head"] = UNKNOWN
    await province.morning(4)
    province.channel.by_chat.clear()
    ((_, text),) = await province.morning(5)
    assert "Tin ngày 04/11 chưa chắc đã tới: việc 1" in text
    notices = await province.all_of(UnsureNotice)
    assert all(each.told_at is not None for each in notices)


async def test_a_digest_that_is_lost_in_turn_hands_on_what_it_carried(province):
    province.channel.by_chat["head"] = UNKNOWN
    await province.morning(23, 10)
    await province.morning(24, 10)
    province.channel.by_chat.clear()
    ((_, text),) = await province.morning(25, 10)
    assert "Tin ngày 24/10 chưa chắc đã tới: việc 1, 2." in text


async def test_work_that_is_done_by_then_is_not_spoken_of(province):
    province.channel.by_chat["head"] = UNKNOWN
    await province.morning(23, 10)
    province.channel.by_chat.clear()
    said = Said(None, "test", "xong", province.clock())
    async with province.database.write() as session:
        for number in (1, 3):
            await report_progress(session, number, Answer.DONE, said=said)
        await session.commit()
    assert await province.morning(24, 10) == []


async def test_a_restart_in_the_morning_tells_nothing_twice(province):
    province.channel.by_chat["head"] = UNKNOWN
    await province.morning(23, 10)
    province.channel.by_chat.clear()
    first = await province.morning(24, 10)
    province.restart()
    assert (len(first), await province.morning(24, 10, time(8, 30))) == (1, [])


async def test_a_notice_lost_to_the_coordinator_is_named_on_the_desk(province, now):
    desk = await add_linked_person(
        province.database, now, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR), chat="desk", bot=COUNTED
    )
    draft = Draft(
        dedup_key="notice:1", bot=COUNTED, chat="desk", lane=Lane.REMINDER, form="text", person_id=desk,
        payload=text_payload("Sở Tư pháp Mẫu báo vướng mắc"), assignment_id=2,
    )  # fmt: skip
    async with province.database.write() as session:
        await enqueue(session, [draft], now=now)
        await session.commit()
    province.channel.by_chat["desk"] = UNKNOWN
    await province.morning(23, 10)
    province.channel.by_chat.clear()
    found = dict(await province.morning(24, 10))
    assert "Tin ngày 23/10 chưa chắc đã tới: việc 1.\n" in found["desk"]


async def test_it_stands_in_the_course_of_the_work_and_in_the_audit_trail(province):
    province.channel.by_chat["head"] = UNKNOWN
    await province.morning(23, 10)
    async with province.database.read() as session:
        view = (await load_views(session, [1]))[1]
        event = (await events_of(session, view))[-1]
    assert (event.kind, event.who, event.at) == (
        EventKind.UNSURE,
        "Trần Thị Mẫu",
        province.clock() + timedelta(minutes=6),
    )
    lines = [each for each in await province.all_of(AuditEvent) if each.action == "delivery-unsure"]
    assert [(each.assignment_id, each.role, each.channel, each.said) for each in lines] == [
        (1, "system", "counted", None),
        (3, "system", "counted", None),
    ]


async def test_a_reply_of_unknown_outcome_is_asked_for_again_by_whoever_asked(province, now):
    draft = Draft(
        dedup_key="r", bot=COUNTED, chat="head", lane=Lane.REPLY, form="text", payload={"text": "Đã ghi nhận"}
    )
    async with province.database.write() as session:
        await enqueue(session, [draft], now=now)
        await session.commit()
    province.channel.answers.append(UNKNOWN)
    await province.sender.deliver_due(now)
    row = next(each for each in await province.all_of(OutboxMessage) if each.dedup_key == "r")
    assert row.state is OutboxState.UNKNOWN
    assert await province.all_of(UnsureNotice) == []


# one message a morning where messages are counted


@pytest.mark.parametrize(("quotas", "topics"), [({COUNTED: QUOTA}, ["digest"]), ({}, ["last_day", "new"])])
async def test_where_messages_are_counted_a_unit_hears_once_in_a_morning(province, quotas, topics):
    province.scan = Scan(province.database, calendar=CALENDAR, quotas=quotas)
    # begun on the last day of one duty, when the other is simply new
    await province.morning(4)
    nudges = [row for row in await province.all_of(OutboxMessage) if row.form == "nudge"]
    assert sorted(row.payload["topic"] for row in nudges) == topics
    # with a ping in it the one message waits no sooner than a ping would
    assert {row.lane for row in nudges} == {Lane.REMINDER}
