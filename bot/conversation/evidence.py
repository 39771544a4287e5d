"""Evidence in a conversation: which work a file or a document number belongs to, and handing it out again.

What a sentence asks for is understood elsewhere; here it only matters which work was answered for, for that is whose
evidence it is. A file that names no work waits with the question for as long as the question stands.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.conversation import buttons, dialogs
from bot.conversation.dialogs import Expects
from bot.conversation.incoming import Reply
from bot.conversation.pages import page_of
from bot.conversation.permissions import Action, may
from bot.conversation.turn import Turn
from bot.conversation.understand import ANSWERS, Intent, Understood, fold_in_place, understand
from bot.conversation.work import list_work
from models.errors import InvalidTransitionError
from models.terms import Answer
from planner import audit
from planner.hand_in_evidence import (
    EvidenceView,
    GivenFile,
    answered_after,
    evidence_counts,
    evidence_of,
    hand_in,
    newest_report_id,
    spoken_of,
)
from planner.list_work import find_by_number, find_units, last_report_by, own_work
from planner.report_progress import Said
from planner.scope import Scope
from planner.views import AssignmentView, load_views
from reminders.channel import Button
from reminders.outbox import find_by_wire_ref

FORM = "evidence"
"""The outbox form of one file handed out: rendered at the moment of sending, by `bot.evidence_out`."""

CHOICES = 3
PER_PAGE = 5
UNITS_SHOWN = 10
NAME_SHOWN = 60
KIBIBYTE = 1024

GoOn = Callable[[], Awaitable[list[Reply]]]
"""The rest of the conversation: answers the words of this turn."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Tệp không nhận được; `reason` as in `bot.evidence_kinds`, or "secret"."""

    name: str
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Minh chứng chưa rõ của việc nào, or an album that has landed: its later pictures follow the first."""

    files: tuple[GivenFile, ...] = ()
    document_no: str | None = None
    said: str = ""
    album: str | None = None
    landed_on: int | None = None
    landed_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        return bool(self.files or self.document_no)

    def as_facts(self) -> dict[str, Any]:
        return {
            "files": [asdict(file) for file in self.files],
            "document_no": self.document_no,
            "said": self.said,
            "album": self.album,
            "landed_on": self.landed_on,
            "landed_at": self.landed_at.isoformat() if self.landed_at else None,
        }


def _waiting_in(facts: Mapping[str, Any]) -> Waiting | None:
    kept = facts.get("evidence")
    if kept is None:
        return None
    at = kept["landed_at"]
    files = tuple(GivenFile(**file) for file in kept["files"])
    return Waiting(
        files,
        kept["document_no"],
        kept["said"],
        kept["album"],
        kept["landed_on"],
        datetime.fromisoformat(at) if at else None,
    )


# --- a turn of words --------------------------------------------------------------------------------------------


async def around(turn: Turn, understood: Understood, go_on: GoOn) -> list[Reply]:
    """Answer a turn of words: what is about evidence here, all else by `go_on`, and then what was waiting lands."""
    if not turn.person.places:
        return await go_on()
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    waiting = _waiting_in(question.facts) if question else None
    if question and waiting and question.expects is Expects.EVIDENCE:
        if waiting.is_waiting and (chosen := await _to_the_question(turn, question, waiting, understood)) is not None:
            return chosen
        await dialogs.close(turn.session, turn.incoming)  # ours alone: nobody else would know what to make of it
    if understood.intent is Intent.UNKNOWN:
        if asked := _asked(turn.text):
            return await _open(turn, asked)
        is_free = question is None or question.expects.value in _OURS
        if is_free and (document := _document(turn.text)) and may(turn.person, Action.REPORT):
            return await _receive(turn, Waiting(document_no=document.number, said=turn.text), document.work)
    return await _follow(turn, waiting if waiting and waiting.is_waiting else None, go_on)


async def documents_only(turn: Turn, go_on: GoOn) -> list[Reply]:
    """In a group no file is taken or handed out; the number of a report said with "xong" counts there too."""
    return await _follow(turn, None, go_on)


async def _follow(turn: Turn, waiting: Waiting | None, go_on: GoOn) -> list[Reply]:
    """The rest of the conversation answers; what it answered for is what the waiting evidence belongs to."""
    before = await newest_report_id(turn.session)
    replies = await go_on()
    answered = await answered_after(turn.session, turn.person.id, before)
    if len(answered) == 1:
        await _keep_document(turn, answered[0])
    if waiting is None:
        return replies
    if len(answered) == 1:
        return await _along(turn, replies, answered[0], waiting)
    await _wait_on(turn, waiting, await _own(turn, answered))
    return replies


async def _keep_document(turn: Turn, assignment_id: int) -> None:
    """The number of the report that was said with "xong" is evidence as much as a file."""
    last = await last_report_by(turn.session, turn.person.id, since=turn.now)
    if last is not None and last.answer is Answer.DONE and last.document_no and last.assignment_id == assignment_id:
        await hand_in(
            turn.session, assignment_id, said=turn.said(last.said), document_no=last.document_no, is_answered=True
        )


async def _wait_on(turn: Turn, waiting: Waiting, views: Sequence[AssignmentView] = ()) -> None:
    """Nothing was answered for: it waits with whatever is asked now, else with the question that stood."""
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if question is not None and question.expects.value not in _OURS:
        facts = question.facts | {"evidence": waiting.as_facts()}
        await dialogs.ask(turn.session, turn.incoming, question.expects, facts, now=turn.now)
        return
    options = [view.id for view in views] or await _options(turn)
    await _ask(turn, waiting, options)


async def _options(turn: Turn) -> list[int]:
    return [view.id for view in (await _owed(turn))[:CHOICES]]


async def _ask(turn: Turn, waiting: Waiting, options: Sequence[int]) -> None:
    facts = {"options": list(options), "evidence": waiting.as_facts()}
    await dialogs.ask(turn.session, turn.incoming, Expects.EVIDENCE, facts, now=turn.now)


_OURS = frozenset({"evidence-which", "nothing"})
"""What may give way to a question of ours: it asks nothing else of the person."""


# --- a file -----------------------------------------------------------------------------------------------------


async def take(turn: Turn, given: GivenFile | NotTaken, album: str | None, go_on: GoOn) -> list[Reply]:
    """One file, its caption being the text of the turn. Nothing that was taken in is lost for want of a number."""
    if isinstance(given, NotTaken):
        await _record(turn, "evidence-refused", {"name": given.name, "size": given.size, "reason": given.reason})
        return _with_line(await _words(turn, go_on), turn.say("evidence_refused", file=given, size=size_of(given.size)))
    await _record(turn, "evidence-received", asdict(given))
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    before = _waiting_in(question.facts) if question else None
    if before and album and before.album == album and question:
        if not turn.text and before.landed_on is not None and before.landed_at is not None:
            return await _same_album(turn, given, before.landed_on, before.landed_at)
        if not turn.text and before.is_waiting:
            facts = question.facts | {"evidence": replace(before, files=(*before.files, given)).as_facts()}
            await dialogs.ask(turn.session, turn.incoming, question.expects, facts, now=turn.now)
            return []
    waiting = Waiting((given,), said=turn.text, album=album)
    if question is not None and question.expects is Expects.EVIDENCE:
        await dialogs.close(turn.session, turn.incoming)
    if (answered := await _as_an_answer(turn, waiting, go_on)) is not None:
        return await _still_waiting(turn, before, answered)
    if before is not None and before.is_waiting and not turn.text:
        waiting = replace(waiting, files=(*before.files, given), document_no=before.document_no, said=before.said)
    return await _receive(turn, waiting, _work_named(turn.text))


async def _words(turn: Turn, go_on: GoOn) -> list[Reply]:
    """The caption of a file that was not taken is an answer all the same."""
    return await around(turn, understand(turn.text), go_on) if _is_answer(turn.text) else []


async def _same_album(turn: Turn, file: GivenFile, assignment_id: int, at: datetime) -> list[Reply]:
    """Quietly beside the first picture; taken back with it."""
    said = Said(turn.person.id, turn.incoming.channel, _told((file,)), at)
    await hand_in(turn.session, assignment_id, said=said, files=[file], is_answered=True)
    return []


async def _as_an_answer(turn: Turn, waiting: Waiting, go_on: GoOn) -> list[Reply] | None:
    """The caption read like any sentence; None when it answered for nothing and asked nothing back."""
    if not _is_answer(turn.text):
        return None
    before = await newest_report_id(turn.session)
    standing = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    replies = await go_on()
    answered = await answered_after(turn.session, turn.person.id, before)
    if len(answered) == 1:
        await _keep_document(turn, answered[0])
        return await _along(turn, replies, answered[0], waiting)
    if answered:
        views = await _own(turn, answered)
        return [*replies, *await _ask_which(turn, waiting, views)]
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if question is not None and question != standing and question.expects.value not in _OURS:
        await _wait_on(turn, waiting)
        return _with_line(replies, turn.say("evidence_kept", files=_shown(waiting.files)))
    about = {each for reply in replies for each in reply.about}
    if len(about) == 1 and understand(turn.text).intent in ANSWERS:  # "đã ghi từ trước": no news, but a new file
        (view,) = await _own(turn, list(about)) or (None,)
        return None if view is None else _with_line(replies, await _land(turn, view, waiting))
    return None


async def _still_waiting(turn: Turn, before: Waiting | None, replies: list[Reply]) -> list[Reply]:
    """An earlier file whose work is still unknown keeps waiting beside what was just answered."""
    if before is not None and before.is_waiting and before.landed_on is None:
        question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
        if question is None:
            await _ask(turn, before, await _options(turn))
    return replies


async def is_expected(turn: Turn, album: str | None) -> bool:
    """Whether a file without words would be of some work: a question about one stands, or it was just spoken of."""
    if turn.incoming.reply_to is not None and await _replied_to(turn, turn.incoming.reply_to):
        return True
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    waiting = _waiting_in(question.facts) if question else None
    if waiting is not None:
        return waiting.is_waiting or (album is not None and waiting.album == album)
    if question is not None and question.expects in _ABOUT_OWN_WORK:
        return True
    lately = await spoken_of(turn.session, turn.person.id, since=turn.now - dialogs.CHOICE_STANDS)
    return bool(await _own(turn, list(lately)))


_ABOUT_OWN_WORK = frozenset(
    {Expects.CHOICE, Expects.EVIDENCE, Expects.CONFIRM, Expects.BLOCKER, Expects.EXTENSION, Expects.WRONG_UNIT}
)
"""Questions to a unit; what a coordinator is asked about others' work waits for no file."""


