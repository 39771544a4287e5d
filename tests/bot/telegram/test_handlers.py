"""Updates as Telegram writes them become answers in the outbox; a handler sends nothing but the acknowledgement."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.conversation.conversation import Conversation
from bot.telegram.channel import TelegramChannel
from bot.telegram.handlers import TelegramHandler, acknowledge
from bot.telegram.wire import make_bot
from models.audit import AuditEvent
from models.person import Address
from models.terms import Role
from reminders.channel import Button, Message
from reminders.inbox import ClaimedUpdate
from reminders.wording import Wording
from tests.bot.conversation.builders import INVITE_KEY, Town, build_town
from tests.builders import CALENDAR, add_linked_person
from tests.fakes.telegram_server import FakeTelegram

JUSTICE, UNKNOWN, GROUP = 501, 502, -1001
BOT_KEY = "telegram:7001"


_ME = {"id": 7001, "is_bot": True, "first_name": "Đôn Đốc"}
UNBLOCKED = {
    "chat": {"id": JUSTICE, "type": "private", "first_name": "An"},
    "from": {"id": JUSTICE, "is_bot": False, "first_name": "An"},
    "date": 0,
    "old_chat_member": {"user": _ME, "status": "kicked", "until_date": 0},
    "new_chat_member": {"user": _ME, "status": "member"},
}


class Phone:
    """One bot's Telegram with its inbox handled by hand."""

    def __init__(self, telegram, client, town: Town):
        self.telegram, self.town = telegram, town
        self.handler = TelegramHandler(
            client, Conversation(Wording(CALENDAR), invite_key=INVITE_KEY), clock=lambda: town.now
        )
        self._seen = set()

    async def handle_new(self):
        """Handle what arrived since, each update in its own transaction; returns the texts now owed."""
        for update in self.telegram.unexpired():
            if update["update_id"] not in self._seen:
                self._seen.add(update["update_id"])
                await self.handle(json.dumps(update), key=str(update["update_id"]))
        await self.handler.close()
        return [row.payload["text"] for row in await self.town.owed(f"reply:{BOT_KEY}:%")]

    async def handle(self, body, *, key="1"):
        row = ClaimedUpdate(
            id=1,
            bot=BOT_KEY,
            update_key=key,
            chat="0",
            body=body,
            received_at=self.town.now,
            lease_token="t",
            attempts=1,
        )
        async with self.town.database.write() as session:
            await self.handler(session, row)
            await session.commit()

    async def events(self):
        async with self.town.database.read() as session:
            return list((await session.execute(select(AuditEvent).order_by(AuditEvent.id))).scalars())


@pytest.fixture
async def phone(database, now):
    town = await build_town(database, now)
    await add_linked_person(database, now, "Trưởng Phòng", ("T.TP", Role.UNIT_HEAD), chat=str(JUSTICE), bot=BOT_KEY)
    async with FakeTelegram() as telegram:
        telegram.add_person(JUSTICE)
        telegram.add_person(UNKNOWN)
        telegram.add_group(GROUP, members=[JUSTICE])
        client = make_bot(telegram.token, api_base=telegram.url, proxy=None, request_timeout=timedelta(seconds=5))
        phone = Phone(telegram, client, town)
        yield phone
        await phone.handler.close()
        await client.session.close()


async def test_a_text_is_answered_through_the_outbox_and_nothing_is_sent_from_here(phone):
    phone.telegram.person_says(JUSTICE, "4 xong")
    (text,) = await phone.handle_new()
    assert text.startswith("Đã ghi: 4")
    assert (await phone.town.states())["T.TP", 4] == "submitted"
    assert phone.telegram.called("sendMessage") == []


async def test_a_tap_is_acknowledged_and_obeyed_as_if_typed(phone):
    channel = TelegramChannel(phone.handler._bot)
    ref = await channel.send(str(JUSTICE), Message("Việc 4", ((Button("Đã xong", "xong 4"),),)))
    phone.telegram.person_taps(JUSTICE, int(ref), "Đã xong")
    (text,) = await phone.handle_new()
    assert text.startswith("Đã ghi: 4")
    assert len(phone.telegram.called("answerCallbackQuery")) == 1


async def test_the_same_update_twice_owes_one_answer_and_changes_once(phone):
    phone.telegram.person_says(JUSTICE, "4 đang làm 60%")
    (update,) = phone.telegram.unexpired()
    await phone.handle(json.dumps(update), key="9")
    await phone.handle(json.dumps(update), key="9")
    assert len(await phone.town.owed(f"reply:{BOT_KEY}:%")) == 1


async def test_a_tap_that_cannot_be_acknowledged_is_obeyed_all_the_same(phone):
    channel = TelegramChannel(phone.handler._bot)
    ref = await channel.send(str(JUSTICE), Message("Việc 4", ((Button("Đã xong", "xong 4"),),)))
    phone.telegram.person_taps(JUSTICE, int(ref), "Đã xong")
    (update,) = phone.telegram.unexpired()
    await phone.telegram.goes_dark()
    await phone.handle(json.dumps(update))
    await phone.handler.close()
    assert (await phone.town.states())["T.TP", 4] == "submitted"


