"""A letter goes from its file to the first nudge of a unit by chat alone: on Telegram, the demo page and Zalo."""

import asyncio
import os
import shutil
import signal
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from bot.engine import build_engine
from bot.evidence_store import EvidenceStore
from bot.local.channel import LocalChannel
from bot.local.routes import demo_router
from bot.local.stepping import SteppedEngine, handle_local
from bot.opening.guard import LetterOpener
from bot.running import run
from models.database import open_database
from models.errors import UnreadableFileError
from models.terms import BeforeReading, Role
from reminders.rate import UNLIMITED
from tests.bot.conversation.builders import INVITE_KEY, build_town
from tests.bot.letters import samples
from tests.bot.letters.desk import QuickOpener
from tests.bot.letters.test_progress import Slow
from tests.bot.letters.test_worker import Waiting
from tests.bot.test_running import running_from, settings_for, until
from tests.builders import BOT, CALENDAR, add_linked_person, load_units
from tests.conftest import copy_of_sqlite
from tests.fakes.stepped_telegram import BOT_KEY, stepped_telegram
from tests.fakes.stepped_zalo import stepped_zalo
from tests.fakes.telegram_server import FakeTelegram
from tests.samples.as_scan import as_photo
from tests.samples.letters import SHAPES

COORDINATOR, JUSTICE = 502, 501
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600)
SUMMARY = "Công văn 218/UBND-NC ngày 22/10/2024: 5 nhiệm vụ, 1 chỗ cần hỏi."


@asynccontextmanager
async def office(database, clock, folder, *, opener=None):
    """An empty office: nothing is tracked before the letter comes."""
    await load_units(database)
    for chat, unit, role in ((COORDINATOR, "T.TTTT", Role.COORDINATOR), (JUSTICE, "T.TP", Role.UNIT_HEAD)):
        await add_linked_person(database, clock(), f"Người {chat}", (unit, role), chat=str(chat), bot=BOT_KEY)
    evidence = EvidenceStore(folder, left_free=0)
    async with stepped_telegram(database, clock, evidence=evidence) as house:
        if opener is not None:
            house.engine.letter_reader._opener = opener
        for chat in (COORDINATOR, JUSTICE):
            house.telegram.add_person(chat)
        yield house


async def sends(house, content, name="cv218.docx", *, chat=COORDINATOR):
    """What the person reads after sending this file."""
    before = len(house.telegram.sent_to(chat))
    house.telegram.person_sends_file(chat, name, content)
    await house.live()
    return house.telegram.texts(chat)[before:]


async def test_from_the_file_to_the_first_nudge_of_a_unit(database, clock, tmp_path):
    async with office(database, clock, tmp_path / "evidence", opener=LetterOpener(workers=1)) as house:
        first, summary = await sends(house, samples.DOCX)
        assert first.startswith("Đã nhận văn bản (Word, 37 KB), đang đọc.")
        assert summary.startswith(SUMMARY)
        assert (await house.taps(COORDINATOR, "Trả lời câu hỏi")).startswith("Câu 1/1 · Không rõ “Sở Nông nghiệp Mẫu”")
        assert (await house.taps(COORDINATOR, "Sở Y tế Mẫu")).startswith("Đã ghi: Sở Y tế Mẫu.")
        shown = await house.taps(COORDINATOR, "Xem trước khi giao")
        assert shown.startswith("Sẽ tạo kế hoạch CV218: 5 nhiệm vụ cho 2 đơn vị.")
        assert "1 đơn vị chưa ai liên kết, chưa nhận được tin: Sở Y tế Mẫu." in shown
        assert house.telegram.texts(JUSTICE) == []
        done = await house.taps(COORDINATOR, "Duyệt và giao")
        assert done.startswith("Đã giao theo Công văn 218/UBND-NC: kế hoạch CV218, 5 nhiệm vụ")
        await house.mornings_until(24, 10)
        nudge = house.telegram.texts(JUSTICE)[0]
        assert "Tổ chức tập huấn nghiệp vụ" in nudge
        assert "CV 218" in nudge


