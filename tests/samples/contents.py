# ruff: noqa: E501 -- one paragraph of a letter is one line
"""The sample letters: an invented province with offices, people and duties, in the shapes real letters have."""

from tests.samples.content import Grid, Letter, PageBreak, Span, Words


def _paragraphs(text):
    """One paragraph a line; `# ` a heading, `= ` a title, `~ ` a note under a title, `1.| ` counted by Word itself."""
    styles = {"# ": "heading", "= ": "title", "~ ": "note"}
    for line in text.strip().splitlines():
        style = styles.get(line[:2], "body")
        bare = line[2:] if line[:2] in styles else line
        numbering, found, rest = bare.partition("| ")
        yield Words(rest, style, numbering) if found else Words(bare, style)


TASKS = Letter(
    name="cong-van-giao-viec",
    issuer=("ỦY BAN NHÂN DÂN", "TỈNH SÔNG HẠ"),
    number=("Số: 218/UBND-NC", "V/v khắc phục hồ sơ trả chậm", "trong quý III năm 2026"),
    place_and_day="Sông Hạ, ngày 06 tháng 10 năm 2026",
    body=tuple(
        _paragraphs("""
Kính gửi:
- Giám đốc các sở, Thủ trưởng cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh;
- Chủ tịch Ủy ban nhân dân các xã, phường.
Thực hiện Kế hoạch số 57/KH-UBND ngày 12/02/2026 của Ủy ban nhân dân tỉnh về nâng cao chất lượng phục vụ người dân năm 2026; qua theo dõi số liệu trên hệ thống đến ngày 30/9/2026, toàn tỉnh còn 312 hồ sơ trả chậm, tập trung ở lĩnh vực đất đai và hộ tịch. Chủ tịch Ủy ban nhân dân tỉnh có ý kiến như sau:
1.| Giao Giám đốc các sở, Chủ tịch Ủy ban nhân dân các xã, phường:
- Rà soát toàn bộ hồ sơ trả chậm, gửi thư xin lỗi từng người dân và báo cáo kết quả về Sở Nội vụ trước ngày 20/10/2026.
- Phân công công chức tiếp nhận hồ sơ trực tuyến trong 08 giờ làm việc kể từ khi hồ sơ được nộp.
2.| Giao Sở Khoa học và Công nghệ chủ trì, phối hợp với Văn phòng Ủy ban nhân dân tỉnh:
- Sửa lỗi đồng bộ dữ liệu giữa hệ thống một cửa và kho dữ liệu dùng chung của tỉnh.
- Tập huấn sử dụng hệ thống mới cho công chức một cửa cấp xã.
Các nội dung nhiệm vụ tại mục này hoàn thành trước ngày 15/11/2026.
3.| Giao Văn phòng Ủy ban nhân dân tỉnh:
- Công khai danh sách cơ quan trả hồ sơ chậm trên Cổng thông tin điện tử tỉnh hằng tháng.
- Tổng hợp, báo cáo Chủ tịch Ủy ban nhân dân tỉnh lần một trước ngày 25/10/2026, lần hai trước ngày 25/12/2026.
4.| Đề nghị Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh giám sát việc xin lỗi người dân tại các xã, phường.
Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan, đơn vị phản ánh về Sở Nội vụ để được hướng dẫn./.
""")
    ),
    recipients=("- Như kính gửi;", "- Thường trực Tỉnh ủy (để b/c);", "- Lưu: VT, NC."),
    signature=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Đỗ Thị Mẫu"),
)

