"""What a letter says against itself, what is tracked already, and which unit of the directory a name means."""

from dataclasses import replace
from datetime import date

import pytest

from planner.plan_file import parse_plan
from planner.reading.draft import Obligation, Spot, Wanted
from planner.reading.plan_text import plan_text
from planner.reading.read import Knowledge, read_paper
from planner.reading.regions import Regions
from planner.reading.tracked import TrackedTask
from planner.reading.unit_match import UnitMatcher
from planner.reading.warnings import warnings_of
from planner.unit_file import parse_units
from seed_plans import FOLDER
from tests.builders import CALENDAR
from tests.planner.reading.reading_aloud import KNOWLEDGE, letter, plan
from tests.samples.letters import all_letters

DIRECTORY = parse_units((FOLDER / "units.yaml").read_text(encoding="utf-8"), file="units.yaml")
ON = date(2024, 10, 22)
HAU_GIANG = """ỦY BAN NHÂN DÂN
TỈNH HẬU GIANG
Số: 57/KH-UBND
Hậu Giang, ngày 05 tháng 6 năm 2024

KẾ HOẠCH
Nâng cao chất lượng phục vụ năm 2024

"""


def warned(body: str) -> str:
    return "\n".join(plan(body).warnings)


def test_an_annex_that_is_named_and_absent_is_told() -> None:
    assert "Phụ lục thiếu" in warned("I. NHIỆM VỤ\nCác nhiệm vụ nêu tại Phụ lục kèm theo Kế hoạch này.")
    assert "Phụ lục" not in warned(
        "I. NHIỆM VỤ\n1. Sở Nội vụ rà soát theo Phụ lục ban hành kèm theo Quyết định số 7/QĐ-TTg."
    )


def test_sums_that_disagree_are_told_and_left_as_they_are() -> None:
    body = "I. KẾT QUẢ\n1. Đạt 95.5/100 điểm.\n- Nhóm 1: 50/50 điểm;\n- Nhóm 2: 48.5/50 điểm;\nII. NHIỆM VỤ"
    assert "98.5" in warned(body)
    assert "không khớp" not in warned(body.replace("95.5", "98.5"))


def test_a_day_before_the_letter_and_a_day_off_are_told() -> None:
    told = warned(
        "I. NHIỆM VỤ\n1. Sở Nội vụ báo cáo trước ngày 10/5/2025.\n2. Sở Tài chính báo cáo trước ngày 06/7/2025."
    )
    assert "Thời hạn trước ngày văn bản" in told
    assert "thứ Bảy 05/07/2025" in told


def test_two_days_for_the_same_work_are_told() -> None:
    told = warned(
        "I. NHIỆM VỤ\n1. Sở Nội vụ\n- Gửi báo cáo tổng kết công tác năm trước ngày 10/7/2025.\n"
        "II. TỔ CHỨC THỰC HIỆN\n1. Sở Nội vụ\n- Gửi báo cáo tổng kết công tác năm trước ngày 15/7/2025."
    )
    assert "Hai thời hạn cho cùng một việc" in told


def test_one_phrase_that_names_two_days_is_no_contradiction() -> None:
    body = (
        "I. NHIỆM VỤ\n1. Sở Nội vụ\n- Gửi báo cáo tổng kết công tác năm trước ngày 10/7/2025.\n"
        "II. TỔ CHỨC THỰC HIỆN\n1. Sở Nội vụ\n- Gửi báo cáo tổng kết công tác năm trước ngày 15/7/2025."
    )
    draft = read_paper(letter(body), KNOWLEDGE)
    same = tuple(
        replace(each, spot=Spot("Gửi báo cáo"), deadline=replace(each.deadline, phrase="quý III"))
        for each in draft.obligations
    )
    around = (Regions((), ()), CALENDAR, ())
    assert any("Hai thời hạn" in told for told in warnings_of(letter(body), draft.header, draft.obligations, *around))
    assert not any("Hai thời hạn" in told for told in warnings_of(letter(body), draft.header, same, *around))


