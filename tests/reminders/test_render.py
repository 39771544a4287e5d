"""The words of the morning, whole, as the people who get them read them."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, update

from models.clock import SteppedClock, at_civil
from models.columns import columns_of
from models.errors import TryLaterError
from models.outbox import OutboxMessage
from models.person import Person
from models.terms import Answer, Role
from planner.raise_blocker import raise_blocker
from planner.report_progress import Said, report_progress
from reminders.render import Renderer, names
from reminders.scan import Scan
from reminders.wording import Wording
from tests.builders import CALENDAR, PLAN, add_linked_person, load_plan, load_units

MORNING = time(8, 0)


@pytest.fixture
async def province(database, now):
    await load_units(database)
    await load_plan(database, now)
    await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head-tp")
    await add_linked_person(database, now, "Lê Văn Mẫu", ("T.TTTT", Role.COORDINATOR), chat="desk")
    await add_linked_person(database, now, "Võ Thị Mẫu", ("T.TTTT", Role.LEADER), chat="leader")
    return database


class Mornings:
    """Plans and words the messages of one morning after another, as the sender would."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.scan = Scan(database, calendar=CALENDAR)
        self.renderer = Renderer(Wording(CALENDAR), clock=clock)
        self._seen = 0

    async def on(self, day, at=MORNING):
        """(chat, text, labels of buttons) of the messages planned on this day, None for those no longer wanted."""
        self.clock.move_to(at_civil(day, at))
        await self.scan.scan(self.clock())
        async with self.database.read() as session:
            query = select(OutboxMessage).where(columns_of(OutboxMessage).id > self._seen)
            rows = (await session.execute(query.order_by(columns_of(OutboxMessage).id))).scalars().all()
            self._seen = max([self._seen, *(row.id for row in rows)])
            return [(row.chat, await self.renderer(session, row)) for row in rows]

    async def texts(self, day, chat):
        return [message.text if message else None for to, message in await self.on(day) if to == chat]


@pytest.fixture
def mornings(province, clock: SteppedClock):
    return Mornings(province, clock)


async def answer(database, assignment_id, kind, text, at):
    async with database.write() as session:
        await report_progress(session, assignment_id, kind, said=Said(None, "test", text, at))
        await session.commit()


async def test_new_work_of_a_morning_comes_in_one_message(mornings):
    texts = await mornings.texts(date(2024, 10, 23), "head-tp")
    assert texts == [
        (
            "Sở Tư pháp Mẫu · thứ Tư 23/10/2024: 2 việc mới được giao\n"
            "\n"
            "⚪ Còn 8 ngày làm việc · trước 05/11 (hết thứ Hai 04/11)\n"
            "1 · Báo cáo kết quả rà soát (KH 12)\n"
            "\n"
            "⚪ Còn 17 ngày làm việc · hết thứ Sáu 15/11\n"
            "2 · Tổ chức tập huấn (KH 12)\n"
            "\n"
            'Trả lời ngay tại đây, ví dụ: "1 xong", "2 đang làm 60%", "2 xin lùi đến … vì …".'
        )
    ]


async def test_one_assignment_comes_with_four_verbs_and_what_was_last_said_about_it(mornings, province, now):
    await mornings.on(date(2024, 10, 23))
    await answer(province, 1, Answer.IN_PROGRESS, "đang làm 60%", now + timedelta(hours=1))
    ((_, message),) = [each for each in await mornings.on(date(2024, 10, 30)) if each[0] == "head-tp"]
    assert message.text == (
        "🟡 Còn 3 ngày làm việc: 1 · Báo cáo kết quả rà soát\n"
        "KH 12, mục I.1 · trước 05/11 (hết thứ Hai 04/11)\n"
        'Phản hồi gần nhất (23/10): "đang làm 60%".\n'
        "\n"
        'Trả lời ngay tại đây, ví dụ: "1 xong", "1 đang làm 60%".'
    )
    assert [[(key.label, key.command) for key in row] for row in message.buttons] == [
        [("Đã xong", "xong 1"), ("Đang làm", "dang 1")],
        [("Vướng mắc", "vuongmac 1"), ("Xin gia hạn", "giahan 1")],
    ]


async def test_the_last_day_says_so_and_the_day_after_is_red(mornings):
    for day in (23, 24, 30):
        await mornings.on(date(2024, 10, day))
    assert (await mornings.texts(date(2024, 11, 4), "head-tp"))[0].startswith(
        "🟡 Hôm nay là ngày cuối: 1 · Báo cáo kết quả rà soát\nKH 12, mục I.1 · trước 05/11 (hết hôm nay, 04/11)"
    )
    assert (await mornings.texts(date(2024, 11, 5), "head-tp"))[0].startswith(
        "🔴 Trễ 1 ngày làm việc: 1 · Báo cáo kết quả rà soát"
    )


