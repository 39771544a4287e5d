"""What a unit's answers change, whose they may be, and how they are taken back."""

from datetime import timedelta
from itertools import repeat

import pytest
from sqlalchemy import select

from models.blocker import Blocker
from models.extension import Extension
from models.report import Report


async def rows(town, model):
    async with town.database.read() as session:
        return list((await session.execute(select(model))).scalars())


async def test_done_is_handed_in_and_waits_for_the_coordinator(town):
    said = await town.say("justice", "4 xong, báo cáo số 215/BC-STP")
    assert "Đã ghi: 4" in said
    assert "đã nộp (văn bản số 215/BC-STP), chờ Sở TT Mẫu xác nhận" in said
    assert (await town.states())["T.TP", 4] == "submitted"
    (report,) = await rows(town, Report)
    assert (report.said, report.document_no) == ("4 xong, báo cáo số 215/BC-STP", "215/BC-STP")


async def test_one_units_answer_leaves_the_same_number_of_another_alone(town):
    await town.say("justice", "4 xong")
    states = await town.states()
    assert (states["T.YT", 4], states["T.HA", 4]) == ("not_started", "not_started")


async def test_done_again_changes_nothing_and_says_when_it_was_recorded(town):
    await town.say("justice", "4 xong")
    before = await town.everything()
    town.now += timedelta(hours=2)
    said = await town.say("justice", "xong 4")
    assert "đã được ghi là đã nộp lúc 08:00 ngày 23/10/2024" in said
    assert await town.everything() == before


async def test_done_again_with_a_paper_number_adds_the_number(town):
    await town.say("justice", "4 xong")
    assert "văn bản số 9/BC-STP" in await town.say("justice", "4 xong, báo cáo số 9/BC-STP")
    assert [report.document_no for report in await rows(town, Report)] == [None, "9/BC-STP"]


async def test_done_after_the_last_day_says_by_how_much_without_blame(town):
    said = await town.at(6, 11).say("justice", "4 xong")
    assert "Ngày nộp được ghi là 06/11, sau hạn 6 ngày (4 ngày làm việc)." in said


@pytest.mark.parametrize("text", ["2 xong", "/xong 2", "dang 2", "vuongmac 2 x y z", "2 xin lùi đến 20/11", "999 xong"])
async def test_a_number_of_another_unit_and_a_number_of_nobody_get_the_same_answer(town, text):
    before = await town.everything()
    number = text.replace("/", "").split()[0] if text[0].isdigit() else text.split()[1]
    assert await town.say("health", text) == (
        f"Không có việc số {number} trong danh sách của Anh/Chị; không có gì thay đổi.\n"
        'Gõ "viec" để xem các việc đang có, hoặc "help" để xem cách trả lời.'
    )
    assert await town.everything() == before


async def test_a_tapped_command_is_believed_no_more_than_a_typed_one(town):
    before = await town.everything()
    assert "Không có việc số 2" in await town.tap("health", "xong 2")
    assert "Không có việc số 4" in await town.tap("health", "xong 4 @T.TP")
    assert await town.everything() == before


async def test_a_coordinator_sees_all_and_answers_only_for_their_own_unit(town):
    assert "Tình trạng: chưa phản hồi" in await town.say("coordinator", "xem 4 y tế")
    assert "Không có việc số 4" in await town.say("coordinator", "4 xong")
    assert "Đã ghi: 5" in await town.say("coordinator", "5 xong")


async def test_a_leader_and_an_administrator_answer_for_nobody(town):
    before = await town.everything()
    for chat in ("leader", "admin"):
        assert "chưa dùng được yêu cầu này" in await town.say(chat, "4 xong")
    assert await town.everything() == before


async def test_with_several_open_a_bare_done_is_asked_about_and_nothing_is_recorded(town):
    asked = await town.say("justice", "xong rồi ạ")
    assert asked.startswith('Anh/Chị nói "xong rồi ạ" cho việc nào?\n1. 4 · Chấn chỉnh hồ sơ quá hạn\n2. 1 ·')
    assert set((await town.states()).values()) == {"not_started"}


