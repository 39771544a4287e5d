"""What an item of an official letter begins with: I., 1., 1.1., a), -, +, Điều 1., and how these nest."""

import re
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """Cấp của một mục, the higher the deeper.

    HEAD is a paragraph without a mark that announces the dashes below it; NONE any other without one.
    """

    PART = 1
    ROMAN = 2
    ARTICLE = 3
    NUMBER = 4
    SUBNUMBER = 5
    SUBSUBNUMBER = 6
    LETTER = 7
    HEAD = 8
    DASH = 9
    PLUS = 10
    NONE = 20


@dataclass(frozen=True, slots=True)
class Marker:
    """Dấu đầu mục. `label` is what a place is called by ("IV", "3", "b"); empty for dashes, which are counted."""

    level: Level
    label: str
    length: int


_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{0,3}))"
_LETTER = r"[a-zđ]{1,2}"
_MARKERS: tuple[tuple[Level, re.Pattern[str]], ...] = tuple(
    (level, re.compile(pattern))
    for level, pattern in (
        (Level.PART, r"(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:THỨ\s+)?(?P<label>[IVX]+|\d+|[A-ZĐÀ-Ỹ]{2,6})\b[.:]?\s*"),
        (Level.ARTICLE, r"(?:Điều|ĐIỀU|Dieu|Diéu|Điéu)\s+(?P<label>\d{1,3})\s*[.:]\s*"),
        (Level.ROMAN, rf"(?P<label>(?=[IVX]){_ROMAN})\s*[.)\-:]\s*(?=\S)"),
        (Level.PART, r"(?P<label>[A-HĐ])\s*[.)]\s+(?=[A-ZĐÀ-Ỹ])"),
        (Level.SUBSUBNUMBER, r"(?P<label>\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?\d{1,2})\s*[.):]?\s+(?=\S)"),
        (Level.SUBNUMBER, r"(?P<label>\d{1,2}\s?\.\s?\d{1,2})\s*[.):]\s*(?=\D)"),
        (Level.SUBNUMBER, r"(?P<label>\d{1,2}\.\d{1,2})\s+(?=[A-ZĐÀ-Ỹ])"),
        (Level.NUMBER, r"(?P<label>\d{1,2})\s*[.)](?!\d)\s*(?=\S)"),
        (Level.NUMBER, r"(?:Mục|MỤC|Khoản|Nhiệm vụ)\s+(?P<label>\d{1,2})\s*[.:]\s*"),
        (Level.LETTER, rf"(?P<label>{_LETTER})\s*[)]\s*(?=\S)"),
        (Level.LETTER, r"(?P<label>[a-eghđ])\s*\.\s+(?=[A-ZĐÀ-Ỹ])"),
        (Level.PLUS, r"(?P<label>)(?:[-–~]\s*)?[+]\s*(?=\S)"),
        (Level.DASH, r"(?P<label>)(?:[-–—•●▪■◦○*·♦❖➢]|o(?=\s+[A-ZĐÀ-Ỹ]))\s*(?=[^\s\-–_*])"),
    )
)
_YEAR_OR_DATE = re.compile(r"\d{1,2}\s*[./]\s*\d{1,2}\s*[./]\s*\d{2,4}")


def marker_of(text: str) -> Marker | None:
    """The mark a paragraph begins with, None when it has none; a date at its head is no mark."""
    if _YEAR_OR_DATE.match(text):
        return None
    for level, pattern in _MARKERS:
        found = pattern.match(text)
        if found:
            return Marker(level, re.sub(r"\s+", "", found["label"]), found.end())
    return None
