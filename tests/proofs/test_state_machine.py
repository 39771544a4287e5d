"""A plan's life against a dictionary: whatever is answered, taken back, moved and told, both count the same."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import SteppedClock, at_civil, civil_day, civil_time
from models.columns import columns_of
from models.database import open_database
from models.errors import InvalidTransitionError, OutcomeUnknownError, TryLaterError
from models.outbox import OutboxMessage
from models.reminder import Reminder
from models.tables import METADATA
from models.terms import DONE_STATES, OPEN_STATES, Answer, AssignmentState, OutboxState, Role
from planner.list_overdue import count_states, late_views
from planner.report_progress import UNDO_WITHIN, NothingToUndoError, Said, report_progress, undo_last_report
from planner.scope import EVERYTHING
from planner.statistics import Counts
from planner.transitions import NEXT_STATE
from reminders.deliver import Sender
from reminders.rate import UNLIMITED
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wake import Wake
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_plan, load_units
from tests.conftest import copy_of_sqlite
from tests.fakes.channel import ScriptedChannel

T = TypeVar("T")
STARTS = at_civil(date(2024, 10, 23), time(7, 30))
UNITS = """
units:
  - {code: T.UBND, name: UBND tỉnh Mẫu, level: tỉnh}
  - {code: T.TTTT, name: Sở Thông tin Mẫu, level: sở, parent: T.UBND}
  - {code: T.S1, name: Sở Mẫu số 1, level: sở, parent: T.UBND}
  - {code: T.S2, name: Sở Mẫu số 2, level: sở, parent: T.UBND}
