"""From the process's start to a healthy edge and an answered message."""

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
from benchmarks.province import COORDINATOR_CHAT, Shape, settle
from models.database import open_database

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60
COORDINATOR = int(COORDINATOR_CHAT)


async def run(*, quick: bool) -> list[Sheet]:
    return [await _starts(quick=quick)]


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
        async with fake_telegram(people=1, limits=True) as fake, process(["benchmarks.echo_bot"], fake):
            base.append(await until_answered(fake, 1, "chào"))
    sheet.add("bare aiogram bot", "", spread(base, ms), ratio(1))
    for dialect in DIALECTS:
        async with fresh_url(dialect) as url:
            await fill(url, shape)
            healthy, answered = [], []
            for number in range(rounds):
                async with fake_telegram(people=1, limits=True) as fake:
                    await fake.jumps(to=700_000_001 + 1_000 * number)
                    await fake.says(COORDINATOR, "/overdue")
                    port = _free_port()
                    words = ["benchmarks.shifted_run", str(10 * number)]
                    async with process(words, fake, DATABASE_URL=url, HTTP_PORT=str(port)):
                        began = time.perf_counter()
                        answer = asyncio.create_task(_arrived(fake, COORDINATOR, began))
                        healthy.append(await _until_healthy(port, began))
                        answered.append(await answer)
            sheet.add(
                f"dondoc run, {dialect}", spread(healthy, ms), spread(answered, ms),
                ratio(statistics.median(answered) / statistics.median(base)),
            )  # fmt: skip
    return sheet


async def fill(url: str, shape: Shape) -> int:
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
async def process(module: Sequence[str], fake: Fake, **environment: str) -> AsyncIterator[int]:
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


async def until_answered(fake: Fake, chat: int, words: str) -> float:
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
