"""Addresses on a bot that nobody runs any more: out of use with that reason, and in use again as soon as it runs.

What waits there and surely has not left goes to the person's next address; it stays one row, so there is no copy.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Table, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.group_chat import GroupChat
from models.outbox import OutboxMessage
from models.person import Address
from models.terms import Lane, OutboxState
from reminders.choosing import BOT_NOT_RUN, QUOTA_HELD
from reminders.leases import held_names
from reminders.outbox import LEASE_EXPIRED

SENDING = "send:"
"""What the lease of a bot's sender is called, before the bot's own name."""

RETIRED_AFTER = timedelta(minutes=10)
"""So long after its last sender let go, or vanished, a bot still counts as run: a process that starts anew is back."""

_ADDRESS: Table = Address.metadata.tables["address"]
_GROUP: Table = GroupChat.metadata.tables["group_chat"]
_ad, _o = columns_of(Address), columns_of(OutboxMessage)


async def running_bots(session: AsyncSession, own: Collection[str], *, now: datetime) -> frozenset[str]:
    """The bots of this process, and those for which another one held the right to send a little while ago."""
    held = await held_names(session, SENDING, now=now - RETIRED_AFTER)
    return frozenset(own) | {name.removeprefix(SENDING) for name in held}


async def retire(session: AsyncSession, running: Collection[str], *, now: datetime) -> list[int]:
    """Pass over what these bots do not serve, and take back what was passed over on them before.

    Returns who is left without any address by this. The caller commits.
    """
    for table in (_ADDRESS, _GROUP):
        back = update(table).where(table.c.bot.in_(running), table.c.unreachable_reason == BOT_NOT_RUN)
        await session.execute(back.values(unreachable_at=None, unreachable_reason=None))
    gone = {"unreachable_at": now, "unreachable_reason": BOT_NOT_RUN}
    for_groups = update(_GROUP).where(_GROUP.c.bot.not_in(running), _GROUP.c.unreachable_at.is_(None))
    await session.execute(for_groups.values(gone))
    for_people = update(_ADDRESS).where(_ADDRESS.c.bot.not_in(running), _ADDRESS.c.unreachable_at.is_(None))
    passed_over = set((await session.execute(for_people.values(gone).returning(_ADDRESS.c.person_id))).scalars())
    homes = await _first_addresses(session, passed_over) if passed_over else {}
    for person_id, (bot, chat) in homes.items():
        waiting = update(OutboxMessage).where(_o.person_id == person_id, _o.bot.not_in(running), *_SURELY_HERE)
        due = case((_o.last_error == QUOTA_HELD, now), else_=_o.send_after)  # that month was another bot's
        await session.execute(waiting.values(bot=bot, chat=chat, reply_to=None, send_after=due, last_error=None))
    return sorted(passed_over - homes.keys())


async def _first_addresses(session: AsyncSession, people: Collection[int]) -> dict[int, tuple[str, str]]:
    """Where each of them is reached now; who is nowhere is not named."""
    query = select(_ad.person_id, _ad.bot, _ad.chat).where(_ad.person_id.in_(people), _ad.unreachable_at.is_(None))
    found: dict[int, tuple[str, str]] = {}
    for row in await session.execute(query.order_by(_ad.position, _ad.id)):
        found.setdefault(row.person_id, (row.bot, row.chat))
    return found


_SURELY_HERE = (
    _o.state == OutboxState.PENDING,
    _o.lane != Lane.REPLY,
    _o.lease_token.is_(None),
    _o.begun_at.is_(None),
    _o.unknown_outcomes == 0,
    _o.parts_sent == 0,
    or_(_o.last_error.is_(None), _o.last_error.not_like(f"%{LEASE_EXPIRED}")),
)
"""Nobody has it in hand, and nobody had who may have sent it before they vanished."""
