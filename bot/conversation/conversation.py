"""The conversation: who speaks, which question stands open, what was asked for, and who answers it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import (
    choices,
    delegate,
    dialogs,
    edited,
    entry,
    evidence,
    free_text,
    groups,
    letter_questions,
    letters_in,
    nudge,
    overdue,
    progress,
    sparing,
    work,
)
from bot.conversation.incoming import KEPT_CHARACTERS, Incoming, Reply
from bot.conversation.letters import HANDLERS as LETTERS
from bot.conversation.letters import LOOKS as LETTER_LOOKS
from bot.conversation.letters import NEEDS as LETTER_NEEDS
from bot.conversation.letters import is_look
from bot.conversation.letters_found import asked_on
from bot.conversation.permissions import Action, may
from bot.conversation.steering import HANDLERS as STEERING
from bot.conversation.steering import NEEDS as STEERING_NEEDS
from bot.conversation.steering import ONLY_LOOKS as STEERING_LOOKS
from bot.conversation.steering import answer_for_a_unit, to_the_question
from bot.conversation.target import which
from bot.conversation.turn import Turn, Voice
from bot.conversation.understand import ANSWERS, Intent, Understood, invite_code, understand
from models.clock import civil_day
from planner import audit
from planner.hand_in_evidence import GivenFile
from planner.list_work import find_by_number
from planner.people import heard_from, person_of_chat
from planner.scope import Scope
from planner.views import load_views
from reminders.wording import Wording, clean

_NEEDS: dict[Intent, Action] = {
    Intent.DONE: Action.REPORT,
    Intent.IN_PROGRESS: Action.REPORT,
    Intent.UNBLOCKED: Action.RAISE_BLOCKER,
    Intent.BLOCKED: Action.RAISE_BLOCKER,
    Intent.EXTENSION: Action.REQUEST_EXTENSION,
    Intent.NOT_STARTED: Action.REPORT,
    Intent.NOTHING_NEW: Action.REPORT,
    Intent.WRONG_UNIT: Action.REPORT,
    Intent.SEVERAL: Action.REPORT,
    Intent.DELEGATE: Action.DELEGATE,
    Intent.GROUP: Action.DELEGATE,
    Intent.UNGROUP: Action.DELEGATE,
    Intent.UNDO: Action.UNDO,
    Intent.NUMBER: Action.SEE_ASSIGNMENT,
    Intent.SHOW: Action.SEE_ASSIGNMENT,
    Intent.LIST: Action.SEE_OWN_WORK,
    Intent.STANDING: Action.SEE_OWN_WORK,
    Intent.TODAY: Action.SEE_DUE,
    Intent.THIS_WEEK: Action.SEE_DUE,
    Intent.OVERDUE: Action.SEE_OVERDUE,
    Intent.NUDGE_ALL: Action.NUDGE,
    **STEERING_NEEDS,
    **LETTER_NEEDS,
}
"""What each wish needs the person to be allowed.

