"""Use-cases on where a person is reached: which channels they have linked, and which is tried first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.bot_account import BotAccount
from models.columns import columns_of
from models.errors import UnknownError
from models.person import Address
from planner import audit

_ad, _b = columns_of(Address), columns_of(BotAccount)


@dataclass(frozen=True, slots=True)
class LinkedChannel:
    """Một kênh đã liên kết của một người; the chat itself is told to nobody. `unreachable_at`: out of use since."""

    address_id: int
    channel: str
    bot: str
    shown_name: str | None
    last_heard_at: datetime | None
    unreachable_at: datetime | None
    unreachable_reason: str | None


async def channels_of(session: AsyncSession, person_id: int) -> list[LinkedChannel]:
    """In the order in which they are tried."""
    query = (
        select(
            _ad.id,
            _ad.channel,
            _ad.bot,
            _b.shown_name,
            _ad.last_heard_at,
            _ad.unreachable_at,
            _ad.unreachable_reason,
        )
        .outerjoin(BotAccount, _b.bot == _ad.bot)
        .where(_ad.person_id == person_id)
        .order_by(_ad.position, _ad.id)
    )
    return [LinkedChannel(*row) for row in await session.execute(query)]


async def put_first(
    session: AsyncSession, person_id: int, address_id: int, *, now: datetime, channel: str
) -> list[LinkedChannel]:
    """This address is tried first from now on, the others keep their order; what is owed already stays where it is.

    `channel`: through which this was asked. Raises UnknownError for an address that is not this person's.
    """
    found = await channels_of(session, person_id)
    first = next((each for each in found if each.address_id == address_id), None)
    if first is None:
        raise UnknownError("address", str(address_id))
    ordered = [first, *(each for each in found if each is not first)]
    for position, each in enumerate(ordered):
        await session.execute(update(Address).where(_ad.id == each.address_id).values(position=position))
    if ordered != found:
        await audit.record(
            session,
            "channel-put-first",
            now=now,
            channel=channel,
            person_id=person_id,
            before={"order": [each.bot for each in found]},
            after={"order": [each.bot for each in ordered]},
        )
    return ordered
