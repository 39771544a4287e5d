"""Reading a Vietnamese deadline phrase: what kind it is, which day is the last, and when to ask instead of answering.

Law: Bộ luật Dân sự 2015, Điều 146-148. The event day is not counted; a *period* whose last day is off ends on the
next working day; a *named day* does not roll, so the day to work towards is the last working day on or before it.
"""

from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, time, timedelta

from models.terms import BeforeReading, Boundary, DeadlineKind
from planner.deadline_draft import Context, Draft, Form, vietnamese
from planner.deadline_forms import FORMS
from planner.deadline_traps import CUT, cut_traps
from planner.deadline_words import day_before
from planner.folding import fold, mend
from planner.recurrence import Recurrence, occurrences_of
from planner.workdays import WorkCalendar

SOFT_WORDS = ("phan dau", "du kien", "co gang", "no luc", "quyet tam")
LONGEST_PHRASE = 2000
"""Characters of a phrase that are read; a deadline column holds a line, and a longer text is cut with no harm."""

LONGEST_WAIT = timedelta(days=366 * 9)
"""A next occurrence is never further off: 29/02 clamps, so every rule comes back within a year."""

FURTHEST_DAY = timedelta(days=366 * 10)
"""A day named further off than this is more likely a misread year: it is kept and asked about."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Cách đọc một thời hạn. Days are civil days in Asia/Ho_Chi_Minh.

    `due_on` is the day as written, or the computed last day of a period; `last_valid_on` the last day on time, late
    from the day after; `work_to` the last working day on or before it; `grace_until` where the law lets a period end
    that ran out on a day off. With `due_time` the last valid day ends at that time. `ask` with a day: confirm it;
    `ask` without one: a person must give it. `event` is folded text, as matched.
    """

    phrase: str
    kind: DeadlineKind
    boundary: Boundary | None
    due_on: date | None
    due_time: time | None
    last_valid_on: date | None
    work_to: date | None
    grace_until: date | None
    ask: bool
    explanation: str
    recurrences: tuple[Recurrence, ...]
    is_soft: bool
    amount: int | None
    event: str | None
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class Dates:
    """Ba ngày của một kỳ: as named, last on time, and the working day to aim for."""

    due_on: date
    last_valid_on: date
    work_to: date


def resolve(named_on: date, boundary: Boundary, *, calendar: WorkCalendar, before: BeforeReading) -> Dates:
    """The dates of a named day. BEFORE ends the day before it, unless the office reads "trước" as LENIENT."""
    is_exclusive = boundary is Boundary.BEFORE and before is BeforeReading.STRICT
    last_valid_on = day_before(named_on) if is_exclusive else named_on
    return Dates(named_on, last_valid_on, calendar.last_workday_on_or_before(last_valid_on))


def read_deadline(
    phrase: str, *, base_on: date, calendar: WorkCalendar, before: BeforeReading = BeforeReading.STRICT
) -> Reading:
    """Read one phrase of a document dated `base_on`. Never raises; what is not sure comes back with `ask`."""
    text, reasons = cut_traps(mend(fold(phrase[:LONGEST_PHRASE])), base_on)
    context = Context(text, base_on, calendar, before)
    draft = _first_draft(context) or _no_deadline(reasons)
    reading = _finished(phrase, draft, context)
    return replace(reading, is_soft=any(word in text for word in SOFT_WORDS))


