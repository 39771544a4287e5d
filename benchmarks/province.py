"""A province in figures: as many assignments as asked for, made by the database itself in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, case, func, insert, literal, null, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.databases import settle_statistics
from models.clock import at_civil
from models.database import Database
from models.tables import METADATA
from models.terms import (
    Answer,
    AssignmentState,
    BeforeReading,
    Boundary,
    DeadlineKind,
    Frequency,
    InboxState,
    Lane,
    OutboxState,
    PlanKind,
    Role,
    TaskKind,
    UnitLevel,
)
from planner.open_period import recurrence_facts
from planner.periods import Rule, periods_of
from planner.recurrence import Recurrence
from planner.workdays import WorkCalendar

TODAY = date(2026, 6, 17)
"""A Wednesday like any other."""
MORNING = at_civil(TODAY, time(8, 0))
NOW = at_civil(TODAY, time(9, 0))
TRACKED_FROM = date(2025, 9, 1)
PERIODS = 10
"""Months from then until now: what a monthly task has opened."""

BOT = "telegram:7001"
CHANNEL = "telegram"
FIRST_CHAT = 10_000
COORDINATOR_CHAT = "9001"
TASKS_PER_PLAN = 10
PLANS_PER_COORDINATOR = 5

_LONG_AGO = datetime.combine(TODAY - timedelta(days=30), time(9), tzinfo=NOW.tzinfo)
_unit, _plan, _task, _task_unit, _period, _assignment, _person, _membership, _address, _report, _outbox, _inbox = (
    METADATA.tables[name]
    for name in (
        "org_unit", "plan", "task", "task_unit", "period", "assignment", "person", "membership", "address", "report",
        "outbox", "inbox",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """Hình dạng: units × tasks × ten months. `late` of the assignments are late; None: nothing was ever handed in.

    `look_on` is when the sweep looks at what is open.
    """

    units: int = 200
    tasks: int = 50
    late: int | None = 1_000
    look_on: date = TODAY + timedelta(days=1)
    due_day: int | None = None

    @property
    def assignments(self) -> int:
        return self.units * self.tasks * PERIODS


@dataclass(frozen=True)
class Settled:
    """Tỉnh đã dựng. `coordinated` are the first coordinator's plans, whose chat is COORDINATOR_CHAT."""

    assignments: int
    in_scope: int
    late_in_scope: int
    coordinated: tuple[int, ...]


async def settle(database: Database, shape: Shape) -> Settled:
    """Fill an empty database; everything is committed and its statistics are gathered."""
    plans = -(-shape.tasks // TASKS_PER_PLAN)
    async with database.write() as session:
        if database.dialect == "postgresql":  # the keys are right by construction
            await session.execute(text("SET LOCAL session_replication_role = replica"))
        await _units_and_people(session, shape, plans)
        await _plans_and_tasks(session, shape, plans)
        await _assignments(session, shape)
        await _history(session)
        if database.dialect == "postgresql":
            for table in (_unit, _plan, _task, _task_unit, _period, _person):
                await session.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1 + max(id)) FROM {table.name}")  # noqa: S608
                )
        await session.commit()
    await settle_statistics(database)
    return await _described(database, tuple(range(1, min(plans, PLANS_PER_COORDINATOR) + 1)))


