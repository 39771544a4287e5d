"""The outbox to a strict Bot API: how near to the limit it keeps without a refusal, and what durability costs."""

import asyncio
import statistics
import time
from datetime import timedelta

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.clocks import running_from
from benchmarks.databases import DIALECTS, fresh
from benchmarks.fake import TOKEN, Fake, fake_telegram
from benchmarks.measuring import Sheet, count, ratio, spread
from benchmarks.province import NOW
from bot.telegram.channel import TelegramChannel
from bot.telegram.wire import make_bot
from models.clock import Clock
from models.database import Database
from models.terms import Lane, OutboxState
from reminders.channel import Message
from reminders.deliver import Sender
from reminders.outbox import Claimed, Draft, counts, enqueue, text_payload
from reminders.rate import UNLIMITED, Limits
from reminders.wake import Wake

TEXT = "Việc 12 · Báo cáo kết quả giải quyết hồ sơ\nHạn: hết thứ Sáu 19/06. Đã xong chưa ạ?"
BUTTONS = [[("Đã xong", "xong 12"), ("Đang làm", "dang 12")]]
KEYS = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text=label, callback_data=command) for label, command in row] for row in BUTTONS
    ]
)
IN_FLIGHT = 64
PEOPLE = 1_000


async def run(*, quick: bool) -> list[Sheet]:
    return [await _limited(quick=quick), await _unlimited(quick=quick)]


async def _limited(*, quick: bool) -> Sheet:
    messages, nominal = (30, 30.0) if quick else (750, 30.0)
    sheet = Sheet(
        f"outbox with limits on: {messages} messages, each to its own chat",
        "≥ 97 % of 30 msg/s, no 429",
        "30 msg/s, what Telegram allows one bot; the fake refuses more",
        ("database", "messages per second", "of baseline", "429"),
    )
    for dialect in DIALECTS:
        async with fresh(dialect) as database, fake_telegram(people=messages, limits=True) as fake:
            await _deliver(database, fake, messages=messages, people=messages, limits=Limits())
            arrived = await fake.arrivals()
            rate = (len(arrived) - 1) / (arrived[-1] - arrived[0]).total_seconds()
            sheet.add(dialect, f"{rate:.2f}", f"{rate / nominal:.1%}", str(await fake.refusals()))
    return sheet


async def _unlimited(*, quick: bool) -> Sheet:
    messages, rounds = (100, 1) if quick else (3_000, 5)
    sheet = Sheet(
        f"outbox with limits off: {rounds} rounds of {messages:,} messages to {PEOPLE:,} chats, {IN_FLIGHT} at a time",
        "≥ 0.3×",
        "bare aiogram: bot.send_message of the words alone in a loop, as many at a time, nothing remembered",
        ("sender", "messages per second min / median / max", "of baseline"),
    )
    found: dict[str, list[float]] = {"aiogram": []}
    for _ in range(rounds):
        for name, keys in (("aiogram", None), ("aiogram, with the same buttons", KEYS)):
            async with fake_telegram(people=PEOPLE, limits=False) as fake:
                found.setdefault(name, []).append(messages / await _bare(fake, messages=messages, keys=keys))
        for dialect in DIALECTS:
            async with fresh(dialect) as database, fake_telegram(people=PEOPLE, limits=False) as fake:
                seconds = await _deliver(database, fake, messages=messages, people=PEOPLE, limits=UNLIMITED)
                found.setdefault(f"ours, {dialect}", []).append(messages / seconds)
    base = statistics.median(found["aiogram"])
    for name, rates in found.items():
        sheet.add(name, spread(rates, count), ratio(statistics.median(rates) / base))
    return sheet


async def _deliver(database: Database, fake: Fake, *, messages: int, people: int, limits: Limits) -> float:
    """Owe them all, send them all; returns the seconds from the first claim to the last settlement."""
    bot = make_bot(TOKEN, api_base=fake.url, proxy=None, request_timeout=timedelta(seconds=15))
    channel, clock, wake, stop = TelegramChannel(bot), running_from(NOW), Wake(), asyncio.Event()
    await _owe(database, channel.bot, clock, messages=messages, people=people)
    sender = Sender(
        database, {channel.bot: channel}, render=_no_words, clock=clock, limits=limits, wake=wake, in_flight=IN_FLIGHT
    )
    began = time.perf_counter()
    sending = asyncio.create_task(sender.run(stop))
    while await _left(database):  # noqa: ASYNC110 -- asked from outside, as rarely as the figure bears
        await asyncio.sleep(0.1)
    seconds = time.perf_counter() - began
    stop.set()
    await sending
    await bot.session.close()
    return seconds


async def _owe(database: Database, bot: str, clock: Clock, *, messages: int, people: int) -> None:
    drafts = [
        Draft(
            dedup_key=f"bench:{each}", bot=bot, chat=str(1 + each % people), lane=Lane.REMINDER, form="text",
            payload=text_payload(TEXT, BUTTONS),
        )
        for each in range(messages)
    ]  # fmt: skip
    async with database.write() as session:
        await enqueue(session, drafts, now=clock())
        await session.commit()


async def _left(database: Database) -> int:
    async with database.read() as session:
        return (await counts(session))[OutboxState.PENDING]


async def _no_words(_session: AsyncSession, _row: Claimed) -> Message | None:
    raise AssertionError("every message here carries its own words")


async def _bare(fake: Fake, *, messages: int, keys: InlineKeyboardMarkup | None = None) -> float:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(fake.url)))
    waiting = iter(range(messages))

    async def lane() -> None:
        for each in waiting:
            await bot.send_message(1 + each % PEOPLE, TEXT, reply_markup=keys)

    await bot.get_me()
    began = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(IN_FLIGHT)))
    seconds = time.perf_counter() - began
    await bot.session.close()
    return seconds
