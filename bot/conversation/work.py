"""Looking at work: my list by urgency, one assignment with its history, what falls due today and this week."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation import buttons
from bot.conversation.history import Course, course_of
from bot.conversation.incoming import Reply
from bot.conversation.pages import page_of
from bot.conversation.target import find_shown
from bot.conversation.turn import Turn
from bot.conversation.understand import Intent, Understood
from models.terms import AssignmentState
from planner.hand_in_evidence import evidence_counts
from planner.list_overdue import last_answers
from planner.list_work import due_groups, history_of, own_work, unit_names
from planner.people import KnownPerson
from planner.statistics import is_overdue
from planner.views import AssignmentView, load_views
from planner.waiting import accepted_since
from reminders.channel import Button
from reminders.wording import CALM, LATE, SOON, SOON_WORKDAYS

PER_PAGE = 5
NAMES_SHOWN = 6
SHOWN_KEYS = 3
SUNDAY = 6
ACCEPTED_SHOWN = timedelta(days=7)
"""Accepting sends no message: this long the list says it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Một nhóm việc cùng mức gấp."""

    heading: str
    views: list[AssignmentView]


async def list_work(turn: Turn, understood: Understood) -> list[Reply]:
    """The person's own units' work: late, today, near, calm; what waits and what is standing in a line each."""
    work = await own_work(turn.session, turn.own_units, today=turn.today)
    dated = [view for view in work if view.is_open and view.effective_on is not None]
    standing = [view for view in work if view.is_open and view.effective_on is None]
    waiting = [view for view in work if view.state is AssignmentState.SUBMITTED]
    page = page_of(len(dated), understood.page, size=PER_PAGE)
    shown = dated[page.start : page.stop]
    keys = [Button(f"Xem việc {view.number}", f"xem {_address(view, dated)}") for view in shown[:SHOWN_KEYS]]
    more = Button("Trang sau", f"viec trang {page.number + 1}") if page.left else None
    late = sum(is_overdue(view.state, view.effective_on, today=turn.today) for view in dated)
    return turn.say(
        "work",
        unit_name=_own_name(turn.person, turn.own_units),
        several_units=len(turn.own_units) > 1,
        total=len(dated),
        late=late,
        page=page,
        sections=_sections(turn, shown),
        waiting=waiting,
        accepted=await accepted_since(turn.session, turn.own_units, since=turn.now - ACCEPTED_SHOWN),
        standing=standing,
        follows=bool(await turn.coordinated()),
        example=shown[0].number if shown else None,
        second=shown[1].number if len(shown) > 1 else None,
        buttons=buttons.pairs(*keys, more),
        about=tuple(view.id for view in shown),
    )


async def list_standing(turn: Turn, understood: Understood) -> list[Reply]:
    """Standing work of the person's own units."""
    work = await own_work(turn.session, turn.own_units, today=turn.today)
    standing = [view for view in work if view.is_open and view.effective_on is None]
    page = page_of(len(standing), understood.page, size=PER_PAGE)
    more = Button("Trang sau", f"thuong xuyen trang {page.number + 1}") if page.left else None
    shown = standing[page.start : page.stop]
    return turn.say(
        "standing",
        unit_name=_own_name(turn.person, turn.own_units),
        several_units=len(turn.own_units) > 1,
        total=len(standing),
        views=shown,
        page=page,
        buttons=buttons.row(more),
        about=tuple(view.id for view in shown),
    )


def _sections(turn: Turn, views: Sequence[AssignmentView]) -> list[Section]:
    sections: dict[str, list[AssignmentView]] = {}
    for view in views:
        sections.setdefault(_heading(turn, view), []).append(view)
    return [Section(heading, found) for heading, found in sections.items()]


def _heading(turn: Turn, view: AssignmentView) -> str:
    assert view.effective_on is not None
    if view.effective_on < turn.today:
        return f"{LATE} Quá hạn"
    if view.effective_on == turn.today:
        return f"{SOON} Hôm nay là ngày cuối"
    left = turn.voice.wording.workdays_left(view, today=turn.today)
    return f"{SOON} Sắp đến hạn" if left is not None and left <= SOON_WORKDAYS else f"{CALM} Còn thời gian"


def _own_name(person: KnownPerson, unit_ids: frozenset[int]) -> str:
    return ", ".join(dict.fromkeys(place.unit_name for place in person.places if place.unit_id in unit_ids))


def _address(view: AssignmentView, among: Sequence[AssignmentView]) -> str:
    shared = sum(each.number == view.number for each in among) > 1
    return buttons.address(view, shared=shared)


