"""The coordinator's desk: what waits, each decision in one line, the unit told once, ten minutes to take it back."""

import pytest

ALL = ("justice", "health", "officer", "leader", "admin")


@pytest.fixture
async def handed_in(small_town):
    """Tư pháp has handed in 1 and 4, Y tế 4; the coordinator looks on 30/10."""
    await small_town.at(29, 10).say("justice", "4 xong, báo cáo số 215/BC-STP")
    await small_town.say("justice", "1 xong")
    await small_town.at(29, 10, 9).say("health", "4 xong")
    return small_town.at(30, 10)


async def decided(town, key="decided:%"):
    return [(row.chat, row.lane.value, row.payload["text"].splitlines()[0]) for row in await town.owed(key)]


async def test_with_nothing_waiting_the_desk_says_so(small_town):
    assert await small_town.say("coordinator", "/duyet") == (
        "Không có việc nào chờ Anh/Chị quyết định, tính đến 08:00 ngày 23/10/2024."
    )


async def test_the_queue_groups_what_waits_and_shows_how_to_answer(handed_in):
    await handed_in.say("justice", "2 vướng thiếu kinh phí")
    await handed_in.say("health", "1 xin lùi đến 8/11 vì chờ số liệu")
    text = await handed_in.say("coordinator", "duyệt")
    assert text == (
        "Chờ Anh/Chị quyết định: 5 việc, tính đến 08:00 ngày 30/10/2024\n"
        "\n"
        "Đã nộp, chờ xác nhận: 3\n"
        "  1 · Sở Tư pháp Mẫu · Báo cáo kết quả rà soát\n"
        "     nộp 29/10, chờ 1 ngày làm việc\n"
        "  4 · Sở Tư pháp Mẫu · Chấn chỉnh hồ sơ quá hạn\n"
        "     nộp 29/10, chờ 1 ngày làm việc · văn bản số 215/BC-STP\n"
        "  4 · Sở Y tế Mẫu · Chấn chỉnh hồ sơ quá hạn\n"
        "     nộp 29/10, chờ 1 ngày làm việc\n"
        "\n"
        "Xin gia hạn: 1\n"
        "  1 · Sở Y tế Mẫu · Báo cáo kết quả rà soát\n"
        '     xin lùi đến hết thứ Sáu 08/11: "đến 8/11 vì chờ số liệu" · hạn trước 05/11 (hết thứ Hai 04/11)\n'
        "\n"
        "Đang vướng mắc: 1\n"
        "  2 · Sở Tư pháp Mẫu · Tổ chức tập huấn\n"
        '     "thiếu kinh phí" · từ 30/10\n'
        "\n"
        'Xác nhận: "duyet 1 Sở Tư pháp Mẫu". Trả lại: "tra lai 1 Sở Tư pháp Mẫu thiếu phụ lục".\n'
        'Gia hạn: "cho lui 1 Sở Y tế Mẫu", thêm ngày nếu khác; hoặc "khong cho lui 1 Sở Y tế Mẫu".\n'
        'Đã gỡ được: "het vuong 2 Sở Tư pháp Mẫu".'
    )


async def test_the_queue_counts_what_the_morning_overview_counts(handed_in):
    from models.clock import civil_day
    from planner.desk import desk_of
    from planner.scope import EVERYTHING
    from planner.waiting import count_waiting

    await handed_in.say("justice", "2 vướng thiếu kinh phí")
    await handed_in.say("health", "1 xin lùi đến 8/11 vì chờ số liệu")
    async with handed_in.database.read() as session:
        today = civil_day(handed_in.now)
        desk = await desk_of(session, EVERYTHING, today=today, before=today)
        waiting = await count_waiting(session, EVERYTHING)
    assert (desk.waiting_acceptance, desk.waiting_extension, desk.open_blockers) == (
        waiting.submitted,
        waiting.extensions,
        waiting.blockers,
    )


async def test_every_button_of_the_queue_does_what_typing_it_does(handed_in):
    (reply,) = await handed_in.replies("coordinator", "duyet")
    commands = [key.command for row in reply.buttons for key in row]
    assert commands == ["duyet 1 @T.TP", "duyet 4 @T.TP", "duyet tat ca"]
    assert "Đã xác nhận hoàn thành: 1" in await handed_in.tap("coordinator", commands[0])


