"""Saved web pages: what a person sees of them."""

from planner.reading.open_html import open_html
from planner.reading.paper import PaperKind


def opened(body, head="<meta charset=utf-8>"):
    return open_html(f"<html><head>{head}</head><body>{body}</body></html>".encode())


def texts(paper):
    return [f"{each.numbering} {each.text}".strip() for each in paper.paragraphs()]


def cells(paper):
    return [[(cell.text, cell.is_carried) for cell in row.cells] for table in paper.tables() for row in table.rows]


def test_scripts_styles_comments_and_what_is_hidden_are_not_read():
    paper = opened(
        "<script>var a = 1</script><style>p {}</style><!-- ghi chú --><p style='display:none'>ẩn</p>"
        "<p hidden>ẩn</p><p>hiện <span style='mso-hide:all'>ẩn</span><del>bỏ</del></p>"
    )

    assert texts(paper) == ["hiện"]


def test_words_wrapped_in_the_source_are_one_paragraph_and_a_break_makes_a_line():
    assert texts(opened("<p>Báo cáo\n   kết quả</p><p>Kính gửi:<br>- Sở Nội vụ</p>")) == [
        "Báo cáo kết quả", "Kính gửi:", "- Sở Nội vụ",
    ]  # fmt: skip


def test_words_outside_any_paragraph_are_one():
    assert texts(opened("Kế hoạch <b>số 12</b><p>Nội dung</p>hết")) == ["Kế hoạch số 12", "Nội dung", "hết"]


def test_entities_are_letters_and_an_entity_of_their_own_is_not_looked_up():
    page = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>S&#7889; 12 &amp; 13 &x;</p>'

    assert "root" not in str(open_html(page))
    assert open_html(b"<p>S&#7889; 12 &amp; 13&nbsp;/KH</p>").blocks[0].text == "Số 12 & 13 /KH"


def test_lists_are_counted_as_the_page_shows_them():
    paper = opened("<ol start=3><li>ba<li>bốn</ol><ol type=a><li>a</ol><ul><li>gạch</ul>")

    assert texts(paper) == ["3. ba", "4. bốn", "a. a", "- gạch"]


def test_merged_cells_are_carried_and_spans_end_with_the_table():
    paper = opened(
        "<table><tr><td rowspan=99>Sở Nội vụ<td>một<tr><td>hai</table>"
        "<table><tr><td colspan=2>I. PHẦN<td>x<tr><td>1<td>2<td>3</table>"
    )

    assert cells(paper) == [
        [("Sở Nội vụ", False), ("một", False)],
        [("Sở Nội vụ", True), ("hai", False)],
        [("I. PHẦN", False), ("I. PHẦN", True), ("x", False)],
        [("1", False), ("2", False), ("3", False)],
    ]


def test_a_table_that_only_lays_out_the_page_is_none():
    paper = opened("<table><tr><td><p>đầu trang</p><table><tr><td>a<td>b</table></td></tr></table>")

    assert texts(paper) == ["đầu trang"]
    assert cells(paper) == [[("a", False), ("b", False)]]


def test_a_page_may_be_in_utf_16_or_say_nothing_of_its_letters():
    assert open_html("<html><p>Kế hoạch</p></html>".encode("utf-16")).blocks[0].text == "Kế hoạch"
    assert open_html("<p>Kế hoạch</p>".encode()).kind is PaperKind.HTML


def test_a_page_word_began_anew_counts():
    paper = opened("<p>một</p><br style='page-break-before:always'><p>hai</p>")

    assert [each.page for each in paper.paragraphs()] == [1, 2]
