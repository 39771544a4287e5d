"""Nhật ký: who did what, through which channel, in which words; written in the transaction that did it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class AuditEvent(SQLModel, table=True):
    """Một dòng nhật ký; only ever appended, each bound to the one before it (planner/audit_chain.py).

    The words are bound through a salted digest, so that erasing them with their salt leaves the chain whole.
    """

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    channel: str = Field(max_length=32)
    action: str = Field(max_length=48)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", index=True)
    said: str | None = None
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    role: str | None = Field(default=None, max_length=32)
    said_salt: str | None = Field(default=None, max_length=32)
    said_digest: str | None = Field(default=None, max_length=64)
    previous_hash: str | None = Field(default=None, max_length=64)
    event_hash: str | None = Field(default=None, max_length=64)
