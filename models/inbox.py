"""Hộp nhận: what people said, stored before anybody is told that it arrived, handled in order per chat."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import InboxState

_PENDING = text("state = 'pending'")


class InboxUpdate(SQLModel, table=True):
    """Một tin nhận được. (bot, update_key) is unique, so a platform that repeats itself changes nothing.

    De-duplication is by key, never by a high-water mark: Telegram restarts its numbers after a quiet week.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot", "update_key"),
        Index("ix_inbox_claim", "handle_after", "id", postgresql_where=_PENDING, sqlite_where=_PENDING),
        Index("ix_inbox_chat", "bot", "chat", "id", postgresql_where=_PENDING, sqlite_where=_PENDING),
    )

    id: int | None = Field(default=None, primary_key=True)
    bot: str = Field(max_length=64)
    update_key: str = Field(max_length=64)
    chat: str = Field(max_length=64)
    body: str
    state: InboxState = Field(default=InboxState.PENDING, sa_type=enum_by_value(InboxState))
    received_at: datetime = Field(sa_type=UtcDateTime)
    handle_after: datetime = Field(sa_type=UtcDateTime)
    lease_token: str | None = Field(default=None, max_length=36)
    attempts: int = 0
    last_error: str | None = Field(default=None, max_length=200)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