@pytest.mark.parametrize(
    "words", ["duyet 4 @T.TP", "duyệt 4 Sở Tư pháp Mẫu", "/duyet 4 tư pháp mẫu", "Duyệt việc 4 sở tư pháp mẫu nhé"]
)
async def test_one_unit_is_accepted_by_code_or_by_name_and_hears_no_noise(small_town, words):
    await small_town.at(29, 10).say("justice", "4 xong")
    await small_town.say("health", "4 xong")
    text = await small_town.at(30, 10).say("coordinator", words)
    assert text == (
        "Đã xác nhận hoàn thành: 4 · Chấn chỉnh hồ sơ quá hạn · Sở Tư pháp Mẫu, nộp 29/10 (đúng hạn). "
        'Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        'Còn chờ Anh/Chị: 1 việc, gõ "duyet".'
    )
    states = await small_town.states()
    assert (states["T.TP", 4], states["T.YT", 4]) == ("accepted", "submitted")
    assert await decided(small_town) == []


async def test_the_unit_finds_what_was_accepted_in_its_own_list_for_a_week(handed_in):
    await handed_in.say("coordinator", "duyet 4 @T.TP")
    assert "Chờ xác nhận: 1 (1 việc)\nĐã xác nhận trong 7 ngày qua: 4 (1 việc)" in await handed_in.say(
        "justice", "viec"
    )
    assert "Đã xác nhận" not in await handed_in.at(7, 11).say("justice", "viec")
    assert "Đã xác nhận" not in await handed_in.at(30, 10).say("health", "viec")


async def test_between_two_units_it_is_asked_and_nothing_changes(handed_in):
    (reply,) = await handed_in.replies("coordinator", "duyet 4")
    assert reply.text.startswith("Việc 4 có 2 đơn vị; Anh/Chị muốn nói đơn vị nào? Chưa có gì thay đổi.")
    assert [key.command for row in reply.buttons for key in row] == [
        "duyet 4 @T.TP",
        "duyet 4 @T.YT",
        "duyet 4 tat ca",
    ]
    assert (await handed_in.states())["T.TP", 4] == "submitted"


async def test_all_units_of_a_number_are_accepted_at_once_and_taken_back_at_once(handed_in):
    text = await handed_in.say("coordinator", "duyệt 4 tất cả")
    assert "2 đơn vị: Sở Tư pháp Mẫu, Sở Y tế Mẫu" in text
    states = await handed_in.states()
    assert (states["T.TP", 4], states["T.YT", 4], states["T.HA", 4]) == ("accepted", "accepted", "not_started")
    assert "Đã hoàn tác 2 việc" in await handed_in.say("coordinator", "hoan tac 4")
    assert {(await handed_in.states())[unit, 4] for unit in ("T.TP", "T.YT")} == {"submitted"}


async def test_everything_is_shown_first_and_accepted_on_a_yes(handed_in):
    (reply,) = await handed_in.replies("coordinator", "duyet tat ca")
    assert reply.text == (
        "Sẽ xác nhận hoàn thành 3 việc. Chưa ghi gì.\n"
        "  1 · Báo cáo kết quả rà soát: 1 đơn vị\n"
        "  4 · Chấn chỉnh hồ sơ quá hạn: 2 đơn vị\n"
        'Gõ "duyet tat ca 3 viec dong y" để xác nhận.'
    )
    assert "submitted" in (await handed_in.states()).values()
    text = await handed_in.tap("coordinator", reply.buttons[0][0].command)
    assert text.startswith("Đã xác nhận hoàn thành 3 việc: số 1, 4.")
    assert "submitted" not in (await handed_in.states()).values()


async def test_what_came_in_after_the_preview_is_not_accepted_unseen(handed_in):
    await handed_in.say("coordinator", "duyet tat ca")
    await handed_in.say("justice", "2 xong")
    text = await handed_in.say("coordinator", "duyet tat ca 3 viec dong y")
    assert "đã thay đổi từ lúc" in text
    assert (await handed_in.states())["T.TP", 4] == "submitted"


async def test_a_yes_that_is_said_again_accepts_nothing_unseen(handed_in):
    (reply,) = await handed_in.replies("coordinator", "duyet tat ca")
    agree = reply.buttons[0][0].command
    await handed_in.tap("coordinator", agree)
    await handed_in.say("justice", "2 xong")
    assert "Sẽ xác nhận hoàn thành 1 việc" in await handed_in.tap("coordinator", agree)
    assert (await handed_in.states())["T.TP", 2] == "submitted"


