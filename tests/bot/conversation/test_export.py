"""`xuat` and `tonghop bieu do`: files made at the moment of sending, equal to the list, safe to open, only for those
who may see it."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.conversation.export import CHART, WORKBOOK
from bot.lists_out import HEADER, ChartForm, WorkbookForm
from planner.list_overdue import late_views
from planner.scope import EVERYTHING
from planner.statistics import Counts
from reminders.channel import CAPTION_LENGTH
from reminders.chart import Bar, picture
from reminders.export_xlsx import Sheet, workbook
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR

FORMS = {WORKBOOK: WorkbookForm, CHART: ChartForm}


async def sent(town, row, carrying=(BOT,)):
    """What the channel is handed for this row."""
    form = FORMS[row.form](Wording(CALENDAR), carrying, clock=lambda: town.now)
    async with town.database.read() as session:
        return await form(session, row)


async def newest(town, chat, words):
    await town.replies(chat, words)
    return (await town.owed("reply:%"))[-1]


def rows_of(content):
    page = load_workbook(BytesIO(content)).active
    table = [[cell.value for cell in row] for row in page.iter_rows()]
    start = table.index(list(HEADER))
    return [row[0] for row in table[:start] if row[0]], table[start + 1 :], page


@pytest.fixture
async def late(small_town):
    await small_town.at(25, 10).say("justice", "4 đang làm 60%")
    return small_town.at(6, 11)


async def test_every_row_of_the_spreadsheet_is_a_row_of_the_list(late):
    message = await sent(late, await newest(late, "coordinator", "/xuat"))
    notes, rows, _ = rows_of(message.file.content)
    async with late.database.read() as session:
        views = await late_views(session, EVERYTHING, today=date(2024, 11, 6))
    assert [(row[0], row[4]) for row in rows] == [(view.number, view.unit_name) for view in views]
    assert len(rows) == 7
    assert notes == [
        "Danh sách quá hạn: 7 việc",
        "Tính đến 08:00 ngày 06/11/2024",
        "Tổng 8: xong đúng hạn 0 · xong quá hạn 0 · trong hạn 1 · quá hạn 7",
    ]
    assert message.text == (
        "Danh sách quá hạn: 7 việc, tính đến 08:00 ngày 06/11/2024\n"
        "Tổng 8: xong đúng hạn 0 · xong quá hạn 0 · trong hạn 1 · 🔴 quá hạn 7"
    )
    assert len(message.text) <= CAPTION_LENGTH
    assert (message.file.name, message.file.is_photo) == ("qua-han-2024-11-06.xlsx", False)
    (mine,) = [row for row in rows if row[0] == 4 and row[4] == "Sở Tư pháp Mẫu"]
    assert mine[7:10] == [4, "đang làm 60%", "4 đang làm 60%"]


@pytest.mark.parametrize(
    ("words", "count"),
    [("xuat kh12", 3), ("xuất sở y tế mẫu", 2), ("xuat chua phan hoi", 6), ("xuat excel", 7), ("xuat quahan cv34", 4)],
)
async def test_the_filters_of_the_list_are_the_filters_of_the_file(late, words, count):
    _, rows, _ = rows_of((await sent(late, await newest(late, "coordinator", words))).file.content)
    assert len(rows) == count


async def test_with_nothing_late_there_is_no_file(small_town):
    assert "chưa có gì để xuất" in await small_town.say("coordinator", "xuat")


async def test_a_channel_without_files_says_what_to_type_instead(late):
    message = await sent(late, await newest(late, "coordinator", "xuat"), carrying=())
    assert message.file is None
    assert message.text.startswith('Kênh này không gửi được tệp. Gõ "quahan"')


@pytest.mark.parametrize("chat", ["justice", "officer", "admin"])
@pytest.mark.parametrize("words", ["xuat", "tonghop bieu do"])
async def test_nobody_else_takes_the_list_away(late, chat, words):
    await late.say(chat, words)
    assert {row.form for row in await late.owed("reply:%")} == {"text"}


async def test_a_file_asked_for_by_another_is_not_made(late):
    row = await newest(late, "coordinator", "xuat")
    row.chat = "justice"
    assert await sent(late, row) is None


async def test_a_leader_takes_the_list_of_the_whole_tree(late):
    _, rows, _ = rows_of((await sent(late, await newest(late, "leader", "xuat"))).file.content)
    assert len(rows) == 7


@pytest.mark.parametrize("words", ["tonghop bieu do", "tổng hợp biểu đồ đơn vị"])
async def test_the_figures_as_a_picture(late, words):
    message = await sent(late, await newest(late, "coordinator", words))
    assert message.file.content.startswith(b"\x89PNG\r\n")
    assert message.file.is_photo
    assert "🔴 quá hạn 7" in message.text
    assert len(message.text) <= CAPTION_LENGTH


@pytest.mark.parametrize("text", ["=1+2", "+84", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_what_looks_like_a_formula_is_text(text):
    content = workbook(Sheet("Thử", ["ghi chú"], HEADER[:1], [(text,)]))
    cell = load_workbook(BytesIO(content)).active.cell(4, 1)
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix


@given(
    st.lists(st.tuples(st.text(max_size=40), st.integers(0, 10**6), st.none() | st.dates(date(2000, 1, 1))), max_size=5)
)
def test_any_text_that_people_type_can_be_written_and_none_becomes_a_formula(rows):
    content = workbook(Sheet("Thử", [], ("Lời", "Số", "Ngày"), rows))
    page = load_workbook(BytesIO(content)).active
    found = [list(row) for row in page.iter_rows(min_row=3)]
    assert len([row for row in found if row[1].value is not None]) == len(rows)
    assert all(cell.data_type != "f" for row in found for cell in row)


def test_any_name_can_be_drawn(recwarn):
    bars = [
        Bar("Sở Giáo dục và Đào tạo", Counts(1, 2, 3, 4)),
        Bar("$x^2$ & <b>", Counts()),
        Bar("Ủy ban " * 30, Counts(5)),
    ]
    assert picture("Theo đơn vị", "tính đến 08:00 ngày 06/11/2024", bars).startswith(b"\x89PNG")
    assert not recwarn.list
