"""Answers as people chat them: done where sure, asked about where not, and nothing guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.conversation.understand import fold_in_place
from models.assignment import Assignment
from models.blocker import Blocker
from models.extension import Extension
from models.report import Report
from models.transfer import Transfer


async def rows(town, model):
    async with town.database.read() as session:
        return list((await session.execute(select(model).order_by(model.id))).scalars())


async def state(town, number, unit="T.TP"):
    return (await town.states())[unit, number]


async def test_a_sentence_is_recorded_and_kept_as_it_was_written(town):
    assert "Đã ghi: 4 · Chấn chỉnh hồ sơ quá hạn · đã nộp" in await town.say("justice", "viec 4 xong het r nha e")
    assert await state(town, 4) == "submitted"
    assert [report.said for report in await rows(town, Report)] == ["viec 4 xong het r nha e"]


@pytest.mark.parametrize(
    "text", ["ok để mai em làm 4", "4 xong chưa anh?", "4 mai mới xong", "4 chưa xong", "4 sắp xong rồi"]
)
async def test_a_future_a_question_and_a_negation_hand_nothing_in(small_town, text):
    await small_town.say("justice", text)
    assert await state(small_town, 4) != "submitted"


async def test_a_promise_is_kept_as_a_day_and_said_back(small_town):
    said = await small_town.at(5, 11).say("justice", "thứ 6 em nộp báo cáo 4")
    assert "đang làm, hẹn nộp thứ Sáu 08/11" in said
    async with small_town.database.read() as session:
        promised = (
            await session.execute(select(Assignment.promised_on).where(Assignment.promised_on.is_not(None)))
        ).all()
    assert [row[0] for row in promised] == [date(2024, 11, 8)]
    await small_town.say("justice", "hoàn tác")
    async with small_town.database.read() as session:
        assert (await session.execute(select(Assignment.id).where(Assignment.promised_on.is_not(None)))).all() == []


async def test_the_work_just_spoken_of_is_meant(small_town):
    await small_town.say("justice", "4 đang làm 60%")
    assert "Đã ghi: 4 ·" in await small_town.say("justice", "xong rồi ạ")


async def test_the_work_just_looked_at_is_meant(small_town):
    await small_town.say("justice", "xem 2")
    assert "Đã ghi: 2 ·" in await small_town.say("justice", "xong rồi ạ")


async def test_between_two_just_spoken_of_it_is_asked(small_town):
    await small_town.say("justice", "4 đang làm 60%")
    await small_town.say("justice", "xem 2")
    assert "cho việc nào?" in await small_town.say("justice", "xong rồi ạ")


async def test_after_ten_minutes_it_is_asked_again(small_town):
    await small_town.say("justice", "4 đang làm 60%")
    small_town.now += timedelta(minutes=11)
    assert "cho việc nào?" in await small_town.say("justice", "xong rồi ạ")


async def test_the_code_of_a_task_names_it(small_town):
    assert "Đã ghi: 2 ·" in await small_town.say("justice", "nhiệm vụ KM1-2 đã hoàn thành")


async def test_several_clauses_are_each_recorded_on_a_line(small_town):
    assert await small_town.say("justice", "4 xong roi, 1 dang lam 60%") == (
        "Đã ghi: 4 · Chấn chỉnh hồ sơ quá hạn · đã nộp, chờ Sở TT Mẫu xác nhận.\n"
        "Đã ghi: 1 · Báo cáo kết quả rà soát · đang làm 60%.\n"
        'Gõ "hoàn tác" trong 10 phút để lấy lại, câu sau cùng trước.'
    )


async def test_what_is_not_sure_is_asked_before_anything_changes(small_town):
    before = await small_town.everything()
    (reply,) = await small_town.replies("justice", "4 bên em làm rồi")
    assert reply.text == (
        "Anh/Chị báo việc 4 · Chấn chỉnh hồ sơ quá hạn đã xong, đúng không?\n"
        'Gõ "đúng" trong 10 phút tới, hoặc gõ rõ, ví dụ: "4 đang làm 60%". Chưa có gì được ghi.'
    )
    assert [[f"{key.label} = {key.command}" for key in row] for row in reply.buttons] == [
        ["Đúng = xong 4", "Chưa xong = chua xong 4"],
        ["Việc khác = viec khac"],
    ]
    assert await small_town.everything() == before


@pytest.mark.parametrize("yes", ["đúng", "đúng rồi ạ", "dạ đúng", "ok", "xong 4", "xong"])
async def test_a_yes_records_the_first_words(small_town, yes):
    await small_town.say("justice", "4 bên em làm rồi")
    assert "Đã ghi: 4 ·" in await small_town.say("justice", yes)
    assert [(report.answer, report.said) for report in await rows(small_town, Report)] == [("done", "4 bên em làm rồi")]


@pytest.mark.parametrize("no", ["chưa", "dạ chưa ạ", "chua xong 4", "chưa xong"])
async def test_a_not_yet_records_that_it_is_under_way(small_town, no):
    await small_town.say("justice", "4 bên em làm rồi")
    assert "đang làm" in await small_town.say("justice", no)
    assert await state(small_town, 4) == "in_progress"


async def test_a_confirmation_is_forgotten_after_ten_minutes(small_town):
    await small_town.say("justice", "4 bên em làm rồi")
    small_town.now += timedelta(minutes=10)
    assert "Không có câu hỏi nào đang chờ" in await small_town.say("justice", "đúng")
    assert await rows(small_town, Report) == []


async def test_a_yes_to_other_work_is_not_this_yes(small_town):
    await small_town.say("justice", "4 bên em làm rồi")
    assert "Đã ghi: 1 ·" in await small_town.say("justice", "xong 1")
    assert await state(small_town, 4) == "not_started"


async def test_in_doubt_about_work_and_words_both_are_asked(small_town):
    assert "cho việc nào?" in await small_town.say("justice", "bên em làm rồi")
    assert "đúng không?" in await small_town.say("justice", "4")
    assert await state(small_town, 4) == "not_started"
    assert "Đã ghi: 4 ·" in await small_town.say("justice", "đúng")


NEVER = (
    "chưa", "không", "mai", "tuần sau", "sắp", "nếu", "bao giờ", "khi nào", "chưa?", "thì mới", "gần", "lúc nào", "sẽ",
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.sampled_from(["4 {} xong", "{} xong việc 4", "việc 4 em {} nộp", "4 {} hoàn thành ạ", "xong 4 {}?"]),
    word=st.sampled_from(NEVER),
    bare=st.booleans(),
)
async def test_a_negation_a_question_or_a_future_never_hands_anything_in(small_town, said, word, bare):
    text = said.format(word)
    await small_town.say("justice", fold_in_place(text) if bare else text)
    await small_town.say("justice", "thôi")
    assert "submitted" not in (await small_town.states()).values()


async def test_asked_about_older_work_the_period_it_was_said_of_is_answered(small_town):
    await small_town.at(24, 10).nudge("justice", "m1", "T.TP", 3)
    await small_town.at(15, 11).say("justice", "không có gì mới", reply_to="m1")
    assert await state(small_town, 3) == "in_progress"


async def test_more_time_asked_for_after_the_last_day_is_kept_as_an_explanation(town):
    said = await town.at(6, 11).say("justice", "xin lùi việc 4 đến 15/11 vì chờ số liệu ạ")
    assert "Đã ghi lời giải trình: 4" in said
    assert "đã qua nên không ghi thành lời xin gia hạn" in said
    assert await rows(town, Extension) == []


async def test_more_time_asked_for_again_is_kept_as_an_explanation(town):
    await town.say("justice", "1 xin lùi đến 8/11 vì chờ số liệu")
    town.now += timedelta(hours=1)
    said = await town.say("justice", "1 xin lùi đến 12/11 vì vẫn chờ số liệu")
    assert "đã xin gia hạn đủ số lần cho phép" in said
    assert len(await rows(town, Extension)) == 1


async def test_the_day_of_a_request_is_asked_for_and_its_reason_kept(town):
    assert "xin lùi đến ngày nào?" in await town.say("justice", "1 xin gia hạn vì chờ số liệu")
    assert "xin lùi đến hết thứ Sáu 08/11" in await town.say("justice", "8/11")
    (request,) = await rows(town, Extension)
    assert (request.requested_on, request.reason) == (date(2024, 11, 8), "8/11; vì chờ số liệu")


async def test_work_that_is_not_theirs_goes_to_the_coordinator(town):
    assert "thuộc đơn vị nào, vì sao?" in await town.say("justice", "4 ko phải việc của bên em")
    said = await town.say("justice", "việc này của Sở Y tế")
    assert 'báo không thuộc Sở Tư pháp Mẫu: "việc này của Sở Y tế"' in said
    (claim,) = await rows(town, Transfer)
    assert (claim.state, claim.reason) == ("requested", "việc này của Sở Y tế")
    (notice,) = await town.owed("notice:%")
    assert notice.payload["buttons"] == [
        [["Xem việc này", "xem 4 @T.TP"], ["Chuyển đơn vị", "chuyen 4 @T.TP"], ["Giữ nguyên", "giu 4 @T.TP"]]
    ]
    assert "không ghi lại" in await town.say("justice", "4 sai đơn vị, của Sở Y tế")
    await town.say("justice", "hoàn tác")
    assert await state(town, 4) == "not_started"
    assert [row.state for row in await town.owed("notice:%")] == ["cancelled"]


async def test_what_stood_in_the_way_stands_again_when_its_removal_is_taken_back(town):
    await town.say("justice", "4 chưa làm được do phần mềm lỗi, nhờ Sở TT Mẫu hỗ trợ")
    (blocker,) = await rows(town, Blocker)
    assert "nhờ Sở TT Mẫu hỗ trợ" in blocker.description
    for text in ("4 hết vướng", "4 xong"):
        town.now += timedelta(minutes=1)
        await town.say("justice", text)
        assert [row.resolved_at for row in await rows(town, Blocker)] == [town.now]
        await town.say("justice", "hoàn tác")
        assert [row.resolved_at for row in await rows(town, Blocker)] == [None]
        assert await state(town, 4) == "blocked"


async def test_received_is_noted_once_and_not_nagged_about(small_town):
    await small_town.nudge("justice", "m1", "T.TP", 4)
    said = await small_town.say("justice", "dạ em nhận được rồi ạ", reply_to="m1")
    assert said.startswith("Đã nhận: 4 · Chấn chỉnh hồ sơ quá hạn · trước 01/11")
    assert [report.answer for report in await rows(small_town, Report)] == ["acknowledged"]
    assert await small_town.replies("justice", "vâng ạ", reply_to="m1") == []
    assert await state(small_town, 4) == "not_started"


async def test_a_nod_to_nothing_is_answered_once(small_town):
    assert await small_town.say("justice", "ok em") == "Đã nhận."
    assert await small_town.replies("justice", "ok em") == []
    assert await rows(small_town, Report) == []


async def test_a_question_about_one_work_gets_its_card(small_town):
    said = await small_town.say("justice", "việc 4 hạn đến bao giờ vậy em?")
    assert "4 · Chấn chỉnh hồ sơ quá hạn: trước 01/11" in said
    assert await rows(small_town, Report) == []


async def test_the_same_words_twice_are_one_answer(small_town):
    await small_town.say("justice", "4 đang làm 60%")
    assert "không ghi lại" in await small_town.say("justice", "4 đang làm 60%")
    assert len(await rows(small_town, Report)) == 1


async def test_not_begun_is_an_answer(small_town):
    assert "chưa bắt đầu" in await small_town.say("justice", "4 chưa làm")
    assert await state(small_town, 4) == "not_started"


async def test_an_edited_message_replaces_its_answer(town):
    await town.say("justice", "4 xong", ref="m1")
    said = await town.say("justice", "4 đang làm 60%", ref="m1", edits="m1")
    assert said.startswith("Theo tin đã sửa, lời trước về việc 4 được lấy lại.\nĐã ghi: 4 ·")
    assert await state(town, 4) == "in_progress"
    answers = [(report.answer, report.undone_at is None) for report in await rows(town, Report)]
    assert answers == [("done", False), ("in_progress", True)]


async def test_an_edit_of_a_message_about_several_replaces_all_of_it(small_town):
    await small_town.say("justice", "4 xong, 1 đang làm 60%", ref="m1")
    await small_town.say("justice", "1 xong", ref="m1", edits="m1")
    assert (await state(small_town, 4), await state(small_town, 1)) == ("not_started", "submitted")


async def test_an_edit_that_changes_no_word_changes_nothing(small_town):
    await small_town.say("justice", "4 xong", ref="m1")
    before = await small_town.everything()
    assert await small_town.replies("justice", "4 xong", ref="m1", edits="m1") == []
    assert await small_town.everything() == before


async def test_an_answer_that_is_not_the_newest_or_is_too_old_stands_though_its_message_is_edited(small_town):
    await small_town.say("justice", "4 xong", ref="m1")
    await small_town.say("justice", "1 xong", ref="m2")
    said = await small_town.say("justice", "4 đang làm", ref="m1", edits="m1")
    assert 'Lời đã ghi về việc 4 vẫn giữ nguyên. Muốn sửa, xin gõ tin mới, ví dụ: "4 đang làm".' in said
    small_town.now += timedelta(minutes=11)
    assert "vẫn giữ nguyên" in await small_town.say("justice", "1 đang làm", ref="m2", edits="m2")
    assert (await state(small_town, 4), await state(small_town, 1)) == ("submitted", "submitted")


async def test_an_edit_of_what_was_not_understood_is_heard_as_if_new(small_town):
    await small_town.say("justice", "phòng bên em vừa đi công tác", ref="m1")
    assert (await small_town.say("justice", "4 xong", ref="m1", edits="m1")).startswith("Đã ghi: 4 ·")


async def test_an_edit_never_commands(small_town):
    await small_town.at(6, 11).say("coordinator", "chào", ref="m1")
    before = await small_town.everything()
    await small_town.say("coordinator", "nhac tat ca dong y", ref="m1", edits="m1")
    assert await small_town.everything() == before
    assert await small_town.owed("nudge%") == []
