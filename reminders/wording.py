"""How dates, deadlines and states are said in Vietnamese, and the one Jinja environment that says them.

Both the reminders and the conversation speak through this, so that one date never reads two ways.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.clock import CIVIL_ZONE
from models.terms import DONE_STATES, AssignmentState, BeforeReading, Boundary, TaskKind
from planner.statistics import is_overdue
from planner.views import AssignmentView
from planner.workdays import WorkCalendar

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
STATE_WORDS = {
    AssignmentState.NOT_STARTED: "chưa phản hồi",
    AssignmentState.IN_PROGRESS: "đang làm",
    AssignmentState.BLOCKED: "đang vướng mắc",
    AssignmentState.SUBMITTED: "đã nộp, chờ xác nhận",
    AssignmentState.ACCEPTED: "đã hoàn thành",
    AssignmentState.RETURNED: "bị trả lại, cần bổ sung",
    AssignmentState.CLOSED: "đã đóng",
}
NEAR = 7
"""Days within which a weekday says more than a year."""
SOON_WORKDAYS = 3
"""At this many working days and fewer, a deadline is near and its mark is amber."""

LATE, SOON, CALM, DONE = "🔴", "🟡", "⚪", "✓"


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def long_day(day: date) -> str:
    """thứ Ba 29/10/2024"""
    return f"{weekday(day)} {day:%d/%m/%Y}"


def short_day(day: date, *, today: date) -> str:
    """05/11; with the year when it is not this one."""
    return f"{day:%d/%m}" if day.year == today.year else f"{day:%d/%m/%Y}"


def named_day(day: date, *, today: date) -> str:
    """thứ Hai 04/11; "hôm nay, 04/11" and "ngày mai, 05/11" where that is what it is."""
    if day == today:
        return f"hôm nay, {short_day(day, today=today)}"
    if day == today + timedelta(days=1):
        return f"ngày mai, {short_day(day, today=today)}"
    return f"{weekday(day)} {short_day(day, today=today)}"


def moment(instant: datetime) -> str:
    """08:00 ngày 06/11/2024, on a Vietnamese wall clock."""
    return f"{instant.astimezone(CIVIL_ZONE):%H:%M ngày %d/%m/%Y}"


def shorten(text: str, length: int = 60) -> str:
    """At most `length` characters, cut at a word, with an ellipsis that says so."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:.")
    return f"{cut or text[: length - 1]}…"


def clean(text: str) -> str:
    """NFC, without the control and direction-changing characters that could disguise what a message says."""
    kept = "".join(
        each for each in text if each in "\n\t" or unicodedata.category(each) not in _HIDDEN or each in _JOINERS
    )
    return unicodedata.normalize("NFC", kept).strip()


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200d")
"""The zero-width joiner stays: families and flags among emoji are made with it."""


def _passed(kind: TaskKind, workdays: int) -> str:
    if kind is TaskKind.REQUEST:
        return f"đã qua ngày đề nghị {workdays} ngày làm việc" if workdays else "vừa qua ngày đề nghị"
    return f"trễ {workdays} ngày làm việc" if workdays else "vừa quá hạn"


def _moved_to(view: AssignmentView, effective_on: date, *, today: date) -> str:
    """What was asked for and granted is an extension; a day that a paper moved may lie before the first."""
    day = named_day(effective_on, today=today)
    return f"hạn mới: hết {day} (văn bản điều chỉnh)" if view.is_readjusted else f"gia hạn đến hết {day}"