async def test_as_many_as_were_shown_are_not_the_same_ones(handed_in):
    await handed_in.say("coordinator", "duyet tat ca")
    await handed_in.say("health", "4 đang làm 90%")
    await handed_in.say("justice", "2 xong")
    assert "đã thay đổi từ lúc" in await handed_in.say("coordinator", "duyet tat ca 3 viec dong y")
    assert (await handed_in.states())["T.TP", 2] == "submitted"


async def test_a_yes_without_a_look_shows_first(handed_in):
    assert "Chưa ghi gì" in await handed_in.say("coordinator", "duyet tat ca dong y")
    assert (await handed_in.states())["T.TP", 4] == "submitted"


async def test_returned_with_a_reason_the_unit_is_told_at_once_with_its_unchanged_date(handed_in):
    text = await handed_in.say("coordinator", "trả lại 4 @T.TP thiếu phụ lục")
    assert text == (
        'Đã trả lại: 4 · Chấn chỉnh hồ sơ quá hạn · Sở Tư pháp Mẫu, lý do: "thiếu phụ lục". '
        'Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        "Đã báo Sở Tư pháp Mẫu. Thời hạn không đổi: trước 01/11 (hết ngày mai, 31/10).\n"
        'Còn chờ Anh/Chị: 2 việc, gõ "duyet".'
    )
    (notice,) = await handed_in.owed("decided:%")
    assert (notice.chat, notice.lane.value, notice.send_after) == ("justice", "reminder", handed_in.now)
    assert notice.payload["text"] == (
        "Cần bổ sung: 4 · Chấn chỉnh hồ sơ quá hạn · trước 01/11 (hết ngày mai, 31/10), còn 1 ngày làm việc\n"
        'Đầu mối trả lại: "thiếu phụ lục"\n'
        "CM2, mục 1, ý 2 · Sở Tư pháp Mẫu · thời hạn không thay đổi\n"
        'Nộp lại: gõ "4 xong". Nếu cần thêm thời gian: "4 xin lùi đến … vì …".'
    ).replace("CM2", "CV 34")
    assert (await handed_in.states())["T.TP", 4] == "returned"
    assert "đã nộp" in await handed_in.say("justice", "4 xong")


@pytest.mark.parametrize("words", ["tra lai 4 Sở Tư pháp Mẫu: thiếu phụ lục", "tra lai 4 tư pháp mẫu thiếu phụ lục"])
async def test_the_unit_may_be_named_before_the_reason(small_town, words):
    await small_town.at(29, 10).say("justice", "4 xong")
    await small_town.say("health", "4 xong")
    text = await small_town.say("coordinator", words)
    assert 'Sở Tư pháp Mẫu, lý do: "thiếu phụ lục"' in text


async def test_without_a_reason_it_is_asked_for_and_the_next_line_is_the_reason(handed_in):
    text = await handed_in.say("coordinator", "tra lai 4 @T.TP")
    assert text.startswith("Trả lại việc 4 · Chấn chỉnh hồ sơ quá hạn của Sở Tư pháp Mẫu: cần bổ sung gì?")
    assert (await handed_in.states())["T.TP", 4] == "submitted"
    assert 'lý do: "vướng ở phần số liệu"' in await handed_in.say("coordinator", "vướng ở phần số liệu")
    assert (await handed_in.states())["T.TP", 4] == "returned"


async def test_an_asked_reason_may_be_left_unsaid(handed_in):
    await handed_in.say("coordinator", "tra lai 4 @T.TP")
    await handed_in.say("coordinator", "thôi")
    await handed_in.say("coordinator", "thiếu phụ lục")
    assert (await handed_in.states())["T.TP", 4] == "submitted"


async def test_a_return_taken_back_before_it_left_is_never_told(handed_in):
    await handed_in.at(30, 10, 20).say("coordinator", "tra lai 4 @T.TP thiếu phụ lục")
    text = await handed_in.at(30, 10, 20, 5).say("coordinator", "hoàn tác")
    assert 'Đã hoàn tác: 4 · Chấn chỉnh hồ sơ quá hạn · Sở Tư pháp Mẫu trở lại "đã nộp, chờ xác nhận"' in text
    assert [row.state.value for row in await handed_in.owed("decided:%")] == ["cancelled"]
    assert (await handed_in.states())["T.TP", 4] == "submitted"


