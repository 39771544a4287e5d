"""A reader's desk without chats: letters laid on it, the reader, and what it owes their senders."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.conversation.turn import Voice
from bot.evidence_store import EvidenceStore, whole
from bot.letters.worker import LetterReader
from bot.opening.guard import OnPage
from models.clock import SteppedClock
from models.columns import columns_of
from models.database import Database
from models.letter import Letter
from models.outbox import OutboxMessage
from models.terms import Role
from planner.letters.receive_letter import receive_letter
from planner.reading.draft import LetterDraft
from planner.reading.open_paper import open_paper
from planner.reading.paper import Paper
from planner.reading.read import Knowledge, read_paper
from reminders.wake import Wake
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_units

CHAT = "coordinator"
_l, _o = columns_of(Letter), columns_of(OutboxMessage)


class QuickOpener:
    """Reads in this process; `told` pages are announced first. What `fails` holds is raised, one at a time."""

    def __init__(self, *, told: int = 1) -> None:
        self.told, self.fails, self.opened = told, list[Exception](), 0

    async def read(
        self, content: bytes, knowledge: Knowledge, *, on_page: OnPage | None = None
    ) -> tuple[Paper, LetterDraft]:
        self.opened += 1
        for page in range(1, self.told + 1):
            if on_page is not None:
                await on_page(page, self.told)
        if self.fails:
            raise self.fails.pop(0)
        paper = open_paper(content, recognise=None)
        return paper, read_paper(paper, knowledge)


class Nobody:
    """Hears the pages and says nothing."""

    async def __call__(self, done: int, of: int) -> None:
        del done, of

    async def over(self, pages: int) -> None:
        del pages


@dataclass
class Desk:
    database: Database
    clock: SteppedClock
    store: EvidenceStore
    opener: Any
    wake: Wake
    wake_outbox: Wake
    person_id: int

    def reader(self, kind: type[LetterReader] = LetterReader, **more: Any) -> LetterReader:
        return kind(
            self.database,
            self.store,
            self.opener,
            Voice(Wording(CALENDAR)),
            **{"watching": lambda _letter: Nobody(), "clock": self.clock, "wake": self.wake} | more,
            wake_outbox=self.wake_outbox,
        )

    async def receives(self, content: bytes, name: str = "cv.docx") -> int:
        """The number of the letter that now waits."""
        given = await self.store.keep(whole(content), name=name)
        about = {"person_id": self.person_id, "channel": "local", "bot": BOT, "chat": CHAT, "now": self.clock()}
        async with self.database.write() as session:
            came = await receive_letter(session, given, **about)
            await session.commit()
        return came.letter_id

    async def letter(self, letter_id: int) -> Letter:
        async with self.database.read() as session:
            return (await session.execute(select(Letter).where(_l.id == letter_id))).scalar_one()

    async def told(self) -> list[str]:
        """The words owed, in order."""
        async with self.database.read() as session:
            rows = await session.execute(select(OutboxMessage).order_by(_o.id))
            return [row.payload["text"] for row in rows.scalars()]

    async def files(self) -> int:
        return len(list(self.store._folder.glob("??/*")))


async def a_desk(database: Database, clock: SteppedClock, folder: Any, *, opener: Any = None) -> Desk:
    await load_units(database)
    person = await add_linked_person(database, clock(), "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat=CHAT)
    store = EvidenceStore(folder, left_free=0)
    return Desk(database, clock, store, opener or QuickOpener(), Wake(), Wake(), person)
