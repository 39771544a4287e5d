"""How fast one bot may speak, kept exactly and in memory by its one sender; time is an argument everywhere.

A window is the strictest reading of "so many per so long": whoever keeps it also keeps a token bucket of that size.
Where the peer's clock and ours differ by the network's jitter, `margin` makes our second a little longer than theirs.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many per so long."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Giới hạn tốc độ của một bot; None = no limit of this kind.

    `private` is a bucket (burst `count`, one back every `per / count`), `overall` and `group` are sliding windows.
    A chat is a group where its id begins with "-". `several` chats limited within `shortly` pause the whole bot.
    """

    overall: Rate | None = Rate(30, timedelta(seconds=1))
    private: Rate | None = Rate(3, timedelta(seconds=3))
    group: Rate | None = Rate(20, timedelta(seconds=60))
    margin: float = 0.025
    several: int = 3
    shortly: timedelta = timedelta(seconds=10)

    def widened(self, rate: Rate | None) -> Rate | None:
        return rate and Rate(rate.count, rate.per * (1 + self.margin))


UNLIMITED = Limits(overall=None, private=None, group=None)


class Window:
    """Cửa sổ trượt: in any `per` at most `count`, exactly. Takings may lie ahead of now: they are reservations."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._taken: deque[datetime] = deque(maxlen=rate.count)

    def ready_at(self, now: datetime) -> datetime:
        """The first instant, `now` or later, at which one more fits."""
        if len(self._taken) < self._rate.count:
            return now
        return max(now, self._taken[0] + self._rate.per)

    def take(self, at: datetime) -> None:
        self._taken.append(max(at, self._taken[-1]) if self._taken else at)

    def is_full_again(self, now: datetime) -> bool:
        return not self._taken or self._taken[-1] + self._rate.per <= now

    def room(self, now: datetime, *, until: datetime, gap: timedelta) -> int:
        """How many could be taken between `now` and `until` when they keep `gap` between them."""
        trial = Window(self._rate)
        trial._taken = self._taken.copy()
        last = self._taken[-1] if self._taken else _LONG_AGO
        count = 0
        while count < self._rate.count and (last := max(trial.ready_at(now), last + gap)) <= until:
            trial.take(last)
            count += 1
        return count


class Bucket:
    """Xô: `count` at once, then one back every `per / count`. Kept as the instant at which it is full again."""

    def __init__(self, rate: Rate) -> None:
        self._per, self._step = rate.per, rate.per / rate.count
        self._full_at = _LONG_AGO

    def ready_at(self, now: datetime) -> datetime:
        return max(now, self._full_at + self._step - self._per)

    def take(self, at: datetime) -> None:
        self._full_at = max(self._full_at, at) + self._step

    def is_full_again(self, now: datetime) -> bool:
        return self._full_at <= now


class Gate:
    """Cổng của một bot. The bot's slots are reserved ahead; a chat's are taken when its send has come back.

    A message arrives before its answer does, so a chat counted from the answer is never faster than the peer's count,
    whatever the network does. One message at a time is under way in a chat, which makes that possible.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        overall = limits.widened(limits.overall)
        self._overall = Window(overall) if overall else None
        self._gap = overall.per / overall.count if overall else timedelta()
        self._last = _LONG_AGO
        self._chats: dict[str, Window | Bucket] = {}
        self._paused_chats: dict[str, datetime] = {}
        self._paused_until = _LONG_AGO
        self._limited: deque[tuple[datetime, str]] = deque(maxlen=64)

    def next_slot(self, now: datetime, *, evenly: bool) -> datetime:
        """The instant at which one more message of the bot may leave.

        `evenly` keeps messages `per / count` apart, which no jitter turns into a burst; else a full second's worth
        may leave at once.
        """
        slot = max(now, self._paused_until)
        if not self._overall:
            return slot
        return max(self._overall.ready_at(slot), self._last + self._gap if evenly else _LONG_AGO)

    def reserve(self, now: datetime, *, evenly: bool) -> datetime:
        """Take the next slot, and say which it is."""
        slot = self.next_slot(now, evenly=evenly)
        if self._overall:
            self._overall.take(slot)
        self._last = max(slot, self._last)
        return slot

    def room(self, now: datetime, *, within: timedelta = timedelta(), evenly: bool, at_most: int) -> int:
        """How many messages of the bot could leave from now until `within` has passed."""
        if self._paused_until > now + within:
            return 0
        if not self._overall:
            return at_most
        gap = self._gap if evenly else timedelta()
        return min(at_most, self._overall.room(max(now, self._paused_until), until=now + within, gap=gap))

    def most_within(self, within: timedelta, *, at_most: int) -> int:
        """How many messages evenly apart fit into this long when nothing else is under way."""
        return min(at_most, 1 + int(within / self._gap)) if self._overall else at_most

    def chat_ready_at(self, chat: str, now: datetime) -> datetime:
        """The first instant, `now` or later, at which this chat may get one more message."""
        bucket = self._chats.get(chat)
        ready_at = bucket.ready_at(now) if bucket else now
        return max(ready_at, self._paused_chats.get(chat, now))

    def chat_took(self, chat: str, at: datetime) -> None:
        """A send to this chat came back at this instant, well or badly."""
        limits = self._limits
        rate = limits.widened(limits.group if chat.startswith("-") else limits.private)
        if rate:
            if chat not in self._chats:
                self._chats[chat] = Window(rate) if chat.startswith("-") else Bucket(rate)
            self._chats[chat].take(at)

    def limited(self, chat: str, now: datetime, *, until: datetime) -> bool:
        """The peer said "too many": the chat pauses, and the bot too when several chats heard it. True: the bot did."""
        self._paused_chats[chat] = max(until, self._paused_chats.get(chat, until))
        self._limited.append((now, chat))
        recent = {name for at, name in self._limited if now - at <= self._limits.shortly}
        if len(recent) < self._limits.several:
            return False
        self._paused_until = max(self._paused_until, until)
        return True

    def busy_chats(self, now: datetime) -> set[str]:
        """Chats that may not get a message now. Forgets, by the way, those that have long been quiet."""
        self._forget(now)
        return {chat for chat in self._watched() if self.chat_ready_at(chat, now) > now}

    def next_change(self, now: datetime, *, ahead: timedelta) -> datetime | None:
        """When the first of the things that are closed now opens again; of the bot's own slots, `ahead` of them."""
        openings = [self.chat_ready_at(chat, now) for chat in self._watched()]
        openings += [self._paused_until, self.next_slot(now, evenly=True) - ahead]
        return min((opening for opening in openings if opening > now), default=None)

    def _watched(self) -> Iterable[str]:
        return self._chats.keys() | self._paused_chats.keys()

    def _forget(self, now: datetime) -> None:
        self._chats = {chat: kept for chat, kept in self._chats.items() if not kept.is_full_again(now)}
        self._paused_chats = {chat: until for chat, until in self._paused_chats.items() if until > now}
