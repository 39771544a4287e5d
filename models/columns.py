"""Column types that refuse what would be ambiguous: instants without a zone, enumerations by member name."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, TypeDecorator
from sqlmodel import SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """A UTC instant: refuses naive values on the way in, is aware on the way out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_by_value(enum: type[StrEnum]) -> Any:
    """Stored as its value in a short text, never as a native ENUM of member names, so that adding one needs no DDL."""
    return Enum(
        enum, native_enum=False, length=32, values_callable=lambda members: [member.value for member in members]
    )


def columns_of(model: type[SQLModel]) -> Any:
    """The columns of a table for Core queries; SQLModel types its attributes as plain values, which SQL is not."""
    return model.__table__.c  # type: ignore[attr-defined]
