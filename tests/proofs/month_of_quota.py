"""A month of an office on two bots whose platform counts every message, hour by hour on a stepped clock.

One unit head for each commune, two coordinators, one leader, one admin. Who they are decides how they answer: most
say what they have done a day or two after they were asked, some look things up, some are silent for weeks. One send
in a hundred has an outcome nobody learns. What the platform took is counted apart from the ledger that is judged.
"""

import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any, Literal

from sqlalchemy import select

from bot.conversation.conversation import Conversation
from bot.local.stepping import handle_local
from bot.unreachable import Unreachable
from models.clock import SteppedClock, at_civil, civil_day
from models.columns import columns_of
from models.database import Database
from models.errors import OutcomeUnknownError
from models.inbox import InboxUpdate
from models.outbox import OutboxMessage
from models.reminder import Reminder
from models.report import Report
from models.terms import Lane, OutboxState, ReminderKind, Role
from models.unsure import UnsureNotice
from planner.bots import Announced, announce
from reminders.channel import Message
from reminders.deliver import Sender
from reminders.inbox import IncomingRow, store_updates
from reminders.inbox_worker import InboxWorker
from reminders.quota import used_by_bot
from reminders.rate import UNLIMITED
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wake import Wake
from reminders.wording import Wording
from tests.builders import CALENDAR, add_linked_person, load_plan, load_units
from tests.fakes.channel import ZALO_LIKE

BOTS = ("counted:1", "counted:2")
MONTH = date(2024, 11, 1)
NEXT_MONTH = date(2024, 12, 1)
HOURS = (8, 9, 10, 11, 13, 14, 15, 16, 17)
DAYS_OF_TASKS = (5, 8, 13, 15, 20, 22, 25, 28)
UNKNOWN_PER_CENT = 1


@dataclass(frozen=True)
class Office:
    """How large it is, how many messages a bot has, how long it is watched, and how much its people talk."""

    people: int = 60
    quota: int = 3_000
    last_day: int = 30
    lookups_per_day: float = 0.15
    seed: int = 1


@dataclass
class Tally:
    """What one month came to. `totals`: both directions, by bot, as the platform counted."""

    totals: dict[str, int] = field(default_factory=dict)
    ledger: dict[str, int] = field(default_factory=dict)
    nudges: int = 0
    replies: int = 0
    unknown: int = 0
    held: int = 0
    held_replies: int = 0
    lost: list[str] = field(default_factory=list)


class Platform:
    """One bot's wire; `counted` is what its owner would be charged with."""

    name: Literal["counted"] = "counted"

    def __init__(self, bot: str, quota: int, dice: random.Random) -> None:
        self.bot = bot
        self.capabilities = replace(ZALO_LIKE, session_window=None, monthly_quota=quota, most_people=50, most_groups=3)
        self.dice = dice
        self.counted = 0
        self.arrived: list[tuple[str, str]] = []

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        del reply_to
        self.counted += 1
        fate = self.dice.randrange(100)
        if fate >= UNKNOWN_PER_CENT or self.dice.random() < 0.5:
            self.arrived.append((address, message.text))
        if fate < UNKNOWN_PER_CENT:
            raise OutcomeUnknownError("no answer")
        return str(len(self.arrived))


@dataclass(frozen=True)
class Head:
    """A unit head: how many working days they take to answer, and on what share of asking they stay silent."""

    chat: str
    bot: str
    patience: int
    silence: float


