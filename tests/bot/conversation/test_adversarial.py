"""What people with time on their hands send: nothing breaks, nothing changes by it, nobody else waits for it.

Beside these: files in `tests/bot/evidence/`, random words and foreign callbacks in `test_fuzz.py`, whole updates in
`tests/proofs/test_fuzz.py`, random talk in `tests/proofs/test_conversation_machine.py`.
"""

import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.columns import columns_of
from models.inbox import InboxUpdate
from models.outbox import OutboxMessage
from models.report import Report
from models.terms import InboxState, Lane, Role
from reminders.rate import Limits
from tests.bot.conversation.builders import build_town
from tests.builders import BOT, add_linked_person, load_plan, load_units
from tests.fakes import papers
from tests.fakes.phones import TEXT_ONLY, TelegramPhones, scripted_phones
from tests.fakes.stepped_telegram import BOT_KEY, stepped_telegram

_i, _o, _r = columns_of(InboxUpdate), columns_of(OutboxMessage), columns_of(Report)
DIRECTION = {"\u202e", "\u202d", "\u2066", "\u2067", "\u200f", "\u200b", "\ufeff", "\u00ad"}


@pytest.fixture
async def quiet(sqlite_database, now, clock, tmp_path):
    """(town, phones) after the first morning."""
    town = await build_town(sqlite_database, now)
    phones = scripted_phones(sqlite_database, clock, tmp_path)
    await phones.live()
    clock.advance(timedelta(minutes=30))
    return town, phones


# --- texts -----------------------------------------------------------------------------------------------------------

NO_ANSWER = {
    "10,000 letters": "ệ" * 10_000,
    "10,000 digits": "4" * 10_000,
    "an answer behind 10,000 letters": "a" * 10_000 + " 4 xong",
    "10,000 marks on one letter": "x" + "\u0336" * 10_000,
    "an answer struck out": "".join(letter + "\u0336" for letter in "4 xong"),
    "letters that only look like it": "4 хоng",
    "a full page of nothing": "\u200b" * 9_000 + "\u3164" * 900,
    "only directions": "\u202e\u2066\u2069",
    "control characters": "\x00\x01\x07",
    "half a character": "\ud83d",
    "markup of a page": "<b>4 xong</b><script>alert(1)</script>",
    "markup of a template": "{{ view.title }}{% for x in range(9999999) %}4 xong{% endfor %}",
    "a format": "%s%n{0.__class__}",
    "a statement": "'; DROP TABLE report; --",
    "a command with its tail": "/xong@otherbot 4; /duyet tat ca dong y",
    "words and their opposite": "4 xong 4 chưa xong",
    "somebody else's list": "\n".join(f"{number} xong" for number in range(1, 400)),
}


@pytest.mark.parametrize("name", NO_ANSWER, ids=str)
async def test_no_strange_text_is_an_answer(quiet, name):
    town, phones = quiet
    before, states = await town.everything(), await town.states()
    read = len(phones.read("health"))
    await phones.says("health", NO_ANSWER[name])
    assert await town.states() == states
    assert (await town.everything())["report"] == before["report"]
    replies = phones.read("health")[read:]
    assert len(replies) <= 1
    for reply in replies:
        assert 0 < len(reply.text) <= 4096
        assert not DIRECTION & set(reply.text)
        assert "alert(1)" not in reply.text


@pytest.mark.parametrize(
    "text", ["4 \u202echưa\u202c xong", "4 ch\u200bưa xong", "4 chu\u031ba xong", "4 xong\u202e chưa"]
)
async def test_a_negation_is_heard_however_it_is_hidden(quiet, text):
    town, phones = quiet
    await phones.says("health", text)
    assert (await town.states())["T.YT", 4] != "submitted"


HIDDEN = {
    "joined by nothing": "4\u200b xo\u200bng",
    "turned around": "\u202e4 xong\u202c",
    "decomposed": unicodedata.normalize("NFD", "4 đã hoàn thành"),
    "in wide letters of another keyboard": "4 xong\ufeff",
    "in capitals with a flag": "4 XONG 🇻🇳",
}


