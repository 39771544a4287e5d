"""`giao …`: read, shown, given on a yes; the units are told by the morning sweep; ten minutes to take it back."""

import pytest

from reminders.scan import Scan
from tests.builders import CALENDAR


async def give(town, words="giao Sở Tư pháp Mẫu, Sở Y tế Mẫu: báo cáo tình hình nhân sự trước 15/12"):
    (reply,) = await town.at(28, 10).replies("coordinator", words)
    return reply


async def test_what_was_understood_is_shown_and_nothing_is_given(small_town):
    before = await small_town.everything()
    reply = await give(small_town)
    assert reply.text == (
        "Sẽ giao: Báo cáo tình hình nhân sự · trước 15/12 (hết thứ Bảy 14/12)\n"
        "2 đơn vị: Sở Tư pháp Mẫu, Sở Y tế Mẫu\n"
        'Chưa giao. Gõ "dong y giao" trong 10 phút tới để giao, "thôi" để bỏ qua.'
    )
    assert [key.command for row in reply.buttons for key in row] == ["dong y giao", "thoi"]
    assert await small_town.everything() == before


async def test_on_a_yes_the_work_is_given_and_the_sweep_tells_the_units(town):
    await give(town)
    text = await town.tap("coordinator", "dong y giao")
    assert text == (
        "Đã giao: 6 · Báo cáo tình hình nhân sự · trước 15/12 (hết thứ Bảy 14/12) · 2 đơn vị: Sở Tư pháp Mẫu, "
        'Sở Y tế Mẫu. Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        'Các đơn vị được báo trong giờ làm việc. Theo dõi: gõ "xem 6".'
    )
    states = await town.states()
    assert (states["T.TP", 6], states["T.YT", 6]) == ("not_started", "not_started")
    await Scan(town.database, calendar=CALENDAR).scan(town.now)
    told = {row.chat for row in await town.owed("new:%") if row.form == "nudge"}
    assert {"justice", "health"} <= told
    assert "đã nộp" in await town.say("justice", "6 xong")
    assert "Đã nộp, chờ xác nhận: 1" in await town.say("coordinator", "duyet")
    assert "Tổng 10:" in await town.say("coordinator", "tonghop")


async def test_a_second_piece_of_work_joins_the_same_plan_and_opens_the_day_it_is_given(small_town):
    await give(small_town)
    await small_town.say("coordinator", "đồng ý")
    await small_town.at(30, 10).say("coordinator", "giao huyện An Mẫu: rà soát hộ nghèo chậm nhất ngày 20/11/2024")
    assert "Đã giao: 7 · Rà soát hộ nghèo · hết thứ Tư 20/11" in await small_town.say("coordinator", "dong y")
    assert {number for _, number in await small_town.states()} == {1, 2, 3, 4, 5, 6, 7}


async def test_taken_back_before_anybody_answered_it_was_never_given(small_town):
    await give(small_town)
    await small_town.say("coordinator", "đồng ý")
    assert (await small_town.say("coordinator", "hoàn tác")).startswith("Đã rút việc vừa giao: 6")
    assert (await small_town.states())["T.TP", 6] == "closed"
    assert "Tổng 8:" in await small_town.say("coordinator", "tonghop")
    assert "Không có câu trả lời nào" in await small_town.say("coordinator", "hoàn tác")


async def test_answered_work_is_not_taken_back(small_town):
    await give(small_town)
    await small_town.say("coordinator", "đồng ý")
    await small_town.say("health", "6 đang làm 10%")
    assert "không lấy lại được" in await small_town.say("coordinator", "hoàn tác")


@pytest.mark.parametrize("words", ["thôi", "viec", "để xem đã"])
async def test_anything_but_a_yes_gives_nothing(small_town, words):
    await give(small_town)
    before = await small_town.states()
    await small_town.say("coordinator", words)
    assert await small_town.states() == before


