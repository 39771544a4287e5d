"""Gia hạn: a new last day beside the untouched original, with the reason it was asked or given for."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import ExtensionState


class Extension(SQLModel, table=True):
    """Một lần gia hạn. `requested_on` and `granted_on` are last days that count; the original date stays elsewhere.

    `reason` is why it was asked; `refusal` what the coordinator gave as the reason for refusing, if any.
    """

    __tablename__ = "extension"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    state: ExtensionState = Field(sa_type=enum_by_value(ExtensionState))
    requested_on: date | None = None
    granted_on: date | None = None
    reason: str = Field(max_length=4096)
    refusal: str | None = Field(default=None, max_length=4096)
    document_no: str | None = Field(default=None, max_length=64)
    asked_by_id: int | None = Field(default=None, foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
