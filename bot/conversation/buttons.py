"""Buttons as verbs; each one only sends what could have been typed."""

from bot.conversation.turn import Rows
from planner.views import AssignmentView
from reminders.channel import Button


def answers(view: AssignmentView, *, shared: bool = False) -> Rows:
    """The four answers to one assignment; `shared`: the person owes this number in more units than one."""
    which = address(view, shared=shared)
    return (
        (Button("Đã xong", f"xong {which}"), Button("Đang làm", f"dang {which}")),
        (Button("Vướng mắc", f"vuongmac {which}"), Button("Xin gia hạn", f"giahan {which}")),
    )


def address(view: AssignmentView, *, shared: bool) -> str:
    """12, or 12 @HG.STP where the number alone would not say whose."""
    return f"{view.number} @{view.unit_code}" if shared else str(view.number)


def undo(number: int) -> Rows:
    return ((Button("Hoàn tác", f"hoan tac {number}"),),)


def row(*keys: Button | None) -> Rows:
    """One row of those that are there."""
    there = tuple(key for key in keys if key is not None)
    return (there,) if there else ()


IN_VIEW = 4
"""As many buttons as a person reads at a glance."""


def first_four(*keys: Button | None) -> Rows:
    """Of those that are there the first four; what is left out can be typed."""
    return pairs(*[key for key in keys if key is not None][:IN_VIEW])


def pairs(*keys: Button | None) -> Rows:
    """Rows of two, so that labels stay whole on a phone."""
    there = [key for key in keys if key is not None]
    return tuple(tuple(there[start : start + 2]) for start in range(0, len(there), 2))
