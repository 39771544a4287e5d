"""The deadline of a task in a plan file: a phrase read by the grammar, or spelled out where no phrase can say it."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from models.terms import BeforeReading, Boundary, DeadlineKind, Frequency
from planner.deadlines import Reading, read_deadline, resolve
from planner.file_section import Section
from planner.marked_yaml import quoted
from planner.plan_draft import DeadlineDraft
from planner.recurrence import Recurrence
from planner.workdays import WEEKDAY_NAMES, WorkCalendar

DEADLINE_EXAMPLE = "trước ngày 05/11 hằng năm"

_COUNTED_FROM_AN_EVENT = frozenset(
    {
        DeadlineKind.EVENT_WORKING_DAYS,
        DeadlineKind.EVENT_DAYS,
        DeadlineKind.EVENT_MONTHS,
        DeadlineKind.EVENT_MINUS_DAYS,
        DeadlineKind.WORKING_HOURS,
        DeadlineKind.HOURS,
    }
)
_FORMS = ("on", "frequency", "event", "ongoing", "none")
_FIELDS = ("phrase", "on", "frequency", "month", "day", "weekday", "boundary", "event", "ongoing", "none", "reason")
_BOUNDARIES = {"trước": Boundary.BEFORE, "chậm nhất": Boundary.BY} | {edge.value: edge for edge in Boundary}
_FREQUENCIES = {
    "hằng năm": Frequency.YEARLY,
    "hằng quý": Frequency.QUARTERLY,
    "hằng tháng": Frequency.MONTHLY,
    "hằng tuần": Frequency.WEEKLY,
} | {frequency.value: frequency for frequency in Frequency}
_KINDS = {
    Frequency.YEARLY: DeadlineKind.YEARLY,
    Frequency.QUARTERLY: DeadlineKind.QUARTERLY,
    Frequency.MONTHLY: DeadlineKind.MONTHLY,
    Frequency.WEEKLY: DeadlineKind.WEEKLY,
}
_WEEKDAYS = {name: number for number, name in enumerate(WEEKDAY_NAMES)} | {f"thứ {day + 2}": day for day in range(6)}
_PARTS = {
    Frequency.YEARLY: ("month", "day"),
    Frequency.QUARTERLY: ("month", "day"),
    Frequency.MONTHLY: ("day",),
    Frequency.WEEKLY: ("weekday",),
}
_LONGEST_MONTH = 31
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class DeadlineReader:
    """Reads `deadline`, `as_written` and `event` of a task; `base_on` is the day of the plan, None when unknown."""

    calendar: WorkCalendar
    before: BeforeReading
    base_on: date | None

    def deadline(self, section: Section) -> DeadlineDraft:
        node = section.node("deadline")
        as_written, event = section.text("as_written"), section.text("event")
        spelled_out = node is not None and isinstance(node.value, dict)
        draft = self._spelled_out(section) if spelled_out else self._phrase(section, section.text("deadline"), event)
        if event and (draft.recurrences or draft.last_valid_on or draft.is_ongoing):
            section.tell("Mục event chỉ dùng khi thời hạn chờ một sự kiện: bỏ event, hoặc đổi deadline.", field="event")
        return replace(draft, as_written=as_written, event=event or draft.event)

    # --- a phrase ---

    def _phrase(self, section: Section, phrase: str | None, event: str | None) -> DeadlineDraft:
        if phrase is None or self.base_on is None:
            return DeadlineDraft(phrase, None, None)
        reading = read_deadline(phrase, base_on=self.base_on, calendar=self.calendar, before=self.before)
        if reading.kind in _COUNTED_FROM_AN_EVENT:
            return _counted(section, phrase, reading, event)
        if reading.ask or not _says_when(reading):
            section.tell(_question(phrase, reading), field="deadline")
        return deadline_of_reading(phrase, reading)

    # --- spelled out ---

    def _spelled_out(self, section: Section) -> DeadlineDraft:
        inner = section.section("deadline", fields=_FIELDS)
        assert inner is not None
        forms = [form for form in _FORMS if form in inner.filled()]
        if len(forms) != 1:
            inner.tell(f"Chọn đúng một cách ghi thời hạn: {', '.join(_FORMS)}.")
            return DeadlineDraft(None, None, None)
        read = {"on": self._once, "frequency": _repeated, "event": _awaited, "ongoing": _ongoing, "none": _without}
        return replace(read[forms[0]](inner), reason=inner.text("reason"))

    def _once(self, inner: Section) -> DeadlineDraft:
        _refuse_other_parts(inner, "on", "boundary")
        day = inner.day("on")
        boundary = inner.choice("boundary", _BOUNDARIES) or Boundary.BY
        written = inner.text("phrase")
        if day is None:
            return DeadlineDraft(written, None, None)
        dates = resolve(day, boundary, calendar=self.calendar, before=self.before)
        if self.base_on and dates.last_valid_on < self.base_on:
            inner.tell(f"Ngày này đứng trước ngày văn bản ({self.base_on:%d/%m/%Y}): xem lại văn bản gốc.", field="on")
        return DeadlineDraft(
            phrase=written or f"{'trước' if boundary is Boundary.BEFORE else 'chậm nhất'} ngày {day:%d/%m/%Y}",
            as_written=None,
            kind=DeadlineKind.FIXED,
            boundary=boundary,
            due_on=dates.due_on,
            last_valid_on=dates.last_valid_on,
            work_to=dates.work_to,
        )


def _says_when(reading: Reading) -> bool:
    waits = reading.kind in {DeadlineKind.CONTINUOUS, DeadlineKind.EVENT}
    return waits or bool(reading.recurrences) or reading.last_valid_on is not None


def _question(phrase: str, reading: Reading) -> str:
    return (
        f"{quoted(phrase)} chưa rõ hạn. {reading.explanation} Viết rõ ngày như {quoted(DEADLINE_EXAMPLE)}, "
        "hoặc ghi cụ thể bằng on, frequency, event, ongoing (xem docs/plan-files.md)."
    )


def _counted(section: Section, phrase: str, reading: Reading, event: str | None) -> DeadlineDraft:
    """So many days from something: nothing is due until it happens, whatever day the plan was signed."""
    if event is None:
        section.tell(
            f"{quoted(phrase)} đếm từ một sự kiện: thêm event, ví dụ event: ký quyết định công bố; "
            "hoặc ghi ngày cụ thể.",
            field="event",
        )
    return DeadlineDraft(
        phrase, None, reading.kind, reading.boundary, event=event, amount=reading.amount, is_soft=reading.is_soft
    )


def deadline_of_reading(phrase: str | None, reading: Reading) -> DeadlineDraft:
    """Everything a plan keeps of a reading."""
    draft = DeadlineDraft(
        phrase,
        None,
        reading.kind,
        reading.boundary,
        recurrences=reading.recurrences,
        starts_on=reading.starts_on,
        due_time=reading.due_time,
        event=phrase if reading.kind is DeadlineKind.EVENT else None,
        amount=reading.amount,
        is_ongoing=reading.kind is DeadlineKind.CONTINUOUS,
        is_soft=reading.is_soft,
    )
    if reading.recurrences:
        return draft  # the reading's days are those of its next period; each period computes its own
    return replace(
        draft,
        due_on=reading.due_on,
        last_valid_on=reading.last_valid_on,
        work_to=reading.work_to,
        grace_until=reading.grace_until,
    )


def _repeated(inner: Section) -> DeadlineDraft:
    frequency = inner.choice("frequency", _FREQUENCIES)
    boundary = inner.choice("boundary", _BOUNDARIES) or Boundary.BY
    if frequency is None:
        return DeadlineDraft(inner.text("phrase"), None, None)
    _refuse_other_parts(inner, "frequency", "boundary", *_PARTS[frequency])
    month = inner.whole("month", least=1, most=3 if frequency is Frequency.QUARTERLY else 12)
    day = inner.whole("day", least=1, most=_LONGEST_MONTH)
    if frequency is Frequency.YEARLY:
        _check_yearly(inner, month, day)
    weekday = inner.choice("weekday", _WEEKDAYS)
    rule = Recurrence(frequency=frequency, boundary=boundary, month=month, day=day, weekday=weekday)
    return DeadlineDraft(inner.text("phrase"), None, _KINDS[frequency], boundary, recurrences=(rule,))


def _check_yearly(inner: Section, month: int | None, day: int | None) -> None:
    if inner.node("month") is None:
        inner.tell("Hằng năm thì cần month (và day nếu không phải cuối tháng), ví dụ month: 11, day: 5.", field="month")
    if month and day and day > monthrange(_LEAP_YEAR, month)[1]:
        inner.tell(f"Không có ngày {day:02}/{month:02} trong lịch: xem lại văn bản gốc.", field="day")


def _awaited(inner: Section) -> DeadlineDraft:
    _refuse_other_parts(inner, "event")
    return DeadlineDraft(inner.text("phrase"), None, DeadlineKind.EVENT, event=inner.text("event"))


def _ongoing(inner: Section) -> DeadlineDraft:
    _refuse_other_parts(inner, "ongoing")
    _require_yes(inner, "ongoing")
    return DeadlineDraft(inner.text("phrase"), None, DeadlineKind.CONTINUOUS, is_ongoing=True)


def _without(inner: Section) -> DeadlineDraft:
    _refuse_other_parts(inner, "none")
    _require_yes(inner, "none")
    inner.require("reason", "văn bản không nêu ngày, chờ phụ lục")
    return DeadlineDraft(inner.text("phrase"), None, None)


def _require_yes(inner: Section, field: str) -> None:
    if not inner.flag(field):
        inner.tell(f"Mục {field} chỉ nhận có: viết {field}: có, hoặc bỏ dòng này.", field=field)


def _refuse_other_parts(inner: Section, *allowed: str) -> None:
    for field in inner.filled():
        if field not in {*allowed, "phrase", "reason"}:
            inner.tell(f"Mục {field} không đi cùng {allowed[0]}: bỏ dòng này.", field=field)
