"""Rows of an annex as cells by role: from a table of the file, whatever the order of its columns."""

import re
from dataclasses import dataclass, field

from planner.reading.columns import Role, is_duty_table, roles_of
from planner.reading.flat import Sight, Words, flat
from planner.reading.lines import clean
from planner.reading.paper import Row, Table
from planner.reading.units import unit_names

ROWS_OF_A_HEADING = 4
"""The heading of a table lies within so many rows."""

_ROMAN = re.compile(r"(?:[IVX]{1,5}|[A-HĐ])\s*[.)/]?(?:\s|$)")
_COUNT = re.compile(r"\d{1,3}(?:\.\d{1,2})*\s*[.)]?")
_YEAR = Words(r"(?:thực hiện |hoàn thành )?(?:trong )?năm \d{4}")


@dataclass
class RowFound:
    """Một hàng giao việc. `place` within the annex ("II.4"); `inherited`: roles whose words came from a row above."""

    cells: dict[Role, str]
    page: int
    place: str
    group: str = ""
    inherited: set[Role] = field(default_factory=set)
    is_doubtful: bool = False
    """Columns were lost, and this row shows one list of units where there were two."""


@dataclass(frozen=True, slots=True)
class RowsFound:
    """Các hàng của một bảng. `default_deadline`: a period its heading names for all rows."""

    rows: tuple[RowFound, ...]
    default_deadline: str | None = None


def rows_of_table(table: Table, sight: Sight) -> RowsFound | None:
    """The rows that give work; None when the table gives none."""
    heading = _heading(table, sight)
    if heading is None:
        return None
    roles, first_row, default = heading
    return RowsFound(tuple(_rows(table.rows[first_row:], roles, sight)), default)


def _heading(table: Table, sight: Sight) -> tuple[list[Role | None], int, str | None] | None:
    for start in range(min(ROWS_OF_A_HEADING, len(table.rows))):
        headings = [clean(cell.text) for cell in table.rows[start].cells]
        roles = roles_of(headings, sight)
        if sum(role is not None for role in roles) < 2:  # noqa: PLR2004 - as long as such words get
            continue
        first_row = start + 1
        while first_row < min(start + ROWS_OF_A_HEADING, len(table.rows)) and _is_more_heading(
            table.rows[first_row], sight
        ):
            below = [clean(cell.text) for cell in table.rows[first_row].cells]
            headings = [_stacked(above, under) for above, under in zip(headings, below, strict=False)]
            roles = _merged_roles(roles, roles_of(below, sight))
            first_row += 1
        if is_duty_table(roles):
            return roles, first_row, _default_deadline(headings, roles, sight)
    return None


def _stacked(above: str, under: str) -> str:
    return above if under == above else f"{above} {under}".strip()


def _merged_roles(above: list[Role | None], below: list[Role | None]) -> list[Role | None]:
    return [under or over for over, under in zip(above, below, strict=False)]


def _is_more_heading(row: Row, sight: Sight) -> bool:
    """A second row of a heading: short words that name columns, or their numbers "(1) (2) (3)"."""
    texts = [clean(cell.text) for cell in row.cells if clean(cell.text)]
    if not texts:
        return True
    if all(re.fullmatch(r"\(?\d{1,2}\)?|\(?[A-Z]\)?", text) for text in texts) and len(texts) > 1:
        return len(texts) > len(row.cells) / 2
    if _COUNT.fullmatch(texts[0]) or _ROMAN.match(texts[0]):
        return False
    named = [role for role in roles_of(texts, sight) if role is not None]
    return len(named) == len(texts) and all(len(text.split()) <= 6 for text in texts)  # noqa: PLR2004 - as long as such words get


def _default_deadline(headings: list[str], roles: list[Role | None], sight: Sight) -> str | None:
    """ "Thực hiện trong năm 2023" over the columns of numbers dates every row."""
    for heading, role in zip(headings, roles, strict=False):
        seen = flat(heading, sight)
        found = _YEAR.search(seen)
        if found and role in {Role.DEADLINE, Role.TARGET, Role.MEASURE, None}:
            return seen.verbatim(*found.span())
    return None


def _rows(rows: tuple[Row, ...], roles: list[Role | None], sight: Sight) -> list[RowFound]:
    found: list[RowFound] = []
    group, group_no, count = "", "", 0
    for row in rows:
        cells = _cells(row, roles)
        texts = [clean(cell.text) for cell in row.cells]
        if not any(texts):
            continue
        title = _group_title(row, cells, texts, roles)
        if title is not None:
            group_no, group, count = _group_number(title, group_no), title, 0
            continue
        if found and _continues(row, cells, roles):
            _append(found[-1], cells)
            continue
        if _is_total(texts) or _is_detail(cells):
            continue
        count += 1
        number = re.sub(r"[^\w.]", "", cells.get(Role.NUMBER, "")).strip(".") or str(count)
        made = RowFound(cells, row.page, ".".join(part for part in (group_no, number) if part), group)
        made.inherited = _inherited(row, roles)
        _carry_down(made, found, roles, sight)
        found.append(made)
    return found