async def test_a_query_that_is_too_old_is_no_error(phone):
    await acknowledge(phone.handler._bot, "no such query")


async def test_a_reply_names_the_message_it_answers(phone):
    channel = TelegramChannel(phone.handler._bot)
    ref = await channel.send(str(JUSTICE), Message("Việc 1"))
    await phone.town.nudge(str(JUSTICE), "elsewhere", "T.TP", 1)
    await phone.town.delivered(ref, bot=BOT_KEY)
    phone.telegram.person_says(JUSTICE, "xong rồi ạ", reply_to=int(ref))
    assert "Đã ghi: 1 ·" in (await phone.handle_new())[-1]


async def test_a_start_link_and_a_stranger(phone):
    phone.telegram.person_says(UNKNOWN, "/start ABCD2345")
    phone.telegram.person_says(UNKNOWN, "hello")
    phone.telegram.person_says(UNKNOWN, "hello")
    texts = await phone.handle_new()
    assert texts[0].startswith("Mã này không đúng.")
    assert texts[1].startswith("Đây là hệ thống nhắc việc tự động")
    assert len(texts) == 2


async def test_what_is_neither_words_nor_a_file_is_recorded_and_answered_in_words(phone):
    said = phone.telegram.person_says(JUSTICE, "")
    message = {key: said[key] for key in said if key != "text"} | {"contact": {"phone_number": "1", "first_name": "An"}}
    await phone.handle(json.dumps({"update_id": 1, "message": message}))
    (row,) = await phone.town.owed(f"reply:{BOT_KEY}:%")
    assert "chỉ đọc được chữ" in row.payload["text"]
    assert (await phone.events())[-1].action == "not-text"


async def test_a_file_that_was_not_fetched_is_said_and_its_caption_is_an_answer(phone):
    phone.telegram.person_sends_file(JUSTICE, "anh.pdf", b"pdf", caption="4 xong")
    (text,) = await phone.handle_new()
    assert text.endswith("chưa tải về được. Xin gửi lại.")
    assert (await phone.town.states())["T.TP", 4] == "submitted"


async def test_an_edited_message_replaces_its_answer(phone):
    message = phone.telegram.person_says(JUSTICE, "4 đang làm")
    await phone.handle_new()
    phone.telegram.person_edits(JUSTICE, message["message_id"], "4 xong")
    assert (await phone.handle_new())[-1].startswith("Theo tin đã sửa, lời trước về việc 4 được lấy lại.\nĐã ghi: 4")
    assert (await phone.town.states())["T.TP", 4] == "submitted"


async def test_a_group_is_left_alone(phone):
    phone.telegram.person_says(GROUP, "/xong 4", sender=JUSTICE)
    assert await phone.handle_new() == []
    assert (await phone.town.states())["T.TP", 4] == "not_started"


async def test_a_blocked_bot_marks_the_address_and_an_unblocked_one_clears_it(phone):
    async def reason():
        async with phone.town.database.read() as session:
            query = select(Address.unreachable_reason).where(Address.chat == str(JUSTICE))
            return (await session.execute(query)).scalar_one()

    phone.telegram.person_blocks(JUSTICE)
    await phone.handle_new()
    assert await reason() == "blocked by the person"
    phone.telegram.push_update("my_chat_member", UNBLOCKED)
    await phone.handle_new()
    assert await reason() is None


UNREADABLE = (
    "", "null", "[]", "{}", '{"update_id": 1}', '{"update_id": 1, "hologram": {}}',
    '{"update_id": 1, "message": {"text": 3}}', "[" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: body[:24])
async def test_what_cannot_be_read_is_recorded_and_skipped(phone, body):
    await phone.handle(body)
    assert (await phone.events())[-1].action == "unreadable-update"
    assert await phone.town.owed(f"reply:{BOT_KEY}:%") == []


pieces = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=20),
    lambda inner: st.dictionaries(
        st.sampled_from(["message", "chat", "id", "type", "from", "text", "date", "message_id", "data", "first_name",
                         "is_bot", "callback_query", "chat_instance", "my_chat_member", "new_chat_member"]),
        inner, max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip
chats = st.fixed_dictionaries(
    {"id": st.sampled_from([JUSTICE, UNKNOWN, GROUP]), "type": st.sampled_from(["private", "supergroup"])}
)
senders = st.fixed_dictionaries(
    {"id": st.sampled_from([JUSTICE, UNKNOWN]), "is_bot": st.booleans(), "first_name": st.text()}
)
messages = st.fixed_dictionaries(
    {"message_id": st.integers(1, 99), "date": st.integers(0, 2**31), "chat": chats, "from": senders, "text": st.text()}
)
junk = {"message": pieces, "callback_query": pieces, "my_chat_member": pieces, "edited_message": messages}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    update=st.one_of(
        st.fixed_dictionaries({"update_id": st.just(5), "message": messages}),
        st.fixed_dictionaries({"update_id": st.just(5)}, optional=junk),
    )
)
async def test_no_update_brings_the_worker_down(phone, update):
    await phone.handle(json.dumps(update))
