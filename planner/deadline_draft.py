"""What a form gives back before the day-off rule, and what it may know."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from models.terms import BeforeReading, Boundary, DeadlineKind
from planner.recurrence import Recurrence
from planner.workdays import WorkCalendar

LONGEST_SILENT_WAIT = timedelta(days=183)
"""A day without a year that lands further off than this is asked about: the writer may have meant the past one."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know besides the words. `text` is the whole folded phrase."""

    text: str
    base_on: date
    calendar: WorkCalendar
    before: BeforeReading


@dataclass(frozen=True, slots=True)
class Draft:
    """A reading before the day-off rule. `last_valid_on` is given only where it is not `due_on` less "trước"."""

    kind: DeadlineKind
    why: str
    boundary: Boundary | None = None
    due_on: date | None = None
    last_valid_on: date | None = None
    due_time: time | None = None
    ask: bool = False
    recurrences: tuple[Recurrence, ...] = ()
    amount: int | None = None
    event: str | None = None
    starts_on: date | None = None
    can_roll: bool = False


Read = Callable[[re.Match[str], Context], Draft | None]


@dataclass(frozen=True, slots=True)
class Form:
    """Một dạng thời hạn: an example, the rule it carries out, its pattern and its reader.

    A strong form names its own day or event; two strong forms that disagree in one phrase are asked about. A weak
    one (tháng 11/2026, thường xuyên) yields to any strong one.
    """

    name: str
    example: str
    rule: str
    pattern: re.Pattern[str]
    read: Read
    is_strong: bool = False


def vietnamese(day: date) -> str:
    """05/11/2026."""
    return f"{day:%d/%m/%Y}"


def asked(kind: DeadlineKind, why: str, *, boundary: Boundary | None = None, event: str | None = None) -> Draft:
    return Draft(kind, why, boundary=boundary, ask=True, event=event)
