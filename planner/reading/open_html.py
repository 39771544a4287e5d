"""Web pages, above all those that Word saved: what a person sees of them, without the tags Word adds for itself."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from models.errors import UnreadableFileError
from planner.reading.open_encodings import mended_blocks, text_of, tidied
from planner.reading.open_grid import PlacedCell, table_of
from planner.reading.open_numbering import written
from planner.reading.paper import Block, Paper, PaperKind, Paragraph

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page says how it is encoded."""
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = {"script", "style", "head", "title", "template", "noscript", "del", "svg", "object", "select", "xml"}
_APART = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "body", "section", "article", "blockquote",
    "center", "pre", "dl", "dt", "dd", "hr", "header", "footer", "main", "form", "fieldset", "html",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_COUNTED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_NEW_PAGE = re.compile(r"page-break-before\s*:\s*always", re.IGNORECASE)
MOST_SPANNED = 1000
_BULLETS = {"·", "o", "§", "Ø", "ü", "q", "v", "\uf0b7", "\uf0a7", "\uf0d8", "•", "–"}
"""What Word writes for its symbols."""


def open_html(content: bytes) -> Paper:
    """Raises UnreadableFileError: no words, or not sure which letters its bytes mean."""
    root = _root(_text(content))
    if root is None:
        raise UnreadableFileError("empty")
    reader = _Reader()
    blocks = list(reader.blocks(root))
    if not blocks:
        raise UnreadableFileError("empty")
    return Paper(PaperKind.HTML, mended_blocks(blocks), pages=reader.page)


def _text(content: bytes) -> str:
    """By its mark or its own word, and where that cannot be, by its bytes."""
    named = _CHARSET.search(content[:_HEAD])
    name = named[1].decode("ascii").lower() if named else ""
    if name in {"windows-1258", "x-cp1258", "cp1258"}:
        try:
            return unicodedata.normalize("NFC", content.decode("cp1258"))
        except UnicodeDecodeError as error:
            raise UnreadableFileError("encoding") from error
    return text_of(content)


def _root(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(_PROLOGUE.sub("", text).encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


class _Reader:
    """Walks one page; gathers the words between two breaks into a paragraph."""

    def __init__(self) -> None:
        self.page = 1
        self._words: list[str] = []
        self._numbering = ""

    def blocks(self, element: Any) -> Iterator[Block]:
        """What it holds, in order; words of its own that stand in no paragraph are one."""
        yield from self._inside(element)
        yield from self._ended()

    def _inside(self, element: Any) -> Iterator[Block]:
        self._words.append(element.text or "")
        for child in element.iterchildren():
            if isinstance(child.tag, str) and not _is_unseen(child):
                yield from self._child(child)
            self._words.append(child.tail or "")

    def _child(self, child: Any) -> Iterator[Block]:
        style, tag = child.get("style") or "", child.tag.rpartition(":")[2].lower()
        if _NEW_PAGE.search(style):
            yield from self._ended()
            self.page += 1
        if tag == "br":
            self._words.append("\v")
        elif tag == "table":
            yield from self._ended()
            yield from self._table(child)
        elif _COUNTED.search(style):
            self._numbering = _numbering(child)
        elif tag in _APART:
            yield from self._ended()
            self._numbering = _item_numbering(child) if tag == "li" else ""
            yield from self._inside(child)
            yield from self._ended()
        else:
            yield from self._inside(child)

    def _ended(self) -> Iterator[Paragraph]:
        """The paragraph gathered so far, a line for each break in it."""
        lines = [line for line in map(tidied, "".join(self._words).split("\v")) if line]
        numbering, self._words, self._numbering = self._numbering, [], ""
        for number, line in enumerate(lines):
            yield Paragraph(
                line, page=self.page, is_line=len(lines) > 1, numbering="" if number else numbering,
                is_apart=len(lines) > 1 and not number,
            )  # fmt: skip

    def _table(self, table: Any) -> Iterator[Block]:
        rows = list(_own(table, "tr"))
        cells = [[cell for cell in row.iterchildren("td", "th") if not _is_unseen(cell)] for row in rows]
        if _is_frame(cells):
            for cell in (cell for row in cells for cell in row):
                yield from self.blocks(cell)
        elif (whole := table_of(self._placed(cells))) is not None:
            yield whole

    def _placed(self, cells: list[list[Any]]) -> Iterator[PlacedCell]:
        taken: set[tuple[int, int]] = set()
        for row, row_cells in enumerate(cells):
            column = 0
            for cell in row_cells:
                while (row, column) in taken:
                    column += 1
                down = min(_spanned(cell, "rowspan") or len(cells), len(cells) - row)
                right = _spanned(cell, "colspan") or 1
                taken |= {(row + below, column + after) for below in range(1, down) for after in range(right)}
                yield PlacedCell(row, column, self._cell(cell), down, right, self.page)
                column += right

    def _cell(self, cell: Any) -> str:
        paragraphs = (block for block in self.blocks(cell) if isinstance(block, Paragraph))
        return "\n".join(f"{each.numbering} {each.text}".strip() for each in paragraphs)


def _is_unseen(element: Any) -> bool:
    return (
        element.tag in _UNSEEN or element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _is_frame(cells: list[list[Any]]) -> bool:
    alone = sum(map(len, cells)) == 1
    return alone or any(next(cell.iterdescendants("table"), None) is not None for row in cells for cell in row)


def _own(table: Any, tag: str) -> Iterator[Any]:
    """The rows of this table and of no table inside it."""
    for child in table.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in {"tbody", "thead", "tfoot"}:
            yield from child.iterchildren(tag)


def _spanned(cell: Any, name: str) -> int | None:
    """None where it says nothing; 0 rows would be the rest of the table, which None means too."""
    value = (cell.get(name) or "1").strip()
    return min(int(value), MOST_SPANNED) or None if value.isdecimal() and len(value) <= 9 else 1  # noqa: PLR2004


def _numbering(element: Any) -> str:
    words = tidied(element.text_content())
    return "-" if words in _BULLETS else words


def _item_numbering(item: Any) -> str:
    listing = item.getparent()
    if listing is None or listing.tag != "ol":
        return "-"
    before = sum(1 for _ in item.itersiblings("li", preceding=True))
    start = listing.get("start") or "1"
    number = before + (int(start) if start.isdecimal() and len(start) <= 4 else 1)  # noqa: PLR2004 -- no letter has more
    kinds = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
    return f"{written(number, kinds.get(listing.get('type') or '1', 'decimal'))}."
