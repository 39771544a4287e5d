"""A unit hands in what shows its work, by Telegram; the coordinator opens it; nobody else does, and nothing is lost."""

import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.evidence_store import LARGEST, EvidenceStore
from models.assignment import Assignment
from models.clock import system_clock
from models.columns import columns_of
from models.evidence import Evidence
from models.inbox import InboxUpdate
from models.org_unit import OrgUnit
from models.report import Report
from models.task import Task
from models.terms import InboxState, Role
from tests.bot.conversation.builders import Town, build_town
from tests.builders import add_linked_person
from tests.built_once import built_once
from tests.fakes import papers
from tests.fakes.stepped_telegram import BOT_KEY, SteppedTelegram, stepped_telegram

JUSTICE, COORDINATOR, HEALTH, LEADER, STRANGER = 501, 502, 503, 504, 505
"""Sở Tư pháp Mẫu owes 1, 2, 3 (standing) and 4; Sở Y tế Mẫu 1 and 4 (see `tests.bot.conversation.builders`)."""

PEOPLE = (
    (JUSTICE, "Trưởng Phòng", "T.TP", Role.UNIT_HEAD),
    (COORDINATOR, "Đầu Mối", "T.TTTT", Role.COORDINATOR),
    (HEALTH, "Y Tế", "T.YT", Role.UNIT_HEAD),
    (LEADER, "Lãnh Đạo", "T.UBND", Role.LEADER),
)
_e, _a, _u = columns_of(Evidence), columns_of(Assignment), columns_of(OrgUnit)


