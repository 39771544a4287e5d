"""`dondoc run` on Zalo in one process: polling and webhook, alone and beside Telegram, with a token that is dead."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from bot import schedule
from bot.running import run
from bot.settings import Settings
from models.bot_account import BotAccount
from models.database import open_database
from models.lease import Lease
from models.terms import Role
from planner.people import create_invite
from reminders.outages import outages
from tests.bot.test_running import KEY, free_port, running_from, until
from tests.builders import add_linked_person, load_plan, load_units
from tests.fakes.telegram_server import FakeTelegram
from tests.fakes.zalo_server import FakeZalo
from tests.fakes.zalo_world import Webhook, ZaloWorld

HEAD, COORDINATOR, ON_TELEGRAM = "6ede9afa66b88fe6d6a9", "c00d1e", 5001
PLANNED = datetime(2024, 10, 23, 1, 0, tzinfo=UTC)
LATE = datetime(2024, 11, 6, 1, 0, tzinfo=UTC)
"""Wednesday, 08:00 in Vietnam: the last day of task 1 was Monday the 4th."""


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """The sweep comes more often than every twenty seconds, so that what a link makes due is soon said."""
    monkeypatch.setattr(schedule, "SCAN_EVERY", timedelta(seconds=0.5))


async def province(database_url, now, *, loaded_at=PLANNED):
    """Returns the codes of the head of Sở Tư pháp Mẫu and of the coordinator."""
    database = open_database(database_url)
    await load_units(database)
    await load_plan(database, loaded_at)
    codes = []
    people = (("Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD)), ("Lê Minh Mẫu", ("T.TTTT", Role.COORDINATOR)))
    for name, place in people:
        person = await add_linked_person(database, now, name, place, chat=None)
        async with database.write() as session:
            codes.append(await create_invite(session, person, now=now, key=KEY.encode()))
            await session.commit()
    await database.close()
    return codes


def settings_for(zalo, database_url, tmp_path, **more):
    return Settings(
        _env_file=None,
        database_url=database_url,
        zalo_bot_token=",".join(zalo.bots),
        zalo_api_base=zalo.url,
        evidence_folder=tmp_path / "evidence",
        secret_key=KEY,
        **{"http_port": free_port()} | more,
    )


@asynccontextmanager
async def running(settings, now=LATE):
    """`dondoc run`, ended by SIGTERM; what it raises is raised here."""
    task = asyncio.create_task(run(settings, clock=running_from(now)))
    try:
        yield task
        assert not task.done(), task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 20)


async def health(settings):
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(f"http://127.0.0.1:{settings.http_port}/healthz")
    return answer.status_code, answer.json()


async def healthy(settings, is_so, *, seconds=15):
    """The first answer that is so."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                found = await health(settings)
            except httpx.TransportError:
                found = None
            if found is not None and is_so(found):
                return found
            await asyncio.sleep(0.05)


def heard(world, chat, words):
    return any(words in text for text in world.texts(chat))


