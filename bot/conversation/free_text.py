"""Answers in the words people chat with: done where they are sure, asked about where they are not, else left alone.

The exact grammar (`understand`) comes first; what it does not know is read by `meaning`, and nothing here changes
anything without the same checks, the same echo and the same way back.
"""

import re
from dataclasses import replace

from bot.conversation import buttons, dialogs, progress, work
from bot.conversation.incoming import Reply
from bot.conversation.meaning import SURE, Meaning, read_answers
from bot.conversation.meaning import Intent as Means
from bot.conversation.spoken_days import promised_day
from bot.conversation.target import silently_meant, which
from bot.conversation.turn import Turn
from bot.conversation.understand import Intent, Understood, fold_in_place
from models.terms import AssignmentState
from planner import audit
from planner.views import AssignmentView
from reminders.channel import Button

_DOUBT = re.compile(
    r"\b(?:chua|khong|ko|k|bao gio|khi nao|luc nao|bao lau|neu|sap|gan|se|mai|thi moi|tuan sau|thang sau)\b"
)
"""Beside any of these "xong" is asked about, however surely it was read: a false "xong" is the worst mistake."""

MOST_PARTS = 8
"""Answers in one message; a longer list is likely a text that was pasted."""

_INTENTS = {
    Means.DONE: Intent.DONE,
    Means.IN_PROGRESS: Intent.IN_PROGRESS,
    Means.NOT_STARTED: Intent.NOT_STARTED,
    Means.BLOCKED: Intent.BLOCKED,
    Means.EXTENSION: Intent.EXTENSION,
    Means.WRONG_UNIT: Intent.WRONG_UNIT,
    Means.ACKNOWLEDGED: Intent.ACKNOWLEDGED,
}
_WHOSE = re.compile(
    r"\b(?:vi|do|thuoc|chuyen|chuc nang|tham quyen|nhiem vu cua|nham|so (?!lieu)\w+|huyen \w+|phong (?!em|minh|toi)\w+"
    r"|xa (?!em|minh)\w+|ubnd)\b"
)
"""Says whose work it is, or why it is not theirs; "không phải việc bên em" alone says neither."""

ECHO = re.compile(r"^(?P<echo>.*?)\s*Gõ \"hoàn tác\".*$")


async def answer_freely(turn: Turn) -> list[Reply] | None:
    """The replies to a sentence; None when nothing in it is understood, or it is no answer at all."""
    meanings = [meaning for meaning in _read(turn) if meaning.intent is not Means.UNKNOWN or meaning.numbers]
    if all(meaning.intent is Means.UNKNOWN for meaning in meanings):
        return None
    parts = [(meaning, number) for meaning in meanings for number in meaning.numbers or (None,)]
    if not parts:
        return None
    return await (_one(turn, *parts[0]) if len(parts) == 1 else _several(turn, parts))


def speaks_of_work(turn: Turn) -> bool:
    """Whether a sentence is surely about some work: it names one by number, or says how one stands."""
    return any(
        meaning.intent is not Means.UNKNOWN and (meaning.numbers or meaning.intent in _TELLS_HOW_IT_STANDS)
        for meaning in _read(turn)
    )


_TELLS_HOW_IT_STANDS = frozenset({Means.DONE, Means.NOT_STARTED, Means.BLOCKED, Means.EXTENSION, Means.WRONG_UNIT})
"""A bare day or the word "báo cáo" reads as progress too, so progress without a number tells nothing here."""


async def _one(turn: Turn, meaning: Meaning, number: int | None) -> list[Reply]:
    if meaning.intent is Means.QUESTION:
        return await _asked(turn, number)
    if meaning.intent is Means.ACKNOWLEDGED:
        return await acknowledge(turn, Understood(Intent.ACKNOWLEDGED, number=number))
    understood = _understood(turn, meaning, number)
    meant = await which(turn, understood)
    if meant.view is None:
        return list(meant.replies)
    return await perform_or_ask(turn, understood, meant.view, said=turn.text)


def _read(turn: Turn) -> list[Meaning]:
    wording = turn.voice.wording
    return read_answers(
        turn.text, today=turn.today, last_valid_on=None, calendar=wording.calendar, before=wording.before
    )


def _understood(turn: Turn, meaning: Meaning, number: int | None) -> Understood:
    intent = _INTENTS[meaning.intent]
    percent, day = None, None
    if intent is Intent.IN_PROGRESS:
        percent = meaning.percent
        day = promised_day(turn.text, today=turn.today, wording=turn.voice.wording)
        if percent is None and day is None and (meaning.is_nothing_new or meaning.is_unblocked):
            intent = Intent.NOTHING_NEW if meaning.is_nothing_new else Intent.UNBLOCKED
    return Understood(
        intent,
        number=number,
        percent=percent,
        document_no=meaning.document_no if intent is Intent.DONE else None,
        rest=_words(turn, meaning, intent),
        day=meaning.requested_on if intent is Intent.EXTENSION else day,
        is_sure=meaning.confidence >= SURE and not (intent is Intent.DONE and _DOUBT.search(fold_in_place(turn.text))),
    )


def _words(turn: Turn, meaning: Meaning, intent: Intent) -> str:
    """What is kept as the reason: all that was said, for who must help stands beside what is in the way."""
    if intent is Intent.BLOCKED:
        return turn.text if meaning.reason else ""
    if intent is Intent.EXTENSION:
        return turn.text
    if intent is Intent.WRONG_UNIT:
        return turn.text if _WHOSE.search(fold_in_place(turn.text)) else ""
    return ""


