"""Where each duty's words stand in a letter: quotes found again in what was read, whatever its white space. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.reading.draft import Spot

FEWEST_WORDS = 4
"""A piece of a quote that is not there whole must have so many words to be worth marking."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Một đoạn chữ. `numbers`: the duties whose quote it is part of; `begins`: those whose quote begins here."""

    text: str
    numbers: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Một mảnh của văn bản, a paragraph or a cell, with its page."""

    text: str
    page: int


class Quotes:
    """Các trích dẫn đã tìm thấy trong các mảnh; `spots` are those of the duties, counted from 1."""

    def __init__(self, segments: Sequence[Segment], spots: Sequence[Spot]) -> None:
        self._segments = segments
        self._words = [
            (number, match.start(), match.end())
            for number, segment in enumerate(segments)
            for match in _WORD.finditer(segment.text)
        ]
        texts = [segments[number].text[start:end] for number, start, end in self._words]
        self._stream = " ".join(texts)
        self._starts = _starts_of(texts)
        self._marks: dict[int, list[tuple[int, int, int]]] = {}
        self._begins: dict[tuple[int, int], list[int]] = {}
        self._find_all(spots)

    @property
    def found(self) -> frozenset[int]:
        """Numbers of the duties whose words stand here."""
        return frozenset(number for numbers in self._begins.values() for number in numbers)

    def pieces(self, segment: int) -> tuple[Piece, ...]:
        """The text of a segment, whole, parted where quotes begin and end."""
        text, marks = self._segments[segment].text, self._marks.get(segment, [])
        cuts = sorted({0, len(text), *(place for start, end, _ in marks for place in (start, end))})
        return tuple(
            Piece(
                text[start:end],
                tuple(number for first, last, number in marks if first <= start and end <= last),
                tuple(self._begins.get((segment, start), ())),
            )
            for start, end in pairwise(cuts)
        )

    def _find_all(self, spots: Sequence[Spot]) -> None:
        """In the order of the duties, mostly that of the letter: of several places the next one on is meant."""
        before: tuple[Spot, int] | None = None
        for number, spot in enumerate(spots, start=1):
            quote = " ".join(spot.quote.split())
            if not quote:
                continue
            place = self._place(quote, spot, before)
            if place is not None:
                self._mark(number, place, place + len(quote), is_first=True)
                before = (spot, place)
            else:
                self._mark_parts(number, quote, after=before[1] if before else 0)

    def _place(self, quote: str, spot: Spot, before: tuple[Spot, int] | None) -> int | None:
        places = list(_places_of(quote, self._stream))
        on_page = [place for place in places if self._page_at(place) == spot.page]
        places = on_page or places
        if before is None or not places:
            return places[0] if places else None
        last_spot, last = before
        is_another = last_spot.quote == spot.quote and last_spot.place != spot.place
        later = [place for place in places if (place > last if is_another else place >= last)]
        return later[0] if later else places[-1 if is_another else 0]

    def _page_at(self, place: int) -> int:
        return self._segments[self._words[bisect_right(self._starts, place) - 1][0]].page

    def _mark_parts(self, number: int, quote: str, *, after: int) -> None:
        """What the reader joined from several cells stands in pieces: each as long as it goes."""
        words, is_first = quote.split(), True
        while words:
            count, place = self._longest(words, after)
            if count:
                end = place + len(" ".join(words[:count]))
                self._mark(number, place, end, is_first=is_first)
                after, is_first = end, False
            words = words[max(count, 1) :]

    def _longest(self, words: Sequence[str], after: int) -> tuple[int, int]:
        """How many of the first words stand together, and where; (0, 0) for fewer than are worth it."""
        low, high, found = min(FEWEST_WORDS, len(words)), len(words), (0, 0)
        while low <= high:
            middle = (low + high) // 2
            text = " ".join(words[:middle])
            place = self._stream.find(text, after)
            place = place if place >= 0 else self._stream.find(text)
            if place < 0:
                high = middle - 1
            else:
                low, found = middle + 1, (middle, place)
        return found if found[0] >= FEWEST_WORDS else (0, 0)

    def _mark(self, number: int, start: int, end: int, *, is_first: bool) -> None:
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        ranges: dict[int, tuple[int, int]] = {}
        for index in range(first, last + 1):
            segment, word_start, word_end = self._words[index]
            begin = word_start + max(0, start - self._starts[index])
            stop = min(word_end, word_start + end - self._starts[index])
            ranges[segment] = (ranges.get(segment, (begin, stop))[0], stop)
        for segment, (begin, stop) in ranges.items():
            self._marks.setdefault(segment, []).append((begin, stop, number))
            if is_first:
                self._begins.setdefault((segment, begin), []).append(number)
                is_first = False


def _starts_of(texts: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    return starts


def _places_of(quote: str, stream: str) -> Iterator[int]:
    place = stream.find(quote)
    while place >= 0:
        yield place
        place = stream.find(quote, place + 1)
