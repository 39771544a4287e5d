"""Dry run: who would be told what, when and on which step of the ladder, if nobody answered meanwhile."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment, Period
from models.clock import CIVIL_ZONE
from models.columns import columns_of
from models.org_unit import OrgUnit
from models.plan import Plan
from models.task import Task
from models.terms import OPEN_STATES, AssignmentState, BeforeReading, ReminderKind, Role, TaskKind
from planner.open_period import lead_units, load_rules
from planner.people import contacts
from planner.periods import PeriodDates, periods_of
from planner.workdays import WorkCalendar
from reminders.policy import Duty, Ladder, Rung, ladder_for, rungs
from reminders.scan import duty_of, officer_among

MORNING = time(8)

_a, _pe, _t, _p, _u = (columns_of(each) for each in (Assignment, Period, Task, Plan, OrgUnit))


@dataclass(frozen=True, slots=True)
class ScheduledReminder:
    """Một lần nhắc dự kiến. `at` is on a Vietnamese wall clock; days are those of the work it is about."""

    at: datetime
    recipient_unit: str
    plan: str
    task: str
    kind: ReminderKind
    step: str
    due_on: date | None
    last_valid_on: date | None


@dataclass(frozen=True, slots=True)
class _About:
    """Điều cần biết về một nhiệm vụ để biết nhắc ai. `up_the_line`: the coordinator, then whose leaders hear."""

    plan_code: str
    task_code: str
    ladder: Ladder
    up_the_line: tuple[tuple[str, ...], tuple[str, ...]]
    is_request: bool

    def told(self, rung: Rung, own: Sequence[str], *, has_officer: bool) -> Sequence[str]:
        """The units whose people hear of this rung; where an officer has the work its own head comes first."""
        level = rung.level - (1 if has_officer else 0)
        return own if level <= 0 else self.up_the_line[level - 1]


@dataclass(frozen=True, slots=True)
class _Days:
    due_on: date | None
    last_valid_on: date | None


_Duties: TypeAlias = dict[tuple[int, Duty, _Days], list[int]]
"""(task, what the ladder needs, the days to show) -> the units that share it: a ladder is climbed once for all."""


async def schedule(
    session: AsyncSession,
    *,
    start: date,
    end: date,
    calendar: WorkCalendar,
    before: BeforeReading,
    recipients: Collection[str] | None = None,
    plan_id: int | None = None,
) -> list[ScheduledReminder]:
    """What stands on the ladders from `start` to `end`, both counted in, by time and recipient.

    Periods open already are taken as they are now, so work that is done earns nothing; later ones are computed.
    A step up the line is told once for a task, however many units it is about, as its recipient reads it.
    With `plan_id` only that plan's work is looked at.
    """
    about = await _load_about(session, today=start, plan_id=plan_id)
    units = {row.id: row.code for row in await session.execute(select(_u.id, _u.code))}
    duties = await _open_duties(session, today=start, plan_id=plan_id) | await _later_duties(
        session, about, end=end, calendar=calendar, before=before, plan_id=plan_id
    )
    found: defaultdict[_Step, set[str]] = defaultdict(set)
    for (task_id, duty, days), unit_ids in duties.items():
        own = [units[unit_id] for unit_id in unit_ids]
        for rung in _standing(duty, about[task_id], start=start, end=end, calendar=calendar):
            told = about[task_id].told(rung, own, has_officer=duty.has_officer)
            found[_Step(rung.on, task_id, rung.kind, rung.step, days)].update(told)
    return _rows(found, about, recipients)


class _Step(NamedTuple):
    """Một bậc của một nhiệm vụ, whoever is told."""

    on: date
    task_id: int
    kind: ReminderKind
    step: str
    days: _Days


def _rows(
    found: Mapping[_Step, Collection[str]], about: Mapping[int, _About], recipients: Collection[str] | None
) -> list[ScheduledReminder]:
    """In order of time and recipient. A plan for a province has a hundred thousand: plain tuples are what is sorted."""
    steps = list(found)
    keyed = [
        (each.on, recipient, task.plan_code, task.task_code, each.kind.value, each.step, each.days.due_on or date.max,
         place)
        for place, each in enumerate(steps)
        for task in (about[each.task_id],)
        for recipient in found[each]
        if recipients is None or recipient in recipients
    ]  # fmt: skip
    mornings = {each.on: datetime.combine(each.on, MORNING, tzinfo=CIVIL_ZONE) for each in steps}
    return [
        ScheduledReminder(
            mornings[on], recipient, plan_code, task_code, steps[place].kind, step, steps[place].days.due_on,
            steps[place].days.last_valid_on,
        )
        for on, recipient, plan_code, task_code, _kind, step, _due_on, place in sorted(keyed)
    ]  # fmt: skip


def _standing(duty: Duty, task: _About, *, start: date, end: date, calendar: WorkCalendar) -> Iterable[Rung]:
    """The rungs of the window; of several on one morning at one level the last counts, as the sweep has it."""
    mornings: dict[tuple[date, int], Rung] = {}
    for rung in rungs(duty, calendar=calendar, until=end):
        if start <= rung.on and not (task.is_request and rung.level):
            mornings[rung.on, rung.level] = rung
    return mornings.values()


async def _load_about(session: AsyncSession, *, today: date, plan_id: int | None) -> dict[int, _About]:
    led = set(await contacts(session, today=today, roles=(Role.LEADER,)))
    units = {row.id: row.code for row in await session.execute(select(_u.id, _u.code))}
    query = select(
        _t.id, _t.code, _t.kind, _t.deadline_kind, _t.ladder.label("task_ladder"), _p.ladder.label("plan_ladder"),
        _p.code.label("plan_code"), _p.coordinating_unit_id, _p.issuer_unit_id,
    ).join(Plan, _p.id == _t.plan_id).where(_of_plan(_t.plan_id, plan_id))  # fmt: skip
    return {
        row.id: _About(
            plan_code=row.plan_code,
            task_code=row.code,
            ladder=ladder_for(row.deadline_kind, row.task_ladder, row.plan_ladder),
            up_the_line=(
                (units[row.coordinating_unit_id],),
                tuple(units[unit_id] for unit_id in _led_by(row, led)),
            ),
            is_request=row.kind is TaskKind.REQUEST,
        )
        for row in await session.execute(query)
    }


def _of_plan(column: ColumnElement[Any], plan_id: int | None) -> ColumnElement[bool]:
    return true() if plan_id is None else column == plan_id


def _led_by(row: Any, led: Collection[int]) -> list[int]:
    """As the sweep has it: who gave the work and who follows it, as far as they have leaders; else who gave it."""
    issuer = row.issuer_unit_id or row.coordinating_unit_id
    return [unit_id for unit_id in dict.fromkeys((issuer, row.coordinating_unit_id)) if unit_id in led] or [issuer]


async def _open_duties(session: AsyncSession, *, today: date, plan_id: int | None) -> _Duties:
    """Work that is open now, with what its unit answered, the extensions it was granted and the officer who has it."""
    people = await contacts(session, today=today, roles=(Role.UNIT_HEAD, Role.OFFICER))
    # every column of the assignment, so that the sweep's own reading of a row serves here too
    query = (
        select(
            Assignment.__table__, _t.kind, _t.deadline_kind, _t.ladder.label("task_ladder"),  # type: ignore[attr-defined]
            _p.ladder.label("plan_ladder"),
        )
        .join(Task, _t.id == _a.task_id)
        .join(Plan, _p.id == _a.plan_id)
        .where(_a.state.in_(OPEN_STATES), _of_plan(_a.plan_id, plan_id))
    )  # fmt: skip
    found: defaultdict[tuple[int, Duty, _Days], list[int]] = defaultdict(list)
    for row in await session.execute(query):
        has_officer = officer_among(row.officer_id, people.get(row.unit_id, ())) is not None
        duty = replace(duty_of(row), has_officer=has_officer)
        found[row.task_id, duty, _Days(row.due_on, row.last_valid_on)].append(row.unit_id)
    return dict(found)


async def _later_duties(
    session: AsyncSession,
    about: Mapping[int, _About],
    *,
    end: date,
    calendar: WorkCalendar,
    before: BeforeReading,
    plan_id: int | None,
) -> _Duties:
    """Periods that will open by `end` and are not there yet, as they will be when nobody has answered."""
    tasks = await load_rules(session, plan_id=plan_id)
    of_tasks = true() if plan_id is None else _pe.task_id.in_([task.task_id for task in tasks])
    periods = await session.execute(select(_pe.task_id, _pe.period_key).where(of_tasks))
    known = {(row.task_id, row.period_key) for row in periods}
    leads = await lead_units(session, {task.task_id: task.signed_on for task in tasks})
    found: _Duties = {}
    for task in tasks:
        for period in periods_of(task.rule, until=end, calendar=calendar, before=before):
            if (task.task_id, period.period_key) not in known:
                duty = _unanswered(period, about[task.task_id].ladder)
                found[task.task_id, duty, _Days(period.due_on, period.last_valid_on)] = leads[task.task_id]
    return found


def _unanswered(period: PeriodDates, ladder: Ladder) -> Duty:
    return Duty(
        opens_on=period.opens_on,
        effective_on=period.effective_on,
        ends_on=period.ends_on,
        state=AssignmentState.NOT_STARTED,
        answered_on=None,
        ladder=ladder,
    )
