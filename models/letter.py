"""Văn bản gửi đến: a letter somebody forwarded, the draft read from it, and the door to its page."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import LetterState


class Letter(SQLModel, table=True):
    """Một văn bản. Its bytes lie under `sha256` among the evidence; a refused one keeps neither bytes nor words.

    `draft` and `paper` are JSON as `planner.letters.stored_draft` writes them, None until it was read. `version`
    counts the changes of the draft: who corrects an older one is told so. `later`: keys of the questions put off.
    """

    __tablename__ = "letter"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    channel: str = Field(max_length=32)
    bot: str = Field(max_length=64)
    chat: str = Field(max_length=64)
    sha256: str | None = Field(default=None, max_length=64, index=True)
    file_name: str = Field(max_length=120)
    media_type: str = Field(max_length=100)
    size: int
    state: LetterState = Field(default=LetterState.RECEIVED, sa_type=enum_by_value(LetterState), index=True)
    reason: str | None = Field(default=None, max_length=32)
    received_at: datetime = Field(sa_type=UtcDateTime)
    read_after: datetime = Field(sa_type=UtcDateTime)
    lease_token: str | None = Field(default=None, max_length=36)
    attempts: int = 0
    paper: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    draft: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    later: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    version: int = 0
    plan_id: int | None = Field(default=None, foreign_key="plan.id", index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LetterDoor(SQLModel, table=True):
    """Đường dẫn một lần tới trang của một văn bản, and the cookie it was exchanged for; only sums of both are kept."""

    __tablename__ = "letter_door"

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    link_hash: str = Field(max_length=64, unique=True)
    link_expires_at: datetime = Field(sa_type=UtcDateTime)
    cookie_hash: str | None = Field(default=None, max_length=64, unique=True)
    cookie_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
