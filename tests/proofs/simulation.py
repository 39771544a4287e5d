"""A week of a small province on virtual time, decided by one seed: crashes, outages, blocks, floods, answers, edits.

`python -m tests.proofs.simulation --seeds 0-49 --days 7` prints one JSON line for each seed, and a digest of all that
happened; it fails where an invariant does not hold or where the second run of a seed is not the first one again. With
`--counted` the platform counts messages and none may be said twice: then no crash makes a copy.
"""

import argparse
import asyncio
import hashlib
import json
import logging
import random
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import models.database as models_database
from bot.conversation.conversation import Conversation
from bot.local.stepping import handle_local
from bot.unreachable import Unreachable
from models.clock import at_civil, civil_day, civil_time
from models.database import Database, open_database, sqlite_module
from models.errors import OutcomeUnknownError, TryLaterError, UnreachableError
from models.migrations import upgrade
from models.terms import Lane, OutboxState, Role
from reminders.channel import Message
from reminders.deliver import Sender
from reminders.inbox import IncomingRow, store_updates
from reminders.inbox_worker import InboxWorker
from reminders.office_hours import DIGEST_AT, next_opening
from reminders.outbox import Claimed
from reminders.rate import Limits
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wake import Wake
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_plan, load_units
from tests.fakes.channel import TELEGRAM_LIKE, ZALO_LIKE
from tests.fakes.virtual_time import CutOffError, Life, VirtualClock, inline_connections, run_virtually

STARTS_ON = date(2024, 10, 30)
UNITS_OF_IT = 8
DESK = "desk"
HEADS = tuple(f"head-{n}" for n in range(1, UNITS_OF_IT + 1))
RETRY_AT_MOST = timedelta(seconds=60)
SOON, LATER = timedelta(seconds=0.5), timedelta(seconds=15)
"""How long we look away between two turns: what waits behind a back-off need not be watched every second."""

BOUND = timedelta(seconds=15 + 90 + 2 * 66 + 120)
"""Lateness at most: a poll, a lease, two floods in a row with their jitter, and a backlog at the limit of the rate."""

UNITS = "\nunits:\n" + "\n".join(
    [
        "  - {code: T.UBND, name: UBND tỉnh Mẫu, level: tỉnh}",
        "  - {code: T.TTTT, name: Sở Thông tin Mẫu, level: sở, parent: T.UBND}",
        *(f"  - {{code: T.S{n}, name: Sở Mẫu số {n}, level: sở, parent: T.UBND}}" for n in range(1, UNITS_OF_IT + 1)),
    ]
)
ALL = ", ".join(f"T.S{n}" for n in range(1, UNITS_OF_IT + 1))
DEADLINES = ("trước ngày 01/11/2024", "chậm nhất ngày 04/11/2024", "trước ngày 06/11/2024", "chậm nhất ngày 15/11/2024")


def plan_text(deadlines: tuple[str, ...]) -> str:
    tasks = "\n".join(
        f"  - {{code: KM1-{n}, from: I.{n}, title: Việc mẫu số {n}, kind: nhiệm vụ, "
        f'deadline: "{phrase}", lead: [{ALL}]}}'
        for n, phrase in enumerate(deadlines, start=1)
    )
    return f"""
plan: KM1
kind: kế hoạch
document_no: 12/KH-UBND
issued_on: 01/10/2024
title: Kế hoạch mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
{tasks}
"""


@dataclass(frozen=True)
class Arrived:
    """A message that reached a person."""

    at: datetime
    chat: str
    text: str
    key: str | None
    ref: str


@dataclass
class Tally:
    """What one seed came to."""

    seed: int
    digest: str = ""
    messages: int = 0
    answers: int = 0
    crashes: int = 0
    lost: int = 0
    duplicates: int = 0
    most_copies: int = 0
    unknown_given_up: int = 0
    latest_s: float = 0.0


COUNTED_LIKE = replace(TELEGRAM_LIKE, monthly_quota=1_000_000, resend_when_unknown=ZALO_LIKE.resend_when_unknown)


