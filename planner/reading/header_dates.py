"""The day of a letter: as written, as mended where only one day is possible, or the span it must lie in."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Protocol

from planner.deadline_words import FIRST_YEAR, LAST_YEAR
from planner.folding import fold
from planner.reading.draft import IssuedOn, Spot, Sureness

MONTHS_A_YEAR = 12
_WRITTEN = re.compile(
    r"ng\w{1,3}\s*(?P<day>[\doilsz|]{1,2})\s*th\w{2,3}\s*(?P<month>[\doilsz|]{1,2})\s*n\w{1,2}\s*(?P<year>[\doilsz|]{4})"
)
_SLASHED = re.compile(r"ng\w{1,3}\s*(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>\d{4})")
_CITED = re.compile(
    r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(20\d\d)\b|\b(\d{1,2}) th[aá]ng (\d{1,2}),? n[aă]m (20\d\d)\b"
)
_OWN_DEADLINE = re.compile(r"(?:tr\w{2,5}|nhat|het|den|qua|vao|trong|hoan thanh)\s+ngay\s*$")
_ALIKE = {
    "7": "1",
    "1": "17",
    "0": "06",
    "6": "0",
    "o": "0",
    "i": "1",
    "l": "1",
    "|": "1",
    "s": "5",
    "z": "2",
    "5": "5",
    "8": "83",
    "3": "38",
}


class Line(Protocol):
    """A line of the head with its place."""

    @property
    def text(self) -> str: ...

    @property
    def spot(self) -> Spot: ...


def dates_cited(whole: str) -> list[date]:
    """Days of other documents: the letter is not older than the newest. Its own deadlines are not here."""
    folded = fold(whole)
    days = []
    for found in _CITED.finditer(folded):
        if _OWN_DEADLINE.search(folded[: found.start()]) is None:
            day, month, year = (int(part) for part in found.groups() if part is not None)
            days.append(_date(year, month, day))
    return [day for day in days if day is not None]


def issued_on(line: Line | None, attached: Spot | None, *, cited: list[date], years: list[int]) -> IssuedOn:
    """The day on the head; else on an annex; else the span left by the year and by what the letter cites."""
    spot = line.spot if line is not None else Spot("", 1, "đầu văn bản")
    for seen, sureness in ((spot, Sureness.SURE), (attached, Sureness.LIKELY)):
        day = _exact(seen.quote) if seen is not None else None
        if day is not None and seen is not None:
            return IssuedOn(day, seen, sureness, day, day)
    first, last = _span(line.text if line else "", cited, years)
    mended = _mended(line.text if line else "", first, last)
    if mended is not None:
        return IssuedOn(mended, spot, Sureness.LIKELY, mended, mended)
    return IssuedOn(None, spot, Sureness.UNSURE, first, last)


def _exact(text: str) -> date | None:
    folded = fold(text)
    found = _WRITTEN.search(folded) or _SLASHED.search(folded)
    if found is None or not all(found[part].isdecimal() for part in ("day", "month", "year")):
        return None
    return _date(int(found["year"]), int(found["month"]), int(found["day"]))


def _span(text: str, cited: list[date], years: list[int]) -> tuple[date, date]:
    """From the later of 1 January and the newest document cited, to 31 December; or within the month it names."""
    own = [int(year) for year in re.findall(r"20\d\d", text)]
    newest = max(cited, default=None)
    year = (own or years or [newest.year if newest else FIRST_YEAR])[0]
    if not own and newest and newest.year > year:
        return newest, date(newest.year, 12, 31)
    first, last = _month_alone(text) or (date(year, 1, 1), date(year, 12, 31))
    return max((day for day in cited if first <= day <= last), default=first), last


_BLANK_DAY = re.compile(r"ng\w{1,3}[\s.…_/]*thang\s*(?P<month>\d{1,2})\s*nam\s*(?P<year>20\d\d)\b")


def _month_alone(text: str) -> tuple[date, date] | None:
    """ "ngày … tháng 8 năm 2026": the day was left blank, the month was not."""
    found = _BLANK_DAY.search(fold(text))
    first = _date(int(found["year"]), int(found["month"]), 1) if found else None
    return (first, first.replace(day=monthrange(first.year, first.month)[1])) if first else None


def _mended(text: str, first: date, last: date) -> date | None:
    """A day a scanner broke, when only one reading of its digits lies in the span."""
    found = _WRITTEN.search(fold(text))
    if found is None:
        return None
    readings = {
        day
        for year in _readings(found["year"])
        for month in _readings(found["month"])
        for number in _readings(found["day"])
        if (day := _date(year, month, number)) is not None and first <= day <= last
    }
    as_written = {
        day for day in readings if f"{day.day}".zfill(2) == found["day"].zfill(2) and str(day.year) == found["year"]
    }
    readings = as_written or readings
    return readings.pop() if len(readings) == 1 else None


def _readings(digits: str) -> Iterator[int]:
    """The numbers a run of digits may stand for."""
    runs = [""]
    for digit in digits:
        others = [digit] if digit.isdecimal() else []
        runs = [run + each for run in runs for each in [*others, *_ALIKE.get(digit, "")]]
    return (int(run) for run in dict.fromkeys(runs))


def _date(year: int, month: int, day: int) -> date | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= MONTHS_A_YEAR):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
