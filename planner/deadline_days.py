"""Named days and windows: "trước ngày 05/11", "chậm nhất", "từ ngày … đến ngày …"."""

import re
from datetime import date, time, timedelta

from models.terms import BeforeReading, Boundary, DeadlineKind
from planner.deadline_draft import LONGEST_SILENT_WAIT, Context, Draft, asked, vietnamese
from planner.deadline_words import (
    BARE_MONTH,
    DAY,
    MONTHS,
    QUARTERS,
    WEEKDAY,
    YEAR,
    YEARS,
    NamedDay,
    Period,
    clock_time,
    day_before,
    ends_the_day,
    month_end,
    months_period,
    named_day,
    quarters_period,
    weekday,
    years_period,
)
from planner.workdays import WEEKDAY_NAMES

LEAD_WORD = (
    r"(?:truoc (?:hoac|va) trong|trong (?:hoac|va) truoc|truoc|cham nhat|muon nhat|tre nhat|lau nhat"
    r"|khong (?:duoc |de )?(?:cham|muon|tre)(?: hon| qua)?|khong (?:duoc |de )?qua|khong sau"
    r"|(?:thoi )?han (?:cuoi cung|cuoi|chot)|(?:thoi )?han (?:hoan thanh|nop|gui|bao cao|xu ly|tra loi|thuc hien"
    r"|giai quyet)?"
    r"|thoi (?:gian|diem)(?: hoan thanh| thuc hien| bao cao| gui)?|deadline|han|den|toi|het|vao|trong|xong|hoan thanh"
    r"|du kien|phan dau|khoang|luc|la)"
)
LEAD = rf"(?P<lead>(?<!\w)(?:{LEAD_WORD}(?!\w)[\s:,(]*)+)"
PART_OF_DAY = (
    r"(?P<part>(?:(?:het|cuoi|trong|dau) )?(?:gio (?:lam viec|hanh chinh)|(?:buoi )?(?:sang|chieu|trua|toi)|cuoi)"
    r"(?: cua)?,? )?"
)
ON = rf"(?:(?:cua )?(?:ngay )?(?P<weekday>{WEEKDAY}),?\s*)?\(?(?:ngay\s*:?\s*)?"
ON_AFTER = rf"(?:\s*,?\s*\(?(?P<weekday_after>{WEEKDAY})\)?)?"


def boundary_of(lead: str) -> Boundary:
    """ "Chậm nhất trước ngày" still leaves the day out; "trước hoặc trong ngày" counts it in."""
    is_both = re.search(r"truoc (?:hoac|va) trong|trong (?:hoac|va) truoc", lead)
    return Boundary.BEFORE if "truoc" in lead and not is_both else Boundary.BY


def read_fixed(match: re.Match[str], context: Context) -> Draft | None:
    """Trước ngày D ends on D-1; chậm nhất, đến, hết, vào ngày D end on D (a named day never rolls forward)."""
    groups = match.groupdict()
    lead = groups.get("lead") or ""
    boundary = boundary_of(lead)
    named = named_day(match["date"], context.base_on)
    if named is None:
        return asked(
            DeadlineKind.FIXED, f"“{match['date'].strip()}” không phải một ngày chắc chắn có thật.", boundary=boundary
        )
    wrong_weekday = _weekday_mismatch(groups, named.day)
    if wrong_weekday:
        return asked(DeadlineKind.FIXED, wrong_weekday, boundary=boundary)
    if named.is_year_assumed and re.search(r"\b(?:hang|moi|tung) nam\b", context.text):
        return asked(DeadlineKind.YEARLY, "Hằng năm nhưng không rõ ngày nào đi với tháng nào.", boundary=boundary)
    if groups.get("hour"):
        return _fixed_at(match, named, boundary)
    if groups.get("part") and boundary is Boundary.BEFORE:
        return asked(
            DeadlineKind.FIXED, "“Trước” một buổi trong ngày: chưa rõ ngày đó có được tính không.", boundary=boundary
        )
    return on_day(named, boundary, context, ask="khoang" in lead)


