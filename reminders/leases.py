"""Leader leases: which process polls or sends for a bot just now. Correctness never depends on them, only rate."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite renders the very same ON CONFLICT clause
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import Clock
from models.database import Database
from models.lease import Lease as LeaseRow

log = logging.getLogger(__name__)

TTL = timedelta(seconds=30)
_LEASE: Table = LeaseRow.metadata.tables["lease"]


@dataclass(frozen=True, slots=True)
class Lease:
    """Một quyền giữ đang có. `epoch` grows each time it is taken anew."""

    name: str
    owner: str
    held_until: datetime
    epoch: int


async def acquire(session: AsyncSession, name: str, owner: str, *, now: datetime, ttl: timedelta) -> Lease | None:
    """Take the lease when it is free, expired or ours already; None: somebody else holds it. The caller commits."""
    statement = insert(_LEASE).values(name=name, owner=owner, held_until=now + ttl, epoch=1)
    ours_still = and_(_LEASE.c.owner == owner, _LEASE.c.held_until > now)
    statement = statement.on_conflict_do_update(
        index_elements=[_LEASE.c.name],
        set_={
            "owner": owner,
            "held_until": now + ttl,
            "epoch": case((ours_still, _LEASE.c.epoch), else_=_LEASE.c.epoch + 1),
        },
        where=or_(_LEASE.c.owner == owner, _LEASE.c.held_until <= now),
    )
    row = (await session.execute(statement.returning(*_LEASE.c))).mappings().first()
    return Lease(**row) if row else None


async def renew(session: AsyncSession, lease: Lease, *, now: datetime, ttl: timedelta) -> Lease | None:
    """Hold it longer; None: it has expired or changed hands, and must be acquired like any other."""
    statement = (
        update(_LEASE)
        .where(
            _LEASE.c.name == lease.name,
            _LEASE.c.owner == lease.owner,
            _LEASE.c.epoch == lease.epoch,
            _LEASE.c.held_until > now,
        )
        .values(held_until=now + ttl)
        .returning(*_LEASE.c)
    )
    row = (await session.execute(statement)).mappings().first()
    return Lease(**row) if row else None


async def release(session: AsyncSession, lease: Lease, *, now: datetime) -> None:
    """Let the next one have it at once; the epoch stays, so that it never repeats."""
    statement = update(_LEASE).where(
        _LEASE.c.name == lease.name, _LEASE.c.owner == lease.owner, _LEASE.c.epoch == lease.epoch
    )
    await session.execute(statement.values(held_until=now))


async def held_names(session: AsyncSession, prefix: str, *, now: datetime) -> set[str]:
    """The leases whose name begins so and that somebody holds."""
    query = select(_LEASE.c.name).where(_LEASE.c.name.startswith(prefix, autoescape=True), _LEASE.c.held_until > now)
    return set((await session.execute(query)).scalars())


async def prune(session: AsyncSession, *, before: datetime) -> None:
    """Forget leases of bots that are no more."""
    await session.execute(delete(_LEASE).where(_LEASE.c.held_until < before))


class Holder:
    """Giữ một quyền và gia hạn nó trong nền.

    `is_held` turns false a third of `ttl` before the lease ends, whatever became of the renewals, so that two
    processes whose clocks differ by less than that never both believe they hold it.
    """

    def __init__(self, database: Database, name: str, owner: str, *, clock: Clock, ttl: timedelta = TTL) -> None:
        self._database, self._name, self._owner = database, name, owner
        self._clock, self._ttl, self._margin = clock, ttl, ttl / 3
        self._lease: Lease | None = None

    @property
    def is_held(self) -> bool:
        return self._lease is not None and self._clock() < self._lease.held_until - self._margin

    @property
    def epoch(self) -> int | None:
        return self._lease.epoch if self._lease and self.is_held else None

    async def try_hold(self) -> bool:
        """One turn: acquire or renew. An unreachable database only means that the lease runs out by itself."""
        try:
            async with self._database.write() as session:
                lease = await acquire(session, self._name, self._owner, now=self._clock(), ttl=self._ttl)
                await session.commit()
        except (SQLAlchemyError, OSError) as error:
            log.warning("lease %s was not renewed: %s", self._name, type(error).__name__)
        else:
            self._lease = lease
        return self.is_held

    async def let_go(self) -> None:
        lease, self._lease = self._lease, None
        if lease:
            async with self._database.write() as session:
                await release(session, lease, now=self._clock())
                await session.commit()

    async def run(self, stop: asyncio.Event, work: Callable[[asyncio.Event], Awaitable[None]] | None = None) -> None:
        """Keep the lease until `stop`; run `work` while it is held, and let go when both have ended.

        `work` gets an event of its own that is set when the lease is lost; what has not ended when half the margin
        is used up is cancelled. It is started again when the lease comes back. If it fails, its error is raised here.
        """
        task: asyncio.Task[None] | None = None
        work_stop = asyncio.Event()
        try:
            while not stop.is_set():
                held = await self.try_hold()
                if task and task.done():
                    await task
                    return
                if work and held and not task:
                    work_stop.clear()
                    task = asyncio.create_task(_as_coroutine(work, work_stop))
                elif task and not held:
                    await self._end(task, work_stop)
                    task = None
                await self._pause(stop, task)
        finally:
            if task:
                await self._end(task, work_stop)
            await self.let_go()

    async def _pause(self, stop: asyncio.Event, task: "asyncio.Task[None] | None") -> None:
        """Until the next renewal, the loss of the lease, the end of the work or of everything: whichever is first."""
        seconds = self._ttl.total_seconds() / 6
        if self._lease and self.is_held:
            seconds = min(seconds, (self._lease.held_until - self._margin - self._clock()).total_seconds())
        stopping = asyncio.create_task(stop.wait())
        try:
            waited: set[asyncio.Task[Any]] = {stopping, task} if task else {stopping}
            await asyncio.wait(waited, timeout=max(seconds, 0.01), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()

    async def _end(self, task: "asyncio.Task[None]", work_stop: asyncio.Event) -> None:
        work_stop.set()
        done, _ = await asyncio.wait({task}, timeout=(self._margin / 2).total_seconds())
        if not done:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _as_coroutine(work: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    await work(stop)
