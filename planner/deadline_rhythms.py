"""Recurring deadlines: yearly, quarterly, monthly, weekly, and rhythms only a person can settle."""

import re

from models.terms import Boundary, DeadlineKind, Frequency
from planner.deadline_days import LEAD_WORD, boundary_of, named_or_none, on_day
from planner.deadline_draft import Context, Draft, Read, asked
from planner.deadline_words import (
    WEEKDAY,
    YEARLESS_DAY,
    NamedDay,
    clock_time,
    day_and_month,
    day_before,
    months_period,
    quarters_period,
    weekday,
)
from planner.recurrence import Recurrence
from planner.workdays import WEEKDAY_NAMES

EVERY = r"(?:dinh ky )?(?:hang|moi|tung)"
GAP = r"[^\d;¦]{0,60}?"
_JOIN = rf"(?:\s*\([^)\d]*\))?\s*(?:,|;|/|va|hoac)(?: va)?\s*(?:{LEAD_WORD}\s+)*(?:ngay\s*)?"
SOME_DAYS = rf"(?:ngay\s*)?(?P<days>{YEARLESS_DAY}(?:{_JOIN}{YEARLESS_DAY})*)"
DAY_NO = r"\d{1,2}(?![\w/]|[.-]\d|\s*/\s*\d)"
SOME_DAY_NUMBERS = (
    rf"(?:ngay\s*)?(?P<numbers>(?<![\w/.-]){DAY_NO}(?:\s*(?:,|va|den|-)\s*(?:(?:het )?ngay\s*)?{DAY_NO})*)"
)


def read_yearly(match: re.Match[str], _context: Context) -> Draft | None:
    """Trước ngày d/m (và ngày e/n) hằng năm: one rule for each day, all under the one "trước"."""
    return _yearly_days(DeadlineKind.YEARLY, match, "Hằng năm")


def read_quarterly_days(match: re.Match[str], _context: Context) -> Draft | None:
    return _yearly_days(DeadlineKind.QUARTERLY, match, "Hằng quý")


def _yearly_days(kind: DeadlineKind, match: re.Match[str], every: str) -> Draft | None:
    lead = match["lead"] or ""
    boundary = Boundary.BY if match["hour"] else boundary_of(lead)
    days = [day_and_month(text) for text in re.findall(YEARLESS_DAY, match["days"], re.ASCII)]
    if match["days"].count("truoc") and boundary is Boundary.BY:
        return asked(kind, "Các ngày trong cụm từ có ranh giới khác nhau.")
    rules = tuple(Recurrence(Frequency.YEARLY, boundary, day[1], day[0]) for day in days if day)
    if len(rules) < len(days) or len(set(rules)) < len(rules):
        return asked(kind, "Trong cụm từ có ngày không năm nào có.", boundary=boundary)
    named = " và ".join(f"{rule.day:02d}/{rule.month:02d}" for rule in rules)
    why = f"{every}, {'trước' if boundary is Boundary.BEFORE else 'ngày'} {named}."
    return _recurring(kind, why, boundary, rules, match)


def _recurring(
    kind: DeadlineKind,
    why: str,
    boundary: Boundary,
    rules: tuple[Recurrence, ...],
    match: re.Match[str],
    *,
    ask: bool = False,
) -> Draft:
    groups = match.groupdict()
    due_time = clock_time(match) if groups.get("hour") else None
    if groups.get("hour") and due_time is None:
        return asked(kind, "Giờ ghi trong thời hạn không có thật.", boundary=boundary)
    return Draft(kind, why, boundary=boundary, recurrences=rules, due_time=due_time, ask=ask)


