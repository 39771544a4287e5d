"""Hộp gửi: messages owed, written in the transaction that owes them, delivered until somebody knows the outcome."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import Lane, OutboxState

_PENDING = text("state = 'pending'")
_TRIED = text("state = 'pending' AND attempts > 0")
_SENT = text("wire_ref IS NOT NULL")
_OFFERING = text("choices IS NOT NULL")


class OutboxMessage(SQLModel, table=True):
    """Một tin cần gửi.

    `form` names how it becomes text: "text" carries finished words in `payload`; any other is rendered from facts
    at the moment of sending. `priority` is the lane as a number (0 first) so that one index orders the claim.
    `send_after` is when it may be claimed next; `lease_token` fences the holder of the current claim. `begun_at`:
    a send began that must not be repeated blindly, and nobody has said yet what came of it. `choices` are
    the numbered choices it ended with, as (label, command), while a number typed in the chat may stand for one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_claim",
            "bot",
            "priority",
            "send_after",
            "id",
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
        Index(
            "ix_outbox_chat",
            "bot",
            "chat",
            "priority",
            "send_after",
            "id",
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
        Index("ix_outbox_tried", "bot", "chat", "priority", "id", postgresql_where=_TRIED, sqlite_where=_TRIED),
        Index("ix_outbox_offering", "bot", "chat", postgresql_where=_OFFERING, sqlite_where=_OFFERING),
        Index("ix_outbox_wire", "bot", "chat", "wire_ref", postgresql_where=_SENT, sqlite_where=_SENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedup_key: str = Field(unique=True, max_length=160)
    bot: str = Field(max_length=64)
    chat: str = Field(max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", index=True)
    lane: Lane = Field(sa_type=enum_by_value(Lane))
    priority: int
    form: str = Field(max_length=32)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    reply_to: str | None = Field(default=None, max_length=64)
    state: OutboxState = Field(default=OutboxState.PENDING, sa_type=enum_by_value(OutboxState))
    send_after: datetime = Field(sa_type=UtcDateTime)
    lease_token: str | None = Field(default=None, max_length=36)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    parts_sent: int = 0
    unknown_outcomes: int = 0
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wire_ref: str | None = Field(default=None, max_length=64)
    choices: list[list[str]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    last_error: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
