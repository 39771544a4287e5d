"""The strict fake Bot API in a process of its own, so that it takes no time from what is measured."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import ClientSession

from tests.fakes.telegram_server import TOKEN

__all__ = ["TOKEN", "Fake", "fake_telegram"]


@dataclass
class Fake:
    """Máy chủ giả; `url` is what a client takes for Telegram."""

    url: str
    session: ClientSession

    async def says(self, chat: int, words: str) -> None:
        async with self.session.post(f"{self.url}/control/say", json={"chat_id": chat, "text": words}) as answer:
            answer.raise_for_status()

    async def jumps(self, *, to: int) -> None:
        """Update ids go on from here: what was brought to a database before is not brought again."""
        async with self.session.post(f"{self.url}/control/jump", json={"to": to}) as answer:
            answer.raise_for_status()

    async def transcript(self) -> dict[str, Any]:
        async with self.session.get(f"{self.url}/control/transcript") as answer:
            found: dict[str, Any] = await answer.json()
        return found

    async def arrivals(self, chat: int | None = None) -> list[datetime]:
        """When each message arrived, in order."""
        sent = (await self.transcript())["transcript"]
        return [datetime.fromisoformat(each["at"]) for each in sent if chat in (None, each["chat_id"])]

    async def refusals(self) -> int:
        """How often it said 429."""
        return sum(call["status"] == 429 for call in (await self.transcript())["calls"])


@asynccontextmanager
async def fake_telegram(*, people: int, limits: bool) -> AsyncIterator[Fake]:
    arguments = ["--people", str(people), *([] if limits else ["--no-limits"])]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.telegram_server", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = await process.stdout.readline()
        async with ClientSession() as session:
            yield Fake(line.decode().split()[-1], session)
    finally:
        process.terminate()
        await process.wait()
