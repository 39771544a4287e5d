"""What comes in from any channel and what goes back: the two values the conversation is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reminders.channel import Button

KEPT_CHARACTERS = 4000
"""What is kept of one message of a person; platforms allow little more."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Một tin của người dùng.

    `reply_to` is the wire reference of the message replied to, or of the one whose button was tapped. `said_by` is
    the sender's id on the platform: in a private chat the same as `chat`. `ref` is the message's own reference;
    `edits` that of the message whose words it replaces. In a group `is_addressed` tells a command, a mention or a
    reply to us from what people say to each other; `private_bot`: by whose private chats the sender is known, where
    groups have a channel of their own.
    """

    channel: str
    bot: str
    chat: str
    is_group: bool
    text: str
    said_by: str
    reply_to: str | None = None
    is_tap: bool = False
    start_payload: str | None = None
    ref: str | None = None
    edits: str | None = None
    is_addressed: bool = True
    private_bot: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Một tin trả lời. `about`: the assignments it speaks of, so that a reply to it knows which work is meant.

    Of any `form` but "text" the words are made from `facts` at the moment of sending. `is_numbered`: the text numbers
    its choices, and the open question reads those numbers. `key`: what it is owed under, where something that comes
    later must find it again.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    about: tuple[int, ...] = ()
    form: str = "text"
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_numbered: bool = False
    key: str | None = None
