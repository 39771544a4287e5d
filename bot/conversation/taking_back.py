"""`hoan tac`: the newest change of the person who says it, be it an answer, a decision or work given to an officer."""

from bot.conversation import notices, progress, unit_notices
from bot.conversation.approvals import notice_key
from bot.conversation.incoming import Reply
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from planner.delegate_work import officer_of
from planner.history import reminded
from planner.report_progress import NothingToUndoError
from planner.take_back import Change, ChangeKind, newest_change, take_back
from planner.views import load_views


async def undo(turn: Turn, understood: Understood) -> list[Reply]:
    """A button under an older echo says so instead of taking back another change."""
    change = await newest_change(turn.session, person_id=turn.person.id, now=turn.now)
    if change is None or change.kind is ChangeKind.REPORT:
        return await _an_answer(turn, understood)
    before = await load_views(turn.session, change.assignment_ids)
    numbers = sorted({view.number for view in before.values()})
    if understood.number is not None and understood.number not in numbers:
        return turn.say("undo_other", asked=understood.number, newest=numbers[0])
    try:
        undone = await take_back(turn.session, change, said=turn.said())
    except NothingToUndoError:
        return turn.say("undo_too_late", numbers=numbers)
    if change.kind is ChangeKind.TASK:
        return await _task_withdrawn(turn, change)
    if change.kind is ChangeKind.DELEGATION:
        return await _delegation_undone(turn, change)
    about = dict(zip(change.ids, change.assignment_ids, strict=True))
    ids = [about[row_id] for row_id in undone]
    views = await load_views(turn.session, ids)
    for assignment_id in ids:
        key = notice_key(assignment_id, change.at)
        await unit_notices.withdraw(turn, key, "notice_withdrawn", views[assignment_id])
    return turn.say(
        "decision_undone",
        kind=change.kind.value,
        views=[views[each] for each in ids],
        kept=len(change.ids) - len(undone),
        about=(ids[0],) if len(ids) == 1 else (),
    )


async def _task_withdrawn(turn: Turn, change: Change) -> list[Reply]:
    """Units that have heard of the work hear that it is gone; the others never hear of it."""
    views = await load_views(turn.session, change.assignment_ids)
    for view in views.values():
        if (await reminded(turn.session, view.id)).times:
            key = notice_key(view.id, turn.now)
            await unit_notices.tell_unit(turn, view, "notice_task_withdrawn", key=key)
    return turn.say("task_withdrawn", views=list(views.values()))


async def _delegation_undone(turn: Turn, change: Change) -> list[Reply]:
    """Whoever has heard of it hears how it stands again."""
    (assignment_id,) = change.assignment_ids
    view = (await load_views(turn.session, [assignment_id]))[assignment_id]
    for key, template in (("given", "notice_giaocho_back"), ("back", "notice_giaocho_again")):
        await unit_notices.withdraw(turn, notices.event_key(key, view, change.at), template, view)
    officer = await officer_of(turn.session, assignment_id)
    return turn.say("delegation_undone", view=view, officer=officer, about=(view.id,))


async def _an_answer(turn: Turn, understood: Understood) -> list[Reply]:
    """A coordinator's word that a difficulty is gone is an answer too, and its notice goes with it."""
    change = await newest_change(turn.session, person_id=turn.person.id, now=turn.now)
    replies = await progress.undo(turn, understood)
    if change is not None:
        after = await newest_change(turn.session, person_id=turn.person.id, now=turn.now)
        if after is None or after.ids != change.ids or after.kind is not change.kind:
            for assignment_id, view in (await load_views(turn.session, change.assignment_ids)).items():
                await unit_notices.withdraw(turn, notice_key(assignment_id, change.at), "notice_withdrawn", view)
    return replies
