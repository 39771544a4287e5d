"""Zalo as a channel: one `send`, and one table from what Zalo answers to our delivery errors."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from bot.zalo.client import NoAnswerError, NotSentError, RefusedError, TextStyle, ZaloClient, ZaloError
from models.errors import (
    ChannelStoppedError,
    DeliveryError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from reminders.channel import CAPTION_LENGTH, Capabilities, Message
from reminders.splitting import text_length

LONGEST_TEXT = 1900
"""UTF-16 units of one message; Zalo says 2000, and the hundred are for what it may count otherwise."""

MONTHLY_QUOTA = 3000
"""Messages of a free bot in a month, both directions counted to be safe."""

MOST_PEOPLE, MOST_GROUPS = 50, 3
"""What a free bot may have."""

AFTER_TOO_MANY = timedelta(minutes=15)
"""A 429 names no time, and may mean the second or the month."""

BOLD = "b"


class PhotoShelf(Protocol):
    """Nơi bày ảnh: gives a picture an address that Zalo can fetch it from for a while."""

    def put(self, content: bytes, media_type: str) -> str: ...


class ZaloChannel:
    """Kênh Zalo Bot. An address is a chat id; the reference of a message is Zalo's id of it."""

    name = "zalo"

    def __init__(self, client: ZaloClient, *, photos: PhotoShelf | None = None) -> None:
        """`photos` None: no public address is configured, so pictures stay here and words say what they show."""
        self._client, self._photos = client, photos
        self.bot = client.bot
        self.capabilities = Capabilities(
            buttons=False,
            edit=False,
            files_out=False,
            groups=True,
            max_length=LONGEST_TEXT,
            length_unit="utf16",
            monthly_quota=MONTHLY_QUOTA,
            session_window=None,
            resend_when_unknown=False,
            most_people=MOST_PEOPLE,
            most_groups=MOST_GROUPS,
            photos_out=photos is not None,
        )

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        """`reply_to` is dropped: Zalo has no way to quote, and every message of ours stands alone."""
        del reply_to
        text = unicodedata.normalize("NFC", message.text)
        try:
            if message.file is not None:
                return await self._send_photo(address, text, message)
            return await self._client.send_message(address, text, heading(text))
        except ZaloError as error:
            failure = translate(error)
        raise failure  # outside the except clause: the cause stays behind

    async def _send_photo(self, address: str, text: str, message: Message) -> str:
        file = message.file
        assert file is not None
        if self._photos is None or not file.is_photo:
            raise RejectedError("this channel carries no such file")
        if (length := text_length(text, "utf16")) > CAPTION_LENGTH:
            raise RejectedError(f"a caption of {length} UTF-16 units")
        return await self._client.send_photo(address, self._photos.put(file.content, file.media_type), text)


def heading(text: str) -> tuple[TextStyle, ...]:
    """The first line bold where more lines follow it: told beside the text, so nothing in the text is ever read."""
    first, _, rest = text.partition("\n")
    if not (first.strip() and rest.strip()):
        return ()
    return (TextStyle(0, text_length(first, "utf16"), (BOLD,)),)


def translate(error: ZaloError) -> DeliveryError:
    """The one place where a Zalo failure becomes ours."""
    if isinstance(error, NotSentError):
        return TryLaterError(str(error))
    if isinstance(error, RefusedError):
        return _TABLE.get(error.code, _by_range)(error)
    assert isinstance(error, NoAnswerError)
    return OutcomeUnknownError(str(error))


def _bad_request(error: RefusedError) -> DeliveryError:
    if any(word in error.description.casefold() for word in _GONE):
        return UnreachableError(str(error))
    return RejectedError(str(error))


def _by_range(error: RefusedError) -> DeliveryError:
    if 500 <= error.code < 600:  # noqa: PLR2004 -- the server's own trouble
        return TryLaterError(str(error))
    return RejectedError(str(error))


def _too_many(error: RefusedError) -> DeliveryError:
    return TryLaterError(str(error), retry_after=AFTER_TOO_MANY, is_rate_limit=True)


_GONE = ("chat not found", "user not found", "chat_id not found", "bot was blocked", "blocked the bot", "was kicked")
"""What a 400 may say when the address, not the message, is at fault (in lower case); Zalo documents none of it."""

_TABLE: dict[int, Callable[[RefusedError], DeliveryError]] = {
    400: _bad_request,
    401: lambda error: ChannelStoppedError(str(error)),
    403: lambda error: TryLaterError(str(error)),  # seen to pass by itself; it shows as an outage if it lasts
    407: lambda error: TryLaterError(str(error)),  # the proxy's, not Zalo's
    408: lambda error: OutcomeUnknownError(str(error)),
    429: _too_many,
    504: lambda error: OutcomeUnknownError(str(error)),  # a gateway that waited in vain for what it passed on
}
"""By Zalo's error_code, else the HTTP status; what is not here is told by its range."""
