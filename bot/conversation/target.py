"""Which assignment an answer is about; between two it is asked, never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation import dialogs
from bot.conversation.buttons import address, pairs
from bot.conversation.incoming import Reply
from bot.conversation.turn import Turn
from bot.conversation.understand import Intent, Understood
from planner.list_work import find_by_number, find_units, own_work, reported_on_by
from planner.scope import Scope
from planner.views import AssignmentView, load_views
from reminders.channel import Button
from reminders.outbox import find_by_wire_ref

CHOICES = 3
"""And "Việc khác": four in all, as many as a person reads at a glance."""

_COMMANDS = {
    Intent.DONE: "xong",
    Intent.IN_PROGRESS: "dang",
    Intent.BLOCKED: "vuongmac",
    Intent.UNBLOCKED: "het vuong",
    Intent.EXTENSION: "giahan",
    Intent.NOT_STARTED: "chua lam",
    Intent.NOTHING_NEW: "khong co gi moi",
    Intent.WRONG_UNIT: "sai don vi",
    Intent.SHOW: "xem",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """Việc được nói tới: one assignment, or the replies that ask which (or say that there is none)."""

    view: AssignmentView | None = None
    replies: tuple[Reply, ...] = ()


async def which(turn: Turn, understood: Understood) -> Meant:
    """By number, else by the message replied to, by a code in the text, the only open one, or the one just spoken of.

    Only among the person's own units; whatever these leave open is asked.
    """
    if understood.number is not None:
        return await _by_number(turn, understood)
    if turn.incoming.reply_to is not None and (ids := await _spoken_of(turn, turn.incoming.reply_to)):
        return await _among(turn, understood, ids)
    work = await own_work(turn.session, turn.own_units, today=turn.today)
    coded = [view for view in work if _names(turn.text, view.task_code)]
    if coded:
        return await _one_of(turn, understood, coded)
    still_open = [view for view in work if view.is_open]
    just_now = await _just_spoken_of(turn, still_open) if len(still_open) > 1 else None
    meant = Meant(view=just_now) if just_now else await _one_of(turn, understood, still_open)
    if meant.view is not None and meant.view.effective_on is None and understood.intent is Intent.DONE:
        # a bare "xong" rarely means work that never ends: more often it repeats what was said of the work before
        return await ask_which(turn, understood, [meant.view])
    return meant


def _names(text: str, task_code: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(task_code)}(?![\w-])", text, re.IGNORECASE) is not None


async def _just_spoken_of(turn: Turn, still_open: Sequence[AssignmentView]) -> AssignmentView | None:
    """What the last ten minutes were about, in this chat and by this person, when that is one assignment only."""
    since = turn.now - dialogs.CHOICE_STANDS
    spoken = set(await reported_on_by(turn.session, turn.person.id, since=since))
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if question is not None and question.expects is dialogs.Expects.NOTHING and question.facts["assignment_id"]:
        spoken.add(question.facts["assignment_id"])
    return next((view for view in still_open if {view.id} == spoken), None)


async def _by_number(turn: Turn, understood: Understood) -> Meant:
    assert understood.number is not None
    found = await find_by_number(turn.session, understood.number, Scope(unit_ids=turn.own_units))
    if understood.unit_code:
        found = [view for view in found if view.unit_code.upper() == understood.unit_code]
    if not found:
        return Meant(replies=tuple(turn.say("no_such_number", number=understood.number)))
    return Meant(view=found[0]) if len(found) == 1 else await ask_which(turn, understood, found)


async def _spoken_of(turn: Turn, wire_ref: str) -> list[int]:
    sent = await find_by_wire_ref(turn.session, bot=turn.incoming.bot, chat=turn.incoming.chat, wire_ref=wire_ref)
    if sent is None:
        return []
    return [sent.assignment_id] if sent.assignment_id else list(sent.payload.get("assignment_ids", ()))


async def _among(turn: Turn, understood: Understood, ids: list[int]) -> Meant:
    found = [view for view in (await load_views(turn.session, ids)).values() if view.unit_id in turn.own_units]
    if len(ids) == 1 and found:
        return Meant(view=found[0])
    still_open = [view for view in found if view.is_open]
    # one that is left of several is likely meant, and likely is not enough for a "xong"
    return await ask_which(turn, understood, still_open) if still_open else await _none_open(turn)


async def _one_of(turn: Turn, understood: Understood, found: list[AssignmentView]) -> Meant:
    if len(found) == 1:
        return Meant(view=found[0])
    return await ask_which(turn, understood, found) if found else await _none_open(turn)


async def _none_open(turn: Turn) -> Meant:
    return Meant(replies=tuple(turn.say("nothing_open")))


async def silently_meant(turn: Turn, understood: Understood) -> list[AssignmentView]:
    """The same, without ever asking: all that a nod may be about, or nothing."""
    if understood.number is not None:
        return await find_by_number(turn.session, understood.number, Scope(unit_ids=turn.own_units))
    if turn.incoming.reply_to is not None and (ids := await _spoken_of(turn, turn.incoming.reply_to)):
        return [view for view in (await load_views(turn.session, ids)).values() if view.unit_id in turn.own_units]
    work = await own_work(turn.session, turn.own_units, today=turn.today)
    still_open = [view for view in work if view.is_open]
    return still_open if len(still_open) == 1 else []


async def ask_which(turn: Turn, understood: Understood, found: list[AssignmentView]) -> Meant:
    """One numbered question with at most four choices; every button names its assignment in full."""
    shown = found[:CHOICES]
    facts = dialogs.facts_of(understood, turn.text) | {"options": [view.id for view in shown]}
    await dialogs.ask(turn.session, turn.incoming, dialogs.Expects.CHOICE, facts, now=turn.now)
    numbers = [view.number for view in found]
    command = _COMMANDS[understood.intent]
    keys = [
        Button(f"Việc {view.number}", f"{command} {address(view, shared=numbers.count(view.number) > 1)}")
        for view in shown
    ]
    # a percentage, a document number or a reason would be lost on a button: those are chosen by typing the line
    is_plain = understood.is_sure and not (
        understood.percent is not None or understood.document_no or understood.rest or understood.day
    )
    rows = pairs(*keys, Button("Việc khác", "viec khac")) if is_plain else ()
    several_units = len({view.unit_id for view in found}) > 1
    reply = turn.say("which", views=shown, said=turn.text, example=command, several_units=several_units, buttons=rows)
    return Meant(replies=tuple(replace(each, is_numbered=True) for each in reply))


async def find_shown(turn: Turn, understood: Understood) -> list[AssignmentView]:
    """The work of a number (and unit) that this person may look at."""
    assert understood.number is not None
    scope = await turn.reading_scope()
    found = await find_by_number(turn.session, understood.number, scope)
    return await _of_unit(turn, understood, found, scope)


async def _of_unit(
    turn: Turn, understood: Understood, found: list[AssignmentView], scope: Scope
) -> list[AssignmentView]:
    if understood.unit_code:
        return [view for view in found if view.unit_code.upper() == understood.unit_code]
    if understood.rest:
        wanted = {unit.id for unit in await find_units(turn.session, understood.rest, scope)}
        return [view for view in found if view.unit_id in wanted]
    return found
