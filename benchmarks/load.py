"""A load generator that costs little next to what it loads: HTTP/1.1 on raw sockets, one request in flight on each."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from benchmarks.measuring import Times

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Loaded:
    """Kết quả một lượt nạp."""

    per_second: float
    latency: Times


class _Connection(asyncio.Protocol):
    def __init__(self, requests: deque[bytes], taken: list[float], done: "asyncio.Future[None]") -> None:
        self._requests, self._taken, self._done = requests, taken, done
        self._transport: asyncio.Transport | None = None
        self._heard, self._sent_at = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is none by descent
        self._next()

    def _next(self) -> None:
        assert self._transport is not None
        if not self._requests:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._requests.popleft())

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, body = self._heard.partition(_END)
        if not end:
            return
        length = _LENGTH.search(head)
        if length is None or len(body) < int(length[1]):
            return
        self._taken.append(time.perf_counter() - self._sent_at)
        if not head.startswith(b"HTTP/1.1 200"):
            self._fail(RuntimeError(head.partition(b"\r\n")[0].decode()))
            return
        self._heard = b""
        self._next()

    def _fail(self, error: Exception) -> None:
        if not self._done.done():
            self._done.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc) if exc else self._done.set_result(None)


async def fire(port: int, requests: Sequence[bytes], *, connections: int) -> Loaded:
    """Send each request once; raises when one of them is not answered with 200."""
    loop, waiting, taken = asyncio.get_running_loop(), deque(requests), list[float]()
    futures = [loop.create_future() for _ in range(connections)]
    began = time.perf_counter()
    for future in futures:
        await loop.create_connection(lambda done=future: _Connection(waiting, taken, done), "127.0.0.1", port)
    await asyncio.gather(*futures)
    return Loaded(len(taken) / (time.perf_counter() - began), Times(taken))


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json",
             f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]  # fmt: skip
    return "\r\n".join([*lines, "", ""]).encode() + body
