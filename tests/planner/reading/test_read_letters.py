# ruff: noqa: E501 -- one paragraph of a letter is one line
"""Letters of every common shape, in invented offices, read as a careful person reads them."""

import pytest

from models.errors import SecretLetterError
from planner.reading.draft import DutyClass
from planner.reading.read import read_paper
from tests.planner.reading.reading_aloud import KNOWLEDGE, letter, plan, read, shown


def test_a_decision_gives_work_in_its_articles_and_is_carried_out_by_its_last() -> None:
    draft = read(
        """
QUYẾT ĐỊNH
Về việc ban hành Kế hoạch chuyển đổi số năm 2025

CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH

Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 02 năm 2025;

QUYẾT ĐỊNH:

Điều 1. Ban hành kèm theo Quyết định này Kế hoạch chuyển đổi số năm 2025.
Điều 2. Giao Sở Khoa học và Công nghệ chủ trì, phối hợp với các cơ quan liên quan đôn đốc việc thực hiện Kế hoạch.
Giao Sở Tài chính bố trí kinh phí, hoàn thành trước ngày 30/7/2025.
Điều 3. Chánh Văn phòng UBND tỉnh, Giám đốc các Sở: Tài chính, Nội vụ; Chủ tịch UBND các xã chịu trách nhiệm thi hành Quyết định này./.
""",
        sign="QĐ-UBND",
    )
    assert draft.header.kind.value == "Quyết định"
    assert draft.header.title.value == "Về việc ban hành Kế hoạch chuyển đổi số năm 2025"
    assert shown(draft) == [
        ("Điều 2", "Sở Khoa học và Công nghệ", "none", "Đôn đốc việc"),
        ("Điều 2", "Sở Tài chính", "2025-07-29", "Bố trí kinh"),
    ]
    principle = draft.obligations[-1]
    assert principle.duty_class is DutyClass.PRINCIPLE
    assert [name.written for name in principle.lead][1:3] == ["Giám đốc Sở Tài chính", "Giám đốc Sở Nội vụ"]


def test_a_directive_lets_its_heading_say_who_and_its_items_say_when() -> None:
    draft = read(
        """
CHỈ THỊ
Về tăng cường phòng, chống thiên tai năm 2025

Để chủ động ứng phó, Chủ tịch UBND tỉnh yêu cầu:
1. Giám đốc các sở, Thủ trưởng các ban, ngành; Chủ tịch UBND các xã, phường:
a) Kiện toàn Ban Chỉ huy phòng, chống thiên tai các cấp, hoàn thành trong tháng 6/2025.
b) Rà soát phương án ứng phó; báo cáo kết quả về Sở Nông nghiệp và Môi trường trước ngày 25/6/2025.
2. Sở Nông nghiệp và Môi trường
- Chủ trì, phối hợp với Công an tỉnh tổ chức kiểm tra tại các địa phương, xong trước ngày 15/7/2025.
3. Đài Khí tượng Thủy văn tỉnh: Theo dõi chặt chẽ, dự báo kịp thời diễn biến thiên tai.
4. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội vận động nhân dân tham gia.
""",
        sign="CT-UBND",
    )
    heads = "Giám đốc các sở; Thủ trưởng các ban, ngành; Chủ tịch UBND các xã, phường"
    front = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh; các tổ chức chính trị - xã hội"
    assert shown(draft) == [
        ("1.a", heads, "2025-06-30", "Kiện toàn Ban"),
        ("1.b", heads, "none", "Rà soát phương"),
        ("1.b", heads, "2025-06-24", "Báo cáo kết"),
        ("2-1", "Sở Nông nghiệp và Môi trường", "2025-07-14", "Tổ chức kiểm"),
        ("3", "Đài Khí tượng Thủy văn tỉnh", "none", "Theo dõi chặt"),
        ("4", front, "none", "Vận động nhân"),
    ]
    assert draft.obligations[-1].duty_class is DutyClass.REQUEST
    assert [name.written for name in draft.obligations[3].supporting] == ["Công an tỉnh"]


