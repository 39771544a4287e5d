"""Duties from the rows of an annex."""

import re
from dataclasses import replace

from models.terms import DeadlineKind
from planner.reading.classes import class_of
from planner.reading.columns import Role
from planner.reading.dating import MERGED_DAY, OF_THE_HEADING, PERIOD_HEADING, Dating, no_deadline
from planner.reading.draft import DutyClass, DutyDeadline, IndicatorFound, Spot, Sureness
from planner.reading.flat import Sight, Words, flat
from planner.reading.found import FoundDuty
from planner.reading.several import deadlines_of
from planner.reading.table_rows import RowFound, RowsFound
from planner.reading.titles import title_of
from planner.reading.units import unit_names

_SHARED_CELL = Words(
    r"(?:chủ trì|(?:đơn vị|cơ quan) chủ trì) ?:? ?(?P<lead>.+?)[;.,\s-]*(?:phối hợp|(?:đơn vị"
    r"|cơ quan) phối hợp) ?:? ?(?P<support>.+)"
)
_LEADS_THEN_HELP = Words(
    r"(?P<lead>.+?) (?:chủ trì|\(chủ trì\))[;.,\s-]*(?:phối hợp(?: với)?(?: các)? )?(?P<support>.*)"
)
_RATE = Words(r"(?:tỷ lệ|tỉ lệ|chỉ số|số lượng|mức độ|kết quả [^:]{3,60} được)\b")
_ONE_OF_TWO = "Bảng mất cột, chỉ thấy một danh sách đơn vị, hiểu là đơn vị chủ trì"
_MERGED = "Ô này để trống trong bảng, đơn vị lấy theo dòng trên"


def duties_of_rows(rows: RowsFound, *, root: str, dating: Dating, sight: Sight) -> list[FoundDuty]:
    """One duty a row."""
    is_of_indicators = _is_of_indicators(rows, sight)
    found = []
    for row in rows.rows:
        duty = _duty(row, rows, root=root, dating=dating, sight=sight, is_of_indicators=is_of_indicators)
        if duty is not None:
            found += [replace(duty, deadline=each) for each in deadlines_of(duty.deadline, dating)]
    return found


def _is_of_indicators(rows: RowsFound, sight: Sight) -> bool:
    """Whether most rows name a rate: then a row among them that names work is measured too."""
    rates = sum(1 for row in rows.rows if _RATE.match(flat(_name(row), sight)))
    has_amounts = any(Role.POINTS in row.cells or Role.TARGET in row.cells for row in rows.rows)
    return has_amounts or (rates > len(rows.rows) / 2)


def _name(row: RowFound) -> str:
    return row.cells.get(Role.INDICATOR) or row.cells.get(Role.TASK) or ""


def _duty(
    row: RowFound, rows: RowsFound, *, root: str, dating: Dating, sight: Sight, is_of_indicators: bool
) -> FoundDuty | None:
    name = _strip(_name(row))
    work = _strip(row.cells.get(Role.TASK) or "") or name
    if len(work) < 4:  # noqa: PLR2004 - a mark is no work
        return None
    place = (" " if root == "PL" else ".").join(part for part in (root, row.place) if part)
    spot = Spot(work, row.page, place)
    lead, supporting = _units(row, sight)
    deadline = _deadline(row, rows, spot, dating=dating, sight=sight)
    is_indicator = _is_indicator(row, name, sight, is_of_indicators=is_of_indicators)
    seen = flat(work, sight)
    duty_class = DutyClass.INDICATOR if is_indicator else _class(class_of(seen, deadline, is_outside_request=False))
    duty = FoundDuty(
        title=title_of(name if is_indicator else work, spot),
        spot=spot,
        duty_class=duty_class,
        deadline=deadline,
        lead=lead,
        supporting=tuple(each for each in supporting if each not in lead),
        deliverable=_strip(row.cells.get(Role.DELIVERABLE, "")) or None,
        indicator=_indicator(row, name) if is_indicator else None,
        lead_sureness=Sureness.LIKELY if Role.LEAD in row.inherited else Sureness.SURE,
    )
    if Role.LEAD in row.inherited:
        duty.doubts.append(_MERGED)
    elif row.is_doubtful:
        duty.doubts.append(_ONE_OF_TWO)
        duty.lead_sureness = Sureness.LIKELY
    return duty


