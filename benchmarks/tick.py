"""A tick with nothing due: the sweep's look, the outbox's claim, the inbox's claim, with more and more work open."""

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from benchmarks.databases import DIALECTS, fresh
from benchmarks.measuring import Sheet, Times, count, ms, ratio, timed
from benchmarks.province import BOT, NOW, Shape, settle
from models.database import Database
from models.terms import BeforeReading
from planner.workdays import WorkCalendar
from reminders.inbox import claim_updates
from reminders.outbox import claim
from reminders.scan import Scan

TASKS = (5, 50, 500)
"""On 200 units and ten months each: 10 k, 100 k and 1 M assignments."""
LEASE = timedelta(seconds=90)


async def run(*, quick: bool) -> list[Sheet]:
    sheet = Sheet(
        "tick with nothing due",
        "flat (1 M within 2× of 10 k), single-digit ms",
        "the same tick at 10 k, in turns with the others",
        ("database, open", "sweep", "outbox", "inbox", "whole tick p50", "p95", "of baseline", "first of the day"),
    )
    for dialect in DIALECTS:
        async with AsyncExitStack() as stack:
            ticks = []
            for tasks in TASKS[: 1 if quick else None]:
                database = await stack.enter_async_context(fresh(dialect))
                ticks.append(await _prepared(database, units=20 if quick else 200, tasks=tasks))
            for _ in range(5 if quick else 300):
                for tick in ticks:
                    await tick.measure()
        baseline = ticks[0].whole.median
        for tick in ticks:
            whole = tick.whole
            sheet.add(
                f"{dialect}, {count(tick.open)}", *(ms(Times(part).median) for part in tick.parts), ms(whole.median),
                ms(whole.p95), ratio(whole.median / baseline), ms(tick.first),
            )  # fmt: skip
    return [sheet]


@dataclass
class _Tick:
    """Một lượt, on one database; `parts` are the times of the sweep, the outbox's claim and the inbox's."""

    database: Database
    scan: Scan
    open: int
    first: float = 0.0
    parts: tuple[list[float], list[float], list[float]] = field(default_factory=lambda: ([], [], []))

    @property
    def whole(self) -> Times:
        return Times([sum(each) for each in zip(*self.parts, strict=True)])

    async def measure(self) -> None:
        for work, taken in zip((self._sweep, self._outbox, self._inbox), self.parts, strict=True):
            with timed(taken):
                await work()

    async def _sweep(self) -> None:
        scanned = await self.scan.scan(NOW)
        assert not scanned.looked_at
        assert not scanned.opened

    async def _outbox(self) -> None:
        async with self.database.write() as session:
            assert not await claim(session, bots=[BOT], now=NOW, lease=LEASE, limit=32)
            await session.commit()

    async def _inbox(self) -> None:
        async with self.database.write() as session:
            assert not await claim_updates(session, now=NOW, lease=LEASE, limit=16)
            await session.commit()


async def _prepared(database: Database, *, units: int, tasks: int) -> _Tick:
    settled = await settle(database, Shape(units=units, tasks=tasks, late=None))
    tick = _Tick(database, Scan(database, calendar=WorkCalendar(), before=BeforeReading.STRICT), settled.assignments)
    began = time.perf_counter()
    await tick.scan.scan(NOW)
    tick.first = time.perf_counter() - began
    await _clear_desks(database)
    for _ in range(5):
        await tick.measure()
    for part in tick.parts:
        part.clear()
    return tick


async def _clear_desks(database: Database) -> None:
    """The coordinators' overviews of the day's first sweep are taken as sent."""
    while True:
        async with database.write() as session:
            found = await claim(session, bots=[BOT], now=NOW, lease=timedelta(days=1), limit=100)
            await session.commit()
        if not found:
            return
