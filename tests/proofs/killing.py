"""Real processes that are killed: two bots, a Telegram that writes down before it answers, people who go on talking."""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
from sqlalchemy import select, text

from models.clock import system_clock
from models.columns import columns_of
from models.database import Database, open_database
from models.inbox import InboxUpdate
from models.lease import Lease
from models.outbox import OutboxMessage
from models.report import Report
from models.terms import InboxState, Lane, OutboxState, Role
from reminders.outbox import LEASE_EXPIRED, Draft, enqueue
from tests.builders import add_linked_person, load_plan, load_units, province
from tests.fakes.fast_time import Pace
from tests.fakes.stepped_telegram import BOT_KEY
from tests.fakes.telegram_server import TOKEN

ROOT = Path(__file__).parents[2]
PEOPLE = 40
TEXTS_EACH = 8
FIRST_UPDATE = 700_000_001
SPEED = 8.0
STARTS = datetime.fromisoformat("2024-10-23T01:00:10+00:00")
"""Wednesday 23/10/2024, 08:00:10 in Vietnam."""

UNITS = province(*((f"T.S{n}", f"Sở Mẫu số {n}", "sở") for n in range(1, PEOPLE + 1)))
PLAN = f"""
plan: KM1
kind: kế hoạch
document_no: 12/KH-UBND
issued_on: 01/10/2024
title: Kế hoạch mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
  - code: KM1-1
    from: I.1
    title: Báo cáo kết quả rà soát
    kind: báo cáo
    deadline: trước ngày 05/11 hằng năm
    lead: [{", ".join(f"T.S{n}" for n in range(1, PEOPLE + 1))}]
  - code: KM1-2
    from: I.2
    title: Tổ chức tập huấn
    kind: nhiệm vụ
    deadline: chậm nhất ngày 15/11/2024
    lead: [{", ".join(f"T.S{n}" for n in range(1, PEOPLE + 1))}]
"""


@dataclass
class History:
    """What happened, as the other side saw it and as our database remembers it."""

    delivered: list[dict[str, Any]]
    calls: list[dict[str, Any]]
    still_pending: int
    inbox: list[Any]
    outbox: list[Any]
    reports: Counter[str]
    leases: list[Any]
    integrity: str


@dataclass
class Figures:
    kills: int
    updates: int
    messages: int
    lost: int
    duplicates: int
    most_copies: int
    unexplained: int
    limited: int
    took: timedelta

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.updates} answers, {self.messages} messages: lost {self.lost}, "
            f"duplicates {self.duplicates} (at most {self.most_copies} copies, unexplained {self.unexplained}), "
            f"429s {self.limited}, {self.took.total_seconds():.0f} s"
        )


