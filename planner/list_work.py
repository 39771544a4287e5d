"""Queries behind the conversation: a unit's own work by urgency, what falls due, one assignment with its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.blocker import Blocker
from models.columns import columns_of
from models.extension import Extension
from models.org_unit import OrgUnit
from models.person import Address, Membership, Person
from models.plan import Plan
from models.report import Report
from models.terms import DONE_STATES, OPEN_STATES, Answer, AssignmentState, Role
from planner.people import acts_on
from planner.plain_text import plain
from planner.scope import Scope
from planner.views import AssignmentView, in_scope, paper_label, to_views, view_query

_a, _r, _b, _e = columns_of(Assignment), columns_of(Report), columns_of(Blocker), columns_of(Extension)
_p, _m, _ad, _u = columns_of(Person), columns_of(Membership), columns_of(Address), columns_of(OrgUnit)
_plan = columns_of(Plan)

_ANSWERING = (Role.UNIT_HEAD, Role.OFFICER)


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Một việc (số) đến hạn: of `total` units that owe it, `open` have not; `sample_id` is one of those, if any."""

    number: int
    sample_id: int
    due_on: date
    total: int
    open: int


@dataclass(frozen=True, slots=True)
class History:
    """Những gì đã nói về một việc: the blockers that stand, and every request for more time."""

    blockers: tuple[Blocker, ...]
    extensions: tuple[Extension, ...]


@dataclass(frozen=True, slots=True)
class LastReport:
    """Câu trả lời mới nhất của một người."""

    id: int
    assignment_id: int
    number: int
    said: str
    answer: Answer
    document_no: str | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """Một đơn vị hoặc kế hoạch tìm theo tên."""

    id: int
    code: str
    name: str


async def own_work(session: AsyncSession, unit_ids: Collection[int], *, today: date) -> list[AssignmentView]:
    """What these units owe or have handed in for acceptance, most urgent first, standing work last."""
    if not unit_ids:
        return []
    query = view_query().where(
        _a.unit_id.in_(unit_ids),
        _a.state.in_(OPEN_STATES | {AssignmentState.SUBMITTED}),
        _a.opens_on <= today,
        _is_current(today),
    )
    return sorted(to_views((await session.execute(query)).all()), key=_by_urgency)


def _is_current(today: date) -> ColumnElement[bool]:
    """Standing work of a month that is over asks for nothing any more."""
    return or_(_a.ends_on.is_(None), _a.ends_on >= today)


def _by_urgency(view: AssignmentView) -> tuple[date, int, int]:
    return (view.effective_on or date.max, view.number, view.unit_id)


async def find_by_number(session: AsyncSession, number: int, scope: Scope) -> list[AssignmentView]:
    """The assignments this number means within a scope: one per unit that owes it."""
    if scope.is_empty:
        return []
    query = view_query().where(in_scope(scope), _a.number == number).order_by(_a.unit_id)
    return to_views((await session.execute(query)).all())


async def due_groups(session: AsyncSession, scope: Scope, *, first: date, last: date, today: date) -> list[DueGroup]:
    """Work whose last day that counts lies in [first, last], by number, the earliest first."""
    if scope.is_empty:
        return []
    is_open = _a.state.in_(OPEN_STATES)
    sample = func.coalesce(func.min(case((is_open, _a.id))), func.min(_a.id))
    query = (
        select(_a.number, sample, _a.effective_on, func.count(), func.sum(case((is_open, 1), else_=0)))
        .where(
            in_scope(scope),
            _a.effective_on.between(first, last),
            _a.opens_on <= today,
            _a.state.in_(OPEN_STATES | DONE_STATES),
        )
        .group_by(_a.number, _a.effective_on)
        .order_by(_a.effective_on, _a.number)
    )
    return [DueGroup(*row) for row in await session.execute(query)]


async def history_of(session: AsyncSession, assignment_id: int) -> History:
    """Open blockers and all requests for more time, oldest first."""
    blockers = select(Blocker).where(_b.assignment_id == assignment_id, _b.resolved_at.is_(None)).order_by(_b.id)
    extensions = select(Extension).where(_e.assignment_id == assignment_id).order_by(_e.id)
    return History(
        tuple((await session.execute(blockers)).scalars()), tuple((await session.execute(extensions)).scalars())
    )


async def last_report_by(session: AsyncSession, person_id: int, *, since: datetime) -> LastReport | None:
    """This person's newest answer that stands, if it was given at `since` or later."""
    query = _reports().where(_r.person_id == person_id, _r.reported_at >= since)
    return _first_report((await session.execute(query)).first())


async def newest_reports_by(session: AsyncSession, person_id: int, *, since: datetime, limit: int) -> list[LastReport]:
    """This person's newest answers that stand, newest first."""
    query = _reports(limit).where(_r.person_id == person_id, _r.reported_at >= since)
    return [LastReport(*row) for row in await session.execute(query)]


async def reports_said_in(session: AsyncSession, person_id: int, *, channel: str, ref: str) -> list[LastReport]:
    """The answers that stand of one message of this person, newest first."""
    query = _reports(None).where(_r.person_id == person_id, _r.channel == channel, _r.said_ref == ref)
    return [LastReport(*row) for row in await session.execute(query)]


