"""A second client library, python-telegram-bot, finds in our fake Bot API the Telegram it was written for."""

from datetime import timedelta

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TimedOut

from tests.fakes.telegram_limits import Limits
from tests.fakes.telegram_server import FakeTelegram

AN, GROUP = 501, -77
DONE = InlineKeyboardMarkup([[InlineKeyboardButton("Đã xong", callback_data="xong 12")]])


@pytest.fixture
async def telegram():
    async with FakeTelegram() as telegram:
        telegram.add_person(AN)
        telegram.add_group(GROUP, kind="group")
        yield telegram


def client_of(telegram, token=None):
    return Bot(token or telegram.token, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot")


@pytest.fixture
async def bot(telegram):
    async with client_of(telegram) as bot:
        yield bot


async def test_it_knows_who_it_is(bot, telegram):
    assert (bot.id, bot.username) == (telegram.bot_id, "don_doc_bot")
    assert (await bot.get_me()).can_join_groups


async def test_it_sends_edits_and_deletes(bot, telegram):
    sent = await bot.send_message(AN, "<b>Việc</b> 12", parse_mode=ParseMode.HTML, reply_markup=DONE)
    assert (sent.text, sent.entities[0].type) == ("Việc 12", "bold")
    edited = await sent.edit_text("Việc 12: đã xong")
    assert (edited.text, edited.reply_markup) == ("Việc 12: đã xong", None)
    assert await sent.delete()
    assert telegram.texts(AN) == ["Việc 12"]


async def test_it_polls_acknowledges_and_answers_a_tap(bot, telegram):
    sent = await bot.send_message(AN, "Việc 12", reply_markup=DONE)
    query = telegram.person_taps(AN, sent.message_id, "Đã xong")
    telegram.person_says(AN, "/viec", reply_to=sent.message_id)
    tapped, said = await bot.get_updates(timeout=5)
    assert await tapped.callback_query.answer("Đã ghi")
    assert telegram.taps[query].answer == "Đã ghi"
    assert said.message.reply_to_message.message_id == sent.message_id
    assert [entity.type for entity in said.message.entities] == ["bot_command"]
    assert await bot.get_updates(offset=said.update_id + 1) == ()
    assert telegram.pending == []


async def test_it_reads_membership_and_edits_as_updates(bot, telegram):
    said = telegram.person_says(AN, "xong 21")
    telegram.person_edits(AN, said["message_id"], "xong 12")
    telegram.person_blocks(AN)
    _, edited, blocked = await bot.get_updates()
    assert (edited.edited_message.text, edited.edited_message.edit_date is not None) == ("xong 12", True)
    assert (blocked.my_chat_member.new_chat_member.status, blocked.effective_chat.id) == ("kicked", AN)


async def test_it_sends_and_fetches_files(bot, telegram):
    sent = await bot.send_document(AN, b"noi dung", filename="qua-han.csv", caption="Quá hạn")
    assert (sent.document.file_name, sent.caption) == ("qua-han.csv", "Quá hạn")
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"noi dung"
    assert (await bot.send_photo(AN, b"anh")).photo


async def test_it_sets_menu_action_and_webhook(bot, telegram):
    assert await bot.set_my_commands([BotCommand("viec", "Việc của tôi")])
    assert await bot.get_my_commands() == (BotCommand("viec", "Việc của tôi"),)
    assert await bot.send_chat_action(AN, "typing")
    assert await bot.set_webhook("https://don-doc.example/hook", secret_token="bi-mat", allowed_updates=["message"])
    assert (await bot.get_webhook_info()).url == "https://don-doc.example/hook"
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook()


async def test_it_understands_every_refusal(bot, telegram):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "a")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await (await bot.send_message(AN, "a")).edit_text("a")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("1")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="ệ" * 22)]])
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(AN, "a", reply_markup=markup)
    telegram.person_blocks(AN)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(AN, "a")
    telegram.migrates(GROUP, -1_001_077)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(GROUP, "a")
    assert moved.value.new_chat_id == -1_001_077


async def test_it_is_told_how_long_to_wait(bot, telegram, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    telegram.limits = Limits(private=(1, 30))
    await bot.send_message(AN, "a")
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(AN, "b")
    assert flood.value.retry_after == timedelta(seconds=30)


async def test_a_delivered_message_may_look_like_a_time_out(bot, telegram):
    telegram.fail("delay_after", seconds=1.0)
    with pytest.raises(TimedOut):
        await bot.send_message(AN, "a", read_timeout=0.2)
    assert telegram.texts(AN) == ["a"]


async def test_a_revoked_token_is_invalid(telegram):
    client = client_of(telegram, token="7001:revoked")
    with pytest.raises(InvalidToken):
        await client.initialize()
    await client.shutdown()


async def test_an_update_it_receives_survives_its_own_json(bot, telegram):
    telegram.person_says(GROUP, "/viec@don_doc_bot")
    (update,) = await bot.get_updates()
    assert Update.de_json(update.to_dict(), bot) == update
