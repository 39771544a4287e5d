"""Updates as Zalo writes them become answers in the outbox; what nobody could answer is recorded and skipped."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.conversation.conversation import Conversation
from bot.zalo.handlers import ZaloHandler
from models.audit import AuditEvent
from models.terms import Role
from reminders.inbox import ClaimedUpdate
from reminders.wording import Wording
from tests.bot.conversation.builders import INVITE_KEY, Town, build_town
from tests.builders import CALENDAR, add_linked_person
from tests.fakes.zalo_world import ZaloWorld

JUSTICE, UNKNOWN, GROUP = "6ede9afa66b88fe6d6a9", "e9d66fb8", "g001"


class Phone:
    """One bot's Zalo with its inbox handled by hand."""

    def __init__(self, town: Town):
        self.town, self.world = town, ZaloWorld()
        self.handler = ZaloHandler(
            Conversation(Wording(CALENDAR), invite_key=INVITE_KEY),
            clock=lambda: town.now,
            names=lambda: {self.world.shown_name},
        )

    async def handle_new(self):
        """Handle what arrived since, each update in its own transaction; returns the texts now owed."""
        while (update := self.world.take_update()) is not None:
            await self.handle(json.dumps(update), key=update["message"]["message_id"])
        return [row.payload["text"] for row in await self.owed()]

    async def handle(self, body, *, key="1"):
        row = ClaimedUpdate(
            id=1,
            bot=self.world.bot_key,
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

    async def owed(self):
        return await self.town.owed(f"reply:{self.world.bot_key}:%")

    async def events(self):
        async with self.town.database.read() as session:
            return list((await session.execute(select(AuditEvent).order_by(AuditEvent.id))).scalars())


@pytest.fixture
async def phone(database, now):
    town = await build_town(database, now)
    phone = Phone(town)
    place = ("T.TP", Role.UNIT_HEAD)
    await add_linked_person(database, now, "Trưởng Phòng", place, chat=JUSTICE, bot=phone.world.bot_key)
    phone.world.add_person(JUSTICE)
    phone.world.add_person(UNKNOWN)
    phone.world.add_group(GROUP, members=(JUSTICE, UNKNOWN))
    return phone


async def test_a_text_is_answered_through_the_outbox(phone):
    phone.world.person_says(JUSTICE, "4 xong")
    (text,) = await phone.handle_new()
    assert text.startswith("Đã ghi: 4")
    assert (await phone.town.states())["T.TP", 4] == "submitted"
    (row,) = await phone.owed()
    assert (row.bot, row.chat) == ("zalo:2718281828", JUSTICE)


@pytest.mark.parametrize("words", ["xong 4", "XONG 4", "/xong 4", "đã xong việc số 4", "4 xong ạ"])
async def test_words_count_with_or_without_marks_and_slash(phone, words):
    phone.world.person_says(JUSTICE, words)
    await phone.handle_new()
    assert (await phone.town.states())["T.TP", 4] == "submitted"


async def test_the_same_update_twice_owes_one_answer(phone):
    phone.world.replays = 1
    phone.world.person_says(JUSTICE, "4 đang làm 60%")
    assert len(await phone.handle_new()) == 1


async def test_our_own_words_come_back_unheard_and_unrecorded(phone):
    before = len(await phone.events())
    phone.world.bot_speaks(JUSTICE, "4 xong")
    assert await phone.handle_new() == []
    assert ((await phone.town.states())["T.TP", 4], len(await phone.events())) == ("not_started", before)


async def test_a_private_message_whose_speaker_is_another_is_believed_in_nothing(phone):
    """An echo that does not say that it is one would otherwise be obeyed as the person's own word."""
    phone.world.person_says(JUSTICE, "4 xong", by="2718281828")
    assert await phone.handle_new() == []
    assert (await phone.town.states())["T.TP", 4] == "not_started"
    assert (await phone.events())[-1].action == "unreadable-update"


async def test_a_stranger_is_answered_once(phone):
    for words in ("ABCD2345", "hello", "hello"):
        phone.world.person_says(UNKNOWN, words)
    texts = await phone.handle_new()
    assert texts[0].startswith("Mã này không đúng.")
    assert texts[1].startswith("Đây là hệ thống nhắc việc tự động")
    assert len(texts) == 2


@pytest.mark.parametrize("kind", ["sticker", "voice", "unsupported"])
async def test_what_is_neither_words_nor_a_picture_is_recorded_and_answered_once(phone, kind):
    getattr(phone.world, f"person_sends_{kind}")(JUSTICE)
    (text,) = await phone.handle_new()
    assert "chỉ đọc được chữ" in text
    event = (await phone.events())[-1]
    assert (event.action, event.after) == ("not-text", {"content_type": kind})


async def test_a_picture_that_was_not_fetched_is_said_and_its_caption_is_an_answer(phone):
    phone.world.person_sends_photo(JUSTICE, b"\xff\xd8", caption="4 xong")
    (text,) = await phone.handle_new()
    assert text.endswith("chưa tải về được. Xin gửi lại.")
    assert (await phone.town.states())["T.TP", 4] == "submitted"


async def test_a_group_hears_nothing_until_it_is_linked_and_then_for_its_unit(phone):
    phone.world.person_says(GROUP, "xong 4", by=JUSTICE)
    assert await phone.handle_new() == []
    phone.world.person_says(JUSTICE, "nhóm")
    told = (await phone.handle_new())[-1]
    code = told.partition('"/start ')[2].partition('"')[0]
    phone.world.person_says(GROUP, code, by=JUSTICE)
    assert "đã liên kết với Sở Tư pháp Mẫu" in (await phone.handle_new())[-1]
    phone.world.person_says(GROUP, "4 xong", by=JUSTICE)
    await phone.handle_new()
    assert (await phone.town.states())["T.TP", 4] == "submitted"
    assert (await phone.owed())[-1].chat == GROUP
    phone.world.person_says(GROUP, "viec", by=UNKNOWN)
    assert "chỉ trả lời người của đơn vị" in (await phone.handle_new())[-1]


async def test_a_reply_in_a_group_needs_no_mention(phone):
    phone.world.person_says(JUSTICE, "nhóm")
    code = (await phone.handle_new())[-1].partition('"/start ')[2].partition('"')[0]
    phone.world.person_says(GROUP, code, by=JUSTICE)
    phone.world.person_says(GROUP, "4 xong", by=JUSTICE, quotes="4711")
    await phone.handle_new()
    assert (await phone.town.states())["T.TP", 4] == "submitted"


UNREADABLE = (
    "", "null", "[]", "{}", '{"event_name": "x"}', '{"message": {"text": 3}}', '{"message": {"chat": {"id": 3}}}',
    "[" * 100_000, '{"message": {"chat": {"id": "g", "chat_type": "GROUP"}, "text": "4 xong"}}',
)  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: body[:40])
async def test_what_cannot_be_read_is_recorded_and_skipped_or_is_a_strangers(phone, body):
    await phone.handle(body)
    owed = [row.payload["text"] for row in await phone.owed()]
    assert all("Tài khoản này chưa được liên kết" in text for text in owed)
    if not owed:
        assert (await phone.events())[-1].action == "unreadable-update"


ids = st.sampled_from([JUSTICE, UNKNOWN, GROUP, "2718281828"])
pieces = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=20) | ids,
    lambda inner: st.dictionaries(
        st.sampled_from(["message", "chat", "id", "chat_type", "from", "text", "photo", "message_id", "is_bot"]),
        inner, max_size=6,
    ) | st.lists(inner, max_size=2),
    max_leaves=20,
)  # fmt: skip
messages = st.fixed_dictionaries(
    {
        "message_id": st.text(max_size=70),
        "chat": st.fixed_dictionaries({"id": ids, "chat_type": st.sampled_from(["PRIVATE", "GROUP", "?"])}),
        "from": st.fixed_dictionaries({"id": ids, "is_bot": st.booleans()}),
        "text": st.text(),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    update=st.one_of(
        st.fixed_dictionaries({"event_name": st.text(), "message": messages}),
        st.fixed_dictionaries({"message": pieces}),
        messages,
    )
)
async def test_no_update_brings_the_worker_down(phone, update):
    await phone.handle(json.dumps(update))
