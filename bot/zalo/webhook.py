"""Receiving by webhook: the secret, the size and the shape are checked, what came is stored, then Zalo is told.

Whether Zalo comes again after an error is not documented, so only a store that is away answers with one.
"""

import hmac
import json
import logging
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.zalo.poller import row_of
from bot.zalo.updates import single_updates
from reminders.inbox import IncomingRow

log = logging.getLogger(__name__)

BODY_BYTES = 1024 * 1024
SECRET_HEADER = b"x-bot-api-secret-token"


class Store(Protocol):
    """Cửa nhận: returns only when the row is committed."""

    async def store(self, row: IncomingRow) -> None: ...


class _TooLargeError(Exception):
    """The body is larger than any update."""


def zalo_webhook(intake: Store, *, path: str, secret: str, bot: str) -> Route:
    """The route to add to the HTTP edge; answers 200, 400, 403, 413, or 503 in the hope that Zalo comes again."""
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(_secret_of(request), expected):
            return Response(status_code=403)
        try:
            updates = single_updates(json.loads(await _body_of(request)))
        except _TooLargeError:
            return Response(status_code=413)
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        try:
            for update in updates:
                await intake.store(row_of(update, bot))
        except Exception:  # whatever the store says, the update is not ours yet
            log.exception("zalo: an update could not be stored")
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
