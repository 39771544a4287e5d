"""The sweep: rungs that stand today become reminder and outbox rows, in one transaction; a rerun is harmless.

With nothing due it costs one look at a partial index, however many assignments are open.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.database import Database
from models.plan import Plan
from models.reminder import Reminder
from models.task import Task
from models.terms import BeforeReading, Lane, ReminderKind, Role, TaskKind
from planner.decide_submission import accept_by_itself
from planner.group_chats import groups_of_units
from planner.open_period import open_due_periods
from planner.people import Contact, contacts
from planner.workdays import WorkCalendar
from reminders.dedup import group_key, leader_key, nudge_key, reminder_key
from reminders.office_hours import is_planning_time, newest_week_end
from reminders.outages import outages
from reminders.outbox import Draft, enqueue
from reminders.overviews import SINGLES, plan_desks, plan_unsure, plan_weeks, with_unsure
from reminders.policy import Duty, Rung, ladder_for, next_look, owed
from reminders.quota_warning import low_bots, warn_of_quotas
from reminders.retired import retire, running_bots
from reminders.stopped_warning import warn_of_stops

UNITS_PER_TRANSACTION = 200
LOOKS_PER_TRANSACTION = 1000
"""Assignments planned in one write: on SQLite nobody else writes meanwhile, so it stays well under a second."""

LEADERS_AFTER = timedelta(minutes=5)
"""A leader's digest gathers the whole morning's escalations, which several transactions may plan."""

ROWS_PER_STATEMENT = 500

WEEK_IS_NEWS = timedelta(days=5)
"""So long after its end a week is still summed up; shorter than delivered rows are kept, so never twice."""

_a, _t, _p, _r = columns_of(Assignment), columns_of(Task), columns_of(Plan), columns_of(Reminder)


OnRetired = Callable[[AsyncSession, Collection[int], datetime], Awaitable[int]]
"""(session, people, now): they had no address but on a bot that runs no more; returns how many messages are owed."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """Kết quả một lượt quét. `unlinked_units` owe something today and nobody of theirs can be told."""

    opened: int = 0
    looked_at: int = 0
    messages: int = 0
    unlinked_units: frozenset[int] = frozenset()

    def __add__(self, other: "Scanned") -> "Scanned":
        return Scanned(
            self.opened + other.opened,
            self.looked_at + other.looked_at,
            self.messages + other.messages,
            self.unlinked_units | other.unlinked_units,
        )


@dataclass(frozen=True, slots=True)
class _Due:
    """Một việc có bậc nhắc hôm nay."""

    assignment_id: int
    unit_id: int
    coordinating_unit_id: int
    issuer_unit_id: int | None
    rungs: Sequence[Rung]
    missed: bool
    officer: Contact | None

    @property
    def for_the_unit(self) -> list[Rung]:
        return [rung for rung in self.rungs if rung.level == 0]

    @property
    def for_the_head(self) -> list[Rung]:
        """What an officer left unanswered; where nobody has the work in particular, the head has heard it all."""
        return [rung for rung in self.rungs if self.officer is not None and rung.level == 1]

    def above(self, level: int) -> list[Rung]:
        """1 the coordinator, 2 the leaders; with an officer each comes one level later."""
        step = 0 if self.officer is None else 1
        return [rung for rung in self.rungs if rung.level and rung.level - step == level]

    @property
    def led_by(self) -> frozenset[int]:
        """The units whose leaders hear of silence: the one that gave the work and the one that follows it."""
        return frozenset(filter(None, (self.issuer_unit_id, self.coordinating_unit_id)))


class Scan:
    """Lượt quét. Holds only which day it has prepared, to spare the database; correctness rests on unique keys."""

    def __init__(
        self,
        database: Database,
        *,
        calendar: WorkCalendar,
        before: BeforeReading = BeforeReading.STRICT,
        quotas: Mapping[str, int] | None = None,
        bots: Collection[str] | None = None,
        on_retired: OnRetired | None = None,
    ) -> None:
        """`quotas`: messages a month, of the bots whose platform counts them. `bots`: those that this process runs;
        None: every bot is taken to run somewhere. `on_retired`: whom to tell of people without any other."""
        self._database = database
        self._calendar = calendar
        self._before = before
        self._quotas = quotas or {}
        self._bots, self._on_retired = bots, on_retired
        self._running: tuple[date, frozenset[str]] | None = None
        self._prepared_on: date | None = None
        self._unsure_on: date | None = None
        self._accepted_on: date | None = None
        self._desks_on: date | None = None
        self._week_on: date | None = None

    def plans_changed(self) -> None:
        """A plan was loaded or edited: its periods are looked for at the next turn."""
        self._prepared_on = None

    async def scan(self, now: datetime) -> Scanned:
        """Open what has come, then plan what is owed now; outside planning hours only the former."""
        today = civil_day(now)
        done = Scanned()
        if self._prepared_on != today:
            done += Scanned(opened=await self._open_periods(today))
            self._prepared_on = today
        if not is_planning_time(now, self._calendar):
            return done
        done += Scanned(messages=await self._retire(now))
        while units := await self._units_to_look_at(today):
            async with self._database.write() as session:
                done += await plan_units(session, units, now=now, calendar=self._calendar, counted=self._quotas)
                await session.commit()
        done += Scanned(messages=await self._warn(now))
        if self._unsure_on != today:
            done += Scanned(messages=await self._plan_unsure(now))
            self._unsure_on = today
        if self._accepted_on != today:
            await self._accept_by_itself(now)
            self._accepted_on = today
        if self._desks_on != today:
            done += Scanned(messages=await self._plan_desks(now))
            self._desks_on = today
        ended_at = newest_week_end(now, self._calendar)
        if self._week_on != civil_day(ended_at) and now - ended_at <= WEEK_IS_NEWS:
            done += Scanned(messages=await self._plan_weeks(now, ended_at))
            self._week_on = civil_day(ended_at)
        return done

    async def _retire(self, now: datetime) -> int:
        """Before anything is planned: what no process serves is passed over. Looked at again when that changes."""
        if self._bots is None:
            return 0
        async with self._database.read() as session:
            running = civil_day(now), await running_bots(session, self._bots, now=now)
        if running == self._running:
            return 0
        told = 0
        async with self._database.write() as session:
            alone = await retire(session, running[1], now=now)
            if alone and self._on_retired is not None:
                told = await self._on_retired(session, alone, now)
            await session.commit()
        self._running = running
        return told

    async def _open_periods(self, today: date) -> int:
        async with self._database.write() as session:
            opened = await open_due_periods(session, today=today, calendar=self._calendar, before=self._before)
            await session.commit()
        return opened

    async def _units_to_look_at(self, today: date) -> list[int]:
        """As many units as one transaction may hold up everybody else for; always one, whatever it owes."""
        query = (
            select(_a.unit_id, func.count())
            .where(_a.look_on <= today)
            .group_by(_a.unit_id)
            .order_by(_a.unit_id)
            .limit(UNITS_PER_TRANSACTION)
        )
        async with self._database.read() as session:
            counts = [tuple(row) for row in await session.execute(query)]
        totals = accumulate(count for _, count in counts)
        fitting = [unit for (unit, _), total in zip(counts, totals, strict=True) if total <= LOOKS_PER_TRANSACTION]
        return fitting or [unit for unit, _ in counts[:1]]

    async def _warn(self, now: datetime) -> int:
        """One look at a handful of rows; the one writer is asked for only when there is something to say."""
        async with self._database.read() as session:
            if not (await outages(session) or (self._quotas and await low_bots(session, self._quotas, now=now))):
                return 0
        async with self._database.write() as session:
            warned = await warn_of_quotas(session, self._quotas, now=now) + await warn_of_stops(session, now=now)
            await session.commit()
        return warned

    async def _plan_unsure(self, now: datetime) -> int:
        async with self._database.write() as session:
            planned = await plan_unsure(session, now=now)
            await session.commit()
        return planned

    async def _accept_by_itself(self, now: datetime) -> None:
        """Plans that accept after some days of silence do so once a day, before the desks count what waits."""
        async with self._database.write() as session:
            await accept_by_itself(session, now=now, calendar=self._calendar)
            await session.commit()

    async def _plan_weeks(self, now: datetime, ended_at: datetime) -> int:
        async with self._database.write() as session:
            planned = await plan_weeks(session, now=now, ended_at=ended_at)
            await session.commit()
        return planned

    async def _plan_desks(self, now: datetime) -> int:
        async with self._database.write() as session:
            planned = await plan_desks(session, now=now)
            await session.commit()
        return planned


async def plan_units(
    session: AsyncSession,
    unit_ids: Collection[int],
    *,
    now: datetime,
    calendar: WorkCalendar,
    counted: Collection[str] = (),
) -> Scanned:
    """Plan today's messages of these units and move their assignments' `look_on` past today. The caller commits.

    Of the bots `counted` each message has its price: a person hears once, in one digest of all that stands.
    """
    today = civil_day(now)
    to_unit = await contacts(session, today=today, roles=(Role.UNIT_HEAD, Role.OFFICER), unit_ids=unit_ids)
    due, looks = await _load_due(session, unit_ids, to_unit, today=today, calendar=calendar)
    raised = [duty for duty in due if any(rung.level for rung in duty.rungs)]
    coordinators = await contacts(
        session, today=today, roles=(Role.COORDINATOR,), unit_ids={duty.coordinating_unit_id for duty in raised}
    )
    leaders = await contacts(
        session, today=today, roles=(Role.LEADER,), unit_ids={unit for duty in raised for unit in duty.led_by}
    )
    drafts = _Drafts(now=now, counted=counted)
    for duty in due:
        heads = nudged(to_unit.get(duty.unit_id, ()))
        for contact in heads if duty.officer is None else [duty.officer]:
            drafts.add(contact, duty, duty.for_the_unit)
        for contact in heads:
            drafts.add(contact, duty, duty.for_the_head)
        for contact in coordinators.get(duty.coordinating_unit_id, ()):
            drafts.add_escalation(contact, duty, duty.above(1))
        for contact in (each for unit in duty.led_by for each in leaders.get(unit, ())):
            drafts.add_escalation(contact, duty, duty.above(2))
    planned = await drafts.save(session) + await _plan_groups(session, due, now=now)
    await _move_looks(session, looks)
    silent = {duty.unit_id for duty in due if not nudged(to_unit.get(duty.unit_id, ()))}
    return Scanned(looked_at=len(looks), messages=planned, unlinked_units=frozenset(silent))


def nudged(people: Iterable[Contact]) -> list[Contact]:
    """Who of a unit hears: its heads who can be reached, else its officers who can."""
    reachable = [contact for contact in people if contact.chat is not None]
    heads = [contact for contact in reachable if contact.role is Role.UNIT_HEAD]
    return heads or reachable


async def _plan_groups(session: AsyncSession, due: Iterable[_Due], *, now: datetime) -> int:
    """The digest of a unit once more for its linked group chats: at most one a day, and nothing told singly."""
    found: defaultdict[int, list[tuple[_Due, Rung]]] = defaultdict(list)
    for duty in due:
        found[duty.unit_id] += [(duty, rung) for rung in duty.for_the_unit if rung.kind not in SINGLES]
    today = civil_day(now)
    groups = await groups_of_units(session, [unit_id for unit_id, items in found.items() if items])
    drafts = [
        Draft(
            dedup_key=group_key(today, group.id),
            bot=group.bot,
            chat=group.chat,
            lane=Lane.DIGEST,
            form="nudge",
            payload={"person_id": None, "group_id": group.id, **_payload("digest", unit_id, found[unit_id], today)},
        )
        for unit_id, linked in groups.items()
        for group in linked
    ]
    return await enqueue(session, drafts, now=now)


def _payload(topic: str, unit_id: int, found: Sequence[tuple[_Due, Rung]], today: date) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "topic": topic,
        "on": today.isoformat(),
        "assignment_ids": list(dict.fromkeys(due.assignment_id for due, _ in found)),
        "stuck_ids": [due.assignment_id for due, rung in found if rung.kind is ReminderKind.BLOCKER_CHECK],
        "missed": any(due.missed for due, _ in found),
    }


async def _load_due(
    session: AsyncSession,
    unit_ids: Collection[int],
    to_unit: Mapping[int, Sequence[Contact]],
    *,
    today: date,
    calendar: WorkCalendar,
) -> tuple[list[_Due], list[dict[str, Any]]]:
    query = (
        select(
            _a.id, _a.unit_id, _a.opens_on, _a.effective_on, _a.ends_on, _a.state, _a.answered_at, _a.look_on,
            _a.promised_on, _t.deadline_kind, _t.kind, _t.ladder.label("task_ladder"), _p.ladder.label("plan_ladder"),
            _p.coordinating_unit_id, _p.issuer_unit_id, _a.officer_id,
        )
        .join(Task, _t.id == _a.task_id)
        .join(Plan, _p.id == _a.plan_id)
        .where(_a.look_on <= today, _a.unit_id.in_(unit_ids))
        .order_by(_a.unit_id, _a.effective_on, _a.number)
    )  # fmt: skip
    due: list[_Due] = []
    looks: list[dict[str, Any]] = []
    for row in await session.execute(query):
        officer = officer_among(row.officer_id, to_unit.get(row.unit_id, ()))
        duty = replace(duty_of(row), has_officer=officer is not None)
        found = owed(duty, today=today, calendar=calendar)
        looks.append({"look_id": row.id, "next_on": next_look(duty, today=today, calendar=calendar)})
        if found:
            missed = any(row.look_on <= rung.on < today for rung in found)
            due.append(_Due(row.id, row.unit_id, row.coordinating_unit_id, row.issuer_unit_id, found, missed, officer))
    return due, looks


def officer_among(person_id: int | None, people: Sequence[Contact]) -> Contact | None:
    """Whom the head gave it to, while they can be reached in that unit; else the work is the whole unit's again."""
    if person_id is None:
        return None
    return next((contact for contact in people if contact.person_id == person_id and contact.chat is not None), None)


