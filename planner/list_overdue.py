"""Use-case: what is late on a day, and the four official figures around it, computed from dates at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.columns import columns_of
from models.report import Report
from models.terms import DONE_STATES, OPEN_STATES, Answer
from planner.scope import Scope
from planner.statistics import Counts
from planner.views import AssignmentView, in_scope, to_views, view_query

_a, _r = columns_of(Assignment), columns_of(Report)
_IN_LIMIT = 500


@dataclass(frozen=True, slots=True)
class LateGroup:
    """Việc quá hạn của một đơn vị trong một kế hoạch."""

    plan_id: int
    unit_id: int
    count: int
    oldest_on: date
    never_answered: int


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """Lời gần nhất của đơn vị về một việc."""

    said: str
    answer: Answer
    percent: int | None
    reported_at: datetime


def is_late_in(scope: Scope, today: date) -> ColumnElement[bool]:
    """Had a deadline, the last day that counts has passed, and it was not handed in by the end of `today`."""
    return or_(*_late_branches(scope, today))


def _late_branches(scope: Scope, today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Still owed, or handed in since. Each is a range of one index: all that was ever handed in is not read."""
    mine = and_(in_scope(scope), _a.effective_on < today, _a.opens_on <= today)
    return (
        and_(_a.state.in_(OPEN_STATES), mine),
        and_(_a.state.in_(DONE_STATES), _a.submitted_on > today, mine),
    )


async def count_states(session: AsyncSession, scope: Scope, *, today: date) -> Counts:
    """The four figures over work with a deadline that had been given by `today`; they add up to all of it."""
    if scope.is_empty:
        return Counts()
    rows = await session.execute(_counts_query(scope, today))
    return sum((_counts(row) for row in rows), Counts())


async def count_states_by_plan(session: AsyncSession, scope: Scope, *, today: date) -> dict[int, Counts]:
    if scope.is_empty:
        return {}
    found: dict[int, Counts] = {}
    for row in await session.execute(_counts_query(scope, today, _a.plan_id)):
        found[row.plan_id] = found.get(row.plan_id, Counts()) + _counts(row)
    return found


def _counts_query(scope: Scope, today: date, *by: ColumnElement[Any]) -> CompoundSelect[Any]:
    """Three ranges of one index, one comparison a row each: a third of the time of deciding about every row."""
    mine = and_(in_scope(scope), _a.effective_on.is_not(None))
    was_given, is_late = _a.opens_on <= today, _a.effective_on < today

    def part(is_done: bool, met: ColumnElement[bool], *where: ColumnElement[bool]) -> Select[Any]:  # noqa: FBT001
        kind = literal(is_done).label("is_done")
        columns = (*by, kind, func.count().label("total"), func.count().filter(met).label("met"))
        return select(*columns).where(mine, *where).group_by(*by)

    return union_all(
        # what was handed in by then had been given by then
        part(True, _a.submitted_on <= _a.effective_on, _a.state.in_(DONE_STATES), _a.submitted_on <= today),
        part(False, is_late, _a.state.in_(DONE_STATES), _a.submitted_on > today, was_given),
        part(False, is_late, _a.state.in_(OPEN_STATES), was_given),
    )


def _counts(row: Any) -> Counts:
    rest = row.total - row.met
    return Counts(done_on_time=row.met, done_late=rest) if row.is_done else Counts(open_late=row.met, open_in_time=rest)


async def group_late(session: AsyncSession, scope: Scope, *, today: date) -> list[LateGroup]:
    """Late work by plan and unit, plans in order, the unit that is latest first."""
    if scope.is_empty:
        return []
    columns = (_a.plan_id, _a.unit_id, _a.effective_on, _a.answered_at)
    # a union and not an OR, which SQLite's planner answers with a scan as soon as most of the table is in scope
    late = union_all(*(select(*columns).where(branch) for branch in _late_branches(scope, today))).subquery().c
    query = select(
        late.plan_id,
        late.unit_id,
        func.count(),
        func.min(late.effective_on),
        func.count().filter(late.answered_at.is_(None)),
    ).group_by(late.plan_id, late.unit_id)
    groups = [LateGroup(*row) for row in await session.execute(query)]
    return sorted(groups, key=lambda group: (group.plan_id, group.oldest_on, group.unit_id))


async def late_views(
    session: AsyncSession,
    scope: Scope,
    *,
    today: date,
    within: Sequence[LateGroup] | None = None,
    never_answered: bool = False,
) -> list[AssignmentView]:
    """Late assignments, oldest first; `within` keeps those of these groups only (the page that is shown)."""
    if scope.is_empty or within == []:
        return []
    query = view_query().where(is_late_in(scope, today))
    if within is not None:
        query = query.where(_a.unit_id.in_({group.unit_id for group in within}))
        query = query.where(or_(*[and_(_a.plan_id == g.plan_id, _a.unit_id == g.unit_id) for g in within]))
    if never_answered:
        query = query.where(_a.answered_at.is_(None))
    return to_views((await session.execute(query.order_by(_a.plan_id, _a.effective_on, _a.unit_id, _a.number))).all())


async def last_answers(session: AsyncSession, assignment_ids: Sequence[int]) -> dict[int, LastAnswer]:
    """The newest answer to each that was not taken back."""
    found: dict[int, LastAnswer] = {}
    for start in range(0, len(assignment_ids), _IN_LIMIT):
        batch = assignment_ids[start : start + _IN_LIMIT]
        newest = (
            select(func.max(_r.id))
            .where(_r.assignment_id.in_(batch), _r.undone_at.is_(None))
            .group_by(_r.assignment_id)
        )
        query = select(_r.assignment_id, _r.said, _r.answer, _r.percent, _r.reported_at).where(_r.id.in_(newest))
        found |= {row[0]: LastAnswer(*row[1:]) for row in await session.execute(query)}
    return found
