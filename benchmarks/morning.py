"""Eight o'clock: a thousand nudges fall due at once, and people who write meanwhile are still answered."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from benchmarks.clocks import running_from
from benchmarks.databases import DIALECTS, fresh
from benchmarks.fake import TOKEN
from benchmarks.measuring import Sheet, Times, count, ms, ratio
from benchmarks.province import COORDINATOR_CHAT, FIRST_CHAT, MORNING, TODAY, Shape, settle
from bot.engine import Engine, build_engine
from bot.telegram.channel import TelegramChannel
from bot.telegram.handlers import TelegramHandler
from bot.telegram.wire import make_bot
from models.assignment import Assignment
from models.columns import columns_of
from models.database import Database
from models.terms import BeforeReading, Lane
from planner.workdays import WorkCalendar
from reminders.inbox import IncomingRow, Intake
from reminders.outbox import Draft, enqueue
from reminders.rate import Limits
from tests.fakes.telegram_server import FakeTelegram

NUDGES = 1_000
ASKING = 60
"""Units whose heads write in; none of them is owed a nudge."""

DUE_DAY = 20
"""20/06/2026 is a Saturday: two working days before the Friday it is worked towards is this Wednesday."""


async def run(*, quick: bool) -> list[Sheet]:
    nudges, questions = (20, 3) if quick else (NUDGES, 60)
    plan = Sheet(
        f"{nudges:,} nudges due at 08:00: planning them",
        "≤ 1 s",
        "the same number of bare outbox rows enqueued in one transaction",
        ("database", "messages", "baseline", "planned in", "of baseline"),
    )
    replies = Sheet(
        f"/overdue and /viec while {nudges:,} nudges leave at 30 a second",
        "≤ 300 ms from the commit of the question to the answer's arrival",
        "the same questions with nothing else to send",
        ("database", "baseline p50", "p95", "meanwhile p50", "p95", "of baseline (p50)", "nudges left at"),
    )
    for dialect in DIALECTS:
        async with fresh(dialect) as database:
            shape = Shape(units=nudges * 40 // 39 + ASKING, tasks=1, late=0, look_on=TODAY, due_day=DUE_DAY)
            await settle(database, shape)
            await _nothing_due(database, after_unit=nudges * 40 // 39)
            bare = await _enqueued(database, nudges)
            async with _office(database, people=shape.units) as office:
                began = time.perf_counter()
                scanned = await office.engine.scan.scan(MORNING)
                planned = time.perf_counter() - began
                plan.add(dialect, count(scanned.messages), ms(bare), ms(planned), ratio(planned / bare))
                office.engine.wake_outbox.set()
                meanwhile, sent, seconds = await _asked(office, questions)
                if not quick:
                    await office.until_quiet()
                quiet, _, _ = await _asked(office, questions)
            replies.add(
                dialect, ms(quiet.median), ms(quiet.p95), ms(meanwhile.median), ms(meanwhile.p95),
                ratio(meanwhile.median / quiet.median), f"{sent / seconds:.1f}/s",
            )  # fmt: skip
    return [plan, replies]


@dataclass
class _Office:
    """Cơ quan đang chạy: sender, inbox worker and intake in one loop, a strict Telegram on the other side."""

    engine: Engine
    intake: Intake
    telegram: FakeTelegram
    bot: str
    keys: "itertools.count[int]"
    asking: Sequence[int]

    async def ask(self, chat: int, words: str) -> float:
        """Seconds from the moment the question is stored to the arrival of its answer."""
        before = len(self.telegram.sent_to(chat))
        key, person = next(self.keys), {"id": chat, "first_name": "Mẫu"}
        message = {"message_id": key, "date": 1_781_661_600, "from": person | {"is_bot": False},
                   "chat": person | {"type": "private"}, "text": words}  # fmt: skip
        body = json.dumps({"update_id": key, "message": message})
        await self.intake.store(IncomingRow(bot=self.bot, update_key=str(key), chat=str(chat), body=body))
        stored_at = self.telegram.clock()
        while len(self.telegram.sent_to(chat)) == before:  # noqa: ASYNC110 -- the fake says when it arrived
            await asyncio.sleep(0.05)
        return (self.telegram.sent_to(chat)[before].at - stored_at).total_seconds()

    async def until_quiet(self) -> None:
        seen = -1
        while seen != len(self.telegram.transcript):
            seen = len(self.telegram.transcript)
            await asyncio.sleep(1.5)


@asynccontextmanager
async def _office(database: Database, *, people: int) -> AsyncIterator[_Office]:
    clock, stop = running_from(MORNING), asyncio.Event()
    async with FakeTelegram() as telegram:
        for chat in (int(COORDINATOR_CHAT), *range(FIRST_CHAT + 1, FIRST_CHAT + people + 2)):
            telegram.add_person(chat)
        bot = make_bot(TOKEN, api_base=telegram.url, proxy=None, request_timeout=timedelta(seconds=15))
        channel = TelegramChannel(bot)
        engine = build_engine(
            database, calendar=WorkCalendar(), before=BeforeReading.STRICT, address_form="Anh/Chị",
            invite_key=b"benchmarks invite nobody", channels={channel.bot: channel},
            handle=lambda conversation: TelegramHandler(bot, conversation, clock=clock), limits=Limits(), clock=clock,
        )  # fmt: skip
        intake = Intake(database, clock=clock, wake=engine.wake_inbox)
        running = [asyncio.create_task(each(stop)) for each in (engine.sender.run, engine.inbox_worker.run)]
        yield _Office(engine, intake, telegram, channel.bot, itertools.count(800_000_001), _linked(people))
        stop.set()
        await asyncio.gather(*running)
        await bot.session.close()


def _linked(people: int) -> list[int]:
    """Chats of the last units, less those that nobody has linked."""
    return [FIRST_CHAT + unit for unit in range(people - ASKING + 2, people + 1) if unit % 40]


async def _asked(office: _Office, questions: int) -> tuple[Times, int, float]:
    """Every 0.4 s somebody asks: the coordinator what is late, a unit's head what is theirs."""
    sent, began = len(office.telegram.transcript), time.perf_counter()
    pending = []
    heads = itertools.cycle(office.asking)
    for each in range(questions):
        chat, words = (int(COORDINATOR_CHAT), "/overdue") if each % 4 == 0 else (next(heads), "/viec")
        pending.append(asyncio.create_task(office.ask(chat, words)))
        await asyncio.sleep(0.4)
    taken = await asyncio.gather(*pending)
    return Times(taken), len(office.telegram.transcript) - sent, time.perf_counter() - began


async def _nothing_due(database: Database, *, after_unit: int) -> None:
    """The units that ask get no nudge, so that what they receive is the answer."""
    columns = columns_of(Assignment)
    async with database.write() as session:
        await session.execute(update(Assignment).where(columns.unit_id > after_unit).values(look_on=None))
        await session.commit()


async def _enqueued(database: Database, number: int) -> float:
    """Rolled back: they are a yardstick, not messages."""
    drafts = [Draft(dedup_key=f"bare:{each}", bot="none", chat=str(each), lane=Lane.DIGEST, form="text")
              for each in range(number)]  # fmt: skip
    began = time.perf_counter()
    async with database.write() as session:
        await enqueue(session, drafts, now=MORNING)
        seconds = time.perf_counter() - began
        await session.rollback()
    return seconds
