"""What every row shares: how times are taken, what a table is, how figures are written."""

import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass
class Sheet:
    """Một bảng kết quả: what was measured against which baseline, and the aim it is held to."""

    title: str
    aim: str
    baseline: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def print(self, console: Console) -> None:
        table = Table(title=self.title, title_justify="left", caption=self._caption, caption_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)

    @property
    def _caption(self) -> str:
        return f"aim: {self.aim} · baseline: {self.baseline}"


@dataclass(frozen=True)
class Times:
    """Các lần đo, in seconds."""

    taken: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        return self._within(0.95)

    @property
    def p99(self) -> float:
        return self._within(0.99)

    def _within(self, share: float) -> float:
        return sorted(self.taken)[min(len(self.taken) - 1, int(len(self.taken) * share))]

    @property
    def spread(self) -> str:
        """min / median / max"""
        return " / ".join(ms(each) for each in (min(self.taken), self.median, max(self.taken)))


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    into.append(time.perf_counter() - began)


async def in_turns(*works: Callable[[], Awaitable[object]], times: int, warm_up: int = 5) -> list[Times]:
    """Each in its turn, so that a noisy minute is a noisy minute for all; the first few are thrown away."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(warm_up + times):
        for work, into in zip(works, taken, strict=True):
            with timed(into if turn >= warm_up else []):
                await work()
    return [Times(each) for each in taken]


def ms(seconds: float) -> str:
    milliseconds = seconds * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:,.0f} ms"


def ratio(value: float) -> str:
    return f"{value:.2f}×"


def count(number: float) -> str:
    return f"{number:,.0f}"


def spread(figures: Sequence[float], write: Callable[[float], str]) -> str:
    """min / median / max of several rounds."""
    return " / ".join(write(each) for each in (min(figures), statistics.median(figures), max(figures)))
