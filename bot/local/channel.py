"""The chat platform of the demo: the same port as Telegram, its transcripts in memory, its reader a local page."""

import asyncio
import secrets
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.clock import Clock
from models.errors import RejectedError, UnreachableError
from reminders.channel import CAPTION_LENGTH, Button, Capabilities, Message, OutgoingFile

KEPT_PER_CHAT = 500
COMMAND_BYTES = 64
KEPT_FILE_BYTES = 64 * 1024 * 1024
"""What all files of the page may hold in memory; the oldest go first, their messages stay."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """Tệp trong khung trò chuyện; its bytes are asked for by the reference of its message."""

    name: str
    media_type: str
    size: int
    is_photo: bool


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """Một tin trong khung trò chuyện. `version` is the channel's when the message came; `is_tap`: a button pressed."""

    ref: str
    chat: str
    is_from_bot: bool
    text: str
    buttons: tuple[tuple[Button, ...], ...]
    at: datetime
    reply_to: str | None
    version: int
    is_tap: bool = False
    file: LocalFile | None = None


class LocalChannel:
    """Kênh tại chỗ. The last `KEPT_PER_CHAT` messages of each chat are kept; the process ends, they are gone."""

    name = "local"
    bot = "local:demo"
    capabilities = Capabilities(
        buttons=True,
        edit=False,
        files_out=True,
        groups=False,
        max_length=4096,
        length_unit="utf16",
        monthly_quota=None,
        session_window=None,
        resend_when_unknown=False,
    )

    def __init__(self, chats: Iterable[str], *, clock: Clock) -> None:
        self._clock = clock
        self._transcripts: dict[str, deque[LocalMessage]] = {chat: deque(maxlen=KEPT_PER_CHAT) for chat in chats}
        self._files: OrderedDict[str, OutgoingFile] = OrderedDict()
        self._changed = asyncio.Event()
        self._is_closed = False
        self.run = secrets.token_hex(4)
        """Tells a page that outlived a restart that its version numbers are another run's."""
        self.version = 0

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        """Refuses what Telegram would refuse, so that the demo never shows what a real chat would not."""
        if address not in self._transcripts:
            raise UnreachableError(f"no local chat {address}")
        self._refuse_unfit(message)
        return self._keep(
            address, message.text, buttons=message.buttons, reply_to=reply_to, is_from_bot=True, file=message.file
        ).ref

    def record_person(
        self,
        chat: str,
        text: str,
        reply_to: str | None = None,
        *,
        is_tap: bool = False,
        file: OutgoingFile | None = None,
    ) -> LocalMessage:
        """What the person typed, sent, or the label of the button pressed. KeyError: no such chat."""
        return self._keep(chat, text, reply_to=reply_to, is_tap=is_tap, file=file)

    def file(self, ref: str) -> OutgoingFile | None:
        """The file of this message, while its bytes are still kept."""
        return self._files.get(ref)

    def find(self, chat: str, ref: str) -> LocalMessage | None:
        return next((message for message in self._transcripts.get(chat, ()) if message.ref == ref), None)

    def messages(self, *, since: int = 0) -> list[LocalMessage]:
        """Of all chats, in the order they came, those newer than this version."""
        kept = (message for transcript in self._transcripts.values() for message in transcript)
        return sorted((message for message in kept if message.version > since), key=lambda message: message.version)

    def touch(self) -> None:
        """Something a reader should look at again has changed: a new message, or the clock."""
        self.version += 1
        self._wake()

    async def wait_for_change(self, since: int, *, at_most: timedelta) -> None:
        """Returns once the version is past `since`, the time is up or the channel is closed."""
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                while self.version <= since and not self._is_closed:
                    await self._changed.wait()
        except TimeoutError:
            return

    def close(self) -> None:
        """Let every waiting reader go, so that a server can stop at once."""
        self._is_closed = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _refuse_unfit(self, message: Message) -> None:
        length = len(message.text.encode("utf-16-le")) // 2
        limit = self.capabilities.max_length if message.file is None else CAPTION_LENGTH
        if length > limit or not (message.text.strip() or message.file):
            raise RejectedError(f"text of {length} UTF-16 units")
        commands = [button.command for row in message.buttons for button in row]
        if any(not 0 < len(command.encode()) <= COMMAND_BYTES for command in commands):
            raise RejectedError(f"a command is empty or longer than {COMMAND_BYTES} bytes")

    def _keep(
        self,
        chat: str,
        text: str,
        *,
        buttons: tuple[tuple[Button, ...], ...] = (),
        reply_to: str | None = None,
        is_from_bot: bool = False,
        is_tap: bool = False,
        file: OutgoingFile | None = None,
    ) -> LocalMessage:
        version = self.version + 1
        known_reply = reply_to if reply_to and self.find(chat, reply_to) else None
        message = LocalMessage(
            ref=f"m{version}",
            chat=chat,
            is_from_bot=is_from_bot,
            text=text,
            buttons=buttons,
            at=self._clock(),
            reply_to=known_reply,
            version=version,
            is_tap=is_tap,
            file=LocalFile(file.name, file.media_type, len(file.content), file.is_photo) if file else None,
        )
        self._transcripts[chat].append(message)
        if file is not None:
            self._keep_file(message.ref, file)
        self.touch()
        return message

    def _keep_file(self, ref: str, file: OutgoingFile) -> None:
        self._files[ref] = file
        while sum(len(kept.content) for kept in self._files.values()) > KEPT_FILE_BYTES:
            self._files.popitem(last=False)
