"""Addresses on a bot that nobody runs any more: out of use with that reason, and in use again as soon as it runs."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.group_chat import GroupChat
from models.person import Address
from reminders.choosing import BOT_NOT_RUN
from reminders.leases import held_names

SENDING = "send:"
"""What the lease of a bot's sender is called, before the bot's own name."""

_ADDRESS: Table = Address.metadata.tables["address"]
_GROUP: Table = GroupChat.metadata.tables["group_chat"]
_ad = columns_of(Address)


async def running_bots(session: AsyncSession, own: Collection[str], *, now: datetime) -> frozenset[str]:
    """The bots of this process, and those for which another one holds the right to send just now."""
    held = await held_names(session, SENDING, now=now)
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
    if not passed_over:
        return []
    still = select(_ad.person_id).where(_ad.person_id.in_(passed_over), _ad.unreachable_at.is_(None))
    return sorted(passed_over - set((await session.execute(still)).scalars()))
