"""What holds for every paper, however odd: reading ends, quotes are the paper's own, dates are derived or asked."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.deadlines import read_deadline
from planner.reading.flat import flat, sight_of
from planner.reading.paper import Cell, Paper, PaperKind, Paragraph, Row, Table
from planner.reading.read import read_paper
from planner.reading.rows import draft_row
from tests.planner.reading.reading_aloud import KNOWLEDGE, is_verbatim, texts_of

SCRAPS = [
    "Giao Sở Nội vụ", "chủ trì, phối hợp với Công an tỉnh", "báo cáo kết quả", "trước ngày 10/11/2025", "hằng quý",
    "UBND các xã, phường", "KẾ HOẠCH", "Nơi nhận:", "Phụ lục I", "PHỤ LỤC", "Số: 12/KH-UBND", "Số:    /KH-UBND", "1.",
    "a)", "-", "+", "II.", "Điều 3.", "1.1.", "Đơn vị chủ trì:", "Thời gian hoàn thành:", "Quý III/2025", ";", ".",
    ":", ",", "(", ")", "Sông Hạ, ngày 05 tháng 6 năm 2025", "ngày 70 tháng 13 năm 2025", "ngay 22 thang 70 nam 2024",
    "các sở, ban, ngành", "thường xuyên", "STT", "Nội dung", "Cơ quan chủ trì", "Thời hạn", "Tỷ lệ", "100%",
    "Kính gửi:",
    "Các nội dung trên hoàn thành trước ngày 01/12/2025", "trong 05 ngày làm việc kể từ ngày ký", "Đề nghị Mặt trận",
    "nếu có khó khăn, vướng mắc", "để tổng hợp, báo cáo UBND tỉnh", "Trên đây là Kế hoạch",
    "theo Quyết định số 5/QĐ-UBND",
    "ngày 01/02/2025", "Trwdc ngay 01/11/2024", "V/v", "TM. ỦY BAN NHÂN DÂN", "Lưu: VT", "/", "…", "\t", "|",
    "<p>", "İ", "ﬁ",
    "đ", "Đ", "0", "15/11", "31/11/2025", "và", "thực hiện", "Phấn đấu", "“", "*", "¢", "nhi¢m vu", "I", "V",
]  # fmt: skip
words = st.lists(st.sampled_from(SCRAPS) | st.text(string.printable + "ăâđêôơưĂÂĐ", max_size=12), max_size=14)
texts = words.map(" ".join)
paragraphs = st.builds(
    Paragraph,
    texts,
    page=st.integers(1, 3),
    is_line=st.booleans(),
    numbering=st.sampled_from(["", "1.", "a)", "II.", "-", "x"]),
    is_apart=st.booleans(),
)
cells = st.builds(Cell, texts, is_carried=st.booleans())


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 6))
    headings = st.sampled_from(
        ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Phối hợp", "Thời hạn", "Sản phẩm", "Chỉ tiêu", ""]
    )
    first = Row(tuple(Cell(draw(headings)) for _ in range(width)))
    rows = draw(st.lists(st.tuples(*[cells] * width), max_size=5))
    return Table((first, *(Row(tuple(row), draw(st.integers(1, 3))) for row in rows)))


papers = st.builds(
    Paper,
    kind=st.sampled_from(PaperKind),
    blocks=st.lists(paragraphs | tables(), max_size=25).map(tuple),
    pages=st.integers(1, 3),
)


@settings(max_examples=60, deadline=None)
@given(papers)
def test_reading_never_raises_and_quotes_only_the_paper(paper: Paper) -> None:
    draft = read_paper(paper, KNOWLEDGE)
    assert draft_row(draft)["obligations"] is not None
    for obligation in draft.obligations:
        assert obligation.title
        assert len(obligation.title) <= 80
        assert is_verbatim(obligation.spot.quote, paper), obligation.spot.quote


@settings(max_examples=60, deadline=None)
@given(papers)
def test_every_date_is_what_the_deadline_grammar_says_or_is_asked_about(paper: Paper) -> None:
    draft = read_paper(paper, KNOWLEDGE)
    sight = sight_of(" ".join(texts_of(paper)))
    for obligation in draft.obligations:
        deadline = obligation.deadline
        if deadline.last_valid_on is None or deadline.ask:
            continue
        assert deadline.phrase is not None
        said = flat(deadline.phrase, sight).seen if sight.is_folded else deadline.phrase
        base_on = draft.header.issued_on.base_on
        again = read_deadline(said, base_on=base_on, calendar=KNOWLEDGE.calendar, before=KNOWLEDGE.before)
        assert again.last_valid_on == deadline.last_valid_on


@given(st.text(max_size=60))
def test_what_is_seen_leads_back_to_the_words_it_was_made_of(text: str) -> None:
    for sight in (sight_of("và của các"), sight_of("va cua cac " * 9)):
        seen = flat(text, sight)
        assert len(seen.seen) == len(seen.starts) == len(seen.ends)
        assert seen.verbatim(0) == " ".join(text.split())
