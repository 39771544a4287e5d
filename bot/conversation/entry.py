"""The door: strangers, codes, greetings and help."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import buttons
from bot.conversation.incoming import Incoming, Reply
from bot.conversation.permissions import Action, may
from bot.conversation.turn import Turn, Voice
from bot.conversation.understand import Intent, Understood
from bot.conversation.work import list_work
from models.clock import civil_day
from models.errors import InviteError
from models.terms import Role
from planner.list_work import look_now, own_work
from planner.people import link_by_code, load_person, may_answer_stranger
from reminders.channel import Button

_FIRST_LIST = Understood(Intent.LIST)


async def link(
    session: AsyncSession, incoming: Incoming, code: str, voice: Voice, *, key: bytes, now: datetime
) -> list[Reply]:
    """Link the chat by its code, say what this system is and keeps, show the work; or say why not."""
    try:
        person_id = await link_by_code(
            session, code, channel=incoming.channel, bot=incoming.bot, chat=incoming.chat, now=now, key=key
        )
    except InviteError as error:
        # guesses are counted; once they are used up the refusal itself is rationed too
        if error.reason == "exhausted" and not await _may_answer(session, incoming, now=now):
            return []
        return [voice.say("invite_refused", reason=error.reason)]
    person = await load_person(session, person_id, today=civil_day(now))
    if person is None:
        return [voice.say("no_role")]
    turn = Turn(session, incoming, person, voice, now, text="")
    await look_now(session, turn.own_units, today=turn.today)
    welcome = turn.say("welcome", person=person)
    return [*welcome, *(await list_work(turn, _FIRST_LIST) if turn.own_units else await help_text(turn))]


async def refuse_stranger(session: AsyncSession, incoming: Incoming, voice: Voice, *, now: datetime) -> list[Reply]:
    """One polite sentence, at most once in ten minutes, and nothing else."""
    return [voice.say("stranger")] if await _may_answer(session, incoming, now=now) else []


async def refuse_group(session: AsyncSession, incoming: Incoming, voice: Voice, *, now: datetime) -> list[Reply]:
    return [voice.say("group")] if await _may_answer(session, incoming, now=now) else []


async def _may_answer(session: AsyncSession, incoming: Incoming, *, now: datetime) -> bool:
    return await may_answer_stranger(session, bot=incoming.bot, chat=incoming.chat, now=now)


async def help_text(turn: Turn) -> list[Reply]:
    """What this person may type, by what their roles allow; the examples use a number of theirs."""
    follows = bool(await turn.coordinated())
    work = await own_work(turn.session, turn.own_units, today=turn.today)
    numbers = [view.number for view in work if view.is_open] or [12]
    return turn.say(
        "help",
        answers=may(turn.person, Action.REPORT),
        follows=follows,
        letters=may(turn.person, Action.SEND_LETTER),
        leads=bool(turn.person.units_as(Role.LEADER)),
        number=numbers[0],
        buttons=buttons.row(
            Button("Xem việc", "viec") if turn.own_units else None,
            Button("Quá hạn", "quahan") if may(turn.person, Action.SEE_OVERDUE) else None,
            Button("Tuần này", "tuannay") if may(turn.person, Action.SEE_DUE) else None,
        ),
    )


async def greet(turn: Turn) -> list[Reply]:
    """Back to a greeting: the nearest thing that is owed, in one line."""
    work = [view for view in await own_work(turn.session, turn.own_units, today=turn.today) if view.is_open]
    return turn.say(
        "greeting",
        view=work[0] if work else None,
        total=len(work),
        buttons=buttons.row(Button("Xem việc", "viec") if work else None),
        about=(work[0].id,) if work else (),
    )
