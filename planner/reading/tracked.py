"""The same duty in two documents: found, so that it is linked and nobody is reminded twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.fuzz import token_set_ratio

from planner.plain_text import plain
from planner.reading.draft import Obligation

SAME_FROM = 88.0
"""Of 100, by the words of both titles; fewer takes two reports of one office for one."""


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
    title = plain(task.title)
    return max(token_set_ratio(title, plain(said)) for said in (obligation.title, obligation.spot.quote)) >= SAME_FROM
