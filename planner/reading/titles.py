"""A short name for a duty, cut from its own words."""

import re

from planner.reading.draft import Spot

LONGEST_TITLE = 80
"""As in a plan file: read on a phone, beside a number and a mark."""

_CUTS = re.compile(r"[;:,(]| (?:theo quy định|nhằm|để|trên cơ sở|đảm bảo|bảo đảm|theo|tại|của|trong|trên|với|cho|và) ")
_EDGES = ' -–+•.,;:/"“”'
SHORTEST = 24


def title_of(body: str, spot: Spot) -> str:
    """At most 80 letters, ending where a thought ends; never empty."""
    words = " ".join(body.split()).strip(_EDGES) or spot.quote.strip(_EDGES) or spot.place or "Nhiệm vụ"
    words = words[:1].upper() + words[1:]
    if len(words) <= LONGEST_TITLE:
        return words
    ends = [found.start() for found in _CUTS.finditer(words, SHORTEST, LONGEST_TITLE + 1)]
    if ends:
        return words[: ends[-1]].rstrip(_EDGES)
    return words[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(_EDGES) or words[:LONGEST_TITLE]
