"""What Telegram knows (chats, messages, undelivered updates) and what people do in it; no HTTP here."""

import asyncio
import itertools
import json
import re
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from models.clock import Clock, system_clock
from tests.fakes.telegram_html import utf16_length
from tests.fakes.telegram_limits import Limits

UPDATE_LIFETIME = timedelta(hours=24)
QUIET_UPDATES = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Update types a bot gets only when it asks for them by name."""

_COMMAND = re.compile(r"(?<![\w/])/\w{1,32}(?:@(\w+))?")


@dataclass
class Chat:
    """`standing` is how the bot stands in it; anything but "open" refuses its messages."""

    id: int
    type: Literal["private", "group", "supergroup"]
    name: str
    username: str | None = None
    standing: Literal["open", "blocked", "deactivated", "kicked", "moved"] = "open"
    moved_to: int | None = None
    members: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        known = {"id": self.id, "type": self.type, ("first_name" if self.id > 0 else "title"): self.name}
        return known | ({"username": self.username} if self.username else {})

    def as_user(self) -> dict[str, Any]:
        user = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "vi"}
        return user | ({"username": self.username} if self.username else {})


@dataclass(frozen=True)
class Delivered:
    """One message that reached a chat, as it arrived (later edits are in `edits`)."""

    at: datetime
    chat_id: int
    message_id: int
    text: str
    buttons: list[list[tuple[str, str]]]
    entities: list[dict]
    reply_to: int | None = None
    method: str = "sendMessage"
    file_name: str | None = None

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label, _ in row]


@dataclass(frozen=True)
class Edited:
    at: datetime
    chat_id: int
    message_id: int
    text: str
    buttons: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Call:
    """One request of the bot and how it was answered; `status` is None where the connection was cut instead."""

    at: datetime
    method: str
    params: dict[str, Any]
    status: int | None
    description: str | None = None


@dataclass
class Tap:
    """A person's tap on a button, as the answer to it must find it."""

    at: datetime
    answer: str | None = None
    is_answered: bool = False


@dataclass(frozen=True)
class StoredFile:
    name: str
    content: bytes
    mime_type: str


@dataclass
class Pending:
    at: datetime
    update: dict[str, Any]


