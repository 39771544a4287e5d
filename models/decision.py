"""Quyết định của đầu mối về việc đã nộp; the newest one stands, all of them are kept."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import Decision


class DecisionMade(SQLModel, table=True):
    """Một lần xác nhận hoặc trả lại. `decided_by_id` None: the plan accepts by itself after a while."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    decision: Decision = Field(sa_type=enum_by_value(Decision))
    reason: str | None = Field(default=None, max_length=4096)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime = Field(sa_type=UtcDateTime)
    before_submitted_on: date | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
