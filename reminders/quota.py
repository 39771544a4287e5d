"""The ledger of a bot's month: what it took in and what it sent, written in the transactions that store and send.

One upsert for each bot and batch. A bot whose channel has no quota never comes here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, Date, String, Table, any_, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert  # SQLite renders the very same ON CONFLICT clause
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from models.quota import QuotaMonth
from reminders.choosing import month_of

_LEDGER: Table = QuotaMonth.metadata.tables["quota_month"]


@dataclass(frozen=True, slots=True)
class Used:
    """Đã dùng trong tháng, for one bot."""

    received: int
    sent: int
    warned_at: datetime | None = None

    @property
    def total(self) -> int:
        return self.received + self.sent


async def count_received(session: AsyncSession | AsyncConnection, numbers: Mapping[str, int], *, now: datetime) -> None:
    """So many updates of each bot were stored in this transaction. The caller commits."""
    for bot, number in sorted(numbers.items()):  # one order for everybody, or two intakes could wait for each other
        if number:
            await _add(session, bot, month_of(now), received=number)


def counting(came: CTE) -> Insert:
    """The same within the statement that stores: `came` has the bot of each row that is new (PostgreSQL).

    Parameters: `month`, and `counted`, the bots whose platform counts.
    """
    is_counted = came.c.bot == any_(bindparam("counted", type_=ARRAY(String)))
    month = bindparam("month", type_=Date)
    numbers = select(came.c.bot, month, func.count(), literal_column("0")).where(is_counted)
    names = ["bot", "month", "received", "sent"]
    return _adding(insert(_LEDGER).from_select(names, numbers.group_by(came.c.bot).order_by(came.c.bot)))


async def count_sent(session: AsyncSession, bot: str, number: int, *, now: datetime) -> int:
    """So many sends are about to begin; returns what the month came to before them, locked until the commit."""
    return await _add(session, bot, month_of(now), sent=number) - number


async def give_back(session: AsyncSession, bot: str, number: int, *, counted_at: datetime) -> None:
    """So many of the sends counted then are known not to have left."""
    statement = update(_LEDGER).where(_LEDGER.c.bot == bot, _LEDGER.c.month == month_of(counted_at))
    await session.execute(statement.values(sent=_LEDGER.c.sent - number))


async def _add(
    session: AsyncSession | AsyncConnection, bot: str, month: date, *, received: int = 0, sent: int = 0
) -> int:
    total: Any = await session.scalar(_ADD, {"bot": bot, "month": month, "received": received, "sent": sent})
    return int(total)


def _adding(statement: Insert) -> Insert:
    """What is inserted is added to what stands there already."""
    return statement.on_conflict_do_update(
        index_elements=[_LEDGER.c.bot, _LEDGER.c.month],
        set_={
            "received": _LEDGER.c.received + statement.excluded.received,
            "sent": _LEDGER.c.sent + statement.excluded.sent,
        },
    )


_NEW = {name: bindparam(name, type_=_LEDGER.c[name].type) for name in ("bot", "month", "received", "sent")}
_ADD = _adding(insert(_LEDGER).values(_NEW)).returning(_LEDGER.c.received + _LEDGER.c.sent)


async def used_by_bot(session: AsyncSession, month: date) -> dict[str, Used]:
    """Every bot that was counted in the month that begins on this day."""
    query = select(_LEDGER.c.bot, _LEDGER.c.received, _LEDGER.c.sent, _LEDGER.c.warned_at)
    rows = await session.execute(query.where(_LEDGER.c.month == month))
    return {row.bot: Used(row.received, row.sent, row.warned_at) for row in rows}


async def note_warned(session: AsyncSession, bot: str, *, now: datetime) -> bool:
    """True for whoever is the first this month; the admins of one bot are told once. The caller commits."""
    statement = update(_LEDGER).where(
        _LEDGER.c.bot == bot, _LEDGER.c.month == month_of(now), _LEDGER.c.warned_at.is_(None)
    )
    return (await session.execute(statement.values(warned_at=now).returning(_LEDGER.c.bot))).first() is not None
