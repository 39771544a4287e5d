"""A strict Zalo Bot API over HTTP on this machine: it refuses what Zalo refuses and is as odd as Zalo was seen to be.

In a test: `async with FakeZalo() as zalo: ... zalo.url, zalo.bot.token`. As a process of its own, for clients that are
killed: `python -m tests.fakes.zalo_server --port 8082 --log transcript.jsonl`. One server has any number of bots.

Known to differ, or not known at all: a webhook on 127.0.0.1 may be plain HTTP; whether a push is repeated after an
error is a setting here (`pushes`), for Zalo does not say; what getUpdates answers beside a webhook is a guess (400).
"""

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from models.clock import Clock, system_clock
from tests.fakes.zalo_faults import Fault, FaultKind, take_fault
from tests.fakes.zalo_methods import METHODS, ZaloApiError, no_such_method
from tests.fakes.zalo_world import TOKEN, Call, Shape, Webhook, ZaloWorld

_HOST = "127.0.0.1"
_LONGEST_HOLD = 60.0


class FakeZalo:
    """Zalo, listening. `bot` is the first bot's world; `pushes`: how often an update is tried at a webhook."""

    def __init__(
        self,
        *worlds: ZaloWorld,
        clock: Clock = system_clock,
        pushes: int = 1,
        push_pause: float = 0.02,
        port: int = 0,
        log: Path | None = None,
    ) -> None:
        self.bot = worlds[0] if worlds else ZaloWorld(clock=clock, log=log)
        self.bots = {world.token: world for world in worlds or (self.bot,)}
        self.faults: list[Fault] = []
        self.port = port
        self._pushes, self._push_pause = pushes, push_pause
        self._pushers: dict[str, asyncio.Task[None]] = {}
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/pictures/{key}", self._serve_picture)
        app.router.add_get("/control/transcript", self._control_transcript)
        app.router.add_post("/control/{act}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.comes_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        for bot in self.bots.values():
            self.point_webhook_to(bot, None)
            bot.arrived.set()
        if self._runner is not None:
            await self._runner.cleanup()
        for bot in self.bots.values():
            bot.close_log()

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
        for bot in self.bots.values():
            bot.base_url = self.url

    def fail(
        self,
        kind: FaultKind,
        *,
        method: str | None = "sendMessage",
        chat: str | None = None,
        times: int = 1,
        seconds: float = 0.0,
        code: int | str = 500,
        description: str = "as ordered",
    ) -> Fault:
        """Orders a fault for the next calls of `method` (None: of any); the kinds are in `zalo_faults`."""
        fault = Fault(kind, method, chat, times, seconds, code, description)
        self.faults.append(fault)
        return fault

    def point_webhook_to(self, bot: ZaloWorld, webhook: Webhook | None) -> None:
        if (pusher := self._pushers.pop(bot.token, None)) is not None:
            pusher.cancel()
        bot.webhook = webhook
        if webhook is not None:
            self._pushers[bot.token] = asyncio.create_task(self._push(bot, webhook))
        bot.arrived.set()  # a poll under way sees that its time is over

    # one request

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method, given = request.match_info["method"], await _arguments(request)
        bot = self.bots.get(request.match_info["token"])
        if bot is None or bot.is_revoked:
            recorded = bot or self.bot
            return _refusal(recorded, method, given, ZaloApiError(401, "Unauthorized", status=200))
        fault = take_fault(self.faults, method, given)
        if fault is None:
            return await self._answer(bot, method, given)
        early = await self._before(request, bot, method, given, fault)
        if early is not None:
            return early
        return await self._after(request, bot, method, given, fault, await self._answer(bot, method, given))

    async def _answer(self, bot: ZaloWorld, method: str, given: dict[str, Any]) -> web.Response:
        try:
            if method == "getUpdates":
                body = await self._updates(bot, given)
            else:
                result = await METHODS.get(method, no_such_method)(self, bot, given)
                body = {"ok": True} if result is None else {"ok": True, "result": result}
        except ZaloApiError as error:
            return _refusal(bot, method, given, error)
        bot.record_call(Call(bot.clock(), method, given, 200))
        return web.json_response(body)

    async def _updates(self, bot: ZaloWorld, given: dict[str, Any]) -> Any:
        """Held open as long as asked (a test may shorten it), then 408."""
        hold = bot.idles_for if bot.idles_for is not None else _seconds(given.get("timeout", 30))
        bot.pollers += 1
        bot.most_pollers = max(bot.most_pollers, bot.pollers)
        try:
            async with asyncio.timeout(hold):
                return await self._next_update(bot)
        except TimeoutError:
            raise ZaloApiError(408, "Request timeout") from None
        finally:
            bot.pollers -= 1

    async def _next_update(self, bot: ZaloWorld) -> Any:
        while True:
            if bot.webhook is not None:
                raise ZaloApiError(400, "getUpdates does not work while a webhook is set")
            if self._closing.is_set():
                raise ZaloApiError(503, "restarting")
            if (update := bot.take_update()) is not None:
                return bot.shaped(update)
            bot.arrived.clear()
            await bot.arrived.wait()

    async def _before(
        self, request: web.Request, bot: ZaloWorld, method: str, given: dict[str, Any], fault: Fault
    ) -> web.StreamResponse | None:
        """The answer of a fault that keeps the call from taking effect."""
        match fault.kind:
            case "drop_before":
                return _cut(request, bot, method, given)
            case "status":
                return _refusal(bot, method, given, ZaloApiError(int(fault.code), fault.description))
            case "ok_false":
                return _refusal(bot, method, given, _as_ordered(fault))
            case "page":
                bot.record_call(Call(bot.clock(), method, given, int(fault.code)))
                return web.Response(
                    status=int(fault.code), text="<html><title>x</title></html>", content_type="text/html"
                )
            case "delay_before":
                await asyncio.sleep(fault.seconds)
        return None

    async def _after(
        self,
        request: web.Request,
        bot: ZaloWorld,
        method: str,
        given: dict[str, Any],
        fault: Fault,
        answer: web.StreamResponse,
    ) -> web.StreamResponse:
        """What becomes of the answer once the call has taken effect."""
        match fault.kind:
            case "drop_after":
                return _cut(request, bot, method, given)
            case "delay_after":
                await asyncio.sleep(fault.seconds)
            case "garbage":
                return web.Response(text="<html>this is not JSON</html>", content_type="text/html")
            case "no_field":
                return web.json_response({"ok": True, "result": {}})
            case "ok_false_after":
                return _refusal(bot, method, given, _as_ordered(fault))
        return answer

    async def _serve_picture(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        content = next((bot.pictures[key] for bot in self.bots.values() if key in bot.pictures), None)
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="image/jpeg")

    # the webhook

    async def _push(self, bot: ZaloWorld, webhook: Webhook) -> None:
        """One update at a time, in order; given up after as many tries as were ordered."""
        async with ClientSession(timeout=ClientTimeout(total=10)) as session:
            while True:
                bot.arrived.clear()
                while (update := bot.take_update()) is not None:
                    try:
                        await self._push_one(session, bot, webhook, update)
                    except asyncio.CancelledError:  # the webhook is set anew: what was under way is pushed there
                        bot.pending.insert(0, update)
                        raise
                await bot.arrived.wait()

    async def _push_one(self, session: ClientSession, bot: ZaloWorld, webhook: Webhook, update: dict[str, Any]) -> None:
        headers = {"X-Bot-Api-Secret-Token": webhook.secret}
        for _ in range(self._pushes):
            status = await _pushed(session, webhook, bot.shaped(update), headers)
            webhook.answers.append(status)
            if 200 <= status < 300:
                bot.acknowledged.append(str(update.get("message", {}).get("message_id")))
                return
            await asyncio.sleep(self._push_pause)

    # for a test in another process

    async def _control_transcript(self, _: web.Request) -> web.Response:
        known = {
            bot.bot_key: {
                "transcript": [asdict(each) | {"content": len(each.content)} for each in bot.transcript],
                "calls": [asdict(each) for each in bot.calls],
                "pending_updates": len(bot.pending),
                "acknowledged": bot.acknowledged,
                "used": bot.used,
            }
            for bot in self.bots.values()
        }
        return web.json_response(known, dumps=lambda value: json.dumps(value, default=str))

    async def _control(self, request: web.Request) -> web.Response:
        """`bot`: the key of the bot it happens to; the first one where it is not named."""
        given = await request.json()
        key = given.pop("bot", self.bot.bot_key)
        bot = next(each for each in self.bots.values() if each.bot_key == key)
        acts = {"say": bot.person_says, "person": bot.add_person, "group": bot.add_group, "fault": self.fail}
        try:
            result = acts[request.match_info["act"]](**given)
        except (LookupError, TypeError, ValueError) as error:
            return web.json_response({"ok": False, "description": repr(error)}, status=400)
        return web.json_response({"ok": True, "result": result if isinstance(result, dict) else None})


async def _arguments(request: web.Request) -> dict[str, Any]:
    """JSON, a form or the query: the documents allow all of them."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        return given | body if isinstance(body, dict) else given
    if request.method == "POST":
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return given


async def _pushed(session: ClientSession, webhook: Webhook, body: Any, headers: dict[str, str]) -> int:
    try:
        async with session.post(webhook.url, json=body, headers=headers) as answer:
            await answer.read()
            return answer.status
    except (ClientError, TimeoutError):
        return 0


def _refusal(bot: ZaloWorld, method: str, given: dict[str, Any], error: ZaloApiError) -> web.Response:
    bot.record_call(Call(bot.clock(), method, given, error.status, error.code))
    body = {"ok": False, "description": error.description, "error_code": error.code}
    return web.json_response(body, status=error.status)


def _as_ordered(fault: Fault) -> ZaloApiError:
    error = ZaloApiError(0, fault.description, status=200)
    error.code = fault.code  # type: ignore[assignment] -- a string of digits is one of the oddities
    return error


def _cut(request: web.Request, bot: ZaloWorld, method: str, given: dict[str, Any]) -> web.Response:
    bot.record_call(Call(bot.clock(), method, given, None))
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _seconds(value: object) -> float:
    """The documents say a string and show a number."""
    try:
        return min(max(float(str(value)), 0.0), _LONGEST_HOLD)
    except ValueError:
        raise ZaloApiError(400, "timeout is no number") from None


async def serve(zalo: FakeZalo) -> None:
    """Until SIGTERM or SIGINT; says on its first line where it listens."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with zalo:
        sys.stdout.write(f"listening on {zalo.url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, default=None, help="JSON lines, each written before its answer")
    parser.add_argument("--token", action="append", help="one for each bot")
    parser.add_argument("--quota", type=int, default=None)
    parser.add_argument("--people", type=int, default=0, help="chats 1..N have written to every bot")
    parser.add_argument("--shape", choices=["object", "list", "flat", "flat-message"], default="object")
    chosen = parser.parse_args()

    async def run() -> None:
        worlds = [
            ZaloWorld(token=token, quota=chosen.quota, most_people=max(chosen.people, 50), log=chosen.log)
            for token in chosen.token or [TOKEN]
        ]
        for world in worlds:
            shape: Shape = chosen.shape
            world.shape = shape
            for chat in range(1, chosen.people + 1):
                world.add_person(str(chat))
        await serve(FakeZalo(*worlds, port=chosen.port))

    asyncio.run(run())


if __name__ == "__main__":
    main()
