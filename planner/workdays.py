"""Working days of Vietnamese public administration: Monday to Friday, less the holidays, plus the days swapped in.

The `holidays` library gives Tết, the statutory holidays, days off in lieu and most swaps; the calendar file of the
plan folder has the last word, because each of its rows cites the decision it rests on.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import yaml
from holidays import country_holidays

from models.errors import FileProblemsError, Problem

WEEKDAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
"""As written inside a Vietnamese sentence; the index is `date.weekday()`."""

SETTLED_THROUGH = 2026
"""The last year whose swaps the library or our calendar file knows; the next year's are decided late in the year."""

SATURDAY = 5
ONE_DAY = timedelta(days=1)
LIBRARY_DECISION = "Bộ luật Lao động, Điều 112 (theo thư viện holidays)"
MAKE_UP_NAME = "Làm bù (hoán đổi ngày nghỉ)"


@dataclass(frozen=True, slots=True)
class CalendarOverride:
    """Một dòng của tệp lịch: a day off in lieu or a make-up workday, and the decision (số/ký hiệu) it rests on.

    `is_confirmed` is false for a day announced but not yet in force; the calendar follows the row and says so.
    """

    day: date
    is_workday: bool
    decision: str
    name: str
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """Một ngày khác thường trong năm, as `dondoc calendar` lists it."""

    day: date
    name: str
    is_workday: bool
    decision: str
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class _Year:
    """What one civil year needs for constant-time answers."""

    days_off: frozenset[date]
    workdays: tuple[date, ...]
    special: dict[date, CalendarRow]


class WorkCalendar:
    """Lịch làm việc. Pure and unhurried to build: each year is computed at its first question, then remembered."""

    def __init__(self, overrides: Iterable[CalendarOverride] = ()) -> None:
        self._overrides = {override.day: override for override in overrides}
        self._years: dict[int, _Year] = {}
        self._days_off: dict[int, frozenset[date]] = {}

    def is_workday(self, day: date) -> bool:
        """Whether offices open on this day; asked a million times by a scan, hence the bare dictionary."""
        days_off = self._days_off.get(day.year)
        if days_off is None:
            days_off = self._year(day.year).days_off
        return day not in days_off

    def day_off_name(self, day: date) -> str | None:
        """Why this day is off: the holiday's Vietnamese name, "thứ Bảy" or "Chủ nhật"; None on a workday."""
        if self.is_workday(day):
            return None
        special = self._year(day.year).special.get(day)
        return special.name if special else WEEKDAY_NAMES[day.weekday()]

    def last_workday_on_or_before(self, day: date) -> date:
        """The day to work towards when the last valid day is `day`."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def first_workday_on_or_after(self, day: date) -> date:
        """Where a period whose last day is off ends (BLDS 2015, Điều 148 khoản 5)."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """The nth workday after `day` (before it when n is negative).

        `day` is day 0, not counted (BLDS 2015, Điều 147). With n = 0 it is `day` itself, whether a workday or not.
        """
        if n == 0:
            return day
        return self._nth_after(day, n) if n > 0 else self._nth_before(day, -n)

    def workdays_between(self, start: date, end: date) -> int:
        """Workdays in (start, end]; negative, over (end, start], when `end` lies before `start`."""
        if end < start:
            return -self.workdays_between(end, start)
        whole = sum(len(self._year(year).workdays) for year in range(start.year, end.year))
        return whole + self._rank(end) - self._rank(start)

    def is_settled(self, year: int) -> bool:
        """Whether this year's swaps are decided; if not, a date in it may still move around the long holidays."""
        return year <= SETTLED_THROUGH or any(
            override.day.year == year and override.is_confirmed and override.decision
            for override in self._overrides.values()
        )

    def unconfirmed_between(self, start: date, end: date) -> list[CalendarOverride]:
        """Rows of the file in (start, end] still waiting for their legal force; a count across them must say so."""
        return sorted(
            (row for row in self._overrides.values() if not row.is_confirmed and start < row.day <= end),
            key=lambda row: row.day,
        )

    def rows(self, year: int) -> list[CalendarRow]:
        """The unusual days of a year in order: holidays, days off in lieu, make-up workdays; not plain weekends."""
        return [row for _, row in sorted(self._year(year).special.items())]

    def _nth_after(self, day: date, n: int) -> date:
        position = self._rank(day) + n - 1
        year = day.year
        while position >= len(self._year(year).workdays):
            position -= len(self._year(year).workdays)
            year += 1
        return self._year(year).workdays[position]

    def _nth_before(self, day: date, n: int) -> date:
        position = bisect_left(self._year(day.year).workdays, day) - n
        year = day.year
        while position < 0:
            year -= 1
            position += len(self._year(year).workdays)
        return self._year(year).workdays[position]

    def _rank(self, day: date) -> int:
        """How many workdays of its year have passed by the evening of `day`."""
        return bisect_right(self._year(day.year).workdays, day)

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = _compute_year(year, [row for row in self._overrides.values() if row.day.year == year])
            self._years[year] = known
            self._days_off[year] = known.days_off
        return known


