"""The Vietnamese working calendar: holidays, swaps, the calendar file, and counting days."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from timeit import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import FileProblemsError
from planner.workdays import CalendarOverride, WorkCalendar, parse_overrides

SEED = Path(__file__).parents[2] / "seed_plans" / "calendar.yaml"
SEEDED = WorkCalendar(parse_overrides(SEED.read_text(encoding="utf-8"), file=SEED.name))
PLAIN = WorkCalendar()
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2026, 2, 17), "Tết Nguyên Đán", id="Bộ luật Lao động, Điều 112: Tết"),
        pytest.param(date(2026, 9, 2), "Quốc khánh", id="Bộ luật Lao động, Điều 112: Quốc khánh"),
        pytest.param(date(2026, 4, 27), "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", id="Điều 111: nghỉ bù for a Sunday"),
        pytest.param(date(2026, 1, 2), "Nghỉ Tết Dương lịch (hoán đổi với thứ Bảy 10/01/2026)", id="12729/VPCP-KGVX"),
        pytest.param(date(2026, 11, 7), "thứ Bảy", id="weekend"),
        pytest.param(date(2026, 11, 8), "Chủ nhật", id="weekend, Sunday"),
        pytest.param(date(2026, 11, 24), "Ngày Văn hóa Việt Nam", id="80-NQ/TW, to be confirmed: off is the safe side"),
        pytest.param(date(2026, 11, 9), None, id="an ordinary Monday"),
        pytest.param(date(2026, 1, 10), None, id="12729/VPCP-KGVX: a Saturday worked"),
        pytest.param(date(2026, 8, 22), None, id="a Saturday worked for 31/8"),
    ],
)
def test_a_day_off_says_why(day: date, name: str | None) -> None:
    assert SEEDED.day_off_name(day) == name
    assert SEEDED.is_workday(day) is (name is None)


def test_the_file_has_the_last_word() -> None:
    works = CalendarOverride(date(2026, 11, 24), is_workday=True, decision="1/QĐ", name="Đi làm")
    assert WorkCalendar([works]).is_workday(date(2026, 11, 24))
    assert not PLAIN.is_workday(date(2026, 11, 24))


def test_the_listing_shows_unusual_days_with_their_decision() -> None:
    rows = {row.day: row for row in SEEDED.rows(2026)}
    assert list(rows) == sorted(rows)
    assert (rows[date(2026, 1, 10)].is_workday, rows[date(2026, 1, 10)].decision) == (True, "12729/VPCP-KGVX")
    assert not rows[date(2026, 11, 24)].is_confirmed
    assert date(2026, 11, 7) not in rows


def test_a_year_without_a_decision_is_not_settled() -> None:
    swap = CalendarOverride(date(2027, 1, 2), is_workday=False, decision="99/VPCP-KGVX", name="Nghỉ")
    assert SEEDED.is_settled(2026)
    assert not SEEDED.is_settled(2027)
    assert WorkCalendar([swap]).is_settled(2027)


def test_a_day_only_announced_settles_nothing() -> None:
    announced = CalendarOverride(date(2027, 11, 24), is_workday=False, decision="chờ", name="x", is_confirmed=False)
    calendar = WorkCalendar([announced])
    assert not calendar.is_settled(2027)
    assert calendar.unconfirmed_between(date(2027, 11, 1), date(2027, 11, 24)) == [announced]
    assert calendar.unconfirmed_between(date(2027, 11, 24), date(2027, 12, 24)) == []


def test_the_event_day_is_not_counted() -> None:
    """BLDS 2015, Điều 147 khoản 2; 31/8-02/9/2026 are off."""
    assert SEEDED.add_workdays(date(2026, 8, 26), 5) == date(2026, 9, 7)


def test_counting_back_from_a_day() -> None:
    assert SEEDED.add_workdays(date(2026, 9, 7), -5) == date(2026, 8, 26)


def test_zero_workdays_is_the_day_itself() -> None:
    assert SEEDED.add_workdays(date(2026, 11, 8), 0) == date(2026, 11, 8)


def test_counting_crosses_years() -> None:
    assert PLAIN.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert PLAIN.add_workdays(date(2027, 1, 4), -1) == date(2026, 12, 31)


def _walk(day: date, n: int) -> date:
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= SEEDED.is_workday(day)
    return day


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(-300, 300))
def test_adding_workdays_is_walking_day_by_day(day: date, n: int) -> None:
    assert SEEDED.add_workdays(day, n) == _walk(day, n)


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(-400, 400))
def test_workdays_between_is_counting_day_by_day(day: date, days: int) -> None:
    end = day + timedelta(days=days)
    first, last = sorted((day, end))
    counted = sum(SEEDED.is_workday(first + timedelta(days=i)) for i in range(1, (last - first).days + 1))
    assert SEEDED.workdays_between(day, end) == (counted if days >= 0 else -counted)


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(1, 200))
def test_adding_then_counting_gives_the_number_back(day: date, n: int) -> None:
    assert SEEDED.workdays_between(day, SEEDED.add_workdays(day, n)) == n


@settings(max_examples=100, deadline=None)
@given(DAYS)
def test_the_nearest_workdays_enclose_a_day(day: date) -> None:
    before, after = SEEDED.last_workday_on_or_before(day), SEEDED.first_workday_on_or_after(day)
    assert before <= day <= after
    assert SEEDED.is_workday(before)
    assert SEEDED.is_workday(after)
    assert SEEDED.workdays_between(before, after) == (0 if before == after else 1)


def test_a_million_questions_stay_cheap() -> None:
    day = date(2026, 11, 5)
    SEEDED.is_workday(day)
    assert timeit(lambda: SEEDED.is_workday(day), number=100_000) < 0.5


# --- remind, an independent program ------------------------------------------------------------------------------

REMIND = shutil.which("remind")
needs_remind = pytest.mark.skipif(REMIND is None, reason="Debian's remind is not installed")


def _off_in(year: int) -> Iterator[date]:
    """Holidays on Monday to Friday; remind itself knows the weekends."""
    return (row.day for row in SEEDED.rows(year) if not row.is_workday and row.day.weekday() < 5)


def _remind(script: str, *arguments: str, folder: Path) -> str:
    path = folder / "calendar.rem"
    path.write_text("BANNER %\n" + script, encoding="ascii")
    assert REMIND is not None
    command = [REMIND, *arguments[:-1], str(path), arguments[-1]]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - a fixed program


@needs_remind
def test_remind_moves_to_the_same_workdays(tmp_path: Path) -> None:
    """OMITFUNC with BEFORE and AFTER, make-up Saturdays included, for every day of 2026 but its edges."""
    off = " || ".join(f"x == '{day}'" for day in _off_in(2026))
    worked = " && ".join(f"x != '{row.day}'" for row in SEEDED.rows(2026) if row.is_workday)
    lines = [f"FSET off(x) wkdaynum(x) == 0 || (wkdaynum(x) == 6 && {worked}) || {off}"]
    days = [date(2026, 1, 12) + timedelta(days=i) for i in range(340)]
    for day in days:
        lines += [f"REM {day} OMITFUNC off {way} MSG {way} {day}%" for way in ("BEFORE", "AFTER")]
    moved = {}
    for line in _remind("\n".join(lines) + "\n", "-s12", "2026-01-01", folder=tmp_path).splitlines():
        to, *_, way, asked_day = line.split()
        moved[way, asked_day] = date.fromisoformat(to.replace("/", "-"))
    for day in days:
        assert moved["BEFORE", str(day)] == SEEDED.last_workday_on_or_before(day)
        assert moved["AFTER", str(day)] == SEEDED.first_workday_on_or_after(day)


@needs_remind
def test_remind_counts_the_same_workdays(tmp_path: Path) -> None:
    """nonomitted() with OMIT, over years without make-up Saturdays."""
    omits = [f"OMIT {day}" for year in (2022, 2023) for day in _off_in(year)]
    spans = [(date(2022, 1, 1) + timedelta(days=3 * i), 11 * i % 97 + 1) for i in range(200)]
    ends = [(start, start + timedelta(days=length)) for start, length in spans]
    one = timedelta(days=1)
    asks = [f"MSG [nonomitted('{start + one}', '{end + one}', \"Sat\", \"Sun\")]%" for start, end in ends]
    answer = _remind("\n".join(omits + asks) + "\n", "-h", "2022-01-01", folder=tmp_path)
    assert [int(line) for line in answer.split()] == [SEEDED.workdays_between(start, end) for start, end in ends]


# --- the calendar file -------------------------------------------------------------------------------------------


def test_the_seed_calendar_cites_a_decision_for_every_row() -> None:
    overrides = parse_overrides(SEED.read_text(encoding="utf-8"), file="calendar.yaml")
    assert [row.day for row in overrides] == [date(2026, 1, 2), date(2026, 1, 10), date(2026, 11, 24)]
    assert all(row.decision for row in overrides)


def test_an_empty_file_has_no_rows() -> None:
    assert parse_overrides("", file="calendar.yaml") == []


def test_all_problems_of_a_file_come_at_once_with_their_lines() -> None:
    text = (
        "days:\n"
        "  - day: 31/02/2026\n"
        "    is_workday: có\n"
        "    name: Nghỉ\n"
        "    decision: 1/QĐ\n"
        "  - day: 2026-01-02\n"
        "    is_workday: false\n"
        "    is_confirmed: maybe\n"
        "    colour: red\n"
        "  - nghỉ\n"
    )
    with pytest.raises(FileProblemsError) as raised:
        parse_overrides(text, file="calendar.yaml")
    found = [(problem.line, problem.field) for problem in raised.value.problems]
    assert found == [
        (2, "day"),
        (3, "is_workday"),
        (9, "colour"),
        (8, "is_confirmed"),
        (6, "name"),
        (6, "decision"),
        (10, None),
    ]


def test_a_day_written_twice_is_a_problem() -> None:
    row = "  - {day: 02/01/2026, is_workday: false, name: Nghỉ, decision: 1/QĐ}\n"
    with pytest.raises(FileProblemsError, match="khai báo hai lần"):
        parse_overrides("days:\n" + row + row, file="calendar.yaml")


@pytest.mark.parametrize("text", ["days: [", "- 1\n", "days: 3\n", "5\n"])
def test_a_file_of_another_shape_is_a_problem(text: str) -> None:
    with pytest.raises(FileProblemsError):
        parse_overrides(text, file="calendar.yaml")
