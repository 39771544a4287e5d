"""The question that stands open in a chat: at most one, for a short time, replaced by the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Incoming
from bot.conversation.understand import Intent, Understood
from models.columns import columns_of
from models.dialog import Dialog

CHOICE_STANDS = timedelta(minutes=10)
TEXT_STANDS = timedelta(minutes=30)
"""Finding the words for a difficulty may take a phone call."""

_d = columns_of(Dialog)


def facts_of(understood: Understood, said: str) -> dict[str, Any]:
    """What was understood, with the words it was said in, as a question keeps it until it is answered."""
    return {
        "intent": understood.intent.value,
        "percent": understood.percent,
        "document_no": understood.document_no,
        "rest": understood.rest,
        "day": understood.day.isoformat() if understood.day else None,
        "is_sure": understood.is_sure,
        "said": said,
    }


def understood_of(facts: Mapping[str, Any]) -> Understood:
    """The other way round."""
    day = facts.get("day")
    return Understood(
        Intent(facts["intent"]),
        percent=facts["percent"],
        document_no=facts["document_no"],
        rest=facts["rest"],
        day=date.fromisoformat(day) if day else None,
        is_sure=facts.get("is_sure", True),
    )


class Expects(StrEnum):
    """Điều đang chờ: a choice among some assignments, a yes, or a line of text."""

    NOTHING = "nothing"
    """Nothing is asked; the chat just looked at one assignment."""
    CHOICE = "choice"
    EVIDENCE = "evidence-which"
    CONFIRM = "confirm"
    BLOCKER = "blocker-text"
    EXTENSION = "extension-text"
    RETURN_REASON = "return-reason"
    ASSIGN = "assign"
    WRONG_UNIT = "wrong-unit-text"
    LETTER = "letter-question"
    """What a letter leaves open; it stays open in the letter when the words for it are not waited for any more."""


@dataclass(frozen=True, slots=True)
class Question:
    """Câu hỏi đang mở."""

    expects: Expects
    facts: dict[str, Any]


_QUICK = frozenset({Expects.NOTHING, Expects.CHOICE, Expects.EVIDENCE, Expects.CONFIRM})


def _chat(incoming: Incoming) -> str:
    """In a group everybody is asked for themselves: nobody answers another's question."""
    return f"{incoming.chat}:{incoming.said_by}" if incoming.is_group else incoming.chat


async def open_question(session: AsyncSession, incoming: Incoming, *, now: datetime) -> Question | None:
    """What this chat was asked and has not answered yet; an expired question is as good as none."""
    query = select(_d.expects, _d.facts).where(_d.bot == incoming.bot, _d.chat == _chat(incoming), _d.expires_at > now)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else Question(Expects(row.expects), row.facts)


async def ask(
    session: AsyncSession, incoming: Incoming, expects: Expects, facts: Mapping[str, Any], *, now: datetime
) -> None:
    await close(session, incoming)
    stands = CHOICE_STANDS if expects in _QUICK else TEXT_STANDS
    await session.execute(
        insert(Dialog).values(
            bot=incoming.bot, chat=_chat(incoming), expects=expects.value, facts=dict(facts), expires_at=now + stands
        )
    )


async def close(session: AsyncSession, incoming: Incoming) -> None:
    await session.execute(delete(Dialog).where(_d.bot == incoming.bot, _d.chat == _chat(incoming)))
