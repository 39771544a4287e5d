"""Plain text in all the letters it may come in; what is not sure is refused, never guessed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnreadableFileError
from planner.reading.open_encodings import _FROM_TCVN3, _FROM_VNI, text_of
from planner.reading.open_text import open_text
from tests.samples.as_html import in_1258

LETTER = (
    "Ủy ban nhân dân tỉnh yêu cầu các sở báo cáo kết quả thực hiện kế hoạch trước ngày 20 tháng 5 và được tổng hợp."
)


def in_tcvn3(text):
    """Capitals with accents have no place of their own there: they were typed in a font of capitals."""
    typed = {letter: byte for byte, letter in _FROM_TCVN3.items()}
    return "".join(typed.get(letter, typed.get(letter.lower(), letter)) for letter in text).encode("latin-1")


def in_vni(text):
    typed = {letter: marks for marks, letter in reversed(_FROM_VNI.items())}
    return "".join(typed.get(letter, letter) for letter in text).encode("cp1252")


@pytest.mark.parametrize(
    "content",
    [
        LETTER.encode(), LETTER.encode("utf-8-sig"), LETTER.encode("utf-16"), LETTER.encode("utf-16-le"),
        LETTER.encode("utf-16-be"), LETTER.encode("utf-32"), unicodedata.normalize("NFD", LETTER).encode(),
        in_1258(LETTER), in_vni(LETTER),
    ],
    ids=["utf-8", "utf-8-mark", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "apart", "windows-1258", "vni"],
)  # fmt: skip
def test_the_same_words_whatever_letters_they_came_in(content):
    assert text_of(content) == LETTER


def test_tcvn3_is_read_where_its_words_show_it():
    assert text_of(in_tcvn3(LETTER)) == LETTER.replace("Ủ", "ủ")


def test_vni_pasted_into_unicode_is_put_right():
    assert text_of(in_vni(LETTER).decode("cp1252").encode()) == LETTER


@pytest.mark.parametrize(
    "content", ["Ça va très bien, merci à tous".encode("cp1252"), b"\xb5\xc7 \xd2", "Kế hoạch".encode()[:-3]],
    ids=["french", "three-letters", "cut"],
)  # fmt: skip
def test_what_is_not_sure_is_refused(content):
    with pytest.raises(UnreadableFileError) as refusal:
        open_text(content)

    assert refusal.value.reason == "encoding"


def test_french_in_unicode_stays_as_it_is():
    assert text_of("Là où il était déjà allé".encode()) == "Là où il était déjà allé"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_unicode_without_old_letters_is_only_composed(text):
    try:
        read = text_of(text.encode())
    except UnreadableFileError:
        return
    if not any(0xA0 <= ord(letter) <= 0xFF for letter in text) and not text.startswith(("\ufeff", "\xff", "\xfe")):
        assert read in {unicodedata.normalize("NFC", text.replace("\0", "")), read if "\0" in text else None}


def test_long_lines_are_paragraphs_and_wrapped_ones_are_lines():
    paragraphs = open_text((f"{LETTER} {LETTER}\n\nHai.").encode())
    lines = open_text("Báo cáo kết quả thực hiện kế hoạch\ncủa các sở\n\nHai.".encode())

    assert [each.is_line for each in paragraphs.paragraphs()] == [False, False]
    assert [(each.is_line, each.is_apart) for each in lines.paragraphs()] == [(True, True), (True, False), (True, True)]


def test_an_empty_line_after_every_line_says_nothing():
    paper = open_text("một câu\n\ncòn tiếp\n\ntới đây\n\nvẫn còn\n\n\nHai.".encode())

    assert [each.is_apart for each in paper.paragraphs()] == [True, False, False, False, True]


def test_a_form_feed_ends_a_page():
    assert [each.page for each in open_text("một\n\f\nhai\n".encode()).paragraphs()] == [1, 2]


def flattened(*rows):
    return open_text("\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows).encode())


def rows_of(paper):
    return [[cell.text for cell in row.cells] for table in paper.tables() for row in table.rows]


def test_cells_on_lines_of_their_own_after_a_tab_are_a_table():
    paper = flattened(["STT", "Việc", "Hạn"], ["1", "Báo cáo\nbằng văn bản", "Quý I"])

    assert rows_of(paper) == [["STT", "Việc", "Hạn"], ["1", "Báo cáo\nbằng văn bản", "Quý I"]]


def test_a_short_row_of_two_cells_is_a_heading_over_the_rest():
    paper = flattened(["STT", "Việc", "Hạn"], ["I", "PHẦN"], ["1", "Báo cáo", "Quý I"])

    (table,) = paper.tables()
    assert [(cell.text, cell.is_carried) for cell in table.rows[1].cells] == [
        ("I", False),
        ("PHẦN", False),
        ("PHẦN", True),
    ]


def test_a_heading_over_two_columns_is_found_by_the_row_below_it():
    paper = flattened(["STT", "Việc", "Năm 2026"], ["", "", "Đơn vị", "Chỉ tiêu"], ["1", "Báo cáo", "%", "90"])

    assert rows_of(paper)[:2] == [["STT", "Việc", "Năm 2026", "Năm 2026"], ["STT", "Việc", "Đơn vị", "Chỉ tiêu"]]


def test_a_row_cut_by_an_empty_line_in_a_cell_is_whole_again():
    paper = flattened(["STT", "Việc", "Đơn vị", "Hạn", "Ghi chú"], ["1", "Báo cáo"], ["Sở Nội vụ", "Quý I", ""])

    assert rows_of(paper)[1] == ["1", "Báo cáo", "Sở Nội vụ", "Quý I", ""]


def test_one_line_after_a_tab_is_a_line():
    assert not list(open_text("\tKẾ HOẠCH\n\nNội dung".encode()).tables())
