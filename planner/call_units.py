"""Which units a person's words name: by code, by full or short name, or by its end ("tư pháp", "châu thành a")."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.org_unit import OrgUnit
from planner.list_work import Named
from planner.plain_text import plain

_u = columns_of(OrgUnit)

_ENDING_WORDS = 2
"""A name's end alone may begin a longer sentence only from two words on: "xã chưa gửi" must not name a commune."""


@dataclass(frozen=True, slots=True)
class Called:
    """Đơn vị được gọi tên, and the words that followed the name."""

    units: list[Named]
    rest: str


async def called_first(session: AsyncSession, words: str, unit_ids: Collection[int]) -> Called:
    """The unit whose name these words begin with, among these; the longest name wins, several if they share it."""
    names = await _spellings(session, unit_ids)
    said = words.split()
    for cut in range(len(said), 0, -1):
        wanted = _bare(" ".join(said[:cut]))
        if not wanted:
            continue
        may_end = len(wanted.split()) >= _ENDING_WORDS or cut == len(said)
        for is_named in (_is_exactly, _ends_with) if may_end else (_is_exactly,):
            found = [unit for unit, spelled in names if any(is_named(each, wanted) for each in spelled)]
            if found:
                return Called(found, " ".join(said[cut:]).strip(" ,;:.-–"))
    return Called([], words)


async def called_whole(session: AsyncSession, words: str, unit_ids: Collection[int]) -> list[Named]:
    """The units whose whole name (or its end) these words are."""
    called = await called_first(session, words, unit_ids)
    return [] if called.rest else called.units


async def within_reach(session: AsyncSession, unit_ids: Collection[int], *, today: date) -> frozenset[int]:
    """The units in force today that stand beside or below one of these: what a coordinator may give work to."""
    rows = (await session.execute(select(_u.id, _u.parent_id, _u.valid_from, _u.valid_to))).all()
    parents = {row.id: row.parent_id for row in rows}
    below = {parents.get(unit_id) or unit_id for unit_id in unit_ids}
    while new := {unit for unit, parent in parents.items() if parent in below and unit not in below}:
        below |= new
    return frozenset(
        row.id
        for row in rows
        if row.id in below
        and (row.valid_from is None or row.valid_from <= today)
        and (row.valid_to is None or today <= row.valid_to)
    )


async def _spellings(session: AsyncSession, unit_ids: Collection[int]) -> list[tuple[Named, frozenset[str]]]:
    query = select(_u.id, _u.code, _u.name, _u.short_name, _u.aliases).order_by(_u.id)
    return [
        (
            Named(row.id, row.code, row.short_name),
            frozenset(_bare(name) for name in (row.code, row.name, row.short_name, *row.aliases)) - {""},
        )
        for row in await session.execute(query)
        if row.id in unit_ids
    ]


def _bare(name: str) -> str:
    return plain(name).removeprefix("uy ban nhan dan ").removeprefix("ubnd ")


def _is_exactly(spelling: str, wanted: str) -> bool:
    return spelling == wanted


def _ends_with(spelling: str, wanted: str) -> bool:
    return spelling.endswith(f" {wanted}")
