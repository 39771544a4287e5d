"""The head of a unit gives one assignment to an officer, takes it back, and stays informed of what comes of it."""

from bot.conversation import buttons, notices
from bot.conversation.incoming import Reply
from bot.conversation.permissions import Action, units_for
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from models.terms import Role
from planner.delegate_work import delegate, officer_of
from planner.list_work import find_by_number
from planner.people import Contact, contacts
from planner.plain_text import plain
from planner.scope import Scope
from planner.views import AssignmentView
from reminders.channel import Button

SHOWN = 4
_BACK = frozenset({"toi", "minh", "em", "don vi", "lai toi"})


async def delegate_work(turn: Turn, understood: Understood) -> list[Reply]:
    """`/giaocho 12 Nguyễn Văn A`; without a name, whom it can be given to; "giaocho 12 tôi" takes it back."""
    assert understood.number is not None
    headed = units_for(turn.person, Action.DELEGATE)
    found = await find_by_number(turn.session, understood.number, Scope(unit_ids=headed))
    if understood.unit_code:
        found = [view for view in found if view.unit_code.upper() == understood.unit_code]
    if not found:
        return turn.say("no_such_number", number=understood.number)
    if len(found) > 1:
        return turn.say("giaocho_which_unit", views=found)
    (view,) = found
    if not view.is_open:
        return turn.say("not_now", view=view, intent="delegate", about=(view.id,))
    if plain(understood.rest) in _BACK:
        return await _taken_back(turn, view)
    officers = await _officers(turn, view)
    called = _called(officers, understood.rest)
    if len(called) != 1:
        return _whom(turn, view, called or officers, understood.rest if officers and not called else "")
    return await _given(turn, view, called[0])


async def _officers(turn: Turn, view: AssignmentView) -> list[Contact]:
    found = await contacts(turn.session, today=turn.today, roles=(Role.OFFICER,), unit_ids=[view.unit_id])
    return list({contact.person_id: contact for contact in found.get(view.unit_id, ())}.values())


def _called(officers: list[Contact], name: str) -> list[Contact]:
    """The whole name first, then its last words, as people call each other."""
    wanted = plain(name)
    if not wanted:
        return []
    exact = [officer for officer in officers if plain(officer.full_name) == wanted]
    return exact or [officer for officer in officers if f" {plain(officer.full_name)}".endswith(f" {wanted}")]


def _whom(turn: Turn, view: AssignmentView, officers: list[Contact], unknown: str) -> list[Reply]:
    shown = officers[:SHOWN]
    keys = [Button(officer.full_name, f"giaocho {view.number} {officer.full_name}") for officer in shown]
    return turn.say(
        "giaocho_whom",
        view=view,
        officers=officers,
        unknown=unknown,
        buttons=buttons.pairs(*keys),
        about=(view.id,),
    )


async def _given(turn: Turn, view: AssignmentView, officer: Contact) -> list[Reply]:
    before = await officer_of(turn.session, view.id)
    if before is not None and before.person_id == officer.person_id:
        return turn.say("giaocho_already", view=view, officer=officer, about=(view.id,))
    await delegate(turn.session, view.id, officer.person_id, said=turn.said())
    if before is not None:
        await notices.tell_person(turn, view, before.person_id, "notice_giaocho_back", key="back")
    told = await notices.tell_person(
        turn,
        view,
        officer.person_id,
        "notice_giaocho",
        key="given",
        keys=buttons.answers(view),
        head=turn.person.full_name,
    )
    keys = buttons.row(Button("Nhận lại", f"giaocho {view.number} tôi"))
    return turn.say("giaocho", view=view, officer=officer, told=told, buttons=keys, about=(view.id,))


async def _taken_back(turn: Turn, view: AssignmentView) -> list[Reply]:
    before = await officer_of(turn.session, view.id)
    if before is None:
        return turn.say("giaocho_none", view=view, about=(view.id,))
    await delegate(turn.session, view.id, None, said=turn.said())
    await notices.tell_person(turn, view, before.person_id, "notice_giaocho_back", key="back")
    return turn.say("giaocho_back", view=view, officer=before, about=(view.id,))
