"""Pictures people send by Zalo: an address that is good for a while only, so they are fetched at once."""

import ipaddress
from collections.abc import AsyncGenerator
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientResponse, ClientTimeout

from bot.evidence_in import CHUNK, WITHIN, FetchFailedError, SentFile
from bot.evidence_kinds import RefusedFileError
from bot.zalo.client import ZaloClient
from bot.zalo.updates import Kind, read_update

NAMELESS = "anh"
MOST_REDIRECTS = 3
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED})
_MOVED = frozenset({301, 302, 303, 307, 308})


def sent_file(body: str) -> SentFile | None:
    """The picture of a private message of a person to the bot; None for whatever else an update may be."""
    update = read_update(body)
    if update is None or update.kind is not Kind.PHOTO or update.is_echo or update.is_group:
        return None
    if update.chat is None or update.sender != update.chat or update.photo_url is None:
        return None
    return SentFile(update.chat, update.photo_url, "", NAMELESS, 0)


class Pictures:
    """Nơi tải ảnh. `may_be_near`: a server of one's own stands for Zalo, so plain http and this machine are allowed."""

    def __init__(self, client: ZaloClient, *, may_be_near: bool) -> None:
        self._client, self._may_be_near = client, may_be_near

    async def chunks(self, url: str) -> AsyncGenerator[bytes, None]:
        """The bytes at an address Zalo named, over at most three redirects, each asked the same question first."""
        for _ in range(MOST_REDIRECTS + 1):
            if not is_fetchable(url, may_be_near=self._may_be_near):
                raise RefusedFileError("unavailable")
            session, failure, onward = await self._client.session(), None, None
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
    """Whether this may be asked for: nothing of this machine or its network, should the address not be Zalo's."""
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
    """An address instead of a name; Zalo's pictures lie behind names."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit() or host.startswith("0x")
    return True


def _onward(url: str, answer: ClientResponse) -> str | None:
    place = answer.headers.get("Location")
    return urljoin(url, place) if answer.status in _MOVED and place else None