def read_monthly(match: re.Match[str], _context: Context) -> Draft | None:
    """Trước ngày 20 hằng tháng; ngày 20 hằng tháng; a range counts to its last day."""
    boundary = Boundary.BY if match["hour"] else boundary_of(match["lead"] or "")
    text = match["numbers"]
    days = [int(day) for day in re.findall(r"\d+", text)]
    if any(not 1 <= day <= 31 for day in days):  # noqa: PLR2004 - the longest month
        return asked(DeadlineKind.MONTHLY, "Không tháng nào có ngày đó.", boundary=boundary)
    if re.search(r"den|-", text):
        days = days[-1:]
    rules = tuple(Recurrence(Frequency.MONTHLY, boundary, None, day) for day in dict.fromkeys(days))
    named = " và ".join(str(day) for day in days)
    why = f"Hằng tháng, {'trước ' if boundary is Boundary.BEFORE else ''}ngày {named}."
    return _recurring(DeadlineKind.MONTHLY, why, boundary, rules, match)


_MONTH_OF_QUARTER = {"dau": 1, "thu nhat": 1, "giua": 2, "thu hai": 2, "thu 2": 2, "thu ba": 3, "thu 3": 3, "cuoi": 3}


def read_quarterly(match: re.Match[str], context: Context) -> Draft | None:
    """Trước ngày 25 (của) tháng cuối quý: that day of months 3, 6, 9 and 12."""
    boundary = Boundary.BY if match["hour"] else boundary_of(match["lead"] or "")
    day = int(match["day"])
    month = _MONTH_OF_QUARTER[match["which"]]
    if not 1 <= day <= 31:  # noqa: PLR2004 - the longest month
        return asked(DeadlineKind.QUARTERLY, "Không tháng nào có ngày đó.", boundary=boundary)
    if match["quarter"]:
        period = quarters_period(match["quarter"], context.base_on)
        found = named_or_none(period.first_on.year, period.first_on.month + month - 1, day) if period else None
        if period is None or found is None:
            return asked(DeadlineKind.FIXED, "Quý hoặc ngày ghi không có thật.", boundary=boundary)
        return on_day(NamedDay(found, period.is_year_assumed), boundary, context)
    rule = Recurrence(Frequency.QUARTERLY, boundary, month, day)
    why = f"Hằng quý, {'trước ' if boundary is Boundary.BEFORE else ''}ngày {day} tháng thứ {month} của quý."
    return _recurring(DeadlineKind.QUARTERLY, why, boundary, (rule,), match)


def read_quarterly_without_month(match: re.Match[str], _context: Context) -> Draft:
    boundary = boundary_of(match["lead"] or "")
    return asked(DeadlineKind.QUARTERLY, "Hằng quý có ngày nhưng không rõ tháng nào của quý.", boundary=boundary)


def read_weekly(match: re.Match[str], _context: Context) -> Draft:
    """Thứ Sáu hằng tuần: that day counts; "trước thứ Sáu" ends on Thursday, unless a clock time keeps the day."""
    boundary = Boundary.BY if match["hour"] else boundary_of(match["lead"] or "")
    weekdays = sorted({weekday(text) for text in re.findall(WEEKDAY, match["weekdays"], re.ASCII)})
    rules = tuple(Recurrence(Frequency.WEEKLY, boundary, weekday=day) for day in weekdays)
    names = " và ".join(WEEKDAY_NAMES[day] for day in weekdays)
    why = f"Hằng tuần, {'trước ' if boundary is Boundary.BEFORE else ''}{names}."
    return _recurring(DeadlineKind.WEEKLY, why, boundary, rules, match)


def read_twice_a_month(match: re.Match[str], _context: Context) -> Draft | None:
    """Ngày 15 và ngày cuối tháng: both days of every month; a "trước" over the two is a question."""
    boundary = boundary_of(match["lead"] or "")
    day = int(match["day"])
    if not 1 <= day <= 28:  # noqa: PLR2004 - later days may be the last one themselves
        return asked(DeadlineKind.MONTHLY, "Ngày thứ nhất có thể trùng ngày cuối tháng.", boundary=boundary)
    rules = (Recurrence(Frequency.MONTHLY, boundary, None, day), Recurrence(Frequency.MONTHLY, Boundary.BY))
    why = f"Hằng tháng, ngày {day} và ngày cuối tháng."
    return _recurring(DeadlineKind.MONTHLY, why, boundary, rules, match, ask=boundary is Boundary.BEFORE)


