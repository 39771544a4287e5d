"""The files people hand in, each once under the sum of its bytes; written whole or not at all, read back only whole."""

import asyncio
import errno
import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import AsyncIterator
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
        drafts.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
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
                return
            log.warning("evidence %s had changed on the disk and is made whole again", sha256)
            draft.replace(path)
        _flush_folder(path.parent)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != hashlib.sha256().digest_size * 2 or not set(sha256) <= set("0123456789abcdef"):
            raise MissingFileError(sha256)
        return self._folder / sha256[:2] / sha256


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
