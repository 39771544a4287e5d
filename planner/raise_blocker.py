"""Use-case: a unit says what stands in its way, or that nothing does any more."""

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.blocker import Blocker
from models.columns import columns_of
from models.terms import Answer, AssignmentState
from planner.report_progress import Said, report_progress

_b = columns_of(Blocker)


async def raise_blocker(session: AsyncSession, assignment_id: int, description: str, *, said: Said) -> AssignmentState:
    """Nagging pauses while a blocker is open; the deadline does not."""
    state = await report_progress(session, assignment_id, Answer.BLOCKED, said=said)
    await session.execute(
        insert(Blocker).values(
            assignment_id=assignment_id, description=description, raised_by_id=said.person_id, raised_at=said.at
        )
    )
    return state


async def resolve_blockers(session: AsyncSession, assignment_id: int, *, said: Said) -> AssignmentState:
    state = await report_progress(session, assignment_id, Answer.UNBLOCKED, said=said)
    await session.execute(
        update(Blocker).where(_b.assignment_id == assignment_id, _b.resolved_at.is_(None)).values(resolved_at=said.at)
    )
    return state
