"""When a message cannot reach a person at any address they have: word to whoever coordinates their work."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.plan import Plan
from models.terms import OPEN_STATES, Lane, Role
from planner.people import Contact, KnownPerson, contacts, load_person
from reminders.choosing import BOT_NOT_RUN, WINDOW_CLOSED
from reminders.office_hours import next_opening
from reminders.outbox import Claimed, Draft, enqueue, text_payload
from reminders.wording import Wording, render

_a, _p = columns_of(Assignment), columns_of(Plan)

_REASONS = (
    ("blocked", "người dùng đã chặn hệ thống"),
    ("deactivated", "tài khoản không còn hoạt động"),
    ("kicked", "hệ thống đã bị đưa ra khỏi nhóm"),
    ("not found", "không tìm thấy cuộc trò chuyện"),
    (BOT_NOT_RUN, "bot đã liên kết không còn chạy"),
    (WINDOW_CLOSED, "đã lâu không nhắn cho hệ thống nên kênh này không cho gửi, người đó nhắn lại là nhận được"),
)


class Unreachable:
    """Xử lý khi không liên lạc được; called in the transaction that marks their last address."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._environment = wording.environment(Path(__file__).parent / "conversation" / "templates")

    async def __call__(self, session: AsyncSession, row: Claimed, reason: str, now: datetime) -> None:
        if row.person_id is None or row.lane is Lane.REPLY:
            return
        await self._tell_coordinators(session, row.person_id, said(reason), now=now)

    async def without_a_bot(self, session: AsyncSession, person_ids: Collection[int], now: datetime) -> int:
        """Word to whoever coordinates their work, all of them in one message; returns how many messages are new."""
        whom: dict[int, Contact] = {}
        lines: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
        for person_id in person_ids:
            person = await load_person(session, person_id, today=civil_day(now))
            if person is None:
                continue
            for contact in await self._desks_of(session, person, now=now):
                whom[contact.person_id] = contact
                lines[contact.person_id].append(_facts(person))
        drafts = [
            self._draft(contact, "retired", render(self._environment, "retired.j2", {"people": lines[each]}), now=now)
            for each, contact in whom.items()
        ]
        return await enqueue(session, drafts, now=now)

    async def _tell_coordinators(self, session: AsyncSession, person_id: int, reason: str, *, now: datetime) -> None:
        """Each coordinator of open work of this person's units, once a day for one person."""
        person = await load_person(session, person_id, today=civil_day(now))
        if person is None:
            return
        text = render(self._environment, "unreachable.j2", {**_facts(person), "reason": reason})
        desks = await self._desks_of(session, person, now=now)
        drafts = [self._draft(contact, "unreachable", text, now=now, about=f"{person_id}:") for contact in desks]
        await enqueue(session, drafts, now=now)

    async def _desks_of(self, session: AsyncSession, person: KnownPerson, *, now: datetime) -> list[Contact]:
        """Whoever coordinates open work of this person's units and can be reached; not they themselves."""
        desks = (
            select(_p.coordinating_unit_id)
            .distinct()
            .select_from(Assignment)
            .join(Plan, _p.id == _a.plan_id)
            .where(_a.unit_id.in_(person.units_as(Role.UNIT_HEAD, Role.OFFICER)), _a.state.in_(OPEN_STATES))
        )
        unit_ids = list((await session.execute(desks)).scalars())
        found = await contacts(session, today=civil_day(now), roles=(Role.COORDINATOR,), unit_ids=unit_ids)
        people = {each.person_id: each for group in found.values() for each in group if each.person_id != person.id}
        return [contact for contact in people.values() if contact.bot and contact.chat]

    def _draft(self, to: Contact, kind: str, text: str, *, now: datetime, about: str = "") -> Draft:
        return Draft(
            dedup_key=f"{kind}:{civil_day(now):%Y%m%d}:{about}{to.person_id}",
            bot=to.bot or "",
            chat=to.chat or "",
            lane=Lane.REMINDER,
            form="text",
            payload=text_payload(text),
            person_id=to.person_id,
            send_after=next_opening(now, self._wording.calendar),
        )


def _facts(person: KnownPerson) -> dict[str, str]:
    return {"name": person.full_name, "units": ", ".join(dict.fromkeys(place.unit_name for place in person.places))}


def said(reason: str) -> str:
    """The platform's reason in the reader's words."""
    folded = reason.casefold()
    return next((words for sign, words in _REASONS if sign in folded), "không liên lạc được qua tài khoản đã liên kết")
