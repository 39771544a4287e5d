"""The files that plans were made of: kept among the evidence, found again by the code of the plan."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.letter import Letter
from models.plan import Plan
from models.terms import LetterState

_l, _p = columns_of(Letter), columns_of(Plan)


@dataclass(frozen=True, slots=True)
class Original:
    """Bản gốc của một văn bản đã duyệt."""

    letter_id: int
    sha256: str
    file_name: str
    media_type: str
    size: int
    approved_at: datetime | None


async def originals_of(session: AsyncSession, plan_code: str) -> list[Original]:
    """The files of all letters this plan was made of or changed by, in the order they were approved."""
    columns = (_l.id, _l.sha256, _l.file_name, _l.media_type, _l.size, _l.ended_at)
    query = (
        select(*columns)
        .join(Plan, _p.id == _l.plan_id)
        .where(_p.code == plan_code, _l.state == LetterState.APPROVED, _l.sha256.is_not(None))
        .order_by(_l.ended_at, _l.id)
    )
    return [Original(*row) for row in await session.execute(query)]


async def standing_originals(session: AsyncSession) -> set[str]:
    """The sums of all files that a letter still stands on: evidence that must not be missing."""
    kept = (LetterState.RECEIVED, LetterState.READ, LetterState.APPROVED)
    query = select(_l.sha256).where(_l.sha256.is_not(None), _l.state.in_(kept)).distinct()
    return set((await session.execute(query)).scalars())
