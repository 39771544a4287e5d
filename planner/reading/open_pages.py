"""Pages of placed words and ruling lines become the blocks of a letter: tables whole over pages, page numbers gone."""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.fuzz import ratio

from planner.folding import fold
from planner.reading.open_grid import PlacedCell, table_of
from planner.reading.open_layout import (
    Columns,
    Frame,
    PlacedWord,
    TextLine,
    cell_text,
    frame_of,
    lines_of,
    with_columns,
)
from planner.reading.open_ruling import SNAP, Box, Grid, Rule, grids_of
from planner.reading.paper import Block, Cell, Paragraph, Row, Table

_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–—.\s]*\d{1,3}(?:\s*/\s*\d{1,3})?[-–—.\s]*", re.IGNORECASE)
MARGIN = 0.12
"""Of the height of a page, at its top and bottom: where its number stands."""
FEWEST_REPEATS = 3
"""Pages with the same words in their margin: a running head."""


LONGEST_DIRT, SURE = 2, 0.6
"""Letters and confidence: a scanner's reading of a page number, or of a spot."""


@dataclass(frozen=True)
class Page:
    """Một trang: what stands on it, `number` from 1. Points from the top left."""

    number: int
    width: float
    height: float
    words: tuple[PlacedWord, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class _CellBox:
    """Một ô có chữ. `top` and `bottom` are counted through all pages of the table."""

    box: Box
    text: str
    page: int


@dataclass(frozen=True)
class _RuledTable:
    """Bảng có kẻ, as far as one page or several show it."""

    cells: tuple[_CellBox, ...]
    first_page: int
    last_page: int
    left: float
    right: float
    bottom: float


Part = TextLine | Columns | _RuledTable


def blocks_of(pages: Sequence[Page]) -> list[Block]:
    """In reading order."""
    setting = _Setting()
    for page, parts in zip(pages, _without_margins([_parts(page) for page in pages], pages), strict=True):
        setting.add(page.number, parts)
    return [*setting.blocks, *_finished(setting.table)]


class _Setting:
    """Gathers blocks page after page; a table at the end of a page, or a line, may go on at the top of the next."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.table: _RuledTable | None = None
        self._above: TextLine | None = None

    def add(self, page: int, parts: Sequence[Part]) -> None:
        frame = frame_of([part for part in parts if isinstance(part, TextLine)])
        for number, part in enumerate(parts):
            if isinstance(part, _RuledTable):
                self._add_table(part, is_first=number == 0)
                continue
            self.blocks += _finished(self.table)
            self.table = None
            self.blocks.append(self._block(part, page, frame, is_new_page=number == 0))
            self._above = part if isinstance(part, TextLine) else None

    def _add_table(self, table: _RuledTable, *, is_first: bool) -> None:
        if self.table is not None and is_first and _goes_on(self.table, table):
            self.table = _joined(self.table, table)
        else:
            self.blocks += _finished(self.table)
            self.table = table
        self._above = None

    def _block(self, part: TextLine | Columns, page: int, frame: Frame, *, is_new_page: bool) -> Block:
        if isinstance(part, Columns):
            return Table(tuple(Row((Cell(left), Cell(right)), page) for left, right in part.rows))
        is_apart = frame.is_apart(part, self._above, is_new_page=is_new_page)
        return Paragraph(part.text, page=page, is_line=True, confidence=part.confidence, is_apart=is_apart)


# --- one page -----------------------------------------------------------------------------------------------------


def _parts(page: Page) -> list[Part]:
    """Tables, columns and lines from the top down."""
    grids = [grid for grid in grids_of(page.rules) if _is_filled(grid, page.words)]
    inside: dict[int, list[PlacedWord]] = {number: [] for number in range(len(grids))}
    outside: list[PlacedWord] = []
    for word in page.words:
        at = next((number for number, grid in enumerate(grids) if _is_in(word, grid)), None)
        (outside if at is None else inside[at]).append(word)
    tables = [(grid.top, _ruled(grid, inside[number], page.number)) for number, grid in enumerate(grids)]
    parts: list[tuple[float, Part]] = [*tables]
    # a table between two lines ends a paragraph and a column
    bounds = [float("-inf"), *(grid.top for grid in grids), float("inf")]
    for start, end in pairwise(bounds):
        lines = lines_of(word for word in outside if start <= word.middle < end)
        parts += [(line.top, line) for line in with_columns(lines, frame_of(lines))]
    return [part for _, part in sorted(parts, key=lambda each: each[0])]


def _is_in(word: PlacedWord, grid: Grid) -> bool:
    x = (word.x0 + word.x1) / 2
    return grid.left - SNAP <= x <= grid.right + SNAP and grid.top <= word.middle < grid.bottom


def _is_filled(grid: Grid, words: Sequence[PlacedWord]) -> bool:
    """Words in two of its cells at least: all else is a drawing."""
    filled = set()
    for word in words:
        x = (word.x0 + word.x1) / 2
        filled |= {number for number, box in enumerate(grid.boxes) if box.holds(x, word.middle)}
        if len(filled) > 1:
            return True
    return False


def _ruled(grid: Grid, words: Sequence[PlacedWord], page: int) -> _RuledTable:
    held: list[list[PlacedWord]] = [[] for _ in grid.boxes]
    for word in words:
        held[_nearest(grid, (word.x0 + word.x1) / 2, word.middle)].append(word)
    cells = tuple(
        _CellBox(box, cell_text(mine, box.x0, box.x1), page) for box, mine in zip(grid.boxes, held, strict=True)
    )
    return _RuledTable(cells, page, page, grid.left, grid.right, grid.bottom)


def _nearest(grid: Grid, x: float, y: float) -> int:
    """The box that holds this place; one on a line belongs to the box next to it."""

    def distance(number: int) -> float:
        box = grid.boxes[number]
        return max(box.x0 - x, x - box.x1, 0) + max(box.top - y, y - box.bottom, 0)

    return min(range(len(grid.boxes)), key=distance)


# --- what is said once on every page --------------------------------------------------------------------------------


def _without_margins(parts: Sequence[list[Part]], pages: Sequence[Page]) -> Iterator[list[Part]]:
    running = {text for text, count in Counter(_edge_texts(parts, pages)).items() if count >= FEWEST_REPEATS}
    for mine, page in zip(parts, pages, strict=True):
        edges = {id(part) for part in _edges(mine, page) if _is_running(part, running)}
        yield [part for part in mine if id(part) not in edges]


def _is_running(line: TextLine, running: set[str]) -> bool:
    is_dirt = len(line.text) <= LONGEST_DIRT and line.confidence < SURE
    return is_dirt or line.text in running or _PAGE_NUMBER.fullmatch(line.text) is not None


def _edges(parts: Sequence[Part], page: Page) -> Iterator[TextLine]:
    """The first and the last line, where they stand in the margin."""
    for part in {id(part): part for part in (*parts[:1], *parts[-1:])}.values():
        if isinstance(part, TextLine) and not MARGIN < part.middle / max(page.height, 1.0) < 1 - MARGIN:
            yield part


def _edge_texts(parts: Sequence[list[Part]], pages: Sequence[Page]) -> Iterator[str]:
    for mine, page in zip(parts, pages, strict=True):
        yield from {line.text for line in _edges(mine, page)}


# --- tables over pages ----------------------------------------------------------------------------------------------

SAME_SIDE = 8.0
"""Points: as far as the sides of a table may differ from page to page (scans are never quite straight)."""


def _goes_on(table: _RuledTable, after: _RuledTable) -> bool:
    is_next = after.first_page == table.last_page + 1
    return is_next and abs(table.left - after.left) < SAME_SIDE and abs(table.right - after.right) < SAME_SIDE


def _joined(table: _RuledTable, after: _RuledTable) -> _RuledTable:
    shift = table.bottom - min(cell.box.top for cell in after.cells)
    aside = table.left - after.left
    moved = tuple(replace(cell, box=_moved(cell.box, aside, shift)) for cell in after.cells)
    return _RuledTable(
        table.cells + moved, table.first_page, after.last_page, table.left, table.right, after.bottom + shift
    )


def _moved(box: Box, aside: float, down: float) -> Box:
    return Box(box.x0 + aside, box.top + down, box.x1 + aside, box.bottom + down)


def _finished(table: _RuledTable | None) -> list[Block]:
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


def _placed(cell: _CellBox, columns: Sequence[float], rows: Sequence[float], first_page: int) -> PlacedCell:
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
