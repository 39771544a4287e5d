"""The coordinator's desk: what waits for a decision, and each decision in one line that can be taken back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation import buttons, dialogs, unit_notices
from bot.conversation.dates import requested_day
from bot.conversation.decided_work import Verb, deciding_scope, meant
from bot.conversation.incoming import Reply
from bot.conversation.pages import page_of
from bot.conversation.steering_forms import kind_asked
from bot.conversation.turn import Turn
from bot.conversation.understand import Intent, Understood, fold_in_place, understand
from models.clock import civil_day
from models.errors import InvalidTransitionError
from models.terms import AssignmentState
from planner.decide_submission import accept, return_work
from planner.extend_deadline import NotLaterError, grant_extension, refuse_extension, waiting_extension
from planner.list_work import find_by_number, own_work
from planner.raise_blocker import resolve_blockers
from planner.scope import Scope
from planner.views import AssignmentView, load_views
from planner.waiting import (
    Asked,
    Submitted,
    Waiting,
    asking_for_time,
    count_waiting,
    handed_in,
    open_blockers,
    returnable,
    waiting_extensions,
    waiting_submissions,
    waiting_transfers,
    with_open_blocker,
)
from reminders.channel import Button

SHOWN_OF_EACH = 4
"""Lines of each kind in the whole queue; the rest of a kind is a word away."""

PER_PAGE = 8
NUMBERS_SHOWN = 8

ACCEPT = Verb("duyet", "Xác nhận", "chưa có gì chờ xác nhận", handed_in, may_take_all=True)
RETURN = Verb("tra lai", "Trả lại", "chưa nộp gì để trả lại", returnable)
GRANT = Verb("cho lui", "Cho lùi", "không có lời xin gia hạn nào đang chờ", asking_for_time)
REFUSE = Verb("khong cho lui", "Không cho", "không có lời xin gia hạn nào đang chờ", asking_for_time)
FREE = Verb("het vuong", "Hết vướng", "không ghi vướng mắc nào", with_open_blocker)

_POLITE = frozenset({"a", "ah", "nhe", "nha", "em", "anh", "chi", "dong chi", "roi", "di"})


@dataclass(frozen=True, slots=True)
class Line:
    """Một dòng trong hàng chờ. `waited`: working days since it came."""

    view: AssignmentView
    words: str
    waited: int
    on: date
    document_no: str | None = None
    requested_on: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Một nhóm việc chờ cùng loại quyết định."""

    kind: str
    heading: str
    total: int
    lines: list[Line]
    left: int


async def decisions(turn: Turn, understood: Understood) -> list[Reply]:
    """`duyet`: everything that waits, by kind, the longest wait first; or a page of one kind."""
    scope = await deciding_scope(turn)
    if scope.is_empty:
        return turn.say("not_a_decider")
    waiting = await count_waiting(turn.session, scope)
    kind = kind_asked(understood.rest)
    totals = {"nop": waiting.submitted, "gia han": waiting.extensions, "vuong": waiting.blockers,
              "chuyen": waiting.transfers}  # fmt: skip
    if kind is None:
        groups = [await _group(turn, scope, each, total, 0, SHOWN_OF_EACH) for each, total in totals.items() if total]
        return turn.say(
            "decisions",
            waiting=waiting,
            groups=groups,
            example=_example(groups),
            buttons=_queue_keys(groups, waiting),
        )
    page = page_of(totals[kind], understood.page, size=PER_PAGE)
    group = await _group(turn, scope, kind, totals[kind], page.start, PER_PAGE)
    more = Button("Trang sau", f"duyet {kind} trang {page.number + 1}") if page.left else None
    return turn.say(
        "decisions_page",
        group=group,
        page=page,
        example=_example([group]),
        buttons=(*_queue_keys([group], waiting), *buttons.row(more)),
    )


_HEADINGS = {
    "nop": "Đã nộp, chờ xác nhận",
    "gia han": "Xin gia hạn",
    "vuong": "Đang vướng mắc",
    "chuyen": "Báo không thuộc đơn vị mình",
}


