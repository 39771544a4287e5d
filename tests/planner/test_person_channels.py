"""A person's channels: which is tried first, moving to another bot, and which bot has room for the next person."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.audit import AuditEvent
from models.columns import columns_of
from models.errors import InviteError, UnknownError
from models.outbox import OutboxMessage
from models.person import Address
from models.terms import Lane, OutboxState, Role
from planner.bots import Announced, announce, known_bots, place_kept_by, with_room
from planner.people import HEARD_TO_WITHIN, INVITE_VALID_FOR, create_invite, heard_from, link_by_code
from planner.person_channels import channels_of, put_first
from reminders.outbox import Draft, enqueue
from tests.builders import add_linked_person, load_units

KEY = b"a key of the tests"
ONE, TWO, OTHER = "counted:1", "counted:2", "free:1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def office(database, now):
    await load_units(database)
    return database


async def written(database, work):
    async with database.write() as session:
        result = await work(session)
        await session.commit()
    return result


async def person(database, now, **more):
    return await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat=None, **more)


async def link(database, person_id, bot, now, *, chat="7"):
    async def work(session):
        code = await create_invite(session, person_id, now=now, key=KEY)
        return await link_by_code(session, code, channel=bot.partition(":")[0], bot=bot, chat=chat, now=now, key=KEY)

    return await written(database, work)


async def order(database, person_id):
    async with database.read() as session:
        return [each.bot for each in await channels_of(session, person_id)]


async def owe(database, now, *, bot, key, person_id, chat="7", lane=Lane.REMINDER, **state):
    async def work(session):
        draft = Draft(dedup_key=key, bot=bot, chat=chat, lane=lane, form="text", payload={}, person_id=person_id)
        await enqueue(session, [draft], now=now)
        if state:
            columns = columns_of(OutboxMessage)
            await session.execute(update(OutboxMessage).where(columns.dedup_key == key).values(**state))

    await written(database, work)


# the order


async def test_channels_are_tried_in_the_order_they_were_linked_until_the_person_chooses(office, now):
    who = await person(office, now)
    for bot in (OTHER, ONE):
        await link(office, who, bot, now)
    assert await order(office, who) == [OTHER, ONE]
    async with office.read() as session:
        second = (await channels_of(session, who))[1]
    ordered = await written(
        office, lambda session: put_first(session, who, second.address_id, now=now, channel="local")
    )
    assert [each.bot for each in ordered] == await order(office, who) == [ONE, OTHER]
    async with office.read() as session:
        columns = columns_of(AuditEvent)
        event = (await session.execute(select(AuditEvent).where(columns.action == "channel-put-first"))).scalars().one()
    assert (event.before, event.after) == ({"order": [OTHER, ONE]}, {"order": [ONE, OTHER]})


async def test_putting_first_what_is_first_changes_nothing(office, now):
    who = await person(office, now)
    await link(office, who, ONE, now)
    async with office.read() as session:
        (only,) = await channels_of(session, who)
    await written(office, lambda session: put_first(session, who, only.address_id, now=now, channel="local"))
    async with office.read() as session:
        actions = list((await session.execute(select(columns_of(AuditEvent).action))).scalars())
    assert "channel-put-first" not in actions


async def test_nobody_orders_the_channels_of_another(office, now):
    who = await person(office, now)
    await link(office, who, ONE, now)
    async with office.read() as session:
        (theirs,) = await channels_of(session, who)
    with pytest.raises(UnknownError):
        await written(office, lambda session: put_first(session, who + 1, theirs.address_id, now=now, channel="local"))


async def test_linking_a_channel_anew_keeps_its_place_in_the_order(office, now):
    who = await person(office, now)
    for bot in (ONE, OTHER, ONE):
        await link(office, who, bot, now, chat="8")
    assert await order(office, who) == [ONE, OTHER]


# one bot of a platform for one person


async def test_the_old_bot_stays_until_the_new_one_is_linked_and_then_it_is_let_go(office, now):
    who = await person(office, now)
    await link(office, who, ONE, now)
    code = await written(office, lambda session: create_invite(session, who, now=now, key=KEY, bot=TWO))
    assert await order(office, who) == [ONE]
    await written(
        office,
        lambda session: link_by_code(session, code, channel="counted", bot=TWO, chat="9", now=now, key=KEY),
    )
    assert await order(office, who) == [TWO]


async def test_what_waits_follows_to_the_new_bot_but_for_what_may_have_arrived_at_the_old(office, now):
    who = await person(office, now)
    await link(office, who, ONE, now)
    await owe(office, now, bot=ONE, key="waits", person_id=who)
    await owe(office, now, bot=ONE, key="backs off", person_id=who, attempts=3)
    await owe(office, now, bot=ONE, key="under way", person_id=who, lease_token="x", lease_until=now + MINUTE)
    await owe(office, now, bot=ONE, key="half sent", person_id=who, parts_sent=1)
    await owe(office, now, bot=ONE, key="unknown once", person_id=who, unknown_outcomes=1)
    await owe(office, now, bot=ONE, key="answer", person_id=who, lane=Lane.REPLY)
    await owe(office, now, bot=ONE, key="delivered", person_id=who, state=OutboxState.DELIVERED)
    await owe(office, now, bot=ONE, key="another's", person_id=None, chat="8")
    await link(office, who, TWO, now, chat="9")
    async with office.read() as session:
        rows = {row.dedup_key: (row.bot, row.chat) for row in (await session.execute(select(OutboxMessage))).scalars()}
    assert {key for key, place in rows.items() if place == (TWO, "9")} == {"waits", "backs off"}
    assert rows["another's"] == (ONE, "8")


# last heard


async def test_a_word_is_remembered_to_within_some_minutes(office, now):
    who = await person(office, now)
    await link(office, who, ONE, now)

    async def heard_at(later):
        await written(office, lambda session: heard_from(session, bot=ONE, chat="7", now=now + later))
        async with office.read() as session:
            return (await session.execute(select(columns_of(Address).last_heard_at))).scalar_one() - now

    assert await heard_at(HEARD_TO_WITHIN - MINUTE) == timedelta()
    assert await heard_at(HEARD_TO_WITHIN + MINUTE) == HEARD_TO_WITHIN + MINUTE


# room


async def bots(database, now, *announced):
    await written(database, lambda session: announce(session, announced, now=now))
    return await known(database, now)


async def known(database, now):
    async with database.read() as session:
        return await known_bots(session, now=now)


async def test_new_people_go_to_the_bot_with_room_that_has_the_fewest(office, now):
    found = await bots(
        office,
        now,
        Announced(ONE, "counted", "Đôn Đốc 1", 3_000, 2, 3),
        Announced(TWO, "counted", "Đôn Đốc 2", 3_000, 2, 3),
        Announced(OTHER, "free", "@dondoc"),
    )
    assert [each.name for each in with_room(found)] == ["Đôn Đốc 1", "@dondoc"]
    first = await person(office, now)
    await link(office, first, ONE, now)
    assert [each.bot for each in with_room(await known(office, now))] == [TWO, OTHER]


async def test_a_code_that_still_stands_keeps_a_place(office, now):
    await bots(office, now, Announced(ONE, "counted", None, 3_000, 2, 3), Announced(TWO, "counted", None, 3_000, 1, 3))
    given = []
    for number in range(4):
        who = await add_linked_person(office, now, f"Người {number}", ("T.TP", Role.OFFICER), chat=None)
        place = place_kept_by(with_room(await known(office, now)))
        given.append(place)
        await written(
            office, lambda session, who=who, place=place: create_invite(session, who, now=now, key=KEY, bot=place)
        )
    assert given == [ONE, TWO, ONE, None]
    # a week later nobody has come, and the places are free again
    assert with_room(await known(office, now + INVITE_VALID_FOR + MINUTE))[0].invited == 0


async def test_a_place_is_not_counted_twice_when_its_person_has_come(office, now):
    await bots(office, now, Announced(ONE, "counted", None, 3_000, 50, 3))
    who = await person(office, now)
    await written(office, lambda session: create_invite(session, who, now=now, key=KEY, bot=ONE))
    (before,) = await known(office, now)
    await link(office, who, ONE, now)
    await written(office, lambda session: create_invite(session, who, now=now, key=KEY, bot=ONE))
    (after,) = await known(office, now)
    assert ((before.people, before.invited), (after.people, after.invited)) == ((0, 1), (1, 0))


async def test_a_bot_that_announces_itself_again_keeps_the_name_it_told(office, now):
    await bots(office, now, Announced(ONE, "counted", "Đôn Đốc 1", 3_000, 50, 3))
    (again,) = await bots(office, now, Announced(ONE, "counted", None, 6_000, 50, 3))
    assert (again.name, again.monthly_quota) == ("Đôn Đốc 1", 6_000)


async def test_a_code_links_one_person_once_whatever_bot_it_names(office, now):
    who = await person(office, now)
    code = await written(office, lambda session: create_invite(session, who, now=now, key=KEY, bot=ONE))
    await written(
        office, lambda session: link_by_code(session, code, channel="free", bot=OTHER, chat="1", now=now, key=KEY)
    )
    with pytest.raises(InviteError):
        await written(
            office, lambda session: link_by_code(session, code, channel="counted", bot=ONE, chat="2", now=now, key=KEY)
        )
