"""The only APScheduler: an in-memory ticker whose jobs are idempotent, so that a missed or doubled tick is harmless."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.clock import CIVIL_ZONE

SCAN_EVERY = timedelta(seconds=20)
PRUNE_AT_HOUR = 3


def build_scheduler(scan: Callable[[], Awaitable[None]], prune: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
    """Sweep every few seconds, prune at night; a late tick still runs, two never run at once."""
    scheduler = AsyncIOScheduler(
        timezone=CIVIL_ZONE, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(scan, "interval", seconds=SCAN_EVERY.total_seconds(), id="scan")
    scheduler.add_job(prune, "cron", hour=PRUNE_AT_HOUR, id="prune")
    return scheduler
