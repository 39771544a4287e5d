"""A head gives work to an officer of the unit, stays informed, and takes it back; nobody else can."""

from sqlalchemy import select

from models.assignment import Assignment


async def officers(town):
    query = select(Assignment.number, Assignment.officer_id).where(Assignment.officer_id.is_not(None))
    async with town.database.read() as session:
        return [row.number for row in await session.execute(query)]


async def test_the_head_gives_work_to_an_officer_and_both_are_told(town):
    (reply,) = await town.replies("justice", "/giaocho 4 Phạm Thị Ví")
    assert reply.text == (
        'Đã giao: 4 · Chấn chỉnh hồ sơ quá hạn · cho Phạm Thị Ví. Muốn nhận lại, gõ "giaocho 4 tôi".\n'
        "Đã báo Phạm Thị Ví; từ nay tin nhắc gửi tới người này trước, Anh/Chị được báo khi việc xong hoặc vướng."
    )
    assert await officers(town) == [4]
    (notice,) = await town.owed("notice:given:%")
    assert notice.chat == "officer"
    assert notice.payload["text"].startswith("Trần Thị Thử giao Anh/Chị: 4 · Chấn chỉnh hồ sơ quá hạn\n")


async def test_the_head_hears_what_the_officer_answers_and_not_of_other_work(town):
    await town.say("justice", "giao 4 cho Ví")
    await town.say("officer", "1 xong")
    assert await town.owed("notice:%:2") == []
    await town.say("officer", "4 xong")
    heard = [row.payload["text"] for row in await town.owed("notice:%") if row.chat == "justice"]
    assert [text.splitlines()[0] for text in heard] == ["Phạm Thị Ví báo việc 4 · Chấn chỉnh hồ sơ quá hạn: đã nộp."]
    await town.say("officer", "hoàn tác")
    assert [row.state for row in await town.owed("notice:%") if row.chat == "justice"] == ["cancelled"]


async def test_without_a_name_or_with_a_strange_one_the_officers_are_offered(town):
    (reply,) = await town.replies("justice", "giaocho 4")
    assert "cho ai?\n- Phạm Thị Ví\n" in reply.text
    assert [key.command for row in reply.buttons for key in row] == ["giaocho 4 Phạm Thị Ví"]
    assert 'Không có chuyên viên "Nguyễn Văn Lạ"' in await town.say("justice", "giaocho 4 Nguyễn Văn Lạ")
    assert await officers(town) == []


async def test_the_head_takes_it_back(town):
    await town.say("justice", "giaocho 4 Phạm Thị Ví")
    assert "Đã nhận lại: 4 ·" in await town.say("justice", "giaocho 4 tôi")
    assert await officers(town) == []
    assert "chưa giao cho ai" in await town.say("justice", "giaocho 4 tôi")


async def test_nobody_gives_away_what_is_not_theirs_to_give(town):
    for chat in ("officer", "coordinator", "leader", "admin"):
        assert "chưa dùng được yêu cầu này" in await town.say(chat, "giaocho 4 Phạm Thị Ví")
    assert "chưa có chuyên viên nào" in await town.say("health", "giaocho 4 Phạm Thị Ví")
    assert "Không có việc số 2" in await town.say("health", "giaocho 2 Phạm Thị Ví")
    assert await officers(town) == []
