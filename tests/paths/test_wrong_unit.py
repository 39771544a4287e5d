"""Work that is not theirs: the coordinator moves it with its number and date, or leaves it where it is."""


async def test_disowned_work_rests_until_it_is_moved_and_goes_on_where_it_belongs(office):
    # Tuesday 29/10: Tư pháp says whose it is. Until that is decided nobody is nagged about it.
    await office.until(29, 10)
    assert "theo Anh/Chị việc này thuộc đơn vị nào" in await office.says("justice", "2 sai đơn vị")
    assert "Chờ Sở TT Mẫu quyết định" in await office.says("justice", "tập huấn là chức năng của Sở Y tế")
    notice = office.heard("coordinator")[-1]
    assert notice.startswith("Báo không thuộc đơn vị mình: 2 · Tổ chức tập huấn\nSở Tư pháp Mẫu: ")
    assert office.buttons("coordinator") == ["Xem việc này", "Chuyển đơn vị", "Giữ nguyên"]
    assert not any("2 · Tổ chức tập huấn" in text for text in await office.heard_on("justice", 6, 11))

    # One line moves it; both sides hear, and the number and the date are what they were.
    moved = await office.says("coordinator", "chuyen 2 Sở Tư pháp Mẫu sang Sở Y tế Mẫu")
    assert "giữ nguyên số và thời hạn hết thứ Sáu 15/11" in moved
    assert office.heard("justice")[-1].startswith("Sở Tư pháp Mẫu không còn phải làm việc 2 · Tổ chức tập huấn")
    arrived = office.heard("health")
    assert arrived[-1].startswith("Việc được chuyển đến: 2 · Tổ chức tập huấn · hết thứ Sáu 15/11")
    assert "Không có việc số 2" in await office.says("justice", "2 xong")

    # Its whole history came along, and it is reminded of there from now on.
    course = await office.says("health", "lich su 2")
    assert "báo không thuộc đơn vị mình" in course
    assert "chuyển từ Sở Tư pháp Mẫu sang Sở Y tế Mẫu" in course
    assert any("2 · Tổ chức tập huấn" in text for text in await office.heard_on("health", 15, 11))
    assert "Đã ghi: 2" in await office.says("health", "2 xong")


async def test_what_is_theirs_after_all_stays_and_is_asked_for_again(office):
    await office.until(29, 10)
    await office.says("health", "1 không phải việc của bên em, là của Sở Tư pháp")
    refused = await office.says("coordinator", "chuyen 1 Sở Y tế Mẫu sang Sở Tư pháp Mẫu")
    assert "Sở Tư pháp Mẫu đã được giao việc 1 trong kỳ này" in refused
    await office.taps("coordinator", "Giữ nguyên")
    assert office.heard("health")[-1].startswith("Vẫn do Sở Y tế Mẫu thực hiện: 1 · Báo cáo kết quả rà soát")
    assert any("1 · Báo cáo kết quả rà soát" in text for text in await office.heard_on("health", 30, 10))