class Wire:
    """A chat platform with moods; its memory outlives every process of ours."""

    name: Literal["telegram"] = "telegram"
    bot = BOT

    def __init__(self, dice: random.Random, clock: VirtualClock, *, counted: bool = False) -> None:
        self.dice, self.clock = dice, clock
        self.capabilities = COUNTED_LIKE if counted else TELEGRAM_LIKE
        self.life = Life(dice)
        self.silences = 0
        self.arrived: list[Arrived] = []
        self.blocked: set[str] = set()
        self.unknown_refs: set[str] = set()
        self.refused_at: defaultdict[str, list[datetime]] = defaultdict(list)
        self._was_unknown: dict[str, bool] = {}

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        self.life.spend()
        await asyncio.sleep(self.dice.uniform(0.005, 0.3))
        if self.life.is_over:
            raise CutOffError
        if address in self.blocked:
            raise UnreachableError("Forbidden: bot was blocked by the user")
        fate = self.dice.random()
        if fate < 0.03:
            self.refused_at[address].append(self.clock())
            raise TryLaterError("flood", retry_after=self.dice.random() * RETRY_AT_MOST, is_rate_limit=True)
        if fate < 0.05:
            self.refused_at[address].append(self.clock())
            raise TryLaterError("Bad Gateway")
        # twice in a row is a message given up and counted, which is a promise of its own
        may_be_unknown = not self._was_unknown.get(address, False)
        self._was_unknown[address] = fate < 0.08 and may_be_unknown
        if fate < 0.065 and may_be_unknown:
            self.silences += 1
            raise OutcomeUnknownError("no answer, and nothing arrived")
        ref = str(len(self.arrived) + 1)
        text, _, key = message.text.partition("\n⟨")
        self.arrived.append(Arrived(self.clock(), address, text, key.rstrip("⟩") or None, ref))
        if fate < 0.08 and may_be_unknown:
            self.unknown_refs.add(ref)
            raise OutcomeUnknownError("no answer, but it arrived")
        await asyncio.sleep(self.dice.uniform(0.001, 0.2))
        if self.life.is_over:
            raise CutOffError
        return ref


class MarkedRenderer:
    """The renderer with the row's key under the words, so that a copy is known for what it is."""

    def __init__(self, wording: Wording, *, clock: VirtualClock) -> None:
        self._render = Renderer(wording, clock=clock)

    async def __call__(self, session: Any, claimed: Claimed) -> Message | None:
        message = await self._render(session, claimed)
        return message and Message(f"{message.text}\n⟨{claimed.dedup_key}⟩", message.buttons)


