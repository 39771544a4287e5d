"""Figures by plan and by unit on a day, with extensions and without; they add up to `count_states` of the scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment, Period
from models.columns import columns_of
from models.plan import Plan
from models.terms import DONE_STATES, OPEN_STATES
from planner.scope import Scope
from planner.statistics import Counts
from planner.views import AssignmentView, in_scope, paper_label, to_views, view_query

_a, _p = columns_of(Assignment), columns_of(Period)


@dataclass(frozen=True, slots=True)
class Figures:
    """Số liệu của một kế hoạch hoặc đơn vị. `counts` by the days granted, `unextended` by those on paper.

    `answered`: of the same work, how much its unit has spoken of at least once.
    """

    counts: Counts = field(default_factory=Counts)
    unextended: Counts = field(default_factory=Counts)
    answered: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.counts + other.counts, self.unextended + other.unextended, self.answered + other.answered)

    @property
    def total(self) -> int:
        return self.counts.total

    @property
    def silent(self) -> int:
        """Work nobody has spoken of: what the list of the silent shows, row for row."""
        return self.total - self.answered


def settled(counts: Counts) -> int:
    """Work whose fate is known: handed in, or late. What still has time says nothing about punctuality."""
    return counts.done_on_time + counts.done_late + counts.open_late


def on_time_rate(counts: Counts) -> float | None:
    """Share of what was settled that was handed in on time, 0 to 1; None while nothing is."""
    of = settled(counts)
    return counts.done_on_time / of if of else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Việc thường xuyên của tháng này: how many check-ins there are, and how many were answered."""

    total: int
    answered: int


@dataclass(frozen=True, slots=True)
class Part:
    """Một phần của phạm vi: only this plan, only this unit, or both; neither is all of it."""

    plan_id: int | None = None
    unit_id: int | None = None


WHOLE = Part()


async def figures_by_plan(
    session: AsyncSession, scope: Scope, *, today: date, part: Part = WHOLE
) -> dict[int, Figures]:
    return await _figures(session, scope, _a.plan_id, today=today, part=part)


async def figures_by_unit(
    session: AsyncSession, scope: Scope, *, today: date, part: Part = WHOLE
) -> dict[int, Figures]:
    return await _figures(session, scope, _a.unit_id, today=today, part=part)


def _in_part(scope: Scope, part: Part) -> ColumnElement[bool]:
    wanted = [in_scope(scope)]
    wanted += [_a.plan_id == part.plan_id] if part.plan_id is not None else []
    wanted += [_a.unit_id == part.unit_id] if part.unit_id is not None else []
    return and_(*wanted)


async def _figures(
    session: AsyncSession, scope: Scope, by: ColumnElement[int], *, today: date, part: Part
) -> dict[int, Figures]:
    if scope.is_empty:
        return {}
    on_paper = func.coalesce(_p.grace_until, _a.last_valid_on)
    is_done = and_(_a.state.in_(DONE_STATES), _a.submitted_on <= today)
    columns = [*_four(is_done, _a.effective_on, today), *_four(is_done, on_paper, today)]
    query = (
        select(by.label("key"), *columns, _sum(_a.answered_at.is_not(None)))
        .join(Period, _p.id == _a.period_id)
        .where(
            _in_part(scope, part),
            _a.effective_on.is_not(None),
            _a.opens_on <= today,
            _a.state.in_(OPEN_STATES | DONE_STATES),
        )
        .group_by(by)
    )
    found = {}
    for key, *figures in await session.execute(query):
        found[key] = Figures(Counts(*figures[:4]), Counts(*figures[4:8]), figures[8])
    return found


def _four(is_done: ColumnElement[bool], last_on: Any, today: date) -> Sequence[Any]:
    """In the order of `Counts`; every row falls into exactly one."""
    return (
        _sum(and_(is_done, _a.submitted_on <= last_on)),
        _sum(and_(is_done, _a.submitted_on > last_on)),
        _sum(and_(~is_done, last_on >= today)),
        _sum(and_(~is_done, last_on < today)),
    )


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def standing_of(session: AsyncSession, scope: Scope, *, today: date, part: Part = WHOLE) -> Standing:
    """Check-ins that stand open today."""
    if scope.is_empty:
        return Standing(0, 0)
    query = select(func.count(), _sum(_a.answered_at.is_not(None))).where(
        _in_part(scope, part),
        _a.effective_on.is_(None),
        _a.opens_on <= today,
        or_(_a.ends_on.is_(None), _a.ends_on >= today),
        _a.state.in_(OPEN_STATES | DONE_STATES),
    )
    return Standing(*(await session.execute(query)).one())


async def silent_views(session: AsyncSession, scope: Scope, *, today: date, part: Part = WHOLE) -> list[AssignmentView]:
    """Dated work, still owed, that its unit has never spoken of; by plan, then unit, then deadline."""
    if scope.is_empty:
        return []
    query = view_query().where(
        _in_part(scope, part),
        _a.effective_on.is_not(None),
        _a.opens_on <= today,
        _a.state.in_(OPEN_STATES),
        _a.answered_at.is_(None),
    )
    rows = await session.execute(query.order_by(_a.plan_id, _a.unit_id, _a.effective_on, _a.number))
    return to_views(rows.all())


async def plan_names(session: AsyncSession, plan_ids: Collection[int]) -> dict[int, str]:
    """CV 1487/UBND-NC, the number as it stands on the paper; of a secret plan nothing but that it is one."""
    columns = columns_of(Plan)
    query = select(columns.id, columns.code, columns.kind, columns.document_no, columns.is_secret)
    return {row.id: _plan_name(row) for row in await session.execute(query) if row.id in plan_ids}


def _plan_name(row: Any) -> str:
    if row.is_secret:
        return "văn bản mật"
    return paper_label(row.kind, row.document_no or "", row.code)
