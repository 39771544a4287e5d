"""Use-case: a unit says what stands in its way, or that nothing does any more."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.blocker import Blocker
from models.terms import Answer, AssignmentState
from planner.report_progress import Said, report_progress


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
    """Leaving BLOCKED closes every blocker that stands, whichever side says so."""
    return await report_progress(session, assignment_id, Answer.UNBLOCKED, said=said)
