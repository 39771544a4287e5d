"""Where a deadline stands in running text: the words of it, from its first to its last, and nothing around them.

What the words mean is read by `planner.deadlines` alone; here they are only cut out, because a draft shows them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from planner.reading.flat import Flat, Words


class Strength(IntEnum):
    """How strongly a form names a deadline; in one duty the strongest counts."""

    URGENCY = 0
    EVENT = 1
    STANDING = 2
    PERIOD = 3
    RHYTHM = 4
    COUNT = 5
    DAY = 6


@dataclass(frozen=True, slots=True)
class TimePhrase:
    """Một cụm từ chỉ thời hạn trong câu."""

    start: int
    end: int
    strength: Strength


_NUM = r"[\doil|]{1,2}"
_DAY = (
    rf"(?:(?:mồng|mùng) )?(?:{_NUM}\s?[/.\-]\s?{_NUM}(?:\s?[/.\-]\s?\d{{2,4}})?(?!\d|\s?%|[/.]\w)"
    rf"|{_NUM} tháng {_NUM}(?:,? năm \d{{4}})?|{_NUM} tháng {_NUM}\s?[/\-]\s?\d{{4}})"
)
_BLANK_DAY = r"(?:[.…_/\s]*tháng[.…_/\s]*(?:\d{1,2}[.…_/\s]*)?năm(?: ?\d{4})?|[.…_]{2,}\s?/\s?\d{1,2}(?:/\d{4})?)"
_EVERY = r"(?:hằng|hàng|mỗi|từng|hãng)"
_LEAD = (
    r"(?:trước(?! (?:mắt|hết|khi|pháp|dân|công|ubnd|ủy|chủ|thường|hđnd|hội|đảng|giám|thủ|bộ))|chậm nhất"
    r"|muộn nhất|trễ nhất|không quá|không muộn hơn"
    r"|không chậm hơn|không để quá|đến hết|đến trước|đến|hết|vào|trong|xong|hạn chót|hạn cuối|thời hạn|hạn"
    r"|dự kiến|phấn đấu|hoàn thành|tới)"
)
_CLOCK = r"\d{1,2} ?(?:giờ|h|g)(?: ?\d{2})?(?: ?(?:phút|'))?,?(?: (?:sáng|chiều))?"
_NOT_OF_A_PAPER = "".join(
    f"(?<!{word} )"
    for word in (
        "họp",
        "nghị",
        "việc",
        "định",
        "văn",
        "luật",
        "lệnh",
        "trình",
        "báo",
        "hoạch",
        "thị",
        "điện",
        "luận",
        "từ",
    )
)
"""A meeting or a paper of that day; "trình duyệt ngày 20/01" is a deadline."""
_TAIL = (
    rf"(?: (?:của )?(?:{_EVERY} (?:năm|tháng|quý)|năm (?:sau|nay|báo cáo|kế tiếp|tiếp theo)|tháng (?:sau"
    r"|tiếp theo|kế tiếp)))*"
)
_MONTHS = r"(?:tháng \d{1,2}(?:\s?[,/\-]\s?\d{4}|,? năm \d{4})?(?: (?:hằng|hàng) năm)?)"
_QUARTER = r"(?:iv|i{1,3}|[1-4])(?![^\W_])(?:\s?[/,\-]\s?\d{4}|,? năm \d{4})?"
_QUARTERS = rf"(?:qu[ýí] {_QUARTER}(?:(?:,| và| -) (?:qu[ýí] )?{_QUARTER})*(?: (?:hằng|hàng) năm)?)"
_HALVES = r"(?:0?6 tháng (?:đầu|cuối) năm(?: \d{4})?|(?:đầu|giữa|cuối) (?:tháng|quý|năm)(?: [\divx]+(?:/\d{4})?)?)"
_YEARS = r"(?:năm \d{4}(?: ?- ?\d{4})?)"

_FORMS: tuple[tuple[Strength, Words], ...] = tuple(
    (strength, Words(pattern))
    for strength, pattern in (
        (Strength.DAY, rf"\btừ (?:ngày )?{_DAY}(?:,? (?:đến|tới)| ?[-–])(?: trước| hết)?(?: ngày)? ?{_DAY}"),
        (
            Strength.DAY,
            (
                rf"\b{_LEAD}(?:[:,]? (?:là|vào|đến|trước|hết|trong|nhất|chậm nhất|lúc|cuối))*:?"
                rf"(?: (?:sáng|trưa|chiều|tối))?(?: {_CLOCK}(?: của)?)?"
                rf"(?: (?:thứ \w+|chủ nhật),?)? (?:\(?(?:thứ \w+|chủ nhật)\)?,? )?(?:ngày|ngay)[: ]*"
                rf"(?:(?:{_DAY})(?:(?:,| và|;) (?:trước |chậm nhất )?(?:ngày )?{_DAY})*|{_BLANK_DAY}){_TAIL}"
            ),
        ),
        (
            Strength.DAY,
            (
                rf"\b(?:trước|chậm nhất|muộn nhất|không quá|đến hết|hết)(?: là| vào| trước)?(?: {_CLOCK})? {_DAY}"
                rf"(?:(?: và|,) (?:trước )?{_DAY})*{_TAIL}"
            ),
        ),
        (
            Strength.DAY,
            (
                rf"(?:\b{_LEAD}(?: là| vào| trước)* )?(?<!sau )(?<!từ )\b(?:các )?ngày \d{{1,2}}(?:(?:,"
                rf"| và) (?:ngày )?\d{{1,2}})*(?: (?:của )?(?:"
                rf"(?:tháng (?:cuối|đầu|thứ ba)(?: cùng)?(?: của)?(?: (?:mỗi|{_EVERY}))? quý)|{_EVERY} (?:tháng|quý"
                rf"|năm)"
                rf"|tháng (?:sau|kế tiếp|tiếp theo)(?: liền kề)?(?: của quý)?|cuối (?:tháng|quý)|{_MONTHS}))+{_TAIL}"
            ),
        ),
        (
            Strength.DAY,
            (
                rf"\b(?:{_LEAD} )*(?:các )?ngày \d{{1,2}}(?: và|,) (?:ngày )?cuối (?:của )?(?:{_EVERY} )?tháng(?! \d)"
                rf"{_TAIL}"
            ),
        ),
        (Strength.DAY, rf"(?<=\()(?:vào |xong |hạn:? |hoàn thành )?(?:ngày )?{_DAY}(?=\))"),
        (Strength.DAY, rf"^(?:ngày )?{_DAY}(?=:)"),
        (Strength.DAY, rf"{_NOT_OF_A_PAPER}\bngày {_DAY}(?=[.; ]*$)"),
        (Strength.DAY, rf"(?<=[^\W\d_]: )(?:vào )?(?:ngày )?{_DAY}(?=[.; ]*$|;)"),
        (Strength.STANDING, rf"\b(?:(?:trước|vào|lúc)(?: lúc)? {_CLOCK} )?(?:hằng|hàng|mỗi) ngày\b"),
        (
            Strength.DAY,
            (
                rf"\b(?:định kỳ )?{_EVERY} (?:tháng|quý|năm)(?: \(|,|:)? ?(?:xong |báo cáo |gửi )?{_LEAD}"
                r"(?: là| vào| nhất)*"
                rf" (?:các )?ngày \d{{1,2}}(?![/\d])(?: (?:của )?tháng (?:sau|kế tiếp|tiếp theo|đầu"
                r"|cuối)(?: (?:của )?quý(?: sau)?)?)?"
            ),
        ),
        (
            Strength.DAY,
            (
                rf"\b{_EVERY} tuần(?: \(|,|:)? ?(?:báo cáo )?(?:trước|vào|chậm nhất(?: vào| là)?)? ?(?:{_CLOCK},? )?"
                r"(?:sáng |chiều )?(?:ngày )?thứ (?:hai|ba|tư|năm|sáu|bảy)\b"
            ),
        ),
        (Strength.DAY, rf"\b(?:trước |vào )?(?:chiều |sáng )?thứ (?:hai|ba|tư|năm|sáu|bảy) {_EVERY} tuần"),
        (
            Strength.COUNT,
            (
                r"\b(?:trong|chậm nhất|muộn nhất|không quá|sau|trước|tối đa|thời hạn)(?: (?:vòng|thời hạn|thời gian"
                r"|nhất|quá|là|sau|trong|không))*"
                r" \d{1,3}(?: ?\([^()]{2,12}\))? (?:ngày làm việc|ngày|giờ làm việc|giờ|tháng|tuần)\b"
                r"(?!/)(?! (?:ngày|hằng|hàng|mỗi|thứ))(?:,? (?:kể từ|tính từ|từ|sau khi|sau) (?!nay)"
                r"[^.;,()]{3,90}|,? trước (?:khi"
                r"|ngày) [^.;,()]{3,60})?"
            ),
        ),
        (Strength.COUNT, r"\btrước (?:khi |ngày )[^.;,()]{3,50} (?:ít nhất |tối thiểu )?\d{1,2} ngày(?: làm việc)?"),
        (
            Strength.RHYTHM,
            (
                rf"\b(?:định kỳ )?(?:báo cáo )?(?:{_EVERY}) (?:tuần|tháng|quý|năm)(?:(?:,| và"
                rf"|/) (?:{_EVERY} )?(?:0?[69] tháng|tháng|quý|năm))*"
                r"(?! (?:kế|tiếp|qua|trước)\b)|\b(?:định kỳ )?(?:sơ kết )?0?6 tháng(?: đầu năm)?(?:,| và"
                r"|/) (?:0?9 tháng(?:,| và) )?(?:hằng năm|hàng năm|cả năm|01 năm|1 năm|năm)\b(?! \d)"
                r"|\b(?:(?:tối thiểu|ít nhất|định kỳ) )?\d{1,2} (?:lần|kỳ|số|buổi|chuyên mục|(?:tin|bài|phóng sự)"
                r"(?:,? (?:tin|bài))*) ?/ ?(?:một |0?1 )?(?:ngày|tuần|tháng|quý|năm)\b(?! \d)"
                rf"|\bđịnh kỳ (?:0?[36] tháng|{_EVERY} \w+|tuần|tháng|quý|năm)\b(?:/lần| một lần)?"
            ),
        ),
        (
            Strength.PERIOD,
            (
                r"\b(?:hoàn thành|xong|thực hiện|kết thúc)?(?: )?(?:trong|trước|đến hết|hết|vào|đến cuối|đến"
                rf"|xong trong|chậm nhất(?: trong| là)?) (?:thời điểm )?(?:{_MONTHS}|{_QUARTERS}|{_HALVES}|{_YEARS})"
            ),
        ),
        (
            Strength.PERIOD,
            (
                rf"\b(?:hoàn thành|xong|thời gian(?: hoàn thành| thực hiện)?:?|thời hạn:?) (?:{_MONTHS}|{_QUARTERS}"
                rf"|{_HALVES}|{_YEARS})"
            ),
        ),
        (Strength.PERIOD, rf"(?<=\()(?:trong |hoàn thành |xong )*(?:{_MONTHS}|{_QUARTERS})(?=\))"),
        (
            Strength.PERIOD,
            r"\btrong (?:tháng|quý|năm) (?:này|nay)\b|\bngay trong (?:tháng|quý|tuần|năm)(?: này| nay)?\b",
        ),
        (Strength.RHYTHM, r"\bđịnh kỳ(?= |$)(?! (?:tham|của))|\bđịnh kỳ[^.;,]{0,40} theo quy định"),
        (
            Strength.STANDING,
            r"(?<!chi )(?<!phí )(?<!ngân sách )\bthường xuyên(?:, liên tục)?\b(?! (?:của|năm|giao|theo|và không|xảy))",
        ),
        (
            Strength.EVENT,
            (
                r"\b(?:hoàn thành |xong )?trước (?:khi )?(?:(?:bước )?vào |bắt đầu |khai giảng |kết thúc )?"
                r"(?:mùa|kỳ (?:họp|nghỉ|thi)|tết|dịp|năm học|vụ)\b[^.;,()]{0,40}"
                r"|\b(?:tại|trong) (?:các )?kỳ họp (?:thường lệ |gần nhất|cuối|giữa|đầu|tháng|thứ|lần)[^.;,()]{0,40}"
            ),
        ),
        (Strength.EVENT, r"\bkhi (?:có|xảy ra|xuất hiện|được yêu cầu|phát hiện) [^.;()]{2,60}[.; ]*$"),
        (
            Strength.EVENT,
            (
                r"\bkhi (?:có )?(?:phát sinh|yêu cầu|chỉ đạo)[^.;,()]{0,60}"
                r"|(?<!kiểm tra )(?<!thanh tra )(?<!kiem tra )\b(?:và |hoặc )?đột xuất(?: khi có yêu cầu)?"
                r"|\bngay (?:sau )?khi [^.;,()]{3,70}"
                r"|\bsau khi (?:có|được|nhận|hoàn thành|ban hành)[^.;,()]{3,70}|\b(?:nếu|trường hợp) (?:có "
                r"|phát sinh )+(?:khó khăn|vướng mắc|phát sinh|vấn đề|nội dung)(?:,? (?:khó khăn|vướng mắc|phát sinh"
                r"|bất cập|tồn tại))*"
            ),
        ),
        (
            Strength.URGENCY,
            (
                r"\b(?:khẩn trương|kịp thời|ngay(?! ?\d| tháng| \w{1,3}/| ký| từ)|sớm(?= hoàn| triển| báo| tham)"
                r"|nhanh chóng)\b"
            ),
        ),
    )
)

_NUMBER_OF_A_PAPER = re.compile(r"\d[^\s/]*/\S*[^\W\d]\S*,? $")


def _is_of_a_paper(text: Flat, start: int) -> bool:
    """ "theo Kế hoạch số 155/KH-UBND ngày 12/8/2026": the day of the paper whose number stands before it."""
    return text.seen.startswith(("ngày", "ngay"), start) and _NUMBER_OF_A_PAPER.search(text.seen[:start]) is not None


_UP_TO = Words(r"(?:đến|tới|năm|quý|tháng)\b")
_IS_DATA = Words(r".*\b(?:tính|số liệu|thống kê|lũy kế|so|cập nhật)(?: từ[^.;,]{0,30})?(?: đến| tới| với)?$")


def time_phrases(text: Flat) -> list[TimePhrase]:
    """All deadline phrases, in order; a weaker one inside a stronger is dropped."""
    found: list[TimePhrase] = []
    for phrase in sorted(_all(text), key=lambda each: (-each.strength, each.start, -each.end)):
        if not any(phrase.start < other.end and other.start < phrase.end for other in found):
            found.append(phrase)
    return sorted(found, key=lambda each: each.start)


def _all(text: Flat) -> Iterator[TimePhrase]:
    for strength, form in _FORMS:
        for match in form.all(text):
            start, end = match.span()
            while start < end and text.seen[start] in " ,(":
                start += 1
            while end > start and text.seen[end - 1] in " ,(":
                end -= 1
            is_data = _UP_TO.match(text, start) is not None and _IS_DATA.match(text.part(0, start)) is not None
            if end > start and not is_data and not _is_of_a_paper(text, start):
                yield TimePhrase(start, end, strength)
