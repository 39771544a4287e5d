"""Word to the admins that a bot's month runs out: once a month and bot, while there is still time to act."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import civil_day
from models.terms import Lane, Role
from planner.people import Contact, contacts
from reminders.choosing import month_of, runs_low
from reminders.dedup import quota_key
from reminders.outbox import Draft, enqueue
from reminders.quota import note_warned, used_by_bot

FORM = "quota"


async def warn_of_quotas(session: AsyncSession, quotas: Mapping[str, int], *, now: datetime) -> int:
    """Owe the warning for each bot that runs low and was not spoken of this month; returns how many messages.

    To the admins who can be reached, else to the coordinators; while there is nobody it stays untold. The caller
    commits.
    """
    low = await low_bots(session, quotas, now=now)
    people = await whom_to_tell(session, now=now) if low else []
    owed = 0
    for bot in low if people else ():
        if await note_warned(session, bot, now=now):
            owed += await enqueue(session, [_draft(bot, quotas[bot], each, now=now) for each in people], now=now)
    return owed


async def low_bots(session: AsyncSession, quotas: Mapping[str, int], *, now: datetime) -> list[str]:
    """Which bots run low this month without anybody having been told."""
    used = await used_by_bot(session, month_of(now))
    return [
        bot
        for bot, quota in sorted(quotas.items())
        if bot in used and used[bot].warned_at is None and runs_low(used=used[bot].total, quota=quota)
    ]


async def whom_to_tell(session: AsyncSession, *, now: datetime) -> list[Contact]:
    """Who looks after quotas and can be reached: the admins, else the coordinators."""
    for role in (Role.ADMIN, Role.COORDINATOR):
        by_unit = await contacts(session, today=civil_day(now), roles=(role,))
        people = {each.person_id: each for found in by_unit.values() for each in found if each.chat is not None}
        if people:
            return list(people.values())
    return []


def _draft(bot: str, quota: int, to: Contact, *, now: datetime) -> Draft:
    return Draft(
        dedup_key=quota_key(bot, month_of(now), to.person_id),
        bot=to.bot or "",
        chat=to.chat or "",
        lane=Lane.REMINDER,
        form=FORM,
        payload={"bot": bot, "quota": quota, "month": month_of(now).isoformat()},
        person_id=to.person_id,
    )
