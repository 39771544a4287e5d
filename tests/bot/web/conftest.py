from collections.abc import AsyncIterator

import pytest

from models.clock import SteppedClock
from models.database import Database
from tests.bot.web.world import World, make_world


@pytest.fixture
async def world(database: Database, clock: SteppedClock) -> AsyncIterator[World]:
    made = await make_world(database, clock)
    yield made
    await made.http.aclose()
