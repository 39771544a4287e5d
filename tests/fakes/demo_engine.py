"""A scripted demo engine: the page can be opened and tested before, or without, the real one.

`python -m tests.fakes.demo_engine --port 8099` opens it on this machine.
"""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from types import FrameType

import uvicorn
from fastapi import FastAPI

from bot.local.channel import LocalChannel
from bot.local.routes import DemoChat, demo_router
from models.clock import SteppedClock, at_civil, civil_time
from models.errors import UnknownError
from reminders.channel import Button, Message

COORDINATOR = "dau-moi"
JUSTICE = "so-tu-phap"
DISTRICT = "huyen-chau-thanh-a"
COMMUNE = "xa-vi-tan"
CHATS = (
    DemoChat(COORDINATOR, "Đầu mối Sở TT&TT", "Chuyên viên đôn đốc", "coordinator"),
    DemoChat(JUSTICE, "Sở Tư pháp", "Giám đốc Sở", "unit_head"),
    DemoChat(DISTRICT, "Huyện Châu Thành A", "Chủ tịch UBND huyện", "unit_head"),
    DemoChat(COMMUNE, "UBND xã Vị Tân", "Chủ tịch UBND xã", "unit_head"),
)
START = at_civil(date(2024, 10, 23), time(7, 55))
WEEKEND = {5: "thứ Bảy", 6: "Chủ nhật"}


def _keys(number: int) -> tuple[tuple[Button, ...], ...]:
    return (
        (Button("Đã xong", f"xong {number}"), Button("Đang làm", f"đang làm {number}")),
        (Button("Vướng mắc", f"vướng {number}"), Button("Xin gia hạn", f"xin gia hạn {number}")),
    )


DIGEST = """Sở Tư pháp · thứ Tư 23/10/2024: 3 việc cần lưu ý

🟡 Còn 3 ngày làm việc
12 · Rà soát, gửi báo cáo chấn chỉnh các hồ sơ giải quyết quá hạn
     CV 1487, mục 1 · trước 26/10 (hết thứ Sáu 25/10)
13 · Giải trình số liệu hồ sơ quý III còn lệch giữa hai hệ thống
     CV 1487, mục 1 · trước 26/10 (hết thứ Sáu 25/10)

⚪ Còn thời gian
15 · Báo cáo kết quả thực hiện KH 146 năm 2024 · trước 05/11 (hết thứ Hai 04/11)

Trả lời ngay tại đây, ví dụ: "12 xong", "13 đang làm 60%", "15 xin lùi đến 8/11 vì chờ số liệu"."""

COORDINATOR_MORNING = """Đầu mối Sở TT&TT · thứ Tư 23/10/2024
Không có việc quá hạn · 🟡 14 đến hạn trong tuần
Chờ Anh/Chị: 1 xác nhận hoàn thành · 0 xin gia hạn · 0 vướng mắc mới
Chưa phản hồi lần nào: 5 đơn vị"""

NEW_TASK = """Việc mới: 12 · Khắc phục hồ sơ trễ hạn tại bộ phận một cửa, gửi báo cáo trước 26/10 (hết thứ Sáu 25/10)
CV 1487, mục 2 · đơn vị chủ trì: UBND huyện Châu Thành A
Trả lời ngay tại đây, ví dụ: "12 xong" hoặc "12 đang làm 40%"."""

LAST_DAY = """🟡 Hôm nay là ngày cuối: 12 · Rà soát, gửi báo cáo chấn chỉnh các hồ sơ giải quyết quá hạn
CV 1487, mục 1 · trước 26/10 (hết hôm nay, 25/10)
Lần phản hồi gần nhất: đang làm 60% (23/10)."""

COMMUNE_TASK = """UBND xã Vị Tân · thứ Hai 04/11/2024: 1 việc cần lưu ý

🔴 Quá hạn 1 ngày làm việc
21 · Niêm yết danh mục dịch vụ công trực tuyến toàn trình tại nhà văn hoá các ấp và gửi ảnh minh chứng
     KH 146, mục IV.2 · chậm nhất 01/11 (hết thứ Sáu 01/11) · chưa phản hồi"""

OVERDUE = """Quá hạn tính đến 08:00 ngày 06/11/2024
Tổng 144: xong đúng hạn 41 · xong quá hạn 6 · trong hạn 88 · 🔴 quá hạn 9

CV 1487/UBND-NC · 6 việc
  Sở Xây dựng: 12, 13 · trễ 4 ngày làm việc · chưa phản hồi
  Huyện Châu Thành A: 12 · trễ 4 · "vướng phần mềm một cửa, đang chờ nhà cung cấp" (01/11)
  còn 3 đơn vị: gõ "quá hạn 1487"

KH 146/KH-UBND · 3 việc
  UBND xã Vị Tân: 21 · trễ 2 ngày làm việc · chưa phản hồi
Chưa ai liên kết: UBND xã Vị Thắng, UBND xã Vĩnh Viễn A"""

