"""A webhook as a process of its own: ours, durable; or aiogram's, with a handler that does nothing.

Prints the port it listens on and serves until SIGTERM.
"""

import argparse
import asyncio
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from fastapi import FastAPI

from bot.serving import listen, serve
from bot.telegram.webhook import telegram_webhook
from bot.zalo.registration import path_of
from bot.zalo.webhook import zalo_webhook
from models.database import open_database
from reminders.inbox import Intake

SECRET = "benchmarks_know_this_secret"  # noqa: S105 -- of this machine and minute only
PATH = "/telegram"
HOST = "127.0.0.1"
BOT_ID = 7001
ZALO = "zalo:2718281828"
ZALO_PATH = path_of(ZALO)


def _stop() -> asyncio.Event:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    return stop


def _say(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


async def ours(url: str) -> None:
    """The routes, the intake and the server of `dondoc run`, and nothing that would handle what was stored."""
    database, began = open_database(url), time.monotonic()
    clock = lambda: datetime(2026, 6, 17, 2, tzinfo=UTC) + timedelta(seconds=time.monotonic() - began)  # noqa: E731
    intake = Intake(database, clock=clock, counted={ZALO})
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.router.routes.append(telegram_webhook(intake, path=PATH, secret=SECRET, bot_key=f"telegram:{BOT_ID}"))
    app.router.routes.append(zalo_webhook(intake, path=ZALO_PATH, secret=SECRET, bot=ZALO))
    listener = listen(HOST, 0)
    _say(listener.getsockname()[1])
    await serve(app, listener, stop=_stop())
    await intake.close()
    await database.close()


async def aiograms() -> None:
    """aiogram's own webhook as its documentation has it, told to answer after the handler."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def nothing(_message: Message) -> None:
        """The empty handler: stores nothing, so what it answers 200 to is gone with the process."""

    bot = Bot(f"{BOT_ID}:AAfake_token_of_the_benchmarks")
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET).register(app, path=PATH)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    _say(runner.addresses[0][1])
    await _stop().wait()
    await runner.cleanup()
    await bot.session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("whose", choices=("ours", "aiogram"))
    parser.add_argument("--database")
    parser.add_argument("--loop", choices=("uvloop", "asyncio"), default="uvloop")
    chosen = parser.parse_args()
    factory = uvloop.new_event_loop if chosen.loop == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(ours(chosen.database) if chosen.whose == "ours" else aiograms())


if __name__ == "__main__":
    main()
