"""What TelegramChannel and the poller promise, on our own fake and on a Bot API server written by strangers."""

import asyncio
import json
from datetime import timedelta

import pytest
from aiogram.types import Update

from bot.telegram.channel import TelegramChannel
from bot.telegram.poller import poll_updates
from bot.telegram.wire import make_bot
from reminders.channel import Button, Channel, Message
from tests.fakes.telegram_worlds import SOURCE, Arrived, our_own, strangers

AN, BINH = 501, 502
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]


@pytest.fixture(params=[our_own, strangers], ids=["our own fake", "telegram-test-api"])
async def server(request):
    async with request.param(AN, BINH) as server:
        yield server


@pytest.fixture
async def client(server):
    client = make_bot(server.token, api_base=server.url, proxy=None, request_timeout=timedelta(seconds=5))
    yield client
    await client.session.close()


@pytest.fixture
def channel(client) -> Channel:
    return TelegramChannel(client)


async def received(client, *, count):
    """What the poller stores, until `count` updates are there."""
    stored = []
    stop = asyncio.Event()

    async def store(batch):
        stored.extend(batch)
        if len(stored) >= count:
            stop.set()

    async with asyncio.timeout(10):
        await poll_updates(client, store=store, stop=stop, allowed_updates=KINDS, timeout=timedelta(seconds=2))
    return stored


async def test_a_message_arrives_and_its_reference_names_it(server, channel):
    first = await channel.send(str(AN), Message("Việc 12 đến hạn hôm nay"))
    second = await channel.send(str(AN), Message("Việc 13 đến hạn ngày mai"))
    assert first != second
    assert [sent.text for sent in await server.arrived()] == ["Việc 12 đến hạn hôm nay", "Việc 13 đến hạn ngày mai"]


@pytest.mark.parametrize(
    "text",
    ["5 < 6 & 7 > 6", "Sở <b>Nội vụ</b>\n&lt;không phải thẻ&gt;", 'dòng "một"\n\n  dòng hai\n😀', "a\n" + "<" * 4094],
)
async def test_the_person_reads_exactly_what_was_meant(server, channel, text):
    await channel.send(str(AN), Message(text))
    assert [sent.text for sent in await server.arrived()] == [text]


async def test_each_button_carries_its_command(server, channel):
    rows = ((Button("Đã xong", "xong 12"), Button("Vướng mắc", "vuongmac 12")), (Button("ệ", "ệ" * 21),))
    await channel.send(str(BINH), Message("Việc 12", buttons=rows))
    assert await server.arrived() == [
        Arrived(BINH, "Việc 12", [[("Đã xong", "xong 12"), ("Vướng mắc", "vuongmac 12")], [("ệ", "ệ" * 21)]])
    ]


async def test_an_answer_to_a_message_that_is_gone_is_sent_all_the_same(server, channel):
    await channel.send(str(AN), Message("Đã ghi nhận"), reply_to="4711")
    assert [sent.text for sent in await server.arrived()] == ["Đã ghi nhận"]


async def test_the_bot_is_named_after_its_account(channel, client):
    assert (channel.name, channel.bot) == ("telegram", f"telegram:{(await client.get_me()).id}")


async def test_what_a_person_says_and_taps_is_stored_in_order_in_the_persons_lane(server, client, channel):
    await channel.send(str(AN), Message("Việc 12", buttons=((Button("Đã xong", "xong 12"),),)))
    await server.says(AN, "chào")
    await server.taps(AN, "xong 12")
    await server.says(BINH, "/viec")
    stored = await received(client, count=3)
    assert [update.chat_key for update in stored] == [str(AN), str(AN), str(BINH)]
    assert [update.update_id for update in stored] == sorted(update.update_id for update in stored)
    parsed = [Update.model_validate(json.loads(update.body)) for update in stored]
    assert [update.event_type for update in parsed] == ["message", "callback_query", "message"]
    assert (parsed[0].message.text, parsed[1].callback_query.data) == ("chào", "xong 12")


def test_the_lock_of_the_strangers_names_no_registry():
    lock = (SOURCE / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock
