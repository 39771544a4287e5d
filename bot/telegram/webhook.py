"""Receiving by webhook: the secret, the size and the shape are checked, the update is stored, then Telegram is told."""

import hmac
import json
import logging
import re
from typing import Any, Protocol

from starlette.types import Receive, Scope

from bot.doors import Door
from bot.telegram.poller import chat_key_of
from reminders.inbox import IncomingRow

log = logging.getLogger(__name__)

BODY_BYTES = 1024 * 1024
SECRET_HEADER = b"x-telegram-bot-api-secret-token"
LARGEST_ID = 2**63
NO_CHAT = "0"
"""The lane of what comes from no chat that could be."""
_CHAT = re.compile(r"-?[0-9]{1,20}")


class Store(Protocol):
    """Cửa nhận: returns only when the row is committed."""

    async def store(self, row: IncomingRow) -> None: ...


class _TooLargeError(Exception):
    """The body is larger than any update."""


class _DisconnectedError(Exception):
    """Whoever asked did not wait for the end of their own question."""


def telegram_webhook(intake: Store, *, path: str, secret: str, bot_key: str) -> Door:
    """The route to add to the HTTP edge; answers 200, 400, 401, 413, or 503 so that Telegram brings it again."""
    expected = secret.encode()

    async def ask(scope: Scope, receive: Receive) -> int:
        headers = dict(scope["headers"])
        if not hmac.compare_digest(headers.get(SECRET_HEADER, b""), expected):
            return 401
        try:
            body = await _body_of(receive, claimed=int(headers.get(b"content-length") or 0))
            row = _row_of(body.decode(), bot_key)
        except _TooLargeError:
            return 413
        except (ValueError, RecursionError, _DisconnectedError):
            return 400
        try:
            await intake.store(row)
        except Exception:  # whatever the store says, the update is not ours yet
            log.exception("telegram: an update could not be stored; it will be brought again")
            return 503
        return 200

    return Door(path, ask)


async def _body_of(receive: Receive, *, claimed: int) -> bytearray:
    """Never reads more than one update may hold, whatever the length is claimed to be."""
    if claimed > BODY_BYTES:
        raise _TooLargeError
    body, is_whole = bytearray(), False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _DisconnectedError
        body += message.get("body", b"")
        is_whole = not message.get("more_body", False)
        if len(body) > BODY_BYTES:
            raise _TooLargeError
    return body


def _row_of(body: str, bot_key: str) -> IncomingRow:
    """Raises ValueError for what is not an update."""
    update: Any = json.loads(body)
    if not isinstance(update, dict):
        raise ValueError("not an object")  # noqa: TRY004 -- a bad body, not a bug of the caller
    update_id = update.get("update_id")
    if type(update_id) is not int or not 0 <= update_id < LARGEST_ID:
        raise ValueError("no update_id")
    chat = chat_key_of(update)
    return IncomingRow(
        bot=bot_key, update_key=str(update_id), chat=chat if _CHAT.fullmatch(chat) else NO_CHAT, body=body
    )
