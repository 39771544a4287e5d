"""Two chat platforms a whole season can be lived through on: the demo's own chats, and Telegram's strict fake."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import insert

from bot.demo import STARTS_AT, load_plans
from bot.engine import build_engine
from bot.evidence_store import EvidenceStore
from bot.local.cast import CAST, enter
from bot.local.channel import LocalChannel, LocalMessage
from bot.local.stepping import SteppedEngine, handle_local
from models.clock import SteppedClock, at_civil, civil_day
from models.database import Database
from models.person import Address
from models.terms import BeforeReading
from planner.people import add_person
from reminders.channel import Button
from reminders.rate import UNLIMITED
from tests.builders import CALENDAR
from tests.fakes.stepped_telegram import BOT_KEY, SteppedTelegram, stepped_telegram

PEOPLE = tuple(part.chat.id for part in CAST)
CHATS = {who: 501 + place for place, who in enumerate(PEOPLE)}
"""The same people on Telegram."""

A_MINUTE = timedelta(minutes=1)
WEEK_ENDS_AT = time(16, 0)
AFTER_THE_LEADERS = time(8, 6)


class Carrier(Protocol):
    """Một nền tảng trò chuyện: what people do there and what they read. A word takes time on either."""

    name: str

    async def says(self, who: str, text: str) -> str: ...

    async def taps(self, who: str, label: str) -> str: ...

    async def sends(self, who: str, name: str, content: bytes, *, caption: str) -> str: ...

    async def until(self, day: date) -> None:
        """Live through everything up to the morning of this day, its first messages delivered."""
        ...

    def heard(self, who: str) -> list[str]: ...

    def keys(self, who: str) -> list[list[Button]]:
        """The buttons of each message that has any, in order."""
        ...

    def now(self) -> datetime: ...


class DemoCarrier:
    """The demo: the engine, the clock and the chats that the local page shows, without the page."""

    name = "demo"

    def __init__(self, engine: SteppedEngine, channel: LocalChannel) -> None:
        self._engine, self._channel = engine, channel

    async def says(self, who: str, text: str) -> str:
        before = len(self.heard(who))
        self._channel.record_person(who, text)
        await self._engine.say(who, text, reply_to=None)
        return "\n---\n".join(self.heard(who)[before:])

    async def taps(self, who: str, label: str) -> str:
        before = len(self.heard(who))
        newest = [message for message in self._messages(who) if any(key.label == label for key in _keys(message))][-1]
        command = next(key.command for key in _keys(newest) if key.label == label)
        await self._engine.tap(who, newest.ref, command)
        return "\n---\n".join(self.heard(who)[before:])

    async def sends(self, who: str, name: str, content: bytes, *, caption: str) -> str:
        before = len(self.heard(who))
        await self._engine.attach(who, name, content, caption=caption)
        return "\n---\n".join(self.heard(who)[before:])

    async def until(self, day: date) -> None:
        await self._engine.advance_to(at_civil(day, AFTER_THE_LEADERS))

    def heard(self, who: str) -> list[str]:
        return [message.text for message in self._messages(who)]

    def keys(self, who: str) -> list[list[Button]]:
        return [_keys(message) for message in self._messages(who) if message.buttons]

    def now(self) -> datetime:
        return self._engine.now()

    def _messages(self, who: str) -> list[LocalMessage]:
        return [each for each in self._channel.messages() if each.chat == who and each.is_from_bot]


def _keys(message: LocalMessage) -> list[Button]:
    return [key for row in message.buttons for key in row]


class TelegramCarrier:
    """The strict fake of the Bot API with the real channel, handlers and files."""

    name = "telegram"

    def __init__(self, house: SteppedTelegram) -> None:
        self._house = house

    async def says(self, who: str, text: str) -> str:
        return await self._house.says(self._later(who), text)

    async def taps(self, who: str, label: str) -> str:
        return await self._house.taps(self._later(who), label)

    async def sends(self, who: str, name: str, content: bytes, *, caption: str) -> str:
        before = len(self.heard(who))
        self._house.telegram.person_sends_file(self._later(who), name, content, caption=caption)
        await self._house.live()
        return "\n---\n".join(self.heard(who)[before:])

    async def until(self, day: date) -> None:
        today = civil_day(self.now())
        while today <= day:
            for at in (time(8, 0), AFTER_THE_LEADERS, WEEK_ENDS_AT):
                instant = at_civil(today, at)
                if instant > self.now() and (today < day or at != WEEK_ENDS_AT):
                    await self._house.live_at(instant)
            today += timedelta(days=1)

    def heard(self, who: str) -> list[str]:
        return self._house.telegram.texts(CHATS[who])

    def keys(self, who: str) -> list[list[Button]]:
        chat, telegram = CHATS[who], self._house.telegram
        sent = [telegram.message(chat, each.message_id) for each in telegram.sent_to(chat) if each.labels]
        rows = [message["reply_markup"]["inline_keyboard"] for message in sent]
        return [[Button(key["text"], key["callback_data"]) for row in each for key in row] for each in rows]

    def now(self) -> datetime:
        return self._house.clock()

    def _later(self, who: str) -> int:
        self._house.clock.move_to(self._house.clock() + A_MINUTE)
        return CHATS[who]


@asynccontextmanager
async def demo_carrier(database: Database, folder: Path) -> AsyncIterator[DemoCarrier]:
    clock = SteppedClock(STARTS_AT)
    channel = LocalChannel(PEOPLE, clock=clock)
    evidence = EvidenceStore(folder, left_free=0)
    engine = build_engine(
        database,
        calendar=CALENDAR,
        before=BeforeReading.STRICT,
        address_form="Anh/Chị",
        invite_key=b"a key for stories",
        channels={channel.bot: channel},
        handle=lambda conversation: handle_local(conversation, clock),
        limits=UNLIMITED,
        clock=clock,
        evidence=evidence,
    )
    async with database.write() as session:
        await load_plans(session, calendar=CALENDAR, before=BeforeReading.STRICT, now=clock())
        await enter(session, now=clock())
        await session.commit()
    yield DemoCarrier(SteppedEngine(engine, clock, evidence), channel)
    channel.close()


@asynccontextmanager
async def telegram_carrier(database: Database, folder: Path) -> AsyncIterator[TelegramCarrier]:
    clock = SteppedClock(STARTS_AT)
    async with database.write() as session:
        await load_plans(session, calendar=CALENDAR, before=BeforeReading.STRICT, now=clock())
        for part in CAST:
            person_id = await add_person(session, part.full_name, part.places, now=clock())
            address = {"channel": "telegram", "bot": BOT_KEY, "chat": str(CHATS[part.chat.id]), "position": 0}
            await session.execute(insert(Address).values(person_id=person_id, linked_at=clock(), **address))
        await session.commit()
    async with stepped_telegram(database, clock, evidence=EvidenceStore(folder, left_free=0)) as house:
        for part in CAST:
            house.telegram.add_person(CHATS[part.chat.id], part.full_name)
        yield TelegramCarrier(house)
