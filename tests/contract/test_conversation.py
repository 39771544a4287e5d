"""One conversation on every channel: the same scripts leave the same facts, and people read the same words.

The reference is a channel with buttons where they are tapped. A text-only channel is told apart by what a person does
there: types the number of a line, or the words quoted beside it. A further channel is one more row of `DRIVERS`.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
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
    a_file_is_handed_in_as_evidence,
    a_group_chat_is_linked_and_answers_for_its_unit,
    a_newcomer_starts_with_a_code_and_sees_the_work,
    many_are_accepted_at_once,
    more_time_is_granted_shortened_and_refused,
    settle,
    state_of,
    the_late_are_nudged_after_a_look,
    work_is_done_undone_and_told_in_percent,
)
from tests.fakes.phones import TEXT_ONLY, UNCLEAR, OaPhones, Phones, Read, TelegramPhones, ZaloPhones, scripted_phones
from tests.fakes.stepped_oa import stepped_oa
from tests.fakes.stepped_telegram import stepped_telegram
from tests.fakes.stepped_zalo import stepped_zalo

NAMES = (*(name for name, _, _ in CAST), "stranger", GROUP)
_LINES = re.compile(
    r"\n\n(?:Gõ số \(trong 10 phút\) hoặc gõ câu trong ngoặc kép:\n.*|[^\n\"]+: gõ \"[^\"\n]+\"\.)\Z", re.DOTALL
)
_CODE = re.compile(r"(?<=: )[A-Z0-9]{8}\b|/start [A-Z0-9]{8}\b")
_CHANNEL = re.compile(r" \((?:Telegram|Zalo|Zalo OA|trang thử)\):")

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


@asynccontextmanager
async def official_account(database: Database, clock: SteppedClock, folder: Path) -> AsyncIterator[Phones]:
    async with stepped_oa(database, clock, folder) as house:
        house.oa.groups.add(GROUP)
        yield OaPhones(house)


@dataclass(frozen=True)
class Driver:
    """`chats`: everybody's address there. `in_words`: where there are no buttons, words are typed, not numbers.

    `daily`: the scripts of every day's run; None: all of them.
    """

    name: str
    open: Open
    chats: dict[str, str]
    in_words: bool = False
    hears_files: bool = True
    daily: tuple[Callable[[Talk], Awaitable[None]], ...] | None = None

    @property
    def scripts(self) -> tuple[Callable[[Talk], Awaitable[None]], ...]:
        return (*SCRIPTS, *(WITH_FILES if self.hears_files else ()))


NAMED = {name: name for name in NAMES}
NUMBERED = {name: str(501 + place) for place, name in enumerate(NAMES)} | {GROUP: "-1001234567"}
REFERENCE = Driver("buttons", buttons, NAMED)
NUMBERS = Driver("text by numbers", text_only, NAMED)
DRIVERS = (
    Driver("telegram", telegram, NUMBERED),
    NUMBERS,
    Driver("text by words", text_only, NAMED, in_words=True),
    Driver("zalo", zalo, NAMED, hears_files=False),
    Driver(
        "zalo-oa",
        official_account,
        NAMED,
        daily=(
            a_newcomer_starts_with_a_code_and_sees_the_work,
            work_is_done_undone_and_told_in_percent,
            many_are_accepted_at_once,
            a_group_chat_is_linked_and_answers_for_its_unit,
            a_file_is_handed_in_as_evidence,
        ),
    ),
)
SCRIPTS_OF = [
    pytest.param(script, driver, id=f"{driver.name}-{script.__name__}")
    for driver in DRIVERS
    for script in driver.scripts
]
DAILY = [each for each in SCRIPTS_OF if each.values[1].daily is None or each.values[0] in each.values[1].daily]


@dataclass(frozen=True)
class Told:
    """What a script comes to: the facts it leaves, what was read at once on each step, all that each person read."""

    facts: dict[str, list[tuple]]
    at_once: list[list[str]]
    in_all: dict[str, list[str]]
    counts_messages: bool


async def told(driver: Driver, script, database: Database, now, folder: Path) -> Told:
    async with driver.open(database, SteppedClock(now), folder) as phones:
        talk = await settle(phones, driver.chats, in_words=driver.in_words)
        await script(talk)
        return Told(
            await state_of(talk),
            [words_of(step) for step in talk.heard],
            {name: words_of(talk.read(name)) for name in NAMES},
            phones.capabilities.monthly_quota is not None,
        )


def words_of(reads: list[Read]) -> list[str]:
    """The words of each message but for the lines that stand for buttons and for being asked again about a number."""
    texts = [_LINES.sub("", read.text) for read in reads]
    return [_CHANNEL.sub(":", _CODE.sub("CODE", text)) for text in texts if not UNCLEAR.match(text)]


def agree(one: Told, reference: Told) -> None:
    """Where every message counts against a quota the morning's nudges are put into one; answers are the same."""
    assert one.facts == reference.facts
    assert one.at_once == reference.at_once
    assert one.counts_messages or one.in_all == reference.in_all


_REFERENCE: dict[str, Told] = {}


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


@pytest.mark.parametrize(("script", "driver"), DAILY)
async def test_a_conversation_is_the_same_on_every_channel(script, driver, reference, sqlite_database, tmp_path, now):
    agree(await told(driver, script, sqlite_database, now, tmp_path / "other"), await reference(script))


@pytest.mark.parametrize(
    "script",
    [many_are_accepted_at_once, more_time_is_granted_shortened_and_refused, the_late_are_nudged_after_a_look],
    ids=lambda script: script.__name__,
)
async def test_it_is_the_same_on_the_other_database(script, reference, postgresql_database, tmp_path, now):
    agree(await told(NUMBERS, script, postgresql_database, now, tmp_path / "other"), await reference(script))


@pytest.mark.prove
@pytest.mark.parametrize(("script", "driver"), SCRIPTS_OF)
async def test_all_of_it_is_the_same_on_the_other_database(
    script, driver, reference, postgresql_database, tmp_path, now
):
    agree(await told(driver, script, postgresql_database, now, tmp_path / "other"), await reference(script))