@dataclass
class Office:
    """Everybody's phone, and the folder of what was handed in."""

    house: SteppedTelegram
    town: Town
    folder: Path
    last_sent: int = 0

    async def sends(self, chat: int, name: str, content: bytes = papers.PDF, **how: Any) -> str:
        """What the person reads after sending this file."""
        before = len(self.house.telegram.sent_to(chat))
        self.last_sent = self.house.telegram.person_sends_file(chat, name, content, **how)["message_id"]
        await self.house.live()
        return "\n---\n".join(self.house.telegram.texts(chat)[before:])

    async def edits_the_last(self, chat: int, caption: str) -> str:
        """What the person reads after giving the file they sent last another caption."""
        before = len(self.house.telegram.sent_to(chat))
        self.house.telegram.person_edits(chat, self.last_sent, caption)
        await self.house.live()
        return "\n---\n".join(self.house.telegram.texts(chat)[before:])

    async def says(self, chat: int, text: str) -> str:
        return await self.house.says(chat, text)

    async def kept(self) -> list[tuple[str, int, str]]:
        """(unit, number, name of the file or number of the document) of all evidence that stands."""
        query = (
            select(_u.code, _a.number, _e.file_name, _e.document_no)
            .join(Assignment, _a.id == _e.assignment_id)
            .join(OrgUnit, _u.id == _a.unit_id)
            .where(_e.withdrawn_at.is_(None))
            .order_by(_e.id)
        )
        async with self.town.database.read() as session:
            return [(row[0], row[1], row[2] or row[3]) for row in await session.execute(query)]

    async def answers(self) -> list[str]:
        async with self.town.database.read() as session:
            rows = await session.execute(select(Report.answer).order_by(Report.id))
            return [answer.value for answer in rows.scalars()]

    def on_disk(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def files_at(self, chat: int) -> list[tuple[str, bytes]]:
        """What this person got as files: the words over it, and its bytes."""
        found = []
        for sent in self.house.telegram.sent_to(chat):
            message = self.house.telegram.message(chat, sent.message_id)
            file = message.get("document") or (message.get("photo") or [None])[-1]
            if file:
                found.append((sent.text, self.house.telegram.files[file["file_id"]].content))
        return found


async def open_office(database, clock, folder):
    now = clock()
    await built_once(database, ("office with evidence", now), lambda: _settle(database, now))
    return Town(database, now)


async def _settle(database, now):
    await build_town(database, now)
    for chat, name, unit, role in PEOPLE:
        await add_linked_person(database, now, name, (unit, role), chat=str(chat), bot=BOT_KEY)


@pytest.fixture
async def office(database, clock, tmp_path):
    folder = tmp_path / "evidence"
    town = await open_office(database, clock, folder)
    async with stepped_telegram(database, clock, evidence=EvidenceStore(folder, left_free=0)) as house:
        await house.live()  # the morning's messages are not what is looked at here
        yield Office(house, town, folder)


@pytest.fixture
async def small_office(sqlite_database, clock, tmp_path):
    folder = tmp_path / "evidence"
    town = await open_office(sqlite_database, clock, folder)
    async with stepped_telegram(sqlite_database, clock, evidence=EvidenceStore(folder, left_free=0)) as house:
        await house.live()  # the morning's messages are not what is looked at here
        yield Office(house, town, folder)


async def test_a_file_with_xong_is_handed_in_with_the_answer_and_opened_by_the_coordinator(office):
    told = await office.sends(JUSTICE, "bao-cao.pdf", caption="4 xong")
    assert told.startswith("Đã ghi: 4 ·")
    assert told.endswith('Kèm minh chứng: "bao-cao.pdf" (1 KB).')
    assert await office.kept() == [("T.TP", 4, "bao-cao.pdf")]
    assert await office.answers() == ["done"]
    listed = await office.says(COORDINATOR, "minh chung 4 @T.TP")
    assert listed.startswith("Minh chứng 4 · Chấn chỉnh hồ sơ quá hạn (Sở Tư pháp Mẫu): 1 tệp")
    ((words, content),) = office.files_at(COORDINATOR)
    assert words.startswith('Minh chứng 4 · Sở Tư pháp Mẫu: "bao-cao.pdf" (1 KB)\nTrưởng Phòng gửi lúc 08:00')
    assert content == papers.PDF


async def test_taking_back_an_answer_takes_back_what_came_with_it(office):
    await office.sends(JUSTICE, "bao-cao.pdf", caption="4 xong")
    assert (await office.says(JUSTICE, "hoàn tác")).startswith("Đã hoàn tác: 4")
    assert await office.kept() == []
    assert "chưa có minh chứng nào" in await office.says(COORDINATOR, "minh chung 4 @T.TP")
    assert office.files_at(COORDINATOR) == []


async def test_a_file_alone_is_asked_about_kept_meanwhile_and_lands_where_the_choice_says(office):
    asked = await office.sends(JUSTICE, "anh.jpg", papers.JPEG)
    assert asked.startswith('Anh/Chị gửi "anh.jpg" (1 KB) cho việc nào?\n1. 4 · Chấn chỉnh')
    assert await office.kept() == []
    told = await office.house.taps(JUSTICE, "Việc 2")
    assert told.startswith('Đã nhận minh chứng cho 2 · Tổ chức tập huấn: "anh.jpg" (1 KB). Gõ "hoàn tác"')
    assert await office.kept() == [("T.TP", 2, "anh.jpg")]
    assert await office.answers() == ["evidence"]
    assert (await office.town.states())["T.TP", 2] == "not_started"
    await office.says(JUSTICE, "hoàn tác")
    assert await office.kept() == []


async def test_an_album_is_one_question_one_answer_and_one_echo(office):
    asked = [await office.sends(JUSTICE, "", papers.JPEG + bytes([n]), kind="photo", album="a") for n in range(3)]
    assert asked[1:] == ["", ""]
    assert "vừa là số thứ tự, vừa là số" in await office.says(JUSTICE, "1")
    told = await office.says(JUSTICE, "minh chung 4")
    assert told.startswith('Đã nhận minh chứng cho 4 · Chấn chỉnh hồ sơ quá hạn: "anh.jpg" (1 KB), "anh.jpg" (1 KB), ')
    assert [number for _, number, _ in await office.kept()] == [4, 4, 4]
    assert await office.answers() == ["evidence"]


async def test_the_later_pictures_of_an_album_follow_the_first_and_are_taken_back_with_it(office):
    first = await office.sends(JUSTICE, "", papers.JPEG, kind="photo", album="a", caption="4 xong")
    assert first.startswith("Đã ghi: 4")
    assert await office.sends(JUSTICE, "", papers.PNG, kind="photo", album="a") == ""
    assert await office.kept() == [("T.TP", 4, "anh.jpg"), ("T.TP", 4, "anh.png")]
    await office.says(JUSTICE, "hoàn tác")
    assert await office.kept() == []


@pytest.mark.parametrize(
    ("caption", "number"),
    [("2", 2), ("Việc 2", 2), ("2: ảnh hội nghị", 2), ("minh chứng việc 2", 2), ("minh chung 2", 2)],
)
async def test_a_caption_may_only_name_the_work(small_office, caption, number):
    assert (await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG, caption=caption)).startswith("Đã nhận minh chứng")
    assert await small_office.kept() == [("T.TP", number, "anh.jpg")]


