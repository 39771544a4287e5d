"""A short name for a duty, cut from its own words."""

import re
from collections.abc import Iterable

from planner.reading.draft import Spot
from planner.reading.flat import Flat
from planner.reading.phrases_of_time import TimePhrase

LONGEST_TITLE = 80
"""As in a plan file: read on a phone, beside a number and a mark."""

_CUTS = re.compile(r"[;:,(]| (?:theo quy định|nhằm|để|trên cơ sở|đảm bảo|bảo đảm|theo|tại|của|trong|trên|với|cho|và) ")
_EDGES = ' -–+•.,;:/"“”'
SHORTEST = 24
FEWEST_WORDS = 4
"""Fewer are no title: then its day stays in it."""

_TIMES = re.compile(r"[\s,;(]*\blần (?:thứ )?(?:một|nhất|đầu|hai|ba|bốn|\d)[\s,:(]*$", re.IGNORECASE)
"""Which of several days it was, before the day that was taken out."""
_LEFT_OPEN = re.compile(
    r"[\s,;:(]+(?:(?:hoàn thành )?xong|trước|(?:chậm|muộn|trễ) nhất|(?<!văn bản )(?<!công văn )đến|tới|trong|vào|hết"
    r"|ngày|hạn|thời hạn|và|là)$",
    re.IGNORECASE,
)
"""The beginning of a day that is not there any more."""


def without_days(text: Flat, start: int, end: int | None, days: Iterable[TimePhrase]) -> str:
    """These words of the clause without the days it is due on: a letter that comes again moves them, not the title."""
    stop = len(text.seen) if end is None else end
    kept, at = "", start
    for day in sorted(days, key=lambda each: each.start):
        if at <= day.start and day.end <= stop:
            kept = f"{_cut_back(kept + text.verbatim(at, day.start))} "
            at = day.end
    if at == start:
        return text.verbatim(start, stop)
    words = _closed(kept + text.verbatim(at, stop))
    return words if len(words.split()) >= FEWEST_WORDS else text.verbatim(start, stop)


def _cut_back(words: str) -> str:
    return _TIMES.sub("", words).rstrip()


def _closed(words: str) -> str:
    """Without the brackets and stops that stood around what was taken out."""
    words = re.sub(r"\(\s*[,;.]?\s*\)", "", words)
    words = re.sub(r"\s+([,;:.)])", r"\1", words)
    words = re.sub(r"([,;:])(?:\s*(?:[,;:]|và(?=\s*$)))+", r"\1", words)
    return _ends_closed(" ".join(words.split()).strip(_EDGES))


def _ends_closed(words: str) -> str:
    while (shorter := _LEFT_OPEN.sub("", words).rstrip(_EDGES)) != words:
        words = shorter
    return words


def title_of(body: str, spot: Spot) -> str:
    """At most 80 letters, ending where a thought ends; never empty."""
    words = " ".join(body.split()).strip(_EDGES) or spot.quote.strip(_EDGES) or spot.place or "Nhiệm vụ"
    words = words[:1].upper() + words[1:]
    if len(words) <= LONGEST_TITLE:
        return words
    ends = [found.start() for found in _CUTS.finditer(words, SHORTEST, LONGEST_TITLE + 1)]
    if ends:
        return _ends_closed(words[: ends[-1]].rstrip(_EDGES))
    return _ends_closed(words[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(_EDGES)) or words[:LONGEST_TITLE]
