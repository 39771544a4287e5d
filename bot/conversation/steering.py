"""What a coordinator may ask for, what each wish needs, and who answers it; the conversation adds these to its own."""

from collections.abc import Awaitable, Callable

from bot.conversation import (
    approvals,
    assign_ad_hoc,
    channels,
    dialogs,
    export,
    history,
    quota,
    summaries,
    taking_back,
    transfers,
)
from bot.conversation.incoming import Reply
from bot.conversation.permissions import Action, units_for
from bot.conversation.turn import Turn
from bot.conversation.understand import ANSWERS, Intent, Understood
from models.terms import AssignmentState
from planner.list_work import find_by_number
from planner.scope import Scope

NEEDS: dict[Intent, Action] = {
    Intent.HISTORY: Action.SEE_ASSIGNMENT,
    Intent.DECISIONS: Action.DECIDE,
    Intent.ACCEPT: Action.DECIDE,
    Intent.RETURN: Action.DECIDE,
    Intent.GRANT: Action.DECIDE,
    Intent.REFUSE: Action.DECIDE,
    Intent.MOVE: Action.DECIDE,
    Intent.KEEP: Action.DECIDE,
    Intent.SUMMARY: Action.SUMMARISE,
    Intent.SILENT: Action.SUMMARISE,
    Intent.CALENDAR: Action.SEE_DUE,
    Intent.ASSIGN: Action.ASSIGN,
    Intent.EXPORT: Action.EXPORT,
    Intent.CHANNELS: Action.CHOOSE_CHANNEL,
    Intent.QUOTA: Action.SEE_QUOTA,
}
ONLY_LOOKS = frozenset(
    {
        Intent.DECISIONS, Intent.HISTORY, Intent.SUMMARY, Intent.SILENT, Intent.CALENDAR, Intent.EXPORT,
        Intent.CHANNELS, Intent.QUOTA,
    }
)  # fmt: skip

_Handler = Callable[[Turn, Understood], Awaitable[list[Reply]]]
HANDLERS: dict[Intent, _Handler] = {
    Intent.UNDO: taking_back.undo,
    Intent.HISTORY: history.history,
    Intent.DECISIONS: approvals.decisions,
    Intent.ACCEPT: approvals.accept_work,
    Intent.RETURN: approvals.return_for_more,
    Intent.GRANT: approvals.grant,
    Intent.REFUSE: approvals.refuse,
    Intent.MOVE: transfers.move,
    Intent.KEEP: transfers.keep,
    Intent.SUMMARY: summaries.summary,
    Intent.SILENT: summaries.silent,
    Intent.CALENDAR: summaries.calendar,
    Intent.ASSIGN: assign_ad_hoc.propose,
    Intent.EXPORT: export.export,
    Intent.CHANNELS: channels.channels,
    Intent.QUOTA: quota.quota,
}


async def answer_for_a_unit(turn: Turn, understood: Understood) -> list[Reply] | None:
    """ "het vuong 12", "het vuong 12 Sở Tư pháp", "het vuong" from a coordinator about a unit's difficulty.

    None for everything else: their own unit's difficulty is theirs to end as a unit.
    """
    if understood.intent is not Intent.UNBLOCKED or not units_for(turn.person, Action.DECIDE):
        return None
    if understood.number is None:
        return await approvals.free_the_only_one(turn)
    own = await find_by_number(turn.session, understood.number, Scope(unit_ids=turn.own_units))
    is_named = bool(understood.unit_code or understood.rest)
    meant = [view for view in own if understood.unit_code in (None, view.unit_code.upper()) and not understood.rest]
    if any(view.state is AssignmentState.BLOCKED or is_named for view in meant):
        return None
    if meant and not await approvals.is_stuck_somewhere(turn, understood.number):
        return None
    return await approvals.free(turn, understood)


async def to_the_question(turn: Turn, question: dialogs.Question, understood: Understood) -> list[Reply] | None:
    """A yes to what was to be given; or the reason a return waits for: "vướng ở phụ lục" is no difficulty of ours."""
    if question.expects is dialogs.Expects.ASSIGN:
        return await assign_ad_hoc.confirmed(turn, question)
    if question.expects is not dialogs.Expects.RETURN_REASON or turn.incoming.is_tap or not turn.text:
        return None
    says_why = understood.intent is Intent.UNKNOWN or (understood.intent in ANSWERS and understood.number is None)
    return await approvals.reason_given(turn, question) if says_why else None
