"""`chuyen 12 @HG.STP Sở Tài chính`, `giu 12 @HG.STP`: whose work it is, decided once, and both units told."""

import re
from dataclasses import replace

from bot.conversation import buttons, unit_notices
from bot.conversation.approvals import notice_key
from bot.conversation.decided_work import Meant, Verb, deciding_scope, meant
from bot.conversation.incoming import Reply
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood, fold_in_place
from planner.call_units import called_whole, within_reach
from planner.list_work import Named
from planner.transfer_work import AlreadyTheirsError, keep_with_unit, move_to_unit
from planner.views import load_views
from planner.waiting import asking_to_move, count_waiting, still_open
from reminders.channel import Button

CHOICES = 4

MOVE = Verb("chuyen", "Chuyển", "không còn mở để chuyển", still_open)
KEEP = Verb("giu", "Giữ", "không có đề nghị chuyển nào đang chờ", asking_to_move)
CLAIMED = replace(MOVE, which=asking_to_move)

_TO = re.compile(r"(?:^|\s)(?:sang|cho|qua|ve|den)\s")


async def move(turn: Turn, understood: Understood) -> list[Reply]:
    """The work with its history, date and number goes to exactly one unit within reach."""
    found, to_words = await _from_and_to(turn, understood)
    if found.replies:
        return list(found.replies)
    (view,) = found.views
    if not to_words:
        return turn.say("ask_unit", view=view, about=(view.id,))
    reach = await within_reach(turn.session, [view.coordinating_unit_id], today=turn.today)
    units = await called_whole(turn.session, to_words, reach)
    if len(units) != 1:
        choices = buttons.pairs(*[_key(view.number, view.unit_code, unit) for unit in units[:CHOICES]])
        return turn.say("which_unit", view=view, words=to_words, units=units[:CHOICES], buttons=choices)
    (unit,) = units
    try:
        await move_to_unit(turn.session, view.id, unit.id, said=turn.said())
    except AlreadyTheirsError:
        return turn.say("already_theirs", view=view, unit=unit, about=(view.id,))
    after = (await load_views(turn.session, [view.id]))[view.id]
    key = notice_key(view.id, turn.now)
    keys = buttons.answers(after, shared=False)
    told = [
        await unit_notices.tell_unit(turn, after, "notice_moved_here", key=key, keys=keys, before=view),
        await unit_notices.tell_unit(turn, after, "notice_moved_away", key=key, unit_id=view.unit_id, before=view),
    ]
    return turn.say(
        "moved",
        view=after,
        before=view,
        told=all(told),
        left=await count_waiting(turn.session, await deciding_scope(turn)),
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )


async def _from_and_to(turn: Turn, understood: Understood) -> tuple[Meant, str]:
    """ "chuyen 12 @HG.STP Sở Tài chính", "chuyen 12 Sở Tư pháp sang Sở Tài chính", or the one unit that asked."""
    split = _TO.search(fold_in_place(understood.rest))
    if split is not None:
        to_words = understood.rest[split.end() :].strip()
        understood = replace(understood, rest=understood.rest[: split.start()].strip())
    else:
        to_words = understood.rest
        if understood.unit_code is None:
            # without "sang" the only name there is says where to; where from is the one that asked
            understood = replace(understood, rest="")
    is_named = bool(understood.unit_code or understood.rest)
    found = await meant(turn, understood, MOVE if is_named else CLAIMED)
    if not is_named and found.replies:
        everywhere = await meant(turn, understood, MOVE)
        found = everywhere if everywhere.views else found
    return found, to_words


def _key(number: int, unit_code: str, unit: Named) -> Button:
    return Button(unit.name, f"chuyen {number} @{unit_code} sang {unit.code}")


async def keep(turn: Turn, understood: Understood) -> list[Reply]:
    """The work stays where it is; the unit is told, and it is nudged again."""
    found = await meant(turn, understood, KEEP)
    if found.replies:
        return list(found.replies)
    (view,) = found.views
    await keep_with_unit(turn.session, view.id, said=turn.said())
    after = (await load_views(turn.session, [view.id]))[view.id]
    keys = buttons.answers(after, shared=False)
    told = await unit_notices.tell_unit(turn, after, "notice_kept", key=notice_key(view.id, turn.now), keys=keys)
    return turn.say(
        "kept",
        view=after,
        told=told,
        left=await count_waiting(turn.session, await deciding_scope(turn)),
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )
