"""A list of people on paper: every mistake at once, whatever program wrote it; nothing in it is run or blown up."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from models.errors import FileProblemsError
from models.terms import Role
from planner import people_file
from planner.people_file import EXAMPLE, PersonRow, name_key, parse_people, role_of, write_template
from planner.unit_file import parse_units
from tests.builders import UNITS

DIRECTORY = parse_units(UNITS, file="units.yaml")
TODAY = date(2024, 10, 23)
HEAD = ("Họ và tên", "Đơn vị (mã hoặc tên)", "Vai trò", "Ghi chú")


def sheet(*rows, head=HEAD):
    workbook = Workbook()
    for row in (head, *rows):
        workbook.active.append(row)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def parse(data, file="nguoi.xlsx"):
    return parse_people(data, file=file, directory=DIRECTORY, today=TODAY)


def problems(data):
    with pytest.raises(FileProblemsError) as caught:
        parse(data)
    return [(each.line, each.field, each.message) for each in caught.value.problems]


def test_units_come_by_code_or_name_and_roles_by_word():
    data = sheet(
        ("Nguyễn  Văn Mẫu", "T.TP", "Thủ trưởng", "ghi chú"),
        ("Trần Thị Thử", "sở y tế mẫu", "chuyen vien"),
        (None, None, None, None),
        ("Lê Văn Ví", "Sở TT Mẫu", "Đầu mối đôn đốc"),
    )
    assert parse(data).rows == (
        PersonRow(2, "Nguyễn Văn Mẫu", "T.TP", Role.UNIT_HEAD),
        PersonRow(3, "Trần Thị Thử", "T.YT", Role.OFFICER),
        PersonRow(5, "Lê Văn Ví", "T.TTTT", Role.COORDINATOR),
    )


CSV = "Họ và tên{0}Đơn vị{0}Vai trò\r\nNguyễn Văn Mẫu{0}T.TP{0}thủ trưởng\r\n"


@pytest.mark.parametrize(
    "data",
    [
        CSV.format(",").encode(),
        CSV.format(";").encode("utf-8-sig"),
        CSV.format("\t").encode(),
        b"\n\n" + CSV.format(";").encode(),
        CSV.format(",").replace("Họ và tên", '"Họ và tên"').encode("utf-8-sig"),
    ],
    ids=["comma", "semicolon and mark", "tab", "empty lines first", "quoted after the mark"],
)
def test_a_csv_file_is_read_as_spreadsheets_write_it(data):
    (row,) = parse(data).rows
    assert (row.full_name, row.unit_code, row.role) == ("Nguyễn Văn Mẫu", "T.TP", Role.UNIT_HEAD)


def test_every_mistake_is_told_at_once_with_its_row_and_column():
    told = problems(
        sheet(
            ("", "T.TP", "thủ trưởng"),
            ("Nguyễn Văn Mẫu", "T.TQ", "sếp"),
            ("Trần Thị Thử", "sở, ban, ngành tỉnh", "chuyên vien"),
            ("=1+1", "Sở Tư pháp Mẩu 2", None),
            ("a" * 121, "T.TP", "leader"),
        )
    )
    assert [(line, field) for line, field, _message in told] == [
        (2, HEAD[0]), (3, HEAD[1]), (3, HEAD[2]), (4, HEAD[1]), (5, HEAD[0]), (5, HEAD[2]), (5, HEAD[1]), (6, HEAD[0]),
    ]  # fmt: skip
    said = [message for _line, _field, message in told]
    assert said[0] == "Ô này còn trống."
    assert said[1].startswith("Không có đơn vị nào là “T.TQ”. Có phải: T.TP, T.")
    assert said[2] == "Không có vai trò “sếp”. Chọn một trong: thủ trưởng, chuyên viên, đầu mối, lãnh đạo, quản trị."
    assert said[3].endswith("là một nhóm đơn vị: ghi từng đơn vị.")
    assert said[4] == "Ô này là công thức: dán lại thành giá trị."
    assert "Sở Tư pháp Mẫu" in said[6]


def test_a_row_twice_counts_once():
    row = ("Nguyễn Văn Hoà", "T.TP", "thủ trưởng")
    assert len(parse(sheet(row, ("nguyễn văn hòa", "Sở Tư pháp Mẫu", "thủ trưởng đơn vị"))).rows) == 1


def test_names_are_the_same_however_typed_but_never_without_their_accents():
    assert name_key("Hoà Thuý") == name_key("hòa  thúy")
    assert len({name_key(name) for name in ("Hoa", "Hòa", "Hỏa", "Hoá")}) == 4


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Thiếu cột “Họ và tên”"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "bảng tính dạng cũ (.xls)"),
        (b"PK\x03\x04 broken", "Không đọc được bảng tính"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "không phải bảng .xlsx"),
        ("Họ tên;Đơn vị;Vai trò\nĐặng;T.TP;x".encode("cp1258", "replace"), "CSV UTF-8"),
        ("Họ tên,Vai trò\nA,B".encode(), "Thiếu cột “Đơn vị (mã hoặc tên)”"),
        ("Họ tên,Họ và tên,Đơn vị,Vai trò\nA,A,T.TP,đầu mối".encode(), "Cột này có hai lần"),
        ("Họ tên,Đơn vị,Vai trò".encode(), "chưa có người nào"),
        (b"a" * 5_000_001, "lớn hơn 5 MB"),
    ],
    ids=["empty", "old", "broken", "picture", "not utf-8", "no unit", "twice", "nobody", "large"],
)
def test_what_is_no_list_of_people_says_what_to_do(data, said):
    assert said in problems(data)[0][2]


def archive(**parts):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = archive(**{"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 41_000_000})
    assert len(bomb) < 100_000
    assert "giải nén ra quá lớn" in problems(bomb)[0][2]


def test_many_parts_other_documents_and_declared_entities_are_refused():
    assert "giải nén ra quá lớn" in problems(archive(**{f"p{number}": b"" for number in range(201)}))[0][2]
    assert problems(archive(word__document=b"x"))[0][2] == "Tệp không phải bảng tính .xlsx."
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    for content in (entities, entities.decode().encode("utf-16")):
        assert "phần khai báo" in problems(archive(**{"xl/workbook.xml": content}))[0][2]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(people_file, "MOST_ROWS", 3)
    row = ("Nguyễn Văn Mẫu", "T.TP", "thủ trưởng")
    assert len(parse(sheet(row, row, row)).rows) == 1
    assert "hơn 3 dòng" in problems(sheet(row, row, row, row))[0][2]
    assert "hơn 3 dòng" in problems(("Họ tên,Đơn vị,Vai trò\n" + "A,T.TP,đầu mối\n" * 4).encode())[0][2]


def test_other_columns_are_neither_read_nor_kept():
    draft = parse(sheet(("Nguyễn Văn Mẫu", "T.TP", "thủ trưởng", "0900"), head=(*HEAD[:3], "Số điện thoại")))
    assert draft.notes == ("Không đọc và không lưu các cột: “Số điện thoại”.",)


def test_the_template_can_be_filled_in_and_its_examples_add_nobody():
    written = write_template(DIRECTORY.units)
    workbook = load_workbook(io.BytesIO(written))
    people, choices = workbook.worksheets
    assert tuple(cell.value for cell in people[1]) == HEAD
    assert [row[0].value for row in choices.iter_rows(min_row=2)] == [unit.code for unit in DIRECTORY.units]
    assert all(role_of(row[3].value) for row in choices.iter_rows(min_row=2, max_row=6))
    assert all(row[0].value.startswith(EXAMPLE) for row in people.iter_rows(min_row=2))
    people.append(("Nguyễn Văn Mẫu", "T.TP", "thủ trưởng"))
    filled = io.BytesIO()
    workbook.save(filled)
    draft = parse(filled.getvalue())
    assert [row.full_name for row in draft.rows] == ["Nguyễn Văn Mẫu"]
    assert draft.notes == ("Bỏ qua 2 dòng ví dụ của mẫu.",)
