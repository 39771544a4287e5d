"""The town of the stories, on both databases."""

import pytest

from tests.bot.conversation.builders import build_town


@pytest.fixture
async def town(database, now):
    return await build_town(database, now)


@pytest.fixture
async def small_town(sqlite_database, now):
    """For rules of wording, where a second database would prove nothing more."""
    return await build_town(sqlite_database, now)
