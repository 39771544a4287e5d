"""October and November 2024 by chat alone: a coordinator, five offices and a leader, on the demo and on Telegram.

Two real plans, the real directory of a province, and seven weeks lived through day by day. Everybody answers the way
people chat; whatever is counted anywhere must be what is listed, on every day that is looked at.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from models.clock import civil_day
from models.database import Database
from reminders.channel import Button
from tests.fakes import papers
from tests.fakes.carriers import PEOPLE, Carrier, demo_carrier, telegram_carrier

CARRIERS = {"demo": demo_carrier, "telegram": telegram_carrier}
LONGEST, BUTTON_BYTES = 4096, 64
MOST_BUTTONS = 4

_FOUR = re.compile(r"Tổng (\d+): xong đúng hạn (\d+) · xong quá hạn (\d+) · trong hạn (\d+) · (?:🔴 )?quá hạn (\d+)")
_ROWS = re.compile(r"^  (?P<unit>[^:]+): (?P<numbers>.+?) · trễ", re.MULTILINE)
_LATE_OF_A_PLAN = re.compile(r"^(?P<plan>(?:KH|CV) \S+) · (?P<late>\d+) việc", re.MULTILINE)
_LINE_OF_FIGURES = re.compile(
    r"^  (?P<name>.+?): (?:\d+% \(\d+/\d+\)|chưa có số liệu)(?P<rest>.*) · tổng (?P<total>\d+)$", re.MULTILINE
)


@dataclass
class Autumn:
    """The carrier, and the database the command line looks at."""

    carrier: Carrier
    url: str

    async def until(self, day: int, month: int) -> None:
        await self.carrier.until(date(2024, month, day))

    async def says(self, who: str, text: str) -> str:
        return await self.carrier.says(who, text)

    async def hears(self, who: str, text: str, *expected: str) -> str:
        """Say it, and read all of this in the answer."""
        answer = await self.says(who, text)
        for words in expected:
            assert words in answer, f"{who}: {text}\n{answer}"
        return answer

    def last(self, who: str) -> str:
        return self.carrier.heard(who)[-1]

    async def every_page(self, who: str, command: str) -> list[str]:
        """A list to its end, by its button."""
        pages = [await self.says(who, command)]
        while pages and any(key.label == "Trang sau" for key in self._under(who, pages[-1])):
            pages.append(await self.carrier.taps(who, "Trang sau"))
            assert len(pages) < 60
        return pages

    def _under(self, who: str, text: str) -> list[Button]:
        """The buttons of the newest message, if it is this one."""
        return self.carrier.keys(who)[-1] if self.last(who) == text else []

    async def figures_agree(self) -> tuple[int, ...]:
        """The four figures, said everywhere alike, with exactly their rows behind each; returns them."""
        pages = await self.every_page("coordinator", "/overdue")
        (four,) = {_four(page) for page in pages}
        total, on_time, done_late, in_time, late = four
        assert total == on_time + done_late + in_time + late
        if late:
            assert sum(_counted(row["numbers"]) for page in pages for row in _ROWS.finditer(page)) == late
            by_plan = {row["plan"]: int(row["late"]) for page in pages for row in _LATE_OF_A_PLAN.finditer(page)}
            assert sum(by_plan.values()) == late
        for command in ("tonghop", "tonghop don vi"):
            summary = await self.every_page("coordinator", command)
            assert {_four(page) for page in summary} == {four}
            lines = [row for page in summary for row in _LINE_OF_FIGURES.finditer(page)]
            assert sum(int(row["total"]) for row in lines) == total
            assert sum(_late_in(row["rest"]) for row in lines) == late
        told = await self.on_the_command_line()
        names = ("done_on_time", "done_late", "open_in_time", "open_late")
        assert tuple(told["counts"][name] for name in names) == four[1:]
        assert len(told["rows"]) == late
        assert _four(await self.says("leader", "tonghop")) == four
        return four

    async def on_the_command_line(self) -> dict:
        """`dondoc overdue --as-of <today> --json` on the same database, in a loop of its own."""
        words = ["overdue", "--as-of", civil_day(self.carrier.now()).isoformat(), "--json"]
        settings = {"DATABASE_URL": self.url}
        result = await asyncio.to_thread(CliRunner().invoke, app, words, env=settings, prog_name="dondoc")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


def _four(text: str) -> tuple[int, ...]:
    found = _FOUR.search(text)
    assert found, text
    return tuple(map(int, found.groups()))


def _counted(numbers: str) -> int:
    many = re.search(r"\((\d+) việc\)", numbers)
    return int(many[1]) if many else len(numbers.split(","))


def _late_in(rest: str) -> int:
    late = re.search(r"quá hạn (\d+)", rest)
    return int(late[1]) if late else 0


@pytest.fixture
async def autumn(carried_by: str, database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Autumn]:
    """Wednesday 23/10/2024, 07:55, the morning after letter 1487 was signed; everybody is linked."""
    async with CARRIERS[carried_by](database, tmp_path / "evidence") as carrier:
        yield Autumn(carrier, database_url)


@pytest.mark.parametrize(
    ("carried_by", "database_url"),
    [
        ("demo", "sqlite"),
        pytest.param("telegram", "sqlite", marks=pytest.mark.prove),
        pytest.param("telegram", "postgresql", marks=pytest.mark.prove),
    ],
    indirect=["database_url"],
)
async def test_seven_weeks_by_chat_alone_and_every_figure_adds_up(autumn):
    await _nudged_and_answering(autumn)
    await _stuck_more_time_and_evidence(autumn)
    await _accepted_and_returned(autumn)
    await _the_first_date_passes(autumn)
    await _silence_climbs(autumn)
    await _to_the_end_of_november(autumn)
    _nothing_was_too_much_for_telegram(autumn)


async def _nudged_and_answering(autumn: Autumn) -> None:
    """23 to 28/10: the letter arrives; offices nod, tell how far they are, take a slip back."""
    await autumn.until(23, 10)
    assert autumn.last("justice").startswith("Sở Tư pháp · thứ Tư 23/10/2024: 5 việc mới được giao\n")
    assert autumn.last("commune").startswith("Việc mới: 39 · Báo cáo kết quả thực hiện KH 146\n")
    assert autumn.carrier.heard("leader") == []
    assert await autumn.figures_agree() == (216, 0, 0, 216, 0)

    await autumn.hears("commune", "dạ em nhận được rồi ạ", "Đã nhận")
    await autumn.hears("office", "14 dang lam 10%", "Đã ghi: 14 · ", "đang làm 10%")
    await autumn.hears("justice", "1 xong rồi, 2 đang làm 60%", "Đã ghi: 1 ·", "Đã ghi: 2 ·")
    await autumn.hears("justice", "hoàn tác", "Đã hoàn tác: 2 ·")
    await autumn.hears("justice", "hoàn tác", "Đã hoàn tác: 1 ·", 'trở lại "chưa phản hồi"')
    await autumn.hears("justice", "xong", "cho việc nào?", "Chưa có gì được ghi")
    await autumn.hears("justice", "thôi", "không ghi gì")

    await autumn.until(25, 10)
    await autumn.until(26, 10)  # the leader's week ends on Friday afternoon
    assert autumn.last("leader").startswith("Tuần đến thứ Sáu 25/10/2024: không có việc quá hạn\n")
    await autumn.until(28, 10)
    assert autumn.last("justice").startswith("Sở Tư pháp · thứ Hai 28/10/2024: 3 việc cần lưu ý\n")


async def _stuck_more_time_and_evidence(autumn: Autumn) -> None:
    """28 to 31/10: a difficulty, a request for time, a file with the answer."""
    await autumn.hears("district", "3 vướng phần mềm một cửa, đề nghị Sở TT&TT hỗ trợ", "Đã báo Sở TT&TT")
    assert autumn.last("coordinator").startswith("Vướng mắc mới: 3 · Giải trình số liệu hồ sơ TTHC chênh")
    await autumn.hears("office", "2 xin lùi đến 8/11 vì chờ số liệu các sở", "xin lùi đến hết thứ Sáu 08/11")
    assert autumn.last("coordinator").startswith("Xin gia hạn: 2 · ")

    await autumn.until(29, 10)
    await autumn.hears("coordinator", "cho lui 2 VP UBND tỉnh 6/11", "đến hết thứ Tư 06/11", "đơn vị xin đến hết")
    assert autumn.last("office").startswith("Được gia hạn: 2 · ")
    await autumn.hears("coordinator", "hết vướng", "UBND huyện Châu Thành A đã hết vướng mắc")
    assert autumn.last("district").startswith("Đầu mối ghi nhận đã gỡ vướng mắc: 3 · ")
    await autumn.hears("district", "39 không phải việc của bên em, thuộc Sở TT&TT", "báo không thuộc")

    await autumn.until(30, 10)
    told = await autumn.carrier.sends("justice", "bao-cao.pdf", papers.PDF, caption="2 xong")
    assert "Đã ghi: 2 · " in told
    assert 'Kèm minh chứng: "bao-cao.pdf" (1 KB).' in told
    await autumn.hears("justice", "1 xong", "đã nộp, chờ Sở TT&TT xác nhận")
    await autumn.hears("justice", "3 xong, báo cáo số 215/BC-STP ngày 30/10/2024", "văn bản số 215/BC-STP")
    await autumn.until(31, 10)
    for number in (1, 2, 3):
        await autumn.hears("district", f"{number} xong rồi ạ", f"Đã ghi: {number} · ")
        await autumn.hears("coordinator", f"{number} xong", f"Đã ghi: {number} · ")


async def _accepted_and_returned(autumn: Autumn) -> None:
    """31/10: the desk: one returned, one moved back to where it belongs, the rest accepted at once."""
    queue = await autumn.says("coordinator", "duyệt")
    assert "Đã nộp, chờ xác nhận: 9\n" in queue
    assert "Báo không thuộc đơn vị mình: 1\n" in queue
    opened = await autumn.hears("coordinator", "minh chung 2 Sở Tư pháp", "1 tệp")
    assert 'Minh chứng 2 · Sở Tư pháp: "bao-cao.pdf" (1 KB)' in opened
    await autumn.hears("coordinator", "tra lai 2 Sở Tư pháp thiếu phụ lục", "Đã trả lại: 2 ·")
    assert autumn.last("justice").startswith("Cần bổ sung: 2 · ")
    await autumn.hears("coordinator", "giu 39 UBND huyện Châu Thành A", "Đã giữ nguyên: 39 ·")
    await autumn.hears("coordinator", "duyet tat ca", "Sẽ xác nhận hoàn thành 8 việc", "Chưa ghi gì")
    await autumn.carrier.taps("coordinator", "Đồng ý duyệt 8")
    assert autumn.last("coordinator").startswith("Đã xác nhận hoàn thành 8 việc: số 1, 2, 3.")
    await autumn.hears("justice", "2 xong, báo cáo số 216/BC-STP", "Đã ghi: 2 · ")
    assert await autumn.figures_agree() == (216, 9, 0, 207, 0)


async def _the_first_date_passes(autumn: Autumn) -> None:
    """01 to 06/11: the silent are late, a refused request, an explanation after the date, a late report."""
    await autumn.until(1, 11)
    this_morning = autumn.carrier.heard("office")[-2:]
    assert this_morning[0].startswith("VP UBND tỉnh · thứ Sáu 01/11/2024: 2 việc vừa quá hạn\n")
    total, on_time, done_late, _, late = await autumn.figures_agree()
    assert (total, on_time, done_late) == (217, 9, 0)  # a new month: the figures of the indicators are owed again
    assert f"🔴 {late} quá hạn (hôm trước 0)" in autumn.carrier.heard("coordinator")[-1 - _words_since(autumn)]

    await autumn.until(4, 11)
    await autumn.hears("commune", "39 xin lùi đến 8/11 vì mưa lũ", "đến khi đó thời hạn vẫn là trước 05/11")
    await autumn.hears(
        "coordinator", "khong cho lui 39 Xã Vị Tân vì số liệu phải đủ trước ngày 05", "Không cho lùi: 39"
    )
    assert "Lời xin gia hạn chưa được chấp thuận" in autumn.last("commune")
    await autumn.hears("justice", "39 xong", "Đã ghi: 39 · ")
    await autumn.hears("district", "39 xong", "Đã ghi: 39 · ")
    await autumn.hears("office", "39 xong", "Đã ghi: 39 · ")

    await autumn.until(5, 11)
    assert autumn.last("commune").startswith("🔴 Trễ 1 ngày làm việc: 39 · ")
    await autumn.hears("commune", "39 xin lùi đến 8/11 vì cầu hỏng", "Đã ghi lời giải trình: 39 ·")
    await autumn.hears("coordinator", "xuat", "Danh sách quá hạn: ")
    await autumn.until(6, 11)
    late_report = await autumn.carrier.sends("commune", "anh.jpg", papers.JPEG, caption="39 xong rồi ạ")
    assert "sau hạn 2 ngày" in late_report
    await autumn.hears("office", "2 xong, báo cáo số 88/BC-VP", "Đã ghi: 2 · ")
    await autumn.hears("coordinator", "39 xong", "Đã ghi: 39 · ")
    for command in ("duyet 39 tat ca", "duyet 2 tat ca"):
        await autumn.hears("coordinator", command, "Đã xác nhận hoàn thành: ")
    figures = await autumn.figures_agree()
    assert figures[:3] == (217, 13, 2)
    summary = await autumn.says("coordinator", "tonghop VP UBND tỉnh")
    assert "Nếu không tính gia hạn: xong đúng hạn 1 · xong quá hạn 1" in summary


def _words_since(autumn: Autumn) -> int:
    """How many answers the coordinator has read since this morning's overview."""
    heard = autumn.carrier.heard("coordinator")
    morning = max(place for place, text in enumerate(heard) if text.startswith("Đầu mối Sở TT&TT · "))
    return len(heard) - 1 - morning


