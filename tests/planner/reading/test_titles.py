# ruff: noqa: E501 -- one paragraph of a letter is one line
"""What a duty is called: its own words, without the day it is due on, which a letter that comes again moves."""

import pytest

from planner.reading.titles import LONGEST_TITLE
from tests.planner.reading.reading_aloud import plan


def titles(sentence: str) -> list[str]:
    return [each.title for each in plan(f"I. NHIỆM VỤ\n1. {sentence}").obligations if each.is_tracked]


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (
            "Sở Nội vụ chủ trì tham mưu kế hoạch cải cách hành chính trước ngày 29/10/2025.",
            "Chủ trì tham mưu kế hoạch cải cách hành chính",
        ),
        (
            "Sở Nội vụ rà soát toàn bộ thủ tục hành chính thuộc phạm vi quản lý của ngành mình trước ngày 29/10/2025.",
            "Rà soát toàn bộ thủ tục hành chính thuộc phạm vi quản lý của ngành mình",
        ),
        (
            "Sở Nội vụ tổng hợp kết quả rà soát của các đơn vị (trước ngày 29/10/2025).",
            "Tổng hợp kết quả rà soát của các đơn vị",
        ),
        (
            "Trước ngày 29/10/2025, Sở Nội vụ tổng hợp kết quả rà soát của các đơn vị.",
            "Tổng hợp kết quả rà soát của các đơn vị",
        ),
        (
            "Sở Nội vụ hoàn thiện danh mục thủ tục, hoàn thành chậm nhất ngày 29/10/2025, gửi Văn phòng UBND tỉnh.",
            "Hoàn thiện danh mục thủ tục, gửi Văn phòng UBND tỉnh",
        ),
    ],
)
def test_a_title_does_not_keep_the_day_that_may_move(sentence: str, title: str) -> None:
    assert titles(sentence) == [title]


def test_which_of_several_days_it_is_stands_in_no_title() -> None:
    found = titles(
        "Sở Nội vụ tổng hợp, báo cáo Chủ tịch Ủy ban nhân dân tỉnh lần một trước ngày 25/10/2025, lần hai trước ngày 25/12/2025."
    )
    assert found == ["Tổng hợp, báo cáo Chủ tịch Ủy ban nhân dân tỉnh"] * 2


def test_where_hardly_anything_else_is_said_the_day_stays() -> None:
    assert titles("Sở Nội vụ có báo cáo trước ngày 29/10/2025.") == ["Báo cáo trước ngày 29/10/2025"]


def test_what_comes_round_belongs_to_what_the_duty_is() -> None:
    (title,) = titles("Sở Nội vụ tổng hợp, báo cáo kết quả giải quyết hồ sơ hằng tháng.")
    assert title.endswith("hằng tháng")


@pytest.mark.parametrize("longer", range(30))
def test_a_title_that_is_cut_never_ends_where_a_day_begins(longer: int) -> None:
    words = "x" * longer
    (title,) = titles(
        f"Sở Nội vụ rà soát {words} các thủ tục hành chính nội bộ đã công bố đang còn hiệu lực đến hết ngày 20 hằng tháng."
    )
    assert len(title) <= LONGEST_TITLE
    assert not title.endswith((" trước", " trước ngày", " đến", " đến hết", " hết", " ngày", " chậm nhất"))


def test_a_title_that_is_not_cut_keeps_its_last_word() -> None:
    assert titles("Sở Nội vụ số hóa, phân loại toàn bộ văn bản đến.") == ["Số hóa, phân loại toàn bộ văn bản đến"]
