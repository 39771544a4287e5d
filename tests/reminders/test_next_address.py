"""A reminder goes to the first address that works; to the next only when it is known not to have arrived."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.clock import SteppedClock
from models.database import Database
from models.errors import (
    ChannelStoppedError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from models.terms import Lane, OutboxState
from models.unsure import UnsureNotice
from planner.people import heard_from
from reminders.channel import SessionWindow
from reminders.choosing import QUOTA_HELD, WINDOW_CLOSED
from reminders.dedup import chain_of, elsewhere_key
from reminders.deliver import DeliverySummary
from reminders.outbox import LEASE_EXPIRED
from tests.reminders.several_channels import COUNTED, FREE, WINDOWED, WINDOWED_LIKE, Exchange

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
BLOCKED = UnreachableError("bot was blocked by the user")


@pytest.fixture
def exchange(database: Database, clock: SteppedClock) -> Exchange:
    return Exchange(database, clock)


async def test_what_a_blocked_address_refuses_arrives_at_the_next_in_order_and_at_no_other(exchange: Exchange) -> None:
    person = await exchange.person(FREE, COUNTED, WINDOWED)
    exchange.channels[FREE].by_chat["7"] = BLOCKED
    await exchange.owe("a", bot=FREE, to=person)
    assert await exchange.turn() == DeliverySummary(delivered=1, unreachable=1)
    assert exchange.arrived() == {COUNTED: ["a"]}
    assert await exchange.states() == {
        "a": (FREE, OutboxState.UNREACHABLE),
        "a>1": (COUNTED, OutboxState.DELIVERED),
    }
    assert exchange.nobody_reached == []


async def test_when_every_address_has_refused_the_coordinator_hears_the_last_reason_once(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED, WINDOWED, FREE)
    for bot, word in ((COUNTED, "first"), (WINDOWED, "second"), (FREE, "third")):
        exchange.channels[bot].by_chat["7"] = UnreachableError(word)
    await exchange.owe("a", bot=COUNTED, to=person)
    await exchange.turn()
    assert [(key, bot) for key, (bot, _) in (await exchange.states()).items()] == [
        ("a", COUNTED),
        ("a>1", WINDOWED),
        ("a>2", FREE),
    ]
    assert exchange.nobody_reached == [("a>2", "third")]
    assert await exchange.addresses() == {COUNTED: "first", WINDOWED: "second", FREE: "third"}


async def test_a_channel_that_no_process_runs_is_passed_over(exchange: Exchange) -> None:
    person = await exchange.person(FREE, "gone:1", COUNTED)
    exchange.channels[FREE].by_chat["7"] = BLOCKED
    await exchange.owe("a", bot=FREE, to=person)
    await exchange.turn()
    assert exchange.arrived() == {COUNTED: ["a"]}


async def test_a_reply_goes_to_the_chat_it_answers_or_nowhere(exchange: Exchange) -> None:
    person = await exchange.person(FREE, COUNTED)
    exchange.channels[FREE].by_chat["7"] = BLOCKED
    await exchange.owe("a", bot=FREE, to=person, lane=Lane.REPLY)
    await exchange.turn()
    assert exchange.arrived() == {}


@pytest.mark.parametrize(
    "error", [TryLaterError("502"), RejectedError("malformed"), OutcomeUnknownError("no answer"), RuntimeError("ours")]
)
@pytest.mark.parametrize("bot", [FREE, COUNTED])
async def test_whatever_else_fails_a_message_stays_on_its_channel(
    exchange: Exchange, bot: str, error: Exception
) -> None:
    person = await exchange.person(bot, WINDOWED)
    exchange.channels[bot].by_chat["7"] = error
    await exchange.owe("a", bot=bot, to=person)
    for _ in range(3):
        await exchange.turn(HOUR)
    assert exchange.channels[WINDOWED].calls == []
    assert list(await exchange.states()) == ["a"]


def test_the_keys_of_a_message_are_one_chain() -> None:
    assert elsewhere_key("new:20241023:1:2:3") == "new:20241023:1:2:3>1"
    assert elsewhere_key("new:20241023:1:2:3>1") == "new:20241023:1:2:3>2"
    assert chain_of("a>2") == ["a", "a>1", "a>2"]


# windows


async def test_a_closed_window_is_seen_before_anything_is_sent(exchange: Exchange) -> None:
    person = await exchange.person(WINDOWED, FREE, heard_ago=48 * HOUR + SECOND)
    await exchange.owe("a", bot=WINDOWED, to=person)
    await exchange.turn()
    assert exchange.channels[WINDOWED].calls == []
    assert exchange.arrived() == {FREE: ["a"]}
    assert await exchange.addresses() == {WINDOWED: WINDOW_CLOSED, FREE: None}


async def test_with_no_other_channel_the_coordinator_hears_that_the_window_is_closed(exchange: Exchange) -> None:
    person = await exchange.person(WINDOWED, heard_ago=None)
    await exchange.owe("a", bot=WINDOWED, to=person)
    await exchange.turn()
    assert exchange.nobody_reached == [("a", WINDOW_CLOSED)]
    assert exchange.channels[WINDOWED].calls == []


async def test_a_word_from_the_person_opens_the_window_again(exchange: Exchange) -> None:
    person = await exchange.person(WINDOWED, heard_ago=72 * HOUR)
    await exchange.owe("a", bot=WINDOWED, to=person)
    await exchange.turn()
    async with exchange.database.write() as session:
        await heard_from(session, bot=WINDOWED, chat="7", now=exchange.clock())
        await session.commit()
    await exchange.owe("b", bot=WINDOWED, to=person)
    await exchange.turn(47 * HOUR)
    assert exchange.arrived() == {WINDOWED: ["b"]}
    assert await exchange.addresses() == {WINDOWED: None}


@pytest.mark.parametrize(("may_bill", "reached"), [(True, WINDOWED), (False, FREE)])
async def test_money_is_spent_only_where_somebody_said_so(exchange: Exchange, reached: str, *, may_bill: bool) -> None:
    window = SessionWindow(48 * HOUR, 168 * HOUR, may_bill=may_bill)
    exchange.channels[WINDOWED].capabilities = replace(WINDOWED_LIKE, session_window=window)
    person = await exchange.person(WINDOWED, FREE, heard_ago=72 * HOUR)
    await exchange.owe("a", bot=WINDOWED, to=person)
    await exchange.turn()
    assert exchange.arrived() == {reached: ["a"]}


async def test_a_group_has_no_window(exchange: Exchange) -> None:
    await exchange.owe("a", bot=WINDOWED, to=None, chat="group-1")
    await exchange.turn()
    assert exchange.arrived() == {WINDOWED: ["a"]}


# quotas


async def test_what_the_quota_holds_leaves_by_the_next_channel(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED, FREE)
    await exchange.use_up(95)
    await exchange.owe("a", bot=COUNTED, to=person, lane=Lane.DIGEST)
    assert await exchange.turn() == DeliverySummary(delivered=1, postponed=1)
    assert exchange.arrived() == {FREE: ["a"]}
    assert await exchange.counted() == {COUNTED: (95, 0)}
    assert await exchange.addresses() == {COUNTED: None, FREE: None}


async def test_what_the_quota_holds_waits_for_the_next_month_when_there_is_no_other_channel(
    exchange: Exchange, clock: SteppedClock
) -> None:
    person = await exchange.person(COUNTED)
    await exchange.use_up(98)
    await exchange.owe("ping", bot=COUNTED, to=person)
    await exchange.owe("answer", bot=COUNTED, to=person, lane=Lane.REPLY)
    await exchange.turn()
    assert exchange.arrived() == {COUNTED: ["answer"]}
    row = (await exchange.rows())["ping"]
    assert (row.state, row.last_error, row.attempts) == (OutboxState.PENDING, QUOTA_HELD, 0)
    # 08:00 on the first of November in Vietnam
    assert row.send_after == datetime.fromisoformat("2024-11-01T01:00:00+00:00")
    clock.move_to(row.send_after)
    await exchange.turn()
    assert exchange.arrived() == {COUNTED: ["answer", "ping"]}


async def test_of_held_overviews_the_newest_waits_and_speaks_of_all_the_work(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED)
    await exchange.use_up(95)
    for key, ids in (("monday", [1, 2]), ("tuesday", [2, 3]), ("wednesday", [4])):
        payload = {"unit_id": 5, "assignment_ids": ids}
        await exchange.owe(key, bot=COUNTED, to=person, lane=Lane.DIGEST, payload=payload)
        await exchange.turn(HOUR)
    rows = await exchange.rows()
    assert {key: row.state for key, row in rows.items()} == {
        "monday": OutboxState.CANCELLED,
        "tuesday": OutboxState.CANCELLED,
        "wednesday": OutboxState.PENDING,
    }
    assert sorted(rows["wednesday"].payload["assignment_ids"]) == [1, 2, 3, 4]


async def test_the_rest_of_a_message_that_was_begun_is_not_held(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED)
    await exchange.use_up(97)
    words = "\n".join(f"dòng {number} {'x' * 90}" for number in range(60))
    await exchange.owe("a", bot=COUNTED, to=person, payload={"text": words})
    await exchange.turn()
    assert len(exchange.channels[COUNTED].texts) > 1
    assert (await exchange.rows())["a"].state is OutboxState.DELIVERED


@pytest.mark.parametrize(
    ("answer", "counted"),
    [
        pytest.param(None, 1, id="arrived"),
        pytest.param(OutcomeUnknownError("no answer"), 1, id="may have arrived"),
        pytest.param(RuntimeError("ours"), 1, id="a fault of ours, after who knows what"),
        pytest.param(TryLaterError("502"), 0, id="not sent"),
        pytest.param(TryLaterError("429", is_rate_limit=True), 0, id="too many"),
        pytest.param(BLOCKED, 0, id="blocked"),
        pytest.param(RejectedError("malformed"), 0, id="refused"),
    ],
)
async def test_the_ledger_counts_whatever_may_have_counted(
    exchange: Exchange, answer: Exception | None, counted: int
) -> None:
    person = await exchange.person(COUNTED)
    exchange.channels[COUNTED].answers.append(answer)
    await exchange.owe("a", bot=COUNTED, to=person)
    await exchange.turn()
    assert await exchange.counted() == {COUNTED: (0, counted)}


async def test_each_part_of_a_long_message_counts(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED)
    await exchange.owe("a", bot=COUNTED, to=person, payload={"text": "\n".join(["y" * 90] * 60)})
    await exchange.turn()
    assert await exchange.counted() == {COUNTED: (0, len(exchange.channels[COUNTED].texts))}


async def test_a_channel_without_a_quota_is_not_counted(exchange: Exchange) -> None:
    person = await exchange.person(FREE)
    await exchange.owe("a", bot=FREE, to=person)
    await exchange.turn()
    assert await exchange.counted() == {}


# outcomes nobody knows


async def test_where_it_must_not_be_repeated_an_unknown_outcome_is_noted_and_never_sent_again(
    exchange: Exchange, now: datetime
) -> None:
    person = await exchange.person(COUNTED, FREE)
    exchange.channels[COUNTED].answers.append(OutcomeUnknownError("no answer"))
    await exchange.owe("a", bot=COUNTED, to=person)
    for _ in range(5):
        await exchange.turn(HOUR)
    assert [len(channel.calls) for channel in exchange.channels.values()] == [0, 1, 0]
    assert await exchange.states() == {"a": (COUNTED, OutboxState.UNKNOWN)}
    async with exchange.database.read() as session:
        (noted,) = (await session.execute(select(UnsureNotice))).scalars()
    assert (noted.dedup_key, noted.person_id, noted.assignment_id, noted.told_at) == ("a", person, None, None)


@pytest.mark.parametrize(
    ("bot", "state", "sends"), [(COUNTED, OutboxState.UNKNOWN, 1), (FREE, OutboxState.DELIVERED, 2)]
)
async def test_a_sender_that_vanishes_while_it_sends_leaves_an_unknown_outcome(
    exchange: Exchange, bot: str, state: OutboxState, sends: int
) -> None:
    person = await exchange.person(bot)
    await exchange.owe("a", bot=bot, to=person)

    async def vanish() -> str:
        raise asyncio.CancelledError  # as far as the row knows, the process is no more

    exchange.channels[bot].answers.append(vanish)
    with pytest.raises(asyncio.CancelledError):
        await exchange.turn()
    calls_before = 1  # the wire saw it go, whatever the fake wrote down
    exchange.restart()
    await exchange.turn(timedelta(seconds=91))
    assert (await exchange.rows())["a"].state is state
    assert calls_before + len(exchange.channels[bot].calls) == sends


async def test_a_sender_that_vanishes_before_it_sends_has_lost_nothing(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED)
    await exchange.owe("a", bot=COUNTED, to=person)
    await exchange.abandon("a")
    await exchange.turn(2 * SECOND)
    assert exchange.arrived() == {COUNTED: ["a"]}


async def test_what_may_have_arrived_before_its_address_was_blocked_is_noted_and_goes_nowhere_else(
    exchange: Exchange,
) -> None:
    person = await exchange.person(FREE, COUNTED)
    exchange.channels[FREE].answers += [OutcomeUnknownError("no answer"), BLOCKED]
    await exchange.owe("a", bot=FREE, to=person)
    await exchange.turn()
    await exchange.turn(timedelta(seconds=91))
    assert await exchange.states() == {"a": (FREE, OutboxState.UNREACHABLE)}
    assert exchange.channels[COUNTED].calls == []
    assert exchange.nobody_reached == []
    assert await exchange.unsure() == [("a", person)]


async def test_a_crash_is_remembered_over_later_troubles_and_keeps_a_copy_from_the_next_channel(
    exchange: Exchange,
) -> None:
    person = await exchange.person(FREE, COUNTED)

    async def vanish() -> str:
        raise asyncio.CancelledError  # it may have left

    exchange.channels[FREE].answers += [vanish, TryLaterError("502"), BLOCKED]
    await exchange.owe("a", bot=FREE, to=person)
    with pytest.raises(asyncio.CancelledError):
        await exchange.turn()
    exchange.restart()
    await exchange.turn(timedelta(seconds=91))
    assert (await exchange.rows())["a"].last_error == f"try-later: 502; {LEASE_EXPIRED}"
    await exchange.turn(HOUR)
    assert await exchange.states() == {"a": (FREE, OutboxState.UNREACHABLE)}
    assert exchange.channels[COUNTED].calls == []
    assert await exchange.unsure() == [("a", person)]


async def test_a_crash_before_a_counted_send_began_keeps_nothing_from_the_next_channel(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED, FREE)
    exchange.channels[COUNTED].by_chat["7"] = BLOCKED
    await exchange.owe("a", bot=COUNTED, to=person)
    await exchange.abandon("a")
    await exchange.turn(2 * SECOND)
    assert exchange.arrived() == {FREE: ["a"]}


# a platform that is down


async def test_a_platform_that_is_down_is_let_alone_while_the_others_go_on(exchange: Exchange) -> None:
    down, up = [await exchange.person(bot, chat=chat) for bot, chat in ((COUNTED, "7"), (FREE, "8"))]
    channel = exchange.channels[COUNTED]
    channel.by_chat["7"] = TryLaterError("connection refused")
    for number in range(60):
        await exchange.owe(f"down-{number}", bot=COUNTED, to=down)
        await exchange.owe(f"up-{number}", bot=FREE, to=up, chat="8")
        await exchange.turn(timedelta(minutes=1))
    assert len(exchange.channels[FREE].texts) == 60
    assert 5 <= len(channel.calls) < 30
    (outage,) = await exchange.outages()
    assert (outage.bot, outage.part, outage.reason) == (COUNTED, "send", "try-later: connection refused")
    channel.by_chat.clear()
    for _ in range(30):
        await exchange.turn(timedelta(minutes=1))
    assert sorted(channel.texts) == sorted(f"down-{number}" for number in range(60))
    assert await exchange.outages() == []


async def test_a_dead_token_stops_the_bot_at_the_first_word_of_it(exchange: Exchange, now: datetime) -> None:
    person = await exchange.person(COUNTED)
    channel = exchange.channels[COUNTED]
    channel.by_chat["7"] = ChannelStoppedError("401")
    await exchange.owe("a", "b", "c", bot=COUNTED, to=person)
    await exchange.turn()
    assert len(channel.calls) == 1
    (outage,) = await exchange.outages()
    assert (outage.since, outage.reason) == (now, "channel-stopped: 401")


async def test_the_next_process_finds_the_outage_and_ends_it_with_its_first_success(exchange: Exchange) -> None:
    person = await exchange.person(COUNTED)
    exchange.channels[COUNTED].by_chat["7"] = ChannelStoppedError("401")
    await exchange.owe("a", bot=COUNTED, to=person)
    await exchange.turn()
    exchange.restart()
    assert len(await exchange.outages()) == 1
    exchange.channels[COUNTED].by_chat.clear()
    await exchange.turn(HOUR)
    assert await exchange.outages() == []
