# ruff: noqa: E501 -- one paragraph of a letter is one line
"""Plans and letters as plain text out of a PDF: cells side by side, blank days, sentences that only say who."""

from datetime import date

from planner.reading.draft import LetterDraft
from planner.reading.open_text import open_text
from planner.reading.read import read_paper
from tests.planner.reading.reading_aloud import FOOT, HEAD, KNOWLEDGE, plan, read, shown


def with_annex(annex: str, *, title: str = "Phụ lục\nNHIỆM VỤ GIAO CÁC PHÒNG") -> LetterDraft:
    text = f"{HEAD.format(sign='KH-UBND')}KẾ HOẠCH\nTrồng cây năm 2025\n\n{FOOT}\n{title}\n{annex.strip()}\n"
    return read_paper(open_text(text.encode()), KNOWLEDGE)


SIDE_BY_SIDE = """
TT Tên chỉ số Điểm
tối đa
Chỉ tiêu
năm 2025
Đơn vị chủ trì Thời gian
I Cây bóng mát 18
1 Tỷ lệ cây được gắn
biển tên
6 100% Phòng Cây xanh -
Công viên
Thường
xuyên
2 Tỷ lệ cây được đo
4 100% Phòng Kinh tế Trước
30/9/2025
3
TT Tên chỉ số Điểm
tối đa
Chỉ tiêu
năm 2025
Đơn vị chủ trì Thời gian
II Cây ăn quả 10
3 Tỷ lệ vườn được cấp mã
10 70% Phòng Văn hóa Quý III/2025
"""


def test_cells_side_by_side_are_told_by_amounts_units_and_words_of_time() -> None:
    assert shown(with_annex(SIDE_BY_SIDE)) == [
        ("PL I.1", "Phòng Cây xanh - Công viên", "continuous", "Tỷ lệ cây"),
        ("PL I.2", "Phòng Kinh tế", "2025-09-29", "Tỷ lệ cây"),
        ("PL II.3", "Phòng Văn hóa", "2025-09-30", "Tỷ lệ vườn"),
    ]


def test_the_year_over_a_column_of_targets_dates_no_row_that_has_a_column_of_its_own_for_time() -> None:
    draft = with_annex(SIDE_BY_SIDE)
    assert "năm 2025" not in {each.deadline.phrase for each in draft.obligations}


def test_points_and_targets_of_a_broken_row_are_kept_with_its_indicator() -> None:
    first = with_annex(SIDE_BY_SIDE).obligations[0].indicator
    assert first is not None
    assert (first.max_points, first.target) == ("6", "100%")


def test_a_share_alone_is_a_cell_of_figures_and_no_indicator() -> None:
    draft = plan("II. CHỈ TIÊU\nTT\nThôn\nTỷ lệ\n1\nThôn Thượng\n80%\n2\nThôn Hạ\n60%")
    assert shown(draft) == []


def test_a_sentence_that_only_says_who_leads_and_who_helps_belongs_to_the_work_before_it() -> None:
    draft = plan(
        """I. NHIỆM VỤ
1. Trồng 300 cây dọc bờ kênh trước ngày 20/10/2025. Giao Phòng Kinh tế chủ trì, Hội Phụ nữ xã, Đoàn Thanh niên xã phối hợp thực hiện."""
    )
    assert shown(draft) == [("I.1", "Phòng Kinh tế", "2025-10-19", "Trồng 300 cây")]
    assert [name.written for name in draft.obligations[0].supporting] == ["Hội Phụ nữ xã", "Đoàn Thanh niên xã"]


def test_an_item_with_labels_below_it_is_work_whatever_verb_it_begins_with() -> None:
    draft = plan(
        """I. NHIỆM VỤ
1.1. Vét mương tiêu úng ở các thôn.
- Đơn vị chủ trì: Phòng Kinh tế.
- Thời gian hoàn thành: Trong tháng 8/2025."""
    )
    assert shown(draft) == [("I.1.1", "Phòng Kinh tế", "2025-08-31", "Vét mương tiêu")]


def test_an_announcement_of_the_list_below_is_no_work() -> None:
    draft = read(
        """
V/v chăm sóc cây
Kính gửi: Các phòng chuyên môn.
UBND tỉnh đề nghị các cơ quan, địa phương thực hiện một số nội dung sau:
1. Phòng Kinh tế tưới cây hằng tuần.
""",
        sign="UBND-KT",
    )
    assert [place for place, *_ in shown(draft)] == ["1"]


