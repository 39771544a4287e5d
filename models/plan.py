"""Kế hoạch, công văn: a paper that gives tasks, for as long as it is in force."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import PlanKind


class Plan(SQLModel, table=True):
    """Kế hoạch (hoặc công văn). In force from `valid_from` to `valid_to`, both counted in; None = until replaced.

    `track_from` is the first day whose deadlines are followed: an old plan loaded today does not wake up late.
    """

    __tablename__ = "plan"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=32)
    kind: PlanKind = Field(sa_type=enum_by_value(PlanKind))
    document_no: str | None = Field(default=None, max_length=64)
    issued_on: date | None = None
    title: str = Field(max_length=200)
    issuer_unit_id: int | None = Field(default=None, foreign_key="org_unit.id")
    coordinating_unit_id: int = Field(foreign_key="org_unit.id", index=True)
    valid_from: date
    valid_to: date | None = None
    track_from: date
    is_secret: bool = False
    auto_accept_after: int | None = None
    max_extensions: int = 1
    ladder: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    notes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    loaded_at: datetime = Field(sa_type=UtcDateTime)