def names_work(text: str) -> bool:
    """A caption with the number of some work, or an answer for one."""
    understood = understand(text)
    return _work_named(text) is not None or understood.intent in ANSWERS | {Intent.SEVERAL, Intent.NUMBER, Intent.SHOW}


def _is_answer(text: str) -> bool:
    """A caption worth reading as a sentence; a bare number or document number only says what the file is of."""
    if not text or _asked(text) or _document(text):
        return False
    return understand(text).intent in ANSWERS | {Intent.UNKNOWN, Intent.SEVERAL}


# --- whose it is ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Work:
    """Việc được gọi tên: its number, and the unit where one is named; `rest` are the words behind it."""

    number: int
    unit_code: str = ""
    rest: str = ""
    page: int = 1


async def _receive(turn: Turn, waiting: Waiting, named: _Work | None) -> list[Reply]:
    """By number, by the message replied to, by what was just spoken of, or the only one there is; else asked."""
    if named is not None:
        found = await _numbered(turn, named)
        if len(found) == 1:
            return await _land(turn, found[0], waiting)
        if found:
            return await _ask_which(turn, waiting, found)
        owed = await _owed(turn)
        return [*turn.say("no_such_number", number=named.number), *await _ask_which(turn, waiting, owed)]
    if turn.incoming.reply_to is not None and (replied := await _replied_to(turn, turn.incoming.reply_to)):
        return await _land_or_ask(turn, waiting, replied)
    lately = await spoken_of(turn.session, turn.person.id, since=turn.now - dialogs.CHOICE_STANDS)
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if question is not None and (looked_at := question.facts.get("assignment_id")) is not None:
        lately |= {looked_at}
    if len(lately) == 1 and (own := await _own(turn, list(lately))):
        return await _land(turn, own[0], waiting)
    return await _land_or_ask(turn, waiting, await _owed(turn))


