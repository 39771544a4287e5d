"""Units, groups and successors as one directory, and what people mean when they write a unit's name."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

from models.terms import UnitChange, UnitLevel
from planner.plain_text import plain, tidy

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]*(\.[A-Z0-9-]+)*")

# an order names the head of a unit; the duty is the unit's
_HEADS = re.compile(r"^(?:các )?(?:(?:pho )?giam doc|thu truong|chu tich|chanh|truong(?= phong))\s+(?:cac )?")


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """Đơn vị as the file says it. Valid from `valid_from` to `valid_to`, both counted in; None = open on that side."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    level: UnitLevel
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    line: int

    def is_valid(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """Nhóm đơn vị: by rule (every unit of `level` anywhere under `under`, but `without`) or by list (`listed`)."""

    code: str
    name: str
    aliases: tuple[str, ...]
    under: str | None
    level: UnitLevel | None
    without: tuple[str, ...]
    listed: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class SuccessionDraft:
    """Đơn vị kế thừa: from `changed_on` what `from_code` owed belongs to `to_codes`; if several, a person chooses."""

    from_code: str
    to_codes: tuple[str, ...]
    change: UnitChange
    changed_on: date
    note: str
    line: int


Found: TypeAlias = UnitDraft | GroupDraft


@dataclass(frozen=True)
class UnitDirectoryDraft:
    """Danh mục đơn vị, with the questions a plan file asks of it."""

    units: tuple[UnitDraft, ...]
    groups: tuple[GroupDraft, ...] = ()
    successors: tuple[SuccessionDraft, ...] = ()
    notes: tuple[str, ...] = ()

    def unit(self, code: str) -> UnitDraft | None:
        return self._units.get(code)

    def group(self, code: str) -> GroupDraft | None:
        return self._groups.get(code)

    def find(self, name_or_code: str, *, on: date | None = None, within: str | None = None) -> Found | None:
        """The one unit or group meant; None when there is none or when it could be several (see `candidates`)."""
        found = self.candidates(name_or_code, on=on, within=within)
        return found[0] if len(found) == 1 else None

    def candidates(self, name_or_code: str, *, on: date | None = None, within: str | None = None) -> tuple[Found, ...]:
        """All that the words may mean. A code means one; a name is narrowed to `within`'s organisation, then by day.

        Exact names count before names without accents, and a head ("Giám đốc Sở …") stands for the unit.
        """
        words = tidy(name_or_code)
        if words in self._units or words in self._groups:
            return (self._units.get(words) or self._groups[words],)
        bare = plain(words)
        for key in (words.casefold(), bare, _HEADS.sub("", bare), _HEADS.sub("", bare).removeprefix("cac ")):
            if found := self._narrowed(self._by_name.get(key, ()), on=on, within=within):
                return found
        return ()

    def names(self, *, within: str | None = None, groups_only: bool = False) -> list[str]:
        """Names of units and groups (of one organisation), to suggest the nearest of."""
        home = self.organisation_of(within) if within else None
        entries = self.groups if groups_only else self._entries
        named = (entry.name for entry in entries if home is None or self.organisation_of(entry.code) == home)
        return list(dict.fromkeys(named))

    def organisation_of(self, code: str) -> str:
        """The code at the top of a unit's or a group's chain of parents."""
        group = self._groups.get(code)
        start = (group.under or next(iter(group.listed), code)) if group else code
        return [start, *(unit.code for unit in self._ancestors(start))][-1]

    def members(self, group_code: str, *, on: date | None = None) -> tuple[UnitDraft, ...]:
        """Members of a group, on a day or ever.

        A unit merged, split or renamed is followed by its successors of the same level; one dissolved is not:
        "UBND xã, phường, thị trấn" is 75 communes in 2024 and the 28 made of them afterwards.
        """
        group = self._groups[group_code]
        ever = self._followed([*group.listed, *self._matching(group)])
        return tuple(unit for unit in map(self._units.__getitem__, ever) if on is None or unit.is_valid(on))

    def successors_of(self, code: str, *, on: date) -> tuple[str, ...]:
        """Who answers on a day for a unit that may be gone: itself while valid; several when a person must choose."""
        answering: dict[str, None] = {}
        waiting = [code]
        while waiting:
            unit = self._units[waiting.pop(0)]
            if unit.valid_to is None or on <= unit.valid_to:
                answering[unit.code] = None
            else:
                waiting.extend(to for step in self._steps.get(unit.code, ()) for to in step.to_codes)
        return tuple(answering)

    # --- indexes, built once ---

    @cached_property
    def _units(self) -> dict[str, UnitDraft]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _groups(self) -> dict[str, GroupDraft]:
        return {group.code: group for group in self.groups}

    @property
    def _entries(self) -> tuple[Found, ...]:
        return (*self.units, *self.groups)

    @cached_property
    def _steps(self) -> dict[str, list[SuccessionDraft]]:
        steps = defaultdict(list)
        for step in self.successors:
            steps[step.from_code].append(step)
        return dict(steps)

    @cached_property
    def _by_name(self) -> dict[str, tuple[Found, ...]]:
        index: defaultdict[str, dict[str, Found]] = defaultdict(dict)
        for entry in self._entries:
            for name in _spellings(entry):
                index[name.casefold()][entry.code] = entry
                index[plain(name)][entry.code] = entry
        return {name: tuple(found.values()) for name, found in index.items()}

    def _narrowed(self, found: tuple[Found, ...], *, on: date | None, within: str | None) -> tuple[Found, ...]:
        if within is not None:
            home = self.organisation_of(within)
            found = tuple(each for each in found if self.organisation_of(each.code) == home)
        if len(found) > 1 and on is not None:
            found = tuple(each for each in found if isinstance(each, GroupDraft) or each.is_valid(on)) or found
        return found

    def _ancestors(self, code: str) -> Iterator[UnitDraft]:
        seen = {code}
        unit = self._units.get(code)
        while unit and unit.parent and unit.parent in self._units and unit.parent not in seen:
            unit = self._units[unit.parent]
            seen.add(unit.code)
            yield unit

    def _matching(self, group: GroupDraft) -> list[str]:
        below = self._below(group.under) if group.under else set()
        return [
            unit.code
            for unit in self.units
            if unit.code in below and unit.level == group.level and unit.code not in group.without
        ]

    def _below(self, code: str) -> set[str]:
        below: set[str] = set()
        waiting = [code]
        while waiting:
            new = [child for child in self._children.get(waiting.pop(), ()) if child not in below]
            below.update(new)
            waiting.extend(new)
        return below

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children = defaultdict(list)
        for unit in self.units:
            if unit.parent:
                children[unit.parent].append(unit.code)
        return dict(children)

    def _followed(self, codes: list[str]) -> list[str]:
        ever = dict.fromkeys(codes)
        waiting = list(ever)
        while waiting:
            code = waiting.pop(0)
            new = [later for later in self._same_level_successors(code) if later not in ever]
            ever.update(dict.fromkeys(new))
            waiting.extend(new)
        return list(ever)

    def _same_level_successors(self, code: str) -> Iterator[str]:
        for step in self._steps.get(code, ()):
            if step.change is not UnitChange.DISSOLVE:
                yield from (to for to in step.to_codes if self._units[to].level == self._units[code].level)


def _spellings(entry: Found) -> Iterator[str]:
    """A commune is also called without "UBND", a group also with "các"."""
    names = [entry.name, *entry.aliases, *([entry.short_name] if isinstance(entry, UnitDraft) else [])]
    for name in names:
        yield name
        if name.startswith("UBND "):
            yield name.removeprefix("UBND ")
            yield name.replace("UBND", "Ủy ban nhân dân", 1)
        if isinstance(entry, GroupDraft):
            yield f"các {name}"
