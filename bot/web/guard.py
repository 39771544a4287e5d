"""The guard of the page: the same headers on every answer, nothing foreign posted, no fault shown from inside."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.doors import DisconnectedError, TooLargeError, body_of
from bot.web.changes import NoSuchFormError, form_fields

log = logging.getLogger(__name__)

BODY_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}

Refused = Callable[[int], Response]
"""The page for a status of 4xx or 5xx."""


class Guard:
    """Người gác. `origin` is that of our own page; `may_enter` looks at the Host a request names."""

    def __init__(
        self, app: ASGIApp, *, origin: str, refused: Refused, may_enter: Callable[[str], bool] = lambda _host: True
    ) -> None:
        self._app, self._origin, self._refused, self._may_enter = app, origin, refused, may_enter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        # else the application we are part of would answer errors in its own way, in English and in JSON
        ours = {name: value for name, value in scope.items() if name != "starlette.exception_handlers"}
        try:
            self._refuse_stranger(Headers(scope=scope), scope["method"])
            await self._app(ours, receive, sealed)
        except DisconnectedError:
            return
        except Exception as error:  # noqa: BLE001 -- the edge: whatever it was, the person reads a sentence
            await self._refused(_status_of(error, scope))(scope, receive, sealed)

    def _refuse_stranger(self, headers: Headers, method: str) -> None:
        """A form sent under `no-referrer` names no origin ("null"), so the browser's own word about it comes first.

        Browsers older than that word send nothing to tell by: there the secret of the link, the cookie that leaves
        our site in no other's request, and the token of the form stand alone.
        """
        if not self._may_enter(headers.get("host", "")):
            raise HTTPException(421)
        if method in {"GET", "HEAD"}:
            return
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise HTTPException(403)
        if headers.get("origin", "null") not in {"null", self._origin}:
            raise HTTPException(403)
        if headers.get("content-type", FORM).partition(";")[0].strip().lower() != FORM:
            raise HTTPException(415)


def _status_of(error: Exception, scope: Scope) -> int:
    """What is not ours to expect is written down, without the address: it may hold the secret of a link."""
    match error:
        case HTTPException():
            return error.status_code
        case TooLargeError():
            return 413
        case NoSuchFormError():
            return 422
    log.error("a %s of a letter's page failed", scope["method"], exc_info=error)
    return 500


async def form_of(scope: Scope, receive: Receive) -> dict[str, Any]:
    """The fields of a posted form; raises TooLargeError, DisconnectedError, NoSuchFormError."""
    try:
        body = await body_of(scope, receive, at_most=BODY_BYTES)
        return form_fields(body)
    except ValueError as error:
        raise NoSuchFormError from error
