"""A unit's linked group gets the unit's digest too: once a morning, without buttons, and only while it is linked."""

from datetime import date, time

import pytest
from sqlalchemy import delete, insert, select

from models.clock import at_civil
from models.columns import columns_of
from models.group_chat import GroupChat
from models.outbox import OutboxMessage
from models.terms import Role
from planner.group_chats import groups_of_units
from reminders.addresses import mark_unreachable, move_address
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_plan, load_units, unit_id_of

_o = columns_of(OutboxMessage)
FIRST, DIGEST_DAY = date(2024, 10, 23), date(2024, 10, 29)


@pytest.fixture
async def linked(database, now):
    await load_units(database)
    await load_plan(database, now)
    head = await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head")
    units = {code: await unit_id_of(database, code) for code in ("T.TP", "T.HA")}
    async with database.write() as session:
        for unit, chat, wanted in (("T.TP", "-100", True), ("T.TP", "-200", False), ("T.HA", "-300", True)):
            await session.execute(
                insert(GroupChat).values(
                    unit_id=units[unit],
                    channel="local",
                    bot=BOT,
                    chat=chat,
                    gets_digests=wanted,
                    linked_by_id=head,
                    linked_at=now,
                )
            )
        await session.commit()
    return database


async def mornings(database, clock):
    """Every morning up to the first digest, each swept twice."""
    scan = Scan(database, calendar=CALENDAR)
    for number in range((DIGEST_DAY - FIRST).days + 1):
        clock.move_to(at_civil(date.fromordinal(FIRST.toordinal() + number), time(8)))
        await scan.scan(clock())
        await scan.scan(clock())


async def to_groups(database):
    async with database.read() as session:
        rows = await session.execute(select(OutboxMessage).where(_o.chat.startswith("-")).order_by(_o.id))
        return list(rows.scalars())


async def test_the_digest_goes_to_the_linked_group_once_without_buttons(linked, clock):
    await mornings(linked, clock)
    found = await to_groups(linked)
    assert {row.chat for row in found} == {"-100"}
    assert len({row.dedup_key for row in found}) == len(found) > 0
    assert all((row.form, row.payload["topic"], row.person_id) == ("nudge", "digest", None) for row in found)
    async with linked.read() as session:
        message = await Renderer(Wording(CALENDAR), clock=clock)(session, found[-1])
    assert message.buttons == ()
    assert "Báo cáo kết quả rà soát" in message.text


async def test_a_group_unlinked_meanwhile_is_told_nothing(linked, clock):
    await mornings(linked, clock)
    (row, *_rest) = await to_groups(linked)
    async with linked.write() as session:
        await session.execute(delete(GroupChat))
        await session.commit()
    async with linked.read() as session:
        assert await Renderer(Wording(CALENDAR), clock=clock)(session, row) is None


async def test_a_group_that_moved_is_followed_and_one_that_threw_us_out_is_left_alone(linked, now):
    unit_id = await unit_id_of(linked, "T.TP")
    async with linked.write() as session:
        await move_address(session, bot=BOT, old="-100", new="-1007", now=now)
        assert [group.chat for group in (await groups_of_units(session, [unit_id]))[unit_id]] == ["-1007"]
        await mark_unreachable(session, bot=BOT, chat="-1007", reason="kicked", now=now)
        assert await groups_of_units(session, [unit_id]) == {}
        await session.commit()
