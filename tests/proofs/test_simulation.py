"""Weeks of a province on virtual time: each seed one history, each history judged, and told twice the same."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.proofs.figures import say

ROOT = Path(__file__).parents[2]


async def simulate(seeds: str, *, days: int, more: tuple[str, ...] = ()) -> list[dict]:
    """In a process of its own, for it takes the place of threads and of time."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.proofs.simulation", "--seeds", seeds, "--days", str(days), *more),
        cwd=ROOT,
        env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()[-4_000:]
    return [json.loads(line) for line in output.splitlines()]


async def test_two_days_with_crashes_keep_every_promise_and_are_told_twice_the_same():
    (tally,) = await simulate("7-7", days=2)
    assert tally["crashes"] > 0
    assert tally["messages"] > 0


async def test_where_nothing_may_be_said_twice_no_crash_makes_a_copy():
    (tally,) = await simulate("7-7", days=2, more=("--counted",))
    assert tally["crashes"] > 0
    assert (tally["lost"], tally["duplicates"]) == (0, 0)


@pytest.mark.prove
async def test_twenty_weeks_on_a_platform_that_counts_make_no_copy_and_lose_nothing():
    halves = await asyncio.gather(
        simulate("0-9", days=7, more=("--counted",)), simulate("10-19", days=7, more=("--counted",))
    )
    tallies = [tally for half in halves for tally in half]
    total = {name: sum(tally[name] for tally in tallies) for name in ("messages", "crashes", "unknown_given_up")}
    assert sum(tally["duplicates"] for tally in tallies) == 0
    say(
        f"simulation where nothing may be said twice: 20 seeds x 7 days, each twice: {total['messages']} messages, "
        f"{total['crashes']} crashes, {total['unknown_given_up']} of unknown outcome: lost 0, duplicates 0"
    )


@pytest.mark.prove
async def test_fifty_weeks_keep_every_promise_and_are_told_twice_the_same():
    halves = await asyncio.gather(simulate("0-24", days=7), simulate("25-49", days=7))
    tallies = [tally for half in halves for tally in half]
    assert len(tallies) == 50
    total = {name: sum(tally[name] for tally in tallies) for name in ("messages", "answers", "crashes", "duplicates")}
    say(
        f"simulation: 50 seeds x 7 days, each twice: {total['messages']} messages, {total['answers']} answers, "
        f"{total['crashes']} crashes: lost {max(tally['lost'] for tally in tallies)}, "
        f"duplicates {total['duplicates']} (at most {max(tally['most_copies'] for tally in tallies)} copies), "
        f"given up after two unknown outcomes {sum(tally['unknown_given_up'] for tally in tallies)}, "
        f"late at most {max(tally['latest_s'] for tally in tallies):.0f} s while up"
    )
