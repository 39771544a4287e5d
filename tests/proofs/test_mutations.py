"""The promises are really held by tests: each fault that would break one is built in, and the suite must notice.

Every mutation is an exact replacement in a copy of the tree; a text that is not there any more fails the proof, so the
list can never go stale in silence.
"""

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.proofs.figures import say

pytestmark = pytest.mark.prove

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "planner", "models", "reminders", "seed_plans", "tests")
AT_ONCE = 2


@dataclass(frozen=True)
class Mutation:
    """`tests` is what should notice: as few as show it."""

    name: str
    file: str
    old: str
    new: str
    tests: str


MUTATIONS = (
    Mutation(
        "the fence is gone: whoever settles last wins",
        "reminders/outbox.py",
        "return {row.id for row in result if row.lease_token == tokens[row.id]}",
        "return {row.id for row in result}",
        "tests/reminders/test_outbox.py",
    ),
    Mutation(
        "a message is marked delivered before it is sent",
        "reminders/delivery.py",
        "        wire_ref = await self._send_parts(parts)\n",
        "        from reminders.outbox import settle\n"
        "        early = delivered(self._row, wire_ref=None, parts_sent=len(parts))\n"
        "        async with self._stage.database.write() as session:\n"
        "            await settle(session, [early], now=self._stage.clock())\n"
        "            await session.commit()\n"
        "        wire_ref = await self._send_parts(parts)\n",
        "tests/reminders/test_deliver.py",
    ),
    Mutation(
        "SQLite begins a write as a read: deferred BEGIN",
        "models/database.py",
        'begin="BEGIN IMMEDIATE"',
        'begin="BEGIN"',
        "tests/models/test_database.py",
    ),
    Mutation(
        "updates are known by a high-water mark instead of a unique key",
        "reminders/inbox.py",
        "    return await _store(await session.connection(), updates, now=now, counted=counted) if updates else 0\n",
        "    mark = await session.scalar(select(func.max(func.length(_INBOX.c.update_key))))\n"
        "    highest = await session.scalar(select(func.max(_INBOX.c.update_key)))\n"
        "    updates = [u for u in updates if highest is None or (len(u.update_key), u.update_key) > (mark, highest)]\n"
        "    return await _store(await session.connection(), updates, now=now, counted=counted) if updates else 0\n",
        "tests/proofs/test_known_faults.py",
    ),
    Mutation(
        "the webhook answers before the commit",
        "reminders/inbox.py",
        "        await self._group.submit(row)\n",
        "        import asyncio\n\n        self._loose = asyncio.create_task(self._group.submit(row))\n",
        "tests/reminders/test_inbox.py",
    ),
    Mutation(
        "the poller confirms what could not be stored",
        "bot/telegram/poller.py",
        "            if batch:\n                await store([raw_update(update) for update in batch])\n",
        '            offset = max(update["update_id"] for update in batch) + 1 if batch else None\n'
        "            if batch:\n                await store([raw_update(update) for update in batch])\n",
        "tests/bot/telegram/test_telegram_poller.py",
    ),
    Mutation(
        "nothing keeps the order in a chat",
        "reminders/outbox.py",
        "            head.c.id == _head_of_its_chat(head, lane),\n",
        "",
        "tests/reminders/test_outbox.py",
    ),
    Mutation(
        "answers of one chat overtake each other",
        "reminders/inbox.py",
        ", head.c.id == first.scalar_subquery())",
        ")",
        "tests/reminders/test_inbox.py",
    ),
    Mutation(
        "a nudge is said as it was planned, whatever happened since",
        "reminders/render.py",
        "            if view.is_open\n",
        "            if True\n",
        "tests/paths/test_downtime.py",
    ),
    Mutation(
        "the mark 'handled' does not ask whose lease it is",
        "reminders/inbox.py",
        "_INBOX.c.id == update.id, _INBOX.c.lease_token == update.lease_token, _INBOX.c.state == _PENDING",
        "_INBOX.c.id == update.id",
        "tests/reminders/test_inbox.py",
    ),
    Mutation(
        "an unknown outcome is tried for ever",
        "reminders/outcomes.py",
        "may_resend=resend_when_unknown and claimed.unknown_outcomes == 0",
        "may_resend=resend_when_unknown",
        "tests/reminders/test_deliver.py",
    ),
    Mutation(
        "a sender that vanished while it sent is no unknown outcome",
        "reminders/delivery.py",
        "if self._row.begun_at is not None and not",
        "if False and not",
        "tests/reminders/test_next_address.py",
    ),
    Mutation(
        "a message of unknown outcome moves on to the next channel",
        "reminders/recording.py",
        "        if each.unreachable is not None or each.if_elsewhere is not None\n",
        "        if each.settlement.state is not OutboxState.DELIVERED\n",
        "tests/reminders/test_next_address.py",
    ),
    Mutation(
        "what may have arrived goes to the next channel once its address is blocked",
        "reminders/recording.py",
        "    if to is not None and not outcome.is_unsure:\n",
        "    if to is not None:\n",
        "tests/reminders/test_next_address.py",
    ),
    Mutation(
        "a message is counted in the month each time the platform repeats it",
        "reminders/inbox.py",
        "_rows(rows, now))).rowcount for bot, rows in",
        "_rows(rows, now))) and len(rows) for bot, rows in",
        "tests/reminders/test_quota.py",
    ),
    Mutation(
        "what surely was not sent counts in the month all the same",
        "reminders/recording.py",
        "    await _give_back(session, ours)\n",
        "",
        "tests/reminders/test_next_address.py",
    ),
    Mutation(
        "a leader believes in its lease to the last moment and beyond",
        "reminders/leases.py",
        "        return self._lease is not None and self._clock() < self._lease.held_until - self._margin\n",
        "        return self._lease is not None\n",
        "tests/reminders/test_leases.py",
    ),
    Mutation(
        "nudges go out on days off",
        "reminders/office_hours.py",
        "    return calendar.is_workday(civil_day(now)) and QUIET_UNTIL",
        "    return QUIET_UNTIL",
        "tests/paths/test_downtime.py",
    ),
    Mutation(
        "a reply is owed beside the transaction that changed the state",
        "bot/conversation/answering.py",
        "    await enqueue(session, drafts, now=now)\n",
        "    await session.commit()\n    await enqueue(session, drafts, now=now)\n",
        "tests/proofs/test_known_faults.py",
    ),
    Mutation(
        "a number answers for any unit's work",
        "bot/conversation/target.py",
        "    assert understood.number is not None\n"
        "    found = await find_by_number(turn.session, understood.number, Scope(unit_ids=turn.own_units))\n",
        "    assert understood.number is not None\n"
        "    found = await find_by_number(turn.session, understood.number, Scope(everything=True))\n",
        "tests/bot/conversation/test_adversarial.py",
    ),
    Mutation(
        "a yes accepts whatever is waiting by then",
        "bot/conversation/approvals.py",
        "    if understood.is_confirmed and await _was_shown(turn, views):\n",
        "    if understood.is_confirmed:\n",
        "tests/bot/conversation/test_approvals.py",
    ),
    Mutation(
        "a number means its choice for ever",
        "bot/conversation/choices.py",
        "    fresh = [each for each in meant if each.offer.at > turn.now - CHOICE_STANDS]\n",
        "    fresh = meant\n",
        "tests/bot/conversation/test_choices.py",
    ),
    Mutation(
        "a number still means a choice the person has left behind",
        "bot/conversation/choices.py",
        "    if place is None or not meant:\n"
        "        await withdraw_offers(turn.session, offers)\n"
        "        return turn\n",
        "    if place is None or not meant:\n        return turn\n",
        "tests/bot/conversation/test_choices.py",
    ),
    Mutation(
        "between two choices the newest is taken",
        "bot/conversation/choices.py",
        "    if len(fresh) > 1 or (not is_named and (names_work or is_asked)):\n",
        "    fresh = fresh[-1:]\n    if not is_named and (names_work or is_asked):\n",
        "tests/bot/conversation/test_choices.py",
    ),
)


