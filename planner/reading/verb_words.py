"""The words official duties are made of: tables for `planner.reading.verbs`, and for mending broken scans."""

DUTY_VERBS = """
chủ trì|chủ động|phối hợp|tham mưu|xây dựng|ban hành|tổ chức|triển khai|thực hiện|chỉ đạo|đôn đốc|kiểm tra|giám sát
theo dõi|tổng hợp|báo cáo|rà soát|cập nhật|công khai|công bố|hướng dẫn|tuyên truyền|đẩy mạnh|tăng cường|tập trung
khẩn trương|nghiêm túc|bố trí|bảo đảm|đảm bảo|cung cấp|tiếp nhận|tiếp tục|hoàn thành|hoàn thiện|chuẩn bị|lập|trình
đề xuất|thẩm định|cân đối|phân công|phân bổ|quán triệt|phổ biến|nâng cao|chấn chỉnh|khắc phục|xử lý|giải quyết
đánh giá|thống kê|gửi|nộp|đăng tải|đăng|đưa tin|nghiên cứu|lồng ghép|vận động|khai thác|vận hành|kết nối|số hóa
sơ kết|tổng kết|huy động|ưu tiên|phát động|tạo điều kiện|duy trì|nâng cấp|thành lập|kiện toàn|phân loại|xác định
đổi mới|lựa chọn|(?<!truyền )thông báo|kiến nghị|tiến hành|khảo sát|xem xét|góp ý|phê duyệt|thu thập|tập huấn|bồi dưỡng
giúp|phát huy|ứng dụng|áp dụng|thiết lập|nắm bắt|nắm|gắn|kiểm soát|kiểm điểm|giải trình|khai báo|đính kèm|tích hợp
chuẩn hóa|niêm yết|khuyến khích|bám sát|chú trọng|chấp hành|giải ngân|thu hồi|bàn giao|di dời|bồi thường|khởi công
xem xét|tham gia|đăng ký|thí điểm|sắp xếp|quy hoạch|thanh tra|phát hiện|cải thiện|đồng bộ|sử dụng|hỗ trợ|cử
điều chỉnh|bổ sung|rút ngắn|đơn giản hóa|cắt giảm|tối ưu|thường xuyên|định kỳ|kịp thời|nhanh chóng|quyết liệt|tích cực
làm đầu mối|đầu mối|chịu trách nhiệm|trực tiếp|căn cứ|trên cơ sở|giao|đề nghị|yêu cầu|lưu trữ|lưu|hằng tháng|hàng tháng
hằng quý|hàng quý|hằng năm|hàng năm|cho ý kiến|tháo gỡ|xác minh|phân tích|đối chiếu|đối soát|chia sẻ|ký số
ký kết|ký cam kết|ký hợp đồng|ký quy chế|mua sắm|đối sánh|liên hệ|phụ trách|trang trí|duyệt|tổng duyệt
treo cờ|treo băng|soạn thảo|biên soạn|kiểm kê|kiểm định|kiểm nghiệm|tham dự|dự họp|chấm thi|bình ổn|lấy mẫu|khử khuẩn
khoanh vùng|truy vết|phát quang|duy tu|bảo dưỡng|vận chuyển|dự trữ|phân luồng|điều tiết|trao tặng|trao đổi|đóng góp
mở rộng|dựng|sao lưu|bảo mật|mã hóa|tạm dừng|dừng|hoãn|sơ tán|kiểm đếm|trực ban|cấp phép
tự kiểm tra|tự đánh giá|chấm điểm|thẩm tra|truyền thông về|tổ chức lại|dự báo|ứng phó|phòng ngừa|phân cấp|ủy quyền
trồng|chăm sóc|quản lý|đề cao|đào tạo|tuyển dụng|luân chuyển|động viên|khen thưởng|biểu dương|nhân rộng|lấy ý kiến
tăng|đẩy nhanh|đẩy lùi|phản ánh|phản hồi|thi công|nghiệm thu|thanh toán|quyết toán|mở rộng|mở đợt|mở lớp|tạo|gắn kết
khôi phục|sửa chữa|bảo trì|thu gom|tuần tra|bảo vệ|ngăn chặn|xử phạt|điều tra|cứu trợ|chi trả|cấp phát|tặng|thăm hỏi
trả lời|phúc đáp|đối thoại|gặp gỡ|đo đạc|cắm mốc|thiết kế|đấu thầu|giải phóng mặt bằng|chuyển giao|thu hoạch|tiêm phòng
phun|tiêu hủy|khám|tuyển sinh|xếp loại|bình xét|điều động|tinh giản|phấn đấu|vận dụng|kết hợp|cam kết|nêu|ghi nhận
chốt|tập hợp|phát hành|in ấn|trang bị|lắp đặt|đầu tư|nhân bản|khuyến cáo|cảnh báo|hạn chế|giảm
rút kinh nghiệm|tự rà soát
phát thanh|phát sóng|làm sạch|tái cấu trúc|gia hạn|cấp mới|cấu hình|xin lỗi|kết xuất|trích xuất|nhắc nhở|hiệu chỉnh
nhập|khởi tạo|tra cứu|gỡ bỏ|tiếp công dân|thụ lý|hòa giải|tư vấn|giới thiệu|quảng bá|kêu gọi|tiết kiệm
thu(?! hút| nhập)|chi(?! bộ| cục| đoàn| hội| nhánh| tiết| phí)|nuôi
diễn tập|thăm|hiến|trồng|nạo vét|khắc phục|tự chấm|cắm|chỉnh trang|vệ sinh|phong tỏa
tiếp thu|hoàn chỉnh|chỉnh sửa|ra quân|thống nhất|làm việc|mời|chuyển đổi|chuyển|tạo lập|cài đặt|phân quyền|cấp tài khoản
"""
AFTER_A_SUBJECT = """
chưa|đã|đang|có trách nhiệm|có nhiệm vụ|có kế hoạch|có giải pháp|có văn bản|có biện pháp|phải|cần|chịu|là cơ quan
là đầu mối|là đơn vị
được giao|nếu|khi|để|thuộc thẩm quyền|theo chức năng|trong quá trình|tùy theo|theo thẩm quyền|theo nhiệm vụ|ngay sau
trước ngày|chậm nhất|quan tâm|sớm|cùng nhau|không|tự|mở|vào cuộc|gương mẫu|coi|xem đây
"""
