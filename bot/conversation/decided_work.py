"""Which work a coordinator decides about: only of plans their unit coordinates, and between two units it is asked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import buttons
from bot.conversation.incoming import Reply
from bot.conversation.permissions import Action, units_for
from bot.conversation.steering_forms import asks_all
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from planner.call_units import called_first
from planner.list_work import find_by_number
from planner.people import coordinated_plans
from planner.scope import Scope
from planner.views import AssignmentView
from reminders.channel import Button

CHOICES = 4

Which = Callable[[AsyncSession, Sequence[int]], Awaitable[set[int]]]
"""Of these assignments, those about which the decision can be made."""


@dataclass(frozen=True, slots=True)
class Verb:
    """Một quyết định và cách gõ. `waits` finishes "chưa có gì …"; `may_take_all`: one number for all its units."""

    command: str
    label: str
    waits: str
    which: Which
    may_take_all: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """Việc được quyết định, and the words that followed its unit; or the replies that ask which."""

    views: tuple[AssignmentView, ...] = ()
    rest: str = ""
    replies: tuple[Reply, ...] = ()


async def deciding_scope(turn: Turn) -> Scope:
    """What this person decides about."""
    return Scope(plan_ids=await coordinated_plans(turn.session, units_for(turn.person, Action.DECIDE)))


async def meant(turn: Turn, understood: Understood, verb: Verb) -> Meant:
    """The assignments of a number (and unit) for which this can be decided now."""
    assert understood.number is not None
    found = await find_by_number(turn.session, understood.number, await deciding_scope(turn))
    if not found:
        return _asked(turn.say("not_followed", number=understood.number))
    named, rest = await _named(turn, understood, found)
    if not named:
        return _asked(turn.say("no_such_unit", number=understood.number, words=understood.rest or understood.unit_code))
    fit = await verb.which(turn.session, [view.id for view in named])
    fitting = [view for view in named if view.id in fit]
    if verb.may_take_all and asks_all(rest):
        rest = ""
        if fitting:
            return Meant(tuple(fitting))
    if not fitting:
        return _asked(turn.say("nothing_to_decide", views=named, waits=verb.waits, about=_one(named)))
    if len(fitting) > 1:
        return _asked(_ask_whose(turn, verb, fitting))
    return Meant(tuple(fitting), rest)


def _one(views: Sequence[AssignmentView]) -> tuple[int, ...]:
    return (views[0].id,) if len(views) == 1 else ()


def _asked(replies: list[Reply]) -> Meant:
    return Meant(replies=tuple(replies))


async def _named(turn: Turn, understood: Understood, found: list[AssignmentView]) -> tuple[list[AssignmentView], str]:
    """Those of the unit that was named, by code or by the words that follow the number; all where none was."""
    if understood.unit_code:
        return [view for view in found if view.unit_code.upper() == understood.unit_code], understood.rest
    if not understood.rest or asks_all(understood.rest):
        return found, understood.rest
    called = await called_first(turn.session, understood.rest, {view.unit_id for view in found})
    if not called.units:
        return found, understood.rest
    ids = {unit.id for unit in called.units}
    return [view for view in found if view.unit_id in ids], called.rest


def _ask_whose(turn: Turn, verb: Verb, fitting: list[AssignmentView]) -> list[Reply]:
    shown = fitting[:CHOICES]
    keys = [Button(view.unit_name, f"{verb.command} {buttons.address(view, shared=True)}") for view in shown]
    if verb.may_take_all:
        keys = [*keys[: CHOICES - 1], Button(f"Tất cả {len(fitting)}", f"{verb.command} {fitting[0].number} tat ca")]
    return turn.say("whose", views=fitting, verb=verb, shown=shown, buttons=buttons.pairs(*keys))
