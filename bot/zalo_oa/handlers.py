"""What an Official Account hears, made into the conversation's own words; answers are owed to the outbox."""

import logging
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.answering import answer, owe
from bot.conversation.conversation import Conversation
from bot.conversation.evidence import NotTaken
from bot.conversation.incoming import Incoming
from bot.conversation.mentions import without_mention
from bot.zalo_oa.updates import Kind, OaUpdate, read_update
from models.clock import Clock
from planner import audit
from planner.hand_in_evidence import GivenFile
from reminders.addresses import mark_unreachable
from reminders.inbox import ClaimedUpdate

log = logging.getLogger(__name__)

LEFT = "unfollowed"


class OaHandler:
    """Người xử lý sự kiện OA: called by the inbox worker; what it cannot read it records and skips.

    A tap comes back as typed text: it is read, and allowed, like any other word of that person.
    """

    def __init__(self, conversation: Conversation, *, channel: str, persons: str, clock: Clock) -> None:
        """`persons`: the bot by which people have linked themselves, in groups too."""
        self._conversation, self._channel, self._persons, self._clock = conversation, channel, persons, clock

    async def __call__(self, session: AsyncSession, row: ClaimedUpdate) -> None:
        """Raises only what the database raises, so that the worker tries again."""
        now, update = self._clock(), read_update(row.body)
        if update is None or update.chat is None or update.sender is None:
            await self._unreadable(session, row, now=now)
        elif update.kind is Kind.LEFT:
            await mark_unreachable(session, bot=row.bot, chat=update.chat, reason=LEFT, now=now)
        elif update.kind not in (Kind.ECHO, Kind.NOTHING):
            await self._hear(session, row, update, now=now)

    async def _unreadable(self, session: AsyncSession, row: ClaimedUpdate, *, now: datetime) -> None:
        log.warning("zalo oa: an event could not be read; skipped")
        await audit.record(
            session, "unreadable-update", now=now, channel=self._channel, after={"update": row.update_key}
        )

    async def _hear(self, session: AsyncSession, row: ClaimedUpdate, update: OaUpdate, *, now: datetime) -> None:
        incoming = self._incoming(row, update)
        if update.kind is Kind.TEXT:
            await answer(session, incoming, self._conversation, update_key=row.update_key, now=now)
            return
        if update.kind is Kind.FILE:
            given = row.prepared if isinstance(row.prepared, GivenFile | NotTaken) else None
            replies = await self._conversation.file(session, incoming, given, now=now)
        else:
            replies = await self._conversation.not_text(session, incoming, update.what, now=now)
        await owe(session, incoming, replies, update_key=row.update_key, now=now)

    def _incoming(self, row: ClaimedUpdate, update: OaUpdate) -> Incoming:
        """In a group an OA hears all that is said: only what begins with a mention or a slash is meant for it."""
        assert update.chat is not None
        assert update.sender is not None
        return Incoming(
            channel=self._channel,
            bot=row.bot,
            chat=update.chat,
            is_group=update.is_group,
            text=without_mention(update.text, ()) if update.is_group else update.text,
            said_by=update.sender,
            ref=update.message_id,
            private_bot=self._persons if update.is_group else None,
            is_addressed=not update.is_group or update.text.lstrip().startswith(("@", "/")),
        )
