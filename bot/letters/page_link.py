"""The way in to a letter's page, made as the message leaves: its secret stands in no table and no log."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.turn import TEMPLATES
from bot.web.links import page_address
from models.clock import Clock, civil_day
from models.database import Database
from planner.letters.letter_doors import LINK_STANDS, new_link
from planner.letters.letters import load_letter, may_correct
from planner.people import person_of_chat
from reminders.channel import Message
from reminders.outbox import Claimed
from reminders.wording import Wording, render


class PageLinkForm:
    """Tin có đường dẫn mở trang. None: approved or given up meanwhile, or no longer for this chat to see.

    A message that is sent anew brings a new link, and the one before stops working.
    """

    def __init__(
        self, database: Database, wording: Wording, *, base_url: str, clock: Clock, templates: Path = TEMPLATES
    ) -> None:
        """`base_url`: where the pages are reached from outside."""
        self._database, self._base_url, self._clock = database, base_url, clock
        self._environment = wording.environment(templates)

    async def __call__(self, session: AsyncSession, claimed: Claimed) -> Message | None:
        now, letter = self._clock(), await load_letter(session, claimed.payload["letter_id"])
        person = await person_of_chat(session, bot=claimed.bot, chat=claimed.chat, today=civil_day(now))
        if letter is None or not letter.is_open or person is None or person.id != claimed.payload["person_id"]:
            return None
        if not may_correct(person, letter):
            return None
        async with self._database.write() as writing:
            secret = await new_link(writing, letter.id, person.id, now=now)
            await writing.commit()
        facts = {
            "letter": letter,
            "minutes": int(LINK_STANDS.total_seconds()) // 60,
            "address_of_page": page_address(self._base_url, letter.id, secret),
        }
        return Message(render(self._environment, "letter_page.j2", facts))
