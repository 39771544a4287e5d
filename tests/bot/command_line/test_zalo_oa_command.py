"""dondoc zalo-oa, and what the doctor says of the account: an address to open, and how the consent stands."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.zalo_oa import token_store
from bot.zalo_oa.authorization import TokenPair
from bot.zalo_oa.vault import Vault
from models.database import open_database
from tests.bot.command_line.conftest import one_database

Dondoc = Callable[..., Any]
APP_ID, KEY = "4417302918274655", "khoa-cua-to-chuc-dai"
GRANTED = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def account(dondoc, database_url, monkeypatch) -> Dondoc:
    for name, value in {
        "DATABASE_URL": database_url, "ZALO_OA_APP_ID": APP_ID, "ZALO_OA_APP_SECRET": "khoa-cua-ung-dung",
        "ZALO_OA_KEY": "khoa-cua-oa", "ZALO_OA_PUBLIC_URL": "https://dondoc.test", "SECRET_KEY": KEY,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return dondoc


def granted(database_url, *, is_dead=False):
    async def write():
        database = open_database(database_url)
        pair = TokenPair("ma-truy-cap", "ma-gia-han", timedelta(hours=25))
        async with database.write() as session:
            await token_store.grant(session, APP_ID, pair, oa_id="2718", seal=Vault(KEY).seal, now=GRANTED)
            if is_dead:
                await token_store.call_dead(session, APP_ID, of=1, reason="-14020 refused", now=GRANTED)
            await session.commit()
        await database.close()

    asyncio.run(write())


def of_the_doctor(told):
    return next(each for each in told.json["checks"] if each["check"] == "Zalo OA")


@one_database
def test_connect_prints_an_address_that_shows_no_secret(account):
    told = account("zalo-oa", "connect")
    address = next(line for line in told.out.splitlines() if line.startswith("https://"))
    asked = parse_qs(urlsplit(address).query)
    assert asked["app_id"] == [APP_ID]
    assert asked["redirect_uri"] == ["https://dondoc.test/zalo-oa/dong-y"]
    assert not any(secret in told.out for secret in (KEY, "khoa-cua-ung-dung", "khoa-cua-oa"))


@one_database
def test_status_and_doctor_say_how_the_consent_stands(account, database_url):
    assert "chưa được kết nối" in account("zalo-oa", "status").out
    assert of_the_doctor(account("doctor", "--json"))["verdict"] == "warn"
    granted(database_url)
    assert "OA 2718 đã kết nối; mã gần nhất lấy lúc 08:00 02/11/2026, dùng đến 09:00 03/11/2026." in (
        account("zalo-oa", "status").out
    )
    assert of_the_doctor(account("doctor", "--json"))["verdict"] == "ok"


@one_database
def test_a_consent_that_ended_says_what_to_do(account, database_url):
    granted(database_url, is_dead=True)
    assert "Zalo không còn nhận phép này từ 08:00 02/11/2026: gõ dondoc zalo-oa connect" in (
        account("zalo-oa", "status").out
    )
    finding = of_the_doctor(account("doctor", "--json"))
    assert (finding["verdict"], "dondoc zalo-oa connect" in finding["advice"]) == ("fail", True)


def test_without_an_account_both_commands_say_what_to_set(dondoc):
    for word in ("connect", "status"):
        told = dondoc("zalo-oa", word)
        assert (told.code, "ZALO_OA_APP_ID" in told.err) == (2, True)