async def test_a_choice_by_its_place_in_the_list_is_recorded_with_the_first_words(town):
    await town.say("health", "xong rồi ạ")  # 1. việc 4 · 2. việc 1
    assert "Đã ghi: 1 ·" in await town.say("health", "2")
    assert (await town.states())["T.YT", 1] == "submitted"
    assert [report.said for report in await rows(town, Report)] == ["xong rồi ạ"]


async def test_a_choice_that_could_mean_two_is_asked_again(town):
    await town.say("justice", "xong")  # 1. việc 4 · 2. việc 1 · 3. việc 2
    said = await town.say("justice", "1")
    assert "vừa là số thứ tự, vừa là số của một việc khác" in said
    assert "submitted" not in (await town.states()).values()
    assert "Đã ghi: 1 ·" in await town.say("justice", "xong 1")


async def test_a_choice_by_the_assignments_own_number_is_taken(town):
    await town.say("justice", "xong")
    assert "Đã ghi: 4 ·" in await town.say("justice", "4")


async def test_a_choice_is_forgotten_after_ten_minutes(town):
    await town.say("justice", "xong")
    town.now += timedelta(minutes=10)
    await town.say("justice", "4")
    assert (await town.states())["T.TP", 4] == "not_started"


async def test_the_only_open_assignment_is_meant(town):
    assert "Đã ghi: 5" in await town.say("coordinator", "xong rồi")


async def test_a_bare_done_never_means_work_that_has_no_end(town):
    for number in (1, 2, 4):
        await town.say("justice", f"{number} xong")
    standing = (await town.say("justice", "thuong xuyen")).splitlines()[1].split(" ·")[0]
    asked = await town.say("justice", "da xong roi a")
    assert asked.splitlines()[1].startswith(f"1. {standing} · ")
    assert "Chưa có gì được ghi" in asked


async def test_with_nothing_open_nothing_is_guessed(town):
    await town.say("coordinator", "5 xong")
    assert "không có việc nào đang mở" in await town.say("coordinator", "xong rồi")


async def test_a_reply_to_a_nudge_is_about_that_assignment(town):
    await town.nudge("justice", "m7", "T.TP", 1)
    assert "Đã ghi: 1 ·" in await town.say("justice", "xong", reply_to="m7")


async def test_a_number_in_the_reply_counts_more_than_what_is_replied_to(town):
    await town.nudge("justice", "m7", "T.TP", 1)
    assert "Đã ghi: 2 ·" in await town.say("justice", "2 xong", reply_to="m7")


async def test_a_reply_to_a_digest_of_several_is_asked_about(town):
    await town.nudge("justice", "m8", "T.TP", 1, 2)
    asked = await town.say("justice", "xong", reply_to="m8")
    assert "1. 1 · Báo cáo kết quả rà soát\n2. 2 · Tổ chức tập huấn\n3. Việc khác" in asked
    assert "submitted" not in (await town.states()).values()


async def test_the_last_one_left_of_a_digest_is_still_asked_about(town):
    await town.nudge("justice", "m8", "T.TP", 1, 2)
    await town.say("justice", "1 xong")
    assert "cho việc nào?" in await town.say("justice", "xong", reply_to="m8")


async def test_a_reply_to_somebody_elses_message_finds_nothing(town):
    await town.nudge("health", "m9", "T.YT", 1)
    assert "cho việc nào?" in await town.say("justice", "xong", reply_to="m9")


async def test_a_reply_to_our_own_echo_is_about_the_same_assignment(town):
    await town.say("justice", "1 đang làm 20%")
    await town.delivered("m1")
    assert "Đã ghi: 1 · Báo cáo kết quả rà soát · đang làm 80%" in await town.say("justice", "80%", reply_to="m1")


async def test_an_answer_is_taken_back_within_ten_minutes(town):
    before = await town.states()
    await town.say("justice", "4 xong")
    town.now += timedelta(minutes=9)
    said = await town.say("justice", "hoàn tác")
    assert 'Đã hoàn tác: 4 · Chấn chỉnh hồ sơ quá hạn · trở lại "chưa phản hồi".' in said
    assert await town.states() == before


async def test_and_not_after(town):
    await town.say("justice", "4 xong")
    town.now += timedelta(minutes=11)
    assert "Không có câu trả lời nào trong 10 phút vừa qua" in await town.say("justice", "hoàn tác")
    assert (await town.states())["T.TP", 4] == "submitted"


