"""The dry run says beforehand what the sweep then does."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from models.assignment import Assignment
from models.clock import at_civil
from models.columns import columns_of
from models.database import Database
from models.org_unit import OrgUnit
from models.person import Membership
from models.reminder import Reminder
from models.task import Task
from models.terms import Answer, BeforeReading, ReminderKind, Role
from planner.delegate_work import delegate
from planner.extend_deadline import move_deadline
from planner.report_progress import Said, report_progress
from reminders.scan import Scan
from reminders.schedule import ScheduledReminder, schedule
from tests.builders import CALENDAR, add_linked_person, load_plan, load_units

START, END = date(2024, 10, 23), date(2024, 11, 22)

EVERY_SORT = """
plan: KM2
kind: công văn
document_no: 9/UBND
issued_on: 01/10/2024
title: Công văn mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
  - code: KM2-1
    title: Công khai
    kind: công khai
    deadline: trước ngày 05 hằng tháng
    lead: ["nhóm: sở, ban, ngành tỉnh"]
  - {code: KM2-2, title: Tổng hợp, kind: báo cáo, deadline: hằng quý, lead: [T.TTTT]}
  - {code: KM2-3, title: Họp, kind: nhiệm vụ, deadline: thứ Sáu hằng tuần, lead: [T.HA]}
  - {code: KM2-4, title: Theo dõi, kind: thường xuyên, deadline: thường xuyên, lead: [T.TP]}
  - {code: KM2-5, title: Đề nghị phối hợp, kind: đề nghị, deadline: chậm nhất ngày 28/10/2024, lead: [T.YT]}
  - {code: KM2-6, title: Làm ngay, kind: nhiệm vụ, deadline: chậm nhất ngày 23/10/2024, lead: [T.TP]}