def test_conclusions_of_a_meeting_name_their_units_inside_the_sentences() -> None:
    draft = read(
        """
THÔNG BÁO
Kết luận của Phó Chủ tịch UBND tỉnh tại cuộc họp về giải ngân vốn đầu tư công

Ngày 04/6/2025, Phó Chủ tịch UBND tỉnh chủ trì cuộc họp; sau khi nghe báo cáo, Phó Chủ tịch kết luận như sau:
I. Đánh giá chung
Đến ngày 31/5/2025, toàn tỉnh giải ngân được 1.250 tỷ đồng, đạt 45,2% kế hoạch.
II. Nhiệm vụ thời gian tới
1. Giao Sở Tài chính:
- Định kỳ ngày 25 hằng tháng tổng hợp tiến độ giải ngân, báo cáo Chủ tịch UBND tỉnh.
2. Về đường vành đai: Giao Sở Xây dựng chủ trì, phối hợp với UBND phường Trung Tâm thẩm định thiết kế, hoàn thành trước ngày 30/10/2025. UBND phường Trung Tâm khẩn trương hoàn thành giải phóng mặt bằng trong tháng 11/2025.
3. Đồng ý thành lập Tổ công tác. Sở Nội vụ tham mưu Quyết định thành lập, trình UBND tỉnh chậm nhất ngày 26/6/2025.
""",
        sign="TB-UBND",
    )
    assert shown(draft) == [
        ("II.1-1", "Sở Tài chính", "2025-06-25", "Định kỳ ngày"),
        ("II.2", "Sở Xây dựng", "2025-10-29", "Thẩm định thiết"),
        ("II.2", "UBND phường Trung Tâm", "2025-11-30", "Khẩn trương hoàn"),
        ("II.3", "Sở Nội vụ", "2025-06-26", "Tham mưu Quyết"),
    ]


def test_labels_below_an_item_say_who_when_and_what_comes_out_of_it() -> None:
    draft = plan(
        """
I. NHIỆM VỤ
1. Cải cách thể chế
1.1. Ban hành Kế hoạch kiểm tra văn bản năm 2025.
- Cơ quan chủ trì: Phòng Tư pháp.
- Cơ quan phối hợp: Các phòng, ban; UBND các xã.
- Thời gian hoàn thành: Tháng 7/2025.
- Sản phẩm: Kế hoạch của UBND huyện.
1.2. Số hóa hồ sơ cán bộ
Thời gian hoàn thành: trước ngày 28/8/2025.
Đơn vị chủ trì: Phòng Nội vụ.
2. Hiện đại hóa
a) Rà soát thủ tục hành chính (Văn phòng HĐND và UBND huyện chủ trì, hoàn thành trong quý III/2025).
b) Nội dung: Nâng cấp mạng nội bộ. Đơn vị chủ trì: Phòng Văn hóa và Thông tin; thời gian: trước 31/12/2025.
"""
    )
    assert shown(draft) == [
        ("I.1.1", "Phòng Tư pháp", "2025-07-31", "Ban hành Kế"),
        ("I.1.2", "Phòng Nội vụ", "2025-08-27", "Số hóa hồ"),
        ("I.2.a", "Văn phòng HĐND và UBND huyện", "2025-09-30", "Rà soát thủ"),
        ("I.2.b", "Phòng Văn hóa và Thông tin", "2025-12-30", "Nâng cấp mạng"),
    ]
    assert draft.obligations[0].deliverable == "Kế hoạch của UBND huyện"
    assert [name.written for name in draft.obligations[0].supporting] == ["Các phòng, ban", "UBND các xã"]


def test_an_urgent_letter_tells_those_it_is_written_to_where_it_names_nobody() -> None:
    draft = read(
        """
V/v báo cáo kết quả sắp xếp bộ máy
HỎA TỐC

Kính gửi:
- Các sở, ban, ngành tỉnh;
- UBND các xã, phường.

Thực hiện Công điện số 142/CĐ-TTg ngày 03/6/2025 của Thủ tướng Chính phủ, UBND tỉnh đề nghị các sở, ban, ngành tỉnh, UBND các xã, phường báo cáo kết quả sắp xếp tính đến ngày 31/5/2025, gửi về Sở Nội vụ trước 16 giờ 00 ngày 12/6/2025.
Đối với các đơn vị chưa hoàn thành bàn giao, đề nghị khẩn trương thực hiện, xong trước ngày 20/6/2025.
""",
        sign="UBND-NC",
    )
    assert draft.header.kind.value == "Công văn"
    assert shown(draft) == [
        ("", "các sở, ban, ngành tỉnh; UBND các xã, phường", "2025-06-12", "Báo cáo kết"),
        ("", "Các sở, ban, ngành tỉnh; UBND các xã, phường", "2025-06-19", "Khẩn trương thực"),
    ]