async def test_the_newest_change_is_the_one_taken_back_be_it_answer_or_decision(town):
    await town.at(29, 10).say("health", "4 xong")
    await town.say("coordinator", "5 đang làm")
    await town.at(29, 10, 8, 1).say("coordinator", "duyet 4")
    assert "4 · Chấn chỉnh" in await town.at(29, 10, 8, 2).say("coordinator", "hoàn tác")
    assert "5 · Công khai" in await town.at(29, 10, 8, 3).say("coordinator", "hoàn tác")
    assert "Không có câu trả lời nào" in await town.say("coordinator", "hoàn tác")


async def test_a_decision_that_the_unit_has_answered_since_stays(handed_in):
    await handed_in.say("coordinator", "tra lai 4 @T.TP thiếu phụ lục")
    await handed_in.at(30, 10, 8, 2).say("justice", "4 xong")
    assert "không lấy lại được" in await handed_in.at(30, 10, 8, 3).say("coordinator", "hoàn tác")


async def test_after_ten_minutes_a_decision_stands(handed_in):
    await handed_in.say("coordinator", "duyet 4 @T.TP")
    assert "Không có câu trả lời nào" in await handed_in.at(30, 10, 8, 11).say("coordinator", "hoàn tác")


async def asked_for_time(town):
    await town.at(28, 10).say("health", "1 xin lùi đến 8/11 vì chờ số liệu")
    return town.at(29, 10)


async def test_time_is_granted_as_asked_with_one_tap_and_the_first_date_stays_visible(town):
    await asked_for_time(town)
    text = await town.tap("coordinator", "cho lui 1 @T.YT")
    assert text == (
        "Đã cho lùi: 1 · Báo cáo kết quả rà soát · Sở Y tế Mẫu, đến hết thứ Sáu 08/11. "
        'Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        "Thời hạn trước đó: trước 05/11 (hết thứ Hai 04/11).\n"
        "Đã báo Sở Y tế Mẫu."
    )
    ((chat, lane, first),) = await decided(town)
    assert (chat, lane) == ("health", "reminder")
    assert first == "Được gia hạn: 1 · Báo cáo kết quả rà soát · đến hết thứ Sáu 08/11"
    assert "trước 05/11, gia hạn đến hết thứ Sáu 08/11" in await town.say("health", "xem 1")


async def test_a_shorter_day_may_be_granted_and_both_are_said(town):
    await asked_for_time(town)
    text = await town.say("coordinator", "cho lùi 1 Sở Y tế Mẫu 7/11")
    assert "đến hết thứ Năm 07/11" in text
    assert "Thời hạn trước đó: trước 05/11 (hết thứ Hai 04/11); đơn vị xin đến hết thứ Sáu 08/11.\n" in text
    (notice,) = await town.owed("decided:%")
    assert "Ngày đơn vị xin là thứ Sáu 08/11; ngày được cho là thứ Năm 07/11." in notice.payload["text"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("cho lui 1 @T.YT 1/11", "không sau thời hạn hiện nay"),
        ("cho lui 1 @T.YT mai kia", "chưa đọc được ngày"),
        ("cho lui 4 @T.YT 9/11", "không có lời xin gia hạn nào đang chờ"),
        ("cho lui 77 @T.YT 9/11", "Không có việc số 77"),
        ("cho lui 1 @T.KHAC 9/11", "không giao cho đơn vị nào tên"),
    ],
)
async def test_what_cannot_be_granted_is_said_and_changes_nothing(small_town, words, answer):
    await asked_for_time(small_town)
    before = await small_town.everything()
    assert answer in await small_town.say("coordinator", words)
    assert await small_town.everything() == before


async def test_time_is_refused_with_or_without_a_reason(town):
    await asked_for_time(town)
    text = await town.say("coordinator", "không cho lùi 1 @T.YT vì thời hạn do Chính phủ quy định")
    assert 'lý do: "thời hạn do Chính phủ quy định"' in text
    (notice,) = await town.owed("decided:%")
    assert notice.payload["text"].startswith(
        "Thời hạn không thay đổi: 1 · Báo cáo kết quả rà soát · trước 05/11 (hết thứ Hai 04/11), còn 4 ngày làm việc"
    )


