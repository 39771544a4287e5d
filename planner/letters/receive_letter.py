"""Use-case: somebody sends a letter; it waits to be read, and the same file again is the same letter."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.letter import Letter
from models.terms import LetterState
from planner import audit
from planner.hand_in_evidence import GivenFile
from planner.letters.letters import LetterView, letters_with_sum

_l = columns_of(Letter)


@dataclass(frozen=True, slots=True)
class Received:
    """Kết quả nhận: the letter's id, and what stood there already where the same file had come before."""

    letter_id: int
    known: LetterView | None = None


async def receive_letter(
    session: AsyncSession, file: GivenFile, *, person_id: int, channel: str, bot: str, chat: str, now: datetime
) -> Received:
    """Keep it to be read; the caller commits, and has checked that the person may send letters.

    The same bytes again, from the same person or approved already, start nothing anew: `known` tells where it stands.
    """
    copies = await letters_with_sum(session, file.sha256)
    ours = (each for each in copies if each.person_id == person_id or each.state is LetterState.APPROVED)
    if (known := next(ours, None)) is not None:
        return Received(known.id, known)
    facts = {
        "person_id": person_id, "channel": channel, "bot": bot, "chat": chat, "sha256": file.sha256,
        "file_name": file.name, "media_type": file.media_type, "size": file.size, "state": LetterState.RECEIVED,
        "received_at": now, "read_after": now, "attempts": 0, "later": [], "version": 0,
    }  # fmt: skip
    letter_id = int((await session.execute(insert(Letter).values(facts).returning(_l.id))).scalar_one())
    after = {"letter": letter_id, "size": file.size}  # not its name: nobody knows yet whether it is a secret
    await audit.record(session, "letter-received", now=now, channel=channel, person_id=person_id, after=after)
    return Received(letter_id)