async def test_the_undo_button_of_an_older_answer_takes_back_no_other(town):
    await town.say("justice", "4 xong")
    await town.say("justice", "1 xong")
    assert "là về việc 1, không phải việc 4" in await town.tap("justice", "hoan tac 4")
    assert (await town.states())["T.TP", 1] == "submitted"


async def test_nobody_takes_back_anothers_answer(town):
    await town.say("justice", "4 xong")
    assert "Không có câu trả lời nào" in await town.say("officer", "hoàn tác")


async def test_a_blocker_without_words_is_asked_about_and_the_next_message_is_kept(town):
    assert "vướng ở khâu nào" in await town.say("justice", "vướng mắc 4")
    assert (await town.states())["T.TP", 4] == "not_started"
    said = await town.say("justice", "chờ số liệu của Trung tâm")
    assert 'vướng mắc "chờ số liệu của Trung tâm"' in said
    assert "Đã báo Sở TT Mẫu. Thời hạn không đổi" in said
    (blocker,) = await rows(town, Blocker)
    assert blocker.description == "chờ số liệu của Trung tâm"
    assert (await town.states())["T.TP", 4] == "blocked"


@pytest.mark.parametrize("word", ["thôi", "hủy", "Huỷ bỏ"])
async def test_an_open_question_is_dropped_on_request(town, word):
    await town.say("justice", "vuongmac 4")
    assert "Đã bỏ qua, không ghi gì" in await town.say("justice", word)
    await town.say("justice", "chờ số liệu")
    assert await rows(town, Blocker) == []


@pytest.mark.parametrize("words", ["không có gì", "à không có vướng mắc gì", "hết rồi", "dạ đã xử lý xong"])
async def test_no_difficulty_after_all_is_not_stored_as_one(town, words):
    await town.say("justice", "vuongmac 4")
    assert "không có vướng mắc; không ghi gì thêm" in await town.say("justice", words)
    assert await rows(town, Blocker) == []


async def test_looking_something_up_leaves_the_question_open(town):
    await town.say("justice", "vuongmac 4")
    await town.say("justice", "viec")
    assert "vướng mắc" in await town.say("justice", "chờ số liệu")


async def test_another_answer_closes_the_question(town):
    await town.say("justice", "vuongmac 4")
    await town.say("justice", "1 xong")
    assert "chưa chắc hiểu đúng" in await town.say("justice", "phòng bên đã hẹn")
    assert await rows(town, Blocker) == []


async def test_the_words_are_waited_for_half_an_hour(town):
    await town.say("justice", "vuongmac 4")
    town.now += timedelta(minutes=31)
    await town.say("justice", "chờ số liệu")
    assert await rows(town, Blocker) == []


async def test_a_blocker_is_told_to_the_coordinator_and_not_owed_any_more_when_taken_back(town):
    await town.say("justice", "4 vướng phần mềm")
    (notice,) = await town.owed("notice:%")
    assert (notice.chat, notice.lane, notice.send_after) == ("coordinator", "reminder", town.now)
    assert notice.payload["text"].startswith("Vướng mắc mới: 4 · Chấn chỉnh hồ sơ quá hạn\nSở Tư pháp Mẫu: ")
    assert notice.payload["buttons"] == [[["Xem việc này", "xem 4 @T.TP"]]]
    await town.say("justice", "hoàn tác")
    assert [row.state for row in await town.owed("notice:%")] == ["cancelled"]


async def test_a_notice_waits_for_office_hours(town):
    await town.at(25, 10, 19).say("justice", "4 vướng phần mềm")  # a Friday evening
    (notice,) = await town.owed("notice:%")
    assert notice.send_after == town.at(28, 10, 8).now


async def test_unblocking_resolves_what_stood_in_the_way(town):
    await town.say("justice", "4 vướng phần mềm")
    assert "đã hết vướng mắc, đang làm" in await town.say("justice", "4 hết vướng")
    (blocker,) = await rows(town, Blocker)
    assert blocker.resolved_at == town.now
    assert "không ghi vướng mắc nào" in await town.say("justice", "4 hết vướng")


