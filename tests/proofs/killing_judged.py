"""What the platforms saw against what the database remembers: each promise as one check that raises."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.terms import InboxState, Lane, OutboxState
from reminders.dedup import elsewhere_key, origin_of
from reminders.outcomes import was_left_by_a_crash
from tests.fakes.stepped_telegram import BOT_KEY as TELEGRAM
from tests.proofs.killing_people import ZALO

FIRST_UPDATE = 700_000_001
OVERALL = {TELEGRAM: 30, ZALO: 5}
BURST = {TELEGRAM: 3, ZALO: 2}
"""A chat's bucket; one comes back each second."""

NOT_ARRIVED = frozenset({OutboxState.UNREACHABLE, OutboxState.PASSED_ON})


@dataclass(frozen=True)
class Arrived:
    """One message as a platform wrote it down, before it answered."""

    bot: str
    chat: str
    ref: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Said:
    """What somebody wrote: `key` is the name the inbox must know it by."""

    bot: str
    key: str
    words: str


@dataclass
class History:
    """What happened, as the other side saw it and as our database remembers it."""

    said: list[Said]
    delivered: list[Arrived]
    limited: int
    still_pending: int
    acknowledged: set[str]
    inbox: list[Any]
    outbox: list[Any]
    reports: Counter[str]
    unsure: set[str]
    audited: set[str]
    leases: list[Any]
    integrity: str
    ended_at: datetime
    crashes: int


@dataclass
class Figures:
    kills: int
    updates: int
    messages: int
    by_zalo: int
    lost: int
    duplicates: int
    most_copies: int
    unexplained: int
    unsure: int
    passed_on: int
    unheard: int
    limited: int
    took: timedelta

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.updates} answers, {self.messages} messages ({self.by_zalo} by Zalo): "
            f"lost {self.lost}, duplicates {self.duplicates} (at most {self.most_copies} copies, unexplained "
            f"{self.unexplained}), unsure on Zalo {self.unsure}, passed on {self.passed_on}, never heard "
            f"{self.unheard}, 429s {self.limited}, {self.took.total_seconds():.0f} s"
        )


def judge(history: History, *, took: timedelta) -> Figures:
    """I1, I2, I4, I6, I7 and I8 over the recorded history; raises where one does not hold."""
    unheard = _every_answer_was_handled_once(history)
    copies = _copies(history)
    _nothing_is_repeated_where_it_must_not_be(history, copies)
    _every_message_has_a_known_end(history, copies)
    _no_message_is_on_two_channels(history, copies)
    _each_chat_is_in_order(history, copies)
    _no_bucket_overflows(history)
    _nothing_is_left_lying(history)
    doubled = [row for row in history.outbox if len(copies[row.id]) > 1]
    unexplained = [row.dedup_key for row in doubled if not is_explained(row)]
    lost = [row.dedup_key for row in history.outbox if row.state is OutboxState.DELIVERED and not copies[row.id]]
    figures = Figures(
        kills=history.crashes,
        updates=len(history.inbox),
        messages=len(history.delivered),
        by_zalo=sum(each.bot == ZALO for each in history.delivered),
        lost=len(lost),
        duplicates=sum(len(copies[row.id]) - 1 for row in doubled),
        most_copies=max((len(found) for found in copies.values()), default=0),
        unexplained=len(unexplained),
        unsure=len(history.unsure),
        passed_on=sum(row.dedup_key != origin_of(row.dedup_key) for row in history.outbox),
        unheard=unheard,
        limited=history.limited,
        took=took,
    )
    assert lost == [], figures
    assert unexplained == [], figures
    return figures


def _every_answer_was_handled_once(history: History) -> int:
    """Returns how many Zalo never brought: it keeps nothing for a poller that dies with an update in its hands."""
    assert history.still_pending == 0
    heard = {(row.bot, row.update_key) for row in history.inbox}
    unheard = [each for each in history.said if (each.bot, each.key) not in heard]
    assert heard <= {(each.bot, each.key) for each in history.said}
    assert [each for each in unheard if each.bot != ZALO] == [], "an acknowledged answer is not in the inbox"
    stored = {key.rpartition(":")[2] for _, key in heard}
    assert history.acknowledged <= stored, "an acknowledged answer is not in the inbox"
    assert len(unheard) <= history.crashes, unheard
    assert {row.state for row in history.inbox} == {InboxState.HANDLED}
    told = Counter(each.words for each in history.said if each not in unheard and "đang làm" in each.words)
    assert history.reports == told, (history.reports - told, told - history.reports)
    replies = Counter(row.dedup_key for row in history.outbox if row.lane is Lane.REPLY)
    assert set(replies) == {f"reply:{bot}:{key}:0" for bot, key in heard}
    return len(unheard)


# --- which row a message was sent for ---------------------------------------------------------------------------------


def _copies(history: History) -> dict[int, list[Arrived]]:
    """Row id -> the messages that arrived for it, in order. A copy in no row's reference is known by its words."""
    by_ref = {(row.bot, row.chat, row.wire_ref): row for row in history.outbox if row.wire_ref}
    found: defaultdict[int, list[Arrived]] = defaultdict(list)
    words: defaultdict[tuple[str, str, str], list[Any]] = defaultdict(list)
    strays = []
    for message in history.delivered:
        row = by_ref.get((message.bot, message.chat, message.ref))
        if row is None:
            strays.append(message)
        else:
            found[row.id].append(message)
            words[message.bot, message.chat, message.text].append(row)
    for message in strays:
        if message.bot == ZALO:
            row = _given_up(history.outbox, message, found)
        else:
            row = _said_twice(words[message.bot, message.chat, message.text], message)
        found[row.id].append(message)
        found[row.id].sort(key=lambda each: each.at)
    return found


