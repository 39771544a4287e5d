"""Hours in minutes: an event loop and a clock on which everything (leases, back-offs, limits, polls) runs N times
faster, all in the same proportion, so that a proof with real processes need not wait for a real lease to end."""

import asyncio
import selectors
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.clock import system_clock


@dataclass(frozen=True)
class Pace:
    """`speed` of ours pass in one second of the wall; the wall's `began` is our `starts`."""

    speed: float
    began: datetime
    starts: datetime

    def clock(self) -> datetime:
        return self.starts + (system_clock() - self.began) * self.speed

    def seconds(self, ours: timedelta) -> float:
        """How long this of ours takes on the wall."""
        return ours.total_seconds() / self.speed

    def as_arguments(self) -> list[str]:
        return [str(self.speed), self.began.isoformat(), self.starts.isoformat()]

    @classmethod
    def from_arguments(cls, speed: str, began: str, starts: str) -> "Pace":
        return cls(float(speed), datetime.fromisoformat(began), datetime.fromisoformat(starts))


class _FastSelector(selectors.DefaultSelector):
    speed = 1.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout if timeout is None else timeout / self.speed)


class FastLoop(asyncio.SelectorEventLoop):
    """Its seconds are `speed` to one of the wall's."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        selector = _FastSelector()
        selector.speed = speed
        super().__init__(selector)

    def time(self) -> float:
        return super().time() * self._speed


def run_fast(work: Any, pace: Pace) -> None:
    with asyncio.Runner(loop_factory=lambda: FastLoop(pace.speed)) as runner:
        runner.run(work)
