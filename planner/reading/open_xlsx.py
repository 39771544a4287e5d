"""Workbooks: each visible sheet is the words above its table, and the table with its merged cells carried."""

import io
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from models.errors import UnreadableFileError
from planner.reading.open_encodings import mended_blocks, tidied
from planner.reading.open_grid import PlacedCell, table_of
from planner.reading.open_zip import checked_parts
from planner.reading.paper import Block, Paper, PaperKind, Paragraph

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS, MOST_MERGED = 20_000, 100, 200, 50_000
_MERGED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"
_PERCENT = re.compile(r"%")
_WRONG = (
    InvalidFileException, zipfile.BadZipFile, etree.LxmlError, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OSError, EOFError, zlib.error,
)  # fmt: skip
Cells = dict[int, dict[int, str]]
"""Words by row and column."""
Merged = list[tuple[int, int, int, int]]
"""(left, top, right, bottom) of each merged cell."""


def open_xlsx(content: bytes) -> Paper:
    """Raises UnreadableFileError: malformed, encrypted, a bomb, or empty. A sheet counts as a page."""
    checked_parts(content)
    try:
        with warnings.catch_warnings(action="ignore"):  # about looks and lists that are missing, which no reader needs
            blocks, pages, notes = _read(content)
    except _WRONG as error:
        raise UnreadableFileError("malformed") from error
    if not blocks:
        raise UnreadableFileError("empty")
    return Paper(PaperKind.XLSX, mended_blocks(blocks), pages=pages, notes=tuple(notes))


def _read(content: bytes) -> tuple[list[Block], int, list[str]]:
    blocks: list[Block] = []
    notes: list[str] = []
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        if len(book.worksheets) > MOST_SHEETS:
            raise UnreadableFileError("too-many-pages", limit=MOST_SHEETS)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(shown) < len(book.worksheets):
            notes.append("Tệp có trang tính ẩn, chưa đọc.")
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for page, sheet in enumerate(shown, start=1):
                blocks += _sheet(_cells(sheet), list(_merged(file, sheet)), page)
    finally:
        book.close()
    return blocks, max(1, len(shown)), notes


def _cells(sheet: Any) -> Cells:
    cells: Cells = {}
    sheet.reset_dimensions()  # what it says of its own size may be anything
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            if cell.value is not None and (text := _written(cell.value, cell.number_format or "")):
                cells.setdefault(cell.row, {})[cell.column] = text
    return cells


def _merged(file: zipfile.ZipFile, sheet: Any) -> Iterator[tuple[int, int, int, int]]:
    """(left, top, right, bottom); the sheet read row by row does not know them, its part does."""
    with file.open(sheet._worksheet_path) as part:  # noqa: SLF001 -- it has no other door
        parsed = etree.iterparse(part, tag=_MERGED, resolve_entities=False, no_network=True, load_dtd=False)
        for number, (_, element) in enumerate(parsed):
            if number >= MOST_MERGED:
                raise UnreadableFileError("bomb")
            left, top, right, bottom = range_boundaries(element.get("ref"))
            yield left, top, min(right, MOST_COLUMNS), min(bottom, MOST_ROWS)


def _written(value: object, look: str) -> str:
    """As the sheet shows it, as far as that matters to a reader: days as dd/mm/yyyy, shares in percent."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime) and value.time() != time():
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return _figure(value * 100) + "%" if _PERCENT.search(look) else _figure(value)
    return "\n".join(filter(None, map(tidied, str(value).split("\n"))))


def _figure(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")


# --- what of a sheet is a table -----------------------------------------------------------------------------------


def _sheet(cells: Cells, merged: Merged, page: int) -> Iterator[Block]:
    """Rows that say one thing only, before and after the table, are paragraphs; an empty row between parts ends one."""
    covered = Counter(row for _, top, _, bottom in merged for row in range(top + 1, bottom + 1))
    for top, bottom in _parts(cells, merged):
        rows = [row for row in range(top, bottom + 1) if row in cells]
        tabular = [row for row in rows if len(cells[row]) + covered[row] > 1]
        first, last = (tabular[0], tabular[-1]) if tabular else (bottom + 1, bottom + 1)
        yield from (_paragraph(cells, row, page) for row in rows if row < first)
        if tabular and (table := table_of(_placed(cells, merged, first, last, page))) is not None:
            yield table
        yield from (_paragraph(cells, row, page) for row in rows if row > last)


def _parts(cells: Cells, merged: Merged) -> Iterator[tuple[int, int]]:
    """Runs of rows without an empty one between them; a merged cell holds its rows together."""
    full = set(cells) | {row for _, top, _, bottom in merged for row in range(top, bottom + 1)}
    rows = sorted(full)
    start = 0
    for number in range(1, len(rows) + 1):
        if number == len(rows) or rows[number] > rows[number - 1] + 1:
            yield rows[start], rows[number - 1]
            start = number


def _paragraph(cells: Cells, row: int, page: int) -> Paragraph:
    return Paragraph(tidied(" ".join(cells[row].values())), page=page)


def _placed(cells: Cells, merged: Merged, first: int, last: int, page: int) -> Iterator[PlacedCell]:
    inside = {row: columns for row, columns in cells.items() if first <= row <= last}
    left = min(min(columns) for columns in inside.values())
    widest = max(max(columns) for columns in inside.values())
    spans = {
        (top, start): (min(bottom, last) - top + 1, min(end, widest) - start + 1)
        for start, top, end, bottom in merged
        if first <= top <= last and left <= start <= widest
    }
    for row, columns in inside.items():
        for column, text in columns.items():
            down, right = spans.get((row, column), (1, 1))
            yield PlacedCell(row - first, column - left, text, down, right, page)