def test_an_annex_is_read_by_the_words_over_its_columns_in_any_order() -> None:
    rows = [
        "STT\tThời hạn hoàn thành\tNhiệm vụ\tSản phẩm\tCơ quan chủ trì\tCơ quan phối hợp",
        "I\tHạ tầng số",
        "1\t30/9/2025\tLắp đặt wifi tại nhà văn hóa\tBiên bản\tPhòng Kinh tế\tCác thôn; Trường Tiểu học Đồng Tâm",
        "2\tQuý IV/2025\tTrang bị máy tính cho Bộ phận Một cửa\tQuyết định\tVăn phòng HĐND và UBND xã\tPhòng Kinh tế",
        "II\tDữ liệu số",
        "3\tHằng tháng\tCập nhật dữ liệu hộ tịch\tBáo cáo\tPhòng Văn hóa - Xã hội\tCông an xã",
    ]
    body = "KẾ HOẠCH\nChuyển đổi số năm 2025\n\nI. NHIỆM VỤ\nCác nhiệm vụ tại Phụ lục kèm theo."
    foot = "\nNơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\n\nNgô Văn Mẫu\n\nPHỤ LỤC\nDANH MỤC NHIỆM VỤ\n\n" + "\n".join(rows)
    draft = read_paper(letter(body, foot=foot), KNOWLEDGE)
    assert shown(draft) == [
        ("PL I.1", "Phòng Kinh tế", "2025-09-30", "Lắp đặt wifi"),
        ("PL I.2", "Văn phòng HĐND và UBND xã", "2025-12-31", "Trang bị máy"),
        ("PL II.3", "Phòng Văn hóa - Xã hội", "2025-06-30", "Cập nhật dữ"),
    ]
    assert draft.obligations[0].deliverable == "Biên bản"
    assert [name.written for name in draft.obligations[0].supporting] == ["Các thôn", "Trường Tiểu học Đồng Tâm"]


def test_one_sentence_dates_every_item_above_it_and_no_item_of_another_list() -> None:
    draft = plan(
        """
I. TỔ CHỨC THỰC HIỆN
1. Giao Sở Nội vụ:
- Rà soát biên chế các đơn vị sự nghiệp của tỉnh.
2. Giao Sở Khoa học và Công nghệ:
- Sửa lỗi đồng bộ dữ liệu của hệ thống một cửa.
- Tập huấn sử dụng hệ thống mới cho công chức.
Các nội dung nhiệm vụ tại mục này hoàn thành trước ngày 15/11/2025.
"""
    )
    assert [day for _, _, day, _ in shown(draft)] == ["none", "2025-11-14", "2025-11-14"]


def test_an_action_falls_due_with_the_report_on_it_but_not_with_a_yearly_one() -> None:
    draft = plan(
        """
I. TỔ CHỨC THỰC HIỆN
1. Sở Tư pháp
- Chấn chỉnh việc tiếp nhận hồ sơ trễ hạn tại bộ phận một cửa, báo cáo kết quả thực hiện trước ngày 01/11/2025.
- Khắc phục những hạn chế đã được nêu trong kết luận kiểm tra và báo cáo kết quả thực hiện trước ngày 05/11 hằng năm.
"""
    )
    assert [day for _, _, day, _ in shown(draft)] == ["2025-10-31", "2025-10-31", "none", "2025-11-04"]


def test_whoever_gathers_difficulties_owes_the_summary_and_anybody_means_the_groups_named() -> None:
    draft = plan(
        """
I. TỔ CHỨC THỰC HIỆN
1. Các sở, ban, ngành tỉnh; UBND các xã, phường
- Xây dựng kế hoạch của đơn vị trước ngày 30/6/2025.
Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các cơ quan, đơn vị phản ánh về Sở Nội vụ để tổng hợp, báo cáo UBND tỉnh./.
"""
    )
    groups = "Các sở, ban, ngành tỉnh; UBND các xã, phường"
    assert [(lead, day) for _, lead, day, _ in shown(draft)][1:] == [(groups, "event"), ("Sở Nội vụ", "event")]
    assert any("các cơ quan, đơn vị" in question.text for question in draft.questions)


def test_aims_give_indicators_and_principles_and_money_gives_nothing() -> None:
    draft = plan(
        """
I. MỤC ĐÍCH, YÊU CẦU
1. Mục tiêu
- 100% văn bản đi được ký số.
- Tiếp tục nâng cao hiệu lực, hiệu quả quản lý.
2. Yêu cầu
Các phòng, UBND các xã phải xác định đây là nhiệm vụ trọng tâm.
II. KINH PHÍ THỰC HIỆN
Từ dự toán chi thường xuyên hằng năm của các cơ quan.
"""
    )
    assert [each.duty_class for each in draft.obligations] == [DutyClass.INDICATOR, DutyClass.PRINCIPLE]
    assert draft.obligations[0].indicator is not None
    assert draft.obligations[0].indicator.target == "100%"


