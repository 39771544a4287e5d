"""The words deadlines are built from: days, clock times, months, quarters and numbers, on folded text.

Patterns here are pieces for `planner.deadline_forms`; the functions turn what they matched into values, and return
None for a thing that does not exist (31/11, tháng 70, 25 giờ), so that the caller asks instead of guessing.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

FIRST_YEAR, LAST_YEAR = 1990, 2099
"""Outside this span a year is a misprint."""

SHORT_YEAR_SPAN = 10
"""A two-digit year is sure only when it falls within this many years after the document."""

NOON = 12
MONTHS_A_YEAR = 12
DAYS_IN_LONGEST_MONTH = 31
LEAP_YEAR = 2024

# --- numbers -----------------------------------------------------------------------------------------------------

_UNITS = {1: "mot", 2: "hai", 3: "ba", 4: "bon", 5: "nam", 6: "sau", 7: "bay", 8: "tam", 9: "chin"}
_UNITS_AFTER_TEN = {**_UNITS, 4: "(?:bon|tu)", 5: "(?:lam|nham|nam)"}


def _spelled_numbers() -> dict[int, str]:
    spelled = {**_UNITS, 10: "muoi"}
    spelled |= {10 + unit: f"muoi {word}" for unit, word in _UNITS_AFTER_TEN.items()}
    for ten in range(2, 10):
        spelled[ten * 10] = f"{_UNITS[ten]} muoi"
        spelled |= {ten * 10 + unit: f"{_UNITS[ten]} muoi {word}" for unit, word in _UNITS_AFTER_TEN.items()}
    return spelled


_SPELLED = [(number, re.compile(word)) for number, word in _spelled_numbers().items()]
SPELLED = "(?:" + "|".join(sorted(_spelled_numbers().values(), key=len, reverse=True)) + ")"
"""A spelled number from one to ninety-nine; only to be used where a number must stand, since sáu and sau fold alike."""

NUMBER = rf"(?:\d{{1,3}}(?:\s*\(\s*[a-z ]+\s*\))?|{SPELLED}(?:\s*\(\s*\d{{1,3}}\s*\))?)"
"""05, 05 (năm), năm, năm (05)."""


def number(text: str) -> int | None:
    """The number written; None when the digits and the words in brackets disagree: "05 (sáu)"."""
    written = {_one_number(part.strip()) for part in re.split(r"[()]", text) if part.strip()}
    return written.pop() if len(written) == 1 else None


def _one_number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    return next((value for value, word in _SPELLED if word.fullmatch(text)), None)


# --- days --------------------------------------------------------------------------------------------------------

_LEFT = r"(?<![\w/.\-])(?<!thang )"
_RIGHT = r"(?!\w|\s*/\s*\d|[.\-]\d|\s*%)"
_MONTH_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
"""Tháng Năm and tháng Sáu are missing: folded they are "tháng, năm" and "tháng sau", so a person decides."""

_MONTH_WORD = "(?:" + "|".join(sorted(_MONTH_WORDS, key=len, reverse=True)) + ")"
_RELATIVE_YEAR = r"(?:cua )?nam (?:nay|sau|toi|ke tiep|tiep theo)"
_NOT_A_RATIO = r"(?!\s*(?:chi tieu|chi so|tieu chi|diem|xa|phuong|huyen|don vi|ho so|nhiem vu|tthc|thu tuc|so)\b)"

DAY = (
    rf"(?:{_LEFT}(?:m[uo]ng )?(?:"
    r"\d{1,2}\s*/\s*\d{1,2}\s*/\s*(?:\d{4}|\d{2})"
    r"|\d{1,2}\s?/\s?\d{1,2}\s?[-.]\s?\d{4}"
    r"|\d{1,2}\s?-\s?\d{1,2}\s?-\s?(?:\d{4}|\d{2})"
    r"|\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?(?:\d{4}|\d{2})"
    rf"|\d{{1,2}}\s*thang\s*(?:\d{{1,2}}|{_MONTH_WORD}(?=,? nam\b))"
    rf"(?:\s*,?\s*nam\s*\d{{4}}|\s*[/-]\s*\d{{4}}|\s+{_RELATIVE_YEAR})?"
    r"|\d{1,2},? (?:cua )?thang nay"
    rf"|\d{{1,2}}\s*/\s*\d{{1,2}}(?:\s*,?\s*nam\s*\d{{4}}|\s+{_RELATIVE_YEAR}|{_NOT_A_RATIO})"
    rf"){_RIGHT})"
)
"""05/11/2026, 5-11-2026, 5.11.2026, 5 tháng 11 năm 2026, mùng 5 tháng 12, 15 tháng này, 05/11, 05/11 năm sau."""

YEARLESS_DAY = (
    rf"(?:{_LEFT}(?:m[uo]ng )?(?:\d{{1,2}}\s*thang\s*\d{{1,2}}|\d{{1,2}}\s*/\s*\d{{1,2}}){_RIGHT}"
    r"(?!\s*,?\s*nam\s*\d))"
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """Ngày như đã viết. `is_year_assumed` when the writing left the year to the reader."""

    day: date
    is_year_assumed: bool = False


def named_day(text: str, base_on: date) -> NamedDay | None:
    """The civil day written; None when it does not exist or its year is not sure.

    Without a year it is the next such day on or after `base_on`.
    """
    if "thang nay" in text:
        day = int(re.findall(r"\d+", text)[0])
        return _existing(base_on.year, base_on.month, day)
    parts = [int(part) for part in re.findall(r"\d+", text)]
    word = re.search(rf"thang ({_MONTH_WORD})\b", text)
    if word:
        parts.insert(1, _MONTH_WORDS[word[1]])
    if re.search(_RELATIVE_YEAR, text):
        return _existing(base_on.year + ("nam nay" not in text), parts[1], parts[0])
    if len(parts) == 2:  # noqa: PLR2004 - day and month
        return next_day(parts[0], parts[1], base_on)
    year = full_year(parts[2], base_on)
    return None if year is None else _existing(year, parts[1], parts[0])


def full_year(year: int, base_on: date) -> int | None:
    """A written year in full; None when two digits are not sure or four are a misprint."""
    if year >= 100:  # noqa: PLR2004 - four digits
        return year if FIRST_YEAR <= year <= LAST_YEAR else None
    year += base_on.year // 100 * 100
    return year if base_on.year <= year <= base_on.year + SHORT_YEAR_SPAN else None


def next_day(day: int, month: int, base_on: date) -> NamedDay | None:
    """The next such day on or after `base_on`; None for 31/11, and for 29/02 when neither year has it."""
    for year in (base_on.year, base_on.year + 1):
        found = _existing(year, month, day)
        if found and found.day >= base_on:
            return NamedDay(found.day, is_year_assumed=True)
    return None


def _existing(year: int, month: int, day: int) -> NamedDay | None:
    try:
        return NamedDay(date(year, month, day))
    except ValueError:
        return None


def day_and_month(text: str) -> tuple[int, int] | None:
    """Day and month of a yearly rule; None when no year has such a day. 29/02 exists and clamps in common years."""
    day, month = (int(part) for part in re.findall(r"\d+", text)[:2])
    if not 1 <= month <= MONTHS_A_YEAR or not 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
        return None
    return day, month


# --- clock and weekday -------------------------------------------------------------------------------------------

CLOCK = (
    r"(?:(?P<hour>\d{1,2})\s*(?:(?:h|gio|g)\s*(?P<minute>\d{2})?|:\s*(?P<minute_after_colon>\d{2}))"
    r"\s*(?:phut|p|')?(?:\s*(?P<half>sang|trua|chieu|toi)\b)?(?!\w))"
)
"""17 giờ 00, 10h00, 17h, 8h30', 17:00, 5 giờ chiều."""


