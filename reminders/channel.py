"""The port every chat platform implements: one `send`, its limits as data, foreign errors already translated."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Button:
    """Nút bấm: `command` is exactly what the person could have typed (`xong 12`), at most 64 bytes of UTF-8."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """Tệp gửi kèm: made at the moment of sending. `is_photo` shows it in the chat where the channel can."""

    name: str
    media_type: str
    content: bytes
    is_photo: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """Một tin: plain text (NFC, no markup of any platform), rows of buttons, and at most one file.

    With a file the text is its caption, CAPTION_LENGTH at most. A channel that carries no files out refuses it.

    A channel may set the first line in bold; it must escape everything. One without buttons is given none: the
    sender has made lines of the text of them (`reminders.choices`). `is_numbered`: the text numbers its choices
    itself, and the question it asks reads those numbers.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    file: OutgoingFile | None = None
    is_numbered: bool = False


CAPTION_LENGTH = 1000
"""UTF-16 units of a caption that every channel with files carries (Telegram allows 1024)."""


@dataclass(frozen=True, slots=True)
class SessionWindow:
    """Cửa sổ tương tác: how long after a person's last word the channel still carries ours, to the instant itself.

    Until `free` has passed at no cost; until `billed` has, for money, where somebody said it `may_bill`; then refused.
    """

    free: timedelta
    billed: timedelta | None = None
    may_bill: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Khả năng của một kênh, as data, so that no rule asks for a channel by name.

    `max_length` is counted in `length_unit` after escaping is undone (entities count as one).
    `monthly_quota`: messages a civil month, both directions together; None = not counted.
    `session_window`: None = a person may be written to at any time.
    `resend_when_unknown`: whether a message of unknown outcome may be sent once more after its lease.
    `most_people`, `most_groups`: how many one bot of the platform may have; None = any number.
    `photos_out`: pictures of ours can be shown, even where other files cannot.
    `most_buttons`: how many one message may have; with more it is written as where there are none.
    """

    buttons: bool
    edit: bool
    files_out: bool
    groups: bool
    max_length: int
    length_unit: Literal["characters", "utf16"]
    monthly_quota: int | None
    session_window: SessionWindow | None
    resend_when_unknown: bool
    most_people: int | None = None
    most_groups: int | None = None
    photos_out: bool = False
    most_buttons: int | None = None


class Channel(Protocol):
    """Kênh trò chuyện. `bot` names the account that sends (`telegram:7001`): rate limits and leases are per bot."""

    @property
    def name(self) -> str: ...

    @property
    def bot(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        """Deliver one message that fits `max_length`; returns the platform's reference of it.

        Raises only the DeliveryError family of `models.errors`. Never sleeps, never retries.
        """
        ...


@runtime_checkable
class Edits(Protocol):
    """Kênh sửa được tin đã gửi: for a line that tells how far something is, and for nothing that must arrive."""

    async def edit(self, address: str, ref: str, message: Message) -> None:
        """Put these words and buttons in the place of the message's own; the same again changes nothing.

        Raises only the DeliveryError family. Never sleeps, never retries; nothing may depend on it.
        """
        ...
