"""The poller stores before it acknowledges, so that whatever dies, no answer of a person is lost."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.telegram.menu import COMMANDS
from bot.telegram.poller import RawUpdate, chat_key_of, pause_after, poll_updates, raw_update
from bot.telegram.wire import make_bot
from tests.fakes.telegram_server import TOKEN, FakeTelegram

AN, BINH = 501, 502
KINDS = ["message", "callback_query", "my_chat_member"]
NO_PAUSE = lambda _shortest, _longest: 0.0  # noqa: E731


class Inbox:
    """The store: keeps what it is given, fails as often as it is told to."""

    def __init__(self):
        self.stored: list[RawUpdate] = []
        self.failures = 0
        self.delay = 0.0

    async def store(self, batch):
        await asyncio.sleep(self.delay)
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        self.stored.extend(batch)

    @property
    def texts(self):
        return [json.loads(update.body)["message"]["text"] for update in self.stored]

    async def holds(self, count):
        async with asyncio.timeout(5):
            while len(self.stored) < count:  # noqa: ASYNC110  # what is waited for has no event to offer
                await asyncio.sleep(0.005)


@pytest.fixture
async def telegram():
    async with FakeTelegram() as telegram:
        telegram.add_person(AN)
        telegram.add_person(BINH)
        yield telegram


@asynccontextmanager
async def polling(telegram, inbox, *, seconds=20.0, uniform=NO_PAUSE):
    bot = make_bot(TOKEN, api_base=telegram.url, proxy=None, request_timeout=timedelta(seconds=5))
    stop = asyncio.Event()
    task = asyncio.create_task(
        poll_updates(
            bot,
            store=inbox.store,
            stop=stop,
            allowed_updates=KINDS,
            timeout=timedelta(seconds=seconds),
            uniform=uniform,
        )
    )
    try:
        yield stop, task
    finally:
        stop.set()
        await asyncio.wait({task}, timeout=5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bot.session.close()


def questions(telegram):
    """The offset of each question the poller asked and got an answer to."""
    return [call.params.get("offset") for call in telegram.called("getUpdates")]


async def test_what_people_say_is_stored_in_order_and_then_acknowledged(telegram):
    inbox = Inbox()
    async with polling(telegram, inbox):
        for number in range(5):
            telegram.person_says(AN, f"xong {number}")
            await asyncio.sleep(0.01)
        await inbox.holds(5)
        await asyncio.sleep(0.05)
        assert telegram.pending == []
    assert inbox.texts == [f"xong {number}" for number in range(5)]


async def test_nothing_is_acknowledged_while_it_is_being_stored(telegram):
    inbox = Inbox()
    inbox.delay = 0.2
    telegram.person_says(AN, "xong 12")
    async with polling(telegram, inbox):
        await asyncio.sleep(0.1)
        assert (len(telegram.pending), inbox.stored) == (1, [])
        await inbox.holds(1)


async def test_a_store_that_fails_gets_the_same_batch_again(telegram, caplog):
    inbox = Inbox()
    inbox.failures = 2
    telegram.person_says(AN, "xong 12")
    telegram.person_says(BINH, "xong 13")
    async with polling(telegram, inbox):
        await inbox.holds(2)
    assert inbox.texts == ["xong 12", "xong 13"]
    assert caplog.text.count("could not be stored") == 2


async def test_a_poller_killed_while_storing_loses_nothing(telegram):
    dying, heir = Inbox(), Inbox()
    dying.delay = 30
    telegram.person_says(AN, "xong 12")
    async with polling(telegram, dying) as (_, task):
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with polling(telegram, heir):
        await heir.holds(1)
    assert heir.texts == ["xong 12"]


async def test_to_stop_ends_a_long_poll_at_once(telegram):
    async with polling(telegram, Inbox()) as (stop, task):
        await asyncio.sleep(0.1)
        stop.set()
        await asyncio.wait_for(task, 1)


async def test_a_cut_wire_is_mended(telegram):
    inbox = Inbox()
    for kind in ("drop_before", "drop_after", "reset_after", "status", "page", "garbage"):
        telegram.fail(kind, method="getUpdates")
    telegram.person_says(AN, "xong 12")
    async with polling(telegram, inbox):
        await inbox.holds(1)
        await telegram.goes_dark()
        await asyncio.sleep(0.02)
        await telegram.comes_back()
        telegram.person_says(AN, "xong 13")
        await inbox.holds(2)
    assert inbox.texts == ["xong 12", "xong 13"]


async def test_a_batch_whose_answer_was_lost_comes_again(telegram):
    inbox = Inbox()
    telegram.fail("drop_after", method="getUpdates", times=3)
    telegram.person_says(AN, "xong 12")
    async with polling(telegram, inbox):
        await inbox.holds(1)
    assert inbox.texts == ["xong 12"]


async def test_another_poller_is_named_once_and_waited_for(telegram, caplog):
    inbox = Inbox()
    telegram.fail("status", method="getUpdates", status=409, times=5)
    async with polling(telegram, inbox):
        telegram.person_says(AN, "xong 12")
        await inbox.holds(1)
    assert caplog.text.count("another poller or a webhook holds this bot") == 1


async def test_a_webhook_set_meanwhile_is_waited_for_too(telegram, caplog):
    inbox = Inbox()
    async with polling(telegram, inbox, uniform=lambda _shortest, _longest: 0.02):
        await asyncio.sleep(0.05)
        telegram.point_webhook_to("http://127.0.0.1:9/hook", None)
        telegram.long_poll.cancel()
        await asyncio.sleep(0.1)
        telegram.point_webhook_to(None, None)
        telegram.person_says(AN, "xong 12")
        await inbox.holds(1)
    assert inbox.texts == ["xong 12"]


async def test_a_refused_token_is_said_without_saying_it(telegram, caplog):
    telegram.token = "7001:another"
    async with polling(telegram, Inbox()):
        await asyncio.sleep(0.1)
    assert "the bot token was refused" in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text


async def test_telegrams_own_waiting_time_is_respected(telegram):
    telegram.fail("flood", method="getUpdates", retry_after=1)
    inbox = Inbox()
    telegram.person_says(AN, "xong 12")
    async with polling(telegram, inbox):
        await asyncio.sleep(0.3)
        assert inbox.stored == []
        await inbox.holds(1)


async def test_after_an_empty_answer_no_old_offset_is_trusted(telegram):
    inbox = Inbox()
    async with polling(telegram, inbox, seconds=1):
        telegram.person_says(AN, "xong 12")
        await inbox.holds(1)
        await asyncio.sleep(1.1)
        telegram.jump_update_ids(42)
        telegram.person_says(AN, "xong 13")
        await inbox.holds(2)
    first = inbox.stored[0].update_id
    assert [update.update_id for update in inbox.stored] == [first, 42]
    assert questions(telegram)[:3] == [None, str(first + 1), None]


async def test_an_update_aiogram_has_never_heard_of_is_stored_as_it_came(telegram):
    inbox = Inbox()
    telegram.allowed_updates = []
    async with polling(telegram, inbox):
        await asyncio.sleep(0.05)
        telegram.allowed_updates.append("telepathy")
        telegram.push_update("telepathy", {"user": {"id": AN}, "thought": {"deep": [1, 2.5, None]}})
        await inbox.holds(1)
    (stored,) = inbox.stored
    assert json.loads(stored.body)["telepathy"]["thought"] == {"deep": [1, 2.5, None]}
    assert stored.chat_key == str(AN)


async def test_only_what_was_asked_for_is_received(telegram):
    async with polling(telegram, Inbox()):
        await asyncio.sleep(0.05)
    assert telegram.allowed_updates == KINDS


# pure rules


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        pytest.param({"message": {"chat": {"id": -77}, "from": {"id": 501}}}, "-77", id="a group is one lane"),
        pytest.param({"callback_query": {"from": {"id": 501}, "message": {"chat": {"id": -77}}}}, "-77", id="a tap"),
        pytest.param({"callback_query": {"from": {"id": 501}, "data": "x"}}, "501", id="a tap on an inline message"),
        pytest.param({"my_chat_member": {"chat": {"id": 501}, "from": {"id": 501}}}, "501", id="blocked"),
        pytest.param({"poll_answer": {"user": {"id": 501}}}, "501", id="a poll's answer"),
        pytest.param({"poll": {"id": "9"}}, "0", id="nobody's"),
        pytest.param({"news": "text", "more": {"from": "me"}}, "0", id="never seen"),
        pytest.param({}, "0", id="empty"),
    ],
)
def test_the_lane_is_the_chat_else_the_person(update, lane):
    assert chat_key_of({"update_id": 1} | update) == lane


def test_the_body_keeps_vietnamese_as_it_is():
    update = {"update_id": 7, "message": {"chat": {"id": 501}, "text": "đã xong việc 12"}}
    raw = raw_update(update)
    assert "đã xong việc 12" in raw.body
    assert json.loads(raw.body) == update


def test_the_pause_doubles_up_to_half_a_minute_and_half_of_it_is_chance():
    longest = [pause_after(n, uniform=lambda _, high: high).total_seconds() for n in (1, 2, 3, 4, 5, 6, 1000)]
    shortest = [pause_after(n, uniform=lambda low, _: low).total_seconds() for n in (1, 2, 3, 4, 5, 6, 1000)]
    assert longest == [1, 2, 4, 8, 16, 30, 30]
    assert shortest == [seconds / 2 for seconds in longest]


def test_the_menu_is_one_telegram_takes():
    names = [command.command for command in COMMANDS]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.islower() for name in names)
    assert all(1 <= len(command.description) <= 60 for command in COMMANDS)


async def test_the_menu_is_taken_by_the_strict_fake(telegram):
    bot = make_bot(TOKEN, api_base=telegram.url, proxy=None, request_timeout=timedelta(seconds=5))
    assert await bot.set_my_commands(list(COMMANDS))
    await bot.session.close()
    assert [command["command"] for command in telegram.commands][:3] == ["viec", "xong", "tiendo"]
