"""Quyền giữ: which process polls or sends for a bot just now; correctness never depends on it, only rate and 409."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class Lease(SQLModel, table=True):
    """Một quyền giữ có hạn. `epoch` grows with every change of hands."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, max_length=96)
    owner: str = Field(max_length=64)
    held_until: datetime = Field(sa_type=UtcDateTime)
    epoch: int = 0
