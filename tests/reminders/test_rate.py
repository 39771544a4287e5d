"""Buckets and windows: never more than the limit in any stretch of time, and hardly less."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.rate import UNLIMITED, Bucket, Gate, Limits, Rate, Window

NOW = datetime(2024, 10, 23, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RATES = st.builds(
    Rate,
    count=st.integers(1, 40),
    per=st.timedeltas(min_value=timedelta(milliseconds=10), max_value=timedelta(minutes=2)),
)
STEPS = st.lists(st.timedeltas(min_value=timedelta(), max_value=timedelta(seconds=20)), max_size=120)


def most_in_any(stretch: timedelta, instants: list[datetime]) -> int:
    """The largest number of instants in any half-open stretch of this length."""
    return max((sum(start <= other < start + stretch for other in instants) for start in instants), default=0)


def taken(keeper: Window | Bucket, steps: list[timedelta]) -> list[datetime]:
    now, instants = NOW, []
    for step in steps:
        now = keeper.ready_at(now + step)
        keeper.take(now)
        instants.append(now)
    return instants


@given(rate=RATES, steps=STEPS)
def test_a_window_is_never_exceeded(rate: Rate, steps: list[timedelta]) -> None:
    assert most_in_any(rate.per, taken(Window(rate), steps)) <= rate.count


@given(rate=RATES, steps=STEPS)
def test_a_bucket_never_gives_more_than_its_burst_and_what_has_run_in(rate: Rate, steps: list[timedelta]) -> None:
    instants = taken(Bucket(rate), steps)
    step = rate.per / rate.count
    for first, start in enumerate(instants):
        for last, end in enumerate(instants[first:], first):
            # the step is rounded to a microsecond, which adds up
            assert last - first + 1 <= rate.count + (end - start + timedelta(microseconds=len(instants))) / step


@given(rate=RATES, steps=STEPS)
def test_keeping_a_window_keeps_the_peers_bucket_of_that_size_too(rate: Rate, steps: list[timedelta]) -> None:
    level, before = float(rate.count), NOW
    for instant in taken(Window(rate), steps):
        level = min(rate.count, level + (instant - before) / rate.per * rate.count)
        level, before = level - 1, instant
        assert level > -1e-6


@given(steps=st.lists(st.timedeltas(timedelta(), timedelta(milliseconds=100)), max_size=200), evenly=st.booleans())
def test_a_bot_never_exceeds_thirty_in_any_second(*, steps: list[timedelta], evenly: bool) -> None:
    gate, now, slots = Gate(Limits()), NOW, []
    for step in steps:
        now += step
        slots.append(gate.reserve(now, evenly=evenly))
    assert most_in_any(SECOND, slots) <= 30


@pytest.mark.parametrize("evenly", [True, False])
def test_a_busy_bot_reaches_97_percent_of_its_rate(*, evenly: bool) -> None:
    gate = Gate(Limits())
    slots = [gate.reserve(NOW, evenly=evenly) for _ in range(3_001)]
    assert 3_000 / (slots[-1] - slots[0]).total_seconds() >= 0.97 * 30


def test_even_slots_lie_a_thirtieth_apart_and_a_lone_message_waits_for_nothing() -> None:
    gate = Gate(Limits(margin=0))
    assert gate.reserve(NOW, evenly=True) == NOW
    assert gate.reserve(NOW, evenly=True) - NOW == SECOND / 30


def test_a_private_chat_gets_three_at_once_then_one_a_second() -> None:
    gate, waits = Gate(Limits(margin=0)), []
    now = NOW
    for _ in range(5):
        now = gate.chat_ready_at("7", now)
        gate.chat_took("7", now)
        waits.append((now - NOW).total_seconds())
    assert waits == [0, 0, 0, 1, 2]


def test_a_group_gets_twenty_a_minute() -> None:
    gate = Gate(Limits(margin=0))
    for _ in range(20):
        assert gate.chat_ready_at("-100", NOW) == NOW
        gate.chat_took("-100", NOW)
    assert gate.chat_ready_at("-100", NOW) == NOW + timedelta(seconds=60)


def test_a_chat_is_counted_from_the_answer_so_slow_networks_cannot_break_its_limit() -> None:
    """Sent at 0 s, arrived at some time, answered at 5 s: the peer may have counted it as late as 5 s."""
    gate = Gate(Limits(private=Rate(1, SECOND), margin=0))
    gate.chat_took("7", NOW + 5 * SECOND)
    assert gate.chat_ready_at("7", NOW + 5 * SECOND) == NOW + 6 * SECOND


def test_one_limited_chat_pauses_alone() -> None:
    gate = Gate(Limits())
    assert not gate.limited("7", NOW, until=NOW + 30 * SECOND)
    assert gate.busy_chats(NOW) == {"7"}
    assert gate.room(NOW, evenly=False, at_most=99) == 30


def test_three_limited_chats_pause_the_bot() -> None:
    gate = Gate(Limits())
    paused = [gate.limited(chat, NOW, until=NOW + 30 * SECOND) for chat in ("7", "8", "9")]
    assert paused == [False, False, True]
    assert gate.room(NOW + 29 * SECOND, evenly=False, at_most=99) == 0
    assert gate.room(NOW + 30 * SECOND, evenly=False, at_most=99) == 30


def test_the_same_chat_three_times_or_three_in_a_long_while_do_not_pause_the_bot() -> None:
    gate = Gate(Limits())
    later = [NOW, NOW + 11 * SECOND, NOW + 22 * SECOND]
    assert not any(gate.limited("7", NOW, until=NOW + SECOND) for _ in range(3))
    assert not any(gate.limited(str(n), at, until=at + SECOND) for n, at in enumerate(later, 10))


def test_room_is_what_may_leave_within_the_time() -> None:
    gate = Gate(Limits(margin=0))
    assert gate.room(NOW, within=SECOND / 4, evenly=True, at_most=99) == 8
    gate.reserve(NOW, evenly=True)
    assert gate.room(NOW, within=SECOND / 4, evenly=True, at_most=99) == 7
    assert gate.room(NOW, within=SECOND / 4, evenly=True, at_most=3) == 3


def test_without_limits_everything_may_leave_now() -> None:
    gate = Gate(UNLIMITED)
    assert {gate.reserve(NOW, evenly=True) for _ in range(100)} == {NOW}
    gate.chat_took("7", NOW)
    assert gate.busy_chats(NOW) == set()
    assert gate.room(NOW, evenly=True, at_most=64) == 64


def test_a_quiet_chat_is_forgotten() -> None:
    gate = Gate(Limits())
    for chat in range(100):
        gate.chat_took(str(chat), NOW)
    gate.busy_chats(NOW + 10 * SECOND)
    assert gate._chats == {}


def test_the_next_change_is_the_first_thing_that_opens() -> None:
    gate = Gate(Limits(margin=0))
    assert gate.next_change(NOW, ahead=timedelta()) is None
    gate.limited("7", NOW, until=NOW + 30 * SECOND)
    assert gate.next_change(NOW, ahead=timedelta()) == NOW + 30 * SECOND
    gate.reserve(NOW, evenly=True)
    assert gate.next_change(NOW, ahead=timedelta()) == NOW + SECOND / 30