def test_a_paper_that_is_replaced_is_told_more_loudly_when_it_is_tracked() -> None:
    body = "KẾ HOẠCH\nX\n\nI. NHIỆM VỤ\n1. Kế hoạch này thay thế Kế hoạch số 12/KH-UBND ngày 01/02/2024."
    assert "Văn bản này thay thế 12/KH-UBND." in read_paper(letter(body), KNOWLEDGE).warnings
    tracked = Knowledge(CALENDAR, documents=("12/KH-UBND",))
    assert any("đang được theo dõi" in line for line in read_paper(letter(body), tracked).warnings)


def monthly(code: str, kind: str) -> TrackedTask:
    return TrackedTask(code, "Công khai kết quả giải quyết hồ sơ", frozenset({"HG.SNV"}), None, kind)


def read_here(body: str, *tracked: TrackedTask) -> tuple[Obligation, ...]:
    knowledge = Knowledge(CALENDAR, directory=DIRECTORY, tracked=tracked)
    return read_paper(letter(body, head=HAU_GIANG), knowledge).obligations


def test_a_duty_that_is_tracked_from_another_paper_is_linked_and_not_doubled() -> None:
    body = "I. NHIỆM VỤ\n1. Sở Nội vụ công khai hằng tháng kết quả giải quyết hồ sơ."
    assert [each.same_as for each in read_here(body, monthly("KH1-A", "yearly"), monthly("KH1-B", "monthly"))] == [
        "KH1-B"
    ]
    assert [each.same_as for each in read_here(body, monthly("KH1-A", "yearly"))] == [None]


def test_several_repeated_duties_are_one_line() -> None:
    body = (
        "I. NHIỆM VỤ\n1. Sở Nội vụ công khai hằng tháng kết quả giải quyết hồ sơ.\n"
        "2. Sở Nội vụ rà soát hằng tháng quy trình nội bộ."
    )
    tracked = (
        monthly("KH1-B", "monthly"),
        TrackedTask("KH2-A", "Rà soát quy trình nội bộ", frozenset({"HG.SNV"}), None, "monthly"),
    )
    knowledge = Knowledge(CALENDAR, directory=DIRECTORY, tracked=tracked)
    told = [each for each in read_paper(letter(body, head=HAU_GIANG), knowledge).warnings if "nối lại" in each]
    assert told == ["2 việc đang được theo dõi: nối lại, không nhắc hai lần (KH1-B, KH2-A)."]
    number = read_paper(letter(body, head=HAU_GIANG), knowledge).header.number.value
    own = replace(knowledge, tracked=tuple(replace(each, document_no=number) for each in tracked))
    assert not [each for each in read_paper(letter(body, head=HAU_GIANG), own).warnings if "nối lại" in each]


@pytest.mark.parametrize(
    ("tracked", "is_same"),
    [
        ("Công khai kết quả giải quyết hồ sơ", True),
        ("Công khai hằng tháng kết quả giải quyết hồ sơ năm 2025", True),
        ("Công khai kết quả xử lý đơn thư", False),
        ("Hồ sơ", False),
        ("Báo cáo kết quả hằng tháng", False),
    ],
)
def test_two_duties_are_one_by_their_own_words_not_by_days_and_stock_words(tracked: str, *, is_same: bool) -> None:
    body = "I. NHIỆM VỤ\n1. Sở Nội vụ công khai hằng tháng kết quả giải quyết hồ sơ."
    (read,) = read_here(body, replace(monthly("KH1-B", "monthly"), title=tracked))
    assert read.same_as == ("KH1-B" if is_same else None)


def test_two_reports_of_one_office_on_one_day_are_two() -> None:
    body = "I. NHIỆM VỤ\n1. Sở Nội vụ báo cáo kết quả thực hiện công tác dân vận trước ngày 15/12/2025."
    of_another = TrackedTask(
        "KH1-C", "Báo cáo kết quả thực hiện công tác tư pháp trước ngày 15/12/2025", frozenset({"HG.SNV"}),
        date(2025, 12, 14),
    )  # fmt: skip
    (read,) = read_here(body, of_another)
    assert (read.deadline.last_valid_on, read.same_as) == (of_another.last_valid_on, None)
    assert read_here(body, replace(of_another, title="Báo cáo công tác dân vận"))[0].same_as == "KH1-C"


