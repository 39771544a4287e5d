"""What any HTTP wire of ours tells apart: a request whose bytes never left, and one whose end nobody knows."""

from datetime import timedelta
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientHttpProxyError,
    ConnectionTimeoutError,
    InvalidURL,
    NonHttpUrlClientError,
    ServerFingerprintMismatch,
)

CONNECT_TIMEOUT = timedelta(seconds=10)
"""Shorter than any request: a time-out while connecting must be told from one while waiting for the answer."""

BEFORE_THE_WRITE = (
    ClientConnectorError,  # refused, no route, no such name, TLS, proxy out of reach
    ClientHttpProxyError,  # the proxy would not open the tunnel
    ConnectionTimeoutError,
    ServerFingerprintMismatch,
    InvalidURL,
    NonHttpUrlClientError,
)
"""Not one byte of the request left this machine, so it may be sent again without a second thought."""


def describe(error: Exception) -> str:
    """The kind of failure and the system's word for it; never `str(error)`, which may hold the URL."""
    system: Any = getattr(error, "os_error", error)
    word = getattr(system, "strerror", None)
    return f"{type(error).__name__}: {word}" if word else type(error).__name__