async def _land_or_ask(turn: Turn, waiting: Waiting, found: list[AssignmentView]) -> list[Reply]:
    return await _land(turn, found[0], waiting) if len(found) == 1 else await _ask_which(turn, waiting, found)


async def _numbered(turn: Turn, named: _Work) -> list[AssignmentView]:
    found = await find_by_number(turn.session, named.number, Scope(unit_ids=turn.own_units))
    return [view for view in found if not named.unit_code or view.unit_code.upper() == named.unit_code.upper()]


async def _replied_to(turn: Turn, wire_ref: str) -> list[AssignmentView]:
    sent = await find_by_wire_ref(turn.session, bot=turn.incoming.bot, chat=turn.incoming.chat, wire_ref=wire_ref)
    if sent is None:
        return []
    return await _own(turn, [sent.assignment_id] if sent.assignment_id else sent.payload.get("assignment_ids", ()))


async def _own(turn: Turn, ids: Sequence[int]) -> list[AssignmentView]:
    found = await load_views(turn.session, ids)
    return [found[each] for each in ids if each in found and found[each].unit_id in turn.own_units]


async def _owed(turn: Turn) -> list[AssignmentView]:
    """Open, or handed in and not yet accepted: a page that was forgotten comes after the "xong"."""
    return await own_work(turn.session, turn.own_units, today=turn.today)


