"""`dondoc run`: everything that exists, from top to bottom, until SIGTERM; then closed in reverse."""

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from aiogram import Bot
from aiogram.exceptions import AiogramError
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.command_line.workplace import bring_up
from bot.engine import Engine, apply_reading, build_engine
from bot.evidence_store import EvidenceStore
from bot.logs import configure_logging
from bot.schedule import build_scheduler
from bot.serving import listen, serve
from bot.settings import Settings, invite_key, secret_values, work_calendar
from bot.telegram.channel import TelegramChannel
from bot.telegram.files import FilesIn
from bot.telegram.handlers import TelegramHandler
from bot.telegram.menu import COMMANDS
from bot.telegram.poller import RawUpdate, poll_updates
from bot.telegram.webhook import telegram_webhook
from bot.telegram.wire import make_bot
from models.clock import Clock, system_clock
from models.database import Database, open_database
from models.errors import NotReadyError
from reminders.inbox import IncomingRow, Intake, store_updates
from reminders.leases import Holder
from reminders.rate import Limits

log = logging.getLogger(__name__)

POLL_TIMEOUT = timedelta(seconds=25)
REQUEST_TIMEOUT = timedelta(seconds=15)
WEBHOOK_PATH = "/telegram"
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


async def run(settings: Settings, *, clock: Clock = system_clock) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises NotReadyError where the settings leave nothing to serve."""
    if settings.telegram_bot_token is None:
        raise NotReadyError(
            "Chưa có kênh trò chuyện nào: đặt TELEGRAM_BOT_TOKEN trong tệp .env (hướng dẫn trong README), "
            "hoặc thử ngay bằng dondoc demo."
        )
    configure_logging(level=settings.log_level, form=settings.log_format, secrets=secret_values(settings))
    listener = listen(settings.http_host, settings.http_port) if settings.http_port else None
    stop = _stop_on_signals()
    database = open_database(settings.database_url)
    bot = make_bot(
        settings.telegram_bot_token.get_secret_value(),
        api_base=settings.telegram_api_base,
        proxy=settings.telegram_proxy,
        request_timeout=REQUEST_TIMEOUT,
    )
    try:
        await bring_up(database)
        await _serve(settings, database, bot, listener, stop=stop, clock=clock)
    finally:
        await bot.session.close()
        await database.close()


async def _serve(
    settings: Settings,
    database: Database,
    bot: Bot,
    listener: socket.socket | None,
    *,
    stop: asyncio.Event,
    clock: Clock,
) -> None:
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    channel = TelegramChannel(bot)
    evidence = EvidenceStore(settings.evidence_folder)
    sending = Holder(database, f"send:{channel.bot}", owner, clock=clock)
    engine = build_engine(
        database,
        calendar=work_calendar(settings),
        before=settings.before_reading,
        address_form=settings.address_form,
        invite_key=invite_key(settings),
        channels={channel.bot: channel},
        handle=lambda conversation: TelegramHandler(bot, conversation, clock=clock),
        limits=Limits(),
        clock=clock,
        evidence=evidence,
        prepare=FilesIn(bot, database, evidence, clock=clock),
        may_send=lambda _bot: sending.is_held,
    )
    if changed := await apply_reading(engine, settings.before_reading):
        log.info("the reading of 'trước' was changed: %s assignments follow it now", changed)
    scanning = Holder(database, "scan", owner, clock=clock)
    scheduler = build_scheduler(partial(_scan, engine, scanning), engine.prune)
    scheduler.start()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sending.run(stop, engine.sender.run))
            tasks.create_task(scanning.run(stop))
            tasks.create_task(engine.inbox_worker.run(stop))
            tasks.create_task(_receive(settings, engine, bot, channel, listener, owner, stop=stop))
            tasks.create_task(_retried(partial(bot.set_my_commands, list(COMMANDS)), stop=stop))
            await _scan(engine, scanning)
            log.info("đôn đốc is running as %s", owner)
    finally:
        scheduler.shutdown(wait=False)


async def _receive(
    settings: Settings,
    engine: Engine,
    bot: Bot,
    channel: TelegramChannel,
    listener: socket.socket | None,
    owner: str,
    *,
    stop: asyncio.Event,
) -> None:
    """By webhook where one is set, else by long polling from whichever process holds the poller's lease."""
    intake = Intake(engine.database, clock=engine.clock, wake=engine.wake_inbox)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/healthz", partial(_health, engine.database), methods=["GET"])
    async with asyncio.TaskGroup() as tasks:
        if settings.telegram_webhook_url and settings.telegram_webhook_secret:
            secret = settings.telegram_webhook_secret.get_secret_value()
            app.router.routes.append(telegram_webhook(intake, path=WEBHOOK_PATH, secret=secret, bot_key=channel.bot))
            url = settings.telegram_webhook_url.rstrip("/") + WEBHOOK_PATH
            announce = partial(
                bot.set_webhook, url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
            )
            tasks.create_task(_retried(announce, stop=stop))
        else:
            polling = Holder(engine.database, f"poll:{channel.bot}", owner, clock=engine.clock)
            tasks.create_task(polling.run(stop, partial(_poll, engine, bot, channel)))
        if listener is not None:
            tasks.create_task(serve(app, listener, stop=stop))
    await intake.close()


async def _poll(engine: Engine, bot: Bot, channel: TelegramChannel, stop: asyncio.Event) -> None:
    """Polling beside a webhook is refused by Telegram, so one that was set before is taken off; nothing is dropped."""
    await _retried(partial(bot.delete_webhook, drop_pending_updates=False), stop=stop)

    async def store(batch: list[RawUpdate]) -> None:
        rows = [
            IncomingRow(bot=channel.bot, update_key=str(each.update_id), chat=each.chat_key, body=each.body)
            for each in batch
        ]
        async with engine.database.write() as session:
            await store_updates(session, rows, now=engine.clock())
            await session.commit()
        engine.wake_inbox.set()

    await poll_updates(bot, store=store, stop=stop, allowed_updates=ALLOWED_UPDATES, timeout=POLL_TIMEOUT)


async def _scan(engine: Engine, scanning: Holder) -> None:
    """One process sweeps at a time; keys make a second one harmless, the lease spares the work."""
    if not (scanning.is_held or await scanning.try_hold()):
        return
    try:
        scanned = await engine.scan.scan(engine.clock())
    except (SQLAlchemyError, OSError):
        log.exception("the sweep failed and is tried again at the next tick")
        return
    if scanned.messages:
        log.info("planned %s messages; opened %s assignments", scanned.messages, scanned.opened)
        engine.wake_outbox.set()


async def _health(database: Database) -> JSONResponse:
    """200 while the database answers; nothing about anybody."""
    try:
        async with database.read() as session:
            await session.connection()
    except (SQLAlchemyError, OSError):
        return JSONResponse({"status": "database unreachable"}, status_code=503)
    return JSONResponse({"status": "ok"})


async def _retried(call: Callable[[], Awaitable[object]], *, stop: asyncio.Event) -> None:
    """Until it succeeds or everything stops; waits longer each time, up to five minutes."""
    pause = 1.0
    while not stop.is_set():
        try:
            await call()
        except AiogramError as error:
            log.warning("telegram: %s; again in %s s", type(error).__name__, round(pause))
        else:
            return
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            pause = min(pause * 2, 300.0)


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
