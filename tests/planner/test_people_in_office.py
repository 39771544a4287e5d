"""Who acts for which unit on which day, where they are written to, and what leaving takes away at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.errors import InviteError, UnknownError
from models.outbox import OutboxMessage
from models.person import Address, Invite, Membership
from models.terms import Lane, OutboxState, Role
from planner import audit, people
from planner.change_person import WhichUnitError, activate, deactivate, move, revoke, unlink
from planner.people import contacts, create_invite, link_by_code, load_person, person_of_chat, scope_of
from planner.stand_in import NothingToStandInForError, stand_in
from tests.builders import BOT, add_linked_person, load_plan, load_units, unit_id_of

KEY = b"a key of the tests, long enough"
HEAD, OFFICER, COORDINATOR, LEADER, ADMIN = Role.UNIT_HEAD, Role.OFFICER, Role.COORDINATOR, Role.LEADER, Role.ADMIN
TODAY = date(2024, 10, 23)
_a, _o, _i, _m = columns_of(Assignment), columns_of(OutboxMessage), columns_of(Invite), columns_of(Membership)


async def written(database, work):
    async with database.write() as session:
        result = await work(session)
        await session.commit()
    return result


async def read(database, work):
    async with database.read() as session:
        return await work(session)


async def count(database, query):
    return await read(database, lambda session: _one(session, query))


async def _one(session, query):
    return (await session.execute(query)).scalar_one()


async def reached(database, unit, *, on=TODAY, roles=(HEAD, OFFICER)):
    """{name: chat} of a unit's people as messages would find them."""
    unit_id = await unit_id_of(database, unit)
    found = await read(database, lambda session: contacts(session, today=on, roles=roles, unit_ids=[unit_id]))
    return {contact.full_name: contact.chat for contact in found.get(unit_id, [])}


async def owe(database, now, person_id, chat):
    async with database.write() as session:
        facts = {"bot": BOT, "chat": chat, "lane": Lane.DIGEST, "priority": 2, "form": "text", "payload": {"text": "x"}}
        await session.execute(
            insert(OutboxMessage).values(
                dedup_key=f"k{person_id}{chat}", person_id=person_id, send_after=now, created_at=now,
                state=OutboxState.PENDING, reply_to="7", attempts=0, parts_sent=0, unknown_outcomes=0, **facts,
            )
        )  # fmt: skip
        await session.commit()


async def states(database):
    query = select(_o.chat, _o.state).order_by(_o.id)
    return [tuple(row) for row in await read(database, lambda session: session.execute(query))]


# --- standing in ---


async def test_the_stand_in_is_written_to_and_the_absent_head_is_not_in_those_days_only(database, now):
    await load_units(database)
    head = await add_linked_person(database, now, "Thủ Trưởng", ("T.TP", HEAD), chat="head")
    deputy = await add_linked_person(database, now, "Phó", ("T.TP", OFFICER), chat="deputy")
    last = TODAY + timedelta(days=4)
    places = await written(database, lambda session: stand_in(session, deputy, head, first=TODAY, last=last, now=now))
    assert places == [("T.TP", HEAD)]
    assert await reached(database, "T.TP", roles=(HEAD,)) == {"Thủ Trưởng": None, "Phó": "deputy"}
    assert await reached(database, "T.TP", on=last, roles=(HEAD,)) == {"Thủ Trưởng": None, "Phó": "deputy"}
    for outside in (TODAY - timedelta(days=1), last + timedelta(days=1)):
        assert await reached(database, "T.TP", on=outside, roles=(HEAD,)) == {"Thủ Trưởng": "head"}
    acting = await read(database, lambda session: person_of_chat(session, bot=BOT, chat="deputy", today=TODAY))
    assert {place.role for place in acting.places} == {HEAD, OFFICER}
    after = await read(
        database, lambda session: person_of_chat(session, bot=BOT, chat="deputy", today=last + timedelta(days=1))
    )
    assert {place.role for place in after.places} == {OFFICER}


