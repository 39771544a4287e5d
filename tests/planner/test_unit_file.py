"""The unit directory: what a file may say, what is told when it is wrong, and whom a written name means."""

from contextlib import suppress
from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import FileProblemsError, Problem
from models.terms import UnitChange, UnitLevel
from planner.unit_file import UnitDirectoryDraft, parse_units

SMALL = """
units:
  - {code: T.UBND, name: UBND tỉnh Thử, level: tỉnh}
  - {code: T.STC, name: Sở Tài chính, short_name: Sở TC, aliases: [STC], level: sở, parent: T.UBND}
  - {code: T.STTTT, name: Sở Thông tin và Truyền thông, level: sở, parent: T.UBND, valid_to: 18/02/2025}
  - {code: T.SKHCN, name: Sở Khoa học và Công nghệ, level: sở, parent: T.UBND, valid_from: 19/02/2025}
  - {code: T.BQL, name: Ban Quản lý khu công nghiệp, level: sở, parent: T.UBND}
  - {code: T.H.A, name: UBND huyện An, level: huyện, parent: T.UBND, valid_to: 30/06/2025}
  - {code: T.X.1, name: UBND xã Hòa An, level: xã, parent: T.H.A, valid_to: 30/06/2025}
  - {code: T.X.2, name: UBND xã Tân An, level: xã, parent: T.H.A, valid_to: 30/06/2025}
  - {code: T.X.9, name: UBND xã Hòa An, level: xã, parent: T.UBND, valid_from: 01/07/2025}
  - {code: K.UBND, name: UBND tỉnh Khác, level: tỉnh}
  - {code: K.STC, name: Sở Tài chính, level: sở, parent: K.UBND}
groups:
  - {code: T.N.SO, name: "sở, ban, ngành tỉnh", under: T.UBND, level: sở}
  - {code: T.N.CM, name: cơ quan chuyên môn, under: T.UBND, level: sở, except: T.BQL}
  - {code: T.N.XA, name: "UBND xã, phường, thị trấn", under: T.UBND, level: xã}
  - {code: T.N.HUYEN, name: UBND huyện, under: T.UBND, level: huyện}
successors:
  - {from: T.STTTT, to: T.SKHCN, kind: sáp nhập, on: 19/02/2025}
  - {from: T.H.A, to: T.X.9, kind: giải thể, on: 01/07/2025}
  - {from: [T.X.1, T.X.2], to: T.X.9, kind: sáp nhập, on: 01/07/2025}
"""


@pytest.fixture(scope="module")
def directory() -> UnitDirectoryDraft:
    return parse_units(SMALL, file="units.yaml")


def problems_of(text: str | bytes) -> list[Problem]:
    with pytest.raises(FileProblemsError) as raised:
        parse_units(text, file="units.yaml")
    return raised.value.problems


def the_problem(text: str | bytes) -> Problem:
    found = problems_of(text)
    assert len(found) == 1, found
    return found[0]


def code_of(directory: UnitDirectoryDraft, name: str, **narrowing) -> str | None:
    found = directory.find(name, **narrowing)
    return found.code if found else None


def test_a_unit_keeps_what_its_line_says(directory):
    unit = directory.unit("T.STC")
    assert (unit.name, unit.short_name, unit.aliases) == ("Sở Tài chính", "Sở TC", ("STC",))
    assert (unit.level, unit.parent, unit.valid_from, unit.line) == (UnitLevel.OFFICE, "T.UBND", None, 4)


def test_a_unit_without_a_short_name_goes_by_its_name(directory):
    assert directory.unit("T.BQL").short_name == "Ban Quản lý khu công nghiệp"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("T.STC", "T.STC"),
        ("Ban Quản lý khu công nghiệp", "T.BQL"),
        ("ban quan ly khu cong nghiep", "T.BQL"),
        (normalize("NFD", "Ban Quản lý khu công nghiệp"), "T.BQL"),
        ("huyện An", "T.H.A"),
        ("Ủy ban nhân dân huyện An", "T.H.A"),
        ("Chủ tịch UBND huyện An", "T.H.A"),
        ("Giám đốc Sở Khoa học và Công nghệ", "T.SKHCN"),
        ("STC", "T.STC"),
        ("các sở, ban, ngành tỉnh", "T.N.SO"),
        ("Sở Y tế", None),
        ("", None),
    ],
)
def test_a_name_is_found_by_code_name_alias_or_head(directory, written, code):
    assert code_of(directory, written) == code


def test_a_name_that_two_organisations_share_is_told_apart_by_the_one_that_writes_it(directory):
    assert code_of(directory, "Sở Tài chính") is None
    assert code_of(directory, "Sở Tài chính", within="K.UBND") == "K.STC"


def test_a_name_of_another_organisation_is_not_found_from_within(directory):
    assert code_of(directory, "Ban Quản lý khu công nghiệp", within="K.STC") is None


def test_a_name_that_came_back_is_told_apart_by_the_day(directory):
    assert code_of(directory, "xã Hòa An", on=date(2025, 6, 30)) == "T.X.1"
    assert code_of(directory, "xã Hòa An", on=date(2025, 7, 1)) == "T.X.9"


def members(directory: UnitDirectoryDraft, group: str, on: date | None = None) -> list[str]:
    return [unit.code for unit in directory.members(group, on=on)]


def test_a_group_by_rule_takes_units_of_the_level_at_any_depth_less_its_exceptions(directory):
    assert members(directory, "T.N.SO", date(2024, 11, 1)) == ["T.STC", "T.STTTT", "T.BQL"]
    assert members(directory, "T.N.CM", date(2024, 11, 1)) == ["T.STC", "T.STTTT"]
    assert members(directory, "T.N.XA", date(2024, 11, 1)) == ["T.X.1", "T.X.2"]


