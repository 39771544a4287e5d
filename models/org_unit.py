"""Đơn vị, nhóm đơn vị, và đơn vị kế thừa: keyed by code, never by name, because names repeat and change."""

from datetime import date

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_by_value
from models.terms import UnitChange, UnitLevel


class OrgUnit(SQLModel, table=True):
    """Đơn vị. Valid on the days from `valid_from` to `valid_to`, both counted in; None = open on that side."""

    __tablename__ = "org_unit"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    short_name: str = Field(max_length=80)
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    level: UnitLevel = Field(sa_type=enum_by_value(UnitLevel))
    parent_id: int | None = Field(default=None, foreign_key="org_unit.id", index=True)
    valid_from: date | None = None
    valid_to: date | None = None


class UnitGroup(SQLModel, table=True):
    """Nhóm đơn vị ("UBND huyện, thị xã, thành phố"); expands to its members valid on a given day."""

    __tablename__ = "unit_group"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))


class UnitGroupMember(SQLModel, table=True):
    __tablename__ = "unit_group_member"

    group_id: int = Field(foreign_key="unit_group.id", primary_key=True)
    unit_id: int = Field(foreign_key="org_unit.id", primary_key=True, index=True)


class UnitSuccessor(SQLModel, table=True):
    """Đơn vị kế thừa: from `changed_on` the duties of one unit go to another; many to many."""

    __tablename__ = "unit_successor"
    __table_args__ = (UniqueConstraint("from_unit_id", "to_unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    from_unit_id: int = Field(foreign_key="org_unit.id")
    to_unit_id: int | None = Field(default=None, foreign_key="org_unit.id")
    changed_on: date
    change: UnitChange = Field(sa_type=enum_by_value(UnitChange))
    note: str = Field(default="", max_length=500)
