"""`xuat`: the list of what is late as a spreadsheet, `tonghop bieu do`: the figures as a picture; made when sent."""

from bot.conversation.incoming import Reply
from bot.conversation.overdue import read_filter
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from planner.list_overdue import group_late

WORKBOOK, CHART = "workbook", "chart"
"""The forms of the outbox rows that carry them."""


async def export(turn: Turn, understood: Understood) -> list[Reply]:
    """The same filters as `quahan`; with nothing late there is nothing to send."""
    scope = await turn.list_scope()
    if scope.is_empty:
        return turn.say("nothing_to_follow")
    words = understood.rest.removeprefix("quahan").removeprefix("quá hạn").strip()
    wanted = await read_filter(turn, words, scope)
    if wanted is None:
        return turn.say("no_such_filter", words=words)
    kept = [group for group in await group_late(turn.session, scope, today=turn.today) if wanted.keeps(group)]
    if not wanted.count(kept):
        return turn.say("export_none", wanted=wanted)
    facts = {
        "person_id": turn.person.id,
        "plan_id": wanted.plan.id if wanted.plan else None,
        "unit_id": wanted.unit.id if wanted.unit else None,
        "only_silent": wanted.only_silent,
    }
    return [Reply("", form=WORKBOOK, facts=facts)]


def chart(turn: Turn, *, by_unit: bool) -> list[Reply]:
    return [Reply("", form=CHART, facts={"person_id": turn.person.id, "by_unit": by_unit})]
