"""Handles what arrived: the change, the reply and the mark "handled" are one transaction, or nothing happened."""

import asyncio
import logging
import random as dice
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import Clock
from models.database import Database
from reminders.backoff import Random, wait_after_failure
from reminders.inbox import ClaimedUpdate, claim_updates, mark_handled, poison, postpone
from reminders.wake import Wake

log = logging.getLogger(__name__)

Handle = Callable[[AsyncSession, ClaimedUpdate], Awaitable[None]]
"""Changes state and enqueues the reply in the session it is given; never commits, never sends."""

Prepare = Callable[[ClaimedUpdate], Awaitable[object]]
"""Fetches what an update speaks of before its transaction, by network if need be; its result is `update.prepared`.

It may be asked again for the same update, and what it raises is a failure of that update like any other.
"""

LEASE = timedelta(seconds=20)
PREPARE_SHARE = 0.75
"""Of the lease, for what must be fetched first: the rest is for the transaction."""

PATIENCE = timedelta(milliseconds=500)
"""How long a turn waits for what it took up; longer work goes on beside the next turns."""

UNDER_WAY = 32
POLL = timedelta(seconds=1)
MAX_FAILURES = 5
MAX_CLAIMS = 20
"""A handler that takes its process down never reports a failure; only its claims are counted."""

AT_ONCE = 3
_CONFLICTS = frozenset({"40001", "40P01"})


class InboxWorker:
    """Người xử lý hộp nhận. `lanes` updates of different chats at a time; on SQLite one, for there is one writer."""

    def __init__(
        self,
        database: Database,
        handle: Handle,
        *,
        clock: Clock,
        wake_outbox: Wake,
        prepare: Prepare | None = None,
        wake: Wake | None = None,
        lanes: int = 4,
        lease: timedelta = LEASE,
        random: Random = dice.random,
    ) -> None:
        self._database, self._handle, self._clock, self._random = database, handle, clock, random
        self._wake_outbox, self._wake, self._lease = wake_outbox, wake or Wake(), lease
        self._prepare = prepare
        self._lanes = lanes if database.dialect == "postgresql" else 1
        self._room = asyncio.Semaphore(self._lanes)
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is claimed then is finished first."""
        stopper = asyncio.create_task(self._wake_on(stop))
        try:
            async with asyncio.TaskGroup() as tasks:
                while not stop.is_set():
                    seen = self._wake.count
                    if not await self._turn(tasks):
                        await self._wake.wait(since=seen, at_most=POLL)
        finally:
            stopper.cancel()

    async def handle_due(self, now: datetime) -> int:
        """Handle everything that is due at `now`, one by one; returns how many updates were looked at."""
        looked_at = 0
        while claimed := await self._claim(now, limit=16):
            for update in claimed:
                await self._handle_one(update, lambda: now)
            looked_at += len(claimed)
        return looked_at

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()

    async def _turn(self, tasks: asyncio.TaskGroup) -> int:
        """A database that is away is asked again after a poll; whatever else, this loop survives."""
        while len(self._under_way) >= UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        try:
            claimed = await self._claim(self._clock(), limit=min(4 * self._lanes, UNDER_WAY - len(self._under_way)))
        except Exception:
            log.exception("the inbox could not be read just now")
            return 0
        taken_up = [tasks.create_task(self._handle_for_sure(update)) for update in claimed]
        for task in taken_up:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if taken_up:
            _, slow = await asyncio.wait(taken_up, timeout=PATIENCE.total_seconds())
            for task in slow:  # the next of its chat could not be claimed meanwhile
                task.add_done_callback(lambda _: self._wake.set())
        return len(claimed)

    async def _handle_for_sure(self, update: ClaimedUpdate) -> None:
        """Where even the failure cannot be written, the lease runs out and the update comes back by itself."""
        try:
            await self._handle_one(update, self._clock)
        except Exception:
            log.exception("inbox row %s: its outcome could not be written", update.id)

    async def _claim(self, now: datetime, *, limit: int) -> list[ClaimedUpdate]:
        async with self._database.write() as session:
            claimed = await claim_updates(session, now=now, lease=self._lease, limit=limit)
            await session.commit()
        return claimed

    async def _handle_one(self, update: ClaimedUpdate, clock: Clock) -> None:
        if update.attempts > MAX_CLAIMS:
            await self._set_aside(update, clock(), error="claimed too often")
            return
        try:
            prepared = await self._prepared(update)
            async with self._room:
                await self._handle_with_retries(prepared, clock)
        except Exception as error:
            log.exception("inbox row %s: failure %s of %s", update.id, update.attempts, MAX_FAILURES)
            await self._put_back(update, clock(), error=type(error).__name__)

    async def _prepared(self, update: ClaimedUpdate) -> ClaimedUpdate:
        """Outside any transaction and lane, so that a slow network keeps nobody else waiting."""
        if self._prepare is None:
            return update
        async with asyncio.timeout(self._lease.total_seconds() * PREPARE_SHARE):
            return replace(update, prepared=await self._prepare(update))

    async def _handle_with_retries(self, update: ClaimedUpdate, clock: Clock) -> None:
        for attempt in range(1, AT_ONCE + 1):
            try:
                await self._handle_in_transaction(update, clock())
            except DBAPIError as error:
                if attempt == AT_ONCE or not is_conflict(error):
                    raise
            else:
                return

    async def _handle_in_transaction(self, update: ClaimedUpdate, now: datetime) -> None:
        """The mark comes first: it locks the row and proves that the lease is ours before anything is changed."""
        async with self._database.write() as session:
            if not await mark_handled(session, update, now=now):
                log.warning("inbox row %s: its lease was lost, somebody else has it", update.id)
                return
            await self._handle(session, update)
            await session.commit()
        self._wake_outbox.set()

    async def _put_back(self, update: ClaimedUpdate, now: datetime, *, error: str) -> None:
        if update.attempts >= MAX_FAILURES:
            await self._set_aside(update, now, error=error)
            return
        until = now + wait_after_failure(update.attempts, random=self._random)
        async with self._database.write() as session:
            await postpone(session, update, until=until, error=error)
            await session.commit()

    async def _set_aside(self, update: ClaimedUpdate, now: datetime, *, error: str) -> None:
        log.error("inbox row %s is set aside after %s attempts (%s)", update.id, update.attempts, error)
        async with self._database.write() as session:
            await poison(session, update, now=now, error=error)
            await session.commit()


def is_conflict(error: DBAPIError) -> bool:
    """Two transactions met; the same one may well succeed a moment later."""
    if getattr(error.orig, "sqlstate", None) in _CONFLICTS:
        return True
    return "database is locked" in str(error.orig) or "database table is locked" in str(error.orig)
