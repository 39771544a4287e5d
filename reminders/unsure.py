"""What may not have arrived: noted when a message is given up with its outcome unknown, told in the person's next one.

Nothing is said twice blindly where that costs: the facts of such a message ride in the next, and stand in the course
of the work and in the audit trail.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.terms import Lane
from models.unsure import UnsureNotice
from planner import audit
from reminders.outbox import Claimed

_n, _a = columns_of(UnsureNotice), columns_of(Assignment)

BY_ITSELF = "system"
"""The role of whoever did it, in the audit trail: nobody's."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Một việc trong một tin chưa chắc đã tới; no assignment and no unit: an overview of no one work."""

    id: int
    person_id: int
    unit_id: int | None
    assignment_id: int | None
    on: date


async def note_unsure(session: AsyncSession, row: Claimed, *, now: datetime) -> None:
    """Keep what this message was about, in the transaction that gives it up; a reply is asked for again by its asker.

    What it carried of an earlier one is unsure once more.
    """
    if row.person_id is None or row.lane is Lane.REPLY:
        return
    facts = {"dedup_key": row.dedup_key, "person_id": row.person_id, "happened_at": now}
    about: list[int | None] = [*_about(row)] or [None]
    await session.execute(insert(UnsureNotice), [facts | {"assignment_id": each} for each in about])
    for each in about:
        await audit.record(
            session,
            "delivery-unsure",
            now=now,
            channel=row.bot.partition(":")[0],
            person_id=row.person_id,
            role=BY_ITSELF,
            assignment_id=each,
            after={"message": row.dedup_key},
        )


def _about(row: Claimed) -> list[int]:
    carried = [each for unsure in row.payload.get("unsure", ()) for each in unsure["assignment_ids"]]
    own = [] if row.assignment_id is None else [row.assignment_id]
    return list(dict.fromkeys([*row.payload.get("assignment_ids", ()), *own, *carried]))


async def untold(
    session: AsyncSession, *, before: datetime, person_ids: Collection[int] | None = None
) -> dict[tuple[int, int | None], list[Unsure]]:
    """By person and unit, what happened before this instant and nobody has told them yet; the oldest first."""
    query = (
        select(_n.id, _n.person_id, _a.unit_id, _n.assignment_id, _n.happened_at)
        .outerjoin(Assignment, _a.id == _n.assignment_id)
        .where(_n.told_at.is_(None), _n.happened_at < before)
        .order_by(_n.happened_at, _n.id)
    )
    if person_ids is not None:
        query = query.where(_n.person_id.in_(person_ids))
    found: defaultdict[tuple[int, int | None], list[Unsure]] = defaultdict(list)
    for row in await session.execute(query):
        unsure = Unsure(row.id, row.person_id, row.unit_id, row.assignment_id, civil_day(row.happened_at))
        found[row.person_id, row.unit_id].append(unsure)
    return dict(found)


def as_payload(found: Iterable[Unsure]) -> list[dict[str, Any]]:
    """As it rides in a message: each day with the work its messages spoke of."""
    days: defaultdict[date, list[int]] = defaultdict(list)
    for each in found:
        days[each.on] += [each.assignment_id] if each.assignment_id is not None else []
    return [{"on": on.isoformat(), "assignment_ids": list(dict.fromkeys(ids))} for on, ids in sorted(days.items())]


async def mark_told(session: AsyncSession, told: Iterable[Unsure], *, now: datetime) -> None:
    """A message that says so is owed in this very transaction."""
    ids = [each.id for each in told]
    if ids:
        await session.execute(update(UnsureNotice).where(_n.id.in_(ids)).values(told_at=now))