_TIMES_A = {
    "tuan": (DeadlineKind.WEEKLY, Frequency.WEEKLY),
    "thang": (DeadlineKind.MONTHLY, Frequency.MONTHLY),
    "quy": (DeadlineKind.QUARTERLY, Frequency.QUARTERLY),
    "nam": (DeadlineKind.YEARLY, Frequency.YEARLY),
}


def read_times_a_period(match: re.Match[str], _context: Context) -> Draft:
    """02 lần/tháng, 03 tin/tuần: the period is known, the days in it are not."""
    kind, frequency = _TIMES_A[match["unit"]]
    why = "Nhiều lần trong một kỳ: chưa rõ những ngày nào, tạm tính ngày cuối kỳ."
    return Draft(kind, why, boundary=Boundary.BY, recurrences=(Recurrence(frequency, Boundary.BY),), ask=True)


_RHYTHMS = {"thang": DeadlineKind.MONTHLY, "quy": DeadlineKind.QUARTERLY, "nam": DeadlineKind.YEARLY}


def read_part_of_every(match: re.Match[str], _context: Context) -> Draft:
    """Tuần đầu hằng tháng, giữa mỗi quý: a rhythm whose day only a person knows."""
    return asked(_RHYTHMS[match["unit"] or match["units"]], "Chỉ nêu một phần của kỳ: cần ngày cụ thể trong kỳ.")


def plain_rule(kind: DeadlineKind, frequency: Frequency, why: str, *, ask: bool = False) -> Read:
    """A rhythm without a day: the end of each period, by default."""
    rule = Recurrence(frequency, Boundary.BY)

    def give(_match: re.Match[str], _context: Context) -> Draft:
        return Draft(kind, why, boundary=Boundary.BY, recurrences=(rule,), ask=ask)

    return give


def read_yearly_period(match: re.Match[str], context: Context) -> Draft | None:
    """Tháng 6, tháng 12 hằng năm; quý I hằng năm: to the end of each; "trước" it, to the day before it begins."""
    is_before = "truoc" in (match["lead"] or "")
    parts = re.split(r"[\s,]*(?:\b(?:va|thang|quy)\b|,)[\s,]*", match["period"])
    read = quarters_period if match["period"].startswith("quy") else months_period
    word = "quy" if read is quarters_period else "thang"
    periods = [read(f"{word} {part}", context.base_on) for part in parts if part]
    if any(period is None for period in periods):
        return asked(DeadlineKind.YEARLY, "Tháng hoặc quý ghi không có thật.")
    lasts = [day_before(period.first_on) if is_before else period.last_on for period in periods if period]
    months = sorted({last.month for last in lasts})
    rules = tuple(Recurrence(Frequency.YEARLY, Boundary.BY, month, None) for month in months)
    why = f"Hằng năm, đến hết tháng {' và tháng '.join(map(str, months))}."
    return Draft(DeadlineKind.YEARLY, why, boundary=Boundary.BY, recurrences=rules)


SUGGESTED_PERIODS = {"3": (3, 6, 9, 12), "6": (6, 12), "9": (9,)}


def read_half_yearly(match: re.Match[str], _context: Context) -> Draft:
    """Định kỳ 6 tháng, 9 tháng và năm: the periods are known, the day to report is not, so a person is asked."""
    months = {
        month
        for text in re.findall(r"(?<!\d)0?(\d)(?= thang)|sau thang", match[0])
        for month in SUGGESTED_PERIODS.get(text or "6", ())
    }
    if re.search(r"\bnam\b", match[0].replace("dau nam", "").replace("cuoi nam", "")):
        months.add(12)
    rules = tuple(Recurrence(Frequency.YEARLY, Boundary.BY, month, None) for month in sorted(months))
    return Draft(
        DeadlineKind.PERIODIC,
        "Biết kỳ báo cáo nhưng chưa biết ngày phải báo cáo.",
        boundary=Boundary.BY,
        recurrences=rules,
        ask=True,
    )
