"""A unit's answers about one assignment: done, under way, stuck, unstuck, more time; and taking one back."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.conversation import buttons, dialogs, notices
from bot.conversation.incoming import Reply
from bot.conversation.spoken_days import day_asked_for, promised_day
from bot.conversation.turn import Turn
from bot.conversation.understand import Intent, Understood, says_there_is_none
from models.errors import InvalidTransitionError
from models.terms import Answer, AssignmentState
from planner.extend_deadline import ExtensionAsked, request_extension
from planner.list_work import last_report_by, last_report_on, unit_names
from planner.raise_blocker import raise_blocker, resolve_blockers
from planner.report_progress import UNDO_WITHIN, NothingToUndoError, report_progress, undo_last_report
from planner.transfer_work import claim_wrong_unit, is_claimed
from planner.views import AssignmentView, load_views
from reminders.channel import Button

FULL = 100
DOCUMENT_CHARACTERS = 64


async def perform(turn: Turn, understood: Understood, view: AssignmentView, *, said: str) -> list[Reply]:
    """Do what was understood to this assignment; `said` is kept with it as it was said."""
    try:
        if await _was_just_said(turn, understood, view, said):
            return turn.say("said_already", view=view, about=(view.id,))
        return await _ACTS[understood.intent](turn, understood, view, said)
    except InvalidTransitionError:
        return turn.say("not_now", view=view, intent=understood.intent.value, about=(view.id,))


async def _was_just_said(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> bool:
    """The very same words about the same work within minutes: said twice, meant once."""
    if understood.intent in (Intent.DONE, Intent.UNBLOCKED):  # these know themselves what is recorded already
        return False
    last = await last_report_on(turn.session, view.id)
    return last is not None and last.said == said and last.reported_at >= turn.now - UNDO_WITHIN


async def _done(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    document_no = (understood.document_no or "")[:DOCUMENT_CHARACTERS] or None
    decider = await _decider(turn, view)
    if view.state is AssignmentState.SUBMITTED:
        last = await last_report_on(turn.session, view.id, answer=Answer.DONE)
        if last is not None and document_no in (None, last.document_no):
            return turn.say("already_done", view=view, at=last.reported_at, decider=decider, about=(view.id,))
    await report_progress(turn.session, view.id, Answer.DONE, said=turn.said(said), document_no=document_no)
    after = await _again(turn, view)
    await notices.tell_heads(turn, after, "notice_officer", answer="done", words="")
    return turn.say(
        "done",
        view=after,
        document_no=document_no,
        decider=decider,
        late=_late(turn, after),
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )


def _late(turn: Turn, view: AssignmentView) -> tuple[int, int] | None:
    """(calendar days, working days) past the last day that counts, when it was handed in."""
    if view.effective_on is None or view.submitted_on is None or view.submitted_on <= view.effective_on:
        return None
    days = (view.submitted_on - view.effective_on).days
    return days, turn.voice.wording.calendar.workdays_between(view.effective_on, view.submitted_on)


async def _in_progress(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    if view.state in (AssignmentState.ACCEPTED, AssignmentState.CLOSED):
        raise InvalidTransitionError(view.state, Answer.IN_PROGRESS)
    promised_on = understood.day
    if promised_on is None and understood.rest:  # "1 đang làm 80%, mai em gửi"
        promised_on = promised_day(said, today=turn.today, wording=turn.voice.wording)
    await report_progress(
        turn.session,
        view.id,
        Answer.IN_PROGRESS,
        said=turn.said(said),
        percent=understood.percent,
        promised_on=promised_on,
    )
    after = await _again(turn, view)
    is_full = understood.percent == FULL
    return turn.say(
        "in_progress",
        view=after,
        was_submitted=view.state is AssignmentState.SUBMITTED,
        is_full=is_full,
        note=understood.rest,
        promised_on=promised_on,
        buttons=buttons.row(
            Button("Đã xong", f"xong {view.number}") if is_full else None,
            Button("Hoàn tác", f"hoan tac {view.number}"),
        ),
        about=(view.id,),
    )


async def _not_started(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    del understood
    return await _plainly(turn, view, Answer.NOT_STARTED, "not_started", said=said)


async def _nothing_new(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    del understood
    return await _plainly(turn, view, Answer.NOTHING_NEW, "nothing_new", said=said)


async def _plainly(turn: Turn, view: AssignmentView, answer: Answer, template: str, *, said: str) -> list[Reply]:
    await report_progress(turn.session, view.id, answer, said=turn.said(said))
    after = await _again(turn, view)
    return turn.say(template, view=after, buttons=buttons.undo(view.number), about=(view.id,))


async def note_acknowledged(turn: Turn, view: AssignmentView) -> bool:
    """Keep that the work was received; False when that is known, or when it was answered before."""
    if view.answered_at is not None:
        return False
    await report_progress(turn.session, view.id, Answer.ACKNOWLEDGED, said=turn.said())
    return True


async def _blocked(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    if view.state in (AssignmentState.ACCEPTED, AssignmentState.CLOSED):
        raise InvalidTransitionError(view.state, Answer.BLOCKED)
    if not understood.rest:
        await _ask_for_text(turn, dialogs.Expects.BLOCKER, view)
        return turn.say("ask_blocker", view=view, about=(view.id,))
    return await store_blocker(turn, view, understood.rest, said=said)


async def store_blocker(turn: Turn, view: AssignmentView, words: str, *, said: str) -> list[Reply]:
    await raise_blocker(turn.session, view.id, words, said=turn.said(said))
    decider = await _decider(turn, view)
    told = await notices.tell_coordinators(turn, view, "notice_blocker", words=words)
    await notices.tell_heads(turn, view, "notice_officer", answer="blocked", words=words)
    return turn.say(
        "blocked",
        view=view,
        words=words,
        decider=decider,
        told=told,
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )


async def _unblocked(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    del understood
    if view.state is not AssignmentState.BLOCKED:
        return turn.say("not_blocked", view=view, about=(view.id,))
    await resolve_blockers(turn.session, view.id, said=turn.said(said))
    after = await _again(turn, view)
    return turn.say("unblocked", view=after, buttons=buttons.undo(view.number), about=(view.id,))


async def _extension(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    if view.effective_on is None or not view.is_open:
        raise InvalidTransitionError(view.state, Answer.EXTENSION)
    if not understood.rest:
        await _ask_for_text(turn, dialogs.Expects.EXTENSION, view)
        return turn.say("ask_extension", view=view, about=(view.id,))
    return await store_extension(turn, view, understood.rest, said=said)


async def store_extension(
    turn: Turn, view: AssignmentView, words: str, *, said: str, may_ask: bool = True
) -> list[Reply]:
    """Keep the request; a day is kept as a day only when it surely is one and lies after the present last day.

    Without a day it is asked for, once. Too late, or once more than is allowed, the words are kept as an explanation.
    """
    requested_on = day_asked_for(words, today=turn.today, last_valid_on=view.effective_on, wording=turn.voice.wording)
    is_late = view.effective_on is not None and turn.today > view.effective_on
    if requested_on is None and may_ask and not is_late:
        await _ask_for_text(turn, dialogs.Expects.EXTENSION, view, reason=words)
        return turn.say("ask_later_day", view=view, words=words, about=(view.id,))
    asked = await request_extension(
        turn.session, view.id, requested_on=requested_on, reason=words, said=turn.said(said)
    )
    decider = await _decider(turn, view)
    facts: dict[str, Any] = {"view": view, "words": words, "decider": decider}
    facts |= {"buttons": buttons.undo(view.number), "about": (view.id,)}
    if asked is not ExtensionAsked.REQUESTED:
        return turn.say("extension_explained", is_late=asked is ExtensionAsked.TOO_LATE, **facts)
    whose = buttons.address(view, shared=True)
    told = await notices.tell_coordinators(
        turn,
        view,
        "notice_extension",
        words=words,
        requested_on=requested_on,
        keys=(Button("Cho lùi", f"cho lui {whose}"), Button("Không cho", f"khong cho {whose}")),
    )
    return turn.say("extension", requested_on=requested_on, told=told, **facts)


async def _wrong_unit(turn: Turn, understood: Understood, view: AssignmentView, said: str) -> list[Reply]:
    if not view.is_open:
        raise InvalidTransitionError(view.state, Answer.WRONG_UNIT)
    if await is_claimed(turn.session, view.id):
        return turn.say("wrong_unit_already", view=view, decider=await _decider(turn, view), about=(view.id,))
    if not understood.rest:
        await _ask_for_text(turn, dialogs.Expects.WRONG_UNIT, view)
        return turn.say("ask_wrong_unit", view=view, about=(view.id,))
    return await store_wrong_unit(turn, view, understood.rest, said=said)


async def store_wrong_unit(turn: Turn, view: AssignmentView, words: str, *, said: str) -> list[Reply]:
    """The coordinator decides whose it is; until then nobody is nagged, and the date stands."""
    await claim_wrong_unit(turn.session, view.id, words, said=turn.said(said))
    whose = buttons.address(view, shared=True)
    keys = (Button("Chuyển đơn vị", f"chuyen {whose}"), Button("Giữ nguyên", f"giu {whose}"))
    told = await notices.tell_coordinators(turn, view, "notice_wrong_unit", words=words, keys=keys)
    return turn.say(
        "wrong_unit",
        view=view,
        words=words,
        decider=await _decider(turn, view),
        told=told,
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )


async def own_view(turn: Turn, assignment_id: int) -> AssignmentView | None:
    """The assignment, if the person still answers for its unit."""
    view = (await load_views(turn.session, [assignment_id])).get(assignment_id)
    return view if view is not None and view.unit_id in turn.own_units else None


async def _ask_for_text(turn: Turn, expects: dialogs.Expects, view: AssignmentView, *, reason: str = "") -> None:
    facts = {"assignment_id": view.id, "reason": reason}
    await dialogs.ask(turn.session, turn.incoming, expects, facts, now=turn.now)


async def store_text(turn: Turn, question: dialogs.Question, words: str) -> list[Reply]:
    """The line of text that a question waited for; taken only by someone who still answers for that unit."""
    await dialogs.close(turn.session, turn.incoming)
    view = await own_view(turn, int(question.facts["assignment_id"]))
    if view is None:
        return turn.say("not_understood")
    if question.expects is dialogs.Expects.BLOCKER and says_there_is_none(words):
        return turn.say("no_blocker", view=view, about=(view.id,))
    try:
        return await _STORES[question.expects](turn, view, words, str(question.facts.get("reason") or ""))
    except InvalidTransitionError:
        return turn.say("not_now", view=view, intent=question.expects.value, about=(view.id,))


async def _store_blocker(turn: Turn, view: AssignmentView, words: str, reason: str) -> list[Reply]:
    del reason
    return await store_blocker(turn, view, words, said=turn.text)


async def _store_extension(turn: Turn, view: AssignmentView, words: str, reason: str) -> list[Reply]:
    """The day comes after its reason; a second answer without a day is left to the coordinator's reading."""
    both = f"{words}; {reason}" if reason else words
    return await store_extension(turn, view, both, said=turn.text, may_ask=not reason)