@pytest.mark.parametrize("name", HIDDEN, ids=str)
async def test_what_is_kept_of_an_answer_shows_nothing_else_than_it_says(quiet, name):
    """Characters nobody sees do not hide an answer; and what is kept reads as it was meant."""
    town, phones = quiet
    await phones.says("health", HIDDEN[name])
    async with town.database.read() as session:
        said = list((await session.execute(select(_r.said))).scalars())
    assert not any(DIRECTION & set(each) or not unicodedata.is_normalized("NFC", each) for each in said)
    assert all("xong" in each.lower() or "hoàn thành" in each for each in said)
    assert ((await town.states())["T.YT", 4] == "submitted") is bool(said)


async def test_a_reason_that_turns_the_line_around_reaches_nobody_as_it_is(quiet):
    _, phones = quiet
    await phones.says("health", "vuongmac 4 \u202echờ số liệu của xã\u202c \u2066{{ 7 * 7 }}\u2069 <i>gấp</i>")
    notice = phones.read("coordinator")[-1].text
    assert "chờ số liệu của xã {{ 7 * 7 }} <i>gấp</i>" in notice
    assert not DIRECTION & set(notice)


async def test_a_reason_of_10000_letters_is_kept_to_a_bound_and_told_short(quiet):
    town, phones = quiet
    await phones.says("health", "vuongmac 4 " + "chờ số liệu " * 1_000)
    assert all(len(read.text) < 1_000 for read in phones.read("coordinator"))
    async with town.database.read() as session:
        assert max(len(each) for each in (await session.execute(select(_r.said))).scalars()) <= 4_000


# --- names -----------------------------------------------------------------------------------------------------------

MARK = "<b>A</b> & {{ 7 * 7 }} {% raw %} *x* _y_ [z](http://e.vn) `c` %s \"'"
UNITS = f"""
units:
  - {{code: T.UBND, name: UBND tỉnh Mẫu, level: tỉnh}}
  - {{code: T.TTTT, name: Sở Thông tin Mẫu, level: sở, parent: T.UBND}}
  - {{code: T.TP, name: '{MARK.replace("'", "''")} Sở', level: sở, parent: T.UBND}}
"""
PLAN = f"""
plan: KM1
kind: kế hoạch
document_no: 12/KH-UBND
issued_on: 01/10/2024
title: '{MARK.replace("'", "''")} kế hoạch'
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
  - code: KM1-1
    from: I.1
    title: '{MARK.replace("'", "''")} việc'
    kind: báo cáo
    deadline: trước ngày 05/11/2024
    lead: [T.TP]
    deliverable: '{MARK.replace("'", "''")}'
"""
SAID_BY_HEAD = ("viec", "xem 1", "1 đang làm 60%", "vuongmac 1 " + MARK, "het vuong 1", "1 sai đơn vị " + MARK,
                "giaocho 1", "lich su 1", "hoàn tác")  # fmt: skip
SAID_BY_COORDINATOR = (
    "quahan",
    "duyet",
    "tonghop don vi",
    "chuaphanhoi",
    "xem 1",
    "lich su 1",
    "lich",
    "quahan theo don vi",
)


