"""A draft nobody approved for a month: whoever sent it is told once, as long as the chat is still theirs."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.conversation.turn import Voice
from bot.engine import build_engine
from bot.evidence_store import EvidenceStore, whole
from bot.left_lying import tell_left_lying
from models.clock import SteppedClock, system_clock
from models.columns import columns_of
from models.letter import Letter
from models.outbox import OutboxMessage
from models.person import Address
from models.terms import BeforeReading, LetterState, Role
from planner.letters.forget_letters import DRAFT_STANDS, give_up_drafts
from reminders.rate import Limits
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_units
from tests.fakes import papers
from tests.planner.letters.drafts import DUTIES, draft, given_letter

_l = columns_of(Letter)


@pytest.fixture
async def desk(database, now):
    await load_units(database)
    return await add_linked_person(database, now, "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat="c1", bot=BOT)


def engine_of(database, at, folder):
    return build_engine(
        database, calendar=CALENDAR, before=BeforeReading.STRICT, address_form="Anh/Chị", invite_key=b"k", channels={},
        handle=lambda conversation: conversation, limits=Limits(), clock=SteppedClock(at),
        evidence=EvidenceStore(folder),
    )  # fmt: skip


async def messages(database):
    async with database.read() as session:
        return [(row.bot, row.chat, row.payload["text"]) for row in
                (await session.execute(select(OutboxMessage))).scalars()]  # fmt: skip


async def states(database):
    async with database.read() as session:
        return list((await session.execute(select(_l.state).order_by(_l.id))).scalars())


async def test_at_night_a_draft_that_lay_too_long_is_given_up_and_its_sender_told_once(database, now, desk, tmp_path):
    letter = await given_letter(database, now, draft(*DUTIES), person_id=desk)
    engine = engine_of(database, now + DRAFT_STANDS, tmp_path)
    await engine.prune()
    await engine.prune()
    assert await states(database) == [LetterState.DISCARDED]
    ((bot, chat, text),) = await messages(database)
    assert (bot, chat) == (BOT, "c1")
    assert str(letter.id) in text
    assert "gửi lại tệp" in text


async def test_a_week_later_nothing_is_left_of_it(database, now, desk, tmp_path):
    await given_letter(database, now, draft(*DUTIES), person_id=desk)
    await engine_of(database, now + DRAFT_STANDS, tmp_path).prune()
    await engine_of(database, now + DRAFT_STANDS + timedelta(days=8), tmp_path).prune()
    assert await states(database) == []


async def test_a_chat_that_is_no_longer_theirs_is_not_written_to(database, now, desk):
    await given_letter(database, now, draft(*DUTIES), person_id=desk)
    async with database.write() as session:
        await session.execute(update(Address).values(unreachable_at=now))
        left = await give_up_drafts(session, now=now + DRAFT_STANDS)
        assert await tell_left_lying(session, left, Voice(Wording(CALENDAR)), now=now) == 0
        await session.commit()
    assert await messages(database) == []


async def test_the_file_of_a_letter_that_stands_outlives_the_nightly_sweep(database, now, desk, tmp_path):
    store = EvidenceStore(tmp_path)
    kept = await store.keep(whole(papers.PDF), name="ke-hoach.pdf")
    lost = await store.keep(whole(papers.DOCX), name="bo.docx")
    await given_letter(database, now, draft(*DUTIES), person_id=desk, sha256=kept.sha256)
    long_ago = system_clock().timestamp() - 8 * 24 * 3600
    for path in tmp_path.glob("??/*"):
        os.utime(path, (long_ago, long_ago))
    await engine_of(database, now, tmp_path).prune()
    assert await store.missing([kept.sha256, lost.sha256]) == [lost.sha256]
