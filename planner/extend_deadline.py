"""Use-case: a later last day, asked for or given, always beside the original and never in its place."""

from datetime import date

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.extension import Extension
from models.terms import Answer, ExtensionState
from planner import audit
from planner.report_progress import Said, report_progress

_a = columns_of(Assignment)


async def request_extension(
    session: AsyncSession, assignment_id: int, *, requested_on: date | None, reason: str, said: Said
) -> None:
    """Keep the request and its words; the date moves only when a coordinator grants it."""
    await report_progress(session, assignment_id, Answer.EXTENSION, said=said)
    await session.execute(
        insert(Extension).values(
            assignment_id=assignment_id,
            state=ExtensionState.REQUESTED,
            requested_on=requested_on,
            reason=reason,
            asked_by_id=said.person_id,
            asked_at=said.at,
        )
    )


async def move_deadline(
    session: AsyncSession, assignment_id: int, *, last_valid_on: date, reason: str, said: Said
) -> None:
    """Grant a new last day that counts, because the paper changed; the day as first written stays visible."""
    await session.execute(
        insert(Extension).values(
            assignment_id=assignment_id,
            state=ExtensionState.GRANTED,
            granted_on=last_valid_on,
            reason=reason,
            asked_at=said.at,
            decided_by_id=said.person_id,
            decided_at=said.at,
        )
    )
    await session.execute(
        update(Assignment)
        .where(_a.id == assignment_id)
        .values(effective_on=last_valid_on, look_on=civil_day(said.at), version=_a.version + 1)
    )
    await audit.record(
        session,
        "deadline-moved",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=reason,
        after={"effective_on": last_valid_on.isoformat()},
    )
