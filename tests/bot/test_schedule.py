"""The ticker: a tick under way when everything stops is finished, and none begins after it."""

import asyncio
from datetime import timedelta

from bot import schedule
from bot.schedule import ticking


async def test_the_end_waits_for_the_tick_under_way(monkeypatch, caplog):
    monkeypatch.setattr(schedule, "SCAN_EVERY", timedelta(seconds=0.02))
    begun, may_end, seen = asyncio.Event(), asyncio.Event(), []

    async def scan():
        seen.append("begun")
        begun.set()
        await may_end.wait()
        seen.append("ended")

    async def prune():
        seen.append("pruned")

    async def run():
        async with ticking(scan, prune):
            await begun.wait()
        seen.append("closed")

    running = asyncio.create_task(run())
    await begun.wait()
    await asyncio.sleep(0.1)
    assert not running.done()
    may_end.set()
    await running
    await asyncio.sleep(0.1)
    assert seen == ["begun", "ended", "closed"]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_the_end_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(schedule, "SCAN_EVERY", timedelta(seconds=0.02))
    monkeypatch.setattr(schedule, "LAST_TICK", timedelta(seconds=0.05))
    begun = asyncio.Event()

    async def scan():
        begun.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(5):
        async with ticking(scan, asyncio.Event().wait):
            await begun.wait()
