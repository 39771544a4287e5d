"""A plan as it is tracked, in the words of a plan file: to compare with, and to change some of it."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.org_unit import OrgUnit, UnitGroup
from models.plan import Plan
from models.task import Task, TaskUnit
from planner.open_period import read_recurrence
from planner.plan_draft import DeadlineDraft, IndicatorDraft, LadderDraft, PlanDraft, TaskDraft, UnitRef

_p, _t, _tu = columns_of(Plan), columns_of(Task), columns_of(TaskUnit)
_u, _g = columns_of(OrgUnit), columns_of(UnitGroup)

STAMPED = "mật"
"""How secret a task is, is not stored; that it is, is."""


async def load_stored_plan(session: AsyncSession, plan_id: int) -> tuple[PlanDraft, frozenset[str]]:
    """The plan with all its tasks in their order, and the codes of those that are closed."""
    row = (await session.execute(select(Plan.__table__).where(_p.id == plan_id))).one()  # type: ignore[attr-defined]
    query = select(Task.__table__).where(_t.plan_id == plan_id).order_by(_t.position, _t.id)  # type: ignore[attr-defined]
    tasks = (await session.execute(query)).all()
    codes = {unit.id: unit.code for unit in await session.execute(select(_u.id, _u.code))}
    units = await _units(session, plan_id)
    plan = PlanDraft(
        code=row.code, kind=row.kind, document_no=row.document_no, issued_on=row.issued_on, title=row.title,
        issuer=codes.get(row.issuer_unit_id, ""), coordinating_unit=codes[row.coordinating_unit_id],
        valid_from=row.valid_from, valid_to=row.valid_to, secrecy=STAMPED if row.is_secret else None,
        ladder=_ladder(row.ladder), auto_accept_after=row.auto_accept_after, notes=tuple(row.notes),
        tasks=tuple(_task(task, units[task.id]) for task in tasks), file=row.code,
    )  # fmt: skip
    return plan, frozenset(task.code for task in tasks if task.closed_at is not None)


async def _units(session: AsyncSession, plan_id: int) -> dict[int, list[tuple[bool, UnitRef]]]:
    query = (
        select(_tu.task_id, _tu.is_lead, _u.code, _g.code.label("group_code"))
        .join(Task, _t.id == _tu.task_id)
        .outerjoin(OrgUnit, _u.id == _tu.unit_id)
        .outerjoin(UnitGroup, _g.id == _tu.group_id)
        .where(_t.plan_id == plan_id)
        .order_by(_tu.id)
    )
    found: defaultdict[int, list[tuple[bool, UnitRef]]] = defaultdict(list)
    for row in await session.execute(query):
        ref = UnitRef(row.group_code or row.code, is_group=row.group_code is not None)
        found[row.task_id].append((row.is_lead, ref))
    return found


def _task(row: Any, units: list[tuple[bool, UnitRef]]) -> TaskDraft:
    return TaskDraft(
        code=row.code, place=row.place, title=row.title, kind=row.kind, deadline=_deadline(row),
        lead=tuple(ref for is_lead, ref in units if is_lead),
        supporting=tuple(ref for is_lead, ref in units if not is_lead),
        deliverable=row.deliverable, recipient=row.recipient, via=None, indicator=_indicator(row.indicator),
        feeds=row.feeds_code, same_as=row.same_as_code, secrecy=STAMPED if row.is_secret else None,
        ladder=_ladder(row.ladder), auto_accept_after=None, note=row.note, line=0,
    )  # fmt: skip


def _deadline(row: Any) -> DeadlineDraft:
    return DeadlineDraft(
        phrase=row.deadline_phrase, as_written=row.as_written, kind=row.deadline_kind, boundary=row.boundary,
        recurrences=tuple(map(read_recurrence, row.recurrences)), due_on=row.due_on, due_time=row.due_time,
        last_valid_on=row.last_valid_on, grace_until=row.grace_until, event=row.event, is_ongoing=row.is_ongoing,
    )  # fmt: skip


def _indicator(facts: dict[str, Any] | None) -> IndicatorDraft | None:
    if facts is None:
        return None
    points = None if facts["max_points"] is None else Decimal(facts["max_points"])
    return IndicatorDraft(facts["name"], facts["target"], facts["unit"], points, facts["baseline"])


def _ladder(facts: dict[str, Any] | None) -> LadderDraft | None:
    return None if facts is None else LadderDraft(tuple(facts.get("before", ())), facts.get("after_every"))
