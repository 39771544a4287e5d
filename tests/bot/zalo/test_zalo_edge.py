"""Of several processes one asks Zalo, and another takes over when it goes; what it must not know it does not ask."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.edges import Site
from bot.evidence_store import EvidenceStore
from bot.zalo.client import ZaloClient
from bot.zalo.edge import ZaloEdge
from bot.zalo.poller import Pace
from models.clock import system_clock
from models.inbox import InboxUpdate
from planner.bots import known_bots
from reminders.inbox import count_updates
from reminders.wake import Wake
from tests.bot.zalo.test_zalo_poller import until
from tests.fakes.zalo_server import FakeZalo

AN = "6ede9afa66b88fe6d6a9"


@pytest.fixture
async def zalo():
    async with FakeZalo() as zalo:
        zalo.bot.add_person(AN)
        zalo.bot.idles_for = 0.2
        yield zalo


@asynccontextmanager
async def process(zalo, database, tmp_path, name):
    """What a process does to hear, and nothing else; yields the event that stops it."""
    client = ZaloClient(zalo.bot.token, api_base=zalo.url, proxy=None)
    edge = ZaloEdge(
        client,
        database,
        EvidenceStore(tmp_path),
        hook=None,
        photos=None,
        may_fetch_near=True,
        clock=system_clock,
        pace=Pace(floor=timedelta(milliseconds=10)),
    )
    stop = asyncio.Event()
    task = asyncio.create_task(edge.receive(Site(database, system_clock, name, Wake()), stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)
        await edge.close()


async def stored(database, count):
    async with asyncio.timeout(15):
        while True:
            async with database.read() as session:
                if sum((await count_updates(session)).values()) >= count:
                    return
            await asyncio.sleep(0.02)


async def test_one_asks_and_another_takes_over(zalo, database, tmp_path):
    async with process(zalo, database, tmp_path, "one") as first, process(zalo, database, tmp_path, "two"):
        for number in range(3):
            zalo.bot.person_says(AN, f"xong {number}")
        await stored(database, 3)
        assert zalo.bot.most_pollers == 1
        first.set()
        zalo.bot.person_says(AN, "xong 3")
        await stored(database, 4)


async def test_an_update_read_again_is_stored_once(zalo, database, tmp_path):
    zalo.bot.replays = 5
    zalo.bot.person_says(AN, "xong 12")
    async with process(zalo, database, tmp_path, "one"):
        await until(lambda: len(zalo.bot.called("getUpdates")) > 6)
    async with database.read() as session:
        (row,) = (await session.execute(select(InboxUpdate))).scalars()
    assert (row.bot, row.chat) == (zalo.bot.bot_key, AN)


async def test_the_name_people_look_for_is_learned_and_kept(zalo, sqlite_database, tmp_path):
    zalo.bot.tells_shown_name = True
    async with process(zalo, sqlite_database, tmp_path, "one"):
        await until(lambda: zalo.bot.called("getMe"))
    async with sqlite_database.read() as session:
        (known,) = await known_bots(session, now=system_clock())
    assert (known.name, known.most_people, known.most_groups) == ("Bot Đôn Đốc", 50, 3)