async def show(turn: Turn, understood: Understood) -> list[Reply]:
    """`xem 12`: one assignment; where several units owe the number, how all of them stand."""
    assert understood.number is not None
    found = await find_shown(turn, understood)
    if not found:
        return turn.say("no_such_number", number=understood.number)
    own = [view for view in found if view.unit_id in turn.own_units]
    # a number alone means one's own share of it first; the rest is a line away
    if not (understood.rest or understood.unit_code) and len(own) == 1 and not await turn.coordinated():
        found = own
    return await _card(turn, found[0]) if len(found) == 1 else _table(turn, found)


async def _card(turn: Turn, view: AssignmentView) -> list[Reply]:
    answers = {} if view.is_secret else await last_answers(turn.session, [view.id])
    history = await history_of(turn.session, view.id)
    is_own = view.unit_id in turn.own_units
    can_answer = is_own and view.is_open
    names = await unit_names(turn.session, [view.coordinating_unit_id])
    pieces = (await evidence_counts(turn.session, [view.id])).get(view.id, 0)
    answering = buttons.answers(view, shared=len(turn.own_units) > 1) if can_answer else ()
    return turn.say(
        "card",
        view=view,
        is_own=is_own,
        can_answer=can_answer,
        answer=answers.get(view.id),
        blockers=history.blockers if view.is_open and not view.is_secret else (),
        extensions=() if view.is_secret else history.extensions,
        decider=names.get(view.coordinating_unit_id),
        course=await _course(turn, view),
        evidence=pieces,
        buttons=answering or buttons.row(_evidence(view) if pieces else None),
        about=(view.id,),
    )


def _evidence(view: AssignmentView) -> Button:
    return Button("Xem minh chứng", f"minh chung {view.number} @{view.unit_code}")


async def _course(turn: Turn, view: AssignmentView) -> Course | None:
    """Whoever follows the plan sees all that happened; a unit sees its own last word, and the rest on "lich su"."""
    if view.plan_id not in await turn.coordinated():
        return None
    return await course_of(turn, view)


_GROUPS = (
    ("đã nộp", (AssignmentState.SUBMITTED, AssignmentState.ACCEPTED)),
    ("đang làm", (AssignmentState.IN_PROGRESS,)),
    ("vướng mắc", (AssignmentState.BLOCKED,)),
    ("bị trả lại", (AssignmentState.RETURNED,)),
    ("đã đóng", (AssignmentState.CLOSED,)),
)


def _table(turn: Turn, found: list[AssignmentView]) -> list[Reply]:
    states = Counter(view.state for view in found)
    counts = [(words, sum(states[state] for state in group)) for words, group in _GROUPS]
    silent = [view.unit_name for view in found if view.state is AssignmentState.NOT_STARTED and not view.answered_at]
    counts += [("chưa báo tiến độ", states[AssignmentState.NOT_STARTED] - len(silent)), ("chưa phản hồi", len(silent))]
    stuck = [view.unit_name for view in found if view.state is AssignmentState.BLOCKED]
    return turn.say(
        "table",
        view=found[0],
        total=len(found),
        counts=[(words, count) for words, count in counts if count],
        silent=silent,
        stuck=stuck,
        names_shown=NAMES_SHOWN,
        example=(silent or [found[0].unit_name])[0],
        about=(),
    )


async def list_due(turn: Turn, understood: Understood) -> list[Reply]:
    """What falls due today, or from today to the end of this week, and has not been handed in."""
    is_today = understood.intent is Intent.TODAY
    last = turn.today if is_today else turn.today + timedelta(days=SUNDAY - turn.today.weekday())
    scope = await turn.list_scope()
    groups = await due_groups(turn.session, scope, first=turn.today, last=last, today=turn.today)
    owed = [group for group in groups if group.open]
    page = page_of(len(owed), understood.page, size=PER_PAGE)
    shown = owed[page.start : page.stop]
    samples = await load_views(turn.session, [group.sample_id for group in shown])
    command = "hom nay" if is_today else "tuan nay"
    keys = [Button(f"Xem việc {group.number}", f"xem {group.number}") for group in shown[:SHOWN_KEYS]]
    more = Button("Trang sau", f"{command} trang {page.number + 1}") if page.left else None
    return turn.say(
        "due",
        is_today=is_today,
        last=last,
        total=sum(group.total for group in groups),
        open=sum(group.open for group in groups),
        entries=[(group, samples[group.sample_id]) for group in shown],
        one_unit=not scope.plan_ids and len(scope.unit_ids) == 1,
        page=page,
        command=command,
        buttons=buttons.pairs(*keys, more),
    )
