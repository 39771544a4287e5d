"""Whose work it is: moved with its number and date, or left where it is; both units told, once."""

import pytest
from sqlalchemy import select

from models.assignment import Assignment
from models.columns import columns_of
from planner.report_progress import Said
from planner.transfer_work import claim_wrong_unit


@pytest.fixture
async def disowned(small_town):
    """Tư pháp says that 2 is not theirs."""
    await small_town.at(28, 10).say("justice", "2 đang làm 40%")
    columns = columns_of(Assignment)
    async with small_town.database.write() as session:
        (about,) = (await session.execute(select(columns.id).where(columns.number == 2))).scalars()
        said = Said(None, "local", "2 sai đơn vị", small_town.at(28, 10, 9).now)
        await claim_wrong_unit(session, about, "đây là việc của Sở Y tế", said=said)
        await session.commit()
    return small_town.at(29, 10)


async def owed(town):
    return {row.chat: row.payload["text"].splitlines()[0] for row in await town.owed("decided:%")}


async def test_what_a_unit_disowned_waits_in_the_queue(disowned):
    text = await disowned.say("coordinator", "duyet")
    assert "Báo không thuộc đơn vị mình: 1\n  2 · Sở Tư pháp Mẫu · Tổ chức tập huấn" in text
    assert 'Chuyển: "chuyen 2 Sở Tư pháp Mẫu sang …". Giữ: "giu 2 Sở Tư pháp Mẫu".' in text


@pytest.mark.parametrize(
    "words",
    [
        "chuyen 2 @T.TP Sở Y tế Mẫu", "chuyển 2 sang y tế mẫu", "chuyển 2 Sở Tư pháp Mẫu sang Sở Y tế Mẫu",
        "chuyen 2 @T.TP sang T.YT", "chuyen 2 Sở Y tế Mẫu",
    ],
)  # fmt: skip
async def test_moved_work_keeps_its_number_and_date_and_both_units_are_told(disowned, words):
    text = await disowned.say("coordinator", words)
    assert text == (
        "Đã chuyển: 2 · Tổ chức tập huấn từ Sở Tư pháp Mẫu sang Sở Y tế Mẫu, giữ nguyên số và thời hạn "
        'hết thứ Sáu 15/11. Gõ "hoàn tác" trong 10 phút nếu chưa đúng.\n'
        "Đã báo cả hai đơn vị."
    )
    states = await disowned.states()
    assert states["T.YT", 2] == "not_started"
    assert ("T.TP", 2) not in states
    assert await owed(disowned) == {
        "health": "Việc được chuyển đến: 2 · Tổ chức tập huấn · hết thứ Sáu 15/11, còn 13 ngày làm việc",
        "justice": "Sở Tư pháp Mẫu không còn phải làm việc 2 · Tổ chức tập huấn",
    }
    assert "đã nộp" in await disowned.say("health", "2 xong")


async def test_a_move_taken_back_restores_what_the_unit_had_said(disowned):
    before = await disowned.everything()
    await disowned.say("coordinator", "chuyen 2 @T.TP sang Sở Y tế Mẫu")
    assert 'Sở Tư pháp Mẫu trở lại "đang vướng mắc"' in await disowned.say("coordinator", "hoàn tác")
    after = await disowned.everything()
    for table in ("transfer", "report"):
        assert after[table] == before[table]
    assert (await disowned.states())["T.TP", 2] == "blocked"
    assert {row.state.value for row in await disowned.owed("decided:%")} == {"cancelled"}


async def test_kept_work_is_what_it_was_and_its_unit_is_told(disowned):
    text = await disowned.say("coordinator", "giữ 2 @T.TP")
    assert text.startswith("Đã giữ nguyên: 2 · Tổ chức tập huấn vẫn do Sở Tư pháp Mẫu thực hiện, hết thứ Sáu 15/11.")
    assert (await disowned.states())["T.TP", 2] == "in_progress"
    assert await owed(disowned) == {
        "justice": "Vẫn do Sở Tư pháp Mẫu thực hiện: 2 · Tổ chức tập huấn · hết thứ Sáu 15/11, còn 13 ngày làm việc"
    }
    await disowned.say("coordinator", "hoàn tác")
    assert (await disowned.states())["T.TP", 2] == "blocked"
    assert "Báo không thuộc đơn vị mình: 1" in await disowned.say("coordinator", "duyet")


async def test_a_coordinator_may_move_work_that_nobody_complained_of(small_town):
    text = await small_town.at(28, 10).say("coordinator", "chuyen 2 @T.TP sang UBND huyện An Mẫu")
    assert "từ Sở Tư pháp Mẫu sang UBND huyện An Mẫu" in text
    assert "chưa ai nhận được tin" in text
    await small_town.say("coordinator", "hoàn tác")
    assert (await small_town.states())["T.TP", 2] == "not_started"
    assert "Báo không thuộc" not in await small_town.say("coordinator", "duyet")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("chuyen 4 @T.TP sang Sở Y tế Mẫu", "đã được giao việc 4 trong kỳ này"),
        ("chuyen 2 @T.TP sang Sở Không Có", "Không tìm thấy đơn vị nào tên"),
        ("chuyen 2 @T.TP", "sang đơn vị nào?"),
        ("chuyen 99 @T.TP sang Sở Y tế Mẫu", "Không có việc số 99"),
        ("giu 4 @T.TP", "không có đề nghị chuyển nào đang chờ"),
    ],
)
async def test_what_cannot_be_moved_is_said_and_stays(disowned, words, answer):
    before = await disowned.everything()
    assert answer in await disowned.say("coordinator", words)
    assert await disowned.everything() == before
