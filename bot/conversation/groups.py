"""A unit's group chat: linked by its head, about that unit's work only, and for those it knows."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Incoming, Reply
from bot.conversation.turn import Turn, Voice
from bot.conversation.understand import Intent, Understood, invite_code
from models.clock import civil_day
from models.errors import InviteError
from models.terms import Role
from planner.group_chats import create_group_invite, group_of_chat, link_group_by_code, unlink_group
from planner.people import KnownPerson, Place, may_answer_stranger, person_of_chat

_AS_IN_THE_UNIT = {Role.UNIT_HEAD: Role.UNIT_HEAD, Role.OFFICER: Role.OFFICER, Role.COORDINATOR: Role.OFFICER}
"""In a group nobody is more than one of the unit: what a coordinator or a leader sees elsewhere stays elsewhere."""


async def who_speaks(
    session: AsyncSession, incoming: Incoming, understood: Understood, voice: Voice, *, key: bytes, now: datetime
) -> KnownPerson | list[Reply]:
    """The person, with their roles in this group's unit only; else the replies, mostly none."""
    if not incoming.is_addressed:
        return []
    home = incoming.private_bot or incoming.bot
    person = await person_of_chat(session, bot=home, chat=incoming.said_by, today=civil_day(now))
    code = understood.rest if understood.intent is Intent.START else invite_code(incoming.text)
    if code and person is not None:
        return await _linked(session, incoming, person, code, voice, key=key, now=now)
    linked = await group_of_chat(session, bot=incoming.bot, chat=incoming.chat)
    if linked is None:
        return await _once(session, incoming, voice, "group", now=now) if understood.intent is Intent.START else []
    places = tuple(_in_the_unit(place) for place in person.places if place.unit_id == linked.unit_id) if person else ()
    known = tuple(place for place in places if place is not None)
    if person is None or not known:
        return await _once(session, incoming, voice, "group_stranger", now=now)
    return replace(person, places=known)


def _in_the_unit(place: Place) -> Place | None:
    role = _AS_IN_THE_UNIT.get(place.role)
    return None if role is None else replace(place, role=role)


async def _linked(
    session: AsyncSession,
    incoming: Incoming,
    person: KnownPerson,
    code: str,
    voice: Voice,
    *,
    key: bytes,
    now: datetime,
) -> list[Reply]:
    where = {"channel": incoming.channel, "bot": incoming.bot, "chat": incoming.chat}
    try:
        unit_id = await link_group_by_code(session, code, by=person, now=now, key=key, **where)
    except InviteError:
        return await _once(session, incoming, voice, "group_code_refused", now=now)
    names = [place.unit_name for place in person.places if place.unit_id == unit_id]
    return [voice.say("group_linked", unit_name=names[0])]


async def _once(
    session: AsyncSession, incoming: Incoming, voice: Voice, template: str, *, now: datetime
) -> list[Reply]:
    """One polite line in ten minutes for a whole group."""
    may = await may_answer_stranger(session, bot=incoming.bot, chat=incoming.chat, now=now)
    return [voice.say(template)] if may else []


async def group(turn: Turn, understood: Understood, *, key: bytes) -> list[Reply]:
    """ "nhóm": in private the code to type in the group; "bỏ nhóm" in the group lets it go."""
    incoming = turn.incoming
    if understood.intent is Intent.UNGROUP:
        if not incoming.is_group:
            return turn.say("group_unlink_there")
        where = {"channel": incoming.channel, "bot": incoming.bot, "chat": incoming.chat}
        await unlink_group(turn.session, by=turn.person, now=turn.now, **where)
        return turn.say("group_unlinked")
    if incoming.is_group:
        return turn.say("group_code_in_private")
    codes = [
        (place.unit_name, await _code(turn, place.unit_id, key))
        for place in turn.person.places
        if place.role is Role.UNIT_HEAD
    ]
    return turn.say("group_code", codes=codes)


async def _code(turn: Turn, unit_id: int, key: bytes) -> str:
    return await create_group_invite(
        turn.session, turn.person, unit_id, channel=turn.incoming.channel, now=turn.now, key=key
    )
