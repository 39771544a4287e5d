"""A list as a spreadsheet: rows in, bytes out. Whatever was typed by a person is text there, never a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
"""Characters of a column before its text wraps."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Một trang tính. `notes` stand above the header, a line each: what it is, its totals, its moment."""

    title: str
    notes: Sequence[str]
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheet: Sheet) -> bytes:
    """The header is frozen and filtered; days are real days, so that the list can be sorted by them."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    page.title = sheet.title[:31]
    for number, note in enumerate(sheet.notes, start=1):
        _write(page.cell(number, 1), note)
        page.cell(number, 1).font = Font(bold=number == 1)
    top = len(sheet.notes) + 2
    for column, name in enumerate(sheet.header, start=1):
        _write(page.cell(top, column), name)
        page.cell(top, column).font = Font(bold=True)
    for number, row in enumerate(sheet.rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            _write(page.cell(number, column), value)
            page.cell(number, column).alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    for column, name in enumerate(sheet.header, start=1):
        longest = max([len(name), *(len(_shown(row[column - 1])) for row in sheet.rows)])
        page.column_dimensions[get_column_letter(column)].width = min(WIDEST, longest + 2)
    page.freeze_panes = page.cell(top + 1, 1)
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(sheet.header))}{top + len(sheet.rows)}"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _shown(value: Cell) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value or "")


def _write(cell: Any, value: Cell) -> None:
    """ "=2+5" is what somebody wrote, not a sum; control characters, which no cell may hold, are left out."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
        return
    text = "".join(letter for letter in value if letter in "\n\t" or letter.isprintable())
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_STARTS_A_FORMULA)
