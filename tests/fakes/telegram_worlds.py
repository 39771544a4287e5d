"""Two Bot API servers behind one face: our strict fake, and one written by strangers, for the contract tests."""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from aiohttp import ClientSession

from tests.fakes.telegram_html import parse_html
from tests.fakes.telegram_server import TOKEN, FakeTelegram

SOURCE = Path(__file__).parent / "telegram_test_api"
_CACHE = Path(__file__).parents[2] / "var" / "telegram-test-api"
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0")


@dataclass(frozen=True)
class Arrived:
    """A message as a person sees it: markup gone, buttons as (label, data)."""

    chat_id: int
    text: str
    buttons: list[list[tuple[str, str]]]


class BotApiServer(Protocol):
    url: str
    token: str

    async def arrived(self) -> list[Arrived]: ...

    async def says(self, chat_id: int, text: str) -> None: ...

    async def taps(self, chat_id: int, data: str) -> None:
        """Taps the button with this data under the newest message of the chat."""
        ...


class OurOwn:
    """The strict fake."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.telegram = telegram
        self.url = telegram.url
        self.token = telegram.token

    async def arrived(self) -> list[Arrived]:
        return [Arrived(sent.chat_id, sent.text, sent.buttons) for sent in self.telegram.transcript]

    async def says(self, chat_id: int, text: str) -> None:
        self.telegram.person_says(chat_id, text)

    async def taps(self, chat_id: int, data: str) -> None:
        self.telegram.person_taps(chat_id, self.telegram.sent_to(chat_id)[-1].message_id, data)


class Strangers:
    """npm telegram-test-api. It takes any chat, checks no markup, and forgets an update once it has shown it."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url = url
        self.token = TOKEN
        self._session = session

    async def arrived(self) -> list[Arrived]:
        history = await self._post("getUpdatesHistory", {"token": self.token})
        messages = [entry["message"] for entry in history["result"] if "chat_id" in entry.get("message", {})]
        return [self._arrived(message) for message in messages]

    async def says(self, chat_id: int, text: str) -> None:
        await self._post("sendMessage", self._from_person(chat_id) | {"text": text})

    async def taps(self, chat_id: int, data: str) -> None:
        person = self._from_person(chat_id)
        await self._post("sendCallback", person | {"message": person, "data": data})

    def _from_person(self, chat_id: int) -> dict:
        user = {"id": chat_id, "is_bot": False, "first_name": "An"}
        chat = {"id": chat_id, "type": "private", "first_name": "An"}
        return {"botToken": self.token, "date": 1_772_413_200, "from": user, "chat": chat}

    def _arrived(self, message: dict) -> Arrived:
        text = parse_html(message["text"])[0] if message.get("parse_mode") == "HTML" else message["text"]
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [[(key["text"], key["callback_data"]) for key in row] for row in rows]
        return Arrived(int(message["chat_id"]), text, buttons)

    async def _post(self, path: str, body: dict) -> dict:
        async with self._session.post(f"{self.url}/{path}", json=body) as answer:
            return await answer.json()


@asynccontextmanager
async def our_own(*chat_ids: int) -> AsyncIterator[OurOwn]:
    async with FakeTelegram(limits=None) as telegram:
        for chat_id in chat_ids:
            telegram.add_person(chat_id)
        yield OurOwn(telegram)


@asynccontextmanager
async def strangers(*_: int) -> AsyncIterator[Strangers]:
    """Skips the test where node, npm or the packages are not to be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("telegram-test-api needs node and npm")
    folder = await _installed(npm)
    process = await asyncio.create_subprocess_exec(node, "start.js", cwd=folder, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), timeout=20)
        async with ClientSession() as session:
            yield Strangers(line.decode().split()[-1], session)
    finally:
        process.kill()
        await process.wait()


async def _installed(npm: str) -> Path:
    """A folder with node_modules, kept in var/ under the content's digest; made aside and moved in one step."""
    sources = sorted(path for path in SOURCE.iterdir() if path.is_file())
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    ready = _CACHE / digest
    if ready.exists():
        return ready
    _CACHE.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=_CACHE))
    for path in sources:
        shutil.copy(path, making)
    installing = await asyncio.create_subprocess_exec(
        npm, *_INSTALL, cwd=making, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    if await asyncio.wait_for(installing.wait(), timeout=120) != 0:
        shutil.rmtree(making)
        pytest.skip("telegram-test-api could not be installed (npm ci failed; no network?)")
    try:
        os.rename(making, ready)  # noqa: PTH104  # fails where another worker was first, which Path.replace hides
    except OSError:
        shutil.rmtree(making)
    return ready
