"""A plan as its file says it: plain values, deadlines read, units named by code, groups kept as groups."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from models.terms import Boundary, DeadlineKind, PlanKind, TaskKind
from planner.recurrence import Recurrence


@dataclass(frozen=True, slots=True)
class UnitRef:
    """Đơn vị hoặc nhóm đơn vị được giao; a group is expanded when a period opens, never in the draft."""

    code: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class DeadlineDraft:
    """Thời hạn của một nhiệm vụ: `phrase` as it is followed, `as_written` as the paper says it when they differ.

    Exactly one of these holds: `recurrences` (comes back), `last_valid_on` (once), `event` (nothing until it happens),
    `is_ongoing` (no end; a check-in each month), or none of them (`reason` says why there is no deadline).
    `kind` is None only for the last.
    """

    phrase: str | None
    as_written: str | None
    kind: DeadlineKind | None
    boundary: Boundary | None = None
    recurrences: tuple[Recurrence, ...] = ()
    starts_on: date | None = None
    due_on: date | None = None
    due_time: time | None = None
    last_valid_on: date | None = None
    work_to: date | None = None
    grace_until: date | None = None
    event: str | None = None
    amount: int | None = None
    is_ongoing: bool = False
    is_soft: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """Chỉ số. `target` and `baseline` stay as written ("≥ 1", "31,41 (năm 2024)")."""

    name: str
    target: str | None
    unit: str | None
    max_points: Decimal | None
    baseline: str | None


@dataclass(frozen=True, slots=True)
class LadderDraft:
    """Nấc nhắc riêng: working days `before` the last day, then every `after_every` working days once late."""

    before: tuple[int, ...]
    after_every: int | None


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """Nhiệm vụ as the file says it. `feeds` and `same_as` are task codes, of this plan or of another."""

    code: str
    place: str
    title: str
    kind: TaskKind
    deadline: DeadlineDraft
    lead: tuple[UnitRef, ...]
    supporting: tuple[UnitRef, ...]
    deliverable: str | None
    recipient: str | None
    via: str | None
    indicator: IndicatorDraft | None
    feeds: str | None
    same_as: str | None
    secrecy: str | None
    ladder: LadderDraft | None
    auto_accept_after: int | None
    note: str | None
    line: int

    @property
    def is_request(self) -> bool:
        """Đề nghị: followed like any other, never counted against the one who was asked."""
        return self.kind is TaskKind.REQUEST


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """Kế hoạch as its file says it. No number or no date: the paper leaves it blank and a person fills it in."""

    code: str
    kind: PlanKind
    document_no: str | None
    issued_on: date | None
    title: str
    issuer: str
    coordinating_unit: str
    valid_from: date
    valid_to: date | None
    secrecy: str | None
    ladder: LadderDraft | None
    auto_accept_after: int | None
    notes: tuple[str, ...]
    tasks: tuple[TaskDraft, ...]
    file: str

    @property
    def is_secret(self) -> bool:
        """Mật, tối mật, tuyệt mật: never goes through a chat, not even its title."""
        return self.secrecy is not None or any(task.secrecy for task in self.tasks)
