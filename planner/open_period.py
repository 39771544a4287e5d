"""Use-case: open the periods that have come, one assignment for each unit that owes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment, Period
from models.columns import columns_of
from models.org_unit import OrgUnit, UnitGroupMember
from models.plan import Plan
from models.task import Task, TaskUnit
from models.terms import BeforeReading, Boundary, Frequency
from planner.periods import PeriodDates, Rule, periods_of
from planner.recurrence import Recurrence
from planner.workdays import WorkCalendar

_a, _p, _t, _tu = columns_of(Assignment), columns_of(Period), columns_of(Task), columns_of(TaskUnit)
_plan, _member, _unit = columns_of(Plan), columns_of(UnitGroupMember), columns_of(OrgUnit)

_ROWS_PER_INSERT = 2000
_OPENING_LOCK = 7_305_001
"""Key of the advisory lock that keeps two processes on PostgreSQL from opening the same periods."""


@dataclass(frozen=True, slots=True)
class TaskRule:
    """Một nhiệm vụ với quy tắc tính kỳ và ngày của văn bản (which decides who is in a group)."""

    task_id: int
    task_code: str
    plan_id: int
    signed_on: date
    rule: Rule


async def open_due_periods(
    session: AsyncSession,
    *,
    today: date,
    calendar: WorkCalendar,
    before: BeforeReading,
    plan_id: int | None = None,
) -> int:
    """Open every period whose opening day has come; returns how many assignments are new. Again = nothing new.

    A group stands for its members on the day the paper was signed (docs/decisions.md).
    """
    await one_at_a_time(session)
    tasks = await load_rules(session, plan_id=plan_id)
    known = await _known_periods(session, [task.task_id for task in tasks])
    missing = [
        (task, period)
        for task in tasks
        for period in periods_of(task.rule, until=today, calendar=calendar, before=before)
        if (task.task_id, period.period_key) not in known
    ]
    if not missing:
        return 0
    leads = await lead_units(session, {task.task_id: task.signed_on for task, _ in missing})
    period_ids = await _insert_periods(session, missing)
    rows = [
        assignment_row(task, period, unit_id, number=number, period_id=period_id)
        for (task, period), (period_id, number) in zip(missing, period_ids, strict=True)
        for unit_id in leads[task.task_id]
    ]
    for start in range(0, len(rows), _ROWS_PER_INSERT):
        await session.execute(insert(Assignment), rows[start : start + _ROWS_PER_INSERT])
    return len(rows)


async def one_at_a_time(session: AsyncSession) -> None:
    """Until this transaction ends no other process opens periods; on SQLite the writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _OPENING_LOCK})


async def load_rules(session: AsyncSession, *, plan_id: int | None = None) -> list[TaskRule]:
    """The rule of every task that is still open, in the order of its plan."""
    query = (
        select(
            _t.id, _t.code, _t.plan_id, _t.recurrences, _t.is_ongoing, _t.boundary, _t.due_on, _t.last_valid_on,
            _t.grace_until, _plan.valid_from, _plan.valid_to, _plan.track_from, _plan.issued_on,
        )
        .join(Plan, _plan.id == _t.plan_id)
        .where(_t.closed_at.is_(None), ~stands_elsewhere())
        .order_by(_t.plan_id, _t.position)
    )  # fmt: skip
    if plan_id is not None:
        query = query.where(_t.plan_id == plan_id)
    return [
        TaskRule(
            task_id=row.id,
            task_code=row.code,
            plan_id=row.plan_id,
            signed_on=row.issued_on or row.valid_from,
            rule=Rule(
                recurrences=tuple(map(read_recurrence, row.recurrences)),
                is_ongoing=row.is_ongoing,
                boundary=row.boundary,
                due_on=row.due_on,
                last_valid_on=row.last_valid_on,
                grace_until=row.grace_until,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                track_from=row.track_from,
            ),
        )
        for row in await session.execute(query)
    ]


def stands_elsewhere() -> ColumnElement[bool]:
    """The task says that it is the same duty as another that is tracked: one duty in two papers is asked for once."""
    other = Task.__table__.alias("other")  # type: ignore[attr-defined]
    return exists(select(other.c.id).where(other.c.code == _t.same_as_code, other.c.closed_at.is_(None)))


