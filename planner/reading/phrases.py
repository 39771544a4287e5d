"""Set phrases of official letters, with their accents: what a broken scan is mended by. No phrase of one document."""

from planner.reading.verb_words import DUTY_VERBS

_UNITS = """
Ủy ban nhân dân
Ủy ban nhân dân tỉnh
Ủy ban nhân dân huyện
Ủy ban nhân dân xã
Ủy ban nhân dân thành phố
Thường trực Ủy ban nhân dân tỉnh
Hội đồng nhân dân
Ủy ban Mặt trận Tổ quốc
huyện, thị xã, thành phố
huyện thị xã thành phố
thị xã
thành phố
xã phường thị trấn
phường
thị trấn
đặc khu
sở ban ngành
ban ngành tỉnh
Giám đốc
Giám đốc Sở
Giám đốc các Sở
Thông tin và Truyền thông
Khoa học và Công nghệ
Giáo dục và Đào tạo
Kế hoạch và Đầu tư
Tài nguyên và Môi trường
Nông nghiệp và Môi trường
Giao thông vận tải
phát triển nông thôn
các Sở ban ngành tỉnh
Thủ trưởng
Thủ trưởng các cơ quan
Thủ trưởng cơ quan
Thủ trưởng các đơn vị
cơ quan chuyên môn
cơ quan chuyên môn thuộc
cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh
Chủ tịch
Phó Chủ tịch
Chủ tịch Ủy ban nhân dân
Chủ tịch Ủy ban nhân dân tỉnh
Chủ tịch Ủy ban nhân dân huyện
Chủ tịch Ủy ban nhân dân xã
Chánh Văn phòng
Chánh Văn phòng Ủy ban nhân dân tỉnh
Văn phòng Ủy ban nhân dân tỉnh
Văn phòng Ủy ban nhân dân
Chánh Thanh tra tỉnh
Thanh tra tỉnh
Công an tỉnh
Trưởng phòng
Trưởng các phòng chuyên môn
các cơ quan, đơn vị
các cơ quan đơn vị
cơ quan đơn vị
cơ quan đơn vị có liên quan
cơ quan đơn vị liên quan
các cơ quan đơn vị liên quan
các đơn vị liên quan
các cơ quan, đơn vị có liên quan
có liên quan
liên quan
địa phương
Sở Thông tin và Truyền thông
Sở Nội vụ
Sở Tài chính
Sở Tư pháp
Sở Xây dựng
Sở Y tế
Sở Công Thương
Sở Ngoại vụ
Sở Du lịch
Sở Dân tộc và Tôn giáo
Sở Khoa học và Công nghệ
Sở Giáo dục và Đào tạo
Sở Kế hoạch và Đầu tư
Sở Giao thông vận tải
Sở Tài nguyên và Môi trường
Sở Nông nghiệp và Môi trường
Sở Nông nghiệp và Phát triển nông thôn
Sở Văn hóa Thể thao và Du lịch
Sở Lao động Thương binh và Xã hội
Đài Phát thanh và Truyền hình
Trung tâm Phục vụ hành chính công
Bưu điện tỉnh
Thủ tướng Chính phủ
Văn phòng Chính phủ
Trung ương
"""

_HEADINGS = """
Cộng hòa xã hội chủ nghĩa Việt Nam
Độc lập Tự do Hạnh phúc
Kính gửi
Nơi nhận
Như kính gửi
Lưu VT
kế hoạch
công văn
quyết định
chỉ thị
thông báo
hướng dẫn
công điện
nghị quyết
nghị định
thông tư
Kế hoạch số
Công văn số
Quyết định số
Nghị quyết số
Nghị định số
Thông tư số
phụ lục
căn cứ
về việc
tổ chức thực hiện
nội dung thực hiện
nhiệm vụ giải pháp
mục đích yêu cầu
ý kiến chỉ đạo như sau
có ý kiến chỉ đạo như sau
như sau
"""