async def _group(turn: Turn, scope: Scope, kind: str, total: int, start: int, limit: int) -> Group:
    if kind == "nop":
        found = await waiting_submissions(turn.session, scope, start=start, limit=limit)
        lines = [_submitted(turn, each) for each in found]
    else:
        asked = {"gia han": waiting_extensions, "vuong": open_blockers, "chuyen": waiting_transfers}[kind]
        lines = [_asked(turn, each) for each in await asked(turn.session, scope, start=start, limit=limit)]
    return Group(kind, _HEADINGS[kind], total, lines, total - start - len(lines))


def _submitted(turn: Turn, found: Submitted) -> Line:
    on = found.view.submitted_on or turn.today
    words = "" if found.view.is_secret or found.document_no else own_words(found.said)
    document_no = None if found.view.is_secret else found.document_no
    return Line(found.view, words, _waited(turn, on), on, document_no)


def _asked(turn: Turn, found: Asked) -> Line:
    on = civil_day(found.asked_at)
    words = "" if found.view.is_secret else own_words(found.words)
    return Line(found.view, words, _waited(turn, on), on, requested_on=found.requested_on)


def _waited(turn: Turn, since: date) -> int:
    return turn.voice.wording.calendar.workdays_between(since, turn.today)


def own_words(said: str) -> str:
    """What they said beyond "12 xong"; nothing where the command is all of it."""
    understood = understand(said)
    return said if understood.intent is Intent.UNKNOWN else understood.rest


def _example(groups: Sequence[Group]) -> dict[str, AssignmentView | None]:
    """The first of each kind that is there, to show how it is decided."""
    none: dict[str, AssignmentView | None] = {kind.replace(" ", "_"): None for kind in _HEADINGS}
    return none | {group.kind.replace(" ", "_"): group.lines[0].view for group in groups if group.lines}


def _queue_keys(groups: Sequence[Group], waiting: Waiting) -> tuple[tuple[Button, ...], ...]:
    keys: list[Button] = []
    for group in groups:
        if group.kind == "nop":
            keys += [_key("Duyệt", ACCEPT, line.view) for line in group.lines[:2]]
        elif group.kind == "gia han":
            keys += [_key("Cho lùi", GRANT, line.view) for line in group.lines[:1]]
    if waiting.submitted > 1:
        keys.append(Button(f"Duyệt tất cả {waiting.submitted}", "duyet tat ca"))
    return buttons.pairs(*keys)


def _key(label: str, verb: Verb, view: AssignmentView) -> Button:
    return Button(f"{label} {view.number} {view.unit_name}", f"{verb.command} {buttons.address(view, shared=True)}")


async def accept_work(turn: Turn, understood: Understood) -> list[Reply]:
    """`duyet 12 Sở Tư pháp`, `duyet 12 tat ca`, `duyet tat ca` (shown first, done on a yes)."""
    if understood.number is None:
        return await _accept_everything(turn, understood)
    found = await meant(turn, understood, ACCEPT)
    if found.replies:
        return list(found.replies)
    if not _is_polite(found.rest):
        return turn.say("no_such_unit", number=understood.number, words=found.rest)
    return await _accept(turn, found.views)


def _is_polite(rest: str) -> bool:
    return set(fold_in_place(rest).split()) <= _POLITE


