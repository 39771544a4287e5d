"""One phrase that names periods or days apart from each other: "Quý II và quý IV/2026" is work that is due twice."""

import re
from dataclasses import replace

from models.terms import DeadlineKind
from planner.reading.dating import Dating
from planner.reading.draft import DutyDeadline

ONE_OF_SEVERAL = "Một ô ghi nhiều kỳ, hiểu là mỗi kỳ một lần: cần xác nhận kỳ này."

_PERIODS = {DeadlineKind.QUARTER, DeadlineKind.MONTH}
_UNIT = r"(?:[Qq]u[ýíyi]|[Tt]háng|[Tt]hang)"
_NO = r"(?:[IVX]{1,3}|\d{1,2})"
_LIST = re.compile(
    rf"(?P<lead>.*?)(?P<unit>{_UNIT})\s(?P<items>{_NO}(?:\s?/\s?\d{{4}})?(?:\s?(?:,|;|và|va|\+)\s?(?:{_UNIT}\s)?{_NO}"
    rf"(?:\s?/\s?\d{{4}})?)+)(?:\s?/\s?|,?\s(?:năm|nam)\s)?(?P<year>\d{{4}})?[\s.)]*"
)


def deadlines_of(deadline: DutyDeadline, dating: Dating) -> list[DutyDeadline]:
    """The deadline itself; or one for each of its periods, where they do not join. All but the last are asked about."""
    if deadline.kind not in {*_PERIODS, DeadlineKind.FIXED} or not deadline.ask or deadline.phrase is None:
        return [deadline]
    singles = _single_periods if deadline.kind in _PERIODS else _single_days
    read = [dating.of_cell(phrase, deadline.spot) for phrase in singles(deadline.phrase)]
    days = [each.last_valid_on for each in read if each.last_valid_on is not None]
    if len(read) < 2 or len(days) < len(read) or days != sorted(set(days)):  # noqa: PLR2004 - two are several
        return [deadline]
    *earlier, last = (replace(each, phrase=deadline.phrase) for each in read)
    return [*(replace(each, ask=True, why=ONE_OF_SEVERAL) for each in earlier), last]


_DAY = r"\d{1,2}\s?/\s?\d{1,2}"
_DAYS = re.compile(
    rf"(?P<lead>\D*?)(?P<items>(?:{_DAY}(?:\s?/\s?\d{{4}})?\s?(?:,|;|và|va)\s?(?:[Tt]rước )?(?:ngày |ngay )?)+"
    rf"{_DAY}\s?/\s?(?P<year>\d{{4}}))[\s.)]*"
)


def _single_days(phrase: str) -> list[str]:
    """ "trước ngày 10/6 và 10/12/2026" -> one phrase for each day; the year stands for the days before it."""
    found = _DAYS.fullmatch(phrase)
    if found is None:
        return []
    days = re.findall(rf"({_DAY})(?:\s?/\s?(\d{{4}}))?", found["items"])
    return [f"{found['lead']}{day}/{year or found['year']}" for day, year in days]


def _single_periods(phrase: str) -> list[str]:
    """ "Quý II và IV/2026" -> "Quý II/2026", "Quý IV/2026"; a year stands for the periods before it."""
    found = _LIST.fullmatch(phrase)
    if found is None:
        return []
    year = found["year"]
    singles: list[str] = []
    for item in reversed(re.findall(rf"{_NO}(?:\s?/\s?\d{{4}})?", found["items"])):
        number, _, own_year = item.partition("/")
        year = own_year.strip() or year
        singles.append(f"{found['unit']} {number.strip()}/{year}" if year else f"{found['unit']} {number.strip()}")
    return singles[::-1]
