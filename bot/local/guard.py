"""The door of the local page: only this machine's own page may act, and every refusal is one Vietnamese sentence."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from models.errors import InputError

BODY_BYTES = 64 * 1024
FILE_BYTES = 21 * 1024 * 1024
"""A little more than is taken, so that the answer in the chat says what is too much."""

UNREADABLE = "Yêu cầu không đúng dạng. Đề nghị tải lại trang rồi thử lại."
NOT_DONE = 'Chưa thực hiện được yêu cầu này. Gõ "trợ giúp" để xem cách trả lời.'

# a page elsewhere that points its own name at 127.0.0.1 would otherwise read the chats as its own
_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE | re.ASCII)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Refusal(HTTPException):
    """A 4xx whose `detail` is the sentence the person reads."""


class GuardedRoute(APIRoute):
    """A route that asks who comes before reading what they bring."""

    body_kind, body_bytes = "application/json", BODY_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                _refuse_stranger(request)
                if request.method == "POST":
                    _refuse_unfit_body(request, kind=self.body_kind, at_most=self.body_bytes)
                response = await handle(request)
            except Refusal as refusal:
                response = _said(refusal.status_code, refusal.detail)
            except (RequestValidationError, HTTPException):
                response = _said(422, UNREADABLE)
            except InputError:
                response = _said(422, NOT_DONE)
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return guarded


class FileRoute(GuardedRoute):
    """Takes the bytes of one file; no other page can send this kind of body without being asked for leave first."""

    body_kind, body_bytes = "application/octet-stream", FILE_BYTES


def is_local(host: str) -> bool:
    """Whether the Host a request names is this machine."""
    return bool(_LOCAL_HOST.fullmatch(host))


def _said(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)


def _refuse_stranger(request: Request) -> None:
    host = request.headers.get("host", "")
    if not is_local(host):
        raise Refusal(421, "Trang dùng thử chỉ mở được ngay trên máy này, qua địa chỉ localhost.")
    if request.method != "POST":
        return
    origin = request.headers.get("origin")
    came_from = request.headers.get("sec-fetch-site", "same-origin")
    if came_from not in {"same-origin", "none"} or (origin and origin.partition("://")[2] != host):
        raise Refusal(403, "Yêu cầu đến từ một trang khác nên không được nhận.")


def _refuse_unfit_body(request: Request, *, kind: str, at_most: int) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise Refusal(415, UNREADABLE)
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise Refusal(411, UNREADABLE)
    if int(length[:20]) > at_most:
        raise Refusal(413, "Nội dung gửi lên quá lớn. Đề nghị chia thành nhiều tin ngắn hơn, hoặc tệp dưới 20 MB.")
