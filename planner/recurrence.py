"""Periods of a recurring duty, each computed from the anchor so that the 31st and 29/02 clamp and come back."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge

from models.terms import Boundary, Frequency

MONTHS_PER_QUARTER = 3
DECEMBER = 12
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Quy tắc lặp lại: "trước ngày 05/11 hằng năm" is YEARLY, BEFORE, month 11, day 5.

    `day` None is the last day of the month; 29-31 clamp to a shorter month and come back in the next one
    (BLDS 2015, Điều 148 khoản 3). `month` is 1-12 for YEARLY (None: December), 1-3 for QUARTERLY, the month within
    the quarter (None: the last), and nothing otherwise. `weekday` is 0 for Monday, WEEKLY only (None: Friday).
    """

    frequency: Frequency
    boundary: Boundary
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Một kỳ: its key ("2024", "2024-11", "2024-Q4", "2024-W45") and the day the rule names in it.

    With BEFORE the last valid day is the day before `named_on`; `planner.deadlines.resolve` decides that.
    """

    period_key: str
    named_on: date


def occurrences(rule: Recurrence, *, since: date, until: date) -> Iterator[Occurrence]:
    """Every period of the rule whose named day lies in [since, until], in order."""
    periods = _weeks(rule, since, until) if rule.frequency is Frequency.WEEKLY else _months(rule, since, until)
    return (period for period in periods if since <= period.named_on <= until)


def occurrences_of(rules: tuple[Recurrence, ...], *, since: date, until: date) -> Iterator[Occurrence]:
    """Periods of several rules under one phrase, in order, keys kept apart: "2024-1" and "2024-2".

    The number is the rule's place in the calendar year, not in the sentence, so rewording never renames a period.
    """
    if len(rules) == 1:
        return occurrences(rules[0], since=since, until=until)
    in_year_order = sorted(set(rules), key=lambda rule: (rule.month or DECEMBER, rule.day or 31, rule.weekday or 0))
    numbered = [
        _numbered(occurrences(rule, since=since, until=until), number) for number, rule in enumerate(in_year_order, 1)
    ]
    return iter(merge(*numbered, key=lambda period: (period.named_on, period.period_key)))


def _numbered(periods: Iterator[Occurrence], number: int) -> Iterator[Occurrence]:
    return (Occurrence(f"{period.period_key}-{number}", period.named_on) for period in periods)


def _months(rule: Recurrence, since: date, until: date) -> Iterator[Occurrence]:
    """One named day in every month, quarter or year from that of `since` to that of `until`."""
    for year in range(since.year, until.year + 1):
        for month, key in _named_months(rule, year):
            yield Occurrence(key, clamped(year, month, rule.day))


def _named_months(rule: Recurrence, year: int) -> list[tuple[int, str]]:
    if rule.frequency is Frequency.YEARLY:
        return [(rule.month or DECEMBER, f"{year:04d}")]
    if rule.frequency is Frequency.QUARTERLY:
        offset = rule.month or MONTHS_PER_QUARTER
        return [((quarter - 1) * MONTHS_PER_QUARTER + offset, f"{year:04d}-Q{quarter}") for quarter in range(1, 5)]
    return [(month, f"{year:04d}-{month:02d}") for month in range(1, 13)]


def _weeks(rule: Recurrence, since: date, until: date) -> Iterator[Occurrence]:
    weekday = FRIDAY if rule.weekday is None else rule.weekday
    ahead = (weekday - since.weekday()) % 7
    for days in range(ahead, (until - since).days + 1, 7):
        day = since + timedelta(days=days)
        year, week, _ = day.isocalendar()
        yield Occurrence(f"{year:04d}-W{week:02d}", day)


def clamped(year: int, month: int, day: int | None) -> date:
    """This day of this month, or the month's last day when it has no such day or none was asked for."""
    last = monthrange(year, month)[1]
    return date(year, month, last if day is None else min(day, last))
