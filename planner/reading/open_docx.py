"""Word files (DOCX): paragraphs and tables in the order of the document, lists counted as Word counts them."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from lxml import etree

from models.errors import UnreadableFileError
from planner.reading.open_encodings import mended_blocks, tidied
from planner.reading.open_grid import PlacedCell, table_of
from planner.reading.open_numbering import Numbering, numbering_of
from planner.reading.open_zip import checked_parts
from planner.reading.paper import Block, Paper, PaperKind, Paragraph

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SHOWN_AS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_PASSED_OVER = {f"{W}txbxContent", f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", _FALLBACK}
"""Text boxes come as paragraphs of their own; what was struck out, and a second copy for old programs, not at all."""
_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_WRONG = (
    *(OpcError, etree.LxmlError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, AttributeError, TypeError),
)
"""What the library raises on files broken on the way; a picture is unpacked, and found broken, only here."""
MOST_COLUMNS = 200
STYLES_DEEP = 20


def open_docx(content: bytes) -> Paper:
    """Raises UnreadableFileError: malformed, encrypted, a bomb, or empty. `pages` as Word last laid them out."""
    checked_parts(content)
    try:
        blocks, pages = _Reader(Document(io.BytesIO(content))).read()
    except _WRONG as error:
        raise UnreadableFileError("malformed") from error
    if not blocks:
        raise UnreadableFileError("empty")
    return Paper(PaperKind.DOCX, mended_blocks(blocks), pages=pages)


class _Reader:
    """Walks one document once; keeps what page it is on and how far its lists have counted."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._page = 1
        self._breaks = {f"{W}lastRenderedPageBreak"} if self._has_breaks_rendered() else set()
        self._styles = {each.get(f"{W}styleId"): each for each in document.styles.element.iterchildren(f"{W}style")}
        self._numbering = self._read_numbering(document)
        self._headers = _header_parts(document)

    def read(self) -> tuple[list[Block], int]:
        blocks = [block for header in self._headers for block in self._blocks(header)]
        blocks = [block for block in blocks if not _is_page_number(block)]
        self._page = 1
        blocks += self._blocks(self._body)
        return blocks, self._page

    def _has_breaks_rendered(self) -> bool:
        return next(self._body.iter(f"{W}lastRenderedPageBreak"), None) is not None

    @staticmethod
    def _read_numbering(document: Any) -> Numbering:
        related = document.part.rels.values()
        parts = (each.target_part for each in related if not each.is_external and each.reltype.endswith("/numbering"))
        part = next(parts, None)
        return numbering_of(None if part is None else part.element)

    def _blocks(self, container: Any) -> Iterator[Block]:
        for child in container.iterchildren(etree.Element):
            if child.tag == f"{W}p":
                yield from self._paragraphs(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag in _WRAPPERS:
                yield from self._blocks(child)

    # --- paragraphs ---------------------------------------------------------------------------------------------

    def _paragraphs(self, element: Any) -> Iterator[Paragraph]:
        for box in _boxes(element):
            yield from (block for block in self._blocks(box) if isinstance(block, Paragraph))
        numbering = self._number(element)
        begins_on: int | None = None
        parts: list[str] = []
        for piece in self._pieces(element):
            if piece.strip() and begins_on is None:
                begins_on = self._page
            parts.append(piece)
        lines = [line for line in map(tidied, "".join(parts).split("\n")) if line]
        for number, line in enumerate(lines):
            yield Paragraph(
                line, page=begins_on or self._page, is_line=len(lines) > 1, numbering="" if number else numbering,
                is_apart=len(lines) > 1 and not number,
            )  # fmt: skip

    def _pieces(self, element: Any) -> Iterator[str]:
        """The words of a paragraph as shown; on the way the pages are counted."""
        for child in element.iterchildren(etree.Element):
            tag = child.tag
            if tag in _PASSED_OVER:
                continue
            if tag == f"{W}r":
                yield from self._run(child)
            elif tag == f"{W}t":
                yield child.text or ""
            elif tag in _SHOWN_AS:
                yield _SHOWN_AS[tag]
            elif tag == f"{W}br":
                yield self._break(child)
            elif tag in self._breaks:
                self._page += 1
            else:
                yield from self._pieces(child)

    def _run(self, run: Any) -> Iterator[str]:
        look = run.find(f"{W}rPr")
        if look is not None and _is_on(look.find(f"{W}vanish")):
            return
        is_capital = look is not None and _is_on(look.find(f"{W}caps"))
        for piece in self._pieces(run):
            yield piece.upper() if is_capital else piece

    def _break(self, element: Any) -> str:
        if element.get(f"{W}type") == "page":
            self._page += not self._breaks
        return "\n"

    def _number(self, element: Any) -> str:
        """Its own list, or the one its style or a style above that one belongs to."""
        number, level = "", ""
        for properties in self._properties(element):
            listed = properties.find(f"{W}numPr")
            if listed is not None:
                number = number or _value(listed.find(f"{W}numId"))
                level = level or _value(listed.find(f"{W}ilvl"))
        if not number or number == "0" or not any(True for _ in element.iter(f"{W}t")):
            return ""
        return self._numbering.next(number, int(level) if level.isdecimal() else 0)

    def _properties(self, element: Any) -> Iterator[Any]:
        own = element.find(f"{W}pPr")
        name = "" if own is None else _value(own.find(f"{W}pStyle"))
        if own is not None:
            yield own
        for _ in range(STYLES_DEEP):
            style = self._styles.get(name)
            if style is None:
                return
            if (above := style.find(f"{W}pPr")) is not None:
                yield above
            name = _value(style.find(f"{W}basedOn"))

    # --- tables -------------------------------------------------------------------------------------------------

    def _table(self, table: Any) -> Iterator[Block]:
        rows = [row for row in _children(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]
        cells = [list(_children(row, f"{W}tc")) for row in rows]
        if _is_frame(cells):
            for cell in (cell for row in cells for cell in row):
                yield from self._blocks(cell)
        elif (whole := table_of(self._placed(rows, cells))) is not None:
            yield whole

    def _placed(self, rows: list[Any], cells: list[list[Any]]) -> list[PlacedCell]:
        placed: list[PlacedCell] = []
        open_merges: dict[int, int] = {}  # by column: where in `placed` the cell stands that grows downwards
        for number, (row, row_cells) in enumerate(zip(rows, cells, strict=True)):
            column, page = _whole(row.find(f"{W}trPr/{W}gridBefore")), self._page
            for cell in row_cells:
                right = max(1, _whole(cell.find(f"{W}tcPr/{W}gridSpan")))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(f"{W}val", "continue") == "continue" and column in open_merges:
                    _grow(placed, open_merges[column], number)
                else:
                    for covered in range(column, column + right):
                        open_merges.pop(covered, None)
                    if merge is not None:
                        open_merges[column] = len(placed)
                    placed.append(PlacedCell(number, column, self._cell(cell), right=right, page=page))
                column += right
        return placed

    def _cell(self, cell: Any) -> str:
        paragraphs = (block for block in self._blocks(cell) if isinstance(block, Paragraph))
        return "\n".join(f"{each.numbering} {each.text}".strip() for each in paragraphs)


def _grow(placed: list[PlacedCell], at: int, row: int) -> None:
    cell = placed[at]
    placed[at] = PlacedCell(cell.row, cell.column, cell.text, row - cell.row + 1, cell.right, cell.page)


def _is_frame(cells: list[list[Any]]) -> bool:
    """A table that only holds others, or one cell: a frame around what it says."""
    alone = sum(map(len, cells)) == 1
    return alone or any(next(cell.iter(f"{W}tbl"), None) is not None for row in cells for cell in row)


def _children(element: Any, tag: str) -> Iterator[Any]:
    for child in element.iterchildren(etree.Element):
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes hung on a paragraph, once each, and not those inside another box."""
    for box in paragraph.iter(f"{W}txbxContent"):
        above = [each.tag for each in box.iterancestors()]
        outer = above[: above.index(f"{W}p")] if f"{W}p" in above else above
        if _FALLBACK not in outer:
            yield box


def _header_parts(document: Any) -> list[Any]:
    """What stands in the head of the first page: some offices keep the head of their letters there."""
    section = document.sections[0] if len(document.sections) else None
    if section is None:
        return []
    header = section.first_page_header if section.different_first_page_header_footer else section.header
    return [] if header.is_linked_to_previous else [header._element]  # noqa: SLF001 -- it has no other door


def _is_page_number(block: Block) -> bool:
    return isinstance(block, Paragraph) and not any(letter.isalpha() for letter in block.text)


def _is_on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val", "true") not in {"false", "0", "off", "none"}


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(f"{W}val") or "")


def _whole(element: Any) -> int:
    value = _value(element)
    return min(int(value), MOST_COLUMNS) if value.isdecimal() else 0
