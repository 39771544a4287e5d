"""A person with several addresses, and a sender with a scripted channel for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import SteppedClock, civil_day
from models.columns import columns_of
from models.database import Database
from models.outbox import OutboxMessage
from models.person import Address, Person
from models.quota import QuotaMonth
from models.terms import Lane, OutboxState
from models.unsure import UnsureNotice
from reminders import outbox
from reminders.channel import Capabilities, Message
from reminders.deliver import DeliverySummary, Sender
from reminders.outages import Outage, outages
from reminders.outbox import Claimed, Draft
from reminders.rate import UNLIMITED
from reminders.wake import Wake
from tests.fakes.channel import TELEGRAM_LIKE, ZALO_LIKE, ScriptedChannel

FREE, COUNTED, WINDOWED = "free:1", "counted:1", "windowed:1"
QUOTA = 100
COUNTED_LIKE = replace(ZALO_LIKE, session_window=None, monthly_quota=QUOTA)
WINDOWED_LIKE = replace(ZALO_LIKE, monthly_quota=None)
ABLE: dict[str, Capabilities] = {FREE: TELEGRAM_LIKE, COUNTED: COUNTED_LIKE, WINDOWED: WINDOWED_LIKE}


@dataclass
class Exchange:
    """A sender on scripted channels, by bot."""

    database: Database
    clock: SteppedClock
    channels: dict[str, ScriptedChannel] = field(
        default_factory=lambda: {bot: ScriptedChannel(bot=bot, capabilities=able) for bot, able in ABLE.items()}
    )
    nobody_reached: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self, *, send_timeout: timedelta = timedelta(seconds=30)) -> None:
        """A new process on the same database and the same platforms."""
        self.sender = Sender(
            self.database,
            self.channels,
            render=_render,
            clock=self.clock,
            limits=UNLIMITED,
            wake=Wake(),
            random=lambda: 0.0,
            on_unreachable=self.note,
            send_timeout=send_timeout,
        )

    async def note(self, _session: AsyncSession, row: Claimed, reason: str, _now: datetime) -> None:
        self.nobody_reached.append((row.dedup_key, reason))

    async def person(self, *bots: str, heard_ago: timedelta | None = timedelta(), chat: str = "7") -> int:
        """Linked to these bots, in this order."""
        now = self.clock()
        async with self.database.write() as session:
            person = Person(full_name="Ngọc Mẫu", created_at=now)
            session.add(person)
            await session.flush()
            person_id = person.id
            assert person_id is not None
            for position, bot in enumerate(bots):
                heard_at = None if heard_ago is None else now - heard_ago
                facts = {"person_id": person_id, "channel": bot.partition(":")[0], "bot": bot, "chat": chat}
                facts |= {"position": position, "linked_at": now, "last_heard_at": heard_at}
                await session.execute(insert(Address).values(facts))
            await session.commit()
        return person_id

    async def owe(
        self, *keys: str, bot: str, to: int | None, lane: Lane = Lane.REMINDER, chat: str = "7", **more: Any
    ) -> None:
        drafts = [
            Draft(
                **(
                    {"dedup_key": key, "bot": bot, "chat": chat, "lane": lane, "form": "nudge", "person_id": to}
                    | {"payload": {}}
                    | more
                )
            )
            for key in keys
        ]
        async with self.database.write() as session:
            await outbox.enqueue(session, drafts, now=self.clock())
            await session.commit()

    async def abandon(self, key: str) -> None:
        """Somebody took it in hand and vanished before anything was sent; their lease lasts a second more."""
        columns = columns_of(OutboxMessage)
        held = {"lease_token": "somebody", "lease_until": self.clock() + timedelta(seconds=1), "attempts": 1}
        async with self.database.write() as session:
            await session.execute(update(OutboxMessage).where(columns.dedup_key == key).values(held))
            await session.commit()

    async def unsure(self) -> list[tuple[str, int]]:
        """What was noted as perhaps not arrived: (key, person)."""
        columns = columns_of(UnsureNotice)
        async with self.database.read() as session:
            rows = await session.execute(select(columns.dedup_key, columns.person_id).order_by(columns.id))
            return [(row.dedup_key, row.person_id) for row in rows]

    async def turn(self, later: timedelta = timedelta()) -> DeliverySummary:
        return await self.sender.deliver_due(self.clock.advance(later))

    async def rows(self) -> dict[str, OutboxMessage]:
        columns = columns_of(OutboxMessage)
        async with self.database.read() as session:
            rows = (await session.execute(select(OutboxMessage).order_by(columns.id))).scalars()
            return {row.dedup_key: row for row in rows}

    async def states(self) -> dict[str, tuple[str, OutboxState]]:
        """Where each message was owed and what became of it there."""
        return {key: (row.bot, row.state) for key, row in (await self.rows()).items()}

    async def addresses(self) -> dict[str, str | None]:
        """Why each bot's address is out of use."""
        columns = columns_of(Address)
        async with self.database.read() as session:
            rows = await session.execute(select(columns.bot, columns.unreachable_reason))
            return {row.bot: row.unreachable_reason for row in rows}

    async def use_up(self, used: int, *, bot: str = COUNTED) -> None:
        async with self.database.write() as session:
            month = civil_day(self.clock()).replace(day=1)
            await session.execute(insert(QuotaMonth).values(bot=bot, month=month, received=used, sent=0))
            await session.commit()

    async def counted(self) -> dict[str, tuple[int, int]]:
        """(received, sent) of each bot, all months together."""
        columns = columns_of(QuotaMonth)
        async with self.database.read() as session:
            rows = (await session.execute(select(columns.bot, columns.received, columns.sent))).all()
        bots = {row.bot for row in rows}
        return {
            bot: (sum(row.received for row in rows if row.bot == bot), sum(row.sent for row in rows if row.bot == bot))
            for bot in bots
        }

    async def outages(self) -> Sequence[Outage]:
        async with self.database.read() as session:
            return await outages(session)

    def arrived(self) -> dict[str, list[str]]:
        """What each bot's platform took, by text."""
        return {bot: channel.texts for bot, channel in self.channels.items() if channel.texts}


async def _render(_session: AsyncSession, claimed: Claimed) -> Message | None:
    return Message(claimed.payload.get("text", claimed.dedup_key.partition(">")[0]))
