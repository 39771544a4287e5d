"""What the quota holds: of one chat's overviews only the newest waits, and it speaks of all that the others did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import columns_of
from models.outbox import OutboxMessage
from models.terms import Lane, OutboxState
from reminders.choosing import QUOTA_HELD
from reminders.outbox import Claimed

_o = columns_of(OutboxMessage)
_JOINED = ("assignment_ids", "stuck_ids", "unsure")


async def gather_held(session: AsyncSession, row: Claimed, *, now: datetime) -> None:
    """Take into this row, held just now, those of its kind that wait in the same chat; they are owed no more.

    Else a person would get a week of mornings on the first of the month. Single pings and notices each wait by
    themselves. The caller commits.
    """
    if row.lane is not Lane.DIGEST:
        return
    query = select(_o.id, _o.payload).where(
        _o.state == OutboxState.PENDING,
        _o.bot == row.bot,
        _o.chat == row.chat,
        _o.lane == row.lane,
        _o.form == row.form,
        _o.last_error == QUOTA_HELD,
        _o.lease_token.is_(None),
        _o.id != row.id,
    )
    found = (await session.execute(query.order_by(_o.id))).all()
    older = [each for each in found if each.payload.get("unit_id") == row.payload.get("unit_id")]
    if not older:
        return
    payload = dict(row.payload)
    for each in older:
        payload = _joined(payload, each.payload)
    await session.execute(update(OutboxMessage).where(_o.id == row.id).values(payload=payload, assignment_id=None))
    superseded = update(OutboxMessage).where(_o.id.in_([each.id for each in older]))
    await session.execute(superseded.values(state=OutboxState.CANCELLED, settled_at=now))


def _joined(newer: Mapping[str, Any], older: Mapping[str, Any]) -> dict[str, Any]:
    joined = dict(newer)
    for name in _JOINED:
        extra = [each for each in older.get(name, ()) if each not in newer.get(name, ())]
        if extra:
            joined[name] = [*newer.get(name, ()), *extra]
    return joined


async def held_by_bot(session: AsyncSession) -> dict[str, int]:
    """How many messages wait for the month's end, by bot."""
    query = select(_o.bot, func.count()).where(_o.state == OutboxState.PENDING, _o.last_error == QUOTA_HELD)
    return {row[0]: row[1] for row in await session.execute(query.group_by(_o.bot))}
