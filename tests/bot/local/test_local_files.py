"""Files on the demo page: handed in by hand, seen by whoever follows the plan, from the first byte to the last."""

import httpx
import pytest
from fastapi import FastAPI

from bot.engine import build_engine
from bot.evidence_store import EvidenceStore
from bot.local.channel import LocalChannel
from bot.local.guard import FILE_BYTES
from bot.local.routes import demo_router
from bot.local.stepping import SteppedEngine, handle_local
from models.terms import BeforeReading
from reminders.rate import UNLIMITED
from tests.bot.conversation.builders import INVITE_KEY, build_town
from tests.builders import CALENDAR
from tests.fakes import papers
from tests.fakes.demo_engine import JUSTICE, ScriptedEngine, demo_app

BYTES = {"Content-Type": "application/octet-stream"}
FILES = f"/api/chats/{JUSTICE}/files"


@pytest.fixture
async def page():
    app = demo_app(ScriptedEngine())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


async def test_a_file_is_shown_in_the_chat_and_told_to_the_engine(page):
    about = {"name": "ảnh\u202e.png", "caption": "12 xong"}
    assert (await page.post(FILES, params=about, content=papers.PNG, headers=BYTES)).status_code == 200
    said, told = (await page.get("/api/state")).json()["messages"]
    assert (said["text"], said["file"]["name"], said["file"]["is_photo"]) == ("12 xong", "ảnh.png", True)
    shown = await page.get(f"/api/files/{said['ref']}")
    assert (shown.content, shown.headers["content-type"]) == (papers.PNG, "image/png")
    assert told["text"].startswith("Đã nhận minh chứng")


@pytest.mark.parametrize(
    ("path", "params", "headers", "content", "status"),
    [
        pytest.param("/api/chats/nobody/files", {"name": "a"}, BYTES, b"a", 404, id="no such chat"),
        pytest.param(FILES, {}, BYTES, b"a", 422, id="no name"),
        pytest.param(FILES, {"name": "a" * 301}, BYTES, b"a", 422, id="a name too long"),
        pytest.param(FILES, {"name": "a", "caption": "b" * 4001}, BYTES, b"a", 422, id="words too long"),
        pytest.param(FILES, {"name": "a"}, {"Content-Type": "text/plain"}, b"a", 415, id="a form of another page"),
        pytest.param(FILES, {"name": "a"}, BYTES | {"Origin": "http://elsewhere"}, b"a", 403, id="another page"),
        pytest.param(FILES, {"name": "a"}, BYTES, bytes(FILE_BYTES + 1), 413, id="too large"),
    ],
)
async def test_what_does_not_fit_is_refused_in_one_sentence(page, path, params, headers, content, status):
    answer = await page.post(path, params=params, headers=headers, content=content)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert (await page.get("/api/state")).json()["messages"] == []


async def test_the_real_engine_takes_it_and_the_coordinator_opens_it(sqlite_database, clock, tmp_path):
    await build_town(sqlite_database, clock())
    channel = LocalChannel(["justice", "coordinator"], clock=clock)
    evidence = EvidenceStore(tmp_path / "evidence", left_free=0)
    engine = build_engine(
        sqlite_database,
        calendar=CALENDAR,
        before=BeforeReading.STRICT,
        address_form="Anh/Chị",
        invite_key=INVITE_KEY,
        channels={channel.bot: channel},
        handle=lambda conversation: handle_local(conversation, clock),
        limits=UNLIMITED,
        clock=clock,
        evidence=evidence,
    )
    house = SteppedEngine(engine, clock, evidence, coordinating_code="T.TTTT")
    app = FastAPI(openapi_url=None)
    app.include_router(demo_router(house, channel))

    def texts(chat):
        return [each.text for each in channel.messages() if each.chat == chat and each.is_from_bot]

    await house.attach("justice", "bao-cao.pdf", papers.PDF, caption="4 xong")
    assert any('Kèm minh chứng: "bao-cao.pdf"' in text for text in texts("justice"))
    await house.attach("justice", "game.exe", b"MZ" + bytes(9), caption="")
    assert any('Tệp "game.exe" chưa được nhận' in text for text in texts("justice"))
    await house.say("coordinator", "xem 4 @T.TP", reply_to=None)
    card = channel.messages()[-1]
    assert "Minh chứng: 1, gõ" in card.text
    await house.tap("coordinator", card.ref, "minh chung 4 @T.TP")
    opened = channel.messages()[-1]
    assert channel.file(opened.ref).content == papers.PDF
