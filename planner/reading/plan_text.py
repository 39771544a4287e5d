"""A draft as a plan file: what `dondoc plan check` reads, with every doubt left as a note beside its task.

What the directory does not know cannot lead a task there: such a task is given to the coordinating unit, and its note
says whom the paper names. What has no sure day is written as having none, with the reason.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import yaml

from models.terms import Boundary, DeadlineKind, Frequency
from planner.plain_text import tidy
from planner.plan_file import LONGEST_TITLE
from planner.reading.draft import DutyClass, LetterDraft, Obligation, UnitName
from planner.reading.flat import plain_letters
from planner.recurrence import Recurrence
from planner.unit_directory import UnitDirectoryDraft
from planner.workdays import WEEKDAY_NAMES

LONGEST_TEXT, LONGEST_NOTE, LONGEST_CODE = 290, 990, 40
LONGEST_SUBJECT, LONGEST_NUMBER = 190, 60
DECEMBER, LAST_DAY_OF_DECEMBER = 12, 31

_KINDS = {
    DutyClass.TASK: "nhiệm vụ", DutyClass.REPORT: "báo cáo", DutyClass.PUBLISH: "công khai",
    DutyClass.INDICATOR: "chỉ số", DutyClass.STANDING: "thường xuyên", DutyClass.CONDITIONAL: "khi có phát sinh",
    DutyClass.REQUEST: "đề nghị",
}  # fmt: skip
_FREQUENCIES = {
    Frequency.YEARLY: "hằng năm", Frequency.QUARTERLY: "hằng quý", Frequency.MONTHLY: "hằng tháng",
    Frequency.WEEKLY: "hằng tuần",
}  # fmt: skip
_PLANS = frozenset({"Kế hoạch", "Quyết định", "Chương trình", "Đề án", "Phương án", "Nghị quyết"})
_COORDINATES = re.compile(r"đầu mối|đôn đốc|tổng hợp|theo dõi|thường trực")
Row = dict[str, object]


def plan_text(
    draft: LetterDraft,
    *,
    issuer: str,
    directory: UnitDirectoryDraft,
    coordinating: str | None = None,
    code: str | None = None,
) -> str:
    """The plan file. `issuer` is the code of the unit that issued the letter.

    `coordinating`: who urges, where somebody knows better than the letter's words; `code`: of the plan, where
    `plan_code` of the letter belongs to another one.
    """
    tracked = [each for each in draft.obligations if each.is_tracked]
    on = draft.header.issued_on.base_on
    coordinating = coordinating or _coordinating(tracked, directory, on) or issuer
    code = code or plan_code(draft)
    codes = _task_codes(code, tracked)
    tasks = [
        _task(each, task_code, draft, coordinating, directory) for each, task_code in zip(tracked, codes, strict=True)
    ]
    return yaml.safe_dump(
        {**_head(draft, code, issuer, coordinating), "tasks": tasks}, allow_unicode=True, sort_keys=False, width=110
    )  # fmt: skip


def _head(draft: LetterDraft, code: str, issuer: str, coordinating: str) -> Row:
    header = draft.header
    day = header.issued_on.day
    notes = [*draft.warnings, *(question.text for question in draft.questions if not question.about[0].isdigit())]
    notes += [f"Nguyên tắc: {each.spot.quote}" for each in draft.obligations if not each.is_tracked]
    head: Row = {
        "plan": code,
        "kind": "kế hoạch" if header.kind.value in _PLANS else "công văn",
        "document_no": _cut(header.number.value or "", LONGEST_NUMBER) or None,
        "issued_on": f"{day:%d/%m/%Y}" if day else None,
        "title": _cut(header.title.value or "", LONGEST_SUBJECT) or header.kind.value or "Văn bản chưa có trích yếu",
        "issuer": issuer,
        "coordinating_unit": coordinating,
        "valid_from": None if day else f"{header.issued_on.base_on:%d/%m/%Y}",
        "notes": [cut for note in notes if (cut := _cut(note, LONGEST_TEXT))] or None,
    }
    return {key: value for key, value in head.items() if value is not None}


def plan_code(draft: LetterDraft) -> str:
    """KH146 of 146/KH-UBND; without a number, the letters and the year."""
    header = draft.header
    number = header.number.value or ""
    letters = {"Kế hoạch": "KH", "Công văn": "CV", "Quyết định": "QD"}.get(header.kind.value or "", "VB")
    digits = re.match(r"\d+", number)
    return f"{letters}{digits[0]}" if digits else f"{letters}-{header.issued_on.base_on.year}"


def _task_codes(code: str, obligations: Sequence[Obligation]) -> list[str]:
    """The plan's code and the place in the paper; a count where a place holds several duties."""
    bases = [f"{code}-{_place_code(each.spot.place)}"[:LONGEST_CODE].rstrip(".-") for each in obligations]
    repeats, seen = Counter(bases), Counter[str]()
    codes = []
    for base in bases:
        seen[base] += 1
        codes.append(f"{base}.{seen[base]}" if repeats[base] > 1 else base)
    return _made_unique(codes)


def _made_unique(codes: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    unique = []
    for code in codes:
        count, chosen = 1, code
        while chosen in taken:
            count += 1
            chosen = f"{code}-{count}"
        taken.add(chosen)
        unique.append(chosen)
    return unique


def _place_code(place: str) -> str:
    ascii_place = plain_letters(place.replace("đ", "dd"), is_folded=True)
    return re.sub(r"[^A-Za-z0-9]+", ".", ascii_place).strip(".").upper() or "0"


def _coordinating(obligations: Sequence[Obligation], directory: UnitDirectoryDraft, on: date) -> str | None:
    """The one unit that follows, urges and sums up most often."""
    names = [name for each in obligations if _COORDINATES.search(each.spot.quote.lower()) for name in each.lead]
    single = [name for name in names if not name.is_group and unit_entry(name, on, directory) is not None]
    found = Counter(name.code for name in single)
    return found.most_common(1)[0][0] if found else None


def _task(
    obligation: Obligation, code: str, draft: LetterDraft, coordinating: str, directory: UnitDirectoryDraft
) -> Row:
    on = draft.header.issued_on.base_on
    lead, unknown = _units(obligation.lead, on, directory)
    supporting, unknown_helpers = _units(obligation.supporting, on, directory)
    lead = lead or [coordinating]
    row: Row = {
        "code": code,
        "from": _cut(obligation.spot.place, 60) or None,
        "title": _title(obligation),
        "kind": _KINDS[obligation.duty_class],
        "deadline": _deadline(obligation, on),
        "lead": lead,
        "supporting": [each for each in supporting if each not in lead] or None,
        "deliverable": _cut(obligation.deliverable or "", LONGEST_TEXT) or None,
        "recipient": _cut(obligation.recipient or "", 190) or None,
        "indicator": _indicator(obligation),
        "same_as": obligation.same_as,
        "note": _note(obligation, unknown, unknown_helpers),
    }
    return {key: value for key, value in row.items() if value is not None}


def _title(obligation: Obligation) -> str:
    return _cut(obligation.title, LONGEST_TITLE) or "Việc chưa có tên"


def _units(names: Sequence[UnitName], on: date, directory: UnitDirectoryDraft) -> tuple[list[object], list[str]]:
    """Units by code and groups as "nhóm: mã", and the names that stand for none on that day."""
    known: list[object] = []
    unknown = []
    for name in names:
        entry = unit_entry(name, on, directory)
        if entry is None:
            unknown.append(name.written)
        elif entry not in known:
            known.append(entry)
    return known, unknown


def unit_entry(name: UnitName, on: date, directory: UnitDirectoryDraft) -> object | None:
    """How a plan file names it; None for what stands for no unit on that day."""
    if name.code is None:
        return None
    if name.is_group:
        return {"nhóm": name.code} if directory.members(name.code, on=on) else None
    unit = directory.unit(name.code)
    return name.code if unit is not None and unit.is_valid(on) else None


def _deadline(obligation: Obligation, on: date) -> Row:
    """Always spelled out: what was read and agreed to is not read again."""
    deadline, reading = obligation.deadline, obligation.deadline.reading
    phrase = _cut(deadline.phrase or "", LONGEST_TEXT) or None
    if reading is None:
        return _without_day(obligation)
    if reading.recurrences and len(reading.recurrences) == 1:
        return _with_phrase(_repeated(reading.recurrences[0]), phrase)
    if reading.last_valid_on is not None and reading.last_valid_on >= on and not reading.recurrences:
        edge = (
            "trước" if deadline.boundary is Boundary.BEFORE and reading.due_on != reading.last_valid_on else "chậm nhất"
        )
        named = reading.due_on if edge == "trước" and reading.due_on else reading.last_valid_on
        return _with_phrase({"on": f"{named:%d/%m/%Y}", "boundary": edge}, phrase)
    if reading.kind is DeadlineKind.CONTINUOUS:
        return _with_phrase({"ongoing": "có"}, phrase)
    if reading.kind in {DeadlineKind.EVENT, *_COUNTED}:
        return _with_phrase({"event": _cut(reading.event or deadline.phrase or "khi phát sinh", LONGEST_TEXT)}, phrase)
    return _with_phrase({"none": "có", "reason": _cut(deadline.why or "chưa rõ ngày", LONGEST_TEXT)}, phrase)


_COUNTED = frozenset(
    {
        DeadlineKind.EVENT_WORKING_DAYS, DeadlineKind.EVENT_DAYS, DeadlineKind.EVENT_MONTHS,
        DeadlineKind.EVENT_MINUS_DAYS, DeadlineKind.WORKING_HOURS, DeadlineKind.HOURS,
    }
)  # fmt: skip


def _with_phrase(form: Row, phrase: str | None) -> Row:
    return form if phrase is None else {"phrase": phrase, **form}


def _without_day(obligation: Obligation) -> Row:
    if obligation.duty_class in {DutyClass.STANDING, DutyClass.INDICATOR}:
        return {"ongoing": "có", "reason": "văn bản không nêu ngày: hỏi tình hình mỗi tháng"}
    return {"none": "có", "reason": _cut(obligation.deadline.why or "văn bản không nêu ngày", LONGEST_TEXT)}


def _repeated(rule: Recurrence) -> Row:
    form: Row = {"frequency": _FREQUENCIES[rule.frequency]}
    if rule.frequency is Frequency.YEARLY:
        form["month"] = rule.month or DECEMBER
        form["day"] = rule.day or (LAST_DAY_OF_DECEMBER if not rule.month else None)
    elif rule.frequency is Frequency.WEEKLY:
        form["weekday"] = WEEKDAY_NAMES[rule.weekday] if rule.weekday is not None else None
    else:
        form["month"] = rule.month if rule.frequency is Frequency.QUARTERLY else None
        form["day"] = rule.day
    form["boundary"] = "trước" if rule.boundary is Boundary.BEFORE else "chậm nhất"
    return {key: value for key, value in form.items() if value is not None}


def _indicator(obligation: Obligation) -> Row | None:
    found = obligation.indicator
    if found is None:
        return {"name": _title(obligation)} if obligation.duty_class is DutyClass.INDICATOR else None
    points = found.max_points if found.max_points and re.fullmatch(r"\d{1,3}(?:[.,]\d+)?", found.max_points) else None
    row: Row = {
        "name": _cut(found.name, LONGEST_TEXT) or _title(obligation),
        "target": _cut(found.target or "", LONGEST_TEXT) or None,
        "unit": _cut(found.unit or "", 38) or None,
        "max_points": points,
    }
    return {key: value for key, value in row.items() if value is not None}


def _note(obligation: Obligation, unknown: Sequence[str], unknown_helpers: Sequence[str]) -> str:
    return _cut(" ".join(_remarks(obligation, unknown, unknown_helpers)), LONGEST_NOTE)


def _remarks(obligation: Obligation, unknown: Sequence[str], unknown_helpers: Sequence[str]) -> Iterator[str]:
    if obligation.deadline.ask:
        yield f"Cần xác nhận thời hạn: {obligation.deadline.why}"
    if unknown:
        yield f"Chủ trì theo văn bản: {'; '.join(unknown)} (chưa rõ trong danh mục)."
    elif not obligation.lead:
        yield "Văn bản không nêu đơn vị chủ trì."
    if unknown_helpers:
        yield f"Phối hợp theo văn bản: {'; '.join(unknown_helpers)}."
    yield f"Nguyên văn: “{obligation.spot.quote}”"


def _cut(text: str, most: int) -> str:
    """At most so many letters, ending at a word; nothing that a scanner makes up and no file can hold."""
    text = tidy("".join(letter for letter in text if letter.isprintable() or letter.isspace()))
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
