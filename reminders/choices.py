"""Buttons in words, for a channel that has none: what to type stands in the text, and a number does for a while. Pure.

A number means its line for `CHOICE_STANDS` after the message arrived, in that chat, and until the person says
something else; the command beside it means the same at any time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from planner.plain_text import plain
from reminders.channel import Button, Capabilities, Message
from reminders.splitting import split_text, text_length
from reminders.wording import plain_environment, render

CHOICE_STANDS = timedelta(minutes=10)

_ENVIRONMENT = plain_environment(Path(__file__).parent / "templates")
_QUOTED = re.compile(r"[\"“](.{1,80}?)[\"”]")
_UNDO = "hoan tac"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Một tin vừa khổ của một kênh: its parts in order, and the choices a number may stand for, the first being 1."""

    parts: tuple[Message, ...]
    choices: tuple[Button, ...] = ()


def fitted(message: Message, able: Capabilities) -> Fitted:
    """Cut to the channel's length; where it has no buttons, or not so many, they become lines at the end."""
    texts = split_text(message.text, limit=able.max_length, unit=able.length_unit) or [message.text]
    if able.buttons and _has_room(message, able):
        return Fitted((*map(Message, texts[:-1]), Message(texts[-1], message.buttons, message.file)))
    choices = choices_of(message)
    texts = _with_lines(texts, choices, able) if choices else texts
    whole = (*map(Message, texts[:-1]), Message(texts[-1], (), message.file))
    return Fitted(whole, choices if len(choices) > 1 else ())


def _has_room(message: Message, able: Capabilities) -> bool:
    return able.most_buttons is None or sum(map(len, message.buttons)) <= able.most_buttons


def choices_of(message: Message) -> tuple[Button, ...]:
    """The buttons that the text does not yet tell of; none where it numbers its choices itself or quotes them all."""
    keys = tuple(key for row in message.buttons for key in row)
    quoted = {plain(found) for found in _QUOTED.findall(message.text)}
    return () if message.is_numbered or all(_is_told(key, quoted) for key in keys) else keys


def _is_told(key: Button, quoted: set[str]) -> bool:
    command = plain(key.command)
    # "hoàn tác" takes back the newest word, which is what the button under its echo does
    return command in quoted or (command.startswith(f"{_UNDO} ") and _UNDO in quoted)


def _with_lines(texts: list[str], choices: Sequence[Button], able: Capabilities) -> list[str]:
    lines = render(
        _ENVIRONMENT, "choices.j2", {"choices": choices, "minutes": int(CHOICE_STANDS.total_seconds()) // 60}
    )
    together = f"{texts[-1]}\n\n{lines}"
    if text_length(together, able.length_unit) <= able.max_length:
        return [*texts[:-1], together]
    return [*texts, *split_text(lines, limit=able.max_length, unit=able.length_unit)]
