"""What a person must be asked before a draft is followed, each as one sentence."""

from collections.abc import Sequence

from planner.reading.dating import MERGED_DAY, OF_THE_HEADING, OF_THE_YEAR, OWN_DAY_UNKNOWN
from planner.reading.draft import Found, Header, Obligation, Question, Sureness, UnitName, Wanted
from planner.reading.unit_match import shortened

_FIELDS = (
    ("type", "kind", "Loại văn bản"),
    ("number", "number", "Số, ký hiệu"),
    ("issuer", "issuer", "Cơ quan ban hành"),
    ("place", "place", "Địa danh"),
    ("title", "title", "Trích yếu"),
)


def questions_of(header: Header, obligations: Sequence[Obligation]) -> tuple[Question, ...]:
    """First the header, then each obligation that is not sure, then units that nobody knows, once each."""
    return (
        *_of_header(header), *_of_foreign_issuer(header, obligations), *_of_obligations(obligations),
        *_of_units(obligations),
    )  # fmt: skip


def _of_header(header: Header) -> list[Question]:
    questions = []
    for about, name, label in _FIELDS:
        field: Found = getattr(header, name)
        if field.value is None:
            seen = f" (chỉ thấy “{field.spot.quote[:80]}”)" if about == "number" and field.spot.quote else ""
            questions.append(Question(f"{label} để trống hoặc không đọc được{seen}: xin cho biết.", about))
        elif field.sureness is not Sureness.SURE:
            questions.append(Question(f"{label} hiểu là “{field.value}”, đúng không?", about, (field.value,)))
    day = header.issued_on
    if day.day is None:
        seen = f" (chỉ thấy “{day.spot.quote[:80]}”)" if day.spot.quote else ""
        questions.append(
            Question(f"Ngày ban hành để trống hoặc không đọc được{seen}: xin cho biết.", "issued_on", wants=Wanted.DAY)
        )
    elif day.sureness is not Sureness.SURE:
        text = f"Ngày ban hành đọc từ “{day.spot.quote[:80]}”, hiểu là {day.day:%d/%m/%Y}, đúng không?"
        questions.append(Question(text, "issued_on", (f"{day.day:%d/%m/%Y}",), Wanted.DAY))
    return questions


def _of_foreign_issuer(header: Header, obligations: Sequence[Obligation]) -> list[Question]:
    """Every province has a Sở Nội vụ: which one is meant shows only once the issuer is a unit of the directory."""
    issuer = header.issuer
    leads = [name for each in obligations if each.is_tracked for name in each.lead]
    if issuer.value is None or issuer.sureness is not Sureness.SURE or not any(map(_waits_for_issuer, leads)):
        return []
    text = f"Cơ quan ban hành “{issuer.value}” không có trong danh mục đơn vị: là đơn vị nào trong danh mục?"
    return [Question(text, "issuer")]


def _waits_for_issuer(name: UnitName) -> bool:
    """The directory has this very name, and the letter does not tell of which organisation."""
    return not name.is_known and shortened(name.written) in map(shortened, name.nearest)


def _of_obligations(obligations: Sequence[Obligation]) -> list[Question]:
    """What several duties share is asked once for all of them."""
    tracked = [(number, each) for number, each in enumerate(obligations, start=1) if each.is_tracked]
    questions = []
    shared: dict[tuple[str, Wanted, str], list[int]] = {}
    for number, each in tracked:
        if each.deadline.ask and each.deadline.why in _SHARED:
            shared.setdefault((_SHARED[each.deadline.why], Wanted.YES, each.deadline.why), []).append(number)
        elif each.deadline.ask:
            questions.append(_of_deadline(number, each))
        if not each.lead:
            shared.setdefault((_NO_LEAD, Wanted.LEAD, ""), []).append(number)
        for doubt in each.doubts:
            shared.setdefault((f"{doubt}, đúng không?", Wanted.YES, doubt), []).append(number)
    for (text, wants, claim), numbers in shared.items():
        said = f"Việc {_listed(numbers)}: {text}"
        questions.append(Question(said, str(numbers[0]), wants=wants, numbers=tuple(numbers), claim=claim))
    return questions


def _of_deadline(number: int, obligation: Obligation) -> Question:
    day = obligation.deadline.last_valid_on
    proposed = (f"{day:%d/%m/%Y}",) if day is not None else ()
    text = f"Việc {number}, “{obligation.title}”: {_about_deadline(obligation)}"
    return Question(text, str(number), proposed, Wanted.DEADLINE, (number,))


_NO_LEAD = "văn bản không nêu đơn vị chủ trì, giao đơn vị nào?"
_DAY_FIRST = "ngày cuối tính theo ngày ban hành, mà ngày ban hành chưa rõ; sau khi có ngày ban hành, xin xem lại."


_SHARED = {
    OWN_DAY_UNKNOWN: _DAY_FIRST,
    OF_THE_YEAR: "chỉ tiêu không nêu hạn, hiểu là đến hết năm của văn bản, đúng không?",
    OF_THE_HEADING: "không nêu hạn, lấy theo tháng, quý của đề mục, đúng không?",
    MERGED_DAY: "ô thời hạn để trống, ngày lấy theo dòng trên, đúng không?",
}
"""Reasons that many duties have in common, and the one question for all of them."""


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _about_deadline(obligation: Obligation) -> str:
    deadline = obligation.deadline
    said = f"thời hạn ghi “{deadline.phrase}”. " if deadline.phrase else ""
    if deadline.last_valid_on is not None:
        return f"{said}Ngày cuối hiểu là {deadline.last_valid_on:%d/%m/%Y}. {deadline.why} Đúng không?"
    return f"{said}{deadline.why or 'Văn bản không nêu ngày.'} Hạn là ngày nào?"


def _of_units(obligations: Sequence[Obligation]) -> list[Question]:
    """Names that lead and stand for no unit of the directory, where others of the directory are near."""
    named: dict[str, tuple[tuple[str, ...], list[int]]] = {}
    for number, obligation in enumerate(obligations, start=1):
        for name in obligation.lead if obligation.is_tracked else ():
            if not name.is_known and name.nearest and not _waits_for_issuer(name):
                named.setdefault(name.written, (name.nearest, []))[1].append(number)
    return [
        Question(
            f"Không rõ “{written}” (việc {_listed(numbers)}) là đơn vị nào trong danh mục."
            f" Có phải: {'; '.join(nearest)}?",
            f"unit:{written}", nearest, Wanted.UNIT, tuple(numbers),
        )
        for written, (nearest, numbers) in named.items()
    ]  # fmt: skip
