"""`/overdue`: the figures are those of the moment, and each has exactly its rows behind it."""

import re
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import overdue
from models.clock import at_civil
from models.terms import Answer
from planner.list_overdue import LastAnswer, count_states, group_late
from planner.scope import EVERYTHING
from tests.bot.conversation.builders import build_town
from tests.builders import load_plan

_LINE = re.compile(r"^  (?P<unit>[^:]+): (?P<numbers>.+?) · trễ", re.MULTILINE)
_PLAN = re.compile(r"^(?P<plan>(?:KH|CV) \S+) · (?P<total>\d+) việc", re.MULTILINE)
_TOTALS = re.compile(r"Tổng (\d+): xong đúng hạn (\d+) · xong quá hạn (\d+) · trong hạn (\d+) · (?:🔴 )?quá hạn (\d+)")


def counted(numbers):
    many = re.search(r"\((\d+) việc\)", numbers)
    return int(many[1]) if many else len(numbers.split(","))


async def every_page(town, chat, command):
    """The list to its end, following the buttons as a person would."""
    pages = []
    while command:
        (reply,) = await town.replies(chat, command)
        pages.append(reply.text)
        more = [key.command for row in reply.buttons for key in row if key.label == "Trang sau"]
        command = more[0] if more else None
        assert len(pages) < 100
    return pages


def rows_on(pages):
    return sum(counted(match["numbers"]) for page in pages for match in _LINE.finditer(page))


async def test_with_nothing_late_one_warm_line_and_the_four_figures(town):
    assert await town.say("coordinator", "/overdue") == (
        "Không có việc nào quá hạn tính đến 08:00 ngày 23/10/2024; cảm ơn Anh/Chị và các đơn vị.\n"
        "Tổng 8: xong đúng hạn 0 · xong quá hạn 0 · trong hạn 8 · quá hạn 0"
    )


async def test_nothing_is_late_on_its_last_day_and_everything_due_then_is_the_day_after(town):
    assert "Không có việc nào quá hạn" in await town.at(31, 10, 23, 59).say("coordinator", "overdue")
    assert "🔴 quá hạn 4" in await town.at(1, 11, 0, 0).say("coordinator", "overdue")


async def test_handed_in_is_gone_from_the_list_and_counted_late(town):
    await town.at(6, 11).say("justice", "4 xong")
    text = await town.say("coordinator", "quá hạn")
    assert "xong quá hạn 1" in text
    assert "Sở Tư pháp Mẫu: 4" not in text


async def test_the_last_answer_stands_in_the_units_own_words_with_its_day(town):
    await town.at(25, 10).say("justice", "4 vướng phần mềm một cửa")
    await town.at(28, 10).say("health", "dang 4")
    text = await town.at(6, 11).say("coordinator", "overdue")
    assert 'Sở Tư pháp Mẫu: 4 · trễ 6 ngày (4 ngày làm việc) · "phần mềm một cửa" (25/10)' in text
    assert "Sở Y tế Mẫu: 4 · trễ 6 ngày (4 ngày làm việc) · đang làm (28/10)" in text
    assert "UBND huyện An Mẫu: 4 · trễ 6 ngày (4 ngày làm việc) · chưa phản hồi" in text
    assert "Sở Y tế Mẫu: 1 · trễ 2 ngày làm việc · chưa phản hồi" in text


async def test_who_is_not_linked_and_who_cannot_be_reached_are_named(town):
    from sqlalchemy import update

    from models.person import Address

    async with town.database.write() as session:
        await session.execute(update(Address).where(Address.chat == "health").values(unreachable_at=town.now))
        await session.commit()
    text = await town.at(6, 11).say("coordinator", "overdue")
    # Sở TT Mẫu has a coordinator only: nobody who answers for its work as a unit is linked
    assert "Chưa ai liên kết: Sở TT Mẫu, UBND huyện An Mẫu" in text
    assert "Không liên lạc được: Sở Y tế Mẫu" in text


