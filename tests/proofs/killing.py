"""Real processes that are killed, two platforms that write down before they answer, and people who go on talking."""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.sparing import AN_HOUR
from bot.engine import build_engine
from models.assignment import Assignment
from models.audit import AuditEvent
from models.clock import at_civil, civil_day, system_clock
from models.columns import columns_of
from models.database import Database, open_database
from models.inbox import InboxUpdate
from models.lease import Lease
from models.org_unit import OrgUnit
from models.outbox import OutboxMessage
from models.person import Address, Person
from models.report import Report
from models.terms import BeforeReading, Lane, Role
from models.unsure import UnsureNotice
from planner.open_period import open_due_periods
from reminders.inbox import ClaimedUpdate
from reminders.outbox import Draft, enqueue
from reminders.rate import UNLIMITED
from tests.builders import CALENDAR, add_linked_person, load_plan, load_units
from tests.fakes.channel import TELEGRAM_LIKE, ZALO_LIKE, ScriptedChannel
from tests.fakes.fast_time import Pace
from tests.fakes.stepped_telegram import BOT_KEY as TELEGRAM
from tests.fakes.telegram_server import TOKEN
from tests.proofs.killing_judged import FIRST_UPDATE, Arrived, History, Said
from tests.proofs.killing_people import (
    COORDINATOR,
    NEIGHBOURS,
    PLAN,
    TEXTS_EACH,
    UNITS,
    ZALO,
    ZALO_TOKEN,
    Neighbour,
    chat_on,
)

ROOT = Path(__file__).parents[2]
SPEED = 8.0
STARTS = datetime.fromisoformat("2024-10-23T01:00:10+00:00")
"""Wednesday 23/10/2024, 08:00:10 in Vietnam."""

SAYINGS_EACH = AN_HOUR - 10
"""On a slow machine the kills take long; beyond the hour's measure a counted bot would no longer answer everything."""

NEXT_MORNING = at_civil(date(2024, 10, 24), time(8))
MODULES = {TELEGRAM: "tests.fakes.fast_telegram", ZALO: "tests.fakes.fast_zalo"}


