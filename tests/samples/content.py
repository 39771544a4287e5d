"""What a sample letter is made of, before it becomes a file of any shape."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One paragraph. `numbering` is counted by Word itself in DOCX, and typed in every other shape."""

    text: str
    style: str = "body"  # body, title, heading, note
    numbering: str = ""

    @property
    def typed(self):
        return f"{self.numbering} {self.text}" if self.numbering else self.text


@dataclass(frozen=True)
class Span:
    """A merged cell: its words once, over so many rows and columns."""

    text: str
    down: int = 1
    right: int = 1


@dataclass(frozen=True)
class Grid:
    """A ruled table; the first row is its header and is repeated on each page. Cells covered by a Span are left out."""

    rows: tuple
    widths: tuple  # shares of the line's width

    def placed(self) -> Iterator[tuple[int, int, Span]]:
        """(row, column, cell) of every cell that is really there."""
        taken = set()
        for number, row in enumerate(self.rows):
            column = 0
            for each in row:
                cell = each if isinstance(each, Span) else Span(each)
                while (number, column) in taken:
                    column += 1
                taken |= {(number + down, column + right) for down in range(cell.down) for right in range(cell.right)}
                yield number, column, cell
                column += cell.right

    def full(self):
        """Every row with as many texts as there are columns, merged ones repeated: [[(text, is_carried)]]."""
        table = [[("", False)] * len(self.widths) for _ in self.rows]
        for row, column, cell in self.placed():
            for down in range(cell.down):
                for right in range(cell.right):
                    table[row + down][column + right] = (cell.text, bool(down or right))
        return table


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a new page."""


@dataclass(frozen=True)
class Letter:
    """A letter in its parts, as NĐ 30/2020/NĐ-CP lays them out."""

    name: str
    issuer: tuple[str, ...]
    number: tuple[str, ...]  # with the "V/v" lines of a công văn
    place_and_day: str
    body: tuple
    recipients: tuple[str, ...]
    signature: tuple[str, ...]
    annex: tuple = ()
    stamp: str = ""

    @property
    def head(self):
        """Two rows of two columns, each cell a tuple of lines."""
        nation = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
        return ((self.issuer, nation), (self.number, (self.place_and_day,)))

    @property
    def foot(self):
        return ((("Nơi nhận:", *self.recipients), self.signature),)

    @property
    def words(self):
        return [each for each in (*self.body, *self.annex) if isinstance(each, Words)]

    @property
    def grids(self):
        return [each for each in (*self.body, *self.annex) if isinstance(each, Grid)]
