"""A corrected draft as a plan: by the same plan file a clerk would write, and what must be settled before. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.terms import DeadlineKind
from planner.deadlines import Reading
from planner.plain_text import plain
from planner.plan_deadline import deadline_of_reading
from planner.plan_draft import DeadlineDraft, PlanDraft, TaskDraft
from planner.plan_file import parse_plan
from planner.reading.draft import DutyDeadline, LetterDraft, Obligation, Sureness
from planner.reading.plan_text import plan_code, plan_text, unit_entry
from planner.reading.read import Knowledge
from planner.reading.tracked import TrackedTask, same_duties

LONGEST_PLAN_CODE = 32


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Điều phải xong trước khi duyệt. `number` is that of the duty, from 1; `value` what stands there now."""

    field: str
    reason: str
    number: int | None = None
    value: str = ""


def obstacles(draft: LetterDraft, knowledge: Knowledge) -> tuple[Obstacle, ...]:
    """All of them, the header first; none: a plan can be made of the draft.

    A duty that has no day yet is none: it is tracked without one. A day that was proposed and that nobody agreed to
    is one, and so is a unit nobody named or agreed to: what may be wrong is not given to anybody as certain.
    """
    return (*_of_header(draft, knowledge), *_of_duties(draft, knowledge))


def _of_header(draft: LetterDraft, knowledge: Knowledge) -> Iterator[Obstacle]:
    header = draft.header
    if issuer_code(draft, knowledge) is None:
        yield Obstacle("issuer", "issuer-unknown", value=header.issuer.value or "")
    elif header.issuer.sureness is Sureness.UNSURE and knowledge.issuer is None:
        yield Obstacle("issuer", "issuer-unconfirmed", value=header.issuer.value or "")
    if header.issued_on.day is None:
        yield Obstacle("issued_on", "day-unknown")
    elif header.issued_on.sureness is not Sureness.SURE:
        yield Obstacle("issued_on", "day-unconfirmed", value=f"{header.issued_on.day:%d/%m/%Y}")
    if not any(each.is_tracked for each in draft.obligations):
        yield Obstacle("duties", "nothing-to-track")


def _of_duties(draft: LetterDraft, knowledge: Knowledge) -> Iterator[Obstacle]:
    on = draft.header.issued_on.base_on
    for number, duty in enumerate(draft.obligations, start=1):
        if not duty.is_tracked:
            continue
        if not duty.lead:
            yield Obstacle("lead", "lead-missing", number)
        for name in duty.lead:
            if knowledge.directory is None or unit_entry(name, on, knowledge.directory) is None:
                yield Obstacle("lead", "lead-unknown", number, name.written)
        for doubt in duty.doubts:
            yield Obstacle("lead", "lead-unconfirmed", number, doubt)
        if duty.deadline.ask and _has_day(duty.deadline.reading):
            yield Obstacle("deadline", "deadline-unconfirmed", number, duty.deadline.phrase or "")


def _has_day(reading: Reading | None) -> bool:
    return reading is not None and (reading.last_valid_on is not None or bool(reading.recurrences))


def issuer_code(draft: LetterDraft, knowledge: Knowledge) -> str | None:
    """The unit of the directory that issued the letter."""
    directory = knowledge.directory
    name = knowledge.issuer or draft.header.issuer.value
    if directory is None or not name:
        return None
    found = directory.find(name, on=draft.header.issued_on.base_on)
    return found.code if found is not None and directory.unit(found.code) is not None else None


def planned(
    draft: LetterDraft, knowledge: Knowledge, *, coordinating: str | None, code: str, own: Collection[str] = ()
) -> PlanDraft:
    """The plan, of a draft without obstacles; of another it raises FileProblemsError or ValueError.

    `code` is that of the plan; `own` are the tasks that it has already, to which nothing is linked. Deadlines are those
    of the draft, not read again from the file.
    """
    issuer, directory = issuer_code(draft, knowledge), knowledge.directory
    if issuer is None or directory is None:
        raise ValueError("a letter without an issuer is no plan")
    unlinked = replace(draft, obligations=tuple(replace(each, same_as=None) for each in draft.obligations))
    text = plan_text(unlinked, issuer=issuer, directory=directory, code=code)
    plan = parse_plan(
        text, file=code, known_units=directory, calendar=knowledge.calendar, before=knowledge.before
    )  # fmt: skip
    elsewhere = [task for task in knowledge.tracked if task.code not in own]
    duties = [each for each in unlinked.obligations if each.is_tracked]
    tasks = (_as_agreed(task, duty, elsewhere) for task, duty in zip(plan.tasks, duties, strict=True))
    # who urges does so today: their unit need not have been there on the day of the letter
    return replace(plan, tasks=tuple(tasks), coordinating_unit=coordinating or plan.coordinating_unit)


def free_code(draft: LetterDraft, taken: Collection[str]) -> str:
    """KH146; where that is another document's, KH146-2025, then KH146-2025-2."""
    base = plan_code(draft)[: LONGEST_PLAN_CODE - 10].rstrip("-")
    if base not in taken:
        return base
    of_year = base if base.endswith(f"-{_year(draft)}") else f"{base}-{_year(draft)}"
    count, code = 1, of_year
    while code in taken:
        count += 1
        code = f"{of_year}-{count}"
    return code


def _year(draft: LetterDraft) -> int:
    on: date = draft.header.issued_on.base_on
    return on.year


def _as_agreed(task: TaskDraft, duty: Obligation, elsewhere: Sequence[TrackedTask]) -> TaskDraft:
    return replace(task, deadline=_deadline(duty.deadline, task.deadline), same_as=_same_as(duty, elsewhere))


def _deadline(said: DutyDeadline, written: DeadlineDraft) -> DeadlineDraft:
    """What the reading says, field by field: the form of a plan file holds less than a phrase does."""
    reading = said.reading
    if reading is None or not (_has_day(reading) or reading.kind in _WAITING):
        return written
    exact = deadline_of_reading(written.phrase, reading)
    event = _event(written.phrase or "", reading) if reading.kind in _AFTER_SOMETHING else None
    return replace(exact, event=event, reason=written.reason)


_COUNTED = frozenset(
    {
        DeadlineKind.EVENT_WORKING_DAYS, DeadlineKind.EVENT_DAYS, DeadlineKind.EVENT_MONTHS,
        DeadlineKind.EVENT_MINUS_DAYS, DeadlineKind.WORKING_HOURS, DeadlineKind.HOURS,
    }
)  # fmt: skip
_AFTER_SOMETHING = _COUNTED | {DeadlineKind.EVENT}
_WAITING = _AFTER_SOMETHING | {DeadlineKind.CONTINUOUS}


def _event(phrase: str, reading: Reading) -> str | None:
    """What is waited for, with its accents: the words of the phrase that the reading names folded."""
    if _has_day(reading):
        return None
    words, sought = phrase.split(), plain(reading.event or "")
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if sought and plain(" ".join(words[start:end])) == sought:
                return " ".join(words[start:end])
    return phrase or "khi phát sinh"


def _same_as(duty: Obligation, elsewhere: Sequence[TrackedTask]) -> str | None:
    """The task of another document that asks all of these units for the same: a unit it leaves out must be asked here.

    Looked for again, for the draft may have been corrected since it was read.
    """
    codes = {name.code for name in duty.lead}
    (found,) = same_duties([duty], [task for task in elsewhere if codes <= task.lead_codes])
    return found.same_as
