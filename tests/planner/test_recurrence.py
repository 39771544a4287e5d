"""Recurring periods: anchored, clamped to short months, and back again."""

from datetime import date, timedelta

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from models.terms import Boundary, Frequency
from planner.recurrence import Occurrence, Recurrence, clamped, occurrences, occurrences_of

BY = Boundary.BY
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
SPANS = st.integers(0, 1500).map(lambda days: timedelta(days=days))


def named(rule: Recurrence, since: date, until: date) -> list[date]:
    return [period.named_on for period in occurrences(rule, since=since, until=until)]


@pytest.mark.parametrize(
    ("rule", "since", "until", "expected"),
    [
        pytest.param(
            Recurrence(Frequency.YEARLY, Boundary.BEFORE, 11, 5), date(2024, 7, 31), date(2026, 12, 31),
            [("2024", date(2024, 11, 5)), ("2025", date(2025, 11, 5)), ("2026", date(2026, 11, 5))],
            id="trước ngày 05/11 hằng năm",
        ),
        pytest.param(
            Recurrence(Frequency.YEARLY, BY), date(2026, 1, 1), date(2026, 12, 31), [("2026", date(2026, 12, 31))],
            id="hằng năm: 31/12",
        ),
        pytest.param(
            Recurrence(Frequency.YEARLY, BY, 2, None), date(2027, 1, 1), date(2028, 12, 31),
            [("2027", date(2027, 2, 28)), ("2028", date(2028, 2, 29))],
            id="tháng 2 hằng năm: month end",
        ),
        pytest.param(
            Recurrence(Frequency.QUARTERLY, BY), date(2026, 1, 1), date(2026, 12, 31),
            [("2026-Q1", date(2026, 3, 31)), ("2026-Q2", date(2026, 6, 30)),
             ("2026-Q3", date(2026, 9, 30)), ("2026-Q4", date(2026, 12, 31))],
            id="hằng quý: quarter end",
        ),
        pytest.param(
            Recurrence(Frequency.QUARTERLY, Boundary.BEFORE, 3, 25), date(2026, 9, 25), date(2026, 12, 25),
            [("2026-Q3", date(2026, 9, 25)), ("2026-Q4", date(2026, 12, 25))],
            id="trước ngày 25 tháng cuối quý: both ends of the span count",
        ),
        pytest.param(
            Recurrence(Frequency.QUARTERLY, BY, 1, 5), date(2026, 11, 2), date(2027, 2, 1),
            [("2027-Q1", date(2027, 1, 5))],
            id="ngày 5 tháng đầu quý",
        ),
        pytest.param(
            Recurrence(Frequency.MONTHLY, BY, None, 31), date(2027, 1, 1), date(2027, 4, 30),
            [("2027-01", date(2027, 1, 31)), ("2027-02", date(2027, 2, 28)),
             ("2027-03", date(2027, 3, 31)), ("2027-04", date(2027, 4, 30))],
            id="BLDS 2015 Điều 148.3: the 31st clamps and comes back",
        ),
        pytest.param(
            Recurrence(Frequency.WEEKLY, BY, weekday=4), date(2026, 12, 28), date(2027, 1, 10),
            [("2026-W53", date(2027, 1, 1)), ("2027-W01", date(2027, 1, 8))],
            id="thứ Sáu hằng tuần: ISO weeks at a year's end",
        ),
        pytest.param(
            Recurrence(Frequency.WEEKLY, BY), date(2026, 11, 2), date(2026, 11, 8), [("2026-W45", date(2026, 11, 6))],
            id="hằng tuần: Friday",
        ),
    ],
)  # fmt: skip
def test_a_rule_names_its_days(rule: Recurrence, since: date, until: date, expected: list[tuple[str, date]]) -> None:
    assert list(occurrences(rule, since=since, until=until)) == [Occurrence(*pair) for pair in expected]


def test_the_29th_of_february_clamps_and_comes_back() -> None:
    rule = Recurrence(Frequency.YEARLY, BY, 2, 29)
    assert named(rule, date(2024, 1, 1), date(2028, 12, 31)) == [
        date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29),
    ]  # fmt: skip