def test_an_issuer_of_another_place_is_asked_about_once_and_not_unit_by_unit() -> None:
    body = "I. NHIỆM VỤ\n1. Sở Nội vụ báo cáo trước ngày 05/11/2024.\n2. Sở Tư pháp rà soát trước ngày 06/11/2024."
    head = HAU_GIANG.replace("HẬU GIANG", "TRUNG MẪU").replace("Hậu Giang", "Trung Mẫu")
    questions = read_paper(letter(body, head=head), Knowledge(CALENDAR, directory=DIRECTORY)).questions
    about_units = [each for each in questions if each.wants is Wanted.UNIT]
    assert about_units == []
    assert [each.about for each in questions if "không có trong danh mục đơn vị" in each.text] == ["issuer"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Sở TT&TT", "HG.STTTT"),
        ("STTTT", "HG.STTTT"),
        ("Giám đốc Sở Thông tin và Truyền thông", "HG.STTTT"),
        ("Sở Thong tin va Truyen thong", "HG.STTTT"),
        ("Sở Giáo dục & Đào tạo", "HG.SGDDT"),
        ("các sở, ban, ngành tỉnh", "HG.N.SO-BAN-NGANH"),
        ("Sở Vũ trụ", None),
        ("Sở Xay dung", "HG.SXD"),
    ],
)
def test_a_name_means_one_unit_or_is_asked_about_with_the_nearest_three(written: str, code: str | None) -> None:
    named = UnitMatcher(DIRECTORY, ON, "HG.UBND").match(written)
    assert named.code == code
    assert code is not None or len(named.nearest) == 3


@pytest.mark.parametrize("written", ["Giám đốc Sở", "Giám đốc các sở", "Thủ trưởng các sở, ban, ngành tỉnh"])
def test_heads_of_offices_without_a_name_are_the_group_of_offices_but_to_an_office_its_own_head(written: str) -> None:
    named = UnitMatcher(DIRECTORY, ON, "HG.UBND").match(written)
    assert (named.code, named.is_group) == ("HG.N.SO-BAN-NGANH", True)
    own = UnitMatcher(replace(DIRECTORY, groups=()), ON, "HG.UBND").match(written)
    assert own.code is None


def test_to_an_office_its_head_without_a_name_is_no_group() -> None:
    assert UnitMatcher(DIRECTORY, ON, "HG.SNV").match("Giám đốc Sở").code is None
    assert UnitMatcher(DIRECTORY, ON, "HG.UBND").match("Giám đốc Sở Nội vụ").code == "HG.SNV"


def test_no_name_is_taken_for_a_unit_while_the_issuer_is_not_known() -> None:
    named = UnitMatcher(DIRECTORY, ON).match("Sở Nội vụ")
    assert named.code is None
    assert "Sở Nội vụ" in named.nearest


@pytest.mark.parametrize("sample", [each for each in all_letters("text") if each.name != "cong-van-mat"], ids=str)
def test_a_saved_draft_is_a_plan_file_without_mistakes(sample) -> None:
    from planner.reading.open_paper import open_paper

    knowledge = Knowledge(CALENDAR, directory=DIRECTORY, issuer="CT.UBND")
    draft = read_paper(open_paper(sample.content, recognise=None), knowledge)
    text = plan_text(draft, issuer="CT.UBND", directory=DIRECTORY)
    saved = parse_plan(text, file="x.yaml", known_units=DIRECTORY, calendar=CALENDAR)
    assert len(saved.tasks) == sum(each.is_tracked for each in draft.obligations)
    for task, obligation in zip(saved.tasks, (each for each in draft.obligations if each.is_tracked), strict=True):
        once = obligation.deadline.reading is not None and not obligation.deadline.reading.recurrences
        if once and obligation.deadline.last_valid_on and task.deadline.last_valid_on:
            assert task.deadline.last_valid_on == obligation.deadline.last_valid_on
