"""The draft as the page shows it: fields and rows with their questions, and what was typed but not kept. Pure.

Equal parts of two pages are equal values: what a change did to the page is told by comparing.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.web.changes import NEW_DUTY
from bot.web.sentences import CLASS_WORDS, DUTY_LABELS, HEADER_LABELS, day_words, deadline_words
from planner.letters.corrections import HEADER_FIELDS
from planner.letters.planned import issuer_code
from planner.reading.draft import (
    DutyClass,
    LetterDraft,
    Obligation,
    Question,
    UnitName,
    Wanted,
)
from planner.reading.read import Knowledge
from planner.unit_directory import GroupDraft, UnitDirectoryDraft


@dataclass(frozen=True, slots=True)
class Complaint:
    """Điều chưa lưu được: the sentence beside `field`; `nearest` are units to put in the place of `wrong`."""

    field: str
    sentence: str
    wrong: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Nội dung đã gõ mà chưa lưu, to be shown again in its form."""

    form: str
    values: Mapping[str, str]
    complaint: Complaint


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """Câu hỏi. `can_agree`: a yes is an answer; `takes_text`: it is answered in its own box, not in a field above."""

    form: str
    key: str
    text: str
    can_agree: bool
    takes_text: bool
    choices: tuple[str, ...]
    is_unit: bool
    typed: str = ""
    complaint: Complaint | None = None


@dataclass(frozen=True, slots=True)
class ShownField:
    """Một ô của phần đầu văn bản."""

    form: str
    name: str
    label: str
    value: str
    was: str
    questions: tuple[ShownQuestion, ...] = ()
    complaint: Complaint | None = None


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """Đơn vị: `name` of the directory, else as written; `members`: how many units a group is."""

    name: str
    written: str
    is_known: bool
    members: int = 0


@dataclass(frozen=True, slots=True)
class ShownDuty:
    """Một việc. `values` stand in its boxes now, `was` is what the draft says; `unsure`: fields asked about."""

    form: str
    number: int
    values: Mapping[str, str]
    was: Mapping[str, str]
    leads: tuple[ShownUnit, ...]
    deadline: str
    deadline_why: str
    is_tracked: bool
    same_as: str | None
    page: int
    place: str
    unsure: frozenset[str]
    asked_at: tuple[int, ...]
    questions: tuple[ShownQuestion, ...]
    complaint: Complaint | None = None

    @property
    def more_is_open(self) -> bool:
        """Where something in the second half of its fields wants to be seen."""
        more = ("supporting", "deliverable", "duty_class")
        is_wrong = self.complaint is not None and self.complaint.field in more
        return is_wrong or any(self.values[name] != self.was[name] for name in more)


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """Bản nháp. `questions`: the forms of all of them, in the order of the page."""

    fields: tuple[ShownField, ...]
    duties: tuple[ShownDuty, ...]
    new_duty: ShownDuty
    questions: tuple[str, ...] = field(default=())

    def parts(self) -> dict[str, ShownField | ShownDuty]:
        """What of the page is exchanged when it changes, by the name of its form."""
        return {**{each.form: each for each in self.fields}, **{each.form: each for each in self._rows()}}

    def _rows(self) -> tuple[ShownDuty, ...]:
        return (*self.duties, self.new_duty)

    @property
    def tracked(self) -> int:
        return sum(duty.is_tracked for duty in self.duties)

    @property
    def aside(self) -> int:
        return len(self.duties) - self.tracked


def shown_draft(draft: LetterDraft, directory: UnitDirectoryDraft | None, kept: Kept | None = None) -> ShownDraft:
    showing = _Showing(draft, directory, kept)
    fields = tuple(showing.field(name) for name in HEADER_LABELS)
    duties = tuple(showing.duty(number) for number in range(1, len(draft.obligations) + 1))
    asked = (*(each.questions for each in fields), *(each.questions for each in duties))
    questions = tuple(question.form for each in asked for question in each)
    return ShownDraft(fields, duties, showing.new_duty(), questions)


def changed_forms(before: ShownDraft | None, after: ShownDraft) -> set[str]:
    """All of them where nobody knows what was shown before."""
    known = {} if before is None else before.parts()
    return {form for form, part in after.parts().items() if known.get(form) != part}


def units_to_choose(draft: LetterDraft, knowledge: Knowledge) -> list[str]:
    """Names of units and groups: those of the issuer's organisation where it is known."""
    directory = knowledge.directory
    if directory is None:
        return []
    on = draft.header.issued_on.base_on
    valid = {unit.name for unit in directory.units if unit.is_valid(on)} | {group.name for group in directory.groups}
    return [name for name in directory.names(within=issuer_code(draft, knowledge)) if name in valid]


