"""What haste does to a sentence: accents lost, keys left over, letters changing places, shorthand, no spaces."""

import random
import re
import unicodedata
from collections.abc import Callable

from bot.conversation.understand import fold_in_place

_SHORTHAND = {
    "không": "k", "rồi": "r", "được": "dc", "đang": "đg", "làm": "lm", "báo cáo": "bc", "em": "e", "anh": "a",
    "gì": "j", "với": "vs", "nhưng": "nma", "cũng": "cx", "vậy": "z", "mình": "mik", "việc": "vc", "chưa": "chx",
    "xong": "xg",
}  # fmt: skip
_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}

Slip = Callable[[str, random.Random], str]


def no_accents(text: str, _chance: random.Random) -> str:
    return fold_in_place(text)


def some_accents(text: str, chance: random.Random) -> str:
    """Words lose theirs one by one."""
    return " ".join(fold_in_place(word) if chance.random() < 0.5 else word for word in text.split(" "))


def shorthand(text: str, chance: random.Random) -> str:
    for plain, short in _SHORTHAND.items():
        if chance.random() < 0.7:
            text = re.sub(rf"(?<!\w){plain}(?!\w)", short, text)
    return text


def telex_left_over(text: str, chance: random.Random) -> str:
    """The tone typed as its key at the end of the word: "xong rôif"."""
    return " ".join(_with_key(word) if chance.random() < 0.4 else word for word in text.split(" "))


def _with_key(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tone = next((letter for letter in letters if letter in _TONES), None)
    if tone is None or not word.isalpha():
        return word
    return unicodedata.normalize("NFC", letters.replace(tone, "")) + _TONES[tone]


def letters_change_places(text: str, chance: random.Random) -> str:
    """Two letters inside one longer word; never inside a number."""
    words = text.split(" ")
    longer = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if longer:
        place = chance.choice(longer)
        cut = chance.randrange(1, len(words[place]) - 2)
        word = words[place]
        words[place] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def repeated_letters(text: str, _chance: random.Random) -> str:
    return re.sub(r"([aeiouyăâêôơưng])(?=\s|$)", r"\1\1\1", text)


def no_space_after_stops(text: str, _chance: random.Random) -> str:
    return re.sub(r"([,.!]) (?=[^\W\d])", r"\1", text)


def no_stops(text: str, _chance: random.Random) -> str:
    """As dictated: only the marks of numbers stay."""
    return re.sub(r"[,!.](?=\s|$)", "", text)


def capitals(text: str, _chance: random.Random) -> str:
    return text.upper()


def two_spaces(text: str, _chance: random.Random) -> str:
    return text.replace(" ", "  ")


SLIPS: tuple[Slip, ...] = (
    no_accents, some_accents, shorthand, telex_left_over, letters_change_places, repeated_letters, no_space_after_stops,
    no_stops, capitals, two_spaces,
)  # fmt: skip
