"""Tables that a web page left as one cell after the other, each with a bar on a line of its own behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.reading.columns import Role, is_duty_table, roles_of
from planner.reading.flat import Sight
from planner.reading.lines import clean
from planner.reading.paper import Paragraph, Table

MOST_COLUMNS = 12
FEWEST_COLUMNS = 3
LONGEST_HEADING = 14
"""Words over a column."""

_BAR = re.compile(r"\s*\|\s*")
_BEGINS_ROW = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-HĐ])\s*[.)]?")
_COUNTS = re.compile(r"\d{1,3}[.)]?")


@dataclass(frozen=True, slots=True)
class BarredTable:
    """Bảng đọc từ các vạch: cells by row, as far as they stand there; `start` and `end` are the blocks they were."""

    start: int
    end: int
    rows: tuple[tuple[tuple[str, ...], int], ...]
    """The cells and the page of each row; the first is the heading."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """Các dòng giữa hai vạch: lines between two bars."""

    start: int
    end: int
    text: str
    page: int


def barred_table(blocks: Sequence[Paragraph | Table], at: int, sight: Sight) -> BarredTable | None:
    """The table whose first cell is the line at `at`; None where none begins."""
    first = blocks[at]
    if not isinstance(first, Paragraph) or not _is_bar(blocks, at + 1):
        return None
    cells = _cells_from(blocks, at)
    width = next((place for place, cell in enumerate(cells) if place and _BEGINS_ROW.fullmatch(cell.text)), 0)
    if not FEWEST_COLUMNS <= width <= MOST_COLUMNS:
        return None
    heading = [cell.text for cell in cells[:width]]
    roles = roles_of(heading, sight)
    is_short = all(len(words.split()) <= LONGEST_HEADING for words in heading)
    if not is_short or roles[0] is not Role.NUMBER or not is_duty_table(roles):
        return None
    rows = _rows(cells[width:], width)
    if not rows:
        return None
    last = rows[-1][-1]
    named = [(tuple(heading), first.page), *((tuple(cell.text for cell in row), row[0].page) for row in rows)]
    return BarredTable(at, last.end, tuple(named))


def _is_bar(blocks: Sequence[Paragraph | Table], at: int) -> bool:
    block = blocks[at] if at < len(blocks) else None
    return isinstance(block, Paragraph) and _BAR.fullmatch(block.text) is not None


def _cells_from(blocks: Sequence[Paragraph | Table], at: int) -> list[_Cell]:
    """Every cell with a bar behind it, up to the first block that is no paragraph."""
    cells: list[_Cell] = []
    start = at
    lines: list[str] = []
    for place in range(at, len(blocks)):
        block = blocks[place]
        if not isinstance(block, Paragraph):
            break
        if _is_bar(blocks, place):
            text = clean(" ".join(lines))
            cells.append(_Cell(start, place + 1, text, block.page))
            start, lines = place + 1, []
        elif block.text.strip():
            lines.append(block.text)
    return cells


def _rows(cells: list[_Cell], width: int) -> list[list[_Cell]]:
    """Rows of the full width as long as each begins with a number; shorter ones where merged cells were left out."""
    rows: list[list[_Cell]] = []
    at, expected = 0, 1
    while at < len(cells) and _BEGINS_ROW.fullmatch(cells[at].text):
        number = _COUNTS.fullmatch(cells[at].text)
        expected = int(cells[at].text.rstrip(".)")) + 1 if number else 1
        end = _end_of_row(cells, at, width, expected)
        rows.append(cells[at:end])
        at = end
    return rows


def _end_of_row(cells: list[_Cell], at: int, width: int, expected: int) -> int:
    """At the next number, where it comes before the row is full."""
    for place in range(at + 2, min(at + width, len(cells))):
        text = cells[place].text.rstrip(".)")
        if text == str(expected) or re.fullmatch(r"[IVX]{1,5}", text):
            return place
    return min(at + width, len(cells))