@pytest.mark.parametrize("channel", ["telegram", "text"])
async def test_markup_in_names_is_shown_as_it_is_written(sqlite_database, now, clock, tmp_path, channel):
    """Through the strict Bot API, which refuses markup that does not parse, and as plain text."""
    bot = BOT_KEY if channel == "telegram" else BOT
    await load_units(sqlite_database, UNITS)
    await load_plan(sqlite_database, now, PLAN, units=UNITS)
    await add_linked_person(sqlite_database, now, f"Bà {MARK}", ("T.TP", Role.UNIT_HEAD), chat="501", bot=bot)
    await add_linked_person(sqlite_database, now, f"Ông {MARK}", ("T.TTTT", Role.COORDINATOR), chat="502", bot=bot)
    if channel == "text":
        texts = await _talk_of_marks(scripted_phones(sqlite_database, clock, tmp_path, able=TEXT_ONLY))
    else:
        async with stepped_telegram(sqlite_database, clock) as house:
            house.telegram.add_person(501)
            house.telegram.add_person(502)
            texts = await _talk_of_marks(TelegramPhones(house))
    told = "\n".join(texts)
    assert len(texts) >= len(SAID_BY_HEAD) + len(SAID_BY_COORDINATOR)
    assert told.count("<b>A</b> & {{ 7 * 7 }}") > len(texts) / 2
    assert "49" not in told.replace("7 * 7", "")
    assert "&amp;" not in told
    assert "&lt;" not in told


async def _talk_of_marks(phones):
    await phones.live()
    for chat, words in (("501", SAID_BY_HEAD), ("502", SAID_BY_COORDINATOR)):
        for text in words:
            phones.clock.advance(timedelta(minutes=3))
            await phones.says(chat, text)
    phones.clock.advance(timedelta(days=14))
    await phones.live()
    await phones.says("502", "quahan")
    return [read.text for chat in ("501", "502") for read in phones.read(chat)]


# --- callbacks -------------------------------------------------------------------------------------------------------

FORGED = (
    "", " ", "x" * 64, "\x00", "xong", "xong 4 @T.YT", "duyet 4 @T.TP", "cho lui 4 @T.TP", "chuyen 4 @T.TP sang T.YT",
    "tra lai 4 @T.TP x", "giaocho 4 Phạm Thị Ví", "nhac tat ca dong y", "duyet tat ca dong y", "đồng ý", "dung 4",
    "minh chung 4 @T.TP", "xem 4 @T.TP", "lich su 4 @T.TP", "het vuong 4 @T.TP", "xong 4; duyet 4", "xong 999999",
    "xong 4 @T.TP\nxong 4", "/start ABCD2345", "{{ 4 }}", "4" * 64, "-4", "xong -4", "xong 4 @'; DROP",
)  # fmt: skip


@pytest.mark.parametrize("who", ["health", "leader", "admin", "stranger"])
async def test_a_forged_callback_is_believed_no_more_than_its_sender(quiet, who):
    """Somebody of another unit, one who only reads, one who may do nothing and one nobody knows."""
    town, phones = quiet
    await phones.says("justice", "4 xong")
    states = await town.states()
    for command in FORGED:
        phones.clock.advance(timedelta(seconds=2))
        await phones.taps(who, "1", command)
    after = await town.states()
    theirs = {("T.YT", 4)} if who == "health" else set()
    assert {work for work in after if after[work] != states[work]} <= theirs
    told = "\n".join(read.text for read in phones.read(who))
    if who in ("health", "admin", "stranger"):
        assert "Sở Tư pháp" not in told
    if who == "stranger":  # one line in ten minutes, and that the code is wrong
        assert len(phones.read(who)) <= 2


async def test_a_callback_that_is_tapped_again_and_again_changes_once(quiet):
    town, phones = quiet
    for _ in range(5):
        phones.clock.advance(timedelta(seconds=2))
        await phones.taps("health", "1", "xong 4")
    async with town.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Report)) == 1


async def test_the_same_update_given_twice_is_one_answer(quiet):
    town, phones = quiet
    before = len(phones.read("health"))
    for _ in range(3):
        await phones.receives("health", "vuongmac 4 chờ số liệu", key="777")
    assert len(phones.read("health")) == before + 1
    async with town.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Report)) == 1


# --- files -----------------------------------------------------------------------------------------------------------

