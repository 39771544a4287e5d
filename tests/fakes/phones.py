"""Phones on any channel: what people type, tap and send, and what they read, with the whole engine behind them.

A driver (`Phones`) is how one channel's people speak; `tests/contract/test_conversation_*` talk through it alone. A
further channel joins by a driver of its own: `capabilities`, `says`, `taps`, `sends_file`, `read`, `live`.
"""

import json
import re
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.answering import answer, owe
from bot.conversation.conversation import Conversation
from bot.conversation.evidence import NotTaken
from bot.conversation.incoming import Incoming
from bot.engine import Engine, build_engine
from bot.evidence_kinds import RefusedFileError
from bot.evidence_store import EvidenceStore, whole
from bot.telegram.channel import TelegramChannel
from models.clock import SteppedClock
from models.database import Database
from models.terms import BeforeReading
from planner.hand_in_evidence import GivenFile
from planner.plain_text import plain
from reminders.channel import Capabilities
from reminders.inbox import ClaimedUpdate, IncomingRow, store_updates
from reminders.inbox_worker import Handle
from reminders.rate import UNLIMITED, Limits
from tests.builders import BOT, CALENDAR
from tests.fakes.channel import TELEGRAM_LIKE, ScriptedChannel
from tests.fakes.stepped_oa import SteppedOa
from tests.fakes.stepped_telegram import BOT_KEY, SteppedTelegram
from tests.fakes.stepped_zalo import SteppedZalo

TEXT_ONLY = replace(TELEGRAM_LIKE, buttons=False, edit=False, files_out=False, max_length=1900)
"""Words alone, as long as Zalo carries them; what else Zalo limits belongs to its own driver."""

INVITE_KEY = b"a key for stories"
_NUMBERED = re.compile(r'^(?P<place>\d{1,2})\. (?P<label>.+): "(?P<command>.+)"$', re.MULTILINE)
_PLACES = re.compile(r"^(?P<place>\d{1,2})\. (?P<label>.+)$", re.MULTILINE)
_ALONE = re.compile(r'^(?P<label>[^"\n]+): gõ "(?P<command>.+)"\.$', re.MULTILINE)
_IF_WANTED = re.compile(r'Muốn (?P<label>[^,."\n]+), gõ "(?P<command>[^"\n]+)"')
_UNNUMBERED = re.compile(r'^(?P<label>.+): "(?P<command>.+)"$', re.MULTILINE)
UNCLEAR = re.compile(r'"\d+" có thể hiểu theo nhiều cách')
_QUOTED = re.compile(r'"(.{1,80}?)"')


@dataclass(frozen=True)
class Read:
    """One message as the person has it before them; buttons as (label, command)."""

    ref: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class Phones(Protocol):
    """Everybody's phone on one channel. `bot` is whom they write to; chats are the channel's own addresses."""

    engine: Engine
    clock: SteppedClock
    bot: str
    capabilities: Capabilities
    hears_files: bool

    async def says(self, chat: str, text: str, *, reply_to: str | None = None, by: str | None = None) -> None:
        """Words of the chat's person, or of `by` in a group."""
        ...

    async def taps(self, chat: str, ref: str, command: str) -> None: ...

    async def sends_file(self, chat: str, name: str, content: bytes, *, caption: str) -> None: ...

    def read(self, chat: str) -> list[Read]: ...

    async def live(self) -> None:
        """All that is due at this moment."""
        ...


# --- taking up what a message offers --------------------------------------------------------------------------------


class NotOfferedError(AssertionError):
    """The message does not say how to do this."""


async def choose(phones: Phones, chat: str, label: str, *, in_words: bool = False) -> None:
    """Take the offer with this label from the newest message that has it, by what that message itself says.

    With buttons: a tap. Without: the number of its line, or (`in_words`) the command quoted there.
    """
    for read in reversed(phones.read(chat)):
        command = dict(read.buttons).get(label)
        if command is not None:
            return await phones.taps(chat, read.ref, command)
        if not _may_tell_in_words(phones.capabilities, read):
            continue
        if (typed := typed_for(read.text, label, in_words=in_words)) is not None:
            return await _type(phones, chat, label, typed)
    raise NotOfferedError(f"{label!r} in {[read.text for read in phones.read(chat)][-3:]}")


def _may_tell_in_words(able: Capabilities, read: Read) -> bool:
    """Where there are no buttons, or not as many as this message would have had."""
    return not able.buttons or (able.most_buttons is not None and not read.buttons)


