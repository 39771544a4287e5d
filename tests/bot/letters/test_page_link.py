"""The way in to a page is made as its message leaves, for whom it is meant, and stands in no table."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bot.letters.page_link import PageLinkForm
from models.columns import columns_of
from models.letter import Letter
from models.outbox import OutboxMessage
from models.terms import Lane, LetterState, Role
from planner.letters.letter_doors import open_link
from reminders.outbox import Draft, claim, enqueue
from reminders.wording import Wording
from tests.bot.letters import samples
from tests.bot.letters.desk import CHAT
from tests.bot.letters.test_worker import rows_of
from tests.builders import BOT, CALENDAR, add_linked_person

BASE = "https://nhacviec.example.vn"
_l = columns_of(Letter)


@pytest.fixture
async def letter_id(small_desk):
    found = await small_desk.receives(samples.DOCX)
    await small_desk.reader().read_due()
    return found


async def rendered(desk, letter_id, *, chat=CHAT, person_id=None):
    facts = {"letter_id": letter_id, "person_id": person_id or desk.person_id}
    async with desk.database.write() as session:
        await session.execute(delete(OutboxMessage))  # the summary, which would leave first
        draft = Draft(dedup_key="page", bot=BOT, chat=chat, lane=Lane.REPLY, form="letter-page", payload=facts)
        await enqueue(session, [draft], now=desk.clock())
        rows = await claim(session, bots=[BOT], now=desk.clock(), lease=timedelta(seconds=90), limit=9)
        await session.commit()
    form = PageLinkForm(desk.database, Wording(CALENDAR), base_url=BASE, clock=desk.clock)
    async with desk.database.read() as session:
        return await form(session, rows[0])


async def test_the_link_opens_the_letter_once_and_its_secret_is_kept_nowhere(small_desk, letter_id):
    message = await rendered(small_desk, letter_id)
    assert "trong 15 phút" in message.text
    secret = re.search(rf"{BASE}/van-ban/{letter_id}/mo/(\S+)", message.text)[1]
    assert secret not in await rows_of(small_desk)
    async with small_desk.database.write() as session:
        opened = await open_link(session, letter_id, secret, now=small_desk.clock())
        again = await open_link(session, letter_id, secret, now=small_desk.clock())
        await session.commit()
    assert opened.person_id == small_desk.person_id
    assert again is None


async def test_nobody_else_is_let_in_by_a_message_that_was_owed(small_desk, letter_id):
    other = await add_linked_person(
        small_desk.database, small_desk.clock(), "Đầu Mối Khác", ("T.TTTT", Role.COORDINATOR), chat="other"
    )
    assert await rendered(small_desk, letter_id, chat="other", person_id=other) is None
    assert await rendered(small_desk, letter_id, chat="other", person_id=small_desk.person_id) is None


async def test_a_letter_that_was_closed_meanwhile_has_no_page(small_desk, letter_id):
    async with small_desk.database.write() as session:
        await session.execute(update(Letter).where(_l.id == letter_id).values(state=LetterState.APPROVED))
        await session.commit()
    assert await rendered(small_desk, letter_id) is None
