"""The day a unit asks for: named, counted from its last valid day, or a weekday; none when two readings are possible.

Every form is turned into the words of a plan ("đến ngày 15/11/2026") and read by `planner.deadlines`, so that one
phrase has one meaning everywhere; only what people say and plans never write is worked out here.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from models.terms import BeforeReading
from planner.deadline_words import SPELLED, number
from planner.deadlines import read_deadline
from planner.workdays import WorkCalendar

FURTHEST = timedelta(days=400)
"""Nobody asks for more than a year at once; a day further off is a slip."""

FRIDAY = 4
A_WEEK = 7
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """Hoàn cảnh của câu trả lời. `last_valid_on` is the day the assignment is late after, with extensions."""

    today: date
    last_valid_on: date | None
    calendar: WorkCalendar
    before: BeforeReading = BeforeReading.STRICT


@dataclass(frozen=True, slots=True)
class Day:
    """Một ngày nghe được. `on` is None where a time was spoken of without a sure day."""

    on: date | None
    is_sure: bool
    why: str
    is_in_time: bool = False
    """A day was named, and it is not later than the deadline that stands."""


NOTHING = Day(None, is_sure=True, why="không nêu ngày")

_Reader = Callable[[re.Match[str], Frame], Day]

_WEEKDAYS = {"2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5, "hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "sáu": 4,
             "bay": 5}  # fmt: skip
_WEEK = r"(?:tuan (?:sau (?:nữa|nua)|toi (?:nữa|nua)|nay|sau|toi|tiep theo|tiep|den|ke tiep|nua)|nay|den|toi)"
_NUMBER = rf"(?:\d{{1,3}}|{SPELLED}|sáu)"


def requested_day(said: str, frame: Frame) -> Day:
    """The last day asked for in these plain words; `NOTHING` when they speak of no time at all."""
    rest = _WINDOW_START.sub(" ", said)
    found: list[Day] = []
    for pattern, read in _FORMS:
        for match in list(pattern.finditer(rest)):
            found.append(read(match, frame))
            rest = rest[: match.start()] + " " + "_" * (len(match[0]) - 2) + " " + rest[match.end() :]
    if not found:
        return NOTHING
    if len({day.on for day in found}) > 1:
        return Day(None, is_sure=False, why="nêu hơn một ngày")
    return _checked(found[0], frame)


def _checked(day: Day, frame: Frame) -> Day:
    if day.on is None:
        return day
    if day.on < frame.today:
        return Day(None, is_sure=False, why=f"ngày {day.on:%d/%m/%Y} đã qua")
    if frame.last_valid_on is not None and day.on <= frame.last_valid_on:
        return Day(None, is_sure=False, why=f"ngày {day.on:%d/%m/%Y} không muộn hơn hạn đang có", is_in_time=True)
    if day.on - max(frame.today, frame.last_valid_on or frame.today) > FURTHEST:
        return Day(None, is_sure=False, why="ngày quá xa")
    return day


def _in_plan_words(phrase: str, frame: Frame, *, is_sure: bool = True) -> Day:
    reading = read_deadline(phrase, base_on=frame.today, calendar=frame.calendar, before=frame.before)
    if reading.ask or reading.last_valid_on is None:
        return Day(None, is_sure=False, why=reading.explanation)
    return Day(reading.last_valid_on, is_sure=is_sure, why=reading.explanation)


def _on(day: date, match: re.Match[str], frame: Frame, *, is_sure: bool = True) -> Day:
    lead = "trước ngày" if match["before"] else "đến hết ngày"
    return _in_plan_words(f"{lead} {day:%d/%m/%Y}", frame, is_sure=is_sure)


def _named(match: re.Match[str], frame: Frame) -> Day:
    """A day with its month; the weekday beside it must be its own."""
    lead = "trước" if match["before"] else "đến hết"
    weekday = f"thứ {match['weekday']}, " if match["weekday"] else ""
    return _in_plan_words(f"{lead} {weekday}ngày {'/'.join(re.findall(r'[0-9]+', match['day']))}", frame)


def _day_number(match: re.Match[str], frame: Frame) -> Day:
    """ "ngày 20", "mùng 5": the next such day after today, when the deadline leaves no other."""
    day_no, which = int(match["no"]), match["which"] or ""
    year, month = frame.today.year, frame.today.month
    if which.endswith(("sau", "toi", "den")):
        year, month = _next_month(year, month)
    elif not which:
        first = frame.today
        floor = max(first, frame.last_valid_on or first)
        upcoming = _next_numbered(day_no, first)
        later = _next_numbered(day_no, floor)
        if upcoming is None or upcoming != later:
            return Day(None, is_sure=False, why=f"ngày {day_no} của tháng nào chưa rõ")
        return _on(upcoming, match, frame)
    if not 1 <= day_no <= monthrange(year, month)[1]:
        return Day(None, is_sure=False, why=f"không có ngày {day_no} trong tháng {month}")
    return _on(date(year, month, day_no), match, frame)


def _next_month(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == DECEMBER else (year, month + 1)


def _next_numbered(day_no: int, after: date) -> date | None:
    """The first day of that number after `after`, this month or the next."""
    year, month = after.year, after.month
    for _ in range(2):
        if 1 <= day_no <= monthrange(year, month)[1] and date(year, month, day_no) > after:
            return date(year, month, day_no)
        year, month = _next_month(year, month)
    return None


def _weekday(match: re.Match[str], frame: Frame) -> Day:
    """Thứ Sáu tuần sau is sure; a bare "thứ 6" is the next one to come, and not sure when it is today's weekday."""
    number_of = _WEEKDAYS.get(match["wd"] or "", 6)
    week = match["week"] or ""
    monday = frame.today - timedelta(days=frame.today.weekday())
    if week.endswith(("sau nữa", "sau nua", "toi nữa", "toi nua")):
        return _on(monday + timedelta(days=2 * A_WEEK + number_of), match, frame)
    if week.startswith("tuan") and week != "tuan nay":
        return _on(monday + timedelta(days=A_WEEK + number_of), match, frame)
    if week in {"nay", "tuan nay"}:
        return _on(monday + timedelta(days=number_of), match, frame)
    if number_of == frame.today.weekday():
        return Day(None, is_sure=False, why="cùng thứ với hôm nay: tuần này hay tuần sau chưa rõ")
    ahead = (number_of - frame.today.weekday()) % A_WEEK
    return _on(frame.today + timedelta(days=ahead), match, frame, is_sure=week not in {"den", "toi"})


