"""What Telegram brings, made into the conversation's own words; answers are owed to the outbox, never sent from here.

An edited text is heard as the message it replaces.
"""

import asyncio
import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.answering import answer, owe
from bot.conversation.conversation import Conversation
from bot.conversation.evidence import NotTaken
from bot.conversation.incoming import Incoming
from models.clock import Clock
from planner import audit
from planner.hand_in_evidence import GivenFile
from planner.people import heard_from
from reminders.addresses import mark_unreachable
from reminders.inbox import ClaimedUpdate

log = logging.getLogger(__name__)

CHANNEL = "telegram"
ACKNOWLEDGE_WITHIN_S = 5
BLOCKED = "blocked by the person"

_SENT_BY_A_PERSON = (
    F.sticker | F.animation | F.contact | F.location | F.venue | F.poll | F.dice | F.story
)  # fmt: skip
"""What a person may send besides words and files; whatever else arrives is Telegram speaking of itself."""

Acknowledge = Callable[[str], None]


class TelegramHandler:
    """Người xử lý tin Telegram: called by the inbox worker; what it cannot read it records and skips."""

    def __init__(self, bot: Bot, conversation: Conversation, *, clock: Clock) -> None:
        self._bot, self._conversation, self._clock = bot, conversation, clock
        self._dispatcher = build_dispatcher()
        self._acknowledging: set[asyncio.Task[None]] = set()

    async def __call__(self, session: AsyncSession, row: ClaimedUpdate) -> None:
        """Raises only what the database raises, so that the worker tries again."""
        now = self._clock()
        update = parsed(row.body, self._bot)
        if update is None:
            await audit.record(session, "unreadable-update", now=now, channel=CHANNEL, after={"update": row.update_key})
            return
        await self._dispatcher.feed_update(
            self._bot,
            update,
            session=session,
            row=row,
            now=now,
            conversation=self._conversation,
            acknowledge=self._acknowledge,
        )

    async def close(self) -> None:
        """Wait for the acknowledgements under way; each is short."""
        await asyncio.gather(*self._acknowledging, return_exceptions=True)

    def _acknowledge(self, callback_id: str) -> None:
        """Beside the transaction, never inside: the database does not wait for the network."""
        task = asyncio.create_task(acknowledge(self._bot, callback_id))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)


def build_dispatcher() -> Dispatcher:
    """A fresh dispatcher with our few handlers; a Router of aiogram may belong to one dispatcher only."""
    router = Router(name="dondoc")
    router.message.register(on_text, F.text)
    router.edited_message.register(on_edited, F.text)
    router.edited_message.register(on_edited_caption, F.caption)
    router.message.register(on_file, F.photo | F.document | F.voice | F.video | F.audio | F.video_note)
    router.message.register(on_other_content, _SENT_BY_A_PERSON)
    router.callback_query.register(on_tap, F.data, F.message)
    router.my_chat_member.register(on_membership, F.chat.type == ChatType.PRIVATE)
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_router(router)
    return dispatcher


async def on_text(
    message: Message, session: AsyncSession, row: ClaimedUpdate, now: datetime, conversation: Conversation
) -> None:
    incoming = incoming_of(message, row, text=message.text or "")
    await answer(session, incoming, conversation, update_key=row.update_key, now=now)


async def on_edited(
    message: Message, session: AsyncSession, row: ClaimedUpdate, now: datetime, conversation: Conversation
) -> None:
    incoming = replace(incoming_of(message, row, text=message.text or ""), edits=str(message.message_id))
    await answer(session, incoming, conversation, update_key=row.update_key, now=now)


async def on_file(
    message: Message, session: AsyncSession, row: ClaimedUpdate, now: datetime, conversation: Conversation
) -> None:
    """The bytes were fetched before this transaction, if they were to be fetched at all."""
    incoming = incoming_of(message, row, text=message.caption or "")
    given = row.prepared if isinstance(row.prepared, GivenFile | NotTaken) else None
    replies = await conversation.file(session, incoming, given, album=message.media_group_id, now=now)
    await owe(session, incoming, replies, update_key=row.update_key, now=now)


