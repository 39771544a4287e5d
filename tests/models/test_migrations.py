"""All migrations together are the schema of the models, on both databases, in both directions."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from models.database import Database, open_database
from models.migrations import current_revision, downgrade, newest_revision, upgrade
from models.tables import METADATA
from tests.conftest import _administer, _numbers, _with_database


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Nothing in it at all."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server, name = request.getfixturevalue("postgresql_server"), f"empty_{next(_numbers)}"
        await _administer(server, f"CREATE DATABASE {name}")
        url = _with_database(server, name)
    opened = open_database(url)
    yield opened
    await opened.close()


async def _inspect(database: Database, look: Any) -> Any:
    async with database.writer.connect() as connection:
        return await connection.run_sync(look)


def _differences(connection: Connection) -> list[Any]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def _partial_indexes(connection: Connection) -> dict[str, str]:
    """Autogenerate does not look at the WHERE of an index, and a claim without it is a scan of everything."""
    inspector, dialect = inspect(connection), connection.dialect.name
    found = {}
    for table in inspector.get_table_names():
        for index in inspector.get_indexes(table):
            where = index.get("dialect_options", {}).get(f"{dialect}_where")
            if where is not None:
                found[str(index["name"])] = _bare(str(where))
    return found


def _declared_partial_indexes(dialect: str) -> dict[str, str]:
    return {
        str(index.name): _bare(str(where))
        for table in METADATA.tables.values()
        for index in table.indexes
        if (where := index.dialect_options[dialect]["where"]) is not None
    }


def _bare(where: str) -> str:
    """PostgreSQL says = ANY (ARRAY[…]) where we say IN (…), and adds types and brackets."""
    bare = where.replace("::text", "").replace("::character varying", "").replace("[]", "").lower()
    return re.sub(r"= any array\[(.*?)\]", r"in \1", bare.replace("(", "").replace(")", ""))


async def test_all_migrations_are_the_schema_of_the_models(database: Database) -> None:
    assert await _inspect(database, _differences) == []


async def test_partial_indexes_keep_their_condition(database: Database) -> None:
    assert await _inspect(database, _partial_indexes) == _declared_partial_indexes(database.dialect)


async def test_up_down_up(empty_database: Database) -> None:
    await upgrade(empty_database)
    assert await _inspect(empty_database, _tables) == set(METADATA.tables)
    await downgrade(empty_database, "base")
    assert await _inspect(empty_database, _tables) == set()
    await upgrade(empty_database)
    assert await _inspect(empty_database, _differences) == []


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    await upgrade(database)
    assert await current_revision(database) == newest_revision()


async def test_an_empty_database_has_no_revision(empty_database: Database) -> None:
    assert await current_revision(empty_database) is None
