"""Time as an argument: the clock every loop holds, and the civil day in Vietnam that every rule reads."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Giờ Việt Nam: UTC+7, no daylight saving since 1975, so civil arithmetic never meets a gap."""

Clock = Callable[[], datetime]
"""Returns an aware UTC instant. Read once per turn of a loop and passed on as `now`."""


def system_clock() -> datetime:
    """The machine's clock; only the composition root hands it out."""
    return datetime.now(UTC)  # noqa: TID251 -- the one place that reads it


class SteppedClock:
    """A clock moved by hand: the demo and every test of a story step through days with it."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> datetime:
        self.now += by
        return self.now

    def move_to(self, instant: datetime) -> datetime:
        """Never backwards: what was sent cannot be unsent."""
        self.now = max(self.now, instant.astimezone(UTC))
        return self.now


def civil_day(instant: datetime) -> date:
    """The day on a Vietnamese wall calendar at this instant."""
    return instant.astimezone(CIVIL_ZONE).date()


def civil_time(instant: datetime) -> time:
    """The time on a Vietnamese wall clock at this instant, without zone."""
    return instant.astimezone(CIVIL_ZONE).time()


def at_civil(day: date, wall_time: time) -> datetime:
    """The UTC instant when a Vietnamese wall clock shows this day and time."""
    return datetime.combine(day, wall_time, tzinfo=CIVIL_ZONE).astimezone(UTC)
