"""The line that said a letter had come, found again in its chat, and its words for as many pages as are read."""

from bot.conversation.letter_words import Pages, key_received, received
from bot.conversation.permissions import Action, may
from bot.conversation.turn import Voice
from models.clock import Clock, civil_day
from models.database import Database
from planner.letters.letters import LetterView
from planner.people import person_of_chat
from reminders.channel import Message
from reminders.outbox import wire_ref_of


class FirstLine:
    """Dòng "Đã nhận văn bản …" của một văn bản (`bot.letters.progress.Line`)."""

    def __init__(self, database: Database, letter: LetterView, voice: Voice, *, clock: Clock) -> None:
        self._database, self._letter, self._voice, self._clock = database, letter, voice, clock

    async def where(self) -> tuple[str, str] | None:
        async with self._database.read() as session:
            ref = await wire_ref_of(session, key_received(self._letter.id))
        return None if ref is None else (self._letter.chat, ref)

    async def words(self, pages: Pages) -> Message:
        """With the same buttons: an edit that names none takes them away."""
        letter = self._letter
        async with self._database.read() as session:
            today = civil_day(self._clock())
            person = await person_of_chat(session, bot=letter.bot, chat=letter.chat, today=today)
        is_evidence_too = person is not None and may(person, Action.REPORT)
        said = received(self._voice, letter, is_evidence_too=is_evidence_too, pages=pages)
        return Message(said.text, said.buttons)
