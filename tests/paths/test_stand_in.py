"""The head is on leave: the deputy hears, answers and decides in their place, from the first day to the last."""

from datetime import date

import pytest
from sqlalchemy import select

from models.columns import columns_of
from models.person import Person
from planner.stand_in import stand_in

_p = columns_of(Person)


@pytest.fixture
async def on_leave(office, database, now):
    """The head of Sở Y tế Mẫu stands in for the head of Sở Tư pháp Mẫu from Monday 28/10 to Friday 01/11."""
    async with database.write() as session:
        ids = dict((await session.execute(select(_p.full_name, _p.id))).all())
        deputy, absent = ids["Đỗ Văn Tập"], ids["Trần Thị Thử"]
        await stand_in(session, deputy, absent, first=date(2024, 10, 28), last=date(2024, 11, 1), now=now)
        await session.commit()
    return office


async def test_during_the_leave_the_stand_in_hears_and_answers_and_afterwards_no_more(on_leave):
    office = on_leave
    # Until Friday the head of Tư pháp is told as ever, and the deputy knows nothing of Tư pháp's own work.
    await office.until(25, 10)
    assert any("Sở Tư pháp Mẫu" in text for text in office.heard("justice"))
    assert not any("Tổ chức tập huấn" in text for text in office.heard("health"))
    assert "Không có việc số 2" in await office.says("health", "2 xong")

    # During the leave both offices' messages reach the deputy, each saying whose it is; the head on leave rests.
    resting = await office.heard_on("justice", 30, 10)
    assert resting == []
    both = office.heard("health")[-2:]
    assert all("1 · Báo cáo kết quả rà soát" in text for text in both)
    assert sorted(name for name in ("Sở Tư pháp Mẫu", "Sở Y tế Mẫu") for text in both if name in text) == [
        "Sở Tư pháp Mẫu",
        "Sở Y tế Mẫu",
    ]

    # A button under a message means that message's office; taken back at once, for it was only tried.
    assert "Đã ghi: 1" in await office.taps("health", "Đang làm")
    await office.says("health", "hoàn tác")

    # The number alone could be either office's, so it is asked; with the office named it is recorded for that one.
    asked = await office.says("health", "1 xong")
    assert "(Sở Tư pháp Mẫu)" in asked
    assert "(Sở Y tế Mẫu)" in asked
    assert "Đã ghi: 1" in await office.says("health", "xong 1 @T.TP")
    assert "Đã ghi: 2" in await office.says("health", "2 đang làm 50%")
    course = await office.says("coordinator", "lich su 1 Sở Tư pháp Mẫu")
    assert "Đỗ Văn Tập (Telegram): đã nộp" in course

    # From Monday 04/11 everything is as before: the head hears again, and the deputy answers for one office only.
    await office.until(1, 11)
    assert any("2 · Tổ chức tập huấn" in text for text in await office.heard_on("justice", 12, 11))
    assert "Không có việc số 2" in await office.says("health", "2 xong")
    assert "Sở Tư pháp Mẫu" not in await office.says("health", "viec")


async def test_silence_during_a_leave_does_not_skip_a_step(on_leave):
    office = on_leave
    await office.until(1, 11)
    late = await office.heard_on("justice", 5, 11)
    assert late[-1].startswith("🔴 Trễ 1 ngày làm việc: 1 · Báo cáo kết quả rà soát")