@dataclass
class Town:
    """One run: its own folder, ports, database and process group. `async with` it; nothing outlives the block."""

    folder: Path
    database_url: str
    webhook: bool
    seed: int
    pace: Pace = field(init=False)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    kills: int = 0
    stops: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.telegram_port, self.http_port = _free_ports(2)
        self.log = self.folder / "telegram.jsonl"

    async def __aenter__(self) -> Self:
        self.pace = Pace(SPEED, system_clock(), STARTS)
        self.database: Database = open_database(self.database_url)
        await self._people_the_town()
        if self.database.dialect == "sqlite":
            await self.database.close()  # one writing process: the bot
        arguments = [*self.pace.as_arguments(), str(self.telegram_port), str(self.log), str(PEOPLE + 1)]
        self.telegram = self._start("tests.fakes.fast_telegram", arguments, "telegram.out", {})
        self.http = aiohttp.ClientSession(base_url=f"http://127.0.0.1:{self.telegram_port}")
        await self.until(self._telegram_listens)
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in (*self.workers, self.telegram):
            _kill_group(process)
        await self.http.close()
        await self.database.close()

    async def _people_the_town(self) -> None:
        await load_units(self.database, UNITS)
        await load_plan(self.database, STARTS, PLAN, units=UNITS)
        for n in range(1, PEOPLE + 1):
            place = (f"T.S{n}", Role.UNIT_HEAD)
            await add_linked_person(self.database, STARTS, f"Người Mẫu {n}", place, chat=str(n), bot=BOT_KEY)
        desk = ("T.TTTT", Role.COORDINATOR)
        await add_linked_person(self.database, STARTS, "Đầu Mối", desk, chat=str(PEOPLE + 1), bot=BOT_KEY)
        # nudges that come due all along, each with words of its own
        drafts = [
            Draft(
                dedup_key=f"due-{n}-{k}",
                bot=BOT_KEY,
                chat=str(n),
                lane=Lane.REMINDER,
                form="text",
                payload={"text": f"Nhắc lần {k} gửi người {n}"},
                send_after=STARTS + timedelta(seconds=45 * k + self.dice.randrange(45)),
            )
            for n in range(1, PEOPLE + 1)
            for k in range(TEXTS_EACH)
        ]
        async with self.database.write() as session:
            await enqueue(session, drafts, now=STARTS)
            await session.commit()

    def start_worker(self, *, http_port: int | None = None) -> subprocess.Popen[bytes]:
        settings = {
            "DATABASE_URL": self.database_url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": f"http://127.0.0.1:{self.telegram_port}",
            "HTTP_PORT": str(http_port or 0),
            "SECRET_KEY": "a key for proofs, long enough",
        }
        if self.webhook:
            settings |= {
                "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{http_port}",
                "TELEGRAM_WEBHOOK_SECRET": "secret-of-the-webhook",
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

    async def _telegram_listens(self) -> bool:
        try:
            await self.transcript()
        except aiohttp.ClientError:
            return False
        return True

    async def talk(self, stop: asyncio.Event) -> None:
        """People answer, about eight times a second of the wall, until told to stop."""
        number = 0
        while not stop.is_set():
            number += 1
            chat = self.dice.randint(1, PEOPLE)
            words = f"{self.dice.randint(1, 2)} đang làm {self.dice.randint(1, 99)}%, lần {number}"
            if number % 9 == 0:
                words = f"viec trang {number}"
            await self.control("say", chat_id=chat, text=words)
            self.said.append(words)
            await asyncio.sleep(0.12)

    async def control(self, act: str, **values: Any) -> Any:
        async with self.http.post(f"/control/{act}", json=values) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def transcript(self) -> dict[str, Any]:
        async with self.http.get("/control/transcript") as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def next_delivery(self, *, at_most: float) -> None:
        """Until the other side has written one more message down; gives up quietly."""
        size = _size(self.log)
        try:
            await self.until(lambda: _size(self.log) > size and _last_kind_is_delivery(self.log), at_most=at_most)
        except TimeoutError:
            return

    async def drained(self) -> bool:
        """Nothing is waiting anywhere: asked of the database where we may, else of what the other side has seen."""
        known = await self.transcript()
        if known["pending_updates"]:
            return False
        async with self.database.read() as session:
            waiting = await session.scalar(text("SELECT count(*) FROM outbox WHERE state = 'pending'"))
            unhandled = await session.scalar(text("SELECT count(*) FROM inbox WHERE state = 'pending'"))
        return not waiting and not unhandled

    async def history(self) -> History:
        known = await self.transcript()
        async with self.database.read() as session:
            inbox = list((await session.execute(select(InboxUpdate))).scalars())
            outbox = list((await session.execute(select(OutboxMessage))).scalars())
            reports = Counter((await session.execute(select(columns_of(Report).said))).scalars())
            leases = list((await session.execute(select(Lease))).scalars())
            integrity = "ok"
            if self.database.dialect == "sqlite":
                integrity = str(await session.scalar(text("PRAGMA integrity_check")))
        return History(
            known["transcript"], known["calls"], known["pending_updates"], inbox, outbox, reports, leases, integrity
        )


def judge(town: Town, history: History, *, took: timedelta) -> Figures:
    """I1, I2, I4, I6, I7 and I8 over the recorded history; raises where one does not hold."""
    _every_answer_was_handled_once(town, history)
    copies = _copies(history)
    wanted = [row for row in history.outbox if row.state is not OutboxState.CANCELLED]
    lost = [row.dedup_key for row in wanted if not copies[row.id]]
    doubled = [row for row in wanted if len(copies[row.id]) > 1]
    unexplained = [row.dedup_key for row in doubled if not _is_explained(row)]
    assert [row.dedup_key for row in wanted if row.state is not OutboxState.DELIVERED] == []
    _each_chat_is_in_order(history, copies)
    _no_bucket_overflows(history)
    _nothing_is_left_lying(town, history)
    figures = Figures(
        kills=town.kills + town.stops,
        updates=len(history.inbox),
        messages=len(history.delivered),
        lost=len(lost),
        duplicates=sum(len(copies[row.id]) - 1 for row in doubled),
        most_copies=max((len(found) for found in copies.values()), default=0),
        unexplained=len(unexplained),
        limited=sum(call["status"] == 429 for call in history.calls),
        took=took,
    )
    assert lost == [], figures
    assert unexplained == [], figures
    return figures


def _every_answer_was_handled_once(town: Town, history: History) -> None:
    assert history.still_pending == 0
    wanted = {str(FIRST_UPDATE + n) for n in range(len(town.said))}
    assert {row.update_key for row in history.inbox} == wanted, "an acknowledged answer is not in the inbox"
    assert {row.state for row in history.inbox} == {InboxState.HANDLED}
    told = Counter(words for words in town.said if "đang làm" in words)
    assert history.reports == told, (history.reports - told, told - history.reports)
    replies = Counter(row.dedup_key for row in history.outbox if row.lane is Lane.REPLY)
    assert set(replies) == {f"reply:{BOT_KEY}:{key}:0" for key in wanted}


def _copies(history: History) -> dict[int, list[dict[str, Any]]]:
    """Row id -> the messages that arrived for it. A copy that is in no row's reference is known by its words.

    Of rows with the same words such a copy belongs to one whose attempt ended without anybody learning how.
    """
    by_ref = {(row.chat, row.wire_ref): row for row in history.outbox if row.wire_ref}
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    words: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    strays = []
    for message in history.delivered:
        row = by_ref.get((str(message["chat_id"]), str(message["message_id"])))
        if row is None:
            strays.append(message)
        else:
            found[row.id].append(message)
            words[row.chat, message["text"]].append(row)
    for message in strays:
        same = words[str(message["chat_id"]), message["text"]]
        earned = [each for each in same if each.created_at <= datetime.fromisoformat(message["at"])]
        assert earned, f"nobody owes this message: {message}"
        row = max(earned, key=lambda each: (_is_explained(each), each.id))
        found[row.id].append(message)
        found[row.id].sort(key=lambda each: each["at"])
    return found


def _is_explained(row: Any) -> bool:
    """A crash under its lease, or an outcome that nobody learned: at most one copy more for each."""
    return bool(row.last_error == LEASE_EXPIRED or row.unknown_outcomes > 0)


def _each_chat_is_in_order(history: History, copies: dict[int, list[dict[str, Any]]]) -> None:
    """Replies as they were earned, nudges as they came due: of each kind, in each chat, by first arrival."""
    kinds: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in history.outbox:
        kind = row.dedup_key.partition(":")[0].partition("-")[0]
        if copies[row.id] and kind in {"due", "reply"}:
            kinds[row.chat, kind].append(row)
    for rows in kinds.values():
        arrived = sorted(rows, key=lambda row: copies[row.id][0]["at"])
        told = [(row.id, row.dedup_key, row.last_error, [each["at"] for each in copies[row.id]]) for row in arrived]
        assert [row.id for row in arrived] == sorted(row.id for row in rows), told


def _no_bucket_overflows(history: History) -> None:
    at = sorted(datetime.fromisoformat(message["at"]) for message in history.delivered)
    assert _most_within(at, timedelta(seconds=1)) <= 2 * 30, "overall"
    by_chat: defaultdict[int, list[datetime]] = defaultdict(list)
    for message in history.delivered:
        by_chat[message["chat_id"]].append(datetime.fromisoformat(message["at"]))
    for times in by_chat.values():
        # a bucket of three, one back each second: never more than 3 + n within n seconds
        for seconds in (1, 3, 10):
            assert _most_within(sorted(times), timedelta(seconds=seconds)) <= 3 + seconds


def _most_within(times: list[datetime], span: timedelta) -> int:
    most = start = 0
    for end, at in enumerate(times):
        while at - times[start] >= span:
            start += 1
        most = max(most, end - start + 1)
    return most


def _nothing_is_left_lying(town: Town, history: History) -> None:
    assert history.integrity == "ok"
    now = town.pace.clock()
    assert [lease.name for lease in history.leases if lease.held_until > now] == []
    assert [row.id for row in history.outbox if row.lease_token] == []
    assert [row.id for row in history.inbox if row.lease_token] == []


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
