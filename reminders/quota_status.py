"""How each bot with a quota stands this month: for the chat, the command line and the doctor alike."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import civil_day
from models.terms import Lane
from planner.bots import KnownBot, known_bots
from reminders.choosing import HOLD_AT_PERCENT, is_held, month_of, runs_low
from reminders.holding import held_by_bot
from reminders.quota import Used, used_by_bot


@dataclass(frozen=True, slots=True)
class BotMonth:
    """Một bot trong tháng. `held`: messages that wait for the month's end; `expected`: the whole month at this pace."""

    bot: KnownBot
    month: date
    quota: int
    used: Used
    held: int
    expected: int

    @property
    def percent(self) -> int:
        return self.used.total * 100 // self.quota

    @property
    def is_low(self) -> bool:
        return runs_low(used=self.used.total, quota=self.quota)

    @property
    def holds(self) -> list[Lane]:
        """Which lanes wait now, the first to wait first."""
        lanes = sorted(HOLD_AT_PERCENT, key=lambda lane: HOLD_AT_PERCENT[lane])
        return [lane for lane in lanes if is_held(lane, used=self.used.total, quota=self.quota)]


async def quota_status(session: AsyncSession, *, now: datetime) -> list[BotMonth]:
    """Every announced bot whose platform counts, by its key."""
    month = month_of(now)
    used, held = await used_by_bot(session, month), await held_by_bot(session)
    found = []
    for bot in await known_bots(session, now=now):
        if bot.monthly_quota is not None:
            so_far = used.get(bot.bot, Used(0, 0))
            expected = _at_this_pace(so_far.total, civil_day(now))
            found.append(BotMonth(bot, month, bot.monthly_quota, so_far, held.get(bot.bot, 0), expected))
    return found


def _at_this_pace(used: int, today: date) -> int:
    """Today counts as a whole day, so that a morning does not foretell a flood."""
    return used * calendar.monthrange(today.year, today.month)[1] // today.day