async def _store_wrong_unit(turn: Turn, view: AssignmentView, words: str, reason: str) -> list[Reply]:
    del reason
    return await store_wrong_unit(turn, view, words, said=turn.text)


_STORES: dict[dialogs.Expects, Callable[[Turn, AssignmentView, str, str], Awaitable[list[Reply]]]] = {
    dialogs.Expects.BLOCKER: _store_blocker,
    dialogs.Expects.EXTENSION: _store_extension,
    dialogs.Expects.WRONG_UNIT: _store_wrong_unit,
}


async def undo(turn: Turn, understood: Understood) -> list[Reply]:
    """Take back the newest answer; a button under an older echo says so instead of taking back another."""
    last = await last_report_by(turn.session, turn.person.id, since=turn.now - UNDO_WITHIN)
    if last is None:
        return turn.say("nothing_to_undo")
    if understood.number not in (None, last.number):
        return turn.say("undo_other", asked=understood.number, newest=last.number)
    try:
        await undo_last_report(turn.session, said=turn.said())
    except NothingToUndoError:
        return turn.say("nothing_to_undo")
    await notices.withdraw(turn, last.id)
    view = (await load_views(turn.session, [last.assignment_id]))[last.assignment_id]
    return turn.say("undone", view=view, about=(view.id,))


async def _again(turn: Turn, view: AssignmentView) -> AssignmentView:
    return (await load_views(turn.session, [view.id]))[view.id]


async def _decider(turn: Turn, view: AssignmentView) -> str | None:
    """The coordinating unit's name; None when the unit would be waiting for itself."""
    if view.coordinating_unit_id == view.unit_id:
        return None
    names = await unit_names(turn.session, [view.coordinating_unit_id])
    return names.get(view.coordinating_unit_id)


_Act = Callable[[Turn, Understood, AssignmentView, str], Awaitable[list[Reply]]]
_ACTS: dict[Intent, _Act] = {
    Intent.DONE: _done,
    Intent.IN_PROGRESS: _in_progress,
    Intent.BLOCKED: _blocked,
    Intent.UNBLOCKED: _unblocked,
    Intent.EXTENSION: _extension,
    Intent.NOT_STARTED: _not_started,
    Intent.NOTHING_NEW: _nothing_new,
    Intent.WRONG_UNIT: _wrong_unit,
}
