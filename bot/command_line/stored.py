"""What is stored, as the command line lists it: rows of plain values in the order of their columns."""

from collections import defaultdict
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.inbox import InboxUpdate
from models.org_unit import OrgUnit, UnitGroup
from models.outbox import OutboxMessage
from models.person import Address, Membership, Person
from models.plan import Plan
from models.task import Task, TaskUnit
from models.terms import InboxState, OutboxState, UnitLevel
from planner.list_overdue import count_states, count_states_by_plan
from planner.people import acts_on
from planner.scope import EVERYTHING, Scope
from planner.statistics import Counts

_u, _g = columns_of(OrgUnit), columns_of(UnitGroup)
_p, _t, _tu = columns_of(Plan), columns_of(Task), columns_of(TaskUnit)
_pe, _m, _ad = columns_of(Person), columns_of(Membership), columns_of(Address)
_o, _in = columns_of(OutboxMessage), columns_of(InboxUpdate)

Row = dict[str, Any]


async def unit_codes(session: AsyncSession) -> dict[str, int]:
    return {row.code: row.id for row in await session.execute(select(_u.code, _u.id))}


async def plan_codes(session: AsyncSession) -> dict[str, int]:
    return {row.code: row.id for row in await session.execute(select(_p.code, _p.id))}


async def task_codes(session: AsyncSession, *, outside: set[str] | None = None) -> set[str]:
    """Codes of tasks still followed, without those of the plans named `outside`."""
    query = select(_t.code).join(Plan, _p.id == _t.plan_id).where(_t.closed_at.is_(None))
    if outside:
        query = query.where(_p.code.not_in(outside))
    return set((await session.execute(query)).scalars())


async def unit_rows(session: AsyncSession, *, level: UnitLevel | None = None) -> list[Row]:
    codes = {unit_id: code for code, unit_id in (await unit_codes(session)).items()}
    query = select(OrgUnit.__table__).order_by(_u.id)  # type: ignore[attr-defined]
    if level is not None:
        query = query.where(_u.level == level)
    return [
        {
            "code": row.code,
            "name": row.name,
            "short_name": row.short_name,
            "level": row.level.value,
            "parent": codes.get(row.parent_id),
            "valid_from": iso(row.valid_from),
            "valid_to": iso(row.valid_to),
        }
        for row in await session.execute(query)
    ]


async def plan_rows(session: AsyncSession, *, today: date, code: str | None = None) -> list[Row]:
    """Each plan with its number of tasks still followed and the four figures of `today`."""
    codes = {unit_id: unit for unit, unit_id in (await unit_codes(session)).items()}
    followed = select(_t.plan_id, func.count()).where(_t.closed_at.is_(None)).group_by(_t.plan_id)
    tasks = {row[0]: row[1] for row in await session.execute(followed)}
    query = select(Plan.__table__).order_by(_p.id)  # type: ignore[attr-defined]
    if code is not None:
        query = query.where(_p.code == code)
    plans = (await session.execute(query)).all()
    if code is None:
        counts = await count_states_by_plan(session, EVERYTHING, today=today)
    else:
        counts = {
            row.id: await count_states(session, Scope(plan_ids=frozenset({row.id})), today=today) for row in plans
        }
    return [
        {
            "plan": row.code,
            "kind": row.kind.value,
            "document_no": row.document_no,
            "issued_on": iso(row.issued_on),
            "title": row.title,
            "issuer": codes.get(row.issuer_unit_id),
            "coordinating_unit": codes.get(row.coordinating_unit_id),
            "valid_from": iso(row.valid_from),
            "valid_to": iso(row.valid_to),
            "track_from": iso(row.track_from),
            "is_secret": row.is_secret,
            "tasks": tasks.get(row.id, 0),
            "counts": asdict(counts.get(row.id, Counts())),
        }
        for row in plans
    ]


async def plan_notes(session: AsyncSession, code: str) -> list[str]:
    return list((await session.execute(select(_p.notes).where(_p.code == code))).scalar_one())


