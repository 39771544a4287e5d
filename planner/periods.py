"""Which periods a task has, computed from its rule and its plan's validity; opening them is `open_period`'s work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from models.terms import BeforeReading, Boundary, Frequency
from planner.deadlines import resolve
from planner.recurrence import Occurrence, Recurrence, occurrences
from planner.workdays import WorkCalendar

YEARLY_LEAD = timedelta(days=60)
"""A yearly duty opens two months ahead: its longest ladder begins thirty working days before."""

SEARCH_BEYOND = timedelta(days=100)
"""Deadlines this far after a day may already be open on it (a quarter opens with its first day)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Điều cần biết về một nhiệm vụ để tính các kỳ của nó.

    `valid_to` is the last day on which a period may still end; None = the plan runs on.
    """

    recurrences: tuple[Recurrence, ...]
    is_ongoing: bool
    boundary: Boundary | None
    due_on: date | None
    last_valid_on: date | None
    grace_until: date | None
    valid_from: date
    valid_to: date | None
    track_from: date


@dataclass(frozen=True, slots=True)
class PeriodDates:
    """Các mốc của một kỳ; every day here is computed, none is asked."""

    period_key: str
    opens_on: date
    due_on: date | None
    last_valid_on: date | None
    work_to: date | None
    grace_until: date | None
    ends_on: date | None

    @property
    def effective_on(self) -> date | None:
        return self.grace_until or self.last_valid_on


def periods_of(
    rule: Rule, *, until: date, calendar: WorkCalendar, before: BeforeReading = BeforeReading.STRICT
) -> Iterator[PeriodDates]:
    """Every period that is open on some day from `track_from` to `until`, both counted in, in the order they open."""
    if rule.recurrences:
        found = _recurring(rule, until=until, calendar=calendar, before=before)
    elif rule.is_ongoing:
        found = _standing(rule, until=until)
    elif rule.last_valid_on:
        found = _single(rule, calendar=calendar)
    else:
        found = iter(())
    yield from sorted((period for period in found if period.opens_on <= until), key=lambda period: period.opens_on)


def _recurring(rule: Rule, *, until: date, calendar: WorkCalendar, before: BeforeReading) -> Iterator[PeriodDates]:
    since = max(rule.track_from, rule.valid_from)
    for number, recurrence in enumerate(rule.recurrences, start=1):
        for occurrence in occurrences(recurrence, since=since, until=until + SEARCH_BEYOND):
            dates = resolve(occurrence.named_on, recurrence.boundary, calendar=calendar, before=before)
            if dates.last_valid_on < since or (rule.valid_to and dates.last_valid_on > rule.valid_to):
                continue
            key = occurrence.period_key if len(rule.recurrences) == 1 else f"{occurrence.period_key}-{number}"
            opens_on = max(since, _lead_start(recurrence.frequency, occurrence, dates.last_valid_on))
            yield PeriodDates(key, opens_on, occurrence.named_on, dates.last_valid_on, dates.work_to, None, None)


def _lead_start(frequency: Frequency, occurrence: Occurrence, last_valid_on: date) -> date:
    """When a period opens: a quarter, a month, a week with its first day; a year two months ahead."""
    if frequency is Frequency.YEARLY:
        return last_valid_on - YEARLY_LEAD
    if frequency is Frequency.QUARTERLY:
        first_month = 3 * ((occurrence.named_on.month - 1) // 3) + 1
        return occurrence.named_on.replace(month=first_month, day=1)
    if frequency is Frequency.MONTHLY:
        return last_valid_on.replace(day=1)
    return last_valid_on - timedelta(days=6)


def _standing(rule: Rule, *, until: date) -> Iterator[PeriodDates]:
    """One check-in a month; it has no deadline and lapses with its month."""
    since = max(rule.track_from, rule.valid_from)
    month = since.replace(day=1)
    while month <= until and (rule.valid_to is None or month <= rule.valid_to):
        ends_on = month + relativedelta(months=1, days=-1)
        yield PeriodDates(f"{month:%Y-%m}", max(month, since), None, None, None, None, ends_on)
        month += relativedelta(months=1)


def _single(rule: Rule, *, calendar: WorkCalendar) -> Iterator[PeriodDates]:
    """The day as it was read when the plan was loaded: a clock time, a quarter, a count of days know their own."""
    assert rule.last_valid_on is not None
    since = max(rule.track_from, rule.valid_from)
    if (rule.grace_until or rule.last_valid_on) >= since:
        work_to = calendar.last_workday_on_or_before(rule.last_valid_on)
        yield PeriodDates("một lần", since, rule.due_on, rule.last_valid_on, work_to, rule.grace_until, None)
