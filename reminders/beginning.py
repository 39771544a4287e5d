"""Written down before it leaves: a send that is counted, or that must not be repeated when its sender vanishes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from reminders.choosing import is_held
from reminders.outbox import Claimed, mark_begun, still_ours
from reminders.quota import count_sent, give_back


class Begun(StrEnum):
    """Được gửi chưa."""

    GO = "go"
    HELD = "held"
    LOST = "lost"


async def begin(
    session: AsyncSession, rows: Sequence[Claimed], *, quotas: Mapping[str, int | None], now: datetime
) -> list[Begun]:
    """Let these sends go, count them and mark their rows, or hold them for the quota's sake. The caller commits.

    LOST: the lease is somebody else's. The bot's ledger is locked from the count to the commit, so that two senders
    never both take the last place; one upsert for each bot, and one more where something is held.
    """
    mine = await still_ours(session, {row.id: row.lease_token for row in rows})
    by_bot: defaultdict[str, list[Claimed]] = defaultdict(list)
    for row in rows:
        if row.id in mine:
            by_bot[row.bot].append(row)
    going: set[int] = set()
    for bot, ours in sorted(by_bot.items()):
        going |= await _let_go(session, bot, ours, quotas[bot], now=now)
    await mark_begun(session, going, now=now)
    return [Begun.GO if row.id in going else Begun.HELD if row.id in mine else Begun.LOST for row in rows]


async def _let_go(
    session: AsyncSession, bot: str, rows: Sequence[Claimed], quota: int | None, *, now: datetime
) -> set[int]:
    if quota is None:
        return {row.id for row in rows}
    used = await count_sent(session, bot, len(rows), now=now)
    going: set[int] = set()
    for row in sorted(rows, key=lambda row: (row.priority, row.id)):
        # of what was begun the rest follows: half a message is worse than none
        if row.parts_sent or not is_held(row.lane, used=used + len(going), quota=quota):
            going.add(row.id)
    if len(going) < len(rows):
        await give_back(session, bot, len(rows) - len(going), counted_at=now)
    return going
