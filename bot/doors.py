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


def doors_first(app: Starlette) -> ASGIApp:
    """The application, and before it those of its routes that are doors."""
    doors = {route.path: route.app for route in app.router.routes if isinstance(route, Door)}

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        is_post = scope["type"] == "http" and scope["method"] == "POST"
        await ((is_post and doors.get(scope["path"])) or app)(scope, receive, send)

    return enter
