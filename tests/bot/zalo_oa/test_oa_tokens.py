"""A refresh token is good once: however many ask, crash or freeze, one pair is got, and none is lost in silence."""

import asyncio
from datetime import timedelta

import pytest

from bot.zalo_oa.tokens import ASKING, REFRESH_BEFORE
from models.errors import ChannelStoppedError, TryLaterError
from tests.fakes.oa_server import APP_ID

LIFE = timedelta(hours=25)
NEARLY_OVER = LIFE - REFRESH_BEFORE + timedelta(minutes=1)


async def test_while_the_token_is_good_nobody_asks_for_another(account):
    await account.connect()
    account.clock.advance(LIFE - REFRESH_BEFORE - timedelta(minutes=1))
    tokens = {await account.keeper().access_token() for _ in range(3)}
    assert (len(tokens), account.oa.rotations) == (1, 1)


async def test_an_hour_before_its_end_the_next_pair_is_written_before_it_is_used(account):
    await account.connect()
    first = await account.keeper().access_token()
    account.clock.advance(NEARLY_OVER)
    second = await account.keeper().access_token()
    assert second != first
    assert await account.keeper().access_token() == second
    assert (account.oa.rotations, account.oa.refresh is not None) == (2, True)


async def test_of_many_who_need_the_next_pair_at_once_one_asks_and_none_is_without(account):
    await account.connect()
    account.clock.advance(NEARLY_OVER)
    tokens = await asyncio.gather(*(account.keeper().access_token() for _ in range(8)))
    assert account.oa.rotations == 2
    assert set(tokens) <= set(account.oa.access)
    assert await account.keeper().access_token() in account.oa.access
    assert not await account.is_dead()


async def test_of_many_whose_token_has_ended_one_asks_and_the_others_come_back_later(account):
    await account.connect()
    account.clock.advance(LIFE + timedelta(minutes=1))
    answers = await asyncio.gather(*(account.keeper().access_token() for _ in range(8)), return_exceptions=True)
    assert account.oa.rotations == 2
    assert any(isinstance(each, str) for each in answers)
    assert all(isinstance(each, str | TryLaterError) for each in answers)
    assert not await account.is_dead()


async def test_a_process_that_dies_between_the_answer_and_the_save_is_found_out_once_and_nobody_asks_again(account):
    """Nothing can bring that pair back: a person has to consent anew, and is told so once."""
    await account.connect()
    account.clock.advance(LIFE + timedelta(minutes=1))
    account.oa.lose_answer("token")
    with pytest.raises(TryLaterError):
        await account.keeper().access_token()
    with pytest.raises(TryLaterError):
        await account.keeper().access_token()
    assert account.oa.asked_tokens == 2  # the first pair, and the answer that was lost
    account.clock.advance(ASKING + timedelta(seconds=1))
    for _ in range(5):
        with pytest.raises(ChannelStoppedError):
            await account.keeper().access_token()
        account.clock.advance(timedelta(hours=1))
    assert account.oa.asked_tokens == 3
    assert await account.is_dead()


async def test_a_process_that_dies_before_it_asked_costs_a_minute_and_nothing_else(account):
    from reminders import leases

    await account.connect()
    account.clock.advance(LIFE + timedelta(minutes=1))
    async with account.database.write() as session:
        await leases.acquire(session, f"oa-refresh:{APP_ID}", "dead", now=account.clock(), ttl=ASKING)
        await session.commit()
    with pytest.raises(TryLaterError):
        await account.keeper().access_token()
    account.clock.advance(ASKING + timedelta(seconds=1))
    assert await account.keeper().access_token() in account.oa.access
    assert not await account.is_dead()


async def test_who_was_frozen_with_the_only_good_pair_still_saves_it_though_it_was_called_dead(account):
    await account.connect()
    account.clock.advance(LIFE + timedelta(minutes=1))
    frozen, thawed, asked = account.keeper(), asyncio.Event(), asyncio.Event()
    refresh = frozen._authorization.refresh

    class Freezing:
        app_id = APP_ID

        async def refresh(self, token):
            pair = await refresh(token)
            asked.set()
            await thawed.wait()
            return pair

    frozen._authorization = Freezing()
    waiting = asyncio.create_task(frozen.access_token())
    await asked.wait()
    account.clock.advance(ASKING + timedelta(seconds=1))
    with pytest.raises(ChannelStoppedError):
        await account.keeper().access_token()
    thawed.set()
    token = await waiting
    assert await account.keeper().access_token() == token
    assert token in account.oa.access


async def test_a_refusal_that_may_pass_keeps_the_token_that_still_serves(account):
    await account.connect()
    first = await account.keeper().access_token()
    account.clock.advance(NEARLY_OVER)
    account.oa.refuse("token", -32)
    assert await account.keeper().access_token() == first
    assert await account.keeper().access_token() != first
    assert not await account.is_dead()


async def test_a_token_that_zalo_turned_down_is_not_given_again(account):
    await account.connect()
    first = await account.keeper().access_token()
    assert await account.keeper().access_token(refused=first) != first
    assert account.oa.rotations == 2


async def test_without_a_consent_or_with_another_secret_key_the_channel_stops_and_says_what_to_do(sqlite_account):
    account = sqlite_account
    with pytest.raises(ChannelStoppedError, match="dondoc zalo-oa connect"):
        await account.keeper().access_token()
    await account.connect()
    with pytest.raises(ChannelStoppedError, match="SECRET_KEY"):
        await account.keeper("another-secret-key").access_token()


async def test_tokens_stand_nowhere_in_the_database_as_they_are(sqlite_account):
    from sqlalchemy import text

    account = sqlite_account
    await account.connect()
    async with account.database.read() as session:
        row = (await session.execute(text("SELECT * FROM oa_account"))).one()
    stored = " ".join(map(str, row))
    assert account.oa.refresh not in stored
    assert not any(token in stored for token in account.oa.access)