_DUTIES = """
giao
yêu cầu
yêu cầu Giám đốc Sở
giao Giám đốc Sở
giao Chánh Văn phòng
đề nghị
chủ trì
chủ trì phối hợp
phối hợp
phối hợp với
phối hợp các cơ quan
phối hợp Sở
thực hiện
triển khai
triển khai thực hiện
tổ chức thực hiện
nghiêm túc triển khai thực hiện
chỉ đạo
chỉ đạo chấn chỉnh
chỉ đạo nâng cao
chấn chỉnh
khắc phục
khắc phục hạn chế
khắc phục các hạn chế
rà soát
tham mưu
tham mưu Chủ tịch
tham mưu Ủy ban nhân dân
tổng hợp
tổng hợp báo cáo
báo cáo
báo cáo kết quả
báo cáo kết quả thực hiện
báo cáo giải trình
giải trình số liệu
kết quả thực hiện
công khai
công khai định kỳ
công bố
đảm bảo
bảo đảm
hướng dẫn
kiểm tra
đôn đốc
hướng dẫn kiểm tra đôn đốc
tuyên truyền
tập trung triển khai
tập huấn
các lớp tập huấn
chức các lớp tập huấn
chịu trách nhiệm
chịu trách nhiệm trước
nâng cao hiệu quả
khẩn trương
khẩn trương tập trung
kịp thời
thường xuyên
định kỳ
đồng thời
chỉ tiêu nhiệm vụ
các nội dung
nội dung nhiệm vụ này
các nội dung nhiệm vụ này
nhiệm vụ này
nhiệm vụ nêu trên
hạn chế sau
đơn vị chủ trì
cơ quan chủ trì
đơn vị phối hợp
cơ quan phối hợp
đơn vị thực hiện
thời gian hoàn thành
thời gian thực hiện
thời hạn hoàn thành
sản phẩm
chậm nhất ngày
sáu tháng đầu năm
tháng đầu năm
thường xuyên trong năm
đối với từng nhiệm vụ
kết nối tích hợp
triển khai kết nối
trong quá trình thực hiện
khó khăn vướng mắc
nếu có khó khăn vướng mắc
"""

_DATES = """
trước ngày
hoàn thành
hoàn thành trước ngày
hoàn thành trong
chậm nhất
chậm nhất ngày
muộn nhất
không quá
đến hết ngày
hết ngày
kể từ ngày
ngày tháng năm
giờ làm việc
ngày làm việc
phải tiếp nhận
hằng tháng
hằng quý
hằng năm
hàng tháng
hàng quý
hàng năm
"""

_COMMON = """
thủ tục hành chính
cải cách hành chính
hành chính
quy định
theo quy định
dịch vụ công
dịch vụ công trực tuyến
Cổng dịch vụ công quốc gia
Hệ thống thông tin
thanh toán trực tuyến
số hóa hồ sơ
hồ sơ
tỷ lệ
đồng bộ
chỉ số
Bộ chỉ số
số liệu
dữ liệu
người dân
doanh nghiệp
tổ chức
cá nhân
cán bộ công chức viên chức
chất lượng phục vụ
tiếp nhận
giải quyết
trên địa bàn tỉnh
trên môi trường điện tử
theo thời gian thực
đúng tiến độ
chậm tiếp nhận
phê duyệt
quá hạn
thời gian qua
hiệu quả
năm nay
những năm tiếp theo
nhiệm vụ
đến ngày
hoạt động
không
với
trong
theo
của
trên
cho
được
các
"""

_VERBS = [
    word
    for line in DUTY_VERBS.strip().splitlines()
    for word in line.split("|")
    if " " in word and word.replace(" ", "").isalpha()
]
_SET_PHRASES = [line for group in (_UNITS, _HEADINGS, _DUTIES, _DATES, _COMMON) for line in group.strip().splitlines()]

PHRASES = tuple(dict.fromkeys(" ".join(line.replace(",", " ").split()) for line in [*_SET_PHRASES, *_VERBS]))
