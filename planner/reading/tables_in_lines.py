"""Where tables whose cells stand one to a line begin and end: in an annex, and in the text of a letter."""

import re
from collections.abc import Iterator, Sequence

from planner.reading.columns import Role
from planner.reading.dating import Dating
from planner.reading.flat import Sight, Words, flat
from planner.reading.flattened import rows_of_lines
from planner.reading.flattened_heading import find_heading
from planner.reading.grid_lines import grid_of_lines
from planner.reading.lines import clean
from planner.reading.paper import Paragraph, Table
from planner.reading.table_rows import RowsFound, rows_of_table

_YEAR_OF_ALL = Words(r"thực hiện (?:trong )?năm \d{4}|(?:trong )?năm \d{4}")


def flattened_tables(lines: Sequence[Paragraph], *, dating: Dating, sight: Sight) -> tuple[RowsFound, int] | None:
    """The rows of the first flattened table among the lines, and the line its heading begins at."""
    heading = find_heading(lines, sight)
    if heading is None:
        return None
    start, first, roles = heading
    if (whole := _whole_rows(lines[start:first], lines[first:], sight)) is not None and first + whole[1] == len(lines):
        return whole[0], start
    default = None
    for line in lines[start:first]:
        seen = flat(clean(line.text), sight)
        found = _YEAR_OF_ALL.search(seen)
        is_of_all = Role.DEADLINE not in roles or seen.seen.startswith(("thực hiện", "thuc hien"))
        if found and is_of_all and len(seen.seen.split()) <= 8:  # noqa: PLR2004 - as long as a cell of that kind gets
            default = seen.verbatim(*found.span())
    rows = rows_of_lines(lines[first:], roles, heading=lines[start:first], dating=dating, sight=sight)
    return RowsFound(tuple(rows), default), start


_NUMBER_COLUMN = re.compile(r"(?:Số\s)?(?:STT|TT|Stt|Tt)\.?")
_NEXT_SECTION = re.compile(r"(?:[IVX]{1,5}|[A-H])\s?[.\-–/)]\s?-?\s*[A-ZĐÀ-Ỹ]")


def parted_at_tables(
    blocks: Sequence[Paragraph | Table], *, dating: Dating, sight: Sight
) -> Iterator[Sequence[Paragraph | Table] | RowsFound]:
    """The body in runs: text as it stands, and the rows of each table whose cells stand one to a line."""
    rest = list(blocks)
    while rest:
        lines = [(place, block) for place, block in enumerate(rest) if isinstance(block, Paragraph)]
        begin = next((at for at, (_, line) in enumerate(lines) if _NUMBER_COLUMN.fullmatch(clean(line.text))), None)
        table = find_heading([line for _, line in lines[begin:]], sight) if begin is not None else None
        if table is None or begin is None or table[0] > 0:
            break
        start, first, roles = begin, begin + table[1], table[2]
        stop = next((at for at in range(first, len(lines)) if _ends_table(lines[at][1])), len(lines))
        heading, data = ([line for _, line in part] for part in (lines[start:first], lines[first:stop]))
        yield rest[: lines[start][0]]
        whole = _whole_rows(heading, data, sight)
        if whole is not None:
            stop = first + whole[1]
        if whole is not None:
            yield whole[0]
        else:
            yield RowsFound(tuple(rows_of_lines(data, roles, heading=heading, dating=dating, sight=sight)))
        rest = rest[lines[stop][0] :] if stop < len(lines) else []
    yield rest


def _whole_rows(heading: Sequence[Paragraph], data: Sequence[Paragraph], sight: Sight) -> tuple[RowsFound, int] | None:
    """The rows where no cell was lost, and their lines: then the place of a line says what it is, not its words."""
    grid = grid_of_lines(heading, data)
    rows = rows_of_table(grid[0], sight) if grid is not None else None
    return (rows, grid[1]) if rows is not None and grid is not None else None


def _ends_table(line: Paragraph) -> bool:
    """ "III. TỔ CHỨC THỰC HIỆN": the number of a group stands on a line of its own."""
    text = clean(line.text)
    return _NEXT_SECTION.match(text) is not None and text.isupper()
