"""The outbox: owed once, claimed by one, settled only by the holder, in order within a chat and lane."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.database import Database
from models.terms import Lane, OutboxState
from reminders import outbox
from reminders.outbox import Claimed, Draft, Settlement

BOT = "telegram:7001"
LEASE = timedelta(seconds=60)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def draft(key: str, chat: str = "7", lane: Lane = Lane.REMINDER, **more: Any) -> Draft:
    return Draft(
        **{"dedup_key": key, "bot": BOT, "chat": chat, "lane": lane, "form": "text", "payload": {"text": key}} | more
    )


async def owe(database: Database, now: datetime, *drafts: Draft) -> int:
    async with database.write() as session:
        added = await outbox.enqueue(session, drafts, now=now)
        await session.commit()
    return added


async def take(
    database: Database, now: datetime, *, limit: int = 100, bots: Sequence[str] = (BOT,), **more: Any
) -> list[Claimed]:
    async with database.write() as session:
        claimed = await outbox.claim(session, bots=bots, now=now, lease=LEASE, limit=limit, **more)
        await session.commit()
    return claimed


def become(row: Claimed, state: OutboxState = OutboxState.DELIVERED, **more: Any) -> Settlement:
    facts = {
        "id": row.id,
        "lease_token": row.lease_token,
        "state": state,
        "send_after": row.send_after,
        "attempts": row.attempts,
        "parts_sent": row.parts_sent,
        "unknown_outcomes": row.unknown_outcomes,
    }
    return Settlement(**(facts | more))


async def settle(database: Database, now: datetime, *settlements: Settlement) -> set[int]:
    async with database.write() as session:
        mine = await outbox.settle(session, settlements, now=now)
        await session.commit()
    return mine


def keys(rows: Sequence[Claimed]) -> list[str]:
    return [row.dedup_key for row in rows]


async def test_what_is_owed_is_claimed_with_everything_it_needs(database: Database, now: datetime) -> None:
    await owe(
        database, now, draft("a", payload={"text": "Đôn đốc", "buttons": [[["Đã xong", "xong 12"]]]}, reply_to="55")
    )
    (row,) = await take(database, now)
    assert (row.dedup_key, row.chat, row.lane, row.form, row.reply_to) == ("a", "7", Lane.REMINDER, "text", "55")
    assert row.payload == {"text": "Đôn đốc", "buttons": [[["Đã xong", "xong 12"]]]}
    assert (row.attempts, row.send_after, row.lease_until, row.created_at) == (1, now, now + LEASE, now)


async def test_a_key_is_owed_once_for_ever(database: Database, now: datetime) -> None:
    assert await owe(database, now, draft("a"), draft("b")) == 2
    assert await owe(database, now, draft("b"), draft("c")) == 1
    (a, *_) = await take(database, now)
    await settle(database, now, become(a))
    assert await owe(database, now, draft("a")) == 0


async def test_a_key_twice_in_one_call_is_owed_once(database: Database, now: datetime) -> None:
    assert await owe(database, now, draft("a"), draft("a")) == 1


async def test_nothing_is_owed_when_the_transaction_that_owes_it_fails(database: Database, now: datetime) -> None:
    async with database.write() as session:
        await outbox.enqueue(session, [draft("a")], now=now)
    assert await take(database, now) == []


async def test_thousands_are_owed_in_one_call(database: Database, now: datetime) -> None:
    assert await owe(database, now, *(draft(f"k{n}", chat=str(n)) for n in range(2_500))) == 2_500
    assert await owe(database, now, *(draft(f"k{n}", chat=str(n)) for n in range(2_501))) == 1


async def test_what_is_held_is_not_claimed_again_before_its_lease_ends(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a"))
    await take(database, now)
    assert await take(database, now + LEASE - SECOND) == []
    assert keys(await take(database, now + LEASE)) == ["a"]


async def test_a_row_whose_holder_vanished_says_so(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a"))
    await take(database, now)
    (again,) = await take(database, now + LEASE)
    assert (again.attempts, again.last_error) == (2, outbox.LEASE_EXPIRED)


async def test_a_zombie_settles_nothing(database: Database, now: datetime) -> None:
    """Its lease ended and another holds the row: what the zombie says about it counts no more."""
    await owe(database, now, draft("a"))
    (zombie,) = await take(database, now)
    (holder,) = await take(database, now + LEASE)
    assert await settle(database, now, become(zombie, OutboxState.REJECTED)) == set()
    assert await settle(database, now, become(holder)) == {holder.id}
    assert await settle(database, now, become(zombie, OutboxState.PENDING)) == set()


async def test_of_a_batch_only_what_is_ours_is_settled(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a", "1"))
    (zombie,) = await take(database, now)
    await owe(database, now, draft("b", "2"))
    a, b = await take(database, now + LEASE)
    assert await settle(database, now, become(zombie), become(b)) == {b.id}
    assert await settle(database, now, become(a)) == {a.id}


async def counted(database: Database) -> dict[OutboxState, int]:
    async with database.read() as session:
        return await outbox.counts(session)


async def test_a_settled_row_remembers_its_reference_and_is_counted(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a", payload={"assignment": 12}), draft("b", "8"))
    a, b = await take(database, now)
    await settle(database, now, become(a, wire_ref="900"), become(b, OutboxState.UNKNOWN, unknown_outcomes=1))
    async with database.read() as session:
        found = await outbox.find_by_wire_ref(session, bot=BOT, chat="7", wire_ref="900")
        nothing = await outbox.find_by_wire_ref(session, bot=BOT, chat="8", wire_ref="900")
    assert found is not None
    assert (found.id, found.payload, nothing) == (a.id, {"assignment": 12}, None)
    assert {state: n for state, n in (await counted(database)).items() if n} == {
        OutboxState.DELIVERED: 1,
        OutboxState.UNKNOWN: 1,
    }


async def test_replies_come_first_then_reminders_then_digests_each_by_when_they_were_due(
    database: Database, now: datetime
) -> None:
    await owe(
        database,
        now,
        draft("digest", "1", Lane.DIGEST, send_after=now - HOUR),
        draft("late", "2", send_after=now),
        draft("early", "3", send_after=now - SECOND),
        draft("reply", "4", Lane.REPLY),
    )
    assert keys(await take(database, now)) == ["reply", "early", "late", "digest"]


async def test_a_small_claim_takes_the_most_urgent(database: Database, now: datetime) -> None:
    await owe(database, now, draft("digest", "1", Lane.DIGEST), draft("reminder", "2"), draft("reply", "3", Lane.REPLY))
    assert [keys(await take(database, now, limit=1))[0] for _ in range(3)] == ["reply", "reminder", "digest"]


async def test_of_one_chat_and_lane_only_the_head_is_claimed(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a"), draft("b"), draft("reply", lane=Lane.REPLY), draft("other", "8"))
    first = await take(database, now)
    assert keys(first) == ["reply", "a", "other"]
    assert await take(database, now) == []
    await settle(database, now, *(become(row) for row in first))
    assert keys(await take(database, now)) == ["b"]


async def test_a_message_that_backs_off_is_not_overtaken_in_its_chat_and_lane(
    database: Database, now: datetime
) -> None:
    await owe(database, now, draft("a"), draft("b"), draft("reply", lane=Lane.REPLY))
    reply, a = await take(database, now)
    await settle(database, now, become(reply), become(a, OutboxState.PENDING, send_after=now + HOUR))
    assert await take(database, now + timedelta(minutes=30)) == []
    assert keys(await take(database, now + HOUR)) == ["a"]


async def test_what_is_due_later_holds_back_nobody(database: Database, now: datetime) -> None:
    await owe(database, now, draft("tomorrow", send_after=now + 24 * HOUR), draft("today"))
    assert keys(await take(database, now)) == ["today"]


async def test_what_is_due_earlier_leaves_first_though_it_was_owed_later(database: Database, now: datetime) -> None:
    await owe(database, now, draft("second", send_after=now), draft("first", send_after=now - SECOND))
    assert keys(await take(database, now)) == ["first"]


async def test_busy_chats_are_passed_over_at_no_cost(database: Database, now: datetime) -> None:
    await owe(database, now, *(draft(f"k{n}", str(n)) for n in range(5)))
    busy = {BOT: {"0", "1", "3"}}
    assert keys(await take(database, now, busy_chats=busy)) == ["k2", "k4"]
    assert [row.attempts for row in await take(database, now)] == [1, 1, 1]


async def test_only_the_named_bots_are_claimed(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a"), draft("z", bot="zalo:1"), draft("x", bot="telegram:2"))
    assert keys(await take(database, now, bots=[BOT, "zalo:1"])) == ["a", "z"]
    assert await take(database, now, bots=[]) == []


async def test_two_claims_at_once_never_share_a_row(postgresql_database: Database, now: datetime) -> None:
    await owe(postgresql_database, now, *(draft(f"k{n}", str(n)) for n in range(200)))
    batches = await asyncio.gather(*(take(postgresql_database, now, limit=25) for _ in range(8)))
    taken = [row.id for batch in batches for row in batch]
    assert len(taken) == len(set(taken))
    while more := await take(postgresql_database, now):
        taken += [row.id for row in more]
    assert len(set(taken)) == len(taken) == 200


async def test_a_chat_in_the_hands_of_another_transaction_is_not_overtaken(
    postgresql_database: Database, now: datetime
) -> None:
    await owe(postgresql_database, now, draft("a"), draft("b"))
    async with postgresql_database.write() as session:
        await outbox.claim(session, bots=[BOT], now=now, lease=LEASE, limit=1)
        assert await take(postgresql_database, now) == []
        await session.commit()


async def test_parts_are_remembered_only_by_the_holder(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a"))
    (zombie,) = await take(database, now)
    (holder,) = await take(database, now + LEASE)
    async with database.write() as session:
        assert not await outbox.record_part(session, zombie, parts_sent=5)
        assert await outbox.record_part(session, holder, parts_sent=2)
        await session.commit()
    (again,) = await take(database, now + 2 * LEASE)
    assert again.parts_sent == 2


async def test_cancelling_by_key_leaves_what_was_sent_alone(database: Database, now: datetime) -> None:
    await owe(database, now, draft("sent"), draft("owed", "8"))
    await settle(database, now, become((await take(database, now, limit=1))[0]))
    async with database.write() as session:
        assert await outbox.cancel(session, now=now, dedup_keys=["sent", "owed", "never"]) == 1
        await session.commit()
    assert await take(database, now + HOUR) == []
    assert (await counted(database))[OutboxState.DELIVERED] == 1


async def test_a_cancelled_message_refuses_the_settlement_of_its_holder(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a"))
    (row,) = await take(database, now)
    async with database.write() as session:
        await outbox.cancel(session, now=now, dedup_keys=["a"])
        await session.commit()
    assert await settle(database, now, become(row, OutboxState.PENDING)) == set()
    assert (await counted(database))[OutboxState.CANCELLED] == 1


async def test_the_next_due_instant_is_known_without_claiming(database: Database, now: datetime) -> None:
    async def next_due(after: datetime | None = None) -> datetime | None:
        async with database.read() as session:
            return await outbox.next_due_at(session, [BOT], after=after)

    assert await next_due() is None
    await owe(database, now, draft("a", send_after=now + HOUR), draft("b", lane=Lane.DIGEST, send_after=now + SECOND))
    assert await next_due() == now + SECOND
    assert await next_due(after=now + SECOND) == now + HOUR
    assert await next_due(after=now + HOUR) is None


async def test_a_chat_that_moved_takes_what_it_is_owed_along(database: Database, now: datetime) -> None:
    await owe(database, now, draft("a"), draft("b"), draft("other", "8"))
    async with database.write() as session:
        assert await outbox.move_chat(session, bot=BOT, old="7", new="-1007") == 2
        await session.commit()
    assert {(row.dedup_key, row.chat) for row in await take(database, now)} == {("a", "-1007"), ("other", "8")}


async def test_only_what_was_settled_long_ago_is_forgotten(database: Database, now: datetime) -> None:
    await owe(database, now, draft("old"), draft("fresh", "8"), draft("owed", "9"))
    old, fresh, _ = await take(database, now)
    await settle(database, now, become(old))
    await settle(database, now + HOUR, become(fresh))
    async with database.write() as session:
        assert await outbox.prune(session, before=now + SECOND) == 1
        await session.commit()
    assert sum((await counted(database)).values()) == 2


async def test_no_time_without_a_zone_gets_in(database: Database, now: datetime) -> None:
    with pytest.raises(Exception, match="time zone"):
        await owe(database, now, draft("a", send_after=now.replace(tzinfo=None)))


def test_a_text_payload_is_plain_json() -> None:
    assert outbox.text_payload("Chào", [[("Đã xong", "xong 1")]]) == {
        "text": "Chào",
        "buttons": [[["Đã xong", "xong 1"]]],
    }
