"""A province for the conversation's state machine: two plans, two coordinators, and everybody who may not look.

Every title holds a word of its own, so that a message tells by its words whose work it speaks of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.columns import columns_of
from models.database import Database
from models.org_unit import OrgUnit
from models.plan import Plan
from models.task import Task
from models.terms import Role
from models.transfer import Transfer
from planner.people import coordinated_plans, load_person, scope_of
from planner.stand_in import stand_in
from tests.builders import add_linked_person, load_plan, load_units

UNITS = """
units:
  - {code: T.UBND, name: UBND tỉnh Mẫu, level: tỉnh}
  - {code: T.DA, name: Sở Đầu Mối Giáp, level: sở, parent: T.UBND}
  - {code: T.DB, name: Sở Đầu Mối Ất, level: sở, parent: T.UBND}
  - {code: T.S1, name: Sở Mẫu Nhất, level: sở, parent: T.UBND}
  - {code: T.S2, name: Sở Mẫu Nhì, level: sở, parent: T.UBND}
  - {code: T.S3, name: Sở Mẫu Tam, level: sở, parent: T.UBND}
  - {code: T.H, name: UBND huyện Mẫu Tứ, level: huyện, parent: T.UBND}
  - {code: T.X, name: UBND xã Mẫu Ngũ, level: xã, parent: T.H}
"""
WORK = {
    "KA": ("T.DA", (("25/10", "T.S1, T.S2, T.X"), ("31/10", "T.S1, T.H"), (None, "T.S2"), ("08/11", "T.DA"))),
    "KB": ("T.DB", (("25/10", "T.S2, T.S3"), ("08/11", "T.S3, T.X"))),
}
"""Plan code -> (coordinating unit, (last day or standing, lead units) of each task)."""

PEOPLE: tuple[tuple[str, str, tuple[tuple[str, Role], ...]], ...] = (
    ("coordinator-a", "Lê Thị Giáp", (("T.DA", Role.COORDINATOR),)),
    ("coordinator-b", "Lê Văn Ất", (("T.DB", Role.COORDINATOR),)),
    ("head-1", "Trần Thị Nhất", (("T.S1", Role.UNIT_HEAD),)),
    ("officer-1", "Phạm Thị Ví", (("T.S1", Role.OFFICER),)),
    ("head-2", "Trần Văn Nhì", (("T.S2", Role.UNIT_HEAD),)),
    ("head-3", "Trần Thị Tam", (("T.S3", Role.UNIT_HEAD),)),
    ("stand-in", "Hồ Văn Thay", (("T.S3", Role.OFFICER),)),
    ("head-h", "Ngô Văn Tứ", (("T.H", Role.UNIT_HEAD),)),
    ("head-x", "Ngô Thị Ngũ", (("T.X", Role.UNIT_HEAD),)),
    ("leader", "Võ Văn Dụ", (("T.UBND", Role.LEADER),)),
    ("leader-h", "Võ Thị Huyện", (("T.H", Role.LEADER),)),
    ("admin", "Quản Trị", (("T.UBND", Role.ADMIN),)),
)
STRANGER = "stranger"
STANDS_IN = (date(2024, 10, 24), date(2024, 10, 28))
"""The days on which `stand-in` is also head of T.S1."""

_a, _t, _p, _u, _x = (columns_of(table) for table in (Assignment, Task, Plan, OrgUnit, Transfer))


def _task(code: str, n: int, day: str | None, units: str) -> str:
    kind = "nhiệm vụ" if day else "thường xuyên"
    deadline = f'"chậm nhất ngày {day}/2024"' if day else "{ongoing: có, reason: hỏi mỗi tháng}"
    title = f"Việc mẫu {code}{n}Z"
    return f"  - {{code: {code}-{n}, from: I.{n}, title: {title}, kind: {kind}, deadline: {deadline}, lead: [{units}]}}"


def plan_text(code: str) -> str:
    coordinating, tasks = WORK[code]
    lines = [_task(code, n, day, units) for n, (day, units) in enumerate(tasks, start=1)]
    return (
        f"plan: {code}\nkind: kế hoạch\ndocument_no: {1 if code == 'KA' else 2}/KH-UBND\nissued_on: 01/10/2024\n"
        f"title: Kế hoạch mẫu\nissuer: T.UBND\ncoordinating_unit: {coordinating}\nvalid_from: 01/10/2024\ntasks:\n"
        + "\n".join(lines)
        + "\n"
    )


TITLES = frozenset(f"{code}{n}Z" for code, (_, tasks) in WORK.items() for n in range(1, len(tasks) + 1))
UNIT_NAMES = frozenset(
    (
        "Sở Đầu Mối Giáp",
        "Sở Đầu Mối Ất",
        "Sở Mẫu Nhất",
        "Sở Mẫu Nhì",
        "Sở Mẫu Tam",
        "UBND huyện Mẫu Tứ",
        "UBND xã Mẫu Ngũ",
    )
)
CODES = ("T.DA", "T.DB", "T.S1", "T.S2", "T.S3", "T.H", "T.X")


async def settle(database: Database, now: Any, *, bot: str) -> dict[str, int]:
    """Load it all; returns everybody's id."""
    await load_units(database, UNITS)
    for code in WORK:
        await load_plan(database, now, plan_text(code), units=UNITS)
    people = {
        name: await add_linked_person(database, now, full_name, *places, chat=name, bot=bot)
        for name, full_name, places in PEOPLE
    }
    first, last = STANDS_IN
    async with database.write() as session:
        await stand_in(session, people["stand-in"], people["head-1"], first=first, last=last, now=now)
        await session.commit()
    return people


