"""A table whose cells stand one to a line, none of them lost: so many lines a row, in the order of the heading."""

import re
from collections.abc import Sequence

from planner.reading.lines import clean
from planner.reading.markers import marker_of
from planner.reading.paper import Cell, Paragraph, Row, Table

FEWEST_COLUMNS = 4
FEWEST_ROWS = 2

_NUMBER = re.compile(r"(?P<no>\d{1,3})[.)]?")
_GROUP = re.compile(r"[IVX]{1,5}[.)]?|[A-H][.)]?")


def grid_of_lines(heading: Sequence[Paragraph], lines: Sequence[Paragraph]) -> tuple[Table, int] | None:
    """The table, where every row begins with the next number and has a line for each column; and how many lines it is.

    It ends with the lines, or before a paragraph with a number of its own; anything else has lost a cell: None.
    """
    names = [line for line in heading if clean(line.text)]
    places = [place for place, line in enumerate(lines) if clean(line.text)]
    cells = [lines[place] for place in places]
    if len(names) < FEWEST_COLUMNS:
        return None
    rows, at, expected = [_row(names)], 0, 1
    while at < len(cells):
        text = clean(cells[at].text)
        if _GROUP.fullmatch(text) and at + 1 < len(cells):
            rows.append(_row(cells[at : at + 2], width=len(names)))
            at, expected = at + 2, expected if _begins(cells, at + 2, expected) else 1
            continue
        row = cells[at : at + len(names)]
        if len(row) == len(names) and _begins(cells, at, expected):
            rows.append(_row(row))
            at, expected = at + len(names), expected + 1
            continue
        if _NUMBER.fullmatch(text) or marker_of(text) is None:
            return None
        break
    return (Table(tuple(rows)), places[at] if at < len(places) else len(lines)) if len(rows) > FEWEST_ROWS else None


def _begins(cells: Sequence[Paragraph], at: int, expected: int) -> bool:
    found = _NUMBER.fullmatch(clean(cells[at].text)) if at < len(cells) else None
    return found is not None and int(found["no"]) == expected


def _row(lines: Sequence[Paragraph], *, width: int = 0) -> Row:
    texts = [clean(line.text) for line in lines]
    return Row(tuple(Cell(text) for text in texts + [""] * (width - len(texts))), lines[0].page)
