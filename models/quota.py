"""Hạn mức: how many messages one bot has taken in and sent in a civil month, where its platform counts them."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class QuotaMonth(SQLModel, table=True):
    """Sổ hạn mức của một bot trong một tháng. `month` is its first day, in Asia/Ho_Chi_Minh.

    `sent` counts whatever may have counted at the platform, so also what nobody knows to have arrived. `warned_at`:
    when the admins were told that it runs low.
    """

    __tablename__ = "quota_month"

    bot: str = Field(primary_key=True, max_length=64)
    month: date = Field(primary_key=True)
    received: int = 0
    sent: int = 0
    warned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
