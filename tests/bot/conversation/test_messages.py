"""The main messages as people read them, whole: a reading for tone as much as a test."""

import pytest

SPEAKERS = ("coordinator", "justice", "leader", "admin", "nobody")
SAID = ("viec", "overdue", "help", "xin chào", "xem 1", "tuannay", "blah blah", "xong", "undo")


def buttons(reply):
    return [[f"{key.label} = {key.command}" for key in row] for row in reply.buttons]


@pytest.fixture
async def town(small_town):
    return small_town


async def test_my_work(town):
    (reply,) = await town.at(30, 10).replies("justice", "/viec")
    assert reply.text == (
        "Sở Tư pháp Mẫu: 3 việc chưa xong, tính đến 08:00 ngày 30/10/2024\n"
        "\n"
        "🟡 Sắp đến hạn\n"
        "4 · Chấn chỉnh hồ sơ quá hạn\n"
        "     CV 34, mục 1, ý 2 · trước 01/11 (hết ngày mai, 31/10)\n"
        "1 · Báo cáo kết quả rà soát\n"
        "     KH 12, mục I.1 · trước 05/11 (hết thứ Hai 04/11)\n"
        "\n"
        "⚪ Còn thời gian\n"
        "2 · Tổ chức tập huấn\n"
        "     KH 12, mục I.2 · hết thứ Sáu 15/11\n"
        "\n"
        'Thường xuyên: 1 việc, gõ "thuong xuyen" để xem.\n'
        'Trả lời ngay tại đây, ví dụ: "4 xong", "1 đang làm 60%".'
    )
    assert buttons(reply) == [["Xem việc 4 = xem 4", "Xem việc 1 = xem 1"], ["Xem việc 2 = xem 2"]]


async def test_one_assignment_with_its_history(town):
    await town.at(28, 10).say("justice", "1 xin lùi đến 8/11 vì chờ số liệu")
    await town.at(29, 10).say("justice", "1 đang làm 60%")
    (reply,) = await town.at(30, 10).replies("justice", "xem 1")
    assert reply.text == (
        "🟡 1 · Báo cáo kết quả rà soát: trước 05/11 (hết thứ Hai 04/11), còn 3 ngày làm việc\n"
        "KH 12, mục I.1 · Sở Tư pháp Mẫu\n"
        "Cần nộp: báo cáo kết quả rà soát, gửi Chủ tịch UBND tỉnh\n"
        "Tình trạng: đang làm 60%\n"
        'Lần phản hồi gần nhất (29/10): "1 đang làm 60%"\n'
        'Xin gia hạn (28/10) đến hết thứ Sáu 08/11: "đến 8/11 vì chờ số liệu", chờ Sở TT Mẫu quyết định\n'
        "\n"
        'Trả lời: "1 xong", "1 đang làm 60%", "vuongmac 1 …", "giahan 1 …".'
    )
    assert buttons(reply) == [
        ["Đã xong = xong 1", "Đang làm = dang 1"],
        ["Vướng mắc = vuongmac 1", "Xin gia hạn = giahan 1"],
    ]


async def test_after_done(town):
    (reply,) = await town.at(30, 10).replies("justice", "4 xong, báo cáo số 215/BC-STP")
    assert reply.text == (
        "Đã ghi: 4 · Chấn chỉnh hồ sơ quá hạn · đã nộp (văn bản số 215/BC-STP), chờ Sở TT Mẫu xác nhận. "
        'Gõ "hoàn tác" trong 10 phút nếu chưa đúng.'
    )
    assert buttons(reply) == [["Hoàn tác = hoan tac 4"]]


async def test_after_progress(town):
    assert await town.at(30, 10).say("justice", "4 đang làm 60%") == (
        'Đã ghi: 4 · Chấn chỉnh hồ sơ quá hạn · đang làm 60%. Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        "Thời hạn: trước 01/11 (hết ngày mai, 31/10), còn 1 ngày làm việc."
    )