async def task_rows(session: AsyncSession, plan_code: str) -> list[Row]:
    """The tasks of a plan in its order; units by code, groups as they were written."""
    query = (
        select(Task.__table__)  # type: ignore[attr-defined]
        .join(Plan, _p.id == _t.plan_id)
        .where(_p.code == plan_code)
        .order_by(_t.position, _t.id)
    )
    rows = (await session.execute(query)).all()
    units = await _task_units(session, plan_code)
    return [
        {
            "task": row.code,
            "place": row.place,
            "title": row.title,
            "kind": row.kind.value,
            "deadline": row.deadline_phrase,
            "deadline_kind": row.deadline_kind.value if row.deadline_kind else None,
            "boundary": row.boundary.value if row.boundary else None,
            "due_on": iso(row.due_on),
            "last_valid_on": iso(row.last_valid_on),
            "is_ongoing": row.is_ongoing,
            "lead": units[row.id, True],
            "supporting": units[row.id, False],
            "feeds": row.feeds_code,
            "same_as": row.same_as_code,
            "closed_at": iso(row.closed_at),
        }
        for row in rows
    ]


async def _task_units(session: AsyncSession, plan_code: str) -> defaultdict[tuple[int, bool], list[str]]:
    query = (
        select(_tu.task_id, _tu.is_lead, _u.code, _g.code.label("group_code"))
        .join(Task, _t.id == _tu.task_id)
        .join(Plan, _p.id == _t.plan_id)
        .outerjoin(OrgUnit, _u.id == _tu.unit_id)
        .outerjoin(UnitGroup, _g.id == _tu.group_id)
        .where(_p.code == plan_code)
        .order_by(_tu.id)
    )
    found: defaultdict[tuple[int, bool], list[str]] = defaultdict(list)
    for row in await session.execute(query):
        found[row.task_id, row.is_lead].append(row.code or row.group_code)
    return found


async def people_rows(session: AsyncSession, *, today: date) -> list[Row]:
    """Everybody in the order they were added; where they can be reached is told, never at which address.

    A place held for somebody on leave says for whom, and until when.
    """
    places: defaultdict[int, list[Row]] = defaultdict(list)
    absent = Person.__table__.alias("absent")  # type: ignore[attr-defined]
    query = (
        select(_m.person_id, _u.code, _m.role, _m.valid_to, absent.c.full_name.label("stands_in_for"))
        .join(OrgUnit, _u.id == _m.unit_id)
        .outerjoin(absent, absent.c.id == _m.stands_in_for_id)
        .where(acts_on(today))
    )
    for row in await session.execute(query.order_by(_m.id)):
        place = {"unit": row.code, "role": row.role.value}
        if row.stands_in_for is not None:
            place |= {"stands_in_for": row.stands_in_for, "until": iso(row.valid_to)}
        places[row.person_id].append(place)
    channels: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for row in await session.execute(select(_ad.person_id, _ad.channel, _ad.unreachable_at).order_by(_ad.position)):
        channels[row.person_id][row.channel] = channels[row.person_id].get(row.channel, False) or (
            row.unreachable_at is None
        )
    return [
        {
            "person": row.id,
            "full_name": row.full_name,
            "is_active": row.is_active,
            "places": places[row.id],
            "is_linked": bool(channels[row.id]),
            "is_reachable": any(channels[row.id].values()),
            "channels": list(channels[row.id]),
        }
        for row in await session.execute(select(_pe.id, _pe.full_name, _pe.is_active).order_by(_pe.id))
    ]


async def outbox_figures(session: AsyncSession) -> tuple[int, datetime | None, int]:
    """(waiting, since when the oldest that may go has waited, refused by a platform)."""
    pending = select(func.count(), func.min(_o.send_after)).where(_o.state == OutboxState.PENDING)
    refused = select(func.count()).where(_o.state == OutboxState.REJECTED)
    waiting, oldest = (await session.execute(pending)).one()
    return waiting, oldest, (await session.execute(refused)).scalar_one()


async def inbox_figures(session: AsyncSession) -> tuple[int, datetime | None, int]:
    """(waiting, since when the oldest has waited, given up after too many failures)."""
    pending = select(func.count(), func.min(_in.received_at)).where(_in.state == InboxState.PENDING)
    poisoned = select(func.count()).where(_in.state == InboxState.POISONED)
    waiting, oldest = (await session.execute(pending)).one()
    return waiting, oldest, (await session.execute(poisoned)).scalar_one()


def iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
