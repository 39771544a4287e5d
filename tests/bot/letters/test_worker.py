"""What waits is read once and told once, whatever dies in between; what may not be read leaves nothing behind."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.engine import wake_after_commit
from bot.evidence_store import whole
from bot.letters.worker import AGAIN_AFTER, LEASE, LetterReader
from bot.opening.guard import LetterOpener
from models.audit import AuditEvent
from models.errors import UnreadableFileError
from models.inbox import InboxUpdate
from models.tables import METADATA
from models.terms import InboxState, LetterState
from planner.letters.correct_letter import discard_letter
from planner.letters.letters import load_letter
from planner.letters.read_letter import MAX_ATTEMPTS, claim_letter
from planner.letters.receive_letter import receive_letter
from planner.report_progress import Said
from tests.bot.letters import samples
from tests.bot.letters.desk import CHAT
from tests.builders import BOT

SUMMARY = "Công văn 218/UBND-NC ngày 22/10/2024: 5 nhiệm vụ, 1 chỗ cần hỏi."


async def test_a_letter_is_read_kept_and_told_of(desk):
    letter_id = await desk.receives(samples.DOCX)
    assert await desk.reader().read_due() == 1
    letter = await desk.letter(letter_id)
    assert (letter.state, letter.version) == (LetterState.READ, 1)
    (told,) = await desk.told()
    assert told.startswith(SUMMARY)
    assert desk.wake_outbox.count == 1
    assert await desk.reader().read_due() == 0


async def test_it_is_opened_in_a_process_of_its_own(small_desk):
    small_desk.opener = LetterOpener(workers=1)
    await small_desk.receives(samples.TEXT, "cv.txt")
    await small_desk.reader().read_due()
    (told,) = await small_desk.told()
    assert told.startswith(SUMMARY)


class Dying(LetterReader):
    """Its process ends when all is read and nothing is kept."""

    async def _finish(self, letter, outcome):
        raise SystemExit


async def test_a_crash_between_reading_and_keeping_has_it_read_again_and_told_once(desk):
    letter_id = await desk.receives(samples.DOCX)
    with pytest.raises(SystemExit):
        await desk.reader(Dying).read_due()
    assert (await desk.letter(letter_id)).state is LetterState.RECEIVED
    assert await desk.reader().read_due() == 0  # its lease still stands
    desk.clock.move_to(desk.clock() + LEASE)
    assert await desk.reader().read_due() == 1
    assert len(await desk.told()) == 1
    assert desk.opener.opened == 2


async def test_a_reader_that_lost_its_lease_writes_and_tells_nothing(desk):
    """A process that was stopped for minutes and goes on beside the one that took over."""
    letter_id = await desk.receives(samples.DOCX)
    async with desk.database.write() as session:
        late = await claim_letter(session, now=desk.clock(), lease=LEASE)
        await session.commit()
    desk.clock.move_to(desk.clock() + LEASE)
    reader = desk.reader()
    await reader.read_due()
    before = await desk.letter(letter_id)
    await reader._finish(late, await reader._outcome(late))
    after = await desk.letter(letter_id)
    assert (after.version, after.state) == (before.version, LetterState.READ)
    assert len(await desk.told()) == 1


async def test_a_letter_at_which_processes_die_is_refused_after_so_many_attempts(desk):
    letter_id = await desk.receives(samples.DOCX)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            await desk.reader(Dying).read_due()
        desk.clock.move_to(desk.clock() + LEASE)
    await desk.reader().read_due()
    letter = await desk.letter(letter_id)
    assert (letter.state, letter.reason, letter.sha256) == (LetterState.REFUSED, "crashed", None)
    (told,) = await desk.told()
    assert told.startswith(f"Văn bản {letter_id} chưa đọc được")
    assert await desk.files() == 0


async def test_a_failure_of_ours_is_tried_again_a_little_later(small_desk, caplog):
    letter_id = await small_desk.receives(samples.DOCX)
    small_desk.opener.fails.append(OSError("no process today"))
    await small_desk.reader().read_due()
    assert (await small_desk.letter(letter_id)).state is LetterState.RECEIVED
    assert await small_desk.told() == []
    small_desk.clock.move_to(small_desk.clock() + AGAIN_AFTER)
    await small_desk.reader().read_due()
    assert (await small_desk.letter(letter_id)).state is LetterState.READ
    assert "reading failed, attempt 1" in caplog.text


# --- what cannot be read


@pytest.mark.parametrize("reason", ["encrypted", "bomb", "malformed", "too-slow"])
async def test_what_cannot_be_read_is_said_in_a_sentence_and_goes_with_its_file(small_desk, reason):
    letter_id = await small_desk.receives(samples.DOCX)
    small_desk.opener.fails.append(UnreadableFileError(reason))
    await small_desk.reader().read_due()
    letter = await small_desk.letter(letter_id)
    assert (letter.state, letter.reason, letter.sha256, letter.draft) == (LetterState.REFUSED, reason, None, None)
    (told,) = await small_desk.told()
    assert told.startswith(f"Văn bản {letter_id} chưa đọc được, tệp không được giữ lại.\n")
    assert "gửi lại" in told
    assert await small_desk.files() == 0


async def test_a_file_that_another_letter_keeps_stays(small_desk):
    letter_id = await small_desk.receives(samples.DOCX)
    given = await small_desk.store.keep(whole(samples.DOCX), name="cv.docx")
    async with small_desk.database.write() as session:
        other = {"person_id": None, "channel": "local", "bot": BOT, "chat": "x", "now": small_desk.clock()}
        await receive_letter(session, given, **other)
        await session.commit()
    small_desk.opener.fails.append(UnreadableFileError("encrypted"))
    await small_desk.reader()._turn()
    assert (await small_desk.letter(letter_id)).state is LetterState.REFUSED
    assert await small_desk.files() == 1


async def test_a_file_that_is_gone_from_the_disk_is_said_and_closed(small_desk):
    letter_id = await small_desk.receives(samples.DOCX)
    await small_desk.store.forget((await small_desk.letter(letter_id)).sha256)
    await small_desk.reader().read_due()
    assert (await small_desk.letter(letter_id)).reason == "missing"
    (told,) = await small_desk.told()
    assert told.endswith("Tệp đã lưu không còn nguyên vẹn: xin gửi lại.")


async def test_of_a_secret_letter_nothing_is_left_in_any_table_nor_on_the_disk(desk):
    name = "de-an-bao-ve-bien-gioi.docx"
    await desk.receives(samples.DOCX_SECRET, name)
    row = {
        "bot": BOT, "update_key": "1", "chat": CHAT, "body": json.dumps({"file": name, "caption": "đề án biên giới"}),
        "state": InboxState.HANDLED, "handled_at": desk.clock(),
        "received_at": desk.clock(), "handle_after": desk.clock(), "attempts": 1,
    }  # fmt: skip
    async with desk.database.write() as session:
        await session.execute(insert(InboxUpdate).values(row))
        await session.commit()
    await desk.reader().read_due()
    (told,) = await desk.told()
    assert told.startswith("Văn bản này có dấu mật nên không được đọc và không được lưu lại.")
    assert await desk.files() == 0
    everything = await rows_of(desk)
    for word in ("bien-gioi", "biên giới", "hộ tịch", "218", "TỐI MẬT", "Sở Tư pháp Mẫu:"):
        assert word not in everything
    async with desk.database.read() as session:
        actions = list((await session.execute(select(AuditEvent.action))).scalars())
    assert actions[-2:] == ["letter-received", "letter-refused"]


async def rows_of(desk):
    """All words of all tables but the directory's own."""
    found = []
    async with desk.database.read() as session:
        for table in METADATA.sorted_tables:
            if table.name not in {"org_unit", "unit_group"}:
                found += [repr(tuple(row)) for row in await session.execute(select(table))]
    return "\n".join(found)