@pytest.mark.parametrize("caption", ["ảnh hội nghị ngày 30/10", "Báo cáo 9 tháng", "12 xã đã gửi", "a" * 10_000])
async def test_a_caption_that_names_no_work_is_asked_about(small_office, caption):
    assert "cho việc nào?" in await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG, caption=caption)
    assert await small_office.kept() == []


async def test_work_of_another_unit_is_not_named_by_its_number(small_office):
    told = await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG, caption="minh chung 5")
    assert "cho việc nào?" in told
    assert await small_office.kept() == []


async def test_the_work_just_spoken_of_is_meant(small_office):
    await small_office.says(JUSTICE, "2 đang làm 60%")
    assert (await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG)).startswith("Đã nhận minh chứng cho 2")


async def test_a_reply_to_an_echo_means_its_work(small_office):
    await small_office.says(JUSTICE, "2 đang làm")
    await small_office.says(JUSTICE, "4 đang làm")
    echo = small_office.house.telegram.sent_to(JUSTICE)[0].message_id
    await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG, reply_to=echo)
    assert await small_office.kept() == [("T.TP", 2, "anh.jpg")]


async def test_an_answer_to_something_else_takes_the_waiting_file_along_only_if_it_answers(small_office):
    await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG)
    await small_office.says(JUSTICE, "viec")
    told = await small_office.says(JUSTICE, "2 xong")
    assert told.endswith('Kèm minh chứng: "anh.jpg" (1 KB).')
    assert await small_office.kept() == [("T.TP", 2, "anh.jpg")]


async def test_a_caption_that_is_asked_about_keeps_the_file_with_the_question(small_office):
    asked = await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG, caption="xong rồi ạ")
    assert "được giữ lại" in asked
    told = await small_office.says(JUSTICE, "4 xong")
    assert told.endswith('Kèm minh chứng: "anh.jpg" (1 KB).')


async def test_what_is_dropped_is_dropped_and_said(small_office):
    await small_office.sends(JUSTICE, "anh.jpg", papers.JPEG)
    assert (await small_office.says(JUSTICE, "thôi")).startswith('Đã bỏ qua "anh.jpg" (1 KB)')
    await small_office.says(JUSTICE, "2 xong")
    assert await small_office.kept() == []


async def test_the_same_file_again_changes_nothing(small_office):
    await small_office.sends(JUSTICE, "a.pdf", caption="2")
    assert "đã có từ trước" in await small_office.sends(JUSTICE, "b.pdf", caption="2")
    assert await small_office.answers() == ["evidence"]


async def test_a_forgotten_page_may_follow_after_it_was_accepted_or_handed_in(small_office):
    await small_office.says(JUSTICE, "4 xong")
    assert (await small_office.sends(JUSTICE, "a.pdf", caption="4 xong")).count("4 ·") >= 1
    assert await small_office.kept() == [("T.TP", 4, "a.pdf")]
    assert (await small_office.town.states())["T.TP", 4] == "submitted"


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ("4 xong, báo cáo số 215/BC-STP", ["done"]),
        ("4 báo cáo số 215/BC-STP ngày 30/10/2024", ["evidence"]),
        ("việc 4: văn bản số 215/BC-STP", ["evidence"]),
    ],
)
async def test_the_number_of_a_report_is_evidence_as_well(small_office, said, answers):
    await small_office.says(JUSTICE, said)
    assert await small_office.kept() == [("T.TP", 4, "215/BC-STP")]
    assert await small_office.answers() == answers
    assert "văn bản số 215/BC-STP" in await small_office.says(COORDINATOR, "minh chung 4 sở tư pháp mẫu")


# --- who may


async def test_not_one_byte_of_a_stranger_is_asked_for(office):
    office.house.telegram.add_person(STRANGER)
    told = await office.sends(STRANGER, "a.pdf")
    assert told.startswith("Đây là hệ thống nhắc việc tự động")
    assert office.house.telegram.called("getFile") == []
    assert office.on_disk() == []


async def test_who_answers_for_no_unit_hands_nothing_in(small_office):
    assert "chưa dùng được yêu cầu này" in await small_office.sends(LEADER, "a.pdf", caption="4 xong")
    assert small_office.house.telegram.called("getFile") == []


