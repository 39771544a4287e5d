"""Waiting: never zero, never less than told, never for ever."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.backoff import BASE, CAP, MOST_JITTER, wait_after_failure, wait_as_told, wait_before_retry

DICE = st.floats(min_value=0, max_value=1, exclude_max=True)
ATTEMPTS = st.integers(min_value=0, max_value=10_000)
TOLD = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=2))


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2), (2, 4), (3, 8), (4, 16), (10, 600), (60, 600)])
def test_the_longest_wait_doubles_up_to_the_cap(attempt: int, seconds: int) -> None:
    assert wait_after_failure(attempt, random=lambda: 1.0) == timedelta(seconds=seconds)


@given(attempt=ATTEMPTS, dice=DICE)
def test_a_wait_is_never_zero_and_never_beyond_the_cap(attempt: int, dice: float) -> None:
    assert BASE / 2 <= wait_after_failure(attempt, random=lambda: dice) <= CAP


@given(attempt=ATTEMPTS, dice=DICE)
def test_another_attempt_never_waits_less(attempt: int, dice: float) -> None:
    assert wait_after_failure(attempt, random=lambda: dice) <= wait_after_failure(attempt + 1, random=lambda: dice)


@given(told=TOLD, dice=DICE)
def test_the_peers_word_is_kept_and_not_stretched_far(told: timedelta, dice: float) -> None:
    assert (
        told <= wait_as_told(told, random=lambda: dice) <= told + min(max(told / 10, timedelta(seconds=1)), MOST_JITTER)
    )


def test_what_was_told_stands_before_the_count_of_attempts() -> None:
    assert wait_before_retry(9, retry_after=timedelta(seconds=30), random=lambda: 0.0) == timedelta(seconds=30)


def test_without_a_word_the_count_decides() -> None:
    assert wait_before_retry(3, retry_after=None, random=lambda: 1.0) == timedelta(seconds=8)


def test_a_peer_that_says_zero_is_not_asked_at_the_same_instant() -> None:
    assert wait_before_retry(1, retry_after=timedelta(), random=lambda: 0.0) > timedelta()
