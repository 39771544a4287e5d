"""A plan file and the work it becomes: again is no change, an edit is an edit, a moved date is an extension."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.assignment import Assignment, Period
from models.audit import AuditEvent
from models.errors import FileProblemsError
from models.extension import Extension
from models.task import Task
from models.terms import Answer, AssignmentState, BeforeReading, ExtensionState
from planner.import_plan import reread_deadlines
from planner.open_period import open_due_periods
from planner.report_progress import Said, report_progress
from tests.builders import CALENDAR, PLAN, load_plan, load_units


async def rows_of(database, model, *order):
    async with database.read() as session:
        return list((await session.execute(select(model).order_by(*order or (model.id,)))).scalars())


async def test_a_plan_opens_one_assignment_for_each_unit_that_owes_it(database, now):
    await load_units(database)
    loaded = await load_plan(database, now)
    assert loaded.is_new
    assert loaded.opened_assignments == 3
    found = await rows_of(database, Assignment, Assignment.number, Assignment.unit_id)
    assert [(row.number, row.due_on, row.last_valid_on, row.effective_on) for row in found] == [
        (1, date(2024, 11, 5), date(2024, 11, 4), date(2024, 11, 4)),
        (1, date(2024, 11, 5), date(2024, 11, 4), date(2024, 11, 4)),
        (2, date(2024, 11, 15), date(2024, 11, 15), date(2024, 11, 15)),
    ]


async def test_loading_the_same_file_again_changes_nothing_and_records_nothing(database, now):
    await load_units(database)
    await load_plan(database, now)
    events = len(await rows_of(database, AuditEvent))
    again = await load_plan(database, now + timedelta(hours=1))
    assert not again.has_changes
    assert len(await rows_of(database, AuditEvent)) == events


async def test_an_edited_title_updates_the_task_and_touches_no_date(database, now):
    await load_units(database)
    await load_plan(database, now)
    again = await load_plan(database, now, PLAN.replace("Tổ chức tập huấn", "Mở lớp tập huấn"))
    assert (again.updated, again.moved, again.moved_assignments) == (["KM1-2"], [], 0)
    assert not await rows_of(database, Extension)


async def test_a_moved_deadline_becomes_an_extension_with_its_reason_beside_the_first_date(database, now):
    await load_units(database)
    await load_plan(database, now)
    again = await load_plan(database, now, PLAN.replace("15/11/2024", "29/11/2024"))
    assert (again.moved, again.moved_assignments) == (["KM1-2"], 1)
    (extension,) = await rows_of(database, Extension)
    assert (extension.state, extension.granted_on) == (ExtensionState.GRANTED, date(2024, 11, 29))
    assert "plan.yaml" in extension.reason
    moved = (await rows_of(database, Assignment))[-1]
    assert (moved.due_on, moved.last_valid_on, moved.effective_on) == (
        date(2024, 11, 15),
        date(2024, 11, 15),
        date(2024, 11, 29),
    )


async def test_work_already_handed_in_is_not_moved(database, now):
    await load_units(database)
    await load_plan(database, now)
    handed_in = (await rows_of(database, Assignment))[-1]
    async with database.write() as session:
        await report_progress(session, handed_in.id, Answer.DONE, said=Said(None, "test", "xong", now))
        await session.commit()
    again = await load_plan(database, now, PLAN.replace("15/11/2024", "29/11/2024"))
    assert again.moved_assignments == 0


async def test_a_task_gone_from_the_file_is_closed_with_its_open_work_and_never_deleted(database, now):
    await load_units(database)
    await load_plan(database, now)
    shorter = PLAN[: PLAN.index("  - code: KM1-2")]
    again = await load_plan(database, now, shorter)
    assert again.closed == ["KM1-2"]
    assert (await rows_of(database, Task))[-1].closed_at == now
    assert (await rows_of(database, Assignment))[-1].state is AssignmentState.CLOSED
    back = await load_plan(database, now, PLAN)
    assert back.updated == ["KM1-2"]


async def test_an_old_plan_loaded_today_does_not_wake_up_late(database, now):
    await load_units(database)
    await load_plan(database, now, PLAN.replace("15/11/2024", "15/10/2024"))
    found = await rows_of(database, Assignment)
    assert {row.number for row in found} == {1}


async def test_tracking_may_begin_in_the_past_when_asked(database, now):
    await load_units(database)
    loaded = await load_plan(database, now, PLAN.replace("15/11/2024", "15/10/2024"), track_from=date(2024, 10, 1))
    assert loaded.opened_assignments == 3


async def test_next_years_period_opens_two_months_ahead_with_a_number_of_its_own(database, now):
    await load_units(database)
    await load_plan(database, now)
    for today in (date(2025, 9, 4), date(2025, 9, 5), date(2025, 9, 6)):
        async with database.write() as session:
            await open_due_periods(session, today=today, calendar=CALENDAR, before=BeforeReading.STRICT)
            await session.commit()
        opened = [row.period_key for row in await rows_of(database, Period)]
        assert ("2025" in opened) is (today >= date(2025, 9, 5))
    numbers = [row.number for row in await rows_of(database, Period)]
    assert len(set(numbers)) == len(numbers)


async def test_a_plan_that_ended_opens_no_period_after_its_last_day(database, now):
    await load_units(database)
    ended = PLAN.replace("valid_from: 01/10/2024", "valid_from: 01/10/2024\nvalid_to: 31/12/2024")
    await load_plan(database, now, ended)
    async with database.write() as session:
        assert (
            await open_due_periods(session, today=date(2025, 10, 30), calendar=CALENDAR, before=BeforeReading.STRICT)
            == 0
        )


async def test_units_that_are_not_loaded_are_a_problem_told_and_nothing_is_written(database, now):
    with pytest.raises(FileProblemsError, match="dondoc units load"):
        await load_plan(database, now)
    assert not await rows_of(database, Task)


async def test_the_organisations_reading_of_before_can_change_and_extensions_stay(database, now):
    await load_units(database)
    await load_plan(database, now)
    today = date(2024, 10, 24)
    for before, expected in ((BeforeReading.LENIENT, date(2024, 11, 5)), (BeforeReading.STRICT, date(2024, 11, 4))):
        async with database.write() as session:
            assert await reread_deadlines(session, calendar=CALENDAR, before=before, today=today) == 2
            assert await reread_deadlines(session, calendar=CALENDAR, before=before, today=today) == 0
            await session.commit()
        assert {row.effective_on for row in await rows_of(database, Assignment) if row.number == 1} == {expected}


SAME = """
plan: CM1
kind: công văn
document_no: 34/UBND-NC
issued_on: 05/10/2024
title: Công văn mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 05/10/2024
tasks:
  - code: CM1-1
    from: mục 1
    title: Báo cáo kết quả rà soát
    kind: báo cáo
    deadline: trước ngày 05/11 hằng năm
    lead: [T.TP, T.YT]
    same_as: KM1-1
"""


@pytest.mark.parametrize("order", [(PLAN, SAME), (SAME, PLAN)], ids=["the first paper first", "the second paper first"])
async def test_a_duty_that_stands_in_two_papers_is_asked_for_once_in_whichever_order_they_come(database, now, order):
    await load_units(database)
    for text in order:
        await load_plan(database, now, text)
    tasks = {row.id: row.code for row in await rows_of(database, Task)}
    asked = [
        tasks[row.task_id] for row in await rows_of(database, Assignment) if row.state is not AssignmentState.CLOSED
    ]
    assert sorted(asked) == ["KM1-1", "KM1-1", "KM1-2"]
