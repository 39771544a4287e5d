"""`xem 12 <đơn vị>` and `lich su 12`: all that happened, in order, with who and where; nobody sees another's."""

import pytest


@pytest.fixture
async def lived(small_town):
    await small_town.at(24, 10).say("justice", "4 đang làm 60%")
    await small_town.at(25, 10).say("justice", "4 xong")
    await small_town.at(28, 10).say("coordinator", "tra lai 4 @T.TP thiếu phụ lục")
    await small_town.at(29, 10).say("justice", "4 xin lùi đến 8/11 vì chờ số liệu")
    await small_town.at(29, 10, 9).say("coordinator", "cho lui 4 @T.TP 7/11")
    await small_town.at(30, 10).say("officer", "4 xong")
    await small_town.at(30, 10, 8, 1).say("officer", "hoàn tác")
    return small_town.at(30, 10, 15)


COURSE = (
    "Quá trình\n"
    "  23/10 · giao việc\n"
    '  24/10 08:00 · Trần Thị Thử (trang thử): đang làm 60%, "4 đang làm 60%"\n'
    '  25/10 08:00 · Trần Thị Thử (trang thử): đã nộp, "4 xong"\n'
    '  28/10 08:00 · Lê Minh Mẫu: trả lại, "thiếu phụ lục"\n'
    '  29/10 08:00 · Trần Thị Thử (trang thử): xin gia hạn, "4 xin lùi đến 8/11 vì chờ số liệu"\n'
    "  29/10 09:00 · Lê Minh Mẫu: cho lùi đến hết thứ Năm 07/11\n"
    '  30/10 08:00 · Phạm Thị Ví (trang thử): đã nộp, "4 xong", đã rút lại'
)


async def test_the_coordinator_reads_the_whole_course_newest_last(lived):
    text = await lived.say("coordinator", "xem 4 @T.TP")
    assert COURSE in text
    assert "trước 01/11, gia hạn đến hết thứ Năm 07/11" in text


async def test_the_unit_reads_its_own_course_in_one_message(lived):
    text = await lived.say("justice", "lịch sử 4")
    assert text == (
        "4 · Chấn chỉnh hồ sơ quá hạn: trước 01/11, gia hạn đến hết thứ Năm 07/11\n"
        "CV 34, mục 1, ý 2 · Sở Tư pháp Mẫu · bị trả lại, cần bổ sung\n" + COURSE
    )


async def test_a_long_course_shows_its_end_and_offers_the_rest(small_town):
    for day in range(1, 16):
        await small_town.at(day, 11).say("justice", f"4 đang làm {day}%")
    text = await small_town.say("coordinator", "xem 4 @T.TP")
    assert 'Còn 4 dòng trước đó: gõ "lich su 4 @T.TP trang 2".' in text
    assert text.count("đang làm") == 12 * 2 + 1
    first = await small_town.say("coordinator", "lich su 4 @T.TP trang 2")
    assert "  23/10 · giao việc\n" in first
    assert "đang làm 3%" in first
    assert "đang làm 4%" not in first


async def test_a_move_and_a_kept_claim_stand_in_the_course(small_town):
    await small_town.at(28, 10).say("coordinator", "chuyen 2 @T.TP sang Sở Y tế Mẫu")
    assert "Lê Minh Mẫu: chuyển từ Sở Tư pháp Mẫu sang Sở Y tế Mẫu" in await small_town.say("health", "lich su 2")


async def test_why_more_time_was_refused_is_told_to_both_sides(small_town):
    await small_town.at(28, 10).say("justice", "4 xin lùi đến 8/11 vì chờ số liệu")
    await small_town.at(28, 10, 9).say("coordinator", "khong cho lui 4 @T.TP vì hạn do Chính phủ ấn định")
    line = '28/10 09:00 · Lê Minh Mẫu: không cho lùi, "hạn do Chính phủ ấn định"'
    assert line in await small_town.say("coordinator", "xem 4 @T.TP")
    assert line in await small_town.say("justice", "lich su 4")
    assert 'Xin gia hạn (28/10): không được chấp thuận, "hạn do Chính phủ ấn định"' in await small_town.say(
        "justice", "xem 4"
    )


async def test_taking_a_refusal_back_takes_its_reason_back(small_town):
    await small_town.at(28, 10).say("justice", "4 xin lùi đến 8/11 vì chờ số liệu")
    await small_town.say("coordinator", "khong cho lui 4 @T.TP vì hạn do Chính phủ ấn định")
    await small_town.say("coordinator", "hoàn tác")
    assert "ấn định" not in await small_town.say("justice", "lich su 4")
    await small_town.at(28, 10, 9).say("coordinator", "khong cho lui 4 @T.TP")
    assert "Lê Minh Mẫu: không cho lùi\n" in await small_town.say("justice", "lich su 4") + "\n"


@pytest.mark.parametrize("words", ["lich su 2", "lịch sử 4 Sở Tư pháp Mẫu", "lich su 4 @T.TP", "xem 4 @T.TP"])
async def test_another_units_course_is_not_shown(lived, words):
    text = await lived.say("health", words)
    assert "Không có việc số" in text
    assert "Trần Thị Thử" not in text


async def test_of_several_units_it_is_asked_whose(lived):
    assert "giao cho 3 đơn vị" in await lived.say("coordinator", "lich su 4")