async def _type(phones: Phones, chat: str, label: str, typed: str) -> None:
    """Where the number could mean two things, the words that the question about it gives for this label."""
    before = len(phones.read(chat))
    await phones.says(chat, typed)
    for asked in phones.read(chat)[before:]:
        if UNCLEAR.match(asked.text):
            lines = {found["label"]: found["command"] for found in _UNNUMBERED.finditer(asked.text)}
            await phones.says(chat, lines[label])


def typed_for(text: str, label: str, *, in_words: bool) -> str | None:
    """What the text tells to type for this; None where it says nothing of it."""
    for found in _NUMBERED.finditer(text):
        if found["label"] == label:
            return found["command"] if in_words else found["place"]
    for alone in (*_ALONE.finditer(text), *_IF_WANTED.finditer(text)):
        if plain(alone["label"]) == plain(label):
            return alone["command"]
    for found in _PLACES.finditer(text):
        if found["label"] == label or found["label"].startswith(f"{label.removeprefix('Việc ')} · "):
            return found["place"]
    return next((quoted for quoted in _QUOTED.findall(text) if plain(quoted) == plain(label)), None)


# --- a channel with nothing between it and us ------------------------------------------------------------------------


@dataclass
class ScriptedPhones:
    """The scripted channel behind the real inbox, conversation, outbox and sender; with or without buttons."""

    engine: Engine
    clock: SteppedClock
    channel: ScriptedChannel
    evidence: EvidenceStore
    _keys: Any = field(default_factory=lambda: count(1))
    hears_files = True

    @property
    def bot(self) -> str:
        return self.channel.bot

    @property
    def capabilities(self) -> Capabilities:
        return self.channel.capabilities

    async def says(self, chat: str, text: str, *, reply_to: str | None = None, by: str | None = None) -> None:
        await self.receives(chat, text, reply_to=reply_to, said_by=by or chat, is_group=by is not None)

    async def taps(self, chat: str, ref: str, command: str) -> None:
        await self.receives(chat, command, reply_to=ref, is_tap=True)

    async def sends_file(self, chat: str, name: str, content: bytes, *, caption: str) -> None:
        file: dict[str, Any]
        try:
            file = asdict(await self.evidence.keep(whole(content), name=name))
        except RefusedFileError as refused:
            file = {"name": name, "size": len(content), "reason": refused.reason}
        await self.receives(chat, caption, file=file)

    async def receives(self, chat: str, text: str, *, key: str | None = None, **more: Any) -> None:
        await self.arrives(chat, text, key=key, **more)
        await self.live()

    async def arrives(self, chat: str, text: str, *, key: str | None = None, **more: Any) -> None:
        """An update of this chat, stored; `key` given: as the platform names it, so that it can be repeated."""
        said = {"text": text, "said_by": chat, "is_group": False, "reply_to": None, "is_tap": False, "file": None}
        row = IncomingRow(
            bot=self.bot, update_key=key or str(next(self._keys)), chat=chat, body=json.dumps(said | more)
        )
        async with self.engine.database.write() as session:
            await store_updates(session, [row], now=self.clock())
            await session.commit()

    def read(self, chat: str) -> list[Read]:
        found: list[Read] = []
        for number, call in enumerate(self.channel.sent, start=1):
            if call.chat == chat:
                keys = tuple((key.label, key.command) for row in call.message.buttons for key in row)
                found.append(Read(str(number), call.text, keys))
        return found

    async def live(self) -> None:
        now = self.clock()
        await self.engine.inbox_worker.handle_due(now)
        await self.engine.scan.scan(now)
        await self.engine.sender.deliver_due(now)


def _handle(conversation: Conversation, clock: SteppedClock) -> Handle:
    async def handle(session: AsyncSession, update: ClaimedUpdate) -> None:
        said = json.loads(update.body)
        file = said.pop("file")
        incoming = Incoming(channel=update.bot.split(":", 1)[0], bot=update.bot, chat=update.chat, **said)
        if file is None:
            await answer(session, incoming, conversation, update_key=update.update_key, now=clock())
            return
        given = NotTaken(**file) if "reason" in file else GivenFile(**file)
        replies = await conversation.file(session, incoming, given, now=clock())
        await owe(session, incoming, replies, update_key=update.update_key, now=clock())

    return handle


def scripted_phones(
    database: Database,
    clock: SteppedClock,
    folder: Path,
    *,
    able: Capabilities = TELEGRAM_LIKE,
    bot: str = BOT,
    limits: Limits = UNLIMITED,
) -> ScriptedPhones:
    channel = ScriptedChannel(bot=bot, capabilities=able)
    evidence = EvidenceStore(folder)
    engine = build_engine(
        database,
        calendar=CALENDAR,
        before=BeforeReading.STRICT,
        address_form="Anh/Chị",
        invite_key=INVITE_KEY,
        channels={bot: channel},
        handle=lambda conversation: _handle(conversation, clock),
        limits=limits,
        clock=clock,
        evidence=evidence,
    )
    return ScriptedPhones(engine, clock, channel, evidence)


