"""What the sender of a letter is told when it was read, or why it was not."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Reply
from bot.conversation.letter_words import summary
from bot.conversation.letters_found import known_plan
from bot.conversation.turn import Voice
from bot.opening.words import sentence_of
from models.clock import civil_day
from models.errors import UnreadableFileError
from planner.letters.knowledge import load_knowledge
from planner.letters.letters import load_letter


def key_read(letter_id: int) -> str:
    """Under which the outcome is owed, once, however often the letter was read."""
    return f"letter:{letter_id}:read"


async def told_read(session: AsyncSession, letter_id: int, voice: Voice, *, now: datetime) -> Reply:
    """The summary of a letter whose draft was kept a moment ago."""
    letter, wording = await load_letter(session, letter_id), voice.wording
    assert letter is not None, "it was kept in this transaction"
    knowledge = await load_knowledge(session, calendar=wording.calendar, before=wording.before)
    return summary(voice, letter, known_plan=await known_plan(session, letter, knowledge), today=civil_day(now))


def told_refused(letter_id: int, reason: str, error: UnreadableFileError | None, voice: Voice) -> Reply:
    """Of a secret letter not even its number is said again."""
    if reason == "secret":
        return voice.say("letter_secret")
    return voice.say("letter_unread", number=letter_id, sentence=sentence_of(error) if error else None)
