"""Names of units in a plan file, resolved in the directory: as people write them, or by code."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from planner.file_section import Section, suggestion
from planner.marked_yaml import Node, quoted
from planner.plan_draft import UnitRef
from planner.unit_directory import GroupDraft, UnitDirectoryDraft


@dataclass
class PlanUnits:
    """Names of units in a plan: of the issuer's organisation, on the day the plan begins."""

    directory: UnitDirectoryDraft | None
    section: Section

    @cached_property
    def base_on(self) -> date | None:
        return self.section.day("issued_on") or self.section.day("valid_from")

    @cached_property
    def issuer(self) -> str | None:
        return self._code(self.section, "issuer", within=None)

    def code(self, section: Section, field: str) -> str | None:
        return self._code(section, field, within=self.issuer)

    def _code(self, section: Section, field: str, *, within: str | None) -> str | None:
        name = section.text(field)
        ref = self._resolved(section, field, name, section.line_of(field), within=within) if name else None
        if ref and ref.is_group:
            section.tell("Mục này cần một đơn vị, không phải nhóm: ghi tên hoặc mã của đơn vị.", field=field)
        return ref.code if ref else None

    def many(self, section: Section, field: str) -> tuple[UnitRef, ...]:
        refs = []
        for node in section.items(field):
            name, is_group = _written_unit(section, field, node)
            ref = name and self._resolved(section, field, name, node.line, within=self.issuer, is_group=is_group)
            if ref and ref in refs:
                section.tell(f"{quoted(name or '')} viết hai lần: bỏ một.", field=field, line=node.line)
            elif ref:
                refs.append(ref)
        return tuple(refs)

    def _resolved(
        self, section: Section, field: str, name: str, line: int, *, within: str | None, is_group: bool = False
    ) -> UnitRef | None:
        if self.directory is None:
            return UnitRef(name, is_group)
        found = self.directory.candidates(name, on=self.base_on, within=within)
        if is_group:
            found = tuple(each for each in found if isinstance(each, GroupDraft))
        if len(found) == 1:
            self._check_still_there(section, field, found[0].code, line)
            return UnitRef(found[0].code, isinstance(found[0], GroupDraft))
        if found:
            codes = ", ".join(each.code for each in found)
            section.tell(f"{quoted(name)} trùng tên nhiều đơn vị: ghi mã, một trong {codes}.", field=field, line=line)
        else:
            near = suggestion(name, self.directory.names(within=within, groups_only=is_group))
            what = "nhóm đơn vị" if is_group else "đơn vị"
            section.tell(f"Không có {what} nào là {quoted(name)} trong danh mục.{near}", field=field, line=line)
        return None

    def _check_still_there(self, section: Section, field: str, code: str, line: int) -> None:
        if self.directory is None or self.base_on is None:
            return
        unit = self.directory.unit(code)
        if unit and not unit.is_valid(self.base_on):
            section.tell(
                f"{unit.name} không có hiệu lực vào ngày {self.base_on:%d/%m/%Y}: ghi đơn vị của thời điểm đó.",
                field=field,
                line=line,
            )
        if unit is None and not self.directory.members(code, on=self.base_on):
            section.tell(f"Nhóm {code} không có đơn vị nào vào ngày {self.base_on:%d/%m/%Y}.", field=field, line=line)


def _written_unit(section: Section, field: str, node: Node) -> tuple[str | None, bool]:
    """A unit by name or code; a group as "nhóm: tên nhóm", with or without quotation marks."""
    value = node.value
    if isinstance(value, dict) and len(value) == 1 and (group := value.get("nhóm")) is not None:
        return section.text_of(group, field), True
    if isinstance(value, dict | list):
        section.tell("Mỗi dòng một đơn vị: viết tên, mã, hoặc nhóm: tên nhóm.", field=field, line=node.line)
        return None, False
    name = section.text_of(node, field)
    if name and name.lower().startswith("nhóm:"):
        return name[len("nhóm:") :].strip() or None, True
    return name, False
