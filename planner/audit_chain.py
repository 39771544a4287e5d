"""The chain of the record: what each event is bound to, so that a row changed, removed, added or moved is found."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FORGOTTEN = "person-forgotten"
"""The event that permits the words of one person to be missing."""

_BOUND = ("person_id", "channel", "action", "assignment_id", "role", "before", "after", "said_digest", "previous_hash")
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Fault(StrEnum):
    """Chỗ hỏng của một dòng nhật ký."""

    UNCHAINED = "unchained"
    NOT_AFTER_PREVIOUS = "not-after-previous"
    CHANGED = "changed"
    WORDS_CHANGED = "words-changed"
    WORDS_MISSING = "words-missing"
    ANCHOR_MISSING = "anchor-missing"


@dataclass(frozen=True, slots=True)
class Break:
    """Dòng hỏng đầu tiên, và hỏng thế nào."""

    event_id: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Anchor:
    """Mốc: one event noted down outside the database. A chain alone cannot tell that its newest rows were cut off."""

    event_id: int
    event_hash: str

    def __str__(self) -> str:
        return f"{self.event_id}:{self.event_hash}"


def hash_words(said: str, salt: str) -> str:
    """Short words could be guessed from a bare digest; once the salt is erased too, not even that."""
    return hashlib.sha256(f"{salt}:{said}".encode()).hexdigest()


def hash_event(event: Mapping[str, Any]) -> str:
    """Of everything but the words, which are there by `said_digest`, and the number, which the database gives."""
    bound: dict[str, Any] = {name: event[name] for name in _BOUND}
    at: datetime = event["at"]
    bound["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(_canonical(bound).encode()).hexdigest()


def as_stored(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a database gives back of a JSON value: keys are text, tuples are lists."""
    return None if value is None else json.loads(json.dumps(value, ensure_ascii=False))


@dataclass
class Walk:
    """Một lượt soát: give it every event in the order of its number. Rows from before there was a chain are passed."""

    events: int = 0
    unchained: int = 0
    head: Anchor | None = None
    _erased: dict[int | None, int] = field(default_factory=dict)

    def step(self, event: Mapping[str, Any]) -> Fault | None:
        self.events += 1
        if event["event_hash"] is None and self.head is None and event["previous_hash"] is None:
            self.unchained += 1
            return None
        fault = self._fault(event)
        if fault is None:
            self.head = Anchor(event["id"], event["event_hash"])
            self._note_erased(event)
        return fault

    def finish(self) -> Break | None:
        """Words may be missing only of somebody who was forgotten afterwards."""
        return Break(min(self._erased.values()), Fault.WORDS_MISSING) if self._erased else None

    def _fault(self, event: Mapping[str, Any]) -> Fault | None:
        if event["event_hash"] is None:
            return Fault.UNCHAINED
        if event["previous_hash"] != (self.head.event_hash if self.head else None):
            return Fault.NOT_AFTER_PREVIOUS
        if event["event_hash"] != hash_event(event):
            return Fault.CHANGED
        said, salt, digest = event["said"], event["said_salt"], event["said_digest"]
        if said is not None and (salt is None or hash_words(said, salt) != digest):
            return Fault.WORDS_CHANGED
        return None

    def _note_erased(self, event: Mapping[str, Any]) -> None:
        if event["said"] is None and event["said_digest"] is not None:
            self._erased.setdefault(event["person_id"], event["id"])
        if event["action"] == FORGOTTEN:
            self._erased.pop(event["person_id"], None)
