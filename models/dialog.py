"""Câu đang chờ trả lời: what the bot last asked a chat, for the short time the question stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class Dialog(SQLModel, table=True):
    """Câu hỏi đang mở của một cuộc trò chuyện; one per chat, the next question replaces it."""

    __tablename__ = "dialog"

    bot: str = Field(primary_key=True, max_length=64)
    chat: str = Field(primary_key=True, max_length=64)
    expects: str = Field(max_length=32)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    expires_at: datetime = Field(sa_type=UtcDateTime)
