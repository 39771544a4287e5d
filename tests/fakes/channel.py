"""A chat platform that answers as it was told to and remembers everything it was given."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Literal

from reminders.channel import Capabilities, Message, SessionWindow

TELEGRAM_LIKE = Capabilities(
    buttons=True,
    edit=True,
    files_out=True,
    groups=True,
    max_length=4096,
    length_unit="utf16",
    monthly_quota=None,
    session_window=None,
    resend_when_unknown=True,
)
ZALO_LIKE = Capabilities(
    buttons=False,
    edit=False,
    files_out=False,
    groups=False,
    max_length=2000,
    length_unit="characters",
    monthly_quota=500,
    session_window=SessionWindow(timedelta(hours=48)),
    resend_when_unknown=False,
)

Answer = Exception | str | Callable[[], Awaitable[str]] | None
"""An error to raise, a reference to give, something to do first, or None: a reference of the fake's own."""


@dataclass(frozen=True)
class SentMessage:
    """What arrived, as far as anybody knows: also what was refused, in the order of arrival."""

    chat: str
    message: Message
    reply_to: str | None
    error: str | None

    @property
    def text(self) -> str:
        return self.message.text


@dataclass
class ScriptedChannel:
    """`answers` are used up from the front, whatever the chat; when there are none left, all is well."""

    bot: str = "telegram:7001"
    name: Literal["telegram", "zalo"] = "telegram"
    capabilities: Capabilities = TELEGRAM_LIKE
    answers: list[Answer] = field(default_factory=list)
    by_chat: dict[str, Answer] = field(default_factory=dict)
    """What this chat always answers."""
    takes: timedelta = timedelta()
    edited: list[tuple[str, str, Message]] = field(default_factory=list)
    """(chat, reference, what it says now), in the order of the edits."""
    edit_answers: list[Exception] = field(default_factory=list)
    calls: list[SentMessage] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    _refs: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def sent(self) -> list[SentMessage]:
        return [call for call in self.calls if call.error is None]

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.sent]

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if self.takes:
                await asyncio.sleep(self.takes.total_seconds())
            return await self._answer(address, message, reply_to)
        finally:
            self.under_way -= 1

    async def edit(self, address: str, ref: str, message: Message) -> None:
        if self.edit_answers:
            raise self.edit_answers.pop(0)
        self.edited.append((address, ref, message))

    async def _answer(self, address: str, message: Message, reply_to: str | None) -> str:
        answer = self.answers.pop(0) if self.answers else self.by_chat.get(address)
        if isinstance(answer, Exception):
            self.calls.append(SentMessage(address, message, reply_to, type(answer).__name__))
            raise answer
        ref = await answer() if callable(answer) else answer or str(next(self._refs))
        self.calls.append(SentMessage(address, message, reply_to, None))
        return ref
