"""References between tasks of all plans together: one duty feeding another, one duty standing in two documents."""

from collections.abc import Collection, Iterable, Iterator

from models.errors import Problem
from planner.file_section import suggestion
from planner.marked_yaml import quoted
from planner.plan_draft import PlanDraft, TaskDraft


def reference_problems(plans: Iterable[PlanDraft], *, known_codes: Collection[str] = ()) -> list[Problem]:
    """What is wrong between plans: a code used twice, a reference to no task, a ring of `feeds` or of `same_as`.

    `known_codes` are tasks loaded before; a task given here replaces the known one of the same code.
    """
    entries = [(plan, task) for plan in plans for task in plan.tasks]
    by_code = {task.code: task for _plan, task in entries}
    all_codes = {*known_codes, *by_code}
    return [
        *_repeated(entries),
        *(problem for plan, task in entries for problem in _dangling(plan, task, all_codes)),
        *_rings(entries, by_code),
    ]


def _repeated(entries: list[tuple[PlanDraft, TaskDraft]]) -> Iterator[Problem]:
    first: dict[str, PlanDraft] = {}
    for plan, task in entries:
        other = first.setdefault(task.code, plan)
        if other is not plan:
            message = f"Mã {task.code} đã dùng ở {other.file}: mỗi nhiệm vụ một mã riêng."
            yield Problem(plan.file, task.line, task.code, "code", message)


def _dangling(plan: PlanDraft, task: TaskDraft, all_codes: set[str]) -> Iterator[Problem]:
    for field, code in (("feeds", task.feeds), ("same_as", task.same_as)):
        if code and code not in all_codes:
            message = f"Không có nhiệm vụ nào mã {quoted(code)}.{suggestion(code, all_codes)}"
            yield Problem(plan.file, task.line, task.code, field, message)


def _rings(entries: list[tuple[PlanDraft, TaskDraft]], by_code: dict[str, TaskDraft]) -> Iterator[Problem]:
    for field in ("feeds", "same_as"):
        nexts = {code: getattr(task, field) for code, task in by_code.items()}
        for plan, task in entries:
            if _comes_back(task.code, nexts):
                message = f"Các nhiệm vụ dẫn vòng quanh, từ {task.code} lại về chính nó: bỏ một mục {field}."
                yield Problem(plan.file, task.line, task.code, field, message)


def _comes_back(code: str, nexts: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    follower = nexts.get(code)
    while follower is not None and follower not in seen:
        if follower == code:
            return True
        seen.add(follower)
        follower = nexts.get(follower)
    return False