def clock_time(match: re.Match[str]) -> time | None:
    """The clock time a match of CLOCK names; None when there is no such time. 24 giờ is asked of `is_midnight`."""
    hour = int(match["hour"])
    minute = int(match["minute"] or match["minute_after_colon"] or 0)
    if match["half"] in {"chieu", "toi"} and hour < NOON:
        hour += NOON
    try:
        return time(hour, minute)
    except ValueError:
        return None


def ends_the_day(match: re.Match[str]) -> bool:
    """24 giờ, 24h00: the end of the day named, not a time of its own."""
    return match["hour"] == "24" and int(match["minute"] or match["minute_after_colon"] or 0) == 0


_WEEKDAYS = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5,
}  # fmt: skip
WEEKDAY = r"(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b"


def weekday(text: str) -> int:
    """0 for thứ Hai ... 6 for Chủ nhật."""
    return 6 if text.startswith("chu") else _WEEKDAYS[text.removeprefix("thu ")]


# --- months, quarters, years -------------------------------------------------------------------------------------

YEAR = r"(?:19|20)\d\d(?!\w|/\d)"
_YEAR_TAIL = rf"(?:\s*(?:/|-|\.|,?\s*nam|,)\s*{YEAR}|\s+{YEAR}|\s+{_RELATIVE_YEAR})"
_MONTH_NO = r"\d{1,2}(?!\w|\s*/\s*\d{1,2}(?!\d))"
_QUARTER_NO = r"(?:[ivl1|]{1,3}|\d)(?![\w|])"
_AND = r"\s*(?:,|;|-|/|va|den|den het|sang|hoac)\s*"

MONTHS = rf"(?:(?:cac )?thang\s*{_MONTH_NO}{_YEAR_TAIL}?(?:{_AND}(?:het )?(?:thang\s*)?{_MONTH_NO}{_YEAR_TAIL}?)*)"
"""tháng 11/2026; tháng 11, 12/2026; tháng 12/2025 và tháng 01/2026."""

