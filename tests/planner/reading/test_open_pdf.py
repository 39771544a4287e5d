"""PDF files: what a person sees on the page, however the file is built."""

import io
from itertools import pairwise

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from models.errors import UnreadableFileError
from planner.reading import open_pdf
from planner.reading.open_layout import PlacedWord
from planner.reading.open_pages import Page, blocks_of
from planner.reading.open_ruling import Rule
from planner.reading.paper import PaperKind
from tests.samples.as_pdf import _styles, as_pdf
from tests.samples.as_scan import as_scan
from tests.samples.contents import ANNEX, REPORTS


def opened(content, recognise=None):
    return open_pdf.open_pdf(content, recognise=recognise, on_page=lambda done, of: None)


@pytest.fixture
def canvas():
    _styles()
    buffer = io.BytesIO()
    drawn = Canvas(buffer, pagesize=A4, invariant=1)
    drawn.buffer = buffer
    drawn.setFont("DejaVuSerif", 12)
    return drawn


def read(canvas, recognise=None):
    canvas.save()
    return opened(canvas.buffer.getvalue(), recognise)


def texts(paper):
    return [each.text for each in paper.paragraphs()]


@pytest.mark.parametrize(
    ("turns", "origin"), [(0, (0, 0)), (90, (A4[0], 0)), (180, A4), (270, (0, A4[1]))], ids=["0", "90", "180", "270"]
)
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(canvas, turns, origin):
    """Annexes of wide tables are drawn along the sheet and turned by a mark of the page."""
    canvas.setPageRotation(turns)
    canvas.translate(*origin)
    canvas.rotate(turns)
    canvas.drawString(100, 500, "PHỤ LỤC")
    canvas.grid([90, 140, 300], [400, 430, 460])
    for x, y, word in ((100, 440, "STT"), (150, 440, "Nhiệm vụ"), (100, 410, "1"), (150, 410, "Báo cáo")):
        canvas.drawString(x, y, word)

    paper = read(canvas)

    assert texts(paper) == ["PHỤ LỤC"]
    assert rows_of(paper.blocks) == [[("STT", False), ("Nhiệm vụ", False)], [("1", False), ("Báo cáo", False)]]


def test_the_mark_of_a_footnote_is_not_read_as_a_figure(canvas):
    canvas.drawString(100, 700, "giao 12 nhiệm vụ")
    canvas.setFont("DejaVuSerif", 7)
    canvas.drawString(100 + canvas.stringWidth("giao 12 nhiệm vụ", "DejaVuSerif", 12), 705, "3")

    assert texts(read(canvas)) == ["giao 12 nhiệm vụ"]


def test_words_behind_the_picture_of_a_page_are_only_the_second_best(canvas):
    """A scanner's own program left them; ours knows Vietnamese."""
    canvas.drawImage(io_picture(), 0, 0, *A4)
    words = canvas.beginText(100, 700)
    words.setTextRenderMode(3)
    words.textLine("Uy ban nhan dan tinh")
    canvas.drawText(words)
    canvas.save()
    content = canvas.buffer.getvalue()

    without = opened(content)
    read_again = opened(content, iter_words)

    assert texts(without) == ["Uy ban nhan dan tinh"]
    assert without.notes == ("Trang 1 là ảnh quét, máy này chưa đọc được chữ trong ảnh.",)
    assert texts(read_again) == ["Ủy ban"]


def io_picture():
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    return ImageReader(Image.new("L", (200, 280), 250))


def iter_words(pictures):
    for _ in pictures:
        yield "\n".join(
            f"5\t1\t1\t1\t1\t{number}\t{300 + 300 * number}\t400\t200\t50\t95.0\t{word}"
            for number, word in enumerate(["Ủy", "ban"], start=1)
        )


def test_a_scan_without_a_recogniser_is_refused():
    with pytest.raises(UnreadableFileError) as refusal:
        opened(as_scan(REPORTS))

    assert refusal.value.reason == "no-recogniser"