A wish that is not here changes and shows nothing; a nod and a free sentence ask for REPORT where they are heard.
"""

_ONLY_LOOKS = frozenset(
    {
        Intent.NUMBER, Intent.SHOW, Intent.LIST, Intent.STANDING, Intent.TODAY, Intent.THIS_WEEK, Intent.OVERDUE,
        Intent.HELP, Intent.GREETING, Intent.ACKNOWLEDGED, *STEERING_LOOKS, *LETTER_LOOKS,
    }
)  # fmt: skip
"""Looking something up leaves the open question open."""

_LOOKS_AT_ONE = frozenset({Intent.NUMBER, Intent.SHOW})

_WAITED_FOR = {
    dialogs.Expects.BLOCKER: Intent.BLOCKED,
    dialogs.Expects.EXTENSION: Intent.EXTENSION,
    dialogs.Expects.WRONG_UNIT: Intent.WRONG_UNIT,
}


OnLetter = Callable[[AsyncSession], None]


def _nobody_reads(_session: AsyncSession) -> None:
    """Where letters are looked for only now and then."""


class Conversation:
    """Cuộc trò chuyện, not bound to any platform. Holds no state between turns: what stands open is in the database."""

    def __init__(
        self, wording: Wording, *, invite_key: bytes, offers_page: bool = False, on_letter: OnLetter = _nobody_reads
    ) -> None:
        """`on_letter` hears, in the transaction that keeps it, that a letter came; `offers_page`: it has a page."""
        self._voice = Voice(wording, offers_page=offers_page)
        self._invite_key, self._on_letter = invite_key, on_letter

    async def handle(self, session: AsyncSession, incoming: Incoming, *, now: datetime) -> list[Reply]:
        """Answer one message inside the caller's write transaction; the caller commits all of it or nothing."""
        text = clean(incoming.text)[:KEPT_CHARACTERS].strip()
        understood = understand(text)
        if incoming.is_group or incoming.said_by != incoming.chat:
            return await self._in_a_group(session, incoming, understood, now=now)
        person = await person_of_chat(session, bot=incoming.bot, chat=incoming.chat, today=civil_day(now))
        code = _code(incoming, understood, text, is_known=person is not None)
        if code is not None:
            await dialogs.close(session, incoming)
            return await entry.link(session, incoming, code, self._voice, key=self._invite_key, now=now)
        if person is None:
            return await entry.refuse_stranger(session, incoming, self._voice, now=now)
        await heard_from(session, bot=incoming.bot, chat=incoming.chat, now=now)
        turn = await choices.as_a_tap(Turn(session, incoming, person, self._voice, now, text))
        if isinstance(turn, list):
            return turn
        said = understand(turn.text)
        return await evidence.around(turn, said, lambda: self._known(turn, said))

    async def spared(
        self, session: AsyncSession, incoming: Incoming, replies: Sequence[Reply], *, now: datetime
    ) -> list[Reply]:
        """What is owed of these where a platform counts each message; the rest is understood without words."""
        return await sparing.spared(session, incoming, replies, self._voice, now=now)

    async def file(
        self,
        session: AsyncSession,
        incoming: Incoming,
        given: GivenFile | evidence.NotTaken | None,
        *,
        album: str | None = None,
        now: datetime,
    ) -> list[Reply]:
        """A file from one chat, its caption being the text; `given` None: it was not fetched, for nobody was known."""
        if incoming.is_group or incoming.said_by != incoming.chat:
            return []
        person = await person_of_chat(session, bot=incoming.bot, chat=incoming.chat, today=civil_day(now))
        if person is None:
            return await entry.refuse_stranger(session, incoming, self._voice, now=now)
        await heard_from(session, bot=incoming.bot, chat=incoming.chat, now=now)
        turn = Turn(session, incoming, person, self._voice, now, clean(incoming.text)[:KEPT_CHARACTERS].strip())
        await choices.close(turn)
        taken = given or evidence.NotTaken("", 0, "unavailable")
        if isinstance(taken, GivenFile) and await letters_in.is_letter(turn, taken, album):
            self._on_letter(session)
            return await letters_in.take(turn, taken, album)
        if not may(person, Action.REPORT):
            return letters_in.refuse(turn, taken)
        if incoming.edits is None:
            replies = await evidence.take(turn, taken, album, lambda: self._known(turn, understand(turn.text)))
            return letters_in.offer_to_read(turn, taken, replies)
        return await self._caption_edited(turn, taken)

    async def _caption_edited(self, turn: Turn, taken: GivenFile | evidence.NotTaken) -> list[Reply]:
        """What the caption said before is taken back with its file; then both are heard anew."""
        taken_back, instead = await edited.take_back(turn, Intent.UNKNOWN)
        if instead is not None:
            return instead
        turn = replace(turn, incoming=replace(turn.incoming, edits=None, ref=turn.incoming.edits))
        said = await evidence.take(turn, taken, None, lambda: self._known(turn, understand(turn.text)))
        return _after(taken_back, said)

    async def not_text(
        self, session: AsyncSession, incoming: Incoming, content_type: str, *, now: datetime
    ) -> list[Reply]:
        """A photo, a voice message, a sticker: recorded, and the person told that words are needed for now."""
        if incoming.is_group or incoming.said_by != incoming.chat:
            return []
        person = await person_of_chat(session, bot=incoming.bot, chat=incoming.chat, today=civil_day(now))
        if person is None:
            return await entry.refuse_stranger(session, incoming, self._voice, now=now)
        await heard_from(session, bot=incoming.bot, chat=incoming.chat, now=now)
        turn = Turn(session, incoming, person, self._voice, now, clean(incoming.text)[:KEPT_CHARACTERS])
        await choices.close(turn)
        await _record(turn, "not-text", after={"content_type": content_type})
        return turn.say("not_text")

    async def _in_a_group(
        self, session: AsyncSession, incoming: Incoming, understood: Understood, *, now: datetime
    ) -> list[Reply]:
        spoken = await groups.who_speaks(session, incoming, understood, self._voice, key=self._invite_key, now=now)
        if isinstance(spoken, list):
            return spoken
        text = clean(incoming.text)[:KEPT_CHARACTERS].strip()
        turn = await choices.as_a_tap(Turn(session, incoming, spoken, self._voice, now, text))
        if isinstance(turn, list):
            return turn
        said = understand(turn.text)
        return await evidence.documents_only(turn, lambda: self._known(turn, said))

    async def _known(self, turn: Turn, understood: Understood) -> list[Reply]:
        if not turn.person.places:
            return turn.say("no_role")
        if turn.incoming.edits is not None:
            taken_back, instead = await edited.take_back(turn, understood.intent)
            return instead if instead is not None else _after(taken_back, await self._heard(turn, understood))
        return await self._heard(turn, understood)

    async def _heard(self, turn: Turn, understood: Understood) -> list[Reply]:
        question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
        if question is not None and (answered := await _to_the_question(turn, question, understood)) is not None:
            return answered
        needs = _NEEDS.get(understood.intent)
        if needs is not None and not may(turn.person, needs):
            return turn.say("not_allowed", intent=understood.intent.value)
        if understood.intent in (Intent.GROUP, Intent.UNGROUP):
            return await groups.group(turn, understood, key=self._invite_key)
        return await _obey(turn, understood)