async def _silence_climbs(autumn: Autumn) -> None:
    """07 to 15/11: one office says nothing about two pieces of work until the leader has read of it."""
    await autumn.until(7, 11)
    assert autumn.last("leader").startswith("🔴 ")
    assert "  VP UBND tỉnh: 1, 3" in autumn.last("leader")
    assert "Sở Tư pháp" not in autumn.last("leader")
    await autumn.hears("office", "1 đang làm 80%, mai em gửi", "hẹn nộp ngày mai, 08/11")
    await autumn.hears("office", "3 xong", "sau hạn 7 ngày")

    # The promise passes unkept: from the promised day on the silence climbs again, to the leader on the 15th.
    await autumn.until(8, 11)
    for who, numbers in (("justice", (5,)), ("district", (5,)), ("office", (5, 12)), ("coordinator", (5, 6, 7, 8))):
        for number in numbers:
            await autumn.hears(who, f"{number} xong", f"Đã ghi: {number} · ")
    await autumn.until(14, 11)
    before = len(autumn.carrier.heard("leader"))
    await autumn.until(15, 11)
    silences = [text for text in autumn.carrier.heard("leader")[before:] if "chưa có phản hồi sau hạn" in text]
    assert any("VP UBND tỉnh: 1 · " in text for text in silences)
    await autumn.hears("office", "1 xong", "Đã ghi: 1 · ")
    await autumn.figures_agree()


