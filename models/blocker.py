"""Vướng mắc: what stands in the way, until somebody says it is gone."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class Blocker(SQLModel, table=True):
    """Vướng mắc của một việc. Open while `resolved_at` is None."""

    __tablename__ = "blocker"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    description: str = Field(max_length=4096)
    raised_by_id: int | None = Field(default=None, foreign_key="person.id")
    raised_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