async def on_edited_caption(
    message: Message, session: AsyncSession, row: ClaimedUpdate, now: datetime, conversation: Conversation
) -> None:
    """The file comes along with its new words, and is heard as if it were sent with them."""
    incoming = replace(incoming_of(message, row, text=message.caption or ""), edits=str(message.message_id))
    given = row.prepared if isinstance(row.prepared, GivenFile | NotTaken) else None
    replies = await conversation.file(session, incoming, given, now=now)
    await owe(session, incoming, replies, update_key=row.update_key, now=now)


async def on_other_content(
    message: Message, session: AsyncSession, row: ClaimedUpdate, now: datetime, conversation: Conversation
) -> None:
    incoming = incoming_of(message, row, text=message.caption or "")
    replies = await conversation.not_text(session, incoming, message.content_type, now=now)
    await owe(session, incoming, replies, update_key=row.update_key, now=now)


async def on_tap(
    callback: CallbackQuery,
    session: AsyncSession,
    row: ClaimedUpdate,
    now: datetime,
    conversation: Conversation,
    acknowledge: Acknowledge,
) -> None:
    """A button says what could have been typed, and is believed no more than that."""
    acknowledge(callback.id)
    incoming = tapped(callback, row)
    await answer(session, incoming, conversation, update_key=row.update_key, now=now)


async def on_membership(event: ChatMemberUpdated, session: AsyncSession, row: ClaimedUpdate, now: datetime) -> None:
    """Blocked: not to be tried any more. Unblocked: to be tried again."""
    chat = str(event.chat.id)
    if event.new_chat_member.status == ChatMemberStatus.KICKED:
        await mark_unreachable(session, bot=row.bot, chat=chat, reason=BLOCKED, now=now)
    else:
        await heard_from(session, bot=row.bot, chat=chat, now=now)


def incoming_of(message: Message, row: ClaimedUpdate, *, text: str) -> Incoming:
    replied = message.reply_to_message
    sender = message.from_user or message.sender_chat or message.chat
    is_private = message.chat.type == ChatType.PRIVATE
    return Incoming(
        channel=CHANNEL,
        bot=row.bot,
        chat=str(message.chat.id),
        is_group=not is_private,
        text=text if is_private else _MENTION.sub("", text).strip(),
        said_by=str(sender.id),
        is_addressed=is_private or _is_addressed(message, row, text),
        reply_to=str(replied.message_id) if replied else None,
        ref=str(message.message_id),
    )


_MENTION = re.compile(r"(?<!\S)@\w{2,60}bot\b", re.IGNORECASE)
"""The name of a bot ends so; ours is not asked of Telegram for every message."""


def _is_addressed(message: Message, row: ClaimedUpdate, text: str) -> bool:
    """In a group: a command, a mention, or a reply to a message of this very bot."""
    if text.startswith("/") or _MENTION.search(text):
        return True
    author = message.reply_to_message.from_user if message.reply_to_message else None
    return author is not None and row.bot == f"{CHANNEL}:{author.id}"


def tapped(callback: CallbackQuery, row: ClaimedUpdate) -> Incoming:
    assert callback.message is not None, "the filter lets no other through"
    return Incoming(
        channel=CHANNEL,
        bot=row.bot,
        chat=str(callback.message.chat.id),
        is_group=callback.message.chat.type != ChatType.PRIVATE,
        text=callback.data or "",
        said_by=str(callback.from_user.id),
        reply_to=str(callback.message.message_id),
        is_tap=True,
    )


def parsed(body: str, bot: Bot) -> Update | None:
    """The update as aiogram knows it; None for what it cannot read or does not know."""
    try:
        raw: Any = json.loads(body)
        update = Update.model_validate(raw, context={"bot": bot})
        update.event_type  # noqa: B018 -- raises for a kind of update that is not known
    except (ValueError, RecursionError, ValidationError, UpdateTypeLookupError) as error:
        log.warning("telegram: an update could not be read (%s); skipped", type(error).__name__)
        return None
    return update


async def acknowledge(bot: Bot, callback_id: str) -> None:
    """Stops the button's clock; too late or out of reach is no matter, the answer itself comes by the outbox."""
    try:
        async with asyncio.timeout(ACKNOWLEDGE_WITHIN_S):
            await bot.answer_callback_query(callback_id)
    except (AiogramError, TimeoutError) as error:
        log.debug("telegram: a tap was not acknowledged (%s)", type(error).__name__)
