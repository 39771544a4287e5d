"""The record is only appended to, and whoever changes it behind our back is found out."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from models.assignment import Assignment
from models.audit import AuditEvent
from models.columns import columns_of
from models.terms import Answer, Role
from planner import audit
from planner.audit_chain import Anchor, Break, Fault
from planner.report_progress import Said, report_progress
from tests.builders import add_linked_person, load_plan, load_units

_e = columns_of(AuditEvent)


async def record_some(database, now, how_many=6, *, person_id=None):
    for number in range(how_many):
        async with database.write() as session:
            await audit.record(
                session,
                "not-understood",
                now=now + timedelta(seconds=number),
                channel="local",
                person_id=person_id,
                said=f"câu {number}",
                before={"state": "not_started", 1: (2, 3)},
                after=None,
            )
            await session.commit()


async def stored(database):
    async with database.read() as session:
        return list((await session.execute(select(AuditEvent).order_by(_e.id))).scalars())


async def verified(database, anchor=None):
    async with database.read() as session:
        return await audit.verify(session, anchor=anchor)


async def tampered(database, *statements):
    async with database.write() as session:
        for statement in statements:
            await session.execute(statement)
        await session.commit()
    return (await verified(database)).broken


async def test_a_record_left_alone_is_whole(database, now):
    await record_some(database, now)
    found = await verified(database)
    rows = await stored(database)
    assert (found.events, found.unchained, found.broken) == (6, 0, None)
    assert found.head == Anchor(rows[-1].id, rows[-1].event_hash)
    assert [row.previous_hash for row in rows] == [None, *(row.event_hash for row in rows[:-1])]


async def test_several_events_of_one_transaction_are_one_chain_and_a_rollback_leaves_none(database, now):
    async with database.write() as session:
        await audit.record(session, "first", now=now, channel="local")
        await audit.record(session, "second", now=now, channel="local", said="")
        await session.commit()
        await audit.record(session, "never", now=now, channel="local")
        await session.rollback()
        await audit.record(session, "third", now=now, channel="local")
        await session.commit()
    assert [row.action for row in await stored(database)] == ["first", "second", "third"]
    assert (await verified(database)).broken is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "accepted"),
        ("channel", "telegram"),
        ("role", "leader"),
        ("person_id", 1),
        ("assignment_id", 1),
        ("before", {"state": "accepted"}),
        ("after", {"state": "accepted"}),
        ("said_digest", "0" * 64),
        ("event_hash", "0" * 64),
    ],
)
async def test_a_changed_fact_is_found(sqlite_database, now, column, value):
    await load_units(sqlite_database)
    await load_plan(sqlite_database, now)
    await add_linked_person(sqlite_database, now, "Người Mẫu", ("T.TP", Role.OFFICER), chat=None)
    await record_some(sqlite_database, now)
    last = (await stored(sqlite_database))[-4]
    broken = await tampered(sqlite_database, update(AuditEvent).where(_e.id == last.id).values({column: value}))
    assert broken == Break(last.id, Fault.CHANGED)


async def test_changed_words_and_a_changed_hour_are_found(database, now):
    await record_some(database, now)
    first, second = (await stored(database))[1:3]
    assert await tampered(database, update(AuditEvent).where(_e.id == second.id).values(at=now)) == Break(
        second.id, Fault.CHANGED
    )
    assert await tampered(database, update(AuditEvent).where(_e.id == first.id).values(said="câu khác")) == Break(
        first.id, Fault.WORDS_CHANGED
    )


async def test_a_deleted_row_is_found(database, now):
    await record_some(database, now)
    rows = await stored(database)
    assert await tampered(database, delete(AuditEvent).where(_e.id == rows[2].id)) == Break(
        rows[3].id, Fault.NOT_AFTER_PREVIOUS
    )


async def test_the_first_row_cannot_be_cut_off(database, now):
    await record_some(database, now)
    rows = await stored(database)
    assert await tampered(database, delete(AuditEvent).where(_e.id == rows[0].id)) == Break(
        rows[1].id, Fault.NOT_AFTER_PREVIOUS
    )


async def test_newest_rows_cut_off_are_found_by_what_was_noted_down(database, now):
    await record_some(database, now)
    head = (await verified(database)).head
    await tampered(database, delete(AuditEvent).where(_e.id == head.event_id))
    assert (await verified(database)).broken is None
    assert (await verified(database, head)).broken == Break(head.event_id, Fault.ANCHOR_MISSING)
    await record_some(database, now, 3)
    assert (await verified(database, head)).broken == Break(head.event_id, Fault.ANCHOR_MISSING)


async def test_rows_moved_are_found(database, now):
    await record_some(database, now)
    one, two = [row.id for row in (await stored(database))[2:4]]
    broken = await tampered(
        database,
        update(AuditEvent).where(_e.id == one).values(id=9999),
        update(AuditEvent).where(_e.id == two).values(id=one),
        update(AuditEvent).where(_e.id == 9999).values(id=two),
    )
    assert broken == Break(one, Fault.NOT_AFTER_PREVIOUS)


async def test_an_added_row_is_found_with_a_hash_or_without(database, now):
    await record_some(database, now)
    last = (await stored(database))[-1]
    forged = {"id": 7000, "at": now, "channel": "local", "action": "accepted"}
    assert await tampered(database, insert(AuditEvent).values(forged)) == Break(7000, Fault.UNCHAINED)
    await tampered(database, delete(AuditEvent).where(_e.id == 7000))
    copied = {**forged, "previous_hash": last.event_hash, "event_hash": last.event_hash}
    assert await tampered(database, insert(AuditEvent).values(copied)) == Break(7000, Fault.CHANGED)


async def test_rows_from_before_the_chain_are_tolerated_only_before_it(database, now):
    async with database.write() as session:
        await session.execute(insert(AuditEvent).values(at=now, channel="local", action="old"))
        await session.commit()
    await record_some(database, now)
    found = await verified(database)
    assert (found.events, found.unchained, found.broken) == (7, 1, None)
    last = (await stored(database))[-1]
    stripped = update(AuditEvent).where(_e.id == last.id).values(event_hash=None, previous_hash=None)
    assert await tampered(database, stripped) == Break(last.id, Fault.UNCHAINED)


async def test_words_may_be_missing_only_of_somebody_forgotten(database, now):
    await load_units(database)
    person_id = await add_linked_person(database, now, "Người Mẫu", ("T.TP", Role.OFFICER), chat=None)
    await record_some(database, now, person_id=person_id)
    rows = await stored(database)
    erased = update(AuditEvent).where(_e.id == rows[3].id).values(said=None, said_salt=None)
    assert await tampered(database, erased) == Break(rows[3].id, Fault.WORDS_MISSING)
    async with database.write() as session:
        assert await audit.erase_chatter(session, person_id) == 5
        await audit.record(session, "person-forgotten", now=now, channel="command-line", person_id=person_id)
        await session.commit()
    assert (await verified(database)).broken is None


async def test_the_role_and_the_channel_of_that_day_are_kept(database, now):
    await load_units(database)
    places = (("T.TP", Role.OFFICER), ("T.TTTT", Role.COORDINATOR))
    person_id = await add_linked_person(database, now, "Người Mẫu", *places, chat="1")
    await record_some(database, now, 1, person_id=person_id)
    added, said = await stored(database)
    assert (added.channel, added.role) == ("command-line", "operator")
    assert (said.channel, said.role) == ("local", "coordinator,officer")


async def test_answers_at_the_same_moment_make_one_chain_and_wait_for_nobody_in_a_circle(database, now):
    """Some speak before they touch an assignment, some after: a lock held from the first word would be a deadlock."""
    await load_units(database)
    await load_plan(database, now)
    async with database.read() as session:
        ids = sorted((await session.execute(select(columns_of(Assignment).id))).scalars())

    async def answer(number):
        async with database.write() as session:
            if number % 2:
                await audit.record(session, "not-understood", now=now, channel="local", said="trước")
            for assignment_id in ids:
                said = Said(None, "local", f"đang làm {number}%", now)
                await report_progress(session, assignment_id, Answer.IN_PROGRESS, said=said, percent=number)
            await session.commit()

    await asyncio.gather(*(answer(number) for number in range(8)))
    found = await verified(database)
    assert found.broken is None
    assert found.events == 1 + 4 + 8 * len(ids)


async def test_twenty_thousand_events_are_walked_in_a_moment(sqlite_database, now):
    async with sqlite_database.write() as session:
        for number in range(20_000):
            await audit.record(session, "reported", now=now, channel="local", said=f"câu {number}", after={"n": number})
        await session.commit()
    started = asyncio.get_running_loop().time()
    found = await verified(sqlite_database)
    assert (found.events, found.broken) == (20_000, None)
    assert asyncio.get_running_loop().time() - started < 10, "on a busy machine; an idle one needs a twentieth"


async def test_what_is_recorded_outside_a_commit_is_not_there(sqlite_database, now):
    async with sqlite_database.write() as session:
        await audit.record(session, "never", now=now, channel="local")
        await session.execute(text("SELECT 1"))
    assert await stored(sqlite_database) == []
