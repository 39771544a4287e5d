"""The only APScheduler: an in-memory ticker whose jobs are idempotent, so that a missed or doubled tick is harmless."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.clock import CIVIL_ZONE

SCAN_EVERY = timedelta(seconds=20)
PRUNE_AT_HOUR = 3
LAST_TICK = timedelta(seconds=20)
"""How long the end waits for a tick under way; cut off, it would meet a database that is being closed."""

Job = Callable[[], Awaitable[None]]


@asynccontextmanager
async def ticking(scan: Job, prune: Job) -> AsyncIterator[None]:
    """Sweep every few seconds, prune at night; a late tick still runs, two never run at once."""
    turn = asyncio.Lock()
    scheduler = AsyncIOScheduler(
        timezone=CIVIL_ZONE, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(partial(_in_turn, turn, scan), "interval", seconds=SCAN_EVERY.total_seconds(), id="scan")
    scheduler.add_job(partial(_in_turn, turn, prune), "cron", hour=PRUNE_AT_HOUR, id="prune")
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_TICK.total_seconds()), turn:
                pass
        scheduler.shutdown(wait=False)


async def _in_turn(turn: asyncio.Lock, job: Job) -> None:
    async with turn:
        await job()
