"""A failed request says what became of it, and nobody ever reads the token."""

import asyncio
import logging
import traceback
from datetime import timedelta

import pytest
from aiohttp import web

from bot.zalo.channel import AFTER_TOO_MANY, ZaloChannel, translate
from bot.zalo.client import NoAnswerError, NotSentError, RefusedError, ZaloClient, bot_key
from models.errors import (
    ChannelStoppedError,
    DeliveryError,
    NotReadyError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from reminders.channel import Message
from tests.fakes.zalo_server import FakeZalo
from tests.fakes.zalo_world import TOKEN

AN = "6ede9afa66b88fe6d6a9"
HELLO = Message("Việc 12")
SECRET = TOKEN.partition(":")[2]


@pytest.fixture
async def zalo():
    async with FakeZalo() as zalo:
        zalo.bot.add_person(AN)
        yield zalo


@pytest.fixture
async def make():
    """Clients that are closed when the test ends."""
    made = []

    def make(api_base, *, proxy=None, seconds=5.0, token=TOKEN):
        made.append(ZaloClient(token, api_base=api_base, proxy=proxy, request_timeout=timedelta(seconds=seconds)))
        return made[-1]

    yield make
    for client in made:
        await client.close()


@pytest.fixture
def channel(zalo, make):
    return ZaloChannel(make(zalo.url, seconds=1.5))


def everything_said(error):
    """The error, its causes and contexts, as any log of any level could show them."""
    said = []
    while error is not None:
        said += [repr(error), str(error), repr(vars(error)), repr(error.args), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return "".join(said)


async def failure(channel, *, address=AN):
    with pytest.raises(DeliveryError) as raised:
        await channel.send(address, HELLO)
    assert SECRET not in everything_said(raised.value)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    return raised.value


@pytest.mark.parametrize(
    ("fault", "ours", "delivered"),
    [
        pytest.param({"kind": "drop_before"}, OutcomeUnknownError, 0, id="cut before the delivery"),
        pytest.param({"kind": "drop_after"}, OutcomeUnknownError, 1, id="cut after the delivery"),
        pytest.param({"kind": "delay_after", "seconds": 3.0}, OutcomeUnknownError, 1, id="answered too late"),
        pytest.param({"kind": "garbage"}, OutcomeUnknownError, 1, id="answered in no known tongue"),
        pytest.param({"kind": "no_field"}, OutcomeUnknownError, 1, id="answered without a message_id"),
        pytest.param({"kind": "status", "code": 408}, OutcomeUnknownError, 0, id="408"),
        pytest.param({"kind": "ok_false_after", "code": 408}, OutcomeUnknownError, 1, id="408 in a 200"),
        pytest.param({"kind": "page", "code": 504}, OutcomeUnknownError, 0, id="a gateway that waited in vain"),
        pytest.param({"kind": "status", "code": 500}, TryLaterError, 0, id="500"),
        pytest.param({"kind": "page", "code": 502}, TryLaterError, 0, id="a gateway's page"),
        pytest.param({"kind": "page", "code": 302}, TryLaterError, 0, id="a portal's page"),
        pytest.param({"kind": "page", "code": 407}, TryLaterError, 0, id="a proxy that wants a name"),
        pytest.param({"kind": "status", "code": 403}, TryLaterError, 0, id="403"),
        pytest.param({"kind": "status", "code": 429}, TryLaterError, 0, id="429"),
        pytest.param({"kind": "ok_false", "code": "429"}, TryLaterError, 0, id="429 in digits in a 200"),
        pytest.param({"kind": "ok_false", "code": 401}, ChannelStoppedError, 0, id="401 in a 200"),
        pytest.param({"kind": "status", "code": 401}, ChannelStoppedError, 0, id="401"),
        pytest.param({"kind": "page", "code": 413}, RejectedError, 0, id="too large for a gateway"),
        pytest.param({"kind": "ok_false", "code": 400}, RejectedError, 0, id="400"),
        pytest.param({"kind": "ok_false", "code": 777}, RejectedError, 0, id="a code nobody knows"),
        pytest.param(
            {"kind": "ok_false", "code": 400, "description": "Chat not found"}, UnreachableError, 0, id="no such chat"
        ),
    ],
)
async def test_each_fault_of_the_wire_has_one_meaning(zalo, channel, fault, ours, delivered):
    zalo.fail(**fault)
    assert type(await failure(channel)) is ours
    assert len(zalo.bot.transcript) == delivered
    await channel.send(AN, HELLO)
    assert len(zalo.bot.transcript) == delivered + 1


async def test_too_many_is_told_as_a_limit_with_a_long_wait(zalo, channel):
    zalo.fail("status", code=429)
    limited = await failure(channel)
    assert (limited.is_rate_limit, limited.retry_after) == (True, AFTER_TOO_MANY)


async def test_a_chat_zalo_does_not_know_is_out_of_reach(channel):
    assert type(await failure(channel, address="nobody")) is UnreachableError


async def test_a_server_that_is_not_there_got_nothing(zalo, channel):
    await zalo.goes_dark()
    refused = await failure(channel)
    assert (type(refused), refused.is_rate_limit) == (TryLaterError, False)
    await zalo.comes_back()
    await channel.send(AN, HELLO)
    assert len(zalo.bot.transcript) == 1


async def test_a_name_that_does_not_resolve_got_nothing(make):
    assert type(await failure(ZaloChannel(make("http://zalo.invalid")))) is TryLaterError


async def test_tls_that_fails_got_nothing(zalo, make):
    assert type(await failure(ZaloChannel(make(zalo.url.replace("http", "https"))))) is TryLaterError


async def test_time_that_runs_out_while_connecting_is_not_an_unknown_outcome(make):
    hung_up = asyncio.Event()

    async def never_shakes_hands(reader, writer):
        await reader.read()  # till the other side gives up
        writer.close()
        await writer.wait_closed()
        hung_up.set()

    async with await asyncio.start_server(never_shakes_hands, "127.0.0.1", 0) as silent:
        client = make(f"https://127.0.0.1:{silent.sockets[0].getsockname()[1]}", seconds=0.4)
        with pytest.raises(NotSentError, match="ConnectionTimeoutError") as raised:
            await client.get_me()
        assert SECRET not in everything_said(raised.value)
        await hung_up.wait()


async def test_no_log_of_any_level_holds_the_token(zalo, make, caplog):
    with caplog.at_level(logging.DEBUG):
        client = make(zalo.url, seconds=0.5)
        for kind in ("drop_before", "drop_after", "garbage", "no_field"):
            zalo.fail(kind)
            await failure(ZaloChannel(client))
        zalo.bot.is_revoked = True
        await failure(ZaloChannel(client))
        await zalo.goes_dark()
        await failure(ZaloChannel(client))
    assert SECRET not in caplog.text


async def test_a_description_that_quotes_the_token_is_told_without_it(zalo, channel):
    zalo.fail("ok_false", code=400, description=f"bad request to /bot{TOKEN}/sendMessage ({SECRET})")
    assert "***" in str(await failure(channel))


def test_neither_channel_nor_client_shows_the_token(make):
    client = make(None)
    assert SECRET not in repr(client) + str(client) + repr(ZaloChannel(client)) + ZaloChannel(client).bot


def test_the_bot_is_named_by_its_id_and_else_by_a_hash_that_shows_nothing():
    assert bot_key("2718281828:the-secret") == bot_key("2718281828:another-secret") == "zalo:2718281828"
    for token in ("a-token-without-any-colon", "/odd id:secret", ":secret"):
        key = bot_key(token)
        assert key == bot_key(token)
        assert len(key) == len("zalo:") + 12
        assert not any(part in key for part in token.split(":") if part)


async def test_zalo_itself_is_asked_where_no_other_server_is_named(make):
    assert make(None)._base == "https://bot-api.zaloplatforms.com"


# asking


async def test_nothing_new_is_no_failure(zalo, make):
    zalo.bot.idles_for = 0.01
    assert await make(zalo.url).get_updates(hold=timedelta(seconds=30)) is None
    assert zalo.bot.called("getUpdates")[0].params == {"timeout": "30"}


async def test_we_wait_longer_than_zalo_holds_the_question(zalo, make):
    zalo.bot.idles_for = 1.2
    assert await make(zalo.url, seconds=0.3).get_updates(hold=timedelta(seconds=1)) is None


async def test_an_update_without_its_envelope_is_taken(zalo, make):
    zalo.bot.shape = "flat"
    zalo.bot.person_says(AN, "chào")
    answer = await make(zalo.url).get_updates(hold=timedelta(seconds=1))
    assert answer["message"]["text"] == "chào"


@pytest.mark.parametrize("how", ["404", "empty"])
async def test_no_webhook_is_known_in_either_way(zalo, make, how):
    zalo.bot.says_no_webhook_by = how
    client = make(zalo.url)
    assert await client.get_webhook_info() is None
    await client.delete_webhook()


@pytest.mark.parametrize(
    ("word", "read"),
    [(None, None), ({"ok": False}, False), ({"success": True}, True), ({"status": "failed"}, False), ("success", True),
     ({"message": "?"}, None), (True, True), ("", None)],
    ids=str,
)  # fmt: skip
async def test_what_zalo_says_of_a_webhooks_trial_is_read_in_every_likely_form(zalo, make, word, read):
    zalo.bot.verifies = word
    assert (await make(zalo.url).set_webhook("https://a.example.vn/z", "a secret of length")).is_verified is read


async def test_the_rest_of_the_ten_methods(zalo, make):
    client = make(zalo.url)
    me = await client.get_me()
    assert (me.id, me.account_name, me.can_join_groups, me.display_name) == ("2718281828", "bot.DonDoc", True, "")
    await client.send_sticker(AN, "d063f44dc80821567819")
    await client.send_voice(AN, "https://a.example.vn/a.aac")
    await client.send_chat_action(AN)
    zalo.bot.pictures["1.jpg"] = b"\xff\xd8"
    await client.send_photo(AN, f"{zalo.url}/pictures/1.jpg")
    assert [sent.method for sent in zalo.bot.transcript] == ["sendSticker", "sendVoice", "sendPhoto"]
    assert zalo.bot.actions == [(AN, "typing")]
    assert all(call.params.keys() <= {"chat_id", "sticker", "voice_url", "photo", "action"} for call in zalo.bot.calls)


# proxies


async def test_every_request_goes_through_the_proxy(zalo, make):
    # the fake takes the proxy's part: it is asked for the whole URL of a server that does not exist
    client = make("http://zalo.invalid", proxy=zalo.url)
    assert (await client.get_me()).account_name == "bot.DonDoc"


async def test_a_proxy_that_opens_no_tunnel_got_nothing(zalo, make):
    assert type(await failure(ZaloChannel(make("https://zalo.invalid", proxy=zalo.url)))) is TryLaterError


def test_a_proxy_we_cannot_speak_to_is_refused_at_once():
    with pytest.raises(NotReadyError, match="http://"):
        ZaloClient(TOKEN, api_base=None, proxy="socks5://127.0.0.1:1080")


# answers that are not Zalo's


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(200, "[]", NoAnswerError, id="a list"),
        pytest.param(200, "7", NoAnswerError, id="a number"),
        pytest.param(200, '{"ok": "true", "result": {"id": "1"}}', RefusedError, id="ok that is not true"),
        pytest.param(200, '{"ok": true}', NoAnswerError, id="no result"),
        pytest.param(200, '{"ok": true, "result": {"id": ""}}', NoAnswerError, id="an empty field"),
        pytest.param(200, '{"ok": true, "result": {"id": true}}', NoAnswerError, id="a field of the wrong kind"),
        pytest.param(200, '{"ok": false}', RefusedError, id="refused without a code"),
        pytest.param(500, '{"ok": true, "result": {"id": "1"}}', RefusedError, id="ok in a 500"),
        pytest.param(200, "[" * 100_000, NoAnswerError, id="deeper than anybody reads"),
        pytest.param(200, " " * 5_000_000 + "{}", NoAnswerError, id="longer than any answer"),
    ],
)
async def test_an_answer_needs_its_status_its_ok_and_its_field(make, status, body, kind):
    app = web.Application()

    async def answer(request):
        return web.Response(status=status, text=body)

    app.router.add_post("/{anything:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with pytest.raises(kind):
        await make(f"http://127.0.0.1:{runner.addresses[0][1]}").get_me()
    await runner.cleanup()


def test_a_refusal_without_any_code_is_our_own_mistake():
    assert type(translate(RefusedError(0, ""))) is RejectedError
