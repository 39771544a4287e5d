"""Cut off at one write of the database after another, and with a disk that fails: each time whole, nothing lost."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from models.clock import at_civil
from models.database import open_database, sqlite_module
from models.migrations import upgrade
from models.terms import Role
from tests.builders import PLAN, UNITS, add_linked_person, load_plan, load_units
from tests.proofs.figures import say
from tests.proofs.one_morning import CHATS, SENT, acknowledged, live

pytestmark = pytest.mark.prove

ROOT = Path(__file__).parents[2]
NOW = at_civil(date(2024, 10, 23), time(8, 0))
CALLS = ("pwrite64", "fsync", "fdatasync")
POINTS = 20
AT_ONCE = 2
ALL = ", ".join(f"T.S{n}" for n in range(1, len(CHATS) + 1))


@dataclass(frozen=True)
class Injection:
    """What strace does to the n-th call of this kind."""

    call: str
    what: str
    at: int

    @property
    def argument(self) -> str:
        return f"inject={self.call}:{self.what}:when={self.at}"


def strace(*arguments: str) -> list[str]:
    return ["strace", "-f", "-qq", "-o", os.devnull, *arguments]


@pytest.fixture(scope="module")
def tracer():
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    probe = subprocess.run([*strace("-e", "trace=none"), "true"], capture_output=True, check=False)  # noqa: S603
    if probe.returncode != 0:
        pytest.skip(f"strace may not trace here: {probe.stderr.decode().strip()[:120]}")


@pytest.fixture
async def prepared(tmp_path):
    """Four offices with a head each, two duties, and nothing said yet."""
    units = UNITS.split("groups:")[0] + "\n".join(
        f"  - {{code: T.S{n}, name: Sở Mẫu số {n}, level: sở, parent: T.UBND}}" for n in range(1, len(CHATS) + 1)
    )
    plan = PLAN.replace("[T.TP, T.YT]", f"[{ALL}]").replace("[T.TP]", f"[{ALL}]")
    path = tmp_path / "prepared.db"
    database = open_database(f"sqlite:///{path}")
    await upgrade(database)
    before = NOW - timedelta(hours=1)
    await load_units(database, units)
    await load_plan(database, before, plan, units=units)
    for n, chat in enumerate(CHATS, start=1):
        await add_linked_person(database, before, f"Người Mẫu {n}", (f"T.S{n}", Role.UNIT_HEAD), chat=chat)
    await database.close()
    return path


async def run_under(arguments: list[str], path: Path, log: Path) -> int:
    process = await asyncio.create_subprocess_exec(
        *arguments,
        *(sys.executable, "-m", "tests.proofs.one_morning", str(path), str(log), NOW.isoformat()),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await process.wait()


async def count_calls(prepared: Path, folder: Path) -> Counter[str]:
    """How often an undisturbed morning writes and syncs."""
    path, traced = folder / "counted.db", folder / "calls.txt"
    shutil.copyfile(prepared, path)
    tracing = ["strace", "-f", "-qq", "-e", f"trace={','.join(CALLS)}", "-o", str(traced)]
    assert await run_under(tracing, path, folder / "counted.jsonl") == 0
    lines = (await asyncio.to_thread(traced.read_text)).splitlines()
    return Counter(call for line in lines for call in CALLS if f" {call}(" in line)


async def duplicates_after(injection: Injection, prepared: Path, folder: Path, places: asyncio.Semaphore) -> int:
    path, log = folder / "morning.db", folder / "morning.jsonl"
    await asyncio.to_thread(folder.mkdir)
    shutil.copyfile(prepared, path)
    async with places:
        code = await run_under(strace("-e", f"trace={injection.call}", "-e", injection.argument), path, log)
        was_cut_off = code != 0
        check_integrity(path, injection)
        assert acknowledged(log) <= keys_in_inbox(path), f"{injection}: an acknowledged answer is gone"
        await live(path, log, NOW + timedelta(minutes=10))
        await live(path, log, NOW + timedelta(minutes=20))
    check_integrity(path, injection)
    found = judge(path, log, injection)
    assert found <= was_cut_off, f"{injection}: {found} copies too many"
    shutil.rmtree(folder)
    return found


def check_integrity(path: Path, injection: Injection) -> None:
    assert ask(path, "PRAGMA integrity_check") == [("ok",)], injection


def ask(path: Path, sql: str) -> list[tuple]:
    connection = sqlite_module().connect(str(path))
    try:
        return [tuple(row) for row in connection.execute(sql).fetchall()]
    finally:
        connection.close()


def keys_in_inbox(path: Path) -> set[str]:
    return {key for (key,) in ask(path, "SELECT update_key FROM inbox")}


def judge(path: Path, log: Path, injection: Injection) -> int:
    """Nothing lost, nothing handled twice; returns how many messages arrived once too often."""
    assert keys_in_inbox(path) == set(SENT), injection
    assert ask(path, "SELECT DISTINCT state FROM inbox") == [("handled",)], injection
    reports = Counter(said for (said,) in ask(path, "SELECT said FROM report"))
    assert reports == Counter(words for _, words in SENT.values()), injection
    assert ask(path, "SELECT count(*) FROM outbox WHERE state = 'pending' OR lease_token IS NOT NULL") == [(0,)]
    arrived = [line for line in map(json.loads, log.read_text().splitlines()) if "text" in line]
    refs = {ref for (ref,) in ask(path, "SELECT wire_ref FROM outbox WHERE state = 'delivered'")}
    assert refs <= {line["ref"] for line in arrived}, f"{injection}: marked delivered, and never arrived"
    wanted = ask(path, "SELECT count(*) FROM outbox WHERE state NOT IN ('delivered', 'cancelled')")
    assert wanted == [(0,)], f"{injection}: lost"
    return len(arrived) - len(refs)


def spread(total: int, points: int) -> list[int]:
    return sorted({1 + round(n * (total - 1) / max(points - 1, 1)) for n in range(points)})


async def test_cut_off_at_one_write_after_another_nothing_is_lost_and_at_most_one_is_said_twice(
    tracer, prepared, tmp_path
):
    calls = await count_calls(prepared, tmp_path)
    sync = "fsync" if calls["fsync"] else "fdatasync"  # as this SQLite was built
    assert calls["pwrite64"] > POINTS
    assert calls[sync] > 4
    places = asyncio.Semaphore(AT_ONCE)
    injections = [Injection("pwrite64", "signal=KILL", at) for at in spread(calls["pwrite64"], POINTS)]
    injections += [Injection(sync, "error=EIO", at) for at in spread(calls[sync], 4)]
    injections += [Injection("pwrite64", "error=ENOSPC", at) for at in spread(calls["pwrite64"], 4)]
    found = await asyncio.gather(
        *(duplicates_after(each, prepared, tmp_path / str(n), places) for n, each in enumerate(injections))
    )
    say(
        f"crash points on SQLite: {len(injections)} of {calls['pwrite64']} writes and {calls[sync]} syncs "
        f"(kill, EIO, ENOSPC): lost 0, duplicates {sum(found)}, at most {max(found)} each"
    )