ANNEX = Letter(
    name="ke-hoach-phu-luc",
    issuer=("ỦY BAN NHÂN DÂN", "TỈNH SÔNG HẠ"),
    number=("Số:        /KH-UBND",),
    place_and_day="Sông Hạ, ngày       tháng       năm 2026",
    body=tuple(
        _paragraphs("""
= KẾ HOẠCH
~ Nâng cao chất lượng phục vụ người dân và doanh nghiệp trên địa bàn tỉnh Sông Hạ năm 2026
Căn cứ Nghị quyết số 19/NQ-HĐND ngày 10/12/2025 của Hội đồng nhân dân tỉnh về nhiệm vụ năm 2026, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:
# I. MỤC TIÊU
1. Tỷ lệ hồ sơ giải quyết đúng hạn đạt từ 98% trở lên.
2. Tỷ lệ thủ tục có thanh toán trực tuyến đạt tối thiểu 80%.
# II. NHIỆM VỤ
Các nhiệm vụ cụ thể nêu tại Phụ lục kèm theo Kế hoạch này.
# III. TỔ CHỨC THỰC HIỆN
1. Các sở, ban, ngành tỉnh; Ủy ban nhân dân các xã, phường báo cáo kết quả thực hiện về Sở Nội vụ trước ngày 05/11 hằng năm.
2. Sở Nội vụ theo dõi, tổng hợp, báo cáo Ủy ban nhân dân tỉnh trước ngày 15/11 hằng năm./.
""")
    ),
    recipients=(
        "- Thường trực Tỉnh ủy;",
        "- Các sở, ban, ngành tỉnh;",
        "- Ủy ban nhân dân các xã, phường;",
        "- Lưu: VT, NC.",
    ),
    signature=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Hồ Văn Thử"),
    annex=(
        PageBreak(),
        *_paragraphs("""
= PHỤ LỤC
~ DANH MỤC NHIỆM VỤ NĂM 2026
~ (Kèm theo Kế hoạch của Ủy ban nhân dân tỉnh Sông Hạ)
"""),
        Grid(
            rows=(
                ("STT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành", "Sản phẩm"),
                ("I", Span("CÔNG KHAI, MINH BẠCH", right=5)),
                (
                    "1",
                    "Rà soát, công bố danh mục thủ tục thuộc thẩm quyền giải quyết của tỉnh và của cấp xã",
                    Span("Văn phòng Ủy ban nhân dân tỉnh", down=3),
                    "Các sở, ban, ngành tỉnh",
                    "Quý I/2026",
                    "Quyết định công bố",
                ),
                (
                    "2",
                    "Niêm yết mã QR của từng thủ tục tại nơi tiếp nhận hồ sơ",
                    "Ủy ban nhân dân các xã, phường",
                    "Tháng 6/2026",
                    "Mã QR tại bộ phận một cửa",
                ),
                (
                    "3",
                    "Công khai kết quả giải quyết hồ sơ trên Cổng thông tin điện tử tỉnh",
                    "Các sở, ban, ngành tỉnh",
                    "Hằng quý",
                    "Bảng công khai",
                ),
                ("II", Span("TIẾN ĐỘ GIẢI QUYẾT", right=5)),
                (
                    "1",
                    "Xây dựng quy chế xin lỗi khi trả hồ sơ chậm, trong đó nêu rõ trách nhiệm của người đứng đầu cơ quan và hình thức xin lỗi đối với từng trường hợp",
                    Span("Sở Nội vụ", down=4),
                    "Sở Tư pháp",
                    "Trước ngày 15/5/2026",
                    "Quy chế",
                ),
                (
                    "2",
                    "Kiểm tra đột xuất bộ phận một cửa của cấp xã, lập biên bản và kiến nghị xử lý ngay tại chỗ những việc làm phiền người dân",
                    "Thanh tra tỉnh",
                    "Thường xuyên",
                    "Biên bản kiểm tra",
                ),
                (
                    "3",
                    "Khảo sát mức độ hài lòng của người dân đối với việc giải quyết hồ sơ đất đai, hộ tịch và đăng ký kinh doanh tại toàn bộ các xã, phường",
                    "Ủy ban nhân dân các xã, phường",
                    "Quý II/2026 và Quý IV/2026",
                    "Báo cáo khảo sát",
                ),
                (
                    "4",
                    "Đề xuất khen thưởng tập thể, cá nhân có sáng kiến rút ngắn thời gian giải quyết hồ sơ",
                    "Các sở, ban, ngành tỉnh",
                    "Tháng 11/2026",
                    "Tờ trình",
                ),
                ("III", Span("DỊCH VỤ TRỰC TUYẾN", right=5)),
                (
                    "1",
                    "Kết nối hệ thống thanh toán của tỉnh với các ngân hàng có chi nhánh trên địa bàn, bảo đảm người dân nộp phí, lệ phí bằng điện thoại và nhận biên lai điện tử ngay sau khi nộp",
                    Span("Sở Tài chính", down=2),
                    "Kho bạc Nhà nước khu vực",
                    "Chậm nhất ngày 10/4/2026",
                    "Hệ thống vận hành",
                ),
                (
                    "2",
                    "Miễn lệ phí đối với hồ sơ nộp trực tuyến toàn trình theo nghị quyết của Hội đồng nhân dân tỉnh",
                    "Sở Tư pháp",
                    "Quí III/2026",
                    "Nghị quyết",
                ),
                (
                    "3",
                    "Tập huấn kỹ năng số cho công chức cấp xã, mỗi xã, phường có ít nhất ba công chức hướng dẫn được người dân nộp hồ sơ bằng điện thoại",
                    "Sở Khoa học và Công nghệ",
                    "Ủy ban nhân dân các xã, phường",
                    "Năm 2026",
                    "Lớp tập huấn",
                ),
                (
                    "4",
                    "Đặt máy tính công cộng và người hướng dẫn tại nhà văn hóa thôn, khu phố để giúp người cao tuổi nộp hồ sơ trực tuyến",
                    "Ủy ban nhân dân các xã, phường",
                    "Tỉnh đoàn Sông Hạ",
                    "Trước ngày 30/9/2026",
                    "Điểm hỗ trợ",
                ),
            ),
            widths=(0.07, 0.33, 0.17, 0.16, 0.14, 0.13),
        ),
    ),
)

