"""What `dondoc run` holds in memory after a morning: the sweep, an /overdue, the digests of every unit."""

import asyncio
from pathlib import Path

from benchmarks.databases import DIALECTS, fresh_url
from benchmarks.fake import Fake, fake_telegram
from benchmarks.measuring import Sheet, count, ratio
from benchmarks.province import FIRST_CHAT, TODAY, Shape
from benchmarks.start import COORDINATOR, fill, process, until_answered


async def run(*, quick: bool) -> list[Sheet]:
    sheet = Sheet(
        "memory after the morning's sweep, an /overdue and the morning's digests",
        "≤ 200 MB with 100 k assignments",
        "the bare aiogram bot after one answer",
        ("process", "due this morning", "resident now", "at its peak", "of baseline (peak)"),
    )
    async with fake_telegram(people=1, limits=True) as fake, process(["benchmarks.echo_bot"], fake) as pid:
        await until_answered(fake, 1, "chào")
        base = _resident(pid)
    sheet.add("bare aiogram bot", "", f"{base[0]:.0f} MB", f"{base[1]:.0f} MB", ratio(1))
    small = Shape(units=20, tasks=2, late=20, look_on=TODAY)
    shapes = [small] if quick else [Shape(look_on=TODAY), Shape(late=10_000, look_on=TODAY)]
    for dialect in DIALECTS:
        for shape in shapes:
            async with fresh_url(dialect) as url, fake_telegram(people=1, limits=False) as fake:
                due = await fill(url, shape)
                for unit in range(1, shape.units + 2):
                    await fake.session.post(f"{fake.url}/control/person", json={"chat_id": FIRST_CHAT + unit})
                now = await _after_a_morning(fake, url)
            sheet.add(
                f"dondoc run, {dialect}, {count(shape.assignments)}",
                count(due), f"{now[0]:.0f} MB", f"{now[1]:.0f} MB",
                ratio(now[1] / base[1]),
            )  # fmt: skip
    return [sheet]


async def _after_a_morning(fake: Fake, url: str) -> tuple[float, float]:
    async with process(["benchmarks.shifted_run"], fake, DATABASE_URL=url, HTTP_PORT="0") as pid:
        await fake.says(COORDINATOR, "/overdue")
        arrived = -1
        while arrived != (now := len(await fake.arrivals())) or now < 2:
            arrived = now
            await asyncio.sleep(3)
        return _resident(pid)


def _resident(pid: int) -> tuple[float, float]:
    """Megabytes (now, at the peak), as Linux counts them."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    facts = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.split()}
    return int(facts["VmRSS"]) / 1024, int(facts["VmHWM"]) / 1024
