"""Word to the coordinators of a plan that a unit is stuck or asks for time; within office hours, once per answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.conversation.incoming import Reply
from bot.conversation.turn import Rows, Turn
from models.terms import Lane, Role
from planner.delegate_work import officer_of
from planner.list_work import last_report_by
from planner.people import contacts
from planner.views import AssignmentView
from reminders.channel import Button
from reminders.office_hours import next_opening
from reminders.outbox import Draft, cancel, enqueue, text_payload

_Address = tuple[int, str, str]
"""(person, bot, chat)"""


async def tell_coordinators(
    turn: Turn, view: AssignmentView, template: str, *, keys: tuple[Button, ...] = (), **facts: Any
) -> bool:
    """Owe the notice to each coordinator who can be reached, except the speaker; False when there is nobody."""
    report = await last_report_by(turn.session, turn.person.id, since=turn.now)
    assert report is not None, "the answer this tells of was recorded in this very turn"
    people = await _reached(turn, view.coordinating_unit_id, Role.COORDINATOR)
    if not people:
        return False
    show = Button("Xem việc này", f"xem {view.number} @{view.unit_code}")
    reply = turn.say(template, view=view, buttons=((show, *keys),), **facts)[0]
    await _owe(turn, view, reply, {_key(report.id, person): address for person, address in people.items()})
    return True


async def tell_heads(turn: Turn, view: AssignmentView, template: str, **facts: Any) -> bool:
    """Word to the head that the officer who has the work has answered; False unless it is that officer who speaks."""
    officer = await officer_of(turn.session, view.id)
    report = await last_report_by(turn.session, turn.person.id, since=turn.now)
    if officer is None or report is None or officer.person_id != turn.person.id:
        return False
    heads = await _reached(turn, view.unit_id, Role.UNIT_HEAD)
    reply = turn.say(template, view=view, officer=officer.full_name, **facts)[0]
    await _owe(turn, view, reply, {_key(report.id, person): address for person, address in heads.items()})
    return bool(heads)


async def tell_person(
    turn: Turn, view: AssignmentView, person_id: int, template: str, *, key: str, keys: Rows = (), **facts: Any
) -> bool:
    """Word to one officer of the unit; `key` names the event, told once at one instant."""
    address = (await _reached(turn, view.unit_id, Role.OFFICER)).get(person_id)
    if address is None:
        return False
    reply = turn.say(template, view=view, buttons=keys, **facts)[0]
    await _owe(turn, view, reply, {f"{event_key(key, view, turn.now)}:{person_id}": address})
    return True


def event_key(key: str, view: AssignmentView, at: datetime) -> str:
    """One event about one assignment at one instant; the same words serve to withdraw what was told of it."""
    return f"notice:{key}:{view.id}:{at.timestamp():.0f}"


async def _owe(turn: Turn, view: AssignmentView, reply: Reply, to: Mapping[str, _Address]) -> None:
    drafts = [
        Draft(
            dedup_key=key,
            bot=bot,
            chat=chat,
            lane=Lane.REMINDER,
            form="text",
            payload=text_payload(reply.text, [[(each.label, each.command) for each in row] for row in reply.buttons]),
            person_id=person_id,
            assignment_id=view.id,
            send_after=next_opening(turn.now, turn.voice.wording.calendar),
        )
        for key, (person_id, bot, chat) in to.items()
    ]
    await enqueue(turn.session, drafts, now=turn.now)


async def withdraw(turn: Turn, report_id: int) -> None:
    """The answer was taken back: a notice of it that has not left yet is not owed any more."""
    by_unit = await contacts(turn.session, today=turn.today, roles=(Role.COORDINATOR, Role.UNIT_HEAD))
    people = {contact.person_id for found in by_unit.values() for contact in found}
    await cancel(turn.session, now=turn.now, dedup_keys=[_key(report_id, person) for person in people])


async def _reached(turn: Turn, unit_id: int, role: Role) -> dict[int, _Address]:
    """The people of this role in this unit who can be reached, but for the speaker."""
    by_unit = await contacts(turn.session, today=turn.today, roles=(role,), unit_ids=[unit_id])
    return {
        contact.person_id: (contact.person_id, contact.bot, contact.chat)
        for contact in by_unit.get(unit_id, ())
        if contact.bot and contact.chat and contact.person_id != turn.person.id
    }


def _key(report_id: int, person_id: int) -> str:
    return f"notice:{report_id}:{person_id}"