async def lead_units(session: AsyncSession, signed_on: dict[int, date]) -> dict[int, list[int]]:
    """The units that owe each task, groups expanded to their members valid on the day the paper was signed."""
    direct = select(_tu.task_id, _tu.unit_id, _unit.valid_from, _unit.valid_to).join(OrgUnit, _unit.id == _tu.unit_id)
    grouped = (
        select(_tu.task_id, _member.unit_id, _unit.valid_from, _unit.valid_to)
        .join(UnitGroupMember, _member.group_id == _tu.group_id)
        .join(OrgUnit, _unit.id == _member.unit_id)
    )
    found: dict[int, set[int]] = {task_id: set() for task_id in signed_on}
    for row in await session.execute(direct.where(_tu.is_lead, _tu.task_id.in_(signed_on))):
        found[row.task_id].add(row.unit_id)
    for row in await session.execute(grouped.where(_tu.is_lead, _tu.task_id.in_(signed_on))):
        day = signed_on[row.task_id]
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to):
            found[row.task_id].add(row.unit_id)
    return {task_id: sorted(units) for task_id, units in found.items()}


async def _known_periods(session: AsyncSession, task_ids: Sequence[int]) -> set[tuple[int, str]]:
    if not task_ids:
        return set()
    query = select(_p.task_id, _p.period_key).where(_p.task_id.between(min(task_ids), max(task_ids)))
    return {(row.task_id, row.period_key) for row in await session.execute(query)}


async def _insert_periods(
    session: AsyncSession, missing: Sequence[tuple[TaskRule, PeriodDates]]
) -> list[tuple[int, int]]:
    """Insert the periods in order of their deadline; returns (id, number) of each, in the order given."""
    last = (await session.execute(select(func.coalesce(func.max(_p.number), 0)))).scalar_one()
    # numbers follow the dates, so that a list by urgency reads 12, 13, 15 and not 15, 3, 12
    by_date = sorted(range(len(missing)), key=lambda index: (missing[index][1].effective_on or date.max, index))
    numbers = {index: last + place for place, index in enumerate(by_date, start=1)}
    rows = [_period_row(task, period, number=numbers[index]) for index, (task, period) in enumerate(missing)]
    for start in range(0, len(rows), _ROWS_PER_INSERT):
        await session.execute(insert(Period), rows[start : start + _ROWS_PER_INSERT])
    made = await session.execute(select(_p.id, _p.number).where(_p.number > last))
    ids = {row.number: row.id for row in made}
    return [(ids[numbers[index]], numbers[index]) for index in range(len(missing))]


def _period_row(task: TaskRule, period: PeriodDates, *, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "task_id": task.task_id,
        "period_key": period.period_key,
        "opens_on": period.opens_on,
        "due_on": period.due_on,
        "last_valid_on": period.last_valid_on,
        "work_to": period.work_to,
        "grace_until": period.grace_until,
        "ends_on": period.ends_on,
    }


def assignment_row(task: TaskRule, period: PeriodDates, unit_id: int, *, number: int, period_id: int) -> dict[str, Any]:
    return {
        "number": number,
        "period_id": period_id,
        "task_id": task.task_id,
        "plan_id": task.plan_id,
        "unit_id": unit_id,
        "opens_on": period.opens_on,
        "ends_on": period.ends_on,
        "due_on": period.due_on,
        "last_valid_on": period.last_valid_on,
        "effective_on": period.effective_on,
        "look_on": period.opens_on,
    }


def recurrence_facts(recurrence: Recurrence) -> dict[str, Any]:
    """A recurrence as it is stored."""
    return {
        "frequency": recurrence.frequency.value,
        "boundary": recurrence.boundary.value,
        "month": recurrence.month,
        "day": recurrence.day,
        "weekday": recurrence.weekday,
    }


def read_recurrence(facts: dict[str, Any]) -> Recurrence:
    return Recurrence(
        frequency=Frequency(facts["frequency"]),
        boundary=Boundary(facts["boundary"]),
        month=facts["month"],
        day=facts["day"],
        weekday=facts["weekday"],
    )