@dataclass(frozen=True)
class Sight:
    """What one person may see and change on one day. `unit_names` None: any unit of the directory."""

    titles: frozenset[str]
    unit_names: frozenset[str] | None
    may_change: frozenset[int]


NOTHING = Sight(frozenset(), frozenset(), frozenset())


async def sight_of(session: AsyncSession, person_id: int | None, *, today: date) -> Sight:
    """Said once more, from the tables alone: own units, what was moved away from them, coordinated plans, trees."""
    person = await load_person(session, person_id, today=today) if person_id is not None else None
    if person is None:
        return NOTHING
    scope = await scope_of(session, person)
    own = person.units_as(Role.UNIT_HEAD, Role.OFFICER, Role.COORDINATOR)
    plans = await coordinated_plans(session, person.units_as(Role.COORDINATOR))
    rows = (
        await session.execute(
            select(_a.id, _t.title, _a.unit_id, _a.plan_id, _u.name, _p.coordinating_unit_id)
            .select_from(Assignment)
            .join(Task, _t.id == _a.task_id)
            .join(Plan, _p.id == _a.plan_id)
            .join(OrgUnit, _u.id == _a.unit_id)
        )
    ).all()
    moved = (await session.execute(select(_x.assignment_id, _x.from_unit_id, _x.to_unit_id))).all()
    were_here = {row.assignment_id for row in moved if {row.from_unit_id, row.to_unit_id} & own}
    seen = [
        row for row in rows if row.plan_id in scope.plan_ids or row.unit_id in scope.unit_ids or row.id in were_here
    ]
    names = await _names(session)
    shown = {row.unit_id for row in seen} | {row.coordinating_unit_id for row in seen} | scope.unit_ids
    shown |= {unit for row in moved if row.assignment_id in were_here for unit in (row.from_unit_id, row.to_unit_id)}
    return Sight(
        titles=frozenset(row.title for row in seen),
        unit_names=None if plans else frozenset(names[each] for each in shown if each in names),
        may_change=frozenset(row.id for row in rows if row.unit_id in own or row.plan_id in plans),
    )


async def _names(session: AsyncSession) -> dict[int, str]:
    return {row.id: row.name for row in await session.execute(select(_u.id, _u.name))}


def foreign_words(text: str, sights: Iterable[Sight], *, echoed: str) -> set[str]:
    """Titles and unit names in this text that its reader may not see and has not typed."""
    known = list(sights)
    titles = {word for word in TITLES if word in text and not any(word in title for s in known for title in s.titles)}
    units = {
        name
        for name in UNIT_NAMES
        if name in text and not any(s.unit_names is None or name in s.unit_names for s in known)
    }
    return {word for word in titles | units if word not in echoed}