async def _ask_which(turn: Turn, waiting: Waiting, found: Sequence[AssignmentView]) -> list[Reply]:
    """One question with at most four choices; the files wait with it."""
    if not found:
        return turn.say("evidence_no_work", files=_shown(waiting.files))
    shown = list(found[:CHOICES])
    await _ask(turn, waiting, [view.id for view in shown])
    numbers = [view.number for view in found]
    keys = [Button(f"Việc {view.number}", f"minh chung {_address(view, numbers)}") for view in shown]
    asked = turn.say(
        "evidence_which",
        views=shown,
        files=_shown(waiting.files),
        document_no=waiting.document_no,
        several_units=len({view.unit_id for view in shown}) > 1,
        buttons=buttons.pairs(*keys, Button("Việc khác", "viec khac")),
    )
    return [replace(each, is_numbered=True) for each in asked]


def _address(view: AssignmentView, numbers: Sequence[int]) -> str:
    return buttons.address(view, shared=numbers.count(view.number) > 1)


async def _to_the_question(
    turn: Turn, question: dialogs.Question, waiting: Waiting, understood: Understood
) -> list[Reply] | None:
    """Which work the waiting files are of; None when something else is said, and they wait on."""
    if understood.intent is Intent.CANCEL:
        await dialogs.close(turn.session, turn.incoming)
        return turn.say("evidence_dropped", files=_shown(waiting.files))
    if asked := _asked(turn.text):
        found = await _numbered(turn, asked)
        return await _chosen(turn, found[0], waiting) if len(found) == 1 else None
    if understood.intent is not Intent.NUMBER or understood.number is None or turn.incoming.is_tap:
        return None
    number, options = understood.number, [int(each) for each in question.facts["options"]]
    by_place = await _own(turn, options[number - 1 : number]) if number >= 1 else []
    by_number = await find_by_number(turn.session, number, Scope(unit_ids=turn.own_units))
    if number == len(options) + 1 and not by_number:
        return await list_work(turn, Understood(Intent.LIST))
    meant = {view.id: view for view in (*by_place, *by_number)}
    if len(meant) > 1:
        return turn.say("evidence_choose_again", number=number, views=list(meant.values()))
    view = next(iter(meant.values()), None)
    return turn.say("no_such_number", number=number) if view is None else await _chosen(turn, view, waiting)


async def _chosen(turn: Turn, view: AssignmentView, waiting: Waiting) -> list[Reply]:
    await dialogs.close(turn.session, turn.incoming)
    return await _land(turn, view, waiting)


# --- it lands ---------------------------------------------------------------------------------------------------


async def _land(turn: Turn, view: AssignmentView, waiting: Waiting) -> list[Reply]:
    """Evidence without another answer: it is one itself, echoed and taken back like any."""
    if view.is_secret:
        await _record(turn, "evidence-refused", {"files": [asdict(file) for file in waiting.files], "reason": "secret"})
        return turn.say("evidence_secret", number=view.number)
    said = turn.said(waiting.said or turn.text or _told(waiting.files))
    try:
        new = await hand_in(turn.session, view.id, said=said, files=waiting.files, document_no=waiting.document_no)
    except InvalidTransitionError:
        return turn.say("not_now", view=view, intent="evidence", about=(view.id,))
    await _remember(turn, waiting, view.id)
    return turn.say(
        "evidence",
        view=(await load_views(turn.session, [view.id]))[view.id],
        files=_shown(new),
        known=_shown([file for file in waiting.files if file not in new]),
        document_no=waiting.document_no,
        buttons=buttons.row(
            Button("Đã xong", f"xong {view.number}") if view.is_open else None,
            Button("Hoàn tác", f"hoan tac {view.number}"),
        )
        if new or waiting.document_no
        else (),
        about=(view.id,),
    )