class Workshop:
    """What costs time to make and knows nothing of any history: compiled statements and templates."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = VirtualClock(at_civil(STARTS_ON, time(7, 0)))
        self.database = open_database(f"sqlite:///{path}")
        self.wording = Wording(CALENDAR)
        self.render = MarkedRenderer(self.wording, clock=self.clock)
        self.conversation = Conversation(self.wording, invite_key=b"simulation")

    async def warm_up(self) -> None:
        """The first connection asks more than the later ones."""
        for open_session in (self.database.write, self.database.read):
            async with open_session() as session:
                await session.connection()
        await self.database.close()

    def without_connections(self) -> Database:
        """The database as a new process finds it: not one connection of the old is known any more."""
        for engine in (self.database.writer, self.database.reader):
            engine.sync_engine.dispose(close=False)
        return self.database


@dataclass
class Process:
    """One process of ours on the database; everything it holds is forgotten when it dies."""

    life: Life
    database: Database
    scan: Scan
    sender: Sender
    worker: InboxWorker


@dataclass
class World:
    """The province: its people, its wire, its clock, and whatever process is alive."""

    seed: int
    days: int
    shop: Workshop
    dice: random.Random
    wire: Wire
    process: Process | None = None
    spans_down: list[tuple[datetime, datetime]] = field(default_factory=list)
    waiting_updates: list[tuple[int, str, str]] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    next_update: int = 700_000_001
    said: list[str] = field(default_factory=list)
    crash_refs: set[str] = field(default_factory=set)
    crashes: int = 0
    went_on: bool = True
    deadlines: tuple[str, ...] = DEADLINES

    def __post_init__(self) -> None:
        self.clock = self.shop.clock
        # never a second SQLite library on the same file: closing one's file drops the locks of the other
        self.raw = sqlite_module().connect(str(self.shop.path), isolation_level=None)

    def ask(self, sql: str, *values: str) -> list[Any]:
        return list(self.raw.execute(sql, values).fetchall())

    # the life of processes

    def start(self) -> None:
        self.wire.life = Life(self.dice)
        database, shop = self.shop.without_connections(), self.shop
        wake_outbox = Wake()
        sender = Sender(
            database,
            {BOT: self.wire},
            render=shop.render,
            clock=self.clock,
            limits=Limits(),
            wake=wake_outbox,
            random=self.dice.random,
            on_unreachable=Unreachable(shop.wording),
        )
        handle = handle_local(shop.conversation, self.clock)  # type: ignore[arg-type]
        worker = InboxWorker(database, handle, clock=self.clock, wake_outbox=wake_outbox, random=self.dice.random)
        self.process = Process(self.wire.life, database, Scan(database, calendar=CALENDAR), sender, worker)

    def bury(self) -> None:
        assert self.process is not None
        self.process.life.bury()
        settled = {ref for (ref,) in self.ask("SELECT wire_ref FROM outbox WHERE wire_ref IS NOT NULL")}
        known = settled | self.wire.unknown_refs | self.crash_refs
        self.crash_refs |= {message.ref for message in self.wire.arrived} - known
        self.process = None
        self.crashes += 1
        self.spans_down.append((self.clock(), datetime.max.replace(tzinfo=UTC)))

    def come_back(self) -> None:
        self.spans_down[-1] = (self.spans_down[-1][0], self.clock())
        self.start()

    # what people do

    def say(self, chat: str, words: str) -> None:
        self.waiting_updates.append((self.next_update, chat, words))
        self.said.append(words)
        self.next_update += 1
        self.wire.blocked.discard(chat)

    def talk(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            chat, number, k = self.dice.choice(HEADS), self.dice.randint(1, len(DEADLINES)), len(self.said)
            words = self.dice.choices(
                (
                    f"{number} đang làm {self.dice.randint(1, 99)}%, lần {k}",
                    f"{number} xong",
                    f"viec trang {k}",
                    "hoàn tác",
                    f"{number} vướng mắc: chưa có mẫu biểu, lần {k}",
                ),
                (50, 18, 12, 8, 8),
            )[0]
            self.say(chat, words)
        if self.dice.random() < 0.3:
            self.say(DESK, self.dice.choice(("/overdue", "nhac tat ca", "nhac tat ca dong y")))
        if self.dice.random() < 0.1:
            # what the platform does after a quiet week: numbers begin anew, lower or higher
            self.next_update += self.dice.choice((-1, 1)) * 50_000_000 + len(self.said)

    async def edit_the_plan(self) -> None:
        phrases = list(self.deadlines)
        day = STARTS_ON + timedelta(days=self.dice.randint(1, 20))
        phrases[self.dice.randrange(len(phrases))] = f"chậm nhất ngày {day:%d/%m/%Y}"
        self.deadlines = tuple(phrases)
        if self.process is not None:
            await load_plan(self.process.database, self.clock(), plan_text(self.deadlines), units=UNITS)
            self.process.scan.plans_changed()

    @property
    def counted_bots(self) -> frozenset[str]:
        return frozenset() if self.wire.capabilities.monthly_quota is None else frozenset({BOT})

    # what the process does while something is due

    async def receive(self, process: Process) -> None:
        """As the poller: stored, committed, and only then told so; the telling can be cut off too."""
        batch = self.waiting_updates[:20]
        if not batch:
            return
        rows = [
            IncomingRow(
                bot=BOT,
                update_key=str(number),
                chat=chat,
                body=json.dumps({"text": words, "reply_to": None, "is_tap": False}),
            )
            for number, chat, words in batch
        ]
        async with process.database.write() as session:
            await store_updates(session, rows, now=self.clock(), counted=self.counted_bots)
            await session.commit()
        process.life.spend()
        self.acknowledged += [number for number, _, _ in batch]
        self.waiting_updates = self.waiting_updates[20:]

    async def live(self) -> None:
        """Until nothing is due, a while at most. A process that is cut off on the way is buried."""
        process, stop = self.process, asyncio.Event()
        assert process is not None
        began = self.clock()

        async def edge() -> None:
            await process.scan.scan(self.clock())
            while not process.life.is_over:
                await self.receive(process)
                await asyncio.sleep(0.4)
                if not self.waiting_updates and not self.is_something_due():
                    break
                if self.clock() - began > timedelta(seconds=6):
                    break
            stop.set()

        tasks = [asyncio.create_task(work) for work in (edge(), process.sender.run(stop), process.worker.run(stop))]
        pending = set(tasks)
        while pending and not process.life.is_over:
            _, pending = await asyncio.wait(pending, timeout=0.25)
        for task in pending:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        if process.life.is_over:
            self.bury()
            return
        for result in results:
            if isinstance(result, BaseException):
                raise result

    def is_something_due(self) -> bool:
        now = self.stamp(self.clock())
        due = self.ask(
            "SELECT 1 FROM outbox WHERE state = 'pending' AND max(send_after, coalesce(lease_until, send_after)) <= ? "
            "UNION ALL SELECT 1 FROM inbox WHERE state = 'pending' AND handle_after <= ? LIMIT 1",
            now,
            now,
        )
        return bool(due)

    def next_due(self) -> datetime | None:
        found = self.ask(
            "SELECT min(at) FROM (SELECT min(max(send_after, coalesce(lease_until, send_after))) AS at FROM outbox "
            "WHERE state = 'pending' UNION ALL SELECT min(handle_after) FROM inbox WHERE state = 'pending')"
        )
        return datetime.fromisoformat(found[0][0]).replace(tzinfo=UTC) if found[0][0] else None

    @staticmethod
    def stamp(instant: datetime) -> str:
        return instant.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def agenda(world: World) -> list[tuple[datetime, str]]:
    """Everything that is going to happen to the province, in order; what is due comes on top."""
    events: list[tuple[datetime, str]] = []
    for n in range(world.days):
        day = STARTS_ON + timedelta(days=n)
        events.append((at_civil(day, time(8, 0)), "morning"))
        events += [(_moment(world.dice, day, 6, 22), "talk") for _ in range(4)]
        events += [(_moment(world.dice, day, 7, 19), "doom") for _ in range(world.dice.randint(1, 3))]
        if world.dice.random() < 0.5:
            events.append((at_civil(day, time(8, 0)) + timedelta(milliseconds=1), "doom"))
        if world.dice.random() < 0.35:
            events.append((_moment(world.dice, day, 7, 18), "edit"))
        if world.dice.random() < 0.3:
            events.append((_moment(world.dice, day, 7, 18), "block"))
        if n and world.dice.random() < 0.3:
            events.append((_moment(world.dice, day, 5, 7), "outage"))
    return sorted(events)


def _moment(dice: random.Random, day: date, first: int, last: int) -> datetime:
    return at_civil(day, time(first)) + timedelta(seconds=dice.randrange((last - first) * 3600))


async def live_through(world: World) -> None:
    events = agenda(world)
    # one more working day, on which nothing new happens and everything still owed leaves
    last_day = CALENDAR.first_workday_on_or_after(STARTS_ON + timedelta(days=world.days))
    ends, last_morning = at_civil(last_day, time(18, 0)), at_civil(last_day, time(8, 0))
    events.append((last_morning, "up"))
    events.sort()
    down_until: datetime | None = None
    while True:
        now = world.clock()
        choices = [events[0]] if events else []
        if world.process is None:
            assert down_until is not None
            choices.append((down_until, "up"))
        elif (due := world.next_due()) is not None:
            choices.append((max(due, now + (SOON if world.went_on else LATER)), "due"))
        at, what = min(choices, default=(ends, "end"))
        if at >= ends:
            break
        if events and (at, what) == events[0]:
            events.pop(0)
        if at > now:
            await asyncio.sleep((at - now).total_seconds())
        match what:
            case "talk":
                world.talk()
            case "edit":
                await world.edit_the_plan()
            case "block":
                world.wire.blocked.add(world.dice.choice(HEADS))
            case "doom" if world.process is not None:
                world.process.life.ends_after(world.dice.randrange(1, 150))
                world.talk()
            case "outage" if world.process is not None:
                world.bury()
                down_until = world.clock() + timedelta(hours=world.dice.randint(2, 9))
            case "up" if world.process is None:
                down_until = None
                world.come_back()
        if world.process is not None:
            before = len(world.wire.arrived)
            await world.live()
            world.went_on = len(world.wire.arrived) > before
        if world.process is None and down_until is None:
            down_until = world.clock() + timedelta(seconds=world.dice.choice((31, 45, 120, 2_400, 14_400)))


async def run_seed(seed: int, days: int, shop: Workshop, *, counted: bool) -> Tally:
    dice = random.Random(seed)
    wire = Wire(dice, shop.clock, counted=counted)
    world = World(seed, days, shop, dice, wire)
    models_database.aiosqlite.Connection = inline_connections(lambda: wire.life)  # type: ignore[misc]
    world.start()
    assert world.process is not None
    await load_units(world.process.database, UNITS)
    await load_plan(world.process.database, world.clock(), plan_text(DEADLINES), units=UNITS)
    for n, chat in enumerate(HEADS, start=1):
        place = (f"T.S{n}", Role.UNIT_HEAD)
        await add_linked_person(world.process.database, world.clock(), f"Người Mẫu {n}", place, chat=chat)
    desk = ("T.TTTT", Role.COORDINATOR)
    await add_linked_person(world.process.database, world.clock(), "Đầu Mối", desk, chat=DESK)
    await live_through(world)
    tally = check(world)
    world.raw.close()
    if world.process is not None:
        world.process.life.bury()
    return tally


# the invariants


def check(world: World) -> Tally:
    world.raw.row_factory = sqlite_module().Row
    rows = world.ask("SELECT * FROM outbox ORDER BY id")
    tally = Tally(world.seed, messages=len(world.wire.arrived), answers=len(world.said), crashes=world.crashes)
    _answers_exist_once(world)
    copies = _copies(world, rows)
    tally.unknown_given_up = sum(row["state"] == OutboxState.UNKNOWN for row in rows)
    tally.lost = _lost(rows, copies)
    tally.duplicates = sum(max(len(found) - 1, 0) for found in copies.values())
    tally.most_copies = max(map(len, copies.values()), default=0)
    _copies_are_explained(world, copies)
    _nothing_unwanted(world, rows, copies)
    tally.latest_s = _lateness(world, rows, copies).total_seconds()
    _in_order(rows, copies)
    _within_the_limits(world)
    _left_clean(world, rows)
    _counted(world)
    tally.digest = _digest(world)
    return tally


def _answers_exist_once(world: World) -> None:
    """I1"""
    keys = Counter(row["update_key"] for row in world.ask("SELECT update_key FROM inbox"))
    assert set(map(str, world.acknowledged)) == set(keys), "an acknowledged answer is gone"
    assert set(keys.values()) == {1}
    assert world.waiting_updates == []
    unhandled = world.ask("SELECT body, state, attempts, last_error FROM inbox WHERE state <> 'handled'")
    assert unhandled == [], [tuple(row) for row in unhandled]
    told = Counter(words for words in world.said if "đang làm" in words)
    kept = Counter(row["said"] for row in world.ask("SELECT said FROM report WHERE answer = 'in_progress'"))
    assert kept <= told, "an answer was obeyed twice"
    replies = {row["dedup_key"] for row in world.ask("SELECT dedup_key FROM outbox WHERE dedup_key LIKE 'reply:%'")}
    assert replies >= {f"reply:{BOT}:{key}:0" for key in keys}, "an answer got no reply"


def _copies(world: World, rows: list[Any]) -> dict[int, list[Arrived]]:
    by_key = {row["dedup_key"]: row for row in rows}
    by_ref = {row["wire_ref"]: row for row in rows if row["wire_ref"]}
    by_words: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        if row["form"] == "text":
            by_words[row["chat"], json.loads(row["payload"])["text"]].append(row)
    found: defaultdict[int, list[Arrived]] = defaultdict(list)
    for message in world.wire.arrived:
        row = by_ref.get(message.ref) or by_key.get(message.key or "")
        if row is None:
            same = [row for row in by_words[message.chat, message.text] if _instant(row["created_at"]) <= message.at]
            assert same, f"nobody owes this: {message}"
            # of rows with the same words, a copy whose end nobody learned belongs to one that was tried again
            row = ([each for each in same if each["attempts"] > 1 or each["wire_ref"] is None] or same)[-1]
        found[row["id"]].append(message)
    return found


def _lost(rows: list[Any], copies: dict[int, list[Arrived]]) -> int:
    """I2: whatever is owed has arrived, or the address is out of use, or two outcomes in a row were never learned."""
    excused = {OutboxState.CANCELLED, OutboxState.UNREACHABLE, OutboxState.UNKNOWN}
    lost = [dict(row) for row in rows if row["state"] not in excused and not copies[row["id"]]]
    assert lost == []
    return len(lost)


def _copies_are_explained(world: World, copies: dict[int, list[Arrived]]) -> None:
    """I4: one copy more for each crash or unknown outcome that met this very message, and no other."""
    incidents = world.crash_refs | world.wire.unknown_refs
    for found in copies.values():
        met = sum(message.ref in incidents for message in found)
        assert len(found) <= (1 + met if world.wire.capabilities.resend_when_unknown else 1), found


def _nothing_unwanted(world: World, rows: list[Any], copies: dict[int, list[Arrived]]) -> None:
    """I3: none before it is due, none at night or on a day off, none about work that was done by then."""
    done: defaultdict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    for report in world.ask(
        "SELECT assignment_id, reported_at, undone_at, after_state, before_state FROM report ORDER BY id"
    ):
        is_done = report["after_state"] in {"submitted", "accepted"}
        done[report["assignment_id"]].append((_instant(report["reported_at"]), is_done))
        if report["undone_at"]:
            was_done = report["before_state"] in {"submitted", "accepted"}
            done[report["assignment_id"]].append((_instant(report["undone_at"]), was_done))
    for row in rows:
        for message in copies[row["id"]]:
            assert message.at >= _instant(row["created_at"])
            if row["lane"] == Lane.REPLY:
                continue
            is_notice = row["form"] == "text"
            if not is_notice:
                assert CALENDAR.is_workday(civil_day(message.at)), message
                assert time(7) <= civil_time(message.at) < time(18), message
            if row["form"] == "nudge":
                ids = json.loads(row["payload"])["assignment_ids"]
                # the words were chosen a moment before they left; and what is reopened may be spoken of at once
                since = message.at - timedelta(seconds=5)
                assert not all(_was_done(done[each], since) and _was_done(done[each], message.at) for each in ids)


def _was_done(history: list[tuple[datetime, bool]], at: datetime) -> bool:
    past = [is_done for when, is_done in sorted(history, key=lambda each: each[0]) if when <= at]
    return bool(past) and past[-1]


def _lateness(world: World, rows: list[Any], copies: dict[int, list[Arrived]]) -> timedelta:
    """I5: from the moment a message is due and a process is up; each crash that it meets may cost one lease more."""
    latest = timedelta()
    for row in rows:
        if not copies[row["id"]]:
            continue
        first, due = copies[row["id"]][0].at, _instant(row["created_at"])
        if row["lane"] != Lane.REPLY:
            due = next_opening(due, CALENDAR)
            if civil_day(due) != civil_day(first):  # a back-off that ended at night waits for the morning
                due = max(due, at_civil(civil_day(first), DIGEST_AT))
        met = [(down, up) for down, up in world.spans_down if down < first and up > due]
        late = first - due - sum((min(up, first) - max(down, due) for down, up in met), timedelta())
        assert late <= BOUND * (1 + len(met)), (row["dedup_key"], due, first)
        latest = max(latest, late)
    return latest


def _in_order(rows: list[Any], copies: dict[int, list[Arrived]]) -> None:
    """I6: replies of a chat in the order they were earned, its nudges in the order they were planned."""
    lanes: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        if row["form"] != "text" or row["lane"] == Lane.REPLY:
            lanes[row["chat"], row["lane"]].append(row)
    for found in lanes.values():
        arrived = [row for row in found if copies[row["id"]]]
        order = [row["id"] for row in sorted(arrived, key=lambda row: int(copies[row["id"]][0].ref))]
        assert order == sorted(order), [row["dedup_key"] for row in arrived]


def _within_the_limits(world: World) -> None:
    """I7, in sliding windows over what arrived."""
    everything = [message.at for message in world.wire.arrived]
    assert _most_within(everything, timedelta(seconds=1)) <= 30
    for chat in (*HEADS, DESK):
        times = [message.at for message in world.wire.arrived if message.chat == chat]
        for seconds in (1, 3, 10, 60):
            assert _most_within(times, timedelta(seconds=seconds)) <= 3 + seconds


def _most_within(times: list[datetime], span: timedelta) -> int:
    times = sorted(times)
    most = start = 0
    for end, at in enumerate(times):
        while at - times[start] >= span:
            start += 1
        most = max(most, end - start + 1)
    return most


def _left_clean(world: World, rows: list[Any]) -> None:
    """I8"""
    assert [tuple(row) for row in world.ask("PRAGMA integrity_check")] == [("ok",)]
    assert [tuple(row) for row in world.ask("PRAGMA foreign_key_check")] == []
    assert [row["dedup_key"] for row in rows if row["lease_token"]] == []
    # late in the afternoon of the last day nothing that was owed is waiting any more
    waiting = [row["dedup_key"] for row in rows if row["state"] == OutboxState.PENDING]
    assert waiting == [], waiting


def _counted(world: World) -> None:
    """Every update once, and at least every message that arrived: what a crash left in doubt counts."""
    received, sent = world.ask("SELECT coalesce(sum(received), 0), coalesce(sum(sent), 0) FROM quota_month")[0]
    if not world.counted_bots:
        assert (received, sent) == (0, 0)
        return
    assert received == len(world.ask("SELECT id FROM inbox"))
    # a crash meets at most as many sends as may be under way
    assert len(world.wire.arrived) <= sent <= len(world.wire.arrived) + world.wire.silences + 64 * world.crashes


def _digest(world: World) -> str:
    whole = hashlib.sha256()
    for message in world.wire.arrived:
        whole.update(repr(message).encode())
    # of the audit trail what was done: its entries bear names of their own, drawn from the machine
    audit = "(SELECT id, at, action, assignment_id, said FROM audit_event)"
    for table in ("outbox", "inbox", "assignment", "report", "reminder", "extension", audit):
        for row in world.ask(f"SELECT * FROM {table} ORDER BY id"):  # noqa: S608 -- names of ours
            whole.update(repr(tuple(row)).encode())
    return whole.hexdigest()[:16]


def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


# the command


def simulate(seeds: range, *, days: int, folder: Path, counted: bool = False) -> None:
    logging.disable(logging.CRITICAL)  # the dead would complain of their lost connections
    template = folder / "template.db"
    asyncio.run(_make(template))
    shop = Workshop(folder / "province.db")
    asyncio.run(shop.warm_up())
    for seed in seeds:
        twice = []
        for _ in range(2):
            for leftover in folder.glob("province.db*"):
                leftover.unlink()
            shutil.copyfile(template, shop.path)
            twice.append(run_virtually(run_seed(seed, days, shop, counted=counted)))
        assert twice[0] == twice[1], f"seed {seed} told two stories: {twice}"
        sys.stdout.write(json.dumps(asdict(twice[0])) + "\n")
        sys.stdout.flush()


async def _make(template: Path) -> None:
    database = open_database(f"sqlite:///{template}")
    await upgrade(database)
    await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0-49", help="first-last")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--counted", action="store_true")
    chosen = parser.parse_args()
    first, last = map(int, chosen.seeds.split("-"))
    memory = Path("/dev/shm")  # noqa: S108 -- a folder of our own in it; nothing here needs a disk
    folder = Path(tempfile.mkdtemp(prefix="dondoc-simulation-", dir=memory if memory.is_dir() else None))
    try:
        simulate(range(first, last + 1), days=chosen.days, folder=folder, counted=chosen.counted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