def _after(first: Reply | None, replies: list[Reply]) -> list[Reply]:
    """The first line of the first reply."""
    if first is None:
        return replies
    if not replies:
        return [first]
    return [replace(replies[0], text=f"{first.text}\n{replies[0].text}"), *replies[1:]]


def _code(incoming: Incoming, understood: Understood, text: str, *, is_known: bool) -> str | None:
    """A code with /start, by a deep link, or typed alone; from a linked person only one that no word looks like."""
    if incoming.start_payload:
        return incoming.start_payload
    if understood.intent is Intent.START:
        return understood.rest or None
    code = invite_code(text)
    if code is None or not is_known:
        return code
    return code if text == code and any(letter.isdigit() for letter in code) else None


async def _to_the_question(turn: Turn, question: dialogs.Question, understood: Understood) -> list[Reply] | None:
    """The answer to what was asked; None when the person speaks of something else, which then closes the question."""
    if question.expects is dialogs.Expects.NOTHING:
        return None
    if question.expects is dialogs.Expects.LETTER:
        return await _to_a_letter(turn, question, understood)
    if understood.intent is Intent.CANCEL:
        await dialogs.close(turn.session, turn.incoming)
        return turn.say("cancelled")
    if question.expects in (dialogs.Expects.RETURN_REASON, dialogs.Expects.ASSIGN):
        answered = await to_the_question(turn, question, understood)
        if answered is None:
            await _leave(turn, understood)
        return answered
    if question.expects is dialogs.Expects.CHOICE:
        return await _choose(turn, question, understood)
    answered = await (
        free_text.to_the_confirmation(turn, question, understood)
        if question.expects is dialogs.Expects.CONFIRM
        else _in_words(turn, question, understood)
    )
    if answered is None:
        await _leave(turn, understood)
    return answered


async def _to_a_letter(turn: Turn, question: dialogs.Question, understood: Understood) -> list[Reply] | None:
    answered = await letter_questions.to_the_question(turn, question, understood)
    if answered is None and is_look(understood):
        await letter_questions.keep_beside_a_preview(turn, question)
    elif answered is None:
        await _leave(turn, understood)
    return answered


async def _in_words(turn: Turn, question: dialogs.Question, understood: Understood) -> list[Reply] | None:
    """The line of text that was waited for."""
    if turn.incoming.is_tap or not turn.text:
        return None
    if understood.intent is Intent.UNKNOWN:
        return await progress.store_text(turn, question, turn.text)
    if understood.intent is _WAITED_FOR[question.expects] and understood.number is None and understood.rest:
        return await progress.store_text(turn, question, understood.rest)
    return None


async def _leave(turn: Turn, understood: Understood) -> None:
    if understood.intent not in _ONLY_LOOKS:
        await dialogs.close(turn.session, turn.incoming)


async def _choose(turn: Turn, question: dialogs.Question, understood: Understood) -> list[Reply] | None:
    """A number typed after a choice: its place in the list, or the assignment's own number; asked again if both."""
    if understood.intent is not Intent.NUMBER or understood.number is None or turn.incoming.is_tap:
        await _leave(turn, understood)
        return None
    number = understood.number
    options = [int(each) for each in question.facts["options"]]
    views = await load_views(turn.session, options)
    by_place = views.get(options[number - 1]) if 1 <= number <= len(options) else None
    # not among the choices only: their other work may bear the number that was typed
    by_number = await find_by_number(turn.session, number, Scope(unit_ids=turn.own_units))
    if number == len(options) + 1 and not by_number:
        await dialogs.close(turn.session, turn.incoming)
        return await work.list_work(turn, Understood(Intent.LIST))
    meant = {view.id: view for view in (by_place, *by_number) if view is not None}
    if len(meant) != 1:
        return turn.say("choose_again", number=number, views=list(meant.values())) if meant else None
    (view,) = meant.values()
    if view.unit_id not in turn.own_units:
        return turn.say("no_such_number", number=number)
    await dialogs.close(turn.session, turn.incoming)
    chosen = dialogs.understood_of(question.facts)
    return await free_text.perform_or_ask(turn, chosen, view, said=str(question.facts["said"]))


