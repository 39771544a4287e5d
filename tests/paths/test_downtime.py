"""The program was away: what was owed meanwhile is said once, as things stand now, and says that it is late."""

from datetime import date, time

import pytest

from models.clock import at_civil
from models.terms import OutboxState, Role
from tests.builders import PLAN, UNITS, add_linked_person, load_plan, load_units
from tests.fakes.stepped_telegram import BOT_KEY, stepped_telegram

JUSTICE, HEALTH, DESK = 501, 502, 601
LATE = "Tin này gửi muộn vì hệ thống tạm dừng."


@pytest.fixture
async def house(database, now, clock):
    """Three linked people, lived through to the evening of Friday 01/11/2024."""
    await load_units(database, UNITS)
    await load_plan(database, now, PLAN)
    for chat, name, place in (
        (JUSTICE, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD)),
        (HEALTH, "Phạm Văn Mẫu", ("T.YT", Role.UNIT_HEAD)),
        (DESK, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR)),
    ):
        await add_linked_person(database, now, name, place, chat=str(chat), bot=BOT_KEY)
    async with stepped_telegram(database, clock) as house:
        for chat in (JUSTICE, HEALTH, DESK):
            house.telegram.add_person(chat)
        await house.mornings_until(1, 11)
        yield house


async def test_after_days_away_each_person_gets_one_digest_that_says_it_is_late(house):
    # away from the 4th (the last day of task 1) to the 7th: "ngày cuối", "mới quá hạn" and a T-7 of task 2 pass by
    before = {chat: len(house.telegram.sent_to(chat)) for chat in (JUSTICE, HEALTH)}
    await house.live_at(at_civil(date(2024, 11, 8), time(9, 30)))
    for chat in (JUSTICE, HEALTH):
        (caught_up,) = house.telegram.sent_to(chat)[before[chat] :]
        assert LATE in caught_up.text


async def test_what_was_finished_meanwhile_is_not_spoken_of(house):
    # planned at 08:00 of the 5th, and the process stops before anything leaves
    house.clock.move_to(at_civil(date(2024, 11, 5), time(8, 0)))
    await house.engine.scan.scan(house.clock())
    before = {chat: len(house.telegram.sent_to(chat)) for chat in (JUSTICE, HEALTH)}
    # people go on writing; Telegram keeps it for a day
    house.telegram.person_says(HEALTH, "1 xong")
    await house.live_at(at_civil(date(2024, 11, 5), time(14, 0)))
    said = "\n".join(house.telegram.texts(HEALTH)[before[HEALTH] :])
    assert "quá hạn" not in said.casefold().replace("đã nộp quá hạn", "")
    assert len(house.telegram.sent_to(HEALTH)) == before[HEALTH] + 1  # the reply to what was said
    assert len(house.telegram.sent_to(JUSTICE)) > before[JUSTICE]  # nothing was finished there
    keys = [row for row in await house.owed() if row.chat == str(HEALTH) and "20241105" in row.dedup_key]
    assert {row.state for row in keys} == {OutboxState.CANCELLED}


async def test_what_ends_its_back_off_in_the_evening_waits_for_the_next_working_morning(house):
    house.clock.move_to(at_civil(date(2024, 11, 8), time(17, 55)))
    house.telegram.fail("flood", times=99, retry_after=600)
    before = len(house.telegram.sent_to(JUSTICE))
    await house.live()
    house.telegram.faults.clear()
    await house.live_at(at_civil(date(2024, 11, 8), time(18, 30)))
    await house.live_at(at_civil(date(2024, 11, 9), time(9, 0)))  # a Saturday
    assert len(house.telegram.sent_to(JUSTICE)) == before
    await house.live_at(at_civil(date(2024, 11, 11), time(8, 1)))  # told to wait, a row waits up to 30 s longer
    assert len(house.telegram.sent_to(JUSTICE)) > before


async def test_what_was_planned_on_a_friday_and_not_sent_disturbs_nobody_on_saturday(house):
    house.clock.move_to(at_civil(date(2024, 11, 8), time(17, 0)))
    await house.engine.scan.scan(house.clock())  # and the process stops before anything leaves
    before = len(house.telegram.sent_to(JUSTICE))
    await house.live_at(at_civil(date(2024, 11, 9), time(9, 0)))
    assert len(house.telegram.sent_to(JUSTICE)) == before
    await house.live_at(at_civil(date(2024, 11, 11), time(8, 1)))
    assert len(house.telegram.sent_to(JUSTICE)) > before


async def test_an_answer_at_night_is_answered_at_once(house):
    house.clock.move_to(at_civil(date(2024, 11, 9), time(22, 0)))
    assert "1 · Báo cáo kết quả rà soát · đang làm 60%" in await house.says(HEALTH, "1 đang làm 60%")


async def test_what_was_said_while_we_were_away_is_answered_when_we_are_back(house):
    house.telegram.person_says(JUSTICE, "1 xong")
    house.telegram.person_says(JUSTICE, "2 đang làm 40%")
    before = len(house.telegram.sent_to(JUSTICE))
    await house.live_at(at_civil(date(2024, 11, 2), time(7, 30)))  # within the day that Telegram keeps updates
    replies = house.telegram.texts(JUSTICE)[before:]
    assert len(replies) == 2
    assert "1 · Báo cáo kết quả rà soát" in replies[0]
    assert "2 · Tổ chức tập huấn" in replies[1]
