"""dondoc people channels, move-bot and invite with several bots."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.settings import invite_key, load_settings
from models.clock import system_clock
from models.database import open_database
from planner.bots import Announced, announce
from planner.people import link_by_code

Dondoc = Callable[..., Any]
ADD = ("people", "add", "Nguyễn Văn Mẫu", "--unit", "T.TP", "--role", "thủ trưởng")
ONE = Announced("zalo:1", "zalo", "Đôn Đốc 1", 3_000, 1, 3)
TWO = Announced("zalo:2", "zalo", "Đôn Đốc 2", 3_000, 50, 3)


def in_database(work: Callable[[Any, datetime], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        database = open_database(load_settings().database_url)
        try:
            async with database.write() as session:
                result = await work(session, system_clock())
                await session.commit()
            return result
        finally:
            await database.close()

    return asyncio.run(run())


def known(*bots: Announced) -> None:
    in_database(lambda session, now: announce(session, bots, now=now))


def link(code: str, bot: str, chat: str = "9001") -> None:
    channel, key = bot.partition(":")[0], invite_key(load_settings())
    in_database(lambda session, now: link_by_code(session, code, channel=channel, bot=bot, chat=chat, now=now, key=key))


def code_of(told: Any) -> str:
    found = re.search(r"Mã mời của [^:]+: ([A-Z2-9]{8})\n", told.out)
    assert found, told
    return found[1]


def test_an_invitation_names_the_bot_with_room(province: Dondoc) -> None:
    known(ONE, TWO)
    province(*ADD)
    told = province("people", "invite", "1")
    assert f"Zalo: tìm “Đôn Đốc 1” rồi gõ {code_of(told)}\n" in told.out
    province("people", "add", "Trần Thị Mẫu", "--unit", "T.YT", "--role", "thủ trưởng")
    # the first place is kept for the first code
    row = province("people", "invite", "2", "--json").json
    assert row["bots"] == [{"channel": "zalo", "bot": "zalo:2", "name": "Đôn Đốc 2"}]


def test_when_every_bot_is_full_it_says_so_and_the_code_is_good_all_the_same(province: Dondoc) -> None:
    known(ONE)
    for name in ("Nguyễn Văn Mẫu", "Trần Thị Mẫu"):
        province("people", "add", name, "--unit", "T.TP", "--role", "thủ trưởng")
    assert province("people", "invite", "1").err == ""
    told = province("people", "invite", "2")
    assert told.err == "Lưu ý: mọi bot Zalo đã đủ người; thêm bot, hoặc dùng kênh khác.\n"
    assert code_of(told)


def test_many_codes_are_spread_over_the_bots(province: Dondoc) -> None:
    known(Announced("zalo:1", "zalo", None, 3_000, 2, 3), Announced("zalo:2", "zalo", None, 3_000, 2, 3))
    for number in range(4):
        province("people", "add", f"Người Mẫu {number}", "--unit", "T.TP", "--role", "chuyên viên")
    rows = province("people", "invite", "--all-unlinked", "--json").json
    assert [row["bots"][0]["bot"] for row in rows] == ["zalo:1", "zalo:2", "zalo:1", "zalo:2"]
    assert "Zalo: zalo:1" in province("people", "invite", "--all-unlinked").out


def test_moving_to_another_bot_keeps_the_old_until_the_new_is_linked(province: Dondoc) -> None:
    known(ONE, TWO)
    province(*ADD)
    link(code_of(province("people", "invite", "1")), "zalo:1")
    told = province("people", "move-bot", "1")
    assert told.code == 0
    assert f"Zalo: tìm “Đôn Đốc 2” rồi gõ {code_of(told)}\n" in told.out
    assert told.out.endswith("Tin vẫn đi qua Đôn Đốc 1 cho đến khi gõ mã ở bot mới.\n")
    assert [row["bot"] for row in province("people", "channels", "1", "--json").json["channels"]] == ["zalo:1"]
    link(code_of(told), "zalo:2")
    assert [row["bot"] for row in province("people", "channels", "1", "--json").json["channels"]] == ["zalo:2"]


def test_what_cannot_be_moved_is_told(province: Dondoc) -> None:
    province(*ADD)
    known(ONE)
    nowhere = "Không có bot nào khác cùng nền tảng còn chỗ cho người này: thêm bot rồi chạy lại.\n"
    assert province("people", "move-bot", "1").err == nowhere
    assert province("people", "move-bot", "1", "--to", "zalo:9").err == "Không có bot “zalo:9”; đang có: zalo:1.\n"
    assert province("people", "move-bot", "1", "--to", "zalo:1").err == (
        "Người này chưa dùng Zalo: cấp mã bằng dondoc people invite.\n"
    )
    link(code_of(province("people", "invite", "1")), "zalo:1")
    assert province("people", "move-bot", "1").err == nowhere
    told = province("people", "move-bot", "1", "--to", "Đôn Đốc 1")
    assert (told.code, told.err) == (2, "Nguyễn Văn Mẫu đang dùng chính bot này.\n")


def test_the_order_of_channels_is_shown_and_changed(province: Dondoc) -> None:
    known(ONE)
    province(*ADD)
    assert "chưa liên kết kênh nào" in province("people", "channels", "1").err
    for bot in ("telegram:7", "zalo:1"):
        link(code_of(province("people", "invite", "1")), bot)
    told = province("people", "channels", "Nguyễn Văn Mẫu")
    assert re.fullmatch(
        r"Nguyễn Văn Mẫu \(mã 1\) được nhắn lần lượt qua:\n"
        r"1\. Telegram \(telegram:7\), nhắn lần cuối [^\n]+\n2\. Zalo \(Đôn Đốc 1\), nhắn lần cuối [^\n]+\n",
        told.out,
    )
    assert province("people", "channels", "1", "--first", "zalo").out.splitlines()[1].startswith("1. Zalo")
    assert province("people", "channels", "1", "--first", "2").out.splitlines()[1].startswith("1. Telegram")
    wrong = province("people", "channels", "1", "--first", "fax")
    assert wrong.err == "Không có kênh “fax” trong các kênh đã liên kết: telegram, zalo.\n"
