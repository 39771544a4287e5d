"""`dondoc run` in one process: polling and webhook, from the first word of a person to the reply, and out again."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import httpx
import pytest

from bot.running import run
from bot.settings import Settings
from models.clock import system_clock
from models.database import open_database
from models.errors import NotReadyError
from models.terms import Role
from planner.people import create_invite
from tests.builders import add_linked_person, load_plan, load_units
from tests.fakes.telegram_server import FakeTelegram

KEY = "a key for tests only, quite long"
CHAT = 5001


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


async def until(is_so, *, seconds=15):
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 -- the fake tells nobody when something happened to it
            await asyncio.sleep(0.02)


def running_from(now):
    """A clock that starts at `now` and runs at the machine's pace: limits and leases need time to pass."""
    started = system_clock()
    return lambda: now + (system_clock() - started)


async def province(database_url, now):
    """Returns a code with which the head of Sở Tư pháp Mẫu may link."""
    database = open_database(database_url)
    await load_units(database)
    await load_plan(database, now)
    head = await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat=None)
    async with database.write() as session:
        code = await create_invite(session, head, now=now, key=KEY.encode())
        await session.commit()
    await database.close()
    return code


def settings_for(server, database_url, port, **more):
    return Settings(
        _env_file=None,
        database_url=database_url,
        telegram_bot_token=server.token,
        telegram_api_base=server.url,
        http_port=port,
        secret_key=KEY,
        **more,
    )


@pytest.mark.parametrize("receives_by", ["polling", "webhook"])
async def test_a_person_links_asks_and_answers_and_sigterm_ends_it_cleanly(database_url, now, receives_by):
    code = await province(database_url, now)
    port = free_port()
    async with FakeTelegram() as server:
        server.add_person(CHAT)
        hook = {"telegram_webhook_url": f"http://127.0.0.1:{port}", "telegram_webhook_secret": "s" * 32}
        settings = settings_for(server, database_url, port, **(hook if receives_by == "webhook" else {}))
        running = asyncio.create_task(run(settings, clock=running_from(now)))
        begun = "setWebhook" if receives_by == "webhook" else "deleteWebhook"
        await until(lambda: server.called(begun) or running.done())
        async with httpx.AsyncClient(trust_env=False) as browser:
            answer = await browser.get(f"http://127.0.0.1:{port}/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        server.person_says(CHAT, f"/start {code}")
        await until(lambda: len(server.texts(CHAT)) >= 2)
        server.person_says(CHAT, "1 xong")
        await until(lambda: any(text.startswith("Đã ghi: 1 · ") for text in server.texts(CHAT)))
        assert server.called("setMyCommands")
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, 15)


async def test_without_a_token_it_says_what_to_do(tmp_path: Path):
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(NotReadyError, match="TELEGRAM_BOT_TOKEN"):
        await run(settings)


async def test_a_taken_port_is_said_before_anything_else_starts(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{tmp_path}/a.db",
            telegram_bot_token="7001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            http_port=taken.getsockname()[1],
        )
        with pytest.raises(NotReadyError, match="chọn cổng khác"):
            await run(settings)
    assert not (tmp_path / "a.db").exists()
