"""Months, quarters, halves and years as deadlines, their parts, and words that carry no day at all."""

import re
from collections.abc import Callable
from datetime import date

from models.terms import Boundary, DeadlineKind
from planner.deadline_draft import LONGEST_SILENT_WAIT, Context, Draft, Read, asked, vietnamese
from planner.deadline_words import Period, day_before, month_end, months_period, years_period

_BARE_WORDS = 6
"""After a bare "năm 2023" more words than this make it a sentence about the year, not a deadline."""


_REPORTED = re.compile(r"\b(?:ket qua|tinh hinh|tien do|cong tac|ke hoach|viec)(?: to chuc| da)?$", re.ASCII)


def _is_bare(match: re.Match[str], context: Context) -> bool:
    """Whether a period stands as a deadline: led by "trong", "hoàn thành" …, or alone in its column."""
    before = context.text[: match.start()].rstrip(" ([-+*:")
    if match["lead"]:
        # "kết quả thực hiện quý IV" speaks of the work of that quarter, not of a deadline
        return not (re.match(r"thuc hien|trien khai", match["lead"]) and _REPORTED.search(before))
    if before and not before.endswith((",", ";", ".", "¦")):
        return False
    rest = re.sub(r"[^\w ]", " ", context.text[match.end() :]).split()
    return len(rest) <= (_BARE_WORDS if not before else _BARE_WORDS // 2)


def _period_draft(kind: DeadlineKind, period: Period | None, context: Context) -> Draft:
    if period is None:
        return asked(kind, "Tháng, quý hoặc năm ghi không có thật hoặc đọc không chắc.", boundary=Boundary.BY)
    why = f"Đến hết ngày {vietnamese(period.last_on)}."
    if period.is_year_assumed:
        why += f" Văn bản không ghi năm, hiểu là năm {period.last_on.year}."
    ask = period.is_year_assumed and period.last_on - context.base_on > LONGEST_SILENT_WAIT
    return Draft(kind, why, boundary=Boundary.BY, due_on=period.last_on, ask=ask)


def period_before(kind: DeadlineKind, read: Callable[[str, date], Period | None]) -> Read:
    """Trước tháng, quý, năm: the day before it begins, however the office reads "trước ngày"."""

    def give(match: re.Match[str], context: Context) -> Draft:
        period = read(match["period"], context.base_on)
        if period is None:
            return asked(kind, "Tháng, quý hoặc năm ghi không có thật.", boundary=Boundary.BEFORE)
        last = day_before(period.first_on)
        why = f"Trước khi bắt đầu kỳ: ngày cuối là {vietnamese(last)}."
        ask = period.is_year_assumed and last - context.base_on > LONGEST_SILENT_WAIT
        return Draft(kind, why, boundary=Boundary.BEFORE, due_on=period.first_on, last_valid_on=last, ask=ask)

    return give


def whole_period(kind: DeadlineKind, read: Callable[[str, date], Period | None]) -> Read:
    def give(match: re.Match[str], context: Context) -> Draft | None:
        if not _is_bare(match, context):
            return None
        if re.search(r"\bnam (?:tiep theo|ke tiep|sau)\b", context.text[match.end() :]):
            return asked(kind, "Còn kéo dài sang các năm sau: chưa rõ ngày cuối.", boundary=Boundary.BY)
        return _period_draft(kind, read(match["period"], context.base_on), context)

    return give


def read_years_only(text: str, _base_on: date) -> Period | None:
    return years_period(text)


def read_this_period(match: re.Match[str], context: Context) -> Draft | None:
    """Trong tháng, trong quý này, năm nay, tháng sau: seen from the document's date."""
    base = context.base_on
    steps = 1 if re.search(r"sau|toi|ke tiep|tiep theo", match["which"] or "") else 0
    unit = match["unit"]
    if unit == "nam":
        return _period_draft(DeadlineKind.YEAR, Period(base, date(base.year + steps, 12, 31)), context)
    months = 3 if unit == "quy" else 1
    start = (base.month - 1) // months * months + steps * months
    last = start + months - 1
    kind = DeadlineKind.QUARTER if unit == "quy" else DeadlineKind.MONTH
    return _period_draft(kind, Period(base, month_end(base.year + last // 12, last % 12 + 1)), context)


def read_part_of_month(match: re.Match[str], context: Context) -> Draft | None:
    """Đầu, giữa, cuối tháng are the 1st, the 15th and the last day (BLDS 2015, Điều 146 khoản 3)."""
    kind = DeadlineKind.MONTH_PART
    period = _month_of(match["period"], context)
    if period is None:
        return asked(kind, "Tháng ghi không có thật.", boundary=Boundary.BY)
    day = {"dau": 1, "giua": 15, "cuoi": period.last_on.day}[match["part_of"]]
    due = period.last_on.replace(day=day)
    if period.is_year_assumed and due < context.base_on:
        return asked(kind, "Ngày này của tháng đã qua và văn bản không ghi năm.", boundary=Boundary.BY)
    why = f"Theo Điều 146 Bộ luật Dân sự là ngày {vietnamese(due)}."
    ask = period.is_year_assumed and due - context.base_on > LONGEST_SILENT_WAIT
    return Draft(kind, why, boundary=Boundary.BY, due_on=due, ask=ask)


def _month_of(text: str, context: Context) -> Period | None:
    if re.search(r"\d", text):
        return months_period(text, context.base_on)
    ahead = 1 if re.search(r"sau|toi", text) else 0
    month = context.base_on.month - 1 + ahead
    last = month_end(context.base_on.year + month // 12, month % 12 + 1)
    return Period(last.replace(day=1), last, is_year_assumed=not ahead)


_PARTS_OF_YEAR = {"dau": (1, 1), "giua": (6, 30), "cuoi": (12, 31)}

_LEADS_TO_PART = re.compile(
    r"(?:.*\b(?:so ket|bao cao|tong ket|trong|vao|den|hoan thanh|het|truoc|nhat|xong|thuc hien|dip)\b.*|[^a-z]*)",
    re.ASCII,
)
"""What may stand before "cuối năm" when it is a deadline; "kỳ họp cuối năm" is not."""


def read_part_of_year(match: re.Match[str], context: Context) -> Draft | None:
    """Đầu năm 01/01, giữa năm 30/6, cuối năm 31/12 (BLDS 2015, Điều 146 khoản 4); 9 tháng ends on 30/9."""
    if not _LEADS_TO_PART.fullmatch(context.text[: match.start()]):
        return None
    month, day = (9, 30) if match["nine"] else _PARTS_OF_YEAR[match["part_of"]]
    return _day_of_year(DeadlineKind.YEAR_PART, month, day, match["year"], context)


def read_half(match: re.Match[str], context: Context) -> Draft | None:
    """6 tháng đầu năm ends on 30/6, 6 tháng cuối năm on 31/12."""
    is_second = bool(match["second"])
    return _day_of_year(DeadlineKind.HALF, 12 if is_second else 6, 31 if is_second else 30, match["year"], context)


def _day_of_year(kind: DeadlineKind, month: int, day: int, year: str | None, context: Context) -> Draft:
    base = context.base_on
    digits = re.search(r"\d{4}", year or "")
    if digits:
        due = date(int(digits[0]), month, day)
    elif year and re.search(r"sau|toi|ke tiep", year):
        due = date(base.year + 1, month, day)
    else:
        due = date(base.year, month, day)
        if due < base and not (year and "nay" in year):
            due = due.replace(year=base.year + 1)
    why = f"Hiểu là đến hết ngày {vietnamese(due)}."
    ask = not year and due - base > LONGEST_SILENT_WAIT
    return Draft(kind, why, boundary=Boundary.BY, due_on=due, ask=ask)


def plain(kind: DeadlineKind, why: str, *, ask: bool) -> Read:
    def give(match: re.Match[str], _context: Context) -> Draft:
        event = match[0].strip() if kind is DeadlineKind.EVENT else None
        return Draft(kind, why, ask=ask, event=event)

    return give
