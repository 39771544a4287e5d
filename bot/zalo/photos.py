"""Pictures of ours on their way to Zalo, which takes them from a public address only: shown for minutes, then gone."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.clock import Clock

SHOWN_FOR = timedelta(minutes=10)
MOST_SHOWN = 64

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    content: bytes
    media_type: str
    until: datetime


class PhotoShelf:
    """Nơi bày ảnh, in this process's memory: whoever sends must be whom `public_url` leads to.

    Only pictures that the sender made of figures stand here, never what people handed in. An address cannot be
    guessed (256 bits) and is told to Zalo alone.
    """

    def __init__(self, public_url: str, *, path: str, clock: Clock) -> None:
        self._base, self._path, self._clock = public_url.rstrip("/"), path, clock
        self._shown: OrderedDict[str, _Shown] = OrderedDict()

    def put(self, content: bytes, media_type: str) -> str:
        """Returns the address; when too many stand here the oldest goes."""
        key = secrets.token_urlsafe(32)
        self._forget()
        self._shown[key] = _Shown(content, media_type, self._clock() + SHOWN_FOR)
        while len(self._shown) > MOST_SHOWN:
            self._shown.popitem(last=False)
        return f"{self._base}{self._path}/{key}"

    def route(self) -> Route:
        return Route(f"{self._path}/{{key}}", self._show, methods=["GET"])

    async def _show(self, request: Request) -> Response:
        self._forget()
        shown = self._shown.get(request.path_params["key"])
        if shown is None:
            return Response(status_code=404, headers=_HEADERS)
        return Response(shown.content, media_type=shown.media_type, headers=_HEADERS)

    def _forget(self) -> None:
        now = self._clock()
        while self._shown and next(iter(self._shown.values())).until <= now:
            self._shown.popitem(last=False)