BARE_MONTH = rf"(?:(?<![\w/.\-])\d{{1,2}}\s*[/-]\s*{YEAR})"
"""11/2026, as a deadline column writes a month."""

QUARTERS = (
    rf"(?:(?:cac )?quy\s*{_QUARTER_NO}{_YEAR_TAIL}?(?:{_AND}(?:het )?(?:quy\s*)?{_QUARTER_NO}{_YEAR_TAIL}?)*"
    rf"|q\.?\s*{_QUARTER_NO}{_YEAR_TAIL})"
)
"""quý IV/2026; quý III, IV năm 2026; quý IV/2025 và quý I/2026; Q4/2026."""

YEARS = rf"(?:(?:cac )?(?:giai doan|nam)\s*{YEAR}(?:{_AND}(?:nam\s*)?{YEAR})*)"
"""năm 2026; năm 2025-2026; giai đoạn 2024-2026."""


@dataclass(frozen=True, slots=True)
class Period:
    """Một hay nhiều tháng, quý, năm liền nhau: first and last day. `is_year_assumed` as in `NamedDay`."""

    first_on: date
    last_on: date
    is_year_assumed: bool = False


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months_period(text: str, base_on: date) -> Period | None:
    """What MONTHS or BARE_MONTH matched; None for tháng 70, or when the order of the months makes no sense."""
    numbered = _numbered(text, base_on, _month_number)
    return _period([(month, year, 1) for month, year in numbered], base_on, is_range=_is_range(text))


def quarters_period(text: str, base_on: date) -> Period | None:
    """What QUARTERS matched, in months; None when the numeral cannot be read for sure."""
    numbered = _numbered(re.sub(r"\b(?:quy|q\.?)\s*", "", text), base_on, _quarter_number)
    starts = [(quarter * 3 - 2 if quarter else None, year, 3) for quarter, year in numbered]
    return _period(starts, base_on, is_range=_is_range(text))


def _is_range(text: str) -> bool:
    """Tháng 10-12: every month between counts. Tháng 6 và tháng 12 is no range, and two deadlines."""
    return bool(re.search(r"(?<!\d)\d{1,2}\s*-|[ivl]\s*-|\d{4}\s*-|\bden\b", text))


def years_period(text: str) -> Period | None:
    """What YEARS matched, from the first day of the first year to the last of the last."""
    years = [int(year) for year in re.findall(r"\d{4}", text)]
    if years != sorted(set(years)):
        return None
    return Period(date(years[0], 1, 1), date(years[-1], 12, 31))


def _month_number(text: str) -> int | None:
    return int(text) if text.isdecimal() and 1 <= int(text) <= MONTHS_A_YEAR else None


def _quarter_number(text: str) -> int | None:
    if text in {"1", "2", "3", "4"}:
        return int(text)
    if text.isdecimal():  # 11 may be a scanned II or a misprint
        return None
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(re.sub(r"[l1|]", "i", text))


def _numbered(text: str, base_on: date, read: Callable[[str], int | None]) -> list[tuple[int | None, int | None]]:
    """Each number of a list with the year written right after it."""
    items: list[tuple[int | None, int | None]] = []
    relative = base_on.year + 1 if re.search(r"nam (?:sau|toi|ke tiep|tiep theo)", text) else base_on.year
    for token in re.findall(r"\d{4}|\bnam (?:nay|sau|toi|ke tiep|tiep theo)|[ivl|]{1,3}\b|\b1[vil|]{1,2}\b|\d+", text):
        if len(token) == 4 and token.isdecimal():  # noqa: PLR2004 - a year
            if items:
                items[-1] = (items[-1][0], int(token))
        elif token.startswith("nam "):
            items[-1] = (items[-1][0], relative)
        else:
            items.append((read(token), None))
    return items


def _period(items: list[tuple[int | None, int | None, int]], base_on: date, *, is_range: bool) -> Period | None:
    """From the first item to the end of the last; a year written once at the end governs the items before it."""
    if not items or any(start is None for start, _, _ in items):
        return None
    year = items[-1][1]
    if year is None and any(item[1] for item in items):
        return None
    is_assumed = year is None
    length = items[-1][2]
    last_start = items[-1][0]
    assert last_start is not None
    if year is None:
        year = base_on.year
        if month_end(year, last_start + length - 1) < base_on:
            year += 1
    dated = []
    for start, own_year, _ in reversed(items):
        assert start is not None
        year = own_year or year
        dated.append(date(year, start, 1))
    dated.reverse()
    if dated != sorted(set(dated)):
        return None
    last = dated[-1]
    months = [day.year * MONTHS_A_YEAR + day.month for day in dated]
    if not is_range and any(later - earlier != length for earlier, later in pairwise(months)):
        return None
    return Period(dated[0], month_end(last.year, last.month + length - 1), is_assumed)


def day_before(day: date) -> date:
    """The last day that "trước" this day still allows."""
    return day - timedelta(days=1)
