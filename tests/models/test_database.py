"""The two databases on one path: nothing lost, nothing nested, nothing written by a reader."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from threading import Thread

import asyncpg
import pytest
from sqlalchemy import URL, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from models import database as database_module
from models.database import MENDED_SQLITE, Database, open_database, sqlite_module
from models.errors import NotReadyError
from models.person import Address, Person
from tests.conftest import copy_of_sqlite


async def _add_person(database: Database, name: str, now: datetime) -> int:
    async with database.write() as session:
        person = Person(full_name=name, created_at=now)
        session.add(person)
        await session.commit()
        assert person.id is not None
        return person.id


async def _count_people(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(Person))).scalar_one()


async def test_what_is_committed_is_read_back(database: Database, now: datetime) -> None:
    await _add_person(database, "Nguyễn Thị Ngọc Ánh", now)
    async with database.read() as session:
        person = (await session.execute(select(Person))).scalar_one()
    assert (person.full_name, person.created_at) == ("Nguyễn Thị Ngọc Ánh", now)


async def test_what_is_not_committed_is_gone(database: Database, now: datetime) -> None:
    async with database.write() as session:
        session.add(Person(full_name="Ẩn", created_at=now))
        await session.flush()
    assert await _count_people(database) == 0


async def _fail_inside_a_write(database: Database, now: datetime) -> None:
    async with database.write() as session:
        session.add(Person(full_name="Ẩn", created_at=now))
        await session.flush()
        raise ZeroDivisionError


async def test_an_error_inside_a_write_gives_the_writer_back(database: Database, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError):
        await _fail_inside_a_write(database, now)
    await _add_person(database, "Sau lỗi", now)
    assert await _count_people(database) == 1


async def test_400_concurrent_increments_lose_none(sqlite_database: Database, now: datetime) -> None:
    """Read-modify-write in 8 tasks: a deferred BEGIN would lose most of them without an error."""
    person_id = await _add_person(sqlite_database, "0", now)

    async def increment_50_times() -> None:
        for _ in range(50):
            async with sqlite_database.write() as session:
                person = (await session.execute(select(Person).where(Person.id == person_id))).scalar_one()
                await asyncio.sleep(0)
                person.full_name = str(int(person.full_name) + 1)
                session.add(person)
                await session.commit()

    await asyncio.gather(*(increment_50_times() for _ in range(8)))
    async with sqlite_database.read() as session:
        assert (await session.execute(select(Person.full_name))).scalar_one() == "400"


async def test_two_programs_on_one_file_lose_nothing_and_wait_for_each_other(
    sqlite_template: Path, tmp_path: Path, now: datetime
) -> None:
    """`dondoc import` beside a running bot. A deferred BEGIN would read, then be refused the write."""
    url = copy_of_sqlite(sqlite_template, tmp_path)
    databases = [open_database(url), open_database(url)]
    person_id = await _add_person(databases[0], "0", now)

    async def increment(database: Database) -> None:
        for _ in range(25):
            async with database.write() as session:
                person = (await session.execute(select(Person).where(Person.id == person_id))).scalar_one()
                await asyncio.sleep(0.001)
                person.full_name = str(int(person.full_name) + 1)
                await session.commit()

    await asyncio.gather(*map(increment, databases))
    async with databases[1].read() as session:
        assert (await session.execute(select(Person.full_name))).scalar_one() == "50"
    for database in databases:
        await database.close()


async def test_readers_do_not_wait_for_a_writer(sqlite_database: Database, now: datetime) -> None:
    await _add_person(sqlite_database, "Trước", now)
    async with sqlite_database.write() as session:
        session.add(Person(full_name="Đang viết", created_at=now))
        await session.flush()
        assert await asyncio.wait_for(_count_people(sqlite_database), 1) == 1
        await session.commit()
    assert await _count_people(sqlite_database) == 2


async def test_a_read_session_cannot_write_on_sqlite(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.read() as session:
        session.add(Person(full_name="Không", created_at=now))
        with pytest.raises(OperationalError, match="readonly"):
            await session.flush()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("query_only", 0), ("busy_timeout", 10_000)],
)
async def test_the_writer_of_sqlite_is_durable_and_strict(
    sqlite_database: Database, pragma: str, value: object
) -> None:
    async with sqlite_database.write() as session:
        assert (await session.execute(text(f"PRAGMA {pragma}"))).scalar_one() == value


async def test_a_foreign_key_to_nobody_is_refused(database: Database, now: datetime) -> None:
    async with database.write() as session:
        session.add(Address(person_id=99, channel="telegram", bot="telegram:7001", chat="1", linked_at=now))
        with pytest.raises(IntegrityError):
            await session.flush()


async def test_a_cancelled_write_leaves_the_writer_free(sqlite_database: Database, now: datetime) -> None:
    started = asyncio.Event()

    async def write_for_ever() -> None:
        async with sqlite_database.write() as session:
            session.add(Person(full_name="Dở dang", created_at=now))
            await session.flush()
            started.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(write_for_ever())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(_add_person(sqlite_database, "Kế tiếp", now), 5)
    assert await _count_people(sqlite_database) == 1


async def test_a_backup_is_whole_while_others_write(sqlite_database: Database, now: datetime, tmp_path: Path) -> None:
    await _add_person(sqlite_database, "Có trong bản sao", now)
    target = tmp_path / "backup.db"
    await asyncio.gather(sqlite_database.backup(target), _add_person(sqlite_database, "Đồng thời", now))
    connection = sqlite3.connect(target)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM person").fetchone()[0] in (1, 2)
    finally:
        connection.close()


def test_the_sqlite_in_use_is_mended() -> None:
    assert sqlite_module().sqlite_version_info >= MENDED_SQLITE


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_a_database_that_cannot_serve_is_refused_with_advice(url: str) -> None:
    with pytest.raises(NotReadyError, match=r"DATABASE_URL|SQLite"):
        open_database(url)


@pytest.mark.parametrize("rested_s", [60.0, 0.0])
async def test_a_server_that_restarted_is_not_noticed_by_the_next_session(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch, rested_s: float
) -> None:
    """Used just now, its connections are known to be closed; after a rest they are asked."""
    monkeypatch.setattr(database_module, "RESTED_S", rested_s)
    async with AsyncExitStack() as at_once:
        for _ in range(3):
            session = await at_once.enter_async_context(postgresql_database.read())
            await session.execute(text("SELECT 1"))
    cutting = Thread(target=lambda: asyncio.run(_cut_off(postgresql_database.writer.url)))
    cutting.start()
    cutting.join()  # the loop stands still, so that nobody here has heard of it yet
    if rested_s:
        await asyncio.sleep(0.05)
    for _ in range(4):
        async with postgresql_database.read() as session:
            assert await session.scalar(text("SELECT 1")) == 1


async def _cut_off(url: URL) -> None:
    connection = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
    await connection.execute(others, url.database)
    await connection.close()
