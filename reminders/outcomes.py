"""From what happened to a message to what its row becomes: one table, no effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.errors import DeliveryError, OutcomeUnknownError, RejectedError, TryLaterError, UnreachableError
from models.terms import OutboxState
from reminders.backoff import Random, wait_after_failure, wait_before_retry
from reminders.channel import Button
from reminders.choosing import QUOTA_HELD
from reminders.outbox import LEASE_EXPIRED, Claimed, Settlement

MAX_FAILURES = 12
"""Unexpected errors of one row before it is given up with an alarm."""

PATIENT_ATTEMPTS = 7
""""Try later" never counts beyond this, so that it never gives up and leaves room for MAX_FAILURES."""

MAX_CLAIMS = 50
"""A message that takes its process down never reports a failure; only its claims are counted."""

_ERROR_LENGTH = 200
_AFTER_A_CRASH = f"; {LEASE_EXPIRED}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Kết quả một lần gửi. `unreachable`: why the address goes out of use together with this.

    `if_elsewhere`: what the row becomes instead where the person has another address to try. `is_unsure`: a try before
    this one may have brought it there, so it goes nowhere else. `uncounted`: when sends were counted that are known not
    to have left.
    """

    claimed: Claimed
    settlement: Settlement
    at: datetime
    unreachable: str | None = None
    if_elsewhere: Settlement | None = None
    is_unsure: bool = False
    uncounted: tuple[datetime, ...] = ()


def delivered(claimed: Claimed, *, wire_ref: str | None, parts_sent: int, choices: Sequence[Button] = ()) -> Settlement:
    offered = [[key.label, key.command] for key in choices] or None
    return _settlement(claimed, OutboxState.DELIVERED, parts_sent=parts_sent, wire_ref=wire_ref, choices=offered)


def cancelled(claimed: Claimed) -> Settlement:
    return _settlement(claimed, OutboxState.CANCELLED)


def released(claimed: Claimed, *, was_tried: bool) -> Settlement:
    """Given back untried; it stays due and keeps its place, only the gate says when it is its turn."""
    return _settlement(claimed, OutboxState.PENDING, attempts=claimed.attempts if was_tried else claimed.attempts - 1)


def held(claimed: Claimed, *, until: datetime) -> Settlement:
    """Not sent, for the month's quota runs out: it waits for the next month, untried."""
    return _settlement(
        claimed, OutboxState.PENDING, send_after=until, attempts=claimed.attempts - 1, last_error=QUOTA_HELD
    )


def passed_on(claimed: Claimed, *, reason: str) -> Settlement:
    """Not sent here: the same is owed at the person's next address."""
    return _settlement(claimed, OutboxState.PASSED_ON, last_error=reason)


def given_up(claimed: Claimed, *, error: str) -> Settlement:
    return _settlement(claimed, OutboxState.REJECTED, last_error=error)


def judge(
    claimed: Claimed, error: Exception, *, now: datetime, random: Random, resend_when_unknown: bool
) -> Settlement:
    """What becomes of the row after this error; see docs/architecture.md for the table in words."""
    said = _said(error)
    match error:
        case TryLaterError():
            attempts = min(claimed.attempts, PATIENT_ATTEMPTS)
            send_after = now + wait_before_retry(attempts, retry_after=error.retry_after, random=random)
            return _settlement(claimed, OutboxState.PENDING, send_after=send_after, attempts=attempts, last_error=said)
        case UnreachableError():
            return _settlement(claimed, OutboxState.UNREACHABLE, last_error=said)
        case RejectedError():
            return given_up(claimed, error=said)
        case OutcomeUnknownError():
            return _unknown(claimed, said, may_resend=resend_when_unknown and claimed.unknown_outcomes == 0)
        case _ if claimed.attempts >= MAX_FAILURES:
            return given_up(claimed, error=said)
        case _:
            send_after = now + wait_after_failure(claimed.attempts, random=random)
            return _settlement(claimed, OutboxState.PENDING, send_after=send_after, last_error=said)


def _unknown(claimed: Claimed, said: str, *, may_resend: bool) -> Settlement:
    """Once more when its lease is over, then never again: a second copy is a nuisance, a third a fault."""
    return _settlement(
        claimed,
        OutboxState.PENDING if may_resend else OutboxState.UNKNOWN,
        send_after=max(claimed.send_after, claimed.lease_until),
        unknown_outcomes=claimed.unknown_outcomes + 1,
        last_error=said,
    )


def _said(error: Exception) -> str:
    """Of our own errors the code and what the platform said; of foreign ones the type alone, they may quote words."""
    if isinstance(error, DeliveryError):
        return f"{error.code}: {error}"[:_ERROR_LENGTH]
    return type(error).__name__[:_ERROR_LENGTH]


def _settlement(
    claimed: Claimed,
    state: OutboxState,
    *,
    send_after: datetime | None = None,
    attempts: int | None = None,
    parts_sent: int | None = None,
    unknown_outcomes: int | None = None,
    wire_ref: str | None = None,
    choices: list[list[str]] | None = None,
    last_error: str | None = None,
) -> Settlement:
    return Settlement(
        id=claimed.id,
        lease_token=claimed.lease_token,
        state=state,
        send_after=send_after or claimed.send_after,
        attempts=claimed.attempts if attempts is None else attempts,
        parts_sent=claimed.parts_sent if parts_sent is None else parts_sent,
        unknown_outcomes=claimed.unknown_outcomes if unknown_outcomes is None else unknown_outcomes,
        wire_ref=wire_ref,
        choices=choices,
        last_error=_remembered(claimed, last_error),
    )


def was_left_by_a_crash(last_error: str | None) -> bool:
    """A holder of this row vanished under its lease at some time, whatever was said since."""
    return last_error is not None and last_error.endswith(LEASE_EXPIRED)


def may_have_arrived(claimed: Claimed, *, is_begun_first: bool) -> bool:
    """Whether a try before this one may have brought it there: one of unknown outcome, or one cut off by a crash.

    `is_begun_first`: the channel's sends are written down before they leave, so a crash before that sent nothing, and
    one after it was made an unknown outcome.
    """
    return claimed.unknown_outcomes > 0 or (not is_begun_first and was_left_by_a_crash(claimed.last_error))


def _remembered(claimed: Claimed, said: str | None) -> str | None:
    """The newest word, with the crash behind it where there was one: it is why there may be a copy already."""
    if said is None or said == QUOTA_HELD or not was_left_by_a_crash(claimed.last_error):
        return said or claimed.last_error
    return said[: _ERROR_LENGTH - len(_AFTER_A_CRASH)] + _AFTER_A_CRASH
