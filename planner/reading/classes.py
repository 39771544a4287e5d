"""What kind of duty a clause is, by its own words and its deadline."""

from models.terms import DeadlineKind
from planner.reading.draft import DutyClass, DutyDeadline
from planner.reading.flat import Flat, Words
from planner.reading.verbs import PUBLISH, REPORT

NEAR_THE_HEAD = 60
"""Letters: a word of reporting further in says for what the work is used, not what it is."""

WORDS_OF_AN_INDICATOR = 3
"""A share alone ("80%") is a cell of a table of figures, and says nothing to reach it in."""

_OUTSIDE = Words(
    r"mặt trận|mttq|tổ chức chính trị|đoàn thể|hội (?!đồng)|liên đoàn|đoàn thanh niên|tỉnh đoàn|tòa án|viện kiểm sát|"
    r"vksnd|tand|đài (?:phát|truyền)|báo |ban tuyên giáo|tỉnh ủy|thành ủy|huyện ủy|đảng ủy|bộ "
    r"|văn phòng chính phủ|doanh nghiệp|công ty|ngân hàng"
)
_STANDING = Words(
    r"(?:chủ trì, )?(?:phối hợp|đôn đốc|hướng dẫn|kiểm tra|giám sát|theo dõi|tuyên truyền|tăng cường"
    r"|đẩy mạnh|đảm bảo|bảo đảm|tiếp tục|duy trì|quán triệt|thường xuyên|"
    r"đầu mối|chủ động|nâng cao|chịu trách nhiệm|chỉ đạo|tập trung|thực hiện (?:tốt|nghiêm|đầy đủ)|quản lý"
    r"|phổ biến|nghiêm túc|vận động|nắm|kịp thời|xử lý|tiếp nhận|khuyến khích)"
)
_PRINCIPLE = Words(
    r"(?:nghiêm túc |tổ chức |khẩn trương |tập trung |quan tâm,? |phối hợp "
    r"|căn cứ[^.;]{0,80}? )*(?:triển khai|thực hiện"
    r"|chịu trách nhiệm(?: tổ chức)? (?:thi hành|thực hiện))(?: thực hiện| thi hành)?"
    r"(?: nghiêm túc| tốt| nghiêm| có hiệu quả| hiệu quả| đầy đủ| đạt kết quả)*"
    r"(?:(?: các nội dung(?: của| tại)?| nội dung)? (?:kế hoạch|công văn|quyết định|chỉ thị|thông báo|văn bản"
    r"|chương trình|hướng dẫn|công điện|nghị quyết|kết luận|quy định) này|[./;, ]*$)"
    r"|(?:xin )?thông báo (?:đến|để|cho|tới)[^.;]{0,90}(?:biết|thực hiện)"
)
_INDICATOR = Words(
    r"(?:phấn đấu[^.;%]{0,120})?(?:tỷ lệ|tỉ lệ|chỉ số|mức độ|trên|tối thiểu|ít nhất|đạt"
    r"|duy trì)?[^.;:]{0,90}?\d+(?:[.,]\d+)?\s?%"
)
_RHYTHMS = {
    DeadlineKind.MONTHLY,
    DeadlineKind.QUARTERLY,
    DeadlineKind.YEARLY,
    DeadlineKind.WEEKLY,
    DeadlineKind.PERIODIC,
}


def is_principle(body: Flat) -> bool:
    """ "… nghiêm túc triển khai thực hiện Công văn này": no work of its own."""
    return _PRINCIPLE.match(body) is not None


def is_indicator(body: Flat) -> bool:
    """A share to reach: "100% hồ sơ …", "Tỷ lệ … đạt trên 90%"."""
    return len(body.seen.split()) >= WORDS_OF_AN_INDICATOR and _INDICATOR.match(body) is not None


def is_outside(text: Flat) -> bool:
    """Whether the one who is asked stands outside the chain of command."""
    return _OUTSIDE.search(text) is not None


def class_of(body: Flat, deadline: DutyDeadline, *, is_outside_request: bool) -> DutyClass:
    """The class of a clause that is no principle and no indicator."""
    if is_outside_request:
        return DutyClass.REQUEST
    report = REPORT.search(body)
    is_report = report is not None and (report.start() <= NEAR_THE_HEAD or deadline.phrase is not None)
    kind = deadline.kind
    if kind is DeadlineKind.EVENT:
        is_near = report is not None and report.start() <= NEAR_THE_HEAD
        return DutyClass.REPORT if is_near and not _is_of_difficulties(deadline) else DutyClass.CONDITIONAL
    publish = PUBLISH.search(body)
    if publish is not None and publish.start() <= NEAR_THE_HEAD // 2 and kind in _RHYTHMS:
        return DutyClass.PUBLISH
    if is_report:
        return DutyClass.REPORT
    if kind is DeadlineKind.CONTINUOUS or (deadline.reading is None and _STANDING.match(body)):
        return DutyClass.STANDING
    return DutyClass.TASK


def _is_of_difficulties(deadline: DutyDeadline) -> bool:
    return deadline.phrase is not None and any(
        word in deadline.phrase for word in ("vướng", "vuong", "khó khăn", "kho khan")
    )
