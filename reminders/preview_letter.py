"""What approving a letter would do, and whom it would tell when: done in a savepoint, looked at, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.org_unit import OrgUnit
from models.task import Task
from models.terms import BeforeReading, Role
from planner import audit
from planner.letters.approve_letter import Approved, approve_letter
from planner.letters.letters import LetterView
from planner.people import contacts
from planner.reading.read import Knowledge
from planner.report_progress import Said
from planner.workdays import WorkCalendar
from reminders.schedule import ScheduledReminder, schedule

LOOKED_AHEAD = 60
"""Days of the schedule that are shown."""

_a, _t, _u = columns_of(Assignment), columns_of(Task), columns_of(OrgUnit)


@dataclass(frozen=True, slots=True)
class ToldUnit:
    """Một đơn vị sẽ được báo. `first_at` is None where nothing is due within the days looked at."""

    unit_code: str
    unit_name: str
    tasks: int
    is_reachable: bool
    first_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Xem trước khi duyệt. `undated`: tasks nobody will be reminded of, for they have no day."""

    approved: Approved
    tasks: int
    undated: int
    told: tuple[ToldUnit, ...]
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
    """As `approve_letter` would have it, and raising what it raises; nothing of it stays, not in the record either."""
    async with audit.taken_back(session):
        approved = await approve_letter(session, letter, coordinating=coordinating, knowledge=knowledge, said=said)
        today = civil_day(said.at)
        rows = await schedule(
            session, start=today, end=today + timedelta(days=days), calendar=calendar, before=before,
            plan_id=approved.plan_id,
        )  # fmt: skip
        tasks, undated = await _counts(session, approved.plan_id)
        told = await _told(session, approved.plan_id, rows, today=today)
    return Preview(approved, tasks, undated, told, tuple(rows))


async def _counts(session: AsyncSession, plan_id: int) -> tuple[int, int]:
    query = select(_t.last_valid_on, _t.recurrences, _t.is_ongoing).where(_t.plan_id == plan_id, _t.closed_at.is_(None))
    rows = (await session.execute(query)).all()
    undated = [row for row in rows if row.last_valid_on is None and not row.recurrences and not row.is_ongoing]
    return len(rows), len(undated)


async def _told(
    session: AsyncSession, plan_id: int, rows: Sequence[ScheduledReminder], *, today: date
) -> tuple[ToldUnit, ...]:
    first: dict[str, datetime] = {}
    for reminder in rows:
        first.setdefault(reminder.recipient_unit, reminder.at)
    reachable = {
        unit_id
        for unit_id, people in (await contacts(session, today=today, roles=(Role.UNIT_HEAD, Role.OFFICER))).items()
        if any(each.chat is not None for each in people)
    }
    owed: dict[int, set[int]] = {}
    for row in await session.execute(select(_a.unit_id, _a.task_id).where(_a.plan_id == plan_id)):
        owed.setdefault(row.unit_id, set()).add(row.task_id)
    units = (await session.execute(select(_u.id, _u.code, _u.name).where(_u.id.in_(owed)).order_by(_u.id))).all()
    return tuple(
        ToldUnit(row.code, row.name, len(owed[row.id]), row.id in reachable, first.get(row.code)) for row in units
    )
