"""Two faults that others met, told small enough to guard every day; `test_mutations` builds them in again."""

import json
from datetime import timedelta

from sqlalchemy import select

from bot.conversation.conversation import Conversation
from bot.local.stepping import handle_local
from models.clock import SteppedClock
from models.columns import columns_of
from models.database import Database
from models.inbox import InboxUpdate
from models.outbox import OutboxMessage
from models.report import Report
from models.terms import InboxState, Role
from reminders.inbox import IncomingRow, Intake, store_updates
from reminders.inbox_worker import InboxWorker
from reminders.wake import Wake
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, add_linked_person, load_plan, load_units


def arrived(key: int, words: str = "viec") -> IncomingRow:
    body = json.dumps({"text": words, "reply_to": None, "is_tap": False})
    return IncomingRow(bot=BOT, update_key=str(key), chat="head", body=body)


async def column(database: Database, wanted) -> list:
    async with database.read() as session:
        return list((await session.execute(select(wanted))).scalars())


async def test_numbers_that_begin_again_lower_after_a_quiet_week_are_stored(database, now, clock):
    async with database.write() as session:
        assert await store_updates(session, [arrived(900_000_000), arrived(900_000_001)], now=now) == 2
        assert await store_updates(session, [arrived(41), arrived(900_000_000)], now=now) == 1
        await session.commit()
    intake = Intake(database, clock=clock)
    await intake.store(arrived(7))
    await intake.close()
    assert len(await column(database, columns_of(InboxUpdate).id)) == 4


async def test_a_state_never_changes_without_its_reply_nor_its_mark(database: Database, clock: SteppedClock, now):
    await load_units(database)
    await load_plan(database, now)
    await add_linked_person(database, now, "Trần Thị Mẫu", ("T.TP", Role.UNIT_HEAD), chat="head")
    obey = handle_local(Conversation(Wording(CALENDAR), invite_key=b"faults"), clock)
    falls = [True, False]

    async def falls_at_the_last_moment(session, update):
        await obey(session, update)
        if falls.pop(0):
            raise ConnectionError("the last statement before the commit")

    async with database.write() as session:
        await store_updates(session, [arrived(1, "1 xong")], now=now)
        await session.commit()
    worker = InboxWorker(database, falls_at_the_last_moment, clock=clock, wake_outbox=Wake(), random=lambda: 0.0)

    async def known() -> tuple[int, int, list[InboxState]]:
        reports = len(await column(database, columns_of(Report).id))
        return (
            reports,
            len(await column(database, columns_of(OutboxMessage).id)),
            await column(database, columns_of(InboxUpdate).state),
        )

    await worker.handle_due(clock())
    assert await known() == (0, 0, [InboxState.PENDING])
    await worker.handle_due(clock.advance(timedelta(minutes=1)))
    assert await known() == (1, 1, [InboxState.HANDLED])