def duty_of(row: Any) -> Duty:
    """A row with the assignment's dates and its task's and plan's ladders, as the policy reads it."""
    return Duty(
        opens_on=row.opens_on,
        effective_on=row.effective_on,
        ends_on=row.ends_on,
        state=row.state,
        answered_on=civil_day(row.answered_at) if row.answered_at else None,
        ladder=ladder_for(row.deadline_kind, row.task_ladder, row.plan_ladder),
        promised_on=row.promised_on,
        escalates=row.kind is not TaskKind.REQUEST,
    )


async def _move_looks(session: AsyncSession, looks: Sequence[Mapping[str, Any]]) -> None:
    if looks:
        connection = await session.connection()
        await connection.execute(_MOVE_LOOK, list(looks))


_MOVE_LOOK = update(Assignment).where(_a.id == bindparam("look_id")).values(look_on=bindparam("next_on"))


class _Drafts:
    """Reminders of one transaction, gathered into messages; only what is new to the database is sent."""

    def __init__(self, *, now: datetime, counted: Collection[str] = ()) -> None:
        self._now = now
        self._counted = counted
        self._today = civil_day(now)
        self._reminders: list[dict[str, Any]] = []
        self._gathered: defaultdict[tuple[str, int, int], list[tuple[_Due, Rung, str]]] = defaultdict(list)
        self._contacts: dict[tuple[int, int], Contact] = {}

    def add(self, contact: Contact, due: _Due, rungs: Sequence[Rung]) -> None:
        for rung in rungs:
            topic = rung.kind.value if rung.kind in SINGLES else "digest"
            key = reminder_key(due.assignment_id, contact.person_id, rung.kind, rung.on)
            self._gathered[topic, contact.person_id, due.unit_id].append((due, rung, key))
            self._contacts[contact.person_id, due.unit_id] = contact
            self._reminders.append(self._row(contact, due, rung, key))

    def add_escalation(self, contact: Contact, due: _Due, rungs: Sequence[Rung]) -> None:
        """Escalations ride in the overview the coordinator gets anyway, and in one digest for a leader."""
        for rung in rungs:
            key = reminder_key(due.assignment_id, contact.person_id, rung.kind, rung.on)
            self._reminders.append(self._row(contact, due, rung, key))
            if contact.role is Role.LEADER and contact.chat is not None:
                self._gathered["leader", contact.person_id, contact.unit_id].append((due, rung, key))
                self._contacts[contact.person_id, contact.unit_id] = contact

    def _row(self, contact: Contact, due: _Due, rung: Rung, key: str) -> dict[str, Any]:
        return {
            "dedup_key": key,
            "assignment_id": due.assignment_id,
            "person_id": contact.person_id,
            "kind": rung.kind,
            "step": rung.step,
            "step_on": rung.on,
            "planned_at": self._now,
        }

    async def save(self, session: AsyncSession) -> int:
        new = await self._insert_reminders(session)
        drafts = [
            self._message(topic, self._contacts[person_id, unit_id], unit_id, found)
            for (topic, person_id, unit_id), found in self._joined(new).items()
        ]
        return await enqueue(
            session, await with_unsure(session, drafts, now=self._now, counted=self._counted), now=self._now
        )

    def _joined(self, new: Collection[str]) -> dict[tuple[str, int, int], list[tuple[_Due, Rung]]]:
        """What is new, by message; where a message has its price, several of one person for one unit are one."""
        fresh: dict[tuple[str, int, int], list[tuple[_Due, Rung]]] = {}
        for place, rungs in self._gathered.items():
            if kept := [(due, rung) for due, rung, key in rungs if key in new]:
                fresh[place] = kept
        several = Counter(place[1:] for place in fresh if place[0] != "leader")
        joined: defaultdict[tuple[str, int, int], list[tuple[_Due, Rung]]] = defaultdict(list)
        for (topic, *whose), found in fresh.items():
            person_id, unit_id = whose
            is_counted = self._contacts[person_id, unit_id].bot in self._counted
            shared = topic != "leader" and is_counted and several[person_id, unit_id] > 1
            joined["digest" if shared else topic, person_id, unit_id] += found
        return joined

    async def _insert_reminders(self, session: AsyncSession) -> set[str]:
        dialect = session.get_bind().dialect.name
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        new: set[str] = set()
        for start in range(0, len(self._reminders), ROWS_PER_STATEMENT):
            rows = self._reminders[start : start + ROWS_PER_STATEMENT]
            statement = insert(Reminder).values(rows).on_conflict_do_nothing(index_elements=["dedup_key"])
            new.update((await session.execute(statement.returning(_r.dedup_key))).scalars())
        return new

    def _message(self, topic: str, contact: Contact, unit_id: int, found: Sequence[tuple[_Due, Rung]]) -> Draft:
        ids = [due.assignment_id for due, _ in found]
        key = (
            leader_key(self._today, contact.person_id)
            if topic == "leader"
            else nudge_key(topic, self._today, contact.person_id, unit_id, min(ids))
        )
        return Draft(
            dedup_key=key,
            bot=contact.bot or "",
            chat=contact.chat or "",
            lane=Lane.REMINDER if any(rung.kind in SINGLES for _, rung in found) else Lane.DIGEST,
            form="leader" if topic == "leader" else "nudge",
            send_after=self._now + LEADERS_AFTER if topic == "leader" else None,
            payload={"person_id": contact.person_id, **_payload(topic, unit_id, found, self._today)},
            person_id=contact.person_id,
            assignment_id=ids[0] if len(ids) == 1 else None,
        )
