"""The same duty in two documents: found, so that it is linked and nobody is reminded twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.fuzz import ratio, token_set_ratio

from planner.plain_text import plain
from planner.reading.draft import Obligation

SAME_FROM = 88.0
"""Of 100, by the words both titles have of their own; fewer takes two reports of one office for one."""

SAID_WHOLE_FROM = 60.0
"""Of 100, letter by letter: one word that both have is not enough where one of them says much more."""

_OF_DAYS = frozenset(
    {
        "ngay", "thang", "nam", "quy", "gio", "tuan", "truoc", "cham", "nhat", "han", "thoi", "hang", "moi", "dinh",
        "ky", "lan", "het", "cuoi", "dau", "i", "ii", "iii", "iv",
    }
)  # fmt: skip
_OF_ANY_DUTY = frozenset(
    {
        "bao", "cao", "ket", "qua", "thuc", "hien", "trien", "khai", "to", "chuc", "cong", "tac", "nhiem", "vu", "tinh",
        "hinh", "viec", "ve", "cac", "cua", "va", "theo", "tren", "dia", "ban", "hoan", "thanh",
    }
)  # fmt: skip
"""Words that any two duties share, alike as they are or not."""


@dataclass(frozen=True, slots=True)
class TrackedTask:
    """Nhiệm vụ đang theo dõi: what is needed to see it again in another letter."""

    code: str
    title: str
    lead_codes: frozenset[str]
    last_valid_on: date | None = None
    kind: str | None = None
    document_no: str | None = None


def same_duties(obligations: Sequence[Obligation], tracked: Sequence[TrackedTask]) -> tuple[Obligation, ...]:
    """The obligations, each with the code of the tracked task it repeats."""
    return tuple(replace(each, same_as=code) if (code := _same_as(each, tracked)) else each for each in obligations)


def _same_as(obligation: Obligation, tracked: Sequence[TrackedTask]) -> str | None:
    codes = {name.code for name in obligation.lead if name.code}
    if not obligation.is_tracked or not codes:
        return None
    for task in tracked:
        if codes & task.lead_codes and _is_due_alike(obligation, task) and _is_said_alike(obligation, task):
            return task.code
    return None


def _is_due_alike(obligation: Obligation, task: TrackedTask) -> bool:
    deadline = obligation.deadline
    if deadline.reading is not None and deadline.reading.recurrences:
        return deadline.kind is not None and deadline.kind.value == task.kind
    return deadline.last_valid_on == task.last_valid_on


def _is_said_alike(obligation: Obligation, task: TrackedTask) -> bool:
    title = _own_words(task.title)
    return any(_is_alike(title, _own_words(said)) for said in (obligation.title, obligation.spot.quote))


def _is_alike(one: str, other: str) -> bool:
    """Where nothing but days and words of any duty is left, nothing is known to be the same."""
    if not one or not other:
        return False
    return token_set_ratio(one, other) >= SAME_FROM and ratio(one, other) >= SAID_WHOLE_FROM


def _own_words(said: str) -> str:
    """Without numbers, days and the words of any duty."""
    words = (word for word in plain(said).split() if not any(map(str.isdigit, word)))
    return " ".join(word for word in words if word not in _OF_DAYS and word not in _OF_ANY_DUTY)
