"""Who may do what: one table, role by action; what is not written here is refused."""

from enum import StrEnum

from models.terms import Role
from planner.people import KnownPerson


class Action(StrEnum):
    """Việc người dùng yêu cầu hệ thống làm."""

    ASK_HELP = "ask-help"
    SEE_OWN_WORK = "see-own-work"
    SEE_ASSIGNMENT = "see-assignment"
    SEE_DUE = "see-due"
    SEE_OVERDUE = "see-overdue"
    REPORT = "report"
    UNDO = "undo"
    RAISE_BLOCKER = "raise-blocker"
    REQUEST_EXTENSION = "request-extension"
    NUDGE = "nudge"
    DELEGATE = "delegate"
    DECIDE = "decide"
    ASSIGN = "assign"
    SUMMARISE = "summarise"
    EXPORT = "export"
    CHOOSE_CHANNEL = "choose-channel"
    SEE_QUOTA = "see-quota"
    SEND_LETTER = "send-letter"


_OWN = frozenset({Action.ASK_HELP, Action.CHOOSE_CHANNEL})
_READ = _OWN | {Action.SEE_ASSIGNMENT, Action.SEE_DUE, Action.SEE_OVERDUE}
_STEER = frozenset({Action.SUMMARISE, Action.EXPORT})
_ANSWER = frozenset({Action.SEE_OWN_WORK, Action.REPORT, Action.UNDO, Action.RAISE_BLOCKER, Action.REQUEST_EXTENSION})

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.OFFICER: _READ | _ANSWER,
    Role.UNIT_HEAD: _READ | _ANSWER | {Action.DELEGATE},
    Role.COORDINATOR: (
        _READ | _ANSWER | _STEER | {Action.NUDGE, Action.DECIDE, Action.ASSIGN, Action.SEE_QUOTA, Action.SEND_LETTER}
    ),
    Role.LEADER: _READ | _STEER,
    Role.ADMIN: _OWN | {Action.SEE_QUOTA, Action.SEND_LETTER},
}
"""What a role allows *within its own reach*: answers for its own unit, lists within `scope_of`."""


def may(person: KnownPerson, action: Action) -> bool:
    """Whether any role this person holds today allows it."""
    return any(action in ALLOWED.get(place.role, frozenset()) for place in person.places)


def units_for(person: KnownPerson, action: Action) -> frozenset[int]:
    """The units this person may do it for; a role in one unit opens nothing in another."""
    return frozenset(place.unit_id for place in person.places if action in ALLOWED.get(place.role, frozenset()))
