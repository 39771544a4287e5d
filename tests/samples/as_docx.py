"""A sample letter as Word writes it: borderless tables at head and foot, counted lists, merged cells, a page break."""

import io

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.samples.content import Grid, PageBreak, Words


def as_docx(letter):
    document = Document()
    if letter.stamp:
        document.add_paragraph(letter.stamp)
    _columns(document, letter.head)
    for each in letter.body:
        _add(document, each)
    _columns(document, letter.foot)
    for each in letter.annex:
        _add(document, each)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _columns(document, rows):
    table = document.add_table(rows=len(rows), cols=2)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, lines in zip(row.cells, cells, strict=True):
            cell.text = lines[0]
            for line in lines[1:]:
                cell.add_paragraph(line)


def _add(document, each):
    if isinstance(each, PageBreak):
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    elif isinstance(each, Grid):
        _grid(document, each)
    elif isinstance(each, Words):
        paragraph = document.add_paragraph(style="List Number" if each.numbering else None)
        paragraph.add_run(each.text).bold = each.style != "body"


def _grid(document, grid):
    table = document.add_table(rows=len(grid.rows), cols=len(grid.widths), style="Table Grid")
    for row, column, cell in grid.placed():
        place = table.cell(row, column)
        if cell.down > 1 or cell.right > 1:
            place = place.merge(table.cell(row + cell.down - 1, column + cell.right - 1))
        place.text = cell.text
    heading = OxmlElement("w:tblHeader")
    heading.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(heading)
