"""Nhóm trò chuyện của đơn vị: linked by its head; shows that unit's work and nobody else's."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class GroupChat(SQLModel, table=True):
    """Một nhóm đã liên kết với một đơn vị."""

    __tablename__ = "group_chat"
    __table_args__ = (UniqueConstraint("bot", "chat"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="org_unit.id", index=True)
    channel: str = Field(max_length=32)
    bot: str = Field(max_length=64)
    chat: str = Field(max_length=64)
    gets_digests: bool = True
    linked_by_id: int = Field(foreign_key="person.id")
    linked_at: datetime = Field(sa_type=UtcDateTime)
    unreachable_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable_reason: str | None = Field(default=None, max_length=200)
