"""The database: one writer and separate readers on SQLite, a pool on PostgreSQL, the same two calls on both.

SQLite from 3.7.0 to 3.51.2 can lose commits when two connections write and checkpoint a WAL at once; `pysqlite3`
carries a mended one and is used where the machine's own is older. See docs/decisions.md.
"""

import asyncio
import contextlib
import sqlite3 as system_sqlite
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import ModuleType, SimpleNamespace
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from models.errors import NotReadyError

MENDED_SQLITE = (3, 51, 3)
"""The first SQLite without the WAL-reset bug."""

BUSY_MS = 10_000
WAIT_FOR_CONNECTION_S = 30
RESTED_S = 1.0
"""A PostgreSQL connection unused for so long may have been cut off without a word."""

OpenSession = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(frozen=True)
class Database:
    """Cơ sở dữ liệu. `write` and `read` open a session; the caller commits a write, and never nests one in another.

    On SQLite a write session holds the only writing connection from its first statement (BEGIN IMMEDIATE) to its
    commit, so nothing slow and nothing of the network may happen inside. A read session cannot write.
    """

    dialect: str
    writer: AsyncEngine
    reader: AsyncEngine
    write: OpenSession
    read: OpenSession

    async def close(self) -> None:
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()

    async def backup(self, target: Path) -> None:
        """A consistent copy while everything runs on; SQLite only (PostgreSQL has pg_dump)."""
        await asyncio.to_thread(_copy_sqlite, str(self.reader.url.database), target)


def _copy_sqlite(source: str, target: Path) -> None:
    # a connection of its own: VACUUM refuses to run inside the transaction that an engine always opens
    with contextlib.closing(sqlite_module().connect(source, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def open_database(url: str, *, pool_size: int = 8) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; nothing is connected until it is used."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed, pool_size=pool_size)
    raise NotReadyError("DATABASE_URL phải bắt đầu bằng sqlite:/// hoặc postgresql://.")


def sqlite_module() -> ModuleType:
    """The SQLite to use: the machine's own when it is mended, else the one that `pysqlite3` carries."""
    if system_sqlite.sqlite_version_info >= MENDED_SQLITE:
        return system_sqlite
    try:
        import pysqlite3.dbapi2 as carried
    except ImportError:
        return system_sqlite
    return carried if carried.sqlite_version_info > system_sqlite.sqlite_version_info else system_sqlite


def _open_sqlite(url: URL) -> Database:
    if not url.database or url.database == ":memory:":
        raise NotReadyError("SQLite cần một tệp, ví dụ DATABASE_URL=sqlite:///var/dondoc.db.")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # what people answer is nobody else's on this machine
    writer = _sqlite_engine(url.database, begin="BEGIN IMMEDIATE", size=1, cache_kib=16_000, query_only=False)
    reader = _sqlite_engine(url.database, begin="BEGIN", size=4, cache_kib=4_000, query_only=True)
    return Database("sqlite", writer, reader, _sessions(writer), _sessions(reader))


def _sqlite_engine(path: str, *, begin: str, size: int, cache_kib: int, query_only: bool) -> AsyncEngine:
    """`cache_kib` is for each connection; what is not in it the system has in its own cache."""
    module = sqlite_module()

    def connect(*_args: Any, **_kwargs: Any) -> aiosqlite.Connection:
        connection = aiosqlite.Connection(
            lambda: module.connect(path, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False), 64
        )
        connection._thread.daemon = True  # noqa: SLF001 -- as SQLAlchemy's own connect does
        return connection

    # SQLAlchemy reads the error classes off this module, so they must be those of the SQLite really in use
    dbapi = SimpleNamespace(
        **{**vars(aiosqlite), **{name: getattr(module, name) for name in _DBAPI_NAMES}, "connect": connect}
    )
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=path),
        module=AsyncAdapt_aiosqlite_dbapi(dbapi, module),  # type: ignore[arg-type]
        poolclass=AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        json_serializer=_json,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            "temp_store=MEMORY",
            f"cache_size=-{cache_kib}",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


_DBAPI_NAMES = (
    "DatabaseError",
    "Error",
    "IntegrityError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "sqlite_version",
    "sqlite_version_info",
)


def _open_postgresql(url: URL, *, pool_size: int) -> Database:
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        json_serializer=_json,
        connect_args={"server_settings": {"timezone": "UTC", "application_name": "dondoc"}},
    )
    _ask_rested_connections(engine)
    return Database("postgresql", engine, engine, _sessions(engine), _sessions(engine))


def _ask_rested_connections(engine: AsyncEngine) -> None:
    """A connection that is closed is replaced, and one that has rested is first asked whether it lives.

    The pool's own `pool_pre_ping` asks each time: a fourth of a short transaction. What is cut off without a word
    within moments of its last use would as well have been cut off within its next.
    """
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def _rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _lives(connection: Any, record: Any, _proxy: Any) -> None:
        rests_since = record.info.pop("rests_since", None)
        if rests_since is None:  # it was opened just now
            return
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if monotonic() - rests_since < RESTED_S:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sessions(engine: AsyncEngine) -> OpenSession:
    make = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def open_session() -> AsyncIterator[AsyncSession]:
        session = make()
        try:
            yield session
        finally:
            # a cancelled task must still give its connection back whole
            await asyncio.shield(session.close())

    return open_session
