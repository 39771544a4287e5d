"""The overviews of a morning and of a week, and what may not have arrived before: it rides in the next of them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import at_civil, civil_day
from models.columns import columns_of
from models.person import Address
from models.terms import Lane, ReminderKind, Role
from planner.people import contacts
from reminders.dedup import desk_key, unsure_key, week_key
from reminders.outbox import Draft, enqueue
from reminders.unsure import Unsure, as_payload, mark_told, untold

_ad = columns_of(Address)

SINGLES = frozenset({ReminderKind.NEW, ReminderKind.LAST_DAY, ReminderKind.NEWLY_LATE})
"""Told in a message of their own; everything else of a morning shares one digest."""


async def plan_desks(session: AsyncSession, *, now: datetime) -> int:
    """One morning overview for each coordinator; whether there is anything to say is decided when it is sent."""
    today = civil_day(now)
    by_unit = await contacts(session, today=today, roles=(Role.COORDINATOR,))
    people = {contact.person_id: contact for found in by_unit.values() for contact in found if contact.chat}
    drafts = [
        Draft(
            dedup_key=desk_key(today, contact.person_id),
            bot=contact.bot or "",
            chat=contact.chat or "",
            lane=Lane.DIGEST,
            form="desk",
            payload={"person_id": contact.person_id, "on": today.isoformat()},
            person_id=contact.person_id,
        )
        for contact in people.values()
    ]
    return await enqueue(session, await with_unsure(session, drafts, now=now), now=now)


async def plan_weeks(session: AsyncSession, *, now: datetime, ended_at: datetime) -> int:
    """One overview of the week for each leader; its figures are those of the moment it is sent.

    A week whose end nobody was awake for is told of at the next occasion; not to those who were linked after it.
    """
    by_unit = await contacts(session, today=civil_day(now), roles=(Role.LEADER,))
    there = set((await session.execute(select(_ad.person_id).where(_ad.linked_at <= ended_at))).scalars())
    people = {
        contact.person_id: contact
        for found in by_unit.values()
        for contact in found
        if contact.chat and contact.person_id in there
    }
    ended_on = civil_day(ended_at)
    drafts = [
        Draft(
            dedup_key=week_key(ended_on, contact.person_id),
            bot=contact.bot or "",
            chat=contact.chat or "",
            lane=Lane.DIGEST,
            form="week",
            payload={"person_id": contact.person_id, "on": ended_on.isoformat()},
            person_id=contact.person_id,
        )
        for contact in people.values()
    ]
    return await enqueue(session, await with_unsure(session, drafts, now=now), now=now)


async def plan_unsure(session: AsyncSession, *, now: datetime) -> int:
    """A digest of what may not have arrived on an earlier day, for who got no other digest of that unit today."""
    today = civil_day(now)
    found = await untold(session, before=at_civil(today, time()))
    if not found:
        return 0
    units = [unit_id for _, unit_id in found if unit_id is not None]
    by_unit = await contacts(session, today=today, roles=(Role.UNIT_HEAD, Role.OFFICER), unit_ids=units)
    people = {(each.person_id, unit): each for unit, heads in by_unit.items() for each in heads if each.chat}
    drafts = [
        Draft(
            dedup_key=unsure_key(today, contact.person_id, unit_id),
            bot=contact.bot or "",
            chat=contact.chat or "",
            lane=Lane.DIGEST,
            form="nudge",
            payload={"person_id": contact.person_id, **_nothing_new(unit_id, today)},
            person_id=contact.person_id,
        )
        for (_, unit_id), contact in people.items()
        if (contact.person_id, unit_id) in found
    ]
    return await enqueue(session, await with_unsure(session, drafts, now=now), now=now)


async def with_unsure(
    session: AsyncSession, drafts: Sequence[Draft], *, now: datetime, counted: Collection[str] = ()
) -> list[Draft]:
    """Overviews take along what may not have reached their person on an earlier day; single pings do not, but for
    those of the bots `counted`, where they become digests for it.

    A unit's digest speaks of that work anew, every other overview only names it. What was told is marked so in this
    transaction.
    """
    overviews = [
        draft
        for draft in drafts
        if draft.person_id is not None and (draft.payload.get("topic") not in SINGLES or draft.bot in counted)
    ]
    if not overviews:
        return list(drafts)
    person_ids = {draft.person_id for draft in overviews if draft.person_id is not None}
    left = await untold(session, before=at_civil(civil_day(now), time()), person_ids=person_ids)
    if not left:
        return list(drafts)
    told: list[Unsure] = []
    carrying = {id(draft): _carrying(draft, left, told) for draft in overviews}
    await mark_told(session, told, now=now)
    return [carrying.get(id(draft), draft) for draft in drafts]


def _carrying(draft: Draft, left: dict[tuple[int, int | None], list[Unsure]], told: list[Unsure]) -> Draft:
    is_digest = draft.form == "nudge"
    theirs = [
        key for key in left if key[0] == draft.person_id and (not is_digest or key[1] == draft.payload["unit_id"])
    ]
    found = [each for key in theirs for each in left.pop(key)]
    if not found:
        return draft
    told += found
    payload = {**draft.payload, "unsure": as_payload(found)}
    if is_digest:
        anew = [each.assignment_id for each in found if each.assignment_id is not None]
        payload["topic"] = "digest"
        payload["assignment_ids"] = list(dict.fromkeys([*draft.payload["assignment_ids"], *anew]))
    return replace(draft, payload=payload, assignment_id=None if is_digest else draft.assignment_id)


def _nothing_new(unit_id: int, today: date) -> dict[str, Any]:
    """A digest of no rung: it is filled with what may not have arrived."""
    return {
        "unit_id": unit_id,
        "topic": "digest",
        "on": today.isoformat(),
        "assignment_ids": [],
        "stuck_ids": [],
        "missed": False,
    }
