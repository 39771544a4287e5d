"""The whole house on Zalo with time moved by hand: the real engine, the real edge, the strict fake Zalo Bot server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.engine import Engine, build_engine
from bot.evidence_store import EvidenceStore
from bot.running import handled_by_bot, prepared_by_bot
from bot.zalo.client import ZaloClient
from bot.zalo.edge import ZaloEdge
from bot.zalo.photos import PhotoShelf
from bot.zalo.poller import row_of
from bot.zalo.updates import single_updates
from models.clock import SteppedClock, at_civil, civil_day
from models.database import Database
from models.terms import BeforeReading
from reminders.inbox import store_updates
from reminders.rate import UNLIMITED, Limits
from tests.builders import CALENDAR
from tests.fakes.zalo_server import FakeZalo
from tests.fakes.zalo_world import ZaloWorld

INVITE_KEY = b"a key for stories"
MORNING = time(8, 0)
NO_HOLD = timedelta(0)


@dataclass
class SteppedZalo:
    """One process of ours with one or more bots, looked at between two moments. `live` does all that is due."""

    engine: Engine
    zalo: FakeZalo
    clients: list[ZaloClient]
    edges: dict[str, ZaloEdge]
    clock: SteppedClock

    async def says(self, chat: str, text: str, *, by: str | None = None, bot: ZaloWorld | None = None) -> str:
        """A person writes; what is read there in answer."""
        world = bot or self.zalo.bot
        before = len(world.sent_to(chat))
        world.person_says(chat, text, by=by)
        await self.live()
        return "\n---\n".join(world.texts(chat)[before:])

    async def mornings_until(self, day: int, month: int, *, year: int = 2024) -> None:
        """Live through 08:00 of every day up to this one."""
        last = date(year, month, day)
        today = civil_day(self.clock())
        while today <= last:
            if at_civil(today, MORNING) >= self.clock():
                await self.live_at(at_civil(today, MORNING))
            today += timedelta(days=1)

    async def live_at(self, instant: datetime) -> None:
        self.clock.move_to(instant)
        await self.live()

    async def live(self) -> None:
        now = self.clock()
        await self.receive()
        await self.engine.inbox_worker.handle_due(now)
        await self.engine.scan.scan(now)
        await self.engine.sender.deliver_due(now)
        if self.engine.letter_reader is not None and await self.engine.letter_reader.read_due():
            await self.engine.sender.deliver_due(self.clock())

    async def receive(self) -> None:
        """As the poller does, without its pauses: until every bot has nothing new."""
        for client in self.clients:
            while updates := single_updates(await client.get_updates(hold=NO_HOLD)):
                async with self.engine.database.write() as session:
                    await store_updates(session, [row_of(each, client.bot) for each in updates], now=self.clock())
                    await session.commit()


@asynccontextmanager
async def stepped_zalo(
    database: Database,
    clock: SteppedClock,
    folder: Path,
    *,
    worlds: Sequence[ZaloWorld] = (),
    public_url: str | None = None,
    limits: Limits = UNLIMITED,
) -> AsyncIterator[SteppedZalo]:
    """A house on this database; `worlds`: its bots, one where none is named."""
    async with FakeZalo(*worlds, clock=clock) as zalo:
        evidence = EvidenceStore(folder)
        clients = [ZaloClient(token, api_base=zalo.url, proxy=None) for token in zalo.bots]
        edges = {client.bot: _edge(client, database, evidence, clock, public_url) for client in clients}
        engine = build_engine(
            database,
            calendar=CALENDAR,
            before=BeforeReading.STRICT,
            address_form="Anh/Chị",
            invite_key=INVITE_KEY,
            channels={bot: edge.channel for bot, edge in edges.items()},
            handle=partial(handled_by_bot, edges),
            limits=limits,
            clock=clock,
            evidence=evidence,
            prepare=partial(prepared_by_bot, edges),
        )
        try:
            yield SteppedZalo(engine, zalo, clients, edges, clock)
        finally:
            for client in clients:
                await client.close()


def _edge(
    client: ZaloClient, database: Database, evidence: EvidenceStore, clock: SteppedClock, public_url: str | None
) -> ZaloEdge:
    photos = PhotoShelf(public_url, path="/photos", clock=clock) if public_url else None
    return ZaloEdge(client, database, evidence, hook=None, photos=photos, may_fetch_near=True, clock=clock)
