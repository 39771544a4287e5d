"""Work that nobody answers for, as a leader reads it: by date and plan, a line for each unit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from planner.views import AssignmentView
from reminders.wording import Wording, shorten

LINES_SHOWN = 8
"""Units in one message; the rest is a word away."""
NUMBERS_SHOWN = 6
TITLE = 60


@dataclass(frozen=True, slots=True)
class SilentSection:
    """Các đơn vị cùng trễ một thời hạn của một văn bản."""

    heading: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class SilentWork:
    """Việc quá hạn không ai trả lời. `hidden` counts the work on the lines that are not shown."""

    total: int
    sections: list[SilentSection]
    hidden: int


def silent_work(views: Sequence[AssignmentView], wording: Wording, *, today: date) -> SilentWork:
    """The longest wait first; work of one unit that shares its date shares its line."""
    ordered = sorted(views, key=lambda view: (view.effective_on or date.max, view.plan_id, view.unit_id, view.number))
    lines: dict[tuple[str, int], list[AssignmentView]] = {}
    for view in ordered:
        lines.setdefault((_heading(view, wording, today=today), view.unit_id), []).append(view)
    shown = list(lines.items())[:LINES_SHOWN]
    sections: dict[str, list[str]] = {}
    for (heading, _), found in shown:
        sections.setdefault(heading, []).append(f"{found[0].unit_name}: {_work(found)}")
    hidden = len(ordered) - sum(len(found) for _, found in shown)
    return SilentWork(len(ordered), [SilentSection(heading, said) for heading, said in sections.items()], hidden)


def _heading(view: AssignmentView, wording: Wording, *, today: date) -> str:
    urgency = wording.urgency(view, today=today)
    return f"{urgency[:1].upper()}{urgency[1:]} · {view.plan_label} · {wording.deadline(view, today=today)}"


def _work(found: Sequence[AssignmentView]) -> str:
    """One piece is called by its title, several by their numbers."""
    if len(found) == 1:
        return f"{found[0].number} · {shorten(found[0].title, TITLE)}"
    shown = ", ".join(str(view.number) for view in found[:NUMBERS_SHOWN])
    return shown if len(found) <= NUMBERS_SHOWN else f"{shown}… ({len(found)} việc)"
