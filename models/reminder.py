"""Lần nhắc: one rung of the ladder that one person was owed for one assignment; its key makes it happen once."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import ReminderKind


class Reminder(SQLModel, table=True):
    """Một lần nhắc. `step_on` is the day the ladder earned it, which a late sweep does not change."""

    __tablename__ = "reminder"
    __table_args__ = (Index("ix_reminder_person", "person_id", "planned_at"),)

    id: int | None = Field(default=None, primary_key=True)
    dedup_key: str = Field(unique=True, max_length=120)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    kind: ReminderKind = Field(sa_type=enum_by_value(ReminderKind))
    step: str = Field(max_length=16)
    step_on: date
    planned_at: datetime = Field(sa_type=UtcDateTime)
