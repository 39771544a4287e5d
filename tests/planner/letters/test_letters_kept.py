"""What is kept of letters and for how long: originals with their plans, drafts for a month, nothing of who has left."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.audit import AuditEvent
from models.columns import columns_of
from models.letter import Letter, LetterDoor
from models.terms import LetterState, Role
from planner.forget_person import forget
from planner.letters.approve_letter import approve_letter
from planner.letters.correct_letter import discard_letter
from planner.letters.forget_letters import DRAFT_STANDS, LEFT_LYING, NAMELESS, give_up_drafts, prune_letters
from planner.letters.letter_doors import new_link
from planner.letters.letters import named_letters
from planner.letters.originals import originals_of, standing_originals
from tests.builders import BOT, add_linked_person, load_units
from tests.planner.letters.drafts import DUTIES, SUM, draft, given_letter, knowledge_of, said

WEEK = timedelta(days=7)
_l = columns_of(Letter)


@pytest.fixture
async def office(database):
    await load_units(database)
    return database


async def letters_of(database):
    async with database.read() as session:
        return list((await session.execute(select(Letter).order_by(_l.id))).scalars())


async def approved(database, now, **facts):
    letter = await given_letter(database, now, draft(*DUTIES), **facts)
    async with database.write() as session:
        await approve_letter(
            session, letter, coordinating=None, knowledge=await knowledge_of(session), said=said(now)
        )  # fmt: skip
        await session.commit()
    return letter


async def discarded(database, now, **facts):
    letter = await given_letter(database, now, draft(*DUTIES), **facts)
    async with database.write() as session:
        await discard_letter(session, letter, said=said(now))
        await session.commit()
    return letter


async def pruned(database, *, before):
    async with database.write() as session:
        count = await prune_letters(session, before=before)
        await session.commit()
    return count


async def given_up(database, now):
    async with database.write() as session:
        left = await give_up_drafts(session, now=now)
        await session.commit()
    return left


# --- originals -------------------------------------------------------------------------------------------------------


async def test_every_file_a_plan_was_made_of_is_found_by_its_code_in_the_order_of_approval(office, now):
    first = await approved(office, now)
    second = await approved(office, now + timedelta(days=1), sha256="b" * 64)
    async with office.read() as session:
        found = await originals_of(session, "KH57")
        assert await originals_of(session, "KM1") == []
    assert [(each.letter_id, each.sha256) for each in found] == [(first.id, SUM), (second.id, "b" * 64)]
    assert found[0].approved_at == now


async def test_files_of_letters_that_stand_are_named_and_those_given_up_are_not(office, now):
    await approved(office, now)
    await given_letter(office, now, draft(*DUTIES), sha256="b" * 64)
    await discarded(office, now, sha256="c" * 64)
    async with office.read() as session:
        assert await standing_originals(session) == {SUM, "b" * 64}
        assert await named_letters(session, [SUM, "b" * 64, "c" * 64]) == {SUM, "b" * 64}


# --- for how long ----------------------------------------------------------------------------------------------------


async def test_letters_given_up_lose_their_rows_after_a_while_and_those_approved_never(office, now):
    person_id = await add_linked_person(office, now, "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat="c1")
    kept = await approved(office, now)
    gone = await given_letter(office, now, draft(*DUTIES), sha256="b" * 64)
    async with office.write() as session:
        await new_link(session, gone.id, person_id, now=now)
        await discard_letter(session, gone, said=said(now))
        await session.commit()
    assert await pruned(office, before=now) == 0
    assert await pruned(office, before=now + timedelta(seconds=1)) == 1
    assert [each.id for each in await letters_of(office)] == [kept.id]


async def test_a_draft_that_lay_thirty_days_is_given_up_with_its_words_and_its_file(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    assert await given_up(office, now + DRAFT_STANDS - timedelta(seconds=1)) == []
    (left,) = await given_up(office, now + DRAFT_STANDS)
    assert (left.id, left.chat, left.file_name) == (letter.id, "c1", "ke-hoach.docx")
    (row,) = await letters_of(office)
    assert (row.state, row.reason, row.draft, row.paper, row.sha256) == (
        LetterState.DISCARDED, LEFT_LYING, None, None, None,
    )  # fmt: skip
    assert await given_up(office, now + DRAFT_STANDS) == []
    assert await pruned(office, before=now + DRAFT_STANDS + timedelta(seconds=1)) == 1


async def test_what_was_approved_or_waits_to_be_read_is_not_given_up(office, now):
    await approved(office, now)
    await given_letter(office, now, None, sha256="b" * 64, state=LetterState.RECEIVED)
    assert await given_up(office, now + 2 * DRAFT_STANDS) == []


async def test_giving_up_is_on_record(office, now):
    letter = await given_letter(office, now, draft(*DUTIES))
    await given_up(office, now + DRAFT_STANDS)
    async with office.read() as session:
        (event,) = (await session.execute(select(AuditEvent))).scalars()
    assert (event.action, event.after) == ("letter-left-lying", {"letter": letter.id})


# --- who has left ----------------------------------------------------------------------------------------------------


async def test_nothing_of_who_left_remains_with_their_letters(office, now):
    person_id = await add_linked_person(office, now, "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat="900112233")
    for state, of, sha256 in (
        (LetterState.READ, draft(*DUTIES), SUM), (LetterState.RECEIVED, None, "b" * 64),
        (LetterState.APPROVED, draft(*DUTIES), "c" * 64),
    ):  # fmt: skip
        letter = await given_letter(office, now, of, person_id=person_id, state=state, sha256=sha256)
        async with office.write() as session:
            await session.execute(update(Letter).where(_l.id == letter.id).values(chat="900112233", bot=BOT))
            await new_link(session, letter.id, person_id, now=now)
            await session.commit()
    async with office.write() as session:
        await forget(session, person_id, now=now)
        await session.commit()
    read, received, kept = await letters_of(office)
    assert {each.chat for each in (read, received, kept)} == {f"forgotten:{person_id}"}
    assert (read.file_name, received.file_name, kept.file_name) == (NAMELESS, NAMELESS, "ke-hoach.docx")
    assert (read.state, received.state, received.sha256) == (LetterState.READ, LetterState.DISCARDED, None)
    async with office.read() as session:
        assert not (await session.execute(select(LetterDoor))).all()


async def test_letters_of_others_are_left_alone_when_somebody_leaves(office, now):
    person_id = await add_linked_person(office, now, "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat="900112233")
    other = await add_linked_person(office, now, "Người Khác", ("T.TP", Role.COORDINATOR), chat="c1")
    await given_letter(office, now, draft(*DUTIES), person_id=other)
    async with office.write() as session:
        await forget(session, person_id, now=now)
        await session.commit()
    (row,) = await letters_of(office)
    assert (row.chat, row.file_name) == ("c1", "ke-hoach.docx")
