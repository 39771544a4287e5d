"""The sweep: who is owed which message this morning, once, and nothing on a day off."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from models.clock import at_civil
from models.outbox import OutboxMessage
from models.reminder import Reminder
from models.terms import Answer, Lane, Role
from planner.delegate_work import delegate
from planner.people import add_person
from planner.report_progress import Said, report_progress
from reminders.scan import Scan
from tests.builders import CALENDAR, add_linked_person, load_plan, load_units

MORNING = time(8, 0)


async def rows_of(database, model):
    async with database.read() as session:
        return list((await session.execute(select(model).order_by(model.id))).scalars())


async def messages(database):
    """(chat, topic, numbers of assignments) of every nudge so far."""
    rows = await rows_of(database, OutboxMessage)
    return [(row.chat, row.payload["topic"], row.payload["assignment_ids"]) for row in rows if row.form == "nudge"]


@pytest.fixture
async def province(database, now):
    await load_units(database)
    await load_plan(database, now)
    await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head-tp")
    await add_linked_person(database, now, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR), chat="desk")
    return database


@pytest.fixture
def scan(province):
    return Scan(province, calendar=CALENDAR)


async def step_mornings(scan, since, until):
    day = since
    while day <= until:
        await scan.scan(at_civil(day, MORNING))
        day += timedelta(days=1)


async def test_new_work_is_told_on_the_first_morning_in_one_message(province, scan, now):
    scanned = await scan.scan(now)
    assert await messages(province) == [("head-tp", "new", [1, 3])]
    assert scanned.messages == 2  # the nudge and the coordinator's overview
    assert len(scanned.unlinked_units) == 1


async def test_a_rerun_of_the_same_morning_plans_nothing_more(province, scan, now):
    await scan.scan(now)
    before = await rows_of(province, OutboxMessage)
    assert (await scan.scan(now)).messages == 0
    assert (await Scan(province, calendar=CALENDAR).scan(now + timedelta(hours=2))).messages == 0
    assert await rows_of(province, OutboxMessage) == before


async def test_each_morning_brings_what_the_ladder_says_and_days_off_bring_nothing(province, scan):
    await step_mornings(scan, date(2024, 10, 23), date(2024, 11, 6))
    rows = [row for row in await rows_of(province, OutboxMessage) if row.form == "nudge"]
    assert [(row.payload["on"], row.payload["topic"], row.payload["assignment_ids"]) for row in rows] == [
        ("2024-10-23", "new", [1, 3]),
        ("2024-10-24", "digest", [1]),
        ("2024-10-30", "digest", [1]),
        ("2024-11-01", "digest", [1]),
        ("2024-11-04", "last_day", [1]),
        ("2024-11-05", "newly_late", [1]),
        ("2024-11-06", "digest", [3]),
    ]
    assert {row.lane for row in rows if row.payload["topic"] == "digest"} == {Lane.DIGEST}


@pytest.mark.parametrize("hour", [6, 7, 18, 23])
async def test_nothing_is_planned_before_eight_or_after_six_in_the_evening(province, scan, hour):
    await scan.scan(at_civil(date(2024, 10, 23), time(hour)))
    assert await rows_of(province, OutboxMessage) == []


async def test_after_a_week_of_downtime_each_person_gets_one_message_marked_late(province, scan):
    await step_mornings(scan, date(2024, 10, 23), date(2024, 10, 24))
    before = len(await messages(province))
    await scan.scan(at_civil(date(2024, 11, 4), time(14)))
    nudges = [row for row in await rows_of(province, OutboxMessage) if row.form == "nudge"][before:]
    assert [(row.payload["topic"], row.payload["missed"]) for row in nudges] == [("last_day", False)]
    await scan.scan(at_civil(date(2024, 11, 7), MORNING))
    caught_up = [row for row in await rows_of(province, OutboxMessage) if row.form == "nudge"][before + 1 :]
    assert [(row.payload["topic"], row.payload["assignment_ids"], row.payload["missed"]) for row in caught_up] == [
        ("digest", [1, 3], True)
    ]


async def test_work_handed_in_earns_nothing_more(province, scan):
    async with province.write() as session:
        said = Said(None, "test", "xong", at_civil(date(2024, 10, 23), time(7, 30)))
        await report_progress(session, 1, Answer.DONE, said=said)
        await session.commit()
    await step_mornings(scan, date(2024, 10, 23), date(2024, 11, 6))
    assert all(1 not in ids for _, _, ids in await messages(province))


async def test_a_unit_that_links_late_hears_how_things_stand_now(province, scan, now):
    await step_mornings(scan, date(2024, 10, 23), date(2024, 10, 30))
    await add_linked_person(province, now, "Phạm Văn Mẫu", ("T.YT", Role.UNIT_HEAD), chat="head-yt")
    await step_mornings(scan, date(2024, 10, 31), date(2024, 11, 1))
    assert [each for each in await messages(province) if each[0] == "head-yt"] == [("head-yt", "digest", [2])]


async def test_silence_goes_up_to_the_coordinator_and_then_to_the_leader(province, scan, now):
    await add_linked_person(province, now, "Võ Thị Mẫu", ("T.TTTT", Role.LEADER), chat="leader")
    await step_mornings(scan, date(2024, 11, 4), date(2024, 11, 11))
    raised = [row for row in await rows_of(province, Reminder) if row.kind.value == "escalation"]
    assert {(row.step_on, row.assignment_id) for row in raised} == {
        (date(2024, 11, 7), 1),
        (date(2024, 11, 7), 2),
        (date(2024, 11, 11), 1),
        (date(2024, 11, 11), 2),
    }
    leaders = [row for row in await rows_of(province, OutboxMessage) if row.form == "leader"]
    assert [(row.chat, row.payload["assignment_ids"]) for row in leaders] == [("leader", [1, 2])]
    assert leaders[0].send_after == at_civil(date(2024, 11, 11), time(8, 5))


async def test_a_morning_with_much_to_plan_is_planned_a_part_at_a_time_and_nothing_twice(province, now, monkeypatch):
    monkeypatch.setattr("reminders.scan.LOOKS_PER_TRANSACTION", 1)
    await add_linked_person(province, now, "Phạm Văn Mẫu", ("T.YT", Role.UNIT_HEAD), chat="head-yt")
    scan = Scan(province, calendar=CALENDAR)
    assert (await scan.scan(now)).looked_at == 3
    assert sorted(await messages(province)) == [("head-tp", "new", [1, 3]), ("head-yt", "new", [2])]
    assert (await scan.scan(now)).messages == 0


async def test_work_given_to_an_officer_reminds_the_officer_and_each_silence_goes_one_step_further(province, scan, now):
    officer = await add_linked_person(province, now, "Phạm Thị Mẫu", ("T.TP", Role.OFFICER), chat="officer-tp")
    await add_linked_person(province, now, "Võ Thị Mẫu", ("T.TTTT", Role.LEADER), chat="leader")
    async with province.write() as session:
        await delegate(session, 1, officer, said=Said(None, "local", "giao", now))
        await session.commit()
    await step_mornings(scan, date(2024, 11, 4), date(2024, 11, 13))
    told = [(chat, numbers) for chat, _, numbers in await messages(province) if 1 in numbers]
    assert told[0] == ("officer-tp", [1])
    assert [chat for chat, _ in told].count("head-tp") == 1
    raised = [
        row for row in await rows_of(province, Reminder) if row.kind.value == "escalation" and row.assignment_id == 1
    ]
    head, desk, leader = [row.person_id for row in raised]
    assert [row.step_on for row in raised] == [date(2024, 11, 7), date(2024, 11, 11), date(2024, 11, 13)]
    assert len({head, desk, leader, officer}) == 4


async def test_an_officer_nobody_reaches_leaves_the_work_with_the_head(province, scan, now):
    async with province.write() as session:
        officer = await add_person(session, "Phạm Thị Mẫu", [("T.TP", Role.OFFICER)], now=now)
        await delegate(session, 1, officer, said=Said(None, "local", "giao", now))
        await session.commit()
    await scan.scan(now)
    assert await messages(province) == [("head-tp", "new", [1, 3])]
