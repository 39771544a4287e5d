"""What the page says: labels of fields, how a deadline was read, and what a person does about an error. Pure."""

from collections.abc import Mapping
from datetime import date

from models.errors import CorrectionError, Uncorrectable
from models.terms import Boundary
from planner.letters.corrections import MOST_DUTIES
from planner.letters.planned import Obstacle
from planner.reading.draft import DutyClass, DutyDeadline
from reminders.wording import long_day

HEADER_LABELS: Mapping[str, str] = {
    "type": "Loại văn bản",
    "number": "Số, ký hiệu",
    "issuer": "Cơ quan ban hành",
    "place": "Địa danh",
    "issued_on": "Ngày ban hành",
    "title": "Trích yếu",
}
DUTY_LABELS: Mapping[str, str] = {
    "title": "Tên việc",
    "lead": "Chủ trì",
    "supporting": "Phối hợp",
    "deadline": "Thời hạn",
    "deliverable": "Sản phẩm",
    "duty_class": "Loại việc",
}
CLASS_WORDS: Mapping[DutyClass, str] = {
    DutyClass.TASK: "nhiệm vụ",
    DutyClass.REPORT: "báo cáo",
    DutyClass.PUBLISH: "công khai",
    DutyClass.INDICATOR: "chỉ tiêu",
    DutyClass.STANDING: "thường xuyên",
    DutyClass.CONDITIONAL: "khi phát sinh",
    DutyClass.REQUEST: "đề nghị",
    DutyClass.PRINCIPLE: "không theo dõi",
}

STALE = "Bản nháp vừa được sửa ở nơi khác. Nội dung vừa gõ vẫn còn ở đây: xin xem lại rồi lưu."
STALE_APPROVAL = "Bản nháp vừa được sửa ở nơi khác. Xin xem lại bản mới dưới đây rồi duyệt."
CHOSEN_FROM = " Có phải:"


def complaint_words(error: CorrectionError) -> str:
    """One sentence that says what to type instead; where there are nearest units it ends with "Có phải:"."""
    sentence = _COMPLAINTS[error.reason]
    if error.reason == "empty":
        sentence = _EMPTY.get(error.field, sentence)
    elif error.reason == "too-long" and error.limit == MOST_DUTIES:
        sentence = _TOO_MANY
    chosen_from = CHOSEN_FROM if error.nearest else " Nhiều đơn vị thì cách nhau bằng dấu chấm phẩy."
    return sentence.format(value=error.value, limit=error.limit, chosen_from=chosen_from)


_COMPLAINTS: Mapping[Uncorrectable, str] = {
    "empty": "Ô này không được để trống.",
    "too-long": "Dài quá {limit} ký tự: xin ghi ngắn hơn.",
    "no-such-day": "Chưa đọc được ngày này. Xin ghi ngày, tháng, năm, ví dụ 22/10/2024.",
    "no-deadline": (
        "Chưa hiểu thời hạn này. Xin ghi như “trước 05/11/2024”, “30/11/2024”, “hằng tháng”, “khi có yêu cầu” "
        "hoặc “không có hạn”."
    ),
    "unknown-unit": "“{value}” không có trong danh mục đơn vị.{chosen_from}",
    "several-units": "“{value}” có thể là nhiều đơn vị: xin chọn một.{chosen_from}",
    "no-such-duty": "Việc này không có trong bản nháp. Xin tải lại trang.",
}
_TOO_MANY = "Bản nháp đã có {limit} việc, không thêm được nữa."
_EMPTY: Mapping[str, str] = {
    "title": "Xin ghi tên việc.",
    "lead": "Xin ghi đơn vị chủ trì.",
    "deadline": "Xin ghi thời hạn; nếu không có thì ghi “không có hạn”.",
    "answer": "Xin ghi câu trả lời.",
}


def deadline_words(deadline: DutyDeadline) -> tuple[str, str]:
    """How the deadline is understood, and why where that is not plain: "Hạn cuối: thứ Năm 31/10/2024", "“Trước …"."""
    reading = deadline.reading
    if reading is None:
        return "Không có thời hạn", ""
    if reading.last_valid_on is None:
        return "Chưa có ngày cuối", reading.explanation
    name = "Kỳ gần nhất, hạn cuối" if reading.recurrences else "Hạn cuối"
    hour = f" {reading.due_time:%H:%M}" if reading.due_time else ""
    return f"{name}:{hour} {long_day(reading.last_valid_on)}{_to_work(deadline)}", _why(deadline)


def _to_work(deadline: DutyDeadline) -> str:
    """The last day on time may be one on which nobody works."""
    reading = deadline.reading
    if reading is None or reading.work_to is None or reading.work_to == reading.last_valid_on:
        return ""
    return f", ngày làm việc cuối: {long_day(reading.work_to)}"


def _why(deadline: DutyDeadline) -> str:
    reading = deadline.reading
    assert reading is not None
    if reading.recurrences:
        return reading.explanation
    is_plain = reading.boundary is not Boundary.BEFORE and reading.due_on == reading.last_valid_on and not reading.ask
    return "" if is_plain else reading.explanation


def obstacle_words(obstacle: Obstacle) -> str:
    """What must be settled before the letter can be approved."""
    about = f"Việc {obstacle.number}: " if obstacle.number else ""
    words = _OBSTACLES.get(obstacle.reason, "còn chỗ cần xem lại{value}.")
    sentence = words.format(value=f" “{obstacle.value}”" if obstacle.value else "")
    return f"{about}{sentence}" if about else sentence[:1].upper() + sentence[1:]


_OBSTACLES: Mapping[str, str] = {
    "issuer-unknown": "cơ quan ban hành{value} chưa rõ là đơn vị nào trong danh mục.",
    "issuer-unconfirmed": "cơ quan ban hành{value} cần được xác nhận.",
    "day-unknown": "chưa có ngày ban hành.",
    "day-unconfirmed": "ngày ban hành{value} cần được xác nhận.",
    "nothing-to-track": "chưa có việc nào để theo dõi.",
    "lead-missing": "chưa có đơn vị chủ trì.",
    "lead-unknown": "đơn vị chủ trì{value} không có trong danh mục.",
    "lead-unconfirmed": "đơn vị chủ trì cần được xác nhận:{value}.",
    "secret-plan": "trùng với một kế hoạch đóng dấu mật, không cập nhật qua đây.",
    "deadline-unconfirmed": "thời hạn{value} cần được xác nhận.",
}


def saved_words(form: str) -> str:
    """What a person is told after their change was kept; `form` as `changes.Submitted.form` has it."""
    kind, _, rest = form.partition("-")
    match kind:
        case "dau":
            return f"Đã lưu {HEADER_LABELS[rest].lower()}." if rest in HEADER_LABELS else "Đã lưu."
        case "viec" if rest.isdecimal():
            return f"Đã lưu việc {rest}."
        case "viec":
            return "Đã thêm việc mới ở cuối bản nháp."
        case "cau":
            return "Đã ghi câu trả lời."
    return "Đã lưu."


def unsaved_words(sentence: str) -> str:
    """The same at the top of the page, where nothing stands to choose from."""
    return f"Chưa lưu. {sentence.removesuffix(CHOSEN_FROM)}"


def day_words(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