async def _to_the_end_of_november(autumn: Autumn) -> None:
    """15 to 30/11: reports of the whole province, standing work, all that is left handed in and accepted."""
    await autumn.hears("coordinator", "13 xong, báo cáo số 300/BC-STTTT", "Đã ghi: 13 · ")
    await autumn.until(19, 11)
    await autumn.hears("office", "14 xong", "Đã ghi: 14 · ")
    await autumn.until(20, 11)
    asked = autumn.last("justice")
    assert "Việc thường xuyên: xin cho biết tình hình tháng này" in asked
    for number in re.findall(r"^(\d+) · ", asked, re.MULTILINE):
        await autumn.hears("justice", f"{number} không có gì mới", f"Đã ghi: {number} · ", "không có gì mới")
    assert "Thường xuyên tháng 11/2024: đã cập nhật 2/2 việc" in await autumn.says("coordinator", "tonghop Sở Tư pháp")
    await autumn.until(28, 11)
    for number in (9, 10, 11, 38, 41):  # 41: the same duty as 38, for November
        await autumn.hears("coordinator", f"{number} xong", f"Đã ghi: {number} · ")
    waiting = re.search(r"Đã nộp, chờ xác nhận: (\d+)", await autumn.says("coordinator", "duyệt"))[1]
    await autumn.hears("coordinator", "duyet tat ca", f"Sẽ xác nhận hoàn thành {waiting} việc")
    await autumn.carrier.taps("coordinator", f"Đồng ý duyệt {waiting}")
    await autumn.hears("coordinator", "duyệt", "Không có việc nào chờ Anh/Chị quyết định")

    await autumn.until(30, 11)
    for who in ("justice", "district", "commune", "office"):
        await autumn.hears(who, "quahan", "Không có việc nào quá hạn")
    total, on_time, done_late, in_time, late = await autumn.figures_agree()
    assert (total, on_time, done_late, in_time + late) == (217, 23, 9, 185)


def _nothing_was_too_much_for_telegram(autumn: Autumn) -> None:
    """Telegram's own limits, whatever carried it: length, bytes of a button; and what an eye takes in at once."""
    for who in PEOPLE:
        assert max(len(text.encode("utf-16-le")) // 2 for text in autumn.carrier.heard(who)) <= LONGEST
        for keys in autumn.carrier.keys(who):
            assert len(keys) <= MOST_BUTTONS
            assert all(0 < len(key.command.encode()) <= BUTTON_BYTES for key in keys)
