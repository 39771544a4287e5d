"""Use-case: a list of people becomes people with roles; the same list twice changes nothing, nobody is taken away."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.errors import FileProblemsError, Problem
from models.org_unit import OrgUnit
from models.person import Membership, Person
from models.terms import Role
from planner import audit
from planner.people import add_person
from planner.people_file import NAME, PeopleDraft, PersonRow, name_key

_p, _m, _u = columns_of(Person), columns_of(Membership), columns_of(OrgUnit)

Places = list[tuple[str, Role]]


@dataclass(frozen=True, slots=True)
class Changed:
    """Một người mới, hoặc người đã có được thêm vai trò."""

    person_id: int
    full_name: str
    places: Places


@dataclass(slots=True)
class PeopleImported:
    """Kết quả nạp. `notes` are whole sentences about what a person should look at."""

    added: list[Changed] = field(default_factory=list)
    extended: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """Một vai trò đã có, kể cả đã hết hạn."""

    person_id: int
    is_active: bool
    unit_code: str
    role: Role
    is_over: bool


async def import_people(
    session: AsyncSession, draft: PeopleDraft, *, file: str, now: datetime, today: date
) -> PeopleImported:
    """Add who is new and give the roles that are new; the caller commits.

    The same name in the same unit is the same person; in another unit it is somebody else, and is told.
    Raises FileProblemsError where two people of one unit bear the name.
    """
    known = await _known(session, today=today)
    done = PeopleImported(notes=list(draft.notes))
    problems: list[Problem] = []
    for (key, unit_code), rows in _by_person(draft.rows).items():
        namesakes = known.get(key, [])
        here = {each.person_id: each for each in namesakes if each.unit_code == unit_code}
        if len(here) > 1:
            told = f"Đơn vị này có {len(here)} người cùng tên, mã {_numbers(here)}: cấp vai trò bằng dondoc people add."
            problems.append(Problem(file, rows[0].line, None, NAME, told))
        elif here:
            (person,) = here.values()
            mine = [each for each in namesakes if each.person_id == person.person_id]
            await _extend(session, person, mine, rows, done, now=now)
        else:
            await _add(session, rows, namesakes, done, now=now)
    if problems:
        raise FileProblemsError(problems)
    return done


def _by_person(rows: Sequence[PersonRow]) -> dict[tuple[str, str], list[PersonRow]]:
    found: defaultdict[tuple[str, str], list[PersonRow]] = defaultdict(list)
    for row in rows:
        found[name_key(row.full_name), row.unit_code].append(row)
    return found


async def _known(session: AsyncSession, *, today: date) -> dict[str, list[_Known]]:
    query = (
        select(_p.id, _p.full_name, _p.is_active, _u.code, _m.role, _m.valid_to)
        .join(Membership, _m.person_id == _p.id)
        .join(OrgUnit, _u.id == _m.unit_id)
        .where(_p.forgotten_at.is_(None), _m.stands_in_for_id.is_(None))
        .order_by(_p.id)
    )
    found: defaultdict[str, list[_Known]] = defaultdict(list)
    for row in await session.execute(query):
        is_over = row.valid_to is not None and row.valid_to < today
        found[name_key(row.full_name)].append(_Known(row.id, row.is_active, row.code, row.role, is_over))
    return found


async def _add(
    session: AsyncSession, rows: list[PersonRow], namesakes: list[_Known], done: PeopleImported, *, now: datetime
) -> None:
    places = [(row.unit_code, row.role) for row in rows]
    person_id = await add_person(session, rows[0].full_name, places, now=now)
    done.added.append(Changed(person_id, rows[0].full_name, places))
    others = {each.person_id: each for each in namesakes}
    if others:
        done.notes.append(
            f"Dòng {rows[0].line}: {rows[0].full_name} ở đơn vị khác đã có, mã {_numbers(others)}; "
            f"nếu là một người, chuyển bằng dondoc people move rồi ngừng mã {person_id}."
        )


async def _extend(
    session: AsyncSession,
    person: _Known,
    mine: list[_Known],
    rows: list[PersonRow],
    done: PeopleImported,
    *,
    now: datetime,
) -> None:
    held: dict[tuple[str, Role], Any] = {(each.unit_code, each.role): each for each in mine}
    new = [row for row in rows if (row.unit_code, row.role) not in held]
    done.unchanged += len(rows) - len(new)
    if not person.is_active:
        done.unchanged += len(new)
        done.notes.append(
            f"Dòng {rows[0].line}: {rows[0].full_name} (mã {person.person_id}) đã ngừng: "
            f"mở lại bằng dondoc people activate {person.person_id}."
        )
        return
    done.notes += [
        f"Dòng {row.line}: {row.full_name} (mã {person.person_id}) đã thôi vai trò này: "
        f"đưa trở lại bằng dondoc people move {person.person_id} --to {row.unit_code}."
        for row in rows
        if (each := held.get((row.unit_code, row.role))) is not None and each.is_over
    ]
    if new:
        places = [(row.unit_code, row.role) for row in new]
        await give_roles(session, person.person_id, places, now=now)
        done.extended.append(Changed(person.person_id, rows[0].full_name, places))


async def give_roles(session: AsyncSession, person_id: int, places: Places, *, now: datetime) -> None:
    """More roles for somebody who is known; every (unit code, role) is one they never had."""
    codes = {unit for unit, _role in places}
    unit_ids = {row.code: row.id for row in await session.execute(select(_u.code, _u.id).where(_u.code.in_(codes)))}
    rows = [{"person_id": person_id, "unit_id": unit_ids[unit], "role": role} for unit, role in places]
    await session.execute(insert(Membership), rows)
    await audit.record(
        session,
        "roles-given",
        now=now,
        channel=audit.COMMAND_LINE,
        person_id=person_id,
        after={"places": [[unit, role.value] for unit, role in places]},
    )


def _numbers(people: dict[int, _Known]) -> str:
    return ", ".join(map(str, sorted(people)))
