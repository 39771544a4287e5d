"""The line that tells how far a reading is: seldom, never twice at once, and given up at the first refusal."""

import asyncio
from datetime import timedelta

import pytest

from bot.conversation.letter_words import key_received
from bot.conversation.turn import Voice
from bot.letters.first_line import FirstLine
from bot.letters.progress import EVERY, ProgressLine
from models.errors import TryLaterError
from planner.letters.letters import load_letter
from reminders.channel import Message
from reminders.outbox import Draft, enqueue
from reminders.wording import Wording
from tests.bot.letters import samples
from tests.bot.letters.desk import CHAT, QuickOpener
from tests.builders import BOT, CALENDAR
from tests.fakes.channel import ZALO_LIKE, ScriptedChannel


class Line:
    """A first line that has left under this reference, or has not yet."""

    def __init__(self, ref="7"):
        self.ref = ref

    async def where(self):
        return ("chat", self.ref) if self.ref else None

    async def words(self, pages):
        return Message("xong" if pages.is_over else f"{pages.done}/{pages.of}")


async def told(line, clock, pages, *, after=EVERY):
    """The pages pass, each so long after the one before; every edit has time to leave."""
    for done, of in pages:
        clock.move_to(clock() + after)
        await line(done, of)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def texts(channel):
    return [message.text for _, _, message in channel.edited]


async def test_the_page_that_is_read_now_is_told_and_in_the_end_that_all_are(clock):
    channel = ScriptedChannel()
    line = ProgressLine(channel, Line(), clock=clock)
    await told(line, clock, [(1, 3), (2, 3), (3, 3)])
    await line.over(3)
    assert texts(channel) == ["2/3", "3/3", "xong"]
    assert channel.sent == []


async def test_what_is_read_in_a_moment_is_never_edited(clock):
    channel = ScriptedChannel()
    line = ProgressLine(channel, Line(), clock=clock)
    await told(line, clock, [(1, 20), (2, 20)], after=timedelta(seconds=1))
    await line.over(20)
    assert channel.edited == []


async def test_at_most_one_edit_in_three_seconds(clock):
    channel = ScriptedChannel()
    line = ProgressLine(channel, Line(), clock=clock)
    await told(line, clock, [(page, 20) for page in range(1, 13)], after=timedelta(seconds=1))
    assert texts(channel) == ["4/20", "7/20", "10/20", "13/20"]


async def test_a_platform_that_refuses_is_not_asked_again(clock):
    channel = ScriptedChannel(edit_answers=[TryLaterError("too many requests", is_rate_limit=True)])
    line = ProgressLine(channel, Line(), clock=clock)
    await told(line, clock, [(1, 9), (2, 9), (3, 9)])
    await line.over(9)
    assert channel.edited == []


async def test_an_error_nobody_foresaw_stops_the_line_and_not_the_reading(clock, caplog):
    channel = ScriptedChannel(edit_answers=[RuntimeError("boom")])
    line = ProgressLine(channel, Line(), clock=clock)
    await told(line, clock, [(1, 9), (2, 9)])
    assert channel.edited == []
    assert "could not be edited" in caplog.text


@pytest.mark.parametrize("channel", [None, ScriptedChannel(capabilities=ZALO_LIKE)], ids=["no channel", "no edits"])
async def test_where_nothing_can_be_edited_nothing_is_tried(clock, channel):
    line = ProgressLine(channel, Line(), clock=clock)
    await told(line, clock, [(1, 9), (2, 9)])
    await line.over(9)
    assert channel is None or channel.edited == []


async def test_a_first_line_that_has_not_left_yet_is_waited_for(clock):
    channel, first = ScriptedChannel(), Line(ref=None)
    line = ProgressLine(channel, first, clock=clock)
    await told(line, clock, [(1, 9)])
    first.ref = "8"
    await told(line, clock, [(2, 9)])
    assert [(ref, message.text) for _, ref, message in channel.edited] == [("8", "3/9")]


async def test_the_first_line_is_found_in_its_chat_and_keeps_its_button(small_desk, clock):
    letter_id = await small_desk.receives(samples.DOCX)
    async with small_desk.database.write() as session:
        draft = Draft(dedup_key=key_received(letter_id), bot=BOT, chat=CHAT, lane="reply", form="text")
        await enqueue(session, [draft], now=clock())
        letter = await load_letter(session, letter_id)
        await session.commit()
    line = FirstLine(small_desk.database, letter, Voice(Wording(CALENDAR)), clock=clock)
    assert await line.where() is None
    channel = ScriptedChannel(bot=BOT)
    small_desk.opener = QuickOpener(told=5)
    small_desk.opener = Slow(small_desk.opener, clock)

    async def where():
        return CHAT, "77"

    line.where = where
    progress = ProgressLine(channel, line, clock=clock)
    await small_desk.reader(watching=lambda _letter: progress).read_due()
    (_, ref, last) = channel.edited[-1]
    assert ref == "77"
    assert last.text.startswith("Đã nhận văn bản (Word, 37 KB), đã đọc xong 1 trang.")
    assert [key.label for row in last.buttons for key in row] == ["Đây là minh chứng"]
    assert "đang đọc trang 2/5." in channel.edited[0][2].text


class Slow:
    """Each page takes three seconds of the clock."""

    def __init__(self, opener, clock):
        self.opener, self.clock = opener, clock

    async def read(self, content, knowledge, *, on_page=None):
        async def later(done, of):
            self.clock.move_to(self.clock() + EVERY)
            await on_page(done, of)
            for _ in range(50):
                await asyncio.sleep(0.001)

        return await self.opener.read(content, knowledge, on_page=later)
