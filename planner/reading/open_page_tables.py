"""A ruled table as pages show it, part after part, becomes one: header once, rows whole, merged cells carried."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.fuzz import ratio

from planner.folding import fold
from planner.reading.open_grid import PlacedCell, table_of
from planner.reading.open_ruling import SNAP, Box
from planner.reading.paper import Block, Cell, Row, Table


@dataclass(frozen=True)
class CellBox:
    """Một ô có chữ. `top` and `bottom` are counted through all pages of the table."""

    box: Box
    text: str
    page: int


@dataclass(frozen=True)
class RuledTable:
    """Bảng có kẻ, as far as one page or several show it."""

    cells: tuple[CellBox, ...]
    first_page: int
    last_page: int
    left: float
    right: float
    bottom: float


SAME_SIDE = 8.0
"""Points: as far as the sides of a table may differ from page to page (scans are never quite straight)."""


def goes_on(table: RuledTable, after: RuledTable) -> bool:
    is_next = after.first_page == table.last_page + 1
    return is_next and abs(table.left - after.left) < SAME_SIDE and abs(table.right - after.right) < SAME_SIDE


def joined(table: RuledTable, after: RuledTable) -> RuledTable:
    shift = table.bottom - min(cell.box.top for cell in after.cells)
    aside = table.left - after.left
    moved = tuple(replace(cell, box=_moved(cell.box, aside, shift)) for cell in after.cells)
    return RuledTable(
        table.cells + moved, table.first_page, after.last_page, table.left, table.right, after.bottom + shift
    )


def _moved(box: Box, aside: float, down: float) -> Box:
    return Box(box.x0 + aside, box.top + down, box.x1 + aside, box.bottom + down)


def finished(table: RuledTable | None) -> list[Block]:
    if table is None:
        return []
    snap = SAME_SIDE if table.last_page > table.first_page else SNAP
    columns = _lines_at([x for cell in table.cells for x in (cell.box.x0, cell.box.x1)], snap)
    rows = _lines_at([y for cell in table.cells for y in (cell.box.top, cell.box.bottom)], SNAP)
    whole = table_of(_placed(cell, columns, rows, table.first_page) for cell in table.cells)
    return [] if whole is None else [_as_written_once(whole)]


def _lines_at(numbers: Sequence[float], snap: float) -> list[float]:
    groups: list[list[float]] = []
    for number in sorted(numbers):
        if groups and number - groups[-1][-1] <= snap:
            groups[-1].append(number)
        else:
            groups.append([number])
    return [statistics.mean(group) for group in groups]


def _placed(cell: CellBox, columns: Sequence[float], rows: Sequence[float], first_page: int) -> PlacedCell:
    def nearest(places: Sequence[float], number: float) -> int:
        return min(range(len(places)), key=lambda at: abs(places[at] - number))

    left, right = nearest(columns, cell.box.x0), nearest(columns, cell.box.x1)
    top, bottom = nearest(rows, cell.box.top), nearest(rows, cell.box.bottom)
    down = max(1, bottom - top)
    text = HOLLOW if not cell.text and down > 1 and cell.page > first_page else cell.text
    return PlacedCell(top, left, text, down, max(1, right - left), cell.page)


HOLLOW = "\0"
"""Stands in an empty cell of several rows on a later page: it may be the lower part of one that a page cut."""


def _as_written_once(table: Table) -> Table:
    """Without the header that each page repeats, rows broken by a page whole, merged cells carried over the break."""
    first_page = table.rows[0].page
    rows: list[Row] = []
    for row in table.rows:
        if row.page == first_page:
            rows.append(row)
        elif _is_header(row, table.rows):
            continue
        elif row.page > rows[-1].page and _is_rest_of_row(row, rows[-1], table.rows[0]):
            rows[-1] = _with_rest(rows[-1], row)
        else:
            rows.append(_carried_over(row, rows[-1]))
    return Table(tuple(rows))


MOST_HEADER_ROWS = 3


SAME_HEADER = 88
"""Of 100: two readings of one header by a scanner are rarely alike to the letter."""


def _is_header(row: Row, table: Sequence[Row]) -> bool:
    """As good as equal to one of the rows the table begins with."""
    heading = (_plain(each) for each in table[:MOST_HEADER_ROWS] if each.page == table[0].page)
    return any(ratio(_plain(row), each) >= SAME_HEADER for each in heading)


def _plain(row: Row) -> str:
    return "|".join(fold(cell.text).replace(" ", "") for cell in row.cells)


_INDEX = {"stt", "tt", "so tt", "so thu tu"}


def _is_rest_of_row(row: Row, above: Row, header: Row) -> bool:
    """Under the column of numbers nothing, and all that it says goes on from what stands above."""
    is_numbered = fold(header.cells[0].text) in _INDEX and bool(above.cells[0].text)
    said = [over.text for cell, over in zip(row.cells, above.cells, strict=True) if cell.text not in {"", HOLLOW}]
    return is_numbered and not row.cells[0].text and all(said)


def _with_rest(row: Row, rest: Row) -> Row:
    cells = (
        Cell(f"{cell.text} {more.text.replace(HOLLOW, '')}".strip(), cell.is_carried)
        for cell, more in zip(row.cells, rest.cells, strict=True)
    )
    return Row(tuple(cells), row.page)


def _carried_over(row: Row, above: Row) -> Row:
    """Where a merged cell was cut by the page, its lower part is empty."""
    is_row_of_its_own = bool(row.cells[0].text)
    cells = []
    for cell, over in zip(row.cells, above.cells, strict=True):
        is_lower_part = cell.text == HOLLOW or (not cell.text and over.is_carried and is_row_of_its_own)
        cells.append(Cell(over.text, is_carried=bool(over.text)) if is_lower_part else cell)
    return Row(tuple(cells), row.page)
