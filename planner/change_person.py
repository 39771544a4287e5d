"""Use-cases on a person who is known: unlink, revoke, let rest, bring back, transfer to another unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.dialog import Dialog
from models.errors import InputError, UnknownError
from models.org_unit import OrgUnit
from models.outbox import OutboxMessage
from models.person import Address, Invite, Membership, Person
from models.terms import OPEN_STATES, OutboxState, Role
from planner import audit

_a, _p, _m, _ad, _i = (columns_of(each) for each in (Assignment, Person, Membership, Address, Invite))
_u, _d, _o = columns_of(OrgUnit), columns_of(Dialog), columns_of(OutboxMessage)


class WhichUnitError(InputError):
    """Người này có vai trò ở nhiều đơn vị, hoặc không có ở đơn vị nào: phải nói rõ rời đơn vị nào."""

    code = "which-unit"

    def __init__(self, unit_codes: Collection[str]) -> None:
        super().__init__(", ".join(unit_codes))
        self.unit_codes = tuple(unit_codes)


@dataclass(frozen=True, slots=True)
class Moved:
    """Kết quả chuyển. `handed_back` assignments are their old head's again."""

    from_unit: str
    to_unit: str
    roles: tuple[Role, ...]
    handed_back: int


async def unlink(session: AsyncSession, person_id: int, *, now: datetime) -> int:
    """Their chats are nobody's from this transaction on, and nothing that waited is sent there any more."""
    await demand_person(session, person_id)
    released = await release_chats(session, person_id, now=now)
    await _record(session, "unlinked", person_id, now=now, after={"addresses": released})
    return released


async def revoke(session: AsyncSession, person_id: int, *, now: datetime) -> int:
    """As `unlink`, and the codes they were given link nobody."""
    await demand_person(session, person_id)
    released = await release_chats(session, person_id, now=now)
    codes = await void_codes(session, person_id)
    await _record(session, "revoked", person_id, now=now, after={"addresses": released, "codes": codes})
    return released


async def deactivate(session: AsyncSession, person_id: int, *, now: datetime) -> int:
    """They do nothing and get nothing until `activate`; what they were given is handed back. Roles stay on record."""
    await demand_person(session, person_id)
    await session.execute(update(Person).where(_p.id == person_id).values(is_active=False))
    released = await release_chats(session, person_id, now=now)
    codes = await void_codes(session, person_id)
    handed_back = await hand_back(session, person_id, now=now)
    after = {"addresses": released, "codes": codes, "handed_back": handed_back}
    await _record(session, "deactivated", person_id, now=now, after=after)
    return handed_back


async def activate(session: AsyncSession, person_id: int, *, now: datetime) -> None:
    """With the roles that are still in force; linking takes a new code."""
    await demand_person(session, person_id)
    await session.execute(update(Person).where(_p.id == person_id).values(is_active=True))
    await _record(session, "activated", person_id, now=now)


async def move(
    session: AsyncSession,
    person_id: int,
    to_unit: str,
    *,
    now: datetime,
    role: Role | None = None,
    from_unit: str | None = None,
) -> Moved:
    """From today they act for the new unit and no longer for the old one, as what they were there or as `role`.

    Open assignments given to them go back to the old unit's head; whoever stands in for them there no longer does.
    Raises UnknownError, WhichUnitError.
    """
    await demand_person(session, person_id)
    today = civil_day(now)
    target = (await session.execute(select(_u.id).where(_u.code == to_unit))).scalar_one_or_none()
    if target is None:
        raise UnknownError("unit", to_unit)
    in_force = and_(
        or_(_m.valid_from.is_(None), _m.valid_from <= today), or_(_m.valid_to.is_(None), today <= _m.valid_to)
    )
    query = (
        select(_u.code, _u.id, _m.role)
        .join(OrgUnit, _u.id == _m.unit_id)
        .where(_m.person_id == person_id, _m.stands_in_for_id.is_(None), in_force, _u.id != target)
        .order_by(_m.id)
    )
    held = [row for row in await session.execute(query) if from_unit is None or row.code == from_unit]
    units = {row.code: row.id for row in held}
    if len(units) != 1:
        raise WhichUnitError(units)
    ((old_code, old_id),) = units.items()
    roles = (role,) if role is not None else tuple(dict.fromkeys(row.role for row in held))
    await session.execute(
        update(Membership)
        .where(_m.unit_id == old_id, or_(_m.person_id == person_id, _m.stands_in_for_id == person_id))
        .where(or_(_m.valid_to.is_(None), _m.valid_to >= today))
        .values(valid_to=today - timedelta(days=1))
    )
    for each in roles:
        await _hold(session, person_id, target, each, now=now)
    handed_back = await hand_back(session, person_id, now=now, unit_id=old_id)
    await _record(
        session,
        "moved",
        person_id,
        now=now,
        before={"unit": old_code, "roles": [row.role.value for row in held]},
        after={"unit": to_unit, "roles": [each.value for each in roles], "handed_back": handed_back},
    )
    return Moved(old_code, to_unit, roles, handed_back)