def test_a_group_follows_merged_members_but_not_dissolved_ones(directory):
    assert members(directory, "T.N.SO", date(2025, 2, 19)) == ["T.STC", "T.SKHCN", "T.BQL"]
    assert members(directory, "T.N.XA", date(2025, 7, 1)) == ["T.X.9"]
    assert members(directory, "T.N.HUYEN", date(2025, 7, 1)) == []


def test_a_group_by_list_takes_its_list():
    group = "groups: [{code: T.N.HAI, name: hai sở, members: [T.STC, T.BQL]}]"
    directory = parse_units(SMALL.split("groups:", maxsplit=1)[0] + group, file="units.yaml")
    assert members(directory, "T.N.HAI") == ["T.STC", "T.BQL"]


def test_duties_go_to_the_unit_itself_while_it_lasts_then_to_its_successors(directory):
    assert directory.successors_of("T.STTTT", on=date(2025, 2, 18)) == ("T.STTTT",)
    assert directory.successors_of("T.STTTT", on=date(2025, 2, 19)) == ("T.SKHCN",)
    assert directory.successors_of("T.X.2", on=date(2030, 1, 1)) == ("T.X.9",)


def test_many_units_may_end_in_one_change(directory):
    ended = [step.from_code for step in directory.successors if step.to_codes == ("T.X.9",)]
    assert ended == ["T.H.A", "T.X.1", "T.X.2"]
    assert directory.successors[1].change is UnitChange.DISSOLVE


def with_unit(line: str) -> str:
    return f"units:\n  - {{code: T.UBND, name: UBND tỉnh Thử, level: tỉnh}}\n  - {line}\n"


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        ("{name: Sở A, level: sở}", "units.code", "Thiếu mục code"),
        ("{code: T.A, level: sở}", "units.name", "Thiếu mục name"),
        ("{code: T.A, name: Sở A}", "units.level", "Thiếu mục level"),
        ("{code: T.A, name: Sở A, level: cấp sở}", "units.level", "Có phải: sở"),
        ("{code: t.a, name: Sở A, level: sở}", "units.code", "chữ in hoa không dấu"),
        ("{code: T.A, name: Sở A, level: sở, parrent: T.UBND}", "units.parrent", "Có phải: parent?"),
        ("{code: T.A, name: Sở A, level: sở, parent: T.UBNĐ}", "units.parent", "Có phải: T.UBND?"),
        ("{code: T.A, name: Sở A, level: sở, parent: T.A}", "units.parent", "nối vòng"),
        ("{code: T.A, name: Sở A, level: sở, valid_to: 31/02/2025}", "units.valid_to", "Không có ngày 31/02/2025"),
        ("{code: T.A, name: Sở A, level: sở, valid_to: tháng 2}", "units.valid_to", "05/11/2024"),
        (
            "{code: T.A, name: Sở A, level: sở, valid_from: 02/01/2025, valid_to: 2025-01-01}",
            "units.valid_to",
            "trước ngày bắt đầu",
        ),
        ("{code: T.A, name: " + "Sở " + "A" * 90 + ", level: sở}", "units.name", "short_name"),
        ("Sở A", "units", "tên mục: giá trị"),
    ],
)
def test_a_wrong_unit_is_told_with_its_line_and_field(line, field, says):
    problem = next(each for each in problems_of(with_unit(line)) if says in each.message)
    assert (problem.file, problem.line, problem.field) == ("units.yaml", 3, field)


def test_a_code_used_twice_names_the_first_place():
    problem = the_problem(with_unit("{code: T.UBND, name: Sở A, level: sở}"))
    assert problem.line == 3
    assert "đã dùng ở dòng 2" in problem.message


@pytest.mark.parametrize(
    ("group", "says"),
    [
        ("{code: T.N, name: nhóm, level: sở}", "một cách"),
        ("{code: T.N, name: nhóm, under: T.UBND, level: sở, members: T.STC}", "một cách"),
        ("{code: T.N, name: nhóm, members: T.KHONG}", "Không có đơn vị mã"),
        ("{code: T.N, name: nhóm, under: K.UBND, level: xã}", "không có đơn vị nào"),
    ],
)
def test_a_group_names_its_members_in_one_way_that_finds_some(group, says):
    text = SMALL.split("groups:", maxsplit=1)[0] + f"groups:\n  - {group}\n"
    assert any(says in problem.message for problem in problems_of(text))


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("{from: T.STTTT, to: T.SKHCN, kind: sáp nhập, on: 20/02/2025}", "valid_to: 19/02/2025"),
        ("{from: T.STTTT, to: T.X.9, kind: sáp nhập, on: 19/02/2025}", "chưa có hoặc đã hết hiệu lực"),
        ("{from: T.STTTT, kind: đổi tên, on: 19/02/2025}", "Thiếu đơn vị kế thừa"),
        ("{from: T.STTTT, to: T.SKHCN, kind: nhập, on: 19/02/2025}", "sáp nhập"),
        ("{to: T.SKHCN, kind: sáp nhập, on: 19/02/2025}", "Thiếu mục from"),
    ],
)
def test_a_change_must_agree_with_the_days_of_its_units(step, says):
    text = SMALL.split("successors:", maxsplit=1)[0] + f"successors:\n  - {step}\n"
    assert any(says in problem.message for problem in problems_of(text))


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = "units:\n  - {code: a, name: Sở A, level: sở}\n  - {code: B}\n  - {code: C, name: C, levle: sở, level: sở}\n"
    assert [problem.line for problem in problems_of(text)] == [2, 3, 3, 4]


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_give_a_directory_or_problems(text):
    with suppress(FileProblemsError):
        assert isinstance(parse_units(text, file="units.yaml"), UnitDirectoryDraft)
