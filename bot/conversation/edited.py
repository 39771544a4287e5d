"""A message that was edited: what it said before is taken back, or stands and that is said. Never half of it."""

from bot.conversation import notices
from bot.conversation.incoming import Reply
from bot.conversation.turn import Turn
from bot.conversation.understand import ANSWERS, Intent
from planner.list_work import LastReport, newest_reports_by, reports_said_in
from planner.report_progress import UNDO_WITHIN, NothingToUndoError, undo_last_report

_HEARD = ANSWERS | {Intent.UNKNOWN, Intent.SEVERAL}
"""What an edited message may still say; a command is typed anew, so that nothing large starts from a corrected slip."""


async def take_back(turn: Turn, intent: Intent) -> tuple[Reply | None, list[Reply] | None]:
    """(what was taken back, None) where the new words are to be heard; else (None, the replies instead)."""
    assert turn.incoming.edits is not None
    earlier = await reports_said_in(
        turn.session, turn.person.id, channel=turn.incoming.channel, ref=turn.incoming.edits
    )
    if any(report.said == turn.text for report in earlier):
        return None, []
    if intent not in _HEARD:
        return None, turn.say("edited_command")
    if not earlier:
        return None, None
    if not await _undone(turn, earlier):
        return None, turn.say("edited_stands", number=earlier[0].number)
    numbers = sorted({report.number for report in earlier})
    return turn.say("edited", numbers=numbers)[0], None


async def _undone(turn: Turn, earlier: list[LastReport]) -> bool:
    """All of the message's answers, while they are this person's newest and young enough."""
    newest = await newest_reports_by(turn.session, turn.person.id, since=turn.now - UNDO_WITHIN, limit=len(earlier))
    if {report.id for report in newest} != {report.id for report in earlier}:
        return False
    try:
        async with turn.session.begin_nested():
            for _ in earlier:
                await undo_last_report(turn.session, said=turn.said())
    except NothingToUndoError:
        return False
    for report in earlier:
        await notices.withdraw(turn, report.id)
    return True