def _compute_year(year: int, overrides: list[CalendarOverride]) -> _Year:
    special = {row.day: row for row in _library_rows(year)}
    for override in overrides:
        special[override.day] = CalendarRow(
            override.day, override.name, override.is_workday, override.decision, override.is_confirmed
        )
    days_off, workdays = set[date](), list[date]()
    for day in _days_of(year):
        row = special.get(day)
        is_workday = row.is_workday if row else day.weekday() < SATURDAY
        if is_workday:
            workdays.append(day)
        else:
            days_off.add(day)
    return _Year(frozenset(days_off), tuple(workdays), special)


def _library_rows(year: int) -> list[CalendarRow]:
    # two years: a make-up workday belongs to the year of the day off it pays for, and may lie in the year before
    known = country_holidays("VN", years=(year, year + 1), language="vi")
    off = [CalendarRow(day, name, is_workday=False, decision=LIBRARY_DECISION) for day, name in known.items()]
    made_up = [
        CalendarRow(day, MAKE_UP_NAME, is_workday=True, decision=LIBRARY_DECISION) for day in known.weekend_workdays
    ]
    return [row for row in off + made_up if row.day.year == year]


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1).toordinal()
    last = date(year, 12, 31).toordinal()
    return [date.fromordinal(ordinal) for ordinal in range(first, last + 1)]


# --- the calendar file -------------------------------------------------------------------------------------------

ROW_FIELDS = frozenset({"day", "is_workday", "decision", "name", "is_confirmed"})
TRUTH = {"true": True, "false": False}


def parse_overrides(text: str, *, file: str) -> list[CalendarOverride]:
    """Read a calendar file; a file with problems raises them all at once, in its order (`FileProblemsError`)."""
    problems: list[Problem] = []
    rows = [_read_row(node, file, problems) for node in _row_nodes(text, file)]
    overrides = [row for row in rows if row is not None]
    problems += _repeated_days(overrides, file)
    if problems:
        raise FileProblemsError(problems)
    return overrides


def _row_nodes(text: str, file: str) -> list[yaml.Node]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise FileProblemsError([Problem(file, line, None, None, "Tệp không phải YAML hợp lệ.")]) from error
    if root is None:
        return []
    rows = _entries(root).get("days") if isinstance(root, yaml.MappingNode) else None
    if not isinstance(rows, yaml.SequenceNode):
        message = "Tệp lịch phải có mục “days” là một danh sách các ngày."
        raise FileProblemsError([Problem(file, root.start_mark.line + 1, None, "days", message)])
    return list(rows.value)


def _entries(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value}


def _read_row(node: yaml.Node, file: str, problems: list[Problem]) -> CalendarOverride | None:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(file, line, None, None, "Mỗi dòng lịch phải có day, is_workday, name và decision."))
        return None
    entries = _entries(node)
    found = [
        Problem(file, entries[field].start_mark.line + 1 if field in entries else line, None, field, message)
        for field, message in _row_complaints(entries)
    ]
    problems += found
    if found:
        return None
    day = _civil_day(_scalar(entries, "day"))
    assert day is not None
    return CalendarOverride(
        day,
        TRUTH[_scalar(entries, "is_workday").lower()],
        _scalar(entries, "decision"),
        _scalar(entries, "name"),
        TRUTH[_scalar(entries, "is_confirmed").lower() or "true"],
    )


def _row_complaints(entries: dict[str, yaml.Node]) -> list[tuple[str, str]]:
    """Field and Vietnamese sentence for everything wrong with one row."""
    complaints = [
        (field, f"Không có trường “{field}” trong tệp lịch.") for field in sorted(entries.keys() - ROW_FIELDS)
    ]
    if _civil_day(_scalar(entries, "day")) is None:
        complaints.append(("day", "Ngày phải có thật và viết dạng 02/01/2026 hoặc 2026-01-02."))
    if _scalar(entries, "is_workday").lower() not in TRUTH:
        complaints.append(("is_workday", "Ghi true nếu đi làm, false nếu nghỉ."))
    if (_scalar(entries, "is_confirmed").lower() or "true") not in TRUTH:
        complaints.append(("is_confirmed", "Ghi true nếu đã có hiệu lực, false nếu còn chờ xác nhận."))
    if not _scalar(entries, "name"):
        complaints.append(("name", "Cần tên của ngày, ví dụ “Nghỉ bù Tết Dương lịch”."))
    if not _scalar(entries, "decision"):
        complaints.append(("decision", "Cần số, ký hiệu văn bản làm căn cứ."))
    return complaints


def _scalar(entries: dict[str, yaml.Node], field: str) -> str:
    value = entries.get(field)
    return str(value.value).strip() if isinstance(value, yaml.ScalarNode) else ""


def _civil_day(text: str) -> date | None:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a civil day has no zone
        except ValueError:
            continue
    return None


def _repeated_days(overrides: list[CalendarOverride], file: str) -> list[Problem]:
    seen: set[date] = set()
    problems = []
    for override in overrides:
        if override.day in seen:
            message = f"Ngày {override.day:%d/%m/%Y} được khai báo hai lần."
            problems.append(Problem(file, None, None, "day", message))
        seen.add(override.day)
    return problems