def test_a_page_of_pictures_among_pages_of_words_is_told_and_the_rest_read(canvas):
    canvas.drawString(100, 700, "Trang chữ")
    canvas.showPage()
    canvas.drawImage(io_picture(), 0, 0, *A4)

    paper = read(canvas)

    assert paper.kind is PaperKind.PDF
    assert texts(paper) == ["Trang chữ"]
    assert paper.notes == ("Trang 2 là ảnh quét, máy này chưa đọc được chữ trong ảnh.",)


def test_a_locked_file_and_one_too_long_are_refused(canvas, monkeypatch):
    from reportlab.lib.pdfencrypt import StandardEncryption

    buffer = io.BytesIO()
    locked = Canvas(buffer, encrypt=StandardEncryption("mật khẩu"))
    locked.drawString(100, 700, "x")
    locked.save()
    with pytest.raises(UnreadableFileError) as refusal:
        opened(buffer.getvalue())
    assert refusal.value.reason == "encrypted"

    monkeypatch.setattr(open_pdf, "MOST_PAGES", 2)
    with pytest.raises(UnreadableFileError) as refusal:
        opened(as_pdf(ANNEX))
    assert (refusal.value.reason, refusal.value.limit) == ("too-many-pages", 2)


def test_pages_are_told_one_by_one():
    told = []

    open_pdf.open_pdf(as_pdf(ANNEX), recognise=None, on_page=lambda done, of: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]


# --- pages as they are set out: words and ruling lines, without any file -------------------------------------------

WIDTH, HEIGHT = 595, 842


def line(text, x, y, *, step=6.0, size=12.0):
    words = []
    for word in text.split():
        words.append(PlacedWord(word, x, y, x + step * len(word), y + size))
        x += step * (len(word) + 1)
    return words


def ruled(xs, ys, missing=()):
    """A grid; `missing` names stretches of level lines that are not drawn: (row line, column)."""
    rules = [Rule(False, x, ys[0], ys[-1]) for x in xs]
    for number, y in enumerate(ys):
        rules += [
            Rule(True, y, start, end)
            for column, (start, end) in enumerate(pairwise(xs))
            if (number, column) not in missing
        ]
    return rules


def page(number, *parts, rules=()):
    return Page(number, WIDTH, HEIGHT, tuple(word for part in parts for word in part), tuple(rules))


def rows_of(blocks):
    return [
        [(cell.text, cell.is_carried) for cell in row.cells] for block in blocks for row in getattr(block, "rows", ())
    ]


XS = (60, 100, 300, 500)


def header(y):
    return [*line("STT", 62, y), *line("Nhiệm vụ", 105, y), *line("Chủ trì", 305, y)]


def row(y, number, task, unit):
    return [*line(number, 62, y), *line(task, 105, y), *line(unit, 305, y)]


def test_a_merged_cell_that_a_page_cuts_goes_on_below_it():
    first = page(1, header(700), row(730, "1", "Báo cáo", "Sở Nội vụ"), rules=ruled(XS, (695, 725, 760)))
    second = page(2, header(60), row(90, "2", "Tổng hợp", ""), row(120, "3", "Công khai", ""),
                  rules=ruled(XS, (55, 85, 115, 150), missing={(2, 2)}))  # fmt: skip

    (table,) = blocks_of([first, second])

    assert rows_of([table])[1:] == [
        [("1", False), ("Báo cáo", False), ("Sở Nội vụ", False)],
        [("2", False), ("Tổng hợp", False), ("Sở Nội vụ", True)],
        [("3", False), ("Công khai", False), ("Sở Nội vụ", True)],
    ]


def test_an_empty_cell_of_one_row_after_a_page_stays_empty():
    first = page(1, header(700), row(730, "1", "Báo cáo", "Sở Nội vụ"), rules=ruled(XS, (695, 725, 760)))
    second = page(2, row(60, "2", "Tổng hợp", ""), rules=ruled(XS, (55, 85)))

    (table,) = blocks_of([first, second])

    assert rows_of([table])[-1] == [("2", False), ("Tổng hợp", False), ("", False)]


