"""dondoc plan and dondoc units: all mistakes at once, nothing written when there is one, loading again is harmless."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.settings import load_settings
from models.assignment import Assignment
from models.audit import AuditEvent
from models.database import open_database
from models.extension import Extension
from models.org_unit import OrgUnit
from models.plan import Plan
from tests.bot.command_line.conftest import one_database
from tests.builders import PLAN, UNITS

Dondoc = Callable[..., Any]

SECOND = """
plan: KM2
kind: công văn
document_no: 9/UBND
issued_on: 02/10/2024
title: Công văn mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 02/10/2024
tasks:
  - code: KM2-1
    from: "1"
    title: Tổng hợp báo cáo
    kind: báo cáo
    deadline: trước ngày 15/11 hằng năm
    lead: [T.TTTT]
    same_as: KM1-1
"""


def count(model: Any) -> int:
    async def ask() -> int:
        database = open_database(load_settings().database_url)
        async with database.read() as session:
            found = (await session.execute(select(func.count()).select_from(model))).scalar_one()
        await database.close()
        return int(found)

    return asyncio.run(ask())


def test_the_plans_that_come_along_load_on_an_empty_database(stored: Dondoc) -> None:
    told = stored("plan", "load", "--track-from", "23/10/2024", "--json")
    assert (told.code, told.err) == (0, "")
    assert {row["plan_code"]: len(row["added"]) for row in told.json["plans"]} == {
        "CV1487": 16,
        "DVC23": 34,
        "GL142": 23,
        "KH146": 10,
        "VB26": 24,
    }
    assert count(OrgUnit) > 100


def test_loading_again_changes_nothing(province: Dondoc) -> None:
    told = province("plan", "load", "km1.yaml")
    assert (told.code, told.out) == (0, "KM1: không có gì thay đổi.\n")


@one_database
def test_a_new_plan_says_what_it_opened(stored: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "km1.yaml").write_text(PLAN)
    told = stored("plan", "load", "km1.yaml", "--track-from", "2024-10-23")
    assert told.out.startswith("KM1: mới, 2 nhiệm vụ, mở ")
    assert stored("units", "list", "--json").json[0]["code"] == "T.UBND", "the directory beside the plan came first"


def test_a_moved_deadline_becomes_an_extension_with_the_reason_given(province: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "km1.yaml").write_text(PLAN.replace("15/11/2024", "29/11/2024"))
    told = province("plan", "load", "km1.yaml", "--reason", "Công văn 77/UBND")
    assert told.out == "KM1: 1 nhiệm vụ đổi thời hạn, gia hạn 1 việc đang mở.\n"
    assert count(Extension) == 1


@one_database
def test_a_removed_task_is_closed(province: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "km1.yaml").write_text(PLAN[: PLAN.index("  - code: KM1-2")])
    assert province("plan", "load", "km1.yaml").out == "KM1: 1 nhiệm vụ đóng.\n"
    shown = province("plan", "show", "KM1", "--json").json
    assert [row["closed_at"] is None for row in shown["task_rows"]] == [True, False]
    assert "đã đóng" in province("plan", "show", "KM1").out


def test_every_mistake_of_every_file_is_told_and_nothing_is_written(stored: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "good.yaml").write_text(PLAN)
    (empty_folder / "bad.yaml").write_text(SECOND.replace("T.TTTT]", "Sở Không Có]").replace("công văn", "giấy"))
    (empty_folder / "worse.yaml").write_text("plan: [")
    told = stored("plan", "load", "good.yaml", "bad.yaml", "worse.yaml", "missing.yaml")
    assert (told.code, told.out) == (2, "")
    assert [line.split(":")[0] for line in told.err.splitlines()] == [
        "bad.yaml",
        "bad.yaml",
        "worse.yaml",
        "missing.yaml",
    ]
    assert (count(Plan), count(OrgUnit), count(AuditEvent)) == (0, 0, 0)


@one_database
def test_references_between_plans_are_followed_through_what_is_loaded(province: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "other").mkdir()
    second = empty_folder / "other" / "km2.yaml"
    second.write_text(SECOND.replace("same_as: KM1-1", "same_as: KM1-9"))
    told = province("plan", "load", str(second))
    assert told.code == 2
    assert "Không có nhiệm vụ nào mã" in told.err
    assert "KM1-1" in told.err, "the nearest is named"
    second.write_text(SECOND)
    assert province("plan", "load", str(second)).code == 0


@one_database
def test_a_reference_to_a_plan_that_waits_in_the_same_folder_is_fine(stored: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "km1.yaml").write_text(PLAN.replace("kind: báo cáo", "kind: sai rồi"))
    (empty_folder / "km2.yaml").write_text(SECOND)
    assert stored("plan", "check", "km2.yaml").code == 0
    told = stored("plan", "check", "km1.yaml", "km2.yaml")
    assert told.code == 2
    assert "km2.yaml" not in told.err, "the mistake is the other file's"


@one_database
def test_a_task_code_of_another_plan_is_told(stored: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "a.yaml").write_text(PLAN)
    (empty_folder / "b.yaml").write_text(PLAN)
    told = stored("plan", "check", "a.yaml", "b.yaml")
    assert told.code == 2
    assert "Mã kế hoạch KM1 đã dùng ở a.yaml" in told.err


def test_checking_writes_nothing(stored: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "km1.yaml").write_text(PLAN)
    told = stored("plan", "check", ".")
    assert (told.code, told.out) == (0, "KM1: 2 nhiệm vụ, không có lỗi (km1.yaml).\n")
    assert (count(Plan), count(OrgUnit)) == (0, 0)


@one_database
def test_mistakes_come_as_json_too(stored: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "km1.yaml").write_text(PLAN.replace("kind: báo cáo", "kind: sai rồi"))
    told = stored("plan", "check", "km1.yaml", "--json")
    assert told.code == 2
    assert told.json["plans"] == []
    (problem,) = told.json["problems"]
    assert list(problem) == ["file", "line", "task", "field", "message"]
    assert (problem["file"], problem["task"], problem["field"]) == ("km1.yaml", "KM1-1", "kind")


@one_database
def test_a_plan_without_units_in_the_directory_is_told(province: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "km3.yaml").write_text(SECOND.replace("KM2", "KM3").replace("T.UBND", "T.XYZ"))
    told = province("plan", "load", "km3.yaml")
    assert told.code == 2
    assert "T.XYZ" in told.err


def test_the_list_of_plans_is_stable_json(province: Dondoc) -> None:
    (row,) = province("plan", "list", "--json").json
    assert list(row) == [
        "plan", "kind", "document_no", "issued_on", "title", "issuer", "coordinating_unit", "valid_from", "valid_to",
        "track_from", "is_secret", "tasks", "counts",
    ]  # fmt: skip
    assert (row["plan"], row["tasks"], row["track_from"], row["valid_to"]) == ("KM1", 2, "2024-10-23", None)
    assert list(row["counts"]) == ["done_on_time", "done_late", "open_in_time", "open_late"]
    assert sum(row["counts"].values()) == count(Assignment)


@one_database
def test_lists_are_tables_for_people(province: Dondoc) -> None:
    told = province("plan", "list")
    assert "12/KH-UBND" in told.out
    shown = province("plan", "show", "KM1").out
    assert "Báo cáo kết quả rà soát" in shown
    assert "trước ngày 05/11 hằng năm" in shown
    assert "T.TP, T.YT" in shown


def test_a_plan_is_shown_with_its_tasks(province: Dondoc) -> None:
    shown = province("plan", "show", "KM1", "--json").json
    assert shown["notes"] == []
    first, second = shown["task_rows"]
    assert (first["task"], first["deadline_kind"], first["boundary"], first["due_on"]) == (
        "KM1-1",
        "yearly",
        "before",
        None,
    )
    assert (second["due_on"], second["last_valid_on"], second["lead"]) == ("2024-11-15", "2024-11-15", ["T.TP"])


@one_database
def test_an_unknown_plan_is_answered_with_the_nearest(province: Dondoc) -> None:
    told = province("plan", "show", "KM")
    assert (told.code, told.err) == (2, "Không có kế hoạch nào là “KM”. Có phải: KM1?\n")


@one_database
def test_empty_lists_say_what_to_do(stored: Dondoc) -> None:
    assert stored("plan", "list").err == "Chưa có kế hoạch nào: nạp bằng dondoc plan load.\n"
    assert stored("units", "list").err == "Chưa có đơn vị nào: nạp danh mục bằng dondoc units load.\n"
    assert stored("plan", "list", "--json").json == stored("units", "list", "--json").json == []


@pytest.mark.parametrize("name", ["khong-co.yaml", ".", "a\x00b"], ids=["missing", "a folder", "a zero byte"])
def test_a_unit_file_that_cannot_be_read_is_told(dondoc: Dondoc, name: str) -> None:
    told = dondoc("units", "load", name)
    assert told.code == 2
    assert len(told.err.splitlines()) == 1


def test_units_load_and_load_again(stored: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "u.yaml").write_text(UNITS)
    assert stored("units", "load", "u.yaml").out == "Đã nạp 5 đơn vị: 5 mới, 0 đổi, 0 như cũ; 1 nhóm.\n"
    (empty_folder / "u.yaml").write_text(UNITS.replace("Sở Y tế Mẫu", "Sở Y tế"))
    assert stored("units", "load", "u.yaml").out == "Đã nạp 5 đơn vị: 0 mới, 1 đổi, 4 như cũ; 1 nhóm.\n"


def test_units_are_listed_by_level_in_words_or_by_name(province: Dondoc) -> None:
    rows = province("units", "list", "--level", "huyện", "--json").json
    assert [list(row) for row in rows] == [["code", "name", "short_name", "level", "parent", "valid_from", "valid_to"]]
    assert rows[0]["level"] == "district"
    assert province("units", "list", "--level", "district", "--json").json == rows
    assert province("units", "list", "--level", "huyen", "--json").json == rows
    assert "Tổng 3 đơn vị." in province("units", "list", "--level", "sở").out
    told = province("units", "list", "--level", "thôn")
    assert (told.code, told.err) == (2, "--level phải là một trong: tỉnh, sở, huyện, xã, phòng, ngoài.\n")


def test_it_all_works_from_an_empty_machine(process: Dondoc, empty_folder: Path) -> None:
    told = process("plan", "load", "--track-from", "2024-10-23")
    assert (told.code, told.err) == (0, ""), "no bar where there is no terminal"
    assert (empty_folder / "var" / "dondoc.db").is_file()
    overdue = process("overdue", "--as-of", "2024-11-06", "--json")
    assert overdue.json["counts"]["open_late"] == len(overdue.json["rows"]) > 0
