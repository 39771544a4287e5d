"""What approving a letter would do, and whom it would tell when: done in a savepoint, looked at, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.org_unit import OrgUnit
from models.plan import Plan
from models.task import Task
from models.terms import OPEN_STATES, BeforeReading, Role
from planner import audit
from planner.letters.approve_letter import Approved, approve_letter
from planner.letters.letters import LetterView
from planner.people import contacts
from planner.reading.read import Knowledge
from planner.report_progress import Said
from planner.workdays import WorkCalendar
from reminders.office_hours import is_planning_time, next_opening
from reminders.schedule import ScheduledReminder, schedule

LOOKED_AHEAD = 60
"""Days of the schedule that are shown."""

_a, _t, _p, _u = columns_of(Assignment), columns_of(Task), columns_of(Plan), columns_of(OrgUnit)


@dataclass(frozen=True, slots=True)
class ToldUnit:
    """Một đơn vị sẽ được nhắc. `tasks` are those it owes; `first_at` is None where nothing is due within the days.

    `is_at_once`: the first word goes out as soon as the letter is approved, for people may be disturbed now.
    """

    unit_code: str
    unit_name: str
    tasks: int
    is_reachable: bool
    first_at: datetime | None
    is_at_once: bool = False


@dataclass(frozen=True, slots=True)
class LinkedTask:
    """Việc đã được theo dõi theo văn bản khác: asked for there, so that nobody is reminded twice."""

    title: str
    same_as: str
    document_no: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Xem trước khi duyệt. Of a plan that is tracked already only what changes is counted and scheduled.

    `undated`: tasks nobody is reminded of, for they have no day; `past`: those whose last day is before today.
    """

    approved: Approved
    tasks: int
    undated: int
    past: int
    told: tuple[ToldUnit, ...]
    linked: tuple[LinkedTask, ...]
    schedule: tuple[ScheduledReminder, ...]


async def preview_letter(
    session: AsyncSession,
    letter: LetterView,
    *,
    coordinating: str | None,
    knowledge: Knowledge,
    said: Said,
    calendar: WorkCalendar,
    before: BeforeReading,
    days: int = LOOKED_AHEAD,
) -> Preview:
    """As `approve_letter` would have it, and raising what it raises; nothing of it stays, not in the record either.

    `session` is one that may write.
    """
    today = civil_day(said.at)
    async with audit.taken_back(session):
        approved = await approve_letter(session, letter, coordinating=coordinating, knowledge=knowledge, said=said)
        tasks = await _tasks(session, approved)
        codes = {task.code for task in tasks}
        planned = await schedule(
            session, start=today, end=today + timedelta(days=days), calendar=calendar, before=before,
            plan_id=approved.plan_id,
        )  # fmt: skip
        rows = tuple(row for row in planned if row.task in codes)
        told = await _told(session, [task.id for task in tasks], rows, now=said.at, calendar=calendar)
        linked = await _linked(session, tasks)
    past = [task for task in tasks if task.last_valid_on is not None and task.last_valid_on < today]
    undated = [task for task in tasks if _is_undated(task) and task.same_as_code is None]
    return Preview(approved, len(tasks), len(undated), len(past), told, linked, rows)


def _is_undated(task: Any) -> bool:
    return task.last_valid_on is None and not task.recurrences and not task.is_ongoing


async def _tasks(session: AsyncSession, approved: Approved) -> Sequence[Any]:
    """Those that are new or changed, in the order of their plan."""
    codes = set(approved.loaded.added)
    if approved.difference is not None:
        codes |= {each.task_code for each in approved.difference.moved}
        codes |= {each.task_code for each in approved.difference.reassigned}
    query = select(
        _t.id, _t.code, _t.title, _t.last_valid_on, _t.recurrences, _t.is_ongoing, _t.same_as_code
    ).where(_t.plan_id == approved.plan_id).order_by(_t.position, _t.id)  # fmt: skip
    return [row for row in await session.execute(query) if row.code in codes]


async def _told(
    session: AsyncSession,
    task_ids: Sequence[int],
    rows: Sequence[ScheduledReminder],
    *,
    now: datetime,
    calendar: WorkCalendar,
) -> tuple[ToldUnit, ...]:
    """The units that owe some of it, in the order of the directory."""
    first: dict[str, datetime] = {}
    for row in rows:
        first.setdefault(row.recipient_unit, row.at)
    owing = (
        select(_a.unit_id, func.count(_a.task_id.distinct()).label("tasks"))
        .where(_a.task_id.in_(task_ids), _a.state.in_(OPEN_STATES))
        .group_by(_a.unit_id)
        .subquery()
    )
    query = select(_u.id, _u.code, _u.name, owing.c.tasks).join(owing, owing.c.unit_id == _u.id).order_by(_u.id)
    units = (await session.execute(query)).all()
    people = await contacts(session, today=civil_day(now), roles=(Role.UNIT_HEAD, Role.OFFICER))
    reachable = {unit_id for unit_id, found in people.items() if any(each.chat is not None for each in found)}
    soonest = now if is_planning_time(now, calendar) else next_opening(now, calendar)
    at_once = {code for code, at in first.items() if at <= now == soonest}
    first = {code: at if at > now else soonest for code, at in first.items()}  # the morning of today may be over
    return tuple(
        ToldUnit(unit.code, unit.name, unit.tasks, unit.id in reachable, first.get(unit.code), unit.code in at_once)
        for unit in units
    )


async def _linked(session: AsyncSession, tasks: Sequence[Any]) -> tuple[LinkedTask, ...]:
    links = [task for task in tasks if task.same_as_code is not None]
    query = select(_t.code, _p.document_no).join(Plan, _p.id == _t.plan_id)
    rows = await session.execute(query.where(_t.code.in_([task.same_as_code for task in links])))
    documents = {row.code: row.document_no for row in rows}
    return tuple(LinkedTask(task.title, task.same_as_code, documents.get(task.same_as_code)) for task in links)
