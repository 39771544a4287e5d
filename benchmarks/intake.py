"""Durable intake: from the webhook's request to the commit to the 200, against a bare aiogram webhook.

And what it costs more where each message is counted against a bot's month, as at Zalo, beside where none is.
"""

import asyncio
import itertools
import json
import statistics
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

from benchmarks.databases import DIALECTS, fresh_url
from benchmarks.intake_server import PATH, SECRET, ZALO_PATH
from benchmarks.load import Loaded, fire, post
from benchmarks.measuring import Sheet, count, ms, ratio, spread

CONNECTIONS = 40
FEW_CONNECTIONS = 8
"""Zalo says nothing of how many it opens; of fifty people few write at the same instant."""

BASELINE = "aiogram"


async def run(*, quick: bool) -> list[Sheet]:
    return [await _against_aiogram(quick=quick), await _counted(quick=quick)]


async def _against_aiogram(*, quick: bool) -> Sheet:
    rounds, requests = (1, 200) if quick else (7, 6_000)
    sheet = Sheet(
        f"durable intake, {CONNECTIONS} connections, {rounds} rounds of {requests:,} updates",
        "≥ 1.3×",
        "bare aiogram webhook (aiohttp, handle_in_background=False, empty handler), which stores nothing",
        ("webhook", "per second min / median / max", "of baseline", "p50", "p95"),
    )
    found: dict[str, list[Loaded]] = {}
    async with AsyncExitStack() as stack:
        ports = {BASELINE: await stack.enter_async_context(_server("aiogram", "--loop", "asyncio"))}
        ports["aiogram on uvloop"] = await stack.enter_async_context(_server("aiogram"))
        for dialect in DIALECTS:
            url = await stack.enter_async_context(fresh_url(dialect))
            ports[f"ours, {dialect}"] = await stack.enter_async_context(_server("ours", "--database", url))
        ids = itertools.count(700_000_001)
        for port in ports.values():
            await fire(port, _updates(ids, requests // 4), connections=CONNECTIONS)
        for _ in range(rounds):
            for name, port in ports.items():
                loaded = await fire(port, _updates(ids, requests), connections=CONNECTIONS)
                found.setdefault(name, []).append(loaded)
    base = statistics.median(each.per_second for each in found[BASELINE])
    for name, loads in found.items():
        sheet.add(
            name, spread([each.per_second for each in loads], count),
            ratio(statistics.median(each.per_second for each in loads) / base),
            ms(statistics.median(each.latency.median for each in loads)),
            ms(statistics.median(each.latency.p95 for each in loads)),
        )  # fmt: skip
    return sheet


async def _counted(*, quick: bool) -> Sheet:
    """One process and one database behind both doors, which take turns."""
    rounds, requests = (1, 100) if quick else (7, 2_000)
    sheet = Sheet(
        f"a counted webhook, {FEW_CONNECTIONS} connections, {rounds} rounds of {requests:,} messages",
        "p99 < 100 ms",
        "our own Telegram webhook in the same process, on the same database, where nothing is counted",
        ("webhook", "per second min / median / max", "of baseline", "p50", "p99"),
    )
    ids = itertools.count(700_000_001)
    for dialect in DIALECTS:
        async with fresh_url(dialect) as url, _server("ours", "--database", url) as port:
            found: dict[str, list[Loaded]] = {"Telegram": [], "Zalo, counted": []}
            for turn in range(rounds + 1):
                for loads, make in zip(found.values(), (_updates, _zalo_messages), strict=True):
                    number = requests if turn else requests // 4
                    loaded = await fire(port, make(ids, number), connections=FEW_CONNECTIONS)
                    if turn:  # the first one warms up
                        loads.append(loaded)
        base = statistics.median(each.per_second for each in found["Telegram"])
        for name, loads in found.items():
            sheet.add(
                f"{name}, {dialect}", spread([each.per_second for each in loads], count),
                ratio(statistics.median(each.per_second for each in loads) / base),
                ms(statistics.median(each.latency.median for each in loads)),
                ms(statistics.median(each.latency.p99 for each in loads)),
            )  # fmt: skip
    return sheet


def _updates(ids: Iterator[int], number: int) -> list[bytes]:
    """Updates that differ, of a thousand people, as Telegram writes them."""
    return [
        post(PATH, _update(update_id), {"X-Telegram-Bot-Api-Secret-Token": SECRET})
        for update_id in itertools.islice(ids, number)
    ]


def _update(update_id: int) -> bytes:
    person = {"id": 10_000 + update_id % 1_000, "first_name": "Nguyễn Văn Mẫu", "language_code": "vi"}
    message = {
        "message_id": update_id % 100_000,
        "from": person | {"is_bot": False},
        "chat": person | {"type": "private"},
        "date": 1_781_661_600,
        "text": "12 đã xong, báo cáo số 45/BC-UBND",
    }
    return json.dumps({"update_id": update_id, "message": message}).encode()


def _zalo_messages(ids: Iterator[int], number: int) -> list[bytes]:
    """Messages that differ, of fifty people, as Zalo writes them."""
    return [
        post(ZALO_PATH, _zalo_message(serial), {"X-Bot-Api-Secret-Token": SECRET})
        for serial in itertools.islice(ids, number)
    ]


def _zalo_message(serial: int) -> bytes:
    chat = f"{serial % 50:020x}"
    message = {
        "from": {"id": chat, "display_name": "Nguyễn Văn Mẫu", "is_bot": False},
        "chat": {"id": chat, "chat_type": "PRIVATE"},
        "text": "12 đã xong, báo cáo số 45/BC-UBND",
        "message_id": f"{serial:020x}",
        "date": 1_781_661_600_000,
    }
    return json.dumps({"ok": True, "result": {"event_name": "message.text.received", "message": message}}).encode()


@asynccontextmanager
async def _server(*arguments: str) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.intake_server", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        await _accepts(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _accepts(port: int) -> None:
    """The port is known a little before the server answers at it."""
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
