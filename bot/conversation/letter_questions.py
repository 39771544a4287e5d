"""What a letter leaves open, asked one by one: by button, by number, or in the person's own words."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.conversation import buttons, dialogs
from bot.conversation.dialogs import Expects
from bot.conversation.free_text import speaks_of_work
from bot.conversation.incoming import Reply
from bot.conversation.letter_words import after_answers, deadline_words, name_of, set_aside_words, source_of
from bot.conversation.letters_found import found_open, knowledge_of
from bot.conversation.permissions import Action, may
from bot.conversation.turn import Rows, Turn
from bot.conversation.understand import Intent, Understood, fold_in_place
from models.errors import CorrectionError, StaleDraftError
from planner.letters.correct_letter import ask_again, correct_letter, put_off
from planner.letters.corrections import ASIDE_SAID, answered, confirmed
from planner.letters.letters import LetterView, load_letter, may_correct
from planner.plain_text import plain
from planner.reading.draft import LetterDraft, Question, Wanted
from planner.reading.read import Knowledge
from planner.unit_directory import Found
from reminders.channel import Button
from reminders.wording import shorten

CHOICES = 3
LABEL = 40
_YES, _LATER, _CHOICE, _UNIT, _ASIDE = "dung", "de sau", "chon", "la", "khong theo doi"
_NO_DEADLINE = "khong co han"
_PREVIEWED = "previewed"
_REFUSES = re.compile(
    r"(?:(?:khong|ko|chua)(?:\s(?:dung|phai|chinh xac))?|sai(?:\sroi)?)(?:\s(?:dau|a|roi|nhe|anh|chi|em))*[\s.!]*"
)
_PUTS_OFF = re.compile(r"(?:de|tinh|hoi)\ssau(?:\s(?:nhe|di|a|da))*[\s.!]*")
_SAYS_NUMBER = re.compile(r"^\s*s[ốo]\s*:?\s+", re.IGNORECASE)
_NODS = re.compile(
    r"(?:da|vang|uh?|um|ok(?:e|ay|ie)?|dung|phai|chinh xac)"
    r"(?:\s(?:da|vang|ok|dung|vay|a|em|anh|chi|roi|nhe|day))*[\s.!]*"
)
"""Agreeing. "Cảm ơn", "đã nhận", "đã rõ" are polite, and say nothing of whether what was read is right."""
_DEADLINES = frozenset({Intent.STANDING})
"""A word that lists work says when something is due where a deadline is asked for: "thường xuyên"."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What became of the answer before: written, agreed, put off, or its question is gone."""

    what: Literal["written", "agreed", "later", "gone"]
    text: str = ""


def mark_of(question: Question) -> str:
    """What a button carries: another question, or the same one with other choices, has another mark."""
    told = "|".join((question.key, question.text, *question.choices))
    return hashlib.sha256(told.encode()).hexdigest()[:6]


async def ask_next(turn: Turn, understood: Understood) -> list[Reply]:
    """ "câu hỏi 3": the next one that was not put off."""
    letter = await found_open(turn, understood)
    return letter if isinstance(letter, list) else await _ask(turn, letter)


async def ask_all_again(turn: Turn, understood: Understood) -> list[Reply]:
    """ "hỏi lại 3": what was put off is asked again."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    try:
        return await _ask(turn, await ask_again(turn.session, letter, said=turn.said()))
    except StaleDraftError:
        return turn.say("letter_stale", letter=letter)


async def by_button(turn: Turn, understood: Understood) -> list[Reply]:
    """ "van ban 3 cau a1b2c3 chon 2": a button under a question, tapped now or much later."""
    letter = await found_open(turn, understood)
    if isinstance(letter, list):
        return letter
    mark, _, choice = understood.rest.partition(" ")
    question = _standing(letter, mark.lower())
    if question is None:
        return await _ask(turn, letter, echo=Echo("gone"))
    word, _, value = choice.partition(" ")
    if fold_in_place(choice) == _LATER:
        return await _put_off(turn, letter, question)
    if fold_in_place(word) == _CHOICE:
        chosen = question.choices[int(value) - 1 : int(value)] if int(value) else ()
        return await _correct(turn, letter, question, chosen[0]) if chosen else await _ask(turn, letter)
    return await _correct(turn, letter, question, await _said_by(turn, fold_in_place(word), choice, value))


async def _said_by(turn: Turn, word: str, choice: str, value: str) -> str | None:
    """What a button says in a person's stead; None for a yes."""
    if word == _UNIT:
        return await _name_of(turn, value.upper())
    return next((said for said in (_ASIDE, _NO_DEADLINE) if fold_in_place(choice) == said), None)


