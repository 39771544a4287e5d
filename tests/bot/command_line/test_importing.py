"""dondoc import: a dry run of letters, for people and for programs."""

import json
from pathlib import Path

import pytest

from tests.bot.command_line.conftest import Dondoc

LETTER = """ỦY BAN NHÂN DÂN
TỈNH HẬU GIANG
Số: 57/KH-UBND
Hậu Giang, ngày 05 tháng 6 năm 2024

KẾ HOẠCH
Nâng cao chất lượng phục vụ năm 2024

I. TỔ CHỨC THỰC HIỆN
1. Sở Nội vụ
- Tổng hợp kết quả thực hiện, báo cáo UBND tỉnh trước ngày 15/11/2024.
2. Sở Vũ trụ báo cáo kết quả thực hiện trước ngày 05/11 hằng năm.

Nơi nhận:
- Lưu: VT.
"""


@pytest.fixture
def file(empty_folder: Path) -> Path:
    path = empty_folder / "ke-hoach.txt"
    path.write_text(LETTER, encoding="utf-8")
    return path


def test_json_is_one_object_a_line_with_the_fields_promised(dondoc: Dondoc, file: Path) -> None:
    told = dondoc("import", str(file), str(file), "--json")
    assert told.code == 0, told.err
    first, second = told.rows
    assert first == second
    assert list(first) == ["document", "obligations", "warnings", "questions"]
    assert first["document"] == {
        "type": "Kế hoạch", "number": "57/KH-UBND", "issuer": "UBND tỉnh Hậu Giang", "place": "Hậu Giang",
        "issued_on": "2024-06-05", "title": "Nâng cao chất lượng phục vụ năm 2024",
    }  # fmt: skip
    duty = first["obligations"][0]
    assert list(duty) == [
        "title", "quote", "page", "section", "class", "lead", "supporting", "deadline", "deliverable", "indicator",
    ]  # fmt: skip
    assert duty["lead"] == ["Sở Nội vụ"]
    assert duty["deadline"] == {
        "phrase": "trước ngày 15/11/2024", "kind": "fixed", "boundary": "before", "due_on": "2024-11-15",
        "last_valid_on": "2024-11-14", "ask": False,
    }  # fmt: skip


def test_people_see_a_table_with_what_is_asked_below_it(dondoc: Dondoc, file: Path) -> None:
    told = dondoc("import", str(file))
    assert told.code == 0
    assert "Kế hoạch 57/KH-UBND, 05/06/2024" in told.out
    assert "14/11/2024" in told.out
    assert "Sở Vũ trụ” (việc 2) là đơn vị nào trong danh mục" in told.out


def test_a_saved_draft_passes_the_check_of_plans(dondoc: Dondoc, file: Path) -> None:
    assert dondoc("import", str(file), "--save", "x.yaml", "--json").code == 0
    told = dondoc("plan", "check", "x.yaml", "--json")
    assert (told.code, told.json["plans"][0]["tasks"]) == (0, 2)
    assert "Chủ trì theo văn bản: Sở Vũ trụ" in Path("x.yaml").read_text(encoding="utf-8")


def test_an_unknown_issuer_is_asked_for_before_anything_is_saved(dondoc: Dondoc, file: Path) -> None:
    file.write_text(LETTER.replace("TỈNH HẬU GIANG", "TỈNH SÔNG HẠ"), encoding="utf-8")
    told = dondoc("import", str(file), "--save", "x.yaml", "--json")
    assert told.code == 2
    assert "--issuer" in told.err
    assert not Path("x.yaml").exists()
    assert dondoc("import", str(file), "--save", "x.yaml", "--json", "--issuer", "HG.UBND").code == 0


def test_a_secret_letter_is_refused_and_the_others_are_read_on(dondoc: Dondoc, file: Path) -> None:
    secret = file.with_name("mat.txt")
    secret.write_text("MẬT\n" + LETTER, encoding="utf-8")
    told = dondoc("import", str(secret), str(file), "--json")
    assert told.code == 2
    assert "đóng dấu Mật" in told.err
    assert len(told.rows) == 1
    assert "Sở Vũ trụ" not in told.err


def test_a_file_that_cannot_be_read_is_told_in_one_sentence(dondoc: Dondoc, file: Path) -> None:
    file.write_bytes(b"")
    told = dondoc("import", str(file), "khong-co.pdf", "--json")
    assert told.code == 2
    assert told.out == ""
    assert len(told.err.splitlines()) == 2
    assert json.dumps(told.err)
