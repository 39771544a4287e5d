"""A sample letter as a text PDF: A4, page numbers from the second page on, ruled tables with their header repeated."""

import io
from functools import cache
from pathlib import Path

import matplotlib as mpl
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus import PageBreak as NewPage

from tests.samples.content import Grid, PageBreak

MARGINS = {"leftMargin": 30 * mm, "rightMargin": 15 * mm, "topMargin": 20 * mm, "bottomMargin": 20 * mm}
WIDTH = A4[0] - 45 * mm
PLAIN = [
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


@cache
def _styles():
    """DejaVu, the free font that comes with matplotlib and has every Vietnamese letter."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name in ("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic"):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    body = ParagraphStyle("body", fontName="DejaVuSerif", fontSize=11, leading=15, spaceAfter=6, alignment=TA_JUSTIFY,
                          firstLineIndent=10 * mm)  # fmt: skip
    bold = {"fontName": "DejaVuSerif-Bold"}
    return {
        "body": body,
        "heading": ParagraphStyle("heading", body, **bold),
        "title": ParagraphStyle("title", body, **bold, alignment=TA_CENTER, firstLineIndent=0, spaceAfter=0),
        "note": ParagraphStyle("note", body, fontSize=10.5, alignment=TA_CENTER, firstLineIndent=0),
        "column": ParagraphStyle("column", body, fontSize=10, leading=13, alignment=TA_CENTER, firstLineIndent=0,
                                 spaceAfter=0),
        "list": ParagraphStyle("list", body, fontSize=10, leading=13, firstLineIndent=0, spaceAfter=0, alignment=0),
        "cell": ParagraphStyle("cell", body, fontSize=9.5, leading=12, firstLineIndent=0, spaceAfter=0, alignment=0),
    }  # fmt: skip


def as_pdf(letter):
    styles = _styles()
    story = [Paragraph(letter.stamp, styles["heading"])] if letter.stamp else []
    story.append(_columns(letter.head, (0.44, 0.56), (styles["column"], styles["column"])))
    story.append(Spacer(0, 8 * mm))
    story += [_flowable(each, styles) for each in letter.body]
    story.append(Spacer(0, 4 * mm))
    story.append(_columns(letter.foot, (0.55, 0.45), (styles["list"], styles["column"])))
    story += [_flowable(each, styles) for each in letter.annex]
    buffer = io.BytesIO()
    document = SimpleDocTemplate(buffer, pagesize=A4, invariant=1, title=letter.name, **MARGINS)
    document.build(story, onLaterPages=_page_number)
    return buffer.getvalue()


def _page_number(canvas, document):
    canvas.setFont("DejaVuSerif", 11)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 12 * mm, str(document.page))


def _columns(rows, widths, styles):
    cells = [
        [[Paragraph(line, style) for line in lines] for lines, style in zip(row, styles, strict=True)] for row in rows
    ]
    return Table(cells, colWidths=[WIDTH * share for share in widths], style=TableStyle(PLAIN))


def _flowable(each, styles):
    if isinstance(each, PageBreak):
        return NewPage()
    return _grid(each, styles) if isinstance(each, Grid) else Paragraph(each.typed, styles[each.style])


def _grid(grid, styles):
    cells = [[""] * len(grid.widths) for _ in grid.rows]
    spans = []
    for row, column, cell in grid.placed():
        cells[row][column] = Paragraph(cell.text, styles["cell"])
        spans.append(("SPAN", (column, row), (column + cell.right - 1, row + cell.down - 1)))
    style = TableStyle([*PLAIN, *spans, ("GRID", (0, 0), (-1, -1), 0.5, "black")])
    return LongTable(cells, colWidths=[WIDTH * share for share in grid.widths], repeatRows=1, style=style)