def on_day(named: NamedDay, boundary: Boundary, context: Context, *, ask: bool = False) -> Draft:
    if boundary is Boundary.BEFORE and context.before is BeforeReading.STRICT:
        last = vietnamese(day_before(named.day))
        why = f"“Trước ngày” {vietnamese(named.day)} không tính ngày đó: ngày cuối là {last}."
    elif boundary is Boundary.BEFORE:
        why = f"Cơ quan đọc “trước ngày” là tính cả ngày {vietnamese(named.day)}."
    else:
        why = f"Tính cả ngày {vietnamese(named.day)}."
    if named.is_year_assumed:
        why += f" Văn bản không ghi năm, hiểu là năm {named.day.year}."
        ask = ask or named.day - context.base_on > LONGEST_SILENT_WAIT
    return Draft(DeadlineKind.FIXED, why, boundary=boundary, due_on=named.day, ask=ask)


def _fixed_at(match: re.Match[str], named: NamedDay, boundary: Boundary) -> Draft:
    """With a clock time the day itself is valid up to it; 0 giờ is the end of the day before, 24 giờ of the day."""
    if ends_the_day(match):
        return Draft(
            DeadlineKind.FIXED, f"Hết ngày {vietnamese(named.day)}.",
            boundary=boundary, due_on=named.day, last_valid_on=named.day,
        )  # fmt: skip
    due_time = clock_time(match)
    if due_time is None:
        return asked(DeadlineKind.FIXED, "Giờ ghi trong thời hạn không có thật.", boundary=boundary)
    is_midnight = due_time == time(0)
    last = day_before(named.day) if is_midnight else named.day
    why = f"Đến {due_time:%H:%M} ngày {vietnamese(named.day)}, ngày đó vẫn còn hạn."
    if is_midnight:
        why = f"0 giờ ngày {vietnamese(named.day)} là hết ngày {vietnamese(last)}."
    return Draft(
        DeadlineKind.FIXED, why,
        boundary=boundary, due_on=named.day, last_valid_on=last, due_time=None if is_midnight else due_time,
    )  # fmt: skip


def _weekday_mismatch(groups: dict[str, str | None], day: date) -> str | None:
    for name in ("weekday", "weekday_after"):
        written = groups.get(name)
        if written and weekday(written) != day.weekday():
            return (
                f"Ngày {vietnamese(day)} là {WEEKDAY_NAMES[day.weekday()]},"
                f" không phải {WEEKDAY_NAMES[weekday(written)]} như đã ghi."
            )
    return None


def read_held(match: re.Match[str], context: Context) -> Draft | None:
    """A meeting already held is a reference, not a deadline."""
    draft = read_fixed(match, context)
    return None if draft and draft.due_on and draft.due_on < context.base_on else draft


def read_relative_day(match: re.Match[str], context: Context) -> Draft:
    boundary = boundary_of(match["lead"] or "")
    day = context.base_on + timedelta(days=0 if match["which"].endswith("nay") else 1)
    if match["hour"]:
        return _fixed_at(match, NamedDay(day), boundary)
    return on_day(NamedDay(day), boundary, context)


def read_weekday_of_week(match: re.Match[str], context: Context) -> Draft:
    """Thứ Sáu tuần này, tuần sau: weeks begin on Monday."""
    boundary = boundary_of(match["lead"] or "")
    monday = context.base_on - timedelta(days=context.base_on.weekday())
    weeks = 0 if match["week"] == "nay" else 1
    named = NamedDay(monday + timedelta(weeks=weeks, days=weekday(match["weekday"])))
    return _fixed_at(match, named, boundary) if match["hour"] else on_day(named, boundary, context)


