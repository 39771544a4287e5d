"""Cuts a text that a channel cannot carry in one message into pieces a person still reads with ease. Pure."""

import unicodedata
from collections.abc import Iterator
from typing import Literal

LengthUnit = Literal["characters", "utf16"]

_BORDERS = ("\n\n", "\n", " ")
_ZERO_WIDTH_JOINER = "\u200d"
_LAST_OF_THE_BASIC_PLANE = "\uffff"


def text_length(text: str, unit: LengthUnit) -> int:
    """How long the platform says the text is: a letter outside the basic plane counts two in UTF-16."""
    if unit == "characters":
        return len(text)
    return len(text) + sum(char > _LAST_OF_THE_BASIC_PLANE for char in text)


def split_text(text: str, *, limit: int, unit: LengthUnit) -> list[str]:
    """Pieces of at most `limit`, in order: cut between paragraphs, else lines, else words, else letters.

    Only the white space at a cut is dropped. A letter is never parted from its marks, unless one letter alone
    carries more marks than `limit` holds. A text of nothing but white space has no pieces.
    """
    if limit < _widest(unit):
        raise ValueError(f"limit {limit} cannot hold one letter")
    return list(_pieces(text, limit, unit))


def _pieces(text: str, limit: int, unit: LengthUnit) -> Iterator[str]:
    rest = text
    while text_length(rest, unit) > limit:
        cut = _cut(rest, _longest_prefix(rest, limit, unit))
        if piece := rest[:cut].rstrip():
            yield piece
        rest = rest[cut:].lstrip()
    if rest.strip():
        yield rest


def _widest(unit: LengthUnit) -> int:
    return 2 if unit == "utf16" else 1


def _longest_prefix(text: str, limit: int, unit: LengthUnit) -> int:
    """The index of the first letter that no longer fits."""
    if unit == "characters":
        return limit
    length = 0
    for index, char in enumerate(text):
        length += 2 if char > _LAST_OF_THE_BASIC_PLANE else 1
        if length > limit:
            return index
    return len(text)


def _cut(text: str, end: int) -> int:
    # a border in the second half first: a better kind of border is not worth a crumb of a message
    for least in (end // 2, 1):
        for border in _BORDERS:
            found = _last_border(text, border, least, end)
            if found is not None:
                return found
    letter = end
    while letter > 1 and _belongs_together(text, letter):
        letter -= 1
    return letter if letter > 1 or not _belongs_together(text, 1) else end


def _last_border(text: str, border: str, least: int, end: int) -> int | None:
    found = text.rfind(border, least, end + len(border))
    while found >= least:
        # a space that carries a mark of its own is a letter, not a border
        if not _belongs_together(text, found + len(border)):
            return found
        found = text.rfind(border, least, found)
    return None


def _belongs_together(text: str, index: int) -> bool:
    """Whether a cut before `index` would part one visible letter."""
    if not 0 < index < len(text):
        return False
    before, after = text[index - 1], text[index]
    if _extends(after) or before == _ZERO_WIDTH_JOINER:
        return True
    return _is_flag_half(before) and _is_flag_half(after) and _flag_halves_before(text, index) % 2 == 1


def _extends(char: str) -> bool:
    return (
        unicodedata.category(char) in {"Mn", "Mc", "Me"}
        or char == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags of regional flags
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, index: int) -> int:
    count = 0
    while count < index and _is_flag_half(text[index - count - 1]):
        count += 1
    return count