async def reported_on_by(session: AsyncSession, person_id: int, *, since: datetime) -> list[int]:
    """The assignments this person answered for at `since` or later, in answers that stand."""
    query = select(_r.assignment_id).where(_r.person_id == person_id, _r.reported_at >= since, _r.undone_at.is_(None))
    return list((await session.execute(query.distinct())).scalars())


async def last_report_on(
    session: AsyncSession, assignment_id: int, *, answer: Answer | None = None
) -> LastReport | None:
    """The newest answer to this assignment that stands (of one kind)."""
    query = _reports().where(_r.assignment_id == assignment_id)
    if answer is not None:
        query = query.where(_r.answer == answer)
    return _first_report((await session.execute(query)).first())


def _reports(limit: int | None = 1) -> Select[Any]:
    return (
        select(_r.id, _r.assignment_id, _a.number, _r.said, _r.answer, _r.document_no, _r.reported_at)
        .join(Assignment, _a.id == _r.assignment_id)
        .where(_r.undone_at.is_(None))
        .order_by(_r.id.desc())
        .limit(limit)
    )


def _first_report(row: Any) -> LastReport | None:
    return None if row is None else LastReport(*row)


@dataclass(frozen=True, slots=True)
class Reached:
    """Đơn vị có người nhận tin: `linked` somebody once did, `reachable` somebody still hears."""

    linked: frozenset[int]
    reachable: frozenset[int]


async def units_reached(session: AsyncSession, *, today: date) -> Reached:
    """Of all units: read from the people there are, who are few, and not from the work, which is much."""
    rows = (await session.execute(_REACHED, {"today": today})).all()
    return Reached(frozenset(row.unit_id for row in rows), frozenset(row.unit_id for row in rows if row.reachable))


_TODAY: Any = bindparam("today", type_=Date)
_REACHED = (
    select(_m.unit_id, func.count(case((_ad.unreachable_at.is_(None), 1))).label("reachable"))
    .join(Person, _p.id == _m.person_id)
    .join(Address, _ad.person_id == _p.id)
    .where(_p.is_active, acts_on(_TODAY), _m.role.in_(_ANSWERING))
    .group_by(_m.unit_id)
)


async def unit_names(session: AsyncSession, unit_ids: Sequence[int]) -> dict[int, str]:
    """Short names by id; `unit_ids` are those of one page."""
    rows = await session.execute(_UNIT_NAMES, {"ids": list(unit_ids)})
    return {row.id: row.short_name for row in rows.all()}


_UNIT_NAMES = select(_u.id, _u.short_name).where(_u.id.in_(bindparam("ids", expanding=True)))


async def find_units(session: AsyncSession, words: str, scope: Scope, *, limit: int = 5) -> list[Named]:
    """Units with work in this scope whom these words may mean: exact names first, then endings, then parts."""
    wanted = _bare_unit(words)
    if scope.is_empty or not wanted:
        return []
    works = exists().where(_a.unit_id == _u.id, in_scope(scope))
    query = select(_u.id, _u.code, _u.name, _u.short_name, _u.aliases).where(works).order_by(_u.id)
    ranked: dict[int, list[Named]] = {}
    for row in await session.execute(query):
        spellings = {_bare_unit(name) for name in (row.code, row.name, row.short_name, *row.aliases)}
        rank = min(_rank(wanted, spelling) for spelling in spellings)
        ranked.setdefault(rank, []).append(Named(row.id, row.code, row.short_name))
    best = min((rank for rank in ranked if rank < _NOT_AT_ALL), default=None)
    return [] if best is None else ranked[best][:limit]


_NOT_AT_ALL = 3


def _bare_unit(name: str) -> str:
    return plain(name).removeprefix("uy ban nhan dan ").removeprefix("ubnd ")


def _rank(wanted: str, spelling: str) -> int:
    if spelling == wanted:
        return 0
    if spelling.endswith(f" {wanted}"):
        return 1
    return 2 if f" {wanted} " in f" {spelling} " else _NOT_AT_ALL


async def find_plans(session: AsyncSession, words: str, scope: Scope) -> list[Named]:
    """Plans with work in this scope called so: "kh146", "KH 146", "146", "1487/UBND-NC", or the plan's own code."""
    wanted = _glued(words)
    if scope.is_empty or not wanted:
        return []
    works = exists().where(_a.plan_id == _plan.id, in_scope(scope))
    query = select(_plan.id, _plan.code, _plan.document_no, _plan.kind, _plan.is_secret).where(works)
    found = []
    for row in await session.execute(query.order_by(_plan.id)):
        number = "" if row.is_secret else (row.document_no or "")
        short = number.split("/")[0]
        label = "" if row.is_secret else paper_label(row.kind, short, row.code)
        names = {_glued(name) for name in (row.code, number, short, f"kh {short}", f"cv {short}", f"kh {number}",
                                           f"cv {number}", label)}  # fmt: skip
        if wanted in names - {"", "kh", "cv"}:
            found.append(Named(row.id, row.code, row.code))
    return found


def _glued(name: str) -> str:
    return plain(name).replace(" ", "")


async def look_now(session: AsyncSession, unit_ids: Collection[int], *, today: date) -> None:
    """Have the next sweep look at all that these units owe: somebody is there to be told at last."""
    if not unit_ids:
        return
    await session.execute(
        update(Assignment)
        .where(and_(_a.unit_id.in_(unit_ids), _a.state.in_(OPEN_STATES), _a.opens_on <= today))
        .values(look_on=today)
    )
