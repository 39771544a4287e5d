"""A failed request says whether its bytes left this machine, and nobody ever reads the token."""

import asyncio
import logging
import traceback
from datetime import timedelta

import pytest
from aiogram.exceptions import TelegramEntityTooLarge, TelegramNetworkError, TelegramServerError
from aiohttp import web

from bot.telegram.channel import TelegramChannel
from bot.telegram.wire import NotSentError, make_bot
from models.errors import (
    ChannelStoppedError,
    DeliveryError,
    MovedError,
    NotReadyError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from reminders.channel import Message
from tests.fakes.telegram_server import TOKEN, FakeTelegram

AN, GROUP = 501, -77
HELLO = Message("Việc 12")
SECRET = TOKEN.partition(":")[2]


@pytest.fixture
async def telegram():
    async with FakeTelegram(limits=None) as telegram:
        telegram.add_person(AN)
        telegram.add_group(GROUP, kind="group")
        yield telegram


@pytest.fixture
async def make():
    """Clients that are closed when the test ends."""
    made = []

    def make(api_base, *, proxy=None, seconds=5.0):
        timeout = timedelta(seconds=seconds)
        made.append(make_bot(TOKEN, api_base=api_base, proxy=proxy, request_timeout=timeout))
        return made[-1]

    yield make
    for bot in made:
        await bot.session.close()


@pytest.fixture
def channel(telegram, make):
    return TelegramChannel(make(telegram.url, seconds=1.5))


def everything_said(error):
    """The error, its causes and contexts, as any log of any level could show them."""
    return repr(error) + str(error) + "".join(traceback.format_exception(error)) + repr(vars(error))


async def failure(channel, *, address=AN):
    with pytest.raises(DeliveryError) as raised:
        await channel.send(str(address), HELLO)
    assert SECRET not in everything_said(raised.value)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    return raised.value


@pytest.mark.parametrize(
    ("fault", "ours", "delivered"),
    [
        pytest.param({"kind": "drop_before"}, OutcomeUnknownError, 0, id="cut before the delivery"),
        pytest.param({"kind": "drop_after"}, OutcomeUnknownError, 1, id="cut after the delivery"),
        pytest.param({"kind": "reset_before"}, OutcomeUnknownError, 0, id="reset before"),
        pytest.param({"kind": "reset_after"}, OutcomeUnknownError, 1, id="reset after"),
        pytest.param({"kind": "delay_after", "seconds": 3.0}, OutcomeUnknownError, 1, id="answered too late"),
        pytest.param({"kind": "garbage"}, OutcomeUnknownError, 1, id="answered in no known tongue"),
        pytest.param({"kind": "status", "status": 500}, TryLaterError, 0, id="500"),
        pytest.param({"kind": "status", "status": 502}, TryLaterError, 0, id="502"),
        pytest.param({"kind": "page", "status": 502}, TryLaterError, 0, id="a gateway's page"),
        pytest.param({"kind": "page", "status": 302}, TryLaterError, 0, id="a portal's page"),
        pytest.param({"kind": "page", "status": 504}, OutcomeUnknownError, 0, id="a gateway that waited in vain"),
        pytest.param({"kind": "page", "status": 413}, RejectedError, 0, id="too large for a gateway"),
        pytest.param({"kind": "flood", "retry_after": 3000}, TryLaterError, 0, id="429"),
    ],
)
async def test_each_fault_of_the_wire_has_one_meaning(telegram, channel, fault, ours, delivered):
    telegram.fail(**fault)
    assert type(await failure(channel)) is ours
    assert len(telegram.transcript) == delivered
    await channel.send(str(AN), HELLO)
    assert len(telegram.transcript) == delivered + 1


async def test_what_a_chat_answers_is_told_apart(telegram, channel):
    assert type(await failure(channel, address=999)) is UnreachableError
    telegram.person_blocks(AN)
    assert type(await failure(channel)) is UnreachableError
    telegram.migrates(GROUP, -1_001_077)
    moved = await failure(channel, address=GROUP)
    assert type(moved) is MovedError
    assert await channel.send(moved.new_address, HELLO)


async def test_a_server_that_is_not_there_got_nothing(telegram, channel):
    await channel.send(str(AN), HELLO)
    await telegram.goes_dark()
    refused = await failure(channel)
    assert (type(refused), refused.is_rate_limit) == (TryLaterError, False)
    await telegram.comes_back()
    await channel.send(str(AN), HELLO)
    assert len(telegram.transcript) == 2


async def test_a_name_that_does_not_resolve_got_nothing(make):
    assert type(await failure(TelegramChannel(make("http://telegram.invalid")))) is TryLaterError


async def test_tls_that_fails_got_nothing(telegram, make):
    assert type(await failure(TelegramChannel(make(telegram.url.replace("http", "https"))))) is TryLaterError


async def test_time_that_runs_out_while_connecting_is_not_an_unknown_outcome(make):
    hung_up = asyncio.Event()

    async def never_shakes_hands(reader, writer):
        await reader.read()  # till the other side gives up
        writer.close()
        await writer.wait_closed()
        hung_up.set()

    async with await asyncio.start_server(never_shakes_hands, "127.0.0.1", 0) as silent:
        bot = make(f"https://127.0.0.1:{silent.sockets[0].getsockname()[1]}", seconds=0.4)
        with pytest.raises(NotSentError, match="ConnectionTimeoutError") as raised:
            await bot.get_me()
        assert SECRET not in everything_said(raised.value)
        await hung_up.wait()


async def test_an_error_of_the_wire_itself_holds_no_token(telegram, make):
    bot = make(telegram.url)
    telegram.fail("drop_before", method=None)
    with pytest.raises(TelegramNetworkError) as raised:
        await bot.get_me()
    assert SECRET not in everything_said(raised.value)
    assert not isinstance(raised.value, NotSentError)


async def test_a_revoked_token_stops_the_channel_and_stays_unsaid(telegram, make, caplog):
    telegram.token = "7001:another"
    with caplog.at_level(logging.DEBUG):
        assert type(await failure(TelegramChannel(make(telegram.url)))) is ChannelStoppedError
    assert SECRET not in caplog.text


def test_neither_channel_nor_client_shows_the_token(make):
    bot = make(None)
    assert SECRET not in repr(bot) + str(bot) + repr(TelegramChannel(bot)) + repr(bot.session)


async def test_a_token_of_the_wrong_form_says_what_to_do_and_not_what_it_was():
    token = "bi mat"
    with pytest.raises(NotReadyError, match="BotFather") as raised:
        make_bot(token, api_base=None, proxy=None, request_timeout=timedelta(seconds=5))
    assert token not in everything_said(raised.value)
    assert raised.value.__context__ is None


async def test_telegram_itself_is_asked_where_no_other_server_is_named(make):
    assert make(None).session.api.base.startswith("https://api.telegram.org/bot")


# proxies


async def test_every_request_goes_through_the_proxy(telegram, make):
    # the fake takes the proxy's part: it is asked for the whole URL of a server that does not exist
    bot = make("http://telegram.invalid", proxy=telegram.url)
    assert (await bot.get_me()).username == "don_doc_bot"


async def test_a_proxy_that_is_not_there_got_nothing(telegram, make):
    await telegram.goes_dark()
    channel = TelegramChannel(make("http://telegram.invalid", proxy=telegram.url))
    assert type(await failure(channel)) is TryLaterError


async def test_a_proxy_that_opens_no_tunnel_got_nothing(telegram, make):
    channel = TelegramChannel(make("https://telegram.invalid", proxy=telegram.url))
    assert type(await failure(channel)) is TryLaterError


async def test_a_proxy_we_cannot_speak_to_is_refused_at_once():
    with pytest.raises(NotReadyError, match="http://"):
        make_bot(TOKEN, api_base=None, proxy="socks5://127.0.0.1:1080", request_timeout=timedelta(seconds=5))


# answers that are not the Bot API's


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, "{}", TelegramServerError),
        (500, '{"ok": false}', TelegramServerError),
        (407, "proxy wants a name", TelegramServerError),
        (413, "", TelegramEntityTooLarge),
    ],
)
async def test_an_answer_that_is_not_the_bot_apis_is_judged_by_its_status(make, status, body, kind):
    app = web.Application()

    async def answer(request):
        return web.Response(status=status, text=body)

    app.router.add_post("/{anything:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bot = make(f"http://127.0.0.1:{runner.addresses[0][1]}")
    with pytest.raises(kind):
        await bot.get_me()
    await bot.session.close()
    await runner.cleanup()
