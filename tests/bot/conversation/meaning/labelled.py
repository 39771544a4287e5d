"""The labelled lines: what each means, on which day and under which deadline it was said."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from bot.conversation.meaning import Intent, Meaning, read_answer
from planner.deadlines import read_deadline
from planner.workdays import WorkCalendar

HERE = Path(__file__).parent
CALENDAR = WorkCalendar()
HELD_OUT = ("held_out", *(f"held_out_{number}" for number in range(2, 19)))
"""Sets each scored before any rule was changed for them; docs/understanding.md has those first figures."""
TYPED = ("typed", "typed_2")
"""Lines of the other sets once more, as typed in haste."""


@dataclass(frozen=True)
class Labelled:
    """One line and what a person says it means."""

    text: str
    intent: Intent
    percent: int | None
    requested_on: date | None
    document_no: str | None
    today: date
    last_valid_on: date | None

    @property
    def slots(self) -> tuple[int | None, date | None, str | None]:
        return self.percent, self.requested_on, self.document_no


@lru_cache
def labelled(name: str) -> tuple[Labelled, ...]:
    """The lines of `dev` or of a set in `HELD_OUT`."""
    lines: list[Labelled] = []
    today, last, intent = date(2026, 11, 2), None, Intent.UNKNOWN
    for row in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("# "):
            continue
        if row.startswith("@ "):
            _, day, phrase = row.split(" ", 2)
            today = date.fromisoformat(day)
            last = None if phrase == "-" else _last_valid(phrase, today)
        elif match := re.fullmatch(r"\[(\w+)\]", row):
            intent = Intent(match[1])
        else:
            text, _, slots = row.partition(" => ")
            lines.append(Labelled(text, intent, *_slots(slots), today, last))
    return tuple(lines)


def _last_valid(phrase: str, today: date) -> date:
    reading = read_deadline(phrase, base_on=today, calendar=CALENDAR)
    assert reading.last_valid_on is not None, phrase
    return reading.last_valid_on


def _slots(text: str) -> tuple[int | None, date | None, str | None]:
    percent = requested = document = None
    for slot in text.split():
        if match := re.fullmatch(r"(\d+)%", slot):
            percent = int(match[1])
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", slot):
            requested = date.fromisoformat(slot)
        else:
            document = slot
    return percent, requested, document


def read(line: Labelled, text: str | None = None) -> Meaning:
    if text is not None:
        return _read(text, line.today, line.last_valid_on)
    return _read_as_it_stands(line.text, line.today, line.last_valid_on)


def _read(text: str, today: date, last_valid_on: date | None) -> Meaning:
    return read_answer(text, today=today, last_valid_on=last_valid_on, calendar=CALENDAR)


_read_as_it_stands = lru_cache(None)(_read)
"""A line is read by many tests; what is made of it, by one."""
