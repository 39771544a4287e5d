"""Uỷ quyền của Zalo Official Account: the rotating tokens, sealed, and the consents that were asked for."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime


class OaAccount(SQLModel, table=True):
    """Một OA đã cho phép. Both tokens are sealed with a key that is not in the database.

    `version` grows with each pair: a pair is only ever replaced by the one that was got with it. `dead_at`: Zalo takes
    the refresh token no more, and nothing is asked of it until an admin consents anew.
    """

    __tablename__ = "oa_account"

    app_id: str = Field(primary_key=True, max_length=40)
    oa_id: str | None = Field(default=None, max_length=40)
    access_sealed: str
    refresh_sealed: str
    access_until: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
    granted_at: datetime = Field(sa_type=UtcDateTime)
    refreshed_at: datetime = Field(sa_type=UtcDateTime)
    dead_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dead_reason: str | None = Field(default=None, max_length=200)


class OaConsent(SQLModel, table=True):
    """Một lần xin phép đang chờ: good once and for a short while; only a hash of what proves it is kept."""

    __tablename__ = "oa_consent"

    state_hash: str = Field(primary_key=True, max_length=64)
    app_id: str = Field(max_length=40)
    verifier_sealed: str
    expires_at: datetime = Field(sa_type=UtcDateTime)
