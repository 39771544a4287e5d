"""Folding Vietnamese to plain lower-case letters, and mending the spellings a scanner leaves behind.

Every rule about deadlines reads folded text, so accents, their absence, and NFC or NFD input give one reading.
"""

import re
import unicodedata
from collections.abc import Callable

from rapidfuzz.distance import Levenshtein

LOOKALIKES = str.maketrans(
    {
        "đ": "d",
        "¢": "e",  # tesseract's ệ, as in nhi¢m and vi¢c
        "¥": "y",
        "–": "-",
        "—": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "…": "...",
        "“": " ",
        "”": " ",
        '"': " ",
        "‘": "'",
        "’": "'",
        "[": "(",
        "]": ")",
    }
)

SCANNED_DIGITS = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1"})
"""The only letters that can stand for one digit and no other; S, B, Z could be either, so they are left to a person."""

WORDS_NEAR_TRUOC = frozenset(
    {"truc", "trung", "trua", "truong", "truot", "truy", "trui", "troc", "tru", "trut", "trun"}
)
"""Real syllables within two edits of "truoc" that may stand before a date: trực, trùng, trưa, trường ..."""

_BEFORE_A_DATE = (
    r"(?=\s+(?:ng\w{1,3}\b|\d{1,2}\s*[/.-]\s*\d|th\w{2,3}\s*\d|quy\s*[ivl1-4]|nam\s*20|\d{1,2}\s*(?:h|g|gio)\b))"
)
_DIGITS_OR_ALIKE = r"[0-9oil|]"
_SCANNED_DAY = (
    rf"(?<![\w/.-]){_DIGITS_OR_ALIKE}{{1,2}}\s?([/.-])\s?{_DIGITS_OR_ALIKE}{{1,2}}"
    rf"(?:\s?\1\s?{_DIGITS_OR_ALIKE}{{4}})?(?![\w/])"
)


def fold(text: str) -> str:
    """Lower-case ASCII-like text with single spaces: "Trước ngày" -> "truoc ngay"; length is not kept."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.translate(LOOKALIKES).split())


def mend(folded: str) -> str:
    """Repair what a scanner broke, only where the words around leave no other reading."""
    for pattern, mended in _REPAIRS:
        folded = pattern.sub(mended, folded)
    return folded


def _mend_truoc(match: re.Match[str]) -> str:
    word = match[0]
    # w is how tesseract sees ư; it is not an edit
    distance = Levenshtein.distance(word.replace("w", "u"), "truoc")
    return "truoc" if distance <= 2 and word not in WORDS_NEAR_TRUOC else word  # noqa: PLR2004 - the rule's own number


def _mend_digits(match: re.Match[str]) -> str:
    """A run of digit-like characters with at least one sure digit in it."""
    found = match[0]
    return found.translate(SCANNED_DIGITS) if any(letter.isdigit() for letter in found) else found


_REPAIRS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.ASCII), mended)
    for pattern, mended in (
        (
            _SCANNED_DAY,
            _mend_digits,
        ),
        (rf"(?<=\bngay ){_DIGITS_OR_ALIKE}{{2}}(?= (?:thang|h[aà]ng)\b)", _mend_digits),
        (rf"(?<=\bthang ){_DIGITS_OR_ALIKE}{{2}}(?=(?: nam\b|\s?/\s?[2]|$))", _mend_digits),
        (r"(?<=\bnam )2[0o][0-9o][0-9oil](?!\w)", _mend_digits),
        (r"\b(ngay|thang|truoc|den)(?=\d)", r"\1 "),
        (r"\bn[gq](?!u)(?:[a-z0-9]y|av)(?=\s*\d|\s+(?:ky|lam|nhan)\b)", "ngay"),
        (r"\bth(?!on|un)[a-z0-9]{1,2}ng(?=\s*\d)", "thang"),
        (r"\bn[a-z0-9]m(?=\s*20\d\d\b)", "nam"),
        (r"\bt[r][a-z0-9]{2,4}\b" + _BEFORE_A_DATE, _mend_truoc),
        (r"(?<=\d )g(?:i[a-z0-9]|lo)\b", "gio"),
        (r"\blam v[il1][a-z0-9]c\b", "lam viec"),
        (r"\bh[di14]ng(?= (?:thang|quy|nam|tuan|ngay)\b)", "hang"),
        (r"\bqu[ifvj]\b", "quy"),
        (r"\bki\b", "ky"),
        (r"\bt\.?\s?(\d{1,2})(?=\s*/\s*20\d\d)", r"thang \1"),
        (r"\bch[a-z0-9]m nh[a-z0-9]t\b", "cham nhat"),
        (r"\bmu[a-z0-9]n nh[a-z0-9]t\b", "muon nhat"),
        (r"\bkh[a-z0-9]ng qua\b", "khong qua"),
        (r"\bk[e6] t(?:ir|ii|i|ù|u)\b", "ke tu"),
    )
)
