"""A plan on paper, as a clerk writes it in a file, read with every mistake told at once."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.terms import BeforeReading, PlanKind, TaskKind
from planner.file_section import Section, first_repeats, suggestion
from planner.marked_yaml import Node, ProblemList, quoted, read_tree
from planner.plan_deadline import DEADLINE_EXAMPLE, DeadlineReader
from planner.plan_draft import DeadlineDraft, IndicatorDraft, LadderDraft, PlanDraft, TaskDraft, UnitRef
from planner.plan_units import PlanUnits
from planner.unit_directory import UnitDirectoryDraft
from planner.workdays import WorkCalendar

__all__ = ["DeadlineDraft", "IndicatorDraft", "LadderDraft", "PlanDraft", "TaskDraft", "UnitRef", "parse_plan"]

LONGEST_TITLE = 80
"""Read on a phone, beside a number and a mark."""

MOST_TASKS = 2000
"""More is no plan that anyone can follow."""

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_REFERENCE = re.compile(rf"(?:({_CODE.pattern})/)?({_CODE.pattern})")

_PLAN_FIELDS = (
    "plan", "kind", "document_no", "issued_on", "title", "issuer", "coordinating_unit", "valid_from", "valid_to",
    "secrecy", "ladder", "auto_accept_after", "notes", "tasks",
)  # fmt: skip
_TASK_FIELDS = (
    "code", "from", "title", "kind", "deadline", "as_written", "event", "lead", "supporting", "deliverable",
    "recipient", "via", "indicator", "feeds", "same_as", "secrecy", "ladder", "auto_accept_after", "note",
)  # fmt: skip
_PLAN_KINDS = {
    "kế hoạch": PlanKind.PLAN,
    "công văn": PlanKind.OFFICIAL_LETTER,
} | {kind.value: kind for kind in PlanKind}
_TASK_KINDS = {
    "nhiệm vụ": TaskKind.TASK,
    "báo cáo": TaskKind.REPORT,
    "công khai": TaskKind.PUBLISH,
    "chỉ số": TaskKind.INDICATOR,
    "thường xuyên": TaskKind.STANDING,
    "khi có phát sinh": TaskKind.CONDITIONAL,
    "đề nghị": TaskKind.REQUEST,
} | {kind.value: kind for kind in TaskKind}
_PLAN_EXAMPLES = {
    "plan": "KH146",
    "kind": "kế hoạch",
    "title": "Cải thiện các chỉ số phục vụ người dân",
    "issuer": "HG.UBND",
    "coordinating_unit": "HG.STTTT",
    "tasks": "danh sách, mỗi nhiệm vụ mở đầu bằng - code",
}
_TASK_EXAMPLES = {
    "code": "KH146-IV.3.b",
    "title": "Báo cáo kết quả thực hiện KH 146",
    "kind": "báo cáo",
    "deadline": DEADLINE_EXAMPLE,
    "lead": "Sở Tư pháp",
}
_SECRECY = {"thường": None, "mật": "mật", "tối mật": "tối mật", "tuyệt mật": "tuyệt mật"}


def parse_plan(
    text: str | bytes,
    *,
    file: str,
    known_units: UnitDirectoryDraft | None,
    calendar: WorkCalendar,
    before: BeforeReading = BeforeReading.STRICT,
) -> PlanDraft:
    """The plan a file describes; raises FileProblemsError with every problem at once.

    Without `known_units` names of units stay as written. References to tasks of other plans are not followed here:
    `planner.plan_references.reference_problems` does it for all plans together.
    """
    problems = ProblemList(file)
    tree = read_tree(text, problems)
    problems.raise_if_any_fatal(tree)
    section = Section(tree or Node({}, 1), problems, fields=_PLAN_FIELDS)
    units = PlanUnits(known_units, section)
    deadlines = DeadlineReader(calendar=calendar, before=before, base_on=units.base_on)
    plan = _Reader(section, problems, units, deadlines).plan()
    problems.raise_if_any()
    return plan


@dataclass
class _Reader:
    """Asks every field once. What is missing gets a stand-in: its problem is kept, so the draft is never handed out."""

    section: Section
    problems: ProblemList
    units: PlanUnits
    deadlines: DeadlineReader

    def plan(self) -> PlanDraft:
        section = self.section
        for field, example in _PLAN_EXAMPLES.items():
            section.require(field, example)
        code = _code(section, "plan", most=32)
        valid_from, valid_to = self._validity()
        return PlanDraft(
            code=code,
            kind=section.choice("kind", _PLAN_KINDS) or PlanKind.PLAN,
            document_no=section.text("document_no", most=64),
            issued_on=section.day("issued_on"),
            title=section.text("title", most=200) or "",
            issuer=self.units.issuer or "",
            coordinating_unit=self.units.code(section, "coordinating_unit") or "",
            valid_from=valid_from,
            valid_to=valid_to,
            secrecy=section.choice("secrecy", _SECRECY),
            ladder=_ladder(section),
            auto_accept_after=section.whole("auto_accept_after", least=1, most=60),
            notes=section.texts("notes", most=1000),
            tasks=self._tasks(code),
            file=self.problems.file,
        )

    def _validity(self) -> tuple[date, date | None]:
        section = self.section
        issued_on, valid_from, valid_to = (section.day(field) for field in ("issued_on", "valid_from", "valid_to"))
        since = valid_from or issued_on
        if since is None and not (section.node("issued_on") or section.node("valid_from")):
            section.tell("Thiếu ngày ban hành: viết issued_on, hoặc valid_from nếu bản để trống.", field="issued_on")
        if since and valid_to and valid_to < since:
            section.tell(f"Hết hiệu lực trước ngày bắt đầu {since:%d/%m/%Y}: xem lại hai ngày.", field="valid_to")
        return since or date.max, valid_to

    def _tasks(self, plan_code: str) -> tuple[TaskDraft, ...]:
        nodes = self.section.items("tasks")
        if len(nodes) > MOST_TASKS:
            message = f"Có {len(nodes)} nhiệm vụ, nhiều nhất là {MOST_TASKS}: chia thành nhiều kế hoạch."
            self.section.tell(message, field="tasks")
        sections = [Section(node, self.problems, fields=_TASK_FIELDS) for node in nodes[:MOST_TASKS]]
        tasks = [self._task(section) for section in sections]
        self._check_codes(tasks)
        own = dict.fromkeys(task.code for task in tasks)
        for section, task in zip(sections, tasks, strict=True):
            _check_reference(section, "feeds", task.feeds, task=task, plan_code=plan_code, own=own)
            _check_reference(section, "same_as", task.same_as, task=task, plan_code=plan_code, own=own)
        return tuple(tasks)

    def _task(self, section: Section) -> TaskDraft:
        section.task = section.text("code", most=64)
        for field, example in _TASK_EXAMPLES.items():
            section.require(field, example)
        kind = section.choice("kind", _TASK_KINDS) or TaskKind.TASK
        indicator = _indicator(section)
        if kind is TaskKind.INDICATOR and indicator is None:
            section.tell("Nhiệm vụ loại chỉ số cần mục indicator, ít nhất có name.", field="indicator")
        lead, supporting = self.units.many(section, "lead"), self.units.many(section, "supporting")
        for ref in set(lead) & set(supporting):
            section.tell(f"{ref.code} vừa chủ trì vừa phối hợp: giữ một chỗ.", field="supporting")
        return TaskDraft(
            code=_code(section, "code", most=64),
            place=section.text("from", most=64) or "",
            title=self._title(section),
            kind=kind,
            deadline=self.deadlines.deadline(section),
            lead=lead,
            supporting=supporting,
            deliverable=section.text("deliverable"),
            recipient=section.text("recipient", most=200),
            via=section.text("via", most=80),
            indicator=indicator,
            feeds=_reference(section, "feeds"),
            same_as=_reference(section, "same_as"),
            secrecy=section.choice("secrecy", _SECRECY),
            ladder=_ladder(section),
            auto_accept_after=section.whole("auto_accept_after", least=1, most=60),
            note=section.text("note", most=1000),
            line=section.line,
        )

    def _title(self, section: Section) -> str:
        title = section.text("title", most=2000) or ""
        if len(title) > LONGEST_TITLE:
            section.tell(
                f"Tên việc dài {len(title)} ký tự, đọc trên điện thoại chỉ nên đến {LONGEST_TITLE}: viết gọn lại, "
                "phần còn lại để ở note.",
                field="title",
            )
        return title

    def _check_codes(self, tasks: list[TaskDraft]) -> None:
        def tell(code: str, line: int, first_line: int) -> None:
            message = f"Mã {code} đã dùng ở dòng {first_line}: mỗi nhiệm vụ một mã riêng."
            self.problems.add(message, line=line, field="code", task=code)

        first_repeats(((task.code, task.line) for task in tasks if task.code), tell)


def _check_reference(
    section: Section, field: str, code: str | None, *, task: TaskDraft, plan_code: str, own: Collection[str]
) -> None:
    """Only what must be in this file; the rest waits for the other plans."""
    if code and code == task.code:
        section.tell("Nhiệm vụ không thể dẫn đến chính nó: ghi mã nhiệm vụ khác.", field=field)
    elif code and plan_code and code.startswith(f"{plan_code}-") and code not in own:
        section.tell(f"Kế hoạch này không có nhiệm vụ {quoted(code)}.{suggestion(code, own)}", field=field)


def _code(section: Section, field: str, *, most: int) -> str:
    code = section.text(field, most=most) or ""
    if code and not _CODE.fullmatch(code):
        section.tell(f"Mã {quoted(code)} chỉ gồm chữ không dấu, số, dấu chấm, gạch ngang: KH146-IV.3.b.", field=field)
    return code


def _reference(section: Section, field: str) -> str | None:
    """The code of a task, without the plan before the slash: task codes are unique over all plans."""
    text = section.text(field, most=100)
    found = text and _REFERENCE.fullmatch(text)
    if text and not found:
        section.tell(f"{quoted(text)} không phải mã nhiệm vụ, ví dụ đúng: KH146-IV.3.b.", field=field)
    return found[2] if found else None


def _indicator(section: Section) -> IndicatorDraft | None:
    inner = section.section("indicator", fields=("name", "target", "unit", "max_points", "baseline"))
    if inner is None:
        return None
    inner.require("name", "Tỷ lệ hồ sơ xử lý đúng hạn")
    return IndicatorDraft(
        name=inner.text("name") or "",
        target=inner.text("target"),
        unit=inner.text("unit", most=40),
        max_points=inner.number("max_points"),
        baseline=inner.text("baseline"),
    )


def _ladder(section: Section) -> LadderDraft | None:
    inner = section.section("ladder", fields=("before", "after_every"))
    if inner is None:
        return None
    steps = [inner.whole_of(node, "before", least=0, most=60) for node in inner.items("before")]
    before = tuple(sorted({step for step in steps if step is not None}, reverse=True))
    after_every = inner.whole("after_every", least=1, most=30)
    if not inner.node("before") and not inner.node("after_every"):
        inner.tell("Nấc nhắc trống: viết ví dụ {before: [7, 3, 1], after_every: 2}.")
    return LadderDraft(before, after_every)
