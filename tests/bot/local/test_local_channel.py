"""The demo's channel keeps what was said, refuses what a real chat would refuse, and wakes whoever is waiting."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.local.channel import KEPT_PER_CHAT, LocalChannel
from models.clock import SteppedClock
from models.errors import RejectedError, UnreachableError
from reminders.channel import Button, Channel, Message

START = datetime(2024, 10, 23, 0, 55, tzinfo=UTC)
SOON = timedelta(seconds=5)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def channel(clock: SteppedClock) -> LocalChannel:
    return LocalChannel(["so-tu-phap", "dau-moi"], clock=clock)


def test_it_is_a_channel_like_any_other(channel: LocalChannel):
    port: Channel = channel
    assert (port.name, port.bot) == ("local", "local:demo")
    assert port.capabilities.buttons
    assert not port.capabilities.resend_when_unknown


async def test_a_sent_message_is_kept_with_its_buttons_and_its_moment(channel: LocalChannel, clock: SteppedClock):
    clock.advance(timedelta(minutes=5))
    keys = ((Button("Đã xong", "xong 12"),),)
    ref = await channel.send("so-tu-phap", Message("Hôm nay là ngày cuối", keys))
    [kept] = channel.messages()
    assert (kept.ref, kept.chat, kept.is_from_bot, kept.buttons) == (ref, "so-tu-phap", True, keys)
    assert kept.at == START + timedelta(minutes=5)


async def test_an_unknown_address_is_unreachable(channel: LocalChannel):
    with pytest.raises(UnreachableError):
        await channel.send("so-xay-dung", Message("12 · Báo cáo"))


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(Message("  \n"), id="nothing to read"),
        pytest.param(Message("a" * 4097), id="longer than 4096"),
        pytest.param(Message("🔴" * 2049), id="a mark counts as two UTF-16 units"),
        pytest.param(Message("12", ((Button("Đã xong", "ệ" * 22),),)), id="a command of 66 bytes"),
        pytest.param(Message("12", ((Button("Đã xong", ""),),)), id="a button that says nothing"),
    ],
)
async def test_what_a_real_chat_would_refuse_is_refused_here_too(channel: LocalChannel, message: Message):
    with pytest.raises(RejectedError):
        await channel.send("so-tu-phap", message)
    assert channel.messages() == []


async def test_a_message_of_exactly_the_limit_is_sent(channel: LocalChannel):
    await channel.send("so-tu-phap", Message("🔴" * 2048))
    assert len(channel.messages()) == 1


async def test_messages_of_all_chats_come_in_the_order_they_were_said(channel: LocalChannel):
    await channel.send("dau-moi", Message("một"))
    channel.record_person("so-tu-phap", "hai")
    await channel.send("dau-moi", Message("ba"))
    assert [message.text for message in channel.messages()] == ["một", "hai", "ba"]
    assert [message.text for message in channel.messages(since=1)] == ["hai", "ba"]


async def test_an_answer_points_at_the_message_it_answers(channel: LocalChannel):
    ref = await channel.send("so-tu-phap", Message("12 · Báo cáo"))
    assert channel.record_person("so-tu-phap", "xong rồi", ref).reply_to == ref


async def test_an_answer_to_a_message_of_another_chat_points_nowhere(channel: LocalChannel):
    ref = await channel.send("dau-moi", Message("Tổng 144"))
    assert channel.record_person("so-tu-phap", "xong rồi", ref).reply_to is None


def test_only_the_last_messages_of_a_chat_are_kept_and_other_chats_lose_nothing(channel: LocalChannel):
    channel.record_person("dau-moi", "giữ lại")
    for number in range(KEPT_PER_CHAT + 1):
        channel.record_person("so-tu-phap", str(number))
    texts = [message.text for message in channel.messages()]
    assert len(texts) == KEPT_PER_CHAT + 1
    assert texts[:2] == ["giữ lại", "1"]


async def test_whoever_waits_is_woken_by_a_message(channel: LocalChannel):
    waiting = asyncio.create_task(channel.wait_for_change(0, at_most=SOON))
    await asyncio.sleep(0)
    assert not waiting.done()
    channel.record_person("dau-moi", "overdue")
    await asyncio.wait_for(waiting, 1)


async def test_whoever_waits_is_woken_by_the_clock(channel: LocalChannel):
    waiting = asyncio.create_task(channel.wait_for_change(0, at_most=SOON))
    await asyncio.sleep(0)
    channel.touch()
    await asyncio.wait_for(waiting, 1)


async def test_waiting_ends_by_itself(channel: LocalChannel):
    await asyncio.wait_for(channel.wait_for_change(0, at_most=timedelta(milliseconds=10)), 1)
    assert channel.version == 0


async def test_closing_lets_everyone_go_at_once(channel: LocalChannel):
    waiting = [asyncio.create_task(channel.wait_for_change(0, at_most=SOON)) for _ in range(3)]
    await asyncio.sleep(0)
    channel.close()
    await asyncio.wait_for(asyncio.gather(*waiting), 1)
    await asyncio.wait_for(channel.wait_for_change(0, at_most=SOON), 1)


def test_two_runs_can_be_told_apart(channel: LocalChannel, clock: SteppedClock):
    assert LocalChannel([], clock=clock).run != channel.run
