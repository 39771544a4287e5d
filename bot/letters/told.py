"""What the sender of a letter is told when it was read, or why it was not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Reply
from bot.conversation.letter_changes_told import tell_units_of_changes
from bot.conversation.letter_words import became_work, summary
from bot.conversation.letters_found import known_plan
from bot.conversation.turn import Voice
from bot.opening.words import sentence_of
from models.clock import Clock, civil_day
from models.errors import UnreadableFileError
from models.terms import Lane
from planner.letters.approve_letter import Approved
from planner.letters.knowledge import load_knowledge
from planner.letters.letters import LetterView, load_letter
from planner.letters.read_letter import ClaimedLetter
from planner.people import person_of_chat
from reminders.outbox import Draft, enqueue, text_payload


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


@dataclass(frozen=True)
class Announcing:
    """Người báo tin duyệt: a letter approved on its page is told of in the chat it was sent in, once.

    The units whose work it changed are told as well.
    """

    voice: Voice
    clock: Clock

    async def __call__(self, session: AsyncSession, letter: LetterView, approved: Approved) -> None:
        """Owed in the caller's transaction; not where the chat is no longer the sender's."""
        now = self.clock()
        await tell_units_of_changes(session, self.voice, letter, approved, now=now)
        person = await person_of_chat(session, bot=letter.bot, chat=letter.chat, today=civil_day(now))
        if person is None or person.id != letter.person_id:
            return
        reply = became_work(self.voice, letter, approved)
        await owe_of_letter(session, letter, f"letter:{letter.id}:approved", reply, now=now)


async def owe_of_letter(
    session: AsyncSession, letter: ClaimedLetter | LetterView, dedup_key: str, reply: Reply, *, now: datetime
) -> None:
    """A message to the chat a letter was sent in, once for its key."""
    keys = [[(key.label, key.command) for key in row] for row in reply.buttons]
    draft = Draft(
        dedup_key=dedup_key, bot=letter.bot, chat=letter.chat, lane=Lane.REPLY, form="text",
        payload=text_payload(reply.text, keys) | {"assignment_ids": []},
    )  # fmt: skip
    await enqueue(session, [draft], now=now)