BOMB = papers.packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"0" * (64 * 1024 * 1024)})
FILES = {
    "a bomb called .docx": ("bao-cao.docx", BOMB, "nén quá lớn"),
    "a program called .pdf": ("bao-cao.pdf", b"MZ" + bytes(600), "chưa được nhận"),
    "a drawing that runs": (
        "anh.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' + bytes(9),
        "chưa",
    ),
    "more than is taken": ("to.pdf", b"%PDF-1.7\n" + bytes(20 * 1024 * 1024), "lớn hơn 20 MB"),
    "nothing": ("rong.pdf", b"", "không có nội dung"),
}


@pytest.mark.parametrize("name", FILES, ids=str)
async def test_a_file_that_is_not_what_it_says_is_refused_in_words_and_its_caption_counts(quiet, name):
    town, phones = quiet
    file_name, content, words = FILES[name]
    await phones.sends_file("health", file_name, content, caption="4 đang làm 60%")
    assert words in phones.read("health")[-1].text
    assert (await town.states())["T.YT", 4] == "in_progress"
    assert (await town.everything())["evidence"] == []


NAMES = {
    "with a path": ("../../etc/passwd.pdf", "passwd.pdf"),
    "with a path of another system": ("C:\\Windows\\a.pdf", "a.pdf"),
    "read backwards": ("bao-cao\u202efdp.exe", None),
    "with markup": ("<b>{{ 7 * 7 }}</b>.pdf", None),
    "of 4,000 letters": ("ệ" * 4_000 + ".pdf", None),
    "with lines": ("a\n4 xong\n.pdf", None),
}


@pytest.mark.parametrize("name", NAMES, ids=str)
async def test_the_name_of_a_file_leads_nowhere(quiet, tmp_path, name):
    town, phones = quiet
    called, kept = NAMES[name]
    await phones.sends_file("health", called, papers.PDF, caption="minh chứng 4")
    told = phones.read("health")[-1].text
    assert "Đã nhận minh chứng cho 4" in told
    assert (await town.states())["T.YT", 4] == "not_started"
    assert "49" not in told
    assert not DIRECTION & set(told)
    assert "\n4 xong" not in told
    assert len(told) < 600
    assert kept is None or f'"{kept}"' in told
    assert all(path.is_relative_to(tmp_path) for path in tmp_path.rglob("*"))


# --- one who does not stop -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flood", [60, pytest.param(500, marks=pytest.mark.prove)])
async def test_many_messages_in_a_minute_are_all_kept_and_answered_and_hold_up_nobody(
    sqlite_database, now, clock, tmp_path, flood
):
    """At Telegram's own rates: the one who floods reads an answer a second, anybody else theirs at once."""
    await build_town(sqlite_database, now)
    phones = scripted_phones(sqlite_database, clock, tmp_path, limits=Limits())
    await phones.live()
    clock.advance(timedelta(minutes=30))
    for number in range(flood):
        await phones.arrives("health", f"4 đang làm {number % 100}%, lần thứ {number}")
        clock.advance(timedelta(minutes=1) / flood)
    await phones.arrives("justice", "4 đang làm 10%")
    read = len(phones.read("justice"))
    await phones.live()
    assert "Đã ghi: 4" in phones.read("justice")[read].text, "somebody else waited for the flood"
    for _ in range(flood + 5):
        clock.advance(timedelta(seconds=1.1))
        await phones.live()
    told = [read.text for read in phones.read("health") if read.text.startswith("Đã ghi: 4")]
    assert [f'lần thứ {number}"' in text for number, text in enumerate(told)] == [True] * flood
    async with sqlite_database.read() as session:
        rows = await session.execute(select(_i.state, func.count()).group_by(_i.state))
        states = {row[0]: row[1] for row in rows}
        kept = await session.scalar(select(func.count()).select_from(Report).where(_r.said.like("%lần thứ%")))
        first = (await session.execute(select(_o.chat).where(_o.lane == Lane.REPLY).order_by(_o.id))).scalars().all()
    assert states == {InboxState.HANDLED: flood + 1}
    assert kept == flood
    assert "justice" in first[:2], "the inbox takes one of each chat at a time"
