"""A sample letter as text: clean, or as a scanner's program of the past left it, wrapped and with broken accents."""

import textwrap
import unicodedata
import zlib

from tests.samples.content import Grid, PageBreak

WRAPPED_AT = 78
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SHAPES = str.maketrans({"ă": "a", "ơ": "o", "đ": "d", "Ă": "A", "Ơ": "O", "Đ": "D", "Ư": "U"})


def as_text(letter):
    """Paragraphs on lines of their own; rows of tables flattened to a cell a line, each after a tab."""
    return "\n".join(_lines(letter)).encode()


def as_broken_text(letter):
    """Lines of a page, an empty one between paragraphs; the words of a table run on without their frame."""
    wrapped = []
    for line in _lines(letter):
        words = line.strip("\t")
        wrapped += ["\f"] if line == "\f" else textwrap.wrap(broken(words), WRAPPED_AT)
        wrapped += [] if line.startswith("\t") or line == "\f" else [""]
    return "\n".join(wrapped).encode()


def broken(text):
    """Tones lost or turned, hooks fallen off, as real scans have it; figures and capitals' shapes stay."""
    return " ".join(_broken(word) for word in text.split(" "))


def _broken(word):
    chance = zlib.crc32(word.encode()) % 10
    kept = _TONES if chance == 0 else {"\u0301"} if chance < 4 else set()
    letters = "".join(mark for mark in unicodedata.normalize("NFD", word) if mark not in _TONES or mark in kept)
    bare = unicodedata.normalize("NFC", letters).translate(_SHAPES).replace("ư", "u" if chance % 2 else "w")
    return bare.replace("ê", "é" if chance < 5 else "e").replace("ô", "o" if chance < 7 else "6")


def _lines(letter):
    if letter.stamp:
        yield letter.stamp
    yield from _rows([["\n".join(lines) for lines in row] for row in letter.head])
    for each in letter.body:
        yield from _part(each)
    yield from _rows([["\n".join(lines) for lines in row] for row in letter.foot])
    for each in letter.annex:
        yield from _part(each)


def _part(each):
    if isinstance(each, PageBreak):
        yield "\f"
    elif isinstance(each, Grid):
        yield from _rows([_flat(row) for row in each.full()])
    else:
        yield each.typed


def _flat(row):
    """A cell merged over columns comes out once, the lower part of one merged over rows comes out empty."""
    for number, (text, is_carried) in enumerate(row):
        if not is_carried:
            yield text
        elif not number or row[number - 1][0] != text:
            yield ""


def _rows(rows):
    for row in rows:
        yield from (f"\t{line}" if not number else line for cell in row for number, line in enumerate(cell.split("\n")))
        yield ""