def test_two_days_in_a_year_keep_their_own_keys_whatever_their_order_in_the_sentence() -> None:
    june, december = (Recurrence(Frequency.YEARLY, Boundary.BEFORE, month, 10) for month in (6, 12))
    span = {"since": date(2024, 1, 1), "until": date(2025, 12, 31)}
    expected = [
        Occurrence("2024-1", date(2024, 6, 10)), Occurrence("2024-2", date(2024, 12, 10)),
        Occurrence("2025-1", date(2025, 6, 10)), Occurrence("2025-2", date(2025, 12, 10)),
    ]  # fmt: skip
    assert list(occurrences_of((june, december), **span)) == expected
    assert list(occurrences_of((december, june), **span)) == expected


def test_one_rule_alone_keeps_its_plain_key() -> None:
    rule = Recurrence(Frequency.YEARLY, BY, 6, 10)
    assert [
        period.period_key for period in occurrences_of((rule,), since=date(2024, 1, 1), until=date(2024, 12, 31))
    ] == ["2024"]


def test_no_rule_names_no_day() -> None:
    assert list(occurrences_of((), since=date(2024, 1, 1), until=date(2024, 12, 31))) == []


def test_a_span_turned_round_is_empty() -> None:
    for frequency in Frequency:
        assert named(Recurrence(frequency, BY), date(2026, 12, 31), date(2026, 1, 1)) == []


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 28), DAYS, SPANS)
def test_monthly_agrees_with_rrule_where_every_month_has_the_day(day: int, since: date, span: timedelta) -> None:
    until = since + span
    expected = rrule(MONTHLY, bymonthday=day, dtstart=since, until=until)
    assert named(Recurrence(Frequency.MONTHLY, BY, None, day), since, until) == [at.date() for at in expected]


@settings(max_examples=100, deadline=None)
@given(st.integers(29, 31), DAYS, SPANS)
def test_monthly_clamps_where_rrule_skips(day: int, since: date, span: timedelta) -> None:
    until = since + span
    ours = named(Recurrence(Frequency.MONTHLY, BY, None, day), since, until)
    kept = [at.date() for at in rrule(MONTHLY, bymonthday=day, dtstart=since, until=until)]
    assert [on for on in ours if on.day == day] == kept
    clamped_days = [at.date() for at in rrule(MONTHLY, bymonthday=-1, dtstart=since, until=until) if at.day < day]
    assert [on for on in ours if on.day != day] == clamped_days


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 12), st.integers(1, 28), DAYS, SPANS)
def test_yearly_agrees_with_rrule(month: int, day: int, since: date, span: timedelta) -> None:
    until = since + span
    expected = rrule(YEARLY, bymonth=month, bymonthday=day, dtstart=since, until=until)
    assert named(Recurrence(Frequency.YEARLY, BY, month, day), since, until) == [at.date() for at in expected]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 3), st.integers(1, 28), DAYS, SPANS)
def test_quarterly_agrees_with_rrule(month: int, day: int, since: date, span: timedelta) -> None:
    until = since + span
    months = [month, month + 3, month + 6, month + 9]
    expected = rrule(MONTHLY, bymonth=months, bymonthday=day, dtstart=since, until=until)
    assert named(Recurrence(Frequency.QUARTERLY, BY, month, day), since, until) == [at.date() for at in expected]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 6), DAYS, SPANS)
def test_weekly_agrees_with_rrule(weekday: int, since: date, span: timedelta) -> None:
    until = since + span
    expected = rrule(WEEKLY, byweekday=weekday, dtstart=since, until=until)
    assert named(Recurrence(Frequency.WEEKLY, BY, weekday=weekday), since, until) == [at.date() for at in expected]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(Frequency), st.none() | st.integers(1, 3), st.none() | st.integers(1, 31), DAYS, SPANS)
def test_periods_come_in_order_inside_the_span_with_their_own_keys(
    frequency: Frequency, month: int | None, day: int | None, since: date, span: timedelta
) -> None:
    found = list(occurrences(Recurrence(frequency, BY, month, day), since=since, until=since + span))
    days = [period.named_on for period in found]
    assert days == sorted(set(days))
    assert all(since <= on <= since + span for on in days)
    assert len({period.period_key for period in found}) == len(found)


def test_a_month_without_a_day_asked_for_ends_on_its_last() -> None:
    assert clamped(2028, 2, None) == date(2028, 2, 29)
