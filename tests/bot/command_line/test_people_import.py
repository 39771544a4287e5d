"""dondoc people template and import: the way from an empty table to people with roles."""

import pytest
from openpyxl import load_workbook

from tests.bot.command_line.conftest import one_database

CSV = "Họ và tên;Đơn vị;Vai trò\nNguyễn Văn Mẫu;T.TP;thủ trưởng\nTrần Thị Thử;Sở Y tế Mẫu;chuyên viên\n"


@pytest.fixture
def listed(province, empty_folder):
    (empty_folder / "nguoi.csv").write_text(CSV, encoding="utf-8-sig")
    return province


def test_a_dry_run_writes_nothing_and_a_second_load_changes_nothing(listed):
    told = listed("people", "import", "nguoi.csv", "--dry-run", "--json")
    assert (told.code, told.err) == (0, "")
    assert told.json == {
        "dry_run": True,
        "added": [
            {"person": None, "full_name": "Nguyễn Văn Mẫu", "places": [{"unit": "T.TP", "role": "unit_head"}]},
            {"person": None, "full_name": "Trần Thị Thử", "places": [{"unit": "T.YT", "role": "officer"}]},
        ],
        "extended": [],
        "unchanged": 0,
        "notes": [],
    }
    assert listed("people", "list", "--json").json == []
    assert listed("audit", "verify", "--json").json["events"] == 1, "the plan only"
    added = listed("people", "import", "nguoi.csv", "--json").json["added"]
    assert [row["person"] for row in added] == [row["person"] for row in listed("people", "list", "--json").json]
    again = listed("people", "import", "nguoi.csv")
    assert again.out == "Đã nạp: thêm 0 người, thêm vai trò 0, không đổi 2 dòng.\n"


@one_database
def test_what_was_loaded_is_told(listed):
    assert listed("people", "import", "nguoi.csv").out == (
        "Thêm Nguyễn Văn Mẫu, mã 1: thủ trưởng T.TP\n"
        "Thêm Trần Thị Thử, mã 2: chuyên viên T.YT\n"
        "Đã nạp: thêm 2 người, thêm vai trò 0, không đổi 0 dòng.\n"
        "Cấp mã mời cho mọi người chưa liên kết: dondoc people invite --all-unlinked\n"
    )


@one_database
def test_a_file_with_mistakes_loads_nobody(listed, empty_folder):
    (empty_folder / "nguoi.csv").write_text(CSV + "Lê Văn Ví;T.TQ;sếp\n;T.TP;chuyên viên\n")
    told = listed("people", "import", "nguoi.csv")
    assert (told.code, told.out) == (2, "")
    assert [line.split(": ")[0:2] for line in told.err.splitlines()] == [
        ["nguoi.csv:4", "Đơn vị (mã hoặc tên)"], ["nguoi.csv:4", "Vai trò"], ["nguoi.csv:5", "Họ và tên"],
    ]  # fmt: skip
    assert listed("people", "list", "--json").json == []


@one_database
def test_a_file_that_is_not_there_is_told(province):
    assert province("people", "import", "khong-co.xlsx").err == (
        "khong-co.xlsx: Không đọc được tệp: không có tệp hay thư mục này.\n"
    )
    assert "lớn hơn 5 MB" in province("people", "import", "/dev/zero").err


@one_database
def test_the_template_lists_the_units_and_replaces_no_file(province, empty_folder):
    told = province("people", "template", "mau.xlsx")
    assert (told.code, told.out) == (
        0, "Đã ghi mẫu vào mau.xlsx. Điền xong, nạp bằng: dondoc people import mau.xlsx\n",
    )  # fmt: skip
    choices = load_workbook(empty_folder / "mau.xlsx").worksheets[1]
    assert "Sở Tư pháp Mẫu" in [row[1].value for row in choices.iter_rows()]
    assert province("people", "template", "mau.xlsx").err == "Đã có tệp mau.xlsx: chọn tên khác.\n"
    assert province("people", "template", "mau.csv").code == 2
    assert "chưa có người nào" in province("people", "import", "mau.xlsx").err
