"""The head of a letter: what stands there, what an annex repeats, and what is asked because it is blank or broken."""

from datetime import date

import pytest

from planner.reading.draft import Sureness
from planner.reading.header_dates import issued_on
from planner.reading.read import read_paper
from tests.planner.reading.reading_aloud import KNOWLEDGE, letter, plan, read

BLANK = """ỦY BAN NHÂN DÂN
TỈNH SÔNG HẠ
Số:        /KH-UBND
Sông Hạ, ngày     tháng     năm 2025

"""


def test_every_field_of_a_clean_head_is_read_and_nothing_is_asked() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Sở Nội vụ báo cáo trước ngày 10/7/2025.")
    header = draft.header
    values = [header.kind.value, header.number.value, header.issuer.value, header.place.value, header.title.value]
    assert values == [
        "Kế hoạch", "57/KH-UBND", "UBND tỉnh Sông Hạ", "Sông Hạ", "Nâng cao chất lượng phục vụ năm 2025",
    ]  # fmt: skip
    assert header.issued_on.day == date(2025, 6, 5)
    assert header.signer is not None
    assert header.signer.value == "Trần Văn Mẫu"
    assert [each.value for each in header.recipients] == ["Như trên", "Lưu: VT"]
    assert not draft.questions


def test_a_blank_number_and_day_are_asked_for_and_days_that_hang_on_them_too() -> None:
    body = "KẾ HOẠCH\nNâng cao chất lượng\n\nI. NHIỆM VỤ\n1. Sở Nội vụ báo cáo trước ngày 05/11 hằng năm."
    draft = read_paper(letter(body, head=BLANK), KNOWLEDGE)
    assert draft.header.number.value is None
    assert draft.header.issued_on.day is None
    assert {question.about for question in draft.questions} >= {"number", "issued_on"}
    only = draft.obligations[0].deadline
    assert (only.last_valid_on, only.ask) == (date(2025, 11, 4), True)


def test_an_annex_repeats_the_number_and_the_day_that_the_head_leaves_blank() -> None:
    body = "KẾ HOẠCH\nNâng cao chất lượng\n\nI. NHIỆM VỤ\n1. Sở Nội vụ báo cáo trước ngày 10/7/2025."
    foot = (
        "\nNơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\n\nTrần Văn Mẫu\n\nPHỤ LỤC\n"
        "(Kèm theo Kế hoạch số 58/KH-UBND ngày 06 tháng 6 năm 2025 của UBND tỉnh Sông Hạ)\n"
    )
    draft = read_paper(letter(body, head=BLANK, foot=foot), KNOWLEDGE)
    assert (draft.header.number.value, draft.header.issued_on.day) == ("58/KH-UBND", date(2025, 6, 6))
    assert draft.header.number.sureness is Sureness.LIKELY
    assert any("58/KH-UBND" in question.text for question in draft.questions)


class Head:
    def __init__(self, text: str) -> None:
        from planner.reading.draft import Spot

        self.text, self.spot = text, Spot(text)


@pytest.mark.parametrize(
    ("text", "cited", "day"),
    [
        ("ngày 22 tháng 10 năm 2024", [], date(2024, 10, 22)),
        ("ngay 22 thang 70 nam 2024", [date(2024, 10, 14)], date(2024, 10, 22)),
        ("ngay 22 thang 70 nam 2024", [], date(2024, 10, 22)),
        ("ngay 2Z thang 7O nam 2024", [date(2024, 2, 1)], date(2024, 10, 22)),
        ("ngày 31 tháng 11 năm 2024", [], None),
        ("ngày    tháng    năm 2024", [], None),
    ],
)
def test_a_broken_day_is_mended_only_where_one_day_is_possible(text: str, cited: list[date], day: date | None) -> None:
    found = issued_on(Head(text), None, cited=cited, years=[])
    assert found.day == day
    assert (found.sureness is Sureness.SURE) == (text == "ngày 22 tháng 10 năm 2024")


def test_without_its_own_day_a_letter_is_no_older_than_what_it_cites() -> None:
    found = issued_on(Head("ngày   tháng   năm 2025"), None, cited=[date(2025, 3, 9), date(2023, 1, 1)], years=[])
    assert (found.base_on, found.latest_on) == (date(2025, 3, 9), date(2025, 12, 31))


def test_an_office_below_another_is_the_issuer_and_keeps_its_province() -> None:
    head = "UBND TỈNH SÔNG HẠ\nSỞ NỘI VỤ\nSố: 12/SNV-VP\nV/v rà soát biên chế\nSông Hạ, ngày 05 tháng 6 năm 2025\n\n"
    draft = read_paper(letter("Kính gửi: Các sở, ban, ngành.\n\nĐề nghị các sở báo cáo.", head=head), KNOWLEDGE)
    assert draft.header.issuer.value == "Sở Nội vụ tỉnh Sông Hạ"
    assert draft.header.title.value == "V/v rà soát biên chế"
    assert [each.value for each in draft.header.addressees] == ["Các sở, ban, ngành"]


def test_a_letter_without_accents_is_read_all_the_same() -> None:
    body = (
        "V/v ra soat ho so tre han\n\nKinh gui:\n- Cac so, ban, nganh tinh.\n\n"
        "Uy ban nhan dan tinh yeu cau thuc hien cac noi dung sau:\n"
        "1. Giao Giam doc So Noi vu chu tri, phoi hop voi cac co quan, don vi lien quan ra soat ho so,"
        " bao cao ket qua thuc hien trwdc ngay 01/11/2025.\n"
        "2. Cac so, ban, nganh tinh thuc hien cong khai hang thang ket qua giai quyet ho so cua nguoi dan."
    )
    head = "UY BAN NHAN DAN\nTINH HAU GIANG\nSo: 57/UBND-NC\nHau Giang, ngay 05 thang 6 nam 2025\n\n"
    draft = read_paper(letter(body, head=head), KNOWLEDGE)
    assert draft.header.issuer.value == "UBND tỉnh Hậu Giang"
    first = draft.obligations[0]
    assert first.lead[0].written == "Giám đốc Sở Nội vụ"
    assert first.deadline.last_valid_on == date(2025, 10, 31)


def test_the_head_of_a_report_to_superiors_gives_no_work_to_them() -> None:
    draft = read(
        "BÁO CÁO\nKết quả công tác tháng 5\n\nKính gửi: UBND tỉnh.\n\nTrong tháng, Sở đã xử lý 12 hồ sơ.", sign="BC-SNV"
    )
    assert draft.obligations == ()
