"""What the reading process says goes over whole, and nothing else goes over."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.opening.answers import NonsenseError, hint_of, say_error, say_page, say_paper, understood
from models.errors import UnreadableFileError
from planner.reading.paper import Cell, Paper, PaperKind, Paragraph, Row, Table

words = st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cf", "Cn")), max_size=20).map(
    lambda text: unicodedata.normalize("NFC", text)
)
paragraphs = st.builds(
    Paragraph, text=words, page=st.integers(1, 200), is_line=st.booleans(), numbering=words,
    confidence=st.floats(0, 1), is_apart=st.booleans(),
)  # fmt: skip
rows = st.builds(Row, st.lists(st.builds(Cell, words, st.booleans()), max_size=3).map(tuple), st.integers(1, 200))
tables = st.builds(Table, st.lists(rows, max_size=3).map(tuple))
papers = st.builds(
    Paper, st.sampled_from(PaperKind), st.lists(paragraphs | tables, max_size=4).map(tuple), st.integers(1, 200),
    st.lists(words, max_size=2).map(tuple),
)  # fmt: skip


@given(papers)
def test_a_paper_goes_over_whole(paper):
    assert understood(say_paper(paper).encode()) == paper


def test_pages_and_reasons_go_over():
    assert understood(say_page(2, 5).encode()) == (2, 5)
    said = say_error(UnreadableFileError("too-many-pages", limit=200), hint="KeyError at open_pdf.py:1").encode()
    error = understood(said)
    assert isinstance(error, UnreadableFileError)
    assert (error.reason, error.limit) == ("too-many-pages", 200)
    assert hint_of(said) == "KeyError at open_pdf.py:1"


def test_controls_and_turned_writing_are_taken_out():
    paper = Paper(PaperKind.TEXT, (Paragraph("Kế\x00 hoạch\u202e\u200b \x1b[31m"),))

    read = understood(say_paper(paper).encode())

    assert isinstance(read, Paper)
    assert read.blocks == (Paragraph("Kế hoạch [31m"),)


def test_half_a_letter_is_taken_out():
    assert understood(b'{"paper": {"kind": "text", "pages": 1, "notes": ["\\ud800x"], "blocks": []}}').notes == ("x",)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{", b"[]", b"1", b'{"done": "1", "of": 2}', b'{"done": -1, "of": 2}', b'{"done": true, "of": 2}',
        b'{"error": "whatever"}', b'{"error": ["empty"]}', b'{"paper": []}',
        b'{"paper": {"kind": "exe", "pages": 1, "notes": [], "blocks": []}}',
        b'{"paper": {"kind": "text", "pages": 1, "notes": [], "blocks": [{"rows": [[1, [["x"]]]]}]}}',
        b'{"paper": {"kind": "text", "pages": 1, "notes": [], "blocks": [{"rows": [[1, [["x", 1]]]]}]}}',
        b'{"paper": {"kind": "text", "pages": 1, "notes": [1], "blocks": []}}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_nonsense_is_told_as_such(line):
    with pytest.raises(NonsenseError):
        understood(line)
