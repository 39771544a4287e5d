"""The whole course of one assignment in lines, newest last: for whoever follows the plan, and for the unit itself."""

from dataclasses import dataclass

from bot.conversation.channel_names import known_channel_name
from bot.conversation.incoming import Reply
from bot.conversation.overdue import ANSWER_WORDS
from bot.conversation.pages import page_of
from bot.conversation.target import find_shown
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from models.clock import CIVIL_ZONE
from planner.history import Event, EventKind, Reminded, events_of, reminded
from planner.views import AssignmentView
from reminders.wording import named_day, shorten

SHOWN = 12
QUOTE = 60


@dataclass(frozen=True, slots=True)
class Course:
    """Quá trình của một việc: its last lines, how many stand before them, and how often it was reminded."""

    lines: list[str]
    earlier: int
    reminded: Reminded
    next_page: int


async def course_of(turn: Turn, view: AssignmentView, *, page: int = 1) -> Course:
    """A page counts from the newest end; each reads downwards to what is newest."""
    events = await events_of(turn.session, view)
    shown = page_of(len(events), page, size=SHOWN)
    stop = len(events) - shown.start
    start = max(0, stop - SHOWN)
    lines = [_line(turn, view, event) for event in events[start:stop]]
    return Course(lines, start, await reminded(turn.session, view.id), shown.number + 1)


def _line(turn: Turn, view: AssignmentView, event: Event) -> str:
    at = event.at.astimezone(CIVIL_ZONE)
    day = f"{at:%d/%m}" if at.year == turn.today.year else f"{at:%d/%m/%Y}"
    if event.kind is EventKind.GIVEN:
        return f"{day} · giao việc"
    if event.kind is EventKind.UNSURE:
        return f"{day} {at:%H:%M} · tin gửi {event.who} chưa chắc đã tới"
    name = known_channel_name(event.channel)
    where = f" ({name})" if name else ""
    undone = ", đã rút lại" if event.is_undone else ""
    who = event.who or "tự động theo kế hoạch"
    return f"{day} {at:%H:%M} · {who}{where}: {_what(turn, view, event)}{undone}"


def _what(turn: Turn, view: AssignmentView, event: Event) -> str:
    words = "" if view.is_secret or not event.words else f', "{shorten(event.words, QUOTE)}"'
    day = f" đến hết {named_day(event.day, today=turn.today)}" if event.day else ""
    if event.answer is not None:
        percent = f" {event.percent}%" if event.percent is not None else ""
        return f"{ANSWER_WORDS[event.answer]}{percent}{words}"
    return {
        EventKind.ACCEPTED: "xác nhận hoàn thành",
        EventKind.RETURNED: f"trả lại{words}",
        EventKind.GRANTED: f"cho lùi{day}",
        EventKind.REFUSED: f"không cho lùi{words}",
        EventKind.MOVED_BY_PAPER: f"văn bản đổi thời hạn{day}{words}",
        EventKind.MOVED: f"chuyển từ {event.from_unit} sang {event.to_unit}",
        EventKind.KEPT: f"giữ nguyên cho {event.from_unit}",
    }[event.kind]


async def history(turn: Turn, understood: Understood) -> list[Reply]:
    """`lich su 12 [đơn vị]`: for everybody who may look at the work."""
    found = await find_shown(turn, understood)
    if not found:
        return turn.say("no_such_number", number=understood.number)
    own = [view for view in found if view.unit_id in turn.own_units]
    found = own if len(own) == 1 and not (understood.rest or understood.unit_code) else found
    if len(found) > 1:
        return turn.say("history_whose", views=found)
    course = await course_of(turn, found[0], page=understood.page)
    return turn.say("history", view=found[0], course=course, about=(found[0].id,))
