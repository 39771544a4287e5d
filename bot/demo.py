"""`dondoc demo`: the real engine on five real plans, a clock moved by hand, and chats on a local page."""

import asyncio
import shutil
import signal
import webbrowser
from datetime import date, datetime, time
from pathlib import Path

from fastapi import FastAPI
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncSession

from bot.command_line.files import in_folder
from bot.conversation.turn import Voice
from bot.engine import build_engine
from bot.evidence_store import EvidenceStore
from bot.letters.told import Announcing
from bot.local.cast import CAST, enter
from bot.local.channel import LocalChannel
from bot.local.guard import is_local
from bot.local.routes import demo_router
from bot.local.stepping import SteppedEngine, handle_local
from bot.serving import listen, serve
from bot.settings import Settings, work_calendar
from bot.web.routes import letter_routes
from models.clock import SteppedClock, at_civil
from models.database import Database, open_database
from models.migrations import upgrade
from models.terms import BeforeReading
from planner.import_plan import import_plan
from planner.import_units import import_units
from planner.plan_file import parse_plan
from planner.report_progress import Said
from planner.unit_file import parse_units
from planner.workdays import WorkCalendar
from reminders.rate import UNLIMITED
from seed_plans import FOLDER

STARTS_AT = at_civil(date(2024, 10, 23), time(7, 55))
"""The morning after CV 1487 was signed, five minutes before its first messages."""

DATABASE, EVIDENCE = Path("var/demo.db"), Path("var/demo-evidence")

HOST = "127.0.0.1"
"""The page lets anybody speak as anybody: it is for this machine alone."""


async def demo(settings: Settings, *, port: int, open_browser: bool, keep: bool = False) -> None:
    """Serve the page until Ctrl-C; every start begins the story anew. `keep` leaves its database to look at."""
    listener = listen(HOST, port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    _forget(DATABASE)
    database = await _new_database(DATABASE)
    clock = SteppedClock(STARTS_AT)
    evidence = EvidenceStore(EVIDENCE)
    channel = LocalChannel([part.chat.id for part in CAST], clock=clock)
    engine = build_engine(
        database,
        calendar=work_calendar(settings),
        before=settings.before_reading,
        address_form=settings.address_form,
        invite_key=b"the demo invites nobody",
        channels={channel.bot: channel},
        handle=lambda conversation: handle_local(conversation, clock),
        limits=UNLIMITED,
        clock=clock,
        evidence=evidence,
        page_url=address,
    )
    async with database.write() as session:
        await load_plans(session, calendar=engine.calendar, before=settings.before_reading, now=clock())
        await enter(session, now=clock())
        await session.commit()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    stepped = SteppedEngine(engine, clock, evidence)
    app.include_router(demo_router(stepped, channel))
    app.router.routes.extend(
        letter_routes(
            database,
            base_url=address,
            calendar=engine.calendar,
            before=settings.before_reading,
            address_form=settings.address_form,
            clock=clock,
            approved=stepped.live,
            announce=Announcing(Voice(engine.wording), clock),
            may_enter=is_local,
        )
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(serve(app, listener, stop=stop))
    Console().print(f"Bản trình diễn đang chạy tại {address} (Ctrl-C để dừng).")
    if open_browser:
        webbrowser.open(address)
    await stop.wait()
    channel.close()
    await serving
    await database.close()
    if not keep:
        _forget(DATABASE)


def _forget(path: Path) -> None:
    """Remove an SQLite database with what it keeps beside it, and the files that were handed in."""
    shutil.rmtree(EVIDENCE, ignore_errors=True)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


async def load_plans(session: AsyncSession, *, calendar: WorkCalendar, before: BeforeReading, now: datetime) -> None:
    """The unit directory and every plan that comes with the program, by the same use-cases as any other."""
    directory = parse_units((FOLDER / "units.yaml").read_bytes(), file="units.yaml")
    await import_units(session, directory)
    said = Said(None, "command-line", "demo", now)
    for path in in_folder(FOLDER):
        draft = parse_plan(path.read_bytes(), file=path.name, known_units=directory, calendar=calendar, before=before)
        await import_plan(session, draft, said=said, calendar=calendar, before=before)


async def _new_database(path: Path) -> Database:
    database = open_database(f"sqlite:///{path}")
    await upgrade(database)
    return database
