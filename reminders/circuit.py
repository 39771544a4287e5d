"""A bot that fails again and again is let alone for a while, so that what it owes waits unhurt and others go on."""

from datetime import UTC, datetime, timedelta

from models.errors import ChannelStoppedError, DeliveryError, OutcomeUnknownError, TryLaterError
from reminders.outages import OPENS_AFTER

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=5)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Circuit:
    """Cầu dao của một bot: open after some failures in a row, then one message at a time is tried until one succeeds.

    Only what the wire does counts: a person who blocked us and a message refused are answers of a platform that works.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._until = _LONG_AGO
        self._reason = ""
        self._is_up: bool | None = None
        """None: this process has not tried it yet, and what an earlier one wrote down stands."""
        self._written: bool | None = None

    @property
    def is_open(self) -> bool:
        return self._is_up is False

    def room(self, now: datetime) -> int | None:
        """How many messages may be tried now; None: as many as there are."""
        if not self.is_open:
            return None
        return 1 if now >= self._until else 0

    def opens_at(self, now: datetime) -> datetime | None:
        """When the next one may be tried, where that lies ahead."""
        return self._until if self.is_open and self._until > now else None

    def succeeded(self) -> None:
        self._failures, self._pause, self._reason, self._is_up = 0, FIRST_PAUSE, "", True

    def failed(self, error: DeliveryError, now: datetime) -> bool:
        """Count what `send` raised; True: with this one the bot is let alone."""
        if not _is_the_wires(error):
            self.succeeded()
            return False
        self._failures += 1
        if not (self.is_open or self._failures >= OPENS_AFTER or isinstance(error, ChannelStoppedError)):
            return False
        was_open, self._reason, self._is_up = self.is_open, f"{error.code}: {error}", False
        if now >= self._until:  # what was under way when it opened makes the pause no longer
            self._until = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return not was_open

    @property
    def news(self) -> str | None:
        """The reason of an outage, "" where all is well again; None: there is nothing new to write down."""
        return None if self._is_up is self._written else self._reason

    def reported(self, news: str) -> None:
        self._written = not news


def _is_the_wires(error: DeliveryError) -> bool:
    if isinstance(error, TryLaterError):
        return not error.is_rate_limit
    return isinstance(error, OutcomeUnknownError)