async def _accept_everything(turn: Turn, understood: Understood) -> list[Reply]:
    """Exactly what was shown within ten minutes is accepted, once: anything else is shown (again) first."""
    scope = await deciding_scope(turn)
    if scope.is_empty:
        return turn.say("not_a_decider")
    found = await waiting_submissions(turn.session, scope)
    if not found:
        return turn.say("nothing_submitted")
    views = [each.view for each in found]
    if understood.is_confirmed and await _was_shown(turn, views):
        await dialogs.close(turn.session, turn.incoming)
        return await _accept(turn, views)
    facts = {"assignment_id": None, "shown": [view.id for view in views]}
    await dialogs.ask(turn.session, turn.incoming, dialogs.Expects.NOTHING, facts, now=turn.now)
    yes = Button(f"Đồng ý duyệt {len(found)}", f"duyet tat ca {len(found)} viec dong y")
    numbers = Counter((each.view.number, each.view.title) for each in found)
    return turn.say(
        "accept_preview",
        total=len(found),
        has_changed=understood.is_confirmed,
        numbers=sorted(numbers.items())[:NUMBERS_SHOWN],
        hidden=max(0, len(numbers) - NUMBERS_SHOWN),
        late=sum(_is_late(each.view) for each in found),
        agree=yes.command,
        buttons=buttons.row(yes, Button("Xem lại", "duyet nop")),
    )


async def _was_shown(turn: Turn, views: Sequence[AssignmentView]) -> bool:
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    return question is not None and set(question.facts.get("shown", ())) == {view.id for view in views}


def _is_late(view: AssignmentView) -> bool:
    return bool(view.effective_on and view.submitted_on and view.submitted_on > view.effective_on)


async def _accept(turn: Turn, views: Sequence[AssignmentView]) -> list[Reply]:
    """No message goes to the units: accepted work is shown in their lists, and good news makes no noise."""
    for view in views:
        await accept(turn.session, view.id, said=turn.said())
    numbers = sorted({view.number for view in views})
    return turn.say(
        "accepted",
        views=views,
        numbers=numbers,
        is_late=_is_late(views[0]),
        left=await _left(turn),
        buttons=buttons.undo(numbers[0]) if len(numbers) == 1 else buttons.row(Button("Hoàn tác", "hoan tac")),
        about=(views[0].id,) if len(views) == 1 else (),
    )


async def _left(turn: Turn) -> Waiting:
    return await count_waiting(turn.session, await deciding_scope(turn))


async def return_for_more(turn: Turn, understood: Understood) -> list[Reply]:
    """`tra lai 12 @HG.STP thiếu phụ lục`; without a reason it is asked for."""
    found = await meant(turn, understood, RETURN)
    if found.replies:
        return list(found.replies)
    (view,) = found.views
    if _is_polite(found.rest):
        facts = {"assignment_id": view.id}
        await dialogs.ask(turn.session, turn.incoming, dialogs.Expects.RETURN_REASON, facts, now=turn.now)
        return turn.say("ask_return", view=view)
    return await _return(turn, view, found.rest)


async def reason_given(turn: Turn, question: dialogs.Question) -> list[Reply]:
    """The reason a return waited for; taken only while the person still decides about that plan."""
    await dialogs.close(turn.session, turn.incoming)
    assignment_id = int(question.facts["assignment_id"])
    view = (await load_views(turn.session, [assignment_id])).get(assignment_id)
    if view is None or view.plan_id not in (await deciding_scope(turn)).plan_ids:
        return turn.say("not_understood")
    return await _return(turn, view, turn.text)


async def _return(turn: Turn, view: AssignmentView, reason: str) -> list[Reply]:
    try:
        await return_work(turn.session, view.id, reason=reason, said=turn.said())
    except InvalidTransitionError:
        return turn.say("nothing_to_decide", views=[view], waits=RETURN.waits, about=(view.id,))
    after = (await load_views(turn.session, [view.id]))[view.id]
    keys = buttons.answers(after, shared=False)
    told = await unit_notices.tell_unit(
        turn, after, "notice_returned", key=notice_key(view.id, turn.now), keys=keys, reason=reason
    )
    return turn.say(
        "returned",
        view=after,
        reason=reason,
        told=told,
        left=await _left(turn),
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )


def notice_key(assignment_id: int, at: datetime) -> str:
    """One decision about one assignment at one instant; the same words serve to withdraw it."""
    return f"decided:{assignment_id}:{int(at.timestamp())}"


