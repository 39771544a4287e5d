"""One letter, eight shapes: every opener finds the same paragraphs and the same tables in it."""

import shutil
from difflib import SequenceMatcher

import pytest

from planner.reading.open_paper import open_paper
from planner.reading.paper import PaperKind, Paragraph, Table
from tests.samples.as_text import broken
from tests.samples.contents import ANNEX, LABELS, LETTERS, TASKS
from tests.samples.letters import sample

LIKE_ENOUGH = 0.93
"""Of the letters of a page that was printed, scanned and read again."""

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
every_letter = pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)


def opened(letter, shape, recognise=None):
    return open_paper(sample(letter, shape).content, recognise=recognise)


def paragraphs_of(paper):
    """Typed out, lines of one paragraph joined."""
    found = []
    for each in paper.paragraphs():
        text = f"{each.numbering} {each.text}".strip()
        if each.is_line and not each.is_apart:
            found[-1] += f" {text}"
        else:
            found.append(text)
    return found


def written_in(letter):
    return [*filter(None, [letter.stamp]), *(words.typed for words in letter.words)]


def cells_of(table):
    return [[(cell.text, cell.is_carried) for cell in row.cells] for row in table.rows]


def columns_of(table):
    """The words of each column from top to bottom, however many rows it came in."""
    return [" ".join(" ".join(row.cells[side].text for row in table.rows).split()) for side in (0, 1)]


def columns_written(rows):
    return [" ".join(" ".join(line for row in rows for line in row[side]).split()) for side in (0, 1)]


@every_letter
@pytest.mark.parametrize("shape", ["docx", "html", "html-1258", "text", "pdf"])
def test_the_paragraphs_are_those_that_were_written(letter, shape):
    assert paragraphs_of(opened(letter, shape)) == written_in(letter)


@every_letter
@pytest.mark.parametrize("shape", ["docx", "html", "html-1258", "text", "pdf"])
def test_head_and_foot_are_tables_of_two_columns(letter, shape):
    tables = list(opened(letter, shape).tables())

    assert [columns_of(tables[0]), columns_of(tables[1])] == [
        columns_written(letter.head),
        columns_written(letter.foot),
    ]


@pytest.mark.parametrize("shape", ["docx", "html", "html-1258", "pdf", "xlsx"])
def test_a_merged_cell_speaks_in_every_row_and_column_it_covers(shape):
    table = list(opened(ANNEX, shape).tables())[-1]

    assert cells_of(table) == ANNEX.grids[0].full()


def test_a_flattened_table_keeps_its_headings_and_its_columns():
    table = list(opened(ANNEX, "text").tables())[-1]

    written = ANNEX.grids[0].full()
    assert [cell.text for cell in table.rows[0].cells] == [text for text, _ in written[0]]
    assert cells_of(table)[1] == written[1]
    # what was merged downwards came out empty, and nothing fills it by guessing
    assert [row.cells[2].text for row in table.rows[2:5]] == ["Văn phòng Ủy ban nhân dân tỉnh", "", ""]


def test_a_table_over_pages_is_one_and_its_header_stands_once():
    paper = opened(ANNEX, "pdf")

    table = list(paper.tables())[-1]
    assert paper.pages == 3
    assert (table.rows[0].page, table.rows[-1].page) == (2, 3)
    assert sum(row.cells[0].text == "STT" for row in table.rows) == 1


@pytest.mark.parametrize("shape", ["pdf", "docx", "html"])
def test_no_page_number_is_taken_for_a_line(shape):
    assert not [each.text for each in opened(ANNEX, shape).paragraphs() if each.text.isdecimal()]


def test_broken_accents_stay_as_they_stand_line_by_line():
    paper = opened(TASKS, "broken")

    assert all(each.is_line for each in paper.paragraphs())
    assert " ".join(each.text for each in paper.paragraphs()).split() == broken(" ".join(flattened(TASKS))).split()


@pytest.mark.parametrize(
    ("shape", "kind"),
    [("docx", PaperKind.DOCX), ("html", PaperKind.HTML), ("pdf", PaperKind.PDF), ("text", PaperKind.TEXT),
     ("broken", PaperKind.TEXT), ("xlsx", PaperKind.XLSX)],
)  # fmt: skip
def test_a_file_is_known_by_its_content(shape, kind):
    assert opened(ANNEX, shape).kind is kind


def flattened(letter):
    """Head and foot cell by cell, as a program that knows no columns leaves them."""
    head, foot = ([" ".join(lines) for row in rows for lines in row] for rows in (letter.head, letter.foot))
    return [*head, *written_in(letter), *foot]


# --- scans ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def read_by_tesseract():
    from bot.opening.tesseract import recogniser

    return recogniser(workers=2, dots_per_inch=300)


def likeness(found, written):
    return SequenceMatcher(None, "".join(found), "".join(written), autojunk=False).ratio()


@needs_tesseract
@pytest.mark.parametrize("letter", [TASKS, LABELS], ids=lambda letter: letter.name)
def test_a_scan_reads_as_the_letter_that_was_printed(letter, read_by_tesseract):
    paper = opened(letter, "scan", read_by_tesseract)

    assert paper.kind is PaperKind.SCAN
    assert len(paragraphs_of(paper)) == len(written_in(letter))
    assert likeness(paragraphs_of(paper), written_in(letter)) > LIKE_ENOUGH
    head, foot = list(paper.tables())
    assert likeness(columns_of(head), columns_written(letter.head)) > LIKE_ENOUGH
    assert likeness(columns_of(foot), columns_written(letter.foot)) > LIKE_ENOUGH
    assert all(0 < each.confidence < 1 for each in paper.paragraphs())


@needs_tesseract
def test_a_scanned_table_keeps_its_merged_cells_over_pages(read_by_tesseract):
    paper = opened(ANNEX, "scan", read_by_tesseract)

    table, written = cells_of(list(paper.tables())[-1]), ANNEX.grids[0].full()
    assert [[is_carried for _, is_carried in row] for row in table] == [
        [carried for _, carried in row] for row in written
    ]
    assert (
        likeness([text for row in table for text, _ in row], [text for row in written for text, _ in row]) > LIKE_ENOUGH
    )


def test_what_is_not_a_paragraph_is_a_table():
    assert all(isinstance(block, (Paragraph, Table)) for block in opened(TASKS, "docx").blocks)