@pytest.mark.parametrize("words", ["km1", "KM1", "kh12", "kh 12", "12", "12/KH-UBND"])
async def test_a_plan_is_found_as_people_call_it(town, words):
    text = await town.at(6, 11).say("coordinator", f"quahan {words}")
    assert "Danh sách này: 3 việc trong 7 việc quá hạn." in text
    assert "KH 12/KH-UBND · 3 việc" in text
    assert "CV 34" not in text


@pytest.mark.parametrize("words", ["Sở Y tế Mẫu", "so y te mau", "y tế mẫu", "T.YT", "t.yt"])
async def test_a_unit_is_found_by_its_names_and_its_code(town, words):
    text = await town.at(6, 11).say("coordinator", f"quahan {words}")
    assert text.startswith("Sở Y tế Mẫu: 🔴 2 việc quá hạn, tính đến 08:00 ngày 06/11/2024")


async def test_a_plan_and_a_unit_narrow_together(town):
    text = await town.at(6, 11).say("coordinator", "quahan kh12 y tế mẫu")
    assert text.startswith("Sở Y tế Mẫu: 🔴 1 việc quá hạn, KH 12/KH-UBND")


async def test_they_narrow_together_in_whatever_order_they_are_named(town):
    expected = await town.at(6, 11).say("coordinator", "quahan kh12 y tế mẫu")
    for words in ("y tế mẫu kh12", "Sở Y tế Mẫu KH 12", "t.yt km1"):
        assert await town.say("coordinator", f"quahan {words}") == expected
    assert "KH 12/KH-UBND" in await town.say("coordinator", "quahan y tế mẫu kh12 chua phan hoi")


async def test_the_list_goes_out_as_a_spreadsheet_by_its_button(town):
    town.at(6, 11)
    for command, export in (
        ("overdue", "xuat"),
        ("quahan kh12", "xuat km1"),
        ("quahan y tế mẫu", "xuat t.yt"),
        ("quahan kh12 y tế mẫu", "xuat km1 t.yt"),
        ("quahan chua phan hoi", "xuat chua phan hoi"),
        ("quahan theo don vi", "xuat"),
    ):
        for chat in ("coordinator", "leader"):
            (reply,) = await town.replies(chat, command)
            labels = {key.label: key.command for row in reply.buttons for key in row}
            assert labels["Xuất Excel"] == export
            (sent,) = await town.replies(chat, labels["Xuất Excel"])
            assert sent.form == "workbook"


async def test_who_may_not_export_has_no_button_for_it(town):
    (reply,) = await town.at(6, 11).replies("justice", "overdue")
    assert not any(key.label == "Xuất Excel" for row in reply.buttons for key in row)


async def test_words_that_name_nothing_are_said_so(town):
    assert "Không tìm thấy" in await town.at(6, 11).say("coordinator", "quahan sở nào đó")
    assert "Không tìm thấy" in await town.say("coordinator", "quahan mẫu")  # three units are called so


async def test_the_silent_are_exactly_as_many_as_their_button_says(town):
    await town.at(25, 10).say("justice", "4 vướng phần mềm")
    (reply,) = await town.at(6, 11).replies("coordinator", "overdue")
    labels = {key.label: key.command for row in reply.buttons for key in row}
    assert labels["Chưa phản hồi: 6"] == "quahan chua phan hoi"
    pages = await every_page(town, "coordinator", labels["Chưa phản hồi: 6"])
    assert rows_on(pages) == 6


async def test_by_unit_the_counts_add_up_to_the_same(town):
    text = await town.at(6, 11).say("coordinator", "quahan theo đơn vị")
    assert sum(map(int, re.findall(r": (\d+) việc · lâu nhất", text))) == 7


