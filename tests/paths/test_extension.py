"""More time: asked for before the date and after it, granted shorter, refused; the first date never disappears."""

LAST_DAY = "trước 05/11 (hết thứ Hai 04/11)"


async def test_one_gets_less_than_asked_one_gets_none_and_one_asks_too_late(office):
    # Tuesday 29/10: Tư pháp asks for a week, as people write. Nothing moves yet.
    await office.until(29, 10)
    asked = await office.says("justice", "1 xin lùi đến 12/11 vì chờ số liệu các huyện")
    assert "xin lùi đến hết thứ Ba 12/11" in asked
    assert f"đến khi đó thời hạn vẫn là {LAST_DAY}" in asked

    # The coordinator hears of it at once, with the decision under the message, and grants four days instead of eight.
    notice = office.heard("coordinator")[-1]
    assert notice.startswith("Xin gia hạn: 1 · Báo cáo kết quả rà soát\nSở Tư pháp Mẫu xin lùi đến hết thứ Ba 12/11: ")
    assert office.buttons("coordinator") == ["Xem việc này", "Cho lùi", "Không cho"]
    granted = await office.says("coordinator", "cho lui 1 Sở Tư pháp Mẫu 8/11")
    assert "đến hết thứ Sáu 08/11" in granted
    assert f"Thời hạn trước đó: {LAST_DAY}; đơn vị xin đến hết thứ Ba 12/11." in granted
    told = office.heard("justice")[-1]
    assert told.startswith("Được gia hạn: 1 · Báo cáo kết quả rà soát · đến hết thứ Sáu 08/11\n")
    assert "Ngày đơn vị xin là thứ Ba 12/11; ngày được cho là thứ Sáu 08/11." in told

    # Y tế asks too, and is refused with a reason; the date stays, and the reason stands in the history of both sides.
    await office.says("health", "1 xin gia hạn đến 12/11 vì thiếu người")
    await office.says("coordinator", "khong cho lui 1 Sở Y tế Mẫu vì số liệu đã đủ")
    assert office.heard("health")[-1].startswith(
        f"Thời hạn không thay đổi: 1 · Báo cáo kết quả rà soát · {LAST_DAY}, còn 4 ngày làm việc\n"
        'Lời xin gia hạn chưa được chấp thuận: "số liệu đã đủ".'
    )
    for who, words in (("coordinator", "lich su 1 Sở Y tế Mẫu"), ("health", "lich su 1")):
        assert 'không cho lùi, "số liệu đã đủ"' in await office.says(who, words)

    # Tuesday 05/11: those without more time are late, and Tư pháp is not; its first date is in every list.
    morning = await office.heard_on("justice", 5, 11)
    assert not any("quá hạn" in text or "Trễ" in text for text in morning)
    overdue = await office.says("coordinator", "/overdue")
    assert "🔴 quá hạn 2\n" in overdue
    assert "Sở Y tế Mẫu: 1 · trễ 1 ngày làm việc" in overdue
    assert "Sở Tư pháp Mẫu: 1" not in overdue
    for who in ("justice", "coordinator"):
        words = "xem 1" if who == "justice" else "xem 1 Sở Tư pháp Mẫu"
        assert "trước 05/11, gia hạn đến hết thứ Sáu 08/11" in await office.says(who, words)

    # An Mẫu asks when the date has passed: that is an explanation, and it is read as one.
    explained = await office.says("district", "1 xin lùi đến 8/11 vì mất điện ba ngày")
    assert explained.startswith("Đã ghi lời giải trình: 1 ·")
    assert "nên không ghi thành lời xin gia hạn" in explained
    assert "không có lời xin gia hạn nào đang chờ" in await office.says("coordinator", "cho lui 1 UBND huyện An Mẫu")
    assert '"đến 8/11 vì mất điện ba ngày" (05/11)' in await office.says("coordinator", "quahan huyện An Mẫu")

    # Tư pháp hands in within the granted days, is asked for no more, and counts as on time; without extensions, late.
    await office.until(7, 11)
    await office.says("justice", "1 xong, báo cáo số 215/BC-STP")
    accepted = await office.says("coordinator", "duyet 1 Sở Tư pháp Mẫu")
    assert "nộp 07/11 (đúng hạn)" in accepted
    figures = await office.says("coordinator", "tonghop")
    assert "Tổng 4: xong đúng hạn 1 · xong quá hạn 0 · trong hạn 1 · 🔴 quá hạn 2\n" in figures
    assert "Nếu không tính gia hạn: xong đúng hạn 0 · xong quá hạn 1 · trong hạn 1 · quá hạn 2" in figures


async def test_one_request_is_all_a_piece_of_work_has_and_a_withdrawn_one_does_not_count(office):
    await office.until(29, 10)
    await office.says("justice", "2 xin lùi đến 22/11 vì chờ giảng viên")
    assert "trở lại" in await office.says("justice", "hoàn tác")
    await office.says("justice", "2 xin lùi đến 25/11 vì chờ giảng viên")
    await office.taps("coordinator", "Cho lùi")
    assert "gia hạn đến hết thứ Hai 25/11" in await office.says("justice", "xem 2")
    again = await office.says("justice", "2 xin lùi đến 30/11 vì vẫn chờ")
    assert "đã xin gia hạn đủ số lần cho phép" in again
    assert "gia hạn đến hết thứ Hai 25/11" in await office.says("justice", "xem 2")


async def test_a_grant_taken_back_is_put_right_with_the_unit(office):
    await office.until(29, 10)
    await office.says("justice", "1 xin lùi đến 8/11 vì chờ số liệu")
    await office.taps("coordinator", "Cho lùi")
    assert "Được gia hạn" in office.heard("justice")[-1]
    assert LAST_DAY in await office.says("coordinator", "hoàn tác")
    assert office.heard("justice")[-1].startswith("Xin đính chính việc 1 · Báo cáo kết quả rà soát")
    assert "Xin gia hạn: 1" in await office.says("coordinator", "duyệt")