async def _hold(session: AsyncSession, person_id: int, unit_id: int, role: Role, *, now: datetime) -> None:
    """A role held before is the same row again: a person has one row for one role of one unit."""
    mine = and_(_m.person_id == person_id, _m.unit_id == unit_id, _m.role == role, _m.stands_in_for_id.is_(None))
    today = civil_day(now)
    row = (await session.execute(select(_m.id, _m.valid_from, _m.valid_to).where(mine))).one_or_none()
    if row is None:
        values = {"person_id": person_id, "unit_id": unit_id, "role": role, "valid_from": today}
        await session.execute(insert(Membership).values(values))
    elif row.valid_to is not None or (row.valid_from is not None and row.valid_from > today):
        await session.execute(update(Membership).where(mine).values(valid_from=today, valid_to=None))


# --- steps that others take too ---


async def demand_person(session: AsyncSession, person_id: int) -> str:
    """Their name; raises UnknownError for nobody and for somebody who was forgotten."""
    query = select(_p.full_name).where(_p.id == person_id, _p.forgotten_at.is_(None))
    name = (await session.execute(query)).scalar_one_or_none()
    if name is None:
        raise UnknownError("person", str(person_id))
    return str(name)


async def release_chats(session: AsyncSession, person_id: int, *, now: datetime) -> int:
    """No address, no open question, and no message of theirs waiting."""
    chats = (await session.execute(select(_ad.bot, _ad.chat).where(_ad.person_id == person_id))).all()
    for bot, chat in chats:
        await session.execute(delete(Dialog).where(_d.bot == bot, _d.chat == chat))
    await session.execute(delete(Address).where(_ad.person_id == person_id))
    theirs = or_(_o.person_id == person_id, *(and_(_o.bot == bot, _o.chat == chat) for bot, chat in chats))
    await session.execute(
        update(OutboxMessage)
        .where(theirs, _o.state == OutboxState.PENDING)
        .values(state=OutboxState.CANCELLED, settled_at=now, lease_token=None, lease_until=None)
    )
    return len(chats)


async def void_codes(session: AsyncSession, person_id: int) -> int:
    """Codes not used yet, for themselves and for a group they were to link."""
    voided = await session.execute(
        delete(Invite).where(_i.person_id == person_id, _i.used_at.is_(None)).returning(_i.id)
    )
    return len(voided.all())


async def hand_back(session: AsyncSession, person_id: int, *, now: datetime, unit_id: int | None = None) -> int:
    """Open work that was given to them is the head's again; each assignment has it in its history."""
    query = select(_a.id, _a.version).where(_a.officer_id == person_id, _a.state.in_(OPEN_STATES)).with_for_update()
    if unit_id is not None:
        query = query.where(_a.unit_id == unit_id)
    rows = (await session.execute(query.order_by(_a.id))).all()
    if rows:
        await session.execute(
            update(Assignment)
            .where(_a.id.in_([row.id for row in rows]))
            .values(officer_id=None, version=_a.version + 1, look_on=civil_day(now))
        )
    for row in rows:
        await audit.record(
            session,
            "handed-back",
            now=now,
            channel=audit.COMMAND_LINE,
            person_id=person_id,
            assignment_id=row.id,
            before={"officer_id": person_id},
            after={"officer_id": None},
        )
    return len(rows)


async def _record(
    session: AsyncSession,
    action: str,
    person_id: int,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    await audit.record(
        session, action, now=now, channel=audit.COMMAND_LINE, person_id=person_id, before=before, after=after
    )
