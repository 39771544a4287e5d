"""Whether a message may leave by a channel just now: its person's window and the bot's quota, decided before sending.

Pure tables. What may not leave here is owed at the person's next address, which is how a channel is chosen.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from models.clock import at_civil, civil_day
from models.terms import Lane
from reminders.channel import Capabilities, SessionWindow
from reminders.office_hours import DIGEST_AT

WARN_AT_PERCENT = 80

HOLD_AT_PERCENT = {Lane.DIGEST: 95, Lane.REMINDER: 98}
"""From here on a lane waits: overviews first, for tomorrow's says the same; then single pings; replies never.

What is left belongs to the answers people wait for, and to counting that is a little off the platform's.
"""

WINDOW_CLOSED = "window-closed"
BOT_NOT_RUN = "bot-not-run"
"""Why an address is passed over, before anything is planned for it or sent there."""

QUOTA_HELD = "quota-held"
"""Left in `last_error` of a message that waits for the month's end."""


class Standing(StrEnum):
    """Cửa sổ tương tác của một người đang ở đâu."""

    FREE = "free"
    BILLED = "billed"
    CLOSED = "closed"


def standing(window: SessionWindow | None, *, last_heard_at: datetime | None, now: datetime) -> Standing:
    """Each bound belongs to the window it ends; somebody who was never heard is out of every window."""
    if window is None:
        return Standing.FREE
    if last_heard_at is None:
        return Standing.CLOSED
    silent_for = now - last_heard_at
    if silent_for <= window.free:
        return Standing.FREE
    is_bought = window.may_bill and window.billed is not None and silent_for <= window.billed
    return Standing.BILLED if is_bought else Standing.CLOSED


def is_held(lane: Lane, *, used: int, quota: int | None) -> bool:
    """`used`: of the month so far, both directions, before this message."""
    percent = HOLD_AT_PERCENT.get(lane)
    return quota is not None and percent is not None and used * 100 >= quota * percent


def runs_low(*, used: int, quota: int) -> bool:
    return used * 100 >= quota * WARN_AT_PERCENT


def must_begin(able: Capabilities) -> bool:
    """Whether a send is written down before it leaves: where it is counted, or must not be repeated blindly."""
    return able.monthly_quota is not None or not able.resend_when_unknown


def month_of(now: datetime) -> date:
    return civil_day(now).replace(day=1)


def next_month_at(now: datetime) -> datetime:
    """When what the quota holds may leave: the first morning of the next civil month."""
    first = (month_of(now) + timedelta(days=32)).replace(day=1)
    return at_civil(first, DIGEST_AT)
