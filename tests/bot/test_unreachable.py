"""A message that cannot arrive at any address of a person: the coordinator is told, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.unreachable import Unreachable, said
from models.columns import columns_of
from models.outbox import OutboxMessage
from models.terms import Lane, Role
from reminders.outbox import Draft, claim, enqueue
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_plan, load_units


@pytest.fixture
async def province(database, now):
    await load_units(database)
    await load_plan(database, now)
    await add_linked_person(database, now, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR), chat="desk")
    return database


async def undelivered(database, now, person_id, *, lane=Lane.REMINDER):
    draft = Draft(
        dedup_key="a", bot=BOT, chat="head", lane=lane, form="text", payload={"text": "x"}, person_id=person_id
    )
    async with database.write() as session:
        await enqueue(session, [draft], now=now)
        (row,) = await claim(session, bots=[BOT], now=now, lease=timedelta(seconds=60), limit=1)
        await Unreachable(Wording(CALENDAR))(session, row, "Forbidden: bot was blocked by the user", now)
        await session.commit()
    columns = columns_of(OutboxMessage)
    async with database.read() as session:
        rows = (await session.execute(select(OutboxMessage).where(columns.dedup_key != "a"))).scalars()
        return [(row.bot, row.chat, row.payload.get("text")) for row in rows]


async def test_the_coordinator_of_the_persons_work_is_told_who_cannot_be_reached_and_why(province, now):
    head = await add_linked_person(province, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head")
    ((bot, chat, text),) = await undelivered(province, now, head)
    assert (bot, chat) == (BOT, "desk")
    assert text.startswith("Không gửi được tin tới Trần Thị Mẫu (Sở Tư pháp Mẫu): người dùng đã chặn hệ thống.")


async def test_a_reply_that_cannot_arrive_concerns_nobody_else(province, now):
    head = await add_linked_person(province, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head")
    assert await undelivered(province, now, head, lane=Lane.REPLY) == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Forbidden: bot was blocked by the user", "người dùng đã chặn hệ thống"),
        ("Forbidden: user is deactivated", "tài khoản không còn hoạt động"),
        ("Bad Request: chat not found", "không tìm thấy cuộc trò chuyện"),
        (
            "window-closed",
            "đã lâu không nhắn cho hệ thống nên kênh này không cho gửi, người đó nhắn lại là nhận được",
        ),
        ("something new", "không liên lạc được qua tài khoản đã liên kết"),
    ],
)
def test_the_platforms_reason_is_said_in_the_readers_words(reason, words):
    assert said(reason) == words
