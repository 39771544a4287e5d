"""Receiving by webhook: the secret, the size and the shape are checked, what came is stored, then Zalo is told.

Whether Zalo comes again after an error is not documented, so only a store that is away answers with one.
"""

import hmac
import json
import logging
from typing import Protocol

from starlette.types import Receive, Scope

from bot.doors import DisconnectedError, Door, TooLargeError, body_of, header_of
from bot.zalo.poller import row_of
from bot.zalo.updates import single_updates
from reminders.inbox import IncomingRow

log = logging.getLogger(__name__)

BODY_BYTES = 1024 * 1024
SECRET_HEADER = b"x-bot-api-secret-token"


class Store(Protocol):
    """Cửa nhận: returns only when the row is committed."""

    async def store(self, row: IncomingRow) -> None: ...


def zalo_webhook(intake: Store, *, path: str, secret: str, bot: str) -> Door:
    """The route to add to the HTTP edge; answers 200, 400, 403, 413, or 503 in the hope that Zalo comes again."""
    expected = secret.encode()

    async def ask(scope: Scope, receive: Receive) -> int:
        if not hmac.compare_digest(header_of(scope, SECRET_HEADER), expected):
            return 403
        try:
            updates = single_updates(json.loads(await body_of(scope, receive, at_most=BODY_BYTES)))
        except TooLargeError:
            return 413
        except (ValueError, RecursionError, DisconnectedError):
            return 400
        try:
            for update in updates:
                await intake.store(row_of(update, bot))
        except Exception:  # whatever the store says, the update is not ours yet
            log.exception("zalo: an update could not be stored")
            return 503
        return 200

    return Door(path, ask)