async def test_what_was_handed_in_or_is_stuck_by_the_moment_of_sending_says_nothing(mornings, province, now, clock):
    await mornings.scan.scan(clock())
    await answer(province, 1, Answer.DONE, "xong", now)
    async with province.write() as session:
        await raise_blocker(session, 3, "chờ số liệu", said=Said(None, "test", "vướng", now))
        await session.commit()
    assert [message for chat, message in await mornings.on(date(2024, 10, 23)) if chat == "head-tp"] == [None]


async def test_a_person_who_left_is_told_nothing_more(mornings, province, clock):
    await mornings.scan.scan(clock())
    async with province.write() as session:
        await session.execute(update(Person).values(is_active=False))
        await session.commit()
    assert [message for _, message in await mornings.on(date(2024, 10, 23))] == [None, None]


async def test_nobody_is_disturbed_at_night_the_message_waits_for_the_morning(mornings, clock):
    await mornings.scan.scan(clock())
    with pytest.raises(TryLaterError) as waiting:
        await mornings.on(date(2024, 10, 25), at=time(22, 0))
    # Friday night: the next working morning is Monday's
    assert clock() + waiting.value.retry_after == at_civil(date(2024, 10, 28), MORNING)


async def test_a_coordinators_quiet_morning_is_silent_and_a_late_one_is_told_in_figures(mornings):
    assert (await mornings.texts(date(2024, 10, 23), "desk")) == [None]
    assert (await mornings.texts(date(2024, 11, 5), "desk"))[0] == (
        "Đầu mối Sở TT Mẫu · thứ Ba 05/11/2024\n"
        "🔴 2 quá hạn (hôm trước 0)\n"
        "Quá hạn mà chưa phản hồi lần nào: 2 đơn vị\n"
        "Chưa ai liên kết: Sở Y tế Mẫu\n"
        "Tính đến 08:00 ngày 05/11/2024, trong tổng số 3 việc có thời hạn."
    )


async def test_a_leader_hears_of_silence_after_a_week(mornings):
    for day in (date(2024, 11, 5), date(2024, 11, 7)):
        await mornings.on(day)
    digest, week = await mornings.texts(date(2024, 11, 11), "leader")
    assert week is None, "the Friday nobody was awake for brings no figures where the leader's own tree owes nothing"
    assert digest == (
        "🔴 2 việc quá hạn, chưa có phản hồi sau hạn · thứ Hai 11/11/2024\n"
        "\n"
        "Trễ 5 ngày làm việc · KH 12 · trước 05/11 (hết thứ Hai 04/11)\n"
        "  Sở Tư pháp Mẫu: 1 · Báo cáo kết quả rà soát\n"
        "  Sở Y tế Mẫu: 1 · Báo cáo kết quả rà soát"
    )


async def test_a_request_whose_day_has_passed_is_reminded_without_blame(database, now, clock):
    await load_units(database)
    await load_plan(database, now, PLAN.replace("kind: báo cáo", "kind: đề nghị"))
    await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head-tp")
    mornings = Mornings(database, clock)
    await mornings.on(date(2024, 11, 4))
    (text,) = await mornings.texts(date(2024, 11, 5), "head-tp")
    assert text.startswith("🔴 Đã qua ngày đề nghị 1 ngày làm việc: 1 · Báo cáo kết quả rà soát\n")
    assert "trễ" not in text.casefold()


async def test_of_a_secret_plan_nothing_is_said_but_that_there_is_work(database, now, clock):
    await load_units(database)
    await load_plan(database, now, PLAN.replace("title: Kế hoạch mẫu", "title: Kế hoạch mẫu\nsecrecy: mật"))
    await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head-tp")
    (text,) = await Mornings(database, clock).texts(date(2024, 10, 23), "head-tp")
    assert text == (
        "Sở Tư pháp Mẫu · thứ Tư 23/10/2024: 2 việc mới được giao\n"
        "\n"
        "⚪ Văn bản mật: xem trên hệ thống\n"
        "1 · có nhiệm vụ, xem trên hệ thống\n"
        "2 · có nhiệm vụ, xem trên hệ thống\n"
        "\n"
        'Trả lời ngay tại đây, ví dụ: "1 xong", "2 đang làm 60%".'
    )


def test_long_lists_of_names_are_counted_after_the_first_two():
    assert names(["A", "B"]) == "A, B"
    assert names(["A", "B", "C", "D"]) == "A, B và 2 đơn vị khác"
