"""What a person says about a draft, put into it. Pure: a draft in, the corrected draft out, with its questions anew.

What a person has said is SURE and is not asked about again. What hangs on it is read anew: units by the issuer, days
that are counted from the letter's own day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.errors import CorrectionError
from models.terms import DeadlineKind
from planner.deadlines import Reading, read_deadline
from planner.plain_text import plain, tidy
from planner.reading.dating import OWN_DAY_UNKNOWN
from planner.reading.draft import (
    DutyClass,
    DutyDeadline,
    Header,
    IssuedOn,
    LetterDraft,
    Obligation,
    Question,
    Spot,
    Sureness,
    UnitName,
    Wanted,
)
from planner.reading.questions import questions_of
from planner.reading.read import Knowledge
from planner.reading.unit_match import UnitMatcher

LONGEST_TITLE, LONGEST_FIELD, LONGEST_NUMBER = 80, 290, 64
MOST_DUTIES = 500

HEADER_FIELDS = {"type": "kind", "number": "number", "issuer": "issuer", "place": "place", "title": "title"}
"""The fields of the header that are text, as questions and pages name them, and as the draft does."""

NONE_SAID = frozenset({"khong", "khong co", "khong han", "khong co han", "khong co thoi han", "chua co han"})
ASIDE_SAID = frozenset({"khong theo doi", "khong can theo doi", "khong giao"})
BY_A_PERSON = "Người duyệt cho biết."
DAY_CORRECTED = "Ngày ban hành đã sửa nên ngày cuối tính lại: cần xác nhận."

_DAY = re.compile(
    r"(?:ngày )?\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})|(\d{4})-(\d{2})-(\d{2})", re.IGNORECASE
)
_FROM_TODAY = re.compile(
    r"\b(?:(?:tuan|thang|quy|nam) (?:nay|sau|toi)|hom nay|ngay (?:mai|kia|mot)|mai|mot|cuoi tuan|dau tuan"
    r"|thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b"
)
"""Said today of a letter written some time ago: from which of the two days it counts is not guessed."""
_BETWEEN_UNITS = re.compile(r"[;\n]+")


@dataclass(frozen=True, slots=True)
class DutyChange:
    """Nội dung sửa một việc; None leaves a field as it is, as typed otherwise. `units` are parted by ";"."""

    title: str | None = None
    lead: str | None = None
    supporting: str | None = None
    deadline: str | None = None
    deliverable: str | None = None
    duty_class: DutyClass | None = None


# --- the answer to a question -----------------------------------------------------------------------------------


def answered(draft: LetterDraft, question: Question, text: str, knowledge: Knowledge) -> LetterDraft:
    """The draft with what was said to a question ("không theo dõi": `_set_aside`). Raises CorrectionError."""
    if question.numbers and plain(text) in ASIDE_SAID:
        return _set_aside(draft, question)
    match question.wants:
        case Wanted.TEXT | Wanted.DAY:
            return with_header(draft, question.about, text, knowledge)
        case Wanted.UNIT:
            return with_unit(draft, question.about.removeprefix("unit:"), text, knowledge)
        case Wanted.LEAD:
            return _each(draft, question.numbers, DutyChange(lead=text), knowledge)
        case Wanted.DEADLINE:
            return _each(draft, question.numbers, DutyChange(deadline=text), knowledge)
        case Wanted.YES:
            return confirmed(draft, question, knowledge)


def _set_aside(draft: LetterDraft, question: Question) -> LetterDraft:
    """The duties a question is about; of a name that stands for nobody only that name, where others lead as well."""
    duties = list(draft.obligations)
    for number in question.numbers:
        duties[number - 1] = _without(duties[number - 1], question)
    return _asked_anew(replace(draft, obligations=tuple(duties)))


def _without(duty: Obligation, question: Question) -> Obligation:
    written = question.about.removeprefix("unit:") if question.wants is Wanted.UNIT else None
    others = tuple(name for name in duty.lead if written is not None and name.written != written)
    return replace(duty, lead=others) if others else replace(duty, duty_class=DutyClass.PRINCIPLE)


def confirmed(draft: LetterDraft, question: Question, knowledge: Knowledge) -> LetterDraft:
    """What was read is right as it stands. Raises CorrectionError where nothing was proposed to say yes to."""
    if question.wants in {Wanted.TEXT, Wanted.DAY, Wanted.UNIT}:
        if not question.choices:
            raise CorrectionError(question.about, "empty")
        return answered(draft, question, question.choices[0], knowledge)
    if question.wants is Wanted.LEAD or (question.wants is Wanted.DEADLINE and not question.choices):
        raise CorrectionError(question.about, "empty")
    duties = list(draft.obligations)
    for number in question.numbers:
        duties[number - 1] = _agreed(duties[number - 1], question)
    return _asked_anew(replace(draft, obligations=tuple(duties)))


def _agreed(duty: Obligation, question: Question) -> Obligation:
    """A yes is to one claim: other doubts about the same duty are asked on."""
    if question.claim not in duty.doubts:
        return replace(duty, deadline=replace(duty.deadline, ask=False))
    doubts = tuple(doubt for doubt in duty.doubts if doubt != question.claim)
    return replace(duty, doubts=doubts, lead_sureness=duty.lead_sureness if doubts else Sureness.SURE)


def _each(draft: LetterDraft, numbers: Sequence[int], change: DutyChange, knowledge: Knowledge) -> LetterDraft:
    for number in numbers:
        draft = with_duty(draft, number, change, knowledge)
    return draft


# --- the header -------------------------------------------------------------------------------------------------


def with_header(draft: LetterDraft, field: str, text: str, knowledge: Knowledge) -> LetterDraft:
    """`field` is "issued_on" or one of HEADER_FIELDS. Raises CorrectionError."""
    if field == "issued_on":
        return _with_day(draft, day_of(field, text), knowledge)
    name = HEADER_FIELDS[field]
    value = _line(field, text, most=LONGEST_NUMBER if field == "number" else LONGEST_FIELD)
    if field == "issuer":
        value = _one_unit(field, value, knowledge, on=draft.header.issued_on.base_on)
    found = replace(getattr(draft.header, name), value=value, sureness=Sureness.SURE)
    changed = replace(draft, header=replace(draft.header, **{name: found}))
    return _asked_anew(_matched_anew(changed, knowledge) if field == "issuer" else changed)


def day_of(field: str, text: str) -> date:
    """ "22/10/2024", "22.10.2024", "ngày 22-10-2024", "2024-10-22"; nothing is guessed. Raises CorrectionError."""
    match = _DAY.fullmatch(" ".join(text.split()))
    if match is None:
        raise CorrectionError(field, "no-such-day", text)
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise CorrectionError(field, "no-such-day", text) from error


def _with_day(draft: LetterDraft, day: date, knowledge: Knowledge) -> LetterDraft:
    before = draft.header.issued_on.base_on
    issued = IssuedOn(day, draft.header.issued_on.spot, Sureness.SURE, base_on=day, latest_on=day)
    header: Header = replace(draft.header, issued_on=issued)
    duties = tuple(
        replace(each, deadline=_counted_from(each.deadline, day, before, knowledge)) for each in draft.obligations
    )
    return _asked_anew(_matched_anew(replace(draft, header=header, obligations=duties), knowledge))


def _counted_from(deadline: DutyDeadline, day: date, before: date, knowledge: Knowledge) -> DutyDeadline:
    """What the letter's own day moves is read again; a person's own words stay as they were said.

    Where the words beside the phrase had a say in the first reading, its new day is asked about.
    """
    if deadline.phrase is None or deadline.why == BY_A_PERSON:
        return deadline
    now, then = (_reading(deadline.phrase, on, knowledge) for on in (day, before))
    if deadline.why == OWN_DAY_UNKNOWN:
        return replace(deadline, reading=now, ask=now.ask, why=now.explanation)
    if _days_of(now) == _days_of(then):
        return deadline
    is_same_as_read = deadline.reading is not None and _days_of(deadline.reading) == _days_of(then)
    why = now.explanation if is_same_as_read else DAY_CORRECTED
    return replace(deadline, reading=now, ask=now.ask or not is_same_as_read, why=why)


def _days_of(reading: Reading) -> tuple[object, ...]:
    return reading.kind, reading.due_on, reading.last_valid_on, reading.recurrences


# --- units ------------------------------------------------------------------------------------------------------


def with_unit(draft: LetterDraft, written: str, text: str, knowledge: Knowledge) -> LetterDraft:
    """Every name written so on the paper stands for this unit or group. Raises CorrectionError."""
    (unit,) = _some_units("lead", text, draft, knowledge, most=1)

    def named(name: UnitName) -> UnitName:
        return replace(unit, written=name.written) if name.written == written else name

    duties = tuple(
        replace(each, lead=tuple(map(named, each.lead)), supporting=tuple(map(named, each.supporting)))
        for each in draft.obligations
    )
    return _asked_anew(replace(draft, obligations=duties))


def units_of(
    field: str, text: str, draft: LetterDraft, knowledge: Knowledge, *, most: int | None = None
) -> tuple[UnitName, ...]:
    """Names or codes parted by ";" as units of the directory; raises CorrectionError with the nearest names."""
    matcher = _matcher(draft, knowledge)
    names = [" ".join(name.split()) for name in _BETWEEN_UNITS.split(text) if name.strip()]
    if most is not None and len(names) > most:
        raise CorrectionError(field, "several-units", text)
    found = []
    for name in names:
        unit = matcher.match(name)
        if not unit.is_known:
            raise CorrectionError(field, "unknown-unit", name, nearest=unit.nearest)
        found.append(unit)
    return tuple(dict.fromkeys(found))


def _some_units(
    field: str, text: str, draft: LetterDraft, knowledge: Knowledge, *, most: int | None = None
) -> tuple[UnitName, ...]:
    found = units_of(field, text, draft, knowledge, most=most)
    if not found:
        raise CorrectionError(field, "empty")
    return found


def _one_unit(field: str, name: str, knowledge: Knowledge, *, on: date) -> str:
    """The name of one unit of the directory; the issuer tells which organisation all others are of."""
    directory = knowledge.directory
    found = directory.candidates(name, on=on) if directory is not None else ()
    units = [each for each in found if directory is not None and directory.unit(each.code) is not None]
    if len(units) != 1:
        near = tuple(each.name for each in units) or UnitMatcher(directory, on, None).match(name).nearest
        raise CorrectionError(field, "unknown-unit" if not units else "several-units", name, nearest=near)
    return units[0].name


def _matcher(draft: LetterDraft, knowledge: Knowledge) -> UnitMatcher:
    on, directory = draft.header.issued_on.base_on, knowledge.directory
    within = knowledge.issuer
    if within is None and directory is not None and draft.header.issuer.value:
        found = directory.find(draft.header.issuer.value, on=on)
        within = found.code if found is not None else None
    return UnitMatcher(directory, on, within)


def _matched_anew(draft: LetterDraft, knowledge: Knowledge) -> LetterDraft:
    """Names nobody knew may be known now that the issuer or the day is; what was known stays."""
    matcher = _matcher(draft, knowledge)

    def again(names: Sequence[UnitName]) -> tuple[UnitName, ...]:
        return tuple(name if name.is_known else matcher.match(name.written) for name in names)

    duties = tuple(
        replace(each, lead=again(each.lead), supporting=again(each.supporting)) for each in draft.obligations
    )
    return replace(draft, obligations=duties)


# --- duties -----------------------------------------------------------------------------------------------------


def with_duty(draft: LetterDraft, number: int, change: DutyChange, knowledge: Knowledge) -> LetterDraft:
    """`number` counts from 1, as the draft is shown. Class PRINCIPLE: not tracked. Raises CorrectionError."""
    if not 1 <= number <= len(draft.obligations):
        raise CorrectionError("number", "no-such-duty", str(number))
    duties = list(draft.obligations)
    duties[number - 1] = _changed(duties[number - 1], change, draft, knowledge)
    return _asked_anew(replace(draft, obligations=tuple(duties)))


def with_new_duty(draft: LetterDraft, change: DutyChange, knowledge: Knowledge) -> LetterDraft:
    """A duty the reader did not see; it needs a title and who leads. Raises CorrectionError."""
    if len(draft.obligations) >= MOST_DUTIES:
        raise CorrectionError("number", "too-long", limit=MOST_DUTIES)
    spot = Spot(_line("title", change.title or "", most=LONGEST_TITLE))
    blank = Obligation(
        title="", spot=spot, duty_class=DutyClass.TASK, lead=(), supporting=(), deadline=_none_said(spot)
    )  # fmt: skip
    named = replace(change, lead=change.lead or "")
    return _asked_anew(replace(draft, obligations=(*draft.obligations, _changed(blank, named, draft, knowledge))))


def _changed(duty: Obligation, change: DutyChange, draft: LetterDraft, knowledge: Knowledge) -> Obligation:
    if change.title is not None:
        duty = replace(duty, title=_line("title", change.title, most=LONGEST_TITLE))
    if change.lead is not None:
        lead = _some_units("lead", change.lead, draft, knowledge)
        duty = replace(duty, lead=lead, lead_sureness=Sureness.SURE, doubts=())
    if change.supporting is not None:
        duty = replace(duty, supporting=units_of("supporting", change.supporting, draft, knowledge))
    if change.deadline is not None:
        duty = replace(duty, deadline=deadline_of(change.deadline, duty.deadline.spot, draft, knowledge))
    if change.deliverable is not None:
        text = change.deliverable.strip()
        duty = replace(duty, deliverable=_line("deliverable", text, most=LONGEST_FIELD) if text else None)
    if change.duty_class is not None:
        duty = replace(duty, duty_class=change.duty_class)
    return duty


def deadline_of(text: str, spot: Spot, draft: LetterDraft, knowledge: Knowledge) -> DutyDeadline:
    """A deadline in a person's words: "trước 20/12/2026", "30/11", "hằng tháng", "không có hạn". Never guessed."""
    words = _line("deadline", text, most=LONGEST_FIELD)
    folded = plain(words).strip(" .")
    if folded in NONE_SAID or words == "-":
        return _none_said(spot)
    reading = _reading(words, draft.header.issued_on.base_on, knowledge)
    is_dated = reading.last_valid_on is not None or bool(reading.recurrences)
    counts_from_today = _FROM_TODAY.search(folded) is not None and not reading.recurrences
    if counts_from_today or (not is_dated and reading.kind not in _WITHOUT_A_DAY):
        raise CorrectionError("deadline", "no-deadline", words)
    return DutyDeadline(words, reading, spot, ask=False, why=BY_A_PERSON)


