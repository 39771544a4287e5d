"""`tonghop`, `chuaphanhoi`, `lich`: figures that add up, and behind each number exactly its rows."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.clock import civil_day
from models.tables import METADATA
from planner.list_overdue import count_states, count_states_by_plan
from planner.scope import EVERYTHING
from planner.summarise import Figures, figures_by_plan, figures_by_unit, silent_views
from tests.bot.conversation.builders import build_town


@pytest.fixture
async def busy(small_town):
    """Y tế was given until 07/11 for 1; Tư pháp handed 4 in a day late; nobody else has said anything."""
    await small_town.at(28, 10).say("health", "1 xin lùi đến 7/11 vì chờ số liệu")
    await small_town.say("coordinator", "cho lui 1 @T.YT")
    await small_town.at(1, 11).say("justice", "4 xong")
    return small_town.at(6, 11)


async def test_the_summary_says_four_figures_two_rates_and_both_ways_of_counting(busy):
    assert await busy.say("coordinator", "/tonghop") == (
        "Tổng hợp, tính đến 08:00 ngày 06/11/2024\n"
        "Tổng 8: xong đúng hạn 0 · xong quá hạn 1 · trong hạn 2 · 🔴 quá hạn 5\n"
        "Đúng hạn: 0% (0/6) trong số việc đã nộp hoặc đã quá hạn\n"
        "Đã phản hồi: 25% (2/8)\n"
        "Nếu không tính gia hạn: xong đúng hạn 0 · xong quá hạn 1 · trong hạn 1 · quá hạn 6; đúng hạn 0% (0/7)\n"
        "\n"
        "Theo kế hoạch, tỷ lệ đúng hạn thấp nhất trước\n"
        "  CV 34/UBND-NC: 0% (0/4) · quá hạn 3 · chưa phản hồi 3 · tổng 4\n"
        "  KH 12/KH-UBND: 0% (0/2) · quá hạn 2 · chưa phản hồi 3 · tổng 4"
    )


async def test_standing_work_has_its_own_rate_of_update(small_town):
    assert "Thường xuyên tháng 10/2024: đã cập nhật 0/1 việc" in await small_town.say("coordinator", "tonghop")
    await small_town.say("justice", "3 đang làm 50%")
    assert "Thường xuyên tháng 10/2024: đã cập nhật 1/1 việc" in await small_town.say("coordinator", "tonghop")


@pytest.mark.parametrize("words", ["tonghop don vi", "tổng hợp theo đơn vị", "thống kê đơn vị"])
async def test_by_unit_the_least_punctual_comes_first(busy, words):
    await busy.at(6, 11).say("coordinator", "5 xong")
    text = await busy.say("coordinator", words)
    lines = re.findall(r"^  (.+?): ", text, re.MULTILINE)
    assert lines == ["UBND huyện An Mẫu", "Sở Tư pháp Mẫu", "Sở Y tế Mẫu", "Sở TT Mẫu"]


async def test_of_one_plan_its_units_and_of_one_unit_its_plans(busy):
    plan = await busy.say("coordinator", "tonghop cv34")
    assert plan.startswith("Tổng hợp CV 34/UBND-NC, tính đến")
    assert "Tổng 4:" in plan
    assert "Theo đơn vị" in plan
    unit = await busy.say("coordinator", "tong hop sở y tế mẫu")
    assert unit.startswith("Tổng hợp Sở Y tế Mẫu, tính đến")
    assert "Tổng 2:" in unit
    assert "Theo kế hoạch" in unit
    assert "Không tìm thấy" in await busy.say("coordinator", "tonghop sở không có")


async def test_the_silent_stand_by_plan_and_unit_and_the_button_counts_them(busy):
    assert await busy.say("coordinator", "chưa phản hồi") == (
        "Chưa phản hồi lần nào: 6 việc của 4 đơn vị, trong đó 🔴 quá hạn 5, tính đến 08:00 ngày 06/11/2024\n"
        "\n"
        "KH 12/KH-UBND · 3 việc của 2 đơn vị\n"
        "  Sở Tư pháp Mẫu: 1, 2 · quá hạn 1\n"
        "  UBND huyện An Mẫu: 1 · quá hạn 1\n"
        "\n"
        "CV 34/UBND-NC · 3 việc của 3 đơn vị\n"
        "  Sở TT Mẫu: 5 · quá hạn 1\n"
        "  Sở Y tế Mẫu: 4 · quá hạn 1\n"
        "  UBND huyện An Mẫu: 4 · quá hạn 1"
    )
    (reply,) = await busy.replies("coordinator", "tonghop")
    keys = {key.label: key.command for row in reply.buttons for key in row}
    assert keys["Chưa phản hồi: 6"] == "chuaphanhoi"
    assert keys["Quá hạn: 5"] == "quahan"
    assert (await busy.tap("coordinator", "chuaphanhoi kh12")).startswith(
        "Chưa phản hồi lần nào, KH 12/KH-UBND: 3 việc"
    )


async def test_two_weeks_ahead_by_day(small_town):
    assert await small_town.at(28, 10).say("coordinator", "/lich") == (
        "Đến hạn từ nay đến Chủ nhật 10/11: 7 việc chưa xong trong 7 việc, tính đến 08:00 ngày 28/10/2024\n"
        "  thứ Năm 31/10: 4, 5 · chưa xong 4/4\n"
        "  thứ Hai 04/11: 1 · chưa xong 3/3\n"
        'Xem một việc: gõ "xem 4".'
    )
    await small_town.say("coordinator", "5 xong")
    assert "  thứ Năm 31/10: 4, 5 · chưa xong 3/4\n" in await small_town.say("coordinator", "lịch")


async def test_a_unit_reads_its_own_calendar_only(small_town):
    text = await small_town.at(28, 10).say("health", "lich")
    assert "2 việc chưa xong trong 2 việc" in text
    assert "5" not in re.findall(r"\d+", text.splitlines()[1].split(":")[1])


@pytest.mark.parametrize("chat", ["justice", "officer", "admin"])
@pytest.mark.parametrize("words", ["tonghop", "chuaphanhoi", "tonghop don vi"])
async def test_figures_of_others_are_for_coordinators_and_leaders(busy, chat, words):
    assert "chưa dùng được yêu cầu này" in await busy.say(chat, words)


async def test_a_leader_reads_the_figures_of_the_whole_tree(busy):
    assert "Tổng 8:" in await busy.say("leader", "tonghop")


WORDS = st.sampled_from(
    [("justice", f"{n} xong") for n in (1, 2, 4)]
    + [("health", "1 xong"), ("health", "4 đang làm 30%"), ("health", "1 xin lùi đến 9/11 vì chờ số liệu")]
    + [("coordinator", each) for each in ("duyet tat ca dong y", "cho lui 1 @T.YT", "tra lai 4 @T.TP thiếu")]
    + [("coordinator", "hoàn tác"), ("coordinator", "5 xong"), ("coordinator", "chuyen 2 @T.TP sang T.YT")]
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.tuples(st.integers(28, 42), WORDS), max_size=8), day=st.integers(28, 45))
async def test_figures_by_plan_and_by_unit_add_up_to_the_four_figures(sqlite_database, now, said, day):
    async with sqlite_database.write() as session:
        for table in reversed(METADATA.sorted_tables):
            await session.execute(table.delete())
        await session.commit()
    town = await build_town(sqlite_database, now)
    first = town.at(1, 10).now
    for each, (chat, words) in sorted(said, key=lambda item: item[0]):
        town.now = first + timedelta(days=each - 1)
        await town.say(chat, words)
    town.now = first + timedelta(days=day - 1)
    today = civil_day(town.now)
    async with town.database.read() as session:
        whole = await count_states(session, EVERYTHING, today=today)
        by_plan = await figures_by_plan(session, EVERYTHING, today=today)
        by_unit = await figures_by_unit(session, EVERYTHING, today=today)
        plans = await count_states_by_plan(session, EVERYTHING, today=today)
        silent = await silent_views(session, EVERYTHING, today=today)
    for figures in (sum(by_plan.values(), Figures()), sum(by_unit.values(), Figures())):
        assert figures.counts == whole
        assert figures.unextended.total == whole.total
        assert figures.silent == len(silent)
    assert {plan: figures.counts for plan, figures in by_plan.items()} == plans
