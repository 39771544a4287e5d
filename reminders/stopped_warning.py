"""Word to the admins that a bot cannot speak or hear, by whatever other way reaches them: once for each outage."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import civil_day
from models.terms import Lane, Role
from planner.people import Contact, contacts
from reminders.dedup import stopped_key
from reminders.outages import Outage, outages
from reminders.outbox import Draft, enqueue

FORM = "stopped"
PATIENCE = timedelta(minutes=30)
"""A network comes back by itself more often than not; a token never does."""


class Remedy(StrEnum):
    """Việc cần làm: which sentence tells what to do."""

    CONSENT = "consent"
    NEW_CODE = "code"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class _Stop:
    """Một bot đang dừng, with the first instant since when, whichever way it fails."""

    bot: str
    since: datetime
    remedy: Remedy


_TOKEN_WORDS = ("channel-stopped", "token-refused")


async def warn_of_stops(session: AsyncSession, *, now: datetime) -> int:
    """Owe it for each outage that will not end by itself, or has lasted; returns how many messages are new.

    To the admins who can be reached by another bot, else to such coordinators; the caller commits.
    """
    owed = 0
    for stop in _stops(await outages(session), now=now):
        people = await _whom_to_tell(session, without=stop.bot, now=now)
        owed += await enqueue(session, [_draft(stop, each) for each in people], now=now)
    return owed


def _stops(found: list[Outage], *, now: datetime) -> list[_Stop]:
    by_bot: dict[str, list[Outage]] = {}
    for each in found:
        by_bot.setdefault(each.bot, []).append(each)
    stops = [_stop(bot, parts) for bot, parts in by_bot.items()]
    due = [each for each in stops if each.remedy is not Remedy.LOOK or now - each.since >= PATIENCE]
    # one consent carries two channels, to persons and to groups: it is told of once, by the name of the first
    by_account = {(each.remedy, each.bot.partition(":")[2]): each for each in sorted(due, key=_by_length, reverse=True)}
    return sorted(by_account.values(), key=lambda each: each.bot)


def _by_length(stop: _Stop) -> tuple[int, str]:
    return len(stop.bot), stop.bot


def _stop(bot: str, parts: list[Outage]) -> _Stop:
    reasons = " ".join(each.reason for each in parts)
    remedy = Remedy.NEW_CODE if any(word in reasons for word in _TOKEN_WORDS) else Remedy.LOOK
    return _Stop(bot, min(each.since for each in parts), Remedy.CONSENT if "consent:" in reasons else remedy)


def _draft(stop: _Stop, to: Contact) -> Draft:
    return Draft(
        dedup_key=stopped_key(stop.bot, stop.since, to.person_id),
        bot=to.bot or "",
        chat=to.chat or "",
        lane=Lane.REMINDER,
        form=FORM,
        payload={"bot": stop.bot, "remedy": stop.remedy.value, "since": stop.since.isoformat()},
        person_id=to.person_id,
    )


async def _whom_to_tell(session: AsyncSession, *, without: str, now: datetime) -> list[Contact]:
    for role in (Role.ADMIN, Role.COORDINATOR):
        by_unit = await contacts(session, today=civil_day(now), roles=(role,), without_bot=without)
        people = {each.person_id: each for found in by_unit.values() for each in found if each.chat is not None}
        if people:
            return list(people.values())
    return []
