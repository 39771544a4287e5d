"""Label blocks: "Đơn vị chủ trì: …; Thời gian hoàn thành: …", inside a paragraph or on lines of their own."""

from dataclasses import dataclass

from planner.reading.flat import Flat, Sight, Words
from planner.reading.units import unit_names

_WHO = (
    r"(?:(?:các )?(?:đơn vị|cơ quan|phòng|bộ phận|sở)(?:,? (?:đơn vị|cơ quan|ban|ngành|địa phương|tổ chức|cá nhân))*)"
)
_LABELS: tuple[tuple[str, Words], ...] = tuple(
    (name, Words(pattern))
    for name, pattern in (
        (
            "lead",
            (
                rf"(?:{_WHO} (?:được giao )?(?:chủ trì|thực hiện|đầu mối|chịu trách nhiệm|tham mưu"
                r"|báo cáo)(?: thực hiện| tham mưu| triển khai| chính| xây dựng)?|chủ trì(?: thực hiện)?"
                r"|phân công(?: thực hiện| chủ trì| nhiệm vụ)?|người (?:chủ trì|phụ trách|thực hiện)"
                r"|đầu mối(?: thực hiện)?|trách nhiệm thực hiện|giao thực hiện|đơn vị)"
            ),
        ),
        ("supporting", rf"(?:{_WHO} (?:phối hợp|tham gia|cùng thực hiện)(?: thực hiện)?|phối hợp(?: thực hiện)?)"),
        (
            "deadline",
            (
                r"(?:(?:thời gian|thời hạn|tiến độ|thời điểm|hạn)(?: (?:hoàn thành|thực hiện|triển khai|báo cáo|trình"
                r"|gửi|ban hành|xong|tổ chức|nộp|xử lý|cuối|chót))*|hoàn thành|tần suất|định kỳ)"
            ),
        ),
        (
            "deliverable",
            (
                r"(?:(?:dự kiến )?(?:sản phẩm|kết quả|đầu ra)(?: (?:đầu ra|hoàn thành|dự kiến|thực hiện|đạt được"
                r"|cần đạt|sản phẩm))*)"
            ),
        ),
        (
            "task",
            r"(?:nội dung(?: nhiệm vụ| công việc| thực hiện)?|nhiệm vụ(?: cụ thể)?|công việc|tên nhiệm vụ|yêu cầu)",
        ),
    )
)
_LABEL = Words(
    r"(?:^|(?<=[.;,(]) ?|(?<=[-+•]) ?)[-+•(]? ?(?P<label>[^\W\d_][^\W\d_ ,]*(?: [^\W\d_,]+|, [^\W\d_]+){0,8}) ?: ?"
)


@dataclass(frozen=True, slots=True)
class Labels:
    """Các nhãn đọc được trong một đoạn. `task` is what stands before the first label, None for labels alone."""

    task: Flat | None
    lead: tuple[str, ...]
    supporting: tuple[str, ...]
    deadline: str | None
    deliverable: str | None


def labels_in(text: Flat, sight: Sight) -> Labels | None:
    """The labels of a paragraph; None when it has none, or only one that could be anything."""
    cuts = _cuts(text)
    if not any(name in {"lead", "supporting", "deadline", "deliverable"} for name, _, _ in cuts):
        return None
    values: dict[str, Flat] = {}
    for place, (name, _start, value_at) in enumerate(cuts):
        end = cuts[place + 1][1] if place + 1 < len(cuts) else len(text.seen)
        values.setdefault(name, text.part(value_at, end))
    before = text.part(0, cuts[0][1])
    task = values.get("task") or (before if len(before.seen.split()) > 2 else None)  # noqa: PLR2004 - a bullet or a mark is no task
    lead = _units(values.get("lead"), sight)
    if "lead" in values and not lead and task is None and "deadline" not in values:
        return None
    return Labels(
        task,
        lead,
        _units(values.get("supporting"), sight),
        _value(values.get("deadline")),
        _value(values.get("deliverable")),
    )


def _cuts(text: Flat) -> list[tuple[str, int, int]]:
    """(which label, where it begins, where its value begins), in order."""
    cuts = []
    for found in _LABEL.all(text):
        label = text.part(*found.span("label"))
        name = next((name for name, form in _LABELS if form.whole(label)), None)
        is_inside = name == "lead" and len(label.seen.split()) <= 2 and text.seen[: found.start()].endswith(",")  # noqa: PLR2004 - "đơn vị" alone
        if name is not None and not is_inside:
            cuts.append((name, found.start(), found.end()))
    return cuts


def _units(value: Flat | None, sight: Sight) -> tuple[str, ...]:
    return tuple(unit_names(value.verbatim(0), sight)) if value is not None else ()


def _value(value: Flat | None) -> str | None:
    text = value.verbatim(0).strip(" .;,)") if value is not None else ""
    return text or None