def question_form(key: str) -> str:
    return f"cau-{hashlib.sha256(key.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class _Showing:
    draft: LetterDraft
    directory: UnitDirectoryDraft | None
    kept: Kept | None

    def field(self, name: str) -> ShownField:
        value = self._header(name)
        questions = tuple(self._question(each) for each in self.draft.questions if each.about == name)
        shown = ShownField(f"dau-{name}", name, HEADER_LABELS[name], value, value, questions)
        if self.kept is None or self.kept.form != shown.form:
            return shown
        return replace(shown, value=self.kept.values.get("value", value), complaint=self.kept.complaint)

    def _header(self, name: str) -> str:
        if name == "issued_on":
            return day_words(self.draft.header.issued_on.day)
        return getattr(self.draft.header, HEADER_FIELDS[name]).value or ""

    def duty(self, number: int) -> ShownDuty:
        duty = self.draft.obligations[number - 1]
        about = [each for each in self.draft.questions if number in each.numbers]
        was = _values_of(duty, self._names)
        sentence, why = deadline_words(duty.deadline)
        shown = ShownDuty(
            form=f"viec-{number}", number=number, values=was, was=was, leads=tuple(map(self._unit, duty.lead)),
            deadline=sentence, deadline_why=duty.deadline.why if duty.deadline.ask else why,
            is_tracked=duty.is_tracked, same_as=duty.same_as, page=duty.spot.page, place=duty.spot.place,
            unsure=frozenset(_unsure(duty, about)),
            asked_at=tuple(dict.fromkeys(each.numbers[0] for each in about if each.numbers[0] != number)),
            questions=tuple(self._question(each) for each in about if each.numbers[0] == number),
        )  # fmt: skip
        return self._with_kept(shown)

    def new_duty(self) -> ShownDuty:
        values = dict.fromkeys(DUTY_LABELS, "") | {"duty_class": DutyClass.TASK.value}
        blank = ShownDuty(
            form=NEW_DUTY, number=0, values=values, was=values, leads=(), deadline="", deadline_why="",
            is_tracked=True, same_as=None, page=0, place="", unsure=frozenset(), asked_at=(), questions=(),
        )  # fmt: skip
        return self._with_kept(blank)

    def _with_kept(self, shown: ShownDuty) -> ShownDuty:
        if self.kept is None or self.kept.form != shown.form:
            return shown
        return replace(shown, values={**shown.values, **self.kept.values}, complaint=self.kept.complaint)

    def _question(self, question: Question) -> ShownQuestion:
        form = question_form(question.key)
        shown = ShownQuestion(
            form, question.key, question.text,
            can_agree=question.wants is Wanted.YES or (bool(question.choices) and question.wants is not Wanted.UNIT),
            takes_text=question.wants in {Wanted.LEAD, Wanted.UNIT},
            choices=question.choices if question.wants is Wanted.UNIT else (),
            is_unit=question.wants in {Wanted.LEAD, Wanted.UNIT},
        )  # fmt: skip
        if self.kept is None or self.kept.form != form:
            return shown
        return replace(shown, typed=self.kept.values.get("answer", ""), complaint=self.kept.complaint)

    def _names(self, units: Sequence[UnitName]) -> str:
        return "; ".join(self._unit(unit).name for unit in units)

    def _unit(self, unit: UnitName) -> ShownUnit:
        entry = None
        if unit.code is not None and self.directory is not None:
            entry = self.directory.unit(unit.code) or self.directory.group(unit.code)
        if entry is None:
            return ShownUnit(unit.written, unit.written, unit.is_known)
        members = self._members(entry.code) if isinstance(entry, GroupDraft) else 0
        return ShownUnit(entry.name, unit.written, is_known=True, members=members)

    def _members(self, code: str) -> int:
        assert self.directory is not None
        return len(self.directory.members(code, on=self.draft.header.issued_on.base_on))


def _values_of(duty: Obligation, names: Callable[[Sequence[UnitName]], str]) -> dict[str, str]:
    return {
        "title": duty.title,
        "lead": names(duty.lead),
        "supporting": names(duty.supporting),
        "deadline": duty.deadline.phrase or "",
        "deliverable": duty.deliverable or "",
        "duty_class": duty.duty_class.value,
    }


def _unsure(duty: Obligation, about: Sequence[Question]) -> Iterator[str]:
    if duty.is_tracked and (duty.deadline.ask or any(each.wants is Wanted.DEADLINE for each in about)):
        yield "deadline"
    if duty.is_tracked and (not duty.lead or not all(unit.is_known for unit in duty.lead) or duty.doubts):
        yield "lead"


CLASSES = tuple((each.value, CLASS_WORDS[each]) for each in DutyClass)
"""What is offered as the class of a duty."""
