"""`dondoc run`: everything that exists, from top to bottom, until SIGTERM; then closed in reverse."""

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import Mapping, Sequence
from functools import partial

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import BaseRoute

from bot.command_line.workplace import bring_up, loading
from bot.conversation.conversation import Conversation
from bot.conversation.turn import Voice
from bot.edges import Edge, Site, received_alone
from bot.engine import Engine, apply_reading, build_engine
from bot.evidence_store import EvidenceStore
from bot.letters.told import Announcing
from bot.logs import configure_logging
from bot.schedule import ticking
from bot.serving import listen, serve
from bot.settings import Settings, invite_key, secret_values, work_calendar
from bot.web.routes import letter_routes
from models.clock import Clock, system_clock
from models.database import Database, open_database
from models.errors import NotReadyError
from reminders.inbox import ClaimedUpdate, Intake
from reminders.inbox_worker import Handle
from reminders.leases import Holder
from reminders.outages import outages
from reminders.rate import Limits
from reminders.retired import SENDING

log = logging.getLogger(__name__)


async def run(settings: Settings, *, clock: Clock = system_clock) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises NotReadyError where the settings leave nothing to serve."""
    if settings.telegram_bot_token is None and not settings.zalo_tokens and settings.zalo_oa_app_id is None:
        raise NotReadyError(
            "Chưa có kênh trò chuyện nào: đặt ZALO_BOT_TOKEN hoặc TELEGRAM_BOT_TOKEN trong tệp .env (hướng dẫn trong "
            "README), hoặc thử ngay bằng dondoc demo."
        )
    if settings.zalo_oa_app_id is not None and not settings.http_port:
        raise NotReadyError("Official Account chỉ nhận tin qua webhook: đặt HTTP_PORT khác 0 trong tệp .env.")
    configure_logging(level=settings.log_level, form=settings.log_format, secrets=secret_values(settings))
    listener = listen(settings.http_host, settings.http_port) if settings.http_port else None
    stop = _stop_on_signals()
    database = open_database(settings.database_url)
    evidence = EvidenceStore(settings.evidence_folder)
    with loading():
        edges = _edges(settings, database, evidence, clock=clock)
    try:
        await bring_up(database)
        await _serve(settings, database, evidence, edges, listener, stop=stop, clock=clock)
    finally:
        for edge in reversed(edges):
            await edge.close()
        await database.close()


def _edges(settings: Settings, database: Database, evidence: EvidenceStore, *, clock: Clock) -> list[Edge]:
    """One for each bot that is configured; a platform nobody uses is not even imported."""
    edges: list[Edge] = []
    if settings.telegram_bot_token is not None:
        from bot.telegram.making import telegram_edge

        edges.append(telegram_edge(settings, database, evidence, clock=clock))
    if settings.zalo_tokens:
        from bot.zalo.making import zalo_edges

        edges += zalo_edges(settings, database, evidence, clock=clock)
    if settings.zalo_oa_app_id is not None:
        from bot.zalo_oa.making import oa_edges

        edges += oa_edges(settings, database, evidence, clock=clock)
    return edges


async def _serve(
    settings: Settings,
    database: Database,
    evidence: EvidenceStore,
    edges: Sequence[Edge],
    listener: socket.socket | None,
    *,
    stop: asyncio.Event,
    clock: Clock,
) -> None:
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    by_bot = {edge.channel.bot: edge for edge in edges}
    sending = {bot: Holder(database, f"{SENDING}{bot}", owner, clock=clock) for bot in by_bot}
    engine = build_engine(
        database,
        calendar=work_calendar(settings),
        before=settings.before_reading,
        address_form=settings.address_form,
        invite_key=invite_key(settings),
        channels={bot: edge.channel for bot, edge in by_bot.items()},
        handle=partial(handled_by_bot, by_bot),
        limits=Limits(),
        limits_by_bot={bot: edge.limits for bot, edge in by_bot.items()},
        clock=clock,
        evidence=evidence,
        prepare=partial(prepared_by_bot, by_bot),
        may_send=lambda bot: sending[bot].is_held,
        page_url=settings.public_url,
    )
    if changed := await apply_reading(engine, settings.before_reading):
        log.info("the reading of 'trước' was changed: %s assignments follow it now", changed)
    site = Site(database, clock, owner, engine.wake_inbox, engine.quotas)
    for edge in edges:  # what it is called may be learned later, or never
        await site.announce(edge.channel)
    intake = Intake(database, clock=clock, wake=engine.wake_inbox, counted=engine.quotas)
    scanning = Holder(database, "scan", owner, clock=clock)
    try:
        async with ticking(partial(_scan, engine, scanning), engine.prune), asyncio.TaskGroup() as tasks:
            tasks.create_task(_send(engine, list(sending.values()), stop=stop))
            tasks.create_task(scanning.run(stop))
            tasks.create_task(engine.inbox_worker.run(stop))
            if engine.letter_reader is not None:
                tasks.create_task(engine.letter_reader.run(stop))
            for edge in edges:
                tasks.create_task(received_alone(edge, site, stop))
            if listener is not None:
                web = _web(database, edges, intake)
                web.router.routes.extend(_pages(settings, engine, scanning))
                tasks.create_task(serve(web, listener, stop=stop))
            await _scan(engine, scanning)
            log.info("đôn đốc is running as %s for %s", owner, ", ".join(by_bot))
    finally:
        await intake.close()


def handled_by_bot(edges: Mapping[str, Edge], conversation: Conversation) -> Handle:
    handlers = {bot: edge.handle(conversation) for bot, edge in edges.items()}

    async def handle(session: AsyncSession, row: ClaimedUpdate) -> None:
        await handlers[_ours(row.bot, edges)](session, row)

    return handle


def _ours(bot: str, edges: Mapping[str, Edge]) -> str:
    """What came for a bot that is configured no more is set aside with an alarm, never answered by another."""
    if bot not in edges:
        raise NotReadyError(f"no bot {bot} is configured")
    return bot


async def prepared_by_bot(edges: Mapping[str, Edge], row: ClaimedUpdate) -> object:
    prepare = edges[_ours(row.bot, edges)].prepare
    return None if prepare is None else await prepare(row)


async def _send(engine: Engine, sending: Sequence[Holder], *, stop: asyncio.Event) -> None:
    """One sender, for the bots whose lease is held here; the leases are kept until the last message is settled."""
    finished = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for each in sending:
            tasks.create_task(each.run(finished))
        try:
            await engine.sender.run(stop)
        finally:
            finished.set()


def _web(database: Database, edges: Sequence[Edge], intake: Intake) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/healthz", partial(_health, database, [edge.channel.bot for edge in edges]), methods=["GET"])
    for edge in edges:
        app.router.routes.extend(edge.routes(intake))
    return app


def _pages(settings: Settings, engine: Engine, scanning: Holder) -> Sequence[BaseRoute]:
    """The pages of letters, where people reach them; what was approved there is told to its units at once."""
    if settings.public_url is None:
        return []
    return letter_routes(
        engine.database,
        base_url=settings.public_url,
        calendar=engine.calendar,
        before=settings.before_reading,
        address_form=settings.address_form,
        clock=engine.clock,
        approved=partial(_scan, engine, scanning),
        announce=Announcing(Voice(engine.wording), engine.clock),
    )


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


async def _health(database: Database, bots: Sequence[str]) -> JSONResponse:
    """200 while the database answers and at least one bot works both ways; nothing about anybody.

    What fails is named with the instant since when, also where the status is 200.
    """
    try:
        async with database.read() as session:
            failing = await outages(session, bots)
    except (SQLAlchemyError, OSError):
        return JSONResponse({"status": "database unreachable"}, status_code=503)
    if not failing:
        return JSONResponse({"status": "ok"})
    down = [
        {"bot": each.bot, "part": each.part, "since": each.since.isoformat(), "reason": each.reason} for each in failing
    ]
    if {each.bot for each in failing} >= set(bots):
        return JSONResponse({"status": "no channel works", "down": down}, status_code=503)
    return JSONResponse({"status": "degraded", "down": down})


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
