"""A number typed where there are no buttons: which offered command it stands for. Between two it is asked."""

import re
from dataclasses import dataclass, replace

from bot.conversation import dialogs
from bot.conversation.incoming import Reply
from bot.conversation.turn import Turn
from bot.conversation.understand import fold_in_place
from planner import audit
from planner.list_work import find_by_number
from planner.scope import Scope
from reminders.channel import Button
from reminders.choices import CHOICE_STANDS
from reminders.outbox import Offer, standing_offers, withdraw_offers

_PLACE = re.compile(r"(?:(?:em|anh|chi|toi)\s)?(?:(?:chon|so)\s)?(?P<place>[0-9]{1,2})\s?[.)]?(?:\s(?:a|ah|nhe|nha))*")
_NUMBERED = frozenset({dialogs.Expects.CHOICE, dialogs.Expects.EVIDENCE})


@dataclass(frozen=True, slots=True)
class _Meant:
    """Một lựa chọn mà con số chỉ tới."""

    button: Button
    offer: Offer


async def as_a_tap(turn: Turn) -> Turn | list[Reply]:
    """The turn as if the chosen button had been tapped; as it is where no choice is meant; or why it is not clear.

    Whatever else is said closes the offer, so that a number never acts on a message the person has left behind.
    """
    if turn.incoming.is_tap or turn.incoming.edits is not None:
        return turn
    offers = await standing_offers(turn.session, bot=turn.incoming.bot, chat=turn.incoming.chat)
    if not offers:
        return turn
    place = _place(turn.text)
    meant = _distinct(_at(offers, place, reply_to=turn.incoming.reply_to)) if place else []
    if place is None or not meant:
        await withdraw_offers(turn.session, offers)
        return turn
    return await _chosen(turn, place, meant, offers)


async def close(turn: Turn) -> None:
    """The person went on with something that is no choice: a file, a picture."""
    offers = await standing_offers(turn.session, bot=turn.incoming.bot, chat=turn.incoming.chat)
    if offers:
        await withdraw_offers(turn.session, offers)


def _place(text: str) -> int | None:
    match = _PLACE.fullmatch(fold_in_place(text))
    return int(match["place"]) if match else None


def _at(offers: list[Offer], place: int, *, reply_to: str | None) -> list[_Meant]:
    """What stands at this place; a message that is replied to speaks alone."""
    asked = [offer for offer in offers if reply_to is not None and offer.wire_ref == reply_to] or offers
    return [_Meant(Button(*offer.choices[place - 1]), offer) for offer in asked if 1 <= place <= len(offer.choices)]


def _distinct(found: list[_Meant]) -> list[_Meant]:
    """Each command once, as the newest message has it."""
    return list({each.button.command: each for each in found}.values())


async def _chosen(turn: Turn, place: int, meant: list[_Meant], offers: list[Offer]) -> Turn | list[Reply]:
    question = await dialogs.open_question(turn.session, turn.incoming, now=turn.now)
    is_asked = question is not None and question.expects in _NUMBERED
    fresh = [each for each in meant if each.offer.at > turn.now - CHOICE_STANDS]
    if not fresh:
        await withdraw_offers(turn.session, offers)
        return turn if is_asked else await _too_late(turn, place, meant[-1].button)
    names_work = await _names_own_work(turn, place, fresh[0].button)
    is_named = turn.incoming.reply_to is not None and turn.incoming.reply_to == fresh[0].offer.wire_ref
    if len(fresh) > 1 or (not is_named and (names_work or is_asked)):
        choices = [each.button for each in fresh]
        return turn.say("choice_unclear", place=place, choices=choices, names_work=names_work, is_asked=is_asked)
    await withdraw_offers(turn.session, offers)
    return await _tapped(turn, fresh[0])


async def _too_late(turn: Turn, place: int, button: Button) -> Turn | list[Reply]:
    """The number of some work this person may look at is that, long after the choice."""
    seen = await find_by_number(turn.session, place, await turn.reading_scope())
    return turn if seen else turn.say("choice_expired", place=place, choice=button)


async def _names_own_work(turn: Turn, place: int, button: Button) -> bool:
    """The number is also that of their own open work, and the choice is about another."""
    if button.command.endswith(f" {place}"):
        return False
    own = await find_by_number(turn.session, place, Scope(unit_ids=turn.own_units))
    return any(view.is_open for view in own)


async def _tapped(turn: Turn, chosen: _Meant) -> Turn:
    """The number is kept with what it stood for; from here on it is the command that was said."""
    command = chosen.button.command
    await audit.record(
        turn.session,
        "chose-by-number",
        now=turn.now,
        channel=turn.incoming.channel,
        person_id=turn.person.id,
        said=turn.text,
        after={"command": command},
    )
    incoming = replace(turn.incoming, text=command, is_tap=True, reply_to=chosen.offer.wire_ref)
    return replace(turn, incoming=incoming, text=command)
