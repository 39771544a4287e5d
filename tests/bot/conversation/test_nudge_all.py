"""`nhac tat ca`: shown first, sent on a yes, once a day each, in office hours; nobody is passed over in silence."""


async def test_the_preview_sends_nothing_and_says_who_cannot_be_told(town):
    text = await town.at(6, 11).say("coordinator", "nhac tat ca")
    assert text == (
        "Sẽ nhắc 4 việc tới 2 đơn vị (2 người), gửi ngay. Chưa gửi tin nào.\n"
        "Chưa nhắc được 3 việc, chưa ai liên kết hoặc không liên lạc được: UBND huyện An Mẫu, Sở TT Mẫu\n"
        'Gõ "nhac tat ca dong y" để gửi.'
    )
    assert await town.owed("coordinator:%") == []


async def test_the_yes_owes_one_message_to_each_persons_phone(town):
    text = await town.at(6, 11).say("coordinator", "nhắc tất cả đồng ý")
    assert text.startswith("Đang gửi lời nhắc 4 việc tới 2 đơn vị (2 người).")
    owed = await town.owed("coordinator:%")
    assert sorted((row.chat, row.form, row.lane.value, len(row.payload["assignment_ids"])) for row in owed) == [
        ("health", "nudge", "reminder", 2),
        ("justice", "nudge", "reminder", 2),
    ]
    assert {row.payload["reason"] for row in owed} == {"coordinator"}
    assert {row.send_after for row in owed} == {town.now}


async def test_a_second_yes_on_the_same_day_nudges_nobody_again_and_says_so(town):
    await town.at(6, 11).say("coordinator", "nhac tat ca dong y")
    text = await town.at(6, 11, 15).say("coordinator", "nhac tat ca dong y")
    assert "Không có ai để nhắc thêm trong 7 việc quá hạn." in text
    assert "Không nhắc lại 4 việc, đã nhắc trong ngày: Sở Tư pháp Mẫu, Sở Y tế Mẫu" in text
    assert len(await town.owed("coordinator:%")) == 2


async def test_the_next_day_they_may_be_nudged_again(town):
    await town.at(6, 11).say("coordinator", "nhac tat ca dong y")
    await town.at(7, 11).say("coordinator", "nhac tat ca dong y")
    assert len(await town.owed("coordinator:%")) == 4


async def test_outside_office_hours_the_nudge_waits_for_the_next_working_morning(town):
    text = await town.at(8, 11, 19).say("coordinator", "nhac tat ca dong y")  # a Friday evening
    assert "sẽ gửi lúc 08:00 ngày 11/11/2024, trong giờ làm việc" in text
    assert {row.send_after for row in await town.owed("coordinator:%")} == {town.at(11, 11).now}


async def test_whoever_is_stuck_is_left_in_peace(town):
    await town.at(25, 10).say("justice", "4 vướng phần mềm")
    text = await town.at(6, 11).say("coordinator", "nhac tat ca")
    assert "Sẽ nhắc 3 việc tới 2 đơn vị" in text
    assert "Không nhắc 1 việc đang có vướng mắc: Sở Tư pháp Mẫu" in text


async def test_a_filter_narrows_whom_to_nudge_and_its_button_keeps_it(town):
    (reply,) = await town.at(6, 11).replies("coordinator", "nhac tat ca kh12")
    assert "Sẽ nhắc 2 việc tới 2 đơn vị" in reply.text
    assert reply.buttons[0][0].command == "nhac tat ca km1 dong y"
    await town.say("coordinator", reply.buttons[0][0].command)
    assert {len(row.payload["assignment_ids"]) for row in await town.owed("coordinator:%")} == {1}


async def test_only_a_coordinator_nudges(town):
    for chat in ("justice", "officer", "leader", "admin"):
        assert "chưa dùng được yêu cầu này" in await town.at(6, 11).say(chat, "nhac tat ca dong y")
    assert await town.owed("coordinator:%") == []


async def test_with_nothing_late_there_is_nobody_to_nudge(town):
    assert "Không có việc nào quá hạn để nhắc" in await town.say("coordinator", "nhac tat ca dong y")
