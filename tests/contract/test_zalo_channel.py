"""What ZaloChannel promises, on the strict fake: people read what was meant, and only our own words are set off."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.zalo.channel import LONGEST_TEXT, ZaloChannel
from bot.zalo.client import ZaloClient
from models.errors import RejectedError
from reminders.channel import CAPTION_LENGTH, Message, OutgoingFile
from reminders.splitting import split_text, text_length
from tests.fakes.zalo_server import FakeZalo

AN = "6ede9afa66b88fe6d6a9"
PICTURE = OutgoingFile("ảnh.png", "image/png", b"\x89PNG\r\n\x1a\n", is_photo=True)
REPORT = OutgoingFile("báo cáo.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
async def zalo():
    async with FakeZalo() as zalo:
        zalo.bot.add_person(AN)
        yield zalo


@pytest.fixture
async def client(zalo):
    client = ZaloClient(zalo.bot.token, api_base=zalo.url, proxy=None)
    yield client
    await client.close()


@pytest.fixture
def channel(client):
    return ZaloChannel(client)


async def test_a_message_arrives_and_its_reference_names_it(zalo, channel):
    refs = [await channel.send(AN, Message(text)) for text in ("Việc 12 đến hạn hôm nay", "Việc 13 đến hạn ngày mai")]
    assert [sent.message_id for sent in zalo.bot.transcript] == refs
    assert zalo.bot.texts(AN) == ["Việc 12 đến hạn hôm nay", "Việc 13 đến hạn ngày mai"]


@pytest.mark.parametrize(
    "text",
    ["5 < 6 & 7 > 6", "Sở <b>Nội vụ</b>\n*đậm* _nghiêng_ `mã`", 'dòng "một"\n\n  dòng hai\n😀', "[x](https://a.vn)\n#"],
)
async def test_the_person_reads_exactly_what_was_meant_and_nothing_in_it_is_markup(zalo, channel, text):
    await channel.send(AN, Message(text))
    assert zalo.bot.texts(AN) == [text]
    assert "parse_mode" not in zalo.bot.called("sendMessage")[0].params


async def test_the_first_line_is_bold_where_more_follow(zalo, channel):
    await channel.send(AN, Message("🟡 Còn 3 ngày: 12 · Báo cáo\nKH 12, mục I.1"))
    await channel.send(AN, Message("Đã ghi: 12"))
    assert [sent.bold for sent in zalo.bot.transcript] == [["🟡 Còn 3 ngày: 12 · Báo cáo"], []]


async def test_letters_are_sent_composed_and_counted_so(zalo, channel):
    taken_apart = unicodedata.normalize("NFD", "Việc ở xã\nhết hạn")
    await channel.send(AN, Message(taken_apart))
    (sent,) = zalo.bot.transcript
    assert (sent.text, sent.bold) == ("Việc ở xã\nhết hạn", ["Việc ở xã"])


async def test_an_answer_quotes_nothing(zalo, channel):
    await channel.send(AN, Message("Đã ghi nhận"), reply_to="2d758cb5e222177a4e35")
    assert zalo.bot.called("sendMessage")[0].params.keys() == {"chat_id", "text"}


def test_the_channel_says_what_it_can(channel):
    able = channel.capabilities
    assert (channel.name, channel.bot) == ("zalo", "zalo:2718281828")
    assert not any((able.buttons, able.edit, able.files_out, able.photos_out, able.resend_when_unknown))
    assert (able.max_length, able.length_unit, able.monthly_quota) == (1900, "utf16", 3000)
    assert (able.most_people, able.most_groups, able.session_window) == (50, 3, None)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        st.one_of(st.sampled_from("aệ\n 😀\u0323\u200d🇻"), st.characters(exclude_categories=["Cs"])),
        min_size=1, max_size=2500,
    )
)  # fmt: skip
async def test_whatever_is_said_is_taken_once_it_is_cut_to_length(zalo, channel, text):
    """The sender cuts, the channel composes; together they never pass what Zalo takes."""
    parts = split_text(text, limit=LONGEST_TEXT, unit="utf16")
    before = len(zalo.bot.transcript)
    for part in parts:
        await channel.send(AN, Message(part))
    arrived = zalo.bot.transcript[before:]
    assert [sent.text for sent in arrived] == [unicodedata.normalize("NFC", part) for part in parts]
    assert all(text_length(sent.text, "utf16") <= 2000 for sent in arrived)


async def test_without_a_public_address_no_picture_leaves(zalo, channel):
    for file in (PICTURE, REPORT):
        with pytest.raises(RejectedError):
            await channel.send(AN, Message("biểu đồ", file=file))
    assert zalo.bot.calls == []


class Shelf:
    """A public address that is the fake's own."""

    def __init__(self, zalo):
        self.zalo = zalo

    def put(self, content, media_type):
        assert media_type == "image/png"
        self.zalo.bot.pictures["1.png"] = content
        return f"{self.zalo.url}/pictures/1.png"


async def test_with_a_public_address_pictures_leave_and_other_files_do_not(zalo, client):
    channel = ZaloChannel(client, photos=Shelf(zalo))
    assert (channel.capabilities.photos_out, channel.capabilities.files_out) == (True, False)
    ref = await channel.send(AN, Message("biểu đồ\ntính đến hôm nay", file=PICTURE))
    (sent,) = zalo.bot.transcript
    assert (sent.message_id, sent.text, sent.content) == (ref, "biểu đồ\ntính đến hôm nay", PICTURE.content)
    for message in (Message("x", file=REPORT), Message("a" * (CAPTION_LENGTH + 1), file=PICTURE)):
        with pytest.raises(RejectedError):
            await channel.send(AN, message)
