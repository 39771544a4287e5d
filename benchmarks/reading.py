"""Pure words and days: deadline phrases read, working days counted."""

import time
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.parser import parse
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule

from benchmarks.measuring import Sheet, Times, count, ratio
from planner.deadlines import read_deadline
from planner.workdays import WorkCalendar

BASE = date(2026, 6, 17)
PHRASES = (
    "trước ngày 05/11 hằng năm",
    "chậm nhất ngày 20/12/2026",
    "hoàn thành trong quý IV năm 2026",
    "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản",
    "báo cáo định kỳ trước ngày 25 hàng tháng",
    "thường xuyên",
)
PLAIN_DATES = ("05/11/2026", "20/12/2026", "31 Dec 2026", "2026-06-25", "25 June 2026", "1/7/2026")


async def run(*, quick: bool) -> list[Sheet]:
    rounds, each = (2, 1) if quick else (15, 30)
    calendar = WorkCalendar()
    sheet = Sheet(
        f"reading and counting, {rounds} rounds",
        "none; worth knowing",
        "named in each row; dateutil reads a plain date only, and knows no holiday",
        ("what", "per second", "baseline", "per second", "of baseline"),
    )
    pairs: list[tuple[str, Callable[[], object], str, Callable[[], object], int]] = [
        (
            "read_deadline, six Vietnamese phrases",
            lambda: [read_deadline(phrase, base_on=BASE, calendar=calendar) for phrase in PHRASES],
            "dateutil.parser.parse, six plain dates",
            lambda: [parse(text) for text in PLAIN_DATES],
            len(PHRASES),
        ),
        (
            "add_workdays, 60 working days on",
            lambda: [calendar.add_workdays(BASE + timedelta(days=number), 60) for number in range(50)],
            "dateutil.rrule over weekdays, counted to 60",
            lambda: [_by_rrule(BASE + timedelta(days=number)) for number in range(50)],
            50,
        ),
    ]
    for name, ours, yardstick, theirs, number in pairs:
        rates = [number * each / taken.median for taken in _in_turns(ours, theirs, rounds=rounds, each=each)]
        sheet.add(name, count(rates[0]), yardstick, count(rates[1]), ratio(rates[0] / rates[1]))
    return [sheet]


def _by_rrule(day: date) -> object:
    return rrule(DAILY, byweekday=(MO, TU, WE, TH, FR), dtstart=day, count=61)[60]


def _in_turns(*works: Callable[[], object], rounds: int, each: int) -> list[Times]:
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for work, into in zip(works, taken, strict=True):
            began = time.perf_counter()
            for _ in range(each):
                work()
            into.append(time.perf_counter() - began)
    return [Times(each_work) for each_work in taken]
