"""What delivery learns about addresses: one does not answer any more, one has moved."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.group_chat import GroupChat
from models.person import Address
from reminders.channel import SessionWindow
from reminders.choosing import WINDOW_CLOSED, Standing, standing

MOVED = "moved"
_REASON_LENGTH = 200
_ADDRESS: Table = Address.metadata.tables["address"]
_GROUP: Table = GroupChat.metadata.tables["group_chat"]


async def unreachable_reasons(session: AsyncSession, *, bot: str, chats: Collection[str]) -> dict[str, str]:
    """Why these addresses are out of use; one that is not named is in use, or it is nobody's."""
    rows = (await session.execute(_OUT_OF_USE, {"bot": bot, "chats": list(chats)})).all()
    return {row.chat: row.unreachable_reason or "unreachable" for row in rows}


_OUT_OF_USE = select(_ADDRESS.c.chat, _ADDRESS.c.unreachable_reason).where(
    _ADDRESS.c.bot == bindparam("bot"),
    _ADDRESS.c.chat.in_(bindparam("chats", expanding=True)),
    _ADDRESS.c.unreachable_at.is_not(None),
)


async def closed_windows(
    session: AsyncSession, *, bot: str, chats: Collection[str], window: SessionWindow, now: datetime
) -> dict[str, str]:
    """Of these chats the people's whose window is closed; a group has none."""
    query = select(_ADDRESS.c.chat, _ADDRESS.c.last_heard_at).where(_ADDRESS.c.bot == bot, _ADDRESS.c.chat.in_(chats))
    return {
        row.chat: WINDOW_CLOSED
        for row in await session.execute(query)
        if standing(window, last_heard_at=row.last_heard_at, now=now) is Standing.CLOSED
    }


async def mark_unreachable(session: AsyncSession, *, bot: str, chat: str, reason: str, now: datetime) -> None:
    """Out of use until the person speaks from it again, a group until it is linked anew; the first reason is kept."""
    for table in (_ADDRESS, _GROUP):
        statement = update(table).where(table.c.bot == bot, table.c.chat == chat, table.c.unreachable_at.is_(None))
        await session.execute(statement.values(unreachable_at=now, unreachable_reason=reason[:_REASON_LENGTH]))


async def move_address(session: AsyncSession, *, bot: str, old: str, new: str, now: datetime) -> None:
    """The address follows its chat; where the new one is known already, the old one only goes out of use."""
    for table in (_ADDRESS, _GROUP):
        known = await session.execute(select(table.c.id).where(table.c.bot == bot, table.c.chat == new))
        if known.first():
            await mark_unreachable(session, bot=bot, chat=old, reason=MOVED, now=now)
            return
    for table in (_ADDRESS, _GROUP):
        await session.execute(update(table).where(table.c.bot == bot, table.c.chat == old).values(chat=new))