def _said_twice(same: Iterable[Any], message: Arrived) -> Any:
    """Of rows with the same words it belongs to one whose attempt ended without anybody learning how."""
    earned = [each for each in same if each.created_at <= message.at]
    assert earned, f"nobody owes this message: {message}"
    return max(earned, key=lambda each: (is_explained(each), each.id))


def _given_up(rows: Iterable[Any], message: Arrived, found: Mapping[int, Sequence[Arrived]]) -> Any:
    """Where nothing is said twice, what nobody has a reference of is the one copy of a message given up as unknown."""
    open_rows = [
        row
        for row in rows
        if (row.bot, row.chat, row.state) == (message.bot, message.chat, OutboxState.UNKNOWN)
        and row.created_at <= message.at
        and not found.get(row.id)
        and message.text.startswith(row.payload.get("text", ""))
    ]
    assert open_rows, f"nobody gave this message up as unknown, so it was said twice: {message}"
    return min(open_rows, key=lambda row: ("text" not in row.payload, row.id))


def is_explained(row: Any) -> bool:
    """A crash under its lease, or an outcome that nobody learned: at most one copy more for each."""
    return was_left_by_a_crash(row.last_error) or row.unknown_outcomes > 0


# --- the promises -----------------------------------------------------------------------------------------------------


def _nothing_is_repeated_where_it_must_not_be(history: History, copies: Mapping[int, Sequence[Arrived]]) -> None:
    told_twice = [row.dedup_key for row in history.outbox if row.bot == ZALO and len(copies[row.id]) > 1]
    assert told_twice == [], "a counted platform was told something twice"


def _every_message_has_a_known_end(history: History, copies: Mapping[int, Sequence[Arrived]]) -> None:
    """Delivered; or known not to have arrived and owed elsewhere; or unsure, and then noted and on record."""
    keys = {row.dedup_key for row in history.outbox}
    for row in history.outbox:
        told = (row.dedup_key, row.bot, row.state, row.last_error, row.unknown_outcomes)
        match row.state:
            case OutboxState.DELIVERED | OutboxState.CANCELLED:
                pass
            case OutboxState.UNKNOWN:
                assert row.bot == ZALO, told
                assert row.unknown_outcomes == 1, told
                assert row.lane is Lane.REPLY or row.dedup_key in history.unsure, told
            case OutboxState.UNREACHABLE | OutboxState.PASSED_ON if elsewhere_key(row.dedup_key) in keys:
                assert not copies[row.id], told
            case OutboxState.UNREACHABLE:
                assert row.dedup_key in history.unsure, told
            case _:
                raise AssertionError(told)
    assert history.unsure == history.audited


def _no_message_is_on_two_channels(history: History, copies: Mapping[int, Sequence[Arrived]]) -> None:
    """A successor is there only where the one before it is known not to have arrived; so one place at most has it."""
    rows = {row.dedup_key: row for row in history.outbox}
    places: defaultdict[str, set[str]] = defaultdict(set)
    for row in history.outbox:
        if copies[row.id]:
            places[origin_of(row.dedup_key)].add(row.bot)
        follower = rows.get(elsewhere_key(row.dedup_key))
        assert follower is None or row.state in NOT_ARRIVED, (row.dedup_key, row.state)
    assert {key: bots for key, bots in places.items() if len(bots) > 1} == {}


def _each_chat_is_in_order(history: History, copies: Mapping[int, Sequence[Arrived]]) -> None:
    """Replies as they were earned, nudges as they came due: of each kind, in each chat, by first arrival."""
    kinds: defaultdict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in history.outbox:
        kind = row.dedup_key.partition(":")[0].partition("-")[0]
        if copies[row.id] and kind in {"due", "reply"}:
            kinds[row.bot, row.chat, kind].append(row)
    for rows in kinds.values():
        arrived = sorted(rows, key=lambda row: copies[row.id][0].at)
        told = [(row.id, row.dedup_key, row.last_error, [each.at for each in copies[row.id]]) for row in arrived]
        assert [row.id for row in arrived] == sorted(row.id for row in rows), told


def _no_bucket_overflows(history: History) -> None:
    for bot, overall in OVERALL.items():
        ours = [message for message in history.delivered if message.bot == bot]
        at = sorted(message.at for message in ours)
        assert _most_within(at, timedelta(seconds=1)) <= 2 * overall, "overall"
        by_chat: defaultdict[str, list[datetime]] = defaultdict(list)
        for message in ours:
            by_chat[message.chat].append(message.at)
        for times in by_chat.values():
            for seconds in (1, 3, 10):
                assert _most_within(sorted(times), timedelta(seconds=seconds)) <= BURST[bot] + seconds


def _most_within(times: Sequence[datetime], span: timedelta) -> int:
    most = start = 0
    for end, at in enumerate(times):
        while at - times[start] >= span:
            start += 1
        most = max(most, end - start + 1)
    return most


def _nothing_is_left_lying(history: History) -> None:
    assert history.integrity == "ok"
    assert [lease.name for lease in history.leases if lease.held_until > history.ended_at] == []
    assert [row.id for row in history.outbox if row.lease_token] == []
    assert [row.id for row in history.inbox if row.lease_token] == []
