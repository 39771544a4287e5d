"""Whether Zalo still calls: our own words come back as events, so many sent and nothing heard means it does not."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.inbox import InboxUpdate
from models.outbox import OutboxMessage
from models.terms import OutboxState

MANY_SENT = 20
SILENT_FOR = timedelta(hours=24)

_in, _out = columns_of(InboxUpdate), columns_of(OutboxMessage)


async def is_silent(session: AsyncSession, bots: tuple[str, ...], *, now: datetime) -> bool:
    """Since the last event a day has passed and many messages have left: at Zalo's side the webhook is off."""
    heard_at = await session.scalar(select(func.max(_in.received_at)).where(_in.bot.in_(bots)))
    since = max(filter(None, (heard_at, now - SILENT_FOR * 7)))
    if now - since < SILENT_FOR:
        return False
    sent = select(func.count()).where(_out.bot.in_(bots), _out.state == OutboxState.DELIVERED, _out.settled_at > since)
    return (await session.scalar(sent) or 0) >= MANY_SENT
