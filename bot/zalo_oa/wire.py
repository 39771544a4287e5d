"""One request to Zalo's OA servers and what became of it: no retry, no sleep, no opinion.

Secrets travel in headers and bodies; no exception, nor its cause, nor any log line of ours holds one.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.http_wire import BEFORE_THE_WRITE, CONNECT_TIMEOUT, describe

REQUEST_TIMEOUT = timedelta(seconds=15)
LARGEST_ANSWER = 1024 * 1024
_SAID_LENGTH = 200


class OaError(Exception):
    """Root of what the wire raises."""


class NotSentError(OaError):
    """Not one byte of the request left this machine, or something on the way turned it back."""


class NoAnswerError(OaError):
    """The bytes left; no answer came, or one that cannot be read."""


class RefusedError(OaError):
    """Zalo answered no. `code` is its negative error number, else the HTTP status."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code} {said}".strip())
        self.code, self.said = code, said


class OaWire:
    """Đường tới máy chủ OA. The caller closes it."""

    def __init__(self, *, proxy: str | None, request_timeout: timedelta = REQUEST_TIMEOUT) -> None:
        self._proxy = proxy
        self._limits = ClientTimeout(
            total=request_timeout.total_seconds(),
            sock_connect=min(CONNECT_TIMEOUT, request_timeout).total_seconds(),
        )
        self._session: ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def session(self) -> ClientSession:
        """The connections, for what else must go the same way (the pictures people send)."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(proxy=self._proxy)
        return self._session

    async def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> dict[str, Any]:
        """The answer's object, where HTTP said 2xx and Zalo named no error. `form` or `facts` (JSON) is sent."""
        session = await self.session()
        failure: OaError | None = None
        try:
            async with session.post(
                url, headers=headers, data=form, json=facts, timeout=self._limits, allow_redirects=False
            ) as answer:
                status, body = answer.status, await _whole(answer)
        except BEFORE_THE_WRITE as error:
            failure = NotSentError(describe(error))
        except (TimeoutError, ClientError) as error:
            failure = NoAnswerError(describe(error))
        if failure is not None:
            raise failure  # outside the except clause: not even __context__ may hold the request
        return _judged(status, body, [*headers.values(), *(form or {}).values()])


async def _whole(answer: ClientResponse) -> bytes:
    """Never more than an answer can be."""
    body = await answer.content.read(LARGEST_ANSWER)
    while not answer.content.at_eof() and len(body) < LARGEST_ANSWER:
        body += await answer.content.read(LARGEST_ANSWER - len(body))
    return body


def _judged(status: int, body: bytes, secrets: list[str]) -> dict[str, Any]:
    answer = _parsed(body)
    is_fine = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    if answer is not None and (code := _error_of(answer)):
        raise RefusedError(code, _said(answer, secrets))
    if is_fine and answer is not None:
        return answer
    if is_fine:
        raise NoAnswerError("an answer that is not Zalo's")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise NotSentError(f"HTTP {status}: turned aside on the way")
    raise RefusedError(status, "not an answer of the OA API")


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _error_of(answer: Mapping[str, Any]) -> int:
    """0 for none; a string of digits is taken for its number, and what is no number for an error without one."""
    error = answer.get("error", 0)
    try:
        return int(error)
    except (TypeError, ValueError):
        return HTTPStatus.BAD_REQUEST


def _said(answer: Mapping[str, Any], secrets: list[str]) -> str:
    """Zalo's own words; should they ever quote what we sent, not that."""
    words = next((answer[name] for name in ("message", "error_name", "error_description") if name in answer), "")
    words = words if isinstance(words, str) else ""
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return words[:_SAID_LENGTH]
