"""The letter as it is shown beside its draft: paragraphs, tables, pages, and the quotes in them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.web.quotes import Piece, Quotes, Segment
from planner.reading.draft import Spot
from planner.reading.paper import Block, Paper, Paragraph, Row, Table

DOUBTED_BELOW = 0.8
"""A scanner less sure than this of a line has it marked."""

FULL_LINE = 0.7
"""A line at least this part of the longest one probably goes on in the next."""

_BEGINS_AN_ITEM = re.compile(r"(?:\d{1,3}|[a-zđ]|[IVX]{1,5})[.)]\s|[-+•*–]\s|(?:Điều|Mục|Phụ lục|PHỤ LỤC)\s")


@dataclass(frozen=True, slots=True)
class ShownText:
    """Một đoạn: lines that flow together. `opens_page`: the number of the page it is the first of."""

    pieces: tuple[Piece, ...]
    numbering: str = ""
    is_doubted: bool = False
    opens_page: int | None = None
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """Một ô; `span`: how many columns its words were merged over; `is_ditto`: merged with the one above."""

    pieces: tuple[Piece, ...]
    span: int = 1
    is_ditto: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    cells: tuple[ShownCell, ...]
    opens_page: int | None = None


@dataclass(frozen=True, slots=True)
class ShownTable:
    rows: tuple[ShownRow, ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Source:
    """Văn bản gốc để xem. `found`: the duties whose words are marked in it; `pages` that can be jumped to."""

    blocks: tuple[ShownText | ShownTable, ...]
    found: frozenset[int]
    pages: tuple[int, ...]
    has_doubts: bool


def source_of(paper: Paper, spots: Sequence[Spot]) -> Source:
    """`spots` are those of the duties, in their order."""
    segments = list(_segments(paper.blocks))
    quotes = Quotes(segments, spots)
    blocks = tuple(_Showing(paper, quotes).blocks())
    pages = tuple(dict.fromkeys(segment.page for segment in segments))
    doubts = any(isinstance(block, ShownText) and block.is_doubted for block in blocks)
    return Source(blocks, quotes.found, pages, doubts)


def _segments(blocks: Sequence[Block]) -> Iterator[Segment]:
    """What is read in a row: paragraphs, and of tables each cell once."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield Segment(block.text, block.page)
        else:
            for row in block.rows:
                yield from (Segment(cell.text, row.page) for cell in row.cells if not cell.is_carried)


class _Showing:
    """Walks the blocks again, with the pieces of each segment at hand."""

    def __init__(self, paper: Paper, quotes: Quotes) -> None:
        self._paper, self._quotes = paper, quotes
        self._segment, self._page = 0, 0
        lines = [len(each.text) for each in paper.paragraphs() if each.is_line]
        self._full = FULL_LINE * max(lines, default=0)

    def blocks(self) -> Iterator[ShownText | ShownTable]:
        waiting: ShownText | None = None
        last: Paragraph | None = None
        for block in self._paper.blocks:
            if isinstance(block, Table):
                yield from (each for each in (waiting,) if each)
                waiting, last = None, None
                yield ShownTable(tuple(self._row(row) for row in block.rows))
                continue
            shown = self._text(block)
            if waiting is not None and last is not None and self._goes_on(last, block, shown, waiting):
                waiting = _joined(waiting, shown)
            else:
                yield from (each for each in (waiting,) if each)
                waiting = shown
            last = block
        yield from (each for each in (waiting,) if each)

    def _goes_on(self, last: Paragraph, block: Paragraph, shown: ShownText, before: ShownText) -> bool:
        return (
            last.is_line and block.is_line and not block.is_apart and len(last.text) >= self._full
            and not _BEGINS_AN_ITEM.match(block.text)
            and shown.opens_page is None and shown.is_doubted == before.is_doubted and not block.numbering
        )  # fmt: skip

    def _text(self, block: Paragraph) -> ShownText:
        is_doubted = block.confidence < DOUBTED_BELOW
        return ShownText(self._pieces(), block.numbering, is_doubted, self._opened(block.page))

    def _row(self, row: Row) -> ShownRow:
        opens_page = self._opened(row.page)
        cells: list[ShownCell] = []
        texts: list[str] = []
        for cell in row.cells:
            if not cell.is_carried:
                cells.append(ShownCell(self._pieces()))
            elif texts and texts[-1] == cell.text:
                cells[-1] = ShownCell(cells[-1].pieces, cells[-1].span + 1, cells[-1].is_ditto)
            else:
                cells.append(ShownCell((Piece(cell.text),), is_ditto=True))
            texts.append(cell.text)
        return ShownRow(tuple(cells), opens_page)

    def _pieces(self) -> tuple[Piece, ...]:
        pieces = self._quotes.pieces(self._segment)
        self._segment += 1
        return pieces

    def _opened(self, page: int) -> int | None:
        """Pages are told apart only where the file knows them."""
        if page == self._page:
            return None
        self._page = page
        return page if self._paper.pages > 1 else None


def _joined(one: ShownText, other: ShownText) -> ShownText:
    """The space between two lines belongs to the quotes that go over both."""
    left, right = one.pieces[-1:], other.pieces[:1]
    both = tuple(number for each in left for number in each.numbers if right and number in right[0].numbers)
    return ShownText((*one.pieces, Piece(" ", both), *other.pieces), one.numbering, one.is_doubted, one.opens_page)
