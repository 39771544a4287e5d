"""Use-case: a coordinator gives work by word, without a paper; one plan a year holds all of a unit's such work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.org_unit import OrgUnit, UnitGroup, UnitGroupMember
from models.plan import Plan
from models.task import Task, TaskUnit
from models.terms import OPEN_STATES, AssignmentState, BeforeReading, PlanKind, TaskKind
from planner import audit
from planner.deadlines import Reading, read_deadline
from planner.open_period import open_due_periods
from planner.plain_text import plain
from planner.report_progress import NothingToUndoError, Said
from planner.workdays import WorkCalendar

TITLE_CHARACTERS = 200
ASSIGNED, WITHDRAWN = "task-assigned", "task-withdrawn"

_a, _p, _t, _u = columns_of(Assignment), columns_of(Plan), columns_of(Task), columns_of(OrgUnit)
_g, _gm = columns_of(UnitGroup), columns_of(UnitGroupMember)


@dataclass(frozen=True, slots=True)
class Given:
    """Việc vừa giao."""

    task_id: int
    number: int
    assignment_ids: tuple[int, ...]


def is_sure(reading: Reading) -> bool:
    """One day, read without doubt: all that work given by word may rest on."""
    return reading.last_valid_on is not None and not reading.ask and not reading.recurrences


async def assign_task(
    session: AsyncSession,
    coordinating_unit_id: int,
    *,
    title: str,
    phrase: str,
    unit_ids: Collection[int],
    said: Said,
    calendar: WorkCalendar,
    before: BeforeReading,
) -> Given:
    """Open the work for each unit today; the sweep tells them. The phrase must be read surely (see `is_sure`)."""
    today = civil_day(said.at)
    reading = read_deadline(phrase, base_on=today, calendar=calendar, before=before)
    assert is_sure(reading), "the caller asks before it gives"
    plan_id, plan_code = await _plan_of_the_year(session, coordinating_unit_id, today=today, said=said)
    position = (await session.execute(select(func.count()).where(_t.plan_id == plan_id))).scalar_one()
    added = await session.execute(
        insert(Task)
        .values(
            plan_id=plan_id,
            code=f"{plan_code}-{position + 1}",
            position=position,
            title=title[:TITLE_CHARACTERS],
            kind=TaskKind.REPORT if plain(title).startswith("bao cao") else TaskKind.TASK,
            deadline_phrase=phrase,
            deadline_kind=reading.kind,
            boundary=reading.boundary,
            due_on=reading.due_on,
            due_time=reading.due_time,
            last_valid_on=reading.last_valid_on,
            grace_until=reading.grace_until,
            recurrences=[],
        )
        .returning(_t.id)
    )
    task_id = int(added.scalar_one())
    await session.execute(
        insert(TaskUnit), [{"task_id": task_id, "is_lead": True, "unit_id": each} for each in sorted(unit_ids)]
    )
    await open_due_periods(session, today=today, calendar=calendar, before=before, plan_id=plan_id)
    rows = (await session.execute(select(_a.id, _a.number).where(_a.task_id == task_id).order_by(_a.unit_id))).all()
    given = Given(task_id, rows[0].number, tuple(row.id for row in rows))
    await _record(session, ASSIGNED, given, said=said)
    return given


async def _plan_of_the_year(session: AsyncSession, unit_id: int, *, today: date, said: Said) -> tuple[int, str]:
    """ "Giao việc trực tiếp 2024" of this unit. It is followed from today on, so that new work opens today."""
    unit_code = (await session.execute(select(_u.code).where(_u.id == unit_id))).scalar_one()
    code = f"GV{today.year}.{unit_code}"[:32]
    known = (await session.execute(select(_p.id).where(_p.code == code))).scalar_one_or_none()
    if known is not None:
        await session.execute(update(Plan).where(_p.id == known).values(track_from=today))
        return int(known), code
    added = await session.execute(
        insert(Plan)
        .values(
            code=code,
            kind=PlanKind.PLAN,
            title=f"Giao việc trực tiếp {today.year}",
            issuer_unit_id=unit_id,
            coordinating_unit_id=unit_id,
            valid_from=date(today.year, 1, 1),
            track_from=today,
            notes=[],
            loaded_at=said.at,
        )
        .returning(_p.id)
    )
    return int(added.scalar_one()), code


async def withdraw_task(session: AsyncSession, task_id: int, *, said: Said) -> list[int]:
    """Close the work as if it had never been given; its assignments. Raises NothingToUndoError once one is answered."""
    query = select(_a.id, _a.number, _a.state, _a.answered_at).where(_a.task_id == task_id).with_for_update()
    rows = (await session.execute(query)).all()
    if not rows or any(row.answered_at or row.state not in OPEN_STATES for row in rows):
        raise NothingToUndoError
    await session.execute(update(Task).where(_t.id == task_id).values(closed_at=said.at))
    await session.execute(
        update(Assignment)
        .where(_a.task_id == task_id)
        .values(state=AssignmentState.CLOSED, look_on=None, version=_a.version + 1)
    )
    given = Given(task_id, rows[0].number, tuple(row.id for row in rows))
    await _record(session, WITHDRAWN, given, said=said)
    return list(given.assignment_ids)


async def _record(session: AsyncSession, action: str, given: Given, *, said: Said) -> None:
    await audit.record(
        session,
        action,
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        said=said.text,
        after={"task_id": given.task_id, "number": given.number, "assignments": list(given.assignment_ids)},
    )


async def group_called(session: AsyncSession, words: str, within: Collection[int]) -> list[int]:
    """The members within reach of the group these words are the name of ("các sở, ban, ngành tỉnh")."""
    wanted = plain(words).removeprefix("tat ca ").removeprefix("cac ")
    groups = [row.id for row in await session.execute(select(_g.id, _g.name)) if wanted and plain(row.name) == wanted]
    if len(groups) != 1:
        return []
    rows: Sequence[Any] = (await session.execute(select(_gm.unit_id).where(_gm.group_id == groups[0]))).all()
    return sorted(row.unit_id for row in rows if row.unit_id in within)
