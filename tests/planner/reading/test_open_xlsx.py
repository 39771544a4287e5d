"""Workbooks: titles above a table, its cells as the sheet shows them."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from models.errors import UnreadableFileError
from planner.reading.open_xlsx import open_xlsx


@pytest.fixture
def book():
    return Workbook()


def opened(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return open_xlsx(buffer.getvalue())


def rows(paper):
    return [[cell.text for cell in row.cells] for table in paper.tables() for row in table.rows]


def test_a_row_of_one_cell_is_a_line_above_or_below_the_table_and_part_of_it_inside(book):
    for row in (["PHỤ LỤC"], ["STT", "Việc"], ["I. PHẦN MỘT"], [1, "Báo cáo"], ["Ghi chú: hết"]):
        book.active.append(row)

    paper = opened(book)

    assert [each.text for each in paper.paragraphs()] == ["PHỤ LỤC", "Ghi chú: hết"]
    assert rows(paper) == [["STT", "Việc"], ["I. PHẦN MỘT", ""], ["1", "Báo cáo"]]


def test_days_and_shares_are_written_as_the_sheet_shows_them(book):
    # a sheet knows no zones
    book.active.append([date(2026, 11, 5), datetime(2026, 11, 5, 17, 30), 0.985, 12.5, True, "  hai\ndòng "])  # noqa: DTZ001
    book.active["C1"].number_format = "0.0%"

    assert rows(opened(book)) == [["05/11/2026", "05/11/2026 17:30", "98,5%", "12,5", "Có", "hai\ndòng"]]


def test_an_empty_row_parts_two_tables_unless_a_merged_cell_spans_it(book):
    for row in (["a", "b"], [], ["c", "d"]):
        book.active.append(row)

    assert len(list(opened(book).tables())) == 2
    book.active.merge_cells("A1:A3")
    assert rows(opened(book)) == [["a", "b"], ["a", "d"]]


def test_each_visible_sheet_is_a_page_and_a_hidden_one_is_told(book):
    book.active.append(["a", "b"])
    book.create_sheet("hai").append(["c", "d"])
    book.create_sheet("ẩn").append(["x", "y"])
    book["ẩn"].sheet_state = "hidden"

    paper = opened(book)

    assert [row.page for table in paper.tables() for row in table.rows] == [1, 2]
    assert paper.pages == 2
    assert paper.notes == ("Tệp có trang tính ẩn, chưa đọc.",)


def test_a_table_that_does_not_begin_in_the_corner_has_no_empty_columns_before_it(book):
    book.active["C4"], book.active["D4"] = "STT", "Việc"

    assert rows(opened(book)) == [["STT", "Việc"]]


def test_an_empty_workbook_is_refused(book):
    with pytest.raises(UnreadableFileError) as refusal:
        opened(book)

    assert refusal.value.reason == "empty"
