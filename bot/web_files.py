"""Files that stand at an address a platform named: good for a while only, so they are fetched at once, and with care.

The address comes from outside, so nothing of this machine or its network is ever asked for by it.
"""

import ipaddress
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.evidence_in import CHUNK, WITHIN, FetchFailedError
from bot.evidence_kinds import RefusedFileError

MOST_REDIRECTS = 3
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED})
_MOVED = frozenset({301, 302, 303, 307, 308})


class Connections(Protocol):
    """Các kết nối của một bot, which know the way to its platform (the proxy)."""

    async def session(self) -> ClientSession: ...


class WebFiles:
    """Nơi tải tệp. `may_be_near`: one's own server stands for the platform, so plain http and this machine may be."""

    def __init__(self, connections: Connections, *, may_be_near: bool) -> None:
        self._connections, self._may_be_near = connections, may_be_near

    async def chunks(self, url: str) -> AsyncGenerator[bytes, None]:
        """The bytes at an address the platform named; each of at most three redirects is asked the same first."""
        for _ in range(MOST_REDIRECTS + 1):
            if not is_fetchable(url, may_be_near=self._may_be_near):
                raise RefusedFileError("unavailable")
            session, failure, onward = await self._connections.session(), None, None
            try:
                async with session.get(
                    url, timeout=ClientTimeout(total=WITHIN.total_seconds()), allow_redirects=False
                ) as answer:
                    if answer.status == HTTPStatus.OK:
                        async for chunk in answer.content.iter_chunked(CHUNK):
                            yield chunk
                        return
                    onward = _onward(url, answer)
                    failure = answer.status
            except (ClientError, TimeoutError, ValueError) as error:
                raise FetchFailedError(type(error).__name__) from None
            if onward is None:
                if failure in _GONE:  # the link has run out: asking again is no use
                    raise RefusedFileError("unavailable")
                raise FetchFailedError(f"HTTP {failure}")
            url = onward
        raise RefusedFileError("unavailable")


def is_fetchable(url: str, *, may_be_near: bool) -> bool:
    """Whether this may be asked for: nothing of this machine or its network, whoever named it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if may_be_near:
        return parts.scheme in {"http", "https"} and bool(host)
    return parts.scheme == "https" and "." in host and not _is_number(host) and not host.endswith(_NEAR)


_NEAR = (".local", ".internal", ".localhost", ".lan", ".home", ".")


def _is_number(host: str) -> bool:
    """An address instead of a name; a platform's files lie behind names."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit() or host.startswith("0x")
    return True


def _onward(url: str, answer: ClientResponse) -> str | None:
    place = answer.headers.get("Location")
    return urljoin(url, place) if answer.status in _MOVED and place else None
