"""Tables whose columns an export kept apart by blanks alone: cut where the fewest lines have letters."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.plain_text import tidy
from planner.reading.paper import Cell, Row, Table

FEWEST_COLUMNS = 3
_HEAD = re.compile(r"\s*(?:Số\s)?(?:STT|TT|Stt|Tt)\s{2,}\S")
_CELL = re.compile(r"\S+(?:\s\S+)*")
_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-H])[.)]?")
_ENDS = re.compile(r"\s*(?:Phụ lục|PHỤ LỤC|Nơi nhận|Ghi chú\s*:)")


def aligned_table(lines: Sequence[str], number: int) -> tuple[Table, int] | None:
    """The table that begins with its heading at this line, and the line after it; None where none begins."""
    heading = [found.span() for found in _CELL.finditer(lines[number])]
    if _HEAD.match(lines[number]) is None or len(heading) < FEWEST_COLUMNS:
        return None
    run = list(_run(lines, number, heading))
    cuts = _cuts(run, heading)
    rows = _rows([_cells(line, cuts) for line in run])
    if len(rows) <= 1:
        return None
    return Table(tuple(Row(tuple(Cell(tidy(text)) for text in row)) for row in rows)), number + len(run)


def _run(lines: Sequence[str], number: int, heading: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Lines up to one that runs on through the columns as prose does, or that begins another part."""
    for place in range(number, len(lines)):
        line = lines[place]
        if place > number and (_ENDS.match(line) or _is_prose(line, heading)):
            return
        yield line


def _is_prose(line: str, heading: Sequence[tuple[int, int]]) -> bool:
    """One run of words from the first columns into the last."""
    cells = [found.span() for found in _CELL.finditer(line)]
    third = heading[2][0]
    return len(cells) == 1 and cells[0][0] < third and cells[0][1] > heading[-1][0]


def _cuts(run: Sequence[str], heading: Sequence[tuple[int, int]]) -> list[int]:
    """Between two headings, the place that the fewest lines write over; the middle of several such places."""
    cuts: list[int] = []
    for (first, _), (_, last) in pairwise(heading):
        places = range(max([first + 1, *cuts]), last)
        written = {at: sum(line[at - 1 : at + 1].strip() != "" for line in run) for at in places}
        fewest = [at for at in places if written[at] == min(written.values())]
        cuts.append(fewest[len(fewest) // 2])
    return cuts


def _cells(line: str, cuts: Sequence[int]) -> list[str]:
    """The words between the cuts; a title of a group that runs over them stands whole behind its number."""
    ends = [*cuts, max(len(line), cuts[-1])]
    cells = [line[first:last].strip() for first, last in zip([0, *cuts], ends, strict=True)]
    is_cut = any(line[at - 1 : at + 1].strip() and " " not in line[at - 1 : at + 1] for at in cuts if at < len(line))
    rest = line[cuts[0] :].strip()
    if is_cut and _NUMBER.fullmatch(cells[0]) and len(_CELL.findall(rest)) == 1:
        return [cells[0], rest, *[""] * (len(cells) - 2)]
    return cells


def _rows(lines: Sequence[list[str]]) -> list[list[str]]:
    """A number begins a row; where empty lines part the rows, whatever stands between two of them is one."""
    blocks = _blocks(lines)
    are_rows = len(blocks) > 1 and all(sum(bool(_NUMBER.fullmatch(line[0])) for line in block) <= 1 for block in blocks)
    parts = [*_at_numbers(blocks[0]), *blocks[1:]] if are_rows else _at_numbers(lines)
    rows = [_joined(part) for part in parts]
    return [row for at, row in enumerate(rows) if at == 0 or (row != rows[0] and any(row[1:]))]


def _blocks(lines: Sequence[list[str]]) -> list[list[list[str]]]:
    blocks: list[list[list[str]]] = [[]]
    for line in lines:
        if any(line):
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _at_numbers(lines: Sequence[list[str]]) -> list[list[list[str]]]:
    parts: list[list[list[str]]] = [[]]
    for line in lines:
        if _NUMBER.fullmatch(line[0]) and parts[-1]:
            parts.append([])
        if any(line):
            parts[-1].append(line)
    return parts


def _joined(part: Sequence[list[str]]) -> list[str]:
    return [" ".join(filter(None, column)) for column in zip(*part, strict=True)]
