"""The letter beside its draft: every quote found where it stands, and nothing of the text lost or moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.quotes import Piece, Quotes, Segment
from bot.web.source import ShownTable, ShownText, source_of
from planner.reading.draft import Spot
from planner.reading.open_paper import open_paper
from planner.reading.paper import Cell, Paper, PaperKind, Paragraph, Row, Table
from planner.reading.read import Knowledge, read_paper
from tests.builders import CALENDAR
from tests.eval.eval_reading import SOURCES
from tests.samples.letters import all_letters


def marked(quotes: Quotes, segments: int = 1) -> list[tuple[str, tuple[int, ...]]]:
    return [(p.text, p.numbers) for number in range(segments) for p in quotes.pieces(number) if p.numbers]


def test_a_quote_is_found_whatever_its_white_space():
    quotes = Quotes([Segment("Giao  Sở Y tế\nbáo cáo\ttrước 05/11.", 1)], [Spot("Sở Y tế báo cáo trước 05/11")])
    assert marked(quotes) == [("Sở Y tế\nbáo cáo\ttrước 05/11", (1,))]
    assert quotes.found == {1}


def test_a_quote_may_go_over_paragraphs_and_cells():
    segments = [Segment("Sở Y tế báo", 1), Segment("cáo kết quả", 1), Segment("khác", 1)]
    quotes = Quotes(segments, [Spot("Y tế báo cáo kết")])
    assert marked(quotes, 3) == [("Y tế báo", (1,)), ("cáo kết", (1,))]
    assert quotes.pieces(0)[1].begins == (1,)
    assert quotes.pieces(1)[0].begins == ()


def test_several_duties_share_the_words_they_share():
    quotes = Quotes([Segment("a b c d e", 1)], [Spot("a b c"), Spot("b c d")])
    assert quotes.pieces(0) == (
        Piece("a ", (1,), (1,)),
        Piece("b c", (1, 2), (2,)),
        Piece(" d", (2,)),
        Piece(" e"),
    )


def test_the_same_quote_of_one_place_is_one_place_and_of_two_places_two():
    segments = [Segment("báo cáo", 1), Segment("báo cáo", 1)]
    same = Quotes(segments, [Spot("báo cáo", place="1"), Spot("báo cáo", place="1")])
    assert [piece.begins for number in (0, 1) for piece in same.pieces(number)] == [(1, 2), ()]
    two = Quotes(segments, [Spot("báo cáo", place="1"), Spot("báo cáo", place="2")])
    assert [piece.begins for number in (0, 1) for piece in two.pieces(number)] == [(1,), (2,)]


def test_of_several_places_the_one_on_its_page_is_meant():
    segments = [Segment("báo cáo", 1), Segment("báo cáo", 2)]
    quotes = Quotes(segments, [Spot("báo cáo", page=2)])
    assert [piece.begins for number in (0, 1) for piece in quotes.pieces(number)] == [(), (1,)]


def test_what_the_reader_joined_is_marked_in_its_parts():
    segments = [
        Segment("Rà soát quy trình của đơn vị", 1),
        Segment("xen giữa", 1),
        Segment("trước ngày 05 tháng 11", 1),
    ]
    quotes = Quotes(segments, [Spot("Rà soát quy trình của đơn vị - trước ngày 05 tháng 11")])
    assert [text for text, _ in marked(quotes, 3)] == ["Rà soát quy trình của đơn vị", "trước ngày 05 tháng 11"]
    assert quotes.pieces(0)[0].begins == (1,)


def test_what_stands_nowhere_is_marked_nowhere():
    quotes = Quotes([Segment("Sở Y tế", 1)], [Spot("Sở Nội vụ báo cáo kết quả"), Spot("")])
    assert marked(quotes) == []
    assert quotes.found == frozenset()


WORDS = st.lists(st.sampled_from(["báo", "cáo", "kết", "quả", " ", "\n", "-"]), max_size=12).map(" ".join)


@given(st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=4))
def test_no_letter_of_the_text_is_lost(texts: list[str], spots: list[str]):
    quotes = Quotes([Segment(text, 1) for text in texts], [Spot(spot) for spot in spots])
    for number, text in enumerate(texts):
        assert "".join(piece.text for piece in quotes.pieces(number)) == text
    begins = [number for each in range(len(texts)) for piece in quotes.pieces(each) for number in piece.begins]
    assert len(begins) == len(set(begins)), "a duty begins once"


def texts_of(paper: Paper) -> list[str]:
    shown = []
    for block in source_of(paper, []).blocks:
        if isinstance(block, ShownText):
            shown.append("".join(piece.text for piece in block.pieces))
        else:
            shown += ["".join(piece.text for piece in cell.pieces) for row in block.rows for cell in row.cells]
    return shown


def lines(*texts: str, **facts) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text, is_line=True, **facts) for text in texts)


def test_lines_that_were_wrapped_flow_and_items_stand_alone():
    long = "Căn cứ Luật và các nghị định về thủ tục hành chính"
    paper = Paper(
        PaperKind.PDF, lines("KẾ HOẠCH", long, "của Chính phủ;", "1. Mục đích của kế hoạch này và phạm vi", "a) x")
    )
    assert texts_of(paper) == [
        "KẾ HOẠCH",
        f"{long} của Chính phủ;",
        "1. Mục đích của kế hoạch này và phạm vi",
        "a) x",
    ]


def test_a_quote_over_two_flowing_lines_is_marked_without_a_gap():
    paper = Paper(PaperKind.PDF, lines("Giao Sở Y tế báo cáo kết quả", "rà soát hồ sơ"))
    (block,) = source_of(paper, [Spot("báo cáo kết quả rà soát")]).blocks
    assert [(piece.text, piece.numbers) for piece in block.pieces if piece.numbers] == [
        ("báo cáo kết quả", (1,)), (" ", (1,)), ("rà soát", (1,)),
    ]  # fmt: skip


def test_merged_cells_are_shown_once_sidewards_and_as_ditto_downwards():
    rows = (
        Row((Cell("I. MỤC TIÊU"), Cell("I. MỤC TIÊU", is_carried=True)), page=1),
        Row((Cell("Sở Y tế"), Cell("việc 1")), page=1),
        Row((Cell("Sở Y tế", is_carried=True), Cell("việc 2")), page=2),
    )
    (table,) = source_of(Paper(PaperKind.DOCX, (Table(rows),), pages=2), [Spot("việc 2", page=2)]).blocks
    assert isinstance(table, ShownTable)
    assert [(len(row.cells), row.cells[0].span, row.cells[0].is_ditto) for row in table.rows] == [
        (1, 2, False), (2, 1, False), (2, 1, True),
    ]  # fmt: skip
    assert [row.opens_page for row in table.rows] == [1, None, 2]
    assert table.rows[2].cells[1].pieces == (Piece("việc 2", (1,), (1,)),)


def test_what_the_scanner_doubted_is_marked():
    paper = Paper(PaperKind.SCAN, (Paragraph("rõ", confidence=0.95), Paragraph("mờ", confidence=0.4)))
    source = source_of(paper, [])
    assert [block.is_doubted for block in source.blocks] == [False, True]
    assert source.has_doubts


SHAPES = ("docx", "pdf", "html", "broken", "xlsx")
READABLE = [each for each in all_letters(*SHAPES) if each.name != "cong-van-mat"]
"""A secret letter is not read at all."""


@pytest.mark.parametrize("sample", READABLE, ids=str)
def test_every_duty_of_every_sample_is_found_in_its_letter(sample):
    paper = open_paper(sample.content, recognise=None)
    draft = read_paper(paper, Knowledge(CALENDAR))
    source = source_of(paper, [duty.spot for duty in draft.obligations])
    assert source.found == set(range(1, len(draft.obligations) + 1))


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the sources lie beside the repository, not in it")
def test_every_duty_of_the_sources_is_found_in_its_letter():
    for path in sorted(SOURCES.glob("*.txt")):
        paper = open_paper(path.read_bytes(), recognise=None)
        draft = read_paper(paper, Knowledge(CALENDAR))
        source = source_of(paper, [duty.spot for duty in draft.obligations])
        assert source.found == set(range(1, len(draft.obligations) + 1)), path.name
