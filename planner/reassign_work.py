"""Use-case: other units lead a task from now on; work that is open goes over to them, what was done stays."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment, Period
from models.clock import civil_day
from models.columns import columns_of
from models.terms import OPEN_STATES, AssignmentState, BeforeReading
from planner import audit
from planner.open_period import TaskRule, assignment_row, lead_units, load_rules
from planner.periods import PeriodDates, periods_of
from planner.report_progress import Said
from planner.workdays import WorkCalendar

_a, _pe = columns_of(Assignment), columns_of(Period)


@dataclass(slots=True)
class LeadsFollowed:
    """Kết quả đổi đơn vị chủ trì: how many assignments opened, and which of them were closed."""

    opened: int = 0
    closed: list[int] = field(default_factory=list)


async def leads_of(session: AsyncSession, plan_id: int, codes: Collection[str]) -> dict[int, list[int]]:
    """The units that owe each of these tasks now, by the task's id; to be handed to `follow_leads` afterwards."""
    rules = [rule for rule in await load_rules(session, plan_id=plan_id) if rule.task_code in codes]
    return await lead_units(session, {rule.task_id: rule.signed_on for rule in rules})


async def follow_leads(
    session: AsyncSession,
    plan_id: int,
    before_change: Mapping[int, Collection[int]],
    *,
    said: Said,
    calendar: WorkCalendar,
    before: BeforeReading,
) -> LeadsFollowed:
    """Open work of units that lead no more is closed, and the units that lead now owe it.

    Periods that nobody owes any more stay as they are. The caller commits.
    """
    rules = {rule.task_id: rule for rule in await load_rules(session, plan_id=plan_id)}
    now = await lead_units(session, {each: rules[each].signed_on for each in before_change if each in rules})
    done = LeadsFollowed()
    for task_id, units in now.items():
        gone, come = set(before_change[task_id]) - set(units), set(units) - set(before_change[task_id])
        rows = await _owed_rows(session, rules[task_id], come, said, calendar, before)
        closed = await _close(session, task_id, gone)
        await _open(session, task_id, rows)
        done.opened += len(rows)
        done.closed += closed
        await _record(session, rules[task_id].task_code, len(closed), len(rows), said)
    return done


async def _owed_rows(
    session: AsyncSession,
    task: TaskRule,
    come: Collection[int],
    said: Said,
    calendar: WorkCalendar,
    before: BeforeReading,
) -> list[dict[str, Any]]:
    """One for each unit that comes, in every period in which somebody still owes the task."""
    today = civil_day(said.at)
    dates = {each.period_key: each for each in periods_of(task.rule, until=today, calendar=calendar, before=before)}
    owed = select(_a.period_id).where(_a.task_id == task.task_id, _a.state.in_(OPEN_STATES))
    periods = (await session.execute(select(_pe.id, _pe.period_key, _pe.number).where(_pe.id.in_(owed)))).all()
    return [
        _row(task, dates[period.period_key], unit_id, period) | {"look_on": today}
        for period in periods
        for unit_id in sorted(come)
        if period.period_key in dates
    ]


def _row(task: TaskRule, dates: PeriodDates, unit_id: int, period: Any) -> dict[str, Any]:
    return assignment_row(task, dates, unit_id, number=period.number, period_id=period.id)


async def _open(session: AsyncSession, task_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """A unit that led it before and comes back has its closed work again, not a second one."""
    query = select(_a.id, _a.period_id, _a.unit_id, _a.state).where(_a.task_id == task_id)
    known = {(row.period_id, row.unit_id): row for row in await session.execute(query)}
    new = []
    for row in rows:
        there = known.get((row["period_id"], row["unit_id"]))
        if there is None:
            new.append(dict(row))
        elif there.state is AssignmentState.CLOSED:
            again = {name: row[name] for name in ("due_on", "last_valid_on", "effective_on", "look_on")}
            again |= {"state": AssignmentState.NOT_STARTED, "version": _a.version + 1}
            await session.execute(update(Assignment).where(_a.id == there.id).values(again))
    if new:
        await session.execute(insert(Assignment), new)


async def _close(session: AsyncSession, task_id: int, gone: Collection[int]) -> list[int]:
    closed = await session.execute(
        update(Assignment)
        .where(_a.task_id == task_id, _a.unit_id.in_(gone), _a.state.in_(OPEN_STATES))
        .values(state=AssignmentState.CLOSED, look_on=None, version=_a.version + 1)
        .returning(_a.id)
    )
    return sorted(closed.scalars())


async def _record(session: AsyncSession, code: str, closed: int, opened: int, said: Said) -> None:
    await audit.record(
        session, "leads-changed", now=said.at, channel=said.channel, person_id=said.person_id, said=said.text,
        after={"task": code, "closed_assignments": closed, "opened_assignments": opened},
    )  # fmt: skip