async def test_nobody_opens_what_is_not_theirs_to_see(small_office):
    await small_office.sends(JUSTICE, "a.pdf", caption="4 xong")
    for said in ("minh chung 4 @T.TP", "minh chung 2", "minh chung 4"):
        await small_office.says(HEALTH, said)
    assert small_office.files_at(HEALTH) == []
    await small_office.says(LEADER, "xem minh chứng 4")
    assert len(small_office.files_at(LEADER)) == 1


async def test_who_may_no_longer_see_it_when_it_leaves_gets_nothing(small_office, clock):
    await small_office.sends(JUSTICE, "a.pdf", caption="4 xong")
    house = small_office.house
    house.telegram.person_says(COORDINATOR, "minh chung 4 @T.TP")
    await house.receive()
    await house.engine.inbox_worker.handle_due(clock())
    async with small_office.town.database.write() as session:
        await session.execute(Evidence.__table__.update().values(withdrawn_at=clock()))
        await session.commit()
    await house.live()
    assert small_office.files_at(COORDINATOR) == []


async def test_units_that_handed_something_in_are_listed_before_any_file_is_sent(small_office):
    for chat in (JUSTICE, HEALTH):
        await small_office.sends(chat, "a.pdf", papers.PDF + bytes([chat % 256]), caption="4 xong")
    listed = await small_office.says(COORDINATOR, "minh chung 4")
    assert listed.startswith("Minh chứng 4 · Chấn chỉnh hồ sơ quá hạn: 2 trong 3 đơn vị đã gửi")
    assert small_office.files_at(COORDINATOR) == []
    await small_office.house.taps(COORDINATOR, "Sở Y tế Mẫu")
    assert len(small_office.files_at(COORDINATOR)) == 1


async def test_files_of_a_secret_plan_neither_come_nor_go_by_chat(small_office):
    await small_office.sends(JUSTICE, "a.pdf", caption="2")
    async with small_office.town.database.write() as session:
        await session.execute(Task.__table__.update().values(is_secret=True))
        await session.commit()
    assert "thuộc văn bản mật" in await small_office.sends(JUSTICE, "b.pdf", papers.PDF + b"b", caption="4")
    assert "thuộc văn bản mật" in await small_office.says(COORDINATOR, "minh chung 2 @T.TP")
    assert await small_office.kept() == [("T.TP", 2, "a.pdf")]
    assert small_office.files_at(COORDINATOR) == []


# --- what goes wrong


@pytest.mark.parametrize(
    ("content", "how", "words"),
    [
        pytest.param(b"MZ" + bytes(50), {}, "hệ thống nhận ảnh, PDF", id="a program called .pdf"),
        pytest.param(b"a", {"declared": LARGEST + 1}, "lớn hơn 20 MB", id="said to be too big"),
        pytest.param(b"a" * (LARGEST + 1), {"declared": 10}, "lớn hơn 20 MB", id="too big after all"),
        pytest.param(papers.JPEG + papers.DOCX, {}, "không thuần một loại tệp", id="two files in one"),
    ],
)
async def test_a_file_that_is_not_taken_is_said_and_its_caption_answers_all_the_same(small_office, content, how, words):
    told = await small_office.sends(JUSTICE, "bao-cao.pdf", content, caption="4 xong", **how)
    assert told.startswith("Đã ghi: 4")
    assert words in told
    assert await small_office.kept() == []
    assert small_office.on_disk() == []


async def test_a_download_that_fails_is_tried_again_and_loses_nothing(office, clock):
    telegram = office.house.telegram
    telegram.fail("status", method="getFile", status=502, times=2)
    assert await office.sends(JUSTICE, "a.pdf", caption="4 xong") == ""
    for _ in range(2):
        await office.house.live_at(clock() + timedelta(minutes=2))
    assert await office.kept() == [("T.TP", 4, "a.pdf")]
    assert sum("Kèm minh chứng" in text for text in telegram.texts(JUSTICE)) == 1


async def test_a_download_that_never_succeeds_is_said_and_the_caption_is_heard(small_office, clock, caplog):
    telegram = small_office.house.telegram
    telegram.fail("drop_before", method="getFile", times=50)
    telegram.person_sends_file(JUSTICE, "a.pdf", papers.PDF, caption="4 xong")
    for _ in range(5):
        await small_office.house.live_at(clock() + timedelta(hours=1))
    assert 'Tệp "a.pdf" chưa tải về được. Xin gửi lại.' in telegram.texts(JUSTICE)[-1]
    assert (await small_office.town.states())["T.TP", 4] == "submitted"
    assert telegram.token not in caplog.text
    async with small_office.town.database.read() as session:
        assert set((await session.execute(select(InboxUpdate.state))).scalars()) == {InboxState.HANDLED}


