"""A province talks at random: nobody sees or changes what is not theirs, and every figure adds up all the same.

Hypothesis types commands about everybody's work, taps buttons that were meant for others, and moves the clock.
"""

import asyncio
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import SteppedClock, at_civil, civil_day
from models.columns import columns_of
from models.database import open_database
from models.inbox import InboxUpdate
from models.org_unit import OrgUnit
from models.tables import METADATA
from models.terms import DONE_STATES, OPEN_STATES, InboxState
from planner import audit
from planner.list_overdue import count_states, group_late, late_views
from planner.people import load_person, scope_of
from planner.scope import EVERYTHING
from reminders.channel import Capabilities
from tests.builders import BOT
from tests.conftest import copy_of_sqlite
from tests.fakes.channel import TELEGRAM_LIKE
from tests.fakes.phones import TEXT_ONLY, ScriptedPhones, scripted_phones
from tests.proofs.figures import say
from tests.proofs.province import CODES, PEOPLE, STRANGER, Sight, foreign_words, settle, sight_of

T = TypeVar("T")
STARTS = at_civil(date(2024, 10, 23), time(8))
CHATS = (*(name for name, _, _ in PEOPLE), STRANGER)
SEES_LISTS = tuple(name for name in CHATS if name not in (STRANGER, "admin"))
NUMBERS = st.integers(1, 8)
UNITS = st.sampled_from(("", *(f" @{code}" for code in CODES)))
ABOUT_ONE = (
    "xong {n}{u}", "{n}{u} đang làm 60%", "vuongmac {n}{u} chờ số liệu", "het vuong {n}{u}",
    "giahan {n}{u} đến 20/11 vì mưa lũ", "{n}{u} sai đơn vị, việc này của nơi khác", "{n} không có gì mới",
    "chua lam {n}{u}", "giaocho {n} Phạm Thị Ví", "giaocho {n} tôi",
)  # fmt: skip
DECIDING = (
    "duyet {n}{u}", "duyet {n} tat ca", "tra lai {n}{u} thiếu phụ lục", "cho lui {n}{u}", "cho lui {n}{u} 18/11",
    "khong cho lui {n}{u}", "chuyen {n}{u} sang T.S1", "chuyen {n}{u} sang T.X", "giu {n}{u}",
)  # fmt: skip
LOOKING = ("xem {n}{u}", "lich su {n}{u}", "minh chung {n}{u}", "{n}", "quahan{u}", "tonghop{u}", "chuaphanhoi{u}")
AT_LARGE = (
    "viec", "quahan", "quahan theo don vi", "tonghop don vi", "lich", "hom nay", "tuan nay", "duyet", "duyet tat ca",
    "nhac tat ca", "nhac tat ca dong y", "help", "xong rồi", "bên em làm rồi", "dạ em nhận được rồi", "đúng", "thôi",
    "đồng ý", "1 xong, 2 đang làm 40%", "giao T.S3: báo cáo nhanh trước 15/12", "giao việc", "xuat", "nhóm",
    "thiếu số liệu của xã", "thuong xuyen", "chuyển cho nơi khác làm", "ABCD2345",
)  # fmt: skip
_PLACED = st.tuples(st.sampled_from((*ABOUT_ONE, *DECIDING, *LOOKING)), NUMBERS, UNITS)
COMMANDS = st.one_of(_PLACED.map(lambda each: each[0].format(n=each[1], u=each[2])), st.sampled_from(AT_LARGE))
COORDINATORS = ("coordinator-a", "coordinator-b")
ANSWERS_FOR_UNITS = tuple(name for name in SEES_LISTS if not name.startswith("leader"))
_a, _i, _u = columns_of(Assignment), columns_of(InboxUpdate), columns_of(OrgUnit)
OF_THE_SWEEP = ("version", "look_on")
"""When to look next: a hint for speed, moved by whoever looks."""

FACTS = ("assignment", "report", "extension", "blocker", "decision", "transfer", "evidence", "task", "period")


class ProvinceMachine(RuleBasedStateMachine):
    """`url` is a fresh copy for each example on SQLite, one emptied database on PostgreSQL."""

    new_url: Callable[[Path], str]
    able: Capabilities
    seen: Counter[str]

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-province-"))
        self.runner = asyncio.Runner()
        self.database = open_database(type(self).new_url(self.folder))
        self.clock = SteppedClock(STARTS)
        self.sights: dict[tuple[str, date], Sight] = {}
        self.looked_at = 0
        self.turns = 0
        self.typed: dict[str, str] = {}
        self.phones: ScriptedPhones = self.runner.run(self._settle_in())

    async def _settle_in(self) -> ScriptedPhones:
        if self.database.dialect == "postgresql":
            async with self.database.write() as session:
                for table in reversed(METADATA.sorted_tables):
                    await session.execute(table.delete())
                await session.commit()
        self.people = await settle(self.database, STARTS, bot=BOT)
        return scripted_phones(self.database, self.clock, self.folder / "evidence", able=self.able)

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.run(self.database.close())
            self.runner.close()
            shutil.rmtree(self.folder)

    def read(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def run() -> T:
            async with self.database.read() as session:
                return await work(session)

        return self.runner.run(run())

    @property
    def today(self) -> date:
        return civil_day(self.clock())

    # what people do

    @rule(who=st.sampled_from(CHATS), text=COMMANDS)
    def says(self, who: str, text: str) -> None:
        self._acts(who, text, lambda: self.phones.says(who, text))

    @rule(who=st.sampled_from(CHATS), data=st.data())
    def taps_what_was_sent_to_anybody(self, who: str, data: st.DataObject) -> None:
        """Where there are no buttons, what the texts to all of them tell to type."""
        sent = {key.command for call in self.phones.channel.sent for row in call.message.buttons for key in row}
        sent |= {found for call in self.phones.channel.sent for found in _TO_TYPE.findall(call.text)}
        if sent:
            command = data.draw(st.sampled_from(sorted(sent)))
            self._acts(who, command, lambda: self.phones.taps(who, "1", command))

    @rule(who=st.sampled_from(SEES_LISTS), data=st.data())
    def taps_their_own_newest_button(self, who: str, data: st.DataObject) -> None:
        newest = [read for read in self.phones.read(who) if read.buttons][-1:]
        if newest:
            _, command = data.draw(st.sampled_from(newest[0].buttons))
            self._acts(who, command, lambda: self.phones.taps(who, newest[0].ref, command))
        elif not self.able.buttons:
            place = str(data.draw(st.integers(1, 4)))
            self._acts(who, place, lambda: self.phones.says(who, place))

    @rule(who=st.sampled_from(ANSWERS_FOR_UNITS), form=st.sampled_from(ABOUT_ONE), data=st.data())
    def answers_for_their_own_work(self, who: str, form: str, data: st.DataObject) -> None:
        if text := self._about_their_own(who, form, data):
            self._acts(who, text, lambda: self.phones.says(who, text))

    @rule(who=st.sampled_from(COORDINATORS), form=st.sampled_from(DECIDING), data=st.data())
    def decides_about_their_own_plan(self, who: str, form: str, data: st.DataObject) -> None:
        if text := self._about_their_own(who, form, data):
            self._acts(who, text, lambda: self.phones.says(who, text))

    @rule(who=st.sampled_from(ANSWERS_FOR_UNITS), form=st.sampled_from((*ABOUT_ONE, *DECIDING)), data=st.data())
    def changes_something_and_takes_it_back(self, who: str, form: str, data: st.DataObject) -> None:
        text = self._about_their_own(who, form, data)
        if not text:
            return
        before, decided = self.standing(), self._newest_change(who)
        self._acts(who, text, lambda: self.phones.says(who, text))
        if self.standing() == before and self._newest_change(who) == decided:
            return
        self._acts(who, "hoàn tác", lambda: self.phones.says(who, "hoàn tác"))
        assert self.standing() == before, f"{who} took back {text!r} and something of it stayed"

    def _about_their_own(self, who: str, form: str, data: st.DataObject) -> str:
        """The form about a work of theirs; "" while they have none."""
        theirs = sorted(self._may_change(who))
        if not theirs:
            return ""
        number, code = self.places()[data.draw(st.sampled_from(theirs))]
        return form.format(n=number, u=f" @{code}")

    def _acts(self, who: str, text: str, act: Callable[[], Awaitable[None]]) -> None:
        self.clock.advance(timedelta(seconds=20))
        self._lives()  # what the sweep does by itself is nobody's doing
        self.typed[who] = text
        facts, may_change = self.facts(), self._may_change(who)
        self.runner.run(act())
        after = self.facts()
        changed = {
            assignment_id
            for key in facts.keys() | after.keys()
            if facts.get(key) != after.get(key) and (assignment_id := key[1]) is not None
        }
        new = {key[1] for key in after.keys() - facts.keys() if key[0] == "assignment"}
        assert changed - new <= may_change, f"{who} changed another's work by {text!r}"
        if new:
            assert new <= self._may_change(who), f"{who} gave work that is not theirs to follow by {text!r}"
        self.seen.update(commands=1, changes=int(bool(changed)))
        self.words_are_for_their_readers(spoken_by=who)

    # what time does

    @rule(minutes=st.integers(1, 200))
    def wait(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        self._lives()

    @rule(days=st.integers(1, 4), at=st.sampled_from((time(8), time(8, 30), time(14))))
    def sleep(self, days: int, at: time) -> None:
        for day in range(1, days + 1):
            self.clock.move_to(at_civil(self.today + timedelta(days=1), at if day == days else time(8)))
            self._lives()

    def _lives(self) -> None:
        self.runner.run(self.phones.live())
        self.words_are_for_their_readers(spoken_by=None)

    # what always holds

    def words_are_for_their_readers(self, *, spoken_by: str | None) -> None:
        """Every message since the last look against what its reader may see today or might see these last days."""
        for call in self.phones.channel.sent[self.looked_at :]:
            sights = [self._sight(call.chat, self.today - timedelta(days=back)) for back in range(4)]
            echoed = self.typed.get(call.chat, "") if call.chat == spoken_by else ""
            if call.text.startswith(TAKEN_BACK):  # whoever was told is told that it is so no more
                echoed = " ".join(sent.text for sent in self.phones.channel.sent if sent.chat == call.chat)
                echoed = echoed.replace(call.text, "")
            keys = " ".join(f"{key.label} {key.command}" for row in call.message.buttons for key in row)
            foreign = foreign_words(f"{call.text}\n{keys}", sights, echoed=echoed)
            assert not foreign, f"{call.chat} was told of {foreign}: {call.text!r}"
        self.seen["messages"] += len(self.phones.channel.sent) - self.looked_at
        self.looked_at = len(self.phones.channel.sent)

    @invariant()
    @precondition(lambda self: hasattr(self, "phones"))
    def figures_are_the_rows_behind_them(self) -> None:
        rows, counts, late = self.read(self._counted)
        dated = [row for row in rows if row.effective_on is not None and row.state in OPEN_STATES | DONE_STATES]
        assert counts.total == len(dated)
        assert late == {row.id for row in dated if row.state in OPEN_STATES and row.effective_on < self.today}
        assert counts.open_late == len(late)
        self.turns += 1
        for name in SEES_LISTS[self.turns % 4 :: 4]:
            mine, theirs, in_groups = self.read(lambda session, name=name: self._counted_for(session, name))
            assert mine == theirs == in_groups, f"the late work of {name}"
            assert theirs <= len(late)

    async def _counted(self, session: AsyncSession) -> tuple[list[Any], Any, set[int]]:
        rows = list(await session.execute(select(_a.id, _a.state, _a.effective_on)))
        counts = await count_states(session, EVERYTHING, today=self.today)
        return rows, counts, {view.id for view in await late_views(session, EVERYTHING, today=self.today)}

    async def _counted_for(self, session: AsyncSession, name: str) -> tuple[int, int, int]:
        person = await load_person(session, self.people[name], today=self.today)
        assert person is not None
        scope = await scope_of(session, person)
        counts = await count_states(session, scope, today=self.today)
        late = await late_views(session, scope, today=self.today)
        groups = await group_late(session, scope, today=self.today)
        return counts.open_late, len(late), sum(group.count for group in groups)

    @invariant()
    @precondition(lambda self: hasattr(self, "phones"))
    def the_record_is_whole_and_nothing_waits_unheard(self) -> None:
        async def ask(session: AsyncSession) -> tuple[Any, int]:
            waiting = select(func.count()).select_from(InboxUpdate).where(_i.state != InboxState.HANDLED)
            return await audit.verify(session), await session.scalar(waiting) or 0

        verified, unheard = self.read(ask)
        assert verified.broken is None
        assert unheard == 0

    # looking

    def places(self) -> dict[int, tuple[int, str]]:
        """(number, unit's code) of every assignment."""

        async def ask(session: AsyncSession) -> dict[int, tuple[int, str]]:
            query = select(_a.id, _a.number, _u.code).join(OrgUnit, _u.id == _a.unit_id)
            return {row.id: (row.number, row.code) for row in await session.execute(query)}

        return self.read(ask)

    def facts(self) -> dict[tuple[str, int | None, int], tuple[Any, ...]]:
        """Every row that an answer or a decision may touch, under (table, its assignment, its id)."""

        async def ask(session: AsyncSession) -> dict[tuple[str, int | None, int], tuple[Any, ...]]:
            found: dict[tuple[str, int | None, int], tuple[Any, ...]] = {}
            for name in FACTS:
                table = METADATA.tables[name]
                columns = [column for column in table.columns if column.name not in OF_THE_SWEEP]
                for row in (await session.execute(select(*columns))).mappings():
                    whose = row["id"] if name == "assignment" else row.get("assignment_id")
                    found[name, whose, row["id"]] = tuple(row.values())
            return found

        return self.read(ask)

    def standing(self) -> dict[str, list[tuple[Any, ...]]]:
        """What holds now, whatever was said and taken back on the way."""

        async def ask(session: AsyncSession) -> dict[str, list[tuple[Any, ...]]]:
            found: dict[str, list[tuple[Any, ...]]] = {}
            for name, holds in STANDING.items():
                table = METADATA.tables[name]
                columns = [column for column in table.columns if column.name not in OF_THE_SWEEP]
                rows = await session.execute(select(*columns).order_by(table.c.id))
                found[name] = [tuple(row) for row in rows if holds(row)]
            return found

        return self.read(ask)

    def _newest_change(self, who: str) -> int:
        """How often this person has changed anything that can be taken back."""

        async def ask(session: AsyncSession) -> int:
            total = 0
            for name, column in (("report", "person_id"), ("decision", "decided_by_id")):
                table = METADATA.tables[name]
                query = select(func.count()).select_from(table).where(table.c[column] == self.people[who])
                total += await session.scalar(query) or 0
            return total

        return self.read(ask)

    def _may_change(self, who: str) -> frozenset[int]:
        return self.read(lambda session: sight_of(session, self.people.get(who), today=self.today)).may_change

    def _sight(self, who: str, day: date) -> Sight:
        return self.read(lambda session: sight_of(session, self.people.get(who), today=day))


_TO_TYPE = re.compile(r'"([^"\n]{1,64})"')
TAKEN_BACK = ("Xin đính chính", "Không cần làm việc")
STANDING: dict[str, Callable[[Any], bool]] = {
    "assignment": lambda row: True,
    "report": lambda row: row.undone_at is None,
    "extension": lambda row: row.state.value in ("requested", "granted", "refused"),
    "blocker": lambda row: row.resolved_at is None,
    "decision": lambda row: row.undone_at is None,
    "transfer": lambda row: row.state.value in ("requested", "moved"),
    "evidence": lambda row: row.withdrawn_at is None,
}


def run(
    new_url: Callable[[Path], str], *, examples: int, steps: int, able: Capabilities = TELEGRAM_LIKE
) -> Counter[str]:
    """How many commands, changes and messages it took."""
    ProvinceMachine.new_url = staticmethod(new_url)
    ProvinceMachine.able, ProvinceMachine.seen = able, Counter()
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_machine(ProvinceMachine, settings=chosen)
    return ProvinceMachine.seen


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_a_province_talks_and_nothing_leaks(sqlite_template: Path) -> None:
    run(lambda folder: copy_of_sqlite(sqlite_template, folder), examples=3, steps=20)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
async def test_a_province_talks_and_nothing_leaks_on_the_other_database(postgresql_database) -> None:
    url = postgresql_database.writer.url.render_as_string(hide_password=False)
    await asyncio.to_thread(run, lambda _folder: url, examples=1, steps=15)


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@pytest.mark.parametrize("able", [TELEGRAM_LIKE, TEXT_ONLY], ids=["buttons", "text"])
def test_a_province_talks_for_long_on_sqlite(sqlite_template: Path, able: Capabilities) -> None:
    seen = run(lambda folder: copy_of_sqlite(sqlite_template, folder), examples=25, steps=50, able=able)
    say(f"conversation on SQLite, {'buttons' if able.buttons else 'text only'}: {told(seen)}")


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
async def test_a_province_talks_for_long_on_postgresql(postgresql_database) -> None:
    url = postgresql_database.writer.url.render_as_string(hide_password=False)
    seen = await asyncio.to_thread(run, lambda _folder: url, examples=10, steps=40)
    say(f"conversation on PostgreSQL, buttons: {told(seen)}")


def told(seen: Counter[str]) -> str:
    return f"{seen['commands']:,} commands, {seen['changes']:,} changes, {seen['messages']:,} messages, no leak"
