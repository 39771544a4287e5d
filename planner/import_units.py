"""Use-case: load the unit directory; keyed by code, so loading again changes only what was edited."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.org_unit import OrgUnit, UnitGroup, UnitGroupMember, UnitSuccessor
from planner.unit_directory import UnitDirectoryDraft, UnitDraft

_u, _g, _m, _s = columns_of(OrgUnit), columns_of(UnitGroup), columns_of(UnitGroupMember), columns_of(UnitSuccessor)


@dataclass(frozen=True, slots=True)
class UnitsLoaded:
    """Kết quả nạp danh mục. Units missing from the file stay: their history does."""

    added: int
    updated: int
    unchanged: int
    groups: int


async def import_units(session: AsyncSession, directory: UnitDirectoryDraft) -> UnitsLoaded:
    """Insert and update units, groups, members and successors; the caller commits."""
    known = {row.code: row for row in await session.execute(select(OrgUnit.__table__))}  # type: ignore[attr-defined]
    added = [unit for unit in directory.units if unit.code not in known]
    updated = [unit for unit in directory.units if unit.code in known and _differs(unit, known[unit.code])]
    if added:
        await session.execute(insert(OrgUnit), [_facts(unit) for unit in added])
    for unit in updated:
        await session.execute(update(OrgUnit).where(_u.code == unit.code).values(_facts(unit)))
    ids = {row.code: row.id for row in await session.execute(select(_u.code, _u.id))}
    await _set_parents(session, directory, ids)
    await _replace_groups(session, directory, ids)
    await _replace_successors(session, directory, ids)
    return UnitsLoaded(
        len(added), len(updated), len(directory.units) - len(added) - len(updated), len(directory.groups)
    )


def _facts(unit: UnitDraft) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "aliases": list(unit.aliases),
        "level": unit.level,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
    }


def _differs(unit: UnitDraft, row: Any) -> bool:
    return any(getattr(row, name) != value for name, value in _facts(unit).items())


async def _set_parents(session: AsyncSession, directory: UnitDirectoryDraft, ids: dict[str, int]) -> None:
    parents = {row.id: row.parent_id for row in await session.execute(select(_u.id, _u.parent_id))}
    for unit in directory.units:
        parent_id = ids.get(unit.parent) if unit.parent else None
        if parents[ids[unit.code]] != parent_id:
            await session.execute(update(OrgUnit).where(_u.id == ids[unit.code]).values(parent_id=parent_id))


async def _replace_groups(session: AsyncSession, directory: UnitDirectoryDraft, ids: dict[str, int]) -> None:
    """A group's row keeps its id, because tasks point at it; its members are written anew."""
    known = {row.code: row.id for row in await session.execute(select(_g.code, _g.id))}
    for group in directory.groups:
        facts = {"name": group.name, "aliases": list(group.aliases)}
        if group.code in known:
            await session.execute(update(UnitGroup).where(_g.code == group.code).values(facts))
        else:
            await session.execute(insert(UnitGroup).values(facts | {"code": group.code}))
    known = {row.code: row.id for row in await session.execute(select(_g.code, _g.id))}
    group_ids = [known[group.code] for group in directory.groups]
    await session.execute(delete(UnitGroupMember).where(_m.group_id.in_(group_ids)))
    members = [
        {"group_id": known[group.code], "unit_id": ids[unit.code]}
        for group in directory.groups
        for unit in directory.members(group.code)
    ]
    if members:
        await session.execute(insert(UnitGroupMember), members)


async def _replace_successors(session: AsyncSession, directory: UnitDirectoryDraft, ids: dict[str, int]) -> None:
    from_ids = [ids[step.from_code] for step in directory.successors]
    await session.execute(delete(UnitSuccessor).where(_s.from_unit_id.in_(from_ids)))
    rows = [
        {
            "from_unit_id": ids[step.from_code],
            "to_unit_id": ids[to_code] if to_code else None,
            "changed_on": step.changed_on,
            "change": step.change,
            "note": step.note,
        }
        for step in directory.successors
        for to_code in (step.to_codes or (None,))
    ]
    if rows:
        await session.execute(insert(UnitSuccessor), rows)
