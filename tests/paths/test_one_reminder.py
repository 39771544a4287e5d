"""The front door: one duty from the paper it stands on to the moment it is no longer late, day by day.

Read it from top to bottom to see the whole program at work. Everything is real but Telegram itself, which is a strict
fake of the Bot API on this machine, and the clock, which is moved by hand. It happens once on SQLite and once on
PostgreSQL.
"""

from models.terms import Role
from tests.builders import UNITS, add_linked_person, load_plan, load_units
from tests.fakes.stepped_telegram import BOT_KEY, stepped_telegram

HEAD, COORDINATOR = 501, 601  # two people's private chats with the bot

PLAN = """
plan: KM1
kind: kế hoạch
document_no: 12/KH-UBND
issued_on: 01/10/2024
title: Kế hoạch mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
  - code: KM1-1
    from: I.1
    title: Báo cáo kết quả rà soát
    kind: báo cáo
    deadline: trước ngày 05/11 hằng năm
    lead: [T.TP]
"""


async def test_from_the_paper_to_the_last_day_to_done(database, now, clock):
    # Wednesday 23/10/2024, 08:00: a clerk loads the units and the plan; two people have linked their chats.
    await load_units(database, UNITS)
    loaded = await load_plan(database, now, PLAN, units=UNITS)
    assert loaded.opened_assignments == 1
    await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat=str(HEAD), bot=BOT_KEY)
    await add_linked_person(
        database, now, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR), chat=str(COORDINATOR), bot=BOT_KEY
    )

    async with stepped_telegram(database, clock) as house:
        house.telegram.add_person(HEAD, "Trần Thị Mẫu")
        house.telegram.add_person(COORDINATOR, "Lê Văn Mẫu")

        # "trước ngày 05/11" leaves the 5th out: the 4th is the last day that counts, so T-3 is Wednesday the 30th.
        await house.mornings_until(29, 10)
        before = len(house.telegram.sent_to(HEAD))
        await house.mornings_until(30, 10)
        (nudge,) = house.telegram.sent_to(HEAD)[before:]
        assert nudge.text.startswith(
            "🟡 Còn 3 ngày làm việc: 1 · Báo cáo kết quả rà soát\nKH 12, mục I.1 · trước 05/11 (hết thứ Hai 04/11)\n"
        )
        assert nudge.labels == ["Đã xong", "Đang làm", "Vướng mắc", "Xin gia hạn"]

        # Nobody answers. On the morning of the 5th it is late, and the coordinator sees it.
        await house.mornings_until(5, 11)
        overdue = await house.says(COORDINATOR, "/overdue")
        assert "🔴 quá hạn 1\n" in overdue
        assert "Sở Tư pháp Mẫu: 1 · trễ 1 ngày làm việc · chưa phản hồi" in overdue

        # The head taps "Đã xong" under the newest nudge and reads that it was recorded.
        reply = await house.taps(HEAD, "Đã xong")
        assert "1 · Báo cáo kết quả rà soát" in reply
        assert "05/11" in reply

        # It is gone from /overdue, and no later morning speaks of it to the head again.
        overdue = await house.says(COORDINATOR, "/overdue")
        assert "Sở Tư pháp Mẫu" not in overdue
        said_by_now = len(house.telegram.sent_to(HEAD))
        await house.mornings_until(29, 11)
        assert len(house.telegram.sent_to(HEAD)) == said_by_now
