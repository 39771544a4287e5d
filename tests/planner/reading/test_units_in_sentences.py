"""Names of units: where a list of them ends, and which words belong to one name."""

import pytest

from planner.reading.flat import Sight, flat
from planner.reading.subjects import subject_of
from planner.reading.units import leading_units, unit_names

CLEAN = Sight(is_folded=False)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Xây dựng chủ trì, phối hợp", ["Sở Xây dựng"]),
        ("UBND các huyện, thị xã, thành phố căn cứ nguồn lực", ["UBND các huyện, thị xã, thành phố"]),
        ("Sở Văn hóa, Thể thao và Du lịch, Sở Y tế và Công an tỉnh",
         ["Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế", "Công an tỉnh"]),
        ("Các sở, ban, ngành tỉnh; UBND xã, phường thực hiện", ["Các sở, ban, ngành tỉnh", "UBND xã, phường"]),
        ("Giao các Sở: Tài chính, Nội vụ và Tư pháp rà soát", ["Sở Tài chính", "Sở Nội vụ", "Sở Tư pháp"]),
        ("Văn phòng HĐND và UBND xã", ["Văn phòng HĐND và UBND xã"]),
        ("Trung tâm Phục vụ hành chính công xã đẩy mạnh", ["Trung tâm Phục vụ hành chính công xã"]),
        ("Sở Xây dựng nạo vét kênh mương", ["Sở Xây dựng"]),
        ("Sở Thông tin và Truyền thông báo cáo", ["Sở Thông tin và Truyền thông"]),
        ("các tổ chức chính trị - xã hội vận động nhân dân", ["các tổ chức chính trị - xã hội"]),
        ("Ban Quản lý dự án đầu tư xây dựng tỉnh khẩn trương", ["Ban Quản lý dự án đầu tư xây dựng tỉnh"]),
    ],
)  # fmt: skip
def test_a_list_of_units_ends_where_the_work_begins(text: str, names: list[str]) -> None:
    units = leading_units(flat(text, CLEAN))
    assert units is not None
    assert list(units.names) == names


@pytest.mark.parametrize(
    "text",
    ["Tổ chức thực hiện", "Báo cáo kết quả", "Ban hành Kế hoạch", "Phòng, chống thiên tai", "Xã hội hóa", "Hội nghị"],
)
def test_words_that_only_look_like_offices_are_none(text: str) -> None:
    assert leading_units(flat(text, CLEAN)) is None


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("- Phòng Kinh tế xã; - Văn phòng HĐND và UBND xã; - Phòng Văn hóa- xã hội xã;",
         ["Phòng Kinh tế xã", "Văn phòng HĐND và UBND xã", "Phòng Văn hóa- xã hội xã"]),
        ("- Phòng Thông tin - Báo chí - Xuất bản - Phòng Bưu chính - Viễn thông",
         ["Phòng Thông tin - Báo chí - Xuất bản", "Phòng Bưu chính - Viễn thông"]),
        ("- Phòng Công nghệ thông tin - Phòng Nội chính – Văn phòng UBND tỉnh.",
         ["Phòng Công nghệ thông tin", "Phòng Nội chính – Văn phòng UBND tỉnh"]),
        ("Sở Tài chính (Theo Thông báo số 47/TB-VP ngày 16/3/2023)", ["Sở Tài chính"]),
    ],
)  # fmt: skip
def test_a_cell_names_its_units_one_by_one(cell: str, names: list[str]) -> None:
    assert unit_names(cell, CLEAN) == names


@pytest.mark.parametrize(
    ("clause", "lead", "supporting"),
    [
        ("Giao Sở Nội vụ chủ trì, phối hợp với Công an tỉnh rà soát hồ sơ", ("Sở Nội vụ",), ("Công an tỉnh",)),
        ("Căn cứ nhiệm vụ được giao, các phòng chuyên môn khẩn trương thực hiện", ("các phòng chuyên môn",), ()),
        ("Chủ tịch UBND tỉnh yêu cầu Giám đốc các sở báo cáo kết quả", ("Giám đốc các sở",), ()),
        ("Phối hợp chặt chẽ với Sở Y tế tuyên truyền phòng bệnh", (), ("Sở Y tế",)),
        ("Hoàn thiện dữ liệu ngành: các trường THPT cập nhật dữ liệu", ("các trường THPT",), ()),
        ("Phân công công chức tiếp nhận hồ sơ", (), ()),
        ("theo nhiệm vụ của cơ quan, đơn vị mình, khẩn trương thực hiện", (), ()),
    ],
)
def test_a_clause_says_who_leads_and_who_helps(clause: str, lead: tuple[str, ...], supporting: tuple[str, ...]) -> None:
    subject = subject_of(flat(clause, CLEAN))
    assert (subject.lead, subject.supporting) == (lead, supporting)
