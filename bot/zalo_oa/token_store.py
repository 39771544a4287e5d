"""The rows of consents and tokens: each statement is one step, and the caller commits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite renders the very same ON CONFLICT clause
from sqlalchemy.ext.asyncio import AsyncSession

from bot.zalo_oa.authorization import TokenPair
from models.oa_account import OaAccount, OaConsent

_ACCOUNT: Table = OaAccount.metadata.tables["oa_account"]
_CONSENT: Table = OaConsent.metadata.tables["oa_consent"]
_REASON_LENGTH = 200

Seal = Callable[[str], str]


@dataclass(frozen=True, slots=True, repr=False)
class KeptTokens:
    """Cặp mã đang giữ, still sealed. `version` names this very pair."""

    access_sealed: str
    refresh_sealed: str
    access_until: datetime
    version: int
    oa_id: str | None
    refreshed_at: datetime
    dead_at: datetime | None
    dead_reason: str | None


_KEPT = [_ACCOUNT.c[name] for name in KeptTokens.__slots__]


async def kept_tokens(session: AsyncSession, app_id: str) -> KeptTokens | None:
    """None: nobody ever consented for this application."""
    row = (await session.execute(select(*_KEPT).where(_ACCOUNT.c.app_id == app_id))).mappings().first()
    return KeptTokens(**row) if row else None


async def grant(
    session: AsyncSession, app_id: str, pair: TokenPair, *, oa_id: str | None, seal: Seal, now: datetime
) -> None:
    """A consent: whatever pair there was, dead or alive, is replaced by this one."""
    fresh = _sealed(pair, seal, now) | {"oa_id": oa_id, "granted_at": now, "dead_at": None, "dead_reason": None}
    statement = insert(_ACCOUNT).values(app_id=app_id, version=1, **fresh)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[_ACCOUNT.c.app_id], set_=fresh | {"version": _ACCOUNT.c.version + 1}
        )
    )


async def replace(session: AsyncSession, app_id: str, pair: TokenPair, *, of: int, seal: Seal, now: datetime) -> bool:
    """The pair that was got with version `of`, in one statement; False: that one has been replaced already.

    Not even a pair called dead meanwhile stands in its way: whoever holds the new one holds the only one that works.
    """
    statement = (
        update(_ACCOUNT)
        .where(_ACCOUNT.c.app_id == app_id, _ACCOUNT.c.version == of)
        .values(**_sealed(pair, seal, now), version=of + 1, dead_at=None, dead_reason=None)
        .returning(_ACCOUNT.c.version)
    )
    return (await session.execute(statement)).first() is not None


async def call_dead(session: AsyncSession, app_id: str, *, of: int, reason: str, now: datetime) -> bool:
    """Zalo takes this pair no more; True only for the first who finds out."""
    statement = (
        update(_ACCOUNT)
        .where(_ACCOUNT.c.app_id == app_id, _ACCOUNT.c.version == of, _ACCOUNT.c.dead_at.is_(None))
        .values(dead_at=now, dead_reason=reason[:_REASON_LENGTH])
        .returning(_ACCOUNT.c.version)
    )
    return (await session.execute(statement)).first() is not None


def _sealed(pair: TokenPair, seal: Seal, now: datetime) -> dict[str, object]:
    return {
        "access_sealed": seal(pair.access_token),
        "refresh_sealed": seal(pair.refresh_token),
        "access_until": now + pair.life,
        "refreshed_at": now,
    }


async def expect_consent(
    session: AsyncSession, *, state_hash: str, app_id: str, verifier_sealed: str, until: datetime
) -> None:
    await session.execute(
        insert(_CONSENT).values(state_hash=state_hash, app_id=app_id, verifier_sealed=verifier_sealed, expires_at=until)
    )


async def take_consent(session: AsyncSession, *, state_hash: str, app_id: str, now: datetime) -> str | None:
    """The sealed verifier of a consent that was asked for, once and in time; what ran out goes with it."""
    statement = (
        delete(_CONSENT)
        .where(_CONSENT.c.state_hash == state_hash, _CONSENT.c.app_id == app_id)
        .returning(_CONSENT.c.verifier_sealed, _CONSENT.c.expires_at)
    )
    row = (await session.execute(statement)).first()
    await session.execute(delete(_CONSENT).where(_CONSENT.c.expires_at < now))
    return row.verifier_sealed if row and row.expires_at >= now else None
