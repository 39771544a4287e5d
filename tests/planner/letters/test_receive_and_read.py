"""A letter from its file to its draft: taken in once, read by whoever holds the lease, refused without a trace."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.columns import columns_of
from models.letter import Letter
from models.terms import LetterState, Role
from planner.hand_in_evidence import GivenFile
from planner.letters.approve_letter import approve_letter
from planner.letters.letters import letters_of, letters_with_sum, load_letter, load_paper, may_correct, may_send_letters
from planner.letters.read_letter import claim_letter, hold_on, keep_draft, put_back, refuse_letter, some_wait
from planner.letters.receive_letter import receive_letter
from planner.people import load_person
from planner.reading.paper import Paper, PaperKind, Paragraph
from tests.builders import add_linked_person, load_units
from tests.planner.letters.drafts import DUTIES, SUM, draft, knowledge_of, said

FILE = GivenFile(SUM, "ke-hoach.docx", "application/x", 10)
OTHER = replace(FILE, sha256="b" * 64)
PAPER = Paper(PaperKind.DOCX, (Paragraph("KẾ HOẠCH"),), 1)
DRAFT = draft(*DUTIES)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
_l = columns_of(Letter)


@pytest.fixture
async def desk(database, now):
    """The coordinator who sends letters."""
    await load_units(database)
    return await add_linked_person(database, now, "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat="c1")


async def received(database, now, person_id, file=FILE):
    async with database.write() as session:
        found = await receive_letter(
            session, file, person_id=person_id, channel="local", bot="local:demo", chat="c1", now=now
        )
        await session.commit()
    return found


async def claimed(database, now, lease=LEASE):
    async with database.write() as session:
        letter = await claim_letter(session, now=now, lease=lease)
        await session.commit()
    return letter


async def written(database, write, *args, **facts):
    async with database.write() as session:
        done = await write(session, *args, **facts)
        await session.commit()
    return done


async def row_of(database, letter_id):
    async with database.read() as session:
        return (await session.execute(select(Letter).where(_l.id == letter_id))).scalar_one()


async def events(database):
    async with database.read() as session:
        query = select(AuditEvent).where(AuditEvent.action.like("letter-%")).order_by(AuditEvent.id)
        return list((await session.execute(query)).scalars())


# --- taken in --------------------------------------------------------------------------------------------------------


async def test_a_letter_waits_to_be_read_as_it_came(database, now, desk):
    found = await received(database, now, desk)
    assert found.known is None
    row = await row_of(database, found.letter_id)
    assert (row.state, row.sha256, row.file_name, row.chat) == (LetterState.RECEIVED, SUM, "ke-hoach.docx", "c1")
    assert [each.action for each in await events(database)] == ["letter-received"]


async def test_the_same_file_again_is_the_same_letter_and_tells_where_it_stands(database, now, desk):
    first = await received(database, now, desk)
    again = await received(database, now + SECOND, desk)
    assert (again.letter_id, again.known.state) == (first.letter_id, LetterState.RECEIVED)
    assert len(await events(database)) == 1


async def test_the_same_file_of_another_person_is_read_for_them(database, now, desk):
    other = await add_linked_person(database, now, "Người Khác", ("T.YT", Role.COORDINATOR), chat="c2")
    first, second = await received(database, now, desk), await received(database, now, other)
    assert second.known is None
    assert second.letter_id != first.letter_id


async def test_a_file_that_was_approved_is_known_to_everybody(database, now, desk):
    first = await kept(database, now, desk)
    async with database.write() as session:
        letter = await load_letter(session, first.id)
        await approve_letter(session, letter, coordinating=None, knowledge=await knowledge_of(session), said=said(now))
        await session.commit()
    other = await add_linked_person(database, now, "Người Khác", ("T.YT", Role.COORDINATOR), chat="c2")
    again = await received(database, now, other)
    assert (again.letter_id, again.known.plan_code) == (first.id, "KH57")


async def test_a_file_that_was_refused_may_come_again(database, now, desk):
    await received(database, now, desk)
    letter = await claimed(database, now)
    await written(database, refuse_letter, letter, "malformed", now=now)
    assert (await received(database, now, desk)).known is None


# --- read under a lease ----------------------------------------------------------------------------------------------


async def kept(database, now, person_id, file=FILE):
    await received(database, now, person_id, file)
    letter = await claimed(database, now)
    assert await written(database, keep_draft, letter, PAPER, DRAFT, now=now)
    async with database.read() as session:
        return await load_letter(session, letter.id)


async def test_the_oldest_is_read_first_and_nobody_else_has_it_meanwhile(database, now, desk):
    first = await received(database, now, desk)
    second = await received(database, now + SECOND, desk, OTHER)
    at = now + 2 * SECOND
    assert [(await claimed(database, at)).id, (await claimed(database, at)).id] == [first.letter_id, second.letter_id]
    assert await claimed(database, at) is None


async def test_a_lease_that_ran_out_is_somebody_elses_and_the_first_writes_nothing(database, now, desk):
    await received(database, now, desk)
    slow = await claimed(database, now)
    quick = await claimed(database, now + LEASE)
    assert (quick.id, quick.attempts) == (slow.id, 2)
    assert not await written(database, keep_draft, slow, PAPER, DRAFT, now=now + LEASE)
    assert not await written(database, refuse_letter, slow, "malformed", now=now + LEASE)
    assert not await written(database, hold_on, slow, now=now + LEASE, lease=LEASE)
    assert (await row_of(database, slow.id)).state is LetterState.RECEIVED
    assert await written(database, keep_draft, quick, PAPER, DRAFT, now=now + LEASE)


async def test_whoever_holds_on_keeps_the_letter(database, now, desk):
    await received(database, now, desk)
    letter = await claimed(database, now)
    assert await written(database, hold_on, letter, now=now + LEASE, lease=LEASE)
    assert await claimed(database, now + 2 * LEASE - SECOND) is None
    assert (await claimed(database, now + 2 * LEASE)).id == letter.id


async def test_a_letter_put_back_is_read_again_and_only_a_try_counts(database, now, desk):
    await received(database, now, desk)
    letter = await claimed(database, now)
    assert await written(database, put_back, letter, again_at=now + LEASE, was_tried=False)
    assert await claimed(database, now + LEASE - SECOND) is None
    assert (await claimed(database, now + LEASE)).attempts == 1


async def test_looking_whether_some_wait_writes_nothing(database, now, desk):
    async with database.read() as session:
        assert not await some_wait(session, now=now)
    await received(database, now, desk)
    async with database.read() as session:
        assert await some_wait(session, now=now)
        assert not await some_wait(session, now=now - SECOND)


async def test_a_draft_and_its_paper_are_kept_as_they_were_read(database, now, desk):
    letter = await kept(database, now, desk)
    assert (letter.state, letter.version, letter.draft, letter.is_open) == (LetterState.READ, 1, DRAFT, True)
    assert letter.title == "Kế hoạch 57/KH-UBND"
    async with database.read() as session:
        assert await load_paper(session, letter.id) == PAPER
        assert await load_paper(session, 10**6) is None
        assert await load_letter(session, 10**6) is None


async def test_what_cannot_be_read_keeps_neither_file_nor_words(database, now, desk):
    await received(database, now, desk)
    letter = await claimed(database, now)
    assert await written(database, refuse_letter, letter, "encrypted", now=now)
    row = await row_of(database, letter.id)
    assert (row.state, row.reason, row.sha256, row.draft, row.ended_at) == (
        LetterState.REFUSED, "encrypted", None, None, now,
    )  # fmt: skip


async def test_of_a_secret_letter_not_even_the_name_of_its_file_is_kept_anywhere(database, now, desk):
    await received(database, now, desk, replace(FILE, name="diễn tập-khu-vực.docx"))
    letter = await claimed(database, now)
    assert await written(database, refuse_letter, letter, "secret", now=now)
    row = await row_of(database, letter.id)
    assert "diễn tập" not in row.file_name
    assert all("diễn tập" not in str(each.after) for each in await events(database))


# --- whose it is -----------------------------------------------------------------------------------------------------


async def test_letters_are_listed_for_who_sent_them_the_newest_first(database, now, desk):
    first = await kept(database, now, desk)
    second = await kept(database, now, desk, OTHER)
    async with database.read() as session:
        assert [each.id for each in await letters_of(session, desk)] == [second.id, first.id]
        assert await letters_of(session, desk, states=(LetterState.APPROVED,)) == []
        assert [each.id for each in await letters_of(session, desk, most=1)] == [second.id]
        assert [each.id for each in await letters_with_sum(session, SUM)] == [first.id]


@pytest.mark.parametrize(
    ("role", "may_send", "may_change_anothers"),
    [
        (Role.COORDINATOR, True, False), (Role.ADMIN, True, True), (Role.UNIT_HEAD, False, False),
        (Role.OFFICER, False, False), (Role.LEADER, False, False),
    ],
)  # fmt: skip
async def test_coordinators_send_letters_and_admins_may_correct_anybodys(
    database, now, desk, role, may_send, may_change_anothers
):
    letter = await kept(database, now, desk)
    person_id = await add_linked_person(database, now, "Người Khác", ("T.YT", role), chat="c2")
    async with database.read() as session:
        person = await load_person(session, person_id, today=now.date())
        sender = await load_person(session, desk, today=now.date())
    assert may_send_letters(person) is may_send
    assert may_correct(person, letter) is may_change_anothers
    assert may_correct(sender, letter)
    assert not may_correct(replace(sender, places=()), letter), "who coordinates no more has no say any more"