async def test_after_a_request_for_more_time(town):
    assert await town.at(30, 10).say("justice", "1 xin lùi đến 8/11 vì chờ số liệu") == (
        "Đã ghi: 1 · Báo cáo kết quả rà soát · xin lùi đến hết thứ Sáu 08/11, lý do: "
        '"đến 8/11 vì chờ số liệu". Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        "Chờ Sở TT Mẫu quyết định; đến khi đó thời hạn vẫn là trước 05/11 (hết thứ Hai 04/11)."
    )


async def test_after_a_blocker(town):
    assert await town.at(30, 10).say("justice", "4 vướng phần mềm") == (
        'Đã ghi: 4 · Chấn chỉnh hồ sơ quá hạn · vướng mắc "phần mềm". '
        'Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        "Đã báo Sở TT Mẫu. Thời hạn không đổi: trước 01/11 (hết ngày mai, 31/10). "
        'Khi gỡ được, gõ "4 hết vướng".'
    )


async def test_when_unsure_which(town):
    (reply,) = await town.replies("justice", "xong rồi")
    assert reply.text == (
        'Anh/Chị nói "xong rồi" cho việc nào?\n'
        "1. 4 · Chấn chỉnh hồ sơ quá hạn\n"
        "2. 1 · Báo cáo kết quả rà soát\n"
        "3. 2 · Tổ chức tập huấn\n"
        "4. Việc khác\n"
        'Gõ số thứ tự trong 10 phút tới, hoặc gõ rõ, ví dụ: "xong 4". Chưa có gì được ghi.'
    )
    assert buttons(reply) == [["Việc 4 = xong 4", "Việc 1 = xong 1"], ["Việc 2 = xong 2", "Việc khác = viec khac"]]


async def test_overdue_for_the_coordinator(town):
    await town.at(25, 10).say("justice", "4 vướng phần mềm")
    await town.at(31, 10).say("health", "4 xong")
    (reply,) = await town.at(6, 11).replies("coordinator", "/overdue")
    assert reply.text == (
        "Quá hạn tính đến 08:00 ngày 06/11/2024\n"
        "Tổng 8: xong đúng hạn 1 · xong quá hạn 0 · trong hạn 1 · 🔴 quá hạn 6\n"
        "\n"
        "KH 12/KH-UBND · 3 việc\n"
        "  Sở Tư pháp Mẫu: 1 · trễ 2 ngày làm việc · chưa phản hồi\n"
        "  Sở Y tế Mẫu: 1 · trễ 2 ngày làm việc · chưa phản hồi\n"
        "  UBND huyện An Mẫu: 1 · trễ 2 ngày làm việc · chưa phản hồi\n"
        "\n"
        "CV 34/UBND-NC · 3 việc\n"
        "  Sở TT Mẫu: 5 · trễ 6 ngày (4 ngày làm việc) · chưa phản hồi\n"
        '  Sở Tư pháp Mẫu: 4 · trễ 6 ngày (4 ngày làm việc) · "phần mềm" (25/10)\n'
        "  UBND huyện An Mẫu: 4 · trễ 6 ngày (4 ngày làm việc) · chưa phản hồi\n"
        "\n"
        "Chưa ai liên kết: Sở TT Mẫu, UBND huyện An Mẫu\n"
        'Xem một đơn vị: gõ "quahan Sở Tư pháp Mẫu".'
    )
    assert buttons(reply) == [
        ["Nhắc tất cả 6 việc = nhac tat ca", "Chưa phản hồi: 5 = quahan chua phan hoi"],
        ["Xuất Excel = xuat", "Theo đơn vị = quahan theo don vi"],
    ]


