"""How Word counts its lists: the numbers that a reader sees before a paragraph, and that stand nowhere in its text."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

LEVELS = 9
LONGEST_LETTERS = 26
BULLET = "-"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST = 4000


@dataclass(frozen=True, slots=True)
class Level:
    """Một cấp của danh sách. `text` is the pattern, as "%1.%2."; a bullet has no place in it."""

    style: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class Numbering:
    """Đánh số tự động of one document; `next` is asked for its paragraphs in order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def next(self, number: str, level: int) -> str:
        """The words before the next paragraph of this list and level: "2.", "a)", "-"; empty where it shows none."""
        levels = self.levels.get(number, {})
        here = levels.get(level)
        if here is None or here.style == "none":
            return ""
        if here.style == "bullet":
            return BULLET
        counts = self.counts[self.lists[number]]
        counts[level] = min(counts.get(level, here.start - 1) + 1, LARGEST)
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return _PLACE.sub(lambda found: self._count(levels, counts, int(found[1]) - 1), here.text).strip()

    @staticmethod
    def _count(levels: dict[int, Level], counts: dict[int, int], level: int) -> str:
        known = levels.get(level, Level())
        return written(counts.setdefault(level, known.start), known.style)


def numbering_of(root: Any) -> Numbering:
    """`root` is the element of numbering.xml, or None where the document counts nothing."""
    numbering = Numbering()
    if root is None:
        return numbering
    patterns = {_value(each, "abstractNumId"): _levels(each) for each in root.iterchildren(f"{_W}abstractNum")}
    for each in root.iterchildren(f"{_W}num"):
        abstract = each.find(f"{_W}abstractNumId")
        name, pattern = _value(each, "numId"), "" if abstract is None else _value(abstract, "val")
        changed = list(each.iterchildren(f"{_W}lvlOverride"))
        numbering.levels[name] = patterns.get(pattern, {}) | _overridden(patterns.get(pattern, {}), changed)
        numbering.lists[name] = name if changed else pattern
    return numbering


def _levels(abstract: Any) -> dict[int, Level]:
    return {_whole(_value(each, "ilvl")): _level(each) for each in abstract.iterchildren(f"{_W}lvl")}


def _level(element: Any) -> Level:
    style, text, start = (element.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start"))
    return Level(
        style="decimal" if style is None else _value(style, "val"),
        text="" if text is None else _value(text, "val"),
        start=1 if start is None else _whole(_value(start, "val")),
    )


def _overridden(levels: dict[int, Level], changes: list[Any]) -> dict[int, Level]:
    """A list that goes by the same pattern but begins anew, or elsewhere."""
    changed = {}
    for each in changes:
        place = _whole(_value(each, "ilvl"))
        whole, start = each.find(f"{_W}lvl"), each.find(f"{_W}startOverride")
        level = levels.get(place, Level()) if whole is None else _level(whole)
        changed[place] = level if start is None else Level(level.style, level.text, _whole(_value(start, "val")))
    return changed


def _value(element: Any, name: str) -> str:
    return str(element.get(f"{_W}{name}") or "")


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 4 else 0  # noqa: PLR2004 -- as far as LARGEST


def written(count: int, style: str) -> str:
    """3 is "3", "03", "c", "C", "iii" or "III"; a style that Vietnamese letters do not use is written as a figure."""
    if style == "decimalZero":
        return f"{count:02d}"
    if style.endswith("Letter"):
        again, place = divmod(max(count, 1) - 1, LONGEST_LETTERS)
        letters = chr(ord("a") + place) * (again + 1)
        return letters.upper() if style.startswith("upper") else letters
    if style.endswith("Roman"):
        return _roman(count).upper() if style.startswith("upper") else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    parts = []
    for value, letters in _ROMAN:
        times, count = divmod(count, value)
        parts.append(letters * times)
    return "".join(parts)
