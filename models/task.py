"""Nhiệm vụ: one action asked of one set of units with one deadline, as the paper says it."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import Boundary, DeadlineKind, TaskKind


class Task(SQLModel, table=True):
    """Nhiệm vụ. The Vietnamese phrase is the truth of its deadline; `recurrences` and dates are what it was read as.

    `feeds_code` and `same_as_code` name tasks of any plan by code; they may be loaded later.
    """

    __tablename__ = "task"

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    code: str = Field(unique=True, max_length=64)
    position: int = 0
    title: str = Field(max_length=200)
    place: str = Field(default="", max_length=64)
    kind: TaskKind = Field(sa_type=enum_by_value(TaskKind))
    deadline_phrase: str | None = Field(default=None, max_length=300)
    as_written: str | None = Field(default=None, max_length=300)
    deadline_kind: DeadlineKind | None = Field(default=None, sa_type=enum_by_value(DeadlineKind))
    boundary: Boundary | None = Field(default=None, sa_type=enum_by_value(Boundary))
    due_on: date | None = None
    due_time: time | None = None
    last_valid_on: date | None = None
    grace_until: date | None = None
    recurrences: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    is_ongoing: bool = False
    event: str | None = Field(default=None, max_length=300)
    is_secret: bool = False
    deliverable: str | None = Field(default=None, max_length=300)
    recipient: str | None = Field(default=None, max_length=300)
    indicator: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    feeds_code: str | None = Field(default=None, max_length=64)
    same_as_code: str | None = Field(default=None, max_length=64)
    ladder: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    note: str | None = Field(default=None, max_length=1000)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TaskUnit(SQLModel, table=True):
    """Đơn vị chủ trì hoặc phối hợp của nhiệm vụ: a unit or a group, exactly one of the two."""

    __tablename__ = "task_unit"
    __table_args__ = (UniqueConstraint("task_id", "is_lead", "unit_id", "group_id"),)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    is_lead: bool
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
