"""Events of an Official Account become answers in the outbox; echoes say nothing, leaving is noticed."""

import json
import re

import pytest
from sqlalchemy import select

from bot.conversation.conversation import Conversation
from bot.zalo_oa.channel import GROUPS, PERSONS
from bot.zalo_oa.handlers import OaHandler
from models.audit import AuditEvent
from models.person import Address
from models.terms import Role
from reminders.inbox import ClaimedUpdate
from reminders.wording import Wording
from tests.bot.conversation.builders import INVITE_KEY, build_town
from tests.builders import CALENDAR, add_linked_person
from tests.fakes.oa_server import APP_ID, FakeOa

HEAD, GROUP, BOT = "6142494823", "g-77", f"{PERSONS}:{APP_ID}"


class Phone:
    """One OA with its inbox handled by hand."""

    def __init__(self, town):
        self.town, self.oa = town, FakeOa(clock=lambda: town.now)

    async def says(self, text, **more):
        return await self.hears(self.oa.event("user_send_text", HEAD, text=text, **more))

    async def hears(self, event, *, channel=PERSONS):
        """Handle the event in its own transaction; returns the texts owed since the start."""
        body = event if isinstance(event, str) else json.dumps(event)
        handler = OaHandler(
            Conversation(Wording(CALENDAR), invite_key=INVITE_KEY),
            channel=channel,
            persons=BOT,
            clock=lambda: self.town.now,
        )
        key = json.loads(body)["message"]["msg_id"] if '"msg_id"' in body else "1"
        row = ClaimedUpdate(
            id=1, bot=f"{channel}:{APP_ID}", update_key=key, chat="0", body=body,
            received_at=self.town.now, lease_token="t", attempts=1,
        )  # fmt: skip
        async with self.town.database.write() as session:
            await handler(session, row)
            await session.commit()
        return [row.payload["text"] for row in await self.town.owed(f"reply:{channel}:%")]

    async def rows(self, table):
        async with self.town.database.read() as session:
            return list((await session.execute(select(table).order_by(table.id))).scalars())


@pytest.fixture
async def phone(database, now):
    town = await build_town(database, now)
    await add_linked_person(database, now, "Trưởng Phòng", ("T.TP", Role.UNIT_HEAD), chat=HEAD, bot=BOT)
    return Phone(town)


async def test_a_tap_is_the_command_as_if_it_had_been_typed(phone):
    (text,) = await phone.says("xong 4")
    assert text.startswith("Đã ghi: 4")
    assert (await phone.town.states())["T.TP", 4] == "submitted"


async def test_a_forged_tap_about_work_of_others_changes_nothing(phone):
    before = await phone.town.states()
    await phone.says("xong 999")
    assert await phone.town.states() == before


async def test_our_own_words_come_back_unheard(phone):
    assert await phone.hears(phone.oa.event("oa_send_text", HEAD, text="xong 4")) == []
    assert (await phone.town.states())["T.TP", 4] == "not_started"


async def test_who_leaves_is_out_of_reach_until_they_speak_again(phone):
    event = phone.oa.event("unfollow", HEAD) | {"follower": {"id": HEAD}}
    assert await phone.hears(event) == []
    address = next(each for each in await phone.rows(Address) if each.chat == HEAD)
    assert address.unreachable_reason == "unfollowed"
    await phone.says("việc")
    address = next(each for each in await phone.rows(Address) if each.chat == HEAD)
    assert address.unreachable_at is None


async def test_in_a_group_what_people_say_to_each_other_is_not_answered(phone):
    for words in ("xong 4 rồi nhé mọi người", "chào cả nhà"):
        event = phone.oa.event("user_send_group_text", HEAD, text=words, group=GROUP)
        assert await phone.hears(event, channel=GROUPS) == []
    assert (await phone.town.states())["T.TP", 4] == "not_started"


async def test_a_group_is_linked_by_a_code_with_a_mention_and_then_answered(phone):
    said = await phone.says("nhom")
    code = re.search(r"\b[A-Z2-9]{8}\b", said[-1])[0]
    linked = await phone.hears(
        phone.oa.event("user_send_group_text", HEAD, text=f"@Đôn Đốc {code}", group=GROUP), channel=GROUPS
    )
    assert "Sở Tư pháp" in linked[-1]
    listed = await phone.hears(
        phone.oa.event("user_send_group_text", HEAD, text="@Đôn Đốc Mẫu việc", group=GROUP), channel=GROUPS
    )
    assert len(listed) == len(linked) + 1


async def test_a_sticker_is_answered_in_general(phone):
    (text,) = await phone.hears(phone.oa.event("user_send_sticker", HEAD))
    assert "chỉ đọc được chữ" in text


async def test_a_file_that_could_not_be_fetched_is_said(phone):
    payload = {"url": "https://f.test/1", "name": "bc.pdf", "size": "9"}
    event = phone.oa.event("user_send_file", HEAD, attachments=[{"type": "file", "payload": payload}])
    (text,) = await phone.hears(event)
    assert text.startswith("Tệp này chưa tải về được.")


@pytest.mark.parametrize("body", ["[]", "{}", '"x"', "{", '{"event_name": "user_send_text"}'])
async def test_what_cannot_be_read_is_recorded_and_skipped(phone, body):
    assert await phone.hears(body) == []
    assert (await phone.rows(AuditEvent))[-1].action == "unreadable-update"