def test_a_blank_day_leaves_the_month_that_stands_beside_it() -> None:
    head = HEAD.replace("ngày 05 tháng 6 năm 2025", "ngày     tháng 6 năm 2025")
    text = f"{head.format(sign='KH-UBND')}KẾ HOẠCH\nTrồng cây\n\nI. NHIỆM VỤ\n1. Phòng Kinh tế lập danh sách trước ngày 20/7/2025.\n{FOOT}"
    draft = read_paper(open_text(text.encode()), KNOWLEDGE)
    issued = draft.header.issued_on
    assert (issued.day, issued.base_on, issued.latest_on) == (None, date(2025, 6, 1), date(2025, 6, 30))
    assert [each.deadline.ask for each in draft.obligations] == [False]


def test_two_days_under_one_year_are_due_twice_and_the_earlier_is_asked_about() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Phòng Kinh tế gửi báo cáo trước ngày 10/7 và 10/12/2025.")
    assert [(each.deadline.last_valid_on, each.deadline.ask) for each in draft.obligations] == [
        (date(2025, 7, 9), True),
        (date(2025, 12, 9), False),
    ]


def test_so_many_times_a_period_is_a_rhythm_whose_days_are_asked() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Trung tâm Văn hóa phát thanh tối thiểu 03 lần/tuần về trồng cây.")
    assert [(each.deadline.kind, each.deadline.ask) for each in draft.obligations] == [("weekly", True)]
    assert [name.written for name in draft.obligations[0].lead] == ["Trung tâm Văn hóa"]


def test_following_up_is_no_ground_to_look_for_units_behind_a_comma() -> None:
    draft = plan(
        "I. NHIỆM VỤ\n1. Phòng Kinh tế:\na) Theo dõi, công khai số cây của các cơ quan, địa phương trên bảng tin trước ngày 05 tháng sau."
    )
    assert shown(draft) == [("I.1.a", "Phòng Kinh tế", "monthly", "Theo dõi, công")]
    assert draft.obligations[0].deadline.ask


def test_a_season_named_with_truoc_khi_is_asked_and_no_trap() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Phòng Kinh tế dọn cành khô, hoàn thành trước khi bước vào mùa mưa bão.")
    assert [(each.deadline.kind, each.deadline.ask) for each in draft.obligations] == [("season", True)]


def test_a_window_joined_by_a_dash_ends_on_its_last_day() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Các mốc thời gian:\n- Từ ngày 16/6/2025 - 25/7/2025: Trồng cây đồng loạt tại các xã.")
    assert [each.deadline.last_valid_on for each in draft.obligations] == [date(2025, 7, 25)]


def test_papers_and_youth_unions_are_units_where_a_verb_follows() -> None:
    draft = plan(
        "I. NHIỆM VỤ\n- Báo Sông Hạ tăng tin, bài về trồng cây.\n- Thị đoàn Sông Hạ thành lập 05 đội trồng cây."
    )
    assert [lead for _, lead, *_ in shown(draft)] == ["Báo Sông Hạ", "Thị đoàn Sông Hạ"]


def test_work_handed_in_behind_a_semicolon_is_due_with_what_is_sent() -> None:
    draft = plan(
        "I. NHIỆM VỤ\n1. Phòng Kinh tế kiểm đếm cây xanh ở từng tuyến phố; gửi báo cáo về UBND xã trước ngày 20/7/2025."
    )
    assert {each.deadline.last_valid_on for each in draft.obligations} == {date(2025, 7, 19)}


ON_ONE_LINE = """
STT Nội dung/ Nhiệm vụ Cơ quan
chủ trì Cơ quan phối hợp Thời gian
hoàn thành
1 Chăm sóc cây đã trồng
1.1 Ban hành lịch tưới nước, bón
phân cho cây xanh năm 2025 Sở Nông lâm Các sở, ban, ngành Quý I/2025
1.2 Cắt tỉa cây tại các cơ quan,
đơn vị Sở Xây dựng Các sở, ban, ngành;
UBND cấp xã Trước 31/8/2025
2 Trồng cây mới
2.1 Chọn giống cây hợp đất, hợp
khí hậu của vùng Văn phòng UBND
tỉnh Các sở, ban, ngành Thường xuyên
"""


def test_rows_of_two_numbers_stand_in_the_group_of_the_first_and_part_who_leads_from_who_helps() -> None:
    assert shown(with_annex(ON_ONE_LINE)) == [
        ("PL 1.1", "Sở Nông lâm", "2025-03-31", "Ban hành lịch"),
        ("PL 1.2", "Sở Xây dựng", "2025-08-30", "Cắt tỉa cây"),
        ("PL 2.1", "Văn phòng UBND tỉnh", "continuous", "Chọn giống cây"),
    ]


