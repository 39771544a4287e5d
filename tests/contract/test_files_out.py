"""A message with a file arrives whole on every channel that carries files: the bytes, their name, words and buttons."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.local.channel import KEPT_FILE_BYTES, LocalChannel
from bot.local.routes import demo_router
from bot.telegram.channel import TelegramChannel
from bot.telegram.wire import make_bot
from models.errors import OutcomeUnknownError, RejectedError
from reminders.channel import CAPTION_LENGTH, Button, Message, OutgoingFile
from tests.fakes.demo_engine import ScriptedEngine
from tests.fakes.telegram_server import FakeTelegram

AN = 501
REPORT = OutgoingFile("Báo cáo quý <III>.pdf", "application/pdf", b"%PDF-1.7 noi dung")
PICTURE = OutgoingFile("ảnh.png", "image/png", b"\x89PNG\r\n\x1a\n", is_photo=True)
KEYS = ((Button("Xác nhận", "duyet 12"),),)


class OnTelegram:
    def __init__(self, telegram, client):
        self.telegram, self.channel, self.address = telegram, TelegramChannel(client), str(AN)

    async def arrived(self):
        """(words, labels, name and bytes of the file) of each message, in order."""
        return [await self._told(sent) for sent in self.telegram.transcript]

    async def _told(self, sent):
        message = self.telegram.message(AN, sent.message_id)
        file = message["document"] if "document" in message else message["photo"][-1]
        stored = self.telegram.files[file["file_id"]]
        return sent.text, [key for row in sent.buttons for key, _ in row], stored.name, stored.content


class OnThePage:
    def __init__(self, engine, page):
        self.channel, self.page, self.address = engine.channel, page, "so-tu-phap"

    async def arrived(self):
        return [await self._told(each) for each in (await self.page.get("/api/state")).json()["messages"]]

    async def _told(self, message):
        content = (await self.page.get(f"/api/files/{message['ref']}")).content
        labels = [key["label"] for row in message["buttons"] for key in row]
        return message["text"], labels, message["file"]["name"], content


@pytest.fixture
async def telegram():
    async with FakeTelegram(limits=None, upload_limit=1000) as telegram:
        telegram.add_person(AN)
        yield telegram


@pytest.fixture
async def on_telegram(telegram):
    client = make_bot(telegram.token, api_base=telegram.url, proxy=None, request_timeout=timedelta(seconds=5))
    yield OnTelegram(telegram, client)
    await client.session.close()


@pytest.fixture
async def on_the_page():
    engine = ScriptedEngine()
    app = FastAPI(openapi_url=None)
    app.include_router(demo_router(engine, engine.channel))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as page:
        yield OnThePage(engine, page)


@pytest.fixture(params=["on_telegram", "on_the_page"])
def place(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("file", [REPORT, PICTURE], ids=["document", "picture"])
async def test_a_file_arrives_with_its_name_its_words_and_its_buttons(place, file):
    words = 'Minh chứng việc 12 & 13\n1 < 2 "đúng"'
    ref = await place.channel.send(place.address, Message(words, KEYS, file))
    assert ref
    assert await place.arrived() == [(words, ["Xác nhận"], file.name, file.content)]


async def test_the_words_may_be_as_long_as_a_caption_and_no_longer(place):
    longest = "😀" * (CAPTION_LENGTH // 2)
    await place.channel.send(place.address, Message(longest, (), REPORT))
    with pytest.raises(RejectedError):
        await place.channel.send(place.address, Message(longest + "a", (), REPORT))
    assert [words for words, *_ in await place.arrived()] == [longest]


async def test_a_channel_says_that_it_carries_files(place):
    assert place.channel.capabilities.files_out


async def test_in_telegram_the_first_line_is_bold_and_all_is_escaped(on_telegram, telegram):
    await on_telegram.channel.send(str(AN), Message("<b>12</b>\nhai", (), REPORT))
    (sent,) = telegram.transcript
    assert (sent.text, sent.entities) == ("<b>12</b>\nhai", [{"type": "bold", "offset": 0, "length": 9}])


async def test_a_picture_is_shown_and_one_that_cannot_be_is_sent_as_a_document(on_telegram, telegram):
    too_wide = b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR" + (9_999).to_bytes(4) + (2).to_bytes(4)
    for content in (PICTURE.content, too_wide):
        file = OutgoingFile("ảnh.png", "image/png", content, is_photo=True)
        await on_telegram.channel.send(str(AN), Message("12", KEYS, file))
    assert [sent.method for sent in telegram.transcript] == ["sendPhoto", "sendDocument"]
    assert [content for *_, content in await on_telegram.arrived()] == [PICTURE.content, too_wide]


async def test_a_picture_refused_for_another_reason_is_not_sent_twice(on_telegram, telegram):
    telegram.fail("status", method="sendPhoto", status=400)
    with pytest.raises(RejectedError):
        await on_telegram.channel.send(str(AN), Message("12", (), PICTURE))
    assert telegram.called("sendDocument") == []


async def test_a_file_too_large_for_telegram_is_our_own_mistake(on_telegram, telegram):
    with pytest.raises(RejectedError):
        await on_telegram.channel.send(str(AN), Message("x", (), OutgoingFile("a.pdf", "application/pdf", b"a" * 1001)))
    assert telegram.transcript == []


async def test_a_cut_after_the_bytes_left_is_of_unknown_outcome(on_telegram, telegram):
    telegram.fail("drop_after", method="sendDocument")
    with pytest.raises(OutcomeUnknownError):
        await on_telegram.channel.send(str(AN), Message("x", (), REPORT))


async def test_the_page_hands_a_file_out_so_that_nothing_in_it_can_run(on_the_page):
    ref = await on_the_page.channel.send("so-tu-phap", Message("x", (), REPORT))
    headers = (await on_the_page.page.get(f"/api/files/{ref}")).headers
    name = "B%C3%A1o%20c%C3%A1o%20qu%C3%BD%20%3CIII%3E.pdf"
    assert headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "application/pdf"
    assert (await on_the_page.page.get("/api/files/m4711")).status_code == 404


async def test_the_page_keeps_only_so_many_bytes_and_loses_the_oldest(on_the_page):
    channel: LocalChannel = on_the_page.channel
    half = OutgoingFile("a.pdf", "application/pdf", bytes(KEPT_FILE_BYTES // 2))
    refs = [await channel.send("so-tu-phap", Message("x", (), half)) for _ in range(3)]
    assert [channel.file(ref) is not None for ref in refs] == [False, True, True]
