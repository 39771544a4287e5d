"""The same message at the person's next address, owed in the transaction that settles the first as not arrived."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.outbox import OutboxMessage
from models.person import Address
from models.terms import Lane
from reminders.dedup import chain_of, elsewhere_key
from reminders.outbox import Claimed, Draft, enqueue

_ad, _o = columns_of(Address), columns_of(OutboxMessage)


@dataclass(frozen=True, slots=True)
class NextAddress:
    """Nơi nhận tiếp theo của một người."""

    bot: str
    chat: str


async def next_address(session: AsyncSession, row: Claimed, *, bots: Collection[str]) -> NextAddress | None:
    """The first address in the person's order that may be tried and was not yet, for this message.

    None for a reply, which goes to the chat it answers or nowhere, and for what is addressed to no person.
    """
    if row.person_id is None or row.lane is Lane.REPLY:
        return None
    tried = (await session.execute(select(_o.bot, _o.chat).where(_o.dedup_key.in_(chain_of(row.dedup_key))))).all()
    was_tried = or_(
        *(and_(_ad.bot == bot, _ad.chat == chat) for bot, chat in {*map(tuple, tried), (row.bot, row.chat)})
    )
    query = select(_ad.bot, _ad.chat).where(
        _ad.person_id == row.person_id, _ad.unreachable_at.is_(None), _ad.bot.in_(bots), not_(was_tried)
    )
    found = (await session.execute(query.order_by(_ad.position, _ad.id).limit(1))).first()
    return NextAddress(*found) if found else None


async def pass_on(session: AsyncSession, row: Claimed, to: NextAddress, *, now: datetime) -> None:
    """Owe it there at once; the caller has settled `row`, under its own lease, as known not to have arrived."""
    again = Draft(
        dedup_key=elsewhere_key(row.dedup_key),
        bot=to.bot,
        chat=to.chat,
        lane=row.lane,
        form=row.form,
        payload=row.payload,
        person_id=row.person_id,
        assignment_id=row.assignment_id,
    )
    await enqueue(session, [again], now=now)
