"""Use-case: somebody stands in for a person on leave, from one day to another, both counted in."""

from datetime import date, datetime

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import InputError, UnknownError
from models.org_unit import OrgUnit
from models.person import Membership, Person
from models.terms import Role
from planner import audit

_m, _p, _u = columns_of(Membership), columns_of(Person), columns_of(OrgUnit)


class NothingToStandInForError(InputError):
    """Người vắng không có vai trò nào để thay trong những ngày ấy."""

    code = "nothing-to-stand-in-for"


async def stand_in(
    session: AsyncSession, person_id: int, absent_id: int, *, first: date, last: date, now: datetime
) -> list[tuple[str, Role]]:
    """Every role the absent person holds of their own in those days; told again, the days are replaced.

    An administrator is not stood in for. Returns (unit code, role). Raises UnknownError, NothingToStandInForError.
    """
    known = select(_p.id).where(_p.id.in_((person_id, absent_id)), _p.is_active)
    found = set((await session.execute(known)).scalars())
    for each in (person_id, absent_id):
        if each not in found:
            raise UnknownError("person", str(each))
    query = (
        select(_m.unit_id, _u.code, _m.role)
        .join(OrgUnit, _u.id == _m.unit_id)
        .where(_m.person_id == absent_id, _m.stands_in_for_id.is_(None), _m.role != Role.ADMIN)
        .where(or_(_m.valid_from.is_(None), _m.valid_from <= last), or_(_m.valid_to.is_(None), first <= _m.valid_to))
        .order_by(_m.id)
    )
    places = (await session.execute(query)).all()
    if person_id == absent_id or last < first or not places:
        raise NothingToStandInForError
    for place in places:
        await _hold(session, person_id, absent_id, place.unit_id, place.role, first=first, last=last)
    held = [(place.code, place.role) for place in places]
    await audit.record(
        session,
        "stands-in",
        now=now,
        channel=audit.COMMAND_LINE,
        person_id=person_id,
        after={
            "for": absent_id,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "places": [[code, role.value] for code, role in held],
        },
    )
    return held


async def _hold(
    session: AsyncSession, person_id: int, absent_id: int, unit_id: int, role: Role, *, first: date, last: date
) -> None:
    days = {"valid_from": first, "valid_to": last}
    key = {"person_id": person_id, "unit_id": unit_id, "role": role, "stands_in_for_id": absent_id}
    same = [_m[name] == value for name, value in key.items()]
    replaced = await session.execute(update(Membership).where(*same).values(days).returning(_m.id))
    if replaced.first() is None:
        await session.execute(insert(Membership).values(**key, **days))