OVERDUE_KEYS = (
    (Button("Nhắc tất cả 9 việc", "nhắc tất cả"),),
    (Button("Theo đơn vị", "quá hạn theo đơn vị"), Button("Chưa phản hồi: 5", "quá hạn chưa phản hồi")),
)
HELP = """Gõ như nhắn tin bình thường:
"viec" xem việc của đơn vị
"12 xong" báo việc số 12 đã xong
"12 đang làm 60%" báo tiến độ
"12 vướng phần mềm" báo vướng mắc
"12 xin lùi đến 8/11 vì chờ số liệu" xin gia hạn
"hoàn tác" rút lại câu vừa gửi, trong 10 phút"""
UNSURE = """Anh/Chị trả lời cho việc nào?
1. 12 · Rà soát, gửi báo cáo chấn chỉnh…
2. 15 · Báo cáo kết quả thực hiện KH 146…
3. Cả hai
4. Việc khác"""
UNSURE_KEYS = ((Button("1", "1"), Button("2", "2"), Button("3", "3"), Button("4", "4")),)

SCRIPT = (
    (at_civil(date(2024, 10, 23), time(8)), JUSTICE, Message(DIGEST)),
    (at_civil(date(2024, 10, 23), time(8)), COORDINATOR, Message(COORDINATOR_MORNING)),
    (at_civil(date(2024, 10, 24), time(8)), DISTRICT, Message(NEW_TASK, _keys(12))),
    (at_civil(date(2024, 10, 25), time(8)), JUSTICE, Message(LAST_DAY, _keys(12))),
    (at_civil(date(2024, 10, 25), time(8)), DISTRICT, Message(LAST_DAY, _keys(12))),
    (at_civil(date(2024, 11, 4), time(8)), COMMUNE, Message(COMMUNE_TASK, _keys(21))),
    (at_civil(date(2024, 11, 6), time(8)), COORDINATOR, Message(OVERDUE, OVERDUE_KEYS)),
)

ANSWERS = {
    "viec": Message(DIGEST),
    "hôm nay": Message(
        "Hôm nay đơn vị không có việc nào đến hạn. Việc gần nhất: 15 · trước 05/11 (hết thứ Hai 04/11)."
    ),
    "trợ giúp": Message(HELP),
    "quá hạn": Message(OVERDUE, OVERDUE_KEYS),
    "hoàn tác": Message("Đã rút lại câu trả lời gần nhất."),
}


class ScriptedEngine:
    """Answers from a table and reminds from a list. `refused`: a text the engine cannot use; `said`: what it heard."""

    refused = "không dùng được"

    def __init__(self, *, pace: timedelta = timedelta(0)) -> None:
        self.clock = SteppedClock(START)
        self.channel = LocalChannel([chat.id for chat in CHATS], clock=self.clock)
        self.said: list[tuple[str, str, str | None]] = []
        self._pending = list(SCRIPT)
        self._pace = pace.total_seconds()

    def now(self) -> datetime:
        return self.clock()

    def chats(self) -> Sequence[DemoChat]:
        return CHATS

    def day_note(self, day: date) -> str | None:
        return WEEKEND.get(day.weekday())

    async def say(self, chat: str, text: str, *, reply_to: str | None) -> None:
        self.said.append((chat, text, reply_to))
        if text == self.refused:
            raise UnknownError("assignment", text)
        await self.channel.send(chat, self._answer(text))

    async def tap(self, chat: str, ref: str, command: str) -> None:
        self.said.append((chat, command, ref))
        await self.channel.send(chat, self._answer(command))

    async def attach(self, chat: str, name: str, content: bytes, *, caption: str) -> None:
        self.said.append((chat, caption, f"{name}: {len(content)}"))
        await self.channel.send(chat, Message(f'Đã nhận minh chứng cho 12: "{name}".'))

    async def advance(self, by: timedelta) -> None:
        await self.advance_to(self.now() + by)

    async def advance_to(self, instant: datetime) -> None:
        await asyncio.sleep(self._pace)
        while self._pending and self._pending[0][0] <= instant:
            due_at, chat, message = self._pending.pop(0)
            self.clock.move_to(due_at)
            await self.channel.send(chat, message)
        self.clock.move_to(instant)

    async def next_reminder_at(self) -> datetime | None:
        return self._pending[0][0] if self._pending else None

    def _answer(self, text: str) -> Message:
        known = ANSWERS.get(text.lower())
        if known:
            return known
        if text[:1].isdigit() or text.startswith(("xong", "đang", "vướng", "xin")):
            at = civil_time(self.now())
            return Message(f'Đã ghi lúc {at:%H:%M}: {text}. Gõ "hoàn tác" trong 10 phút nếu chưa đúng.')
        return Message(UNSURE, UNSURE_KEYS)


def demo_app(engine: ScriptedEngine, *, long_poll: timedelta = timedelta(seconds=20)) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.include_router(demo_router(engine, engine.channel, long_poll=long_poll))
    return app


class _Server(uvicorn.Server):
    """Lets the waiting pages go first: otherwise stopping takes as long as a long poll."""

    def __init__(self, config: uvicorn.Config, channel: LocalChannel) -> None:
        super().__init__(config)
        self._channel = channel

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._channel.close()
        super().handle_exit(sig, frame)


def main() -> None:
    options = argparse.ArgumentParser(description="The demo page over a scripted engine.")
    options.add_argument("--port", type=int, default=8099)
    options.add_argument("--pace", type=float, default=0.4, help="seconds one step of the clock takes")
    given = options.parse_args()
    engine = ScriptedEngine(pace=timedelta(seconds=given.pace))
    config = uvicorn.Config(demo_app(engine), host="127.0.0.1", port=given.port, log_level="warning")
    _Server(config, engine.channel).run()


if __name__ == "__main__":
    main()
