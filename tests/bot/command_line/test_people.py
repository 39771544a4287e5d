"""dondoc people: roles in words, codes shown once, addresses never."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.settings import invite_key, load_settings
from models.clock import system_clock
from models.columns import columns_of
from models.database import Database, open_database
from models.person import Address, Invite
from planner.people import link_by_code
from tests.bot.command_line.conftest import one_database
from tests.fakes.telegram_server import FakeTelegram

Dondoc = Callable[..., Any]
ADD = ("people", "add", "Nguyễn Văn Mẫu", "--unit", "T.TP", "--role", "thủ trưởng")


def on_database(work: Callable[[Database], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        database = open_database(load_settings().database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def link(code: str, chat: str = "9001") -> int:
    async def work(database: Database) -> int:
        async with database.write() as session:
            person = await link_by_code(
                session,
                code,
                channel="telegram",
                bot="telegram:7001",
                chat=chat,
                now=system_clock(),
                key=invite_key(load_settings()),
            )
            await session.commit()
        return person

    return int(on_database(work))


def test_a_person_is_added_with_a_role(province: Dondoc) -> None:
    told = province(*ADD, "--json")
    assert told.json == {
        "person": 1,
        "full_name": "Nguyễn Văn Mẫu",
        "places": [{"unit": "T.TP", "role": "unit_head"}],
    }


def test_pairs_go_by_their_order_and_units_by_code_or_name(province: Dondoc) -> None:
    told = province(
        "people", "add", "  Trần  Thị Mẫu ", "--unit", "Sở TT Mẫu", "--role", "đầu mối", "--unit", "T.UBND", "--role",
        "leader", "--json",
    )  # fmt: skip
    assert told.json["full_name"] == "Trần Thị Mẫu"
    assert [tuple(place.values()) for place in told.json["places"]] == [("T.TTTT", "coordinator"), ("T.UBND", "leader")]


@one_database
def test_it_says_what_to_do_next(province: Dondoc) -> None:
    assert province(*ADD).out == (
        "Đã thêm Nguyễn Văn Mẫu, mã 1: thủ trưởng T.TP.\nCấp mã mời: dondoc people invite 1\n"
    )
    assert "đã có người cùng tên, mã 1" in province(*ADD).err


@one_database
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["X"], "Mỗi --unit cần một --role đi cùng"),
        (["X", "--unit", "T.TP"], "Mỗi --unit cần một --role đi cùng"),
        (["X", "--unit", "T.TP", "--role", "sếp"], "--role phải là một trong: thủ trưởng, chuyên viên"),
        (["X", "--unit", "T.TQ", "--role", "officer"], "Không có đơn vị nào là “T.TQ”. Có phải: T.TP"),
        (
            ["X", "--unit", "Sở Y te Mau 2", "--role", "officer"],
            "Không có đơn vị nào là “Sở Y te Mau 2”. Có phải: Sở Y tế",
        ),
        ([" ", "--unit", "T.TP", "--role", "officer"], "Họ tên phải có từ 1 đến 120 ký tự"),
        (["a" * 121, "--unit", "T.TP", "--role", "officer"], "Họ tên phải có từ 1 đến 120 ký tự"),
        (["a\x1b[2J", "--unit", "T.TP", "--role", "officer"], "Họ tên phải có từ 1 đến 120 ký tự"),
    ],
)
def test_what_cannot_be_added_is_told(province: Dondoc, words: list[str], said: str) -> None:
    told = province("people", "add", *words)
    assert told.code == 2
    assert told.err.startswith(said)
    assert province("people", "list", "--json").json == []


@one_database
def test_without_a_directory_there_is_nobody_to_add(stored: Dondoc) -> None:
    assert stored(*ADD).err == "Chưa có đơn vị nào: nạp danh mục bằng dondoc units load.\n"


def test_a_code_is_shown_once_with_its_validity_and_links_the_person(province: Dondoc) -> None:
    province(*ADD)
    told = province("people", "invite", "1")
    assert (told.code, told.err) == (0, "")
    code = re.search(r"Mã mời của Nguyễn Văn Mẫu: ([A-Z2-9]{8})\n", told.out)
    assert code
    assert told.out.count(code[1]) == 2, "once as a code, once in what to type"
    assert f"gõ: /start {code[1]}" in told.out
    assert link(code[1]) == 1


@one_database
def test_an_invitation_is_stable_json(province: Dondoc) -> None:
    province(*ADD)
    before = system_clock()
    row = province("people", "invite", "nguyen van mau", "--json").json
    assert list(row) == ["person", "full_name", "code", "valid_until", "link", "bots"]
    assert (row["person"], row["link"], row["bots"]) == (1, None, [])
    valid_until = datetime.fromisoformat(row["valid_until"])
    assert timedelta(days=7) <= valid_until - before < timedelta(days=7, minutes=2)
    assert row["valid_until"].endswith("+07:00")


def test_the_code_itself_is_kept_nowhere(province: Dondoc) -> None:
    province(*ADD)
    code = province("people", "invite", "1", "--json").json["code"]

    async def hashes(database: Database) -> list[str]:
        async with database.read() as session:
            return list((await session.execute(select(columns_of(Invite).code_hash))).scalars())

    assert code not in "".join(on_database(hashes))


@one_database
@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("99", "Không có người nào là “99”.\n"),
        ("Nguyễn Văn Mẫ", "Không có người nào là “Nguyễn Văn Mẫ”. Có phải: Nguyễn Văn Mẫu?\n"),
        ("9" * 5000, None),
        ("", "Không có người nào là “”.\n"),
    ],
    ids=["no such number", "nearly the name", "a very long number", "nothing"],
)
def test_an_unknown_person_is_told(province: Dondoc, who: str, said: str | None) -> None:
    province(*ADD)
    told = province("people", "invite", who)
    assert told.code == 2
    assert said is None or told.err == said


@one_database
def test_namesakes_are_told_apart_by_number(province: Dondoc) -> None:
    province(*ADD)
    province(*ADD)
    told = province("people", "invite", "Nguyễn Văn Mẫu")
    assert (told.code, told.err) == (2, "Có 2 người tên này: ghi mã 1, 2.\n")


def test_the_list_tells_who_is_linked_and_reachable_and_no_address(province: Dondoc) -> None:
    for name in ("Người Một", "Người Hai", "Người Ba"):
        province("people", "add", name, "--unit", "T.TP", "--role", "chuyên viên")
    for number in ("1", "2"):
        link(province("people", "invite", number, "--json").json["code"], chat=f"900{number}")

    async def block(database: Database) -> None:
        ad = columns_of(Address)
        async with database.write() as session:
            await session.execute(update(Address).where(ad.chat == "9002").values(unreachable_at=system_clock()))
            await session.commit()

    on_database(block)
    told = province("people", "list", "--json")
    assert [list(row) for row in told.json] == [
        ["person", "full_name", "is_active", "places", "is_linked", "is_reachable", "channels"]
    ] * 3
    assert [(row["is_linked"], row["is_reachable"], row["channels"]) for row in told.json] == [
        (True, True, ["telegram"]),
        (True, False, ["telegram"]),
        (False, False, []),
    ]
    table = province("people", "list").out
    assert "Tổng 3 người, 2 đã liên kết." in table
    assert "không liên lạc được" in table
    assert "900" not in told.out + table


# --- the deep link ---


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTelegram]:
    """The strict Bot API, in a thread of its own: the command has the main one."""
    fake, is_up, is_over = FakeTelegram(), Event(), Event()

    async def serve() -> None:
        async with fake:
            is_up.set()
            await asyncio.to_thread(is_over.wait)

    with ThreadPoolExecutor(1) as thread:
        served = thread.submit(asyncio.run, serve())
        assert is_up.wait(10)
        monkeypatch.setenv("TELEGRAM_API_BASE", fake.url)
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", fake.token)
        yield fake
        is_over.set()
        served.result()


@one_database
def test_with_a_bot_the_code_comes_as_a_link(province: Dondoc, telegram: FakeTelegram) -> None:
    province(*ADD)
    row = province("people", "invite", "1", "--json").json
    assert re.fullmatch(rf"https://t\.me/[A-Za-z0-9_]+\?start={row['code']}", row["link"])
    assert [call.method for call in telegram.calls] == ["getme"]


@one_database
def test_a_bot_that_cannot_be_asked_costs_only_the_link(province: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    province(*ADD)
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:1")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7001:secret-token-of-nobody-at-all-0001")
    told = province("people", "invite", "1")
    assert told.code == 0
    assert told.err.startswith("Chưa hỏi được tên bot nên chưa có liên kết: Không nối được tới Telegram")
    assert "/start " in told.out
    assert "secret-token" not in told.err + told.out


@one_database
def test_a_wrong_token_is_told(province: Dondoc, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    assert telegram.url
    province(*ADD)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7002:secret-token-of-nobody-at-all-0001")
    assert "Telegram không nhận TELEGRAM_BOT_TOKEN" in province("people", "invite", "1").err
    told = province("doctor", "--json")
    assert told.code == 1
    (row,) = [each for each in told.json["checks"] if each["check"] == "Telegram"]
    assert row["verdict"] == "fail"


@one_database
def test_the_key_file_lies_beside_the_data(province: Dondoc, empty_folder: Path) -> None:
    province(*ADD)
    province("people", "invite", "1")
    assert (empty_folder / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
