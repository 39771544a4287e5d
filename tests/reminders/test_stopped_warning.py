"""A bot that has stopped is told of once, by a way that still works; one that merely stumbles is given time."""

from datetime import timedelta

import pytest

from models.terms import Role
from reminders.outages import note_state
from reminders.render import Renderer
from reminders.stopped_warning import PATIENCE, warn_of_stops
from reminders.wording import Wording
from tests.bot.conversation.builders import build_town
from tests.builders import CALENDAR, add_linked_person

STOPPED = "zalo-oa:44173"
CONSENT, REFUSED, NETWORK = "channel-stopped: consent: it has ended", "token-refused", "NotSentError"


async def stopped(database, now, reason=CONSENT, *, part="send"):
    async with database.write() as session:
        await note_state(session, STOPPED, part, reason=reason, now=now)
        await session.commit()


async def warned(database, now):
    async with database.write() as session:
        owed = await warn_of_stops(session, now=now)
        await session.commit()
    return owed


async def test_admins_hear_of_it_once_by_another_bot(database, now):
    town = await build_town(database, now)
    await add_linked_person(database, now, "Quản Trị Mẫu", ("T.TTTT", Role.ADMIN), chat="901", bot="telegram:7001")
    await add_linked_person(database, now, "Quản Trị Hai", ("T.TTTT", Role.ADMIN), chat="902", bot=STOPPED)
    await stopped(database, now)
    assert await warned(database, now) > 0
    await stopped(database, now + timedelta(minutes=5), part="receive")
    assert await warned(database, now + timedelta(minutes=5)) == 0
    owed = await town.owed(f"stopped:{STOPPED}:%")
    assert ("telegram:7001", "901", "stopped") in {(row.bot, row.chat, row.form) for row in owed}
    assert "902" not in {row.chat for row in owed}


async def test_one_consent_for_two_channels_is_told_of_once(sqlite_database, now):
    town = await build_town(sqlite_database, now)
    await stopped(sqlite_database, now)
    async with sqlite_database.write() as session:
        await note_state(session, "zalo-oa-nhom:44173", "receive", reason=CONSENT, now=now)
        await session.commit()
    await warned(sqlite_database, now)
    owed = await town.owed("stopped:%")
    assert {row.payload["bot"] for row in owed} == {STOPPED}


async def test_a_bot_that_stops_again_later_is_told_of_again(sqlite_database, now):
    await build_town(sqlite_database, now)
    await stopped(sqlite_database, now)
    first = await warned(sqlite_database, now)
    await stopped(sqlite_database, now, reason="")
    await stopped(sqlite_database, now + timedelta(days=1))
    assert await warned(sqlite_database, now + timedelta(days=1)) == first > 0


async def test_a_network_is_given_time_to_come_back(sqlite_database, now):
    await build_town(sqlite_database, now)
    await stopped(sqlite_database, now, NETWORK)
    assert await warned(sqlite_database, now + PATIENCE - timedelta(seconds=1)) == 0
    assert await warned(sqlite_database, now + PATIENCE) > 0


async def test_while_all_is_well_nobody_hears_anything(sqlite_database, now):
    await build_town(sqlite_database, now)
    assert await warned(sqlite_database, now) == 0


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        pytest.param(
            CONSENT, 'trên máy chủ gõ "dondoc zalo-oa connect", mở địa chỉ hiện ra và bấm đồng ý.', id="consent"
        ),
        pytest.param(REFUSED, "lấy mã mới, đặt lại trong tệp .env rồi chạy lại dondoc.", id="token"),
        pytest.param(NETWORK, 'Trên máy chủ gõ "dondoc doctor" để xem lý do.', id="network"),
    ],
)
async def test_they_read_since_when_and_what_to_do(sqlite_database, now, reason, remedy):
    town = await build_town(sqlite_database, now)
    await stopped(sqlite_database, now - PATIENCE, reason)
    await warned(sqlite_database, now)
    claimed = (await town.owed(f"stopped:{STOPPED}:%"))[0]
    async with sqlite_database.read() as session:
        message = await Renderer(Wording(CALENDAR), clock=lambda: now)(session, claimed)
    first, second, last = message.text.splitlines()
    assert first == "Bot zalo-oa:44173 không hoạt động từ 07:30 ngày 23/10/2024."
    assert second.endswith(remedy)
    assert last == "Tin đang chờ không mất, sẽ gửi khi bot chạy lại."
