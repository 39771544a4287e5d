"""Word to whoever sent a letter whose draft lay too long and was given up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.turn import Voice
from models.columns import columns_of
from models.person import Address
from models.terms import Lane
from planner.letters.forget_letters import LeftLying
from reminders.outbox import Draft, enqueue, text_payload

_ad = columns_of(Address)


async def tell_left_lying(session: AsyncSession, letters: Sequence[LeftLying], voice: Voice, *, now: datetime) -> int:
    """One message for each letter whose sender still has the chat it came from; returns how many."""
    drafts = [_draft(each, voice) for each in letters if await _is_still_theirs(session, each)]
    return await enqueue(session, drafts, now=now)


async def _is_still_theirs(session: AsyncSession, letter: LeftLying) -> bool:
    query = select(_ad.id).where(
        _ad.person_id == letter.person_id, _ad.bot == letter.bot, _ad.chat == letter.chat, _ad.unreachable_at.is_(None)
    )
    return (await session.execute(query)).first() is not None


def _draft(letter: LeftLying, voice: Voice) -> Draft:
    words = voice.say("letter_left_lying", number=letter.id, file_name=letter.file_name).text
    return Draft(
        dedup_key=f"letter:{letter.id}:left-lying", bot=letter.bot, chat=letter.chat, lane=Lane.DIGEST, form="text",
        payload=text_payload(words) | {"assignment_ids": []}, person_id=letter.person_id,
    )  # fmt: skip
