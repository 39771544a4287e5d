"""Items whose name is no unit by its own words, but stands among units: "6. Kế toán: …" below "5. Trạm Y tế xã: …"."""

from collections import defaultdict

from planner.reading.draft import Sureness
from planner.reading.flat import Flat, Words
from planner.reading.labels import labels_in
from planner.reading.markers import Level
from planner.reading.phrases_of_time import time_phrases
from planner.reading.sections import Item
from planner.reading.subjects import Subject
from planner.reading.units import leading_units
from planner.reading.verbs import begins_duty

FEWEST_UNITS = 2
LONGEST_NAME = 9
"""Words before the colon."""

_NAME = Words(r"[^:;.]{3,80}:")
_ABOUT = Words(r"(?:về|đối với|công tác|nội dung|nhiệm vụ|mục|thời gian|kinh phí|báo cáo|địa điểm|thành phần)\b")


def names_among_units(items: list[Item]) -> dict[int, Subject]:
    """By identity of an item: the name before its colon, where more than half of those beside it name units."""
    beside: dict[tuple[int, Level], list[Item]] = defaultdict(list)
    for item in items:
        is_listed = item.marker is not None and item.level is not Level.HEAD
        if is_listed and labels_in(item.text, item.text.sight) is None:
            beside[id(item.parent), item.level].append(item)
    found: dict[int, Subject] = {}
    for siblings in beside.values():
        others = [item for item in siblings if leading_units(item.text) is None]
        known = len(siblings) - len(others)
        if known < FEWEST_UNITS or known <= len(others):
            continue
        named = ((item, _name_of(item.text)) for item in others)
        found |= {id(item): subject for item, subject in named if subject is not None}
    return found


def _name_of(text: Flat) -> Subject | None:
    found = _NAME.match(text)
    if found is None or _ABOUT.match(text) or begins_duty(text) or not text.is_capital(0):
        return None
    name = text.part(0, found.end() - 1)
    if len(name.seen.split()) > LONGEST_NAME or time_phrases(name):
        return None
    end = found.end()
    return Subject((name.verbatim(0),), (), end, end, is_named_here=True, sureness=Sureness.LIKELY)