# --- while it is read


class Waiting:
    """Opens nothing until it is let go."""

    def __init__(self):
        self.begun, self.was_cancelled = asyncio.Event(), False

    async def read(self, content, knowledge, *, on_page=None):
        del content, knowledge, on_page
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise


async def test_a_letter_that_is_given_up_while_it_is_read_ends_the_reading_and_tells_nothing(small_desk):
    letter_id = await small_desk.receives(samples.DOCX)
    small_desk.opener = Waiting()
    reading = asyncio.create_task(small_desk.reader(lease=timedelta(milliseconds=60)).read_due())
    await small_desk.opener.begun.wait()
    async with small_desk.database.write() as session:
        letter = await load_letter(session, letter_id)
        said = Said(small_desk.person_id, "local", "bỏ văn bản 1 đồng ý", small_desk.clock())
        await discard_letter(session, letter, said=said)
        await session.commit()
    async with asyncio.timeout(10):
        await reading
    assert small_desk.opener.was_cancelled
    assert await small_desk.told() == []
    assert (await small_desk.letter(letter_id)).state is LetterState.DISCARDED


async def test_stopping_gives_the_letter_back_and_the_attempt_with_it(small_desk):
    letter_id = await small_desk.receives(samples.DOCX)
    small_desk.opener = Waiting()
    stop = asyncio.Event()
    running = asyncio.create_task(small_desk.reader().run(stop))
    await small_desk.opener.begun.wait()
    stop.set()
    async with asyncio.timeout(10):
        await running
    letter = await small_desk.letter(letter_id)
    assert (letter.state, letter.attempts, letter.lease_token) == (LetterState.RECEIVED, 0, None)
    assert letter.read_after <= small_desk.clock()


async def test_reading_begins_as_soon_as_the_letter_is_committed(small_desk, monkeypatch):
    monkeypatch.setattr("bot.letters.worker.POLL", timedelta(hours=1))  # only being woken can begin it
    stop = asyncio.Event()
    running = asyncio.create_task(small_desk.reader().run(stop))
    given = await small_desk.store.keep(whole(samples.DOCX), name="cv.docx")
    about = {"person_id": small_desk.person_id, "channel": "local", "bot": BOT, "chat": CHAT}
    seen = small_desk.wake_outbox.count
    async with small_desk.database.write() as session:
        wake_after_commit(session, small_desk.wake)
        await receive_letter(session, given, **about, now=small_desk.clock())
        assert small_desk.wake.count == 0
        await session.commit()
    await small_desk.wake_outbox.wait(since=seen, at_most=timedelta(seconds=20))
    stop.set()
    await running
    assert len(await small_desk.told()) == 1


async def test_who_polls_writes_nothing_while_nothing_waits(small_desk):
    small_desk.database = replace(small_desk.database, write=_never)
    assert await small_desk.reader().read_due() == 0


def _never():
    raise AssertionError("a look must not take the one writer's turn")


async def test_letters_are_read_in_the_order_they_came(small_desk):
    await small_desk.receives(samples.DOCX)
    await small_desk.receives(samples.DOCX_PLAIN)
    assert await small_desk.reader().read_due() == 2
    told = await small_desk.told()
    assert [text.partition(".")[0] for text in told] == [
        SUMMARY.rstrip("."), "Công văn 218/UBND-NC ngày 22/10/2024: 4 nhiệm vụ, không có chỗ nào cần hỏi",
    ]  # fmt: skip
