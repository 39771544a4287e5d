"""Several answers in one message, each on its own work; one doubt anywhere, and nothing is recorded."""


async def test_two_answers_in_one_breath_and_both_taken_back(office):
    await office.until(29, 10)
    said = await office.says("justice", "1 xong rồi, 2 đang làm 60%")
    assert said.startswith(
        "Đã ghi: 1 · Báo cáo kết quả rà soát · đã nộp, chờ Sở TT Mẫu xác nhận.\n"
        "Đã ghi: 2 · Tổ chức tập huấn · đang làm 60%.\n"
    )
    # The coordinator finds each where it belongs, with the sentence as it was written.
    assert 'nộp 29/10 · "1 xong rồi, 2 đang làm 60%"' in await office.says("coordinator", "duyệt")
    assert 'đang làm 60%, "1 xong rồi, 2 đang làm 60%"' in await office.says("coordinator", "xem 2 Sở Tư pháp Mẫu")
    # Taken back one by one, the last first.
    assert "Đã hoàn tác: 2 ·" in await office.says("justice", "hoàn tác")
    assert "Đã hoàn tác: 1 ·" in await office.says("justice", "hoàn tác")
    assert "Không có việc nào chờ" in await office.says("coordinator", "duyệt")


async def test_one_doubt_in_the_message_and_nothing_of_it_is_recorded(office):
    await office.until(29, 10)
    refused = await office.says("justice", "1 xong rồi, 7 cũng xong rồi")
    assert refused.startswith("Không có việc số 7 trong danh sách của Anh/Chị; không có gì thay đổi.")
    assert "Tình trạng: chưa phản hồi" in await office.says("justice", "xem 1")


async def test_the_same_message_twice_changes_nothing_the_second_time(office):
    await office.until(29, 10)
    await office.says("justice", "1 đang làm 40%")
    assert "không ghi lại" in await office.says("justice", "1 đang làm 40%")
