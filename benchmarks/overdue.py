"""`/overdue` as a coordinator waits for it: the whole conversation from their word to the finished text."""

from collections.abc import Awaitable, Callable

from benchmarks.databases import DIALECTS, fresh
from benchmarks.measuring import Sheet, count, in_turns, ms, ratio
from benchmarks.province import BOT, CHANNEL, COORDINATOR_CHAT, NOW, TODAY, Settled, Shape, settle
from bot.conversation.conversation import Conversation
from bot.conversation.incoming import Incoming
from models.database import Database
from planner.workdays import WorkCalendar
from reminders.wording import Wording

SHAPES = (
    ("100 k", Shape(tasks=50, late=1_000), 0.030),
    ("1 M, 1 % late", Shape(tasks=500, late=10_000), 0.060),
    ("1 M, 10 % late", Shape(tasks=500, late=100_000), 0.060),
)
# in the words of the index, so that it is found here as well
_LATE_GROUPS = (
    "SELECT plan_id, unit_id, count(*), min(effective_on) FROM assignment WHERE plan_id IN ({plans}) AND "
    "effective_on < '{today}' AND state IN ('blocked', 'in_progress', 'not_started', 'returned') "
    "GROUP BY plan_id, unit_id"
)


async def run(*, quick: bool) -> list[Sheet]:
    sheet = Sheet(
        "/overdue for a coordinator",
        "p95 ≤ 30 ms with 100 k assignments, ≤ 60 ms with 1 M and 100 k in scope",
        "one bare query of the late groups by the driver's own cursor, no rendering",
        ("database, assignments", "in scope", "late", "bare query p50", "/overdue p50", "p95", "of baseline", "aim"),
    )
    shapes = [("4 k", Shape(units=40, tasks=10, late=40), 0.030)] if quick else SHAPES
    for dialect in DIALECTS:
        for name, shape, aim in shapes:
            async with fresh(dialect) as database:
                settled = await settle(database, shape)
                bare, whole = await in_turns(
                    lambda db=database, st=settled: _bare(db, st), asked(database), times=10 if quick else 150
                )
            sheet.add(
                f"{dialect}, {name}", count(settled.in_scope), count(settled.late_in_scope), ms(bare.median),
                ms(whole.median), ms(whole.p95), ratio(whole.median / bare.median),
                "met" if whole.p95 <= aim else "MISSED",
            )  # fmt: skip
    return [sheet]


def asked(database: Database) -> Callable[[], Awaitable[None]]:
    conversation = Conversation(Wording(WorkCalendar()), invite_key=b"benchmarks invite nobody")
    incoming = Incoming(
        channel=CHANNEL, bot=BOT, chat=COORDINATOR_CHAT, is_group=False, text="/overdue", said_by=COORDINATOR_CHAT
    )

    async def ask() -> None:
        async with database.write() as session:
            (reply,) = await conversation.handle(session, incoming, now=NOW)
            assert "quá hạn" in reply.text
            await session.rollback()

    return ask


async def _bare(database: Database, settled: Settled) -> None:
    statement = _LATE_GROUPS.format(plans=", ".join(map(str, settled.coordinated)), today=TODAY.isoformat())
    async with database.reader.connect() as connection:
        rows = (await connection.exec_driver_sql(statement)).all()
    assert sum(row[2] for row in rows) == settled.late_in_scope
