"""The demo page's HTTP: the chats as they stand, what a person says or taps, and a clock that only goes forward."""

import asyncio
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from bot.evidence_kinds import picture_type
from bot.local.channel import LocalChannel, LocalMessage
from bot.local.guard import FileRoute, GuardedRoute, Refusal
from models.clock import CIVIL_ZONE, at_civil, civil_day
from reminders.channel import OutgoingFile
from reminders.wording import clean

TEXT_LIMIT = 4000
NAME_LIMIT = 300
LONG_POLL = timedelta(seconds=20)
MORNING = time(8)
"""Where "đến ngày…" arrives: the start of the working morning."""
FARTHEST = timedelta(days=366)
"""One step of the clock: the engine lives through every morning in between."""

_PAGE = Path(__file__).parent / "page"
_PAGE_FILES = {
    "/": ("index.html", "text/html"),
    "/style.css": ("style.css", "text/css"),
    "/app.js": ("app.js", "text/javascript"),
    "/calendar.js": ("calendar.js", "text/javascript"),
    "/chat.js": ("chat.js", "text/javascript"),
    "/clock.js": ("clock.js", "text/javascript"),
    "/server.js": ("server.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class DemoChat:
    """Một khung trò chuyện: `title` names the unit, `subtitle` who holds the phone, `role` chooses the chips."""

    id: str
    title: str
    subtitle: str
    role: Literal["coordinator", "unit_head", "leader"]


class DemoEngine(Protocol):
    """What the page needs of the engine. The router records the person's words; the engine only answers them."""

    def now(self) -> datetime: ...

    def chats(self) -> Sequence[DemoChat]: ...

    def day_note(self, day: date) -> str | None:
        """Why nobody works that day ("Chủ nhật", "Quốc khánh"); None on a working day."""
        ...

    async def say(self, chat: str, text: str, *, reply_to: str | None) -> None: ...

    async def tap(self, chat: str, ref: str, command: str) -> None: ...

    async def attach(self, chat: str, name: str, content: bytes, *, caption: str) -> None: ...

    async def advance(self, by: timedelta) -> None: ...

    async def advance_to(self, instant: datetime) -> None: ...

    async def next_reminder_at(self) -> datetime | None: ...


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Said(_Body):
    text: str
    reply_to: str | None = None


class _Tapped(_Body):
    ref: str
    command: str


class _Step(_Body):
    by: Literal["hour", "day"] | None = None
    to: str | None = None


def demo_router(engine: DemoEngine, channel: LocalChannel, *, long_poll: timedelta = LONG_POLL) -> APIRouter:
    """The page and its API. Bind the server to localhost; call `channel.close()` before waiting for it to stop."""
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
    clock = _ClockDesk(engine, channel)
    for path, (name, media_type) in _PAGE_FILES.items():
        router.add_api_route(path, _page_file(name, media_type), methods=["GET"])

    @router.get("/healthz")
    async def health() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get("/api/state")
    async def state(since: Annotated[int | None, Query(ge=0)] = None) -> Response:
        if since is None or since > channel.version:  # a first look, or a page that outlived a restart
            since = 0
        else:
            await channel.wait_for_change(since, at_most=long_poll)
        return JSONResponse(_state(engine, channel, since=since))

    @router.post("/api/chats/{chat}/messages")
    async def say(chat: str, said: _Said) -> Response:
        chat = _known_chat(engine, chat)
        text = _clean_text(said.text)
        reply_to = said.reply_to and _known_message(channel, chat, said.reply_to).ref
        channel.record_person(chat, text, reply_to or None)
        await engine.say(chat, text, reply_to=reply_to or None)
        return JSONResponse({"version": channel.version})

    @router.post("/api/chats/{chat}/taps")
    async def tap(chat: str, tapped: _Tapped) -> Response:
        chat = _known_chat(engine, chat)
        label = _label_of(_known_message(channel, chat, tapped.ref), tapped.command)
        channel.record_person(chat, label, tapped.ref, is_tap=True)
        await engine.tap(chat, tapped.ref, tapped.command)
        return JSONResponse({"version": channel.version})

    async def attach(
        chat: str,
        request: Request,
        name: Annotated[str, Query(max_length=NAME_LIMIT)],
        caption: Annotated[str, Query()] = "",
    ) -> Response:
        chat = _known_chat(engine, chat)
        words = _clean_text(caption) if caption.strip() else ""
        content = await request.body()
        kind = picture_type(content)
        shown = OutgoingFile(clean(name) or "tệp", kind or "application/octet-stream", content, is_photo=bool(kind))
        channel.record_person(chat, words, file=shown)
        await engine.attach(chat, name, content, caption=words)
        return JSONResponse({"version": channel.version})

    router.add_api_route("/api/chats/{chat}/files", attach, methods=["POST"], route_class_override=FileRoute)

    @router.get("/api/files/{ref}")
    async def file(ref: str) -> Response:
        return _download(channel.file(ref))

    @router.post("/api/clock")
    async def step(step: _Step) -> Response:
        before = channel.version
        await clock.step(step)
        arrived = Counter(message.chat for message in channel.messages(since=before) if message.is_from_bot)
        return JSONResponse({"now": _civil(engine.now()), "version": channel.version, "arrived": arrived})

    return router


class _ClockDesk:
    """One step at a time, never backwards, each answered by where the clock stands now."""

    def __init__(self, engine: DemoEngine, channel: LocalChannel) -> None:
        self._engine = engine
        self._channel = channel
        self._turn = asyncio.Lock()

    async def step(self, step: _Step) -> None:
        if self._turn.locked():
            raise Refusal(409, "Đồng hồ đang chạy đến thời điểm trước đó. Xin đợi trong giây lát.")
        async with self._turn:
            try:
                await self._move(step)
            finally:
                self._channel.touch()

    async def _move(self, step: _Step) -> None:
        match step:
            case _Step(by="hour", to=None):
                await self._engine.advance(timedelta(hours=1))
            case _Step(by="day", to=None):
                await self._engine.advance(timedelta(days=1))
            case _Step(by=None, to=str(to)):
                await self._engine.advance_to(await self._instant(to))
            case _:
                raise Refusal(422, "Đề nghị chọn một bước: thêm giờ, thêm ngày, lần nhắc tiếp theo hoặc một ngày.")

    async def _instant(self, to: str) -> datetime:
        if to == "next":
            return await self._next_reminder()
        now = self._engine.now()
        instant = at_civil(_day(to), MORNING)
        if instant <= now:
            raise Refusal(422, f"Đồng hồ chỉ đi tới: bây giờ đã là {_spoken(now)}. Đề nghị chọn một ngày sau đó.")
        if instant - now > FARTHEST:
            raise Refusal(422, f"Mỗi lần chỉ đi tối đa {FARTHEST.days} ngày. Đề nghị chọn một ngày gần hơn.")
        return instant

    async def _next_reminder(self) -> datetime:
        instant = await self._engine.next_reminder_at()
        if instant is None:
            raise Refusal(409, "Không còn lần nhắc nào phía trước: mọi việc đã xong hoặc chưa đến kỳ.")
        return instant


def _page_file(name: str, media_type: str) -> Any:
    content = (_PAGE / name).read_bytes()

    async def page_file() -> Response:
        return Response(content, media_type=media_type)

    return page_file


def _state(engine: DemoEngine, channel: LocalChannel, *, since: int) -> dict[str, Any]:
    now = engine.now()
    return {
        "run": channel.run,
        "version": channel.version,
        "now": _civil(now),
        "day_note": engine.day_note(civil_day(now)),
        "chats": [
            {"id": chat.id, "title": chat.title, "subtitle": chat.subtitle, "role": chat.role}
            for chat in engine.chats()
        ],
        "messages": [_message(message) for message in channel.messages(since=since)],
    }


def _message(message: LocalMessage) -> dict[str, Any]:
    return {
        "ref": message.ref,
        "version": message.version,
        "chat": message.chat,
        "is_from_bot": message.is_from_bot,
        "is_tap": message.is_tap,
        "text": message.text,
        "buttons": [[{"label": button.label, "command": button.command} for button in row] for row in message.buttons],
        "at": _civil(message.at),
        "reply_to": message.reply_to,
        "file": message.file and asdict(message.file),
    }


def _download(file: OutgoingFile | None) -> Response:
    """To be saved, or shown as a picture within our page; opened by itself it may run and load nothing."""
    if file is None:
        raise Refusal(404, "Tệp này không còn trên trang dùng thử. Đề nghị tải lại trang.")
    return Response(
        file.content,
        media_type=file.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _civil(instant: datetime) -> str:
    """The Vietnamese wall clock with its offset, so that the page never asks the browser for its own zone."""
    return instant.astimezone(CIVIL_ZONE).isoformat(timespec="seconds")


def _spoken(instant: datetime) -> str:
    wall = instant.astimezone(CIVIL_ZONE)
    return f"{wall:%H:%M} {_WEEKDAYS[wall.weekday()]} {wall:%d/%m/%Y}"


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refusal(422, "Chưa đọc được ngày này. Đề nghị chọn lại ngày, ví dụ 04/11/2024.") from None


def _known_chat(engine: DemoEngine, chat: str) -> str:
    if not any(known.id == chat for known in engine.chats()):
        raise Refusal(404, "Không có khung trò chuyện này. Đề nghị tải lại trang.")
    return chat


def _known_message(channel: LocalChannel, chat: str, ref: str) -> LocalMessage:
    message = channel.find(chat, ref)
    if message is None:
        raise Refusal(422, "Tin nhắn này không còn trong khung trò chuyện. Đề nghị tải lại trang.")
    return message


def _label_of(message: LocalMessage, command: str) -> str:
    for row in message.buttons:
        for button in row:
            if button.command == command:
                return button.label
    raise Refusal(422, "Nút này không có trong tin nhắn. Đề nghị tải lại trang hoặc gõ câu trả lời.")


def _clean_text(text: str) -> str:
    cleaned = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\N{NO-BREAK SPACE}", " ").strip()
    if not cleaned:
        raise Refusal(422, 'Tin nhắn còn trống. Đề nghị gõ nội dung, ví dụ "viec".')
    if len(cleaned) > TEXT_LIMIT:
        raise Refusal(422, "Tin nhắn dài quá 4.000 ký tự. Đề nghị chia thành nhiều tin.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in cleaned):
        raise Refusal(422, "Tin nhắn có ký tự không đọc được. Đề nghị gõ lại.")
    return cleaned
