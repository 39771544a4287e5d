"""Minh chứng: a file or a document number that shows the work was done, kept with the period it was for."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class Evidence(SQLModel, table=True):
    """Một minh chứng. The bytes lie under their sha256 on disk; the row knows whose work they show.

    `sha256` None: only a document number was given, in `document_no`.
    """

    __tablename__ = "evidence"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    sha256: str | None = Field(default=None, max_length=64, index=True)
    file_name: str | None = Field(default=None, max_length=120)
    media_type: str | None = Field(default=None, max_length=100)
    size: int | None = None
    document_no: str | None = Field(default=None, max_length=64)
    channel: str = Field(max_length=32)
    received_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
