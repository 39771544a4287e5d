"""Set phrases of official Vietnamese, recognised where a scanner broke them, and given back with their accents.

Only whole phrases are mended: "phdi hop" alone is a guess, "phdi hop voi cac co quan" is not. A phrase is taken when
each of its words is an edit or two away and the whole is close; anything less stays as it stands on the paper.
"""

import re
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract_iter

from planner.folding import fold
from planner.reading.phrases import PHRASES

Piece = tuple[int, int, str]

SHARE_OF_EDITS = 0.22
"""Of a phrase's letters, how many may be wrong; "trude ngay" for "truoc ngay" is 2 of 10."""

_SCANNED = str.maketrans({"w": "u", "0": "o", "1": "l", "6": "o", "@": "e", "€": "e", "&": "o", "|": "l", "5": "s"})


def _edits_allowed(syllable: str) -> int:
    """One in a short syllable, two from five letters on."""
    return 1 if len(syllable) <= 4 else 2  # noqa: PLR2004 - the rule's own number


_FOLDED: dict[tuple[str, ...], str] = {tuple(fold(phrase).split()): phrase for phrase in PHRASES}
_SYLLABLES = sorted({syllable for phrase in _FOLDED for syllable in phrase})
_KNOWN = frozenset(_SYLLABLES)
"""A word spelled like one of these is mended into another only inside a long phrase."""

WORDS_THAT_OVERRULE = 4

_ALONE: dict[str, tuple[str, ...]] = {}
_PAIRED: dict[str, dict[str, list[tuple[str, ...]]]] = defaultdict(lambda: defaultdict(list))
"""Phrases of one syllable by it; the others by their first syllable, then by their second: few follow each first."""
for _phrase in sorted(_FOLDED, key=lambda phrase: phrase[:2]):
    if len(_phrase) == 1:
        _ALONE[_phrase[0]] = _phrase
    else:
        _PAIRED[_phrase[0]][_phrase[1]].append(_phrase)

LONGEST_PHRASE = max(map(len, _FOLDED))
_OF_LENGTH = {
    length: [each for each in _SYLLABLES if abs(len(each) - length) <= _edits_allowed(each)]
    for length in range(max(map(len, _SYLLABLES)) + 3)
}
"""The syllables a token of so many letters may stand for."""


@lru_cache(maxsize=20_000)
def _near(token: str) -> dict[str, int]:
    """The syllables a token may stand for, with the number of edits."""
    read = token.translate(_SCANNED) if re.search(r"[a-z]", token) or len(token) == 1 else token
    syllables = _OF_LENGTH.get(len(read), [])
    near: dict[int, int] = {}
    for spelling in {read, token}:
        for syllable, edits, place in extract_iter(spelling, syllables, scorer=Levenshtein.distance, score_cutoff=2):
            if edits <= _edits_allowed(syllable) and (edits == 0 or not token.isdecimal()):
                near[place] = min(edits, near.get(place, edits))
    return {syllables[place]: near[place] for place in sorted(near)}


def spelled_phrases(tokens: list[str], breaks: frozenset[int]) -> list[tuple[int, tuple[str, ...]]]:
    """Where set phrases stand among the tokens, chosen so that together they explain the most letters best.

    `breaks` are the tokens after which a phrase may not run on.
    """
    best: list[tuple[float, int, tuple[str, ...] | None]] = [(0.0, len(tokens), None)] * (len(tokens) + 1)
    for start in range(len(tokens) - 1, -1, -1):
        best[start] = (best[start + 1][0], start + 1, None)
        for phrase, edits in _phrases_from(tuple(tokens[start : start + LONGEST_PHRASE])):
            end = start + len(phrase)
            if any(place in breaks for place in range(start, end - 1)):
                continue
            worth = sum(map(len, phrase)) + len(phrase) / 10 - 2 * edits + best[end][0]
            if worth > best[start][0]:
                best[start] = (worth, end, phrase)
    found, at = [], 0
    while at < len(tokens):
        _worth, end, phrase_here = best[at]
        if phrase_here is not None:
            found.append((at, phrase_here))
        at = end
    return found


@lru_cache(maxsize=20_000)
def _phrases_from(tokens: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], int], ...]:
    """The phrases that may stand at the head of these tokens, with their edits; a letter is seen several times."""
    seconds = _near(tokens[1]) if len(tokens) > 1 else {}
    found: list[tuple[tuple[str, ...], int]] = []
    for first in _near(tokens[0]):
        phrases = [_ALONE[first]] if first in _ALONE else []
        for second, longer in _PAIRED.get(first, {}).items():
            if second in seconds:
                phrases += longer
        edited = ((phrase, _edits(tokens, phrase)) for phrase in phrases)
        found += [(phrase, edits) for phrase, edits in edited if edits is not None]
    return tuple(found)


def _edits(tokens: tuple[str, ...], phrase: tuple[str, ...]) -> int | None:
    """How many edits apart, None when too many."""
    if len(tokens) < len(phrase):
        return None
    length = sum(map(len, phrase))
    most = max(2, int(SHARE_OF_EDITS * length)) if len(phrase) > 1 else int(length >= 6)  # noqa: PLR2004 - the rule's own number
    total = 0
    for token, syllable in zip(tokens, phrase, strict=False):
        edits = _near(token).get(syllable)
        if edits is None or (total := total + edits) > most:
            return None
        if edits and token in _KNOWN and len(phrase) < WORDS_THAT_OVERRULE:
            return None
    return total


def mended_tokens(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a folded text, with the words of set phrases spelled as they should be (folded)."""
    words, tokens, breaks = _tokens([word for _, _, word in pieces])
    mended = list(pieces)
    for at, phrase in spelled_phrases(tokens, breaks):
        for place, syllable in zip(words[at : at + len(phrase)], phrase, strict=True):
            start, end, _word = pieces[place]
            mended[place] = (start, end, syllable)
    return mended


def _tokens(parts: list[str]) -> tuple[list[int], list[str], frozenset[int]]:
    """Places of the words, the words folded, and the words with more than a space behind them."""
    words = [place for place, part in enumerate(parts) if is_word(part)]
    breaks = {
        number
        for number, (first, last) in enumerate(pairwise(words))
        if any(not part.isspace() for part in parts[first + 1 : last])
    }
    return words, [_token(parts[place]) for place in words], frozenset(breaks)


@lru_cache(maxsize=20_000)
def _token(word: str) -> str:
    return fold(word).strip("_") or word


def is_word(part: str) -> bool:
    return part[0].isalnum() or part[0] in "@€_"


def with_accents(text: str) -> str:
    """The set phrases of a broken text written as they should be; what is not certain stays as it stands."""
    parts = re.findall(r"\s+|[\w@€¢¥&]+|[^\w\s]", text)
    words, tokens, breaks = _tokens(parts)
    for at, phrase in spelled_phrases(tokens, breaks):
        if len(phrase) == 1:  # one syllable without its accents may be several words
            continue
        accented = _FOLDED[phrase].split()
        for offset, word in enumerate(accented):
            place = words[at + offset]
            parts[place] = _cased(word, parts[place], is_first=at + offset == 0)
    return " ".join("".join(parts).split())


def _cased(word: str, written: str, *, is_first: bool) -> str:
    if is_first and written[:1].isupper():
        return word[:1].upper() + word[1:]
    return word
