"""What Zalo brings, in every shape it has been seen to bring it, as one value; each liberty taken is named here.

Polling and webhook bring the same update: wrapped in {ok, result} or bare, one or (perhaps) several in a list.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST_ID = 64
"""What our tables keep of an id; Zalo's are hexadecimal numbers of about 20 digits."""

NO_CHAT = "0"
"""The lane of what comes from no chat that could be."""

_ID = re.compile(r"[0-9A-Za-z_.:-]{1,64}")
_PHOTO_FIELDS = ("photo", "photo_url")  # the documents name one, bots in the wild saw the other
_QUOTE_FIELDS = ("reply_to_message", "quoted_message", "quote")  # none is documented
_OTHER_CONTENT = ("sticker", "voice_url", "voice", "url")
_PRIVATE, _GROUP = "PRIVATE", "GROUP"
_LARGEST_NESTING = 4


class Kind(StrEnum):
    """Loại nội dung."""

    TEXT = "text"
    PHOTO = "photo"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ZaloUpdate:
    """Một tin tới. `chat` None: from nobody who could be answered. `is_echo`: said by a bot, most likely by us.

    `what` is the content's own name for the record ("sticker", "unsupported"), never its words.
    """

    kind: Kind
    chat: str | None
    sender: str | None
    is_group: bool
    is_echo: bool
    message_id: str | None
    text: str = ""
    photo_url: str | None = None
    what: str = ""
    reply_to: str | None = None


def single_updates(answer: object) -> list[dict[str, Any]]:
    """The updates of a body or of a poll's answer, unwrapped, in order; what is no object is left out."""
    return list(_unwrapped(answer, _LARGEST_NESTING))


def _unwrapped(answer: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(answer, list):
        for each in answer:
            yield from _unwrapped(each, depth - 1)
    elif isinstance(answer, dict):
        if "message" not in answer and "event_name" not in answer and isinstance(answer.get("result"), dict | list):
            yield from _unwrapped(answer["result"], depth - 1)
        elif answer.keys() - {"ok", "result", "error_code", "description"}:
            yield answer


def update_key(update: Mapping[str, Any]) -> str:
    """What makes it the same update when it comes again: the message's id, else a hash of all that it says.

    With its chat, for nobody promises that ids are unique across chats, and a message taken for another is lost.
    """
    message_id = _id(_message(update).get("message_id"))
    if message_id is not None and len(key := f"{lane_of(update)}:{message_id}") <= LONGEST_ID:
        return key
    return f"sha256:{hashlib.sha256(as_text(update).encode()).hexdigest()[:40]}"


def lane_of(update: Mapping[str, Any]) -> str:
    """The chat, so that what is said in it is heard in order."""
    return _id(_object(_message(update).get("chat")).get("id")) or NO_CHAT


def as_text(update: Mapping[str, Any]) -> str:
    """The update as the inbox stores it; half a surrogate, which no database takes, stays escaped."""
    text = json.dumps(update, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(update, separators=(",", ":"), sort_keys=True)
    return text


def read_update(body: str) -> ZaloUpdate | None:
    """None for what is no update at all. Never raises, whatever Zalo invents next."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return _read(update) if isinstance(update, dict) and _message(update) else None


def _read(update: Mapping[str, Any]) -> ZaloUpdate:
    message = _message(update)
    sender = _object(message.get("from"))
    chat, said_by = _id(_object(message.get("chat")).get("id")), _id(sender.get("id"))
    is_group = _is_group(message, chat, said_by)
    if not is_group:
        chat = chat or said_by
        said_by = said_by or chat
    text, photo = _words(message.get("text")), _photo(message)
    caption = _words(message.get("caption"))
    kind, what = _kind(update, message, text, photo)
    return ZaloUpdate(
        kind=kind,
        chat=chat,
        sender=said_by,
        is_group=is_group,
        is_echo=sender.get("is_bot") in (True, "true", 1),
        message_id=_id(message.get("message_id")),
        text=text or caption,
        photo_url=photo,
        what=what,
        reply_to=_quoted(message),
    )


def _message(update: Mapping[str, Any]) -> dict[str, Any]:
    """The message; a flat body is its own message."""
    message = update.get("message")
    if isinstance(message, dict):
        return message
    if isinstance(update.get("chat"), dict) or isinstance(update.get("from"), dict):
        return dict(update)
    return {}


def _kind(update: Mapping[str, Any], message: Mapping[str, Any], text: str, photo: str | None) -> tuple[Kind, str]:
    """By what is there, not by the event's name: names may be added, and a name may lack its content."""
    event = update.get("event_name")
    name = event.split(".")[1] if isinstance(event, str) and event.count(".") == 2 else ""  # noqa: PLR2004 -- a.b.c
    name = name if re.fullmatch(r"[a-z_]{1,30}", name) else ""
    if photo is not None:
        return Kind.PHOTO, "photo"
    if text:
        return Kind.TEXT, "text"
    if name and name != "text":
        return Kind.OTHER, name
    content = next((field for field in _OTHER_CONTENT if message.get(field)), None)
    return (Kind.OTHER, content) if content else (Kind.NOTHING, name or "nothing")


def _is_group(message: Mapping[str, Any], chat: str | None, said_by: str | None) -> bool:
    """As it says; where it says nothing, a chat that is not its speaker is a group."""
    kind = str(_object(message.get("chat")).get("chat_type") or _object(message.get("chat")).get("type") or "").upper()
    if kind in {_PRIVATE, _GROUP}:
        return kind == _GROUP
    return chat is not None and said_by is not None and chat != said_by


def _photo(message: Mapping[str, Any]) -> str | None:
    """An address, or an object or a list that holds one."""
    for field in _PHOTO_FIELDS:
        value: Any = message.get(field)
        if isinstance(value, list) and value:
            value = value[-1]
        if isinstance(value, dict):
            value = value.get("url") or value.get("photo_url")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _quoted(message: Mapping[str, Any]) -> str | None:
    return next(
        (_id(_object(message.get(field)).get("message_id")) for field in _QUOTE_FIELDS if field in message), None
    )


def _words(value: object) -> str:
    """NFC, and without halves of surrogates."""
    return unicodedata.normalize("NFC", value.encode("utf-8", "replace").decode()) if isinstance(value, str) else ""


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(value: object) -> str | None:
    """An id that can be one of ours; Zalo writes them as strings, a number would do."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**LONGEST_ID else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None
