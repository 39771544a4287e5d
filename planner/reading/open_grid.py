"""Cells where they stand become the rows of a table: what a merged cell says is repeated in every place it covers."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.errors import UnreadableFileError
from planner.reading.paper import Cell, Row, Table

MOST_CELLS = 200_000
"""Of one table, the repeated ones counted: a hostile file can claim a cell as wide and as high as it likes."""


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """Một ô tại chỗ của nó: `row` and `column` from 0, `down` and `right` how many of them it covers."""

    row: int
    column: int
    text: str
    down: int = 1
    right: int = 1
    page: int = 1


def table_of(cells: Iterable[PlacedCell]) -> Table | None:
    """Rows without a word are left out; None where no word is left. Raises UnreadableFileError: absurdly large."""
    placed = list(cells)
    width = max((cell.column + cell.right for cell in placed), default=0)
    height = max((cell.row + cell.down for cell in placed), default=0)
    if width * height > MOST_CELLS:
        raise UnreadableFileError("bomb", limit=MOST_CELLS)
    rows = [[Cell("")] * width for _ in range(height)]
    pages = [0] * height
    for cell in placed:
        _fill(rows, pages, cell)
    return _whole(rows, pages)


def _fill(rows: list[list[Cell]], pages: list[int], cell: PlacedCell) -> None:
    for down in range(cell.down):
        row = cell.row + down
        pages[row] = max(pages[row], cell.page)
        for right in range(cell.right):
            rows[row][cell.column + right] = Cell(cell.text, is_carried=bool(cell.text) and bool(down or right))


def _whole(rows: list[list[Cell]], pages: list[int]) -> Table | None:
    kept = [
        Row(tuple(cells), page=page or 1)
        for cells, page in zip(rows, pages, strict=True)
        if any(cell.text and not cell.is_carried for cell in cells)
    ]
    return Table(tuple(kept)) if kept else None
