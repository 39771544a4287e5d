"""A second client library, python-zalo-bot, finds in our fake Zalo the Bot API it was written for.

It speaks in forms where we speak in JSON, and swallows what it is refused with HTTP 200: both are its own.
"""

import pytest
from zalo_bot import Bot
from zalo_bot.error import BadRequest, InvalidToken, NetworkError

from tests.fakes.zalo_server import FakeZalo

AN = "6ede9afa66b88fe6d6a9"
SECRET = "a-secret-of-16-letters"


@pytest.fixture
async def zalo():
    async with FakeZalo() as zalo:
        zalo.bot.add_person(AN)
        zalo.bot.idles_for = 0.05
        yield zalo


@pytest.fixture
async def bot(zalo):
    async with Bot(zalo.bot.token, base_url=zalo.url) as bot:
        yield bot


async def test_it_knows_who_it_is(bot):
    me = await bot.get_me()
    assert (me.id, me.account_name, me.account_type, me.can_join_groups) == (
        "2718281828", "bot.DonDoc", "BASIC", True,
    )  # fmt: skip


async def test_it_sends_words_pictures_and_stickers(bot, zalo):
    zalo.bot.pictures["1.jpg"] = b"\xff\xd8"
    sent = await bot.send_message(AN, "Việc 12 😀")
    await bot.send_photo(AN, "biểu đồ", f"{zalo.url}/pictures/1.jpg")
    await bot.send_sticker(AN, "d063f44dc80821567819")
    await bot.send_chat_action(AN, "typing")
    assert sent.message_id == zalo.bot.transcript[0].message_id
    assert [(each.method, each.text) for each in zalo.bot.transcript] == [
        ("sendMessage", "Việc 12 😀"),
        ("sendPhoto", "biểu đồ"),
        ("sendSticker", "d063f44dc80821567819"),
    ]
    assert zalo.bot.actions == [(AN, "typing")]


async def test_it_asks_for_one_update_at_a_time(bot, zalo):
    said = zalo.bot.person_says(AN, "xong 12")
    update = await bot.get_update(timeout=5)
    message = update.message
    assert (message.text, message.message_id, message.chat.id) == ("xong 12", said["message_id"], AN)
    assert (message.chat.type, message.from_user.id, message.from_user.is_bot) == ("PRIVATE", AN, False)
    assert int(message.date.timestamp() * 1000) == said["date"]


async def test_it_reads_a_picture_under_the_name_it_knows(bot, zalo):
    zalo.bot.photo_field = "photo_url"
    zalo.bot.person_sends_photo(AN, b"\xff\xd8")
    update = await bot.get_update(timeout=5)
    assert update.message.photo_url.startswith(f"{zalo.url}/pictures/")


async def test_an_idle_poll_ends_with_408(bot):
    with pytest.raises(NetworkError, match="408"):
        await bot.get_update(timeout=5)


async def test_it_sets_looks_at_and_takes_off_a_webhook(bot, zalo):
    with pytest.raises(InvalidToken, match="webhook not found"):  # its word for every 404
        await bot._get_webhook_info_async()
    assert await bot._set_webhook_async("https://don-doc.example.vn/z", SECRET)
    assert (await bot._get_webhook_info_async()).url == "https://don-doc.example.vn/z"
    assert (zalo.bot.webhook.url, zalo.bot.webhook.secret) == ("https://don-doc.example.vn/z", SECRET)
    assert await bot._delete_webhook_async()
    assert zalo.bot.webhook is None


async def test_it_understands_refusals_that_come_with_their_status(bot, zalo):
    with pytest.raises(BadRequest, match="chat not found"):
        await bot.send_message("nobody", "a")
    with pytest.raises(BadRequest, match="longer"):
        await bot.send_message(AN, "a" * 2001)
    zalo.fail("status", code=500)
    with pytest.raises(NetworkError):
        await bot.send_message(AN, "a")


async def test_it_takes_a_refusal_in_a_200_for_an_answer(bot, zalo):
    """Why every answer is checked three times over here: this client sees no failure at all."""
    zalo.bot.is_revoked = True
    assert await bot.get_me() is None
    assert zalo.bot.calls[-1].code == 401