async def grant(turn: Turn, understood: Understood) -> list[Reply]:
    """`cho lui 39 @HG.STP` as asked, or `cho lui 39 @HG.STP 7/11`."""
    found = await meant(turn, understood, GRANT)
    if found.replies:
        return list(found.replies)
    (view,) = found.views
    asked = await waiting_extension(turn.session, view.id)
    day = asked.requested_on if _is_polite(found.rest) else _named_day(turn, found.rest)
    if day is None:
        return turn.say("day_unclear", view=view, words=asked.reason, is_unread=not _is_polite(found.rest))
    try:
        await grant_extension(turn.session, view.id, granted_on=day, said=turn.said())
    except NotLaterError:
        return turn.say("day_not_later", view=view, day=day, about=(view.id,))
    after = (await load_views(turn.session, [view.id]))[view.id]
    told = await unit_notices.tell_unit(
        turn, after, "notice_granted", key=notice_key(view.id, turn.now), day=day, requested_on=asked.requested_on
    )
    return turn.say(
        "granted",
        view=after,
        before=view,
        day=day,
        requested_on=asked.requested_on,
        told=told,
        left=await _left(turn),
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )


def _named_day(turn: Turn, words: str) -> date | None:
    said = words if not words[:1].isdigit() else f"đến {words}"
    return requested_day(said, today=turn.today, calendar=turn.voice.wording.calendar)


async def refuse(turn: Turn, understood: Understood) -> list[Reply]:
    """`khong cho lui 39 @HG.STP lý do…`; the reason may be left out, so that one tap is enough."""
    found = await meant(turn, understood, REFUSE)
    if found.replies:
        return list(found.replies)
    (view,) = found.views
    reason = _without_polite_start(found.rest)
    await refuse_extension(turn.session, view.id, said=turn.said(), reason=reason or None)
    told = await unit_notices.tell_unit(turn, view, "notice_refused", key=notice_key(view.id, turn.now), reason=reason)
    return turn.say(
        "refused",
        view=view,
        reason=reason,
        told=told,
        left=await _left(turn),
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )


def _without_polite_start(rest: str) -> str:
    """ "vì thời hạn do Chính phủ ấn định" is told without its "vì"."""
    folded = fold_in_place(rest)
    for opening in ("ly do la ", "ly do: ", "ly do ", "vi "):
        if folded.startswith(opening):
            return rest[len(opening) :].strip(" :,")
    return "" if _is_polite(rest) else rest


async def is_stuck_somewhere(turn: Turn, number: int) -> bool:
    """Some unit that this person decides about has a difficulty with this number."""
    found = await find_by_number(turn.session, number, await deciding_scope(turn))
    return bool(await with_open_blocker(turn.session, [view.id for view in found]))


async def free_the_only_one(turn: Turn) -> list[Reply] | None:
    """`het vuong` alone: the one difficulty there is; of several the list; None where it is the person's own unit's."""
    own = await own_work(turn.session, turn.own_units, today=turn.today)
    stuck = await open_blockers(turn.session, await deciding_scope(turn), limit=2)
    if not stuck or any(view.state is AssignmentState.BLOCKED for view in own):
        return None
    if len(stuck) > 1:
        return await decisions(turn, Understood(Intent.DECISIONS, rest="vuong"))
    return await _free(turn, stuck[0].view)


async def free(turn: Turn, understood: Understood) -> list[Reply]:
    """`het vuong 12 @HG.STP`: the coordinator knows that the difficulty is gone."""
    found = await meant(turn, understood, FREE)
    return list(found.replies) or await _free(turn, found.views[0])


async def _free(turn: Turn, view: AssignmentView) -> list[Reply]:
    await resolve_blockers(turn.session, view.id, said=turn.said())
    after = (await load_views(turn.session, [view.id]))[view.id]
    keys = buttons.answers(after, shared=False)
    told = await unit_notices.tell_unit(turn, after, "notice_freed", key=notice_key(view.id, turn.now), keys=keys)
    return turn.say(
        "freed",
        view=after,
        told=told,
        left=await _left(turn),
        buttons=buttons.undo(view.number),
        about=(view.id,),
    )
