"""The pages where the program serves them: in `dondoc run` when people can reach them, in the demo on this machine."""

import asyncio
import os
import signal
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.local.guard import is_local
from bot.running import run
from bot.web.guard import HEADERS
from bot.web.routes import letter_routes
from models.clock import SteppedClock
from models.database import Database
from models.terms import BeforeReading
from tests.bot.test_running import free_port, province, running_from, settings_for, until
from tests.builders import CALENDAR
from tests.conftest import copy_of_sqlite
from tests.fakes.telegram_server import FakeTelegram


@pytest.mark.parametrize("is_public", [True, False], ids=["with PUBLIC_URL", "without"])
async def test_pages_are_served_only_where_people_reach_them(
    sqlite_template: Path,
    tmp_path: Path,
    now,
    is_public: bool,  # noqa: FBT001 -- a case
):
    url, port = copy_of_sqlite(sqlite_template, tmp_path), free_port()
    await province(url, now)
    async with FakeTelegram() as server:
        more = {"public_url": f"http://127.0.0.1:{port}"} if is_public else {}
        running = asyncio.create_task(run(settings_for(server, url, port, **more), clock=running_from(now)))
        await until(lambda: server.called("deleteWebhook") or running.done())
        async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{port}") as browser:
            page = await browser.get("/van-ban/1")
            script = await browser.get("/van-ban/tep/saving.js")
        assert (page.status_code, script.status_code) == ((403, 200) if is_public else (404, 404))
        assert ("nhắn bot để nhận đường dẫn mới" in page.text) is is_public
        if is_public:
            assert page.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, 15)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 403),
        ("localhost", 403),
        ("[::1]:8765", 403),
        ("nhacviec.example.vn", 421),
        ("127.0.0.1.example.vn", 421),
    ],
)
async def test_in_the_demo_only_this_machine_is_answered(
    sqlite_database: Database, clock: SteppedClock, host: str, status: int
):
    """A page elsewhere that points its name at this machine would otherwise read the letters as its own."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.router.routes.extend(
        letter_routes(
            sqlite_database, base_url="http://127.0.0.1:8765", calendar=CALENDAR, before=BeforeReading.STRICT,
            address_form="Anh/Chị", clock=clock, may_enter=is_local,
        )
    )  # fmt: skip
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as browser:
        answer = await browser.get("/van-ban/1", headers={"Host": host})
    assert answer.status_code == status
