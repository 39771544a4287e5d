"""Which duty of a letter is which task that is tracked under it already: one to one, the surest first. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import token_set_ratio

from planner.plain_text import plain
from planner.plan_draft import TaskDraft

ALIKE = 75.0
"""Of 100: enough for a title where the code or the place says the same."""

SURELY_ALIKE = 88.0
"""Enough where only the units say the same."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A task as it is compared."""

    task: TaskDraft
    title: str
    place: tuple[str, ...]


def same_tasks(read: Sequence[TaskDraft], tracked: Sequence[TaskDraft]) -> dict[int, int]:
    """For each place in `read` the place in `tracked` it is; who is in neither was added, or is missing.

    First the same code under a title alike, then the same place, then alike titles of units in common; at last the
    same code or place with units in common, for a clerk may have put the title, and the place ("mục 2, ý 1" is
    "2-1"), into words of their own.
    """
    left = [_Said(task, plain(task.title), _place(task.place)) for task in read]
    right = [_Said(task, plain(task.title), _place(task.place)) for task in tracked]
    found: dict[int, int] = {}
    for is_same in (_code_and_title, _place_and_title, _title_and_units, _code_and_units):
        scored = sorted(_scores(left, right, found, is_same), key=lambda each: (-each[0], each[1], each[2]))
        for _score, mine, theirs in scored:
            if mine not in found and theirs not in found.values():
                found[mine] = theirs
    return found


def _scores(
    left: Sequence[_Said], right: Sequence[_Said], found: dict[int, int], score: Callable[[_Said, _Said], float]
) -> Iterable[tuple[float, int, int]]:
    taken = set(found.values())
    for mine, one in enumerate(left):
        for theirs, other in enumerate(right):
            if mine not in found and theirs not in taken and (value := score(one, other)):
                yield value, mine, theirs


def _code_and_title(one: _Said, other: _Said) -> float:
    return _at_least(ALIKE, one, other) if one.task.code == other.task.code else 0.0


def _place_and_title(one: _Said, other: _Said) -> float:
    return _at_least(ALIKE, one, other) if _is_same_place(one, other) else 0.0


def _title_and_units(one: _Said, other: _Said) -> float:
    return _at_least(SURELY_ALIKE, one, other) if set(one.task.lead) & set(other.task.lead) else 0.0


def _code_and_units(one: _Said, other: _Said) -> float:
    is_there = one.task.code == other.task.code or _is_same_place(one, other)
    return 1.0 + _alike(one, other) if is_there and set(one.task.lead) & set(other.task.lead) else 0.0


def _is_same_place(one: _Said, other: _Said) -> bool:
    """The shorter may leave out what lies above it: "dòng 5" of the table that the other calls "Bảng.I.5"."""
    shorter, longer = sorted((one.place, other.place), key=len)
    return bool(shorter) and longer[-len(shorter) :] == shorter


def _at_least(least: float, one: _Said, other: _Said) -> float:
    score = _alike(one, other)
    return score if score >= least else 0.0


def _alike(one: _Said, other: _Said) -> float:
    return token_set_ratio(one.title, other.title)


def _place(text: str) -> tuple[str, ...]:
    """The numbers and letters of a place, without the words that name their kind."""
    return tuple(part for part in plain(text.replace("đ", "dd")).split() if part not in _KINDS_OF_PLACES)


_KINDS_OF_PLACES = frozenset(
    {
        "bang", "cong", "cot", "dau", "diem", "doan", "dong", "gach", "ket", "khoan", "luc", "muc", "phan", "phu", "so",
        "thu", "tieu", "y",
    }
)  # fmt: skip
"""Words that say what kind of place a number is; "phân công" is the name of many a table."""
