"""From the process's start to a healthy edge and an answered message; and what it holds in memory after a morning."""

import asyncio
import contextlib
import os
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession

from benchmarks.databases import DIALECTS, folder, fresh_url
from benchmarks.fake import TOKEN, Fake, fake_telegram
from benchmarks.measuring import Sheet, count, ms, ratio, spread
from benchmarks.province import COORDINATOR_CHAT, FIRST_CHAT, TODAY, Shape, settle
from models.database import open_database

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60
COORDINATOR = int(COORDINATOR_CHAT)


async def run(*, quick: bool) -> list[Sheet]:
    return [await _starts(quick=quick), await _memory(quick=quick)]


async def _starts(*, quick: bool) -> Sheet:
    rounds, shape = (1, Shape(units=20, tasks=2, late=20)) if quick else (5, Shape(tasks=50, late=1_000))
    sheet = Sheet(
        f"start of dondoc run, {count(shape.assignments)} assignments, {rounds} rounds",
        "≤ 2 s until /healthz and an answer",
        "a bare aiogram bot that echoes, from its start to its first answer",
        ("process", "/healthz min / median / max", "first answer min / median / max", "of baseline"),
    )
    base = []
    for _ in range(rounds):
        async with fake_telegram(people=1, limits=True) as fake, _process(["benchmarks.echo_bot"], fake):
            base.append(await _until_answered(fake, 1, "chào"))
    sheet.add("bare aiogram bot", "", spread(base, ms), ratio(1))
    for dialect in DIALECTS:
        async with fresh_url(dialect) as url:
            await _fill(url, shape)
            healthy, answered = [], []
            for _ in range(rounds):
                async with fake_telegram(people=1, limits=True) as fake:
                    await fake.says(COORDINATOR, "/overdue")
                    port = _free_port()
                    async with _process(["benchmarks.shifted_run"], fake, DATABASE_URL=url, HTTP_PORT=str(port)):
                        began = time.perf_counter()
                        answer = asyncio.create_task(_arrived(fake, COORDINATOR, began))
                        healthy.append(await _until_healthy(port, began))
                        answered.append(await answer)
            sheet.add(
                f"dondoc run, {dialect}", spread(healthy, ms), spread(answered, ms),
                ratio(statistics.median(answered) / statistics.median(base)),
            )  # fmt: skip
    return sheet


async def _memory(*, quick: bool) -> Sheet:
    sheet = Sheet(
        "memory after the morning's sweep, an /overdue and the morning's digests",
        "≤ 200 MB with 100 k assignments",
        "the bare aiogram bot after one answer",
        ("process", "due this morning", "resident now", "at its peak", "of baseline (peak)"),
    )
    async with fake_telegram(people=1, limits=True) as fake, _process(["benchmarks.echo_bot"], fake) as pid:
        await _until_answered(fake, 1, "chào")
        base = _resident(pid)
    sheet.add("bare aiogram bot", "", f"{base[0]:.0f} MB", f"{base[1]:.0f} MB", ratio(1))
    small = Shape(units=20, tasks=2, late=20, look_on=TODAY)
    shapes = [small] if quick else [Shape(look_on=TODAY), Shape(late=None, look_on=TODAY)]
    for dialect in DIALECTS:
        for shape in shapes:
            async with fresh_url(dialect) as url, fake_telegram(people=1, limits=False) as fake:
                due = await _fill(url, shape)
                for unit in range(1, shape.units + 2):
                    await fake.session.post(f"{fake.url}/control/person", json={"chat_id": FIRST_CHAT + unit})
                now = await _after_a_morning(fake, url)
            sheet.add(
                f"dondoc run, {dialect}, {count(shape.assignments)}",
                count(due), f"{now[0]:.0f} MB", f"{now[1]:.0f} MB",
                ratio(now[1] / base[1]),
            )  # fmt: skip
    return sheet


async def _after_a_morning(fake: Fake, url: str) -> tuple[float, float]:
    async with _process(["benchmarks.shifted_run"], fake, DATABASE_URL=url, HTTP_PORT="0") as pid:
        await fake.says(COORDINATOR, "/overdue")
        arrived = -1
        while arrived != (now := len(await fake.arrivals())) or now < 2:
            arrived = now
            await asyncio.sleep(3)
        return _resident(pid)


async def _fill(url: str, shape: Shape) -> int:
    """Returns how much is still owed, which is what the morning's sweep looks at."""
    database = open_database(url)
    await settle(database, shape)
    async with database.reader.connect() as connection:
        due = (
            await connection.exec_driver_sql("SELECT count(*) FROM assignment WHERE look_on IS NOT NULL")
        ).scalar_one()
    await database.close()
    return int(due)


@asynccontextmanager
async def _process(module: Sequence[str], fake: Fake, **environment: str) -> AsyncIterator[int]:
    known = {
        **os.environ, "PYTHONPATH": str(ROOT), "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": fake.url,
        "SECRET_KEY": "benchmarks keep no secrets", "LOG_LEVEL": "error", **environment,
    }  # fmt: skip
    with folder() as place:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", *module, cwd=place, env=known)
        try:
            yield process.pid
        finally:
            process.terminate()
            await process.wait()


async def _until_answered(fake: Fake, chat: int, words: str) -> float:
    began = time.perf_counter()
    await fake.says(chat, words)
    return await _arrived(fake, chat, began)


async def _arrived(fake: Fake, chat: int, began: float) -> float:
    while not await fake.arrivals(chat):
        assert time.perf_counter() - began < PATIENCE_S, "no answer came"
        await asyncio.sleep(0.02)
    return time.perf_counter() - began


async def _until_healthy(port: int, began: float) -> float:
    async with ClientSession() as session:
        while time.perf_counter() - began < PATIENCE_S:
            with contextlib.suppress(ClientError):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == 200:
                        return time.perf_counter() - began
            await asyncio.sleep(0.02)
    raise AssertionError("it never became healthy")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _resident(pid: int) -> tuple[float, float]:
    """Megabytes (now, at the peak), as Linux counts them."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    facts = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.split()}
    return int(facts["VmRSS"]) / 1024, int(facts["VmHWM"]) / 1024
