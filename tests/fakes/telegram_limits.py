"""How fast a bot may speak, as the Bot API's own questions and answers put it: token buckets on an injected clock."""

import math
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Bucket:
    """`capacity` messages at once, refilled evenly over `per` seconds."""

    capacity: float
    per: float
    tokens: float = field(init=False)
    filled_at: datetime | None = None

    def __post_init__(self) -> None:
        self.tokens = self.capacity

    def wait(self, now: datetime) -> float:
        """Seconds until one more message fits."""
        if self.filled_at is not None:
            gained = (now - self.filled_at).total_seconds() * self.capacity / self.per
            self.tokens = min(self.capacity, self.tokens + max(0.0, gained))
        self.filled_at = now
        return 0.0 if self.tokens >= 1 - 1e-9 else (1 - self.tokens) * self.per / self.capacity

    def take(self) -> None:
        self.tokens -= 1


@dataclass
class Limits:
    """About 30 messages a second per bot; 1 a second in a private chat (3 at once pass); 20 a minute in a group."""

    overall: tuple[float, float] = (30, 1)
    private: tuple[float, float] = (3, 3)
    group: tuple[float, float] = (20, 60)
    _buckets: dict[int | None, Bucket] = field(default_factory=dict)

    def seconds_to_wait(self, chat_id: int, *, now: datetime) -> int:
        """0 and a token taken from both buckets, or the `retry_after` of a 429 and nothing taken."""
        chat = self._buckets.setdefault(chat_id, Bucket(*(self.private if chat_id > 0 else self.group)))
        overall = self._buckets.setdefault(None, Bucket(*self.overall))
        wait = max(chat.wait(now), overall.wait(now))
        if wait > 0:
            return max(1, math.ceil(wait))
        chat.take()
        overall.take()
        return 0
