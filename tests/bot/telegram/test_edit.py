"""A message of ours is edited in its place; what Telegram says about that becomes an error of ours, or nothing."""

from datetime import timedelta

import pytest

from bot.telegram.channel import TelegramChannel
from bot.telegram.wire import make_bot
from models.errors import RejectedError, TryLaterError
from reminders.channel import Button, Edits, Message
from tests.fakes.telegram_server import FakeTelegram

AN = 501
KEYS = ((Button("Đây là minh chứng", "minh chung van ban 3"),),)


@pytest.fixture
async def server():
    async with FakeTelegram() as server:
        server.add_person(AN)
        yield server


@pytest.fixture
async def channel(server):
    client = make_bot(server.token, api_base=server.url, proxy=None, request_timeout=timedelta(seconds=5))
    yield TelegramChannel(client)
    await client.session.close()


async def test_the_words_change_in_their_place_and_the_buttons_stay(server, channel):
    assert isinstance(channel, Edits)
    ref = await channel.send(str(AN), Message("đang đọc", KEYS))
    await channel.edit(str(AN), ref, Message("5 < 6\ntrang 2/7", KEYS))
    message = server.message(AN, int(ref))
    assert message["text"] == "5 < 6\ntrang 2/7"
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "minh chung van ban 3"
    assert len(server.sent_to(AN)) == 1


async def test_the_same_words_again_are_no_failure(channel):
    ref = await channel.send(str(AN), Message("đang đọc", KEYS))
    await channel.edit(str(AN), ref, Message("đang đọc", KEYS))


async def test_a_message_that_is_gone_is_refused(channel):
    with pytest.raises(RejectedError):
        await channel.edit(str(AN), "4711", Message("đang đọc", KEYS))


async def test_too_many_requests_are_ours_to_try_later(server, channel):
    ref = await channel.send(str(AN), Message("đang đọc", KEYS))
    server.fail("flood", method="editMessageText", retry_after=9)
    with pytest.raises(TryLaterError):
        await channel.edit(str(AN), ref, Message("đang đọc trang 2/7", KEYS))
