"""Receiving from an Official Account: the signature over the raw bytes, the shape, the store; then Zalo is told.

Zalo turns a webhook off that answers with errors, so a body that proves nothing is answered 200, dropped and counted.
"""

import json
import logging
from typing import Any, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.zalo_oa.proofs import is_signed
from bot.zalo_oa.updates import is_group_event, lane_of, timestamp_of, update_key
from reminders.inbox import IncomingRow

log = logging.getLogger(__name__)

BODY_BYTES = 1024 * 1024
SIGNATURE_HEADER = b"x-zevent-signature"


class Store(Protocol):
    """Cửa nhận: returns only when the row is committed."""

    async def store(self, row: IncomingRow) -> None: ...


class _TooLargeError(Exception):
    """The body is larger than any event."""


class OaWebhook:
    """Cửa nhận sự kiện của một OA. `proved` and `ignored` count what came with and without a right signature."""

    def __init__(self, intake: Store, *, app_id: str, key: str, bot: str, group_bot: str) -> None:
        """`key`: the OA's own secret key, which is not the application's."""
        self._intake, self._app_id, self._key = intake, app_id, key
        self._bot, self._group_bot = bot, group_bot
        self.ignored = self.proved = 0

    def route(self, path: str) -> Route:
        """Answers 200, 413, or 503 in the hope that Zalo comes again."""
        return Route(path, self._receive, methods=["POST"])

    async def _receive(self, request: Request) -> Response:
        try:
            body = await _body_of(request)
        except _TooLargeError:
            return Response(status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)
        event = self._proved(body, _signature_of(request))
        if event is None:
            return Response(status_code=200)
        try:
            await self._intake.store(self._row_of(event, body))
        except Exception:  # whatever the store says, the event is not ours yet
            log.exception("zalo oa: an event could not be stored")
            return Response(status_code=503)
        return Response(status_code=200)

    def _proved(self, body: bytes, signature: bytes) -> dict[str, Any] | None:
        """The event of a body that Zalo signed; None for everything else."""
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            event = None
        if isinstance(event, dict) and is_signed(
            signature, body, app_id=self._app_id, timestamp=timestamp_of(event), key=self._key
        ):
            self.proved += 1
            return event
        self.ignored += 1
        log.warning("zalo oa: a body without a right signature was ignored (%s so far)", self.ignored)
        return None

    def _row_of(self, event: dict[str, Any], body: bytes) -> IncomingRow:
        bot = self._group_bot if is_group_event(event) else self._bot
        return IncomingRow(bot=bot, update_key=update_key(event), chat=lane_of(event), body=_text_of(event, body))


def _text_of(event: dict[str, Any], body: bytes) -> str:
    """The body as it came; half a surrogate, which no database takes, stays escaped."""
    text = body.decode("utf-8", "replace")
    return text if "\x00" not in text else json.dumps(event, separators=(",", ":"))


def _signature_of(request: Request) -> bytes:
    """The header as bytes: a value outside ASCII is wrong, not a fault."""
    for name, value in request.scope["headers"]:
        if name == SIGNATURE_HEADER:
            return bytes(value)
    return b""


async def _body_of(request: Request) -> bytes:
    """Never reads more than one event may hold, whatever the length is said to be."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_BYTES:
            raise _TooLargeError
        chunks.append(chunk)
    return b"".join(chunks)
