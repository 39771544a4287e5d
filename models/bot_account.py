"""Tài khoản bot: which bots there are, as the last run announced them, and which of them cannot be reached."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class BotAccount(SQLModel, table=True):
    """Một bot. `shown_name` is what people look for in the app; the limits are its platform's, None where it has none.

    For the command line and the chat, which have no channel at hand.
    """

    __tablename__ = "bot_account"

    bot: str = Field(primary_key=True, max_length=64)
    channel: str = Field(max_length=32)
    shown_name: str | None = Field(default=None, max_length=120)
    monthly_quota: int | None = None
    most_people: int | None = None
    most_groups: int | None = None
    announced_at: datetime = Field(sa_type=UtcDateTime)


class Outage(SQLModel, table=True):
    """Một bot đang gián đoạn: the row stands as long as it does. `part` is what fails: "send" or "receive"."""

    __tablename__ = "outage"

    bot: str = Field(primary_key=True, max_length=64)
    part: str = Field(primary_key=True, max_length=16)
    since: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(max_length=200)
