"""The files people hand in, each once under the sum of its bytes; written whole or not at all, read back only whole."""

import asyncio
import errno
import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO

from bot.evidence_kinds import FileKind, RefusedFileError, kind_of, safe_name
from models.clock import Clock, system_clock
from planner.hand_in_evidence import GivenFile

log = logging.getLogger(__name__)

LARGEST = 20 * 1024 * 1024
"""What Telegram lets a bot download; the same for every channel."""

LEFT_FREE = 100_000_000
"""Of the disk: the database beside the files must still be able to write."""

FORGOTTEN_FILE = timedelta(days=7)
"""A question about a file stands for minutes: what no work names after a week, nobody will name."""

MOST_AT_ONCE = 100
_ASKED_AT_ONCE = 500

Claimed = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Of these sums, those that some piece of work names, taken back or not."""

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_DRAFTS = ".drafts"
_FORGOTTEN_DRAFT = timedelta(days=1)


class MissingFileError(Exception):
    """The bytes of a piece of evidence are gone, or are not the bytes that were handed in."""


class EvidenceStore:
    """Kho minh chứng: `<folder>/<first two of the sum>/<sum>`, readable by its owner only."""

    def __init__(
        self, folder: Path, *, largest: int = LARGEST, left_free: int = LEFT_FREE, clock: Clock = system_clock
    ) -> None:
        self._folder, self._largest, self._left_free, self._clock = folder, largest, left_free, clock

    async def keep(self, chunks: AsyncIterator[bytes], *, name: str, otherwise: str = "minh-chung") -> GivenFile:
        """Take in a file as it streams; the same bytes again change nothing.

        Raises RefusedFileError: too big, empty, of a kind that is not taken, harmful, or the disk would not have it.
        Of `chunks` every OSError counts as the disk's.
        """
        try:
            return await self._kept(chunks, name=name, otherwise=otherwise)
        except OSError as error:
            log.exception("evidence: a file could not be kept (%s)", errno.errorcode.get(error.errno or 0, "?"))
            raise RefusedFileError("not-kept") from error

    async def read(self, sha256: str) -> bytes:
        """The very bytes that were kept; raises MissingFileError, with an alarm in the log."""
        try:
            content = await asyncio.to_thread(self._path(sha256).read_bytes)
        except OSError as error:
            log.error("evidence %s cannot be read (%s)", sha256, type(error).__name__)  # noqa: TRY400 -- no trace needed
            raise MissingFileError(sha256) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            log.error("evidence %s is not what was handed in: its bytes have changed on the disk", sha256)
            raise MissingFileError(sha256)
        return content

    async def forget(self, sha256: str) -> None:
        """Remove it at once; the caller has seen that nothing names it."""
        await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)

    async def sweep_unclaimed(self, claimed: Claimed) -> int:
        """Remove the files that nobody's work names, a week after they came; returns how many.

        At most `MOST_AT_ONCE` each time. Where more files are strange than known, the database is likely another
        one than theirs: then nothing is removed, and that is said in the log.
        """
        old = await asyncio.to_thread(self._older_than, FORGOTTEN_FILE)
        known = {
            sha256
            for start in range(0, len(old), _ASKED_AT_ONCE)
            for sha256 in await claimed(old[start : start + _ASKED_AT_ONCE])
        }
        strange = [sha256 for sha256 in old if sha256 not in known]
        if len(strange) > max(len(known), MOST_AT_ONCE):
            log.warning("evidence: %s of %s files belong to no work here; nothing is removed", len(strange), len(old))
            return 0
        for sha256 in strange[:MOST_AT_ONCE]:
            await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)
        return len(strange[:MOST_AT_ONCE])

    def _older_than(self, age: timedelta) -> list[str]:
        """The sums of all files kept that long, in order."""
        before = self._clock().timestamp() - age.total_seconds()
        found = (path for path in self._folder.glob("??/*") if path.name.startswith(path.parent.name))
        return sorted(path.name for path in found if _is_sum(path.name) and path.stat().st_mtime < before)

    async def missing(self, sums: Collection[str]) -> list[str]:
        """Of these the files that are not there any more."""
        return await asyncio.to_thread(lambda: [each for each in sums if not self._path(each).is_file()])

    async def _kept(self, chunks: AsyncIterator[bytes], *, name: str, otherwise: str) -> GivenFile:
        draft = await asyncio.to_thread(self._new_draft)
        try:
            with draft.open("wb") as file:
                sha256, size = await self._stream(chunks, file)
            kind = await asyncio.to_thread(kind_of, draft, name=name)
            await asyncio.to_thread(self._settle, draft, sha256)
        finally:
            draft.unlink(missing_ok=True)
        return given(sha256, size, kind, name=name, otherwise=otherwise)

    async def _stream(self, chunks: AsyncIterator[bytes], file: IO[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        async for chunk in chunks:
            size += len(chunk)
            if size > self._largest:
                raise RefusedFileError("too-big")
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(_flush, file)
        return digest.hexdigest(), size

    def _new_draft(self) -> Path:
        """Under a name of its own, in a folder of the same file system; what a crash left behind is swept out."""
        drafts = self._folder / _DRAFTS
        self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        drafts.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        if shutil.disk_usage(drafts).free < self._left_free + self._largest:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._sweep(drafts)
        draft = drafts / secrets.token_hex(16)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE))
        return draft

    def _sweep(self, drafts: Path) -> None:
        for path in drafts.iterdir():
            if self._clock().timestamp() - path.stat().st_mtime > _FORGOTTEN_DRAFT.total_seconds():
                path.unlink(missing_ok=True)

    def _settle(self, draft: Path, sha256: str) -> None:
        """A link is all or nothing; a file that is there already, and whole, stays."""
        path = self._path(sha256)
        path.parent.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        try:
            os.link(draft, path)
        except FileExistsError:
            if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
                os.utime(path)  # new again: its row may be on its way
                return
            log.warning("evidence %s had changed on the disk and is made whole again", sha256)
            draft.replace(path)
        _flush_folder(path.parent)

    def _path(self, sha256: str) -> Path:
        if not _is_sum(sha256):
            raise MissingFileError(sha256)
        return self._folder / sha256[:2] / sha256


def _is_sum(name: str) -> bool:
    return len(name) == hashlib.sha256().digest_size * 2 and set(name) <= set("0123456789abcdef")


def given(sha256: str, size: int, kind: FileKind, *, name: str, otherwise: str) -> GivenFile:
    return GivenFile(sha256, safe_name(name, kind, otherwise=otherwise), kind.media_type, size)


async def whole(content: bytes) -> AsyncIterator[bytes]:
    """Bytes that are already here, as `keep` takes them."""
    yield content


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """The name, too, must outlive a power cut."""
    if os.name == "nt":  # where a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
