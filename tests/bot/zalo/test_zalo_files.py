"""A picture is fetched while its address lasts, from people who answer for a unit, and from nowhere near."""

import asyncio

import pytest
from aiohttp import web

from bot.conversation.evidence import NotTaken
from bot.evidence_in import FetchFailedError, FilesIn
from bot.evidence_kinds import RefusedFileError
from bot.evidence_store import EvidenceStore
from bot.web_files import WebFiles, is_fetchable
from bot.zalo.client import ZaloClient
from bot.zalo.files import sent_file
from bot.zalo.updates import as_text
from models.terms import Role
from planner.hand_in_evidence import GivenFile
from reminders.inbox import ClaimedUpdate
from reminders.inbox_worker import MAX_FAILURES
from tests.builders import add_linked_person, load_units
from tests.fakes.zalo_server import FakeZalo

AN, GROUP, LEADER = "6ede9afa66b88fe6d6a9", "g001", "1eade4"
JPEG = b"\xff\xd8\xff\xe0" + b"anh" * 100


@pytest.fixture
async def zalo():
    async with FakeZalo() as zalo:
        zalo.bot.add_person(AN)
        zalo.bot.add_group(GROUP, members=(AN,))
        yield zalo


@pytest.fixture
async def client(zalo):
    client = ZaloClient(zalo.bot.token, api_base=zalo.url, proxy=None)
    yield client
    await client.close()


@pytest.fixture
def pictures(client):
    return WebFiles(client, may_be_near=True)


@pytest.fixture
async def files_in(sqlite_database, pictures, zalo, now, tmp_path):
    await load_units(sqlite_database)
    bot = zalo.bot.bot_key
    await add_linked_person(sqlite_database, now, "Trưởng Phòng", ("T.TP", Role.UNIT_HEAD), chat=AN, bot=bot)
    await add_linked_person(sqlite_database, now, "Lãnh Đạo", ("T.UBND", Role.LEADER), chat=LEADER, bot=bot)
    store = EvidenceStore(tmp_path, largest=10_000)
    return FilesIn(sqlite_database, store, sent_file=sent_file, chunks=pictures.chunks, clock=lambda: now)


def row(zalo, now, *, attempts=1):
    """What the worker claimed of the newest update."""
    update = zalo.bot.pending[-1]
    return ClaimedUpdate(
        id=1, bot=zalo.bot.bot_key, update_key="1", chat=AN, body=as_text(update), received_at=now, lease_token="t",
        attempts=attempts,
    )  # fmt: skip


@pytest.mark.parametrize("field", ["photo", "photo_url"])
async def test_a_picture_is_kept_with_its_kind_and_a_name(zalo, files_in, now, field):
    zalo.bot.photo_field = field
    zalo.bot.person_sends_photo(AN, JPEG)
    given = await files_in(row(zalo, now))
    assert isinstance(given, GivenFile)
    assert (given.media_type, given.size, given.name) == ("image/jpeg", len(JPEG), "anh.jpg")


@pytest.mark.parametrize("chat", ["stranger", LEADER])
async def test_from_whoever_answers_for_no_unit_not_one_byte_is_asked_for(zalo, files_in, now, chat):
    asked = []
    zalo.bot.pictures = _Noting(asked)
    zalo.bot.person_sends_photo(chat, JPEG)
    assert await files_in(row(zalo, now)) is None
    assert asked == []


class _Noting(dict):
    def __init__(self, asked):
        super().__init__()
        self.asked = asked

    def __contains__(self, key):
        self.asked.append(key)
        return super().__contains__(key)


async def test_an_address_that_has_run_out_is_said_at_once(zalo, files_in, now):
    zalo.bot.person_sends_photo(AN, JPEG)
    zalo.bot.expire_pictures()
    assert await files_in(row(zalo, now)) == NotTaken("", 0, "unavailable")


async def test_too_large_a_picture_is_cut_off_and_what_is_no_picture_is_refused(zalo, files_in, now):
    zalo.bot.person_sends_photo(AN, JPEG * 100)
    assert (await files_in(row(zalo, now))).reason == "too-big"
    zalo.bot.person_sends_photo(AN, b"MZ\x90\x00 a program")
    assert (await files_in(row(zalo, now))).reason == "kind"


async def test_a_network_that_is_away_is_tried_again_and_said_the_last_time(zalo, files_in, now):
    zalo.bot.person_sends_photo(AN, JPEG)
    first, last = row(zalo, now), row(zalo, now, attempts=MAX_FAILURES)
    await zalo.goes_dark()
    with pytest.raises(FetchFailedError) as raised:
        await files_in(first)
    assert "pictures" not in repr(raised.value) + repr(raised.value.__cause__)
    assert await files_in(last) == NotTaken("", 0, "unavailable")


async def test_of_a_group_no_picture_is_fetched(zalo, files_in, now):
    zalo.bot.person_sends_photo(GROUP, JPEG, by=AN)
    assert await files_in(row(zalo, now)) is None


@pytest.mark.parametrize("kind", ["sticker", "voice", "unsupported"])
async def test_nothing_else_is_a_file(zalo, kind):
    getattr(zalo.bot, f"person_sends_{kind}")(AN)
    assert sent_file(as_text(zalo.bot.pending[-1])) is None


async def content_of(pictures, url):
    return b"".join([chunk async for chunk in pictures.chunks(url)])


async def test_a_few_redirects_are_followed_and_no_more(pictures, client):
    app = web.Application()

    async def answer(request):
        left = int(request.match_info["left"])
        if left:
            raise web.HTTPFound(f"/{left - 1}")
        return web.Response(body=JPEG)

    app.router.add_get("/{left}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    assert await content_of(pictures, f"{base}/3") == JPEG
    with pytest.raises(RefusedFileError):
        await content_of(pictures, f"{base}/4")
    with pytest.raises(RefusedFileError):
        await content_of(WebFiles(client, may_be_near=False), f"{base}/0")
    await runner.cleanup()


async def test_a_server_that_fails_is_asked_again_later(pictures):
    async def hang_up(reader, writer):
        await reader.read(10)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        with pytest.raises(FetchFailedError):
            await content_of(pictures, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a.jpg")


@pytest.mark.parametrize(
    ("url", "may_be_near", "is_fine"),
    [
        ("https://photo-stal.zdn.example.vn/a.jpg", False, True),
        ("http://photo-stal.zdn.example.vn/a.jpg", False, False),
        ("https://127.0.0.1/a.jpg", False, False),
        ("https://[::1]/a.jpg", False, False),
        ("https://169.254.169.254/latest", False, False),
        ("https://2130706433/a.jpg", False, False),
        ("https://0x7f.1/a.jpg", False, False),
        ("https://localhost/a.jpg", False, False),
        ("https://may-chu.local/a.jpg", False, False),
        ("https://intranet/a.jpg", False, False),
        ("https://[half/a.jpg", False, False),
        ("file:///etc/passwd", True, False),
        ("http://127.0.0.1:8080/a.jpg", True, True),
        ("", True, False),
    ],
)
def test_nothing_of_this_machine_or_its_network_is_asked_for(url, may_be_near, is_fine):
    assert is_fetchable(url, may_be_near=may_be_near) is is_fine
