"""`kênh`: a person sees and orders their own channels; `quota`: admins and coordinators see how the month stands."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from models.columns import columns_of
from models.outbox import OutboxMessage
from models.person import Address
from models.quota import QuotaMonth
from models.terms import Lane
from planner.bots import Announced, announce
from reminders.choosing import QUOTA_HELD
from reminders.outbox import Draft, enqueue
from tests.builders import BOT

ZALO = "zalo:7001"


@pytest.fixture
async def two_channels(town):
    columns = columns_of(Address)
    async with town.database.write() as session:
        person = (
            await session.execute(select(columns.person_id).where(columns.chat == "justice", columns.bot == BOT))
        ).scalar_one()
        facts = {"person_id": person, "channel": "zalo", "bot": ZALO, "chat": "z", "position": 1}
        await session.execute(insert(Address).values(**facts, linked_at=town.now))
        await announce(session, [Announced(ZALO, "zalo", "Đôn Đốc Mẫu", 3_000, 50, 3)], now=town.now)
        await session.commit()
    return town


LINES = "1. trang thử, đang dùng ở đây\n2. Zalo (Đôn Đốc Mẫu)\n"


@pytest.mark.parametrize("words", ["kênh", "kenh", "/kenh", "KÊNH."])
async def test_a_person_sees_their_channels_in_order(two_channels, words):
    assert (await two_channels.say("justice", words)).startswith(
        "Hệ thống nhắn cho Anh/Chị lần lượt qua các kênh:\n" + LINES + 'Muốn kênh khác đứng trước, gõ ví dụ "kenh 2".'
    )


@pytest.mark.parametrize("words", ["kenh 2", "kênh zalo", "kênh Zalo trước", "/kenh 2"])
async def test_a_person_chooses_which_comes_first_and_is_answered_here_all_the_same(two_channels, words):
    told = await two_channels.say("justice", words)
    assert told.startswith(
        "Từ nay hệ thống nhắn qua Zalo trước. Thứ tự:\n1. Zalo (Đôn Đốc Mẫu)\n2. trang thử, đang dùng ở đây\n"
    )
    reply = (await two_channels.owed("reply:%"))[-1]
    assert (reply.bot, reply.chat) == (BOT, "justice")
    assert "Từ nay" not in await two_channels.say("justice", "kenh")


async def test_the_buttons_choose_too(two_channels):
    (reply,) = await two_channels.replies("justice", "kenh")
    assert [(key.label, key.command) for row in reply.buttons for key in row] == [("Zalo trước", "kenh 2")]


@pytest.mark.parametrize("words", ["kenh 3", "kenh 0", "kenh telegram"])
async def test_a_channel_that_is_not_there_changes_nothing(two_channels, words):
    before = await two_channels.everything()
    assert LINES in await two_channels.say("justice", words)
    assert await two_channels.everything() == before


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("blocked", "đang không gửi tới được, nhắn một tin qua kênh ấy là dùng lại được"),
        ("bot-not-run", "bot này không còn chạy"),
    ],
)
async def test_an_address_out_of_use_says_how_to_mend_it(two_channels, reason, words):
    columns = columns_of(Address)
    async with two_channels.database.write() as session:
        away = {"unreachable_at": two_channels.now, "unreachable_reason": reason}
        await session.execute(update(Address).where(columns.bot == ZALO).values(**away))
        await session.commit()
    assert f"2. Zalo (Đôn Đốc Mẫu), {words}\n" in await two_channels.say("justice", "kenh")


async def test_with_one_channel_it_says_how_to_get_another(town):
    assert (await town.say("health", "kênh")).endswith(
        "Mới có một kênh. Muốn thêm kênh khác, xin quản trị cấp mã rồi gõ mã ở kênh ấy."
    )


@pytest.mark.parametrize("words", ["kênh mương nội đồng chưa thi công", "kenh nao"])
async def test_a_canal_is_not_a_channel(town, words):
    assert "qua các kênh" not in await town.say("justice", words)


# quota


async def use(town, bot, received, sent, *, held=0):
    async with town.database.write() as session:
        month = date(town.now.year, town.now.month, 1)
        await session.execute(insert(QuotaMonth).values(bot=bot, month=month, received=received, sent=sent))
        drafts = [
            Draft(dedup_key=f"held-{n}", bot=bot, chat="z", lane=Lane.DIGEST, form="desk", payload={})
            for n in range(held)
        ]
        await enqueue(session, drafts, now=town.now)
        columns = columns_of(OutboxMessage)
        await session.execute(update(OutboxMessage).where(columns.bot == bot).values(last_error=QUOTA_HELD))
        await session.commit()


@pytest.mark.parametrize("chat", ["admin", "coordinator"])
@pytest.mark.parametrize("words", ["quota", "/quota", "hạn mức"])
async def test_admins_and_coordinators_see_how_the_month_stands(two_channels, chat, words):
    await use(two_channels, ZALO, 400, 750)
    assert await two_channels.say(chat, words) == (
        "Hạn mức tin tháng 10/2024 (cả nhận và gửi), tính đến 08:00 ngày 23/10/2024\n"
        "\n"
        "🟢 Đôn Đốc Mẫu: 1150/3000 tin (38%), nhận 400, gửi 750\n"
        "  Cứ thế này cả tháng khoảng 1550 tin.\n"
        "  Người: 1/50 · nhóm: 0/3."
    )


async def test_what_is_held_is_told(two_channels):
    await use(two_channels, ZALO, 900, 1_960, held=4)
    text = await two_channels.say("admin", "quota")
    assert "🔴 Đôn Đốc Mẫu: 2860/3000 tin (95%)" in text
    assert "  Bot này đang giữ lại các bản tin tổng hợp đến tháng sau: 4 tin.\n" in text
    columns = columns_of(QuotaMonth)
    async with two_channels.database.write() as session:
        await session.execute(update(QuotaMonth).where(columns.bot == ZALO).values(sent=2_100))
        await session.commit()
    assert "đang giữ lại mọi tin nhắc đến tháng sau" in await two_channels.say("admin", "quota")


async def test_where_nothing_is_counted_it_says_so(town):
    assert await town.say("admin", "quota") == "Không có kênh nào tính hạn mức tin."


@pytest.mark.parametrize("chat", ["justice", "officer", "leader"])
async def test_nobody_else_sees_it(two_channels, chat):
    assert "Đôn Đốc Mẫu" not in await two_channels.say(chat, "quota")
