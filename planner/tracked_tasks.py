"""Tasks that are followed now, as a reader of letters needs them to see the same duty again."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.org_unit import OrgUnit, UnitGroup
from models.plan import Plan
from models.task import Task, TaskUnit
from planner.reading.tracked import TrackedTask

_t = Task.__table__.c  # type: ignore[attr-defined]
_p = Plan.__table__.c  # type: ignore[attr-defined]
_u = OrgUnit.__table__.c  # type: ignore[attr-defined]
_g = UnitGroup.__table__.c  # type: ignore[attr-defined]
_tu = TaskUnit.__table__.c  # type: ignore[attr-defined]


async def tracked_tasks(session: AsyncSession) -> tuple[TrackedTask, ...]:
    """Open tasks of all plans, without those of secret ones."""
    leads: defaultdict[int, set[str]] = defaultdict(set)
    units = (
        select(_tu.task_id, _u.code, _g.code.label("group_code"))
        .outerjoin(OrgUnit, _u.id == _tu.unit_id)
        .outerjoin(UnitGroup, _g.id == _tu.group_id)
        .where(_tu.is_lead)
    )
    for row in await session.execute(units):
        leads[row.task_id].add(row.code or row.group_code)
    tasks = (
        select(_t.id, _t.code, _t.title, _t.last_valid_on, _t.deadline_kind, _p.document_no)
        .join(Plan, _p.id == _t.plan_id)
        .where(_t.closed_at.is_(None), _t.is_secret.is_(False))
        .order_by(_t.id)
    )
    return tuple(
        TrackedTask(
            row.code,
            row.title,
            frozenset(leads[row.id]),
            row.last_valid_on,
            row.deadline_kind.value if row.deadline_kind else None,
            row.document_no,
        )
        for row in await session.execute(tasks)
    )
