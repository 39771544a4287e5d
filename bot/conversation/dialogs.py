"""The question that stands open in a chat: at most one, for a short time, replaced by the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Incoming
from models.columns import columns_of
from models.dialog import Dialog

CHOICE_STANDS = timedelta(minutes=10)
TEXT_STANDS = timedelta(minutes=30)
"""Finding the words for a difficulty may take a phone call."""

_d = columns_of(Dialog)


class Expects(StrEnum):
    """Điều đang chờ: a choice among some assignments, or a line of text."""

    CHOICE = "choice"
    EVIDENCE = "evidence-which"
    BLOCKER = "blocker-text"
    EXTENSION = "extension-text"
    RETURN_REASON = "return-reason"
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True)
class Question:
    """Câu hỏi đang mở."""

    expects: Expects
    facts: dict[str, Any]


async def open_question(session: AsyncSession, incoming: Incoming, *, now: datetime) -> Question | None:
    """What this chat was asked and has not answered yet; an expired question is as good as none."""
    query = select(_d.expects, _d.facts).where(_d.bot == incoming.bot, _d.chat == incoming.chat, _d.expires_at > now)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else Question(Expects(row.expects), row.facts)


async def ask(
    session: AsyncSession, incoming: Incoming, expects: Expects, facts: Mapping[str, Any], *, now: datetime
) -> None:
    await close(session, incoming)
    stands = CHOICE_STANDS if expects in (Expects.CHOICE, Expects.EVIDENCE) else TEXT_STANDS
    await session.execute(
        insert(Dialog).values(
            bot=incoming.bot, chat=incoming.chat, expects=expects.value, facts=dict(facts), expires_at=now + stands
        )
    )


async def close(session: AsyncSession, incoming: Incoming) -> None:
    await session.execute(delete(Dialog).where(_d.bot == incoming.bot, _d.chat == incoming.chat))
