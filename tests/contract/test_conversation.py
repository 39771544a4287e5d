"""One conversation on every channel: the same scripts leave the same facts, and people read the same words.

The reference is a channel with buttons where they are tapped. A text-only channel is told apart by what a person does
there: types the number of a line, or the words quoted beside it. A further channel is one more row of `DRIVERS`.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.evidence_store import EvidenceStore
from models.clock import SteppedClock
from models.database import Database, open_database
from tests.conftest import copy_of_sqlite
from tests.contract.conversation_scripts import (
    CAST,
    GROUP,
    SCRIPTS,
    WITH_FILES,
    Talk,
    many_are_accepted_at_once,
    more_time_is_granted_shortened_and_refused,
    settle,
    state_of,
    the_late_are_nudged_after_a_look,
)
from tests.fakes.phones import TEXT_ONLY, UNCLEAR, Phones, TelegramPhones, ZaloPhones, scripted_phones
from tests.fakes.stepped_telegram import stepped_telegram
from tests.fakes.stepped_zalo import stepped_zalo

NAMES = (*(name for name, _, _ in CAST), "stranger", GROUP)
_LINES = re.compile(
    r"\n\n(?:Gõ số \(trong 10 phút\) hoặc gõ câu trong ngoặc kép:\n.*|[^\n\"]+: gõ \"[^\"\n]+\"\.)\Z", re.DOTALL
)
_CODE = re.compile(r"(?<=: )[A-Z0-9]{8}\b|/start [A-Z0-9]{8}\b")
_CHANNEL = re.compile(r" \((?:Telegram|Zalo|trang thử)\):")

Open = Callable[[Database, SteppedClock, Path], AbstractAsyncContextManager[Phones]]


@asynccontextmanager
async def buttons(database: Database, clock: SteppedClock, folder: Path) -> AsyncIterator[Phones]:
    yield scripted_phones(database, clock, folder)


@asynccontextmanager
async def text_only(database: Database, clock: SteppedClock, folder: Path) -> AsyncIterator[Phones]:
    yield scripted_phones(database, clock, folder, able=TEXT_ONLY)


@asynccontextmanager
async def telegram(database: Database, clock: SteppedClock, folder: Path) -> AsyncIterator[Phones]:
    async with stepped_telegram(database, clock, evidence=EvidenceStore(folder)) as house:
        members = tuple(int(chat) for name, chat in NUMBERED.items() if name != GROUP)
        for chat in members:
            house.telegram.add_person(chat)
        house.telegram.add_group(int(NUMBERED[GROUP]), members=members)
        yield TelegramPhones(house)


@asynccontextmanager
async def zalo(database: Database, clock: SteppedClock, folder: Path) -> AsyncIterator[Phones]:
    async with stepped_zalo(database, clock, folder) as house:
        for name in NAMES:
            if name != GROUP:
                house.zalo.bot.add_person(name)
        house.zalo.bot.add_group(GROUP, members=tuple(name for name in NAMES if name != GROUP))
        yield ZaloPhones(house)


@dataclass(frozen=True)
class Driver:
    """`chats`: everybody's address there. `in_words`: where there are no buttons, words are typed, not numbers."""

    name: str
    open: Open
    chats: dict[str, str]
    in_words: bool = False
    hears_files: bool = True


NAMED = {name: name for name in NAMES}
NUMBERED = {name: str(501 + place) for place, name in enumerate(NAMES)} | {GROUP: "-1001234567"}
REFERENCE = Driver("buttons", buttons, NAMED)
NUMBERS = Driver("text by numbers", text_only, NAMED)
DRIVERS = (
    Driver("telegram", telegram, NUMBERED),
    NUMBERS,
    Driver("text by words", text_only, NAMED, in_words=True),
    Driver("zalo", zalo, NAMED, hears_files=False),
)
SCRIPTS_OF = [
    pytest.param(script, driver, id=f"{driver.name}-{script.__name__}")
    for driver in DRIVERS
    for script in (*SCRIPTS, *(WITH_FILES if driver.hears_files else ()))
]


async def told(driver: Driver, script, database: Database, now, folder: Path) -> tuple[dict, dict[str, list[str]]]:
    """(what is kept, what each read) once the script is over."""
    async with driver.open(database, SteppedClock(now), folder) as phones:
        talk = await settle(phones, driver.chats, in_words=driver.in_words)
        await script(talk)
        return await state_of(talk), {name: read_by(talk, name) for name in NAMES}


def read_by(talk: Talk, name: str) -> list[str]:
    """The words of each message but for the lines that stand for buttons and for being asked again about a number."""
    texts = [_LINES.sub("", read.text) for read in talk.read(name)]
    return [_CHANNEL.sub(":", _CODE.sub("CODE", text)) for text in texts if not UNCLEAR.match(text)]


_REFERENCE: dict[str, tuple[dict, dict]] = {}


@pytest.fixture
def reference(sqlite_template, tmp_path, now):
    """What the script comes to where buttons are tapped; told once for all drivers."""

    async def run(script):
        if script.__name__ not in _REFERENCE:
            database = open_database(copy_of_sqlite(sqlite_template, tmp_path))
            try:
                _REFERENCE[script.__name__] = await told(REFERENCE, script, database, now, tmp_path / "reference")
            finally:
                await database.close()
        return _REFERENCE[script.__name__]

    return run


@pytest.mark.parametrize(("script", "driver"), SCRIPTS_OF)
async def test_a_conversation_is_the_same_on_every_channel(script, driver, reference, sqlite_database, tmp_path, now):
    assert await told(driver, script, sqlite_database, now, tmp_path / "other") == await reference(script)


@pytest.mark.parametrize(
    "script",
    [many_are_accepted_at_once, more_time_is_granted_shortened_and_refused, the_late_are_nudged_after_a_look],
    ids=lambda script: script.__name__,
)
async def test_it_is_the_same_on_the_other_database(script, reference, postgresql_database, tmp_path, now):
    assert await told(NUMBERS, script, postgresql_database, now, tmp_path / "other") == await reference(script)


@pytest.mark.prove
@pytest.mark.parametrize(("script", "driver"), SCRIPTS_OF)
async def test_all_of_it_is_the_same_on_the_other_database(
    script, driver, reference, postgresql_database, tmp_path, now
):
    assert await told(driver, script, postgresql_database, now, tmp_path / "other") == await reference(script)