async def _units_and_people(session: AsyncSession, shape: Shape, plans: int) -> None:
    desks = -(-plans // PLANS_PER_COORDINATOR)
    ids = range(1, shape.units + desks + 1)
    await _fill(session, _unit, [
        {
            "id": each, "code": f"P.U{each}", "name": f"Ủy ban nhân dân xã Mẫu {each}",
            "short_name": f"UBND xã Mẫu {each}",
            "aliases": [], "level": UnitLevel.COMMUNE if each <= shape.units else UnitLevel.OFFICE,
        }
        for each in ids
    ])  # fmt: skip
    await _fill(session, _person, [{"id": each, "full_name": f"Người Mẫu {each}", "is_active": True,
                                    "created_at": _LONG_AGO} for each in ids])  # fmt: skip
    await _fill(session, _membership, [
        {"person_id": each, "unit_id": each, "role": Role.UNIT_HEAD if each <= shape.units else Role.COORDINATOR}
        for each in ids
    ])  # fmt: skip
    # one unit in forty has nobody who has linked
    linked = [each for each in ids if each % 40 or each > shape.units]
    await _fill(session, _address, [
        {
            "person_id": each, "channel": CHANNEL, "bot": BOT, "position": 0, "linked_at": _LONG_AGO,
            "chat": COORDINATOR_CHAT if each == shape.units + 1 else str(FIRST_CHAT + each),
        }
        for each in linked
    ])  # fmt: skip


async def _plans_and_tasks(session: AsyncSession, shape: Shape, plans: int) -> None:
    await _fill(session, _plan, [
        {
            "id": each, "code": f"KM{each}", "kind": PlanKind.PLAN, "document_no": f"{each}/KH-UBND",
            "issued_on": TRACKED_FROM, "title": f"Kế hoạch mẫu số {each}", "valid_from": TRACKED_FROM,
            "coordinating_unit_id": shape.units + 1 + (each - 1) // PLANS_PER_COORDINATOR,
            "track_from": TRACKED_FROM, "is_secret": False, "notes": [], "loaded_at": _LONG_AGO,
        }
        for each in range(1, plans + 1)
    ])  # fmt: skip
    tasks, periods, calendar = [], [], WorkCalendar()
    for each in range(1, shape.tasks + 1):
        monthly = Recurrence(Frequency.MONTHLY, Boundary.BY, month=None, day=shape.due_day or 1 + each % 28)
        tasks.append(_task_row(each, monthly))
        periods += _period_rows(each, monthly, calendar)
    for number, row in enumerate(periods, start=1):
        row |= {"id": number, "number": number}
    await _fill(session, _task, tasks)
    await _fill(session, _period, periods)
    rows = [{"task_id": task["id"], "is_lead": True, "unit_id": unit}
            for task in tasks for unit in range(1, shape.units + 1)]  # fmt: skip
    await _fill(session, _task_unit, rows)


def _task_row(number: int, monthly: Recurrence) -> dict[str, Any]:
    plan = 1 + (number - 1) // TASKS_PER_PLAN
    return {
        "id": number, "plan_id": plan, "code": f"KM{plan}-{number}", "position": number,
        "title": f"Báo cáo kết quả giải quyết hồ sơ số {number}", "place": f"IV.{number}", "kind": TaskKind.REPORT,
        "deadline_phrase": "hằng tháng", "deadline_kind": DeadlineKind.MONTHLY, "boundary": Boundary.BY,
        "recurrences": [recurrence_facts(monthly)], "is_ongoing": False, "is_secret": False,
    }  # fmt: skip


def _period_rows(task: int, monthly: Recurrence, calendar: WorkCalendar) -> list[dict[str, Any]]:
    rule = Rule(
        recurrences=(monthly,), is_ongoing=False, boundary=Boundary.BY, due_on=None, last_valid_on=None,
        grace_until=None, valid_from=TRACKED_FROM, valid_to=None, track_from=TRACKED_FROM,
    )  # fmt: skip
    found = periods_of(rule, until=TODAY, calendar=calendar, before=BeforeReading.STRICT)
    return [
        {
            "task_id": task, "period_key": each.period_key, "opens_on": each.opens_on, "due_on": each.due_on,
            "last_valid_on": each.last_valid_on, "work_to": each.work_to,
        }
        for each in found
    ]  # fmt: skip


async def _assignments(session: AsyncSession, shape: Shape) -> None:
    """All of them in one statement: each period for each unit, most of what is past handed in."""
    is_past = _period.c.last_valid_on < TODAY
    past = (await session.execute(select(func.count()).select_from(_period).where(is_past))).scalar_one() * shape.units
    every = 1 if shape.late is None else max(1, round(past / shape.late)) if shape.late else past + 1
    dice = (_period.c.id * 7919 + _unit.c.id * 104_729) % every
    half = (_period.c.id + _unit.c.id) % 2 == 0
    is_done = (is_past & (dice != 0)) if every > 1 else ~true()
    values: dict[str, Any] = {
        "number": _period.c.number,
        "period_id": _period.c.id,
        "task_id": _period.c.task_id,
        "plan_id": _task.c.plan_id,
        "unit_id": _unit.c.id,
        "opens_on": _period.c.opens_on,
        "due_on": _period.c.due_on,
        "last_valid_on": _period.c.last_valid_on,
        "effective_on": _period.c.last_valid_on,
        "state": case(
            (is_done, literal(AssignmentState.ACCEPTED, _assignment.c.state.type)),
            (half, literal(AssignmentState.IN_PROGRESS, _assignment.c.state.type)),
            else_=literal(AssignmentState.NOT_STARTED, _assignment.c.state.type),
        ),
        "submitted_on": case((is_done, _period.c.opens_on), else_=null()),
        "answered_at": case((is_done | half, literal(_LONG_AGO, _assignment.c.answered_at.type)), else_=null()),
        "look_on": case((is_done, null()), else_=literal(shape.look_on, _assignment.c.look_on.type)),
        "version": literal(0),
    }
    rows = (
        select(*[value.label(name) for name, value in values.items()])
        .select_from(_period)
        .join(_task, _task.c.id == _period.c.task_id)
        .join(_unit, _unit.c.id <= shape.units)
        .order_by(_period.c.id, _unit.c.id)
    )
    await session.execute(insert(_assignment).from_select(list(values), rows, include_defaults=False))


async def _history(session: AsyncSession) -> None:
    """What was said about every fifth answered assignment, and a week of messages in and out."""
    answered = _assignment.c.answered_at.is_not(None) & (
        (_assignment.c.state != AssignmentState.ACCEPTED) | (_assignment.c.id % 5 == 0)
    )
    await _copy(session, _report, answered, {
        "assignment_id": _assignment.c.id, "person_id": _assignment.c.unit_id,
        "answer": literal(Answer.IN_PROGRESS, _report.c.answer.type), "said": literal("đang tổng hợp số liệu"),
        "channel": literal(CHANNEL), "reported_at": _assignment.c.answered_at, "reported_on": _assignment.c.opens_on,
        "before_state": literal(AssignmentState.NOT_STARTED, _report.c.before_state.type),
        "after_state": literal(AssignmentState.IN_PROGRESS, _report.c.after_state.type),
    })  # fmt: skip
    tenth = _assignment.c.id % 10 == 0
    key = literal("old:").concat(_assignment.c.id)
    await _copy(session, _outbox, tenth, {
        "dedup_key": key, "bot": literal(BOT), "chat": literal("1"), "person_id": _assignment.c.unit_id,
        "assignment_id": _assignment.c.id, "lane": literal(Lane.DIGEST, _outbox.c.lane.type), "priority": literal(2),
        "form": literal("text"), "payload": literal({"text": "đã gửi"}, _outbox.c.payload.type),
        "state": literal(OutboxState.DELIVERED, _outbox.c.state.type),
        "send_after": literal(_LONG_AGO, _outbox.c.send_after.type), "attempts": literal(1), "parts_sent": literal(1),
        "unknown_outcomes": literal(0), "wire_ref": key, "created_at": literal(_LONG_AGO, _outbox.c.created_at.type),
        "settled_at": literal(_LONG_AGO, _outbox.c.settled_at.type),
    })  # fmt: skip
    await _copy(session, _inbox, tenth, {
        "bot": literal(BOT), "update_key": key, "chat": literal("1"), "body": literal("{}"),
        "state": literal(InboxState.HANDLED, _inbox.c.state.type),
        "received_at": literal(_LONG_AGO, _inbox.c.received_at.type),
        "handle_after": literal(_LONG_AGO, _inbox.c.handle_after.type), "attempts": literal(1),
        "handled_at": literal(_LONG_AGO, _inbox.c.handled_at.type),
    })  # fmt: skip


async def _copy(session: AsyncSession, table: Table, where: Any, values: dict[str, Any]) -> None:
    rows = select(*[value.label(name) for name, value in values.items()]).select_from(_assignment).where(where)
    await session.execute(insert(table).from_select(list(values), rows, include_defaults=False))


async def _fill(session: AsyncSession, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    connection = await session.connection()
    await connection.execute(insert(table), list(rows))


async def _described(database: Database, coordinated: tuple[int, ...]) -> Settled:
    mine = _assignment.c.plan_id.in_(coordinated)
    late = mine & (_assignment.c.effective_on < TODAY) & (_assignment.c.state != AssignmentState.ACCEPTED)
    async with database.read() as session:
        found = [
            (await session.execute(select(func.count()).select_from(_assignment).where(where))).scalar_one()
            for where in (true(), mine, late)
        ]
    return Settled(*found, coordinated)
