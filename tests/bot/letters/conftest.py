import pytest

from tests.bot.letters.desk import a_desk


@pytest.fixture
async def desk(database, clock, tmp_path):
    return await a_desk(database, clock, tmp_path / "evidence")


@pytest.fixture
async def small_desk(sqlite_database, clock, tmp_path):
    """Where a second database would prove nothing more."""
    return await a_desk(sqlite_database, clock, tmp_path / "evidence")
