"""The whole house on Telegram with time moved by hand: the real engine, the real channel, the strict fake Bot API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from aiogram import Bot
from sqlalchemy import select

from bot.engine import Engine, build_engine
from bot.evidence_store import EvidenceStore
from bot.telegram.channel import TelegramChannel
from bot.telegram.files import files_in
from bot.telegram.handlers import TelegramHandler
from bot.telegram.poller import GetRawUpdates, raw_update
from bot.telegram.wire import make_bot
from models.clock import SteppedClock, at_civil, civil_day
from models.database import Database
from models.outbox import OutboxMessage
from models.terms import BeforeReading
from reminders.inbox import IncomingRow, store_updates
from reminders.rate import UNLIMITED, Limits
from tests.builders import CALENDAR
from tests.fakes.telegram_server import TOKEN, FakeTelegram

BOT_KEY = f"telegram:{TOKEN.partition(':')[0]}"
MORNING = time(8, 0)


@dataclass
class SteppedTelegram:
    """One process of ours, looked at between two moments. `live` does all that is due at this one."""

    engine: Engine
    telegram: FakeTelegram
    client: Bot
    handler: TelegramHandler
    clock: SteppedClock

    async def says(self, chat: int, text: str, *, reply_to: int | None = None) -> str:
        """A person writes; what they read in answer."""
        before = len(self.telegram.sent_to(chat))
        self.telegram.person_says(chat, text, reply_to=reply_to)
        await self.live()
        return "\n---\n".join(self.telegram.texts(chat)[before:])

    async def taps(self, chat: int, button: str) -> str:
        """A person taps this button under the newest message that has it; what they read in answer."""
        before = len(self.telegram.sent_to(chat))
        newest = [sent for sent in self.telegram.sent_to(chat) if button in sent.labels][-1]
        self.telegram.person_taps(chat, newest.message_id, button)
        await self.live()
        return "\n---\n".join(self.telegram.texts(chat)[before:])

    async def mornings_until(self, day: int, month: int, *, year: int = 2024) -> None:
        """Live through 08:00 of every day up to this one."""
        last = date(year, month, day)
        today = civil_day(self.clock())
        while today <= last:
            if at_civil(today, MORNING) >= self.clock():
                await self.live_at(at_civil(today, MORNING))
            today += timedelta(days=1)

    async def live_at(self, instant: datetime) -> None:
        self.clock.move_to(instant)
        await self.live()

    async def live(self) -> None:
        now = self.clock()
        await self.receive()
        await self.engine.inbox_worker.handle_due(now)
        await self.engine.scan.scan(now)
        await self.engine.sender.deliver_due(now)
        if self.engine.letter_reader is not None and await self.engine.letter_reader.read_due():
            await self.engine.sender.deliver_due(self.clock())
        await self.handler.close()

    async def receive(self) -> None:
        """As the poller does: stored and committed, and only then confirmed by the next question."""
        offset: int | None = None
        while batch := await self.client(GetRawUpdates(offset=offset, timeout=0)):
            raws = [raw_update(update) for update in batch]
            rows = [
                IncomingRow(bot=BOT_KEY, update_key=str(raw.update_id), chat=raw.chat_key, body=raw.body)
                for raw in raws
            ]
            async with self.engine.database.write() as session:
                await store_updates(session, rows, now=self.clock())
                await session.commit()
            offset = max(raw.update_id for raw in raws) + 1

    async def owed(self) -> list[Any]:
        """Every row of the outbox, in order."""
        async with self.engine.database.read() as session:
            return list((await session.execute(select(OutboxMessage).order_by(OutboxMessage.id))).scalars())


@asynccontextmanager
async def stepped_telegram(
    database: Database,
    clock: SteppedClock,
    *,
    telegram: FakeTelegram | None = None,
    limits: Limits = UNLIMITED,
    evidence: EvidenceStore | None = None,
) -> AsyncIterator[SteppedTelegram]:
    """A house on this database; `telegram` given: a second process of the same bot."""
    if telegram is not None:
        async with _house(database, clock, telegram, limits, evidence) as house:
            yield house
        return
    async with FakeTelegram(clock=clock, limits=None) as own, _house(database, clock, own, limits, evidence) as house:
        yield house


@asynccontextmanager
async def _house(
    database: Database, clock: SteppedClock, telegram: FakeTelegram, limits: Limits, evidence: EvidenceStore | None
) -> AsyncIterator[SteppedTelegram]:
    client = make_bot(telegram.token, api_base=telegram.url, proxy=None, request_timeout=timedelta(seconds=10))
    channel = TelegramChannel(client)
    handlers: list[TelegramHandler] = []

    def handle(conversation: Any) -> TelegramHandler:
        handlers.append(TelegramHandler(client, conversation, clock=clock))
        return handlers[0]

    engine = build_engine(
        database,
        calendar=CALENDAR,
        before=BeforeReading.STRICT,
        address_form="Anh/Chị",
        invite_key=b"a key for stories",
        channels={channel.bot: channel},
        handle=handle,
        limits=limits,
        clock=clock,
        evidence=evidence,
        prepare=files_in(client, database, evidence, clock=clock) if evidence else None,
    )
    try:
        yield SteppedTelegram(engine, telegram, client, handlers[0], clock)
    finally:
        await client.session.close()