LABELS = Letter(
    name="ke-hoach-nhan-muc",
    issuer=("ỦY BAN NHÂN DÂN TỈNH SÔNG HẠ", "SỞ NỘI VỤ"),
    number=("Số: 33/KH-SNV",),
    place_and_day="Sông Hạ, ngày 15 tháng 01 năm 2026",
    body=tuple(
        _paragraphs("""
= KẾ HOẠCH
~ Chuyển đổi số trong hoạt động của Sở Nội vụ năm 2026
Thực hiện Kế hoạch số 04/KH-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh, Sở Nội vụ xây dựng Kế hoạch như sau:
# I. CHỈ TIÊU
- 100% văn bản đi được ký số;
- Tỷ lệ hồ sơ công việc lập trên môi trường điện tử đạt từ 90% trở lên.
# II. NHIỆM VỤ CỤ THỂ
1. Số hóa hồ sơ cán bộ, công chức thuộc Sở quản lý
Sản phẩm: Kho hồ sơ điện tử.
Thời gian hoàn thành: trước ngày 28/02/2026.
Đơn vị chủ trì: Phòng Tổ chức cán bộ.
Đơn vị phối hợp: Văn phòng Sở; Phòng Cải cách hành chính.
2. Xây dựng bộ câu hỏi thường gặp cho người dân
Thời gian hoàn thành: Quý II năm 2026.
Đơn vị chủ trì: Phòng Cải cách hành chính.
Đơn vị phối hợp: các phòng thuộc Sở.
3. Nâng cấp trang thông tin điện tử của Sở
Thời gian hoàn thành: hết tháng 8/2026.
Đơn vị chủ trì: Văn phòng Sở.
4. Theo dõi, sửa lỗi phần mềm quản lý văn bản
Thời gian thực hiện: thường xuyên trong năm.
Đơn vị chủ trì: Văn phòng Sở.
# III. TỔ CHỨC THỰC HIỆN
1. Trưởng các phòng thuộc Sở tổ chức thực hiện Kế hoạch này; báo cáo kết quả 6 tháng đầu năm về Văn phòng Sở chậm nhất ngày 10/6/2026.
2. Văn phòng Sở tổng hợp, trình Giám đốc Sở trước ngày 20/6/2026./.
""")
    ),
    recipients=("- Ủy ban nhân dân tỉnh (để b/c);", "- Các phòng thuộc Sở;", "- Lưu: VT, VP."),
    signature=("GIÁM ĐỐC", "Lý Thị Ví Dụ"),
)

REPORTS = Letter(
    name="cong-van-bao-cao",
    issuer=("ỦY BAN NHÂN DÂN TỈNH SÔNG HẠ", "SỞ NỘI VỤ"),
    number=("Số: 409/SNV-CCHC", "V/v chế độ báo cáo", "cải cách hành chính năm 2026"),
    place_and_day="Sông Hạ, ngày 09 tháng 3 năm 2026",
    body=tuple(
        _paragraphs("""
Kính gửi:
- Các sở, ban, ngành tỉnh;
- Ủy ban nhân dân các xã, phường.
Căn cứ Quyết định số 88/QĐ-UBND ngày 20/01/2026 của Ủy ban nhân dân tỉnh, có hiệu lực kể từ ngày 01/02/2026, Sở Nội vụ đề nghị các cơ quan, đơn vị thực hiện chế độ báo cáo như sau:
1. Các sở, ban, ngành tỉnh cập nhật số liệu giải quyết hồ sơ trước ngày 20 hằng tháng.
2. Ủy ban nhân dân các xã, phường gửi báo cáo quý trước ngày 25 tháng cuối quý.
3. Các sở, ban, ngành tỉnh, Ủy ban nhân dân các xã, phường gửi báo cáo năm trước ngày 05/12 hằng năm.
4. Ủy ban nhân dân các xã, phường báo cáo đột xuất khi có phát sinh vụ việc đông người.
5. Các cơ quan, đơn vị gửi tên, số điện thoại công chức đầu mối về Sở Nội vụ chậm nhất ngày 16/3/2026.
Số liệu báo cáo lấy từ hệ thống một cửa điện tử của tỉnh, không yêu cầu lập biểu riêng. Nhận được Công văn này, đề nghị các cơ quan, đơn vị phối hợp thực hiện./.
""")
    ),
    recipients=("- Như trên;", "- Ủy ban nhân dân tỉnh (để b/c);", "- Lưu: VT, CCHC."),
    signature=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Phan Văn Giả Định"),
)

SECRET = Letter(
    name="cong-van-mat",
    stamp="MẬT",
    issuer=("ỦY BAN NHÂN DÂN", "TỈNH SÔNG HẠ"),
    number=("Số: 07/UBND-NC", "V/v phân công trực"),
    place_and_day="Sông Hạ, ngày 02 tháng 02 năm 2026",
    body=tuple(
        _paragraphs("""
Kính gửi: Văn phòng Ủy ban nhân dân tỉnh.
Giao Văn phòng Ủy ban nhân dân tỉnh lập danh sách trực trước ngày 10/02/2026./.
""")
    ),
    recipients=("- Như trên;", "- Lưu: VT."),
    signature=("CHỦ TỊCH", "Hồ Văn Thử"),
)

LETTERS = (TASKS, ANNEX, LABELS, REPORTS, SECRET)
