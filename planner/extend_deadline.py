"""Use-case: a later last day, asked for, decided, or brought by the paper; always beside the original date."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.errors import InputError, UnknownError
from models.extension import Extension
from models.plan import Plan
from models.terms import Answer, ExtensionState
from planner import audit
from planner.report_progress import TOLD_TODAY, Said, locked, report_progress

_a, _e, _p = columns_of(Assignment), columns_of(Extension), columns_of(Plan)


class ExtensionAsked(StrEnum):
    """Điều xảy ra với lời xin gia hạn: REQUESTED waits for a decision; the other two are kept as an explanation."""

    REQUESTED = "requested"
    TOO_LATE = "too_late"
    NO_MORE = "no_more"


class NotLaterError(InputError):
    """Ngày được cho phải sau thời hạn hiện tại."""

    code = "not-later"


async def request_extension(
    session: AsyncSession, assignment_id: int, *, requested_on: date | None, reason: str, said: Said
) -> ExtensionAsked:
    """Keep the request and its words; the date moves only when a coordinator grants it.

    Asked after the last day that counts, or once more than the plan allows, the words stay as an explanation.
    """
    row = await locked(session, assignment_id)
    await report_progress(session, assignment_id, Answer.EXTENSION, said=said)
    if row.effective_on is not None and civil_day(said.at) > row.effective_on:
        return ExtensionAsked.TOO_LATE
    if await _asked_before(session, assignment_id) >= await _allowed(session, row.plan_id):
        return ExtensionAsked.NO_MORE
    await session.execute(
        insert(Extension).values(
            assignment_id=assignment_id,
            state=ExtensionState.REQUESTED,
            requested_on=requested_on,
            reason=reason,
            asked_by_id=said.person_id,
            asked_at=said.at,
        )
    )
    return ExtensionAsked.REQUESTED


async def _asked_before(session: AsyncSession, assignment_id: int) -> int:
    """Requests of the unit that wait or were granted; a paper that moved the date itself does not count."""
    query = select(func.count()).where(
        _e.assignment_id == assignment_id,
        _e.asked_by_id.is_not(None),
        _e.state.in_((ExtensionState.REQUESTED, ExtensionState.GRANTED)),
    )
    return int((await session.execute(query)).scalar_one())


async def _allowed(session: AsyncSession, plan_id: int) -> int:
    return int((await session.execute(select(_p.max_extensions).where(_p.id == plan_id))).scalar_one())


async def waiting_extension(session: AsyncSession, assignment_id: int) -> Any:
    """The request of this assignment that waits (id, requested_on, reason, asked_at); raises UnknownError."""
    query = (
        select(_e.id, _e.requested_on, _e.reason, _e.asked_at)
        .where(_e.assignment_id == assignment_id, _e.state == ExtensionState.REQUESTED)
        .order_by(_e.id.desc())
    )
    row = (await session.execute(query)).first()
    if row is None:
        raise UnknownError("extension", str(assignment_id))
    return row


async def grant_extension(session: AsyncSession, assignment_id: int, *, granted_on: date, said: Said) -> None:
    """Grant the waiting request until `granted_on`, counted in; shorter than asked is the coordinator's right.

    Raises UnknownError where nothing waits, NotLaterError where the day is not after the present one.
    """
    row = await locked(session, assignment_id)
    waiting = await waiting_extension(session, assignment_id)
    if row.effective_on is not None and granted_on <= row.effective_on:
        raise NotLaterError
    await _decide(session, waiting.id, ExtensionState.GRANTED, granted_on=granted_on, said=said)
    await _move(session, row, granted_on, said=said, reason=waiting.reason, look_on=civil_day(said.at) + TOLD_TODAY)


async def refuse_extension(session: AsyncSession, assignment_id: int, *, said: Said, reason: str | None = None) -> None:
    """The date stays. Raises UnknownError where nothing waits."""
    waiting = await waiting_extension(session, assignment_id)
    await _decide(session, waiting.id, ExtensionState.REFUSED, refusal=reason, said=said)
    await session.execute(
        update(Assignment)
        .where(_a.id == assignment_id)
        .values(look_on=civil_day(said.at) + TOLD_TODAY, version=_a.version + 1)
    )
    await audit.record(
        session,
        "extension-refused",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=assignment_id,
        said=said.text,
        after={"reason": reason},
    )


async def _decide(
    session: AsyncSession,
    extension_id: int,
    state: ExtensionState,
    *,
    granted_on: date | None = None,
    refusal: str | None = None,
    said: Said,
) -> None:
    await session.execute(
        update(Extension)
        .where(_e.id == extension_id)
        .values(state=state, granted_on=granted_on, refusal=refusal, decided_by_id=said.person_id, decided_at=said.at)
    )


async def move_deadline(
    session: AsyncSession, assignment_id: int, *, last_valid_on: date, reason: str, said: Said
) -> None:
    """Grant a new last day that counts, because the paper changed; the day as first written stays visible."""
    row = await locked(session, assignment_id)
    await session.execute(
        insert(Extension).values(
            assignment_id=assignment_id,
            state=ExtensionState.GRANTED,
            granted_on=last_valid_on,
            reason=reason,
            asked_at=said.at,
            decided_by_id=said.person_id,
            decided_at=said.at,
        )
    )
    await _move(session, row, last_valid_on, said=said, reason=reason, look_on=civil_day(said.at))


async def _move(
    session: AsyncSession, row: Any, last_valid_on: date, *, said: Said, reason: str, look_on: date
) -> None:
    await session.execute(
        update(Assignment)
        .where(_a.id == row.id)
        .values(effective_on=last_valid_on, look_on=look_on, version=row.version + 1)
    )
    await audit.record(
        session,
        "deadline-moved",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        assignment_id=row.id,
        said=reason,
        before={"effective_on": row.effective_on.isoformat() if row.effective_on else None},
        after={"effective_on": last_valid_on.isoformat()},
    )