async def _obey(turn: Turn, understood: Understood) -> list[Reply]:
    if (answered := await answer_for_a_unit(turn, understood)) is not None:
        return answered
    if understood.intent in ANSWERS:
        if understood.intent is Intent.IN_PROGRESS and _asks_for_percent(turn, understood):
            return turn.say("percent_missing", number=understood.number)
        meant = await which(turn, understood)
        if meant.view is None:
            return list(meant.replies)
        return await progress.perform(turn, understood, meant.view, said=turn.text)
    replies = await _HANDLERS.get(understood.intent, _not_understood)(turn, understood)
    if understood.intent in _LOOKS_AT_ONE:
        await _remember_looking(turn, replies)
    return replies


async def _remember_looking(turn: Turn, replies: list[Reply]) -> None:
    """What was just looked at is what a bare "xong rồi" means, unless a question stands open."""
    about = {each for reply in replies for each in reply.about}
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if (
        len(about) == 1
        and about <= await _own(turn, about)
        and (question is None or question.expects is dialogs.Expects.NOTHING)
    ):
        facts = {"assignment_id": about.pop()}
        await dialogs.ask(turn.session, turn.incoming, dialogs.Expects.NOTHING, facts, now=turn.now)


async def _own(turn: Turn, ids: set[int]) -> set[int]:
    views = await load_views(turn.session, list(ids))
    return {view.id for view in views.values() if view.unit_id in turn.own_units}


def _asks_for_percent(turn: Turn, understood: Understood) -> bool:
    """ "/tiendo 12" promises a figure and gives none."""
    return understood.percent is None and turn.text.lower().lstrip("/").startswith(("tiendo", "tien do", "tiến độ"))


async def _not_understood(turn: Turn, understood: Understood) -> list[Reply]:
    """A sentence, read as people chat; where that tells nothing, nothing is changed, and what was said is kept."""
    if may(turn.person, Action.REPORT) and (answered := await free_text.answer_freely(turn)) is not None:
        return answered
    await _record(turn, "not-understood", after={"intent": understood.intent.value})
    return turn.say("not_understood", letter=await asked_on(turn))


async def _record(turn: Turn, action: str, *, after: dict[str, str]) -> None:
    await audit.record(
        turn.session,
        action,
        now=turn.now,
        channel=turn.incoming.channel,
        person_id=turn.person.id,
        said=turn.text,
        after=after,
    )


async def _acknowledged(turn: Turn, understood: Understood) -> list[Reply]:
    return await free_text.acknowledge(turn, understood) if may(turn.person, Action.REPORT) else await entry.greet(turn)


async def _help(turn: Turn, understood: Understood) -> list[Reply]:
    del understood
    return await entry.help_text(turn)


async def _greet(turn: Turn, understood: Understood) -> list[Reply]:
    del understood
    return await entry.greet(turn)


async def _nothing_open(turn: Turn, understood: Understood) -> list[Reply]:
    del understood
    return turn.say("nothing_asked")


_Handler = Callable[[Turn, Understood], Awaitable[list[Reply]]]
_HANDLERS: dict[Intent, _Handler] = {
    Intent.SEVERAL: _not_understood,
    Intent.DELEGATE: delegate.delegate_work,
    **STEERING,
    **LETTERS,
    Intent.LETTER_EVIDENCE: letters_in.as_evidence,
    Intent.CANCEL: _nothing_open,
    Intent.NUMBER: work.show,
    Intent.SHOW: work.show,
    Intent.LIST: work.list_work,
    Intent.STANDING: work.list_standing,
    Intent.TODAY: work.list_due,
    Intent.THIS_WEEK: work.list_due,
    Intent.OVERDUE: overdue.overdue,
    Intent.NUDGE_ALL: nudge.nudge_all,
    Intent.HELP: _help,
    Intent.START: _help,
    Intent.GREETING: _greet,
    Intent.YES: _nothing_open,
    Intent.ACKNOWLEDGED: _acknowledged,
}
