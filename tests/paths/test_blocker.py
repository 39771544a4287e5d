"""Stuck and unstuck: the coordinator knows at once, nagging rests, the date does not, either side may end it."""


async def test_a_difficulty_from_the_first_word_to_the_day_it_is_gone(office):
    # Tuesday 29/10: what is in the way and who must help, in the unit's own words, before the coordinator at once.
    await office.until(29, 10)
    assert "vướng ở khâu nào" in await office.says("justice", "1 vướng")
    assert "Đã báo Sở TT Mẫu." in await office.says("justice", "chờ Sở Y tế gửi danh sách, đề nghị đôn đốc giúp")
    notice = office.heard("coordinator")[-1]
    assert notice.startswith("Vướng mắc mới: 1 · Báo cáo kết quả rà soát\n")
    assert "chờ Sở Y tế gửi danh sách" in notice
    assert "Chờ Anh/Chị: 1 vướng mắc" in (await office.heard_on("coordinator", 30, 10))[-1]

    # No nudges of that work while it stands, but for one question on the third working day: is it gone?
    (asked,) = [text for text in await office.heard_on("justice", 4, 11) if "rà soát" in text]
    assert asked.startswith("🟡 Đã gỡ được vướng mắc chưa: 1 · Báo cáo kết quả rà soát\n")
    assert office.buttons("justice") == ["Hết vướng", "Đã xong", "Vẫn vướng", "Xin gia hạn"]

    # The date did not rest: on the 5th it is late, and the list says what is in the way.
    await office.until(5, 11)
    line = 'Sở Tư pháp Mẫu: 1 · trễ 1 ngày làm việc · "chờ Sở Y tế gửi danh sách, đề nghị đôn…" (29/10)'
    assert line in await office.says("coordinator", "quahan")
    assert "Không nhắc 1 việc đang có vướng mắc: Sở Tư pháp Mẫu" in await office.says("coordinator", "nhac tat ca")

    # The coordinator has helped and says so; the unit is told, and reminded again like everybody else.
    assert "đã hết vướng mắc" in await office.says("coordinator", "hết vướng")
    assert office.heard("justice")[-1].startswith("Đầu mối ghi nhận đã gỡ vướng mắc: 1 · Báo cáo kết quả rà soát")
    assert any("Trễ" in text for text in await office.heard_on("justice", 8, 11))
    await office.says("justice", "1 xong")
    assert "Không có việc nào chờ" not in await office.says("coordinator", "duyệt")


async def test_the_unit_itself_says_that_it_is_gone_and_takes_even_that_back(office):
    await office.until(29, 10)
    await office.says("justice", "2 vướng phòng họp")
    assert "đã hết vướng mắc" in await office.says("justice", "2 hết vướng rồi ạ")
    assert "Không có việc nào chờ" in await office.says("coordinator", "duyệt")
    assert 'trở lại "đang vướng mắc"' in await office.says("justice", "hoàn tác")
    assert "Đang vướng mắc: 1\n" in await office.says("coordinator", "duyệt")
