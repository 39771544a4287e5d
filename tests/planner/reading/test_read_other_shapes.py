# ruff: noqa: E501 -- one paragraph of a letter is one line
"""Shapes of letters met after the first: what a decision issues, telegrams, tables left as lines, names among units."""

from planner.reading.draft import LetterDraft, Sureness
from planner.reading.open_text import open_text
from planner.reading.read import read_paper
from tests.planner.reading.reading_aloud import KNOWLEDGE, plan, read, shown


def as_it_stands(text: str) -> LetterDraft:
    return read_paper(open_text(text.encode()), KNOWLEDGE)


def test_what_a_decision_issues_behind_its_signature_gives_the_work() -> None:
    draft = as_it_stands(
        """ỦY BAN NHÂN DÂN
TỈNH SÔNG HẠ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 210/QĐ-UBND
Sông Hạ, ngày 05 tháng 6 năm 2025

QUYẾT ĐỊNH
VỀ VIỆC BAN HÀNH KẾ HOẠCH TRỒNG RỪNG NĂM 2025
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SÔNG HẠ
Căn cứ Luật Lâm nghiệp ngày 15 tháng 11 năm 2017;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Kế hoạch trồng rừng năm 2025.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký.

Nơi nhận:
- Như Điều 2;
- Lưu: VT.
CHỦ TỊCH

Trần Văn Mẫu

KẾ HOẠCH
Trồng rừng năm 2025
(Ban hành kèm theo Quyết định số 210/QĐ-UBND ngày 05 tháng 6 năm 2025)

I. NHIỆM VỤ
1. Các chủ đầu tư, Ban Quản lý dự án:
a) Lập kế hoạch giải ngân, gửi Sở Tài chính trước ngày 20 tháng 6 năm 2025.
2. Sở Xây dựng công bố giá cây giống hằng tháng, chậm nhất ngày 10 của tháng sau.
"""
    )
    assert draft.header.title.value == "VỀ VIỆC BAN HÀNH KẾ HOẠCH TRỒNG RỪNG NĂM 2025"
    assert shown(draft) == [
        ("Kế hoạch.I.1.a", "Các chủ đầu tư; Ban Quản lý dự án", "2025-06-19", "Lập kế hoạch"),
        ("Kế hoạch.I.2", "Sở Xây dựng", "2025-06-10", "Công bố giá"),
    ]


def test_a_telegram_speaks_to_those_named_behind_its_sender_and_a_forecast_is_no_work() -> None:
    draft = read(
        """
CÔNG ĐIỆN
Về việc ứng phó mưa lớn

CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH điện:
- Giám đốc các sở;
- Chủ tịch UBND các xã.

Dự báo đến 19 giờ ngày 08/6/2025, mưa lớn ảnh hưởng trực tiếp đến tỉnh. Chủ tịch UBND tỉnh yêu cầu:
1. Chủ tịch UBND các xã hoàn thành sơ tán trước 15 giờ ngày 08/6/2025.
2. Sở Xây dựng báo cáo tình hình đường sá trước 16 giờ hằng ngày.
""",
        sign="CĐ-UBND",
    )
    assert draft.header.title.value == "Về việc ứng phó mưa lớn"
    assert [name.value for name in draft.header.addressees] == ["Giám đốc các sở", "Chủ tịch UBND các xã"]
    assert shown(draft) == [
        ("1", "Chủ tịch UBND các xã", "2025-06-08", "Hoàn thành sơ"),
        ("2", "Sở Xây dựng", "continuous", "Báo cáo tình"),
    ]


def test_a_list_behind_kinh_gui_on_one_line_ends_with_that_line() -> None:
    draft = read(
        """
V/v chuẩn bị kỳ thi
Kính gửi: Các Sở Giáo dục và Đào tạo
Căn cứ Quy chế thi, đề nghị các Sở thực hiện:
I. CHUẨN BỊ
1. Thành lập Ban Chỉ đạo thi trước ngày 15/6/2025.
""",
        sign="BGDĐT-QLCL",
    )
    assert [name.value for name in draft.header.addressees] == ["Các Sở Giáo dục và Đào tạo"]
    assert [(place, day) for place, _who, day, _title in shown(draft)] == [("I.1", "2025-06-14")]


def test_quarters_that_do_not_join_are_due_one_by_one_and_the_earlier_is_asked() -> None:
    draft = plan(
        """
| STT | Nội dung | Đơn vị chủ trì | Thời gian hoàn thành |
| 1 | Đối thoại với người dân | Phòng Kinh tế | Quý III và quý IV/2025 |
| 2 | Đối thoại với doanh nghiệp | Phòng Kinh tế | Quý II/2025 và Quý IV/2025 |
"""
    )
    assert [(each.deadline.last_valid_on.isoformat(), each.deadline.ask) for each in draft.obligations if each.deadline.last_valid_on] == [
        ("2025-12-31", False),
        ("2025-06-30", True),
        ("2025-12-31", False),
    ]  # fmt: skip


