"""What Zalo knows of one bot (chats, undelivered updates, its webhook) and what people do there; no HTTP here."""

import asyncio
import itertools
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from models.clock import Clock, system_clock

TOKEN = "2718281828:fake-secret-of-the-strict-Zalo-Bot-API"
FREE_PEOPLE, FREE_GROUPS = 50, 3

Shape = Literal["object", "list", "flat", "flat-message"]
"""How an update is written: wrapped in {ok, result}; its result a list; without the wrap; the bare message."""


@dataclass
class ZaloChat:
    """A person's private chat with the bot (both ids the same), or a group it was let into."""

    id: str
    kind: Literal["PRIVATE", "GROUP"]
    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivered:
    """One message that reached a chat, as the person sees it: `bold` are the pieces set in bold."""

    at: datetime
    chat: str
    message_id: str
    text: str
    bold: list[str]
    method: str = "sendMessage"
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Call:
    """One request of the bot and how it was answered; `status` is None where the connection was cut instead."""

    at: datetime
    method: str
    params: dict[str, Any]
    status: int | None
    code: int | str | None = None


@dataclass
class Webhook:
    url: str
    secret: str
    updated_at: int
    answers: list[int] = field(default_factory=list)


class ZaloWorld:
    """State of one bot's Zalo. Every assertion a test makes reads it; every act of a person writes it.

    `quota`: messages of the month, both directions, before 429; None = not counted. `says_no_webhook_by`: an empty
    address or 404, both of which were seen. `replays`: how many times more each update is given by getUpdates.
    `echoes`: what the bot sends comes back to it as an update. `verifies`: what setWebhook says of the address.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        name: str = "bot.DonDoc",
        shown_name: str = "Bot Đôn Đốc",
        clock: Clock = system_clock,
        quota: int | None = None,
        most_people: int = FREE_PEOPLE,
        most_groups: int = FREE_GROUPS,
        log: Path | None = None,
    ) -> None:
        self.token, self.clock, self.quota = token, clock, quota
        self.bot_id = token.partition(":")[0]
        self.name, self.shown_name = name, shown_name
        self.tells_shown_name = False
        self.most_people, self.most_groups = most_people, most_groups
        self.is_revoked = False
        self.shape: Shape = "object"
        self.photo_field: Literal["photo", "photo_url"] = "photo"
        self.replays = 0
        self.echoes = False
        self.idles_for: float | None = None
        self.says_no_webhook_by: Literal["empty", "404"] = "404"
        self.verifies: object = None
        self.refuses_webhook_after_saving = False
        self.chats: dict[str, ZaloChat] = {}
        self.pending: list[dict[str, Any]] = []
        self.acknowledged: list[str] = []
        self.transcript: list[Delivered] = []
        self.actions: list[tuple[str, str]] = []
        self.calls: list[Call] = []
        self.used = 0
        self.webhook: Webhook | None = None
        self.pollers = 0
        self.most_pollers = 0
        self.pictures: dict[str, bytes] = {}
        self.base_url = ""
        self.arrived = asyncio.Event()
        self._serials = itertools.count(1)
        self._replayed: dict[str, int] = {}
        self._log = log.open("a", encoding="utf-8") if log else None

    @property
    def bot_key(self) -> str:
        return f"zalo:{self.bot_id}"

    # what a test sets up

    def add_person(self, chat: str, name: str = "Nguyễn Văn An") -> ZaloChat:
        """A person who has written to the bot before. Without this (or a word from them) the bot cannot write."""
        people = [each for each in self.chats.values() if each.kind == "PRIVATE"]
        if chat not in self.chats and len(people) >= self.most_people:
            raise ValueError(f"the bot has its {self.most_people} people")
        return self.chats.setdefault(chat, ZaloChat(chat, "PRIVATE", name))

    def add_group(self, chat: str, name: str = "Nhóm xã", *, members: tuple[str, ...] = ()) -> ZaloChat:
        groups = [each for each in self.chats.values() if each.kind == "GROUP"]
        if chat not in self.chats and len(groups) >= self.most_groups:
            raise ValueError(f"the bot has its {self.most_groups} groups")
        return self.chats.setdefault(chat, ZaloChat(chat, "GROUP", name, members))

    # what people do

    def person_says(self, chat: str, text: str, *, by: str | None = None, quotes: str | None = None) -> dict[str, Any]:
        """In a group the bot hears only what mentions it (as here) or answers a message of its own (`quotes`).

        Whether Zalo tells which message was answered is not documented; here it does.
        """
        group = self.chats.get(chat)
        if group is not None and group.kind == "GROUP" and quotes is None:
            text = f"@{self.shown_name} {text}"
        quoted = {} if quotes is None else {"reply_to_message": {"message_id": quotes}}
        return self._arrives(chat, "message.text.received", by=by, text=text, **quoted)

    def group_talks(self, chat: str, text: str, *, by: str) -> None:
        """What people say to each other: the bot hears nothing of it."""
        assert self.chats[chat].kind == "GROUP"
        assert by in self.chats[chat].members
        assert text

    def person_sends_photo(
        self, chat: str, content: bytes, *, caption: str = "", by: str | None = None, url: str | None = None
    ) -> dict[str, Any]:
        """A picture behind an address that works while the test lets it (`expire_pictures`)."""
        if url is None:
            key = f"{next(self._serials)}.jpg"
            self.pictures[key] = content
            url = f"{self.base_url}/pictures/{key}"
        caption_field = {"caption": caption} if caption else {}
        return self._arrives(chat, "message.image.received", by=by, **{self.photo_field: url}, **caption_field)

    def expire_pictures(self) -> None:
        self.pictures.clear()

    def person_sends_sticker(self, chat: str) -> dict[str, Any]:
        sticker = {"sticker": "d063f44dc80821567819", "url": "https://example.vn/sticker.png"}
        return self._arrives(chat, "message.sticker.received", **sticker)

    def person_sends_voice(self, chat: str) -> dict[str, Any]:
        return self._arrives(chat, "message.voice.received", voice_url="https://example.vn/voice.aac")

    def person_sends_unsupported(self, chat: str) -> dict[str, Any]:
        """No content at all: Zalo keeps it from the bot."""
        return self._arrives(chat, "message.unsupported.received")

    def bot_speaks(self, chat: str, text: str) -> dict[str, Any]:
        """An echo, or another bot of the group."""
        return self._arrives(chat, "message.text.received", by=self.bot_id, is_bot=True, text=text)

    def push_update(self, update: dict[str, Any]) -> None:
        """Whatever a test wants Zalo to say."""
        self.pending.append(update)
        self.arrived.set()

    def again(self, update: dict[str, Any]) -> None:
        """The very same update once more, as Zalo was seen to do."""
        self.push_update(update)

    # what tests look at

    def sent_to(self, chat: str) -> list[Delivered]:
        return [each for each in self.transcript if each.chat == chat]

    def texts(self, chat: str) -> list[str]:
        return [each.text for each in self.sent_to(chat)]

    def called(self, method: str) -> list[Call]:
        return [each for each in self.calls if each.method == method]

    # for the server

    def deliver(self, chat: str, text: str, *, bold: list[str], method: str, content: bytes = b"") -> Delivered:
        message = Delivered(self.clock(), chat, self._message_id(), text, bold, method, content)
        self.transcript.append(message)
        self._write("delivered", asdict(message) | {"content": len(content)})
        if self.echoes:
            self.bot_speaks(chat, text)
        return message

    def record_call(self, call: Call) -> None:
        self.calls.append(call)
        self._write("call", asdict(call))

    def take_update(self) -> dict[str, Any] | None:
        """The oldest one that waits; given again as often as `replays` says."""
        if not self.pending:
            return None
        update = self.pending[0]
        key = json.dumps(update, sort_keys=True)
        given = self._replayed.get(key, 0)
        self._replayed[key] = given + 1
        if given >= self.replays:
            self.pending.pop(0)
        return update

    def shaped(self, update: dict[str, Any]) -> Any:
        match self.shape:
            case "list":
                return {"ok": True, "result": [update]}
            case "flat":
                return update
            case "flat-message":
                return update["message"] | {"event_name": update["event_name"]}
        return {"ok": True, "result": update}

    def now_ms(self) -> int:
        return int(self.clock().timestamp() * 1000)

    def close_log(self) -> None:
        if self._log is not None:
            self._log.close()

    def _arrives(
        self, chat: str, event: str, *, by: str | None = None, is_bot: bool = False, **content: Any
    ) -> dict[str, Any]:
        place = self.chats.get(chat) or self.add_person(chat)
        sender = by or (chat if place.kind == "PRIVATE" else place.members[0])
        message = {
            "from": {"id": sender, "display_name": place.name, "is_bot": is_bot},
            "chat": {"id": chat, "chat_type": place.kind},
            **content,
            "message_id": self._message_id(),
            "date": self.now_ms(),
        }
        self.used += 1
        self.push_update({"event_name": event, "message": message})
        return message

    def _message_id(self) -> str:
        return f"{next(self._serials):020x}"

    def _write(self, kind: str, row: dict[str, Any]) -> None:
        if self._log is not None:
            self._log.write(json.dumps({"kind": kind} | row, ensure_ascii=False, default=str) + "\n")
            self._log.flush()
