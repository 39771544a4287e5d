"""A day that a paper moved, sooner or later: told as a new day, and never as an extension that somebody was granted."""

from datetime import date

import pytest
from sqlalchemy import select

from models.assignment import Assignment
from models.columns import columns_of
from models.org_unit import OrgUnit
from planner.extend_deadline import move_deadline
from planner.report_progress import Said

_a, _u = columns_of(Assignment), columns_of(OrgUnit)


async def moved(town, number, unit, day):
    async with town.database.write() as session:
        said = Said(None, "local", "duyệt", town.now)
        query = select(_a.id).join(OrgUnit, _u.id == _a.unit_id).where(_a.number == number, _u.code == unit)
        work = (await session.execute(query)).scalar_one()
        await move_deadline(session, work, last_valid_on=day, reason="Điều chỉnh theo Công văn 35", said=said)
        await session.commit()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2024, 10, 29), "trước 01/11, hạn mới: hết thứ Ba 29/10 (văn bản điều chỉnh)"),
        (date(2024, 11, 1), "trước 01/11, hạn mới: hết thứ Sáu 01/11 (văn bản điều chỉnh)"),
        (date(2024, 11, 13), "trước 01/11, hạn mới: hết thứ Tư 13/11 (văn bản điều chỉnh)"),
    ],
)
async def test_a_day_that_a_paper_moved_is_no_extension(small_town, day, said):
    await moved(small_town, 4, "T.TP", day)
    for text in (await small_town.say("justice", "xem 4"), await small_town.say("coordinator", "xem 4 @T.TP")):
        assert said in text
        assert "gia hạn đến" not in text
        assert "Được gia hạn" not in text


async def test_the_day_first_written_brought_back_is_that_day_and_nothing_else(small_town):
    await moved(small_town, 4, "T.TP", date(2024, 11, 13))
    await moved(small_town, 4, "T.TP", date(2024, 10, 31))
    assert "trước 01/11 (hết thứ Năm 31/10)" in await small_town.say("justice", "xem 4")


async def test_what_was_asked_for_and_granted_after_it_is_an_extension_again(small_town):
    await moved(small_town, 4, "T.TP", date(2024, 11, 5))
    await small_town.say("justice", "4 xin lùi đến 8/11 vì chờ số liệu")
    await small_town.say("coordinator", "cho lui 4 @T.TP 7/11")
    assert "trước 01/11, gia hạn đến hết thứ Năm 07/11" in await small_town.say("justice", "xem 4")
