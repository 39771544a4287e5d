"""Người dùng: who they are, what they may do in which unit, and where they can be reached. No phone, no e-mail."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime, enum_by_value
from models.terms import Role


class Person(SQLModel, table=True):
    """Một người. Known by the name the office gave; nothing is taken from their chat account."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    full_name: str = Field(max_length=120)
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    forgotten_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Membership(SQLModel, table=True):
    """Vai trò của một người trong một đơn vị, from `valid_from` to `valid_to`, both counted in.

    `stands_in_for_id`: held in the place of somebody on leave, who keeps their own membership.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "unit_id", "role", "stands_in_for_id"),
        # a missing value equals nothing in SQL, so a person's own places need a constraint of their own
        Index(
            "ux_membership_own",
            "person_id",
            "unit_id",
            "role",
            unique=True,
            postgresql_where=text("stands_in_for_id IS NULL"),
            sqlite_where=text("stands_in_for_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    unit_id: int = Field(foreign_key="org_unit.id", index=True)
    role: Role = Field(sa_type=enum_by_value(Role))
    valid_from: date | None = None
    valid_to: date | None = None
    stands_in_for_id: int | None = Field(default=None, foreign_key="person.id")


class Address(SQLModel, table=True):
    """Nơi nhận tin của một người trên một kênh. `position` 0 is tried first; one address on each channel.

    `last_heard_at`: their last word, to within some minutes, for channels that only carry ours for a while after it.
    Unlinking deletes the row (least data); `unreachable_at` keeps a blocked one out of use until it speaks again.
    """

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("bot", "chat"), Index("ix_address_person", "person_id", "position"))

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    channel: str = Field(max_length=32)
    bot: str = Field(max_length=64)
    chat: str = Field(max_length=64)
    position: int = 0
    linked_at: datetime = Field(sa_type=UtcDateTime)
    last_heard_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable_reason: str | None = Field(default=None, max_length=200)


class Invite(SQLModel, table=True):
    """Mã mời dùng một lần: for a person, or (with `unit_id`) for the group chat of a unit.

    Only a keyed hash of the code is kept, so a stolen database links nobody. `bot`: where a place is kept for them,
    on a platform that lets a bot have only so many people.
    """

    __tablename__ = "invite"
    __table_args__ = (
        Index(
            "ix_invite_open",
            "person_id",
            postgresql_where=text("used_at IS NULL"),
            sqlite_where=text("used_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id")
    bot: str | None = Field(default=None, max_length=64)
    code_hash: str = Field(unique=True, max_length=64)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Stranger(SQLModel, table=True):
    """Người lạ nhắn tin: one polite answer in a while, and a cap on guessed codes, per chat."""

    __tablename__ = "stranger"

    bot: str = Field(primary_key=True, max_length=64)
    chat: str = Field(primary_key=True, max_length=64)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    attempts_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
