"""Tables that a text export left as lines: with tabs, with bars, or flattened to one cell after the other."""

import re
from collections.abc import Sequence

from planner.reading.barred import BarredTable, barred_table
from planner.reading.columns import Role, is_duty_table, roles_of
from planner.reading.flat import Sight, flat
from planner.reading.lines import clean
from planner.reading.paper import Cell, Paragraph, Row, Table
from planner.reading.phrases_of_time import time_phrases
from planner.reading.units import unit_names

FEWEST_TABS = 2
"""Fewer tabs in a line set words apart, they make no row."""


def with_tables(blocks: Sequence[Paragraph | Table], sight: Sight) -> list[Paragraph | Table]:
    """The blocks, with runs of tabbed or barred lines turned into tables."""
    result: list[Paragraph | Table] = []
    at = 0
    while at < len(blocks):
        barred = barred_table(blocks, at, sight)
        if barred is not None:
            result.append(_padded(barred, sight))
            at = barred.end
            continue
        end = _end_of_run(blocks, at, sight)
        if end is None:
            result.append(blocks[at])
            at += 1
            continue
        lines = [block for block in blocks[at:end] if isinstance(block, Paragraph)]
        result.append(_table(lines, sight))
        at = end
    return result


def _cells_of(text: str) -> list[str] | None:
    """The cells of one line of a table, None when it is none."""
    if text.count("|") >= FEWEST_TABS and text.strip().startswith("|"):
        return [cell.strip() for cell in text.strip().strip("|").split("|")]
    if text.count("\t") >= FEWEST_TABS:
        return [cell.strip() for cell in text.split("\t")]
    return None


def _end_of_run(blocks: Sequence[Paragraph | Table], at: int, sight: Sight) -> int | None:
    """Where the table that begins here ends; its first line must be a heading that gives work."""
    first = blocks[at]
    if not isinstance(first, Paragraph):
        return None
    heading = _cells_of(first.text)
    if heading is None or not is_duty_table(roles_of(heading, sight)):
        return None
    last = at
    for place in range(at + 1, len(blocks)):
        block = blocks[place]
        if not isinstance(block, Paragraph) or re.match(r"(?:Phụ lục|PHỤ LỤC|Nơi nhận)\b", block.text):
            break
        if _cells_of(block.text) is not None or "\t" in block.text:
            last = place
        elif place - last > 4:  # noqa: PLR2004 - as long as such a cell gets
            break
    return last + 1 if last > at else None


def _table(lines: Sequence[Paragraph], sight: Sight) -> Table:
    heading = _cells_of(lines[0].text) or []
    roles = roles_of(heading, sight)
    rows = []
    for line in lines:
        if not line.text.strip() or re.fullmatch(r"[|\s:\-]+", line.text):
            continue
        cells = _cells_of(line.text) or line.text.split("\t")
        cells = [cell.strip() for cell in cells]
        if len(cells) < len(heading) and not _begins_row(cells[0]):
            cells = _by_kind(cells, roles, sight)
        cells = cells[: len(heading)] + [""] * (len(heading) - len(cells))
        rows.append(Row(tuple(Cell(cell) for cell in cells), line.page))
    return Table(tuple(rows))


def _padded(barred: BarredTable, sight: Sight) -> Table:
    """A row that lost its merged cells: each cell goes where its words belong."""
    (heading, _page), *_rest = barred.rows
    roles = roles_of(list(heading), sight)
    rows = []
    for cells, page in barred.rows:
        whole = list(cells) if len(cells) == len(heading) else [cells[0], *_by_kind(list(cells[1:]), roles, sight)[1:]]
        rows.append(Row(tuple(Cell(cell) for cell in whole), page))
    return Table(tuple(rows))


def _begins_row(text: str) -> bool:
    """A number, a group's mark, or the title of a group in the first cell."""
    text = clean(text)
    return bool(re.match(r"(?:\d{1,3}|[IVX]{1,5})\b", text)) or not re.match(r"[-–+•]", text)


def _by_kind(cells: list[str], roles: list[Role | None], sight: Sight) -> list[str]:
    """The rest of a row broken over a page lost its empty cells: each part goes where its words belong."""
    placed = [""] * len(roles)
    for cell in cells:
        words = clean(cell)
        seen = flat(words, sight)
        if len(words.split()) <= 14 and unit_names(words, sight) and Role.LEAD in roles and _is_units(words, sight):  # noqa: PLR2004 - as long as such a cell gets
            role: Role = Role.LEAD
        elif len(words.split()) <= 10 and time_phrases(seen) and Role.DEADLINE in roles:  # noqa: PLR2004 - as long as such a cell gets
            role = Role.DEADLINE
        else:
            role = Role.TASK if Role.TASK in roles else Role.INDICATOR
        if role in roles:
            place = roles.index(role)
            placed[place] = f"{placed[place]} {cell}".strip()
    return placed


def _is_units(words: str, sight: Sight) -> bool:
    from planner.reading.units import starts_with_unit

    return starts_with_unit(flat(re.sub(r"^[-–+•]\s*", "", words), sight))
