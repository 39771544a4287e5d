"""The ladders, as tables of real days of October–November 2024."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.terms import OPEN_STATES, AssignmentState, DeadlineKind, ReminderKind
from planner.workdays import WorkCalendar
from reminders.policy import FIXED, PERIOD_END, Duty, Ladder, ladder_for, next_look, owed, rungs

CALENDAR = WorkCalendar()
OCTOBER_23 = date(2024, 10, 23)


def duty(effective_on=date(2024, 11, 4), **changed):
    facts = {
        "opens_on": OCTOBER_23,
        "effective_on": effective_on,
        "ends_on": None,
        "state": AssignmentState.NOT_STARTED,
        "answered_on": None,
        "ladder": FIXED,
    }
    return Duty(**(facts | changed))


def days(found):
    return [(rung.on.day, rung.on.month, rung.kind.value, rung.step) for rung in found]


def test_before_05_11_the_unit_hears_seven_three_and_one_working_days_ahead_and_on_the_last_morning():
    found = rungs(duty(), calendar=CALENDAR, until=date(2024, 11, 4))
    assert days(found) == [
        (23, 10, "new", "mới"),
        (24, 10, "upcoming", "T-7"),
        (30, 10, "upcoming", "T-3"),
        (1, 11, "upcoming", "T-1"),
        (4, 11, "last_day", "ngày cuối"),
    ]


def test_a_last_day_on_saturday_is_worked_towards_on_friday_and_late_on_monday():
    found = [
        rung
        for rung in rungs(duty(date(2024, 11, 9)), calendar=CALENDAR, until=date(2024, 11, 11))
        if rung.on.month == 11
    ]
    assert days(found) == [
        (5, 11, "upcoming", "T-3"),
        (7, 11, "upcoming", "T-1"),
        (8, 11, "last_day", "ngày cuối"),
        (11, 11, "newly_late", "trễ 1"),
    ]


def test_late_work_is_followed_up_every_two_working_days_and_goes_one_level_up_with_each_silence():
    found = [rung for rung in rungs(duty(), calendar=CALENDAR, until=date(2024, 11, 13)) if rung.on > date(2024, 11, 4)]
    assert [(rung.on.day, rung.kind.value, rung.level) for rung in found] == [
        (5, "newly_late", 0),
        (7, "follow_up", 0),
        (7, "escalation", 1),
        (11, "follow_up", 0),
        (11, "escalation", 2),
        (13, "follow_up", 0),
    ]


def test_an_answer_after_the_deadline_keeps_the_matter_from_going_up():
    answered = duty(state=AssignmentState.IN_PROGRESS, answered_on=date(2024, 11, 6))
    found = rungs(answered, calendar=CALENDAR, until=date(2024, 11, 20))
    assert not [rung for rung in found if rung.kind is ReminderKind.ESCALATION]


@pytest.mark.parametrize("state", sorted(set(AssignmentState) - OPEN_STATES))
def test_work_that_is_done_or_closed_earns_nothing(state):
    assert not list(rungs(duty(state=state), calendar=CALENDAR, until=date(2025, 1, 1)))
    assert next_look(duty(state=state), today=OCTOBER_23, calendar=CALENDAR) is None


def test_a_unit_that_is_stuck_is_asked_every_three_working_days_and_not_nagged_about_the_date():
    stuck = duty(state=AssignmentState.BLOCKED, answered_on=date(2024, 10, 30))
    assert days(rungs(stuck, calendar=CALENDAR, until=date(2024, 11, 8))) == [
        (4, 11, "blocker_check", "vướng 3"),
        (7, 11, "blocker_check", "vướng 6"),
    ]


def test_a_promise_that_passes_unkept_sends_the_matter_up_again():
    promised = duty(answered_on=date(2024, 11, 6), promised_on=date(2024, 11, 8), state=AssignmentState.IN_PROGRESS)
    found = rungs(promised, calendar=CALENDAR, until=date(2024, 11, 30))
    assert [(rung.on, rung.level) for rung in found if rung.level] == [(date(2024, 11, 13), 1), (date(2024, 11, 15), 2)]


def test_a_request_to_a_body_outside_the_line_is_reminded_and_never_goes_up():
    found = list(rungs(duty(escalates=False), calendar=CALENDAR, until=date(2024, 11, 30)))
    assert found
    assert not [rung for rung in found if rung.level]


def test_missed_mornings_do_not_pile_up_only_the_newest_rung_is_owed():
    found = owed(duty(), today=date(2024, 11, 1), calendar=CALENDAR)
    assert days(found) == [(1, 11, "upcoming", "T-1")]


def test_whoever_has_just_answered_is_not_asked_again_the_same_day():
    answered = duty(answered_on=date(2024, 11, 1), state=AssignmentState.IN_PROGRESS)
    assert owed(answered, today=date(2024, 11, 1), calendar=CALENDAR) == []
    assert days(owed(answered, today=date(2024, 11, 4), calendar=CALENDAR)) == [(4, 11, "last_day", "ngày cuối")]


def test_work_that_was_late_before_tracking_began_starts_where_it_is():
    old = duty(date(2022, 12, 31))
    found = owed(old, today=OCTOBER_23, calendar=CALENDAR)
    assert [rung.on for rung in found if rung.level == 0] == [found[0].on]
    assert found[0].on >= OCTOBER_23 or not found


def test_standing_work_is_asked_about_once_a_month():
    standing = duty(None, opens_on=date(2024, 10, 1), ends_on=date(2024, 10, 31))
    assert days(rungs(standing, calendar=CALENDAR, until=date(2024, 12, 1))) == [(21, 10, "check_in", "định kỳ")]


def test_standing_work_that_was_answered_this_month_is_left_alone():
    standing = duty(None, opens_on=date(2024, 10, 1), ends_on=date(2024, 10, 31), answered_on=date(2024, 10, 3))
    assert not list(rungs(standing, calendar=CALENDAR, until=date(2024, 12, 1)))


@pytest.mark.parametrize(
    ("kind", "own", "expected"),
    [
        pytest.param(DeadlineKind.FIXED, (), FIXED, id="a fixed day: 7, 3, 1, last morning"),
        pytest.param(DeadlineKind.YEARLY, (), PERIOD_END, id="yearly: 30 and 14 as well"),
        pytest.param(DeadlineKind.FIXED, ({"before": [10]},), Ladder((10, 0)), id="the last morning is never left out"),
        pytest.param(DeadlineKind.FIXED, (None, {"after_every": 5}), Ladder(FIXED.before, 5), id="the plan's own pace"),
        pytest.param(None, ({"before": [2]}, {"before": [9]}), Ladder((2, 0)), id="the task's before the plan's"),
    ],
)
def test_the_first_ladder_written_down_counts(kind, own, expected):
    assert ladder_for(kind, *own) == expected


DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@given(opens=DAYS, length=st.integers(0, 120), look=st.integers(-5, 160), answered=st.none() | st.integers(0, 100))
def test_every_rung_is_a_working_day_between_opening_and_now_and_looking_on_finds_the_next(
    opens, length, look, answered
):
    one = duty(
        opens + timedelta(days=length),
        opens_on=opens,
        answered_on=None if answered is None else opens + timedelta(days=answered),
    )
    today = opens + timedelta(days=look)
    found = list(rungs(one, calendar=CALENDAR, until=today))
    assert all(CALENDAR.is_workday(rung.on) and opens <= rung.on <= today for rung in found)
    assert len({(rung.on, rung.kind, rung.level) for rung in found}) == len(found)
    following = next_look(one, today=today, calendar=CALENDAR)
    assert following is not None
    assert following > today
    later = list(rungs(one, calendar=CALENDAR, until=following))
    assert {rung.on for rung in later} - {rung.on for rung in found} == {following}