class Month:
    """The office, its bots, and one process of ours."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database, self.office = database, office
        self.dice = random.Random(office.seed)
        self.clock = SteppedClock(at_civil(MONTH, time(7, 0)))
        self.platforms = {bot: Platform(bot, office.quota, self.dice) for bot in BOTS}
        self.communes = office.people - 4
        self.heads: dict[str, Head] = {}
        self.updates = 0
        self.intentions: defaultdict[date, list[tuple[Head, str]]] = defaultdict(list)
        self.read: Counter[str] = Counter()
        wording = Wording(CALENDAR)
        conversation = Conversation(wording, invite_key=b"month")
        self.scan = Scan(database, calendar=CALENDAR, quotas=dict.fromkeys(BOTS, office.quota))
        self.sender = Sender(
            database,
            self.platforms,
            render=Renderer(wording, clock=self.clock),
            clock=self.clock,
            limits=UNLIMITED,
            wake=Wake(),
            random=self.dice.random,
            on_unreachable=Unreachable(wording),
        )
        self.worker = InboxWorker(
            database,
            handle_local(conversation, self.clock),
            clock=self.clock,
            wake_outbox=Wake(),
            random=self.dice.random,
        )

    async def open(self) -> None:
        await load_units(self.database, self._units())
        await load_plan(self.database, self.clock(), self._plan(), units=self._units())
        now = self.clock()
        for n in range(1, self.communes + 1):
            head = Head(f"head-{n}", BOTS[n % 2], self.dice.choice((0, 1, 1, 2, 3)), self.dice.choice((0.1, 0.3, 0.9)))
            self.heads[head.chat] = head
            place = (f"T.X{n}", Role.UNIT_HEAD)
            await add_linked_person(self.database, now, f"Người Mẫu {n}", place, chat=head.chat, bot=head.bot)
        for n, role in enumerate((Role.COORDINATOR, Role.COORDINATOR, Role.LEADER, Role.ADMIN)):
            unit = "T.UBND" if role in (Role.LEADER, Role.ADMIN) else "T.TTTT"
            await add_linked_person(
                self.database, now, f"Người Bàn {n}", (unit, role), chat=f"desk-{n}", bot=BOTS[n % 2]
            )
        async with self.database.write() as session:
            await announce(
                session, [Announced(bot, "counted", None, self.office.quota, 50, 3) for bot in BOTS], now=now
            )
            await session.commit()

    def _units(self) -> str:
        lines = [
            "  - {code: T.UBND, name: UBND tỉnh Mẫu, level: tỉnh}",
            "  - {code: T.TTTT, name: Sở Thông tin Mẫu, level: sở, parent: T.UBND}",
        ]
        lines += [
            f"  - {{code: T.X{n}, name: UBND xã Mẫu số {n}, level: xã, parent: T.UBND}}"
            for n in range(1, self.communes + 1)
        ]
        return "\nunits:\n" + "\n".join(lines)

    def _plan(self) -> str:
        everybody = ", ".join(f"T.X{n}" for n in range(1, self.communes + 1))
        tasks = "\n".join(
            f"  - {{code: KM-{n}, from: I.{n}, title: Việc mẫu số {n}, kind: nhiệm vụ, "
            f'deadline: "chậm nhất ngày {day:02d}/11/2024", lead: [{everybody}]}}'
            for n, day in enumerate(DAYS_OF_TASKS, start=1)
        )
        return f"""