async def test_on_the_demo_page_a_file_dropped_into_the_chat_becomes_work(sqlite_database, clock, tmp_path):
    await build_town(sqlite_database, clock())
    channel = LocalChannel(["justice", "coordinator"], clock=clock)
    evidence = EvidenceStore(tmp_path / "evidence", left_free=0)
    engine = build_engine(
        sqlite_database,
        calendar=CALENDAR,
        before=BeforeReading.STRICT,
        address_form="Anh/Chị",
        invite_key=INVITE_KEY,
        channels={channel.bot: channel},
        handle=lambda conversation: handle_local(conversation, clock),
        limits=UNLIMITED,
        clock=clock,
        evidence=evidence,
        opener=QuickOpener(),
        page_url="http://127.0.0.1:8000",
    )
    house = SteppedEngine(engine, clock, evidence, coordinating_code="T.TTTT")
    app = FastAPI(openapi_url=None)
    app.include_router(demo_router(house, channel))
    assert channel.bot == BOT
    about = {"name": "cv218.docx", "caption": ""}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as page:
        bytes_of = {"Content-Type": "application/octet-stream"}
        sent = await page.post(
            "/api/chats/coordinator/files", params=about, content=samples.DOCX_PLAIN, headers=bytes_of
        )
        assert sent.status_code == 200
    summary = channel.messages()[-1]
    assert summary.text.startswith("Công văn 218/UBND-NC ngày 22/10/2024: 4 nhiệm vụ, không có chỗ nào cần hỏi.")

    async def taps(label):
        message = [
            each for each in channel.messages() if any(key.label == label for row in each.buttons for key in row)
        ]
        (command,) = [key.command for row in message[-1].buttons for key in row if key.label == label]
        await house.tap("coordinator", message[-1].ref, command)
        return [each for each in channel.messages() if each.chat == "coordinator" and each.is_from_bot][-1].text

    assert "http://127.0.0.1:8000/van-ban/1/mo/" in await taps("Mở trang")
    assert (await taps("Xem trước khi giao")).startswith("Sẽ tạo kế hoạch CV218")
    assert (await taps("Duyệt và giao")).startswith("Đã giao theo Công văn 218/UBND-NC")
    await house.say("justice", "viec", reply_to=None)
    assert channel.messages()[-1].text.startswith("Sở Tư pháp Mẫu: 6 việc chưa xong")  # three of them of the letter


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="reads a picture: needs tesseract-ocr, tesseract-ocr-vie")
async def test_on_zalo_a_picture_is_read_and_everything_is_said_by_number(sqlite_database, clock, tmp_path):
    await load_units(sqlite_database)
    who = "c00d1e"
    async with stepped_zalo(sqlite_database, clock, tmp_path / "evidence") as house:
        world = house.zalo.bot
        await add_linked_person(
            sqlite_database, clock(), "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat=who, bot=world.bot_key
        )
        world.add_person(who)
        world.person_sends_photo(who, as_photo(samples.TASKS))
        await house.live()
        summary = world.texts(who)[-1]
        assert summary.startswith("Công văn 218/UBND-NC ngày 22/10/2024: 5 nhiệm vụ")
        assert '1. Trả lời câu hỏi: "cau hoi 1"' in summary
        asked = await house.says(who, "1")
        assert asked.startswith("Câu 1/")


async def test_an_admin_who_answers_for_no_unit_sends_letters_too(sqlite_database, clock, tmp_path):
    """Fetched like evidence, though there is no work of theirs that it could be evidence of."""
    async with office(sqlite_database, clock, tmp_path / "evidence", opener=QuickOpener()) as house:
        await add_linked_person(sqlite_database, clock(), "Quản Trị", ("T.UBND", Role.ADMIN), chat="503", bot=BOT_KEY)
        house.telegram.add_person(503)
        first, summary = await sends(house, samples.DOCX, chat=503)
        assert "minh chung" not in first
        assert summary.startswith(SUMMARY)
        await house.says(503, "cau hoi 1")
        await house.taps(503, "Sở Y tế Mẫu")
        await house.taps(503, "Xem trước khi giao")
        assert (await house.taps(503, "Duyệt và giao")).startswith("Đã giao theo Công văn 218/UBND-NC")


async def test_a_letter_in_an_old_code_page_is_taken_in_and_read(sqlite_database, clock, tmp_path):
    async with office(sqlite_database, clock, tmp_path / "evidence", opener=QuickOpener()) as house:
        content = SHAPES["html-1258"](samples.TASKS)
        _, summary = await sends(house, content, "cv.htm")
        assert summary.startswith(SUMMARY)