async def test_a_granted_day_is_given_back_and_the_request_waits_again(town):
    await asked_for_time(town)
    before = await town.states()
    await town.say("coordinator", "cho lui 1 @T.YT 7/11")
    assert "trước 05/11 (hết thứ Hai 04/11)" in await town.say("coordinator", "hoàn tác")
    assert await town.states() == before
    assert "Xin gia hạn: 1" in await town.say("coordinator", "duyet")
    assert "đến hết thứ Sáu 08/11" in await town.at(29, 10, 8, 5).say("coordinator", "cho lui 1 @T.YT")


@pytest.mark.parametrize("words", ["hết vướng 4 @T.TP", "hết vướng 4", "hết vướng", "đã gỡ vướng mắc 4 Sở Tư pháp Mẫu"])
async def test_the_coordinator_may_say_that_a_difficulty_is_gone(town, words):
    await town.at(28, 10).say("justice", "4 vướng phần mềm")
    text = await town.at(29, 10).say("coordinator", words)
    assert text.startswith("Đã ghi: 4 · Chấn chỉnh hồ sơ quá hạn · Sở Tư pháp Mẫu đã hết vướng mắc, đang làm.")
    assert (await town.states())["T.TP", 4] == "in_progress"
    ((chat, _, first),) = await decided(town)
    assert (chat, first.split(":")[0]) == ("justice", "Đầu mối ghi nhận đã gỡ vướng mắc")


async def test_between_two_difficulties_it_is_asked_whose(small_town):
    await small_town.at(28, 10).say("justice", "4 vướng phần mềm")
    await small_town.say("health", "4 vướng mạng")
    before = await small_town.states()
    assert "Sở Tư pháp Mẫu: gõ" in await small_town.say("coordinator", "hết vướng 4")
    assert (await small_town.say("coordinator", "hết vướng")).startswith("Đang vướng mắc: 2\n")
    assert await small_town.states() == before


async def test_a_coordinators_own_difficulty_is_ended_as_a_unit_and_anothers_as_its_coordinator(small_town):
    await small_town.at(28, 10).say("justice", "4 vướng phần mềm")
    await small_town.say("coordinator", "5 vướng máy chủ")
    assert (await small_town.say("coordinator", "hết vướng")).startswith("Đã ghi: 5 ·")
    assert (await small_town.states())["T.TP", 4] == "blocked"
    assert "Sở Tư pháp Mẫu đã hết vướng mắc" in await small_town.say("coordinator", "hết vướng 4")


@pytest.mark.parametrize("words", ["hết vướng 4 chưa", "hết vướng 4 Sở Tư pháp Mẫu chưa?"])
async def test_what_only_sounds_like_it_frees_nothing(small_town, words):
    await small_town.at(28, 10).say("justice", "4 vướng phần mềm")
    before = await small_town.states()
    for chat in ("coordinator", "justice"):
        await small_town.say(chat, words)
    assert await small_town.states() == before


@pytest.mark.parametrize("chat", ALL)
@pytest.mark.parametrize(
    "words",
    [
        "duyet", "duyet 4 @T.TP", "duyet 4 tat ca", "duyet tat ca dong y", "tra lai 4 @T.TP thiếu phụ lục",
        "cho lui 1 @T.YT", "khong cho lui 1 @T.YT", "chuyen 4 @T.YT Sở Tư pháp Mẫu", "giu 4 @T.YT",
        "het vuong 4 @T.YT",
    ],
)  # fmt: skip
async def test_nobody_else_decides_by_typing_or_by_tapping(small_town, chat, words):
    await small_town.at(29, 10).say("justice", "4 xong")
    await asked_for_time(small_town)
    before = await small_town.everything()
    for is_tap in (False, True):
        await small_town.say(chat, words, is_tap=is_tap)
    assert await small_town.everything() == before


@pytest.mark.parametrize("words", ["duyệt 4 @T.TP chưa?", "cho lùi 1 @T.YT được không?", "duyệt 4 xong chưa anh?"])
async def test_a_question_decides_nothing(small_town, words):
    await small_town.at(29, 10).say("justice", "4 xong")
    await asked_for_time(small_town)
    before = await small_town.everything()
    await small_town.say("coordinator", words)
    assert await small_town.everything() == before
