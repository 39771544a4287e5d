"""`quota`: what each bot has used of its month and for how many people there is room; for admins and coordinators."""

from bot.conversation.incoming import Reply
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from models.terms import Lane
from reminders.quota_status import BotMonth, quota_status


async def quota(turn: Turn, understood: Understood) -> list[Reply]:
    del understood
    months = await quota_status(turn.session, now=turn.now)
    return turn.say("quota", months=[(each, held_words(each)) for each in months])


def held_words(month: BotMonth) -> str:
    """What waits for the month's end, in a reader's words; empty while nothing does."""
    if Lane.REMINDER in month.holds:
        return "đang giữ lại mọi tin nhắc đến tháng sau"
    return "đang giữ lại các bản tin tổng hợp đến tháng sau" if month.holds else ""
