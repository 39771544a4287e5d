"""Báo cáo tiến độ: every answer ever given, in the words it was given in."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import Answer, AssignmentState


class Report(SQLModel, table=True):
    """Một câu trả lời. `before_*` is what undoing it restores; `undone_at` keeps the row and withdraws its effect.

    `said_ref` is the message on the platform that said it: an edited message is known by it.
    """

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    answer: Answer = Field(sa_type=enum_by_value(Answer))
    said: str = Field(max_length=4096)
    document_no: str | None = Field(default=None, max_length=64)
    percent: int | None = None
    channel: str = Field(max_length=32)
    reported_at: datetime = Field(sa_type=UtcDateTime)
    reported_on: date
    before_state: AssignmentState = Field(sa_type=enum_by_value(AssignmentState))
    before_percent: int | None = None
    before_submitted_on: date | None = None
    before_answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    before_promised_on: date | None = None
    after_state: AssignmentState = Field(sa_type=enum_by_value(AssignmentState))
    said_ref: str | None = Field(default=None, max_length=64)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
