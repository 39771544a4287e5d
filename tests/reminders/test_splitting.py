"""A long text is cut where a reader would pause, and never inside a letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.splitting import split_text, text_length

LETTERS = st.sampled_from(
    [*"aệ \n\u0301\u0323\u200d", "\n\n", "😀", "👨‍👩‍👧", "🇻🇳", "👍🏽", "e\u0302\u0323", "\U0001d11e", "việc", "  "]
)
TEXTS = st.lists(LETTERS, max_size=60).map("".join)


def without_white_space(text: str) -> str:
    return "".join(text.split())


@given(text=TEXTS, limit=st.integers(min_value=2, max_value=40), unit=st.sampled_from(["characters", "utf16"]))
def test_every_piece_fits_none_is_blank_and_together_they_say_the_same(text, limit, unit):
    pieces = split_text(text, limit=limit, unit=unit)

    assert all(text_length(piece, unit) <= limit for piece in pieces)
    assert all(piece.strip() for piece in pieces)
    assert without_white_space("".join(pieces)) == without_white_space(text)


@given(words=st.lists(st.sampled_from(["ệ", "e\u0302\u0323", "👍🏽", "🇻🇳", "👨‍👩‍👧"]), min_size=1, max_size=80))
def test_no_letter_is_parted_from_its_marks(words):
    pieces = split_text("".join(words), limit=11, unit="utf16")

    for piece in pieces:
        first = piece[0]
        assert unicodedata.combining(first) == 0
        assert first not in "\u200d\U0001f3fd"
        assert not piece.endswith("\u200d")
        assert sum("\U0001f1e6" <= char <= "\U0001f1ff" for char in piece) % 2 == 0


@given(text=TEXTS, limit=st.integers(min_value=1, max_value=400))
def test_a_text_that_fits_is_left_as_it_is(text, limit):
    if text.strip() and text_length(text, "utf16") <= max(limit, 2):
        assert split_text(text, limit=max(limit, 2), unit="utf16") == [text]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        pytest.param("một hai ba\n\nbốn\nnăm", 16, ["một hai ba", "bốn\nnăm"], id="paragraph before line"),
        pytest.param("một hai\nba bốn năm", 14, ["một hai", "ba bốn năm"], id="line before word"),
        pytest.param("một hai ba bốn", 10, ["một hai ba", "bốn"], id="a word that ends at the limit stays whole"),
        pytest.param("a\n\nmột hai ba bốn", 12, ["a\n\nmột hai", "ba bốn"], id="no crumb for a paragraph's sake"),
        pytest.param("nghiêmtrọng", 6, ["nghiêm", "trọng"], id="one long word is cut"),
        pytest.param("  \n ", 4, [], id="nothing to say"),
        pytest.param(
            "a" * 3 + "\u0301" * 9,
            4,
            ["aa", "a\u0301\u0301\u0301", "\u0301" * 4, "\u0301" * 2],
            id="marks beyond the limit",
        ),
    ],
)
def test_the_cut_is_made_at_the_best_border(text, limit, pieces):
    assert split_text(text, limit=limit, unit="characters") == pieces


def test_utf16_counts_a_letter_outside_the_basic_plane_twice():
    assert text_length("😀a", "utf16") == 3
    assert split_text("😀😀😀", limit=4, unit="utf16") == ["😀😀", "😀"]
    assert split_text("😀😀😀", limit=4, unit="characters") == ["😀😀😀"]


def test_a_limit_that_holds_no_letter_is_refused():
    with pytest.raises(ValueError, match="cannot hold"):
        split_text("😀", limit=1, unit="utf16")
