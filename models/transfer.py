"""Chuyển việc: a unit says the work is not theirs; the coordinator gives it to another, or leaves it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import AssignmentState, TransferState


class Transfer(SQLModel, table=True):
    """Một đề nghị chuyển việc. Open while `state` is REQUESTED; the assignment itself moves, its history with it."""

    __tablename__ = "transfer"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    state: TransferState = Field(sa_type=enum_by_value(TransferState))
    from_unit_id: int = Field(foreign_key="org_unit.id")
    to_unit_id: int | None = Field(default=None, foreign_key="org_unit.id")
    reason: str = Field(max_length=4096)
    before_state: AssignmentState = Field(sa_type=enum_by_value(AssignmentState))
    asked_by_id: int | None = Field(default=None, foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
