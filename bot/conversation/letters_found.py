"""Which letter is meant, for whoever may correct it; what every answer about letters needs to know besides."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Reply
from bot.conversation.letter_words import summary
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from models.terms import LetterState
from planner.letters.knowledge import load_knowledge
from planner.letters.letters import LetterView, letters_of, load_letter, may_correct, may_send_letters
from planner.letters.same_document import plan_of_document
from planner.reading.read import Knowledge


async def found(turn: Turn, understood: Understood) -> LetterView | list[Reply]:
    """The letter of this number; of another's nothing is said but what is said where there is none."""
    assert understood.number is not None, "every form that asks for one letter has its number"
    letter = await load_letter(turn.session, understood.number)
    if letter is None or not may_correct(turn.person, letter) or letter.state is LetterState.DISCARDED:
        return turn.say("letter_none", number=understood.number)
    return letter


async def found_open(turn: Turn, understood: Understood) -> LetterView | list[Reply]:
    """The same, where its draft can be corrected; else where it stands."""
    letter = await found(turn, understood)
    if isinstance(letter, list) or letter.is_open:
        return letter
    return turn.say("letter_state", letter=letter)


async def asked_on(turn: Turn) -> LetterView | None:
    """The newest of their letters whose questions wait, and were not put off."""
    if not may_send_letters(turn.person):
        return None
    letters = await letters_of(turn.session, turn.person.id)
    return next((letter for letter in letters if letter.next_question() is not None), None)


async def knowledge_of(turn: Turn) -> Knowledge:
    wording = turn.voice.wording
    return await load_knowledge(turn.session, calendar=wording.calendar, before=wording.before)


async def known_plan(session: AsyncSession, letter: LetterView, knowledge: Knowledge) -> str | None:
    """The code of the plan that is tracked already under this document; a secret one is not spoken of."""
    if letter.draft is None:
        return None
    plan = await plan_of_document(session, letter.draft, knowledge, sha256=letter.sha256)
    return None if plan is None or plan.is_secret else plan.code


async def summed_up(turn: Turn, letter: LetterView) -> list[Reply]:
    knowledge = await knowledge_of(turn)
    known = await known_plan(turn.session, letter, knowledge)
    return [summary(turn.voice, letter, known_plan=known, today=turn.today)]
