"""Silence as a leader reads it: the longest first, one line for each unit, every piece of work counted once."""

import re
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.terms import AssignmentState, Boundary, PlanKind, TaskKind
from planner.views import AssignmentView
from reminders.silent_work import LINES_SHOWN, silent_work
from reminders.wording import Wording
from tests.builders import CALENDAR

TODAY = date(2024, 11, 11)
WORDING = Wording(CALENDAR)
VIEW = AssignmentView(
    id=1,
    version=1,
    number=1,
    task_code="KM1-1",
    title="Báo cáo kết quả rà soát",
    place="I.1",
    kind=TaskKind.REPORT,
    plan_id=1,
    plan_code="KM1",
    plan_kind=PlanKind.PLAN,
    document_no="12/KH-UBND",
    is_secret=False,
    coordinating_unit_id=2,
    unit_id=3,
    unit_code="T.TP",
    unit_name="Sở Tư pháp Mẫu",
    state=AssignmentState.NOT_STARTED,
    percent=None,
    boundary=Boundary.BEFORE,
    due_on=date(2024, 11, 5),
    due_time=None,
    last_valid_on=date(2024, 11, 4),
    effective_on=date(2024, 11, 4),
    submitted_on=None,
    answered_at=None,
    opens_on=date(2024, 10, 1),
    ends_on=None,
    is_ongoing=False,
    deliverable=None,
    recipient=None,
)


def test_work_of_one_unit_and_one_day_shares_its_line():
    views = [replace(VIEW, id=n, number=n) for n in (3, 1, 2)] + [replace(VIEW, id=9, unit_id=99, unit_name="Sở Khác")]
    work = silent_work(views, WORDING, today=TODAY)
    (section,) = work.sections
    assert section.heading == "Trễ 5 ngày làm việc · KH 12 · trước 05/11 (hết thứ Hai 04/11)"
    assert section.lines == ["Sở Tư pháp Mẫu: 1, 2, 3", "Sở Khác: 1 · Báo cáo kết quả rà soát"]
    assert (work.total, work.hidden) == (4, 0)


def test_the_longest_wait_comes_first():
    later = replace(VIEW, id=2, number=2, due_on=date(2024, 11, 7), effective_on=date(2024, 11, 6))
    work = silent_work([later, VIEW], WORDING, today=TODAY)
    assert [section.heading.split(" ·")[0] for section in work.sections] == [
        "Trễ 5 ngày làm việc",
        "Trễ 3 ngày làm việc",
    ]


def counted(words: str) -> int:
    if many := re.search(r"\((\d+) việc\)$", words):
        return int(many[1])
    return 1 if " · " in words else len(words.split(", "))


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 8), st.sampled_from([4, 5, 6])), max_size=60))
def test_what_is_shown_and_what_is_left_add_up(places):
    views = [
        replace(VIEW, id=n, unit_id=unit, number=number, effective_on=date(2024, 11, day))
        for n, (unit, number, day) in enumerate(places)
    ]
    work = silent_work(views, WORDING, today=TODAY)
    lines = [line for section in work.sections for line in section.lines]
    assert sum(counted(line.split(": ", 1)[1]) for line in lines) + work.hidden == work.total == len(places)
    assert len(lines) <= LINES_SHOWN
