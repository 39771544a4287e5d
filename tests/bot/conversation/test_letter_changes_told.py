"""A letter that came again: the units whose days it moved, or whose work it gave to others, hear of it at once."""

from datetime import timedelta

import pytest

from bot.conversation.turn import Voice
from bot.letters.told import Announcing
from models.clock import CIVIL_ZONE
from planner.letters.approve_letter import approve_letter
from reminders.wording import Wording
from tests.builders import CALENDAR
from tests.planner.letters.drafts import draft, duty, given_letter, header, knowledge_of, said

HEAD = header(number="34/UBND-NC", kind="Công văn")
KEYS = "letter:%:changes:%"


def later(*leads, by="trước ngày 14/11/2024"):
    return duty("Chấn chỉnh hồ sơ quá hạn", *leads, by=by, place="mục 1, ý 2")


async def approved(town, *duties, way="chat"):
    """The version of the letter that was approved, by words in the chat or on the page."""
    letter = await given_letter(town.database, town.now, draft(*duties, head=HEAD), sha256="f" * 64)
    if way == "chat":
        (shown,) = await town.replies("admin", f"duyệt văn bản {letter.id}")
        assert shown.text.startswith("Sẽ cập nhật kế hoạch CM2")
        yes = next(key.command for row in shown.buttons for key in row if key.label == "Cập nhật")
        assert (await town.tap("admin", yes)).startswith("Đã cập nhật kế hoạch CM2")
        return
    announce = Announcing(Voice(Wording(CALENDAR)), lambda: town.now)
    async with town.database.write() as session:
        knowledge = await knowledge_of(session)
        done = await approve_letter(session, letter, coordinating=None, knowledge=knowledge, said=said(town.now))
        await announce(session, letter, done)
        await announce(session, letter, done)
        await session.commit()


async def told(town):
    """What each chat is owed about it."""
    return {row.chat: row.payload["text"] for row in await town.owed(KEYS)}


@pytest.mark.parametrize("way", ["chat", "page"])
async def test_each_unit_hears_once_from_which_day_to_which(small_town, way):
    await approved(small_town, later("T.TP", "T.YT", "T.HA"), way=way)
    words = "Công văn 34/UBND-NC điều chỉnh hạn:\n- việc 4 · Chấn chỉnh hồ sơ quá hạn: từ hết 31/10 thành hết 13/11"
    assert await told(small_town) == {"justice": words, "health": words}
    assert len(await small_town.owed(KEYS)) == 2


async def test_all_moved_work_of_a_unit_is_in_one_message(small_town):
    public = duty("Công khai kết quả tháng 10", "T.TTTT", "T.TP", by="chậm nhất ngày 31/10/2024", place="mục 2")
    await approved(small_town, later("T.TP", "T.YT", "T.HA"), public)
    again = duty("Công khai kết quả tháng 10", "T.TTTT", "T.TP", by="chậm nhất ngày 08/11/2024", place="mục 2")
    await approved(small_town, later("T.TP", "T.YT", "T.HA", by="trước ngày 29/10/2024"), again)
    texts = [row.payload["text"] for row in await small_town.owed(KEYS) if row.chat == "justice"]
    assert len(texts) == 2
    assert texts[1] == (
        "Công văn 34/UBND-NC điều chỉnh hạn:\n"
        "- việc 4 · Chấn chỉnh hồ sơ quá hạn: từ hết 13/11 thành hết 28/10\n"
        "- việc 5 · Công khai kết quả tháng 10: từ hết 31/10 thành hết 08/11"
    )


@pytest.mark.parametrize("by", ["trước ngày 01/11/2024", "trước ngày 14/11/2024"])
async def test_a_unit_that_leads_no_more_is_told_so_and_nothing_else(small_town, by):
    await approved(small_town, later("T.TP", "T.HA", by=by))
    assert (await told(small_town))["health"] == (
        "Theo Công văn 34/UBND-NC, không còn là việc của Sở Y tế Mẫu:\n- việc 4 · Chấn chỉnh hồ sơ quá hạn"
    )


async def test_nobody_is_disturbed_at_night(small_town):
    small_town.at(23, 10, 21)
    await approved(small_town, later("T.TP", "T.YT", "T.HA"))
    for row in await small_town.owed(KEYS):
        assert row.send_after.astimezone(CIVIL_ZONE).strftime("%d/%m %H:%M") == "24/10 08:00"
        assert row.send_after - small_town.now == timedelta(hours=11)


async def test_new_work_is_left_to_the_ladder(small_town):
    await approved(small_town, duty("Tập huấn cán bộ một cửa", "T.TP", place="mục 9"))
    assert await told(small_town) == {}


@pytest.mark.parametrize(
    ("hour", "words"),
    [(16, "Báo lần đầu: ngay khi duyệt."), (19, "Báo lần đầu: 08:00 ngày 24/10/2024.")],
)
async def test_before_the_yes_is_said_when_the_first_word_goes_out(small_town, hour, words):
    small_town.at(23, 10, hour)
    letter = await given_letter(small_town.database, small_town.now, draft(duty("Niêm yết thủ tục tại trụ sở", "T.TP")))
    assert words in await small_town.say("admin", f"duyệt văn bản {letter.id}")