def _end_of_week(match: re.Match[str], frame: Frame) -> Day:
    """Cuối tuần of an office is its Friday; another may mean Sunday, so it is confirmed."""
    week = match["week"] or ""
    monday = frame.today - timedelta(days=frame.today.weekday())
    weeks = 0 if week in {"tuan", "tuan nay"} else 2 if week.endswith(("nữa", "nua")) else 1
    day = monday + timedelta(days=A_WEEK * weeks) + timedelta(days=0 if match["part"] == "dau" else FRIDAY)
    if match["part"] == "giua":
        return Day(None, is_sure=False, why="giữa tuần là ngày nào chưa rõ")
    return _on(day, match, frame, is_sure=False)


def _near(match: re.Match[str], frame: Frame) -> Day:
    ahead = {"mai": 1, "mốt": 2, "mot": 2, "kia": 2}.get(match["near"], 0)
    return _on(frame.today + timedelta(days=ahead), match, frame)


def _part_of_period(match: re.Match[str], frame: Frame) -> Day:
    """Cuối, hết, giữa tháng as the Civil Code has them; "đầu tháng" is loose in a chat and confirmed."""
    part = match["part"]
    words = {"cuoi": "cuối", "het": "hết", "giua": "giữa", "dau": "đầu", "trong": "trong"}[part]
    if match["before"]:
        return Day(None, is_sure=False, why="“trước” một phần của tháng: ngày nào chưa rõ")
    if part == "het" and match["period"].startswith("nam"):
        words = "cuối"
    phrase = f"{words} {match['period']}".strip()
    return _in_plan_words(phrase.replace("nam nay", "nam"), frame, is_sure=part in {"cuoi", "het", "giua"})


def _counted(match: re.Match[str], frame: Frame) -> Day:
    """Thêm N ngày counts from the last valid day, which is day 0 (BLDS 2015, Điều 147)."""
    amount = 6 if match["amount"] == "sáu" else number(match["amount"])
    if frame.last_valid_on is None or not amount:
        return Day(None, is_sure=False, why="chưa biết đếm từ ngày nào")
    unit = {"hom": "ngày", "ngay": "ngày", "tuan": "tuần", "thang": "tháng"}.get(match["unit"], "ngày làm việc")
    phrase = f"trong {amount} {unit} kể từ ngày ký"
    reading = read_deadline(phrase, base_on=frame.last_valid_on, calendar=frame.calendar, before=frame.before)
    if reading.last_valid_on is None:
        return Day(None, is_sure=False, why=reading.explanation)
    # a count across a day off that is only announced is told, and confirmed
    return Day(reading.last_valid_on, is_sure=not reading.ask, why=reading.explanation)


def _vague(match: re.Match[str], _frame: Frame) -> Day:
    return Day(None, is_sure=False, why=f"“{match[0].strip()}” không cho một ngày chắc chắn")