def test_two_periods_in_one_cell_are_never_taken_for_the_one_silently() -> None:
    draft = plan(
        """
| STT | Nội dung | Đơn vị chủ trì | Thời gian hoàn thành |
| 1 | Theo dõi thi hành pháp luật | Phòng Tư pháp | Quý III/2025 (kế hoạch); tháng 12/2025 (báo cáo) |
"""
    )
    assert all(each.deadline.ask for each in draft.obligations)


def test_cells_between_bars_are_rows_and_empty_cells_keep_their_columns() -> None:
    cells = ["STT", "Nội dung", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian", "Sản phẩm"]
    cells += ["I", "Điều hành", "", "", "", "", "1", "Ban hành quy chế làm việc", "Sở Nội vụ", "", "Quý III/2025", "Quyết định"]  # fmt: skip
    draft = plan("I. PHÂN CÔNG\n" + "\n|\n".join(cells) + "\n|\n")
    assert shown(draft) == [("I.I.1", "Sở Nội vụ", "2025-09-30", "Ban hành quy")]


def test_a_table_in_the_text_with_a_line_for_each_cell_is_read_by_its_columns() -> None:
    draft = plan(
        """
I. NỘI DUNG
TT
Nội dung kiểm tra
Đối tượng
Đơn vị thực hiện
Thời gian
1
Kiểm tra việc thu phí năm 2024
Trạm Thủy lợi
Thanh tra tỉnh
Quý III/2025
2
Kiểm tra việc nêu gương
Trạm Thú y
Thanh tra tỉnh
Tháng 8/2025
II. TỔ CHỨC THỰC HIỆN
1. Thanh tra tỉnh báo cáo kết quả trước ngày 15/12/2025.
"""
    )
    assert shown(draft) == [
        ("I.1", "Thanh tra tỉnh", "2025-09-30", "Kiểm tra việc"),
        ("I.2", "Thanh tra tỉnh", "2025-08-31", "Kiểm tra việc"),
        ("II.1", "Thanh tra tỉnh", "2025-12-14", "Báo cáo kết"),
    ]


def test_who_has_others_act_answers_for_it() -> None:
    draft = plan(
        """
I. NHIỆM VỤ
1. Sở Y tế chỉ đạo Trung tâm Kiểm soát bệnh tật tăng cường giám sát.
2. UBND các xã:
- Chỉ đạo các trường mầm non rà soát bếp ăn trước ngày 30/6/2025.
- Rà soát từng điểm trường, chỉ đạo Ban Quản lý dự án sửa chữa trước ngày 15/7/2025.
"""
    )
    assert [(who, day) for _place, who, day, _title in shown(draft)] == [
        ("Sở Y tế", "none"),
        ("UBND các xã", "2025-06-29"),
        ("UBND các xã", "2025-07-14"),
    ]


def test_a_name_among_units_is_one_and_is_asked_about() -> None:
    draft = plan(
        """
I. PHÂN CÔNG
1. Phòng Kinh tế: chuẩn bị hội trường trước ngày 20/6/2025.
2. Trạm Y tế xã: cử nhân viên trực.
3. Phòng Tư pháp: soạn quy chế trước ngày 22/6/2025.
4. Nhóm hậu cần: lập dự toán gửi Phòng Kinh tế trước ngày 15/6/2025.
"""
    )
    last = draft.obligations[-1]
    assert [name.written for name in last.lead] == ["Nhóm hậu cần"]
    assert last.lead_sureness is Sureness.LIKELY


def test_labels_are_no_units_however_many_stand_together() -> None:
    draft = plan(
        """
I. NHIỆM VỤ
1. Ban hành quy chế quản lý tài khoản.
- Đơn vị chủ trì: Công an tỉnh.
- Đơn vị phối hợp: Sở Nội vụ.
- Thời hạn hoàn thành: 31/7/2025.
"""
    )
    assert shown(draft) == [("I.1", "Công an tỉnh", "2025-07-31", "Ban hành quy")]


def test_a_sentence_that_only_says_when_dates_the_one_before_it() -> None:
    draft = plan(
        """
I. NHIỆM VỤ
1. Công an tỉnh cấp căn cước cho học sinh. Hoàn thành trong quý III/2025.
2. Bố trí trang thiết bị tại Bộ phận Một cửa. Giao UBND các xã hoàn thành trước ngày 30/7/2025.
"""
    )
    assert [(who, day) for _place, who, day, _title in shown(draft)] == [
        ("Công an tỉnh", "2025-09-30"),
        ("UBND các xã", "2025-07-29"),
    ]


def test_a_day_in_front_of_its_unit_dates_what_the_unit_does() -> None:
    draft = plan(
        """
I. TIẾN ĐỘ
- Từ ngày 20/6 đến 30/6/2025: Phòng Y tế tham mưu thành lập đoàn kiểm tra.
- Ngày 04/8/2025: Phòng Y tế báo cáo kết quả kiểm tra.
2. Thời gian kiểm tra: từ ngày 03/7/2025 đến ngày 28/7/2025.
"""
    )
    assert [(who, day) for _place, who, day, _title in shown(draft)] == [
        ("Phòng Y tế", "2025-06-30"),
        ("Phòng Y tế", "2025-08-04"),
    ]


def test_a_name_ends_before_a_verb_of_no_list_behind_capitals_or_a_place() -> None:
    draft = plan(
        """
I. NHIỆM VỤ
1. Các Sở GDĐT in giấy báo dự thi chậm nhất ngày 20/6/2025.
2. UBND xã Hòa Lợi kẻ khẩu hiệu trước ngày 25/6/2025.
3. Đề nghị Trung ương Đoàn Thanh niên tổ chức lớp dạy bơi.
"""
    )
    assert [who for _place, who, _day, _title in shown(draft)] == [
        "Các Sở GDĐT",
        "UBND xã Hòa Lợi",
        "Trung ương Đoàn Thanh niên",
    ]


def test_a_name_on_top_that_disagrees_with_the_number_is_asked_about() -> None:
    draft = as_it_stands(
        "HỘI ĐỒNG NHÂN DÂN\nPHƯỜNG AN THỦY\nSố: 09/KH-UBND\nAn Thủy, ngày 12 tháng 8 năm 2025\n\n"
        "KẾ HOẠCH\nSố hóa hồ sơ lưu trữ\n\nI. NHIỆM VỤ\n1. Phòng Kinh tế mua sắm thiết bị (tháng 10/2025).\n"
    )
    assert draft.header.issuer.sureness is Sureness.LIKELY
    assert [day for _place, _who, day, _title in shown(draft)] == ["2025-10-31"]


def test_a_head_in_two_columns_without_accents_is_asked_about_and_whole() -> None:
    draft = as_it_stands(
        "UY BAN NHAN DAN CONG HOA XA HOI CHU NGHIA VIET NAM\nHUYEN PHU LAM Doc lap - Tu do - Hanh phuc\n"
        "So: 892/UBND-NN Phu Lam, ngay 14 thang 5 nam 2025\nV/v tiem phong gia suc\nKinh gui: UBND cac xa, thi tran.\n"
        "Thuc hien Cong van so 12/UBND ngay 06/5/2025 cua UBND tinh, Uy ban nhan dan huyen yeu cau:\n"
        "1. UBND cac xa, thi tran bao cao ket qua truoc ngay 30/5/2025.\n"
    )
    assert draft.header.issuer.value == "UBND huyện Phu Lam"
    assert draft.header.issuer.sureness is Sureness.LIKELY


def test_a_rhythm_before_the_comma_does_not_hide_who_comes_behind_it() -> None:
    draft = plan(
        """
I. TỔ CHỨC THỰC HIỆN
1. Định kỳ ngày 25 hằng tháng, Phòng Kinh tế tổng hợp kết quả gửi UBND xã.
2. Kinh phí: 35 tỷ đồng từ ngân sách tỉnh.
"""
    )
    assert shown(draft) == [("I.1", "Phòng Kinh tế", "2025-06-25", "Tổng hợp kết")]


def test_a_table_of_a_letter_ends_where_its_next_numbered_paragraph_begins() -> None:
    draft = plan(
        """
I. NỘI DUNG
1. Tiến độ
TT
Nội dung công việc
Đơn vị thực hiện
Thời gian hoàn thành
1
Thu thập hồ sơ biến động
UBND các phường
Trước 20/12/2025
2
Kiểm tra kết quả
Chi nhánh Văn phòng Đăng ký đất đai
15/01/2026
2. UBND các phường gửi hồ sơ chậm nhất 17h00 ngày 20/01/2026.
"""
    )
    assert [(who, day) for _place, who, day, _title in shown(draft)] == [
        ("UBND các phường", "2025-12-19"),
        ("Chi nhánh Văn phòng Đăng ký đất đai", "2026-01-15"),
        ("UBND các phường", "2026-01-20"),
    ]


def test_the_day_of_a_meeting_or_of_a_paper_at_the_end_of_a_sentence_is_no_deadline() -> None:
    draft = plan(
        """
I. NHIỆM VỤ
1. Sở Y tế triển khai kết luận của Chủ tịch UBND tỉnh tại cuộc họp ngày 20/6/2025.
2. Sở Nội vụ xây dựng phương án, trình Giám đốc duyệt ngày 20/6/2025.
"""
    )
    assert [day for _place, _who, day, _title in shown(draft)] == ["none", "2025-06-20"]