async def _along(turn: Turn, replies: list[Reply], assignment_id: int, waiting: Waiting) -> list[Reply]:
    """Evidence that comes with an answer just recorded: one echo for both, taken back together."""
    (view,) = await _own(turn, [assignment_id])
    if view.is_secret:
        return _with_line(replies, turn.say("evidence_secret", number=view.number))
    said = turn.said(waiting.said or turn.text)
    new = await hand_in(
        turn.session,
        assignment_id,
        said=said,
        files=waiting.files,
        document_no=waiting.document_no,
        is_answered=True,
    )
    await _remember(turn, waiting, assignment_id)
    known = [file for file in waiting.files if file not in new]
    return _with_line(replies, turn.say("evidence_along", files=_shown(new), known=_shown(known)))


async def _remember(turn: Turn, waiting: Waiting, assignment_id: int) -> None:
    """The later pictures of an album come as messages of their own and follow the first."""
    if waiting.album is None:
        return
    landed = Waiting(album=waiting.album, landed_on=assignment_id, landed_at=turn.now)
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if question is None or question.expects.value in _OURS:
        await _ask(turn, landed, [])
        return
    facts = question.facts | {"evidence": landed.as_facts()}
    await dialogs.ask(turn.session, turn.incoming, question.expects, facts, now=turn.now)


def _with_line(replies: list[Reply], more: list[Reply]) -> list[Reply]:
    """One message instead of two."""
    if not (replies and more):
        return replies or more
    last = replies[-1]
    keys = last.buttons or more[0].buttons
    joined = replace(last, text=f"{last.text}\n{more[0].text}", buttons=keys, about=last.about or more[0].about)
    return [*replies[:-1], joined, *more[1:]]


def _told(files: Sequence[GivenFile]) -> str:
    """What is kept as said when nothing was."""
    return f"[gửi tệp] {', '.join(file.name for file in files)}"


def size_of(size: int) -> str:
    """240 KB, 1,4 MB."""
    if size < KIBIBYTE * KIBIBYTE:
        return f"{max(1, round(size / KIBIBYTE))} KB"
    return f"{size / KIBIBYTE / KIBIBYTE:.1f} MB".replace(".", ",")


def _shown(files: Sequence[GivenFile]) -> list[tuple[str, str]]:
    return [(file.name, size_of(file.size)) for file in files]


async def _record(turn: Turn, action: str, after: dict[str, Any]) -> None:
    await audit.record(
        turn.session,
        action,
        now=turn.now,
        channel=turn.incoming.channel,
        person_id=turn.person.id,
        said=turn.text,
        after=after,
    )


# --- handing it out ---------------------------------------------------------------------------------------------


async def _open(turn: Turn, asked: _Work) -> list[Reply]:
    """ "minh chung 12 @HG.STP": what there is in words, then each file in a message of its own."""
    if not may(turn.person, Action.SEE_ASSIGNMENT):
        return turn.say("not_allowed", intent="evidence")
    found = await _readable(turn, asked)
    if not found:
        return turn.say("no_such_number", number=asked.number)
    counts = await evidence_counts(turn.session, [view.id for view in found])
    having = [view for view in found if counts.get(view.id)]
    if len(found) > 1 and len(having) != 1:
        return _whose(turn, found, having, counts)
    view = having[0] if having else found[0]
    if view.is_secret:
        return turn.say("evidence_secret", number=view.number)
    return _handed_out(turn, view, await evidence_of(turn.session, view.id), asked.page)


async def _readable(turn: Turn, asked: _Work) -> list[AssignmentView]:
    scope = await turn.reading_scope()
    found = await find_by_number(turn.session, asked.number, scope)
    if asked.unit_code:
        return [view for view in found if view.unit_code.upper() == asked.unit_code.upper()]
    if asked.rest:
        units = {unit.id for unit in await find_units(turn.session, asked.rest, scope)}
        return [view for view in found if view.unit_id in units]
    return found


def _whose(
    turn: Turn, found: Sequence[AssignmentView], having: Sequence[AssignmentView], counts: Mapping[int, int]
) -> list[Reply]:
    shown = having[:UNITS_SHOWN]
    keys = [Button(view.unit_name, f"minh chung {view.number} @{view.unit_code}") for view in shown[: CHOICES + 1]]
    return turn.say(
        "evidence_units",
        view=found[0],
        rows=[(view, counts[view.id]) for view in shown],
        total=len(found),
        having=len(having),
        buttons=buttons.pairs(*keys),
    )


