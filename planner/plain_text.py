"""Text from files made comparable: one spelling of the same letters, and names without accents, case or punctuation."""

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NOT_A_LETTER = re.compile(r"[\W_]+")


def tidy(text: str) -> str:
    """NFC, one space between words, no invisible characters pasted along from a word processor."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def plain(text: str) -> str:
    """ "Sở TT&TT" and "so tt tt" are both "so tt tt"; to compare names with, never to show."""
    decomposed = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_A_LETTER.sub(" ", bare).strip()
