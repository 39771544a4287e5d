"""The unit directory on paper: units, groups and successors, read with every mistake told at once."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from models.terms import UnitChange, UnitLevel
from planner.file_section import Section, first_repeats, suggestion
from planner.marked_yaml import Node, ProblemList, quoted, read_tree
from planner.unit_directory import CODE, Found, GroupDraft, SuccessionDraft, UnitDirectoryDraft, UnitDraft

__all__ = ["Found", "GroupDraft", "SuccessionDraft", "UnitDirectoryDraft", "UnitDraft", "parse_units"]

_MAX_LEVELS = 10
_FILE_FIELDS = ("units", "groups", "successors", "notes")
_UNIT_FIELDS = ("code", "name", "short_name", "aliases", "level", "parent", "valid_from", "valid_to", "note")
_GROUP_FIELDS = ("code", "name", "aliases", "under", "level", "except", "members", "note")
_SUCCESSOR_FIELDS = ("from", "to", "kind", "on", "note")

_LEVELS = {
    "tỉnh": UnitLevel.PROVINCE,
    "sở": UnitLevel.OFFICE,
    "huyện": UnitLevel.DISTRICT,
    "xã": UnitLevel.COMMUNE,
    "phòng": UnitLevel.ROOM,
    "ngoài": UnitLevel.OUTSIDE,
} | {level.value: level for level in UnitLevel}
_CHANGES = {
    "sáp nhập": UnitChange.MERGE,
    "chia tách": UnitChange.SPLIT,
    "đổi tên": UnitChange.RENAME,
    "giải thể": UnitChange.DISSOLVE,
} | {change.value: change for change in UnitChange}


def parse_units(text: str | bytes, *, file: str) -> UnitDirectoryDraft:
    """The directory a file describes; raises FileProblemsError with every problem at once."""
    problems = ProblemList(file)
    tree = read_tree(text, problems)
    problems.raise_if_any_fatal(tree)
    section = Section(tree or Node({}, 1), problems, fields=_FILE_FIELDS)
    reader = _Reader(section, problems)
    draft = reader.directory()
    problems.raise_if_any()
    return draft


@dataclass
class _Reader:
    section: Section
    problems: ProblemList
    units: list[UnitDraft] = field(default_factory=list)

    def directory(self) -> UnitDirectoryDraft:
        self.section.require("units", "- {code: HG.STP, name: Sở Tư pháp, level: sở}")
        entries = [(self._unit(section), section) for section in self._sections("units", _UNIT_FIELDS)]
        self.units = [unit for unit, _section in entries if unit]
        groups = [group for section in self._sections("groups", _GROUP_FIELDS) if (group := self._group(section))]
        self._check_codes([*self.units, *groups])
        self._check_parents(entries)
        steps = [step for section in self._sections("successors", _SUCCESSOR_FIELDS) for step in self._steps(section)]
        draft = UnitDirectoryDraft(
            tuple(self.units), tuple(groups), tuple(steps), self.section.texts("notes", most=1000)
        )
        self._check_groups(draft)
        return draft

    def _sections(self, name: str, fields: Collection[str]) -> list[Section]:
        return [Section(node, self.problems, fields=fields, name=name) for node in self.section.items(name)]

    def _unit(self, section: Section) -> UnitDraft | None:
        section.require("level", "sở")
        code, name = _code(section), _required_name(section)
        level = section.choice("level", _LEVELS)
        short_name = section.text("short_name", most=80) or name
        valid_from, valid_to = _validity(section)
        if code is None or name is None or level is None:
            return None
        if short_name is None or len(short_name) > 80:  # noqa: PLR2004 - a line on a phone, the column's width
            section.tell("Tên dài quá 80 ký tự: thêm short_name, là tên ngắn để nhắn tin.", field="name")
            return None
        return UnitDraft(
            code=code,
            name=name,
            short_name=short_name,
            aliases=section.texts("aliases", most=200),
            level=level,
            parent=section.text("parent"),
            valid_from=valid_from,
            valid_to=valid_to,
            line=section.line,
        )

    def _group(self, section: Section) -> GroupDraft | None:
        code, name = _code(section), _required_name(section)
        level = section.choice("level", _LEVELS)
        under = self._known(section, "under")
        listed = self._all_known(section, "members")
        without = self._all_known(section, "except")
        if bool(under and level) == bool(listed):
            section.tell("Nhóm lấy đơn vị theo một cách: hoặc under và level, hoặc danh sách members.")
            return None
        if code is None or name is None:
            return None
        aliases = section.texts("aliases", most=200)
        return GroupDraft(code, name, aliases, under, level, without, listed, section.line)

    def _steps(self, section: Section) -> Iterator[SuccessionDraft]:
        for field_name, example in (("from", "HG.STTTT"), ("kind", "sáp nhập"), ("on", "19/02/2025")):
            section.require(field_name, example)
        change, changed_on = section.choice("kind", _CHANGES), section.day("on")
        from_codes, to_codes = self._all_known(section, "from"), self._all_known(section, "to")
        if change not in {None, UnitChange.DISSOLVE} and not to_codes:
            section.tell("Thiếu đơn vị kế thừa: viết mục to, ví dụ to: HG.SKHCN.", field="to")
        if change is None or changed_on is None:
            return
        self._check_days(section, changed_on, from_codes=from_codes, to_codes=to_codes)
        note = section.text("note", most=500) or ""
        for from_code in from_codes:
            yield SuccessionDraft(from_code, to_codes, change, changed_on, note, section.line)

    def _check_days(
        self, section: Section, changed_on: date, *, from_codes: tuple[str, ...], to_codes: tuple[str, ...]
    ) -> None:
        by_code = {unit.code: unit for unit in self.units}
        last_day = changed_on - timedelta(days=1) if changed_on > date.min else changed_on
        for code in from_codes:
            if by_code[code].valid_to != last_day:
                section.tell(
                    f"{code} phải có valid_to: {last_day:%d/%m/%Y}, là ngày trước ngày thay đổi.", field="from"
                )
        for code in to_codes:
            if not by_code[code].is_valid(changed_on):
                section.tell(f"{code} chưa có hoặc đã hết hiệu lực vào ngày {changed_on:%d/%m/%Y}.", field="to")

    def _known(self, section: Section, field_name: str) -> str | None:
        return next(iter(self._all_known(section, field_name)), None)

    def _all_known(self, section: Section, field_name: str) -> tuple[str, ...]:
        codes = section.texts(field_name)
        known = {unit.code for unit in self.units}
        for code in codes:
            if code not in known:
                section.tell(f"Không có đơn vị mã {quoted(code)}.{suggestion(code, known)}", field=field_name)
        return tuple(code for code in codes if code in known)

    def _check_codes(self, entries: Iterable[Found]) -> None:
        def tell(code: str, line: int, first_line: int) -> None:
            self.problems.add(f"Mã {code} đã dùng ở dòng {first_line}: mỗi mã chỉ một đơn vị.", line=line, field="code")

        first_repeats(((entry.code, entry.line) for entry in entries), tell)

    def _check_parents(self, entries: Iterable[tuple[UnitDraft | None, Section]]) -> None:
        parents = {unit.code: unit.parent for unit in self.units}
        for unit, section in entries:
            if unit is None or unit.parent is None:
                continue
            if unit.parent not in parents:
                near = suggestion(unit.parent, parents.keys())
                section.tell(f"Không có đơn vị mã {quoted(unit.parent)}.{near}", field="parent")
            elif not _reaches_the_top(unit.code, parents):
                section.tell(f"Các cấp trên của {unit.code} nối vòng: xem lại mục parent.", field="parent")

    def _check_groups(self, draft: UnitDirectoryDraft) -> None:
        for group in draft.groups:
            if not draft.members(group.code):
                self.problems.add(f"Nhóm {group.code} không có đơn vị nào.", line=group.line, field="under")


def _reaches_the_top(code: str, parents: dict[str, str | None]) -> bool:
    above: str | None = code
    for _level in range(_MAX_LEVELS):
        above = parents.get(above) if above else None
    return above is None


def _code(section: Section) -> str | None:
    section.require("code", "HG.STTTT")
    code = section.text("code", most=64)
    if code is not None and not CODE.fullmatch(code):
        section.tell(f"Mã {quoted(code)} chỉ gồm chữ in hoa không dấu, số, dấu chấm và gạch ngang.", field="code")
        return None
    return code


def _required_name(section: Section) -> str | None:
    section.require("name", "Sở Tư pháp")
    return section.text("name", most=200)


def _validity(section: Section) -> tuple[date | None, date | None]:
    valid_from, valid_to = section.day("valid_from"), section.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        section.tell("Ngày hết hiệu lực trước ngày bắt đầu: đổi lại valid_from hoặc valid_to.", field="valid_to")
    return valid_from, valid_to
