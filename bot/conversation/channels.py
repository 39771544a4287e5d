"""`kênh`: by which channels a person is reached and in which order; `kênh 2` puts the second first."""

from bot.conversation.buttons import pairs
from bot.conversation.channel_names import channel_name
from bot.conversation.incoming import Reply
from bot.conversation.turn import Turn
from bot.conversation.understand import Understood
from planner.person_channels import LinkedChannel, channels_of, put_first
from planner.plain_text import plain
from reminders.channel import Button


async def channels(turn: Turn, understood: Understood) -> list[Reply]:
    """Only the person's own; what is being answered here goes on here whatever they choose."""
    found = await channels_of(turn.session, turn.person.id)
    if understood.number is None and not understood.rest:
        return _show(turn, found, "channels")
    chosen = _meant(found, understood)
    if chosen is None:
        return _show(turn, found, "channels", unknown=understood.rest or str(understood.number))
    ordered = await put_first(
        turn.session, turn.person.id, chosen.address_id, now=turn.now, channel=turn.incoming.channel
    )
    return _show(turn, ordered, "channels", chosen=chosen)


def _meant(found: list[LinkedChannel], understood: Understood) -> LinkedChannel | None:
    """By its place in the list, or by its name."""
    if understood.number is not None:
        return found[understood.number - 1] if 1 <= understood.number <= len(found) else None
    wanted = plain(understood.rest).replace("-", " ")
    return next((each for each in found if plain(channel_name(each.channel)).replace("-", " ") == wanted), None)


def _show(
    turn: Turn,
    found: list[LinkedChannel],
    template: str,
    *,
    chosen: LinkedChannel | None = None,
    unknown: str | None = None,
) -> list[Reply]:
    keys = [
        Button(f"{channel_name(each.channel)} trước", f"kenh {place}")
        for place, each in enumerate(found, start=1)
        if place > 1
    ]
    lines = [(channel_name(each.channel), each, each.bot == turn.incoming.bot) for each in found]
    name = channel_name(chosen.channel) if chosen else None
    return turn.say(template, lines=lines, chosen=name, unknown=unknown, buttons=() if chosen else pairs(*keys))
