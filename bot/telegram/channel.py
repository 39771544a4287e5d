"""Telegram as a channel: one `send`, and one table from aiogram's errors to ours."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import EditMessageText, SendDocument, SendPhoto
from aiogram.types import BufferedInputFile

from bot.telegram.wire import NotSentError, SendWords
from models.errors import (
    ChannelStoppedError,
    DeliveryError,
    MovedError,
    OutcomeUnknownError,
    RejectedError,
    TryLaterError,
    UnreachableError,
)
from reminders.channel import CAPTION_LENGTH, Button, Capabilities, Message, OutgoingFile

CALLBACK_BYTES = 64
"""What Telegram lets a button carry, in bytes of UTF-8: 21 "ệ" fill it."""

UPLOAD_WITHIN_S = 28
"""Longer than words may take, and still shorter than the sender waits for any outcome."""

LARGEST_PHOTO = 10 * 1024 * 1024
"""What Telegram shows as a picture; a larger one goes as a document."""

_CAPABILITIES = Capabilities(
    buttons=True,
    edit=True,
    files_out=True,
    groups=True,
    max_length=4096,
    length_unit="utf16",
    monthly_quota=None,
    session_window=None,
    resend_when_unknown=True,
)


class TelegramChannel:
    """Kênh Telegram. An address is a chat id, the reference of a message its id within that chat."""

    name = "telegram"
    capabilities = _CAPABILITIES

    def __init__(self, bot: Bot) -> None:
        self._client = bot
        self.bot = f"{self.name}:{bot.id}"

    async def send(self, address: str, message: Message, *, reply_to: str | None = None) -> str:
        about: dict[str, Any] = {
            "chat_id": _number(address),
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard(message.buttons),
            "reply_parameters": quote(reply_to),
        }
        try:
            return await self._send(message, about)
        except AiogramError as error:
            failure = translate(error)
        raise failure  # outside the except clause: the cause stays behind, and the request with it

    async def edit(self, address: str, ref: str, message: Message) -> None:
        about: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": keyboard(message.buttons)}
        edited = EditMessageText(chat_id=_number(address), message_id=_number(ref), text=render(message.text), **about)
        failure: DeliveryError | None = None
        try:
            await self._client(edited)
        except AiogramError as error:
            if not (isinstance(error, TelegramBadRequest) and _UNCHANGED in error.message.casefold()):
                failure = translate(error)
        if failure is not None:
            raise failure

    async def _send(self, message: Message, about: dict[str, Any]) -> str:
        """A picture that Telegram will not show (too wide, unreadable) was not sent: then it goes as a document."""
        if message.file is None:
            return _reference(await self._client(SendWords(text=render(message.text), **about)))
        about |= {"caption": caption(message.text)}
        upload = BufferedInputFile(message.file.content, filename=message.file.name)
        if _is_shown(message.file):
            try:
                shown = await self._client(SendPhoto(photo=upload, **about), request_timeout=UPLOAD_WITHIN_S)
            except TelegramBadRequest as error:
                if not any(word in error.message.casefold() for word in _NOT_SHOWN):
                    raise
            else:
                return str(shown.message_id)
        document = SendDocument(document=upload, disable_content_type_detection=True, **about)
        return str((await self._client(document, request_timeout=UPLOAD_WITHIN_S)).message_id)


def caption(text: str) -> str | None:
    """The words under a file, rendered; raises RejectedError for more than every channel carries."""
    length = len(text.encode("utf-16-le")) // 2
    if length > CAPTION_LENGTH:
        raise RejectedError(f"a caption of {length} UTF-16 units")
    return render(text) or None


def _is_shown(file: OutgoingFile) -> bool:
    return file.is_photo and len(file.content) <= LARGEST_PHOTO


def render(text: str) -> str:
    """Telegram's HTML: everything escaped, the first line bold where more lines follow it."""
    first, line_break, rest = text.partition("\n")
    if not (first.strip() and rest.strip()):
        return html.escape(text, quote=False)
    return f"<b>{html.escape(first, quote=False)}</b>{line_break}{html.escape(rest, quote=False)}"


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> dict[str, Any] | None:
    """The buttons under a message; raises RejectedError for a command no button can carry."""
    if not rows:
        return None
    return {"inline_keyboard": [[_key(button) for button in row] for row in rows]}


