"""One morning of one process on SQLite, to be cut off anywhere: `python -m tests.proofs.one_morning DB LOG INSTANT`.

What people sent is stored and acknowledged, handled, the sweep plans, everything leaves. Each acknowledgement and each
arrival is written down before anybody hears of it, by another system call than those of the database.
"""

import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path

from bot.conversation.conversation import Conversation
from bot.local.stepping import handle_local
from models.clock import SteppedClock
from models.database import open_database
from reminders.channel import Message
from reminders.deliver import Sender
from reminders.inbox import IncomingRow, Intake
from reminders.inbox_worker import InboxWorker
from reminders.rate import UNLIMITED
from reminders.render import Renderer
from reminders.scan import Scan
from reminders.wake import Wake
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR
from tests.fakes.channel import TELEGRAM_LIKE

CHATS = tuple(f"head-{n}" for n in range(1, 5))
SENT = {
    str(700 + n): (chat, f"{task} đang làm {10 * n}%, lần {n}")
    for n, (chat, task) in enumerate((chat, task) for chat in CHATS for task in (1, 2))
}
"""update key -> (chat, words): what waits at the platform."""


class LoggingWire:
    """Arrived is what stands in the log, whether or not the sender ever learns of it."""

    name, bot, capabilities = "telegram", BOT, TELEGRAM_LIKE

    def __init__(self, log: Path) -> None:
        self._file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._refs = log.read_text().count("\n") if log.exists() else 0

    def note(self, **facts: str) -> str:
        self._refs += 1
        os.write(self._file, (json.dumps({"ref": str(self._refs)} | facts) + "\n").encode())
        return str(self._refs)

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        return self.note(chat=address, text=message.text)


def acknowledged(log: Path) -> set[str]:
    if not log.exists():
        return set()
    return {line["acknowledged"] for line in map(json.loads, log.read_text().splitlines()) if "acknowledged" in line}


async def live(path: Path, log: Path, now: datetime) -> None:
    clock, wire, wake, wording = SteppedClock(now), LoggingWire(log), Wake(), Wording(CALENDAR)
    database = open_database(f"sqlite:///{path}")
    try:
        intake = Intake(database, clock=clock)
        for key in SENT.keys() - acknowledged(log):
            chat, words = SENT[key]
            body = json.dumps({"text": words, "reply_to": None, "is_tap": False})
            await intake.store(IncomingRow(bot=BOT, update_key=key, chat=chat, body=body))
            wire.note(acknowledged=key)
        handle = handle_local(Conversation(wording, invite_key=b"one morning"), clock)
        await InboxWorker(database, handle, clock=clock, wake_outbox=wake).handle_due(now)
        await Scan(database, calendar=CALENDAR).scan(now)
        render = Renderer(wording, clock=clock)
        sender = Sender(database, {BOT: wire}, render=render, clock=clock, limits=UNLIMITED, wake=wake)
        await sender.deliver_due(now)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
