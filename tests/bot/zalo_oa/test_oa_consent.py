"""Consent: an admin opens one address, agrees, and the account is connected; nobody else's call does anything."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from bot.zalo_oa.consent import CALLBACK_PATH, CONSENT_STANDS
from models.errors import ChannelStoppedError
from tests.bot.zalo_oa.asking import ask


async def call(account, address):
    app = FastAPI()
    app.router.routes.append(account.consent().route())
    status, body = await ask(app, "GET", CALLBACK_PATH, query=urlsplit(address).query.encode())
    return status, body.decode()


async def test_once_an_admin_agrees_the_account_is_connected(account):
    status, page = await call(account, account.oa.agree(await account.consent().ask()))
    assert status == 200
    assert "Đã kết nối" in page
    assert await account.keeper().access_token() in account.oa.access


def test_the_address_shows_the_challenge_and_never_the_verifier(account):
    asked = parse_qs(urlsplit(account.authorization.consent_url(callback="c", state="s", verifier="v" * 43)).query)
    assert asked.keys() == {"app_id", "redirect_uri", "code_challenge", "state"}
    assert "v" * 43 not in str(asked)


async def test_an_address_is_good_once(sqlite_account):
    account = sqlite_account
    answered = account.oa.agree(await account.consent().ask())
    assert (await call(account, answered))[0] == 200
    status, page = await call(account, answered)
    assert status == 400
    assert "dondoc zalo-oa connect" in page


async def test_an_address_is_good_for_an_hour(sqlite_account):
    account = sqlite_account
    answered = account.oa.agree(await account.consent().ask())
    account.clock.advance(CONSENT_STANDS + timedelta(seconds=1))
    assert (await call(account, answered))[0] == 400


@pytest.mark.parametrize("query", ["", "state=&code=x", "state=made-up&code=x", "state=%F0%9F%98%80"])
async def test_a_call_that_nobody_asked_for_does_nothing(sqlite_account, query):
    status, page = await call(sqlite_account, f"https://x.test/?{query}")
    assert status == 400
    assert "không còn dùng được" in page
    assert sqlite_account.oa.asked_tokens == 0


async def test_who_did_not_agree_is_told_how_to_begin_again(sqlite_account):
    account = sqlite_account
    state = parse_qs(urlsplit(await account.consent().ask()).query)["state"][0]
    status, page = await call(account, f"https://x.test/?state={state}")
    assert status == 400
    assert "chưa được kết nối" in page


async def test_a_code_that_zalo_does_not_take_connects_nothing(sqlite_account):
    account = sqlite_account
    answered = account.oa.agree(await account.consent().ask())
    account.oa.codes.clear()
    status, page = await call(account, answered)
    assert status == 502
    assert "Chưa lấy được phép" in page
    with pytest.raises(ChannelStoppedError):
        await account.keeper().access_token()


async def test_a_new_consent_brings_a_dead_account_back(sqlite_account):
    account = sqlite_account
    await account.connect()
    account.oa.refresh = None
    account.clock.advance(timedelta(hours=26))
    with pytest.raises(ChannelStoppedError):
        await account.keeper().access_token()
    await call(account, account.oa.agree(await account.consent().ask()))
    assert await account.keeper().access_token() in account.oa.access
    assert not await account.is_dead()