class World:
    """State of one bot's Telegram. Every assertion a test makes reads it; every act of a person writes it."""

    def __init__(
        self,
        *,
        token: str,
        clock: Clock = system_clock,
        limits: Limits | None,
        callback_lifetime: timedelta,
        first_update_id: int,
        reads_all_group_messages: bool,
        log: Path | None,
    ) -> None:
        self.token = token
        self.clock = clock
        self.limits = limits
        self.callback_lifetime = callback_lifetime
        self.bot_id = int(token.partition(":")[0])
        self.me = {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": "Đôn Đốc",
            "username": "don_doc_bot",
        }
        self.reads_all_group_messages = reads_all_group_messages
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: list[dict[str, str]] = []
        self.actions: list[tuple[int, str]] = []
        self.taps: dict[str, Tap] = {}
        self.pending: list[Pending] = []
        self.transcript: list[Delivered] = []
        self.edits: list[Edited] = []
        self.calls: list[Call] = []
        self.allowed_updates: list[str] = []
        self.arrived = asyncio.Event()
        self._log = log.open("a", encoding="utf-8") if log else None
        self._next_update_id = first_update_id
        self._message_ids: defaultdict[int, itertools.count] = defaultdict(lambda: itertools.count(1))
        self._serials = itertools.count(1)

    # what a test sets up

    def add_person(self, chat_id: int, name: str = "Nguyễn Văn An", *, username: str | None = None) -> Chat:
        """A person who has pressed Start. Without this (or a word from them) the chat is not found."""
        return self.chats.setdefault(chat_id, Chat(chat_id, "private", name, username))

    def add_group(
        self,
        chat_id: int,
        title: str = "UBND xã",
        *,
        members: tuple[int, ...] = (501,),
        kind: Literal["group", "supergroup"] = "supergroup",
    ) -> Chat:
        """A group the bot is in; its members need not have opened a private chat."""
        chat = Chat(chat_id, kind, title, members=list(members))
        return self.chats.setdefault(chat_id, chat)

    def jump_update_ids(self, to: int) -> None:
        """What Telegram does after a quiet week: the next update id is a random one, higher or lower."""
        self._next_update_id = to

    # what people do

    def person_says(
        self, chat_id: int, text: str, *, reply_to: int | None = None, sender: int | None = None
    ) -> dict[str, Any]:
        """The message as stored. In a group the bot hears it only if privacy mode lets it (as Telegram does)."""
        chat = self._chat_of_person(chat_id)
        message = self._message_from(chat, sender) | {"text": text}
        if entities := _command_entities(text):
            message["entities"] = entities
        if reply_to is not None:
            message["reply_to_message"] = self._quoted(chat_id, reply_to)
        self.messages[chat_id, message["message_id"]] = message
        if self._is_heard(chat, message):
            self.push_update("message", message)
        return message

    def person_sends_file(
        self,
        chat_id: int,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        mime_type: str = "application/pdf",
        kind: str = "document",
        album: str | None = None,
        declared: int | None = None,
        reply_to: int | None = None,
    ) -> dict[str, Any]:
        """As a document, photo, voice ...; `declared`: the size Telegram claims, whatever the bytes are."""
        chat = self._chat_of_person(chat_id)
        file = self.keep_file(name, content, mime_type)
        if declared is not None:
            file["file_size"] = declared
        message = self._message_from(chat, None)
        if kind == "photo":
            thumbnail = self.keep_file("", b"\xff\xd8\xff thumbnail", "image/jpeg") | {"width": 90, "height": 60}
            sizes = [thumbnail, file | {"width": 1280, "height": 960}]
            message |= {kind: [{key: size[key] for key in size if "name" not in key} for size in sizes]}
        elif kind == "voice":
            message |= {kind: {key: file[key] for key in file if key != "file_name"} | {"duration": 3}}
        elif kind == "video":
            message |= {kind: file | {"width": 640, "height": 480, "duration": 3}}
        else:
            message |= {kind: file}
        if caption:
            message["caption"] = caption
        if album is not None:
            message["media_group_id"] = album
        if reply_to is not None:
            message["reply_to_message"] = self._quoted(chat_id, reply_to)
        self.messages[chat_id, message["message_id"]] = message
        self.push_update("message", message)
        return message

    def person_edits(self, chat_id: int, message_id: int, text: str) -> dict[str, Any]:
        """The words, or the caption of a file."""
        message = self.messages[chat_id, message_id]
        message |= {"text" if "text" in message else "caption": text, "edit_date": self._unix_time()}
        self.push_update("edited_message", message)
        return message

    def person_taps(self, chat_id: int, message_id: int, button: str, *, sender: int | None = None) -> str:
        """Taps the button with this label or data; returns the id under which the answer is kept in `taps`."""
        message = self.messages[chat_id, message_id]
        data = _button_data(message, button)
        query_id = str(4_000_000_000_000 + next(self._serials))
        self.taps[query_id] = Tap(at=self.clock())
        query = {"id": query_id, "from": self._user(self.chats[chat_id], sender), "message": message}
        self.push_update("callback_query", query | {"chat_instance": str(chat_id), "data": data})
        return query_id

    def person_blocks(self, chat_id: int) -> None:
        self._bot_membership(self.chats[chat_id], "blocked", old="member", new="kicked")

    def person_unblocks(self, chat_id: int) -> None:
        self._bot_membership(self.chats[chat_id], "open", old="kicked", new="member")

    def account_deleted(self, chat_id: int) -> None:
        self.chats[chat_id].standing = "deactivated"

    def group_kicks_bot(self, chat_id: int) -> None:
        self._bot_membership(self.chats[chat_id], "kicked", old="member", new="kicked")

    def migrates(self, chat_id: int, new_id: int) -> None:
        """The group becomes a supergroup: the old id answers with the new one ever after."""
        old = self.chats[chat_id]
        old.standing, old.moved_to = "moved", new_id
        new = self.add_group(new_id, old.name, members=tuple(old.members))
        self.push_update("message", self._message_from(old, None) | {"migrate_to_chat_id": new_id})
        self.push_update("message", self._message_from(new, None) | {"migrate_from_chat_id": chat_id})

    # what a test reads

    def message(self, chat_id: int, message_id: int) -> dict[str, Any]:
        """A message as it stands now, edits included."""
        return self.messages[chat_id, message_id]

    def sent_to(self, chat_id: int) -> list[Delivered]:
        return [message for message in self.transcript if message.chat_id == chat_id]

    def texts(self, chat_id: int) -> list[str]:
        return [message.text for message in self.sent_to(chat_id)]

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method.lower()]

    # what the Bot API does with it

    def push_update(self, kind: str, payload: dict[str, Any]) -> None:
        if not self._is_allowed(kind):
            return
        update = {"update_id": self._next_update_id, kind: json.loads(json.dumps(payload))}
        self.pending.append(Pending(self.clock(), update))
        self._next_update_id += 1
        self.arrived.set()

    def unexpired(self) -> list[dict[str, Any]]:
        """Undelivered updates; those nobody fetched within a day are gone."""
        oldest = self.clock() - UPDATE_LIFETIME
        self.pending = [waiting for waiting in self.pending if waiting.at > oldest]
        return [waiting.update for waiting in self.pending]

    def confirm_below(self, offset: int) -> None:
        """An offset more than a little past the end is taken for a mistake and confirms nothing."""
        if offset <= self._next_update_id + 10:
            self.pending = [waiting for waiting in self.pending if waiting.update["update_id"] >= offset]

    def deliver(self, chat: Chat, content: dict[str, Any], *, method: str, reply_to: int | None) -> dict[str, Any]:
        """Puts a message of the bot into a chat: on record before anybody is answered."""
        message = self._new_message(chat, self.me) | content
        if reply_to is not None:
            message["reply_to_message"] = self._quoted(chat.id, reply_to)
        self.messages[chat.id, message["message_id"]] = message
        delivered = Delivered(
            at=self.clock(),
            chat_id=chat.id,
            message_id=message["message_id"],
            text=message.get("text", message.get("caption", "")),
            buttons=_buttons(message),
            entities=message.get("entities", message.get("caption_entities", [])),
            reply_to=reply_to,
            method=method,
            file_name=message.get("document", {}).get("file_name"),
        )
        self.transcript.append(delivered)
        self.write_log("delivered", asdict(delivered))
        return message

    def edit(self, message: dict[str, Any]) -> dict[str, Any]:
        message["edit_date"] = self._unix_time()
        chat_id, message_id = message["chat"]["id"], message["message_id"]
        edited = Edited(self.clock(), chat_id, message_id, message.get("text", ""), _buttons(message))
        self.edits.append(edited)
        self.write_log("edited", asdict(edited))
        return message

    def record_call(self, call: Call) -> None:
        self.calls.append(call)
        self.write_log("call", asdict(call))

    def keep_file(self, name: str, content: bytes, mime_type: str) -> dict[str, Any]:
        file_id = f"file-{next(self._serials)}"
        self.files[file_id] = StoredFile(name, content, mime_type)
        return {
            "file_id": file_id,
            "file_unique_id": f"unique-{file_id}",
            "file_name": name,
            "mime_type": mime_type,
            "file_size": len(content),
        }

    def write_log(self, kind: str, fields: dict[str, Any]) -> None:
        if self._log is not None:
            self._log.write(json.dumps({"kind": kind} | fields, ensure_ascii=False, default=str) + "\n")
            self._log.flush()

    def close_log(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None

    def _is_allowed(self, kind: str) -> bool:
        return kind in self.allowed_updates if self.allowed_updates else kind not in QUIET_UPDATES

    def _is_heard(self, chat: Chat, message: dict[str, Any]) -> bool:
        if chat.standing in {"blocked", "kicked", "moved"}:
            return False
        if chat.type == "private" or self.reads_all_group_messages:
            return True
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        command = _COMMAND.match(message["text"])
        is_for_us = command is not None and command[1] in {None, self.me["username"]}
        return is_for_us or replied == self.bot_id or f"@{self.me['username']}" in message["text"]

    def _bot_membership(self, chat: Chat, standing: Any, *, old: str, new: str) -> None:
        chat.standing = standing
        self.push_update(
            "my_chat_member",
            {
                "chat": chat.as_json(),
                "from": self._user(chat, None),
                "date": self._unix_time(),
                "old_chat_member": {"user": self.me, "status": old},
                "new_chat_member": {"user": self.me, "status": new, "until_date": 0},
            },
        )

    def _chat_of_person(self, chat_id: int) -> Chat:
        return self.add_person(chat_id) if chat_id > 0 else self.chats[chat_id]

    def _user(self, chat: Chat, sender: int | None) -> dict[str, Any]:
        if chat.type == "private":
            return chat.as_user()
        person = sender if sender is not None else chat.members[0]
        return self.chats.get(person, Chat(person, "private", f"Thành viên {person}")).as_user()

    def _message_from(self, chat: Chat, sender: int | None) -> dict[str, Any]:
        return self._new_message(chat, self._user(chat, sender))

    def _new_message(self, chat: Chat, author: dict[str, Any]) -> dict[str, Any]:
        # supergroups number their own messages, so the same id lives in several chats
        numbering = chat.id if chat.type == "supergroup" else 0
        return {
            "message_id": next(self._message_ids[numbering]),
            "from": author,
            "chat": chat.as_json(),
            "date": self._unix_time(),
        }

    def _quoted(self, chat_id: int, message_id: int) -> dict[str, Any]:
        quoted = self.messages[chat_id, message_id]
        return {key: value for key, value in quoted.items() if key != "reply_to_message"}

    def _unix_time(self) -> int:
        return int(self.clock().timestamp())


def _command_entities(text: str) -> list[dict]:
    return [
        {"type": "bot_command", "offset": utf16_length(text[: found.start()]), "length": utf16_length(found[0])}
        for found in _COMMAND.finditer(text)
    ]


def _buttons(message: dict[str, Any]) -> list[list[tuple[str, str]]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[(key["text"], key.get("callback_data") or key.get("url", "")) for key in row] for row in rows]


def _button_data(message: dict[str, Any], wanted: str) -> str:
    for row in _buttons(message):
        for label, data in row:
            if wanted in {label, data}:
                return data
    raise LookupError(f"no button {wanted!r} under message {message['message_id']}")