def reading_row(reading: Reading) -> dict[str, object]:
    """The row `dondoc deadline --json` prints; dates are ISO or None."""
    return {
        "phrase": reading.phrase,
        "kind": reading.kind.value,
        "boundary": reading.boundary.value if reading.boundary else None,
        "due_on": _iso(reading.due_on),
        "last_valid_on": _iso(reading.last_valid_on),
        "work_to": _iso(reading.work_to),
        "grace_until": _iso(reading.grace_until),
        "ask": reading.ask,
        "explanation": reading.explanation,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _first_draft(context: Context) -> Draft | None:
    """The first form that reads the text; a second strong form that disagrees turns the answer into a question."""
    for form in FORMS:
        for match in form.pattern.finditer(context.text):
            draft = form.read(match, context)
            if draft is None:
                continue
            rest = context.text[: match.start()] + CUT + context.text[match.end() :]
            beside = replace(context, text=rest)
            return _contested(draft, beside) if form.is_strong else _beside_a_period(draft, beside)
    return None


def _contested(draft: Draft, rest: Context) -> Draft:
    rivals = [rival for form in FORMS if form.is_strong for rival in _drafts(form, rest)]
    if all(_agree(draft, rival) for rival in rivals):
        return _beside_a_rhythm(draft, rest)
    why = "Cụm từ có hơn một thời hạn: cần tách riêng từng việc."
    return Draft(draft.kind, why, boundary=draft.boundary, ask=True)


def _drafts(form: Form, context: Context) -> list[Draft]:
    drafts = [form.read(match, context) for match in form.pattern.finditer(context.text)]
    return [draft for draft in drafts if draft is not None]


def _agree(one: Draft, other: Draft) -> bool:
    return (one.due_on, one.boundary, one.recurrences) == (other.due_on, other.boundary, other.recurrences)


def _beside_a_rhythm(draft: Draft, rest: Context) -> Draft:
    """ "Báo cáo hằng tháng, tổng kết trước ngày 15/12/2026" holds two duties: the day is kept, and confirmed."""
    rhythms = {DeadlineKind.WEEKLY, DeadlineKind.MONTHLY, DeadlineKind.QUARTERLY}
    if draft.recurrences or not any(
        other.kind in rhythms and other.recurrences
        for form in FORMS
        if not form.is_strong
        for other in _drafts(form, rest)
    ):
        return draft
    return replace(draft, ask=True, why=draft.why + " Cụm từ còn nêu một việc định kỳ.")


_PERIODS = {DeadlineKind.MONTH, DeadlineKind.QUARTER}


def _beside_a_period(draft: Draft, rest: Context) -> Draft:
    """ "Quý I/2026 (kế hoạch); tháng 12/2026 (báo cáo)" holds two duties: one day is kept, and confirmed."""
    if draft.kind not in _PERIODS:
        return draft
    rivals = [rival for form in FORMS for rival in _drafts(form, rest) if rival.kind in _PERIODS]
    if all(rival.due_on in {None, draft.due_on} for rival in rivals):
        return draft
    return replace(draft, ask=True, why=draft.why + " Cụm từ còn nêu một kỳ khác.")


def _no_deadline(reasons: list[str]) -> Draft:
    if reasons:
        return Draft(DeadlineKind.NOT_A_DEADLINE, f"Không phải thời hạn: {reasons[0]}.")
    return Draft(DeadlineKind.NOT_A_DEADLINE, "Không tìm thấy thời hạn trong cụm từ.", ask=True)


def _finished(phrase: str, draft: Draft, context: Context) -> Reading:
    if draft.recurrences and draft.kind is not DeadlineKind.PERIODIC:
        draft = _next_period(draft, context)
    last = draft.last_valid_on
    if last is None and draft.due_on is not None and draft.boundary is not None:
        last = resolve(draft.due_on, draft.boundary, calendar=context.calendar, before=context.before).last_valid_on
    ask, why = _doubted(draft, last, context)
    return Reading(
        phrase=phrase,
        kind=draft.kind,
        boundary=draft.boundary,
        due_on=draft.due_on,
        due_time=draft.due_time,
        last_valid_on=last,
        work_to=context.calendar.last_workday_on_or_before(last) if last else None,
        grace_until=_grace(draft, last, context.calendar),
        ask=ask,
        explanation=why,
        recurrences=draft.recurrences,
        is_soft=False,
        amount=draft.amount,
        event=draft.event,
        starts_on=draft.starts_on,
    )


def _next_period(draft: Draft, context: Context) -> Draft:
    """The next occurrence whose last valid day is not before the document."""
    until = min(context.base_on + LONGEST_WAIT, date(MAXYEAR - 1, 12, 31))
    for period in occurrences_of(draft.recurrences, since=context.base_on, until=until):
        assert draft.boundary is not None
        dates = resolve(period.named_on, draft.boundary, calendar=context.calendar, before=context.before)
        if dates.last_valid_on >= context.base_on:
            return replace(draft, due_on=dates.due_on, last_valid_on=dates.last_valid_on)
    return draft


def _doubted(draft: Draft, last: date | None, context: Context) -> tuple[bool, str]:
    """A letter sets no deadline before its own date, nor ten years after it: such a day is kept and asked about."""
    if last is not None and last < context.base_on:
        return True, f"{draft.why} Ngày cuối đứng trước ngày văn bản ({vietnamese(context.base_on)})."
    if last is not None and draft.kind is DeadlineKind.FIXED and last - context.base_on > FURTHEST_DAY:
        return True, f"{draft.why} Ngày quá xa, có thể đọc nhầm năm."
    return draft.ask, draft.why


def _grace(draft: Draft, last: date | None, calendar: WorkCalendar) -> date | None:
    """BLDS 2015, Điều 148 khoản 5: only a period rolls, and only when its last day is off."""
    if not draft.can_roll or last is None or calendar.is_workday(last):
        return None
    return calendar.first_workday_on_or_after(last)
