"""The tables of a sample letter as a workbook: their title above them, merged cells merged."""

import io

from openpyxl import Workbook


def as_xlsx(letter):
    book = Workbook()
    book.remove(book.active)
    for number, grid in enumerate(letter.grids, start=1):
        sheet = book.create_sheet(f"Phụ lục {number}")
        for words in letter.annex:
            if hasattr(words, "style"):
                sheet.append([words.text])
        first = sheet.max_row + 1
        for row, column, cell in grid.placed():
            sheet.cell(first + row, 1 + column, cell.text)
            if cell.down > 1 or cell.right > 1:
                sheet.merge_cells(
                    start_row=first + row, start_column=1 + column,
                    end_row=first + row + cell.down - 1, end_column=column + cell.right,
                )  # fmt: skip
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
