"""The whole house on an Official Account with time moved by hand: real engine and edges, the strict fake OA server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from sqlalchemy import update

from bot.engine import Engine, build_engine
from bot.evidence_store import EvidenceStore
from bot.running import handled_by_bot, prepared_by_bot
from bot.settings import Settings
from bot.zalo_oa.channel import OaChannel
from bot.zalo_oa.edge import WEBHOOK_PATH
from bot.zalo_oa.making import oa_edges, oa_parts
from models.clock import SteppedClock
from models.columns import columns_of
from models.database import Database
from models.person import Address
from models.terms import BeforeReading
from reminders.channel import Capabilities
from reminders.inbox import Intake
from reminders.rate import UNLIMITED
from tests.builders import CALENDAR
from tests.fakes.oa_server import APP_ID, APP_SECRET, OA_KEY, FakeOa

INVITE_KEY = b"a key for stories"
PUBLIC_URL = "http://dondoc.test"
_ad = columns_of(Address)


@dataclass
class SteppedOa:
    """One process of ours behind an account's webhook, looked at between two moments."""

    engine: Engine
    oa: FakeOa
    web: httpx.AsyncClient
    channel: OaChannel
    clock: SteppedClock

    @property
    def persons(self) -> str:
        return self.channel.bot

    @property
    def able(self) -> Capabilities:
        return self.channel.capabilities

    async def brings(self, event: dict[str, Any]) -> None:
        """Signed, through our own door."""
        body, headers = self.oa.signed(event)
        answer = await self.web.post(WEBHOOK_PATH, content=body, headers=headers)
        assert answer.status_code == 200

    async def live(self) -> None:
        now = self.clock()
        await self.engine.inbox_worker.handle_due(now)
        await self.engine.scan.scan(now)
        await self.engine.sender.deliver_due(now)

    async def all_windows_stand_open(self) -> None:
        """As if everybody linked had said something just now: what closes a window has tests of its own."""
        now = self.clock()
        async with self.engine.database.write() as session:
            heard = update(Address).where(_ad.bot == self.persons).values(last_heard_at=now).returning(_ad.chat)
            for chat in (await session.execute(heard)).scalars():
                self.oa.heard[chat] = now
            await session.commit()


@asynccontextmanager
async def stepped_oa(database: Database, clock: SteppedClock, folder: Path) -> AsyncIterator[SteppedOa]:
    """A house on this database whose admin has consented just now."""
    async with FakeOa(clock=clock) as oa:
        settings, evidence = _settings(oa, folder), EvidenceStore(folder)
        edges = oa_edges(settings, database, evidence, clock=clock)
        by_bot = {edge.channel.bot: edge for edge in edges}
        engine = build_engine(
            database,
            calendar=CALENDAR,
            before=BeforeReading.STRICT,
            address_form="Anh/Chị",
            invite_key=INVITE_KEY,
            channels={bot: edge.channel for bot, edge in by_bot.items()},
            handle=partial(handled_by_bot, by_bot),
            limits=UNLIMITED,
            clock=clock,
            evidence=evidence,
            prepare=partial(prepared_by_bot, by_bot),
        )
        intake = Intake(database, clock=clock)
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        for edge in edges:
            app.router.routes.extend(edge.routes(intake))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as web:
            await _consent(settings, database, oa, web, clock)
            yield SteppedOa(engine, oa, web, edges[0].channel, clock)
        await intake.close()
        for edge in edges:
            await edge.close()


def _settings(oa: FakeOa, folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        zalo_oa_app_id=APP_ID,
        zalo_oa_app_secret=APP_SECRET,
        zalo_oa_key=OA_KEY,
        zalo_oa_public_url=PUBLIC_URL,
        zalo_oa_api_base=oa.url,
        zalo_oa_auth_base=oa.url,
        evidence_folder=folder,
        secret_key="a secret key of a story",
    )


async def _consent(
    settings: Settings, database: Database, oa: FakeOa, web: httpx.AsyncClient, clock: SteppedClock
) -> None:
    """`dondoc zalo-oa connect` prints an address; an admin agrees there, and their browser is sent to us."""
    parts = oa_parts(settings, database, clock=clock)
    called = urlsplit(oa.agree(await parts.consent.ask()))
    await parts.wire.close()
    answer = await web.get(f"{called.path}?{called.query}")
    assert answer.status_code == 200, answer.text
