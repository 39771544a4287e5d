"""What Word shows and what it hides: lists it counts, boxes, changes that are tracked, tables in tables."""

import io

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from planner.reading.open_docx import open_docx
from planner.reading.open_numbering import Level, Numbering, written
from planner.reading.paper import Paragraph


def opened(document):
    buffer = io.BytesIO()
    document.save(buffer)
    return open_docx(buffer.getvalue())


def with_body(*elements):
    document = Document()
    for element in elements:
        document.element.body.insert(-1, parse_xml(element.replace(">", f" {nsdecls('w')}>", 1)))
    return opened(document)


def texts(paper):
    return [each.text for each in paper.paragraphs()]


def test_what_was_struck_out_is_gone_and_what_was_added_is_there():
    paper = with_body(
        "<w:p><w:r><w:t>Báo cáo </w:t></w:r>"
        "<w:del w:id='1' w:author='x'><w:r><w:delText>tháng</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='x'><w:r><w:t>quý</w:t></w:r></w:ins></w:p>"
    )

    assert texts(paper) == ["Báo cáo quý"]


def test_hidden_words_are_not_read_and_capitals_are_as_shown():
    paper = with_body(
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>bí mật </w:t></w:r>"
        "<w:r><w:rPr><w:caps/></w:rPr><w:t>kế hoạch</w:t></w:r></w:p>"
    )

    assert texts(paper) == ["KẾ HOẠCH"]


def test_a_soft_break_makes_two_lines_of_one_paragraph():
    paper = with_body("<w:p><w:r><w:t>Kính gửi:</w:t><w:br/><w:t>- Sở Nội vụ</w:t></w:r></w:p>")

    assert [(each.text, each.is_line, each.is_apart) for each in paper.paragraphs()] == [
        ("Kính gửi:", True, True),
        ("- Sở Nội vụ", True, False),
    ]


def test_a_text_box_is_read_once_before_the_paragraph_it_hangs_on():
    box = "<w:txbxContent><w:p><w:r><w:t>HỎA TỐC</w:t></w:r></w:p></w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    paper = with_body(
        f"<w:p><w:r><mc:AlternateContent {compatible}><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Công văn</w:t></w:r></w:p>"
    )

    assert texts(paper) == ["HỎA TỐC", "Công văn"]


def test_a_field_says_its_result_and_not_its_code():
    paper = with_body(
        "<w:p><w:r><w:t>Trang </w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:hyperlink><w:r><w:t>sogd.vn</w:t></w:r></w:hyperlink></w:p>"
    )

    assert texts(paper) == ["Trang sogd.vn"]


def test_a_content_control_is_only_a_wrapper():
    paper = with_body("<w:sdt><w:sdtContent><w:p><w:r><w:t>Số: 12/KH</w:t></w:r></w:p></w:sdtContent></w:sdt>")

    assert texts(paper) == ["Số: 12/KH"]


def test_a_frame_around_the_letter_is_no_table():
    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "Kính gửi: Sở Nội vụ"
    inner = cell.add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "STT", "Việc"

    paper = opened(document)

    assert texts(paper) == ["Kính gửi: Sở Nội vụ"]
    assert [[cell.text for cell in row.cells] for table in paper.tables() for row in table.rows] == [["STT", "Việc"]]


def test_words_in_the_page_head_come_first_and_a_page_number_there_is_none():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "SỞ NỘI VỤ"
    document.sections[0].header.add_paragraph("2")
    document.add_paragraph("Nội dung")

    assert texts(opened(document)) == ["SỞ NỘI VỤ", "Nội dung"]


def test_pages_are_those_word_last_laid_out():
    paper = with_body(
        "<w:p><w:r><w:t>một</w:t></w:r></w:p>",
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>hai</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>vẫn hai</w:t><w:br w:type='page'/></w:r></w:p>",
    )

    assert [(each.text, each.page) for each in paper.paragraphs()] == [("một", 1), ("hai", 2), ("vẫn hai", 2)]
    assert paper.pages == 2


@pytest.mark.parametrize("deleted", [False, True])
def test_a_row_that_was_struck_out_is_gone(deleted):
    mark = "<w:trPr><w:del w:id='1' w:author='x'/></w:trPr>" if deleted else ""
    cells = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
    paper = with_body(f"<w:tbl><w:tr>{cells.format('1')}</w:tr><w:tr>{mark}{cells.format('2')}</w:tr></w:tbl>")

    assert [row.cells[0].text for table in paper.tables() for row in table.rows] == (["1"] if deleted else ["1", "2"])


def test_old_vietnamese_letters_in_a_unicode_file_are_put_right():
    from planner.reading.open_encodings import _FROM_TCVN3

    typed = {letter: byte for byte, letter in _FROM_TCVN3.items()}
    words = "Báo cáo kết quả thực hiện của các sở, phòng về việc hoàn thành kế hoạch tháng trước ngày 20"
    document = Document()
    document.add_paragraph("".join(typed.get(letter, letter) for letter in words))
    document.add_paragraph("")

    assert texts(opened(document)) == [words]


# --- lists ------------------------------------------------------------------------------------------------------------


def counted(*steps, levels):
    numbering = Numbering(levels={"1": levels, "2": levels}, lists={"1": "a", "2": "a"})
    return [numbering.next("1", level) for level in steps]


def test_a_deeper_level_begins_anew_under_each_number():
    levels = {0: Level("upperRoman", "%1."), 1: Level("decimal", "%2."), 2: Level("lowerLetter", "%3)")}

    assert counted(0, 1, 2, 2, 1, 2, 0, 1, levels=levels) == ["I.", "1.", "a)", "b)", "2.", "a)", "II.", "1."]


def test_a_pattern_may_hold_the_numbers_above():
    levels = {0: Level("decimal", "%1."), 1: Level("decimal", "%1.%2."), 2: Level("bullet", "\uf0b7")}

    assert counted(0, 1, 1, 2, 0, 1, levels=levels) == ["1.", "1.1.", "1.2.", "-", "2.", "2.1."]


def test_a_level_without_its_upper_one_counts_it_as_begun():
    assert counted(1, levels={0: Level(text="%1."), 1: Level(text="%1.%2")}) == ["1.1"]


@pytest.mark.parametrize(
    ("count", "style", "said"),
    [
        (3, "decimal", "3"), (3, "decimalZero", "03"), (3, "lowerLetter", "c"), (28, "upperLetter", "BB"),
        (4, "lowerRoman", "iv"), (1999, "upperRoman", "MCMXCIX"), (3, "chicago", "3"),
    ],
)  # fmt: skip
def test_a_count_is_written_in_the_way_of_its_list(count, style, said):
    assert written(count, style) == said


def test_lists_of_one_pattern_go_on_counting_and_an_override_begins_anew():
    document = Document()
    for text in ("một", "hai"):
        document.add_paragraph(text, style="List Number")
    numbering = document.part.numbering_part.element
    style_number = document.styles["List Number"].element.pPr.numPr.numId.val
    pattern = next(each for each in numbering.num_lst if each.numId == style_number).abstractNumId.val
    again = numbering.add_num(pattern)
    again.add_lvlOverride(0).add_startOverride(5)
    paragraph = document.add_paragraph("năm", style="List Number")
    paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = again.numId
    document.add_paragraph("ba", style="List Number")

    found = [(each.numbering, each.text) for each in opened(document).blocks if isinstance(each, Paragraph)]
    assert found == [("1.", "một"), ("2.", "hai"), ("5.", "năm"), ("3.", "ba")]
