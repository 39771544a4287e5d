"""An assignment as people see it: one row with everything a message or a list needs, read in one query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.columns import columns_of
from models.extension import Extension
from models.org_unit import OrgUnit
from models.plan import Plan
from models.task import Task
from models.terms import OPEN_STATES, AssignmentState, Boundary, ExtensionState, PlanKind, TaskKind
from planner.scope import Scope, ScopeShape

_BARE_NUMBER = re.compile(r"(?:[IVXLC]+|\d+)\b")


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """Một việc, đủ để hiện trong tin nhắn.

    `due_on` is the day as written, `last_valid_on` the last that counts by it, `effective_on` the last that counts
    after extensions; the three are None for standing work. `is_moved_by_paper`: nobody asked for that day.
    """

    id: int
    version: int
    number: int
    task_code: str
    title: str
    place: str
    kind: TaskKind
    plan_id: int
    plan_code: str
    plan_kind: PlanKind
    document_no: str | None
    is_secret: bool
    coordinating_unit_id: int
    unit_id: int
    unit_code: str
    unit_name: str
    state: AssignmentState
    percent: int | None
    boundary: Boundary | None
    due_on: date | None
    due_time: time | None
    last_valid_on: date | None
    effective_on: date | None
    submitted_on: date | None
    answered_at: datetime | None
    opens_on: date
    ends_on: date | None
    is_ongoing: bool
    deliverable: str | None
    recipient: str | None
    is_moved_by_paper: bool = False

    @property
    def plan_label(self) -> str:
        """As people call it: "KH 146", "CV 1487"; the plan's own code where the paper has no number yet."""
        if self.is_secret:
            return "văn bản mật"
        return paper_label(self.plan_kind, (self.document_no or "").split("/")[0].strip(), self.plan_code)

    @property
    def source(self) -> str:
        """Where the duty stands on paper: "CV 1487, mục 1, ý 2"; "KH 146, mục IV.3.b"; "KH 142, Phụ lục, dòng 7"."""
        if not self.place:
            return self.plan_label
        return f"{self.plan_label}, {f'mục {self.place}' if _BARE_NUMBER.match(self.place) else self.place}"

    @property
    def is_extended(self) -> bool:
        return self.effective_on is not None and self.effective_on != self.last_valid_on

    @property
    def is_readjusted(self) -> bool:
        """The day was not lengthened at somebody's request: a paper moved it, maybe to an earlier one."""
        if self.effective_on is None or self.last_valid_on is None or not self.is_extended:
            return False
        return self.is_moved_by_paper or self.effective_on < self.last_valid_on

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


def paper_label(kind: PlanKind, number: str, plan_code: str) -> str:
    """ "KH 146", "CV 1487/UBND-NC"; work given by word has no paper, and says so."""
    if number:
        return f"{'CV' if kind is PlanKind.OFFICIAL_LETTER else 'KH'} {number}"
    given = AD_HOC_CODE.match(plan_code)
    return f"Giao trực tiếp {given['year']}" if given else plan_code


AD_HOC_CODE = re.compile(r"GV(?P<year>[0-9]{4})\.")
"""How the code of a year's plan begins that holds what a coordinator gave by word."""

_a, _t, _p, _u = columns_of(Assignment), columns_of(Task), columns_of(Plan), columns_of(OrgUnit)
_e = columns_of(Extension)

_BY_PAPER = exists().where(
    _e.assignment_id == _a.id,
    _e.state == ExtensionState.GRANTED,
    _e.asked_by_id.is_(None),
    _e.granted_on == _a.effective_on,
)
"""The day that counts is one that nobody asked for."""

_COLUMNS = (
    _a.id, _a.version, _a.number, _t.code, _t.title, _t.place, _t.kind,
    _p.id, _p.code, _p.kind, _p.document_no, _t.is_secret, _p.coordinating_unit_id,
    _u.id, _u.code, _u.short_name,
    _a.state, _a.percent, _t.boundary, _a.due_on, _t.due_time, _a.last_valid_on, _a.effective_on, _a.submitted_on,
    _a.answered_at, _a.opens_on, _a.ends_on, _t.is_ongoing, _t.deliverable, _t.recipient, _BY_PAPER,
)  # fmt: skip


def view_query() -> Select[Any]:
    """Columns in the order of `AssignmentView`; add WHERE, ORDER BY and LIMIT, then `to_views` the rows."""
    return (
        select(*_COLUMNS)
        .select_from(Assignment)
        .join(Task, _t.id == _a.task_id)
        .join(Plan, _p.id == _a.plan_id)
        .join(OrgUnit, _u.id == _a.unit_id)
    )


MASKED_TITLE = "Nhiệm vụ mật: đề nghị xem trên hệ thống"


def to_views(rows: Sequence[Any]) -> list[AssignmentView]:
    """The rows as people may see them in chat: of a secret plan nothing but that there is work."""
    return [_masked(AssignmentView(*row)) for row in rows]


def _masked(view: AssignmentView) -> AssignmentView:
    if not view.is_secret:
        return view
    return replace(view, title=MASKED_TITLE, place="", document_no=None, deliverable=None, recipient=None)


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The WHERE of a scope; an empty one is refused by its callers before it comes here."""
    if scope.everything:
        return true()
    parts = []
    if scope.plan_ids:
        parts.append(_a.plan_id.in_(scope.plan_ids))
    if scope.unit_ids:
        parts.append(_a.unit_id.in_(scope.unit_ids))
    return or_(*parts)


def in_shape(shape: ScopeShape) -> ColumnElement[bool]:
    """`in_scope` with its values left open, for a statement that is built once; `scope_values` fills them in."""
    if shape.everything:
        return true()
    parts = []
    if shape.by_plan:
        parts.append(_a.plan_id.in_(bindparam("plan_ids", expanding=True)))
    if shape.by_unit:
        parts.append(_a.unit_id.in_(bindparam("unit_ids", expanding=True)))
    return or_(*parts)


def scope_values(scope: Scope) -> dict[str, list[int]]:
    return {"plan_ids": sorted(scope.plan_ids), "unit_ids": sorted(scope.unit_ids)}


async def load_views(session: AsyncSession, ids: Sequence[int]) -> dict[int, AssignmentView]:
    """The assignments of these ids that exist, by id."""
    found: dict[int, AssignmentView] = {}
    for start in range(0, len(ids), _IN_LIMIT):
        batch = ids[start : start + _IN_LIMIT]
        rows = (await session.execute(view_query().where(_a.id.in_(batch)))).all()
        found.update((view.id, view) for view in to_views(rows))
    return found


_IN_LIMIT = 500
"""Ids per query: well under SQLite's bound on variables, and few plans to prepare."""