@pytest.mark.parametrize("receives_by", ["polling", "webhook"])
async def test_from_a_typed_code_to_done_and_the_coordinators_list(database_url, tmp_path, receives_by):
    head_code, coordinator_code = await province(database_url, LATE)
    port = free_port()
    hook = {"zalo_webhook_url": f"http://127.0.0.1:{port}", "zalo_webhook_secret": "s" * 32}
    async with FakeZalo() as zalo:
        bot = zalo.bot
        settings = settings_for(
            zalo, database_url, tmp_path, http_port=port, **(hook if receives_by == "webhook" else {})
        )
        async with running(settings):
            await until(lambda: bot.webhook is not None if receives_by == "webhook" else bot.pollers == 1)
            assert (await health(settings)) == (200, {"status": "ok"})

            bot.person_says(HEAD, "chào em")
            await until(lambda: heard(bot, HEAD, "chưa được liên kết"))
            bot.person_says(HEAD, head_code)
            await until(lambda: heard(bot, HEAD, "Đã liên kết: Trần Thị Mẫu"))
            nudge = "Sở Tư pháp Mẫu · thứ Tư 06/11/2024: 2 việc cần lưu ý"
            await until(lambda: heard(bot, HEAD, nudge), seconds=20)
            (told,) = [sent for sent in bot.sent_to(HEAD) if nudge in sent.text]
            assert told.bold == [nudge]
            assert '1. Việc 1: "xem 1"' in told.text

            bot.person_says(COORDINATOR, coordinator_code)
            await until(lambda: heard(bot, COORDINATOR, "Đã liên kết: Lê Minh Mẫu"))
            bot.person_says(COORDINATOR, "quahan")
            await until(lambda: heard(bot, COORDINATOR, "Sở Tư pháp Mẫu: 1 · trễ 2 ngày làm việc"))

            bot.person_says(HEAD, "1")  # the first line of the nudge, then of what that shows
            await until(lambda: heard(bot, HEAD, '1. Đã xong: "xong 1"'))
            bot.person_says(HEAD, "1")
            await until(lambda: heard(bot, HEAD, "Đã ghi: 1 · Báo cáo kết quả rà soát"))
            bot.person_says(HEAD, "/xong 2")
            await until(lambda: heard(bot, HEAD, "Đã ghi: 2 · "))
            bot.person_says(COORDINATOR, "quá hạn")
            await until(lambda: heard(bot, COORDINATOR, "🔴 quá hạn 1"))
            assert "Sở Tư pháp Mẫu" not in bot.texts(COORDINATOR)[-1]
        assert len(bot.called("sendMessage")) == len(bot.transcript)
        if receives_by == "polling":
            assert (bot.most_pollers, bot.called("setWebhook"), bot.called("deleteWebhook")) == (1, [], [])
        else:
            assert (set(bot.webhook.answers), bot.called("getUpdates")) == ({200}, [])
    await nothing_is_held(database_url)


async def nothing_is_held(database_url):
    """After SIGTERM the leases are free at once, and the bot stands in the list of bots."""
    database = open_database(database_url)
    async with database.read() as session:
        held = (await session.execute(select(Lease.name).where(Lease.held_until > LATE + timedelta(minutes=2)))).all()
        known = (await session.execute(select(BotAccount.bot, BotAccount.shown_name, BotAccount.most_people))).all()
    await database.close()
    assert held == []
    assert known == [("zalo:2718281828", "bot.DonDoc", 50)]


async def test_both_channels_run_together_and_each_answers_its_own(database_url, tmp_path):
    head_code, coordinator_code = await province(database_url, LATE)
    async with FakeZalo() as zalo, FakeTelegram() as telegram:
        telegram.add_person(ON_TELEGRAM)
        more = {"telegram_bot_token": telegram.token, "telegram_api_base": telegram.url}
        async with running(settings_for(zalo, database_url, tmp_path, **more)):
            zalo.bot.person_says(HEAD, head_code)
            telegram.person_says(ON_TELEGRAM, coordinator_code)
            await until(lambda: heard(zalo.bot, HEAD, "Đã liên kết: Trần Thị Mẫu"))
            await until(lambda: any("Đã liên kết: Lê Minh Mẫu" in text for text in telegram.texts(ON_TELEGRAM)))
            zalo.bot.person_says(HEAD, "xong 1")
            await until(lambda: heard(zalo.bot, HEAD, "Đã ghi: 1 · "))
            telegram.person_says(ON_TELEGRAM, "/duyet")
            await until(lambda: any("Báo cáo kết quả rà soát" in text for text in telegram.texts(ON_TELEGRAM)))


