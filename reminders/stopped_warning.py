"""Word to the admins that a bot cannot speak until somebody acts, by whatever other way reaches them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import civil_day
from models.terms import Lane, Role
from planner.people import Contact, contacts
from reminders.dedup import stopped_key
from reminders.outbox import Draft, enqueue

FORM = "stopped"


async def warn_of_stop(session: AsyncSession, bot: str, *, remedy: str, since: datetime, now: datetime) -> int:
    """Owe it once for each `since`; returns to how many. `remedy` names the sentence that says what to do.

    To the admins who can be reached by another bot, else to such coordinators; the caller commits.
    """
    people = await _whom_to_tell(session, without=bot, now=now)
    drafts = [
        Draft(
            dedup_key=stopped_key(bot, since, each.person_id),
            bot=each.bot or "",
            chat=each.chat or "",
            lane=Lane.REMINDER,
            form=FORM,
            payload={"bot": bot, "remedy": remedy, "since": since.isoformat()},
            person_id=each.person_id,
        )
        for each in people
    ]
    return await enqueue(session, drafts, now=now)


async def _whom_to_tell(session: AsyncSession, *, without: str, now: datetime) -> list[Contact]:
    for role in (Role.ADMIN, Role.COORDINATOR):
        by_unit = await contacts(session, today=civil_day(now), roles=(role,), without_bot=without)
        people = {each.person_id: each for found in by_unit.values() for each in found if each.chat is not None}
        if people:
            return list(people.values())
    return []
