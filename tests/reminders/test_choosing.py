"""Which messages may leave by which channel, as tables: windows in hours since the last word, quotas in messages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from models.terms import Lane
from reminders.channel import SessionWindow
from reminders.choosing import (
    Standing,
    is_held,
    month_of,
    must_begin,
    next_month_at,
    runs_low,
    standing,
)
from tests.fakes.channel import TELEGRAM_LIKE, ZALO_LIKE

NOW = datetime(2024, 11, 20, 3, 0, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
FREE_ONLY = SessionWindow(48 * HOUR)
NOT_FOR_MONEY = SessionWindow(48 * HOUR, 168 * HOUR)
FOR_MONEY = SessionWindow(48 * HOUR, 168 * HOUR, may_bill=True)


@pytest.mark.parametrize(
    ("window", "silent_for", "expected"),
    [
        pytest.param(None, None, Standing.FREE, id="a channel without a window carries to whoever never spoke"),
        pytest.param(None, 9_000 * HOUR, Standing.FREE, id="a channel without a window carries after a year"),
        pytest.param(FREE_ONLY, None, Standing.CLOSED, id="whoever was never heard has no window"),
        pytest.param(FREE_ONLY, timedelta(), Standing.FREE, id="just heard"),
        pytest.param(FREE_ONLY, 48 * HOUR, Standing.FREE, id="the last instant of the free window"),
        pytest.param(FREE_ONLY, 48 * HOUR + SECOND, Standing.CLOSED, id="a second after it"),
        pytest.param(NOT_FOR_MONEY, 48 * HOUR + SECOND, Standing.CLOSED, id="money is not spent unasked"),
        pytest.param(FOR_MONEY, 48 * HOUR, Standing.FREE, id="what is free is not paid for"),
        pytest.param(FOR_MONEY, 48 * HOUR + SECOND, Standing.BILLED, id="for money after the free window"),
        pytest.param(FOR_MONEY, 168 * HOUR, Standing.BILLED, id="the last instant of the billed window"),
        pytest.param(FOR_MONEY, 168 * HOUR + SECOND, Standing.CLOSED, id="no money opens it later"),
        pytest.param(FOR_MONEY, None, Standing.CLOSED, id="no money reaches whoever was never heard"),
    ],
)
def test_a_window_is_free_then_billed_then_closed(
    window: SessionWindow | None, silent_for: timedelta | None, expected: Standing
) -> None:
    last_heard_at = None if silent_for is None else NOW - silent_for
    assert standing(window, last_heard_at=last_heard_at, now=NOW) is expected


@pytest.mark.parametrize(
    ("used", "held"),
    [
        pytest.param(0, set(), id="a new month"),
        pytest.param(2_849, set(), id="the last message below 95 %"),
        pytest.param(2_850, {Lane.DIGEST}, id="95 %: overviews wait"),
        pytest.param(2_939, {Lane.DIGEST}, id="the last message below 98 %"),
        pytest.param(2_940, {Lane.DIGEST, Lane.REMINDER}, id="98 %: single pings wait too"),
        pytest.param(3_000, {Lane.DIGEST, Lane.REMINDER}, id="all used: answers are still tried"),
        pytest.param(9_999, {Lane.DIGEST, Lane.REMINDER}, id="more used than there was"),
    ],
)
def test_as_the_month_runs_out_overviews_wait_first_then_pings_and_answers_never(used: int, held: set[Lane]) -> None:
    assert {lane for lane in Lane if is_held(lane, used=used, quota=3_000)} == held
    assert not any(is_held(lane, used=used, quota=None) for lane in Lane)


@pytest.mark.parametrize(("used", "expected"), [(2_399, False), (2_400, True), (5_000, True)])
def test_the_admins_hear_of_it_from_eighty_per_cent_on(used: int, *, expected: bool) -> None:
    assert runs_low(used=used, quota=3_000) is expected


@pytest.mark.parametrize(
    ("now", "month", "opens_at"),
    [
        # a civil month begins seven hours before the one of UTC
        pytest.param(
            datetime(2024, 11, 30, 16, 59, tzinfo=UTC), date(2024, 11, 1), date(2024, 12, 1), id="last minute"
        ),
        pytest.param(datetime(2024, 11, 30, 17, 0, tzinfo=UTC), date(2024, 12, 1), date(2025, 1, 1), id="midnight"),
        pytest.param(datetime(2024, 1, 31, 3, 0, tzinfo=UTC), date(2024, 1, 1), date(2024, 2, 1), id="31 January"),
    ],
)
def test_a_month_is_a_civil_month_in_vietnam(now: datetime, month: date, opens_at: date) -> None:
    assert month_of(now) == month
    assert next_month_at(now) == datetime(opens_at.year, opens_at.month, 1, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        pytest.param(TELEGRAM_LIKE, False, id="free of charge, may be said twice"),
        pytest.param(ZALO_LIKE, True, id="counted, not to be said twice"),
        pytest.param(replace(ZALO_LIKE, monthly_quota=None), True, id="not to be said twice"),
        pytest.param(replace(ZALO_LIKE, resend_when_unknown=True), True, id="counted"),
    ],
)
def test_a_send_is_written_down_first_where_it_counts_or_must_not_be_repeated(able: object, *, expected: bool) -> None:
    assert must_begin(able) is expected  # type: ignore[arg-type]
