"""What a letter that came again changes in the plan that is tracked under it. Pure."""

from dataclasses import dataclass
from datetime import date


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
    """Khác biệt so với kế hoạch đang theo dõi dưới cùng văn bản."""

    plan_code: str
    added: tuple[AddedTask, ...]
    moved: tuple[MovedTask, ...]
    reassigned: tuple[ReassignedTask, ...]
    missing: tuple[MissingTask, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Nothing would be written; what is missing from the letter is kept anyway."""
        return not (self.added or self.moved or self.reassigned)
