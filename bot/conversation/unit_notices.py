"""Word to a unit that something was decided about its work: within office hours, once per decision and person."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.conversation.turn import Rows, Turn
from models.columns import columns_of
from models.outbox import OutboxMessage
from models.terms import Lane, OutboxState, Role
from planner.people import Contact, contacts
from planner.views import AssignmentView
from reminders.office_hours import next_opening
from reminders.outbox import Draft, cancel, enqueue, text_payload
from reminders.scan import nudged

_o = columns_of(OutboxMessage)


async def tell_unit(
    turn: Turn,
    view: AssignmentView,
    template: str,
    *,
    key: str,
    unit_id: int | None = None,
    keys: Rows = (),
    **facts: Any,
) -> bool:
    """Owe the notice to the people of the work's unit (or of `unit_id`); False when nobody there can be reached.

    `key` names the decision: the same one is told once, and can be withdrawn.
    """
    people = await _people(turn, view.unit_id if unit_id is None else unit_id)
    if not people:
        return False
    reply = turn.say(template, view=view, buttons=keys, **facts)[0]
    payload = text_payload(reply.text, [[(each.label, each.command) for each in row] for row in reply.buttons])
    is_theirs = unit_id is None or unit_id == view.unit_id
    drafts = [
        Draft(
            dedup_key=f"{key}:{contact.unit_id}:{contact.person_id}",
            bot=contact.bot or "",
            chat=contact.chat or "",
            lane=Lane.REMINDER,
            form="text",
            payload=payload,
            person_id=contact.person_id,
            assignment_id=view.id if is_theirs else None,
            send_after=next_opening(turn.now, turn.voice.wording.calendar),
        )
        for contact in people
    ]
    await enqueue(turn.session, drafts, now=turn.now)
    return True


async def _people(turn: Turn, unit_id: int) -> Sequence[Contact]:
    """Who of the unit hears, each once, and not the one who has just decided."""
    roles = (Role.UNIT_HEAD, Role.OFFICER)
    found = await contacts(turn.session, today=turn.today, roles=roles, unit_ids=[unit_id])
    heard = {contact.person_id: contact for contact in nudged(found.get(unit_id, ()))}
    return [contact for contact in heard.values() if contact.person_id != turn.person.id]


async def withdraw(turn: Turn, key: str, template: str, view: AssignmentView) -> None:
    """The decision was taken back: what has not left is not owed any more; whoever has read it is told."""
    query = select(_o.dedup_key, _o.state, _o.bot, _o.chat, _o.person_id).where(_o.dedup_key.like(f"{key}:%"))
    rows = (await turn.session.execute(query)).all()
    await cancel(turn.session, now=turn.now, dedup_keys=[row.dedup_key for row in rows])
    text = turn.say(template, view=view)[0].text
    drafts = [
        Draft(
            dedup_key=f"{row.dedup_key}:withdrawn",
            bot=row.bot,
            chat=row.chat,
            lane=Lane.REMINDER,
            form="text",
            payload=text_payload(text),
            person_id=row.person_id,
            send_after=next_opening(turn.now, turn.voice.wording.calendar),
        )
        for row in rows
        if row.state in (OutboxState.DELIVERED, OutboxState.UNKNOWN) and not row.dedup_key.endswith(":withdrawn")
    ]
    await enqueue(turn.session, drafts, now=turn.now)
