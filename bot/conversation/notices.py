"""Word to the coordinators of a plan that a unit is stuck or asks for time; within office hours, once per answer."""

from typing import Any

from bot.conversation.turn import Turn
from models.terms import Lane, Role
from planner.list_work import last_report_by
from planner.people import contacts
from planner.views import AssignmentView
from reminders.channel import Button
from reminders.office_hours import next_opening
from reminders.outbox import Draft, cancel, enqueue, text_payload


async def tell_coordinators(turn: Turn, view: AssignmentView, template: str, **facts: Any) -> bool:
    """Owe the notice to each coordinator who can be reached, except the speaker; False when there is nobody."""
    report = await last_report_by(turn.session, turn.person.id, since=turn.now)
    assert report is not None, "the answer this tells of was recorded in this very turn"
    people = await _coordinators(turn, view)
    if not people:
        return False
    show = Button("Xem việc này", f"xem {view.number} @{view.unit_code}")
    reply = turn.say(template, view=view, buttons=((show,),), **facts)[0]
    drafts = [
        Draft(
            dedup_key=_key(report.id, person_id),
            bot=bot,
            chat=chat,
            lane=Lane.REMINDER,
            form="text",
            payload=text_payload(reply.text, [[(key.label, key.command) for key in row] for row in reply.buttons]),
            person_id=person_id,
            assignment_id=view.id,
            send_after=next_opening(turn.now, turn.voice.wording.calendar),
        )
        for person_id, (bot, chat) in people.items()
    ]
    await enqueue(turn.session, drafts, now=turn.now)
    return True


async def withdraw(turn: Turn, report_id: int) -> None:
    """The answer was taken back: a notice of it that has not left yet is not owed any more."""
    by_unit = await contacts(turn.session, today=turn.today, roles=(Role.COORDINATOR,))
    people = {contact.person_id for found in by_unit.values() for contact in found}
    await cancel(turn.session, now=turn.now, dedup_keys=[_key(report_id, person) for person in people])


async def _coordinators(turn: Turn, view: AssignmentView) -> dict[int, tuple[str, str]]:
    by_unit = await contacts(
        turn.session, today=turn.today, roles=(Role.COORDINATOR,), unit_ids=[view.coordinating_unit_id]
    )
    return {
        contact.person_id: (contact.bot, contact.chat)
        for contact in by_unit.get(view.coordinating_unit_id, ())
        if contact.bot and contact.chat and contact.person_id != turn.person.id
    }


def _key(report_id: int, person_id: int) -> str:
    return f"notice:{report_id}:{person_id}"
