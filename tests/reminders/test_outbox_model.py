"""The outbox against a dictionary: whatever is owed, claimed, lost, settled and cancelled, both tell the same story."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import open_database
from models.terms import Lane, OutboxState
from reminders import outbox
from reminders.outbox import Claimed, Draft, Settlement
from tests.conftest import copy_of_sqlite

T = TypeVar("T")
BOT = "telegram:7001"
LEASE = timedelta(seconds=60)
START = datetime(2024, 10, 23, 1, 0, tzinfo=UTC)
DELAYS = st.integers(0, 180).map(lambda seconds: timedelta(seconds=seconds))


@dataclass(frozen=True)
class Row:
    number: int
    chat: str
    priority: int
    send_after: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    token: str | None = None
    state: OutboxState = OutboxState.PENDING


class OutboxMachine(RuleBasedStateMachine):
    template: Path

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-model-"))
        self.runner = asyncio.Runner()
        self.database = open_database(copy_of_sqlite(self.template, self.folder))
        self.now = START
        self.rows: dict[str, Row] = {}
        self.claims: list[Claimed] = []

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.run(self.database.close())
            self.runner.close()
            shutil.rmtree(self.folder)

    def write(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def run() -> T:
            async with self.database.write() as session:
                result = await work(session)
                await session.commit()
            return result

        return self.runner.run(run())

    @rule(key=st.integers(0, 25).map(str), chat=st.sampled_from("12"), lane=st.sampled_from(Lane), delay=DELAYS)
    def owe(self, key: str, chat: str, lane: Lane, delay: timedelta) -> None:
        draft = Draft(dedup_key=key, bot=BOT, chat=chat, lane=lane, form="text", send_after=self.now + delay)
        added = self.write(lambda session: outbox.enqueue(session, [draft], now=self.now))
        assert added == (key not in self.rows)
        if added:
            self.rows[key] = Row(len(self.rows), chat, outbox.PRIORITIES[lane], self.now + delay)

    @rule(by=DELAYS)
    def wait(self, by: timedelta) -> None:
        self.now += by

    @rule(limit=st.integers(1, 6), busy=st.sets(st.sampled_from("12"), max_size=1))
    def claim(self, limit: int, busy: set[str]) -> None:
        wanted = self.expected(limit, busy)
        claimed = self.write(
            lambda session: outbox.claim(
                session, bots=[BOT], now=self.now, lease=LEASE, limit=limit, busy_chats={BOT: busy}
            )
        )
        assert [row.dedup_key for row in claimed] == wanted
        for row in claimed:
            known = self.rows[row.dedup_key]
            assert (row.attempts, row.last_error) == (
                known.attempts + 1,
                outbox.LEASE_EXPIRED if known.token else None,
            )
            self.change(row.dedup_key, attempts=row.attempts, lease_until=self.now + LEASE, token=row.lease_token)
        self.claims += claimed

    @rule(data=st.data(), state=st.sampled_from(OutboxState), delay=DELAYS, was_tried=st.booleans())
    def settle(self, data: st.DataObject, state: OutboxState, delay: timedelta, *, was_tried: bool) -> None:
        """Of any claim ever made, so that most are zombies'."""
        if not self.claims:
            return
        claim = data.draw(st.sampled_from(self.claims))
        known = self.rows[claim.dedup_key]
        is_ours = known.token == claim.lease_token and known.state is OutboxState.PENDING
        send_after = self.now + delay if was_tried else claim.send_after
        settlement = Settlement(
            id=claim.id,
            lease_token=claim.lease_token,
            state=state,
            send_after=send_after,
            attempts=claim.attempts - (not was_tried),
            parts_sent=0,
            unknown_outcomes=0,
        )
        mine = self.write(lambda session: outbox.settle(session, [settlement], now=self.now))
        assert mine == ({claim.id} if is_ours else set())
        if is_ours:
            self.change(
                claim.dedup_key,
                state=state,
                send_after=send_after,
                attempts=settlement.attempts,
                token=None,
                lease_until=None,
            )

    @rule(key=st.integers(0, 25).map(str))
    def cancel(self, key: str) -> None:
        cancelled = self.write(lambda session: outbox.cancel(session, now=self.now, dedup_keys=[key]))
        was_owed = key in self.rows and self.rows[key].state is OutboxState.PENDING
        assert cancelled == was_owed
        if was_owed:
            self.change(key, state=OutboxState.CANCELLED)

    @invariant()
    def counts_agree(self) -> None:
        if hasattr(self, "database"):
            counts = self.write(outbox.counts)
            states = [row.state for row in self.rows.values()]
            assert counts == {state: states.count(state) for state in OutboxState}

    @invariant()
    def next_due_agrees(self) -> None:
        if hasattr(self, "database"):
            due = self.write(lambda session: outbox.next_due_at(session, [BOT]))
            assert due == min(
                (r.send_after for r in self.rows.values() if r.state is OutboxState.PENDING), default=None
            )

    def change(self, key: str, **facts: Any) -> None:
        self.rows[key] = replace(self.rows[key], **facts)

    def expected(self, limit: int, busy: set[str]) -> list[str]:
        heads: dict[tuple[str, int], str] = {}
        pending = [(key, row) for key, row in self.rows.items() if row.state is OutboxState.PENDING]
        for key, row in sorted(pending, key=self.place):
            heads.setdefault((row.chat, row.priority), key)
        free = [key for key in heads.values() if self.is_free(self.rows[key]) and self.rows[key].chat not in busy]
        return sorted(free, key=self.urgency)[:limit]

    def place(self, item: tuple[str, Row]) -> tuple[bool, object, int]:
        """Begun before not begun; of the begun the older, of the others the one due first."""
        row = item[1]
        return (row.attempts == 0, START if row.attempts else row.send_after, row.number)

    def is_free(self, row: Row) -> bool:
        return row.send_after <= self.now and (row.lease_until is None or row.lease_until <= self.now)

    def urgency(self, key: str) -> tuple[int, datetime, int]:
        row = self.rows[key]
        return (row.priority, row.send_after, row.number)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_the_outbox_behaves_like_a_dictionary(sqlite_template: Path) -> None:
    OutboxMachine.template = sqlite_template
    run_state_machine_as_test(
        OutboxMachine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
