"""A person on three platforms with moods, against what the platforms saw: never on two channels, nothing lost."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from models.clock import SteppedClock
from models.columns import columns_of
from models.database import open_database
from models.errors import OutcomeUnknownError, TryLaterError, UnreachableError
from models.person import Address
from models.terms import Lane, OutboxState
from models.unsure import UnsureNotice
from planner.people import heard_from
from planner.person_channels import channels_of, put_first
from reminders.channel import Capabilities, Message
from reminders.dedup import origin_of
from tests.conftest import copy_of_sqlite
from tests.reminders.several_channels import ABLE, COUNTED, COUNTED_LIKE, FREE, WINDOWED, Exchange

T = TypeVar("T")
BOTS = (FREE, COUNTED, WINDOWED)
QUOTA = 20
START = datetime(2024, 10, 23, 1, 0, tzinfo=UTC)
MOODS = {FREE: ABLE[FREE], COUNTED: replace(COUNTED_LIKE, monthly_quota=QUOTA), WINDOWED: ABLE[WINDOWED]}
LANES = st.sampled_from([Lane.REMINDER, Lane.DIGEST])
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""A history of databases takes its time: what fails is told as it was found."""

DELAYS = st.sampled_from([1, 95, 600, 3_600, 86_400, 5 * 86_400]).map(lambda seconds: timedelta(seconds=seconds))


class Mood(Enum):
    WELL = auto()
    BLOCKED = auto()
    AWAY = auto()
    SILENT_AFTER_TAKING = auto()
    SILENT_WITHOUT_TAKING = auto()
    DEATH_AFTER_TAKING = auto()
    DEATH_BEFORE_TAKING = auto()


class DeathError(BaseException):
    """The process ends here."""


@dataclass
class Moody:
    """A platform; `arrived` is what the person reads, `may_have_counted` what its owner may charge for."""

    bot: str
    capabilities: Capabilities
    name: str = "moody"
    mood: Mood = Mood.WELL
    arrived: list[str] = field(default_factory=list)
    may_have_counted: int = 0

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        del address, reply_to
        if self.mood is Mood.BLOCKED:
            raise UnreachableError("blocked")
        if self.mood is Mood.AWAY:
            raise TryLaterError("connection refused")
        self.may_have_counted += 1
        if self.mood in (Mood.WELL, Mood.SILENT_AFTER_TAKING, Mood.DEATH_AFTER_TAKING):
            self.arrived.append(message.text)
        if self.mood in (Mood.DEATH_AFTER_TAKING, Mood.DEATH_BEFORE_TAKING):
            self.mood = Mood.WELL
            raise DeathError
        if self.mood in (Mood.SILENT_AFTER_TAKING, Mood.SILENT_WITHOUT_TAKING):
            raise OutcomeUnknownError("no answer in time")
        return f"{self.bot}-{len(self.arrived)}"