async def perform_or_ask(turn: Turn, understood: Understood, view: AssignmentView, *, said: str) -> list[Reply]:
    """Do what was surely meant; ask once about the rest, and change nothing until the answer."""
    if understood.intent is Intent.UNBLOCKED and view.state is not AssignmentState.BLOCKED:
        understood = replace(understood, intent=Intent.IN_PROGRESS)
    if understood.intent is Intent.SHOW:
        return await _answer_question(turn, view)
    if understood.intent is Intent.ACKNOWLEDGED:
        return await _take_note(turn, [view])
    if understood.is_sure:
        return await progress.perform(turn, understood, view, said=said)
    facts = dialogs.facts_of(understood, said) | {"assignment_id": view.id, "number": view.number}
    await dialogs.ask(turn.session, turn.incoming, dialogs.Expects.CONFIRM, facts, now=turn.now)
    is_done = understood.intent is Intent.DONE
    yes = f"xong {view.number}" if is_done and not understood.document_no else f"dung {view.number}"
    no = Button("Chưa xong", f"chua xong {view.number}") if is_done else Button("Không phải", "thoi")
    return turn.say(
        "confirm",
        view=view,
        understood=understood,
        buttons=((Button("Đúng", yes), no), (Button("Việc khác", "viec khac"),)),
        about=(view.id,),
    )


async def to_the_confirmation(turn: Turn, question: dialogs.Question, said: Understood) -> list[Reply] | None:
    """Yes, no, or the same thing said clearly; None when the person speaks of something else."""
    facts = question.facts
    understood = replace(dialogs.understood_of(facts), is_sure=True)
    same = said.number in (None, facts["number"])
    is_yes = said.intent is Intent.YES or (said.intent is Intent.ACKNOWLEDGED and said.number is None)
    view = await progress.own_view(turn, int(facts["assignment_id"]))
    if view is None or not same:
        return None
    if is_yes or said.intent is understood.intent:
        await dialogs.close(turn.session, turn.incoming)
        return await progress.perform(turn, understood, view, said=str(facts["said"]))
    if understood.intent is Intent.DONE and _NOT_YET.fullmatch(fold_in_place(turn.text)):
        await dialogs.close(turn.session, turn.incoming)
        return await progress.perform(turn, Understood(Intent.IN_PROGRESS), view, said=turn.text)
    return None


_NOT_YET = re.compile(r"(?:da\s)?chua(?:\s(?:xong|a|anh|chi|dau|ah))*[\s.!]*")


# --- several at once ----------------------------------------------------------------------------------------------


async def _several(turn: Turn, parts: list[tuple[Meaning, int | None]]) -> list[Reply]:
    """Each part on its own work, echoed on its own line; one doubt anywhere, and nothing is recorded."""
    found: list[tuple[Understood, AssignmentView]] = []
    for meaning, number in parts:
        if meaning.intent not in _INTENTS or meaning.intent is Means.ACKNOWLEDGED or number is None:
            return turn.say("one_at_a_time")
        understood = _understood(turn, meaning, number)
        meant = await which(turn, understood)
        if meant.view is None or not understood.is_sure:
            await dialogs.close(turn.session, turn.incoming)
            return list(meant.replies) or turn.say("one_at_a_time")
        found.append((understood, meant.view))
    if len(found) > MOST_PARTS or len({view.id for _, view in found}) < len(found):
        return turn.say("one_at_a_time")
    replies = [await progress.perform(turn, each, view, said=turn.text) for each, view in found]
    lines = [ECHO.sub(r"\g<echo>", said[0].text.splitlines()[0]) for said in replies]
    about = tuple(view.id for _, view in found)
    return turn.say("several", lines=lines, buttons=buttons.row(Button("Hoàn tác", "hoan tac")), about=about)


# --- what changes nothing, or next to nothing ---------------------------------------------------------------------


async def _asked(turn: Turn, number: int | None) -> list[Reply]:
    meant = await which(turn, Understood(Intent.SHOW, number=number))
    if meant.view is not None:
        return await _answer_question(turn, meant.view)
    await dialogs.close(turn.session, turn.incoming)
    await _keep(turn, "asked")
    return list(meant.replies) if number is not None else turn.say("question", number=None)


async def _answer_question(turn: Turn, view: AssignmentView) -> list[Reply]:
    """When it is due and how to hand it in: the card answers most of what is asked."""
    await _keep(turn, "asked", view)
    return await work.show(turn, Understood(Intent.SHOW, number=view.number, unit_code=view.unit_code.upper()))


async def acknowledge(turn: Turn, understood: Understood) -> list[Reply]:
    """ "Dạ em nhận được rồi": kept with the work it was said of, if that is known; nobody is asked which."""
    return await _take_note(turn, [view for view in await silently_meant(turn, understood) if view.is_open])


async def _take_note(turn: Turn, views: list[AssignmentView]) -> list[Reply]:
    noted = [view for view in views if await progress.note_acknowledged(turn, view)]
    if noted:
        about = tuple(view.id for view in noted)
        return turn.say("acknowledged", views=noted, buttons=buttons.undo(noted[-1].number), about=about)
    await _keep(turn, "nodded")
    if views or await dialogs.open_question(turn.session, turn.incoming, now=turn.now) is not None:
        return []
    await dialogs.ask(turn.session, turn.incoming, dialogs.Expects.NOTHING, {"assignment_id": None}, now=turn.now)
    return turn.say("acknowledged", views=[])


async def _keep(turn: Turn, action: str, view: AssignmentView | None = None) -> None:
    await audit.record(
        turn.session,
        action,
        now=turn.now,
        channel=turn.incoming.channel,
        person_id=turn.person.id,
        assignment_id=view.id if view else None,
        said=turn.text,
    )