@dataclass
class Town:
    """One run: its own folder, ports, database and process group. `async with` it; nothing outlives the block."""

    folder: Path
    database_url: str
    webhook: bool
    seed: int
    pace: Pace = field(init=False)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    kills: int = 0
    stops: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        telegram_port, zalo_port, self.http_port = _free_ports(3)
        self.ports = {TELEGRAM: telegram_port, ZALO: zalo_port}
        self.logs = {bot: self.folder / f"{bot.partition(':')[0]}.jsonl" for bot in self.ports}
        self.platforms: dict[str, subprocess.Popen[bytes]] = {}
        self.http: dict[str, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        self.pace = Pace(SPEED, system_clock(), STARTS)
        self.database: Database = open_database(self.database_url)
        await self._people_the_town()
        if self.database.dialect == "sqlite":
            await self.database.close()  # one writing process: the bot
        await self._open_platform(TELEGRAM, str(COORDINATOR))
        await self._open_platform(ZALO, *(chat_on(ZALO, each.number) for each in NEIGHBOURS if ZALO in each.bots))
        for each in NEIGHBOURS:
            if each.left:
                await self._refuse(each.left, chat_on(each.left, each.number))
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in (*self.workers, *self.platforms.values()):
            _kill_group(process)
        for session in self.http.values():
            await session.close()
        await self.database.close()

    async def _open_platform(self, bot: str, *people: str) -> None:
        arguments = [*self.pace.as_arguments(), str(self.ports[bot]), str(self.logs[bot]), *people]
        self.platforms[bot] = self._start(MODULES[bot], arguments, f"{self.logs[bot].stem}.out", {})
        self.http[bot] = aiohttp.ClientSession(base_url=f"http://127.0.0.1:{self.ports[bot]}")
        await self.until(lambda: self._listens(bot))

    async def _refuse(self, bot: str, chat: str) -> None:
        """As each platform says that nobody is there any more."""
        if bot == TELEGRAM:
            await self.control(bot, "delete", chat_id=int(chat))
        else:
            await self.control(
                bot, "fault", kind="ok_false", chat=chat, times=9_999, code=400, description="chat not found"
            )

    async def _people_the_town(self) -> None:
        await load_units(self.database, UNITS)
        await load_plan(self.database, STARTS, PLAN, units=UNITS)
        work = await self._work()
        for each in NEIGHBOURS:
            await self._settle(each, work[f"T.S{each.number}"])
        desk = ("T.TTTT", Role.COORDINATOR)
        await add_linked_person(self.database, STARTS, "Đầu Mối", desk, chat=str(COORDINATOR), bot=TELEGRAM)

    async def _work(self) -> dict[str, int]:
        """The first work of each unit."""
        assignments, units = columns_of(Assignment), columns_of(OrgUnit)
        query = select(units.code, func.min(assignments.id)).join(Assignment, assignments.unit_id == units.id)
        async with self.database.write() as session:
            today = civil_day(STARTS)
            await open_due_periods(session, today=today, calendar=CALENDAR, before=BeforeReading.STRICT)
            found = {row[0]: row[1] for row in await session.execute(query.group_by(units.code))}
            await session.commit()
        return found

    async def _settle(self, each: Neighbour, assignment_id: int) -> None:
        """With nudges that come due all along, each with words of its own, owed at the first address."""
        first, *others = each.bots
        chat, place = chat_on(first, each.number), (f"T.S{each.number}", Role.UNIT_HEAD)
        person_id = await add_linked_person(self.database, STARTS, each.name, place, chat=chat, bot=first)
        drafts = [
            Draft(
                dedup_key=f"due-{each.number}-{k}",
                bot=first,
                chat=chat,
                lane=Lane.REMINDER,
                form="text",
                payload={"text": f"Nhắc lần {k} gửi người {each.number}"},
                person_id=person_id,
                assignment_id=assignment_id,
                send_after=STARTS + timedelta(seconds=45 * k + self.dice.randrange(45)),
            )
            for k in range(TEXTS_EACH)
        ]
        async with self.database.write() as session:
            for position, bot in enumerate(others, start=1):
                facts = {"bot": bot, "chat": chat_on(bot, each.number), "channel": bot.partition(":")[0]}
                facts |= {"person_id": person_id, "position": position, "linked_at": STARTS}
                await session.execute(insert(Address).values(facts))
            await enqueue(session, drafts, now=STARTS)
            await session.commit()

    def start_worker(self, *, http_port: int | None = None) -> subprocess.Popen[bytes]:
        settings = {
            "DATABASE_URL": self.database_url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": f"http://127.0.0.1:{self.ports[TELEGRAM]}",
            "ZALO_BOT_TOKEN": ZALO_TOKEN,
            "ZALO_API_BASE": f"http://127.0.0.1:{self.ports[ZALO]}",
            "HTTP_PORT": str(http_port or 0),
            "SECRET_KEY": "a key for proofs, long enough",
        }
        if self.webhook:
            settings |= {
                "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{http_port}",
                "TELEGRAM_WEBHOOK_SECRET": "secret-of-the-webhook",
                "ZALO_WEBHOOK_URL": f"http://127.0.0.1:{http_port}",
                "ZALO_WEBHOOK_SECRET": "secret-of-the-zalo-webhook",
            }
        output = f"worker-{len(self.workers)}.out"
        worker = self._start("tests.fakes.fast_worker", self.pace.as_arguments(), output, settings)
        self.workers.append(worker)
        return worker

    def _start(
        self, module: str, arguments: list[str], output: str, settings: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL"}}
        environment = kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | settings
        with (self.folder / output).open("wb") as file:
            return subprocess.Popen(  # noqa: S603 -- our own modules
                [sys.executable, "-m", module, *arguments],
                cwd=self.folder,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output_of(self, worker: subprocess.Popen[bytes]) -> str:
        return (self.folder / f"worker-{self.workers.index(worker)}.out").read_text(errors="replace")

    async def is_up(self, worker: subprocess.Popen[bytes]) -> None:
        def running() -> bool:
            if worker.poll() is not None:
                raise AssertionError(f"the worker ended by itself:\n{self.output_of(worker)[-3000:]}")
            return "đôn đốc is running" in self.output_of(worker)

        await self.until(running)

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.kills += 1

    async def stop(self, worker: subprocess.Popen[bytes]) -> None:
        worker.send_signal(signal.SIGTERM)
        await asyncio.to_thread(worker.wait, 30)

    async def until(self, condition: Callable[[], Any], *, at_most: float = 90) -> None:
        """Wait on a condition, which may be awaited; fails when it does not come true."""
        async with asyncio.timeout(at_most):
            while True:
                found = condition()
                if asyncio.iscoroutine(found):
                    found = await found
                if found:
                    return
                await asyncio.sleep(0.05)

    async def _listens(self, bot: str) -> bool:
        try:
            await self.transcript(bot)
        except aiohttp.ClientError:
            return False
        return True

    async def talk(self, stop: asyncio.Event) -> None:
        """People answer, about eight times a second of the wall, until told to stop or until they have said enough."""
        number, has_said = 0, Counter[int]()
        while not stop.is_set():
            talkers = [each for each in NEIGHBOURS if has_said[each.number] < SAYINGS_EACH]
            if not talkers:
                await stop.wait()
                return
            number += 1
            each = self.dice.choice(talkers)
            has_said[each.number] += 1
            words = f"{self.dice.randint(1, 2)} đang làm {self.dice.randint(1, 99)}%, lần {number}"
            if number % 9 == 0:
                words = f"viec trang {number}"
            await self._say(self.dice.choice(each.talks_by), each.number, words)
            await asyncio.sleep(0.12)

    async def _say(self, bot: str, number: int, words: str) -> None:
        chat = chat_on(bot, number)
        if bot == TELEGRAM:
            await self.control(bot, "say", chat_id=int(chat), text=words)
            key = str(FIRST_UPDATE + sum(each.bot == TELEGRAM for each in self.said))
        else:
            answer = await self.control(bot, "say", chat=chat, text=words)
            key = f"{chat}:{answer['result']['message_id']}"
        self.said.append(Said(bot, key, words))

    async def control(self, bot: str, act: str, **values: Any) -> Any:
        async with self.http[bot].post(f"/control/{act}", json=values) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def transcript(self, bot: str) -> dict[str, Any]:
        async with self.http[bot].get("/control/transcript") as answer:
            found: dict[str, Any] = await answer.json()
            return found if bot == TELEGRAM else found[bot]

    async def is_slow_to_answer(self, bot: str, *, seconds: float, at_most: float) -> None:
        """The next message there is delivered and answered late; returns when it was, or gives up quietly."""
        log, size = self.logs[bot], _size(self.logs[bot])
        await self.control(bot, "fault", kind="delay_after", seconds=seconds)
        with contextlib.suppress(TimeoutError):
            await self.until(lambda: _size(log) > size and _last_kind_is_delivery(log), at_most=at_most)

    async def drained(self) -> bool:
        """Nothing is waiting anywhere: asked of the database where we may, else of what the other side has seen."""
        for bot in self.ports:
            if (await self.transcript(bot))["pending_updates"]:
                return False
        async with self.database.read() as session:
            waiting = await session.scalar(text("SELECT count(*) FROM outbox WHERE state = 'pending'"))
            unhandled = await session.scalar(text("SELECT count(*) FROM inbox WHERE state = 'pending'"))
        return not waiting and not unhandled

    async def history(self) -> History:
        known = {bot: await self.transcript(bot) for bot in self.ports}
        async with self.database.read() as session:
            inbox = list((await session.execute(select(InboxUpdate))).scalars())
            outbox = list((await session.execute(select(OutboxMessage))).scalars())
            reports = Counter((await session.execute(select(columns_of(Report).said))).scalars())
            unsure = set((await session.execute(select(columns_of(UnsureNotice).dedup_key))).scalars())
            events = columns_of(AuditEvent)
            noted = (await session.execute(select(events.after).where(events.action == "delivery-unsure"))).scalars()
            audited = {after["message"] for after in noted}
            leases = list((await session.execute(select(Lease))).scalars())
            integrity = "ok"
            if self.database.dialect == "sqlite":
                integrity = str(await session.scalar(text("PRAGMA integrity_check")))
        return History(
            said=self.said,
            delivered=[_arrived(bot, each) for bot in self.ports for each in known[bot]["transcript"]],
            limited=sum(call["status"] == 429 for bot in self.ports for call in known[bot]["calls"]),
            still_pending=sum(known[bot]["pending_updates"] for bot in self.ports),
            acknowledged=set(known[ZALO]["acknowledged"]),
            inbox=inbox,
            outbox=outbox,
            reports=reports,
            unsure=unsure,
            audited=audited,
            leases=leases,
            integrity=integrity,
            ended_at=self.pace.clock(),
            crashes=self.kills + self.stops,
        )

    async def next_morning(self) -> dict[str, list[str]]:
        """Everything is well again and a process lives through the next 08:00: what each chat reads then."""
        channels = {
            TELEGRAM: ScriptedChannel(bot=TELEGRAM, capabilities=TELEGRAM_LIKE),
            ZALO: ScriptedChannel(bot=ZALO, capabilities=replace(ZALO_LIKE, session_window=None, monthly_quota=3_000)),
        }
        engine = build_engine(
            self.database,
            calendar=CALENDAR,
            before=BeforeReading.STRICT,
            address_form="Anh/Chị",
            invite_key=b"a key for proofs",
            channels=channels,
            handle=lambda _conversation: _nobody_writes,
            limits=UNLIMITED,
            clock=lambda: NEXT_MORNING,
        )
        await engine.scan.scan(NEXT_MORNING)
        await engine.sender.deliver_due(NEXT_MORNING)
        read: dict[str, list[str]] = {}
        for channel in channels.values():
            for call in channel.sent:
                read.setdefault(call.chat, []).append(call.text)
        return read

    async def unsure_people(self) -> set[int]:
        """The numbers of those to whom something may not have come, and who have not been told so."""
        notices, people = columns_of(UnsureNotice), columns_of(Person)
        query = select(people.full_name).join(UnsureNotice, notices.person_id == people.id)
        async with self.database.read() as session:
            names = (await session.execute(query.where(notices.told_at.is_(None)))).scalars()
            return {int(name.rpartition(" ")[2]) for name in names}


def _arrived(bot: str, message: dict[str, Any]) -> Arrived:
    chat = message["chat_id"] if bot == TELEGRAM else message["chat"]
    at = datetime.fromisoformat(message["at"])
    return Arrived(bot, str(chat), str(message["message_id"]), message["text"], at)


async def _nobody_writes(_session: AsyncSession, update: ClaimedUpdate) -> None:
    raise AssertionError(update)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _last_kind_is_delivery(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, _size(path) - 4_000))
        lines: Iterable[bytes] = file.read().splitlines()
    kinds = [json.loads(line)["kind"] for line in lines if line.startswith(b'{"kind"') and line.endswith(b"}")]
    return kinds[-1:] == ["delivered"] or "delivered" in kinds[-3:]
