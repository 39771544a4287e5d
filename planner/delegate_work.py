"""Use-case: the head of a unit gives one assignment to an officer of the unit, or takes it back."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.person import Person
from planner import audit
from planner.report_progress import Said

_a, _p = columns_of(Assignment), columns_of(Person)


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
    before = (await session.execute(select(_a.officer_id).where(_a.id == assignment_id).with_for_update())).scalar_one()
    await session.execute(
        update(Assignment)
        .where(_a.id == assignment_id)
        .values(officer_id=officer_id, look_on=civil_day(said.at), version=_a.version + 1)
    )
    await audit.record(
        session,
        "delegated",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
        before={"officer_id": before},
        after={"officer_id": officer_id},
    )
