"""Receiving by webhook: the secret, the size and the shape are checked, the update is stored, then Telegram is told."""

import hmac
import json
import logging
import re
from typing import Any, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

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


def telegram_webhook(intake: Store, *, path: str, secret: str, bot_key: str) -> Route:
    """The route to add to the HTTP edge; answers 200, 400, 401, 413, or 503 so that Telegram brings it again."""
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(_secret_of(request), expected):
            return Response(status_code=401)
        try:
            body = (await _body_of(request)).decode()
            row = _row_of(body, bot_key)
        except _TooLargeError:
            return Response(status_code=413)
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        try:
            await intake.store(row)
        except Exception:  # whatever the store says, the update is not ours yet
            log.exception("telegram: an update could not be stored; it will be brought again")
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(path, receive, methods=["POST"])


def _secret_of(request: Request) -> bytes:
    """The header as bytes: a value outside ASCII is wrong, not a fault."""
    for name, value in request.scope["headers"]:
        if name == SECRET_HEADER:
            return bytes(value)
    return b""


async def _body_of(request: Request) -> bytes:
    """Never reads more than one update may hold, whatever the length is said to be."""
    if int(request.headers.get("content-length") or 0) > BODY_BYTES:
        raise _TooLargeError
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_BYTES:
            raise _TooLargeError
        chunks.append(chunk)
    return b"".join(chunks)


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
