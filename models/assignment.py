"""Kỳ và việc: a task in one period has a number; a unit's share of it is an assignment with a state of its own."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import DONE_STATES, OPEN_STATES, AssignmentState


class Period(SQLModel, table=True):
    """Kỳ của một nhiệm vụ. `number` is what people type ("12 xong"): short, shared by all units, never reused.

    `due_on` is the day as written, `last_valid_on` the last day that counts, `work_to` the last working day on or
    before it, `grace_until` only for a period in days that ends on a day off (BLDS 2015, art. 148.5).
    `ends_on` closes a standing check-in, which has no deadline.
    """

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("task_id", "period_key"),)

    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)
    task_id: int = Field(foreign_key="task.id")
    period_key: str = Field(max_length=16)
    opens_on: date
    due_on: date | None = None
    last_valid_on: date | None = None
    work_to: date | None = None
    grace_until: date | None = None
    ends_on: date | None = None


_LOOK = text("look_on IS NOT NULL")


def _among(states: Collection[AssignmentState]) -> str:
    """In an order of their own: SQLite uses a partial index only where the query says the very same."""
    return f"state IN ({', '.join(repr(state.value) for state in sorted(states))})"


_OPEN = text(_among(OPEN_STATES))
_DONE = text(f"{_among(DONE_STATES)} AND effective_on IS NOT NULL")
_DONE_LATE = text(f"{_among(DONE_STATES)} AND submitted_on > effective_on")
# SQLite takes an index for a covering one only when it holds the columns of its own condition too
_COUNTED = ("plan_id", "submitted_on", "effective_on", "state")


class Assignment(SQLModel, table=True):
    """Việc của một đơn vị trong một kỳ. Whether it is late is never stored: `effective_on` < today says it.

    `effective_on` is the last day that counts after granted extensions (grace included); None for standing work.
    `officer_id` is whom the head gave it to; `promised_on` the day the unit last said it would hand it in by.
    `look_on` is when the reminder sweep should next look at it: a hint for speed, never a truth.
    `version` grows with every change of state or date, so that a message rendered from an older one is noticed.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("period_id", "unit_id"),
        Index("ix_assignment_plan", "plan_id", "state"),
        # of these three ranges planner/list_overdue.py makes what is late and the four figures
        Index(
            "ix_assignment_open",
            "plan_id",
            "effective_on",
            "unit_id",
            "opens_on",
            "answered_at",
            "state",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_assignment_done", *_COUNTED, postgresql_where=_DONE, sqlite_where=_DONE),
        Index("ix_assignment_done_late", *_COUNTED, postgresql_where=_DONE_LATE, sqlite_where=_DONE_LATE),
        Index("ix_assignment_unit", "unit_id", "state", "effective_on"),
        Index("ix_assignment_number", "number", "unit_id"),
        Index("ix_assignment_look", "look_on", postgresql_where=_LOOK, sqlite_where=_LOOK),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: int
    period_id: int = Field(foreign_key="period.id")
    task_id: int = Field(foreign_key="task.id", index=True)
    plan_id: int = Field(foreign_key="plan.id")
    unit_id: int = Field(foreign_key="org_unit.id")
    opens_on: date
    ends_on: date | None = None
    due_on: date | None = None
    last_valid_on: date | None = None
    effective_on: date | None = None
    state: AssignmentState = Field(default=AssignmentState.NOT_STARTED, sa_type=enum_by_value(AssignmentState))
    percent: int | None = None
    submitted_on: date | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_on: date | None = None
    officer_id: int | None = Field(default=None, foreign_key="person.id")
    promised_on: date | None = None
    version: int = 0