async def test_a_stand_in_nobody_can_reach_leaves_the_head_the_messages(sqlite_database, now):
    await load_units(sqlite_database)
    head = await add_linked_person(sqlite_database, now, "Thủ Trưởng", ("T.TP", HEAD), chat="head")
    deputy = await add_linked_person(sqlite_database, now, "Phó", ("T.TP", OFFICER), chat=None)
    await written(sqlite_database, lambda session: stand_in(session, deputy, head, first=TODAY, last=TODAY, now=now))
    assert await reached(sqlite_database, "T.TP", roles=(HEAD,)) == {"Thủ Trưởng": "head", "Phó": None}


async def test_days_told_again_replace_the_first_and_an_administrator_has_no_stand_in(sqlite_database, now):
    await load_units(sqlite_database)
    head = await add_linked_person(sqlite_database, now, "Thủ Trưởng", ("T.TP", HEAD), ("T.TP", ADMIN), chat="head")
    deputy = await add_linked_person(sqlite_database, now, "Phó", ("T.TP", OFFICER), chat="deputy")
    other_day = TODAY + timedelta(days=9)
    for day in (TODAY, other_day):
        await written(
            sqlite_database, lambda session, day=day: stand_in(session, deputy, head, first=day, last=day, now=now)
        )
    assert await count(sqlite_database, select(func.count()).where(_m.stands_in_for_id == head)) == 1
    assert await reached(sqlite_database, "T.TP", roles=(HEAD,)) == {"Thủ Trưởng": "head"}
    assert (await reached(sqlite_database, "T.TP", on=other_day, roles=(HEAD,)))["Phó"] == "deputy"


async def test_nobody_stands_in_for_themselves_or_for_a_stand_in(sqlite_database, now):
    await load_units(sqlite_database)
    head = await add_linked_person(sqlite_database, now, "Thủ Trưởng", ("T.TP", HEAD), chat="head")
    deputy = await add_linked_person(sqlite_database, now, "Phó", chat="deputy")
    third = await add_linked_person(sqlite_database, now, "Người Ba", chat="third")
    await written(sqlite_database, lambda session: stand_in(session, deputy, head, first=TODAY, last=TODAY, now=now))
    for person, absent in ((head, head), (third, deputy)):
        with pytest.raises(NothingToStandInForError):
            await written(
                sqlite_database,
                lambda session, p=person, a=absent: stand_in(session, p, a, first=TODAY, last=TODAY, now=now),
            )


# --- leaving a unit, an account, the system ---


@pytest.fixture
async def at_work(database, now):
    """An officer of Sở Tư pháp with one open assignment given to them and one message waiting."""
    await load_units(database)
    await load_plan(database, now)
    person_id = await add_linked_person(database, now, "Chuyên Viên", ("T.TP", OFFICER), chat="officer")
    unit_id = await unit_id_of(database, "T.TP")
    await written(
        database,
        lambda session: session.execute(
            update(Assignment).where(_a.unit_id == unit_id, _a.number == 1).values(officer_id=person_id)
        ),
    )
    await owe(database, now, person_id, "officer")
    return person_id


async def test_a_transfer_ends_the_old_place_begins_the_new_and_hands_the_work_back(database, now, at_work):
    moved = await written(database, lambda session: move(session, at_work, "T.YT", now=now))
    assert (moved.from_unit, moved.to_unit, moved.roles, moved.handed_back) == ("T.TP", "T.YT", (OFFICER,), 1)
    person = await read(database, lambda session: load_person(session, at_work, today=TODAY))
    assert [(place.unit_code, place.role) for place in person.places] == [("T.YT", OFFICER)]
    assert await count(database, select(func.count()).where(_a.officer_id.is_not(None))) == 0
    before = await read(database, lambda session: load_person(session, at_work, today=TODAY - timedelta(days=1)))
    assert [place.unit_code for place in before.places] == ["T.TP"]
    back = await written(database, lambda session: move(session, at_work, "T.TP", now=now, role=HEAD))
    assert back.roles == (HEAD,)
    assert (await read(database, audit.verify)).broken is None


async def test_who_stands_in_for_somebody_transferred_no_longer_does(sqlite_database, now):
    await load_units(sqlite_database)
    head = await add_linked_person(sqlite_database, now, "Thủ Trưởng", ("T.TP", HEAD), chat="head")
    deputy = await add_linked_person(sqlite_database, now, "Phó", chat="deputy")
    last = TODAY + timedelta(days=5)
    await written(sqlite_database, lambda session: stand_in(session, deputy, head, first=TODAY, last=last, now=now))
    await written(sqlite_database, lambda session: move(session, head, "T.YT", now=now))
    assert await reached(sqlite_database, "T.TP") == {}