async def test_a_dead_token_stops_its_own_channel_and_says_since_when(database_url, tmp_path, capsys):
    head_code, _ = await province(database_url, LATE)
    dead, alive = ZaloWorld(token="11:a-secret-that-is-dead"), ZaloWorld(token="22:a-secret-that-lives")
    dead.is_revoked = True
    async with FakeZalo(dead, alive) as zalo, FakeTelegram() as telegram:
        more = {"telegram_bot_token": "7002:a-secret-that-is-dead-too", "telegram_api_base": telegram.url}
        settings = settings_for(zalo, database_url, tmp_path, **more)
        async with running(settings):
            alive.person_says(HEAD, head_code)
            await until(lambda: heard(alive, HEAD, "Đã liên kết"))
            status, said = await healthy(settings, lambda found: len(found[1].get("down", ())) == 2)
            assert (status, said["status"]) == (200, "degraded")
            assert [(down["bot"], down["part"], down["reason"]) for down in said["down"]] == [
                ("telegram:7002", "receive", "token-refused"),
                ("zalo:11", "receive", "token-refused"),
            ]
            assert all(datetime.fromisoformat(down["since"]) - LATE < timedelta(minutes=1) for down in said["down"])
            alive.person_says(HEAD, "1 xong")
            await until(lambda: heard(alive, HEAD, "Đã ghi: 1 · "))
    log = capsys.readouterr().err
    assert sorted(line.split()[3] for line in log.splitlines() if " ERROR " in line) == [
        "bot.edges:",
        "bot.zalo.poller:",
    ]
    assert "a-secret-that" not in log


async def test_with_no_channel_that_works_the_health_route_says_so(sqlite_database, database_url, tmp_path):
    async with FakeZalo() as zalo:
        zalo.bot.is_revoked = True
        settings = settings_for(zalo, database_url, tmp_path)
        async with running(settings):
            status, said = await healthy(settings, lambda found: found[1]["status"] != "ok")
    assert (status, said["status"]) == (503, "no channel works")


async def test_a_channel_that_recovers_is_well_again(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.zalo.making.PACE", _quick_pace())
    async with FakeZalo() as zalo:
        zalo.point_webhook_to(zalo.bot, Webhook("https://theirs.example.vn/z", "somebody-elses", 0))
        settings = settings_for(zalo, database_url, tmp_path)
        async with running(settings):
            _, said = await healthy(settings, lambda found: found[1]["status"] != "ok")
            assert said["down"][0]["reason"] == "foreign-webhook"
            zalo.point_webhook_to(zalo.bot, None)
            assert await healthy(settings, lambda found: found[0] == 200) == (200, {"status": "ok"})
    database = open_database(database_url)
    async with database.read() as session:
        assert await outages(session) == []
    await database.close()


def _quick_pace():
    from bot.zalo.poller import Pace

    return Pace(look_again=timedelta(seconds=0.1))


async def test_a_picture_with_a_caption_is_evidence_and_its_address_is_used_at_once(database_url, tmp_path):
    head_code, _ = await province(database_url, LATE)
    async with FakeZalo() as zalo, running(settings_for(zalo, database_url, tmp_path)):
        zalo.bot.person_says(HEAD, head_code)
        await until(lambda: heard(zalo.bot, HEAD, "Đã liên kết"))
        zalo.bot.person_sends_photo(HEAD, b"\xff\xd8\xff\xe0 anh chup", caption="xong 1")
        await until(lambda: heard(zalo.bot, HEAD, "Đã ghi: 1 · "))
    (kept,) = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert kept.read_bytes() == b"\xff\xd8\xff\xe0 anh chup"


async def test_with_a_public_address_zalo_fetches_the_chart_from_it(database_url, tmp_path):
    _, coordinator_code = await province(database_url, LATE)
    port = free_port()
    public = {"http_port": port, "zalo_public_url": f"http://127.0.0.1:{port}"}
    async with FakeZalo() as zalo, running(settings_for(zalo, database_url, tmp_path, **public)):
        zalo.bot.person_says(COORDINATOR, coordinator_code)
        await until(lambda: heard(zalo.bot, COORDINATOR, "Đã liên kết"))
        zalo.bot.person_says(COORDINATOR, "tonghop bieu do")
        await until(lambda: any(sent.method == "sendPhoto" for sent in zalo.bot.transcript), seconds=30)
    (shown,) = [sent for sent in zalo.bot.transcript if sent.method == "sendPhoto"]
    assert shown.content.startswith(b"\x89PNG")
    assert shown.text.startswith("Tổng hợp theo kế hoạch")
    (call,) = zalo.bot.called("sendPhoto")
    assert call.params["photo"].startswith(f"http://127.0.0.1:{port}/zalo/2718281828/photos/")