async def test_a_group_of_units_is_its_members(small_town):
    reply = await give(small_town, "giao các sở, ban, ngành tỉnh: báo cáo chuyển đổi số trước 15/12")
    assert "3 đơn vị: Sở TT Mẫu, Sở Tư pháp Mẫu, Sở Y tế Mẫu" in reply.text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("giao Sở Không Có: báo cáo trước 15/12", 'Không tìm thấy đúng một đơn vị tên "Sở Không Có"'),
        ("giao Sở Tư pháp Mẫu: báo cáo nhân sự", "phải xong vào ngày nào?"),
        ("giao Sở Tư pháp Mẫu: báo cáo nhân sự sớm nhất có thể", "phải xong vào ngày nào?"),
        ("giao Sở Tư pháp Mẫu báo cáo trước 15/12", "Xin ghi đơn vị, dấu hai chấm"),
        ("giao Sở Tư pháp Mẫu: báo cáo nhân sự trước 15/9/2024", "phải xong vào ngày nào?"),
        ("giao Sở Tư pháp Mẫu: trước 15/12", "Xin ghi đơn vị, dấu hai chấm"),
    ],
)
async def test_unsure_it_asks_and_gives_nothing(small_town, words, answer):
    before = await small_town.everything()
    assert answer in (await give(small_town, words)).text
    await small_town.say("coordinator", "dong y giao")
    assert await small_town.everything() == before


@pytest.mark.parametrize("chat", ["justice", "officer", "leader", "admin"])
async def test_only_a_coordinator_gives_work(small_town, chat):
    before = await small_town.everything()
    await small_town.at(28, 10).say(chat, "giao Sở Y tế Mẫu: báo cáo nhân sự trước 15/12")
    await small_town.say(chat, "dong y giao")
    assert await small_town.everything() == before


@pytest.mark.parametrize("words", ["nhac sở y tế mẫu", "nhắc tất cả quá hạn sở y tế mẫu", "nhac việc kh12 sở y tế mẫu"])
async def test_a_unit_or_a_plan_is_nudged_by_name_after_a_preview(small_town, words):
    (reply,) = await small_town.at(6, 11).replies("coordinator", words)
    assert reply.text.startswith("Sẽ nhắc ")
    assert "tới 1 đơn vị (1 người)" in reply.text
    await small_town.tap("coordinator", reply.buttons[0][0].command)
    assert {row.chat for row in await small_town.owed("coordinator:%")} == {"health"}


async def test_nudging_all_that_is_late_is_nudging_all(small_town):
    text = await small_town.at(6, 11).say("coordinator", "nhắc tất cả quá hạn")
    assert text.startswith("Sẽ nhắc 4 việc tới 2 đơn vị")


@pytest.mark.parametrize(
    ("words", "title", "day"),
    [
        ("rà soát hồ sơ trễ hạn trước 15/11", "Rà soát hồ sơ trễ hạn", "trước 15/11 (hết thứ Năm 14/11)"),
        ("báo cáo tỷ lệ đúng hạn, hạn cuối 15/11", "Báo cáo tỷ lệ đúng hạn", "hết thứ Sáu 15/11"),
        ("xử lý hồ sơ hết hạn trước 15/11", "Xử lý hồ sơ hết hạn", "trước 15/11 (hết thứ Năm 14/11)"),
        ("nộp báo cáo, thời hạn trước 15/11", "Nộp báo cáo", "trước 15/11 (hết thứ Năm 14/11)"),
    ],
)
async def test_a_word_of_the_work_is_not_taken_for_the_deadline(small_town, words, title, day):
    text = await small_town.at(28, 10).say("coordinator", f"giao Sở Tư pháp Mẫu: {words}")
    assert text.startswith(f"Sẽ giao: {title} · {day}\n")


async def test_work_given_by_word_is_called_so_and_not_by_a_code(small_town):
    await small_town.at(28, 10).say("coordinator", "giao Sở Tư pháp Mẫu: rà soát hồ sơ trước 15/11")
    await small_town.say("coordinator", "đồng ý giao")
    assert "Giao trực tiếp 2024 · Sở Tư pháp Mẫu" in await small_town.say("justice", "xem 6")
    assert "Giao trực tiếp 2024" in await small_town.say("coordinator", "tonghop")
    small_town.at(15, 11)
    narrowed = await small_town.say("coordinator", "quahan giao trực tiếp 2024")
    assert "Danh sách này: 1 việc trong" in narrowed
    assert "GV2024" not in narrowed
