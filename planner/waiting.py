"""What waits for a coordinator's decision: work handed in, requests for time, difficulties, work said to be wrong."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.blocker import Blocker
from models.columns import columns_of
from models.decision import DecisionMade
from models.extension import Extension
from models.report import Report
from models.terms import DONE_STATES, OPEN_STATES, Answer, AssignmentState, Decision, ExtensionState, TransferState
from models.transfer import Transfer
from planner.scope import Scope
from planner.views import AssignmentView, in_scope, load_views, to_views, view_query

_a, _b, _e = columns_of(Assignment), columns_of(Blocker), columns_of(Extension)
_t, _r, _d = columns_of(Transfer), columns_of(Report), columns_of(DecisionMade)

_IN_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """Số việc đang chờ đầu mối; each is the length of the list of the same name."""

    submitted: int = 0
    extensions: int = 0
    blockers: int = 0
    transfers: int = 0

    @property
    def total(self) -> int:
        return self.submitted + self.extensions + self.blockers + self.transfers


@dataclass(frozen=True, slots=True)
class Submitted:
    """Việc đã nộp, với lời và số văn bản của lần nộp."""

    view: AssignmentView
    said: str
    document_no: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Lời của đơn vị đang chờ: a request for time (`requested_on` when a day was read), a difficulty, a transfer."""

    view: AssignmentView
    words: str
    asked_at: datetime
    requested_on: date | None = None


async def count_waiting(session: AsyncSession, scope: Scope) -> Waiting:
    if scope.is_empty:
        return Waiting()
    submitted = select(func.count()).where(in_scope(scope), _a.state == AssignmentState.SUBMITTED)
    return Waiting(
        await _one(session, submitted),
        *[await _one(session, _each_once(kind, scope)) for kind in (_EXTENSIONS, _BLOCKERS, _TRANSFERS)],
    )


async def _one(session: AsyncSession, query: Select[Any]) -> int:
    return int((await session.execute(query)).scalar_one())


@dataclass(frozen=True, slots=True)
class _Kind:
    """Bảng giữ lời đang chờ. `stands` says which of its rows wait."""

    table: type[Extension] | type[Blocker] | type[Transfer]
    id: ColumnElement[int]
    assignment_id: ColumnElement[int]
    words: ColumnElement[str]
    at: ColumnElement[datetime]
    stands: ColumnElement[bool]


_EXTENSIONS = _Kind(Extension, _e.id, _e.assignment_id, _e.reason, _e.asked_at, _e.state == ExtensionState.REQUESTED)
_BLOCKERS = _Kind(Blocker, _b.id, _b.assignment_id, _b.description, _b.raised_at, _b.resolved_at.is_(None))
_TRANSFERS = _Kind(Transfer, _t.id, _t.assignment_id, _t.reason, _t.asked_at, _t.state == TransferState.REQUESTED)


def _each_once(kind: _Kind, scope: Scope) -> Select[Any]:
    return (
        select(func.count(kind.assignment_id.distinct()))
        .select_from(kind.table)
        .join(Assignment, _a.id == kind.assignment_id)
        .where(kind.stands, in_scope(scope), _a.state.in_(OPEN_STATES))
    )


async def waiting_submissions(
    session: AsyncSession, scope: Scope, *, start: int = 0, limit: int | None = None
) -> list[Submitted]:
    """Handed in and not decided, the longest wait first."""
    if scope.is_empty:
        return []
    query = view_query().where(in_scope(scope), _a.state == AssignmentState.SUBMITTED)
    query = query.order_by(_a.submitted_on, _a.number, _a.unit_id).offset(start).limit(limit)
    views = to_views((await session.execute(query)).all())
    words = await _handed_in(session, [view.id for view in views])
    return [Submitted(view, *words.get(view.id, ("", None))) for view in views]


