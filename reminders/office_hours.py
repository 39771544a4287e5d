"""When a person may be disturbed: working days, from the morning digest to the end of the afternoon."""

from datetime import datetime, time, timedelta

from models.clock import at_civil, civil_day, civil_time
from planner.workdays import WorkCalendar

DIGEST_AT = time(8, 0)
"""The morning's messages leave at this wall-clock time in Vietnam."""
WEEK_ENDS_AT = time(16, 0)
"""When the leaders' overview of the week is made."""
QUIET_UNTIL = time(7, 0)
QUIET_FROM = time(18, 0)
"""Nothing that nobody asked for leaves before or after these; answers always do."""


def may_disturb(now: datetime, calendar: WorkCalendar) -> bool:
    return calendar.is_workday(civil_day(now)) and QUIET_UNTIL <= civil_time(now) < QUIET_FROM


def is_planning_time(now: datetime, calendar: WorkCalendar) -> bool:
    """The part of a working day in which the ladder's messages are planned: from the digest's hour on."""
    return may_disturb(now, calendar) and civil_time(now) >= DIGEST_AT


def ends_a_week(now: datetime, calendar: WorkCalendar) -> bool:
    """The last afternoon of a week on which people work: Friday, or the day before a Friday off."""
    today = civil_day(now)
    following = calendar.first_workday_on_or_after(today + timedelta(days=1))
    is_last = calendar.is_workday(today) and following.isocalendar()[:2] != today.isocalendar()[:2]
    return is_last and civil_time(now) >= WEEK_ENDS_AT


def newest_week_end(now: datetime, calendar: WorkCalendar) -> datetime:
    """The last moment at or before `now` at which a week of work ended."""
    ended_at = at_civil(civil_day(now), WEEK_ENDS_AT)
    while ended_at > now or not ends_a_week(ended_at, calendar):
        ended_at -= timedelta(days=1)
    return ended_at


def next_opening(now: datetime, calendar: WorkCalendar) -> datetime:
    """The first digest hour after `now`; `now` itself while people may be disturbed."""
    if may_disturb(now, calendar):
        return now
    today = civil_day(now)
    this_morning = at_civil(today, DIGEST_AT)
    if calendar.is_workday(today) and now < this_morning:
        return this_morning
    return at_civil(calendar.first_workday_on_or_after(today + timedelta(days=1)), DIGEST_AT)