async def test_a_file_that_cannot_be_opened_any_more_is_said_and_alarmed(small_office, caplog):
    await small_office.sends(JUSTICE, "a.pdf", caption="4 xong")
    small_office.on_disk()[0].write_bytes(b"changed")
    told = await small_office.says(COORDINATOR, "minh chung 4 @T.TP")
    assert "Chưa mở được minh chứng 4" in told
    assert small_office.files_at(COORDINATOR) == []
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_fifty_files_in_a_minute_are_all_kept_each_with_one_echo(small_office):
    for number in range(50):
        small_office.house.telegram.person_sends_file(
            JUSTICE, f"{number}.pdf", papers.PDF + bytes([number]), caption="4"
        )
    await small_office.house.live()
    assert [name for _, _, name in await small_office.kept()] == [f"{number}.pdf" for number in range(50)]
    echoes = [text for text in small_office.house.telegram.texts(JUSTICE) if text.startswith("Đã nhận minh chứng")]
    assert len(echoes) == 50
    listed = await small_office.says(COORDINATOR, "minh chung 4 @T.TP")
    assert 'còn 45 tệp: gõ "minh chung 4 @T.TP trang 2"' in listed
    assert len(small_office.files_at(COORDINATOR)) == 5


async def test_an_edited_caption_replaces_its_answer_and_keeps_its_file(office):
    await office.sends(JUSTICE, "bao-cao.pdf", caption="4 đang làm 60%")
    said = await office.edits_the_last(JUSTICE, "4 xong")
    assert said.startswith("Theo tin đã sửa, lời trước về việc 4 được lấy lại.\nĐã ghi: 4 ·")
    assert said.endswith('Kèm minh chứng: "bao-cao.pdf" (1 KB).')
    assert await office.kept() == [("T.TP", 4, "bao-cao.pdf")]
    assert (await office.town.states())["T.TP", 4] == "submitted"
    assert await office.edits_the_last(JUSTICE, "4 xong") == ""
    await office.says(JUSTICE, "hoàn tác")
    assert await office.kept() == []


async def test_a_file_captioned_with_the_wrong_number_moves_to_the_right_one(office):
    await office.sends(JUSTICE, "bao-cao.pdf", caption="4")
    said = await office.edits_the_last(JUSTICE, "2")
    assert "Đã nhận minh chứng cho 2 ·" in said
    assert await office.kept() == [("T.TP", 2, "bao-cao.pdf")]


async def test_a_caption_edited_too_late_changes_nothing_and_says_so(office):
    await office.sends(JUSTICE, "bao-cao.pdf", caption="4 đang làm 60%")
    office.house.clock.move_to(office.house.clock() + timedelta(minutes=11))
    assert "vẫn giữ nguyên" in await office.edits_the_last(JUSTICE, "4 xong")
    assert await office.kept() == [("T.TP", 4, "bao-cao.pdf")]
    assert (await office.town.states())["T.TP", 4] == "in_progress"


async def test_a_stranger_editing_a_caption_is_not_listened_to(office):
    await office.sends(STRANGER, "bao-cao.pdf", caption="4")
    assert await office.edits_the_last(STRANGER, "4 xong") == ""
    assert office.on_disk() == []


async def test_at_night_what_nobody_claimed_for_a_week_is_gone_and_evidence_stays(small_office, caplog):
    office = small_office
    await office.sends(HEALTH, "lac.jpg", papers.JPEG)  # it is asked which work, and nobody answers
    await office.sends(JUSTICE, "bao-cao.pdf", caption="4 xong")
    await office.sends(JUSTICE, "nham.txt", b"ghi nh\xe1\xba\xa7m", caption="2")
    await office.says(JUSTICE, "hoàn tác")  # taken back, and still part of the record
    assert len(office.on_disk()) == 3
    await office.house.engine.prune()
    assert len(office.on_disk()) == 3
    long_ago = system_clock().timestamp() - 8 * 24 * 3600
    for path in office.on_disk():
        os.utime(path, (long_ago, long_ago))
    await office.house.engine.prune()
    assert {path.read_bytes() for path in office.on_disk()} == {papers.PDF, b"ghi nh\xe1\xba\xa7m"}
    assert "bao-cao.pdf" in await office.says(COORDINATOR, "minh chung 4 @T.TP")
