"""All that happened to one assignment, oldest first: given, answered, decided, moved; with who, when and where."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import at_civil
from models.columns import columns_of
from models.decision import DecisionMade
from models.extension import Extension
from models.org_unit import OrgUnit
from models.person import Person
from models.reminder import Reminder
from models.report import Report
from models.terms import Answer, Decision, ExtensionState, ReminderKind, TransferState
from models.transfer import Transfer
from models.unsure import UnsureNotice
from planner.views import AssignmentView

_r, _d, _e, _t = columns_of(Report), columns_of(DecisionMade), columns_of(Extension), columns_of(Transfer)
_p, _rem, _n = columns_of(Person), columns_of(Reminder), columns_of(UnsureNotice)


class EventKind(StrEnum):
    """Loại sự việc trong quá trình của một việc."""

    GIVEN = "given"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    GRANTED = "granted"
    REFUSED = "refused"
    MOVED_BY_PAPER = "moved-by-paper"
    MOVED = "moved"
    KEPT = "kept"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Event:
    """Một sự việc. `who` None: nobody, the plan itself; of what may not have arrived, to whom it went.

    `is_undone`: taken back afterwards, and kept in view.
    """

    at: datetime
    kind: EventKind
    who: str | None = None
    channel: str | None = None
    answer: Answer | None = None
    percent: int | None = None
    words: str = ""
    day: date | None = None
    from_unit: str | None = None
    to_unit: str | None = None
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Reminded:
    """Số lần đã nhắc đơn vị, and the day of the last."""

    times: int
    last_on: date | None


async def events_of(session: AsyncSession, view: AssignmentView) -> list[Event]:
    """Oldest first; what was taken back stands there as taken back."""
    given = Event(at_civil(view.opens_on, time()), EventKind.GIVEN)
    found = [
        given,
        *await _answers(session, view.id),
        *await _decisions(session, view.id),
        *await _extensions(session, view.id),
        *await _transfers(session, view.id),
        *await _unsure(session, view.id),
    ]
    return sorted(found, key=lambda event: event.at)


async def _rows(session: AsyncSession, query: Any) -> list[Any]:
    return list((await session.execute(query)).all())


async def _answers(session: AsyncSession, assignment_id: int) -> list[Event]:
    query = (
        select(_p.full_name, _r.channel, _r.answer, _r.percent, _r.said, _r.reported_at, _r.undone_at)
        .outerjoin(Person, _p.id == _r.person_id)
        .where(_r.assignment_id == assignment_id)
        .order_by(_r.id)
    )
    return [
        Event(
            row.reported_at,
            EventKind.ANSWERED,
            who=row.full_name,
            channel=row.channel,
            answer=row.answer,
            percent=row.percent,
            words=row.said,
            is_undone=row.undone_at is not None,
        )
        for row in await _rows(session, query)
    ]


async def _decisions(session: AsyncSession, assignment_id: int) -> list[Event]:
    query = (
        select(_p.full_name, _d.decision, _d.reason, _d.decided_at, _d.undone_at)
        .outerjoin(Person, _p.id == _d.decided_by_id)
        .where(_d.assignment_id == assignment_id)
        .order_by(_d.id)
    )
    kinds = {Decision.ACCEPTED: EventKind.ACCEPTED, Decision.RETURNED: EventKind.RETURNED}
    return [
        Event(
            row.decided_at,
            kinds[row.decision],
            who=row.full_name,
            words=row.reason or "",
            is_undone=row.undone_at is not None,
        )
        for row in await _rows(session, query)
    ]


async def _extensions(session: AsyncSession, assignment_id: int) -> list[Event]:
    """Decisions only: what was asked stands among the answers."""
    query = (
        select(_p.full_name, _e.state, _e.granted_on, _e.reason, _e.refusal, _e.asked_by_id, _e.decided_at)
        .outerjoin(Person, _p.id == _e.decided_by_id)
        .where(_e.assignment_id == assignment_id, _e.state.in_((ExtensionState.GRANTED, ExtensionState.REFUSED)))
        .order_by(_e.id)
    )
    found = []
    for row in await _rows(session, query):
        kind = EventKind.GRANTED if row.state is ExtensionState.GRANTED else EventKind.REFUSED
        is_paper = row.asked_by_id is None and kind is EventKind.GRANTED
        words = row.reason if is_paper else row.refusal or ""
        kind = EventKind.MOVED_BY_PAPER if is_paper else kind
        found.append(Event(row.decided_at, kind, who=row.full_name, day=row.granted_on, words=words))
    return found


async def _transfers(session: AsyncSession, assignment_id: int) -> list[Event]:
    here, there = OrgUnit.__table__.alias("here"), OrgUnit.__table__.alias("there")  # type: ignore[attr-defined]
    query = (
        select(_p.full_name, _t.state, _t.decided_at, here.c.short_name.label("left"), there.c.short_name.label("came"))
        .outerjoin(Person, _p.id == _t.decided_by_id)
        .join(here, here.c.id == _t.from_unit_id)
        .outerjoin(there, there.c.id == _t.to_unit_id)
        .where(_t.assignment_id == assignment_id, _t.state.in_((TransferState.MOVED, TransferState.KEPT)))
        .order_by(_t.id)
    )
    return [
        Event(
            row.decided_at,
            EventKind.MOVED if row.state is TransferState.MOVED else EventKind.KEPT,
            who=row.full_name,
            from_unit=row.left,
            to_unit=row.came,
        )
        for row in await _rows(session, query)
    ]


async def _unsure(session: AsyncSession, assignment_id: int) -> list[Event]:
    """Messages about it of which nobody knows whether they arrived."""
    query = (
        select(_p.full_name, _n.happened_at)
        .join(Person, _p.id == _n.person_id)
        .where(_n.assignment_id == assignment_id)
        .order_by(_n.id)
    )
    return [Event(row.happened_at, EventKind.UNSURE, who=row.full_name) for row in await _rows(session, query)]


async def reminded(session: AsyncSession, assignment_id: int) -> Reminded:
    """How often the unit was reminded: a morning counts once, whoever was told; word to leaders does not count."""
    query = select(func.count(_rem.step_on.distinct()), func.max(_rem.step_on)).where(
        _rem.assignment_id == assignment_id, _rem.kind != ReminderKind.ESCALATION
    )
    return Reminded(*(await session.execute(query)).one())
