"""What a coordinator decides: accepting, returning, granting, transferring; each keeps what was there before."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, update

from models.assignment import Assignment
from models.clock import at_civil
from models.columns import columns_of
from models.decision import DecisionMade
from models.errors import InvalidTransitionError, UnknownError
from models.extension import Extension
from models.plan import Plan
from models.terms import Answer, AssignmentState, Decision, ExtensionState
from planner.decide_submission import accept, accept_by_itself, return_work, undo_decision
from planner.extend_deadline import (
    ExtensionAsked,
    NotLaterError,
    grant_extension,
    refuse_extension,
    request_extension,
)
from planner.list_overdue import count_states
from planner.report_progress import NothingToUndoError, Said, report_progress
from planner.scope import EVERYTHING
from planner.statistics import Counts
from planner.transfer_work import AlreadyTheirsError, claim_wrong_unit, keep_with_unit, move_to_unit
from tests.builders import CALENDAR, load_plan, load_units, unit_id_of

_a = columns_of(Assignment)
DUE = date(2024, 11, 4)


def said(on=date(2024, 10, 24), text="…", hour=9, minute=0):
    return Said(None, "test", text, at_civil(on, time(hour, minute)))


@pytest.fixture
async def session(database, now):
    await load_units(database)
    await load_plan(database, now)
    async with database.write() as opened:
        yield opened


async def row_of(session, assignment_id=1):
    return (await session.execute(select(Assignment.__table__).where(_a.id == assignment_id))).one()


async def test_accepted_work_counts_from_the_day_it_was_handed_in(session):
    await report_progress(session, 1, Answer.DONE, said=said(DUE))
    assert await accept(session, 1, said=said(date(2024, 11, 8))) is AssignmentState.ACCEPTED
    assert await count_states(session, EVERYTHING, today=date(2024, 11, 8)) == Counts(1, 0, 1, 1)


async def test_returned_work_is_open_again_with_the_date_it_always_had(session):
    await report_progress(session, 1, Answer.DONE, said=said(DUE))
    await return_work(session, 1, reason="thiếu phụ lục", said=said(date(2024, 11, 5)))
    row = await row_of(session)
    assert (row.state, row.submitted_on, row.effective_on) == (AssignmentState.RETURNED, None, DUE)
    await report_progress(session, 1, Answer.DONE, said=said(date(2024, 11, 6)))
    assert (await row_of(session)).submitted_on == date(2024, 11, 6)


async def test_nothing_that_was_not_handed_in_can_be_accepted(session):
    with pytest.raises(InvalidTransitionError):
        await accept(session, 1, said=said())


async def test_a_decision_taken_back_within_ten_minutes_leaves_the_work_as_handed_in(session):
    await report_progress(session, 1, Answer.DONE, said=said(DUE))
    await return_work(session, 1, reason="nhầm", said=said(date(2024, 11, 5)))
    assert await undo_decision(session, said=said(date(2024, 11, 5), minute=9)) == 1
    row = await row_of(session)
    assert (row.state, row.submitted_on) == (AssignmentState.SUBMITTED, DUE)
    with pytest.raises(NothingToUndoError):
        await undo_decision(session, said=said(date(2024, 11, 5), minute=9))


async def test_a_plan_may_accept_by_itself_after_its_working_days_and_only_once(session):
    await session.execute(update(Plan).values(auto_accept_after=3))
    await report_progress(session, 1, Answer.DONE, said=said(date(2024, 11, 1)))
    early, due = (at_civil(date(2024, 11, day), time(8)) for day in (5, 6))
    assert await accept_by_itself(session, now=early, calendar=CALENDAR) == 0
    assert await accept_by_itself(session, now=due, calendar=CALENDAR) == 1
    assert await accept_by_itself(session, now=due + timedelta(days=1), calendar=CALENDAR) == 0
    made = (await session.execute(select(DecisionMade.__table__))).one()
    assert (made.decision, made.decided_by_id) == (Decision.ACCEPTED, None)


async def asked_for(session, on=date(2024, 11, 8), when=date(2024, 10, 28), person_id=None):
    return await request_extension(session, 1, requested_on=on, reason="chờ số liệu", said=said(when))


async def test_a_granted_extension_moves_the_day_that_counts_and_leaves_the_first_one_visible(session):
    assert await asked_for(session) is ExtensionAsked.REQUESTED
    assert (await row_of(session)).effective_on == DUE
    await grant_extension(session, 1, granted_on=date(2024, 11, 7), said=said(date(2024, 10, 29)))
    row = await row_of(session)
    assert (row.due_on, row.last_valid_on, row.effective_on) == (date(2024, 11, 5), DUE, date(2024, 11, 7))


async def test_a_refused_extension_moves_nothing(session):
    await asked_for(session)
    await refuse_extension(session, 1, said=said(date(2024, 10, 29)))
    assert (await row_of(session)).effective_on == DUE
    columns = columns_of(Extension)
    assert (await session.execute(select(columns.state))).scalars().all() == [ExtensionState.REFUSED]


async def test_a_day_that_is_not_later_is_refused_and_so_is_a_grant_of_nothing(session):
    with pytest.raises(UnknownError):
        await grant_extension(session, 1, granted_on=date(2024, 11, 7), said=said())
    await asked_for(session)
    with pytest.raises(NotLaterError):
        await grant_extension(session, 1, granted_on=DUE, said=said())


async def test_asked_after_the_deadline_the_words_are_kept_as_an_explanation(session):
    assert await asked_for(session, when=date(2024, 11, 5)) is ExtensionAsked.TOO_LATE
    assert (await session.execute(select(columns_of(Extension).id))).all() == []


async def test_work_that_goes_to_another_unit_takes_its_date_and_number_along(session, database):
    await claim_wrong_unit(session, 3, "không phải việc của Sở", said=said())
    assert (await row_of(session, 3)).state is AssignmentState.BLOCKED
    health = await unit_id_of(database, "T.YT")
    await move_to_unit(session, 3, health, said=said())
    row = await row_of(session, 3)
    assert (row.unit_id, row.state, row.number, row.effective_on) == (
        health,
        AssignmentState.NOT_STARTED,
        2,
        date(2024, 11, 15),
    )


async def test_work_that_stays_is_what_it_was_before_the_unit_spoke_up(session):
    await report_progress(session, 3, Answer.IN_PROGRESS, said=said(), percent=40)
    await claim_wrong_unit(session, 3, "không phải việc của Sở", said=said(hour=10))
    await keep_with_unit(session, 3, said=said(hour=11))
    assert (await row_of(session, 3)).state is AssignmentState.IN_PROGRESS
    with pytest.raises(UnknownError):
        await keep_with_unit(session, 3, said=said(hour=12))


async def test_a_unit_that_already_owes_the_same_period_does_not_get_it_twice(session, database):
    with pytest.raises(AlreadyTheirsError):
        await move_to_unit(session, 1, await unit_id_of(database, "T.YT"), said=said())