# --- Telegram: the real channel and handlers on the fake Bot API -----------------------------------------------------


@dataclass
class TelegramPhones:
    """Chats are numbers in text; a group has a negative one."""

    house: SteppedTelegram
    bot = BOT_KEY
    capabilities = TelegramChannel.capabilities
    hears_files = True

    @property
    def engine(self) -> Engine:
        return self.house.engine

    @property
    def clock(self) -> SteppedClock:
        return self.house.clock

    async def says(self, chat: str, text: str, *, reply_to: str | None = None, by: str | None = None) -> None:
        sender = int(by) if by else None
        self.house.telegram.person_says(int(chat), text, reply_to=int(reply_to) if reply_to else None, sender=sender)
        await self.live()

    async def taps(self, chat: str, ref: str, command: str) -> None:
        self.house.telegram.person_taps(int(chat), int(ref), command)
        await self.live()

    async def sends_file(self, chat: str, name: str, content: bytes, *, caption: str) -> None:
        self.house.telegram.person_sends_file(int(chat), name, content, caption=caption)
        await self.live()

    def read(self, chat: str) -> list[Read]:
        return [
            Read(str(each.message_id), each.text, tuple(key for row in each.buttons for key in row))
            for each in self.house.telegram.sent_to(int(chat))
        ]

    async def live(self) -> None:
        await self.house.live()


# --- Zalo: the real channel, client and handlers on the fake Zalo Bot server -----------------------------------------


@dataclass
class ZaloPhones:
    """Words alone: nothing can be tapped, and of files only pictures arrive."""

    house: SteppedZalo
    hears_files = False

    @property
    def engine(self) -> Engine:
        return self.house.engine

    @property
    def clock(self) -> SteppedClock:
        return self.house.clock

    @property
    def bot(self) -> str:
        return self.house.zalo.bot.bot_key

    @property
    def capabilities(self) -> Capabilities:
        return self.house.edges[self.bot].channel.capabilities

    async def says(self, chat: str, text: str, *, reply_to: str | None = None, by: str | None = None) -> None:
        self.house.zalo.bot.person_says(chat, text, by=by, quotes=reply_to)
        await self.live()

    async def taps(self, chat: str, ref: str, command: str) -> None:
        raise NotOfferedError(f"there is no button {command!r} under {ref} of {chat}")

    async def sends_file(self, chat: str, name: str, content: bytes, *, caption: str) -> None:
        """A picture; its name is lost on the way."""
        del name
        self.house.zalo.bot.person_sends_photo(chat, content, caption=caption)
        await self.live()

    def read(self, chat: str) -> list[Read]:
        return [Read(each.message_id, each.text) for each in self.house.zalo.bot.sent_to(chat)]

    async def live(self) -> None:
        await self.house.live()


# --- Official Account: the real channels, webhook and handlers on the fake OA server ----------------------------------


@dataclass
class OaPhones:
    """Buttons in private, typed words in groups; whoever speaks has spoken lately, so that windows stand open."""

    house: SteppedOa
    hears_files = True

    @property
    def engine(self) -> Engine:
        return self.house.engine

    @property
    def clock(self) -> SteppedClock:
        return self.house.clock

    @property
    def bot(self) -> str:
        return self.house.persons

    @property
    def capabilities(self) -> Capabilities:
        return self.house.able

    async def says(self, chat: str, text: str, *, reply_to: str | None = None, by: str | None = None) -> None:
        """In a group only what begins with a mention or a slash is meant for it; nothing can be quoted."""
        del reply_to
        if by is None:
            event = self.house.oa.event("user_send_text", chat, text=text)
        else:
            words = text if text.startswith("/") else f"@Đôn Đốc {text}"
            event = self.house.oa.event("user_send_group_text", by, group=chat, text=words)
        await self.house.brings(event)
        await self.live()

    async def taps(self, chat: str, ref: str, command: str) -> None:
        """`oa.query.hide`: the command comes back as if it had been typed, with nothing of where it stood."""
        del ref
        await self.says(chat, command)

    async def sends_file(self, chat: str, name: str, content: bytes, *, caption: str) -> None:
        await self.house.brings(self.house.oa.file_event(chat, name, content, caption=caption))
        await self.live()

    def read(self, chat: str) -> list[Read]:
        return [
            Read(sent.message_id, sent.text, tuple(sent.buttons))
            for sent in self.house.oa.transcript
            if sent.to == chat
        ]

    async def live(self) -> None:
        await self.house.all_windows_stand_open()
        await self.house.live()
