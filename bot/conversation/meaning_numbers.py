"""Numbers in words: "sáu mươi phần trăm", "ngày hai mươi tháng mười hai", as voice typing and older people write them.

A number is read only where one must stand, for bare of accents năm is also a year, sáu is sau, tám is tạm, tư is từ.
"""
# ruff: noqa: SIM905 - a list of words reads as words

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.meaning_words import Word

_ONES = {"mot": 1, "mốt": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "sáu": 6,
         "bay": 7, "tam": 8, "chin": 9}  # fmt: skip
_TENS = {word: ones * 10 for word, ones in _ONES.items() if word not in {"mốt", "tu", "lam", "nham"}}

_LONGEST_FIGURE, _HUNDRED = 3, 100
_PER_CENT = ("phan", "tram")
_BEFORE_A_DAY = frozenset("ngay mung mong hom".split())
_COUNTED = frozenset("ngay tuan thang hom".split())


def with_figures(words: Sequence[Word]) -> tuple[Word, ...]:
    """The same words, with numbers that were spelled written as figures, and a percentage as one word."""
    result: list[Word] = []
    place = 0
    while place < len(words):
        length, amount = _spelled(words, place)
        if length == 0:
            result.append(words[place])
            place += 1
            continue
        is_share = _plain(words, place + length, 2) == _PER_CENT
        end = place + length + (2 if is_share else 0)
        said = f"{amount}%" if is_share else str(amount)
        plain = "@pct" if is_share else said
        result.append(replace(words[place], plain=plain, end=words[end - 1].end, value=said, is_strange=False))
        place = end
    return tuple(result)


def _plain(words: Sequence[Word], place: int, length: int = 1) -> tuple[str, ...]:
    return tuple(word.plain for word in words[max(0, place) : place + length])


def _spelled(words: Sequence[Word], place: int) -> tuple[int, int]:
    """How many words from here are one number, and which; (0, 0) when none, or when it may be something else."""
    length, amount = _largest(words, place)
    if not length:
        return 0, 0
    before, after = _plain(words, place - 1) if place else (), _plain(words, place + length, 2)
    if after == _PER_CENT:
        return length, amount
    if words[place].plain.isdecimal():
        return 0, 0
    is_day = bool(before) and before[0] in _BEFORE_A_DAY and after[:1] == ("thang",)
    is_month = before == ("thang",) and place > 1 and words[place - 2].plain.isdecimal()
    if is_day and _a_month(words, place + length + 1):
        return length, amount
    if is_month and not _may_be_a_word(words, place, length):
        return length, amount
    is_counted = length > 1 and after[:1] and after[0] in _COUNTED
    is_share = length > 1 and (after[:1] == ("tren",) or before == ("tren",))
    return (length, amount) if is_counted or is_share else (0, 0)


def _a_month(words: Sequence[Word], place: int) -> bool:
    following = _plain(words, place)
    return bool(following) and (following[0].isdecimal() or _largest(words, place)[0] > 0)


def _may_be_a_word(words: Sequence[Word], place: int, length: int) -> bool:
    """ "tháng năm", "tháng sau" without their accents."""
    return length == 1 and words[place].plain in {"nam", "sau", "tam"} and words[place].value.isascii()


def _largest(words: Sequence[Word], place: int) -> tuple[int, int]:
    """One to a hundred: "ba", "mười hai", "hai mươi lăm", "bảy chục", "3 mươi"; and a figure as it stands."""
    first, second, third = (*_plain(words, place, 3), "", "", "")[:3]
    if first.isdecimal():
        return (2, int(first) * 10) if len(first) == 1 and second == "muoi" else _figure(first)
    if "tram" in {first, second} and first in {"tram", "mot"}:
        return (1 if first == "tram" else 2), _HUNDRED
    if first == "muoi":
        return (2, 10 + _ONES[second]) if second in _ONES else (1, 10)
    if first in _TENS and second in {"muoi", "chuc"}:
        return (3, _TENS[first] + _ONES[third]) if third in _ONES and second == "muoi" else (2, _TENS[first])
    return (1, _ONES[first]) if first in _ONES else (0, 0)


def _figure(digits: str) -> tuple[int, int]:
    return (1, int(digits)) if len(digits) <= _LONGEST_FIGURE else (0, 0)
