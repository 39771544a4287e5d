"""dondoc zalo webhook, and what the doctor says of channels: plain words, and nobody's webhook taken away unasked."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from models.database import Database, open_database
from reminders.outages import note_state
from tests.bot.command_line.conftest import one_database
from tests.fakes.zalo_server import FakeZalo
from tests.fakes.zalo_world import ZaloWorld

Dondoc = Callable[..., Any]
FIRST, SECOND = "11:secret-of-the-first-bot", "22:secret-of-the-second-bot"
BASE, SECRET = "https://nhacviec.example.vn", "a-secret-of-16-letters"
THEIRS = "https://theirs.example.vn/z"


class Running:
    """The strict fake in a thread of its own: the command has the main one. `do` acts in its loop."""

    def __init__(self) -> None:
        self.zalo = FakeZalo(ZaloWorld(token=FIRST), ZaloWorld(token=SECOND))
        self.loop: asyncio.AbstractEventLoop | None = None
        self.is_up, self.is_over = Event(), Event()

    @property
    def first(self) -> ZaloWorld:
        return self.zalo.bot

    async def serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        async with self.zalo:
            self.is_up.set()
            await asyncio.to_thread(self.is_over.wait)

    def hooked_to(self, url: str) -> None:
        asyncio.run_coroutine_threadsafe(self._hooked_to(url), self.loop).result(5)

    async def _hooked_to(self, url: str) -> None:
        from tests.fakes.zalo_world import Webhook

        self.zalo.point_webhook_to(self.first, Webhook(url, "somebody-elses", 0))


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    with ThreadPoolExecutor(2) as thread:
        served = thread.submit(asyncio.run, running.serve())
        assert running.is_up.wait(10)
        try:
            yield running
        finally:
            running.is_over.set()
            served.result()


@pytest.fixture
def zalo(running: Running, empty_folder: Any, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The settings of one bot, webhook and all."""
    monkeypatch.setenv("ZALO_API_BASE", running.zalo.url)
    monkeypatch.setenv("ZALO_BOT_TOKEN", FIRST)
    monkeypatch.setenv("ZALO_WEBHOOK_URL", BASE)
    monkeypatch.setenv("ZALO_WEBHOOK_SECRET", SECRET)
    return running


def test_a_webhook_is_set_looked_at_and_taken_off(zalo: Running, dondoc: Dondoc) -> None:
    assert dondoc("zalo", "webhook", "info").out == (
        "zalo:11: chưa đặt webhook; dondoc run nhận tin bằng cách tự hỏi Zalo.\n"
    )
    assert dondoc("zalo", "webhook", "set").out == f"zalo:11: đã đặt webhook {BASE}/zalo/11.\n"
    assert (zalo.first.webhook.url, zalo.first.webhook.secret) == (f"{BASE}/zalo/11", SECRET)
    told = dondoc("zalo", "webhook", "info", "--json")
    assert told.json == [{"bot": "zalo:11", "url": f"{BASE}/zalo/11", "is_ours": True}]
    assert "đúng như cài đặt" in dondoc("zalo", "webhook", "info").out
    assert f"đã gỡ webhook {BASE}/zalo/11" in dondoc("zalo", "webhook", "delete").out
    assert zalo.first.webhook is None
    assert "không có webhook nào để gỡ" in dondoc("zalo", "webhook", "delete").out


def test_somebody_elses_webhook_is_replaced_only_when_told_so(zalo: Running, dondoc: Dondoc) -> None:
    zalo.hooked_to(THEIRS)
    told = dondoc("zalo", "webhook", "set")
    assert (told.code, THEIRS in told.err, "--replace" in told.err) == (2, True, True)
    assert zalo.first.webhook.url == THEIRS
    assert "không nhận được tin" in dondoc("zalo", "webhook", "info").out
    assert dondoc("zalo", "webhook", "set", "--replace").code == 0
    assert zalo.first.webhook.url == f"{BASE}/zalo/11"


def test_an_address_zalo_could_not_reach_is_kept_and_said(zalo: Running, dondoc: Dondoc) -> None:
    zalo.first.verifies = {"ok": False}
    told = dondoc("zalo", "webhook", "set")
    assert (told.code, "đã đặt webhook" in told.out) == (0, True)
    assert "chưa gọi tới được" in told.err


