"""What one chat may cost a bot whose month is counted: everything is heard and obeyed, not everything is answered.

What people send cannot be prevented, and counts. Our answers can: of fifty people one must not use up the month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Incoming, Reply
from bot.conversation.turn import Voice
from models.clock import CIVIL_ZONE, civil_day
from models.columns import columns_of
from models.inbox import InboxUpdate
from models.terms import Lane
from planner import audit
from planner.bots import known_bots
from planner.people import person_of_chat
from reminders.outbox import Draft, enqueue, text_payload
from reminders.quota_warning import whom_to_tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_HOUR = 30
"""Messages of one chat within an hour that are all answered; beyond it those that changed something."""

A_DAY = 200
"""Messages of one chat within 24 hours; beyond it nothing is answered until some of them are older."""

_NO_CHANGE = frozenset(
    {"asked", "chose-by-number", "evidence-refused", "nodded", "not-text", "not-understood", "unreadable-update"}
)
"""On record, and no change of anything."""

_in = columns_of(InboxUpdate)


@dataclass(frozen=True, slots=True)
class _Limit:
    """Mức đã vượt: `name` chooses the sentence, `number` is how many messages it allows."""

    name: str
    number: int


_HOURLY, _DAILY = _Limit("hour", AN_HOUR), _Limit("day", A_DAY)


async def spared(
    session: AsyncSession, incoming: Incoming, replies: Sequence[Reply], voice: Voice, *, now: datetime
) -> list[Reply]:
    """Of these replies what is still owed to this chat; called in the transaction that handled its message.

    The chat hears why once an hour, the admins once a day. Strangers are rationed at the door.
    """
    limit = await _passed(session, incoming, now=now) if replies else None
    if limit is None:
        return list(replies)
    person = await person_of_chat(session, bot=incoming.bot, chat=incoming.chat, today=civil_day(now))
    if person is None and not incoming.is_group:
        return list(replies)
    if await _say_why(session, incoming, limit, voice, now=now):
        await _tell_admins(session, incoming, limit, person.full_name if person else None, voice, now=now)
    return list(replies) if limit is _HOURLY and audit.actions_pending(session) - _NO_CHANGE else []


async def _passed(session: AsyncSession, incoming: Incoming, *, now: datetime) -> _Limit | None:
    """Counted from the inbox, which keeps a week; the message at hand is one of them."""
    mine = (_in.bot == incoming.bot, _in.chat == incoming.chat, _in.received_at > now - DAY)
    query = select(_in.received_at).where(*mine).order_by(_in.received_at.desc()).limit(A_DAY + 1)
    heard = list((await session.execute(query)).scalars())
    if len(heard) > A_DAY:
        return _DAILY
    return _HOURLY if sum(at > now - HOUR for at in heard) > AN_HOUR else None


async def _say_why(session: AsyncSession, incoming: Incoming, limit: _Limit, voice: Voice, *, now: datetime) -> bool:
    """At most once in an hour of the clock, for the day's limit once a day."""
    when = f"{now.astimezone(CIVIL_ZONE):%Y%m%d%H}" if limit is _HOURLY else f"{civil_day(now):%Y%m%d}"
    words = voice.say("spared", limit=limit.name, number=limit.number)
    draft = Draft(
        dedup_key=f"spared:{incoming.bot}:{incoming.chat}:{when}",
        bot=incoming.bot,
        chat=incoming.chat,
        lane=Lane.REPLY,
        form="text",
        payload=text_payload(words.text),
    )
    return await enqueue(session, [draft], now=now) > 0


async def _tell_admins(
    session: AsyncSession, incoming: Incoming, limit: _Limit, name: str | None, voice: Voice, *, now: datetime
) -> None:
    """Once a day and chat; never to the chat itself."""
    bot = next((each.name for each in await known_bots(session, now=now) if each.bot == incoming.bot), incoming.bot)
    words = voice.say("spared_told", name=name, bot=bot, limit=limit.name, number=limit.number)
    drafts = [
        Draft(
            dedup_key=f"spared:{incoming.bot}:{incoming.chat}:{civil_day(now):%Y%m%d}:{each.person_id}",
            bot=each.bot or "",
            chat=each.chat or "",
            lane=Lane.REMINDER,
            form="text",
            payload=text_payload(words.text),
            person_id=each.person_id,
        )
        for each in await whom_to_tell(session, now=now)
        if (each.bot, each.chat) != (incoming.bot, incoming.chat)
    ]
    await enqueue(session, drafts, now=now)