async def test_a_transfer_from_several_units_asks_which(sqlite_database, now):
    await load_units(sqlite_database)
    person = await add_linked_person(sqlite_database, now, "A", ("T.TP", HEAD), ("T.TTTT", COORDINATOR), chat="1")
    with pytest.raises(WhichUnitError) as caught:
        await written(sqlite_database, lambda session: move(session, person, "T.YT", now=now))
    assert caught.value.unit_codes == ("T.TP", "T.TTTT")
    with pytest.raises(UnknownError):
        await written(sqlite_database, lambda session: move(session, person, "T.KHONG", now=now))
    await written(sqlite_database, lambda session: move(session, person, "T.YT", now=now, from_unit="T.TP"))
    known = await read(sqlite_database, lambda session: load_person(session, person, today=TODAY))
    assert {place.unit_code for place in known.places} == {"T.YT", "T.TTTT"}


async def test_revoking_takes_the_chat_the_codes_and_the_waiting_messages_at_once(database, now, at_work):
    code = await written(database, lambda session: create_invite(session, at_work, now=now, key=KEY))
    assert await written(database, lambda session: revoke(session, at_work, now=now)) == 1
    assert await read(database, lambda session: person_of_chat(session, bot=BOT, chat="officer", today=TODAY)) is None
    assert await states(database) == [("officer", OutboxState.CANCELLED)]
    with pytest.raises(InviteError):
        await written(database, lambda session: link(session, code, "officer", now))


async def test_unlinking_keeps_the_codes(sqlite_database, now):
    await load_units(sqlite_database)
    person = await add_linked_person(sqlite_database, now, "A", ("T.TP", HEAD), chat="old")
    code = await written(sqlite_database, lambda session: create_invite(session, person, now=now, key=KEY))
    await written(sqlite_database, lambda session: unlink(session, person, now=now))
    assert await reached(sqlite_database, "T.TP") == {"A": None}
    await written(sqlite_database, lambda session: link(session, code, "new", now))
    assert await reached(sqlite_database, "T.TP") == {"A": "new"}


async def test_a_change_of_account_takes_the_waiting_messages_along_and_those_of_nobody_else(database, now, at_work):
    other = await add_linked_person(database, now, "Người Khác", ("T.YT", HEAD), chat="shared")
    await owe(database, now, other, "shared")
    code = await written(database, lambda session: create_invite(session, at_work, now=now, key=KEY))
    await written(database, lambda session: link(session, code, "shared", now))
    assert await states(database) == [("shared", OutboxState.PENDING), ("shared", OutboxState.CANCELLED)]
    assert await count(database, select(func.count()).where(columns_of(Address).chat == "officer")) == 0


async def test_somebody_let_rest_does_nothing_until_brought_back(sqlite_database, now):
    await load_units(sqlite_database)
    person = await add_linked_person(sqlite_database, now, "A", ("T.TP", HEAD), chat="1")
    await written(sqlite_database, lambda session: deactivate(session, person, now=now))
    assert await reached(sqlite_database, "T.TP") == {}
    await written(sqlite_database, lambda session: activate(session, person, now=now))
    assert await reached(sqlite_database, "T.TP") == {"A": None}


async def link(session, code, chat, now):
    return await link_by_code(session, code, channel="local", bot=BOT, chat=chat, now=now, key=KEY)


@pytest.mark.parametrize(
    ("later", "uses", "reason"),
    [(timedelta(days=7), 1, None), (timedelta(days=7, seconds=1), 1, "expired"), (timedelta(), 2, "used")],
    ids=["on its last moment", "a second later", "twice"],
)
async def test_a_code_lives_a_week_and_links_once(sqlite_database, now, later, uses, reason):
    await load_units(sqlite_database)
    person = await add_linked_person(sqlite_database, now, "A", ("T.TP", HEAD), chat=None)
    code = await written(sqlite_database, lambda session: create_invite(session, person, now=now, key=KEY))
    assert len(code) == 8
    assert not set(code) & set("0O1IL")
    for _ in range(uses - 1):
        await written(sqlite_database, lambda session: link(session, code, "1", now))
    if reason is None:
        assert await written(sqlite_database, lambda session: link(session, code, "2", now + later)) == person
    else:
        with pytest.raises(InviteError) as caught:
            await written(sqlite_database, lambda session: link(session, code, "2", now + later))
        assert caught.value.reason == reason