def test_of_several_bots_one_can_be_named(zalo: Running, dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZALO_BOT_TOKEN", f"{FIRST}, {SECOND}")
    assert dondoc("zalo", "webhook", "set", "--bot", "22").out == f"zalo:22: đã đặt webhook {BASE}/zalo/22.\n"
    assert zalo.first.webhook is None
    assert [row["bot"] for row in dondoc("zalo", "webhook", "info", "--json").json] == ["zalo:11", "zalo:22"]
    told = dondoc("zalo", "webhook", "info", "--bot", "33")
    assert (told.code, told.err) == (2, "Không có bot 33 trong ZALO_BOT_TOKEN; đang có: 11, 22.\n")


def test_what_cannot_be_done_is_said_in_a_sentence_without_the_token(
    zalo: Running, dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZALO_BOT_TOKEN", "33:secret-of-nobody-at-all")
    told = dondoc("zalo", "webhook", "info")
    assert (told.code, told.err) == (1, "zalo:33: Zalo không nhận ZALO_BOT_TOKEN: lấy lại mã từ Zalo Bot Manager.\n")
    monkeypatch.setenv("ZALO_API_BASE", "http://127.0.0.1:1")
    told = dondoc("--debug", "zalo", "webhook", "info")
    assert "Không nối được tới Zalo" in told.err
    assert "secret-of-nobody" not in told.err
    monkeypatch.setenv("ZALO_BOT_TOKEN", f"{FIRST},11:another-secret-of-it")
    assert "hai mã của cùng một bot" in dondoc("zalo", "webhook", "info").err
    monkeypatch.delenv("ZALO_BOT_TOKEN")
    assert "đặt ZALO_BOT_TOKEN" in dondoc("zalo", "webhook", "info").err


def test_without_an_address_there_is_nothing_to_set(
    zalo: Running, dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZALO_WEBHOOK_URL")
    told = dondoc("zalo", "webhook", "set")
    assert (told.code, "ZALO_WEBHOOK_URL" in told.err) == (2, True)
    assert zalo.first.calls == []


# --- the doctor ---


def checks(told: Any) -> dict[str, dict[str, str]]:
    return {each["check"]: each for each in told.json["checks"]}


@one_database
def test_the_doctor_asks_each_bot_and_needs_no_telegram(
    zalo: Running, stored: Dondoc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZALO_BOT_TOKEN", f"{FIRST},33:secret-of-nobody-at-all")
    found = checks(stored("doctor", "--json"))
    assert "Telegram" not in found
    assert "Kênh trò chuyện" not in found
    assert (found["Zalo 11"]["verdict"], "webhook chưa đặt" in found["Zalo 11"]["message"]) == ("warn", True)
    assert found["Zalo 33"]["verdict"] == "fail"
    monkeypatch.setenv("ZALO_BOT_TOKEN", FIRST)
    monkeypatch.delenv("ZALO_WEBHOOK_URL")
    assert checks(stored("doctor", "--json"))["Zalo 11"]["message"] == (
        "gọi được, bot là bot.DonDoc, nhận tin bằng cách tự hỏi"
    )
    zalo.hooked_to(THEIRS)
    found = checks(stored("doctor", "--json"))["Zalo 11"]
    assert (found["verdict"], THEIRS in found["message"], "webhook delete" in found["advice"]) == ("fail", True, True)


@one_database
def test_without_any_bot_the_doctor_says_so(stored: Dondoc) -> None:
    found = checks(stored("doctor", "--json"))
    assert "ZALO_BOT_TOKEN" in found["Kênh trò chuyện"]["advice"]
    assert "TELEGRAM_BOT_TOKEN" in found["Kênh trò chuyện"]["advice"]


def test_the_doctor_says_which_channel_fails_and_since_when(
    zalo: Running, stored: Dondoc, database_url: str, now: Any
) -> None:
    async def fails() -> None:
        database: Database = open_database(database_url)
        async with database.write() as session:
            await note_state(session, "zalo:11", "receive", reason="token-refused", now=now)
            await note_state(session, "zalo:11", "send", reason="try-later: NotSentError", now=now)
            await note_state(session, "zalo:of-last-year", "send", reason="try-later", now=now)
            await session.commit()
        await database.close()

    asyncio.run(fails())
    told = stored("doctor")
    assert told.code == 1
    assert "[hỏng] Kênh zalo:11: không nhận được tin từ 08:00 23/10/2024: mã bot không còn được nhận\n" in told.out
    assert "[hỏng] Kênh zalo:11: không gửi được tin từ 08:00 23/10/2024: nền tảng không trả lời" in told.out
    assert "last-year" not in told.out
