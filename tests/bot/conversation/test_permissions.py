"""The table of permissions, cell by cell: what is not named here is refused."""

import pytest

from bot.conversation.permissions import ALLOWED, Action, may, units_for
from models.terms import Role
from planner.people import KnownPerson, Place

GRANTED = {
    Role.OFFICER: {
        "ask-help", "choose-channel", "see-own-work", "see-assignment", "see-due", "see-overdue", "report", "undo", "raise-blocker",
        "request-extension",
    },
    Role.UNIT_HEAD: {
        "ask-help", "choose-channel", "see-own-work", "see-assignment", "see-due", "see-overdue", "report", "undo", "raise-blocker",
        "request-extension", "delegate",
    },
    Role.COORDINATOR: {
        "ask-help", "choose-channel", "see-own-work", "see-assignment", "see-due", "see-overdue", "report", "undo", "raise-blocker",
        "request-extension", "nudge", "decide", "assign", "summarise", "export",
        "see-quota",
    },
    Role.LEADER: {"ask-help", "choose-channel", "see-assignment", "see-due", "see-overdue", "summarise", "export"},
    Role.ADMIN: {"ask-help", "choose-channel", "see-quota"},
}  # fmt: skip


def person(*places):
    return KnownPerson(
        1, "Người Mẫu", tuple(Place(unit_id, f"T.{unit_id}", "Đơn vị", role) for unit_id, role in places)
    )


@pytest.mark.parametrize("action", Action, ids=str)
@pytest.mark.parametrize("role", Role, ids=str)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role, action):
    assert may(person((7, role)), action) is (action.value in GRANTED[role])


def test_every_role_has_a_row():
    assert set(ALLOWED) == set(Role)


def test_nobody_without_a_role_may_do_anything():
    assert not any(may(person(), action) for action in Action)


def test_a_role_in_one_unit_opens_nothing_in_another():
    someone = person((7, Role.LEADER), (8, Role.UNIT_HEAD))
    assert units_for(someone, Action.REPORT) == {8}
    assert units_for(someone, Action.NUDGE) == frozenset()
