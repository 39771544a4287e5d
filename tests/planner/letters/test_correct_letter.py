"""Corrections that are kept: of two at once one wins, what was put off waits, and what was given up is gone."""

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.columns import columns_of
from models.errors import CorrectionError, StaleDraftError
from models.letter import Letter
from models.terms import LetterState
from planner.letters.correct_letter import ask_again, correct_letter, discard_letter, put_off
from planner.letters.corrections import DutyChange, with_duty
from planner.letters.letters import load_letter
from tests.builders import load_units
from tests.planner.letters.drafts import DUTIES, KNOWLEDGE, draft, duty, given_letter, said

ASKED = draft(DUTIES[0], duty("Rà soát", by=None), duty("Báo cáo", "T.YT", by="ngày 20/11/2024", ask=True))
_l = columns_of(Letter)


@pytest.fixture
async def letter(database, now):
    await load_units(database)
    return await given_letter(database, now, ASKED)


def titled(title):
    return lambda made: with_duty(made, 1, DutyChange(title=title), KNOWLEDGE)


async def done(database, use, *args, **facts):
    async with database.write() as session:
        result = await use(session, *args, **facts)
        await session.commit()
    return result


async def again(database, letter):
    async with database.read() as session:
        return await load_letter(session, letter.id)


async def test_a_correction_is_kept_and_counted_as_a_new_version(database, now, letter):
    after = await done(database, correct_letter, letter, titled("Tên mới"), said=said(now, "sửa 1"))
    assert (after.draft.obligations[0].title, after.version) == ("Tên mới", 2)
    assert await again(database, letter) == after
    async with database.read() as session:
        (event,) = (await session.execute(select(AuditEvent))).scalars()
    assert (event.action, event.said) == ("letter-corrected", "sửa 1")


async def test_of_two_corrections_of_one_version_the_second_is_told_and_writes_nothing(database, now, letter):
    await done(database, correct_letter, letter, titled("Người thứ nhất"), said=said(now))
    for use, args in (
        (correct_letter, (titled("Người thứ hai"),)), (put_off, ("lead:2:2",)), (ask_again, ()), (discard_letter, ()),
    ):  # fmt: skip
        with pytest.raises(StaleDraftError):
            await done(database, use, letter, *args, said=said(now))
    assert (await again(database, letter)).draft.obligations[0].title == "Người thứ nhất"


async def test_a_correction_that_is_refused_writes_nothing(database, now, letter):
    with pytest.raises(CorrectionError):
        await done(database, correct_letter, letter, titled(""), said=said(now))
    assert await again(database, letter) == letter


async def test_a_question_put_off_is_asked_last_and_again_when_wanted(database, now, letter):
    first = letter.next_question()
    after = await done(database, put_off, letter, first.key, said=said(now))
    assert after.next_question().key != first.key
    assert after.open_questions()[-1] == first
    assert (await done(database, ask_again, after, said=said(now))).next_question() == first


async def test_all_put_off_there_is_no_next_question_and_all_are_still_open(database, now, letter):
    while (question := letter.next_question()) is not None:
        letter = await done(database, put_off, letter, question.key, said=said(now))
    assert len(letter.open_questions()) == len(ASKED.questions)
    assert (await again(database, letter)).later == letter.later


async def test_what_was_answered_is_no_longer_put_off(database, now, letter):
    letter = await done(database, put_off, letter, "lead:2:2", said=said(now))
    after = await done(
        database, correct_letter, letter, lambda made: with_duty(made, 2, DutyChange(lead="T.TP"), KNOWLEDGE),
        said=said(now),
    )  # fmt: skip
    assert "lead:2:2" in {question.key for question in letter.draft.questions}
    assert after.later == ()


async def test_what_was_given_up_keeps_neither_words_nor_file_and_is_corrected_no_more(database, now, letter):
    await done(database, discard_letter, letter, said=said(now))
    async with database.read() as session:
        row = (await session.execute(select(Letter).where(_l.id == letter.id))).scalar_one()
    assert (row.state, row.draft, row.paper, row.sha256, row.ended_at) == (
        LetterState.DISCARDED, None, None, None, now,
    )  # fmt: skip
    with pytest.raises(StaleDraftError):
        await done(database, correct_letter, await again(database, letter), titled("Muộn"), said=said(now))


async def test_a_letter_that_waits_to_be_read_can_be_given_up_too(database, now, letter):
    waiting = await given_letter(database, now, None, sha256="b" * 64, state=LetterState.RECEIVED)
    await done(database, discard_letter, waiting, said=said(now))
    assert (await again(database, waiting)).state is LetterState.DISCARDED