ALIGNED = """
 TT    Nội dung công việc              Đơn vị chủ trì       Phối hợp          Thời gian
                                                                              hoàn thành
 1     Lập sổ theo dõi từng cây        Phòng Cây xanh       Các phòng,        Tháng 7/2025
       trên các tuyến phố chính                             ban
       Gắn biển tên cây                Trung tâm Công       Văn phòng         Trước
 2     ở công viên                     viên và Cây xanh     Sở                30/9/2025
"""


def test_columns_kept_apart_by_blanks_alone_are_a_table() -> None:
    draft = with_annex(ALIGNED.replace("       Gắn biển", "\n       Gắn biển"))
    assert shown(draft) == [
        ("PL 1", "Phòng Cây xanh", "2025-07-31", "Lập sổ theo"),
        ("PL 2", "Trung tâm Công viên và Cây xanh", "2025-09-29", "Gắn biển tên"),
    ]


def test_bare_paragraphs_behind_an_order_are_the_list_and_who_orders_owes_none_of_it() -> None:
    draft = read(
        """
V/v chăm sóc cây
Kính gửi: UBND các xã.

Để giữ cây xanh trong mùa khô, Văn phòng UBND tỉnh đề nghị:

UBND các xã rà soát cây chết, trồng bù xong trước ngày 30/6/2025.

Trung tâm Cây xanh cử người hỗ trợ các xã.

Kết quả thực hiện đề nghị các cơ quan, địa phương báo cáo về Văn phòng UBND tỉnh trước ngày 05/7/2025.
""",
        sign="VP-KT",
    )
    assert [(lead, day) for _, lead, day, _ in shown(draft)] == [
        ("UBND các xã", "2025-06-29"),
        ("Trung tâm Cây xanh", "none"),
        ("các cơ quan, địa phương", "2025-07-04"),
    ]


def test_money_for_standing_costs_and_surprise_inspections_are_no_deadlines() -> None:
    draft = plan(
        """I. NHIỆM VỤ
1. Phòng Kinh tế bố trí kinh phí từ nguồn chi thường xuyên.
2. Phòng Nội vụ kiểm tra đột xuất các vườn ươm."""
    )
    assert [day for *_, day, _ in shown(draft)] == ["none", "none"]


def test_a_bare_paragraph_below_a_dash_may_say_who_and_when() -> None:
    draft = plan("I. NHIỆM VỤ\n- Ban hành kế hoạch tưới cây.\n\nPhòng Kinh tế thực hiện trong Quý III/2025.")
    assert [(lead, day) for _, lead, day, _ in shown(draft)] == [("Phòng Kinh tế", "2025-09-30")]


def test_units_and_a_deadline_alone_in_brackets_say_who() -> None:
    draft = plan("I. NHIỆM VỤ\n- Tự kiểm tra vườn ươm theo thẩm quyền (Văn phòng HĐND và UBND xã; thường xuyên).")
    assert [(lead, day) for _, lead, day, _ in shown(draft)] == [("Văn phòng HĐND và UBND xã", "continuous")]


def test_the_day_of_a_paper_at_the_end_of_a_sentence_is_no_deadline() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Phòng Kinh tế cấp cây giống cho các xã theo Kế hoạch số 155/KH-UBND ngày 12/8/2025.")
    assert [day for *_, day, _ in shown(draft)] == ["none"]


def test_a_count_from_the_signing_of_a_paper_that_is_not_named_is_asked() -> None:
    draft = plan(
        """I. NHIỆM VỤ
1. Văn phòng Sở đăng tải danh mục cây trồng trong 03 ngày làm việc kể từ ngày ký.
2. Phòng Kinh tế lập sổ trong 05 ngày làm việc kể từ ngày ký Kế hoạch này."""
    )
    assert [each.deadline.ask for each in draft.obligations] == [True, False]


def test_periods_in_brackets_behind_their_actions_part_them() -> None:
    draft = plan(
        "I. NHIỆM VỤ\n1. Phòng Kinh tế kiểm đếm cây (hoàn thành trong tháng 7/2025) và lập bản đồ cây (hoàn thành trong tháng 9/2025)."
    )
    assert [each.deadline.last_valid_on for each in draft.obligations] == [date(2025, 7, 31), date(2025, 9, 30)]


def test_a_heading_on_one_line_begins_a_table_of_lines() -> None:
    draft = with_annex(
        """TT Nhiệm vụ Chủ trì Thời gian
1 Tập huấn chăm cây Sở Nông nghiệp và Môi trường Tháng 7/2025
2 Kiểm tra vườn ươm Văn phòng UBND tỉnh Hằng quý"""
    )
    assert shown(draft) == [
        ("PL 1", "Sở Nông nghiệp và Môi trường", "2025-07-31", "Tập huấn chăm"),
        ("PL 2", "Văn phòng UBND tỉnh", "2025-06-30", "Kiểm tra vườn"),
    ]
