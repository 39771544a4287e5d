"""Letters that nobody needs any more: refused or given up a while ago, left lying, or sent by somebody who left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.letter import Letter, LetterDoor
from models.terms import LetterState
from planner import audit

DRAFT_STANDS = timedelta(days=30)
"""From the day a letter came until its draft, approved by nobody, is given up."""

LEFT_LYING = "left-lying"
"""The reason of a letter that was given up because nobody did anything."""

NAMELESS = "văn bản"
"""What a file is called that may have been named after whoever sent it."""

_l, _d = columns_of(Letter), columns_of(LetterDoor)
_ENDED = (LetterState.REFUSED, LetterState.DISCARDED)
_GIVEN_UP: dict[str, Any] = {
    "state": LetterState.DISCARDED, "draft": None, "paper": None, "sha256": None, "lease_token": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftLying:
    """Một văn bản vừa bị bỏ vì để quá lâu, and where its sender sent it from."""

    id: int
    person_id: int | None
    bot: str
    chat: str
    file_name: str


async def prune_letters(session: AsyncSession, *, before: datetime) -> int:
    """Remove the rows of letters that were refused or given up before then; the caller commits."""
    ended = (_l.state.in_(_ENDED), _l.ended_at < before)
    await session.execute(delete(LetterDoor).where(_d.letter_id.in_(select(_l.id).where(*ended))))
    removed = await session.execute(delete(Letter).where(*ended))
    return int(removed.rowcount)  # type: ignore[attr-defined]


async def give_up_drafts(session: AsyncSession, *, now: datetime) -> list[LeftLying]:
    """Give up the drafts of letters that came DRAFT_STANDS ago or longer; returns them, to tell who sent them."""
    left = (
        update(Letter)
        .where(_l.state == LetterState.READ, _l.received_at <= now - DRAFT_STANDS)
        .values(_GIVEN_UP | {"reason": LEFT_LYING, "ended_at": now, "version": _l.version + 1})
        .returning(_l.id, _l.person_id, _l.channel, _l.bot, _l.chat, _l.file_name)
    )
    rows = sorted(await session.execute(left), key=lambda row: row.id)
    for row in rows:
        await audit.record(
            session,
            "letter-left-lying",
            now=now,
            channel=row.channel,
            person_id=row.person_id,
            after={"letter": row.id},
        )
    return [LeftLying(row.id, row.person_id, row.bot, row.chat, row.file_name) for row in rows]


async def forget_sender(
    session: AsyncSession, person_id: int, chats: Collection[tuple[str, str]], *, now: datetime, nowhere: str
) -> None:
    """Where their letters came from and what the files were called goes; what was approved keeps its file's name.

    What was not read yet is given up, for nobody is there to be asked. Doors they opened are shut.
    """
    theirs = or_(_l.person_id == person_id, *(and_(_l.bot == bot, _l.chat == chat) for bot, chat in chats))
    await session.execute(delete(LetterDoor).where(_d.person_id == person_id))
    await session.execute(
        update(Letter)
        .where(theirs, _l.state == LetterState.RECEIVED)
        .values(_GIVEN_UP | {"ended_at": now, "version": _l.version + 1})
    )
    await session.execute(update(Letter).where(theirs).values(chat=nowhere))
    unkept = (theirs, _l.state != LetterState.APPROVED)
    await session.execute(update(Letter).where(*unkept).values(file_name=NAMELESS))
