"""Several processes on one PostgreSQL share the work without a duplicate, and what Telegram refuses goes its way."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.database import open_database
from models.person import Address
from models.terms import Lane, OutboxState, Role
from reminders.outbox import Draft, enqueue
from reminders.scan import Scan
from tests.builders import CALENDAR, PLAN, UNITS, add_linked_person, load_plan, load_units
from tests.fakes.stepped_telegram import BOT_KEY, stepped_telegram

JUSTICE, HEALTH, DESK, GROUP, SUPERGROUP = 501, 502, 601, -4001, -1004001
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def processes(postgresql_database, now, clock):
    """Two houses on one database, each with a pool of connections of its own, before one Telegram."""
    database = postgresql_database
    await load_units(database, UNITS)
    await load_plan(database, now, PLAN)
    for chat, name, place in (
        (JUSTICE, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD)),
        (HEALTH, "Phạm Văn Mẫu", ("T.YT", Role.UNIT_HEAD)),
        (DESK, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR)),
    ):
        await add_linked_person(database, now, name, place, chat=str(chat), bot=BOT_KEY)
    other = open_database(database.writer.url.render_as_string(hide_password=False))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(other.close)
        one = await stack.enter_async_context(stepped_telegram(database, clock))
        for chat in (JUSTICE, HEALTH, DESK):
            one.telegram.add_person(chat)
        two = await stack.enter_async_context(stepped_telegram(other, clock, telegram=one.telegram))
        yield one, two


async def owe(house, *keys, chat, lane=Lane.REMINDER):
    drafts = [
        Draft(dedup_key=key, bot=BOT_KEY, chat=str(chat), lane=lane, form="text", payload={"text": key}) for key in keys
    ]
    async with house.engine.database.write() as session:
        await enqueue(session, drafts, now=house.clock())
        await session.commit()


async def test_two_sweeps_at_once_plan_each_message_once(processes, now):
    one, _ = processes
    await asyncio.gather(*(house.engine.scan.scan(now) for house in processes))
    await asyncio.gather(*(house.engine.sender.deliver_due(now) for house in processes))
    told = Counter((sent.chat_id, sent.text) for sent in one.telegram.transcript)
    assert set(told.values()) == {1}
    assert {chat for chat, _ in told} >= {JUSTICE, HEALTH}
    delivered = [row for row in await one.owed() if row.state is OutboxState.DELIVERED]
    assert len(delivered) == len(one.telegram.transcript)


async def test_four_sweepers_and_two_senders_deliver_three_hundred_messages_once_each(processes, now):
    one, _ = processes
    for chat in range(1000, 1030):
        one.telegram.add_person(chat)
        await owe(one, *(f"{chat}-{n}" for n in range(10)), chat=chat)
    more = [Scan(house.engine.database, calendar=CALENDAR) for house in processes]
    sweeps = [scan.scan(now) for scan in more] + [house.engine.scan.scan(now) for house in processes]
    await asyncio.gather(*sweeps, *(house.engine.sender.deliver_due(now) for house in processes))
    for house in processes:
        await house.engine.sender.deliver_due(now)
    ours = [sent for sent in one.telegram.transcript if sent.chat_id >= 1000]
    assert len(ours) == len({sent.text for sent in ours}) == 300
    for chat in range(1000, 1030):
        assert [sent.text for sent in ours if sent.chat_id == chat] == [f"{chat}-{n}" for n in range(10)]


async def test_two_pollers_storing_the_same_batch_handle_each_answer_once(processes, now):
    one, two = processes
    one.telegram.person_says(JUSTICE, "1 xong")
    one.telegram.person_says(HEALTH, "1 đang làm 30%")
    # the second asks before the first has confirmed, as after a crash between commit and confirmation
    batches = await asyncio.gather(one.receive(), two.receive(), return_exceptions=True)
    assert all(batch is None or isinstance(batch, Exception) for batch in batches)
    await asyncio.gather(*(house.engine.inbox_worker.handle_due(now) for house in processes))
    replies = [row for row in await one.owed() if row.lane is Lane.REPLY]
    assert sorted(int(row.chat) for row in replies) == [JUSTICE, HEALTH]


async def test_a_blocked_person_is_out_of_use_and_the_coordinator_is_told(processes, now):
    one, _ = processes
    one.telegram.person_blocks(JUSTICE)
    one.telegram.pending.clear()  # the notice of it is lost: only the refusal of the send tells us
    await one.live()
    async with one.engine.database.read() as session:
        address = (await session.execute(select(Address).where(Address.chat == str(JUSTICE)))).scalar_one()  # type: ignore[arg-type]
    assert address.unreachable_at == now
    (told,) = [text for text in one.telegram.texts(DESK) if "Trần Thị Mẫu" in text]
    assert "đã chặn" in told
    calls = len([call for call in one.telegram.called("sendMessage") if call.params["chat_id"] == str(JUSTICE)])
    await one.mornings_until(4, 11)
    again = len([call for call in one.telegram.called("sendMessage") if call.params["chat_id"] == str(JUSTICE)])
    assert again == calls


async def test_a_group_that_moved_is_followed_and_nothing_is_said_twice(processes, now):
    one, _ = processes
    one.telegram.add_group(GROUP, kind="group")
    await owe(one, "first", "second", chat=GROUP)
    one.telegram.migrates(GROUP, SUPERGROUP)
    await asyncio.gather(*(house.engine.sender.deliver_due(now) for house in processes))
    for house in processes:
        await house.engine.sender.deliver_due(now)
    assert one.telegram.texts(SUPERGROUP) == ["first", "second"]
    assert {row.chat for row in await one.owed() if row.dedup_key in {"first", "second"}} == {str(SUPERGROUP)}


async def test_told_to_wait_by_one_chat_only_that_chat_waits_in_every_process(processes, now):
    one, two = processes
    await owe(one, "slow", chat=HEALTH)
    one.telegram.fail("flood", chat_id=HEALTH, retry_after=120)
    await one.engine.sender.deliver_due(now)
    await owe(one, "quick", chat=JUSTICE)
    await two.engine.sender.deliver_due(now)
    assert (one.telegram.texts(HEALTH), one.telegram.texts(JUSTICE)) == ([], ["quick"])
    (row,) = [row for row in await one.owed() if row.dedup_key == "slow"]
    assert (row.state, row.send_after >= now + 2 * MINUTE) == (OutboxState.PENDING, True)
    await two.engine.sender.deliver_due(one.clock.advance(3 * MINUTE))
    assert one.telegram.texts(HEALTH) == ["slow"]
