"""A letter as its openers hand it on: paragraphs and tables in reading order, each with the page it stands on.

The only thing that the openers (files in, `Paper` out) and the readers (`Paper` in, draft out) share.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class PaperKind(StrEnum):
    """Dạng tệp, told by its content and never by its name."""

    DOCX = "docx"
    HTML = "html"
    PDF = "pdf"
    SCAN = "scan"
    TEXT = "text"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Một đoạn: one paragraph of a document, or one line where the file knows lines only (`is_line`).

    `text` is NFC, as it stands, without leading or trailing white space. `page` counts from 1; 1 where the file
    knows no pages. `numbering` is what the word processor counted for itself ("1.", "a)"), absent from `text`.
    `confidence` is the scanner's own, 0 to 1; 1 where nothing was guessed. `is_apart`, of a line: a blank line, a wider
    gap or an indent of its own sets it off from the line above, so that it probably begins a paragraph.
    """

    text: str
    page: int = 1
    is_line: bool = False
    numbering: str = ""
    confidence: float = 1.0
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Một ô. `is_carried`: its words stand in a merged cell further up or to the left, repeated here.

    Paragraphs of one cell stand on lines of their own ("\\n"); lines that were only wrapped are joined by a space.
    """

    text: str
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Một hàng, with the page it begins on; as many cells as the table has columns."""

    cells: tuple[Cell, ...]
    page: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Một bảng, whole: joined over pages, a header that is repeated on each page stands once.

    Two columns side by side without a ruling, as the head and the foot of a letter, are a table of two columns too.
    """

    rows: tuple[Row, ...]


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """Văn bản đã mở. `pages`: how many; `notes`: what the opener could not do, in words for a person (Vietnamese)."""

    kind: PaperKind
    blocks: tuple[Block, ...]
    pages: int = 1
    notes: tuple[str, ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        """Those outside tables."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def tables(self) -> Iterator[Table]:
        return (block for block in self.blocks if isinstance(block, Table))
