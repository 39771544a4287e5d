"""What a letter that came again changes in the plan that is tracked under it. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.letters.same_tasks import same_tasks
from planner.plain_text import plain
from planner.plan_draft import DeadlineDraft, PlanDraft, TaskDraft, UnitRef
from planner.recurrence import occurrences
from planner.unit_directory import UnitDirectoryDraft


@dataclass(frozen=True, slots=True)
class AddedTask:
    """Việc mới. `number` is that of the duty in the draft, from 1."""

    number: int
    title: str
    leads: tuple[str, ...]
    last_valid_on: date | None
    phrase: str | None


@dataclass(frozen=True, slots=True)
class MovedTask:
    """Việc đổi thời hạn. A day is None where the deadline comes back, stands or waits: its phrase tells."""

    number: int
    task_code: str
    title: str
    old_on: date | None
    new_on: date | None
    old_phrase: str | None
    new_phrase: str | None


@dataclass(frozen=True, slots=True)
class ReassignedTask:
    """Việc đổi đơn vị chủ trì; names of units and groups."""

    number: int
    task_code: str
    title: str
    old_leads: tuple[str, ...]
    new_leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingTask:
    """Việc đang theo dõi mà bản này không nêu: it stays as it is."""

    task_code: str
    title: str
    last_valid_on: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Khác biệt so với kế hoạch đang theo dõi dưới cùng văn bản.

    `ended` are tasks of the letter that were closed since: they stay closed.
    """

    plan_code: str
    added: tuple[AddedTask, ...]
    moved: tuple[MovedTask, ...]
    reassigned: tuple[ReassignedTask, ...]
    missing: tuple[MissingTask, ...]
    unchanged: int
    ended: tuple[MissingTask, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing would be written; what is missing from the letter is kept anyway."""
        return not (self.added or self.moved or self.reassigned)


@dataclass(frozen=True, slots=True)
class Compared:
    """So sánh một bản đọc với kế hoạch đang theo dõi: what to tell, and what to write."""

    difference: Difference
    changes: PlanDraft
    """Only what was added or changed, under the codes that are tracked."""


def compared(
    read: PlanDraft,
    tracked: PlanDraft,
    *,
    closed: Collection[str],
    taken: Collection[str],
    numbers: Sequence[int],
    directory: UnitDirectoryDraft,
) -> Compared:
    """`closed`: codes of tracked tasks that are closed; `taken`: codes of all tasks there are; `numbers`: of the
    duties in the draft, one for each task of `read`.

    Titles, codes and notes of known tasks stay as they are. A day that is tracked is never dropped because this letter
    gives none, and what this letter does not speak of stays.
    """
    same = same_tasks(read.tasks, tracked.tasks)
    writer = _Writer(directory, set(taken), set(closed))
    for place, (task, number) in enumerate(zip(read.tasks, numbers, strict=True)):
        if place in same:
            writer.meet(tracked.tasks[same[place]], task, number)
        else:
            writer.add(task, number)
    unseen = [task for place, task in enumerate(tracked.tasks) if place not in same.values()]
    missing = tuple(_missing(task) for task in unseen if task.code not in writer.closed and task.secrecy is None)
    difference = Difference(
        tracked.code, tuple(writer.added), tuple(writer.moved), tuple(writer.reassigned), missing, writer.unchanged,
        tuple(writer.ended),
    )  # fmt: skip
    return Compared(difference, replace(tracked, tasks=tuple(writer.tasks)))


class _Writer:
    """Collects what is told and what is written, task by task."""

    def __init__(self, directory: UnitDirectoryDraft, taken: set[str], closed: set[str]) -> None:
        self.directory, self.taken, self.closed = directory, taken, closed
        self.added: list[AddedTask] = []
        self.moved: list[MovedTask] = []
        self.reassigned: list[ReassignedTask] = []
        self.ended: list[MissingTask] = []
        self.tasks: list[TaskDraft] = []
        self.unchanged = 0

    def add(self, task: TaskDraft, number: int) -> None:
        task = replace(task, code=_free(task.code, self.taken))
        self.taken.add(task.code)
        self.tasks.append(task)
        deadline = task.deadline
        names = self._names(task.lead)
        self.added.append(AddedTask(number, task.title, names, deadline.last_valid_on, deadline.phrase))

    def meet(self, known: TaskDraft, task: TaskDraft, number: int) -> None:
        if known.code in self.closed:
            self.ended.append(_missing(known))
            return
        if known.secrecy is not None:  # not even its title goes through a chat, so nobody could agree to a change
            self.unchanged += 1
            return
        changed = known
        if _is_moved(known.deadline, task.deadline):
            changed = replace(changed, deadline=replace(task.deadline, reason=None))
            self.moved.append(_moved(known, task, number))
        if set(known.lead) != set(task.lead):
            helpers = tuple(ref for ref in known.supporting if ref not in task.lead)
            changed = replace(changed, lead=task.lead, supporting=helpers)
            names = (self._names(known.lead), self._names(task.lead))
            self.reassigned.append(ReassignedTask(number, known.code, known.title, *names))
        if changed is known:
            self.unchanged += 1
        else:
            self.tasks.append(changed)

    def _names(self, refs: Sequence[UnitRef]) -> tuple[str, ...]:
        found = (self.directory.group(ref.code) if ref.is_group else self.directory.unit(ref.code) for ref in refs)
        return tuple(entry.name if entry else ref.code for entry, ref in zip(found, refs, strict=True))


def _is_moved(old: DeadlineDraft, new: DeadlineDraft) -> bool:
    """Only the days count: other words for the same day move nothing, nor do the words that were taken for another.

    A clerk may have taken "trước ngày 01/11/2024" for every year from then on: that day is one of theirs.
    """
    if new.phrase and plain(new.phrase) in {plain(each) for each in (old.phrase, old.as_written) if each}:
        return False
    if new.recurrences:
        return set(new.recurrences) != set(old.recurrences)
    if new.last_valid_on is None or _comes_round_to(old, new):
        return False
    days = (new.last_valid_on, new.due_time, new.grace_until)
    return days != (old.last_valid_on, old.due_time, old.grace_until)


def _comes_round_to(old: DeadlineDraft, new: DeadlineDraft) -> bool:
    named_on = new.due_on or new.last_valid_on
    assert named_on is not None
    rules = [rule for rule in old.recurrences if rule.boundary is new.boundary]
    return any(any(occurrences(rule, since=named_on, until=named_on)) for rule in rules)


def _moved(known: TaskDraft, task: TaskDraft, number: int) -> MovedTask:
    old, new = known.deadline, task.deadline
    return MovedTask(
        number, known.code, known.title, old.last_valid_on, new.last_valid_on, old.phrase, new.phrase
    )  # fmt: skip


def _missing(task: TaskDraft) -> MissingTask:
    return MissingTask(task.code, task.title, task.deadline.last_valid_on)


def _free(code: str, taken: Collection[str]) -> str:
    count, free = 1, code
    while free in taken:
        count += 1
        free = f"{code}-{count}"
    return free
