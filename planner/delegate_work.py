"""Use-case: the head of a unit gives one assignment to an officer of the unit, takes it back, or undoes either."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.audit import AuditEvent
from models.columns import columns_of
from models.person import Person
from planner import audit
from planner.report_progress import NothingToUndoError, Said

DELEGATED, DELEGATION_UNDONE = "delegated", "delegation-undone"

_a, _au, _p = columns_of(Assignment), columns_of(AuditEvent), columns_of(Person)


@dataclass(frozen=True, slots=True)
class Officer:
    """Chuyên viên được giao một việc."""

    person_id: int
    full_name: str


async def officer_of(session: AsyncSession, assignment_id: int) -> Officer | None:
    """To whom the head gave it; None while the unit holds it together."""
    query = select(_p.id, _p.full_name).join(Assignment, _a.officer_id == _p.id).where(_a.id == assignment_id)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else Officer(row.id, row.full_name)


async def delegate(session: AsyncSession, assignment_id: int, officer_id: int | None, *, said: Said) -> None:
    """From now on the officer is reminded first; None takes the work back. Whose it may be is for the caller to know.

    State, date and answers stay as they are.
    """
    before = await _held_by(session, assignment_id)
    await _give(session, assignment_id, officer_id)
    await audit.record(
        session,
        DELEGATED,
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
        before={"officer_id": before},
        after={"officer_id": officer_id},
    )


async def take_back_delegation(session: AsyncSession, event_id: int, *, said: Said) -> None:
    """Whoever held it before that event holds it again; raises NothingToUndoError when it has changed since."""
    event = (await session.execute(select(_au.assignment_id, _au.before, _au.after).where(_au.id == event_id))).one()
    held, given_to = await _held_by(session, event.assignment_id), event.after["officer_id"]
    if held != given_to:
        raise NothingToUndoError
    await _give(session, event.assignment_id, event.before["officer_id"])
    await audit.record(
        session,
        DELEGATION_UNDONE,
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=event.assignment_id,
        said=said.text,
        before={"officer_id": held},
        after={"officer_id": event.before["officer_id"], "event": event_id},
    )


async def _held_by(session: AsyncSession, assignment_id: int) -> int | None:
    query = select(_a.officer_id).where(_a.id == assignment_id).with_for_update()
    officer_id: int | None = (await session.execute(query)).scalar_one()
    return officer_id


async def _give(session: AsyncSession, assignment_id: int, officer_id: int | None) -> None:
    # the next rung finds who has it then; what was already said of it is not said once more
    await session.execute(
        update(Assignment).where(_a.id == assignment_id).values(officer_id=officer_id, version=_a.version + 1)
    )
