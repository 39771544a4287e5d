"""How long to wait before trying again: arithmetic only, the dice are an argument."""

from collections.abc import Callable
from datetime import timedelta

Random = Callable[[], float]
"""Uniform in [0, 1)."""

BASE = timedelta(seconds=2)
CAP = timedelta(minutes=10)
LEAST_JITTER, MOST_JITTER = timedelta(seconds=1), timedelta(seconds=30)
_HIGHEST_EXPONENT = 30


def wait_after_failure(attempt: int, *, random: Random, base: timedelta = BASE, cap: timedelta = CAP) -> timedelta:
    """Exponential with full jitter: anywhere from half of `base` to min(cap, base * 2 ** (attempt - 1)).

    `attempt` counts from 1. Never zero, so that a row which failed is not due again at the same instant.
    """
    doublings: int = 2 ** min(max(attempt, 1) - 1, _HIGHEST_EXPONENT)
    ceiling = min(cap, base * doublings)
    floor = min(base, cap) / 2
    return floor + (ceiling - floor) * random()


def wait_as_told(retry_after: timedelta, *, random: Random) -> timedelta:
    """The peer's own word, never less; up to a tenth more (between 1 and 30 s), so that not all return at once."""
    return retry_after + min(max(retry_after / 10, LEAST_JITTER), MOST_JITTER) * random()


def wait_before_retry(attempt: int, *, retry_after: timedelta | None, random: Random) -> timedelta:
    """As told where the peer said how long, else by the count of attempts."""
    if retry_after is None:
        return wait_after_failure(attempt, random=random)
    return max(wait_as_told(retry_after, random=random), timedelta(milliseconds=1))
