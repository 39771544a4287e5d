"""A world in which nothing waits: an event loop whose time jumps to the next timer, SQLite without threads, and a
process that can be cut off between any two of its statements. One seed is one history."""

import asyncio
import contextlib
import random
import selectors
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import aiosqlite


class CutOffError(BaseException):
    """What a killed process meets wherever it turns; nothing in the house catches it."""


class Life:
    """The life of one process: when it ends, its statements and its messages find nobody any more."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.is_over = False
        self.statements_left: int | None = None
        self._connections: list[Any] = []

    def ends_after(self, statements: int) -> None:
        self.statements_left = statements

    def spend(self) -> None:
        """One statement or one message; raises when the process is no more."""
        if self.statements_left is not None:
            self.statements_left -= 1
            if self.statements_left < 0:
                self.is_over = True
        if self.is_over:
            raise CutOffError

    def bury(self) -> None:
        """The system closes a dead process's files; what it had not committed is gone."""
        self.is_over = True
        for connection in self._connections:
            with contextlib.suppress(Exception):  # closed already
                if connection.in_transaction:
                    connection.execute("ROLLBACK")  # an unfinished statement would keep a closed connection's lock
                connection.close()
        self._connections.clear()

    def adopt(self, connection: Any) -> None:
        self._connections.append(connection)


class _NoThread:
    daemon = True

    def start(self) -> None:
        """Nothing runs beside the loop."""


class _InlineQueue:
    """Where aiosqlite would hand work to its thread: done here, after a moment of virtual time."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def put_nowait(self, order: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, work = order
        pause = self._life.dice.choice((0.0001, 0.0002, 0.0005, 0.004))
        asyncio.get_running_loop().call_later(pause, self._do, future, work)

    def _do(self, future: asyncio.Future[Any] | None, work: Callable[[], Any]) -> None:
        try:
            self._life.spend()
            result = work()
            if hasattr(result, "in_transaction"):  # a connection of the driver's, just opened
                self._life.adopt(result)
        except BaseException as error:  # noqa: BLE001 -- handed to whoever waits
            if future is not None and not future.done():
                future.set_exception(error)
        else:
            if future is not None and not future.done():
                future.set_result(result)


def inline_connections(life: Callable[[], Life]) -> type[aiosqlite.Connection]:
    """aiosqlite's connection for the process that is alive just now."""

    class InlineConnection(aiosqlite.Connection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._tx = _InlineQueue(life())  # type: ignore[assignment]
            self._thread = _NoThread()  # type: ignore[assignment]

        def __del__(self) -> None:
            """The dead close nothing; `Life.bury` has."""

    return InlineConnection


class _JumpingSelector(selectors.DefaultSelector):
    """Where others would sleep, time jumps."""

    jumped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits for everything")
        self.jumped += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its clock stands still while anything runs and jumps when nothing does."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        self._clock_resolution = 1e-6
        self.set_exception_handler(lambda _loop, _context: None)  # the dead leave unanswered questions

    def time(self) -> float:
        return self._jumping.jumped


class VirtualClock:
    """The instant that the loop's time stands for."""

    def __init__(self, starts: datetime) -> None:
        self._starts = starts

    def __call__(self) -> datetime:
        return self._starts + timedelta(seconds=asyncio.get_running_loop().time())


def run_virtually(work: Awaitable[Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)  # type: ignore[arg-type]