def test_a_row_that_a_page_breaks_is_whole_again():
    first = page(1, header(700), row(730, "1", "Báo cáo kết quả", "Sở Nội vụ"), rules=ruled(XS, (695, 725, 760)))
    second = page(2, row(60, "", "thực hiện", ""), row(90, "2", "Tổng hợp", "Sở Y tế"), rules=ruled(XS, (55, 85, 115)))

    (table,) = blocks_of([first, second])

    assert rows_of([table])[1:] == [
        [("1", False), ("Báo cáo kết quả thực hiện", False), ("Sở Nội vụ", False)],
        [("2", False), ("Tổng hợp", False), ("Sở Y tế", False)],
    ]


def test_a_table_of_other_columns_on_the_next_page_is_another_table():
    first = page(1, header(700), rules=ruled(XS, (695, 725)))
    second = page(2, row(60, "1", "Báo cáo", "x"), rules=ruled((60, 100, 300, 420), (55, 85)))

    assert len(blocks_of([first, second])) == 2


def test_lines_drawn_in_pieces_and_twice_make_the_same_table():
    rules = ruled(XS, (695, 725, 760))
    pieces = [*rules, *(Rule(rule.is_level, rule.at + 1, rule.start, rule.end) for rule in rules)]

    whole = page(1, header(700), row(730, "1", "Báo cáo", "Sở"), rules=ruled(XS, (695, 725, 760)))
    drawn = page(1, header(700), row(730, "1", "Báo cáo", "Sở"), rules=pieces)

    assert rows_of(blocks_of([whole])) == rows_of(blocks_of([drawn])) != []


def test_a_frame_around_one_text_and_a_line_under_another_are_no_table():
    framed = page(1, line("HỎA TỐC", 100, 100), rules=[*ruled((90, 200), (90, 120)), Rule(True, 300, 60, 200)])

    assert [block.text for block in blocks_of([framed])] == ["HỎA TỐC"]


def test_words_in_a_cell_that_were_only_wrapped_are_joined_and_items_are_not():
    cell = [*line("Các sở, ban, ngành và", 105, 700, step=9), *line("các xã", 105, 715), *line("- Sở Y tế", 105, 730)]
    table = page(1, line("1", 62, 700), cell, rules=ruled((60, 100, 300), (695, 760)))

    assert rows_of(blocks_of([table])) == [[("1", False), ("Các sở, ban, ngành và các xã\n- Sở Y tế", False)]]


def footnote(size):
    return page(1, line("Nội dung của đoạn", 60, 300), line("1 Văn bản đã dẫn", 60, 720, size=size),
                rules=[Rule(True, 710, 60, 200)])  # fmt: skip


def test_a_footnote_is_passed_over_and_words_as_large_as_the_text_are_not():
    assert [block.text for block in blocks_of([footnote(10)])] == ["Nội dung của đoạn"]
    assert [block.text for block in blocks_of([footnote(12)])] == ["Nội dung của đoạn", "1 Văn bản đã dẫn"]


def test_the_same_words_on_every_page_are_its_margin_and_said_never():
    pages = [page(n, line("Văn bản lưu hành nội bộ", 60, 30), line(f"Nội dung {n}", 60, 300)) for n in (1, 2, 3)]

    assert [block.text for block in blocks_of(pages)] == ["Nội dung 1", "Nội dung 2", "Nội dung 3"]


@pytest.mark.parametrize("number", ["2", "- 2 -", "Trang 2/5", "2/5"])
def test_a_page_number_is_dropped_and_a_figure_in_the_text_is_not(number):
    both = page(1, line(number, 290, 30), line("Nội dung", 60, 300), line("2026", 60, 400), line("Hết", 60, 500))

    assert [block.text for block in blocks_of([both])] == ["Nội dung", "2026", "Hết"]


def test_a_paragraph_goes_on_over_the_page():
    full = "Nội dung của đoạn này dài tới hết dòng và còn nữa " * 2
    first = page(1, line(full, 60, 700, step=5), line(full, 60, 720, step=5))
    second = page(2, line("phần còn lại", 60, 60, step=5), line(full, 60, 80, step=5), line(full, 60, 100, step=5))

    assert [block.is_apart for block in blocks_of([first, second])][:3] == [True, False, False]
