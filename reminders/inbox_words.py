"""What a person sent and nobody may keep is taken out of the inbox; that something came, and when, stays."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.inbox import InboxUpdate

ABOUT = timedelta(minutes=1)
"""Between the mark "handled" and what its handler wrote in the same transaction there is a moment, never a minute."""

_i = columns_of(InboxUpdate)


async def forget_words(session: AsyncSession, *, bot: str, chat: str, handled_at: datetime) -> None:
    """Empty what this chat sent and what was handled about then; the keys stay, so nothing comes twice."""
    then = (_i.handled_at >= handled_at - ABOUT, _i.handled_at <= handled_at + ABOUT)
    await session.execute(update(InboxUpdate).where(_i.bot == bot, _i.chat == chat, *then).values(body=""))