async def test_a_unit_head_sees_their_unit_only(town):
    text = await town.at(6, 11).say("justice", "overdue")
    assert text.startswith("Sở Tư pháp Mẫu: 🔴 2 việc quá hạn, tính đến 08:00 ngày 06/11/2024")
    assert "Tổng 3: xong đúng hạn 0 · xong quá hạn 0 · trong hạn 1 · 🔴 quá hạn 2" in text
    assert "Y tế" not in text
    assert "Không tìm thấy" in await town.say("justice", "quahan sở y tế mẫu")


async def test_a_leader_sees_the_whole_tree_and_nudges_nobody(town):
    (reply,) = await town.at(6, 11).replies("leader", "overdue")
    assert "🔴 quá hạn 7" in reply.text
    assert not any("nhac" in key.command for row in reply.buttons for key in row)


async def test_at_most_four_buttons_and_each_within_sixty_four_bytes(town):
    for command in ("overdue", "quahan theo don vi", "quahan chua phan hoi", "quahan y tế mẫu", "quahan kh12"):
        (reply,) = await town.at(6, 11).replies("coordinator", command)
        keys = [key for row in reply.buttons for key in row]
        assert len(keys) <= 4
        assert all(0 < len(key.command.encode()) <= 64 for key in keys)


MANY = """
plan: NM3
kind: kế hoạch
document_no: 56/KH-UBND
issued_on: 03/10/2024
title: Kế hoạch nhiều việc
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 03/10/2024
tasks:
""" + "".join(
    f"""
  - code: NM3-{n}
    from: "{n}"
    title: Việc nhỏ số {n}
    kind: nhiệm vụ
    deadline: chậm nhất ngày {25 + n % 5}/10/2024
    lead: [T.TP, T.YT, T.HA, T.TTTT]
"""
    for n in range(1, 12)
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.sets(st.tuples(st.sampled_from(["justice", "health"]), st.integers(1, 16)), max_size=12))
async def test_all_pages_together_hold_exactly_what_the_figures_say(sqlite_template, tmp_path_factory, now, done):
    from models.database import open_database
    from tests.conftest import copy_of_sqlite

    database = open_database(copy_of_sqlite(sqlite_template, tmp_path_factory.mktemp("many")))
    town = await build_town(database, now)
    await load_plan(database, now, MANY)
    town.at(30, 10)
    for chat, number in sorted(done):
        await town.say(chat, f"{number} {'xong' if number % 2 else 'vướng chỗ này chỗ kia'}")
    town.at(6, 11)
    async with database.read() as session:
        counts = await count_states(session, EVERYTHING, today=town.now.date())
        groups = await group_late(session, EVERYTHING, today=town.now.date())
    pages = await every_page(town, "coordinator", "overdue")
    for page in pages:
        assert tuple(map(int, _TOTALS.search(page).groups())) == (
            counts.total, counts.done_on_time, counts.done_late, counts.open_in_time, counts.open_late,
        )  # fmt: skip
    assert rows_on(pages) == counts.open_late
    headings = {match["plan"]: int(match["total"]) for page in pages for match in _PLAN.finditer(page)}
    assert sum(headings.values()) == counts.open_late
    silent = await every_page(town, "coordinator", "quahan chua phan hoi")
    assert rows_on(silent) == sum(group.never_answered for group in groups)
    await database.close()


def test_a_page_is_clamped_to_what_there_is():
    page = overdue.page_of(17, 99, size=8)
    assert (page.number, page.start, page.stop, page.left) == (3, 16, 17, 0)
    assert overdue.page_of(0, 1, size=8).number == 1


@pytest.mark.parametrize("answer", Answer, ids=str)
def test_every_kind_of_answer_has_its_words(answer):
    pressed = LastAnswer("12", answer, None, at_civil(date(2024, 10, 31), time(9)))
    assert re.fullmatch(r"\w[\w ]+ \(31/10\)", overdue.answer_words(pressed, today=date(2024, 11, 6)))
