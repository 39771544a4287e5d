"""`giao Sở Tư pháp, Sở Y tế: báo cáo … trước 15/12`: read, shown, and given only on a yes."""

import re
from dataclasses import dataclass

from bot.conversation import buttons, dialogs
from bot.conversation.incoming import Reply
from bot.conversation.permissions import Action, units_for
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood, fold_in_place
from models.terms import Boundary
from planner.ad_hoc_task import TITLE_CHARACTERS, assign_task, group_called, is_sure
from planner.call_units import called_whole, within_reach
from planner.deadlines import Reading, read_deadline
from planner.list_work import unit_names
from planner.views import load_views
from reminders.channel import Button

NAMES_SHOWN = 6
YES = "dong y giao"

_DEADLINE = re.compile(
    r"\b(?:hoan thanh |xong )?(?:truoc|cham nhat|den het|het(?! han)|trong"
    r"|thoi han|(?<!tre )(?<!qua )(?<!dung )(?<!gia )(?<!het )(?<!den )(?<!toi )(?<!thoi )han(?: cuoi)?)\b"
)
"""The first word of a deadline; "hồ sơ trễ hạn trước 15/11" is late work due on that day, not "hạn trước"."""
_AGREES = re.compile(r"(?:dong y(?: giao)?|giao|ok|oke)[\s.!]*")


@dataclass(frozen=True, slots=True)
class Split:
    """Câu giao việc tách ra: whom, what, by when. `reading` None: no day that is read without doubt."""

    whom: str
    title: str
    phrase: str
    reading: Reading | None


async def propose(turn: Turn, understood: Understood) -> list[Reply]:
    """Show what was understood; nothing is given yet."""
    (unit_id, *_) = sorted(units_for(turn.person, Action.ASSIGN))
    said = _split(turn, understood.rest)
    if not said.whom or not said.title:
        return turn.say("assign_how")
    reach = await within_reach(turn.session, [unit_id], today=turn.today)
    unit_ids, unknown = await _units(turn, said.whom, reach)
    if unknown:
        return turn.say("assign_no_unit", words=unknown)
    if said.reading is None:
        return turn.say("assign_no_day", title=said.title)
    facts = {"title": said.title, "phrase": said.phrase, "unit_ids": unit_ids}
    await dialogs.ask(turn.session, turn.incoming, dialogs.Expects.ASSIGN, facts, now=turn.now)
    names = await unit_names(turn.session, unit_ids)
    return turn.say(
        "assign_preview",
        title=said.title,
        reading=said.reading,
        is_before=said.reading.boundary is Boundary.BEFORE,
        names=[names[each] for each in unit_ids],
        names_shown=NAMES_SHOWN,
        agree=YES,
        buttons=buttons.row(Button("Đồng ý giao", YES), Button("Thôi", "thoi")),
    )


def _split(turn: Turn, words: str) -> Split:
    """Whom stands before the colon; the day in the last words that are surely a deadline."""
    whom, _, what = words.partition(":")
    what = " ".join(what.split())
    wording = turn.voice.wording
    for found in _DEADLINE.finditer(fold_in_place(what)):
        phrase = what[found.start() :]
        reading = read_deadline(phrase, base_on=turn.today, calendar=wording.calendar, before=wording.before)
        if is_sure(reading):
            return Split(whom.strip(), _title(what[: found.start()]), phrase, reading)
    return Split(whom.strip(), _title(what), "", None)


def _title(words: str) -> str:
    title = words.strip(" ,.;:-–")
    return (title[:1].upper() + title[1:])[:TITLE_CHARACTERS]


async def _units(turn: Turn, whom: str, reach: frozenset[int]) -> tuple[list[int], str]:
    """The units named, in the order of the directory; with the first name that is not exactly one unit."""
    if members := await group_called(turn.session, whom, reach):
        return members, ""
    found: set[int] = set()
    for name in filter(None, (part.strip() for part in re.split(r"[,;]", whom))):
        units = await called_whole(turn.session, name, reach)
        # "và" stands inside names too ("Sở Giáo dục và Đào tạo"), so it parts two units only where the whole is none
        halves = re.split(r"\s(?:và|va)\s", name) if not units else []
        if members := await group_called(turn.session, name, reach):
            found |= set(members)
            continue
        for part in halves if len(halves) > 1 else [name]:
            named = await called_whole(turn.session, part, reach)
            if len(named) != 1:
                return [], part
            found.add(named[0].id)
    return sorted(found), ""


async def confirmed(turn: Turn, question: dialogs.Question) -> list[Reply] | None:
    """The yes to a preview; None when something else was said."""
    if _AGREES.fullmatch(fold_in_place(turn.text)) is None:
        return None
    await dialogs.close(turn.session, turn.incoming)
    own = sorted(units_for(turn.person, Action.ASSIGN))
    if not own:
        return turn.say("not_understood")
    reach = await within_reach(turn.session, own[:1], today=turn.today)
    facts, wording = question.facts, turn.voice.wording
    reading = read_deadline(facts["phrase"], base_on=turn.today, calendar=wording.calendar, before=wording.before)
    if not is_sure(reading) or not set(facts["unit_ids"]) <= reach:
        return turn.say("assign_how")
    given = await assign_task(
        turn.session,
        own[0],
        title=facts["title"],
        phrase=facts["phrase"],
        unit_ids=facts["unit_ids"],
        said=turn.said(),
        calendar=wording.calendar,
        before=wording.before,
    )
    views = await load_views(turn.session, given.assignment_ids)
    found = [views[each] for each in given.assignment_ids]
    return turn.say(
        "assigned",
        view=found[0],
        names=[view.unit_name for view in found],
        names_shown=NAMES_SHOWN,
        buttons=buttons.undo(given.number),
        about=(found[0].id,) if len(found) == 1 else (),
    )