def _cells(row: Row, roles: list[Role | None]) -> dict[Role, str]:
    cells: dict[Role, str] = {}
    for cell, role in zip(row.cells, roles, strict=False):
        text = clean(cell.text)
        if role is not None and text:
            cells[role] = f"{cells[role]} {text}" if role in cells and cells[role] != text else text
    return cells


def _group_title(row: Row, cells: dict[Role, str], texts: list[str], roles: list[Role | None]) -> str | None:
    """A row that only names the group below it."""
    distinct = list(dict.fromkeys(text for text in texts if text))
    if len(distinct) == 1 and not _COUNT.fullmatch(distinct[0]) and len(row.cells) > 1:
        is_lone_detail = distinct[0].startswith(("-", "+")) or (
            cells.get(Role.LEAD) and len(texts) - texts.count("") == 1
        )
        return None if is_lone_detail else distinct[0]
    number = cells.get(Role.NUMBER, texts[0] if roles and roles[0] is Role.NUMBER else "")
    is_roman = bool(number) and _ROMAN.match(number) is not None
    if is_roman and len(distinct) == 2 and distinct[0] == number:  # noqa: PLR2004 - as long as such words get
        return " ".join(distinct)
    has_work = Role.LEAD in cells or Role.DEADLINE in cells
    if is_roman and not has_work:
        name = cells.get(Role.TASK) or cells.get(Role.INDICATOR) or ""
        return number if len(number.split()) > 1 else f"{number} {name}".strip()
    return None


def _group_number(title: str, before: str) -> str:
    found = _ROMAN.match(title)
    return re.sub(r"[^\w]", "", found[0]) if found else before


def _continues(row: Row, cells: dict[Role, str], roles: list[Role | None]) -> bool:
    """A row broken over a page: no number, no name of its own, nothing repeated from a merged cell."""
    if any(cell.is_carried for cell in row.cells) or Role.NUMBER in cells or Role.NUMBER not in roles:
        return False
    name = Role.INDICATOR if Role.INDICATOR in roles and Role.TASK in roles else Role.TASK
    if name not in roles:
        name = Role.INDICATOR
    is_nameless = name not in cells
    is_wrapped = cells.get(name, "")[:1].islower() and Role.LEAD not in cells and Role.DEADLINE not in cells
    return is_nameless or is_wrapped


def _append(row: RowFound, cells: dict[Role, str]) -> None:
    for role, text in cells.items():
        if role in row.inherited:
            row.inherited.discard(role)
            row.cells[role] = text
        else:
            row.cells[role] = f"{row.cells[role]} {text}" if role in row.cells else text


def _is_total(texts: list[str]) -> bool:
    first = next(text for text in texts if text)
    return re.match(r"(?:Tổng|Cộng|TỔNG|CỘNG)\b", first) is not None and len(first.split()) <= 5  # noqa: PLR2004 - as long as such words get


def _is_detail(cells: dict[Role, str]) -> bool:
    """ "- Cấp tỉnh" with nothing beside it: a part of the row above."""
    name = cells.get(Role.TASK) or cells.get(Role.INDICATOR) or ""
    return set(cells) <= {Role.TASK, Role.INDICATOR} and name.startswith(("-", "+", "•"))


def _inherited(row: Row, roles: list[Role | None]) -> set[Role]:
    return {role for cell, role in zip(row.cells, roles, strict=False) if role is not None and cell.is_carried}


def _carry_down(made: RowFound, above: list[RowFound], roles: list[Role | None], sight: Sight) -> None:
    """Cells that stand empty because they were merged: who and when are those of the row above.

    Only where the row has a number of its own, and the lead is missing with them: a table of an export that lost its
    merged cells leaves all of these empty, a writer who named nobody leaves just one.
    """
    if not above or Role.LEAD not in roles or Role.LEAD in made.cells:
        return
    before = above[-1]
    for role in (Role.LEAD, Role.SUPPORTING, Role.DEADLINE):
        if role not in made.cells and role in before.cells:
            made.cells[role] = before.cells[role]
            made.inherited.add(role)
    if not unit_names(made.cells.get(Role.LEAD, ""), sight):
        made.inherited.discard(Role.LEAD)