async def _name_of(turn: Turn, code: str) -> str:
    """As people read it; a code that is gone stays one, and is then asked about."""
    directory = (await knowledge_of(turn)).directory
    unit = (directory.unit(code) or directory.group(code)) if directory is not None else None
    return unit.name if unit is not None else code


async def to_the_question(turn: Turn, open_one: dialogs.Question, understood: Understood) -> list[Reply] | None:
    """Words typed while a question of a letter stands; None where they are about anything else.

    A number, an answer for some work or a command is never taken for an answer here: only a bare yes or no, "để sau",
    and sentences that nobody else would understand.
    """
    if turn.incoming.is_tap or not turn.text or not may(turn.person, Action.SEND_LETTER):
        return None
    letter = await load_letter(turn.session, int(open_one.facts["letter"]))
    if letter is None or not letter.is_open or not may_correct(turn.person, letter):
        return None
    question = _standing(letter, str(open_one.facts["mark"]))
    if question is not None and open_one.facts.get(_PREVIEWED) and understood.intent in _NOD_TO_ANYTHING:
        return await _ask(turn, letter)
    return None if question is None else await _in_words(turn, letter, question, understood)


_NOD_TO_ANYTHING = frozenset({Intent.YES, Intent.ACKNOWLEDGED})


async def keep_beside_a_preview(turn: Turn, open_one: dialogs.Question) -> None:
    """The question stands on; but a bare "ok" may now be to what was shown, so it agrees to neither of the two."""
    await dialogs.ask(turn.session, turn.incoming, Expects.LETTER, open_one.facts | {_PREVIEWED: True}, now=turn.now)


async def _in_words(turn: Turn, letter: LetterView, question: Question, understood: Understood) -> list[Reply] | None:
    folded = fold_in_place(turn.text)
    if _NODS.fullmatch(folded) and _is_proposed(question):
        return await _correct(turn, letter, question, None)
    if understood.intent is Intent.CANCEL or _REFUSES.fullmatch(folded):
        return await _declined(turn, letter, question)
    if _PUTS_OFF.fullmatch(folded):
        return await _put_off(turn, letter, question)
    is_deadline = question.wants is Wanted.DEADLINE and understood.intent in _DEADLINES
    if not is_deadline and (understood.intent is not Intent.UNKNOWN or speaks_of_work(turn)):
        return None
    is_aside = bool(question.numbers) and plain(turn.text) in ASIDE_SAID
    if question.wants is Wanted.YES and not is_aside:
        return turn.say("letter_how_to_correct", letter=letter, number=question.numbers[0])
    return await _correct(turn, letter, question, _bare(question, turn.text))


def _bare(question: Question, text: str) -> str:
    """ "Số 219/UBND-NC" is said of a number, and is not part of it."""
    return _SAYS_NUMBER.sub("", text) if question.about == "number" else text


async def _declined(turn: Turn, letter: LetterView, question: Question) -> list[Reply]:
    """ "Không" to something proposed asks for what is right; all else leaves the questions for another day."""
    if _REFUSES.fullmatch(fold_in_place(turn.text)) and (_is_proposed(question) or turn.text.strip().count(" ")):
        if question.wants is Wanted.YES:
            return turn.say("letter_how_to_correct", letter=letter, number=question.numbers[0])
        return turn.say("letter_say_it", question=question)
    await dialogs.close(turn.session, turn.incoming)
    return turn.say("letter_kept", letter=letter)


def _is_proposed(question: Question) -> bool:
    return question.wants is Wanted.YES or (len(question.choices) == 1 and question.wants is not Wanted.LEAD)


def _standing(letter: LetterView, mark: str) -> Question | None:
    return next((each for each in letter.open_questions() if mark_of(each) == mark), None)


# --- what becomes of an answer ----------------------------------------------------------------------------------


async def _correct(turn: Turn, letter: LetterView, question: Question, text: str | None) -> list[Reply]:
    """Put it into the draft, `text` None being a yes; then the next question, or what is wrong with this answer."""
    knowledge = await knowledge_of(turn)

    def change(draft: LetterDraft) -> LetterDraft:
        return confirmed(draft, question, knowledge) if text is None else answered(draft, question, text, knowledge)

    try:
        corrected = await correct_letter(turn.session, letter, change, said=turn.said())
    except CorrectionError as error:
        return await _ask(turn, letter, error=error, knowledge=knowledge)
    except StaleDraftError:
        return turn.say("letter_stale", letter=letter)
    echo = Echo("agreed") if text is None else Echo("written", _understood(turn, corrected, question, text, knowledge))
    return await _ask(turn, corrected, echo=echo)


