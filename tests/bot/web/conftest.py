from collections.abc import AsyncIterator

import pytest

from models.clock import SteppedClock
from models.database import Database
from tests.bot.web.world import World, make_world


@pytest.fixture
async def world(sqlite_database: Database, clock: SteppedClock) -> AsyncIterator[World]:
    """On one database: what the page adds to the use-cases knows nothing of databases."""
    made = await make_world(sqlite_database, clock)
    yield made
    await made.http.aclose()


@pytest.fixture
async def world_on_both(database: Database, clock: SteppedClock) -> AsyncIterator[World]:
    """For what reads and writes on the way from the link to the plan."""
    made = await make_world(database, clock)
    yield made
    await made.http.aclose()
