"""The unit directory as it is loaded in the database."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.org_unit import OrgUnit, UnitGroup, UnitGroupMember
from planner.unit_directory import GroupDraft, UnitDirectoryDraft, UnitDraft

_u, _g, _gm = columns_of(OrgUnit), columns_of(UnitGroup), columns_of(UnitGroupMember)


async def load_directory(session: AsyncSession) -> UnitDirectoryDraft:
    """The directory as loaded; a group is listed by its members."""
    codes = {row.id: row.code for row in await session.execute(select(_u.id, _u.code))}
    units = tuple(
        UnitDraft(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            aliases=tuple(row.aliases),
            level=row.level,
            parent=codes.get(row.parent_id),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            line=0,
        )
        for row in await session.execute(select(OrgUnit.__table__).order_by(_u.id))  # type: ignore[attr-defined]
    )
    members: defaultdict[int, list[str]] = defaultdict(list)
    for row in await session.execute(select(_gm.group_id, _gm.unit_id).order_by(_gm.unit_id)):
        members[row.group_id].append(codes[row.unit_id])
    groups = tuple(
        GroupDraft(row.code, row.name, tuple(row.aliases), None, None, (), tuple(members[row.id]), 0)
        for row in await session.execute(select(_g.id, _g.code, _g.name, _g.aliases).order_by(_g.id))
    )
    return UnitDirectoryDraft(units, groups)