def quote(reference: str | None) -> dict[str, Any] | None:
    """What the message answers; one deleted meanwhile must not hold back the answer to it."""
    if reference is None:
        return None
    return {"message_id": _number(reference), "allow_sending_without_reply": True}


def _reference(said: dict[str, Any]) -> str:
    """Of an answer that says nothing of a message nobody knows what it means."""
    try:
        return str(said["message_id"])
    except KeyError as error:
        raise ClientDecodeError("an answer without a message_id", error, None) from None


def translate(error: AiogramError) -> DeliveryError:
    """The one place where a Telegram failure becomes ours."""
    for kind, ours in _TABLE:
        if isinstance(error, kind):
            return ours(error)
    return RejectedError(type(error).__name__)


def _rate_limited(error: TelegramRetryAfter) -> DeliveryError:
    wait = timedelta(seconds=error.retry_after)
    return TryLaterError("too many requests", retry_after=wait, is_rate_limit=True)


def _bad_request(error: TelegramBadRequest) -> DeliveryError:
    description = error.message.casefold()
    if any(word in description for word in _GONE):
        return UnreachableError(error.message)
    return RejectedError(error.message)


def _server_error(error: TelegramServerError) -> DeliveryError:
    # the one 5xx that says the request went further than the gateway
    if "gateway timeout" in error.message.casefold() or "HTTP 504" in error.message:
        return OutcomeUnknownError(error.message)
    return TryLaterError(error.message)


_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "user_id_invalid",
    "group chat was upgraded",  # without the new id: with it, it is a TelegramMigrateToChat
    "group chat was deactivated",
    "chat_write_forbidden",
    "chat_restricted",
    "have no rights to send a message",
    "not enough rights to send",
    "need administrator rights",
)
"""What a 400 says when the address, not the message, is at fault (in lower case)."""

_NOT_SHOWN = ("photo_invalid_dimensions", "image_process_failed", "photo_ext_invalid", "photo_save_file_invalid")
"""What a 400 says of a picture that would do as a document (in lower case)."""

_UNCHANGED = "message is not modified"

_TABLE: tuple[tuple[type[AiogramError], Callable[[Any], DeliveryError]], ...] = (
    (TelegramRetryAfter, _rate_limited),
    (TelegramMigrateToChat, lambda error: MovedError(str(error.migrate_to_chat_id))),
    (TelegramForbiddenError, lambda error: UnreachableError(error.message)),
    (TelegramBadRequest, _bad_request),
    (TelegramEntityTooLarge, lambda error: RejectedError(error.message)),  # a TelegramNetworkError by descent
    (TelegramUnauthorizedError, lambda error: ChannelStoppedError(error.message)),
    (TelegramServerError, _server_error),
    (NotSentError, lambda error: TryLaterError(error.message)),
    (TelegramNetworkError, lambda error: OutcomeUnknownError(error.message)),
    (TelegramAPIError, lambda error: RejectedError(f"{type(error).__name__}: {error.message}")),
    # Telegram answered 200 and the answer cannot be read: very likely delivered
    (ClientDecodeError, lambda _: OutcomeUnknownError("unreadable answer")),
)
"""From the particular to the general: the first row that fits decides."""


def _number(reference: str) -> int:
    try:
        return int(reference)
    except ValueError:
        raise RejectedError(f"not a number of Telegram: {reference!r}") from None


def _key(button: Button) -> dict[str, str]:
    if not 0 < len(button.command.encode()) <= CALLBACK_BYTES:
        raise RejectedError(f"a button carries 1 to {CALLBACK_BYTES} bytes: {button.command!r}")
    return {"text": button.label, "callback_data": button.command}
