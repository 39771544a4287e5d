"""Sixty people on two bots live through a month inside the quota, and when it runs out nothing that matters is lost."""

import pytest

from models.outbox import OutboxMessage
from models.terms import Lane, OutboxState
from tests.proofs.figures import say
from tests.proofs.month_of_quota import BOTS, Office, live_a_month


async def test_a_week_of_a_small_office_is_counted_as_the_platform_counts_and_loses_nothing(sqlite_database):
    _, tally = await live_a_month(sqlite_database, Office(people=10, last_day=8))
    assert tally.lost == []
    assert tally.ledger == tally.totals
    assert (tally.nudges > 0, tally.replies > 0, tally.held) == (True, True, 0)


async def test_when_the_quota_runs_out_answers_still_go_and_the_rest_waits_for_the_first(sqlite_database):
    month, tally = await live_a_month(sqlite_database, Office(people=10, last_day=8, quota=30, seed=3))
    assert tally.lost == []
    assert tally.ledger == tally.totals
    assert tally.held > 0
    assert tally.held_replies == 0
    await month.first_of_next_month()
    rows = await month.all_of(OutboxMessage)
    assert [row.dedup_key for row in rows if row.state is OutboxState.PENDING] == []
    warnings = [row for row in rows if row.form == "quota"]
    assert len(warnings) == len(BOTS)


@pytest.mark.prove
async def test_a_month_of_sixty_people_on_two_bots_stays_inside_three_thousand_messages_each(sqlite_database):
    _, tally = await live_a_month(sqlite_database, Office())
    assert tally.lost == []
    assert tally.ledger == tally.totals
    assert all(total <= 3_000 for total in tally.totals.values()), tally.totals
    assert tally.held == 0
    say(
        f"a month of 60 people on 2 bots of 3,000: {' and '.join(map(str, tally.totals.values()))} messages both ways, "
        f"{tally.nudges} nudges, {tally.replies} replies, {tally.unknown} of unknown outcome, lost 0, held 0"
    )


@pytest.mark.prove
async def test_an_office_too_talkative_for_its_bots_is_warned_held_and_loses_nothing(sqlite_database):
    month, tally = await live_a_month(sqlite_database, Office(quota=1_200, lookups_per_day=1.0, seed=2))
    assert tally.lost == []
    assert tally.ledger == tally.totals
    assert tally.held_replies == 0
    rows = await month.all_of(OutboxMessage)
    assert len([row for row in rows if row.form == "quota"]) == len(BOTS)
    assert {row.lane for row in rows if row.state is OutboxState.PENDING} <= {Lane.DIGEST, Lane.REMINDER}
    await month.first_of_next_month()
    waiting = [row.dedup_key for row in await month.all_of(OutboxMessage) if row.state is OutboxState.PENDING]
    assert waiting == []
    say(f"the same on 1,200 messages each, talking more: {tally.held} waited for the next month, lost 0")
