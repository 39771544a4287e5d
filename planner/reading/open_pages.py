"""Pages of placed words and ruling lines become the blocks of a letter: tables whole over pages, page numbers gone."""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.reading.open_columns import Columns, with_columns
from planner.reading.open_layout import Frame, PlacedWord, TextLine, cell_text, frame_of, lines_of
from planner.reading.open_page_tables import SAME_SIDE, CellBox, RuledTable, finished, goes_on, joined
from planner.reading.open_ruling import SNAP, Grid, Rule, grids_of
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


Part = TextLine | Columns | RuledTable


def blocks_of(pages: Sequence[Page]) -> list[Block]:
    """In reading order."""
    setting = _Setting()
    for page, parts in zip(pages, _without_margins([_parts(page) for page in pages], pages), strict=True):
        setting.add(page.number, parts)
    return [*setting.blocks, *finished(setting.table)]


class _Setting:
    """Gathers blocks page after page; a table at the end of a page, or a line, may go on at the top of the next."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.table: RuledTable | None = None
        self._above: TextLine | None = None

    def add(self, page: int, parts: Sequence[Part]) -> None:
        frame = frame_of([part for part in parts if isinstance(part, TextLine)])
        for number, part in enumerate(parts):
            if isinstance(part, RuledTable):
                self._add_table(part, is_first=number == 0)
                continue
            self.blocks += finished(self.table)
            self.table = None
            self.blocks.append(self._block(part, page, frame, is_new_page=number == 0))
            self._above = part if isinstance(part, TextLine) else None

    def _add_table(self, table: RuledTable, *, is_first: bool) -> None:
        if self.table is not None and is_first and goes_on(self.table, table):
            self.table = joined(self.table, table)
        else:
            self.blocks += finished(self.table)
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
    outside = _without_footnotes(outside, page, grids)
    # a table between two lines ends a paragraph and a column
    bounds = [float("-inf"), *(grid.top for grid in grids), float("inf")]
    for start, end in pairwise(bounds):
        lines = lines_of(word for word in outside if start <= word.middle < end)
        parts += [(line.top, line) for line in with_columns(lines, frame_of(lines))]
    return [part for _, part in sorted(parts, key=lambda each: each[0])]


FOOTNOTE_RULE = (0.15, 0.45)
"""Of the width of a page: how long the line above footnotes is, at least and at most."""
SMALLER = 0.93
"""Of the height of the words above it: those of a footnote."""


def _without_footnotes(words: list[PlacedWord], page: Page, grids: Sequence[Grid]) -> list[PlacedWord]:
    """What stands below a short line at the left, in smaller letters, on the lower half of a page."""
    shortest, longest = (share * page.width for share in FOOTNOTE_RULE)
    edge = min((word.x0 for word in words), default=0.0)
    for rule in page.rules:
        is_short = rule.is_level and shortest <= rule.end - rule.start <= longest and abs(rule.start - edge) < SAME_SIDE
        if not is_short or rule.at < page.height / 2 or any(grid.bottom > rule.at - SNAP for grid in grids):
            continue
        above: list[PlacedWord] = []
        below: list[PlacedWord] = []
        for word in words:
            (below if word.middle > rule.at else above).append(word)
        notes = [word for word in below if word.middle < (1 - MARGIN / 2) * page.height]
        if above and notes and _height(notes) < SMALLER * _height(above):
            return above
    return words


def _height(words: Sequence[PlacedWord]) -> float:
    return statistics.median(word.height for word in words)


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


def _ruled(grid: Grid, words: Sequence[PlacedWord], page: int) -> RuledTable:
    held: list[list[PlacedWord]] = [[] for _ in grid.boxes]
    for word in words:
        held[_nearest(grid, (word.x0 + word.x1) / 2, word.middle)].append(word)
    cells = tuple(
        CellBox(box, cell_text(mine, box.x0, box.x1), page) for box, mine in zip(grid.boxes, held, strict=True)
    )
    return RuledTable(cells, page, page, grid.left, grid.right, grid.bottom)


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
