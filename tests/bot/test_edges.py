"""An edge fails alone: it is begun again, says so, and is tried with growing pauses; each reason is told once."""

import asyncio
import logging

import pytest

from bot import edges
from bot.edges import NO_ANSWER, TOKEN_REFUSED, Site, received_alone, retried
from bot.zalo.channel import ZaloChannel
from bot.zalo.client import ZaloClient
from models.clock import system_clock
from planner.bots import known_bots
from reminders.outages import outages
from reminders.wake import Wake
from tests.bot.zalo.test_zalo_poller import Watch
from tests.fakes.channel import ZALO_LIKE, ScriptedChannel


class FallingOver:
    """An edge whose receiving falls over so often, then lasts until it is told to stop."""

    def __init__(self, times):
        self.channel, self.times, self.begun = ScriptedChannel(bot="zalo:1", capabilities=ZALO_LIKE), times, 0

    async def receive(self, site, stop):
        self.begun += 1
        if self.begun <= self.times:
            raise ValueError("nobody thought of this")
        await stop.wait()


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(edges, "FIRST_PAUSE_S", 0.01)


@pytest.fixture
def site(sqlite_database):
    return Site(sqlite_database, system_clock, "me", Wake())


async def test_an_edge_that_falls_over_is_begun_again_and_its_outage_is_known(site, caplog):
    edge, stop = FallingOver(3), asyncio.Event()
    task = asyncio.create_task(received_alone(edge, site, stop))
    async with asyncio.timeout(5):
        while edge.begun < 4:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.01)
    async with site.database.read() as session:
        (outage,) = await outages(session)
    assert (outage.bot, outage.part, outage.reason) == ("zalo:1", "receive", "ValueError")
    stop.set()
    await asyncio.wait_for(task, 5)
    assert caplog.text.count("receiving for zalo:1 failed") == 3


async def test_to_stop_ends_the_waiting_for_another_try(site, monkeypatch):
    monkeypatch.setattr(edges, "FIRST_PAUSE_S", 60.0)
    edge, stop = FallingOver(1), asyncio.Event()
    task = asyncio.create_task(received_alone(edge, site, stop))
    while not edge.begun:  # noqa: ASYNC110 -- it tells nobody
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(task, 5)


@pytest.mark.parametrize(
    ("errors", "heard", "told"),
    [
        pytest.param([], ["ok"], 0, id="at once"),
        pytest.param([OSError, OSError, OSError], [NO_ANSWER, "ok"], 1, id="the same three times"),
        pytest.param([PermissionError, PermissionError], [f"{TOKEN_REFUSED}!", "ok"], 1, id="refused"),
        pytest.param([OSError, PermissionError], [NO_ANSWER, f"{TOKEN_REFUSED}!", "ok"], 2, id="one, then the other"),
    ],
)
async def test_what_is_tried_again_tells_each_reason_once(caplog, errors, heard, told):
    waiting, watch = list(errors), Watch()

    async def call():
        if waiting:
            raise waiting.pop(0)

    def reason_of(error):
        return TOKEN_REFUSED if isinstance(error, PermissionError) else NO_ANSWER

    with caplog.at_level(logging.WARNING):
        await retried(call, errors=(OSError,), stop=asyncio.Event(), what="this", watch=watch, reason_of=reason_of)
    assert watch.heard == heard
    assert len(caplog.records) == told
    alarmed = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(alarmed) == sum(TOKEN_REFUSED in word for word in heard)


async def test_another_error_is_not_tried_again():
    async def call():
        raise KeyError

    with pytest.raises(KeyError):
        await retried(call, errors=(OSError,), stop=asyncio.Event(), what="this")


async def test_a_bot_is_announced_with_its_limits_and_keeps_its_name(site):
    channel = ZaloChannel(ZaloClient("1:a-secret-of-the-bot", api_base=None, proxy=None))
    await site.announce(channel, shown_name="Bot Đôn Đốc")
    await site.announce(channel)
    async with site.database.read() as session:
        (known,) = await known_bots(session, now=site.clock())
    assert (known.bot, known.channel, known.shown_name) == ("zalo:1", "zalo", "Bot Đôn Đốc")
    assert (known.monthly_quota, known.most_people, known.most_groups) == (3000, 50, 3)
