"""The sender: claims what is due, lets each chat go its own way, and writes down what came of it.

No transaction is ever open across the network. Three promises hold it together, each with a test: a lease outlasts
the slowest send under it; a settlement is written only while its lease is ours; a poison row blocks nobody.
"""

import asyncio
import logging
import random as dice
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import Clock
from models.database import Database
from models.terms import OutboxState
from reminders.addresses import closed_windows, move_address, unreachable_reasons
from reminders.backoff import Random
from reminders.beginning import Begun, begin
from reminders.channel import Channel
from reminders.circuit import Circuit
from reminders.delivery import Delivery, Render, Stage
from reminders.group_commit import GroupCommit, is_outage
from reminders.outages import note_state
from reminders.outbox import Claimed, claim, move_chat, next_due_at, record_part
from reminders.outcomes import Outcome
from reminders.rate import Gate, Limits
from reminders.recording import OnUnreachable, record
from reminders.wake import Wake

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
SEND_TIMEOUT = timedelta(seconds=30)
"""One send is of unknown outcome after this. Whatever is sent begins at least this long before its lease ends."""

POLL = timedelta(seconds=1)
AHEAD = timedelta(milliseconds=150)
"""How far ahead of its slot a message is taken in hand: more keeps the wire full, less lets a reply in sooner."""

PATIENCE = timedelta(seconds=1)
BATCH = 32

OnMoved = Callable[[AsyncSession, Claimed, str, datetime], Awaitable[None]]
"""(session, row, new chat, now): in the very transaction that re-points the address."""


async def _nothing(_session: AsyncSession, _row: Claimed, _fact: str, _now: datetime) -> None:
    """What a hook does when nobody asked."""


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """Kết quả một lượt gửi. `lost`: leases that somebody else had taken; `released`: no room just now; `postponed`:
    also what the quota holds, wherever it waits."""

    delivered: int = 0
    postponed: int = 0
    released: int = 0
    cancelled: int = 0
    rejected: int = 0
    unreachable: int = 0
    unknown: int = 0
    lost: int = 0


