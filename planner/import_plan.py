"""Use-case: a plan file becomes a plan, its tasks and their first periods; loading it again changes what was edited.

A moved deadline becomes an extension of the work that is open, with its reason, never an overwrite; a task that is
gone from the file is closed with its open work, never deleted.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment, Period
from models.clock import civil_day
from models.columns import columns_of
from models.errors import FileProblemsError, Problem
from models.org_unit import OrgUnit, UnitGroup
from models.plan import Plan
from models.task import Task, TaskUnit
from models.terms import OPEN_STATES, AssignmentState, BeforeReading, Boundary, DeadlineKind
from planner import audit
from planner.deadlines import resolve
from planner.extend_deadline import move_deadline
from planner.open_period import load_rules, open_due_periods, recurrence_facts, stands_elsewhere
from planner.periods import periods_of
from planner.plan_draft import PlanDraft, TaskDraft
from planner.report_progress import Said
from planner.workdays import WorkCalendar

_p, _t, _tu = columns_of(Plan), columns_of(Task), columns_of(TaskUnit)
_a, _pe, _u, _g = columns_of(Assignment), columns_of(Period), columns_of(OrgUnit), columns_of(UnitGroup)

MOVED_BY_FILE = "Điều chỉnh trong tệp kế hoạch"


@dataclass(frozen=True, slots=True)
class MovedWork:
    """Việc đang mở đổi hạn: the last day that counted for this assignment before, and the one that counts now."""

    assignment_id: int
    old_on: date | None
    new_on: date


@dataclass(slots=True)
class PlanLoaded:
    """Kết quả nạp một kế hoạch: task codes by what happened to them, and how many assignments opened.

    `moves` are open assignments whose day moved; `taken_away` those closed because their unit leads no more.
    """

    plan_code: str
    is_new: bool = False
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    opened_assignments: int = 0
    moves: list[MovedWork] = field(default_factory=list)
    taken_away: list[int] = field(default_factory=list)

    @property
    def moved_assignments(self) -> int:
        return len(self.moves)

    @property
    def has_changes(self) -> bool:
        return bool(self.is_new or self.added or self.updated or self.moved or self.closed or self.opened_assignments)


async def import_plan(
    session: AsyncSession,
    draft: PlanDraft,
    *,
    said: Said,
    calendar: WorkCalendar,
    before: BeforeReading,
    track_from: date | None = None,
    reason: str | None = None,
    closes_missing: bool = True,
) -> PlanLoaded:
    """Write the draft; the caller commits. `track_from` defaults to today for a new plan and stays for a known one.

    Without `closes_missing` the draft is only what changes in a plan: its other tasks, and where the known ones stand
    among them, stay as they are.
    Raises FileProblemsError when the draft names units that the database does not have (yet).
    """
    units, groups = await _known_units(session, draft)
    loaded = PlanLoaded(draft.code)
    plan_id = await _save_plan(session, draft, units, loaded, track_from=track_from, said=said)
    known = {row.code: row for row in await session.execute(select(Task.__table__).where(_t.plan_id == plan_id))}  # type: ignore[attr-defined]
    moved: list[int] = []
    behind = 0 if closes_missing else max((row.position for row in known.values()), default=-1) + 1
    for position, task in enumerate(draft.tasks, start=behind):
        row = known.get(task.code)
        stands_at = position if row is None or closes_missing else row.position
        facts = _task_facts(task, plan_id=plan_id, position=stands_at)
        facts["is_secret"] = (task.secrecy or draft.secrecy) is not None
        task_id = await _save_task(session, task, facts, row, loaded, moved=moved)
        await _save_units(session, task_id, task, units, groups)
    if closes_missing:
        await _close_missing(session, {task.code for task in draft.tasks}, known, loaded, said=said)
    loaded.moves = await _move_open_work(
        session,
        plan_id,
        moved,
        said=said,
        reason=reason or f"{MOVED_BY_FILE} {draft.file}",
        calendar=calendar,
        before=before,
    )
    await _close_doubles(session)
    loaded.opened_assignments = await open_due_periods(
        session, today=civil_day(said.at), calendar=calendar, before=before, plan_id=plan_id
    )
    if loaded.has_changes:
        await _record(session, loaded, said=said)
    return loaded


async def _known_units(session: AsyncSession, draft: PlanDraft) -> tuple[dict[str, int], dict[str, int]]:
    units = {row.code: row.id for row in await session.execute(select(_u.code, _u.id))}
    groups = {row.code: row.id for row in await session.execute(select(_g.code, _g.id))}
    problems = [
        Problem(
            draft.file, None, None, name, f"Chưa có đơn vị {code} trong danh mục: nạp danh mục bằng dondoc units load."
        )
        for name, code in (("issuer", draft.issuer), ("coordinating_unit", draft.coordinating_unit))
        if code not in units
    ]
    problems += [
        Problem(
            draft.file, task.line, task.code, "lead",
            f"Chưa có {ref.code} trong danh mục: nạp danh mục bằng dondoc units load.",
        )
        for task in draft.tasks
        for ref in (*task.lead, *task.supporting)
        if ref.code not in (groups if ref.is_group else units)
    ]  # fmt: skip
    if problems:
        raise FileProblemsError(problems)
    return units, groups


async def _save_plan(
    session: AsyncSession,
    draft: PlanDraft,
    units: dict[str, int],
    loaded: PlanLoaded,
    *,
    track_from: date | None,
    said: Said,
) -> int:
    facts = {
        "kind": draft.kind,
        "document_no": draft.document_no,
        "issued_on": draft.issued_on,
        "title": draft.title,
        "issuer_unit_id": units[draft.issuer],
        "coordinating_unit_id": units[draft.coordinating_unit],
        "valid_from": draft.valid_from,
        "valid_to": draft.valid_to,
        "is_secret": draft.secrecy is not None,
        "auto_accept_after": draft.auto_accept_after,
        "ladder": _ladder(draft.ladder),
        "notes": list(draft.notes),
    }
    row = (await session.execute(select(Plan.__table__).where(_p.code == draft.code))).one_or_none()  # type: ignore[attr-defined]
    if row is None:
        facts |= {"code": draft.code, "track_from": track_from or civil_day(said.at), "loaded_at": said.at}
        loaded.is_new = True
        return int((await session.execute(insert(Plan).values(facts).returning(_p.id))).scalar_one())
    if track_from is not None:
        facts["track_from"] = track_from
    if any(getattr(row, name) != value for name, value in facts.items()):
        await session.execute(update(Plan).where(_p.id == row.id).values(facts))
        loaded.updated.append(draft.code)
    return int(row.id)


def _ladder(ladder: Any) -> dict[str, Any] | None:
    if ladder is None:
        return None
    facts = {"before": list(ladder.before)} if ladder.before else {}
    return facts | ({"after_every": ladder.after_every} if ladder.after_every else {})


_DEADLINE_FIELDS = ("boundary", "due_on", "due_time", "last_valid_on", "grace_until", "recurrences", "is_ongoing")


def _task_facts(task: TaskDraft, *, plan_id: int, position: int) -> dict[str, Any]:
    deadline = task.deadline
    return {
        "plan_id": plan_id,
        "code": task.code,
        "position": position,
        "title": task.title,
        "place": task.place,
        "kind": task.kind,
        "deadline_phrase": deadline.phrase,
        "as_written": deadline.as_written,
        "deadline_kind": deadline.kind,
        "boundary": deadline.recurrences[0].boundary if deadline.recurrences else deadline.boundary,
        "due_on": None if deadline.recurrences else deadline.due_on,
        "due_time": deadline.due_time,
        "last_valid_on": None if deadline.recurrences else deadline.last_valid_on,
        "grace_until": None if deadline.recurrences else deadline.grace_until,
        "recurrences": [recurrence_facts(each) for each in deadline.recurrences],
        "is_ongoing": deadline.is_ongoing,
        "event": deadline.event,
        "deliverable": task.deliverable,
        "recipient": f"{task.recipient} (qua {task.via})" if task.recipient and task.via else task.recipient,
        "indicator": _indicator(task),
        "feeds_code": task.feeds,
        "same_as_code": task.same_as,
        "ladder": _ladder(task.ladder),
        "note": "; ".join(filter(None, (task.note, deadline.reason))) or None,
        "closed_at": None,
    }


def _indicator(task: TaskDraft) -> dict[str, Any] | None:
    if task.indicator is None:
        return None
    points = task.indicator.max_points
    return {
        "name": task.indicator.name,
        "target": task.indicator.target,
        "unit": task.indicator.unit,
        "max_points": None if points is None else str(points),
        "baseline": task.indicator.baseline,
    }


async def _save_task(
    session: AsyncSession, task: TaskDraft, facts: dict[str, Any], row: Any, loaded: PlanLoaded, *, moved: list[int]
) -> int:
    if row is None:
        loaded.added.append(task.code)
        return int((await session.execute(insert(Task).values(facts).returning(_t.id))).scalar_one())
    changed = {name for name, value in facts.items() if getattr(row, name) != value}
    if not changed - {"position"}:
        loaded.unchanged.append(task.code)
    elif changed & set(_DEADLINE_FIELDS):
        loaded.moved.append(task.code)
        moved.append(row.id)
    else:
        loaded.updated.append(task.code)
    if changed:
        await session.execute(update(Task).where(_t.id == row.id).values(facts))
    return int(row.id)


async def _save_units(
    session: AsyncSession, task_id: int, task: TaskDraft, units: dict[str, int], groups: dict[str, int]
) -> None:
    """Rows of units that stay keep their id; nothing is written when nothing changed."""
    wanted = {
        (is_lead, None if ref.is_group else units[ref.code], groups[ref.code] if ref.is_group else None)
        for is_lead, refs in ((True, task.lead), (False, task.supporting))
        for ref in refs
    }
    rows = await session.execute(select(_tu.id, _tu.is_lead, _tu.unit_id, _tu.group_id).where(_tu.task_id == task_id))
    known = {(row.is_lead, row.unit_id, row.group_id): row.id for row in rows}
    if gone := [known[key] for key in known.keys() - wanted]:
        await session.execute(TaskUnit.__table__.delete().where(_tu.id.in_(gone)))  # type: ignore[attr-defined]
    if new := [
        {"task_id": task_id, "is_lead": is_lead, "unit_id": unit_id, "group_id": group_id}
        for is_lead, unit_id, group_id in sorted(wanted - known.keys(), key=str)
    ]:
        await session.execute(insert(TaskUnit), new)


async def _close_missing(
    session: AsyncSession, present: set[str], known: dict[str, Any], loaded: PlanLoaded, *, said: Said
) -> None:
    for code, row in known.items():
        if code in present or row.closed_at is not None:
            continue
        loaded.closed.append(code)
        await session.execute(update(Task).where(_t.id == row.id).values(closed_at=said.at))
        await session.execute(
            update(Assignment)
            .where(_a.task_id == row.id, _a.state.in_(OPEN_STATES))
            .values(state=AssignmentState.CLOSED, look_on=None, version=_a.version + 1)
        )


async def _close_doubles(session: AsyncSession) -> None:
    """A duty that now stands in another paper too is asked for there; what was answered already is left as it is."""
    doubles = select(_t.id).where(stands_elsewhere())
    await session.execute(
        update(Assignment)
        .where(_a.task_id.in_(doubles), _a.state == AssignmentState.NOT_STARTED)
        .values(state=AssignmentState.CLOSED, look_on=None, version=_a.version + 1)
        .execution_options(synchronize_session=False)
    )


async def _move_open_work(
    session: AsyncSession,
    plan_id: int,
    task_ids: list[int],
    *,
    said: Said,
    reason: str,
    calendar: WorkCalendar,
    before: BeforeReading,
) -> list[MovedWork]:
    """Open work of moved tasks gets the new last day as an extension; its period keeps the day first written."""
    if not task_ids:
        return []
    moves = []
    until = civil_day(said.at).replace(month=12, day=31)
    rules = {rule.task_id: rule.rule for rule in await load_rules(session, plan_id=plan_id)}
    for task_id in filter(rules.__contains__, task_ids):  # one that stands elsewhere too is asked for there
        new_days = {
            period.period_key: period.effective_on
            for period in periods_of(rules[task_id], until=until, calendar=calendar, before=before)
        }
        query = (
            select(_a.id, _pe.period_key, _a.effective_on)
            .join(Period, _pe.id == _a.period_id)
            .where(_a.task_id == task_id, _a.state.in_(OPEN_STATES))
        )
        for row in (await session.execute(query)).all():
            new_on = new_days.get(row.period_key)
            if new_on is not None and new_on != row.effective_on:
                await move_deadline(session, row.id, last_valid_on=new_on, reason=reason, said=said)
                moves.append(MovedWork(row.id, row.effective_on, new_on))
    return moves


_NAMED_DAYS = (
    DeadlineKind.FIXED,
    DeadlineKind.YEARLY,
    DeadlineKind.QUARTERLY,
    DeadlineKind.MONTHLY,
    DeadlineKind.WEEKLY,
)
"""Only "trước" a named day can be read two ways: "trước 17 giờ ngày 05/11" and "trước quý IV" leave no doubt."""


async def reread_deadlines(session: AsyncSession, *, calendar: WorkCalendar, before: BeforeReading, today: date) -> int:
    """Bring open work in line with the organisation's reading of "trước" after that setting changed.

    Extensions stay as granted. Returns how many assignments changed; none where the setting is as it was.
    """
    is_lenient = before is BeforeReading.LENIENT
    differs = _pe.last_valid_on < _pe.due_on if is_lenient else _pe.last_valid_on == _pe.due_on
    query = (
        select(_pe.id, _pe.due_on, _pe.last_valid_on, _t.boundary)
        .join(Task, _t.id == _pe.task_id)
        .where(_t.boundary == Boundary.BEFORE, _t.deadline_kind.in_(_NAMED_DAYS), _t.due_time.is_(None))
        .where(differs, _pe.due_on.is_not(None))
    )
    changed = 0
    for row in (await session.execute(query)).all():
        dates = resolve(row.due_on, row.boundary, calendar=calendar, before=before)
        await session.execute(
            update(Period).where(_pe.id == row.id).values(last_valid_on=dates.last_valid_on, work_to=dates.work_to)
        )
        open_rows = and_(_a.period_id == row.id, _a.state.in_(OPEN_STATES))
        unextended = or_(_a.effective_on == _a.last_valid_on, _a.effective_on.is_(None))
        result = await session.execute(
            update(Assignment)
            .where(open_rows, unextended)
            .values(effective_on=dates.last_valid_on, look_on=today, version=_a.version + 1)
        )
        changed += int(result.rowcount)  # type: ignore[attr-defined]
        await session.execute(
            update(Assignment).where(_a.period_id == row.id).values(last_valid_on=dates.last_valid_on)
        )
    return changed


async def _record(session: AsyncSession, loaded: PlanLoaded, *, said: Said) -> None:
    await audit.record(
        session,
        "plan-loaded",
        now=said.at,
        channel=said.channel,
        person_id=said.person_id,
        said=said.text,
        after={
            "plan": loaded.plan_code,
            "added": loaded.added,
            "updated": loaded.updated,
            "moved": loaded.moved,
            "closed": loaded.closed,
            "opened_assignments": loaded.opened_assignments,
        },
    )
