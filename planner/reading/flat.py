"""A text made comparable while every place in it still leads back to the words as they stand on the paper.

Clean Vietnamese is compared with its accents, because "Sở" and "số" are two words. A text whose accents were lost
(typed without, or broken by a scanner) is compared folded, and its set phrases are mended first.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from planner.reading.mending import mended_tokens

FEWEST_WORDS = 12
"""Fewer words than this say nothing about how a text was made."""

LEAST_ACCENTED = 0.5
"""Clean official Vietnamese has an accent on 70-80 words in a hundred, a broken scan on 20-40."""

MOST_BARE = 0.12
"""Of the small words, how many a clean text may have without accents: abbreviations and foreign names."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_LIKE = str.maketrans(
    {
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "\u00a0": " ", "“": '"', "”": '"', "„": '"', "‘": "'",
        "’": "'", "¢": "e", "¥": "y", "‒": "-", "\u00ad": "-",
    }
)  # fmt: skip
_TONE_PLACES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_OLD_TONE = re.compile("(?<!q)(?:" + "|".join(_TONE_PLACES) + r")(?![^\W\d_])")


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Sight:
    """Cách nhìn một văn bản: `is_folded` when its accents cannot be trusted."""

    is_folded: bool


def sight_of(text: str) -> Sight:
    """How a whole document is to be compared: by its small words, which stand in every text and lose accents first."""
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text))]
    bare = sum(1 for word in words if word in _BARE)
    whole = sum(1 for word in words if word in _SMALL_WORDS)
    if bare + whole >= FEWEST_WORDS:
        return Sight(bare > MOST_BARE * (bare + whole))
    accented = sum(1 for word in words if not word.isascii() and _is_vietnamese(word))
    return Sight(len(words) >= FEWEST_WORDS and accented < LEAST_ACCENTED * len(words))


_SMALL_WORDS = frozenset(["và", "của", "các", "với", "được", "thực", "hiện", "người", "nhân", "dân", "sở", "đơn", "vị"])
_BARE = frozenset(map(_without_accents, _SMALL_WORDS))


def _is_vietnamese(word: str) -> bool:
    return all(letter.isascii() or "À" <= letter <= "ỹ" for letter in word)


@dataclass(frozen=True, slots=True)
class Flat:
    """Một đoạn đã làm phẳng. `seen` is what patterns run on; `starts` and `ends` lead each of its letters back."""

    text: str
    seen: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sight: Sight

    def verbatim(self, start: int, end: int | None = None) -> str:
        """The words on the paper behind `seen[start:end]`, with single spaces."""
        end = len(self.seen) if end is None else end
        while start < end and self.seen[start] == " ":
            start += 1
        while end > start and self.seen[end - 1] == " ":
            end -= 1
        if start >= end:
            return ""
        return " ".join(self.text[self.starts[start] : self.ends[end - 1]].split())

    def part(self, start: int, end: int | None = None) -> "Flat":
        end = len(self.seen) if end is None else end
        while start < end and self.seen[start] == " ":
            start += 1
        while end > start and self.seen[end - 1] == " ":
            end -= 1
        return Flat(self.text, self.seen[start:end], self.starts[start:end], self.ends[start:end], self.sight)

    def is_capital(self, at: int) -> bool:
        """Whether the letter stands as a capital on the paper."""
        return at < len(self.starts) and self.text[self.starts[at]].isupper()


@lru_cache(maxsize=1024)
def flat(text: str, sight: Sight) -> Flat:
    """A text as patterns see it; one letter asks for each of its lines several times."""
    seen: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, word in _pieces(text, sight):
        if word == " ":
            if seen and seen[-1] != " ":
                seen.append(" ")
                starts.append(start)
                ends.append(end)
            continue
        seen.append(word)
        if len(word) == end - start:
            starts += range(start, end)
            ends += range(start + 1, end + 1)
        else:
            starts += [start] * len(word)
            ends += [end] * len(word)
    return Flat(text, "".join(seen), tuple(starts), tuple(ends), sight)


def _pieces(text: str, sight: Sight) -> list[tuple[int, int, str]]:
    """(start, end, letters to compare): spaces, single signs and whole words, in order."""
    lowered = plain_letters(text, is_folded=sight.is_folded)
    pieces = [(found.start(), found.end(), found[0]) for found in re.finditer(r"\s+|[\w@€&]+|[^\w\s]", lowered)]
    pieces = [(start, end, " " if word.isspace() else word) for start, end, word in pieces]
    if not sight.is_folded:
        return pieces
    return mended_tokens([(start, end, _as_scanned(word)) for start, end, word in pieces])


def _as_scanned(word: str) -> str:
    """What a scanner makes of ư and ô inside a word: w, 6 and 0. Same length."""
    if word in _FOREIGN or not any(letter.isalpha() for letter in word):
        return word
    return _SCANNED_O.sub("o", word.replace("w", "u"))


_SCANNED_O = re.compile(r"(?<=[a-z])[60](?=[a-z])|(?<=^[a-z])[60]$")
_FOREIGN = frozenset(["wifi", "web", "website", "www", "word", "windows"])


def plain_letters(text: str, *, is_folded: bool) -> str:
    """Lower case, one spelling of signs and tones; same length as the text given."""
    lowered = text.translate(_LOWER).translate(_LIKE)
    if not is_folded:
        return _OLD_TONE.sub(lambda found: _TONE_PLACES[found[0]], lowered)
    return lowered.translate(_BARE_LETTERS)


class _Letters(dict[int, str]):
    """Bảng chữ, for `str.translate`: each letter is looked at once, and stays one letter."""

    def __init__(self, one_letter: Callable[[str], str]) -> None:
        super().__init__()
        self.one_letter = one_letter

    def __missing__(self, code: int) -> str:
        self[code] = self.one_letter(chr(code))
        return self[code]


def _lower(letter: str) -> str:
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else letter


def _bare(letter: str) -> str:
    if letter == "đ":
        return "d"
    decomposed = unicodedata.normalize("NFD", letter)
    return decomposed[0] if decomposed else letter


_LOWER, _BARE_LETTERS = _Letters(_lower), _Letters(_bare)


class Words:
    """Một mẫu chữ, written with accents; it also searches texts that lost theirs."""

    def __init__(self, pattern: str, *, when_folded: str | None = None) -> None:
        """`when_folded` is the pattern (with accents) for folded texts, where it must be a narrower one."""
        self.accented = re.compile(pattern)
        self.folded = re.compile(plain_letters_of_pattern(pattern if when_folded is None else when_folded))

    def _for(self, text: Flat) -> re.Pattern[str]:
        return self.folded if text.sight.is_folded else self.accented

    def search(self, text: Flat, start: int = 0) -> re.Match[str] | None:
        return self._for(text).search(text.seen, start)

    def match(self, text: Flat, start: int = 0) -> re.Match[str] | None:
        return self._for(text).match(text.seen, start)

    def whole(self, text: Flat) -> re.Match[str] | None:
        return self._for(text).fullmatch(text.seen)

    def all(self, text: Flat) -> list[re.Match[str]]:
        return list(self._for(text).finditer(text.seen))


def plain_letters_of_pattern(pattern: str) -> str:
    """The pattern for folded text: its letters lose their accents, `\\W` and other escapes stay as they are."""
    return "".join(letter if letter.isascii() else plain_letters(letter, is_folded=True) for letter in pattern)
