"""Strangers' files are read in a process of their own, within bounds; the bot answers everybody else meanwhile."""

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.opening.answers import MOST_BYTES, NonsenseError, hint_of, understood
from models.errors import SecretLetterError, Unreadable, UnreadableFileError
from planner.reading.draft import LetterDraft
from planner.reading.paper import Paper
from planner.reading.read import Knowledge

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "SYSTEMROOT")
"""All of our environment that the process gets: tokens, passwords and addresses stay here."""

OnPage = Callable[[int, int], Awaitable[None]]
"""Hears how many pages are done, of how many."""


_Wanted = TypeVar("_Wanted", Paper, LetterDraft)

MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """Giới hạn khi đọc một tệp. `silence`: the longest wait for the next page; `whole`: for all of it.

    `niceness`: how far others at the processor go before it; 0 where the person waits for nothing else.
    """

    most_bytes: int = 50 * 1024 * 1024
    memory: int = 2 * 1024 * 1024 * 1024
    cpu: timedelta = timedelta(minutes=5)
    silence: timedelta = timedelta(minutes=3)
    whole: timedelta = timedelta(minutes=30)
    niceness: int = 10


class LetterOpener:
    """Mở văn bản: one at a time by default, each read by a few low-priority processes; the others wait their turn.

    `workers` pages of a scan are recognised at the same time; by default one core is left to the answers.
    """

    def __init__(self, *, at_once: int = 1, workers: int | None = None, limits: Limits | None = None) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self.workers = workers or max(1, min(MOST_WORKERS, (os.cpu_count() or 1) - 1))
        self._limits = limits or Limits()

    async def open(self, content: bytes, *, on_page: OnPage | None = None) -> Paper:
        """Raises UnreadableFileError with the reason. Nothing is stored, whatever happens; cancelling ends the process.

        The name of a file plays no part: what it is shows in its content.
        """
        paper, _ = await self._in_turn(content, b"", on_page)
        return paper

    async def read(
        self, content: bytes, knowledge: Knowledge, *, on_page: OnPage | None = None
    ) -> tuple[Paper, LetterDraft]:
        """Open and read, both in that process: a text made to keep a pattern busy holds up nobody but itself.

        Raises SecretLetterError, and what `open` raises.
        """
        paper, draft = await self._in_turn(content, pickle.dumps(knowledge), on_page)
        if draft is None:
            raise UnreadableFileError("crashed")
        return paper, draft

    async def _in_turn(
        self, content: bytes, knowledge: bytes, on_page: OnPage | None
    ) -> tuple[Paper, LetterDraft | None]:
        if len(content) > self._limits.most_bytes:
            raise UnreadableFileError("too-big", limit=self._limits.most_bytes)
        async with self._turn:
            return await self._started(content, knowledge, on_page)

    async def _started(
        self, content: bytes, knowledge: bytes, on_page: OnPage | None
    ) -> tuple[Paper, LetterDraft | None]:
        process = await asyncio.create_subprocess_exec(
            *self._command(len(knowledge)), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, env=environment(os.environ), cwd=_ROOT.anchor, start_new_session=True,
            limit=MOST_BYTES,
        )  # fmt: skip
        feeding = asyncio.create_task(_feed(process, knowledge, content))
        try:
            async with asyncio.timeout(self._limits.whole.total_seconds()):
                paper = await self._answer(process, Paper, on_page)
                return paper, await self._answer(process, LetterDraft, None) if knowledge else None
        except TimeoutError as error:
            raise UnreadableFileError("too-slow") from error
        finally:
            feeding.cancel()
            await asyncio.shield(_ended(process))
            with contextlib.suppress(asyncio.CancelledError):
                await feeding

    def _command(self, knowledge: int) -> list[str]:
        limits = self._limits
        bounds = {
            "memory": limits.memory, "cpu": int(limits.cpu.total_seconds()), "bytes": limits.most_bytes,
            "niceness": limits.niceness, "workers": self.workers, "knowledge": knowledge,
        }  # fmt: skip
        options = [f"--{name}={bound}" for name, bound in bounds.items()]
        return [sys.executable, "-s", "-P", "-m", "bot.opening.child", *options]

    async def _answer(
        self, process: asyncio.subprocess.Process, wanted: type[_Wanted], on_page: OnPage | None
    ) -> _Wanted:
        """The next paper or draft it tells; raises what it says went wrong."""
        assert process.stdout is not None
        while True:
            async with asyncio.timeout(self._limits.silence.total_seconds()):
                line = await _line(process.stdout)
            if not line:
                raise UnreadableFileError(_why_silent(await process.wait()))
            try:
                said = understood(line)
            except NonsenseError as error:
                raise UnreadableFileError("crashed") from error
            if isinstance(said, wanted):
                return said
            if isinstance(said, SecretLetterError):
                raise said
            if isinstance(said, UnreadableFileError):
                if hint := hint_of(line):
                    log.error("a letter could not be opened: %s", hint)
                raise said
            if not isinstance(said, tuple):
                raise UnreadableFileError("crashed")
            if on_page is not None:
                await on_page(*said)


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """One thread for each: the processes themselves are what works side by side."""
    kept = {name: ours[name] for name in _KEPT if name in ours}
    single = dict.fromkeys(("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**kept, **single, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


async def _feed(process: asyncio.subprocess.Process, *parts: bytes) -> None:
    """It may end before it has taken all: then its answer says why."""
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):
        for part in parts:
            process.stdin.write(part)
        await process.stdin.drain()
    process.stdin.close()
    with contextlib.suppress(ConnectionError):
        await process.stdin.wait_closed()


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError as error:  # longer than any answer
        raise UnreadableFileError("bomb") from error


def _why_silent(code: int) -> Unreadable:
    """It ended without a word: the system ended it, by the signal that `code` tells."""
    if sys.platform == "win32":
        return "crashed"
    # nobody but the system, out of memory, kills it without our asking
    reasons: dict[int, Unreadable] = {-signal.SIGXCPU: "too-slow", -signal.SIGKILL: "too-much-memory"}
    return reasons.get(code, "crashed")


async def _ended(process: asyncio.subprocess.Process) -> None:
    """With all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
