"""dondoc overdue, schedule and calendar: figures that equal the list behind them, rows that scripts can rely on."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.command_line.lists import KIND_WORDS
from bot.settings import load_settings
from models.assignment import Assignment
from models.columns import columns_of
from models.database import open_database
from models.org_unit import OrgUnit
from models.task import Task
from models.terms import Answer, ReminderKind
from planner.report_progress import Said, report_progress
from tests.bot.command_line.conftest import one_database

Dondoc = Callable[..., Any]

OVERDUE_ROW = [
    "plan", "task", "unit", "due_on", "last_valid_on", "days_overdue", "workdays_overdue", "state", "last_answer_at",
]  # fmt: skip
SCHEDULE_ROW = ["at", "recipient_unit", "kind", "step", "task", "plan", "due_on", "last_valid_on"]
COUNTS = ["done_on_time", "done_late", "open_in_time", "open_late"]


def answer(task: str, unit: str, said: Answer, at: datetime) -> None:
    async def work() -> None:
        database = open_database(load_settings().database_url)
        a, t, u = columns_of(Assignment), columns_of(Task), columns_of(OrgUnit)
        query = (
            select(a.id).join(Task, t.id == a.task_id).join(OrgUnit, u.id == a.unit_id)
            .where(t.code == task, u.code == unit).order_by(a.effective_on).limit(1)
        )  # fmt: skip
        async with database.write() as session:
            assignment_id = (await session.execute(query)).scalar_one()
            await report_progress(session, assignment_id, said, said=Said(None, "local", "", at))
            await session.commit()
        await database.close()

    asyncio.run(work())


# --- overdue ---


def test_what_is_late_is_listed_with_the_four_figures(province: Dondoc) -> None:
    answer("KM1-1", "T.YT", Answer.DONE, datetime(2024, 11, 4, 3, tzinfo=UTC))
    answer("KM1-1", "T.TP", Answer.IN_PROGRESS, datetime(2024, 11, 1, 3, tzinfo=UTC))
    told = province("overdue", "--as-of", "2024-11-11", "--json")
    assert list(told.json) == ["as_of", "counts", "rows"]
    assert told.json["as_of"] == "2024-11-11"
    assert list(told.json["counts"]) == COUNTS
    assert told.json["counts"] == {"done_on_time": 1, "done_late": 0, "open_in_time": 1, "open_late": 1}
    assert told.json["rows"] == [
        {
            "plan": "KM1",
            "task": "KM1-1",
            "unit": "T.TP",
            "due_on": "2024-11-05",
            "last_valid_on": "2024-11-04",
            "days_overdue": 7,
            "workdays_overdue": 5,
            "state": "in_progress",
            "last_answer_at": "2024-11-01T10:00:00+07:00",
        }
    ]
    assert list(told.json["rows"][0]) == OVERDUE_ROW


@pytest.mark.parametrize(("day", "late"), [("2024-11-04", 0), ("2024-11-05", 2), ("2024-11-15", 2), ("2024-11-16", 3)])
def test_work_is_late_from_the_day_after(province: Dondoc, day: str, late: int) -> None:
    told = province("overdue", "--as-of", day, "--json")
    assert told.json["counts"]["open_late"] == len(told.json["rows"]) == late


def test_one_unit_sees_its_own(province: Dondoc) -> None:
    told = province("overdue", "--as-of", "2024-12-01", "--unit", "T.YT", "--json").json
    assert {row["unit"] for row in told["rows"]} == {"T.YT"}
    assert sum(told["counts"].values()) == 1


@one_database
def test_the_table_says_the_same_figures(province: Dondoc) -> None:
    told = province("overdue", "--as-of", "16/11/2024")
    assert told.out.startswith("Quá hạn tính đến hết ngày 16/11/2024\nTổng 3: xong đúng hạn 0")
    assert "quá hạn 3\n" in told.out
    assert told.out.count("chưa phản hồi") == 3


@one_database
def test_periods_that_come_later_are_counted_and_not_kept(province: Dondoc) -> None:
    """The bot need not be running for the answer to be true, and asking changes nothing."""

    def stored() -> int:
        async def ask() -> int:
            database = open_database(load_settings().database_url)
            async with database.read() as session:
                found = (await session.execute(select(func.count()).select_from(Assignment))).scalar_one()
            await database.close()
            return int(found)

        return asyncio.run(ask())

    before = stored()
    told = province("overdue", "--as-of", "2098-12-01", "--json").json
    assert len(told["rows"]) == 2 * 75 + 1
    assert stored() == before


@one_database
def test_today_is_the_default(province: Dondoc) -> None:
    assert province("overdue", "--json").json["as_of"] >= "2024-11-01"


@one_database
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["overdue", "--unit", "T.T"], "Không có đơn vị nào là “T.T”. Có phải: T.TP"),
        (["overdue", "--as-of", "mai"], "--as-of phải viết dạng 2024-10-23 hoặc 23/10/2024."),
        (["schedule", "--from", "2024-10-01", "--to", "2024-09-30"], "--to phải từ ngày của --from trở đi."),
        (["schedule", "--from", "2024-10-01", "--to", "2034-10-01"], "Khoảng từ --from đến --to dài nhất là 366 ngày."),
        (["schedule", "--from", "x", "--to", "2034-10-01"], "--from phải viết dạng"),
        (["schedule", "--from", "2024-10-01", "--to", "2024-10-01", "--unit", "X"], "Không có đơn vị nào là “X”."),
    ],
)
def test_what_cannot_be_asked_is_told(province: Dondoc, words: list[str], said: str) -> None:
    told = province(*words)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(said)
    assert len(told.err.splitlines()) == 1


@one_database
def test_nothing_loaded_is_nothing_late(stored: Dondoc) -> None:
    assert stored("overdue", "--as-of", "2024-11-06", "--json").json == {
        "as_of": "2024-11-06",
        "counts": dict.fromkeys(COUNTS, 0),
        "rows": [],
    }
    assert stored("schedule", "--from", "2024-11-06", "--to", "2024-11-07", "--json").json == []


# --- schedule ---


def test_who_would_be_told_what_is_stable_json(province: Dondoc) -> None:
    told = province("schedule", "--from", "2024-10-23", "--to", "2024-11-07", "--json")
    assert {tuple(row) for row in told.json} == {tuple(SCHEDULE_ROW)}
    assert told.json[0] == {
        "at": "2024-10-23T08:00:00+07:00",
        "recipient_unit": "T.TP",
        "kind": "new",
        "step": "mới",
        "task": "KM1-1",
        "plan": "KM1",
        "due_on": "2024-11-05",
        "last_valid_on": "2024-11-04",
    }
    assert [(row["at"], row["recipient_unit"]) for row in told.json] == sorted(
        (row["at"], row["recipient_unit"]) for row in told.json
    )
    assert [(row["at"][:10], row["recipient_unit"]) for row in told.json if row["kind"] == "escalation"] == [
        ("2024-11-07", "T.TTTT")
    ]


@one_database
def test_a_row_is_a_line(province: Dondoc) -> None:
    told = province("schedule", "--from", "2024-10-23", "--to", "2024-11-07", "--unit", "T.YT", "--json")
    assert len(told.out.splitlines()) == len(told.json)
    assert {row["recipient_unit"] for row in told.json} == {"T.YT"}


@one_database
def test_the_schedule_is_a_table_for_people(province: Dondoc) -> None:
    told = province("schedule", "--from", "23/10/2024", "--to", "05/11/2024")
    assert "08:00 23/10/2024" in told.out
    assert "vừa quá hạn" in told.out
    rows = province("schedule", "--from", "23/10/2024", "--to", "05/11/2024", "--json").json
    assert told.out.endswith(f"Tổng {len(rows)} lần nhắc.\n")


def test_every_kind_of_reminder_has_its_word() -> None:
    assert {kind.value for kind in ReminderKind} <= KIND_WORDS.keys()


@one_database
def test_dry_runs_change_nothing(province: Dondoc) -> None:
    words = ("schedule", "--from", "2025-01-01", "--to", "2025-12-31", "--json")
    assert province(*words) == province(*words)


# --- calendar ---


def test_a_year_lists_its_unusual_days_with_what_they_rest_on(dondoc: Dondoc) -> None:
    told = dondoc("calendar", "2026", "--json")
    assert list(told.json) == ["year", "is_settled", "days"]
    assert {tuple(day) for day in told.json["days"]} == {("day", "is_workday", "name", "decision", "is_confirmed")}
    days = {day["day"]: day for day in told.json["days"]}
    assert (days["2026-01-02"]["is_workday"], days["2026-01-02"]["decision"]) == (False, "12729/VPCP-KGVX")
    assert days["2026-01-10"]["is_workday"] is True
    assert days["2026-11-24"]["is_confirmed"] is False


def test_a_year_is_a_table_for_people(dondoc: Dondoc) -> None:
    told = dondoc("calendar", "2026")
    assert (told.code, told.err) == (0, "")
    assert "thứ Sáu 02/01/2026" in told.out
    assert "chưa xác nhận" in told.out


def test_a_year_that_is_not_settled_is_warned_about(dondoc: Dondoc) -> None:
    told = dondoc("calendar", "2030")
    assert told.code == 0
    assert told.err.startswith("Lưu ý: chưa có quyết định hoán đổi ngày nghỉ năm 2030")
    assert dondoc("calendar", "2030", "--json").json["is_settled"] is False


def test_a_calendar_file_with_mistakes_is_told_line_by_line(
    dondoc: Dondoc, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "lich.yaml").write_text("days:\n  - day: 30/02/2026\n    is_workday: maybe\n")
    monkeypatch.setenv("CALENDAR_FILE", "lich.yaml")
    told = dondoc("calendar", "2026")
    assert told.code == 2
    assert len(told.err.splitlines()) == 4
    assert all(line.startswith("lich.yaml:") for line in told.err.splitlines())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(max_size=12).filter(lambda text: not text.startswith("-")) | st.integers(0, 10**6).map(str))
def test_any_year_ends_in_a_table_or_in_one_sentence(dondoc: Dondoc, year: str) -> None:
    told = dondoc("calendar", year, "--json")
    if told.code == 0:
        assert told.json["year"] == int(year)
    else:
        assert (told.code, len(told.err.splitlines())) == (2, 1)
