"""What a story begins with is told to the use-cases once in a process; every further database gets the same rows.

SQLite gets the whole file, byte for byte; PostgreSQL each table as it was, and its sequences as they stood.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import text

from models.database import Database, sqlite_module
from models.tables import METADATA

Answer = TypeVar("Answer")

_SEQUENCES = """
SELECT format('SELECT setval(%L, %s, %L)', schemaname || '.' || sequencename, last_value, true)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


@dataclass(frozen=True)
class _Built:
    """`rows`: the file on SQLite; on PostgreSQL what COPY wrote of each table, and the calls that set the sequences."""

    answer: Any
    rows: Any


_BUILT: dict[tuple[str, Hashable], _Built] = {}


async def built_once(database: Database, key: Hashable, build: Callable[[], Awaitable[Answer]]) -> Answer:
    """`build()`, once for a database that is migrated and empty; one that holds something already is built as it is.

    `key` names all that decides what it writes, and when.
    """
    place = (database.dialect, key)
    if database.dialect == "postgresql" and not await _is_empty(database):
        return await build()
    if place not in _BUILT:
        answer = await build()
        _BUILT[place] = _Built(answer, await _KEEP[database.dialect](database))
    elif not await _FILL[database.dialect](database, _BUILT[place].rows):
        return await build()
    return _BUILT[place].answer


async def _is_empty(database: Database) -> bool:
    anything = " UNION ALL ".join(f"(SELECT 1 FROM {table.name} LIMIT 1)" for table in METADATA.sorted_tables)  # noqa: S608 -- our own names
    async with database.read() as session:
        return (await session.execute(text(anything))).first() is None


async def _keep_sqlite(database: Database) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "built.db"
        await database.backup(copy)
        await asyncio.to_thread(_as_when_open, copy)
        return copy.read_bytes()


def _as_when_open(copy: Path) -> None:
    """A copy made by VACUUM has no write-ahead log; with one, opening it changes nothing."""
    with contextlib.closing(sqlite_module().connect(str(copy))) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


async def _fill_sqlite(database: Database, rows: bytes) -> bool:
    """False when somebody has opened the file already: it may not be changed under them."""
    return _replace_unopened(Path(str(database.writer.url.database)), rows)


def _replace_unopened(path: Path, content: bytes) -> bool:
    if path.with_name(f"{path.name}-wal").exists():
        return False
    path.write_bytes(content)
    return True


async def _keep_postgresql(database: Database) -> tuple[dict[str, bytes], str]:
    tables: dict[str, bytes] = {}
    async with database.writer.connect() as opened:
        driver = (await opened.get_raw_connection()).driver_connection
        for table in METADATA.sorted_tables:
            if await driver.fetchval(f"SELECT EXISTS (SELECT FROM {table.name})"):  # noqa: S608 -- our own names
                written = BytesIO()
                await driver.copy_from_table(table.name, output=written, format="binary")
                tables[table.name] = written.getvalue()
        return tables, ";".join(row[0] for row in await driver.fetch(_SEQUENCES))


async def _fill_postgresql(database: Database, rows: tuple[dict[str, bytes], str]) -> bool:
    tables, sequences = rows
    async with database.writer.connect() as opened:
        driver = (await opened.get_raw_connection()).driver_connection
        async with driver.transaction():
            for name, written in tables.items():
                await driver.copy_to_table(name, source=BytesIO(written), format="binary")
            await driver.execute(sequences)
    return True


_KEEP: dict[str, Callable[[Database], Awaitable[Any]]] = {"sqlite": _keep_sqlite, "postgresql": _keep_postgresql}
_FILL: dict[str, Callable[[Database, Any], Awaitable[bool]]] = {
    "sqlite": _fill_sqlite,
    "postgresql": _fill_postgresql,
}