class Sender:
    """Người gửi tin của một tiến trình. `channels` by bot; `may_send(bot)` says whether its lease is held here.

    `limits_by_bot` stands before `limits`. `wake` is set by whoever commits new messages.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        render: Render,
        clock: Clock,
        limits: Limits,
        wake: Wake,
        limits_by_bot: Mapping[str, Limits] | None = None,
        random: Random = dice.random,
        on_unreachable: OnUnreachable = _nothing,
        on_moved: OnMoved = _nothing,
        may_send: Callable[[str], bool] = lambda _bot: True,
        lease: timedelta = LEASE,
        send_timeout: timedelta = SEND_TIMEOUT,
        in_flight: int = 64,
    ) -> None:
        self._database, self._channels, self._clock, self._wake = database, channels, clock, wake
        self._on_unreachable, self._on_moved, self._may_send = on_unreachable, on_moved, may_send
        self._lease, self._at_most = lease, in_flight
        self._gates = {bot: Gate((limits_by_bot or {}).get(bot, limits)) for bot in channels}
        self._circuits = {bot: Circuit() for bot in channels}
        self._chats: dict[str, set[str]] = {bot: set() for bot in channels}
        self._tasks: set[asyncio.Task[None]] = set()
        self._group = GroupCommit[Outcome, bool](self._record)
        self._asked = GroupCommit[tuple[str, str], str | None](self._unreachable)
        self._begun = GroupCommit[Claimed, Begun](self._begin_all)
        self._stage = Stage(
            database=database,
            render=render,
            why_unreachable=self._why_unreachable,
            move=self._move,
            begin=self._begun.submit,
            clock=clock,
            random=random,
            send_timeout=send_timeout,
            evenly=True,
            patience=PATIENCE,
        )

    async def deliver_due(self, now: datetime) -> DeliverySummary:
        """Drain what is due at `now`, one message after another, time standing still; for tests, stories and the demo.

        What the limits leave no room for at this instant stays due.
        """
        stage = replace(self._stage, clock=lambda: now, evenly=False, patience=timedelta())
        counted: Counter[str] = Counter()
        while claimed := await self._claim(now, stage, within=timedelta(), at_most=BATCH):
            for row, slot in claimed:
                outcome = await self._delivery(row, slot, stage).run()
                was_ours = outcome is not None and (await self._record([outcome]))[0]
                counted[_name(outcome) if was_ours else "lost"] += 1
        return DeliverySummary(**counted)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is under way then is finished and written down. Nothing but cancellation ends it."""
        stopper = asyncio.create_task(self._wake_on(stop))
        try:
            while not stop.is_set():
                seen = self._wake.count
                if not await self._start_due():
                    await self._wake.wait(since=seen, at_most=await self._rest())
            await self._finish()
        finally:
            stopper.cancel()
            for task in self._tasks:
                task.cancel()
            await self._finish()

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()

    async def _finish(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start_due(self) -> bool:
        try:
            claimed = await self._claim(self._clock(), self._stage, within=AHEAD, at_most=self._at_most)
        except Exception:
            log.exception("the outbox could not be read just now")
            return False
        for (bot, chat), rows in groupby(claimed, key=lambda pair: (pair[0].bot, pair[0].chat)):
            self._chats[bot].add(chat)
            task = asyncio.create_task(self._deliver_chat(bot, chat, list(rows)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(claimed)

    async def _claim(
        self, now: datetime, stage: Stage, *, within: timedelta, at_most: int
    ) -> list[tuple[Claimed, datetime]]:
        """Rows with their slots, each chat's together and in order; no more than may leave `within` this time."""
        rooms = {bot: self._room(bot, now, stage, within=within, at_most=at_most) for bot in self._channels}
        bots = [bot for bot, room in rooms.items() if room and self._may_send(bot)]
        if not bots:
            return []
        rows: list[Claimed] = []
        async with self._database.write() as session:
            for bot in bots:
                busy = {bot: self._chats[bot] | self._gates[bot].busy_chats(now)}
                rows += await claim(session, bots=[bot], now=now, lease=self._lease, limit=rooms[bot], busy_chats=busy)
            await session.commit()
        slots = {row.id: self._gates[row.bot].reserve(now, evenly=stage.evenly) for row in rows}
        first = {(row.bot, row.chat): place for place, row in reversed(list(enumerate(rows)))}
        rows.sort(key=lambda row: (first[row.bot, row.chat], row.priority))
        return [(row, slots[row.id]) for row in rows]

    def _room(self, bot: str, now: datetime, stage: Stage, *, within: timedelta, at_most: int) -> int:
        """None while less than half of what could be is free: a claim costs the same for one as for many.

        While its circuit is open the bot is let alone, and then one message is tried.
        """
        trial = self._circuits[bot].room(now)
        if trial is not None:
            return 0 if self._chats[bot] else trial
        free = at_most - len(self._chats[bot])
        room = self._gates[bot].room(now, within=within, evenly=stage.evenly, at_most=at_most)
        worth_it = min(at_most, self._gates[bot].most_within(within, at_most=at_most)) // 2
        return min(free, room) if min(free, room) >= max(worth_it, 1) or not self._chats[bot] else 0

    def _delivery(self, row: Claimed, slot: datetime | None, stage: Stage) -> Delivery:
        bot = row.bot
        return Delivery(
            row, slot, channel=self._channels[bot], gate=self._gates[bot], circuit=self._circuits[bot], stage=stage
        )

    async def _deliver_chat(self, bot: str, chat: str, rows: Iterable[tuple[Claimed, datetime]]) -> None:
        """One message at a time in a chat, so that they arrive in the order they left."""
        try:
            for row, slot in rows:
                outcome = await self._delivery(row, slot, self._stage).run()
                if outcome:
                    await self._record_for_sure(outcome)
        finally:
            self._chats[bot].discard(chat)
            self._wake.set()

    async def _record_for_sure(self, outcome: Outcome) -> None:
        """A message that left must not leave again because the database was away: tried until the lease is over."""
        pause = 0.1
        while True:
            try:
                await self._group.submit(outcome)
            except Exception as error:
                if not is_outage(error) or self._clock() >= outcome.claimed.lease_until:
                    log.exception("outbox row %s: its outcome could not be written", outcome.claimed.id)
                    return
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2)
            else:
                return

    async def _record(self, outcomes: Sequence[Outcome]) -> list[bool]:
        """One transaction for all of them, with the addresses, the ledger and the hooks that belong to them."""
        changed = {bot: news for bot, circuit in self._circuits.items() if (news := circuit.news) is not None}
        async with self._database.write() as session:
            mine = await record(session, outcomes, bots=self._channels, on_unreachable=self._on_unreachable)
            for bot, news in changed.items():
                await note_state(session, bot, "send", reason=news, now=self._clock())
            await session.commit()
        for bot, news in changed.items():
            self._circuits[bot].reported(news)
        return [each.claimed.id in mine for each in outcomes]

    async def _begin_all(self, rows: Sequence[Claimed]) -> list[Begun]:
        quotas = {bot: channel.capabilities.monthly_quota for bot, channel in self._channels.items()}
        async with self._database.write() as session:
            begun = await begin(session, rows, quotas=quotas, now=self._clock())
            await session.commit()
        return begun

    async def _why_unreachable(self, bot: str, chat: str) -> str | None:
        return await self._asked.submit((bot, chat))

    async def _unreachable(self, addresses: Sequence[tuple[str, str]]) -> list[str | None]:
        """One look for all that are about to leave: a session for each would cost more than its send."""
        reasons: dict[tuple[str, str], str] = {}
        async with self._database.read() as session:
            for bot in {bot for bot, _ in addresses}:
                chats = {chat for owner, chat in addresses if owner == bot}
                found = await self._out_of_use(session, bot, chats)
                reasons |= {(bot, chat): reason for chat, reason in found.items()}
        return [reasons.get(address) for address in addresses]

    async def _out_of_use(self, session: AsyncSession, bot: str, chats: set[str]) -> dict[str, str]:
        found = await unreachable_reasons(session, bot=bot, chats=chats)
        if window := self._channels[bot].capabilities.session_window:
            found |= await closed_windows(session, bot=bot, chats=chats, window=window, now=self._clock())
        return found

    async def _move(self, row: Claimed, new: str) -> Claimed | None:
        now = self._clock()
        async with self._database.write() as session:
            if not await record_part(session, row, parts_sent=row.parts_sent):
                return None
            await move_chat(session, bot=row.bot, old=row.chat, new=new)
            await move_address(session, bot=row.bot, old=row.chat, new=new, now=now)
            await self._on_moved(session, row, new, now)
            await session.commit()
        return replace(row, chat=new)

    async def _rest(self) -> timedelta:
        """Until something that is closed opens or the next message is due; a poll at the latest."""
        now = self._clock()
        openings = [gate.next_change(now, ahead=AHEAD / 2) for gate in self._gates.values()]
        openings += [circuit.opens_at(now) for circuit in self._circuits.values()]
        if not self._tasks:
            openings.append(await self._next_due_at(now))
        return min([POLL, *(opening - now for opening in openings if opening)])

    async def _next_due_at(self, now: datetime) -> datetime | None:
        try:
            async with self._database.read() as session:
                return await next_due_at(session, list(self._channels), after=now)
        except Exception:
            log.exception("the outbox could not be read just now")
            return None


def _name(outcome: Outcome | None) -> str:
    if outcome is None:
        return "lost"
    if outcome.settlement.state is not OutboxState.PENDING:
        return outcome.settlement.state.value
    return "postponed" if outcome.settlement.send_after > outcome.claimed.send_after else "released"
