"""Which bots cannot be reached just now, and since when: kept in the database, for doctor is another process."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite renders the very same ON CONFLICT clause
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from models.bot_account import Outage as OutageRow
from models.clock import Clock
from models.database import Database

log = logging.getLogger(__name__)

Part = Literal["send", "receive"]
OPENS_AFTER = 5
"""Failures in a row that make an outage; one success ends it."""

_REASON_LENGTH = 200
_OUTAGE: Table = OutageRow.metadata.tables["outage"]


@dataclass(frozen=True, slots=True)
class Outage:
    """Một sự gián đoạn: since when and why; `part` is what fails."""

    bot: str
    part: Part
    since: datetime
    reason: str


async def note_state(session: AsyncSession, bot: str, part: Part, *, reason: str, now: datetime) -> None:
    """It fails, with the first "since" and the latest reason; without a reason all is well. The caller commits."""
    if not reason:
        await session.execute(delete(_OUTAGE).where(_OUTAGE.c.bot == bot, _OUTAGE.c.part == part))
        return
    statement = insert(_OUTAGE).values(bot=bot, part=part, since=now, reason=reason[:_REASON_LENGTH])
    statement = statement.on_conflict_do_update(
        index_elements=[_OUTAGE.c.bot, _OUTAGE.c.part], set_={"reason": statement.excluded.reason}
    )
    await session.execute(statement)


async def outages(session: AsyncSession, bots: Collection[str] | None = None) -> list[Outage]:
    """What fails now, by bot; only `bots` where they are named."""
    query = select(_OUTAGE.c.bot, _OUTAGE.c.part, _OUTAGE.c.since, _OUTAGE.c.reason)
    if bots is not None:
        query = query.where(_OUTAGE.c.bot.in_(bots))
    return [Outage(*row) for row in await session.execute(query.order_by(_OUTAGE.c.bot, _OUTAGE.c.part))]


class Receiving:
    """Theo dõi việc nhận tin của một bot: whoever polls says how each turn went, and only changes are written."""

    def __init__(self, database: Database, bot: str, *, clock: Clock) -> None:
        self._database, self._bot, self._clock = database, bot, clock
        self._failures = 0
        self._is_down: bool | None = None
        """As it was last written; None: nothing of it is known yet."""

    async def failed(self, reason: str, *, at_once: bool = False) -> None:
        """`at_once`: no second try would go better (a dead token, a webhook in the way)."""
        self._failures += 1
        if (at_once or self._failures >= OPENS_AFTER) and self._is_down is not True:
            await self._write(reason)

    async def succeeded(self) -> None:
        self._failures = 0
        if self._is_down is not False:
            await self._write("")

    async def _write(self, reason: str) -> None:
        """A status that cannot be written now is written at the next turn."""
        try:
            async with self._database.write() as session:
                await note_state(session, self._bot, "receive", reason=reason, now=self._clock())
                await session.commit()
        except (SQLAlchemyError, OSError):
            log.warning("the state of bot %s could not be written just now", self._bot)
        else:
            self._is_down = bool(reason)
