"""What an Official Account's webhook brings, as one value; each liberty taken with its shape is named here."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST_ID = 64
NO_CHAT = "0"
"""The lane of what comes from no chat that could be."""

_ID = re.compile(r"[0-9A-Za-z_.:-]{1,64}")
_EVENT = re.compile(r"[a-z_]{1,40}")
_GROUP_FIELDS = ("group_id", "groupId")
_FILES = frozenset({"image", "file", "audio", "voice", "video", "gif", "sticker", "link", "location"})


class Kind(StrEnum):
    """Loại sự kiện."""

    TEXT = "text"
    FILE = "file"
    OTHER = "other"
    LEFT = "left"
    ECHO = "echo"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class OaUpdate:
    """Một sự kiện. `chat` is the group in a group, else the person; `what` the content's own name, never its words."""

    kind: Kind
    chat: str | None
    sender: str | None
    is_group: bool
    message_id: str | None
    text: str = ""
    what: str = ""
    file_url: str | None = None
    file_name: str = ""
    file_size: int = 0


def timestamp_of(update: Mapping[str, Any]) -> str:
    """As it stands in the body, which is how it was signed."""
    value = update.get("timestamp")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def update_key(update: Mapping[str, Any]) -> str:
    """The same event has the same key when it comes again: its message's id, else a hash of all that it says."""
    message_id = _id(_object(update.get("message")).get("msg_id"))
    if message_id is not None and len(key := f"{lane_of(update)}:{message_id}") <= LONGEST_ID:
        return key
    whole = json.dumps(update, separators=(",", ":"), sort_keys=True)
    return f"sha256:{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def lane_of(update: Mapping[str, Any]) -> str:
    """The chat, so that what is said in it is heard in order."""
    return _group(update) or _sender(update) or NO_CHAT


def is_group_event(update: Mapping[str, Any]) -> bool:
    return _group(update) is not None


def read_update(body: str) -> OaUpdate | None:
    """None for what is no event at all. Never raises, whatever Zalo invents next."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return _read(update) if isinstance(update, dict) and _event(update) else None


def _read(update: Mapping[str, Any]) -> OaUpdate:
    message = _object(update.get("message"))
    group = _group(update)
    kind, what = _kind(_event(update))
    file = _object(_object(_first(message.get("attachments"))).get("payload"))
    url = file.get("url") if kind is Kind.FILE else None
    return OaUpdate(
        kind=kind,
        chat=group or _sender(update),
        sender=_sender(update),
        is_group=group is not None,
        message_id=_id(message.get("msg_id")),
        text=_words(message.get("text")),
        what=what,
        file_url=url if isinstance(url, str) and url else None,
        file_name=_words(file.get("name")),
        file_size=_size(file.get("size")),
    )


def _kind(event: str) -> tuple[Kind, str]:
    """`user_send_text`, `user_send_group_image`, `oa_send_text` (our own words, come back), `unfollow`."""
    if event.startswith("oa_send"):
        return Kind.ECHO, event
    if event == "unfollow":
        return Kind.LEFT, event
    what = event.removeprefix("user_send_").removeprefix("group_")
    if not event.startswith("user_send_"):
        return Kind.NOTHING, event
    if what == "text":
        return Kind.TEXT, what
    if what in {"image", "file"}:
        return Kind.FILE, what
    return (Kind.OTHER, what) if what in _FILES else (Kind.OTHER, "unsupported")


def _event(update: Mapping[str, Any]) -> str:
    event = update.get("event_name")
    return event if isinstance(event, str) and _EVENT.fullmatch(event) else ""


def _group(update: Mapping[str, Any]) -> str | None:
    """Where the group's id stands is told nowhere for certain: beside the event, in its message, or as recipient."""
    if "_group_" not in _event(update):
        return None
    places = (update, _object(update.get("message")), _object(update.get("recipient")))
    named = (_id(place.get(field)) for place in places for field in _GROUP_FIELDS)
    return next(filter(None, named), None) or _id(_object(update.get("recipient")).get("id"))


def _sender(update: Mapping[str, Any]) -> str | None:
    who = _object(update.get("sender")) or _object(update.get("follower"))
    return _id(who.get("id"))


def _words(value: object) -> str:
    """NFC, and without halves of surrogates."""
    return unicodedata.normalize("NFC", value.encode("utf-8", "replace").decode()) if isinstance(value, str) else ""


def _size(value: object) -> int:
    try:
        return max(int(value), 0) if isinstance(value, str | int) else 0
    except ValueError:
        return 0


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**LONGEST_ID else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None
