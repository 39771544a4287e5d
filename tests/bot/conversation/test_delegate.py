"""A head gives work to an officer of the unit, stays informed, and takes it back; nobody else can."""

from sqlalchemy import select, update

from models.assignment import Assignment
from models.outbox import OutboxMessage
from models.terms import OutboxState, Role
from tests.builders import add_linked_person


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


async def test_giving_it_to_an_officer_is_taken_back_like_any_other_change(town):
    await town.say("justice", "2 đang làm 40%")
    await town.at(23, 10, 8, 1).say("justice", "giaocho 4 Phạm Thị Ví")
    assert await town.say("justice", "hoàn tác") == (
        "Đã hoàn tác: 4 · Chấn chỉnh hồ sơ quá hạn · không giao riêng cho ai, cả đơn vị cùng theo dõi."
    )
    assert await officers(town) == []
    assert [row.state for row in await town.owed("notice:given:%")] == ["cancelled"]
    assert (await town.states())["T.TP", 2] == "in_progress"
    assert (await town.say("justice", "hoàn tác")).startswith("Đã hoàn tác: 2 ·")
    assert "để hoàn tác" in await town.say("justice", "hoàn tác")


async def test_taking_it_from_the_officer_is_undone_too_and_whoever_read_of_it_is_told(town):
    await town.say("justice", "giaocho 4 Phạm Thị Ví")
    town.at(23, 10, 9)
    await town.say("justice", "giaocho 4 tôi")
    query = update(OutboxMessage).where(OutboxMessage.dedup_key.like("notice:back:%"))
    async with town.database.write() as session:
        await session.execute(query.values(state=OutboxState.DELIVERED))
        await session.commit()
    assert "vẫn giao cho Phạm Thị Ví" in await town.say("justice", "hoàn tác")
    assert await officers(town) == [4]
    told = [row.payload["text"] for row in await town.owed("notice:back:%:withdrawn")]
    assert [text.partition(",")[0] for text in told] == ["Việc 4 · Chấn chỉnh hồ sơ quá hạn vẫn giao cho Anh/Chị"]


async def test_what_was_given_on_since_is_not_undone_behind_anybodys_back(town):
    """Two heads: what one gave the other has since taken back."""
    await town.say("justice", "giaocho 4 Phạm Thị Ví")
    other = await add_linked_person(town.database, town.now, "Phó Phòng", ("T.TP", Role.UNIT_HEAD), chat="deputy")
    assert other
    await town.say("deputy", "giaocho 4 tôi")
    assert "không lấy lại được" in await town.say("justice", "hoàn tác")
    assert await officers(town) == []
