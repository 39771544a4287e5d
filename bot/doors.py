"""Doors of the HTTP edge that a request passes without the layers of the application behind them.

A webhook is asked thousands of times in a busy minute and answers with a status alone: what FastAPI does for a person's
browser would cost more than storing what came. A door is a route like any other, so the application answers the same.
"""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

Ask = Callable[[Scope, Receive], Awaitable[int]]
"""One request; returns the status to answer with."""


class TooLargeError(Exception):
    """The body is larger than anything that is let in here."""


class DisconnectedError(Exception):
    """Whoever asked did not wait for the end of their own question."""


class Door(Route):
    """Cửa: a path that takes POST and answers with an empty body."""

    def __init__(self, path: str, ask: Ask) -> None:
        super().__init__(path, _Answering(ask), methods=["POST"])


class _Answering:
    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = await self._ask(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def header_of(scope: Scope, name: bytes) -> bytes:
    """A header as bytes, for a value outside ASCII is wrong, not a fault; empty where there is none."""
    return next((bytes(value) for known, value in scope["headers"] if known == name), b"")


async def body_of(scope: Scope, receive: Receive, *, at_most: int) -> bytes:
    """Never reads more than this, whatever the length is claimed to be; raises the errors above, and ValueError."""
    if int(header_of(scope, b"content-length") or 0) > at_most:
        raise TooLargeError
    body, is_whole = bytearray(), False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        body += message.get("body", b"")
        is_whole = not message.get("more_body", False)
        if len(body) > at_most:
            raise TooLargeError
    return bytes(body)


def doors_first(app: Starlette) -> ASGIApp:
    """The application, and before it those of its routes that are doors."""
    doors = {route.path: route.app for route in app.router.routes if isinstance(route, Door)}

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        is_post = scope["type"] == "http" and scope["method"] == "POST"
        await ((is_post and doors.get(scope["path"])) or app)(scope, receive, send)

    return enter
