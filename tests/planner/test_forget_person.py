"""A person who has left is forgotten: nothing personal remains, no figure moves, and the record still holds."""

from dataclasses import asdict

import pytest
from sqlalchemy import select, text

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.errors import UnknownError
from models.inbox import InboxUpdate
from models.outbox import OutboxMessage
from models.person import Person
from models.tables import METADATA
from models.terms import Answer, InboxState, Lane, OutboxState, Role
from planner import audit
from planner.forget_person import forget
from planner.list_overdue import count_states
from planner.people import add_person, create_invite
from planner.report_progress import Said, report_progress
from planner.scope import EVERYTHING
from tests.builders import BOT, add_linked_person, load_plan, load_units

NAME, CHAT = "Nguyễn Văn Riêng-Tư", "900112233"


@pytest.fixture
async def left(database, now):
    await load_units(database)
    await load_plan(database, now)
    person_id = await add_linked_person(database, now, NAME, ("T.TP", Role.UNIT_HEAD), chat=CHAT)
    a = columns_of(Assignment)
    async with database.write() as session:
        first = (await session.execute(select(a.id).order_by(a.id).limit(1))).scalar_one()
        said = Said(person_id, "local", "đã xong, báo cáo số 215/BC-STP", now)
        await report_progress(session, first, Answer.DONE, said=said)
        await audit.record(
            session, "not-understood", now=now, channel="local", person_id=person_id, said="hôm nay tôi ốm"
        )
        session.add(
            InboxUpdate(
                bot=BOT, update_key="1", chat=CHAT, body=f'{{"from": "{NAME}"}}', state=InboxState.PENDING,
                received_at=now, handle_after=now,
            )
        )  # fmt: skip
        session.add(
            OutboxMessage(
                dedup_key="notice:1", bot=BOT, chat=CHAT, lane=Lane.REPLY, priority=0, form="text",
                payload={"text": f"Chào {NAME}"}, choices=[["Giao lại", f"giaocho 1 {NAME}"]],
                state=OutboxState.DELIVERED, send_after=now, created_at=now, settled_at=now, wire_ref="7",
            )
        )  # fmt: skip
        await create_invite(session, person_id, now=now, key=b"a key of the tests")
        await session.commit()
    return person_id


async def everything(database):
    """Every value of every table, as one text."""
    async with database.read() as session:
        rows = [row for table in METADATA.sorted_tables for row in await session.execute(table.select())]
    return "\n".join(str(tuple(row)) for row in rows)


async def figures(database, now):
    async with database.read() as session:
        return asdict(await count_states(session, EVERYTHING, today=civil_day(now)))


async def test_nothing_personal_remains_figures_stay_and_the_record_holds(database, now, left):
    before = await figures(database, now)
    assert NAME in await everything(database)
    async with database.write() as session:
        assert await forget(session, left, now=now) == f"Người đã rời hệ thống #{left}"
        await session.commit()
    remains = await everything(database)
    for personal in (NAME, CHAT, "tôi ốm"):
        assert personal not in remains
    assert "báo cáo số 215/BC-STP" in remains, "the office's answer is the office's record"
    assert await figures(database, now) == before
    assert sum(before.values()) > 0
    async with database.read() as session:
        assert (await audit.verify(session)).broken is None
        for table in ("address", "invite", "dialog"):
            assert (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() == 0  # noqa: S608


async def test_who_is_forgotten_cannot_be_invited_or_forgotten_again_and_a_namesake_is_somebody_new(
    database, now, left
):
    async with database.write() as session:
        await forget(session, left, now=now)
        for again in (forget(session, left, now=now), create_invite(session, left, now=now, key=b"k")):
            with pytest.raises(UnknownError):
                await again
        new = await add_person(session, NAME, [("T.TP", Role.OFFICER)], now=now)
        await session.commit()
    assert new != left
    async with database.read() as session:
        names = (await session.execute(select(columns_of(Person).full_name))).scalars().all()
    assert sorted(names) == sorted([NAME, f"Người đã rời hệ thống #{left}"])
