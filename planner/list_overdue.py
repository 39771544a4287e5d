"""Use-case: what is late on a day, and the four official figures around it, computed from dates at that moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.columns import columns_of
from models.report import Report
from models.terms import DONE_STATES, OPEN_STATES, Answer, AssignmentState
from planner.scope import Scope, ScopeShape
from planner.statistics import Counts
from planner.views import AssignmentView, in_scope, in_shape, scope_values, to_views, view_query

_a, _r = columns_of(Assignment), columns_of(Report)
_IN_LIMIT = 500
_TODAY = bindparam("today", type_=Date)


def _in_words(states: Collection[AssignmentState]) -> ColumnElement[bool]:
    """Written out and in this order, never as parameters: else neither database may use the partial indexes."""
    written: ColumnElement[bool] = _a.state.in_([literal_column(repr(state.value)) for state in sorted(states)])
    return written


_is_open, _is_done = _in_words(OPEN_STATES), _in_words(DONE_STATES)


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
    late: ColumnElement[bool] = _a.id.in_(_late(in_scope(scope), today, _a.id))
    return late


def _late(mine: ColumnElement[bool], today: Any, *columns: ColumnElement[Any]) -> CompoundSelect[Any]:
    """Still owed, or handed in since. Each is a range of one index: all that was ever handed in is not read.

    A union and not an OR, which SQLite's planner answers with a scan as soon as most of the table is in scope.
    """
    was_due = and_(mine, _a.effective_on < today, _a.opens_on <= today)
    return union_all(
        select(*columns).where(_is_open, was_due),
        select(*columns).where(_is_done, _a.effective_on.is_not(None), _a.submitted_on > today, was_due),
    )


async def count_states(session: AsyncSession, scope: Scope, *, today: date) -> Counts:
    """The four figures over work with a deadline that had been given by `today`; they add up to all of it."""
    if scope.is_empty:
        return Counts()
    rows = await session.execute(_counts_query(scope.shape), {"today": today, **scope_values(scope)})
    return sum((_counts(row) for row in rows.all()), Counts())


async def count_states_by_plan(session: AsyncSession, scope: Scope, *, today: date) -> dict[int, Counts]:
    if scope.is_empty:
        return {}
    found: dict[int, Counts] = {}
    rows = await session.execute(_counts_query(scope.shape, by_plan=True), {"today": today, **scope_values(scope)})
    for row in rows.all():
        found[row.plan_id] = found.get(row.plan_id, Counts()) + _counts(row)
    return found


@cache
def _counts_query(shape: ScopeShape, *, by_plan: bool = False) -> CompoundSelect[Any]:
    """Four ranges of indexes that are counted without being looked at, row by row a fifth of the time.

    Most of the work there ever was has been handed in: all of it is one range, what of it was too late another, and
    the difference was on time.
    """
    mine, by = in_shape(shape), (_a.plan_id,) if by_plan else ()
    is_dated, was_given, is_late = _a.effective_on.is_not(None), _a.opens_on <= _TODAY, _a.effective_on < _TODAY
    number: Any = func.count()
    none: Any = literal_column("0")

    def part(is_done: str, total: Any, late: Any, *where: ColumnElement[bool]) -> Select[Any]:
        columns = (*by, literal_column(is_done).label("is_done"), total.label("total"), late.label("late"))
        return select(*columns).where(mine, *where).group_by(*by)

    return union_all(
        # what was handed in by then had been given by then
        part("1", number, none, _is_done, is_dated, _a.submitted_on <= _TODAY),
        part("1", none, number, _is_done, _a.submitted_on > _a.effective_on, _a.submitted_on <= _TODAY),
        part("0", number, number.filter(is_late), _is_done, is_dated, _a.submitted_on > _TODAY, was_given),
        part("0", number, number.filter(is_late), _is_open, is_dated, was_given),
    )


def _counts(row: Any) -> Counts:
    rest = row.total - row.late
    return (
        Counts(done_on_time=rest, done_late=row.late) if row.is_done else Counts(open_in_time=rest, open_late=row.late)
    )


async def group_late(session: AsyncSession, scope: Scope, *, today: date) -> list[LateGroup]:
    """Late work by plan and unit, plans in order, the unit that is latest first."""
    if scope.is_empty:
        return []
    rows = await session.execute(_groups_query(scope.shape), {"today": today, **scope_values(scope)})
    return [LateGroup(*row) for row in rows.all()]


@cache
def _groups_query(shape: ScopeShape) -> Select[Any]:
    late = _late(in_shape(shape), _TODAY, _a.plan_id, _a.unit_id, _a.effective_on, _a.answered_at).subquery().c
    oldest_on = func.min(late.effective_on)
    never_answered = func.count().filter(late.answered_at.is_(None))
    return (
        select(late.plan_id, late.unit_id, func.count(), oldest_on, never_answered)
        .group_by(late.plan_id, late.unit_id)
        .order_by(late.plan_id, oldest_on, late.unit_id)
    )


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
    query = _views_query(scope.shape, is_page=within is not None, never_answered=never_answered)
    page = [(group.plan_id, group.unit_id) for group in within or ()]
    return to_views((await session.execute(query, {"today": today, "page": page, **scope_values(scope)})).all())


@cache
def _views_query(shape: ScopeShape, *, is_page: bool, never_answered: bool) -> Select[Any]:
    wanted = [in_shape(shape)]
    wanted += [tuple_(_a.plan_id, _a.unit_id).in_(bindparam("page", expanding=True))] if is_page else []
    wanted += [_a.answered_at.is_(None)] if never_answered else []
    query = view_query().where(_a.id.in_(_late(and_(*wanted), _TODAY, _a.id)))
    return query.order_by(_a.plan_id, _a.effective_on, _a.unit_id, _a.number)


async def last_answers(session: AsyncSession, assignment_ids: Sequence[int]) -> dict[int, LastAnswer]:
    """The newest answer to each that was not taken back."""
    found: dict[int, LastAnswer] = {}
    for start in range(0, len(assignment_ids), _IN_LIMIT):
        rows = await session.execute(_LAST_ANSWERS, {"ids": list(assignment_ids[start : start + _IN_LIMIT])})
        found |= {row[0]: LastAnswer(*row[1:]) for row in rows.all()}
    return found


def _last_answers_query() -> Select[Any]:
    of_these = _r.assignment_id.in_(bindparam("ids", expanding=True))
    newest = select(func.max(_r.id)).where(of_these, _r.undone_at.is_(None)).group_by(_r.assignment_id)
    return select(_r.assignment_id, _r.said, _r.answer, _r.percent, _r.reported_at).where(_r.id.in_(newest))


_LAST_ANSWERS = _last_answers_query()