def _strip(text: str) -> str:
    return re.sub(r"^[-–+•]\s+", "", text).strip(" ;.,/")


def _class(duty_class: DutyClass) -> DutyClass:
    """Work a table gives is work, however standing it is."""
    return DutyClass.TASK if duty_class is DutyClass.STANDING else duty_class


def _is_indicator(row: RowFound, name: str, sight: Sight, *, is_of_indicators: bool) -> bool:
    has_amount = Role.TARGET in row.cells or Role.POINTS in row.cells
    is_rate = _RATE.match(flat(name, sight)) is not None
    has_own_column = Role.INDICATOR in row.cells and Role.TASK in row.cells
    is_dated_once = Role.DEADLINE in row.cells and re.search(r"\d", row.cells[Role.DEADLINE].split("(")[0]) is not None
    return has_amount or is_rate or has_own_column or (is_of_indicators and not is_dated_once)


def _indicator(row: RowFound, name: str) -> IndicatorFound:
    cells = row.cells
    points = cells.get(Role.POINTS)
    return IndicatorFound(
        name=_strip(name), target=cells.get(Role.TARGET), unit=cells.get(Role.MEASURE), max_points=points,
        basis=cells.get(Role.BASIS),
    )  # fmt: skip


def _units(row: RowFound, sight: Sight) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who leads and who helps; some tables hold both in one cell."""
    cell = row.cells.get(Role.LEAD, "")
    seen = flat(cell, sight)
    both = _SHARED_CELL.match(seen) or _LEADS_THEN_HELP.match(seen)
    if both is not None:
        lead = tuple(unit_names(seen.verbatim(*both.span("lead")), sight))
        help_from = tuple(unit_names(seen.verbatim(*both.span("support")), sight))
        if lead:
            return lead, help_from or tuple(unit_names(row.cells.get(Role.SUPPORTING, ""), sight))
    return tuple(unit_names(cell, sight)), tuple(unit_names(row.cells.get(Role.SUPPORTING, ""), sight))


def _deadline(row: RowFound, rows: RowsFound, spot: Spot, *, dating: Dating, sight: Sight) -> DutyDeadline:
    text = _strip(row.cells.get(Role.DEADLINE, ""))
    if not text and rows.default_deadline:
        return dating.of_cell(rows.default_deadline, replace(spot, quote=rows.default_deadline))
    group = flat(row.group, sight)
    if not text and PERIOD_HEADING.whole(group.part(_past_number(row.group))):
        of_group = dating.of_cell(row.group[_past_number(row.group) :], replace(spot, quote=row.group))
        return replace(of_group, ask=True, is_inherited=True, why=OF_THE_HEADING)
    if not text:
        return no_deadline(spot)
    deadline = dating.of_cell(_without_remark(text), replace(spot, quote=text))
    has_day = deadline.last_valid_on is not None
    if Role.DEADLINE in row.inherited and has_day:
        return replace(deadline, ask=True, is_inherited=True, why=MERGED_DAY)
    if deadline.reading is not None and deadline.kind is DeadlineKind.NOT_A_DEADLINE:
        return no_deadline(spot, ask=True, why=deadline.why)
    return replace(deadline, is_inherited=Role.DEADLINE in row.inherited)


def _past_number(title: str) -> int:
    """Behind "II." of a group's title."""
    found = re.match(r"\s*(?:[IVX]{1,5}|\d{1,2}|[A-H])\s*[.)]?\s+", title)
    return found.end() if found else 0


def _without_remark(text: str) -> str:
    """ "Thực hiện thường xuyên (Đạt điểm tối đa khi …)": the remark is no part of the deadline."""
    bare = re.sub(r"\s*\([^()]{15,}\)?", "", text).strip()
    return bare or text
