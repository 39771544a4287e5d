"""Doors to the page of a letter: a link that opens once, and the cookie it is exchanged for.

Both are 256 random bits of which only the SHA-256 is kept: neither the table nor the time of a look-up tells one. A
door says who came in; whether they may still correct the letter is asked anew at every request.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.letter import LetterDoor

LINK_STANDS = timedelta(minutes=15)
SESSION_STANDS = timedelta(hours=8)
SECRET_BYTES = 32

_d = columns_of(LetterDoor)


@dataclass(frozen=True, slots=True)
class OpenedDoor:
    """Cửa vừa mở: whose it is, and the secret of the cookie, shown once."""

    person_id: int
    cookie: str


async def new_link(session: AsyncSession, letter_id: int, person_id: int, *, now: datetime) -> str:
    """The secret of a new link, shown once; this person's links that were never opened stop working.

    The caller commits, and has asked `may_correct`.
    """
    unopened = (_d.letter_id == letter_id, _d.person_id == person_id, _d.cookie_hash.is_(None))
    await session.execute(delete(LetterDoor).where(*unopened))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    facts = {"letter_id": letter_id, "person_id": person_id, "link_expires_at": now + LINK_STANDS}
    await session.execute(insert(LetterDoor).values(link_hash=_hashed(secret), **facts))
    return secret


async def link_stands(session: AsyncSession, letter_id: int, secret: str, *, now: datetime) -> bool:
    """Whether it would open now; looking does not use it up, so that previews of chats cannot."""
    return (await session.execute(select(_d.id).where(*_standing(letter_id, secret, now)))).first() is not None


async def open_link(session: AsyncSession, letter_id: int, secret: str, *, now: datetime) -> OpenedDoor | None:
    """Use the link up: of two at once one wins. None: wrong, used or older than LINK_STANDS. The caller commits."""
    cookie = secrets.token_urlsafe(SECRET_BYTES)
    opened = (
        update(LetterDoor)
        .where(*_standing(letter_id, secret, now))
        .values(cookie_hash=_hashed(cookie), cookie_expires_at=now + SESSION_STANDS)
        .returning(_d.person_id)
    )
    person_id = (await session.execute(opened)).scalar_one_or_none()
    return None if person_id is None else OpenedDoor(person_id, cookie)


async def by_cookie(session: AsyncSession, letter_id: int, secret: str, *, now: datetime) -> int | None:
    """The person this cookie lets in to this letter; None: wrong, of another letter, or older than SESSION_STANDS."""
    query = select(_d.person_id).where(
        _d.cookie_hash == _hashed(secret), _d.letter_id == letter_id, _d.cookie_expires_at > now
    )
    found: int | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def prune_doors(session: AsyncSession, *, before: datetime) -> None:
    """Forget doors that had closed by then."""
    closed_at = func.coalesce(_d.cookie_expires_at, _d.link_expires_at)
    await session.execute(delete(LetterDoor).where(closed_at < before))


def _standing(letter_id: int, secret: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        _d.link_hash == _hashed(secret),
        _d.letter_id == letter_id,
        _d.cookie_hash.is_(None),
        _d.link_expires_at > now,
    )


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
