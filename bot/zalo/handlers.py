"""What Zalo brings, made into the conversation's own words; answers are owed to the outbox, never sent from here."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.answering import owe
from bot.conversation.conversation import Conversation
from bot.conversation.evidence import NotTaken
from bot.conversation.incoming import Incoming
from bot.conversation.mentions import without_mention
from bot.zalo.updates import Kind, ZaloUpdate, read_update
from models.clock import Clock
from planner import audit
from planner.hand_in_evidence import GivenFile
from reminders.inbox import ClaimedUpdate

log = logging.getLogger(__name__)

CHANNEL = "zalo"


class ZaloHandler:
    """Người xử lý tin Zalo: called by the inbox worker; what it cannot read it records and skips.

    `names`: what people may write after "@" to speak to this bot in a group.
    """

    def __init__(self, conversation: Conversation, *, clock: Clock, names: Callable[[], Collection[str]]) -> None:
        self._conversation, self._clock, self._names = conversation, clock, names

    async def __call__(self, session: AsyncSession, row: ClaimedUpdate) -> None:
        """Raises only what the database raises, so that the worker tries again."""
        now, update = self._clock(), read_update(row.body)
        if update is not None and update.is_echo:
            return  # our own words, come back
        if update is None or not _is_from_a_person(update):
            log.warning("zalo: an update could not be read (%s); skipped", update.what if update else "no message")
            await audit.record(session, "unreadable-update", now=now, channel=CHANNEL, after={"update": row.update_key})
            return
        await self._hear(session, row, update, now=now)

    async def _hear(self, session: AsyncSession, row: ClaimedUpdate, update: ZaloUpdate, *, now: datetime) -> None:
        incoming = incoming_of(update, row, names=self._names())
        if update.kind is Kind.TEXT:
            replies = await self._conversation.handle(session, incoming, now=now)
        elif update.kind is Kind.PHOTO:
            given = row.prepared if isinstance(row.prepared, GivenFile | NotTaken) else None
            replies = await self._conversation.file(session, incoming, given, now=now)
        else:
            replies = await self._conversation.not_text(session, incoming, update.what, now=now)
        replies = await self._conversation.spared(session, incoming, replies, now=now)
        await owe(session, incoming, replies, update_key=row.update_key, now=now)


def _is_from_a_person(update: ZaloUpdate) -> bool:
    """Whom to answer is known, and in private it is who speaks: what says otherwise is believed in nothing."""
    if update.chat is None or update.sender is None:
        return False
    return update.is_group or update.sender == update.chat


def incoming_of(update: ZaloUpdate, row: ClaimedUpdate, *, names: Collection[str]) -> Incoming:
    """Of a group the bot hears only what mentions it or answers it, so all that comes is meant for it."""
    assert update.chat is not None
    assert update.sender is not None
    return Incoming(
        channel=CHANNEL,
        bot=row.bot,
        chat=update.chat,
        is_group=update.is_group,
        text=without_mention(update.text, names) if update.is_group else update.text,
        said_by=update.sender,
        reply_to=update.reply_to,
        ref=update.message_id,
    )
