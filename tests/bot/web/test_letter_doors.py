"""The one-time link and the cookie it is exchanged for: who gets in, how often, and how long."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from models.clock import SteppedClock
from models.columns import columns_of
from models.database import Database
from models.letter import Letter, LetterDoor
from models.person import Person
from models.terms import LetterState
from planner.letters.letter_doors import (
    LINK_STANDS,
    SESSION_STANDS,
    OpenedDoor,
    by_cookie,
    link_stands,
    new_link,
    open_link,
    prune_doors,
)

_d = columns_of(LetterDoor)


@pytest.fixture
async def letter_id(database: Database, now: datetime) -> int:
    async with database.write() as session:
        for number in (1, 2):
            await session.execute(insert(Person).values(full_name=f"Lê Mẫu {number}", is_active=True, created_at=now))
        await session.execute(insert(Letter).values(_letter(now)))
        made = await session.execute(insert(Letter).values(_letter(now)).returning(columns_of(Letter).id))
        found = int(made.scalar_one())
        await session.commit()
    return found


def _letter(now: datetime) -> dict:
    return {
        "person_id": 1, "channel": "local", "bot": "local:demo", "chat": "c", "file_name": "a.docx",
        "media_type": "x", "size": 1, "state": LetterState.READ, "received_at": now, "read_after": now, "later": [],
        "attempts": 0, "version": 0,
    }  # fmt: skip


async def made(database: Database, letter_id: int, now: datetime, person_id: int = 1) -> str:
    async with database.write() as session:
        secret = await new_link(session, letter_id, person_id, now=now)
        await session.commit()
    return secret


async def opened(database: Database, letter_id: int, secret: str, now: datetime) -> OpenedDoor | None:
    async with database.write() as session:
        door = await open_link(session, letter_id, secret, now=now)
        await session.commit()
    return door


async def who(database: Database, letter_id: int, cookie: str, now: datetime) -> int | None:
    async with database.read() as session:
        return await by_cookie(session, letter_id, cookie, now=now)


async def test_a_link_opens_once_and_its_cookie_lets_its_person_in(database: Database, letter_id: int, now: datetime):
    secret = await made(database, letter_id, now)
    door = await opened(database, letter_id, secret, now)
    assert door is not None
    assert door.person_id == 1
    assert await who(database, letter_id, door.cookie, now) == 1
    assert await opened(database, letter_id, secret, now) is None


async def test_looking_at_a_link_does_not_use_it_up(database: Database, letter_id: int, now: datetime):
    secret = await made(database, letter_id, now)
    async with database.read() as session:
        assert await link_stands(session, letter_id, secret, now=now)
        assert await link_stands(session, letter_id, secret, now=now)
    assert await opened(database, letter_id, secret, now) is not None
    async with database.read() as session:
        assert not await link_stands(session, letter_id, secret, now=now)


async def test_of_two_who_open_at_once_one_wins(database: Database, letter_id: int, now: datetime):
    secret = await made(database, letter_id, now)
    doors = await asyncio.gather(*(opened(database, letter_id, secret, now) for _ in range(6)))
    assert [door is not None for door in doors].count(True) == 1


async def test_a_link_stands_fifteen_minutes_and_a_cookie_eight_hours(
    database: Database, letter_id: int, clock: SteppedClock
):
    secret, late = await made(database, letter_id, clock()), await made(database, letter_id, clock(), person_id=2)
    clock.advance(LINK_STANDS - timedelta(seconds=1))
    door = await opened(database, letter_id, secret, clock())
    assert door is not None
    clock.advance(timedelta(seconds=1))
    assert await opened(database, letter_id, late, clock()) is None
    clock.advance(SESSION_STANDS - timedelta(seconds=2))
    assert await who(database, letter_id, door.cookie, clock()) == 1
    clock.advance(timedelta(seconds=1))
    assert await who(database, letter_id, door.cookie, clock()) is None


async def test_a_door_is_of_one_letter_only(database: Database, letter_id: int, now: datetime):
    secret = await made(database, letter_id, now)
    assert await opened(database, letter_id - 1, secret, now) is None
    door = await opened(database, letter_id, secret, now)
    assert door is not None
    assert await who(database, letter_id - 1, door.cookie, now) is None


async def test_the_secret_of_the_link_is_no_cookie_and_a_cookie_no_link(
    database: Database, letter_id: int, now: datetime
):
    secret = await made(database, letter_id, now)
    door = await opened(database, letter_id, secret, now)
    assert door is not None
    assert await who(database, letter_id, secret, now) is None
    assert await opened(database, letter_id, door.cookie, now) is None


async def test_a_new_link_ends_the_ones_before_but_not_what_was_opened(
    database: Database, letter_id: int, now: datetime
):
    door = await opened(database, letter_id, await made(database, letter_id, now), now)
    first = await made(database, letter_id, now)
    second = await made(database, letter_id, now)
    assert await opened(database, letter_id, first, now) is None
    assert await opened(database, letter_id, second, now) is not None
    assert door is not None
    assert await who(database, letter_id, door.cookie, now) == 1


async def test_only_sums_are_kept_and_secrets_hold_256_bits(database: Database, letter_id: int, now: datetime):
    secret = await made(database, letter_id, now)
    door = await opened(database, letter_id, secret, now)
    assert door is not None
    async with database.read() as session:
        row = (await session.execute(select(_d.link_hash, _d.cookie_hash))).one()
    assert all(len(each) == 64 for each in row)
    assert not {secret, door.cookie} & set(row)
    assert min(len(secret), len(door.cookie)) >= 43  # 32 bytes in base64


async def test_doors_that_closed_are_forgotten(database: Database, letter_id: int, now: datetime):
    door = await opened(database, letter_id, await made(database, letter_id, now), now)
    await made(database, letter_id, now)
    async with database.write() as session:
        await prune_doors(session, before=now + timedelta(hours=1))
        await session.commit()
    async with database.read() as session:
        assert len((await session.execute(select(_d.id))).all()) == 1
    assert door is not None
    assert await who(database, letter_id, door.cookie, now) == 1