async def test_every_fault_of_the_list_is_noticed(tmp_path):
    places = asyncio.Semaphore(AT_ONCE)
    noticed = await asyncio.gather(*(_is_noticed(each, tmp_path / str(n), places) for n, each in enumerate(MUTATIONS)))
    survivors = [each.name for each, was_noticed in zip(MUTATIONS, noticed, strict=True) if not was_noticed]
    say(f"mutations: {sum(noticed)} of {len(MUTATIONS)} were noticed")
    assert survivors == []


async def _is_noticed(mutation: Mutation, folder: Path, places: asyncio.Semaphore) -> bool:
    async with places:
        await asyncio.to_thread(_copy_with, mutation, folder)
        code, output = await _run_tests(folder, mutation.tests)
        shutil.rmtree(folder)
    # 1 means that tests failed; anything else than 0 and 1 means that they could not be run
    assert code in (0, 1), f"{mutation.name}: the tests could not be run\n{output[-3_000:]}"
    assert "error" not in output.splitlines()[-1], f"{mutation.name}: not a failure, an error\n{output[-3_000:]}"
    return code == 1


def _copy_with(mutation: Mutation, folder: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    path = folder / mutation.file
    text = path.read_text()
    assert text.count(mutation.old) == 1, f"{mutation.name}: {mutation.file} does not read so any more"
    path.write_text(text.replace(mutation.old, mutation.new))


async def _run_tests(folder: Path, tests: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql", *tests.split()),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()