async def test_a_sixth_guess_is_refused_even_when_right(sqlite_database, now):
    await load_units(sqlite_database)
    person = await add_linked_person(sqlite_database, now, "A", ("T.TP", HEAD), chat=None)
    code = await written(sqlite_database, lambda session: create_invite(session, person, now=now, key=KEY))
    async with sqlite_database.write() as session:
        for guess in ("AAAAAAA2", "AAAAAAA3", "AAAAAAA4", "AAAAAAA5", "AAAAAAA6"):
            with pytest.raises(InviteError, match="wrong"):
                await link(session, guess, "guesser", now)
        with pytest.raises(InviteError, match="exhausted"):
            await link(session, code, "guesser", now)
        await session.commit()
    assert people.GUESSES == 5


# --- what each role sees ---


async def scope(database, person_id, *, on=TODAY):
    async def work(session):
        return await scope_of(session, await load_person(session, person_id, today=on))

    found = await read(database, work)
    names = {await unit_id_of(database, code): code for code in ("T.UBND", "T.TTTT", "T.TP", "T.YT", "T.HA")}
    return {names[unit] for unit in found.unit_ids}, len(found.plan_ids), found.everything


@pytest.mark.parametrize(
    ("unit", "role", "units", "plans"),
    [
        ("T.TP", OFFICER, {"T.TP"}, 0),
        ("T.TP", HEAD, {"T.TP"}, 0),
        ("T.TTTT", COORDINATOR, {"T.TTTT"}, 1),
        ("T.TP", COORDINATOR, {"T.TP"}, 0),
        ("T.UBND", LEADER, {"T.UBND", "T.TTTT", "T.TP", "T.YT", "T.HA"}, 0),
        ("T.TP", LEADER, {"T.TP"}, 0),
        ("T.UBND", HEAD, {"T.UBND"}, 0),
        ("T.UBND", ADMIN, set(), 0),
    ],
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else str(value),
)
async def test_a_role_sees_its_unit_a_leader_the_tree_below_an_administrator_nothing(
    sqlite_database, now, unit, role, units, plans
):
    await load_units(sqlite_database)
    await load_plan(sqlite_database, now)
    person = await add_linked_person(sqlite_database, now, "A", (unit, role), chat="1")
    assert await scope(sqlite_database, person) == (units, plans, False)


async def test_what_is_over_or_not_yet_begun_shows_nothing(sqlite_database, now):
    await load_units(sqlite_database)
    await load_plan(sqlite_database, now)
    for name, days in (
        ("cũ", {"valid_to": TODAY - timedelta(days=1)}),
        ("mai", {"valid_from": TODAY + timedelta(days=1)}),
    ):
        person = await add_linked_person(sqlite_database, now, name, ("T.TTTT", COORDINATOR), chat=name)
        await written(
            sqlite_database,
            lambda session, p=person, d=days: session.execute(update(Membership).where(_m.person_id == p).values(d)),
        )
        assert await scope(sqlite_database, person) == (set(), 0, False)


async def test_a_stand_in_sees_what_the_absent_sees_and_only_in_those_days(database, now):
    await load_units(database)
    await load_plan(database, now)
    leader = await add_linked_person(database, now, "Lãnh Đạo", ("T.UBND", LEADER), chat="1")
    head = await add_linked_person(database, now, "Thủ Trưởng", ("T.TP", HEAD), chat="2")
    await written(database, lambda session: stand_in(session, head, leader, first=TODAY, last=TODAY, now=now))
    assert await scope(database, head) == ({"T.UBND", "T.TTTT", "T.TP", "T.YT", "T.HA"}, 0, False)
    assert await scope(database, head, on=TODAY + timedelta(days=1)) == ({"T.TP"}, 0, False)
    assert civil_day(now) == TODAY
