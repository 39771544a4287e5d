"""Plain text: lines or paragraphs as they stand, broken accents too; rows flattened by another program are a table."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.errors import UnreadableFileError
from planner.plain_text import tidy
from planner.reading.open_aligned import aligned_table
from planner.reading.open_encodings import text_of
from planner.reading.paper import Block, Cell, Paper, PaperKind, Paragraph, Row, Table

LONGEST_LINE = 130
"""Characters: a text with lines longer than that was not wrapped."""
SHARE_OF_LONG = 0.03
SHARE_OF_RESTS = 0.05
"""Of lines that begin with a small letter: what was begun on the line before goes on there, so lines were wrapped."""
PAGE_END = "\f"


def open_text(content: bytes) -> Paper:
    """Raises UnreadableFileError: not sure which letters the bytes mean, or no words in them."""
    text = text_of(content).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFileError("empty")
    is_wrapped = _is_wrapped(text)
    blocks: list[Block] = []
    pages = text.strip(f"\n {PAGE_END}").split(PAGE_END)
    for number, page in enumerate(pages, start=1):
        blocks += _page(page.split("\n"), number, is_wrapped=is_wrapped)
    return Paper(PaperKind.TEXT, tuple(blocks), pages=len(pages))


def _is_wrapped(text: str) -> bool:
    """Whether one line need not be one paragraph."""
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    longer = sum(len(line) > LONGEST_LINE for line in lines)
    rests = sum(line[0].islower() for line in lines)
    return longer < SHARE_OF_LONG * len(lines) and rests > SHARE_OF_RESTS * len(lines)


def _page(lines: Sequence[str], page: int, *, is_wrapped: bool) -> Iterator[Block]:
    gap = _usual_gap(lines)
    since = gap + (page == 1)
    for each in _with_rows(lines):
        if isinstance(each, Table):
            yield Table(tuple(Row(row.cells, page) for row in each.rows))
        elif words := _words(each):
            yield Paragraph(words, page=page, is_line=is_wrapped, is_apart=is_wrapped and since > gap)
        else:
            since += 1
            continue
        since = 0


def _words(line: str) -> str:
    """A line tidied; the tabs between the cells of a row stay, for they are all that is left of its columns."""
    cells = [tidy(cell) for cell in line.strip().split("\t")]
    return "\t".join(cells) if len(cells) > FEWEST_COLUMNS else " ".join(cell for cell in cells if cell)


def _usual_gap(lines: Sequence[str]) -> int:
    """Empty lines between two lines of one paragraph: 0, or 1 where a program put one after every line."""
    full = [number for number, line in enumerate(lines) if line.strip()]
    touching = sum(after == before + 1 for before, after in pairwise(full))
    return 0 if touching * 4 > len(full) else 1


# --- flattened tables: every cell on a line of its own that begins with a tab, an empty line between rows ---------

_CELL = re.compile(r"^\t")
FEWEST_COLUMNS = 2


def _with_rows(lines: Sequence[str]) -> Iterator[str | Table]:
    number = 0
    while number < len(lines):
        if (aligned := aligned_table(lines, number)) is not None:
            table, number = aligned
            yield table
            continue
        rows, after = _rows_from(lines, number)
        if rows:
            yield _table(rows)
            number = after
        else:
            yield lines[number]
            number += 1


def _rows_from(lines: Sequence[str], number: int) -> tuple[list[list[str]], int]:
    """The rows that begin at this line, and the line after them; none where no table begins here."""
    rows: list[list[str]] = []
    while (row := _row_from(lines, number)) is not None:
        cells, number = row
        rows.append(cells)
    return rows, number


def _row_from(lines: Sequence[str], number: int) -> tuple[list[str], int] | None:
    while number < len(lines) and not lines[number]:
        number += 1
    cells: list[str] = []
    while number < len(lines) and lines[number] and (cells or _CELL.match(lines[number])):
        if _CELL.match(lines[number]):
            cells.append(lines[number].strip())
        else:
            cells[-1] = f"{cells[-1]}\n{lines[number].strip()}".strip()
        number += 1
    return (cells, number) if len(cells) >= FEWEST_COLUMNS else None


def _table(lines: Sequence[Sequence[str]]) -> Table:
    width = max(map(len, lines))
    rows = [[Cell("\n".join(map(tidy, cell.split("\n")))) for cell in row] for row in _rejoined(lines, width)]
    if len(rows) > 1 and (header := _merged_header(rows[0], rows[1], width)) is not None:
        rows[:2] = header
    return Table(tuple(Row(tuple(_widened(row, width))) for row in rows))


def _rejoined(rows: Sequence[Sequence[str]], width: int) -> Iterator[Sequence[str]]:
    """An empty line inside a cell cut its row in two parts, which together are as wide as the table."""
    rest = iter(range(len(rows)))
    for number in rest:
        row, after = rows[number], rows[number + 1] if number + 1 < len(rows) else ()
        if len(row) < width and len(after) < width and len(row) + len(after) == width:
            yield [*row, *after]
            next(rest)
        else:
            yield row


def _merged_header(top: list[Cell], below: list[Cell], width: int) -> list[list[Cell]] | None:
    """A heading over several columns, which came out as one cell: the second row shows over which."""
    under = [place for place, cell in enumerate(below) if cell.text]
    more = width - len(top)
    is_run = len(under) == more + 1 and len(below) == width and under == list(range(under[0], under[0] + more + 1))
    if more < 1 or not is_run or under[0] >= len(top):
        return None
    first = under[0]
    merged = Cell(top[first].text, is_carried=True)
    names = [*top[: first + 1], *([merged] * more), *top[first + 1 :]]
    return [names, [cell if cell.text else Cell(names[at].text, is_carried=True) for at, cell in enumerate(below)]]


def _widened(row: Sequence[Cell], width: int) -> Iterator[Cell]:
    """A row of two cells is a heading over the rest of the columns; any other short row ends with empty ones."""
    yield from row
    is_heading = len(row) == FEWEST_COLUMNS < width
    yield from (Cell(row[-1].text if is_heading else "", is_carried=is_heading) for _ in range(width - len(row)))