plan: KM
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

    async def live(self) -> None:
        day = MONTH
        while day <= MONTH.replace(day=self.office.last_day):
            for hour in HOURS:
                await self._hour(day, hour)
            day += timedelta(days=1)

    async def first_of_next_month(self) -> None:
        """Its first working day, on which nobody says anything new."""
        for hour in HOURS:
            self.clock.move_to(at_civil(CALENDAR.first_workday_on_or_after(NEXT_MONTH), time(hour, 5)))
            await self._deliver()

    async def _hour(self, day: date, hour: int) -> None:
        self.clock.move_to(at_civil(day, time(hour)))
        await self.scan.scan(self.clock())
        await self._deliver()
        self._plan_answers(day)
        if CALENDAR.is_workday(day):
            said = [each for each in self.intentions[day] if self.dice.random() < 0.5 or hour == HOURS[-1]]
            self.intentions[day] = [each for each in self.intentions[day] if each not in said]
            said += self._lookups()
            await self._say(said)
            await self._deliver()

    async def _deliver(self) -> None:
        self.clock.advance(timedelta(minutes=6))
        await self.sender.deliver_due(self.clock())

    def _plan_answers(self, day: date) -> None:
        """Whoever read a nudge answers it some working days later, or not at all."""
        for platform in self.platforms.values():
            for chat, text in platform.arrived[self.read[platform.bot] :]:
                head = self.heads.get(chat)
                if head is not None and "Trả lời ngay tại đây" in text and self.dice.random() >= head.silence:
                    on = CALENDAR.add_workdays(day, head.patience) if head.patience else day
                    number = text.partition('ví dụ: "')[2].split(" ")[0]
                    words = f"{number} xong" if self.dice.random() < 0.7 else f"{number} đang làm 50%"
                    self.intentions[on].append((head, words))
            self.read[platform.bot] = len(platform.arrived)

    def _lookups(self) -> list[tuple[Head, str]]:
        chance = self.office.lookups_per_day / len(HOURS)
        return [(head, "viec") for head in self.heads.values() if self.dice.random() < chance]

    async def _say(self, said: list[tuple[Head, str]]) -> None:
        if not said:
            return
        rows = []
        for head, words in said:
            self.updates += 1
            self.platforms[head.bot].counted += 1
            body = json.dumps({"text": words, "reply_to": None, "is_tap": False})
            rows.append(IncomingRow(bot=head.bot, update_key=str(self.updates), chat=head.chat, body=body))
        async with self.database.write() as session:
            await store_updates(session, rows, now=self.clock(), counted=BOTS)
            # told twice by the platform, counted once
            await store_updates(session, rows[:1], now=self.clock(), counted=BOTS)
            await session.commit()
        await self.worker.handle_due(self.clock())

    async def all_of(self, table: Any) -> list[Any]:
        async with self.database.read() as session:
            return list((await session.execute(select(table).order_by(columns_of(table).id))).scalars())

    async def tally(self) -> Tally:
        rows = await self.all_of(OutboxMessage)
        async with self.database.read() as session:
            ledger = {bot: used.total for bot, used in (await used_by_bot(session, MONTH)).items()}
        return Tally(
            totals={bot: platform.counted for bot, platform in self.platforms.items()},
            ledger=ledger,
            nudges=sum(row.form == "nudge" and row.state is OutboxState.DELIVERED for row in rows),
            replies=sum(row.lane is Lane.REPLY for row in rows),
            unknown=sum(row.state is OutboxState.UNKNOWN for row in rows),
            held=sum(row.state is OutboxState.PENDING for row in rows),
            held_replies=sum(row.state is OutboxState.PENDING and row.lane is Lane.REPLY for row in rows),
            lost=[*await self._lost_rungs(rows), *await self._lost_answers(rows), *await self._untold(rows)],
        )

    async def _lost_rungs(self, rows: list[Any]) -> list[str]:
        """Every rung a head was owed is in a message of that day or later that arrived, waits, or is told of as unsure;
        where all of them were taken back, the work had been answered."""
        told: defaultdict[tuple[int, int], list[tuple[date, OutboxState]]] = defaultdict(list)
        for row in rows:
            for each in row.payload.get("assignment_ids", ()) if row.form == "nudge" else ():
                told[row.person_id, each].append((civil_day(row.created_at), row.state))
        answered = {report.assignment_id for report in await self.all_of(Report)}
        lost = []
        for rung in await self.all_of(Reminder):
            if rung.kind is ReminderKind.ESCALATION:
                continue
            on = civil_day(rung.planned_at)
            states = {state for day, state in told[rung.person_id, rung.assignment_id] if day >= on}
            if not states & {OutboxState.DELIVERED, OutboxState.PENDING, OutboxState.UNKNOWN} and not (
                states and rung.assignment_id in answered
            ):
                lost.append(f"never told: {rung.dedup_key} ({states})")
        return lost

    async def _lost_answers(self, rows: list[Any]) -> list[str]:
        """Every word was handled and got its reply owed; every "xong" and "đang làm" stands as a report or was asked
        about."""
        updates = await self.all_of(InboxUpdate)
        keys = {row.dedup_key for row in rows if row.lane is Lane.REPLY}
        lost = [f"unhandled {each.update_key}" for each in updates if each.state.value != "handled"]
        lost += [
            f"no reply to {each.update_key}" for each in updates if f"reply:{each.bot}:{each.update_key}:0" not in keys
        ]
        reports = await self.all_of(Report)
        return lost if reports or not updates else [*lost, "nobody's answer was written down"]

    async def _untold(self, rows: list[Any]) -> list[str]:
        """Whatever may not have arrived by the day before the last was told again, or its work was over."""
        unknown = {row.dedup_key for row in rows if row.state is OutboxState.UNKNOWN and row.person_id is not None}
        unknown -= {row.dedup_key for row in rows if row.lane is Lane.REPLY}
        notices = await self.all_of(UnsureNotice)
        lost = [f"not noted: {key}" for key in unknown - {each.dedup_key for each in notices}]
        bound = self.clock() - timedelta(days=4)
        return lost + [
            f"not told: {each.dedup_key}"
            for each in notices
            if each.told_at is None and each.happened_at < bound and each.assignment_id is not None
        ]


async def live_a_month(database: Database, office: Office) -> tuple[Month, Tally]:
    month = Month(database, office)
    await month.open()
    await month.live()
    return month, await month.tally()