async def test_overdue_for_a_unit_head(town):
    assert await town.at(6, 11).say("health", "quá hạn") == (
        "Sở Y tế Mẫu: 🔴 2 việc quá hạn, tính đến 08:00 ngày 06/11/2024\n"
        "Tổng 2: xong đúng hạn 0 · xong quá hạn 0 · trong hạn 0 · 🔴 quá hạn 2\n"
        "\n"
        "1 · Báo cáo kết quả rà soát\n"
        "     KH 12, mục I.1 · trước 05/11 (hết thứ Hai 04/11) · trễ 2 ngày làm việc · chưa phản hồi\n"
        "4 · Chấn chỉnh hồ sơ quá hạn\n"
        "     CV 34, mục 1, ý 2 · trước 01/11 (hết thứ Năm 31/10) · trễ 6 ngày (4 ngày làm việc) · chưa phản hồi\n"
        "\n"
        'Trả lời ngay tại đây, ví dụ: "1 xong", "1 đang làm 60%".'
    )


async def test_one_number_across_all_its_units(town):
    await town.at(25, 10).say("justice", "4 vướng phần mềm")
    await town.say("health", "4 xong")
    assert await town.at(30, 10).say("coordinator", "xem 4") == (
        "4 · Chấn chỉnh hồ sơ quá hạn: trước 01/11 (hết ngày mai, 31/10)\n"
        "CV 34, mục 1, ý 2 · 3 đơn vị, tính đến 08:00 ngày 30/10/2024\n"
        "đã nộp 1 · vướng mắc 1 · chưa phản hồi 1\n"
        "Chưa phản hồi: UBND huyện An Mẫu\n"
        "Vướng mắc: Sở Tư pháp Mẫu\n"
        'Xem một đơn vị: gõ "xem 4 UBND huyện An Mẫu".'
    )


async def test_what_falls_due_this_week(town):
    await town.at(29, 10).say("health", "4 xong")
    assert await town.at(29, 10).say("coordinator", "tuần này") == (
        "3 việc đến hạn từ hôm nay đến Chủ nhật 03/11 (trong 4 việc; 1 đã nộp), tính đến 08:00 ngày 29/10/2024\n"
        "\n"
        "🟡 4 · Chấn chỉnh hồ sơ quá hạn\n"
        "     CV 34, mục 1, ý 2 · trước 01/11 (hết thứ Năm 31/10) · 2/3 đơn vị chưa nộp\n"
        "🟡 5 · Công khai kết quả tháng 10\n"
        "     CV 34, mục 2 · hết thứ Năm 31/10 · Sở TT Mẫu chưa nộp"
    )


async def test_help_for_a_unit_head(town):
    assert await town.say("justice", "/help") == (
        "Trả lời một việc bằng số của việc đó, có dấu hay không dấu đều được:\n"
        '"4 xong" · đã nộp; thêm số văn bản: "4 xong, báo cáo số 215/BC-STP"\n'
        '"4 đang làm 60%" · đang thực hiện\n'
        '"vuongmac 4 chờ số liệu" · có vướng mắc; gỡ được thì gõ "4 hết vướng"\n'
        '"giahan 4 đến 15/12 vì chờ số liệu" · xin gia hạn\n'
        'Gửi ảnh hoặc tệp, chú thích "4 xong" · nộp kèm minh chứng; xem lại: "minh chung 4"\n'
        '"hoàn tác" · lấy lại câu vừa trả lời, trong 10 phút\n'
        'Xem: "viec", "xem 4", "hôm nay", "tuần này", "quahan".'
    )


async def test_a_long_list_is_cut_into_pages_that_name_what_is_left(town):
    text = await town.say("coordinator", "viec trang 7")
    assert text.startswith("Sở TT Mẫu: 1 việc chưa xong")


async def test_no_message_of_ours_exclaims_or_speaks_the_machines_language(town):
    town.at(6, 11)
    said = [await town.say(chat, text) for chat in SPEAKERS for text in SAID]
    for text in said:
        assert "!" not in text
        assert not {"none", "error", "callback", "null", "id"} & set(text.casefold().split())
