"""The record: one line for everything that changes anything, in the same transaction as the change.

Lines are chained when the transaction commits, not when they are said: the order of the chain must be the order of
the commits, and a lock taken earlier would be held across row locks that another transaction may want in turn.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, event, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.clock import civil_day
from models.columns import columns_of
from models.person import Membership
from models.terms import Role
from planner.audit_chain import Anchor, Break, Fault, Walk, as_stored, hash_event, hash_words

COMMAND_LINE = "command-line"
OPERATOR = "operator"
"""The role of whoever works on the server itself; `person_id` is then the person it was done to."""

LONGEST_ROLE = 32
PAGE = 2000

_e, _m = columns_of(AuditEvent), columns_of(Membership)
_PENDING = "audit.pending"
_LOCK = text("SELECT pg_advisory_xact_lock(20241023)")  # any number, as long as it is nobody else's
_RANKS = (Role.ADMIN, Role.LEADER, Role.COORDINATOR, Role.UNIT_HEAD, Role.OFFICER)


async def record(
    session: AsyncSession,
    action: str,
    *,
    now: datetime,
    channel: str,
    person_id: int | None = None,
    role: str | None = None,
    assignment_id: int | None = None,
    said: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append one event; `action` is a stable English word such as "reported" or "plan-loaded".

    It is written when the database session commits and by nothing else; `role` is what they are that day unless told.
    """
    if not session.in_transaction():
        await session.begin()  # or a rollback would have nothing to take back
    session.info.setdefault(_PENDING, []).append(
        {
            "at": now,
            "person_id": person_id,
            "channel": channel,
            "action": action,
            "assignment_id": assignment_id,
            "said": said,
            "before": as_stored(before),
            "after": as_stored(after),
            "role": role,
        }
    )


def actions_pending(session: AsyncSession) -> set[str]:
    """What this transaction has done so far, by the names under which it will be recorded."""
    return {line["action"] for line in session.info.get(_PENDING, [])}


@asynccontextmanager
async def taken_back(session: AsyncSession) -> AsyncIterator[None]:
    """What is done inside is done in a savepoint that is rolled back, and nothing of it is recorded either."""
    savepoint = await session.begin_nested()
    said_before = list(session.info.get(_PENDING, []))
    try:
        yield
    finally:
        await savepoint.rollback()
        session.info[_PENDING] = said_before


@asynccontextmanager
async def all_or_nothing(session: AsyncSession) -> AsyncIterator[None]:
    """A savepoint that stays unless something is raised inside; then nothing of it stays, nor is recorded."""
    said_before = list(session.info.get(_PENDING, []))
    try:
        async with session.begin_nested():
            yield
    except BaseException:
        session.info[_PENDING] = said_before
        raise


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    pending: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    if not pending:
        return
    _name_roles(session, pending)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK)  # SQLite has one writer anyway
    previous = session.execute(select(_e.event_hash).order_by(_e.id.desc()).limit(1)).scalar_one_or_none()
    for line in pending:
        salt = None if line["said"] is None else secrets.token_hex(16)
        line["said_salt"] = salt
        line["said_digest"] = None if salt is None else hash_words(line["said"], salt)
        line["previous_hash"] = previous
        line["event_hash"] = previous = hash_event(line)
    session.execute(insert(AuditEvent), pending)


@event.listens_for(Session, "after_rollback")
def _drop(session: Session) -> None:
    session.info.pop(_PENDING, None)


def _name_roles(session: Session, pending: list[dict[str, Any]]) -> None:
    for line in pending:
        if line["role"] is None and line["channel"] == COMMAND_LINE:
            line["role"] = OPERATOR
    speakers = {line["person_id"] for line in pending if line["role"] is None} - {None}
    if not speakers:
        return
    rows = session.execute(
        select(_m.person_id, _m.role, _m.valid_from, _m.valid_to).where(_m.person_id.in_(speakers))
    ).all()
    for line in pending:
        if line["role"] is None and line["person_id"] is not None:
            day = civil_day(line["at"])
            held = {
                row.role
                for row in rows
                if row.person_id == line["person_id"]
                and (row.valid_from is None or row.valid_from <= day)
                and (row.valid_to is None or day <= row.valid_to)
            }
            line["role"] = _roles_as_words(held)


def _roles_as_words(held: set[Role]) -> str | None:
    """Highest first, as many as there is room for."""
    words = ""
    for role in (each.value for each in _RANKS if each in held):
        longer = f"{words},{role}" if words else role
        words = longer if len(longer) <= LONGEST_ROLE else words
    return words or None


# --- reading it back ---


@dataclass(frozen=True, slots=True)
class Verified:
    """Kết quả soát nhật ký. `head` is what to note down outside the database."""

    events: int
    unchained: int
    head: Anchor | None
    broken: Break | None


async def verify(
    session: AsyncSession, *, anchor: Anchor | None = None, on_progress: Callable[[int], None] | None = None
) -> Verified:
    """Walk the whole record up to the first row that does not fit, or that the noted-down `anchor` misses."""
    walk = Walk()
    seen_anchor = anchor is None
    async for page in pages(session, _whole()):
        for row in page:
            fault = walk.step(row)
            if anchor is not None and row["id"] == anchor.event_id:
                seen_anchor = row["event_hash"] == anchor.event_hash
                fault = fault or (None if seen_anchor else Fault.ANCHOR_MISSING)
            if fault is not None:
                return Verified(walk.events, walk.unchained, walk.head, Break(row["id"], fault))
        if on_progress is not None:
            on_progress(walk.events)
    broken = walk.finish()
    if anchor is not None and not seen_anchor:
        broken = Break(anchor.event_id, Fault.ANCHOR_MISSING)
    return Verified(walk.events, walk.unchained, walk.head, broken)


async def count_events(session: AsyncSession, *, since: datetime | None = None, until: datetime | None = None) -> int:
    return int((await session.execute(_within(select(func.count(_e.id)), since, until))).scalar_one())


def events_between(
    session: AsyncSession, *, since: datetime | None = None, until: datetime | None = None
) -> AsyncIterator[list[Mapping[str, Any]]]:
    """Pages of events from `since` up to but not including `until`, in the order of the chain."""
    return pages(session, _within(_whole(), since, until))


async def erase_chatter(session: AsyncSession, person_id: int) -> int:
    """Words of this person about no assignment are erased with their salt; the caller records FORGOTTEN."""
    erased = await session.execute(
        update(AuditEvent)
        .where(_e.person_id == person_id, _e.assignment_id.is_(None), _e.said.is_not(None), _e.said_digest.is_not(None))
        .values(said=None, said_salt=None)
        .returning(_e.id)
    )
    return len(erased.all())


async def pages(session: AsyncSession, query: Select[Any]) -> AsyncIterator[list[Mapping[str, Any]]]:
    """By number, a page at a time, so that a record of years fits into little memory."""
    last = 0
    while True:
        found = await session.execute(query.where(_e.id > last).order_by(_e.id).limit(PAGE))
        names = list(found.keys())
        rows: list[Mapping[str, Any]] = [dict(zip(names, row, strict=True)) for row in found]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _whole() -> Select[Any]:
    return select(AuditEvent.__table__)  # type: ignore[attr-defined]


def _within(query: Select[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    if since is not None:
        query = query.where(_e.at >= since)
    return query if until is None else query.where(_e.at < until)
