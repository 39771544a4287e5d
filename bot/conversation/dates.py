"""The day asked for in "xin lùi đến 8/11 vì …", or none: a wrong date is worse than a question to the coordinator."""

import re
from datetime import date

from bot.conversation.understand import fold_in_place
from models.terms import BeforeReading, DeadlineKind
from planner.deadlines import read_deadline
from planner.workdays import WorkCalendar

_DAY = (
    r"(?:[0-9]{1,2}\s?[/\-.]\s?[0-9]{1,2}(?:\s?[/\-.]\s?(?:20[0-9]{2}|[0-9]{2}))?"
    r"|[0-9]{1,2} thang [0-9]{1,2}(?: nam 20[0-9]{2})?)"
)
_UNTIL = re.compile(rf"\b(?:den|toi|sang|qua)\s(?:het\s)?(?:ngay\s)?(?P<day>{_DAY})(?![0-9/\-]|\.[0-9])")
_ANY_DAY = re.compile(rf"(?<![0-9/\-.]){_DAY}(?![0-9/\-]|\.[0-9])")


def requested_day(words: str, *, today: date, calendar: WorkCalendar) -> date | None:
    """The last day asked for, when exactly one day is named, after "đến", and it is read without doubt."""
    folded = fold_in_place(" ".join(words.split()))
    named = _UNTIL.search(folded)
    if named is None or len(_ANY_DAY.findall(folded)) != 1:
        return None
    reading = read_deadline(f"đến ngày {named['day']}", base_on=today, calendar=calendar, before=BeforeReading.STRICT)
    if reading.ask or reading.kind is not DeadlineKind.FIXED:
        return None
    return reading.last_valid_on
