"""The poller asks at its pace, keeps what it was given until it is stored, and leaves other people's webhooks alone."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.edges import FOREIGN_WEBHOOK, NO_ANSWER, TOKEN_REFUSED
from bot.zalo.client import ZaloClient
from bot.zalo.poller import FLOOR, HOLD, Pace, poll_updates
from tests.fakes.zalo_methods import SECRET_LENGTHS
from tests.fakes.zalo_server import FakeZalo
from tests.fakes.zalo_world import Webhook

AN = "6ede9afa66b88fe6d6a9"
TICK = timedelta(milliseconds=10)
QUICK = Pace(hold=timedelta(seconds=5), floor=TICK, look_again=TICK, after_refusal=TICK, longest_pause=TICK)


class Inbox:
    """The store: keeps what it is given, fails as often as it is told to."""

    def __init__(self):
        self.rows, self.failures = [], 0

    async def store(self, rows):
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        self.rows.extend(rows)

    @property
    def texts(self):
        return [json.loads(row.body)["message"]["text"] for row in self.rows]

    async def holds(self, count):
        await until(lambda: len(self.rows) >= count)


class Watch:
    """Hears how receiving goes; ("ok" or the reason) in order, without repetitions."""

    def __init__(self):
        self.heard = []

    async def failed(self, reason, *, at_once=False):
        self._hear(f"{reason}!" if at_once else reason)

    async def succeeded(self):
        self._hear("ok")

    def _hear(self, word):
        if self.heard[-1:] != [word]:
            self.heard.append(word)


async def until(is_so, *, seconds=5):
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 -- what is waited for has no event to offer
            await asyncio.sleep(0.005)


@pytest.fixture
async def zalo():
    async with FakeZalo() as zalo:
        zalo.bot.add_person(AN)
        yield zalo


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def watch():
    return Watch()


@asynccontextmanager
async def polling(zalo, inbox, watch, *, pace=QUICK):
    client = ZaloClient(zalo.bot.token, api_base=zalo.url, proxy=None)
    stop = asyncio.Event()
    task = asyncio.create_task(
        poll_updates(client, store=inbox.store, stop=stop, watch=watch, pace=pace, random=lambda: 0.0)
    )
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)
        await client.close()


@pytest.mark.parametrize("shape", ["object", "list", "flat", "flat-message"])
async def test_what_people_say_is_stored_in_order(zalo, inbox, watch, shape):
    zalo.bot.shape = shape
    async with polling(zalo, inbox, watch):
        for number in range(4):
            zalo.bot.person_says(AN, f"xong {number}")
        await inbox.holds(4)
    bodies = [json.loads(row.body) for row in inbox.rows]
    assert [(body.get("message") or body)["text"] for body in bodies] == [f"xong {number}" for number in range(4)]
    assert {(row.bot, row.chat) for row in inbox.rows} == {("zalo:2718281828", AN)}
    assert watch.heard == ["ok"]


async def test_an_update_given_again_has_the_same_key(zalo, inbox, watch):
    zalo.bot.replays = 3
    zalo.bot.person_says(AN, "xong 12")
    async with polling(zalo, inbox, watch):
        await inbox.holds(4)
    assert len({row.update_key for row in inbox.rows}) == 1


async def test_an_idle_poll_is_no_failure(zalo, inbox, watch, caplog):
    zalo.bot.idles_for = 0.01
    async with polling(zalo, inbox, watch):
        await until(lambda: len(zalo.bot.called("getUpdates")) > 5)
        zalo.bot.person_says(AN, "xong 12")
        await inbox.holds(1)
    assert watch.heard == ["ok"]
    assert caplog.text == ""


async def test_a_question_is_never_asked_sooner_than_the_floor_after_the_last(zalo, inbox, watch):
    """The fake answers at once, so only the floor keeps the questions apart."""
    zalo.bot.replays = 1000
    zalo.bot.person_says(AN, "xong 12")
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with polling(zalo, inbox, watch, pace=Pace(hold=QUICK.hold, floor=timedelta(milliseconds=80))):
        await inbox.holds(4)
        assert loop.time() - began >= 3 * 0.08 - loop._clock_resolution


def test_the_real_pace_is_a_second_at_least_and_asks_as_long_as_zalo_allows():
    assert (Pace().floor, Pace().hold) == (FLOOR, HOLD) == (timedelta(seconds=1), timedelta(seconds=30))


async def test_what_could_not_be_stored_is_kept_and_stored_before_the_next_question(zalo, inbox, watch, caplog):
    inbox.failures = 3
    zalo.bot.person_says(AN, "xong 12")
    zalo.bot.person_says(AN, "xong 13")
    async with polling(zalo, inbox, watch):
        await inbox.holds(2)
    assert inbox.texts == ["xong 12", "xong 13"]
    assert caplog.text.count("could not be stored") == 3


async def test_a_cut_wire_is_mended_and_told_once(zalo, inbox, watch, caplog):
    zalo.fail("drop_before", method="getUpdates", times=2)
    zalo.fail("page", method="getUpdates", code=502)
    zalo.fail("garbage", method="getUpdates")
    zalo.bot.idles_for = 0.05
    async with polling(zalo, inbox, watch):
        await until(lambda: watch.heard == ["ok", NO_ANSWER, "ok", NO_ANSWER, "ok"])
        zalo.bot.person_says(AN, "xong 12")
        await inbox.holds(1)
    assert caplog.text.count("is interrupted") == 1


async def test_to_stop_ends_a_long_poll_at_once(zalo, inbox, watch):
    async with polling(zalo, inbox, watch):
        await until(lambda: zalo.bot.pollers == 1)


@pytest.mark.parametrize("how", ["404", "empty"])
async def test_where_no_webhook_is_set_it_asks(zalo, inbox, watch, how):
    zalo.bot.says_no_webhook_by = how
    zalo.bot.person_says(AN, "xong 12")
    async with polling(zalo, inbox, watch):
        await inbox.holds(1)


async def test_somebody_elses_webhook_is_left_alone_until_it_is_gone(zalo, inbox, watch, caplog):
    zalo.point_webhook_to(zalo.bot, Webhook("https://theirs.example.vn/z", "s" * SECRET_LENGTHS.start, 0))
    async with polling(zalo, inbox, watch):
        await until(lambda: len(zalo.bot.called("getWebhookInfo")) > 3)
        assert (zalo.bot.called("getUpdates"), zalo.bot.called("deleteWebhook")) == ([], [])
        zalo.point_webhook_to(zalo.bot, None)
        zalo.bot.person_says(AN, "xong 12")
        await inbox.holds(1)
    assert watch.heard == [f"{FOREIGN_WEBHOOK}!", "ok"]
    assert caplog.text.count("a webhook is set") == 1
    assert "dondoc zalo webhook info" in caplog.text


async def test_a_webhook_set_meanwhile_is_noticed(zalo, inbox, watch):
    async with polling(zalo, inbox, watch):
        await until(lambda: zalo.bot.pollers == 1)
        zalo.point_webhook_to(zalo.bot, Webhook("https://theirs.example.vn/z", "s" * 8, 0))
        await until(lambda: watch.heard[-1:] == [f"{FOREIGN_WEBHOOK}!"])
    assert zalo.bot.called("deleteWebhook") == []


async def test_a_refused_token_is_alarmed_once_and_looked_at_again(zalo, inbox, watch, caplog):
    zalo.bot.is_revoked = True
    async with polling(zalo, inbox, watch):
        await until(lambda: len(zalo.bot.calls) > 4)
        zalo.bot.is_revoked = False
        zalo.bot.person_says(AN, "xong 12")
        await inbox.holds(1)
        await until(lambda: watch.heard == [f"{TOKEN_REFUSED}!", "ok"])
    assert caplog.text.count("its token is refused") == 1
    assert zalo.bot.token.partition(":")[2] not in caplog.text


async def test_a_limit_is_waited_out_and_is_no_outage(zalo, inbox, watch):
    zalo.fail("status", method="getUpdates", code=429)
    async with polling(zalo, inbox, watch):
        await until(lambda: zalo.bot.called("getUpdates"))
        zalo.bot.person_says(AN, "xong 12")
        await asyncio.sleep(0.1)
        assert (inbox.rows, watch.heard) == ([], ["ok"])
