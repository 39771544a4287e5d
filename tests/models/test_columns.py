"""Columns refuse what would be ambiguous."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from models.columns import UtcDateTime, enum_by_value
from models.database import Database
from models.terms import Lane

_TABLE = Table(
    "column_probe",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("lane", enum_by_value(Lane)),
)
INSTANTS = st.datetimes(timezones=st.timezones()).filter(lambda instant: 1 < instant.year < 9999)


async def _create(database: Database) -> None:
    async with database.writer.begin() as connection:
        await connection.run_sync(_TABLE.metadata.create_all)


async def test_an_instant_comes_back_in_utc_wherever_it_was_said(database: Database, now: datetime) -> None:
    await _create(database)
    said = now.astimezone(timezone(timedelta(hours=7)))
    async with database.write() as session:
        await session.execute(insert(_TABLE).values(id=1, at=said, lane=Lane.REPLY))
        await session.commit()
    async with database.read() as session:
        row = (await session.execute(select(_TABLE))).one()
    assert (row.at, row.at.tzinfo, row.lane) == (now, UTC, Lane.REPLY)


async def test_an_instant_without_a_zone_is_refused(database: Database, now: datetime) -> None:
    await _create(database)
    async with database.write() as session:
        with pytest.raises(StatementError, match="time zone"):
            await session.execute(insert(_TABLE).values(id=1, at=now.replace(tzinfo=None)))


async def test_instants_compare_as_instants(database: Database, now: datetime) -> None:
    await _create(database)
    async with database.write() as session:
        await session.execute(insert(_TABLE), [{"id": n, "at": now + timedelta(microseconds=n)} for n in range(3)])
        await session.commit()
    async with database.read() as session:
        later = await session.execute(
            select(_TABLE.c.id).where(_TABLE.c.at > now.astimezone(timezone(timedelta(hours=7))))
        )
    assert sorted(later.scalars()) == [1, 2]


async def test_an_enumeration_is_stored_by_value(database: Database) -> None:
    await _create(database)
    async with database.write() as session:
        await session.execute(insert(_TABLE).values(id=1, lane=Lane.DIGEST))
        await session.commit()
        connection = await session.connection()
        stored = (await connection.exec_driver_sql("SELECT lane FROM column_probe")).scalar_one()
    assert stored == "digest"


@given(instant=INSTANTS)
def test_in_and_out_of_either_database_is_the_same_instant(instant: datetime) -> None:
    column = UtcDateTime()
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        back = column.process_result_value(column.process_bind_param(instant, dialect), dialect)
        # Python never calls a repeated hour equal to another zone's, so the two meet in UTC
        assert back == instant.astimezone(UTC)


def test_nothing_stays_nothing() -> None:
    column = UtcDateTime()
    assert column.process_bind_param(None, sqlite.dialect()) is None
    assert column.process_result_value(None, sqlite.dialect()) is None