"""
CODES = ("T.S1", "T.S2")
FIRST_DUE = (date(2024, 10, 25), date(2024, 10, 31), date(2024, 11, 15))
SAID = (Answer.DONE, Answer.IN_PROGRESS, Answer.BLOCKED, Answer.UNBLOCKED)


def plan_text(due: tuple[date, ...]) -> str:
    tasks = "\n".join(
        f"  - {{code: K-{n}, from: I.{n}, title: Việc mẫu số {n}, kind: nhiệm vụ, "
        f'deadline: "chậm nhất ngày {day:%d/%m/%Y}", lead: [{", ".join(CODES)}]}}'
        for n, day in enumerate(due, start=1)
    )
    return (
        "plan: K\nkind: kế hoạch\ndocument_no: 1/KH-UBND\nissued_on: 01/10/2024\ntitle: Kế hoạch mẫu\n"
        f"issuer: T.UBND\ncoordinating_unit: T.TTTT\nvalid_from: 01/10/2024\ntasks:\n{tasks}\n"
    )


def is_office_time(now: datetime) -> bool:
    """Said here once more, so that the rule is not judged by itself."""
    return CALENDAR.is_workday(civil_day(now)) and time(7) <= civil_time(now) < time(18)


@dataclass(frozen=True)
class Work:
    """One assignment, as the dictionary has it."""

    effective_on: date
    state: AssignmentState = AssignmentState.NOT_STARTED
    submitted_on: date | None = None


@dataclass
class Spoken:
    """One report, with what stood before it."""

    key: tuple[str, int]
    at: datetime
    before: Work
    after: Work
    undone: bool = False


@dataclass
class Model:
    """The dictionary: work by unit and task, and everything that was said."""

    work: dict[tuple[str, int], Work] = field(default_factory=dict)
    said: list[Spoken] = field(default_factory=list)

    def counts(self, today: date) -> Counts:
        found: Counter[str] = Counter()
        for work in self.work.values():
            if work.state not in OPEN_STATES | DONE_STATES:
                continue
            done = work.state in DONE_STATES and work.submitted_on is not None and work.submitted_on <= today
            if done:
                assert work.submitted_on is not None
                found["done_on_time" if work.submitted_on <= work.effective_on else "done_late"] += 1
            else:
                found["open_late" if work.effective_on < today else "open_in_time"] += 1
        return Counts(**found)

    def late(self, today: date) -> set[tuple[str, int]]:
        return {key for key, work in self.work.items() if work.state in OPEN_STATES and work.effective_on < today}


class PlanMachine(RuleBasedStateMachine):
    """`url` is a fresh copy for each example on SQLite, one emptied database on PostgreSQL."""

    new_url: Callable[[Path], str]

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-machine-"))
        self.runner = asyncio.Runner()
        self.database = open_database(type(self).new_url(self.folder))
        self.clock = SteppedClock(STARTS)
        self.due = FIRST_DUE
        self.channel = ScriptedChannel(bot=BOT)
        self.model = Model({(unit, n): Work(day) for unit in CODES for n, day in enumerate(FIRST_DUE, start=1)})
        self.looked_at: set[int] = set()
        self.runner.run(self._settle_in())

    async def _settle_in(self) -> None:
        if self.database.dialect == "postgresql":
            async with self.database.write() as session:
                for table in reversed(METADATA.sorted_tables):
                    await session.execute(table.delete())
                await session.commit()
        await load_units(self.database, UNITS)
        await load_plan(self.database, self.clock(), plan_text(self.due), units=UNITS)
        self.people = {
            code: await add_linked_person(self.database, STARTS, f"Người {code}", (code, Role.UNIT_HEAD), chat=code)
            for code in CODES
        }
        query = select(Assignment).order_by(columns_of(Assignment).id)
        async with self.database.read() as session:
            rows = list((await session.execute(query)).scalars())
        units: dict[int, str] = {}
        tasks: dict[int, int] = {}
        for row in rows:
            units.setdefault(row.unit_id, CODES[len(units)] if len(units) < len(CODES) else "")
            tasks.setdefault(row.task_id, len(tasks) + 1)
        self.ids = {(units[row.unit_id], tasks[row.task_id]): row.id for row in rows}
        self.sender = Sender(
            self.database,
            {BOT: self.channel},
            render=Renderer(Wording(CALENDAR), clock=self.clock),
            clock=self.clock,
            limits=UNLIMITED,
            wake=Wake(),
            random=lambda: 0.0,
        )
        self.scan = Scan(self.database, calendar=CALENDAR)

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

    # what people do

    @rule(unit=st.sampled_from(CODES), task=st.integers(1, 3), answer=st.sampled_from(SAID))
    def answer(self, unit: str, task: int, answer: Answer) -> None:
        key, said = (unit, task), Said(self.people[unit], "test", f"{task} {answer}", self.clock())
        before = self.model.work[key]
        if answer not in NEXT_STATE[before.state]:
            with pytest.raises(InvalidTransitionError):
                self.write(lambda session: report_progress(session, self.ids[key], answer, said=said))
            return
        self.write(lambda session: report_progress(session, self.ids[key], answer, said=said))
        state = NEXT_STATE[before.state][answer]
        submitted_on = (before.submitted_on or civil_day(self.clock())) if state in DONE_STATES else None
        after = replace(before, state=state, submitted_on=submitted_on)
        self.model.work[key] = after
        self.model.said.append(Spoken(key, self.clock(), before, after))
        self.clock.advance(timedelta(seconds=1))

    @rule(unit=st.sampled_from(CODES))
    def take_back(self, unit: str) -> None:
        said = Said(self.people[unit], "test", "hoàn tác", self.clock())
        since = self.clock() - UNDO_WITHIN
        mine = [each for each in self.model.said if each.key[0] == unit and not each.undone and each.at >= since]
        last = mine[-1] if mine else None
        newest = last and [each for each in self.model.said if each.key == last.key][-1]
        if last is None or newest is not last:
            with pytest.raises(NothingToUndoError):
                self.write(lambda session: undo_last_report(session, said=said))
            return
        self.write(lambda session: undo_last_report(session, said=said))
        last.undone = True
        now = self.model.work[last.key]
        self.model.work[last.key] = replace(now, state=last.before.state, submitted_on=last.before.submitted_on)

    @rule(task=st.integers(1, 3), day=st.dates(date(2024, 10, 24), date(2024, 11, 20)))
    def move_the_deadline(self, task: int, day: date) -> None:
        self.due = tuple(day if n == task else due for n, due in enumerate(self.due, start=1))
        self.runner.run(load_plan(self.database, self.clock(), plan_text(self.due), units=UNITS))
        self.scan.plans_changed()
        for unit in CODES:
            work = self.model.work[unit, task]
            if work.state in OPEN_STATES:
                self.model.work[unit, task] = replace(work, effective_on=day)

    # what time does

    @rule(minutes=st.integers(1, 300))
    def wait(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    @rule(days=st.integers(1, 4), at=st.sampled_from((time(8), time(8, 30), time(14), time(19))))
    def sleep(self, days: int, at: time) -> None:
        self.clock.move_to(at_civil(civil_day(self.clock()) + timedelta(days=days), at))

    # what the program does

    @rule()
    def sweep(self) -> None:
        self.runner.run(self.scan.scan(self.clock()))

    @rule()
    def another_process_sweeps(self) -> None:
        self.runner.run(Scan(self.database, calendar=CALENDAR).scan(self.clock()))

    @rule(trouble=st.lists(st.sampled_from(("flood", "fault", "unknown")), max_size=2))
    def deliver(self, trouble: list[str]) -> None:
        kinds = {
            "flood": TryLaterError("flood", retry_after=timedelta(seconds=30), is_rate_limit=True),
            "fault": TryLaterError("502"),
            "unknown": OutcomeUnknownError("no answer"),
        }
        self.channel.answers = [kinds[each] for each in trouble]
        calls = len(self.channel.calls)
        self.runner.run(self.sender.deliver_due(self.clock()))
        self.channel.answers = []
        if len(self.channel.calls) > calls:
            assert is_office_time(self.clock()), "somebody was disturbed at night or on a day off"

    @rule()
    def live_the_next_morning(self) -> None:
        self.sleep(1, time(8))
        self.sweep()
        self.deliver([])

    # what always holds

    @invariant()
    @precondition(lambda self: hasattr(self, "ids"))
    def the_four_figures_and_the_late_rows_agree(self) -> None:
        today = civil_day(self.clock())

        async def ask(session: AsyncSession) -> tuple[Counts, set[int]]:
            counts = await count_states(session, EVERYTHING, today=today)
            return counts, {view.id for view in await late_views(session, EVERYTHING, today=today)}

        counts, late = self.write(ask)
        assert counts == self.model.counts(today)
        assert late == {self.ids[key] for key in self.model.late(today)}

    @invariant()
    @precondition(lambda self: hasattr(self, "ids"))
    def each_reminder_is_told_once_and_never_about_work_that_is_done(self) -> None:
        async def ask(session: AsyncSession) -> tuple[list[Any], list[str]]:
            rows = list((await session.execute(select(OutboxMessage))).scalars())
            return rows, list((await session.execute(select(columns_of(Reminder).dedup_key))).scalars())

        rows, keys = self.write(ask)
        assert set(Counter(keys).values()) <= {1}
        delivered = [row for row in rows if row.state is OutboxState.DELIVERED]
        assert len(self.channel.sent) == len(delivered), "a message was told twice, or marked and never told"
        open_ids = {self.ids[key] for key, work in self.model.work.items() if work.state in OPEN_STATES}
        for row in delivered:
            if row.id not in self.looked_at and row.settled_at == self.clock():
                assert set(row.payload["assignment_ids"]) & open_ids, "a nudge about nothing that is open"
            self.looked_at.add(row.id)


def run(new_url: Callable[[Path], str], *, examples: int, steps: int) -> None:
    PlanMachine.new_url = staticmethod(new_url)
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_machine(PlanMachine, settings=chosen)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_a_plan_behaves_like_a_dictionary(sqlite_template: Path) -> None:
    run(lambda folder: copy_of_sqlite(sqlite_template, folder), examples=6, steps=20)


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_a_plan_behaves_like_a_dictionary_for_long_on_sqlite(sqlite_template: Path) -> None:
    run(lambda folder: copy_of_sqlite(sqlite_template, folder), examples=25, steps=40)


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
async def test_a_plan_behaves_like_a_dictionary_for_long_on_postgresql(postgresql_database) -> None:
    url = postgresql_database.writer.url.render_as_string(hide_password=False)
    await asyncio.to_thread(run, lambda _folder: url, examples=12, steps=40)
