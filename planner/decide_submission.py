"""Use-case: the coordinator accepts what was handed in, or returns it with a reason; a plan may accept by itself."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.decision import DecisionMade
from models.plan import Plan
from models.terms import AssignmentState, Decision
from planner import audit
from planner.report_progress import TOLD_TODAY, UNDO_WITHIN, NothingToUndoError, Said, locked
from planner.transitions import decided_state
from planner.workdays import WorkCalendar

_a, _d, _p = columns_of(Assignment), columns_of(DecisionMade), columns_of(Plan)


async def accept(session: AsyncSession, assignment_id: int, *, said: Said) -> AssignmentState:
    """ "Xong" counts from the day it was handed in, not from today. Raises UnknownError, InvalidTransitionError."""
    return await _decide(session, assignment_id, Decision.ACCEPTED, reason=None, said=said)


async def return_work(session: AsyncSession, assignment_id: int, *, reason: str, said: Said) -> AssignmentState:
    """The work is open again with the date it always had; the unit is told why."""
    return await _decide(session, assignment_id, Decision.RETURNED, reason=reason, said=said)


async def _decide(
    session: AsyncSession, assignment_id: int, decision: Decision, *, reason: str | None, said: Said
) -> AssignmentState:
    row = await locked(session, assignment_id)
    after = decided_state(row.state, decision)
    await session.execute(
        update(Assignment)
        .where(_a.id == assignment_id)
        .values(
            state=after,
            submitted_on=row.submitted_on if after is AssignmentState.ACCEPTED else None,
            look_on=civil_day(said.at) + TOLD_TODAY,
            version=row.version + 1,
        )
    )
    await session.execute(
        insert(DecisionMade).values(
            assignment_id=assignment_id,
            decision=decision,
            reason=reason,
            decided_by_id=said.person_id,
            decided_at=said.at,
            before_submitted_on=row.submitted_on,
        )
    )
    await audit.record(
        session,
        decision.value,
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
        before={"state": row.state.value},
        after={"state": after.value, "reason": reason},
    )
    return after


async def undo_decision(session: AsyncSession, *, said: Said) -> int:
    """Take back this person's newest decision of the last ten minutes; returns the assignment's id.

    Only while nothing has happened to the assignment since. Raises NothingToUndoError.
    """
    query = (
        select(_d.id)
        .where(_d.decided_by_id == said.person_id, _d.undone_at.is_(None), _d.decided_at >= said.at - UNDO_WITHIN)
        .order_by(_d.id.desc())
        .limit(1)
    )
    newest = (await session.execute(query)).scalar_one_or_none()
    if newest is None:
        raise NothingToUndoError
    return await take_back_decision(session, newest, said=said)


async def take_back_decision(session: AsyncSession, decision_id: int, *, said: Said) -> int:
    """The work is as it was before this decision; returns the assignment's id.

    Only while nothing has happened to the assignment since. Raises NothingToUndoError.
    """
    query = select(_d.id, _d.assignment_id, _d.decision, _d.before_submitted_on).where(_d.id == decision_id)
    made = (await session.execute(query)).one()
    row = await locked(session, made.assignment_id)
    before = await _decision_before(session, made)
    if row.state.value != made.decision.value or before is None:
        raise NothingToUndoError
    await session.execute(
        update(Assignment)
        .where(_a.id == row.id)
        .values(
            state=before, submitted_on=made.before_submitted_on, look_on=civil_day(said.at), version=row.version + 1
        )
    )
    await session.execute(update(DecisionMade).where(_d.id == made.id).values(undone_at=said.at))
    await audit.record(
        session,
        "decision-undone",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=row.id,
        said=said.text,
        before={"state": row.state.value},
        after={"state": before.value},
    )
    return int(row.id)


async def _decision_before(session: AsyncSession, made: Any) -> AssignmentState | None:
    """The state this decision was made in; None when a later one stands.

    Nothing but a return leads out of "accepted", so a decision before this one that accepted still stood.
    """
    query = (
        select(_d.id, _d.decision)
        .where(_d.assignment_id == made.assignment_id, _d.undone_at.is_(None))
        .order_by(_d.id.desc())
        .limit(2)
    )
    newest, *earlier = (await session.execute(query)).all()
    if newest.id != made.id:
        return None
    if earlier and earlier[0].decision is Decision.ACCEPTED:
        return AssignmentState.ACCEPTED
    return AssignmentState.SUBMITTED


async def accept_by_itself(session: AsyncSession, *, now: datetime, calendar: WorkCalendar) -> int:
    """Accept what waited for as many working days as its plan allows; returns how many. Again = nothing more."""
    today = civil_day(now)
    query = (
        select(_a.id, _a.submitted_on, _p.auto_accept_after)
        .join(Plan, _p.id == _a.plan_id)
        .where(_a.state == AssignmentState.SUBMITTED, _p.auto_accept_after.is_not(None))
    )
    due = [
        row.id
        for row in await session.execute(query)
        if _is_due(row.submitted_on, row.auto_accept_after, today, calendar)
    ]
    for assignment_id in due:
        await accept(session, assignment_id, said=Said(None, "system", "tự xác nhận theo kế hoạch", now))
    return len(due)


def _is_due(submitted_on: date, after: int, today: date, calendar: WorkCalendar) -> bool:
    return calendar.workdays_between(submitted_on, today) >= after