async def test_more_time_is_asked_for_and_the_deadline_stays(town):
    said = await town.say("justice", "1 xin lùi đến 8/11 vì chờ số liệu")
    assert "xin lùi đến hết thứ Sáu 08/11" in said
    assert "đến khi đó thời hạn vẫn là trước 05/11 (hết thứ Hai 04/11)" in said
    (request,) = await rows(town, Extension)
    assert (request.requested_on.isoformat(), request.reason) == ("2024-11-08", "đến 8/11 vì chờ số liệu")
    assert "quá hạn 2" in await town.at(6, 11).say("justice", "viec")


@pytest.mark.parametrize("words", ["thêm ít ngày", "đến 31/11", "đến 1/11", "đến 8/11 hoặc 10/11", "đến cuối tháng"])
async def test_a_day_that_is_not_surely_one_is_asked_for_once_and_then_left_to_the_coordinator(town, words):
    assert "xin lùi đến ngày nào?" in await town.say("justice", f"1 xin gia hạn {words}")
    assert await rows(town, Extension) == []
    await town.say("justice", "chưa biết được ạ")
    (request,) = await rows(town, Extension)
    assert (request.requested_on, request.reason) == (None, f"chưa biết được ạ; {words}")


async def test_a_request_without_words_is_asked_about(town):
    assert "xin lùi đến ngày nào và vì sao" in await town.say("justice", "giahan 1")
    await town.say("justice", "xin lùi đến 8/11, chờ Sở Tài chính")
    (request,) = await rows(town, Extension)
    assert request.requested_on.isoformat() == "2024-11-08"


async def test_work_handed_in_or_without_a_deadline_takes_no_request(town):
    await town.say("justice", "4 xong")
    assert "không xin gia hạn được" in await town.say("justice", "4 xin lùi đến 8/11")
    assert "không có thời hạn để lùi" in await town.say("justice", "giahan 3")
    assert await rows(town, Extension) == []


async def test_standing_work_is_answered_with_nothing_new(town):
    assert "Đã ghi: 3" in await town.say("justice", "3 không có gì mới")
    assert (await town.states())["T.TP", 3] == "in_progress"


async def test_a_hundred_per_cent_is_not_taken_for_done(town):
    assert 'gõ "xong 4"' in await town.say("justice", "4 đang làm 100%")
    assert (await town.states())["T.TP", 4] == "in_progress"


async def test_progress_without_its_figure_is_asked_for(town):
    assert 'ví dụ: "tiendo 4 60"' in await town.say("justice", "/tiendo 4")


async def test_several_numbers_at_once_are_recorded_each(town):
    said = await town.say("justice", "1, 4 xong")
    assert said.splitlines()[:2] == [
        "Đã ghi: 1 · Báo cáo kết quả rà soát · đã nộp, chờ Sở TT Mẫu xác nhận.",
        "Đã ghi: 4 · Chấn chỉnh hồ sơ quá hạn · đã nộp, chờ Sở TT Mẫu xác nhận.",
    ]
    states = await town.states()
    assert (states["T.TP", 1], states["T.TP", 4], states["T.TP", 2]) == ("submitted", "submitted", "not_started")


@pytest.mark.parametrize(
    "text", ["1, 2, 99 xong", "1 xong, 4 xong chưa?", "1 xong, 4 chắc xong rồi", "1 xong, 4 bên em làm rồi"]
)
async def test_one_doubt_among_several_and_nothing_is_recorded(town, text):
    before = await town.everything()
    await town.say("justice", text)
    assert await town.everything() == before


async def test_the_words_are_kept_without_what_could_disguise_them(town):
    await town.say("justice", "4 vướng phần\u202e mềm \u200bmới\u0007")
    (blocker,) = await rows(town, Blocker)
    assert blocker.description == "phần mềm mới"


async def test_a_very_long_text_is_kept_up_to_its_limit(town):
    await town.say("justice", "4 vướng " + "rất dài " * 2000)
    (blocker,) = await rows(town, Blocker)
    assert len(blocker.description) <= 4000


async def test_the_same_update_owes_its_reply_once(town):
    town.keys = repeat(7)
    await town.say("justice", "4 xong")
    await town.say("justice", "4 xong")
    assert len(await town.owed("reply:%")) == 1
