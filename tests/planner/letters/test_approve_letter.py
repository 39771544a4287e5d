"""Approving: a draft becomes work in one transaction, and the same letter again changes the plan it is."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from models.assignment import Assignment, Period
from models.audit import AuditEvent
from models.columns import columns_of
from models.errors import StaleDraftError
from models.extension import Extension
from models.letter import Letter
from models.plan import Plan
from models.task import Task
from models.terms import Answer, AssignmentState, ExtensionState, LetterState
from planner import audit
from planner.letters.approve_letter import NotApprovableError, approve_letter
from planner.letters.correct_letter import put_off
from planner.letters.letters import load_letter
from planner.report_progress import report_progress
from tests.builders import PLAN, load_plan, load_units, unit_id_of
from tests.planner.letters.drafts import (
    DUTIES,
    SUM,
    deadline_of,
    draft,
    duty,
    given_letter,
    header,
    knowledge_of,
    said,
    unit,
)

OTHER_SUM = "b" * 64
_a, _t = columns_of(Assignment), columns_of(Task)


async def approve(database, letter, now, *, coordinating="T.TTTT"):
    async with database.write() as session:
        knowledge = await knowledge_of(session)
        approved = await approve_letter(
            session, letter, coordinating=coordinating, knowledge=knowledge, said=said(now)
        )  # fmt: skip
        await session.commit()
    return approved


async def approved_letter(database, now, of=None, **facts):
    letter = await given_letter(database, now, of or draft(*DUTIES), **facts)
    return await approve(database, letter, now)


async def rows_of(database, model, *order):
    async with database.read() as session:
        return list((await session.execute(select(model).order_by(*order or (model.id,)))).scalars())


async def codes_of(database):
    return [row.code for row in await rows_of(database, Task)]


@pytest.fixture
async def office(database):
    await load_units(database)
    return database


# --- a new plan ------------------------------------------------------------------------------------------------------


async def test_a_draft_becomes_a_plan_with_work_for_every_unit_it_names(office, now):
    approved = await approved_letter(office, now)
    assert (approved.difference, approved.loaded.plan_code) == (None, "KH57")
    (plan,) = await rows_of(office, Plan)
    assert (plan.id, plan.document_no, plan.issued_on) == (approved.plan_id, "57/KH-UBND", date(2024, 10, 15))
    assert (plan.issuer_unit_id, plan.coordinating_unit_id) == (
        await unit_id_of(office, "T.UBND"), await unit_id_of(office, "T.TTTT"),
    )  # fmt: skip
    assert await codes_of(office) == ["KH57-I.1", "KH57-I.2", "KH57-I.3", "KH57-II.1"]
    assert len(await rows_of(office, Assignment)) == 1 + 1 + 3 + 1  # the group stands for three offices


async def test_the_letter_is_closed_with_its_plan_and_keeps_its_file(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    approved = await approve(office, letter, now)
    async with office.read() as session:
        after = await load_letter(session, letter.id)
    assert (after.state, after.plan_id, after.plan_code) == (LetterState.APPROVED, approved.plan_id, "KH57")
    assert (after.ended_at, after.sha256, after.version) == (now, SUM, letter.version + 1)


async def test_the_record_names_the_file_by_its_sum_and_counts_what_was_loaded(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    await approve(office, letter, now)
    (event,) = [each for each in await rows_of(office, AuditEvent) if each.action == "letter-approved"]
    assert event.after == {
        "letter": letter.id, "sha256": SUM, "plan": "KH57", "is_new": True, "added": 4, "moved": 0, "reassigned": 0,
        "opened_assignments": 6,
    }  # fmt: skip
    async with office.read() as session:
        assert (await audit.verify(session)).broken is None


async def test_a_day_that_has_passed_is_loaded_and_nobody_is_asked_for_it(office, now):
    past = duty("Nộp danh sách", "T.TP", by="chậm nhất ngày 18/10/2024")
    await approved_letter(office, now, draft(past, DUTIES[1]))
    (task,) = [each for each in await rows_of(office, Task) if each.title == "Nộp danh sách"]
    assert task.last_valid_on == date(2024, 10, 18)
    assert task.id not in [each.task_id for each in await rows_of(office, Assignment)]


async def test_a_code_that_belongs_to_another_years_document_is_not_taken(office, now):
    await load_plan(office, now, PLAN.replace("KM1", "KH57").replace("12/KH-UBND", "57/KH-UBND")
                    .replace("01/10/2024", "02/03/2023").replace("15/11/2024", "15/11/2025"))  # fmt: skip
    approved = await approved_letter(office, now)
    assert (approved.difference, approved.loaded.plan_code) == (None, "KH57-2024")


async def test_a_duty_of_another_document_is_linked_and_opens_no_second_work(office, now):
    await load_plan(office, now)
    again = duty("Tổ chức tập huấn", "T.TP", by="chậm nhất ngày 15/11/2024")
    await approved_letter(office, now, draft(again, DUTIES[3]))
    (task,) = [each for each in await rows_of(office, Task) if each.code == "KH57-I.1"]
    assert task.same_as_code == "KM1-2"
    assert task.id not in [each.task_id for each in await rows_of(office, Assignment)]


# --- what stands in the way ------------------------------------------------------------------------------------------


async def test_nothing_is_written_while_something_stands_in_the_way(office, now):
    letter = await given_letter(office, now, draft(duty("Rà soát", "Sở Không Có")))
    with pytest.raises(NotApprovableError) as caught:
        await approve(office, letter, now)
    assert [(each.reason, each.number, each.value) for each in caught.value.obstacles] == [
        ("lead-unknown", 1, "Sở Không Có")
    ]
    assert not await rows_of(office, Plan)
    assert (await rows_of(office, Letter))[0].state is LetterState.READ


async def test_a_draft_that_somebody_else_has_changed_is_not_approved_as_it_was(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    async with office.write() as session:
        await put_off(session, letter, "text:number:", said=said(now))
        await session.commit()
    with pytest.raises(StaleDraftError):
        await approve(office, letter, now)
    assert not await rows_of(office, Plan)


async def test_a_letter_is_approved_once(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    await approve(office, letter, now)
    with pytest.raises(StaleDraftError):
        await approve(office, letter, now)
    assert len(await rows_of(office, Plan)) == 1


async def test_a_letter_that_waits_to_be_read_cannot_be_approved(office, now):
    letter = await given_letter(office, now, None, state=LetterState.RECEIVED)
    with pytest.raises(StaleDraftError):
        await approve(office, letter, now)


async def test_one_letter_approved_by_two_at_once_is_approved_by_one(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    outcomes = await asyncio.gather(
        approve(office, letter, now), approve(office, letter, now), return_exceptions=True
    )  # fmt: skip
    assert sorted(type(each).__name__ for each in outcomes) == ["Approved", "StaleDraftError"]
    assert len(await rows_of(office, Plan)) == 1


async def test_two_letters_of_one_document_approved_at_once_are_one_plan(office, now):
    first = await given_letter(office, now, draft(*DUTIES))
    second = await given_letter(office, now, draft(*DUTIES), sha256=OTHER_SUM)
    outcomes = await asyncio.gather(approve(office, first, now), approve(office, second, now))
    assert sorted(each.loaded.is_new for each in outcomes) == [False, True]
    assert len(await rows_of(office, Plan)) == 1
    assert len(await rows_of(office, Assignment)) == 6


# --- the same letter again -------------------------------------------------------------------------------------------


async def test_the_same_letter_again_is_no_second_plan_and_changes_nothing(office, now):
    first = await approved_letter(office, now)
    events = len(await rows_of(office, AuditEvent))
    again = await approved_letter(office, now, sha256=OTHER_SUM)
    assert again.plan_id == first.plan_id
    assert again.difference.is_empty
    assert len(await rows_of(office, Plan)) == 1
    assert len(await rows_of(office, Assignment)) == 6
    assert [each.action for each in (await rows_of(office, AuditEvent))[events:]] == ["letter-approved"]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(header(number="57 / kh-ubnd"), id="spaces and small letters"),
        pytest.param(header(number="057/KH-UBND", day=date(2024, 10, 16)), id="another day of the year"),
        pytest.param(header(number=None), id="its number left blank"),
    ],
)
async def test_the_same_document_is_known_however_its_number_is_written(office, now, head):
    first = await approved_letter(office, now)
    if head.number.value is None:
        async with office.write() as session:
            await session.execute(update(Plan).values(document_no=None))
            await session.commit()
    again = await approved_letter(office, now, draft(*DUTIES, head=head), sha256=OTHER_SUM)
    assert again.plan_id == first.plan_id


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(header(number="58/KH-UBND"), id="another number"),
        pytest.param(header(issuer="Sở Tư pháp Mẫu"), id="another issuer"),
        pytest.param(header(day=date(2025, 10, 15)), id="another year"),
    ],
)
async def test_another_document_is_another_plan(office, now, head):
    await approved_letter(office, now)
    again = await approved_letter(office, now, draft(*DUTIES, head=head), sha256=OTHER_SUM)
    assert again.difference is None
    assert len(await rows_of(office, Plan)) == 2


async def test_two_letters_without_a_number_of_one_day_are_two_unless_their_subjects_agree(office, now):
    unnumbered = header(number=None)
    other = replace(unnumbered, title=replace(unnumbered.title, value="Tuyên truyền phòng cháy mùa khô"))
    first = await approved_letter(office, now, draft(*DUTIES, head=unnumbered))
    second = await approved_letter(office, now, draft(*DUTIES, head=other), sha256=OTHER_SUM)
    assert (second.difference, second.loaded.plan_code) == (None, f"{first.loaded.plan_code}-2")


async def test_a_moved_day_of_a_duty_that_stands_elsewhere_moves_no_work_here(office, now):
    await load_plan(office, now)
    linked = duty("Tổ chức tập huấn", "T.TP", by="chậm nhất ngày 15/11/2024")
    await approved_letter(office, now, draft(linked, DUTIES[3]))
    later = replace(linked, deadline=deadline_of("chậm nhất ngày 29/11/2024"))
    again = await approved_letter(office, now, draft(later, DUTIES[3]), sha256=OTHER_SUM)
    assert ([each.task_code for each in again.difference.moved], again.loaded.moved_assignments) == (["KH57-I.1"], 0)


async def test_the_same_file_is_the_same_document_whatever_was_read_from_it(office, now):
    first = await approved_letter(office, now)
    misread = draft(*DUTIES, head=header(number="51/KH-UBND"))
    again = await approved_letter(office, now, misread, sha256=SUM)
    assert (again.plan_id, again.difference.is_empty) == (first.plan_id, True)


async def test_a_moved_day_is_an_extension_of_open_work_that_names_the_letter(office, now):
    await approved_letter(office, now)
    later = replace(DUTIES[1], deadline=deadline_of("chậm nhất ngày 29/11/2024"))
    again = await approved_letter(office, now, draft(DUTIES[0], later, *DUTIES[2:]), sha256=OTHER_SUM)
    assert ([each.task_code for each in again.difference.moved], again.loaded.moved_assignments) == (["KH57-I.2"], 1)
    (extension,) = await rows_of(office, Extension)
    assert (extension.state, extension.granted_on) == (ExtensionState.GRANTED, date(2024, 11, 29))
    assert "57/KH-UBND" in extension.reason
    (task,) = [each for each in await rows_of(office, Task) if each.code == "KH57-I.2"]
    (work,) = [each for each in await rows_of(office, Assignment) if each.task_id == task.id]
    assert (work.last_valid_on, work.effective_on) == (date(2024, 11, 15), date(2024, 11, 29))


async def test_what_a_letter_leaves_out_stays_open_in_its_place(office, now):
    await approved_letter(office, now)
    before = [(each.code, each.position, each.closed_at) for each in await rows_of(office, Task)]
    new = duty("Khảo sát mức độ hài lòng", "T.YT", place="III")
    again = await approved_letter(office, now, draft(DUTIES[2], new), sha256=OTHER_SUM)
    assert [each.task_code for each in again.difference.missing] == ["KH57-I.1", "KH57-I.2", "KH57-II.1"]
    after = [(each.code, each.position, each.closed_at) for each in await rows_of(office, Task)]
    assert after == [*before, ("KH57-III", 4, None)]
    assert again.loaded.closed == []
    assert all(each.state is AssignmentState.NOT_STARTED for each in await rows_of(office, Assignment))


async def test_open_work_goes_over_to_the_units_that_lead_now_and_what_was_done_stays(office, now):
    await approved_letter(office, now)
    others = replace(DUTIES[1], lead=(unit("T.TP"), unit("T.HA")), supporting=())
    again = await approved_letter(office, now, draft(DUTIES[0], others, *DUTIES[2:]), sha256=OTHER_SUM)
    assert [each.task_code for each in again.difference.reassigned] == ["KH57-I.2"]
    states = await states_of(office, "KH57-I.2")
    assert states == {
        "T.YT": AssignmentState.CLOSED, "T.TP": AssignmentState.NOT_STARTED, "T.HA": AssignmentState.NOT_STARTED,
    }  # fmt: skip
    periods = await rows_of(office, Period)
    assert len(periods) == 4  # the number people type means the same work as before


async def test_a_unit_that_gets_its_work_back_has_one_and_not_two(office, now):
    await approved_letter(office, now)
    others = replace(DUTIES[1], lead=(unit("T.TP"),), supporting=())
    await approved_letter(office, now, draft(DUTIES[0], others, *DUTIES[2:]), sha256=OTHER_SUM)
    await approved_letter(office, now, draft(*DUTIES), sha256="c" * 64)
    assert await states_of(office, "KH57-I.2") == {
        "T.YT": AssignmentState.NOT_STARTED, "T.TP": AssignmentState.CLOSED,
    }  # fmt: skip


async def test_a_unit_that_comes_to_a_moved_duty_has_the_new_day_from_the_start(office, now):
    await approved_letter(office, now)
    both = replace(DUTIES[1], lead=(unit("T.TP"),), supporting=(), deadline=deadline_of("chậm nhất ngày 29/11/2024"))
    await approved_letter(office, now, draft(DUTIES[0], both, *DUTIES[2:]), sha256=OTHER_SUM)
    tp = await unit_id_of(office, "T.TP")
    (work,) = [each for each in await assignments_of(office, "KH57-I.2") if each.unit_id == tp]
    assert work.effective_on == date(2024, 11, 29)


async def test_work_that_was_handed_in_is_not_taken_from_who_did_it(office, now):
    await approved_letter(office, now)
    (work,) = await assignments_of(office, "KH57-I.2")
    async with office.write() as session:
        await report_progress(session, work.id, Answer.DONE, said=said(now, "xong"))
        await session.commit()
    others = replace(DUTIES[1], lead=(unit("T.TP"),), supporting=())
    await approved_letter(office, now, draft(DUTIES[0], others, *DUTIES[2:]), sha256=OTHER_SUM)
    assert await states_of(office, "KH57-I.2") == {"T.YT": AssignmentState.SUBMITTED}


async def test_a_secret_plan_is_not_changed_through_a_letter(office, now):
    await approved_letter(office, now)
    async with office.write() as session:
        await session.execute(update(Plan).values(is_secret=True))
        await session.commit()
    letter = await given_letter(office, now, draft(*DUTIES), sha256=OTHER_SUM)
    with pytest.raises(NotApprovableError) as caught:
        await approve(office, letter, now)
    assert [each.reason for each in caught.value.obstacles] == ["secret-plan"]


async def test_the_plan_links_to_none_of_its_own_tasks_when_its_letter_comes_again(office, now):
    await approved_letter(office, now)
    twice = replace(DUTIES[1], title="Tổ chức tập huấn nghiệp vụ đợt hai", spot=replace(DUTIES[1].spot, place="V"))
    await approved_letter(office, now, draft(*DUTIES, twice), sha256=OTHER_SUM)
    assert not any(each.same_as_code for each in await rows_of(office, Task))


async def test_a_letter_later_than_the_plan_by_a_month_still_finds_it(office, now):
    await approved_letter(office, now)
    letter = await given_letter(office, now, draft(*DUTIES), sha256=OTHER_SUM)
    again = await approve(office, letter, now + timedelta(days=30))
    assert again.difference.is_empty


async def assignments_of(database, code):
    async with database.read() as session:
        query = select(Assignment).join(Task, _t.id == _a.task_id).where(_t.code == code).order_by(_a.id)
        return list((await session.execute(query)).scalars())


async def states_of(database, code):
    ids = {await unit_id_of(database, each): each for each in ("T.TP", "T.YT", "T.HA")}
    return {ids[each.unit_id]: each.state for each in await assignments_of(database, code)}
