"""Keys that make a thing happen once: a reminder per rung and person, a message per morning, person and kind."""

from datetime import date

from models.terms import ReminderKind


def reminder_key(assignment_id: int, person_id: int, kind: ReminderKind, step_on: date) -> str:
    return f"{assignment_id}:{person_id}:{kind.value}:{step_on:%Y%m%d}"


def nudge_key(topic: str, today: date, person_id: int, unit_id: int, first_assignment_id: int) -> str:
    """The first assignment tells a second message of the same morning apart: work given at noon is new too."""
    return f"{topic}:{today:%Y%m%d}:{person_id}:{unit_id}:{first_assignment_id}"


def desk_key(today: date, person_id: int) -> str:
    return f"desk:{today:%Y%m%d}:{person_id}"


def week_key(today: date, person_id: int) -> str:
    return f"week:{today:%Y%m%d}:{person_id}"


def leader_key(today: date, person_id: int) -> str:
    return f"leader:{today:%Y%m%d}:{person_id}"


def group_key(today: date, group_id: int) -> str:
    return f"group:{today:%Y%m%d}:{group_id}"
