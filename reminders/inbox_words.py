"""What a person sent and nobody may keep is taken out of the inbox; that something came, and when, stays."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.inbox import InboxUpdate
from models.terms import InboxState

BEFORE = timedelta(minutes=30)
"""An update that had to be fetched again is handled that much later than it came."""

_i = columns_of(InboxUpdate)


async def forget_words(session: AsyncSession, *, bot: str, chat: str, handled_at: datetime) -> None:
    """Empty what this chat sent until then and what was handled; the keys stay, so nothing comes twice."""
    ours = (_i.bot == bot, _i.chat == chat, _i.state == InboxState.HANDLED)
    within = (_i.received_at >= handled_at - BEFORE, _i.received_at <= handled_at)
    await session.execute(update(InboxUpdate).where(*ours, *within).values(body=""))
