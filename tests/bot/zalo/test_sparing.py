"""On a bot whose month is counted everything is heard, and one chat cannot have everything answered."""

import json
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import insert, select

from bot.conversation.conversation import Conversation
from bot.conversation.sparing import A_DAY, AN_HOUR
from bot.zalo.handlers import ZaloHandler
from models.columns import columns_of
from models.inbox import InboxUpdate
from models.outbox import OutboxMessage
from models.terms import InboxState, Role
from planner.bots import Announced, announce
from reminders.inbox import IncomingRow, claim_updates, store_updates
from reminders.wording import Wording
from tests.bot.conversation.builders import INVITE_KEY, build_town
from tests.builders import CALENDAR, add_linked_person

BOT, HEALTH, ADMIN, STRANGER = "zalo:2718281828", "6ede9afa66b88fe6d6a9", "ad3191afa66b88fe6d6a", "e9d66fb8"
HOUR = timedelta(hours=1)
_o = columns_of(OutboxMessage)


class Office:
    """A head of a unit and an admin on one counted bot."""

    def __init__(self, database, now):
        self.database, self.now, self._serials = database, now, count(1)
        conversation = Conversation(Wording(CALENDAR), invite_key=INVITE_KEY)
        self.handler = ZaloHandler(conversation, clock=lambda: self.now, names=list)

    async def says(self, text, *, chat=HEALTH, by=None):
        """What is owed to anybody for these words: (chat, text)."""
        before = await self.owed()
        message = {
            "from": {"id": by or chat, "is_bot": False},
            "chat": {"id": chat, "chat_type": "GROUP" if by else "PRIVATE"},
            "text": text,
            "message_id": f"m{next(self._serials)}",
        }
        row = IncomingRow(bot=BOT, update_key=message["message_id"], chat=chat, body=json.dumps({"message": message}))
        async with self.database.write() as session:
            await store_updates(session, [row], now=self.now)
            (update,) = await claim_updates(session, now=self.now, lease=HOUR, limit=1)
            await self.handler(session, update)
            await session.execute(InboxUpdate.__table__.update().values(state=InboxState.HANDLED, lease_token=None))
            await session.commit()
        return (await self.owed())[len(before) :]

    async def has_said(self, number, *, ago=timedelta(), chat=HEALTH):
        """So many messages before this one, heard and answered already."""
        at = self.now - ago
        facts = {"bot": BOT, "chat": chat, "body": "{}", "state": InboxState.HANDLED, "received_at": at}
        rows = [facts | {"update_key": f"old-{next(self._serials)}", "handle_after": at} for _ in range(number)]
        async with self.database.write() as session:
            await session.execute(insert(InboxUpdate), rows)
            await session.commit()

    async def owed(self):
        async with self.database.read() as session:
            rows = await session.execute(select(_o.chat, _o.payload).order_by(_o.id))
            return [(row.chat, row.payload["text"]) for row in rows]

    async def state(self):
        return (await self.town.states())["T.YT", 4]


@pytest.fixture
async def office(database, now):
    office = Office(database, now)
    office.town = await build_town(database, now)
    async with database.write() as session:
        await announce(session, [Announced(BOT, "zalo", "Bot Đôn Đốc", 3_000)], now=now)
        await session.commit()
    await add_linked_person(database, now, "Trần Thị Y Tế", ("T.YT", Role.UNIT_HEAD), chat=HEALTH, bot=BOT)
    await add_linked_person(database, now, "Lý Quản Trị", ("T.TTTT", Role.ADMIN), chat=ADMIN, bot=BOT)
    return office


async def test_whoever_writes_as_people_do_is_always_answered(office):
    await office.has_said(AN_HOUR - 1)
    ((chat, text),) = await office.says("viec")
    assert chat == HEALTH
    assert "Chấn chỉnh hồ sơ quá hạn" in text


async def test_beyond_the_hours_measure_a_look_is_not_answered_and_the_chat_and_the_admins_hear_why_once(office):
    await office.has_said(AN_HOUR)
    (chat, why), *told = await office.says("viec")
    assert chat == HEALTH
    assert why == (
        "Đã nhận hơn 30 tin trong một giờ. Bot này có hạn mức tin mỗi tháng cho cả cơ quan, nên tạm thời chỉ trả lời "
        "tin làm thay đổi việc (xong, đang làm, gia hạn…). Mọi tin vẫn được nhận và xử lý."
    )
    assert dict(told)[ADMIN].startswith("Trần Thị Y Tế đã nhắn cho bot Bot Đôn Đốc hơn 30 tin trong một giờ.")
    assert await office.says("viec") == []
    assert await office.says("cảm ơn em") == []


async def test_what_changes_something_is_still_answered(office):
    await office.has_said(AN_HOUR)
    texts = [text for chat, text in await office.says("4 đang làm 60%") if chat == HEALTH]
    assert any(text.startswith("Đã ghi") for text in texts)
    assert await office.state() == "in_progress"
    ((_, text),) = await office.says("4 xong")
    assert text.startswith("Đã ghi")


async def test_beyond_the_days_measure_everything_is_obeyed_and_nothing_is_answered(office):
    await office.has_said(A_DAY, ago=2 * HOUR)
    (_, why), *told = await office.says("4 xong")
    assert why.startswith("Đã nhận hơn 200 tin trong 24 giờ.")
    assert HEALTH not in dict(told)
    assert await office.state() == "submitted"
    assert await office.says("4 đang làm 60%") == []


async def test_an_hour_later_everything_is_answered_again(office):
    await office.has_said(AN_HOUR + 5, ago=HOUR)
    assert len(await office.says("viec")) == 1


async def test_the_admins_hear_of_one_chat_once_a_day(office):
    await office.has_said(AN_HOUR)
    assert ADMIN in dict(await office.says("viec"))
    office.now += HOUR
    await office.has_said(AN_HOUR)
    ((chat, _),) = await office.says("viec")
    assert chat == HEALTH


async def test_one_who_floods_costs_the_others_nothing(office):
    await office.has_said(A_DAY + 1)
    ((chat, _),) = await office.says("quota", chat=ADMIN)
    assert chat == ADMIN


async def test_a_group_that_is_not_linked_hears_nothing_of_measures_either(office):
    await office.has_said(A_DAY, chat="g001")
    assert await office.says("xong 4", chat="g001", by=HEALTH) == []


async def test_a_stranger_hears_nothing_of_measures(office):
    await office.has_said(A_DAY, chat=STRANGER)
    ((_, text),) = await office.says("chào", chat=STRANGER)
    assert text.startswith("Đây là hệ thống nhắc việc tự động")
    assert await office.says("chào", chat=STRANGER) == []
