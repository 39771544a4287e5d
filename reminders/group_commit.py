"""Group commit: whoever asks while one commit runs shares the next, so durability costs one fsync for many."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

T = TypeVar("T")
R = TypeVar("R")

Commit = Callable[[Sequence[T]], Awaitable[Sequence[R]]]
"""Writes all the items in one transaction, commits, and answers in their order; or raises and has written none."""


class GroupCommit(Generic[T, R]):
    """Gộp nhiều lần ghi vào một lần commit.

    `submit` returns only after the commit that holds its item. There is no waiting to gather: the first one commits
    at once, and those who come meanwhile are the next group. Beyond `waiting` callers wait outside. An item that the
    database refuses fails alone: the group is then written one by one.
    """

    def __init__(self, commit: Commit[T, R], *, at_most: int = 500, waiting: int = 10_000) -> None:
        self._commit = commit
        self._at_most = at_most
        self._places = asyncio.Semaphore(waiting)
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._flusher: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """Raises what the database raised. A caller that is cancelled leaves its item to be written all the same."""
        async with self._places:
            future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
            self._waiting.append((item, future))
            if self._flusher is None:
                self._flusher = asyncio.create_task(self._flush())
            return await future

    async def close(self) -> None:
        """Returns when everything submitted so far is written or refused."""
        while self._flusher is not None:
            await asyncio.wait([self._flusher])

    async def _flush(self) -> None:
        try:
            while self._waiting:
                await self._write([self._waiting.popleft() for _ in range(min(self._at_most, len(self._waiting)))])
        finally:
            self._flusher = None
            for _, future in self._waiting:  # only when this task was cancelled
                future.cancel()

    async def _write(self, group: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._commit([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 -- handed to everybody who waits for it
            await self._write_apart(group, error)
        except asyncio.CancelledError:
            for _, future in group:
                future.cancel()
            raise
        else:
            for (_, future), answer in zip(group, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def _write_apart(self, group: Sequence[tuple[T, asyncio.Future[R]]], error: Exception) -> None:
        if len(group) == 1 or is_outage(error):
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for one in group:
            await self._write([one])


def is_outage(error: Exception) -> bool:
    """Whether the database itself, and not one of the rows, is what fails."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (OperationalError, InterfaceError, OSError))
