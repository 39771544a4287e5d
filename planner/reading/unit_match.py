"""Names on the paper and units in the directory: exact words, then without accents, initials, then near spellings.

A near spelling counts from a ratio of 80 on, and only when no other is as near; else the nearest three are offered.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rapidfuzz.fuzz import ratio

from planner.plain_text import plain
from planner.reading.draft import UnitName
from planner.unit_directory import Found, GroupDraft, UnitDirectoryDraft

NEAR_ENOUGH = 80.0
"""Of 100; tried on hard names, fewer takes one office for another."""

CLEAR_BY = 4.0
"""How much nearer the first must be than the second."""

HOW_MANY_NEAREST = 3
_SPELLED_OUT = (
    ("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd"), ("van phong", "vp"), ("trung tam", "tt"),
    ("uy ban mat tran to quoc", "ubmttq"),
)  # fmt: skip
_FILLERS = ("tat ca ", "toan the ", "cac ", "thu truong ", "giam doc ", "chu tich ", "truong ", "chanh ")
_HEADS_OF_OFFICES = re.compile(
    r"(?:tat ca )?(?:cac )?(?:giam doc|thu truong|nguoi dung dau|lanh dao) (?:cac )?so(?: ban)?(?: nganh)?"
    r"(?: (?:cap )?(?:tinh|thanh pho))?"
)
_OFFICES = re.compile(r"(?:cac )?so(?: ban)?(?: nganh)?(?: (?:cap )?(?:tinh|thanh pho))?")


@dataclass
class UnitMatcher:
    """Finds units for one letter: within the issuer's organisation, on the letter's day.

    Without the issuer no name is taken for a unit: every province has a Sở Nội vụ.
    """

    directory: UnitDirectoryDraft | None
    on: date
    within: str | None = None
    _known: dict[str, UnitName] = field(default_factory=dict)

    def match(self, written: str) -> UnitName:
        """The unit or group meant, or the nearest to choose from."""
        if written not in self._known:
            self._known[written] = self._match(written)
        return self._known[written]

    def _match(self, written: str) -> UnitName:
        if self.directory is None:
            return UnitName(written)
        found = self.directory.candidates(written, on=self.on, within=self.within)
        if self.within is None:  # "Sở Nội vụ" of which province? nobody knows before the issuer is known
            return UnitName(written, nearest=tuple(each.name for each in found[:HOW_MANY_NEAREST]))
        if len(found) == 1:
            return _named(written, found[0])
        if not found and len(offices := self._offices(written)) == 1:
            return _named(written, offices[0])
        near = self._nearest(written) if not found else [(100.0, each) for each in found]
        is_clear = bool(near) and near[0][0] >= NEAR_ENOUGH and (len(near) == 1 or near[0][0] - near[1][0] >= CLEAR_BY)
        if is_clear and not found:
            return _named(written, near[0][1])
        return UnitName(written, nearest=tuple(each.name for _, each in near[:HOW_MANY_NEAREST]))

    def _offices(self, written: str) -> list[GroupDraft]:
        """Whom "Giám đốc Sở", "Giám đốc các sở" without a name means: the group of offices below who speaks.

        To an office of that level "Giám đốc Sở" is its own head, so there it means no group.
        """
        assert self.directory is not None
        assert self.within is not None
        speaker = self.directory.unit(self.within)
        if speaker is None or _HEADS_OF_OFFICES.fullmatch(plain(written)) is None:
            return []
        home = self.directory.organisation_of(self.within)
        return [
            group
            for group in self.directory.groups
            if any(_OFFICES.fullmatch(plain(name)) for name in (group.name, *group.aliases))
            and group.level is not speaker.level
            and self.directory.organisation_of(group.code) == home
        ]

    def _nearest(self, written: str) -> list[tuple[float, Found]]:
        key = shortened(written)
        scored: dict[str, tuple[float, Found]] = {}
        for spelling, entry in self._spellings:
            score = 100.0 if _initials(spelling) == key.replace(" ", "") else ratio(key, spelling)
            if score > scored.get(entry.code, (0.0, entry))[0]:
                scored[entry.code] = (score, entry)
        return sorted(scored.values(), key=lambda each: -each[0])[: HOW_MANY_NEAREST + 1]

    @cached_property
    def _spellings(self) -> list[tuple[str, Found]]:
        assert self.directory is not None
        entries: list[Found] = [*self.directory.units, *self.directory.groups]
        if self.within is not None:
            home = self.directory.organisation_of(self.within)
            entries = [entry for entry in entries if self.directory.organisation_of(entry.code) == home]
        return [
            (shortened(name), entry)
            for entry in entries
            if isinstance(entry, GroupDraft) or entry.is_valid(self.on)
            for name in (entry.name, *entry.aliases)
        ]


def _named(written: str, found: Found) -> UnitName:
    return UnitName(written, found.code, is_group=isinstance(found, GroupDraft))


def shortened(name: str) -> str:
    """Folded, with the long forms that offices shorten, without words that stand before any name."""
    key = plain(name)
    for filler in _FILLERS:
        key = key.removeprefix(filler)
    for long, short in _SPELLED_OUT:
        key = key.replace(long, short)
    return key


def _initials(folded: str) -> str:
    """so thong tin va truyen thong -> stttt; "va" has no letter in it."""
    return "".join(word[0] for word in folded.split() if word != "va")
