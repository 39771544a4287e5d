"""The leaders' overview of a week, on its last working afternoon; and plans that accept by themselves, once a day."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, update

from models.assignment import Assignment
from models.clock import at_civil
from models.columns import columns_of
from models.outbox import OutboxMessage
from models.plan import Plan
from models.terms import Answer, AssignmentState, Lane, Role
from planner.report_progress import Said, report_progress
from reminders.office_hours import ends_a_week, newest_week_end
from reminders.outbox import claim
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_plan, load_units

_o, _a = columns_of(OutboxMessage), columns_of(Assignment)


@pytest.fixture
async def province(sqlite_database, now):
    await load_units(sqlite_database)
    await load_plan(sqlite_database, now)
    await add_linked_person(sqlite_database, now, "Võ Văn Dụ", ("T.UBND", Role.LEADER), chat="leader")
    return sqlite_database


async def weeks(database):
    query = select(_o.chat, _o.lane, _o.form).where(_o.dedup_key.like("week:%"))
    async with database.read() as session:
        return list((await session.execute(query)).all())


@pytest.mark.parametrize(
    ("day", "hour", "is_end"),
    [
        (date(2024, 11, 8), 16, True),
        (date(2024, 11, 8), 15, False),
        (date(2024, 11, 7), 16, False),
        (date(2024, 11, 9), 16, False),
        (date(2026, 4, 24), 16, True),
        (date(2026, 4, 29), 16, True),  # 30/4 and 1/5 are off: Wednesday ends that week
    ],
    ids=["friday", "friday-early", "thursday", "saturday", "before-a-long-week", "before-the-holidays"],
)
def test_a_week_ends_on_its_last_working_afternoon(day, hour, is_end):
    assert ends_a_week(at_civil(day, time(hour)), CALENDAR) is is_end


async def test_each_leader_is_owed_one_overview_of_the_week_however_often_the_sweep_runs(province):
    friday = at_civil(date(2024, 11, 8), time(16))
    scan = Scan(province, calendar=CALENDAR)
    await scan.scan(friday - timedelta(hours=1))
    assert await weeks(province) == []
    await scan.scan(friday)
    await scan.scan(friday + timedelta(minutes=5))
    await Scan(province, calendar=CALENDAR).scan(friday + timedelta(minutes=10))
    assert await weeks(province) == [("leader", Lane.DIGEST, "week")]


async def test_the_overview_says_the_four_figures_who_is_late_and_who_is_silent(province):
    friday = at_civil(date(2024, 11, 8), time(16))
    async with province.write() as session:
        said = Said(None, "test", "xong", at_civil(date(2024, 11, 4), time(9)))
        await report_progress(session, 1, Answer.DONE, said=said)
        await session.commit()
    await Scan(province, calendar=CALENDAR).scan(friday)
    async with province.write() as session:
        rows = await claim(session, bots=[BOT], now=friday, lease=timedelta(seconds=90), limit=10)
        await session.commit()
    (week,) = [row for row in rows if row.form == "week"]
    async with province.read() as session:
        message = await Renderer(Wording(CALENDAR), clock=lambda: friday)(session, week)
    assert message.text == (
        "Tuần đến thứ Sáu 08/11/2024: 🔴 1 việc quá hạn\n"
        "Tổng 3: xong đúng hạn 1 · xong quá hạn 0 · trong hạn 1 · quá hạn 1\n"
        "Đúng hạn 50% (1/2) · đã phản hồi 1/3\n"
        "\n"
        "Quá hạn nhiều nhất\n"
        "  Sở Y tế Mẫu: 1 việc\n"
        "\n"
        "Chưa phản hồi: Sở Tư pháp Mẫu, Sở Y tế Mẫu (2 việc)\n"
        "Tính đến 16:00 ngày 08/11/2024."
    )
    assert [[key.command for key in row] for row in message.buttons] == [["quahan", "tonghop"]]


async def test_a_friday_afternoon_slept_through_is_made_up_for_once_and_says_that_it_is_late(province):
    await Scan(province, calendar=CALENDAR).scan(at_civil(date(2024, 11, 8), time(15, 59)))
    monday = at_civil(date(2024, 11, 11), time(8))
    for _ in range(2):  # a process, and another that takes over
        scan = Scan(province, calendar=CALENDAR)
        await scan.scan(monday - timedelta(hours=12))  # a Sunday evening disturbs nobody
        await scan.scan(monday)
        await scan.scan(monday + timedelta(minutes=5))
    assert await weeks(province) == [("leader", Lane.DIGEST, "week")]
    async with province.read() as session:
        (row,) = [row for row in (await session.execute(select(OutboxMessage))).scalars() if row.form == "week"]
        message = await Renderer(Wording(CALENDAR), clock=lambda: monday)(session, row)
    assert message.text.startswith("Tuần đến thứ Sáu 08/11/2024: ")
    assert message.text.endswith("\nTin này gửi muộn vì hệ thống tạm dừng.\nTính đến 08:00 ngày 11/11/2024.")


async def test_a_week_told_of_in_time_is_not_told_of_again(province):
    await Scan(province, calendar=CALENDAR).scan(at_civil(date(2024, 11, 8), time(16)))
    for day in (11, 12, 13):
        await Scan(province, calendar=CALENDAR).scan(at_civil(date(2024, 11, day), time(8)))
    assert len(await weeks(province)) == 1


async def test_a_week_long_gone_is_no_news_and_nobody_hears_of_one_before_their_time(province):
    await Scan(province, calendar=CALENDAR).scan(at_civil(date(2024, 11, 14), time(8)))
    assert await weeks(province) == []
    monday = at_civil(date(2024, 11, 18), time(8))
    await add_linked_person(province, monday, "Võ Thị Mới", ("T.UBND", Role.LEADER), chat="newcomer")
    await Scan(province, calendar=CALENDAR).scan(monday)
    assert await weeks(province) == [("leader", Lane.DIGEST, "week")]


@pytest.mark.parametrize(
    ("now", "ended"),
    [
        (at_civil(date(2024, 11, 8), time(16)), date(2024, 11, 8)),
        (at_civil(date(2024, 11, 8), time(15, 59)), date(2024, 11, 1)),
        (at_civil(date(2024, 11, 11), time(8)), date(2024, 11, 8)),
        (at_civil(date(2026, 5, 4), time(8)), date(2026, 4, 29)),
    ],
    ids=["friday", "friday-early", "monday", "after-the-holidays"],
)
def test_the_newest_end_of_a_week_is_found(now, ended):
    assert newest_week_end(now, CALENDAR) == at_civil(ended, time(16))


async def test_a_plan_that_accepts_by_itself_does_so_with_the_mornings_sweep(province):
    async with province.write() as session:
        await session.execute(update(Plan).values(auto_accept_after=3))
        said = Said(None, "test", "xong", at_civil(date(2024, 11, 1), time(9)))
        await report_progress(session, 1, Answer.DONE, said=said)
        await session.commit()
    scan = Scan(province, calendar=CALENDAR)

    async def state_on(day):
        await scan.scan(at_civil(day, time(8)))
        async with province.read() as session:
            return (await session.execute(select(_a.state).where(_a.id == 1))).scalar_one()

    assert await state_on(date(2024, 11, 5)) is AssignmentState.SUBMITTED
    assert await state_on(date(2024, 11, 6)) is AssignmentState.ACCEPTED
