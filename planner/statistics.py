"""The four official states of work with a deadline, computed from dates: nothing here is ever stored."""

from dataclasses import dataclass
from datetime import date

from models.terms import DONE_STATES, OPEN_STATES, AssignmentState


@dataclass(frozen=True, slots=True)
class Counts:
    """Bốn con số: xong đúng hạn, xong quá hạn, chưa xong trong hạn, chưa xong quá hạn."""

    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_late: int = 0

    @property
    def total(self) -> int:
        return self.done_on_time + self.done_late + self.open_in_time + self.open_late

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.done_on_time + other.done_on_time,
            self.done_late + other.done_late,
            self.open_in_time + other.open_in_time,
            self.open_late + other.open_late,
        )


def is_done(state: AssignmentState, submitted_on: date | None, *, today: date) -> bool:
    """Handed in by the end of `today`, and not returned."""
    return state in DONE_STATES and submitted_on is not None and submitted_on <= today


def is_overdue(
    state: AssignmentState, effective_on: date | None, submitted_on: date | None = None, *, today: date
) -> bool:
    """Late from the day after the last day that counts; work without a deadline is never late."""
    if effective_on is None or state not in OPEN_STATES | DONE_STATES:
        return False
    return effective_on < today and not is_done(state, submitted_on, today=today)


def days_overdue(effective_on: date, *, today: date) -> int:
    """Calendar days past the last day that counts; 0 while there is time."""
    return max(0, (today - effective_on).days)


def days_left(effective_on: date, *, today: date) -> int:
    """Calendar days until the last day that counts; 0 on that day, negative after it."""
    return (effective_on - today).days