_LEAD = r"(?P<before>(?<!\S)(?:truoc)(?: (?:ngay|het ngay|hom))? )?"
_CLOCK = r"(?:(?:\d{1,2} ?(?:h|g|gio)(?: ?\d{2})?|\d{1,2}:\d{2}|sang|trua|chieu|tối|toi|het|cuoi|buoi) )*"
_DAY = (
    r"\d{1,2} ?[/.\-] ?\d{1,2}(?: ?[/.\-] ?(?:20\d\d|\d\d))?"
    r"|(?:mung |mong )?\d{1,2} thang \d{1,2}(?: nam 20\d\d)?"
)
_PERIOD_NAME = (
    r"thang(?: \d{1,2}(?: ?/ ?20\d\d| nam 20\d\d)?| nay| sau| toi)?(?! (?:sau|toi) (?:nữa|nua))"
    r"|nam(?: nay)?|quy (?:[1-4]|i{1,3}|iv)"
)
_WINDOW_START = re.compile(
    rf"(?<!\S)(?:tu (?:ngay )?(?:{_DAY})(?= (?:den|sang|toi|qua)(?!\S))"
    rf"|khong kip (?:ngay |den |truoc |han )*(?:{_DAY}|\d{{1,2}})(?!\S)"
    rf"|(?:han (?:cu|la|goc|hien tai|dang la|ban dau)|thay vi|thay cho)(?: ngay)? (?:{_DAY})(?!\S))"
)


def _form(pattern: str, read: _Reader) -> tuple[re.Pattern[str], _Reader]:
    return re.compile(rf"(?<!\S){pattern}(?!\S)"), read


_FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    _form(
        rf"(?:sau|qua) (?:dip |ky |ngay |hom |khi )*(?:le|tet|nghi|quoc khanh|bau cu|@thing)(?: (?:ngay )?(?:{_DAY}))?",
        _vague,
    ),
    _form(rf"sau (?:ngay |hom )*(?:{_DAY})", _vague),
    _form(rf"{_LEAD}{_CLOCK}(?:thu (?P<weekday>[2-7]|hai|ba|tu|nam|sau|sáu|bay) )?(?:ngay )?(?P<day>{_DAY})", _named),
    _form(
        rf"{_LEAD}{_CLOCK}(?:thu (?P<wd>[2-7]|hai|ba|tu|nam|sáu|sau(?= tuan|$| nay)|bay)|chu nhat)"
        rf"(?: (?P<week>{_WEEK}))?",
        _weekday,
    ),
    _form(
        rf"{_LEAD}(?P<part>cuoi|het|giua|dau) (?P<week>tuan(?: (?:sau (?:nữa|nua)|nay|sau|toi|tiep))?)", _end_of_week
    ),
    _form(rf"{_LEAD}(?P<part>cuoi|het|giua|dau|trong) (?P<period>{_PERIOD_NAME})", _part_of_period),
    _form(
        rf"{_LEAD}{_CLOCK}(?:(?:ngay|hom|mung|mong) )+(?P<no>\d{{1,2}})(?: (?P<which>thang (?:nay|sau|toi)|nay))?",
        _day_number,
    ),
    _form(rf"{_LEAD}{_CLOCK}(?P<no>\d{{1,2}}) (?P<which>thang (?:nay|sau|toi))", _day_number),
    _form(rf"{_NUMBER} (?:ngay lam viec|ngay|hom|tuan|thang|nam) (?:ruoi|rưỡi)", _vague),
    _form(rf"sau {_NUMBER} (?:ngay lam viec|ngay|hom|tuan|thang)", _vague),
    _form(
        rf"(?P<amount>{_NUMBER}) (?P<unit>ngay lam viec|ngay|hom|tuan|thang)(?! (?:\d|nay|sau|toi|truoc|qua))", _counted
    ),
    _form(r"mai (?:mốt|mot)", _vague),
    _form(rf"{_LEAD}{_CLOCK}(?:ngay |hom )?(?P<near>mai|mốt|kia|(?<=ngay )mot|(?<=den )mot|hom nay)(?! @me se)", _near),
    _form(rf"{_LEAD}(?P<near>chieu|tối|toi|trua) nay", _near),
    _form(
        r"(?:tuan (?:sau (?:nữa|nua)|sau|toi|tiep)|thang (?:sau|toi|\d{1,2})"
        r"|(?:vai|it|may|mot vai|dam|mot so) (?:ngay|hom|tuan|thang)"
        r"|(?:nửa|nua) (?:thang|tuan|nam)|quy (?:sau|[1-4]))",
        _vague,
    ),
)
"""Tried in order; what one form has read is covered before the next looks."""
