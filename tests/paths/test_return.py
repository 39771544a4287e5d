"""Handed in, returned with a reason, handed in again, accepted: the date stays, and the day of handing in counts."""


async def test_what_is_returned_keeps_its_date_and_counts_on_the_day_it_is_handed_in_for_good(office):
    # Thursday 31/10: two offices hand in, and both wait in the queue.
    await office.until(31, 10)
    assert "chờ Sở TT Mẫu xác nhận" in await office.says("justice", "dạ 1 xong rồi ạ")
    await office.says("health", "1 xong, báo cáo số 88/BC-SYT")
    queue = await office.says("coordinator", "duyệt")
    assert "Đã nộp, chờ xác nhận: 2\n" in queue
    assert "nộp 31/10 · văn bản số 88/BC-SYT" in queue

    # Y tế is accepted with one tap; Tư pháp gets its report back, with what is missing and the date as it was.
    assert "nộp 31/10 (đúng hạn)" in await office.says("coordinator", "duyet 1 Sở Y tế Mẫu")
    await office.says("coordinator", "tra lai 1 Sở Tư pháp Mẫu")
    assert "Đã trả lại: 1" in await office.says("coordinator", "thiếu phụ lục số liệu")
    returned = office.heard("justice")[-1]
    assert returned == (
        "Cần bổ sung: 1 · Báo cáo kết quả rà soát · trước 05/11 (hết thứ Hai 04/11), còn 2 ngày làm việc\n"
        'Đầu mối trả lại: "thiếu phụ lục số liệu"\n'
        "KH 12, mục I.1 · Sở Tư pháp Mẫu · thời hạn không thay đổi\n"
        'Nộp lại: gõ "1 xong". Nếu cần thêm thời gian: "1 xin lùi đến … vì …".'
    )
    assert office.buttons("justice") == ["Đã xong", "Đang làm", "Vướng mắc", "Xin gia hạn"]

    # It is reminded of like any open work, and on 05/11 it is late though it was once handed in in time.
    assert any("Hôm nay là ngày cuối: 1 ·" in text for text in await office.heard_on("justice", 4, 11))
    await office.until(5, 11)
    assert "Sở Tư pháp Mẫu: 1 · trễ 1 ngày làm việc" in await office.says("coordinator", "quahan")

    # Handed in again and accepted: finished after its date, by the day of the second handing in.
    assert "sau hạn 1 ngày" in await office.says("justice", "1 xong")
    await office.says("coordinator", "duyệt")
    assert "nộp 05/11 (sau hạn)" in await office.taps("coordinator", "Duyệt 1 Sở Tư pháp Mẫu")
    assert "xong đúng hạn 1 · xong quá hạn 1 · trong hạn 1 · 🔴 quá hạn 1" in await office.says(
        "coordinator", "tonghop"
    )
    course = await office.says("coordinator", "lich su 1 Sở Tư pháp Mẫu")
    for line in ("đã nộp", 'trả lại, "thiếu phụ lục số liệu"', "xác nhận hoàn thành"):
        assert line in course

    # Nobody is told that good news is good; the unit finds it where it looks for its work.
    assert "Đã xác nhận trong 7 ngày qua: 1 (1 việc)" in await office.says("justice", "viec")


async def test_all_of_a_number_is_accepted_at_once_and_taken_back_at_once(office):
    await office.until(31, 10)
    for who in ("justice", "health", "district"):
        await office.says(who, "1 xong")
    assert "Đã xác nhận hoàn thành: 1 · Báo cáo kết quả rà soát · 3 đơn vị" in await office.says(
        "coordinator", "duyet 1 tat ca"
    )
    assert "Đã hoàn tác 3 việc vừa quyết định" in await office.says("coordinator", "hoàn tác")
    assert "Đã nộp, chờ xác nhận: 3" in await office.says("coordinator", "duyệt")
