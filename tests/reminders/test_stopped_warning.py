"""A bot that cannot speak until somebody acts is told of once, by a way that still works."""

from datetime import timedelta

from models.terms import Role
from reminders.render import Renderer
from reminders.stopped_warning import warn_of_stop
from reminders.wording import Wording
from tests.bot.conversation.builders import build_town
from tests.builders import CALENDAR, add_linked_person

STOPPED = "zalo-oa:44173"


async def test_admins_hear_of_it_once_by_another_bot(database, now):
    town = await build_town(database, now)
    await add_linked_person(database, now, "Quản Trị Mẫu", ("T.TTTT", Role.ADMIN), chat="901", bot="telegram:7001")
    await add_linked_person(database, now, "Quản Trị Hai", ("T.TTTT", Role.ADMIN), chat="902", bot=STOPPED)
    for later in (timedelta(), timedelta(minutes=5)):
        async with database.write() as session:
            await warn_of_stop(session, STOPPED, remedy="consent", since=now, now=now + later)
            await session.commit()
    owed = await town.owed(f"stopped:{STOPPED}:%")
    assert ("telegram:7001", "901", "stopped") in {(row.bot, row.chat, row.form) for row in owed}
    assert "902" not in {row.chat for row in owed}
    assert len({row.chat for row in owed}) == len(owed)


async def test_they_read_what_to_do(database, now):
    town = await build_town(database, now)
    async with database.write() as session:
        await warn_of_stop(session, STOPPED, remedy="consent", since=now, now=now)
        await session.commit()
    claimed = (await town.owed(f"stopped:{STOPPED}:%"))[0]
    async with database.read() as session:
        message = await Renderer(Wording(CALENDAR), clock=lambda: now)(session, claimed)
    assert message.text == (
        "Bot zalo-oa:44173 không gửi được tin từ 08:00 ngày 23/10/2024.\n"
        'Zalo không còn nhận phép của Official Account: trên máy chủ gõ "dondoc zalo-oa connect", '
        "mở địa chỉ hiện ra và bấm đồng ý.\n"
        "Tin đang chờ không mất, sẽ gửi khi bot chạy lại."
    )


async def test_where_no_admin_can_be_reached_the_coordinators_hear_of_it(database, now):
    town = await build_town(database, now)
    async with database.write() as session:
        told = await warn_of_stop(session, STOPPED, remedy="consent", since=now, now=now)
        await session.commit()
    owed = await town.owed(f"stopped:{STOPPED}:%")
    assert len(owed) == told > 0
    assert STOPPED not in {row.bot for row in owed}
