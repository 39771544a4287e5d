"""One HTTP server inside a process that has other things to do: it starts, it says where, it stops when told."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from bot.doors import doors_first
from models.errors import NotReadyError


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The composition root listens to signals; a server that did would swallow them."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """Take the port at once, so that a taken one is told before anything else starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise NotReadyError(
            f"Không mở được cổng {port} trên {host} ({error.strerror}): cổng đang được dùng, hãy chọn cổng khác."
        ) from None
    return listener


async def serve(app: FastAPI, listener: socket.socket, *, stop: asyncio.Event) -> None:
    """Serve until `stop`; requests under way are finished, waiting readers are cut off after a moment."""
    config = uvicorn.Config(
        doors_first(app),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
        server_header=False,
        proxy_headers=False,  # nothing here asks where a request came from
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving
