"""When a message cannot reach a person at any address they have: word to whoever coordinates their work."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.assignment import Assignment
from models.clock import civil_day
from models.columns import columns_of
from models.plan import Plan
from models.terms import OPEN_STATES, Lane, Role
from planner.people import contacts, load_person
from reminders.choosing import WINDOW_CLOSED
from reminders.office_hours import next_opening
from reminders.outbox import Claimed, Draft, enqueue, text_payload
from reminders.wording import Wording, render

_a, _p = columns_of(Assignment), columns_of(Plan)

_REASONS = (
    ("blocked", "người dùng đã chặn hệ thống"),
    ("deactivated", "tài khoản không còn hoạt động"),
    ("kicked", "hệ thống đã bị đưa ra khỏi nhóm"),
    ("not found", "không tìm thấy cuộc trò chuyện"),
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

    async def _tell_coordinators(self, session: AsyncSession, person_id: int, reason: str, *, now: datetime) -> None:
        """Each coordinator of open work of this person's units, once a day for one person."""
        today = civil_day(now)
        person = await load_person(session, person_id, today=today)
        if person is None:
            return
        desks = (
            select(_p.coordinating_unit_id)
            .distinct()
            .select_from(Assignment)
            .join(Plan, _p.id == _a.plan_id)
            .where(_a.unit_id.in_(person.units_as(Role.UNIT_HEAD, Role.OFFICER)), _a.state.in_(OPEN_STATES))
        )
        unit_ids = list((await session.execute(desks)).scalars())
        found = await contacts(session, today=today, roles=(Role.COORDINATOR,), unit_ids=unit_ids)
        people = {each.person_id: each for group in found.values() for each in group if each.person_id != person_id}
        facts: dict[str, Any] = {
            "name": person.full_name,
            "units": ", ".join(dict.fromkeys(place.unit_name for place in person.places)),
            "reason": reason,
        }
        text = render(self._environment, "unreachable.j2", facts)
        drafts = [
            Draft(
                dedup_key=f"unreachable:{today:%Y%m%d}:{person_id}:{contact.person_id}",
                bot=contact.bot,
                chat=contact.chat,
                lane=Lane.REMINDER,
                form="text",
                payload=text_payload(text),
                person_id=contact.person_id,
                send_after=next_opening(now, self._wording.calendar),
            )
            for contact in people.values()
            if contact.bot and contact.chat
        ]
        await enqueue(session, drafts, now=now)


def said(reason: str) -> str:
    """The platform's reason in the reader's words."""
    folded = reason.casefold()
    return next((words for sign, words in _REASONS if sign in folded), "không liên lạc được qua tài khoản đã liên kết")