async def _handed_in(session: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    """(words, document number) of the newest "xong" to each that was not taken back."""
    found: dict[int, tuple[str, str | None]] = {}
    for begin in range(0, len(ids), _IN_LIMIT):
        batch = ids[begin : begin + _IN_LIMIT]
        newest = (
            select(func.max(_r.id))
            .where(_r.assignment_id.in_(batch), _r.answer == Answer.DONE, _r.undone_at.is_(None))
            .group_by(_r.assignment_id)
        )
        query = select(_r.assignment_id, _r.said, _r.document_no).where(_r.id.in_(newest))
        found |= {row.assignment_id: (row.said, row.document_no) for row in await session.execute(query)}
    return found


async def waiting_extensions(
    session: AsyncSession, scope: Scope, *, start: int = 0, limit: int | None = None
) -> list[Asked]:
    """Requests for time, the oldest first."""
    return await _asked(session, _EXTENSIONS, scope, start=start, limit=limit)


async def open_blockers(
    session: AsyncSession, scope: Scope, *, start: int = 0, limit: int | None = None
) -> list[Asked]:
    """Work with a difficulty that stands, the oldest first; of several the newest words."""
    return await _asked(session, _BLOCKERS, scope, start=start, limit=limit)


async def waiting_transfers(
    session: AsyncSession, scope: Scope, *, start: int = 0, limit: int | None = None
) -> list[Asked]:
    """Work that its unit says is not theirs, the oldest first."""
    return await _asked(session, _TRANSFERS, scope, start=start, limit=limit)


async def _asked(session: AsyncSession, kind: _Kind, scope: Scope, *, start: int, limit: int | None) -> list[Asked]:
    if scope.is_empty:
        return []
    newest = (
        select(func.max(kind.id).label("id"))
        .select_from(kind.table)
        .join(Assignment, _a.id == kind.assignment_id)
        .where(kind.stands, in_scope(scope), _a.state.in_(OPEN_STATES))
        .group_by(kind.assignment_id)
    )
    day = _e.requested_on if kind is _EXTENSIONS else kind.at
    query = select(kind.assignment_id.label("about"), kind.words.label("words"), kind.at.label("at"), day.label("day"))
    query = query.where(kind.id.in_(newest)).order_by(kind.at, kind.id).offset(start).limit(limit)
    rows = (await session.execute(query)).all()
    views = await load_views(session, [row.about for row in rows])
    return [Asked(views[row.about], row.words, row.at, row.day if kind is _EXTENSIONS else None) for row in rows]


async def asking_for_time(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    """Those of these assignments whose request for time waits."""
    return await _which(session, _EXTENSIONS, ids)


async def asking_to_move(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    """Those of these assignments that their unit says are not theirs."""
    return await _which(session, _TRANSFERS, ids)


async def with_open_blocker(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    return await _which(session, _BLOCKERS, ids)


async def _which(session: AsyncSession, kind: _Kind, ids: Sequence[int]) -> set[int]:
    query = select(kind.assignment_id).where(kind.stands, kind.assignment_id.in_(ids))
    return set((await session.execute(query)).scalars())


async def accepted_since(session: AsyncSession, unit_ids: Collection[int], *, since: datetime) -> list[int]:
    """The numbers of these units' work that was accepted lately and still is."""
    query = (
        select(_a.number)
        .join(DecisionMade, _d.assignment_id == _a.id)
        .where(_a.unit_id.in_(unit_ids), _a.state == AssignmentState.ACCEPTED)
        .where(_d.decision == Decision.ACCEPTED, _d.undone_at.is_(None), _d.decided_at >= since)
        .group_by(_a.id, _a.number)
        .order_by(_a.number)
    )
    return list((await session.execute(query)).scalars())


async def handed_in(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    """Those that wait to be accepted."""
    return await _in_states(session, ids, frozenset({AssignmentState.SUBMITTED}))


async def returnable(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    """Those that may be returned: missing pages are found after accepting too."""
    return await _in_states(session, ids, DONE_STATES)


async def still_open(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    return await _in_states(session, ids, OPEN_STATES)


async def _in_states(session: AsyncSession, ids: Sequence[int], states: frozenset[AssignmentState]) -> set[int]:
    query = select(_a.id).where(_a.id.in_(ids), _a.state.in_(states))
    return set((await session.execute(query)).scalars())