@dataclass(frozen=True, slots=True)
class Wording:
    """Cách nói về ngày tháng của cơ quan: the calendar and the reading of "trước" that its dates rest on."""

    calendar: WorkCalendar
    before: BeforeReading = BeforeReading.STRICT
    address: str = "Anh/Chị"

    def work_to(self, view: AssignmentView) -> date | None:
        return None if view.effective_on is None else self.calendar.last_workday_on_or_before(view.effective_on)

    def workdays_left(self, view: AssignmentView, *, today: date) -> int | None:
        """Working days after today up to the last day that counts; negative when it has passed."""
        if view.effective_on is None:
            return None
        return self.calendar.workdays_between(today, view.effective_on)

    def workdays_late(self, view: AssignmentView, *, today: date) -> int:
        if view.effective_on is None or view.effective_on >= today:
            return 0
        return self.calendar.workdays_between(view.effective_on, today)

    def mark(self, view: AssignmentView, *, today: date) -> str:
        """One of the three marks (or a tick): red only for what is late, never for what is near."""
        if view.state in DONE_STATES:
            return DONE
        if is_overdue(view.state, view.effective_on, today=today):
            return LATE
        left = self.workdays_left(view, today=today)
        return SOON if left is not None and left <= SOON_WORKDAYS else CALM

    def deadline(self, view: AssignmentView, *, today: date) -> str:
        """The date as the paper says it and the last day that counts: `trước 05/11 (hết thứ Hai 04/11)`.

        What stands on a secret paper is not said in chats, its date neither.
        """
        if view.is_secret:
            return "thời hạn xem trên hệ thống"
        return self._of_the_paper(view, today=today)

    def _of_the_paper(self, view: AssignmentView, *, today: date) -> str:
        if view.due_on is None or view.last_valid_on is None or view.effective_on is None:
            return f"thường xuyên, cập nhật tháng {view.opens_on:%m/%Y}"
        if view.is_extended:
            return f"{self._as_written(view, today=today)}, {_moved_to(view, view.effective_on, today=today)}"
        if view.due_time is not None:
            return f"trước {view.due_time:%H:%M} {named_day(view.due_on, today=today)}"
        if view.boundary is Boundary.BEFORE and self.before is BeforeReading.LENIENT:
            return f"{self._as_written(view, today=today)} (tính cả ngày {short_day(view.due_on, today=today)})"
        if view.boundary is Boundary.BEFORE:
            return f"{self._as_written(view, today=today)} (hết {named_day(view.last_valid_on, today=today)})"
        return f"hết {named_day(view.last_valid_on, today=today)}"

    def _as_written(self, view: AssignmentView, *, today: date) -> str:
        assert view.due_on is not None
        word = "trước" if view.boundary is Boundary.BEFORE else "chậm nhất"
        return f"{word} {short_day(view.due_on, today=today)}"

    def urgency(self, view: AssignmentView, *, today: date) -> str:
        """trễ 4 ngày làm việc · hôm nay là ngày cuối · còn 3 ngày làm việc.

        A request ("Đề nghị …") was no order, so that its day is said to have passed and nobody to be late.
        """
        if view.effective_on is None:
            return "việc thường xuyên"
        if view.effective_on < today:
            return _passed(view.kind, self.workdays_late(view, today=today))
        if view.effective_on == today:
            return "hôm nay là ngày cuối"
        left = self.calendar.workdays_between(today, view.effective_on)
        if left == 0 and self.calendar.is_workday(today):
            return "hôm nay là ngày làm việc cuối"
        if left == 0:
            return f"hết ngày làm việc, hạn đến hết {named_day(view.effective_on, today=today)}"
        return f"còn {left} ngày làm việc"

    def state(self, view: AssignmentView) -> str:
        if view.state is AssignmentState.IN_PROGRESS and view.percent is not None:
            return f"đang làm {view.percent}%"
        if view.state is AssignmentState.NOT_STARTED and view.answered_at is not None:
            return "chưa báo tiến độ"
        return STATE_WORDS[view.state]

    def environment(self, *folders: Path) -> Environment:
        """Templates that also know dates, deadlines and states."""
        environment = plain_environment(*folders)
        environment.filters.update(
            weekday=weekday,
            long_day=long_day,
            short_day=short_day,
            named_day=named_day,
            moment=moment,
            shorten=shorten,
            deadline=self.deadline,
            urgency=self.urgency,
            mark=self.mark,
            state=self.state,
        )
        environment.globals.update(address=self.address, before=self.before.value)
        return environment


def plain_environment(*folders: Path) -> Environment:
    """Templates of plain text: nothing is escaped here, because every channel escapes all of it at the wire."""
    return Environment(  # noqa: S701 -- see above
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def render(environment: Environment, template: str, facts: Mapping[str, Any]) -> str:
    """The finished words of one message: NFC, no blank line at either end, never two blank lines in a row."""
    text = unicodedata.normalize("NFC", environment.get_template(template).render(facts))
    lines: list[str] = []
    for line in (each.rstrip() for each in text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()