def _handed_out(turn: Turn, view: AssignmentView, items: Sequence[EvidenceView], page_wanted: int) -> list[Reply]:
    files = [item for item in items if item.file]
    page = page_of(len(files), page_wanted, size=PER_PAGE)
    more = f"minh chung {view.number} @{view.unit_code} trang {page.number + 1}"
    said = turn.say(
        "evidence_list",
        view=view,
        documents=[item.document_no for item in items if item.document_no],
        files=len(files),
        page=page,
        more=more,
        buttons=buttons.row(Button("Tệp tiếp theo", more) if page.left else None),
        about=(view.id,),
    )
    handed = [
        Reply("", about=(view.id,), form=FORM, facts={"evidence_id": item.id, "person_id": turn.person.id})
        for item in files[page.start : page.stop]
    ]
    return [*said, *handed]


# --- forms of words ---------------------------------------------------------------------------------------------

_END = r"[\s.!,;]*"
_DIGITS = r"#?(?P<number>[0-9]{1,6})(?![0-9]|\s?[/%]|[.,\-][0-9])"
_UNIT = r"(?:\s?@(?P<unit>[a-z0-9][a-z0-9.\-]{0,60}))?"
_ASKED = re.compile(
    rf"/?(?:xem\s)?minh[\s_]?chung(?:\s(?:cua\s)?(?:viec\s)?(?:so\s)?){_DIGITS}{_UNIT}"
    rf"(?:\s(?P<rest>(?!trang\s[0-9]).+?))??(?:\strang\s(?P<page>[0-9]{{1,4}}))?{_END}"
)
_PAPER = r"(?:bao cao|bc|van ban|vb|cong van|cv|to trinh|quyet dinh|qd|ke hoach|bien ban)"
_DAY = r"[0-9]{1,2}\s?[/\-.]\s?[0-9]{1,2}(?:\s?[/\-.]\s?[0-9]{2,4})?"
_DOCUMENT = re.compile(
    rf"(?:(?:viec\s)?{_DIGITS}\s?[:,.\-]?\s?)?(?:(?:minh chung|kem theo|kem|da co|theo)\s?[:,]?\s?)*"
    rf"{_PAPER}\s?(?:so)?\s?:?\s?(?P<document>[0-9]{{1,6}}[a-z]?/(?=[0-9/\-]*[a-z])[a-z0-9&/\-]{{1,40}})"
    rf"(?:,?\s(?:ngay\s)?{_DAY})?{_END}"
)
_NAMED = re.compile(rf"(?:minh\s?chung|viec|nhiem vu)\s(?:cua\s)?(?:viec\s)?(?:so\s)?{_DIGITS}(?!\s?(?:xa|phuong)\b)")
_FIRST = re.compile(rf"{_DIGITS}{_UNIT}(?:\s?[:\-]\s.*|{_END})")


@dataclass(frozen=True, slots=True)
class _Document:
    """Số văn bản nói riêng một mình, with the number of the work if it stands before."""

    number: str
    work: _Work | None


def _asked(text: str) -> _Work | None:
    """ "minh chung 12", "xem minh chung 12 @HG.STP", "minh chứng 12 sở tư pháp trang 2"."""
    words = " ".join(text.split())
    match = _ASKED.fullmatch(fold_in_place(words))
    if match is None:
        return None
    rest = words[match.start("rest") : match.end("rest")].strip(" ,;:") if match["rest"] else ""
    return _Work(int(match["number"]), (match["unit"] or "").rstrip(".-"), rest, max(1, int(match["page"] or 1)))


def _document(text: str) -> _Document | None:
    words = " ".join(text.split())
    match = _DOCUMENT.fullmatch(fold_in_place(words))
    if match is None:
        return None
    number = words[match.start("document") : match.end("document")].rstrip(".,;-")
    return _Document(number, _Work(int(match["number"])) if match["number"] else None)


def _work_named(text: str) -> _Work | None:
    """The one number in a caption that surely is a piece of work's: "12", "12: ảnh họp", "minh chứng việc 12"."""
    if asked := _asked(text):
        return asked
    if document := _document(text):
        return document.work
    folded = fold_in_place(" ".join(text.split()))
    if first := _FIRST.fullmatch(folded):
        return _Work(int(first["number"]), first["unit"] or "")
    named = {int(match["number"]) for match in _NAMED.finditer(folded)}
    return _Work(named.pop()) if len(named) == 1 else None