_WITHOUT_A_DAY = frozenset(
    {
        DeadlineKind.CONTINUOUS, DeadlineKind.EVENT, DeadlineKind.EVENT_WORKING_DAYS, DeadlineKind.EVENT_DAYS,
        DeadlineKind.EVENT_MONTHS, DeadlineKind.EVENT_MINUS_DAYS, DeadlineKind.WORKING_HOURS, DeadlineKind.HOURS,
    }
)  # fmt: skip
"""What a person may mean although no day comes of it."""


def _none_said(spot: Spot) -> DutyDeadline:
    return DutyDeadline(None, None, spot, ask=False, why="Người duyệt cho biết việc này không có thời hạn.")


def _reading(phrase: str, on: date, knowledge: Knowledge) -> Reading:
    return read_deadline(phrase, base_on=on, calendar=knowledge.calendar, before=knowledge.before)


# --- all of it --------------------------------------------------------------------------------------------------


def _line(field: str, text: str, *, most: int) -> str:
    """One line that every database and every screen can hold."""
    line = tidy("".join(letter for letter in text if letter.isprintable() or letter.isspace()))
    if not line:
        raise CorrectionError(field, "empty")
    if len(line) > most:
        raise CorrectionError(field, "too-long", line, limit=most)
    return line


def _asked_anew(draft: LetterDraft) -> LetterDraft:
    return replace(draft, questions=questions_of(draft.header, draft.obligations))
