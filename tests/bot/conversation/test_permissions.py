"""The table of permissions, cell by cell: what is not named here is refused."""

import pytest

from bot.conversation.permissions import ALLOWED, Action, may, units_for
from models.terms import Role
from planner.people import KnownPerson, Place

OWN = {"ask-help", "choose-channel"}
LOOKS = {"see-assignment", "see-due", "see-overdue"}
ANSWERS = {"see-own-work", "report", "undo", "raise-blocker", "request-extension"}
GRANTED = {
    Role.OFFICER: OWN | LOOKS | ANSWERS,
    Role.UNIT_HEAD: OWN | LOOKS | ANSWERS | {"delegate"},
    Role.COORDINATOR: OWN
    | LOOKS
    | ANSWERS
    | {"nudge", "decide", "assign", "summarise", "export", "see-quota"}
    | {"send-letter"},
    Role.LEADER: OWN | LOOKS | {"summarise", "export"},
    Role.ADMIN: OWN | {"see-quota", "send-letter"},
}


def person(*places):
    return KnownPerson(
        1, "Người Mẫu", tuple(Place(unit_id, f"T.{unit_id}", "Đơn vị", role) for unit_id, role in places)
    )


@pytest.mark.parametrize("action", Action, ids=str)
@pytest.mark.parametrize("role", Role, ids=str)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role, action):
    assert may(person((7, role)), action) is (action.value in GRANTED[role])


def test_every_role_has_a_row_and_every_action_somebody_who_may():
    assert set(ALLOWED) == set(GRANTED) == set(Role)
    assert {action.value for action in Action} == set().union(*GRANTED.values())


def test_nobody_without_a_role_may_do_anything():
    assert not any(may(person(), action) for action in Action)


def test_a_role_in_one_unit_opens_nothing_in_another():
    someone = person((7, Role.LEADER), (8, Role.UNIT_HEAD))
    assert units_for(someone, Action.REPORT) == {8}
    assert units_for(someone, Action.NUDGE) == frozenset()