def test_months_that_head_a_section_date_its_work_and_are_asked_about() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Tháng 7/2025\n- Phòng Kinh tế kiểm tra các hồ chứa nước trên địa bàn xã.")
    only = draft.obligations[0]
    assert (str(only.deadline.last_valid_on), only.deadline.ask) == ("2025-07-31", True)


def test_days_that_belong_to_other_papers_and_to_figures_are_no_deadlines() -> None:
    draft = plan(
        """
I. TỔ CHỨC THỰC HIỆN
1. Sở Nội vụ
- Triển khai Quyết định số 766/QĐ-TTg ngày 23/6/2022 và Kế hoạch số 12/KH-UBND ngày 06/01/2025 của UBND tỉnh.
- Rà soát 312 hồ sơ trễ hạn (số liệu tính đến ngày 30/5/2025), chịu trách nhiệm trước UBND tỉnh.
"""
    )
    assert [day for _, _, day, _ in shown(draft)] == ["none", "none"]


@pytest.mark.parametrize("stamp", ["MẬT", "TỐI MẬT", "Tuyệt mật", "MÂT", "Độ mật: MẬT"])
def test_a_letter_stamped_secret_is_refused_before_it_is_read(stamp: str) -> None:
    paper = letter(f"{stamp}\n\nKính gửi: Sở Nội vụ.\n\nGiao Sở Nội vụ báo cáo trước ngày 10/7/2025.", sign="UBND-NC")
    with pytest.raises(SecretLetterError):
        read_paper(paper, KNOWLEDGE)


def test_a_word_about_secrets_is_no_stamp() -> None:
    draft = plan("I. NHIỆM VỤ\n1. Công an tỉnh\n- Bảo vệ bí mật nhà nước, không để lộ tài liệu mật.")
    assert len(draft.obligations) == 1


def test_a_numbered_letter_without_units_speaks_to_those_it_is_written_to() -> None:
    draft = read(
        """
V/v triển khai công tác cải cách hành chính quý III

Kính gửi:
- Các phòng, ban chuyên môn;
- UBND các xã, thị trấn.

Để hoàn thành các chỉ tiêu được giao, Phòng Nội vụ đề nghị các cơ quan, đơn vị thực hiện một số nội dung sau:
1. Tự chấm điểm chỉ số cải cách hành chính, gửi hồ sơ kiểm chứng về Phòng Nội vụ chậm nhất ngày 10/9/2025.
2. Đối với UBND các xã, thị trấn: Bố trí đủ công chức trực tại bộ phận một cửa.
3. Số liệu lấy từ hệ thống một cửa, không cần lập biểu riêng.
""",
        sign="PNV",
    )
    assert shown(draft) == [
        ("1", "Các phòng, ban chuyên môn; UBND các xã, thị trấn", "2025-09-10", "Tự chấm điểm"),
        ("2", "UBND các xã, thị trấn", "none", "Bố trí đủ"),
    ]


def test_several_rhythms_in_one_sentence_are_several_duties() -> None:
    draft = plan(
        """
I. NHIỆM VỤ THƯỜNG XUYÊN
- Các phòng, đơn vị báo cáo kết quả công tác tuần vào thứ Sáu hằng tuần; báo cáo tháng trước ngày 20 hằng tháng; báo cáo quý trước ngày 15 của tháng cuối quý.
- Thăm, tặng quà gia đình chính sách: Phòng Văn hóa - Xã hội chủ trì.
- Công an xã chủ trì, phối hợp Ban Chỉ huy Quân sự xã diễn tập phòng thủ, hoàn thành trước 15/8/2025.
"""
    )
    offices = "Các phòng, đơn vị"
    assert shown(draft) == [
        ("I-1", offices, "2025-06-06", "Báo cáo kết"),
        ("I-1", offices, "2025-06-19", "Báo cáo tháng"),
        ("I-1", offices, "2025-06-14", "Báo cáo quý"),
        ("I-2", "Phòng Văn hóa - Xã hội", "none", "Thăm, tặng quà"),
        ("I-3", "Công an xã", "2025-08-14", "Diễn tập phòng"),
    ]
