"""Keys that make a thing happen once: a reminder per rung and person, a message per morning, person and kind."""

from datetime import date, datetime

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


def origin_of(key: str) -> str:
    """The key under which a message was first owed, at whatever address it is by now."""
    return key.partition(_ELSEWHERE)[0]


def elsewhere_key(key: str) -> str:
    """The key of the same message at the person's next address.

    One row has one successor, so two channels can never hold a message at once: the next is owed by the very
    transaction that settles this one as not arrived, and by no other.
    """
    return f"{origin_of(key)}{_ELSEWHERE}{_step(key) + 1}"


def chain_of(key: str) -> list[str]:
    """The keys of this message at every address up to this one."""
    return [origin_of(key), *(f"{origin_of(key)}{_ELSEWHERE}{step}" for step in range(1, _step(key) + 1))]


def _step(key: str) -> int:
    return int(key.partition(_ELSEWHERE)[2] or 0)


_ELSEWHERE = ">"


def quota_key(bot: str, today: date, person_id: int) -> str:
    return f"quota:{bot}:{today:%Y%m}:{person_id}"


def stopped_key(bot: str, since: datetime, person_id: int) -> str:
    return f"stopped:{bot}:{since:%Y%m%d%H%M%S}:{person_id}"


def unsure_key(today: date, person_id: int, unit_id: int) -> str:
    return f"unsure:{today:%Y%m%d}:{person_id}:{unit_id}"


def group_key(today: date, group_id: int) -> str:
    return f"group:{today:%Y%m%d}:{group_id}"
