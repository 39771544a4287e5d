"""Zalo is made to call us, and never stopped from calling somebody else without a person's word."""

import asyncio

import pytest

from bot.edges import FOREIGN_WEBHOOK, NO_ANSWER, TOKEN_REFUSED
from bot.zalo import registration
from bot.zalo.client import RefusedError, ZaloClient
from bot.zalo.registration import Hook, announce, keep_announced, path_of, register
from tests.bot.zalo.test_zalo_poller import Watch, until
from tests.fakes.zalo_server import FakeZalo
from tests.fakes.zalo_world import Webhook

HOOK = Hook("https://nhacviec.example.vn/", "a-secret-of-16-letters")
OURS = "https://nhacviec.example.vn/zalo/2718281828"
THEIRS = Webhook("https://theirs.example.vn/z", "another-secret", 0)


@pytest.fixture
async def zalo():
    async with FakeZalo() as zalo:
        yield zalo


@pytest.fixture
async def client(zalo):
    client = ZaloClient(zalo.bot.token, api_base=zalo.url, proxy=None)
    yield client
    await client.close()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(registration, "LOOK_AGAIN_S", 0.01)


def test_each_bot_has_an_address_of_its_own():
    assert HOOK.url_of("zalo:2718281828") == OURS
    assert path_of("zalo:1") != path_of("zalo:2")


@pytest.mark.parametrize("how", ["404", "empty"])
async def test_where_none_is_set_ours_is(zalo, client, how):
    zalo.bot.says_no_webhook_by = how
    watch = Watch()
    await announce(client, HOOK, watch=watch, stop=asyncio.Event())
    assert (zalo.bot.webhook.url, zalo.bot.webhook.secret, watch.heard) == (OURS, HOOK.secret, ["ok"])


async def test_ours_is_set_anew_so_that_its_secret_is_the_one_we_know(zalo, client):
    zalo.point_webhook_to(zalo.bot, Webhook(OURS, "an-old-secret", 0))
    await announce(client, HOOK, watch=Watch(), stop=asyncio.Event())
    assert zalo.bot.webhook.secret == HOOK.secret


@pytest.mark.usefixtures("quick")
async def test_somebody_elses_is_left_until_it_is_gone(zalo, client, caplog):
    zalo.point_webhook_to(zalo.bot, THEIRS)
    watch = Watch()
    task = asyncio.create_task(announce(client, HOOK, watch=watch, stop=asyncio.Event()))
    await until(lambda: len(zalo.bot.called("getWebhookInfo")) > 3)
    assert (zalo.bot.webhook, zalo.bot.called("setWebhook")) == (THEIRS, [])
    zalo.point_webhook_to(zalo.bot, None)
    await asyncio.wait_for(task, 5)
    assert watch.heard == [f"{FOREIGN_WEBHOOK}!", "ok"]
    assert caplog.text.count("could not be set") == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("fault", "reason"),
    [({"kind": "ok_false", "code": 401}, f"{TOKEN_REFUSED}!"), ({"kind": "drop_before"}, NO_ANSWER),
     ({"kind": "status", "code": 500}, NO_ANSWER)],
    ids=["401", "cut", "500"],
)  # fmt: skip
async def test_it_is_tried_until_it_succeeds(zalo, client, fault, reason):
    zalo.fail(**fault, method=None, times=2)
    watch = Watch()
    await asyncio.wait_for(announce(client, HOOK, watch=watch, stop=asyncio.Event()), 5)
    assert watch.heard == [reason, "ok"]


@pytest.mark.usefixtures("quick")
async def test_what_somebody_sets_later_is_noticed_and_ours_is_set_again_when_it_is_gone(zalo, client, monkeypatch):
    monkeypatch.setattr(registration, "LOOK_AFTER_IT_S", 0.01)
    watch, stop = Watch(), asyncio.Event()
    task = asyncio.create_task(keep_announced(client, HOOK, watch=watch, stop=stop))
    await until(lambda: len(zalo.bot.called("getWebhookInfo")) > 3)
    assert len(zalo.bot.called("setWebhook")) == 1
    zalo.point_webhook_to(zalo.bot, THEIRS)
    await until(lambda: watch.heard == ["ok", f"{FOREIGN_WEBHOOK}!"])
    zalo.point_webhook_to(zalo.bot, None)
    await until(lambda: watch.heard[-1] == "ok" and zalo.bot.webhook is not None)
    assert zalo.bot.webhook.url == OURS
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_to_stop_ends_the_trying(zalo, client):
    zalo.point_webhook_to(zalo.bot, THEIRS)
    stop = asyncio.Event()
    task = asyncio.create_task(announce(client, HOOK, watch=Watch(), stop=stop))
    await until(lambda: zalo.bot.called("getWebhookInfo"))
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_an_address_kept_though_its_trial_failed_counts_as_set_and_is_told(zalo, client, caplog):
    zalo.bot.verifies = {"ok": False}
    await announce(client, HOOK, watch=Watch(), stop=asyncio.Event())
    assert "cannot reach it" in caplog.text


async def test_a_refusal_after_saving_counts_as_set_too(zalo, client):
    zalo.bot.refuses_webhook_after_saving = True
    kept = await register(client, HOOK)
    assert (kept.url, kept.is_verified) == (OURS, False)


async def test_a_refusal_that_saved_nothing_is_a_refusal(zalo, client):
    with pytest.raises(RefusedError):
        await register(client, Hook("http://nhacviec.example.vn", "a-secret-of-16-letters"))
    assert zalo.bot.webhook is None