class ChoiceMachine(RuleBasedStateMachine):
    template: Path

    @initialize(order=st.permutations(BOTS), size=st.integers(1, 3))
    def link(self, order: list[str], size: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-choice-"))
        self.runner = asyncio.Runner()
        self.database = open_database(copy_of_sqlite(self.template, self.folder))
        self.wires = {bot: Moody(bot, able) for bot, able in MOODS.items()}
        self.exchange = Exchange(self.database, SteppedClock(START), self.wires)  # type: ignore[arg-type]
        self.person = self.run(self.exchange.person(*order[:size]))
        self.linked = order[:size]
        self.owed: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            try:
                self.heal_and_settle()
            finally:
                self.runner.run(self.database.close())
                self.runner.close()
                shutil.rmtree(self.folder)

    def run(self, work: Awaitable[T]) -> T:
        return self.runner.run(work)  # type: ignore[arg-type]

    @rule(lane=LANES)
    def owe(self, lane: Lane) -> None:
        """As the sweep does: at the first address that may be tried."""
        first = self.run(self.first_address())
        if first is not None:
            key = f"key-{len(self.owed)}"
            self.owed.append(key)
            self.run(self.exchange.owe(key, bot=first, to=self.person, lane=lane))

    @rule(lane=LANES, mood=st.sampled_from(Mood), by=DELAYS)
    def owe_in_a_mood(self, lane: Lane, mood: Mood, by: timedelta) -> None:
        """The platform that is tried first does this to it, and is well when somebody looks again."""
        first = self.run(self.first_address())
        self.owe(lane)
        if first is not None:
            self.wires[first].mood = mood
            self.send()
            self.wires[first].mood = Mood.WELL
            self.wait_and_send(by)

    @rule(bot=st.sampled_from(BOTS), mood=st.sampled_from(Mood))
    def change(self, bot: str, mood: Mood) -> None:
        self.wires[bot].mood = mood

    @rule(by=DELAYS)
    def wait_and_send(self, by: timedelta) -> None:
        self.exchange.clock.advance(by)
        self.send()

    @rule()
    def send(self) -> None:
        try:
            self.run(self.exchange.turn())
        except DeathError:
            self.exchange.restart()

    @rule(bot=st.sampled_from(BOTS))
    def speak(self, bot: str) -> None:
        self.run(self.heard(bot))

    @rule(place=st.integers(0, 2))
    def reorder(self, place: int) -> None:
        self.run(self.put_first(place))

    @invariant()
    def one_channel_for_one_message(self) -> None:
        if hasattr(self, "wires"):
            for key in self.owed:
                where = {bot: wire.arrived.count(key) for bot, wire in self.wires.items() if key in wire.arrived}
                assert len(where) <= 1, (key, where)
                assert all(copies == 1 for bot, copies in where.items() if not MOODS[bot].resend_when_unknown), where

    @invariant()
    def the_ledger_is_what_may_have_counted(self) -> None:
        if hasattr(self, "wires"):
            _, sent = self.run(self.exchange.counted()).get(COUNTED, (0, 0))
            assert sent == self.wires[COUNTED].may_have_counted

    def heal_and_settle(self) -> None:
        """Everybody is well and has spoken, and months go by: whatever was owed has come to a known end."""
        for wire in self.wires.values():
            wire.mood = Mood.WELL
        for _ in range(6):
            for bot in BOTS:
                self.run(self.heard(bot))
            self.exchange.clock.advance(timedelta(days=9))
            for _ in range(4):
                self.exchange.clock.advance(timedelta(minutes=11))
                self.send()
        rows = self.run(self.exchange.rows())
        unsure = self.run(self.unsure())
        told = {origin_of(key) for key, _ in self.exchange.nobody_reached}
        chains = Counter(map(origin_of, rows))
        for key in self.owed:
            chain = [rows[key], *(rows[f"{key}>{step}"] for step in range(1, chains[key]))]
            assert all(row.state in (OutboxState.UNREACHABLE, OutboxState.PASSED_ON) for row in chain[:-1]), chain
            last = chain[-1]
            arrived = [bot for bot, wire in self.wires.items() if key in wire.arrived]
            match last.state:
                case OutboxState.DELIVERED:
                    assert arrived == [last.bot]
                case OutboxState.UNKNOWN:
                    assert last.dedup_key in unsure
                    assert set(arrived) <= {last.bot}
                case OutboxState.UNREACHABLE if last.dedup_key in unsure:
                    assert set(arrived) <= {last.bot}
                case OutboxState.UNREACHABLE:
                    assert key in told
                    assert arrived == []
                case _:
                    # the newest of the overviews that were held speaks of this one too
                    assert (last.state, last.lane) == (OutboxState.CANCELLED, Lane.DIGEST), (key, last.state)

    async def first_address(self) -> str | None:
        columns = columns_of(Address)
        query = select(columns.bot).where(columns.unreachable_at.is_(None)).order_by(columns.position, columns.id)
        async with self.database.read() as session:
            return (await session.execute(query.limit(1))).scalar_one_or_none()

    async def heard(self, bot: str) -> None:
        async with self.database.write() as session:
            await heard_from(session, bot=bot, chat="7", now=self.exchange.clock())
            await session.commit()

    async def put_first(self, place: int) -> None:
        async with self.database.write() as session:
            found = await channels_of(session, self.person)
            chosen = found[place % len(found)]
            await put_first(session, self.person, chosen.address_id, now=self.exchange.clock(), channel="test")
            await session.commit()

    async def unsure(self) -> set[str]:
        async with self.database.read() as session:
            return set((await session.execute(select(columns_of(UnsureNotice).dedup_key))).scalars())


def _run(examples: int, steps: int, template: Path) -> Any:
    ChoiceMachine.template = template
    return run_state_machine_as_test(
        ChoiceMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_a_message_never_goes_out_on_two_channels_and_none_is_lost(sqlite_template: Path) -> None:
    _run(20, 25, sqlite_template)


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_a_message_never_goes_out_on_two_channels_in_long_lives(sqlite_template: Path) -> None:
    _run(150, 50, sqlite_template)
