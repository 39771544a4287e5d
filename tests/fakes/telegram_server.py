"""A strict Bot API over HTTP on this machine: it refuses what Telegram refuses and loses what Telegram loses.

In a test: `async with FakeTelegram() as telegram: ... telegram.url, telegram.token`. As a process of its own, for
clients that are killed: `python -m tests.fakes.telegram_server --port 8081 --log transcript.jsonl`.

Known to differ: MarkdownV2 is refused, a webhook's HTTP answer is not executed as a method, a webhook on
127.0.0.1 may be plain HTTP, and a second conflict within three seconds is answered at once.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import socket
import struct
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from models.clock import Clock, system_clock
from tests.fakes.telegram_faults import Fault, FaultKind, take_fault
from tests.fakes.telegram_limits import Limits
from tests.fakes.telegram_methods import METHODS, ApiError, Arguments, no_such_method
from tests.fakes.telegram_world import Call, StoredFile, World

TOKEN = "7001:AAFake-token_of_the_strict_Bot_API-01"
UPLOAD_LIMIT = 50 * 1024 * 1024
DEFAULT_LIMITS = Limits()
"""Stands for fresh buckets of Telegram's own sizes; never counted on itself."""
_HOST = "127.0.0.1"


@dataclass
class Webhook:
    url: str
    secret: str | None
    last_error: str | None = None


