"""The verbs official duties begin with: where a list of units ends, and where a new duty starts."""

from planner.reading.flat import Flat, Words
from planner.reading.verb_words import AFTER_A_SUBJECT, DUTY_VERBS


def _any_of(table: str, *, of_two: bool = False) -> str:
    """`of_two`: without the short words, which mean several things without accents (cần and cán)."""
    words = [word for line in table.strip().splitlines() for word in line.split("|")]
    return "(?:" + "|".join(word for word in words if not of_two or " " in word) + ")"


VERB = _any_of(DUTY_VERBS)
_OTHER = _any_of(AFTER_A_SUBJECT)

_BEFORE_A_VERB = (
    r"(?:(?:đồng thời|bên cạnh đó|ngoài ra|mặt khác|theo đó|trong đó|trước mắt|tiếp tục|khẩn trương|chủ động|kịp thời"
    r"|tích cực|nghiêm túc|thường xuyên|định kỳ|hằng (?:tháng|quý|năm|tuần)|hàng (?:tháng|quý|năm|tuần)|phải|cần|đã|và"
    r"|có trách nhiệm|có nhiệm vụ|là|làm|tự|sẽ)[,:]? )*"
)

STOPPERS = Words(
    rf"[():]|\.(?=\s|$)|\b(?:{VERB}|{_OTHER})\b",
    when_folded=(
        rf"[():]|\.(?=\s|$)|\b(?:{_any_of(DUTY_VERBS, of_two=True)}|{_any_of(AFTER_A_SUBJECT, of_two=True)}"
        r"|phải)\b"
    ),
)
"""What ends a list of units, if it is not a capital letter of a name."""

DUTY = Words(
    rf"{_BEFORE_A_VERB}{VERB}\b", when_folded=rf"{_BEFORE_A_VERB}(?:{_any_of(DUTY_VERBS, of_two=True)}|giao)\b"
)
"""How a duty begins."""

REPORT = Words(
    r"(?:tổng hợp[^.;]{0,80}?)?\bbáo cáo(?! viên| tài chính| quyết toán)|\bthống kê\b|\bgiải trình\b"
    r"|\bgửi (?:báo cáo|về|kết quả)"
)
PUBLISH = Words(r"\b(?:công khai|công bố)\b")


def begins_duty(text: Flat, at: int = 0) -> bool:
    """Whether an order to do something begins here."""
    return DUTY.match(text, at) is not None
