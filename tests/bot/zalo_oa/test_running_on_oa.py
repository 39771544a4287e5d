"""`dondoc run` with an Official Account in one process: consent by a browser, a signed webhook, a dead consent."""

from datetime import timedelta

import httpx
import pytest

from bot import schedule
from bot.running import run
from bot.settings import Settings
from bot.zalo_oa import edge
from bot.zalo_oa.making import oa_parts
from models.database import open_database
from models.errors import NotReadyError
from models.terms import Role
from tests.bot.test_running import KEY, free_port, running_from, until
from tests.bot.zalo.test_running_on_zalo import LATE, health, healthy, province, running
from tests.builders import add_linked_person
from tests.fakes.oa_server import APP_ID, APP_SECRET, OA_KEY, FakeOa
from tests.fakes.telegram_server import FakeTelegram

HEAD, COORDINATOR, ADMIN = "6142494823", "7253505934", 5007


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(schedule, "SCAN_EVERY", timedelta(seconds=0.5))
    monkeypatch.setattr(edge, "LOOK_EVERY_S", 0.2)


def settings_for(oa, database_url, tmp_path, **more):
    port = free_port()
    return Settings(
        _env_file=None,
        database_url=database_url,
        zalo_oa_app_id=APP_ID,
        zalo_oa_app_secret=APP_SECRET,
        zalo_oa_key=OA_KEY,
        zalo_oa_public_url=f"http://127.0.0.1:{port}",
        zalo_oa_api_base=oa.url,
        zalo_oa_auth_base=oa.url,
        evidence_folder=tmp_path / "evidence",
        secret_key=KEY,
        **{"http_port": port} | more,
    )


async def consent(settings, oa, clock):
    """`dondoc zalo-oa connect` prints an address; an admin opens it and agrees, and their browser is sent to us."""
    database = open_database(settings.database_url)
    parts = oa_parts(settings, database, clock=clock)
    address = oa.agree(await parts.consent.ask())
    await parts.wire.close()
    await database.close()
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(address)


def heard(oa, person, words):
    return any(words in text for text in oa.texts(person))


async def test_from_consent_to_a_tap_and_the_coordinators_list(database_url, tmp_path):
    head_code, coordinator_code = await province(database_url, LATE)
    clock = running_from(LATE)
    async with FakeOa(clock=clock) as oa:
        settings = settings_for(oa, database_url, tmp_path)
        webhook = f"{settings.zalo_oa_public_url}/zalo-oa"

        async def says(person, text):
            assert await oa.push(webhook, oa.event("user_send_text", person, text=text)) == 200

        async with running(settings):
            await healthy(settings, lambda found: found[0] == 503)  # nobody has consented yet
            assert (await consent(settings, oa, clock)).status_code == 200
            await healthy(settings, lambda found: found == (200, {"status": "ok"}))

            await says(HEAD, "chào em")
            await until(lambda: heard(oa, HEAD, "chưa được liên kết"))
            await says(HEAD, head_code)
            await until(lambda: heard(oa, HEAD, "Đã liên kết: Trần Thị Mẫu"))
            await until(lambda: heard(oa, HEAD, "🔴 Trễ 2 ngày làm việc: 1 · Báo cáo"), seconds=20)
            (nudge,) = [sent for sent in oa.transcript if sent.text.startswith("🔴 Trễ")]
            assert ("Đã xong", "xong 1") in nudge.buttons
            await says(HEAD, "xong 1")  # what a tap sends
            await until(lambda: heard(oa, HEAD, "Đã ghi: 1 · "))
            await says(COORDINATOR, coordinator_code)
            await until(lambda: heard(oa, COORDINATOR, "Đã liên kết: Lê Minh Mẫu"))
            await says(COORDINATOR, "quahan")
            await until(lambda: heard(oa, COORDINATOR, "🔴 quá hạn"))

            forged = oa.event("user_send_text", HEAD, text="xong 2")
            assert await oa.push(webhook, forged, key="not-the-key") == 200
            await says(HEAD, "việc")
            await until(lambda: heard(oa, HEAD, "Sở Tư pháp Mẫu: 1 việc chưa xong"))
            assert not heard(oa, HEAD, "Đã ghi: 2 · ")


async def test_without_a_port_it_says_so_before_anything_starts(tmp_path):
    async with FakeOa() as oa:
        settings = settings_for(oa, f"sqlite:///{tmp_path / 'none.db'}", tmp_path, http_port=0)
        with pytest.raises(NotReadyError, match="HTTP_PORT"):
            await run(settings)


async def test_a_consent_that_ends_stops_this_channel_alone_and_is_told_once(database_url, tmp_path):
    await province(database_url, LATE)
    database = open_database(database_url)
    on_telegram = {"chat": str(ADMIN), "bot": "telegram:7001"}
    await add_linked_person(database, LATE, "Quản Trị Mẫu", ("T.TTTT", Role.ADMIN), **on_telegram)
    await database.close()
    clock = running_from(LATE)
    async with FakeOa(clock=clock, life=timedelta(hours=2)) as oa, FakeTelegram() as telegram:
        telegram.add_person(ADMIN)
        settings = settings_for(
            oa, database_url, tmp_path, telegram_bot_token=telegram.token, telegram_api_base=telegram.url
        )
        async with running(settings):
            await healthy(settings, lambda found: found[0] == 200)
            assert (await consent(settings, oa, clock)).status_code == 200
            await healthy(settings, lambda found: found == (200, {"status": "ok"}))
        oa.refresh = None  # taken back at Zalo
        asked, before = oa.asked_tokens, len(stops_told(telegram))  # that nobody had consented may have been told
        async with running(settings, now=LATE + timedelta(hours=3)):
            status, told = await healthy(settings, lambda found: len(found[1].get("down", [])) == 2)
            assert status == 200
            assert {each["bot"] for each in told["down"]} == {f"zalo-oa:{APP_ID}", f"zalo-oa-nhom:{APP_ID}"}
            assert "dondoc zalo-oa connect" in told["down"][0]["reason"]
            await until(lambda: oa.asked_tokens == asked + 1)
            await until(lambda: len(stops_told(telegram)) > before)
            assert (await health(settings))[0] == 200
        assert oa.asked_tokens == asked + 1
        (told_to_admin,) = stops_told(telegram)[before:]
        assert f"zalo-oa:{APP_ID}" in told_to_admin
        assert "dondoc zalo-oa connect" in told_to_admin


def stops_told(telegram):
    return [text for text in telegram.texts(ADMIN) if "không hoạt động" in text]