class FakeTelegram(World):
    """One bot's Telegram, listening. The acts of people and the transcript are in `World`.

    It counts messages as strictly as Telegram does unless `limits=None`.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        clock: Clock = system_clock,
        limits: Limits | None = DEFAULT_LIMITS,
        callback_lifetime: timedelta = timedelta(seconds=15),
        first_update_id: int = 700_000_001,
        reads_all_group_messages: bool = False,
        upload_limit: int = UPLOAD_LIMIT,
        webhook_retry: timedelta = timedelta(seconds=0.05),
        port: int = 0,
        log: Path | None = None,
    ) -> None:
        super().__init__(
            token=token,
            clock=clock,
            limits=Limits() if limits is DEFAULT_LIMITS else limits,
            callback_lifetime=callback_lifetime,
            first_update_id=first_update_id,
            reads_all_group_messages=reads_all_group_messages,
            log=log,
        )
        self.faults: list[Fault] = []
        self.webhook: Webhook | None = None
        self.long_poll: asyncio.Future[None] | None = None
        self.is_logged_out = False
        self.port = port
        self._upload_limit = upload_limit
        self._webhook_retry = webhook_retry
        self._pusher: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=self._upload_limit + 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        app.router.add_get("/control/transcript", self._control_transcript)
        app.router.add_post("/control/{act}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.comes_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.point_webhook_to(None, None)
        if self.long_poll is not None and not self.long_poll.done():
            self.long_poll.set_exception(ApiError(500, "Internal Server Error: restart"))
        if self._runner is not None:
            await self._runner.cleanup()
        self.close_log()

    async def goes_dark(self) -> None:
        """Nobody listens: new connections are refused, open ones are cut."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        server = self._runner.server if self._runner else None
        for connection in server.connections if server else ():
            connection.force_close()
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0.02)  # until the other end has seen it too

    async def comes_back(self) -> None:
        """Listens again, on the same port."""
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, _HOST, self.port, reuse_address=True)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    def fail(
        self,
        kind: FaultKind,
        *,
        method: str | None = "sendMessage",
        chat_id: int | None = None,
        times: int = 1,
        seconds: float = 0.0,
        status: int = 500,
        retry_after: int = 1,
    ) -> Fault:
        """Orders a fault for the next calls of `method` (None: of any); the kinds are in `telegram_faults`."""
        fault = Fault(kind, method, chat_id, times, seconds, status, retry_after)
        self.faults.append(fault)
        return fault

    def point_webhook_to(self, url: str | None, secret: str | None) -> None:
        if self._pusher is not None:
            self._pusher.cancel()
            self._pusher = None
        self.webhook = None
        if url is not None:
            self.webhook = Webhook(url, secret)
            self._pusher = asyncio.create_task(self._push(self.webhook))

    # one request

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        try:
            given = await self._arguments(request)
        except web.HTTPRequestEntityTooLarge:
            return self._error(method, {}, ApiError(413, "Request Entity Too Large"))
        fault = take_fault(self.faults, method, given.values)
        early = await self._before(request, method, given, fault) if fault else None
        if early is not None:
            return early
        answer = await self._answer(request, method, given)
        return await self._after(request, method, given, fault, answer) if fault else answer

    async def _before(
        self, request: web.Request, method: str, given: Arguments, fault: Fault
    ) -> web.StreamResponse | None:
        """The answer of a fault that keeps the call from taking effect."""
        match fault.kind:
            case "drop_before" | "reset_before":
                return self._cut(request, method, given, reset=fault.kind == "reset_before")
            case "status" | "page" | "flood":
                return self._refuse(method, given, fault)
            case "delay_before":
                await asyncio.sleep(fault.seconds)
        return None

    async def _after(
        self, request: web.Request, method: str, given: Arguments, fault: Fault, answer: web.StreamResponse
    ) -> web.StreamResponse:
        """What becomes of the answer once the call has taken effect."""
        match fault.kind:
            case "drop_after" | "reset_after":
                return self._cut(request, method, given, reset=fault.kind == "reset_after")
            case "delay_after":
                await asyncio.sleep(fault.seconds)
            case "garbage":
                return web.Response(text="<html>this is not JSON</html>", content_type="text/html")
        return answer

    async def _answer(self, request: web.Request, method: str, given: Arguments) -> web.Response:
        try:
            self._authorize(request.match_info["token"])
            result = await METHODS.get(method, no_such_method)(self, given)
        except ApiError as error:
            return self._error(method, given.values, error)
        self.record_call(Call(self.clock(), method, given.values, 200))
        return web.json_response({"ok": True, "result": result})

    def _authorize(self, token: str) -> None:
        if not token.partition(":")[0].isdigit():
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")
        if self.is_logged_out:
            raise ApiError(400, "Logged out")

    def _error(self, method: str, values: dict[str, Any], error: ApiError) -> web.Response:
        self.record_call(Call(self.clock(), method, values, error.status, error.description))
        body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
        if error.parameters:
            body["parameters"] = error.parameters
        return web.json_response(body, status=error.status)

    def _refuse(self, method: str, given: Arguments, fault: Fault) -> web.Response:
        if fault.kind == "flood":
            words = f"Too Many Requests: retry after {fault.retry_after}"
            return self._error(method, given.values, ApiError(429, words, retry_after=fault.retry_after))
        if fault.kind == "page":
            self.record_call(Call(self.clock(), method, given.values, fault.status))
            page = f"<html><head><title>{fault.status}</title></head></html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        words = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}
        return self._error(method, given.values, ApiError(fault.status, words.get(fault.status, "Error")))

    def _cut(self, request: web.Request, method: str, given: Arguments, *, reset: bool) -> web.Response:
        self.record_call(Call(self.clock(), method, given.values, None, "connection cut"))
        transport = request.transport
        if transport is not None:
            if reset:
                linger = struct.pack("ii", 1, 0)
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()
        return web.Response()

    async def _arguments(self, request: web.Request) -> Arguments:
        values: dict[str, Any] = dict(request.query)
        files: dict[str, StoredFile] = {}
        if request.content_type == "application/json":
            values |= await request.json()
        elif request.method == "POST":
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    with value.file as body:
                        files[name] = StoredFile(value.filename, body.read(), value.content_type)
                else:
                    values[name] = value
        if any(len(file.content) > self._upload_limit for file in files.values()):
            raise web.HTTPRequestEntityTooLarge(max_size=self._upload_limit, actual_size=self._upload_limit + 1)
        return Arguments(values, files)

    async def _serve_file(self, request: web.Request) -> web.Response:
        stored = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != self.token or stored is None:
            raise web.HTTPNotFound
        return web.Response(body=stored.content, content_type=stored.mime_type)

    # the webhook

    async def _push(self, webhook: Webhook) -> None:
        """One update at a time, in order; an update is repeated until the answer is 2xx."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        async with ClientSession(timeout=ClientTimeout(total=10)) as session:
            while True:
                self.arrived.clear()
                while waiting := self.unexpired():
                    if await self._push_one(session, webhook, waiting[0], headers):
                        self.pending = [kept for kept in self.pending if kept.update is not waiting[0]]
                    else:
                        await asyncio.sleep(self._webhook_retry.total_seconds())
                await self.arrived.wait()

    async def _push_one(
        self, session: ClientSession, webhook: Webhook, update: dict[str, Any], headers: dict[str, str]
    ) -> bool:
        try:
            async with session.post(webhook.url, json=update, headers=headers) as answer:
                await answer.read()
        except (ClientError, TimeoutError) as error:
            webhook.last_error = f"Connection failed: {type(error).__name__}"
            return False
        if not 200 <= answer.status < 300:
            webhook.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
            return False
        webhook.last_error = None
        return True

    # for a test in another process

    async def _control_transcript(self, request: web.Request) -> web.Response:
        taps = {query_id: asdict(tap) for query_id, tap in self.taps.items()}
        known = {
            "transcript": [asdict(message) for message in self.transcript],
            "edits": [asdict(edited) for edited in self.edits],
            "calls": [asdict(call) for call in self.calls],
            "taps": taps,
            "pending_updates": len(self.unexpired()),
        }
        return web.json_response(known, dumps=lambda value: json.dumps(value, default=str))

    async def _control(self, request: web.Request) -> web.Response:
        acts = {
            "say": self.person_says,
            "tap": self.person_taps,
            "edit": self.person_edits,
            "block": self.person_blocks,
            "unblock": self.person_unblocks,
            "delete": self.account_deleted,
            "migrate": self.migrates,
            "person": self.add_person,
            "group": self.add_group,
            "fault": self.fail,
            "jump": self.jump_update_ids,
        }
        try:
            act = acts[request.match_info["act"]]
            result = act(**await request.json())
        except (LookupError, TypeError, ValueError) as error:
            return web.json_response({"ok": False, "description": repr(error)}, status=400)
        plain = result if isinstance(result, dict | str) else None
        return web.json_response({"ok": True, "result": plain})


async def serve(telegram: FakeTelegram) -> None:
    """Until SIGTERM or SIGINT; says on its first line where it listens."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with telegram:
        sys.stdout.write(f"listening on {telegram.url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, default=None, help="JSON lines, each written before its answer")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--no-limits", action="store_true")
    parser.add_argument("--people", type=int, default=0, help="chats 1..N have pressed Start")
    chosen = parser.parse_args()

    async def run() -> None:
        limits = None if chosen.no_limits else Limits()
        telegram = FakeTelegram(token=chosen.token, limits=limits, port=chosen.port, log=chosen.log)
        for chat_id in range(1, chosen.people + 1):
            telegram.add_person(chat_id)
        await serve(telegram)

    asyncio.run(run())


if __name__ == "__main__":
    main()