"""


async def _scheduled(
    database: Database, start: date = START, end: date = END, **how: object
) -> list[ScheduledReminder]:
    async with database.read() as session:
        return await schedule(
            session,
            start=start,
            end=end,
            calendar=CALENDAR,
            before=BeforeReading.STRICT,
            **how,  # type: ignore[arg-type]
        )


def _steps(rows: list[ScheduledReminder], *, task: str, unit: str) -> list[tuple[date, str, str]]:
    return [(row.at.date(), row.kind.value, row.step) for row in rows if (row.task, row.recipient_unit) == (task, unit)]


@pytest.fixture
async def loaded(database: Database, now: datetime) -> Database:
    await load_units(database)
    await load_plan(database, now)
    return database


async def test_a_unit_is_told_on_the_steps_of_its_ladder(loaded: Database) -> None:
    rows = await _scheduled(loaded, end=date(2024, 11, 7))
    assert _steps(rows, task="KM1-1", unit="T.TP") == [
        (date(2024, 10, 23), "new", "mới"),
        (date(2024, 10, 24), "upcoming", "T-7"),
        (date(2024, 10, 30), "upcoming", "T-3"),
        (date(2024, 11, 1), "upcoming", "T-1"),
        (date(2024, 11, 4), "last_day", "ngày cuối"),
        (date(2024, 11, 5), "newly_late", "trễ 1"),
        (date(2024, 11, 7), "follow_up", "trễ 3"),
    ]


async def test_it_is_told_at_eight_in_the_morning_in_vietnam(loaded: Database) -> None:
    rows = await _scheduled(loaded)
    assert {row.at.isoformat()[10:] for row in rows} == {"T08:00:00+07:00"}
    assert all(CALENDAR.is_workday(row.at.date()) for row in rows)


async def test_silence_goes_up_the_line_to_the_coordinator_and_then_to_the_issuer(loaded: Database) -> None:
    rows = [row for row in await _scheduled(loaded) if row.kind is ReminderKind.ESCALATION and row.task == "KM1-1"]
    assert [(row.at.date(), row.recipient_unit, row.step) for row in rows] == [
        (date(2024, 11, 7), "T.TTTT", "trễ 3"),
        (date(2024, 11, 11), "T.UBND", "trễ 5"),
    ], "once for the task, though two units are late"


async def test_rows_come_by_time_and_then_by_recipient(loaded: Database) -> None:
    rows = await _scheduled(loaded)
    assert [(row.at, row.recipient_unit) for row in rows] == sorted((row.at, row.recipient_unit) for row in rows)


async def test_the_window_counts_both_its_ends(loaded: Database) -> None:
    whole = await _scheduled(loaded)
    day = date(2024, 11, 4)
    assert await _scheduled(loaded, day, day) == [row for row in whole if row.at.date() == day] != []


async def test_only_those_asked_about_are_listed(loaded: Database) -> None:
    rows = await _scheduled(loaded, recipients={"T.YT"})
    assert rows
    assert {row.recipient_unit for row in rows} == {"T.YT"}


async def _answer(database: Database, now: datetime, answer: Answer, *, unit: str = "T.TP") -> int:
    a, t, u = columns_of(Assignment), columns_of(Task), columns_of(OrgUnit)
    async with database.write() as session:
        query = (
            select(a.id).join(Task, t.id == a.task_id).join(OrgUnit, u.id == a.unit_id)
            .where(t.code == "KM1-1", u.code == unit)
        )  # fmt: skip
        assignment_id = int((await session.execute(query)).scalar_one())
        await report_progress(session, assignment_id, answer, said=Said(None, "local", "xong", now))
        await session.commit()
    return assignment_id


async def test_work_that_is_done_earns_nothing(loaded: Database, now: datetime) -> None:
    await _answer(loaded, now, Answer.DONE)
    rows = await _scheduled(loaded)
    assert not _steps(rows, task="KM1-1", unit="T.TP")
    assert _steps(rows, task="KM1-1", unit="T.YT")


async def test_a_unit_that_is_stuck_is_not_nagged(loaded: Database, now: datetime) -> None:
    await _answer(loaded, now, Answer.BLOCKED)
    steps = _steps(await _scheduled(loaded), task="KM1-1", unit="T.TP")
    assert {kind for _, kind, _ in steps} <= {"blocker_check"}


async def test_a_granted_extension_moves_the_steps_and_keeps_the_days_as_written(
    loaded: Database, now: datetime
) -> None:
    assignment_id = await _answer(loaded, now, Answer.IN_PROGRESS)
    async with loaded.write() as session:
        said = Said(None, "command-line", "", now)
        await move_deadline(session, assignment_id, last_valid_on=date(2024, 11, 20), reason="chờ số liệu", said=said)
        await session.commit()
    rows = [row for row in await _scheduled(loaded) if (row.task, row.recipient_unit) == ("KM1-1", "T.TP")]
    assert [row.at.date() for row in rows if row.kind is ReminderKind.LAST_DAY] == [date(2024, 11, 20)]
    assert {(row.due_on, row.last_valid_on) for row in rows} == {(date(2024, 11, 5), date(2024, 11, 4))}


async def test_years_that_have_not_opened_are_computed(loaded: Database) -> None:
    rows = await _scheduled(loaded, date(2026, 9, 1), date(2026, 11, 4))
    steps = [
        (row.at.date(), row.step)
        for row in rows
        if row.due_on == date(2026, 11, 5) and row.recipient_unit == "T.TP" and row.task == "KM1-1"
    ]
    assert steps[0] == (date(2026, 9, 7), "mới"), "sixty days before 04/11/2026 is Saturday 05/09"
    assert steps[-1] == (date(2026, 11, 4), "ngày cuối")


async def test_a_request_is_reminded_and_never_escalated(database: Database, now: datetime) -> None:
    await load_units(database)
    await load_plan(database, now, EVERY_SORT)
    rows = [row for row in await _scheduled(database) if row.task == "KM2-5"]
    assert ReminderKind.FOLLOW_UP in {row.kind for row in rows}
    assert ReminderKind.ESCALATION not in {row.kind for row in rows}


async def test_the_lenient_reading_moves_what_is_still_to_come(loaded: Database) -> None:
    day = date(2025, 11, 5)
    async with loaded.read() as session:
        rows = await schedule(session, start=day, end=day, calendar=CALENDAR, before=BeforeReading.LENIENT)
    assert {(row.task, row.step) for row in rows if row.due_on == day} == {("KM1-1", "ngày cuối")}


async def test_nothing_loaded_means_nothing_to_tell(database: Database) -> None:
    assert await _scheduled(database) == []


async def test_what_is_foretold_is_what_the_sweep_then_plans(sqlite_database: Database, now: datetime) -> None:
    database = sqlite_database
    await load_units(database)
    await load_plan(database, now)
    await load_plan(database, now, EVERY_SORT)
    for number, code in enumerate(("T.TTTT", "T.TP", "T.YT", "T.HA")):
        await add_linked_person(database, now, f"Người {number}", (code, Role.UNIT_HEAD), chat=str(number))
    foretold = [row for row in await _scheduled(database) if row.kind is not ReminderKind.ESCALATION]
    scan, day = Scan(database, calendar=CALENDAR), START
    while day <= END:
        await scan.scan(at_civil(day, time(8)))
        day += timedelta(days=1)
    told = await _planned(database)
    assert Counter((row.at.date(), row.recipient_unit, row.task, row.kind, row.step) for row in foretold) == told
    assert {row.task for row in foretold} == {"KM1-1", "KM1-2", *(f"KM2-{number}" for number in range(1, 7))}


async def _planned(database: Database) -> Counter[tuple[date, str, str, ReminderKind, str]]:
    r, a, t, u = (columns_of(each) for each in (Reminder, Assignment, Task, OrgUnit))
    query = (
        select(r.step_on, u.code, t.code.label("task"), r.kind, r.step)
        .join(Assignment, a.id == r.assignment_id).join(Task, t.id == a.task_id).join(OrgUnit, u.id == a.unit_id)
    )  # fmt: skip
    async with database.read() as session:
        return Counter(tuple(row) for row in await session.execute(query))


async def test_with_an_officer_every_step_up_the_line_comes_one_later_and_both_leaders_hear(
    sqlite_database: Database, now: datetime
) -> None:
    database = sqlite_database
    await load_units(database)
    await load_plan(database, now)
    people = (("T.TP", Role.UNIT_HEAD), ("T.TP", Role.OFFICER), ("T.TTTT", Role.COORDINATOR))
    ids = [await add_linked_person(database, now, f"Người {n}", place, chat=str(n)) for n, place in enumerate(people)]
    for number, unit in enumerate(("T.UBND", "T.TTTT"), start=10):
        await add_linked_person(database, now, f"Lãnh đạo {number}", (unit, Role.LEADER), chat=str(number))
    async with database.write() as session:
        a, t, u = columns_of(Assignment), columns_of(Task), columns_of(OrgUnit)
        query = select(a.id).join(Task, t.id == a.task_id).join(OrgUnit, u.id == a.unit_id)
        query = query.where(t.code == "KM1-1", u.code == "T.TP")
        await delegate(
            session, (await session.execute(query)).scalar_one(), ids[1], said=Said(ids[0], "test", "giaocho", now)
        )
        await session.commit()
    rows = [row for row in await _scheduled(database, end=date(2024, 11, 30)) if row.task == "KM1-1"]
    foretold = [(row.at.date(), row.recipient_unit) for row in rows if row.kind is ReminderKind.ESCALATION]
    assert foretold == [
        (date(2024, 11, 7), "T.TP"),
        (date(2024, 11, 7), "T.TTTT"),
        (date(2024, 11, 11), "T.TTTT"),
        (date(2024, 11, 11), "T.UBND"),
        (date(2024, 11, 13), "T.TTTT"),
        (date(2024, 11, 13), "T.UBND"),
    ], "Tư pháp's own head, coordinator and leaders on the 7th, 11th and 13th; Y tế one step ahead of them"
    scan, day = Scan(database, calendar=CALENDAR), START
    while day <= date(2024, 11, 30):
        await scan.scan(at_civil(day, time(8)))
        day += timedelta(days=1)
    r, m = columns_of(Reminder), columns_of(Membership)
    query = (
        select(r.step_on, u.code)
        .join(Membership, m.person_id == r.person_id)
        .join(OrgUnit, u.id == m.unit_id)
        .join(Assignment, a.id == r.assignment_id)
        .join(Task, t.id == a.task_id)
        .where(r.kind == ReminderKind.ESCALATION, t.code == "KM1-1")
    )
    async with database.read() as session:
        assert sorted(set(map(tuple, await session.execute(query)))) == foretold