async def test_a_long_reading_is_told_in_the_first_line_and_nowhere_else(sqlite_database, clock, tmp_path):
    opener = Slow(QuickOpener(told=7), clock)
    async with office(sqlite_database, clock, tmp_path / "evidence", opener=opener) as house:
        _, summary = await sends(house, samples.DOCX)
        message = house.telegram.message(COORDINATOR, house.telegram.sent_to(COORDINATOR)[0].message_id)
        assert summary.startswith(SUMMARY)
        assert message["text"].startswith("Đã nhận văn bản (Word, 37 KB), đã đọc xong 1 trang.")
        assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "Đây là minh chứng"
        edits = [call.params["text"] for call in house.telegram.called("editMessageText")]
        assert "đang đọc trang 2/7." in edits[0]
        assert len(house.telegram.sent_to(COORDINATOR)) == 2


async def test_a_long_reading_that_fails_does_not_go_on_being_told(sqlite_database, clock, tmp_path):
    quick = QuickOpener(told=7)
    quick.fails.append(UnreadableFileError("malformed"))
    async with office(sqlite_database, clock, tmp_path / "evidence", opener=Slow(quick, clock)) as house:
        _, told = await sends(house, samples.DOCX)
        message = house.telegram.message(COORDINATOR, house.telegram.sent_to(COORDINATOR)[0].message_id)
        assert message["text"].startswith("Đã nhận văn bản (Word, 37 KB), đã dừng đọc.")
        assert told.startswith("Văn bản 1 chưa đọc được")


async def test_while_everything_runs_a_letter_is_read_at_once(sqlite_template, now, tmp_path, monkeypatch):
    """`dondoc run` as it is composed, in real time."""
    url = copy_of_sqlite(sqlite_template, tmp_path)
    database = open_database(url)
    await load_units(database)
    await add_linked_person(database, now, "Đầu Mối", ("T.TTTT", Role.COORDINATOR), chat=str(COORDINATOR), bot=BOT_KEY)
    await database.close()
    monkeypatch.setattr("bot.evidence_store.LEFT_FREE", 0)
    async with FakeTelegram() as telegram:
        telegram.add_person(COORDINATOR)
        settings = settings_for(telegram, url, 0, evidence_folder=tmp_path / "evidence")
        running = asyncio.create_task(run(settings, clock=running_from(now)))
        await until(lambda: telegram.called("deleteWebhook") or running.done())
        telegram.person_sends_file(COORDINATOR, "cv218.docx", samples.DOCX)
        await until(lambda: any(text.startswith(SUMMARY) for text in telegram.texts(COORDINATOR)) or running.done())
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(20):
            await running
        assert telegram.texts(COORDINATOR)[-1].startswith(SUMMARY)


# --- what goes wrong


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"%PDF-1.7\n" + b"\x00garbage" * 50, "Tệp bị hỏng", id="a PDF that is none"),
        pytest.param(OLD_WORD, "Tệp ở định dạng cũ", id="a document of the old kind"),
    ],
)  # fmt: skip
async def test_a_file_that_cannot_be_opened_gets_a_sentence_and_leaves_nothing(
    sqlite_database, clock, tmp_path, content, sentence
):
    folder = tmp_path / "evidence"
    async with office(sqlite_database, clock, folder, opener=LetterOpener(workers=1)) as house:
        _, told = await sends(house, content, "cv.pdf")
        assert told.startswith("Văn bản 1 chưa đọc được, tệp không được giữ lại.\n")
        assert sentence in told
        assert [path for path in folder.rglob("*") if path.is_file()] == []


async def test_others_are_answered_while_a_letter_is_read(sqlite_database, clock, tmp_path):
    opener = Waiting()
    async with office(sqlite_database, clock, tmp_path / "evidence", opener=opener) as house:
        house.telegram.person_sends_file(COORDINATOR, "cv.docx", samples.DOCX)
        reading = asyncio.create_task(house.live())
        async with asyncio.timeout(20):
            await opener.begun.wait()
        house.telegram.person_says(JUSTICE, "help")
        await house.receive()
        await house.engine.inbox_worker.handle_due(clock())
        await house.engine.sender.deliver_due(clock())
        assert house.telegram.texts(JUSTICE)[-1].startswith("Trả lời một việc bằng số")
        reading.cancel()
        await asyncio.wait({reading})
        assert opener.was_cancelled
