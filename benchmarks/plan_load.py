"""Loading a large plan the way a person does: `dondoc plan load` as a process, on a year of monthly duties."""

import asyncio
import os
import re
import statistics
import sys
import time
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, insert, select

from benchmarks.databases import DIALECTS, folder, fresh_url
from benchmarks.measuring import Sheet, count, ms, ratio, spread
from models.assignment import Assignment
from models.clock import civil_day, system_clock
from models.columns import columns_of
from models.database import Database, open_database

ROOT = Path(__file__).parents[1]
UNITS, TASKS, MONTHS = 100, 50, 12


async def run(*, quick: bool) -> list[Sheet]:
    units, tasks, rounds = (5, 4, 1) if quick else (UNITS, TASKS, 3)
    sheet = Sheet(
        f"loading a plan: {units} units × {tasks} tasks × {MONTHS} periods",
        "≤ 5 s, from the process's start to its end",
        "as many assignment rows copied by one bare executemany into the same table",
        ("database, lead units", "assignments", "baseline", "loaded in min / median / max", "of baseline", "again"),
    )
    for dialect in DIALECTS:
        for named in ("as a group", "one by one"):
            fresh_loads, again, bare, opened = [], [], [], 0
            for _ in range(rounds):
                async with fresh_url(dialect) as url:
                    with folder() as place:
                        await asyncio.to_thread(_write, place, units, tasks, named)
                        fresh_loads.append(await _load(place, url))
                        again.append(await _load(place, url))
                    opened, seconds = await _copied(url)
                    bare.append(seconds)
            assert opened == units * tasks * MONTHS, opened
            base = statistics.median(bare)
            sheet.add(
                f"{dialect}, {named}", count(opened), ms(base), spread(fresh_loads, ms),
                ratio(statistics.median(fresh_loads) / base), ms(statistics.median(again)),
            )  # fmt: skip
    return [sheet]


def _first_month() -> date:
    """Tracked from here, exactly so many months are open on the day that the process believes it is."""
    return civil_day(system_clock()).replace(day=1) - relativedelta(months=MONTHS - 1)


def _write(place: Path, units: int, tasks: int, named: str) -> None:
    rows = [
        f"  - {{code: M.U{each}, name: UBND xã Mẫu {each}, level: xã, parent: M.TINH}}" for each in range(1, units + 1)
    ]
    (place / "units.yaml").write_text("\n".join([
        "units:",
        "  - {code: M.TINH, name: UBND tỉnh Mẫu, level: tỉnh}",
        *rows,
        "groups:",
        '  - {code: M.N.XA, name: "UBND các xã", under: M.TINH, level: xã}',
        "",
    ]), encoding="utf-8")  # fmt: skip
    lead = "nhóm: UBND các xã" if named == "as a group" else ", ".join(f"M.U{each}" for each in range(1, units + 1))
    duties = [
        f"  - code: KM1-{each}\n    from: I.{each}\n    title: Báo cáo kết quả giải quyết hồ sơ số {each}\n"
        f'    kind: báo cáo\n    deadline: chậm nhất ngày {each % 28 + 1:02d} hằng tháng\n    lead: ["{lead}"]\n'
        if named == "as a group"
        else f"  - code: KM1-{each}\n    from: I.{each}\n    title: Báo cáo kết quả giải quyết hồ sơ số {each}\n"
        f"    kind: báo cáo\n    deadline: chậm nhất ngày {each % 28 + 1:02d} hằng tháng\n    lead: [{lead}]\n"
        for each in range(1, tasks + 1)
    ]
    start = f"{_first_month():%d/%m/%Y}"
    head = (
        f"plan: KM1\nkind: kế hoạch\ndocument_no: 12/KH-UBND\nissued_on: {start}\ntitle: Kế hoạch mẫu\n"
        f"issuer: M.TINH\ncoordinating_unit: M.TINH\nvalid_from: {start}\ntasks:\n"
    )
    (place / "plan.yaml").write_text(head + "".join(duties), encoding="utf-8")


async def _load(place: Path, url: str) -> float:
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "plan", "load", "plan.yaml", "--track-from", _first_month().isoformat(),
        cwd=place, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said = (await process.communicate())[0].decode()
    seconds = time.perf_counter() - began
    assert process.returncode == 0, said
    assert re.search(r"KM1: (mới|không có gì)", said), said
    return seconds


async def _copied(url: str) -> tuple[int, float]:
    """What is in the table, and how long its rows take when nothing has to be thought about."""
    database = open_database(url)
    try:
        return await _rows_and_seconds(database)
    finally:
        await database.close()


async def _rows_and_seconds(database: Database) -> tuple[int, float]:
    table = Assignment.metadata.tables["assignment"]
    columns = columns_of(Assignment)
    async with database.write() as session:
        rows = [dict(row) for row in (await session.execute(select(table))).mappings()]
        await session.execute(table.delete())
        connection = await session.connection()
        began = time.perf_counter()
        await connection.execute(insert(table), rows)
        seconds = time.perf_counter() - began
        number = (await session.execute(select(func.count(columns.id)))).scalar_one()
        await session.rollback()
    return int(number), seconds
