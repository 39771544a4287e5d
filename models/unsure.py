"""Tin chưa chắc đã tới: nobody knows whether it arrived, and it is not said again; its facts ride in the next."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime

_UNTOLD = text("told_at IS NULL")


class UnsureNotice(SQLModel, table=True):
    """Một việc trong một tin chưa chắc đã tới. `assignment_id` None: the message was an overview of no one work.

    `told_at`: when a later message that says so was owed.
    """

    __tablename__ = "unsure_notice"
    __table_args__ = (
        UniqueConstraint("dedup_key", "assignment_id"),
        Index("ix_unsure_untold", "person_id", postgresql_where=_UNTOLD, sqlite_where=_UNTOLD),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedup_key: str = Field(max_length=160)
    person_id: int = Field(foreign_key="person.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", index=True)
    happened_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