def _understood(turn: Turn, letter: LetterView, question: Question, text: str, knowledge: Knowledge) -> str:
    """What was put down for these words, which may be more than they say, or something near them."""
    draft = letter.draft
    assert draft is not None
    if question.numbers and plain(text) in ASIDE_SAID:
        return set_aside_words(draft, question)
    if question.wants is Wanted.DEADLINE:
        return deadline_words(draft.obligations[question.numbers[0] - 1], today=turn.today)
    if question.wants in (Wanted.LEAD, Wanted.UNIT):
        written = question.about.removeprefix("unit:")
        leads = draft.obligations[question.numbers[0] - 1].lead
        meant = [each for each in leads if question.wants is Wanted.LEAD or each.written == written]
        return "; ".join(name_of(each, knowledge) for each in meant)
    return (draft.header.issuer.value or text) if question.about == "issuer" else text


async def _put_off(turn: Turn, letter: LetterView, question: Question) -> list[Reply]:
    try:
        letter = await put_off(turn.session, letter, question.key, said=turn.said())
    except StaleDraftError:
        return turn.say("letter_stale", letter=letter)
    return await _ask(turn, letter, echo=Echo("later"))


async def _ask(
    turn: Turn,
    letter: LetterView,
    *,
    echo: Echo | None = None,
    error: CorrectionError | None = None,
    knowledge: Knowledge | None = None,
) -> list[Reply]:
    """The question that stands next, with its number among those of this round."""
    question = letter.next_question()
    if question is None:
        await _close(turn)
        return turn.say(
            "letter_asked_all",
            echo=echo,
            letter=letter,
            later=len(letter.open_questions()),
            buttons=after_answers(turn.voice, letter),
        )
    assert letter.draft is not None
    left = sum(each.key not in letter.later for each in letter.draft.questions)
    of = await _of(turn, letter, left, is_one_done=echo is not None and echo.what != "gone")
    facts = {"letter": letter.id, "mark": mark_of(question), "of": of}
    await dialogs.ask(turn.session, turn.incoming, Expects.LETTER, facts, now=turn.now)
    quote, page, place = source_of(letter.draft, question)
    return turn.say(
        "letter_question",
        echo=echo,
        error=error,
        letter=letter,
        question=question,
        number=of - left + 1,
        of=of,
        quote=quote,
        page=page,
        place=place,
        pages=letter.draft.pages,
        buttons=_choices(letter, question, _near(error, knowledge)),
    )


async def _of(turn: Turn, letter: LetterView, left: int, *, is_one_done: bool) -> int:
    """How many this round has: those left when it began, more where answers raised new ones."""
    standing = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    is_ours = standing is not None and standing.expects is Expects.LETTER and standing.facts["letter"] == letter.id
    if standing is None or not is_ours:
        return left + is_one_done
    return max(int(standing.facts["of"]), left)


async def _close(turn: Turn) -> None:
    standing = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    if standing is not None and standing.expects is Expects.LETTER:
        await dialogs.close(turn.session, turn.incoming)


def _near(error: CorrectionError | None, knowledge: Knowledge | None) -> dict[str, str]:
    """Code by name of the units that were perhaps meant by what was typed."""
    directory = knowledge.directory if knowledge else None
    if error is None or directory is None:
        return {}
    entries: list[Found] = [*directory.units, *directory.groups]
    return {each.name: each.code for each in entries if each.name in error.nearest}


def _choices(letter: LetterView, question: Question, near: dict[str, str]) -> Rows:
    """The choices, or the units that were perhaps meant by what was typed; to set it aside, or to put it off."""
    command: Callable[[str], str] = f"van ban {letter.id} cau {mark_of(question)} {{}}".format
    later = Button("Để sau", command(_LATER))
    if near:
        units = (Button(shorten(name, LABEL), command(f"{_UNIT} {code}")) for name, code in near.items())
        return buttons.pairs(*list(units)[:CHOICES], later)
    if _is_proposed(question):
        return buttons.row(Button("Đúng", command(_YES)), later)
    offered = [
        Button(shorten(choice, LABEL), command(f"{_CHOICE} {place}"))
        for place, choice in enumerate(question.choices[:CHOICES], start=1)
    ]
    aside = [Button("Không theo dõi", command(_ASIDE))] if question.wants in (Wanted.LEAD, Wanted.UNIT) else []
    never = [Button("Không có hạn", command(_NO_DEADLINE))] if question.wants is Wanted.DEADLINE else []
    return buttons.pairs(*offered, *aside, *never, later)
