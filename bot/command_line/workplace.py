"""What a command works on: the settings of this machine, and its database, brought up to date before it is used."""

import gc
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, TypeVar

from bot.settings import Settings

if TYPE_CHECKING:
    from models.database import Database

T = TypeVar("T")

SETTLING_TURNS, SETTLING_TURN_S = 20, 0.005


def finish(work: Coroutine[None, None, T]) -> T:
    """Run one command's work to its end, in a loop of its own: uvloop's, where there is one."""
    import asyncio

    try:
        from uvloop import new_event_loop
    except ImportError:  # there is none for Windows
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


@contextmanager
def loading() -> Iterator[None]:
    """While modules are loaded nothing is let go of: a tenth of the time to start went into looking for it.

    What is loaded then is looked through no more, so that a long-running process pauses for less.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@asynccontextmanager
async def opened(settings: Settings, *, upgrade: bool = True) -> AsyncIterator["Database"]:
    """The database; its schema is brought up by itself, so that a new version needs no step of its own."""
    from models.database import open_database

    database = open_database(settings.database_url)
    try:
        if upgrade:
            await bring_up(database)
        yield database
    except BaseException:
        await database.close()
        await _settle()
        raise
    await database.close()


async def _settle() -> None:
    """A connection that could not be opened ends its thread a moment later, and that thread still needs the loop."""
    import asyncio
    import threading

    for _turn in range(SETTLING_TURNS):
        if not any("_connection_worker_thread" in thread.name for thread in threading.enumerate()):
            return
        await asyncio.sleep(SETTLING_TURN_S)


async def bring_up(database: "Database") -> bool:
    """Bring the schema to the newest version; False, and no lock taken, where it is there already."""
    from models.migrations import current_revision, newest_revision, upgrade

    if await current_revision(database) == newest_revision():
        return False
    await upgrade(database)
    return True
