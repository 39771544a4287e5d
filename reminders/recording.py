"""What an outcome brings with it, in the one transaction that settles its row: next addresses, ledger, unsure facts."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.terms import OutboxState
from reminders.addresses import mark_unreachable
from reminders.holding import gather_held
from reminders.next_address import NextAddress, next_address, pass_on
from reminders.outbox import Claimed, Settlement, settle
from reminders.outcomes import Outcome
from reminders.quota import give_back
from reminders.unsure import note_unsure

log = logging.getLogger(__name__)

OnUnreachable = Callable[[AsyncSession, Claimed, str, datetime], Awaitable[None]]
"""(session, row, reason, now): in the very transaction that marks the address; nobody of theirs is left to try."""


async def record(
    session: AsyncSession, outcomes: Sequence[Outcome], *, bots: Collection[str], on_unreachable: OnUnreachable
) -> set[int]:
    """Settle these rows, each under its own lease; returns the ids that were ours. The caller commits."""
    elsewhere = {
        each.claimed.id: await next_address(session, each.claimed, bots=bots)
        for each in outcomes
        if each.unreachable is not None or each.if_elsewhere is not None
    }
    chosen = [_settlement(each, elsewhere.get(each.claimed.id)) for each in outcomes]
    mine = await settle(session, chosen, now=max(each.at for each in outcomes))
    ours = [each for each in outcomes if each.claimed.id in mine]
    for each in ours:
        await _follow(session, each, elsewhere.get(each.claimed.id), on_unreachable)
    await _give_back(session, ours)
    return mine


def _settlement(outcome: Outcome, to: NextAddress | None) -> Settlement:
    if to is not None and outcome.if_elsewhere is not None:
        return outcome.if_elsewhere
    return outcome.settlement


async def _follow(
    session: AsyncSession, outcome: Outcome, to: NextAddress | None, on_unreachable: OnUnreachable
) -> None:
    row = outcome.claimed
    if outcome.unreachable is not None:
        await mark_unreachable(session, bot=row.bot, chat=row.chat, reason=outcome.unreachable, now=outcome.at)
    if to is not None and not outcome.is_unsure:
        await pass_on(session, row, to, now=outcome.at)
    elif to is not None:
        log.info("outbox row %s may have arrived before its address went out of use: not said again", row.id)
    elif outcome.unreachable is not None:
        await on_unreachable(session, row, outcome.unreachable, outcome.at)
    elif outcome.if_elsewhere is not None:
        await gather_held(session, row, now=outcome.at)
    if outcome.is_unsure or outcome.settlement.state is OutboxState.UNKNOWN:
        await note_unsure(session, row, now=outcome.at)


async def _give_back(session: AsyncSession, outcomes: Sequence[Outcome]) -> None:
    """In one order for everybody: rows first, then the ledger, bot by bot."""
    unsent = Counter((each.claimed.bot, at) for each in outcomes for at in each.uncounted)
    for (bot, at), number in sorted(unsent.items()):
        await give_back(session, bot, number, counted_at=at)