def read_unreadable_day(match: re.Match[str], _context: Context) -> Draft:
    boundary = boundary_of(match["lead"] or "")
    return asked(DeadlineKind.FIXED, "Ngày ghi không đủ hoặc đọc không chắc.", boundary=boundary)


def read_start(match: re.Match[str], context: Context) -> Draft:
    """Từ ngày …, sau ngày …: only when to begin; the end is asked for."""
    found = _endpoint(match["start"], context.base_on)
    return Draft(
        DeadlineKind.START,
        "Chỉ có ngày bắt đầu, chưa có ngày kết thúc.",
        ask=True,
        starts_on=found.first_on if found else None,
    )


ENDPOINT = (
    rf"(?:(?:ngay\s*)?{DAY}|{MONTHS}|{BARE_MONTH}|{QUARTERS}|{YEARS}|cuoi nam(?: (?:nay|{YEAR}))?"
    rf"|cuoi thang(?: nay)?)"
)


def _endpoint(text: str, base_on: date) -> Period | None:
    """A day or a period at one end of a window."""
    text = re.sub(r"^(?:het|dau|ngay)\s+", "", text.strip())
    if re.fullmatch(DAY, text, re.ASCII):
        named = named_day(text, base_on)
        return Period(named.day, named.day, named.is_year_assumed) if named else None
    if text.startswith("cuoi nam"):
        year = re.search(YEAR, text)
        return Period(base_on, date(int(year[0]) if year else base_on.year, 12, 31))
    if text.startswith("cuoi thang") and not re.search(r"\d", text):
        return Period(base_on, month_end(base_on.year, base_on.month))
    text = text.removeprefix("cuoi ")
    if text.startswith(("quy", "q", "cac quy")):
        return quarters_period(text, base_on)
    if text.startswith(("nam", "giai doan", "cac nam")):
        return years_period(text)
    return months_period(text, base_on)


def read_window(match: re.Match[str], context: Context) -> Draft | None:
    """Từ ngày A đến (hết) ngày B: B is the last day, unless "đến trước ngày B"."""
    end = _endpoint(match["end"], context.base_on)
    if end is None:
        return asked(DeadlineKind.WINDOW, "Ngày kết thúc không phải một ngày chắc chắn có thật.", boundary=Boundary.BY)
    starts_on = _window_start(match["start"], end, context)
    if starts_on is None or starts_on > end.last_on:
        return asked(DeadlineKind.WINDOW, "Ngày bắt đầu không khớp với ngày kết thúc.", boundary=Boundary.BY)
    is_before = bool(match["before"])
    return Draft(
        DeadlineKind.WINDOW,
        f"Từ {vietnamese(starts_on)} đến {'trước ' if is_before else 'hết '}{vietnamese(end.last_on)}.",
        boundary=Boundary.BEFORE if is_before else Boundary.BY,
        due_on=end.last_on,
        starts_on=starts_on,
        ask=end.is_year_assumed and end.last_on - context.base_on > LONGEST_SILENT_WAIT,
    )


def _window_start(text: str, end: Period, context: Context) -> date | None:
    """The start takes its missing month or year from the end."""
    text = text.strip()
    if re.match(r"(?:nay|bay gio|hom nay|ngay (?:ky|ban hanh|nhan)|khi (?:ky|nhan|ban hanh))", text):
        return context.base_on
    bare_day = re.fullmatch(r"(?:ngay\s*)?(\d{1,2})", text)
    if bare_day:
        return named_or_none(end.last_on.year, end.last_on.month, int(bare_day[1]))
    if not re.search(r"\d{4}|/\d\d$", text) or re.fullmatch(r"(?:ngay\s*)?\d{1,2}\s*/\s*\d{1,2}", text):
        text = f"{text} nam {end.last_on.year}"
    start = _endpoint(text, context.base_on)
    return start.first_on if start else None


def named_or_none(year: int, month: int, day: int) -> date | None:
    """The date, when there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
