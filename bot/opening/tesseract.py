"""Tesseract, the program that reads letters in pictures: found on this machine or not, and run a page to a process."""

import contextlib
import io
import os
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import IO

from PIL import Image

PROGRAM = "tesseract"
LANGUAGE = "vie"
INSTALL = "sudo apt-get install tesseract-ocr tesseract-ocr-vie"
"""Debian and Ubuntu."""
LOOK_UP_SECONDS = 20
PAGE_SECONDS = 120
SEGMENTATION = "6"
"""One block: told to look for columns it drops lines, and where words stand is ours to see."""


class RecogniserError(Exception):
    """Tesseract could not be run, or died."""


@cache
def is_present() -> bool:
    """The program, and its Vietnamese."""
    return LANGUAGE in _said("--list-langs").split()


@cache
def version() -> str | None:
    """None where the program is missing, or its Vietnamese."""
    return (_said("--version").split() or ["", "?"])[1] if is_present() else None


def _said(option: str) -> str:
    """Nothing where there is no such program, or it does not run."""
    program = shutil.which(PROGRAM)
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 -- found on the path, no words of anybody in it
            [program, option], capture_output=True, text=True, timeout=LOOK_UP_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout + done.stderr


def recogniser(*, workers: int, dots_per_inch: int) -> Callable[[Iterable[Image.Image]], Iterator[str]]:
    """Reads `workers` pages at the same time, each in a process of its own, and answers in order.

    A page that takes too long comes back without words. Raises RecogniserError.
    """

    def recognise(pictures: Iterable[Image.Image]) -> Iterator[str]:
        with ThreadPoolExecutor(workers) as pool:
            waiting: deque[Future[str]] = deque()
            for picture in pictures:
                waiting.append(pool.submit(_read, written(picture), dots_per_inch))
                # one more than is read: the next page is ready when a process is free
                while len(waiting) > workers + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    return recognise


def written(picture: Image.Image) -> bytes:
    """As a plain bitmap: packing it would take longer than handing it over."""
    buffer = io.BytesIO()
    picture.save(buffer, "PPM")
    return buffer.getvalue()


def command(dots_per_inch: int) -> list[str]:
    """A picture on its standard input, a table of words on its standard output."""
    return [PROGRAM, "-", "-", "-l", LANGUAGE, "--psm", SEGMENTATION, "--dpi", str(dots_per_inch), "tsv"]


def _read(picture: bytes, dots_per_inch: int) -> str:
    """Its words in tesseract's own table. Nothing of the page touches the disk."""
    # one thread each: more fight over the same cores and make every page slower
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        with subprocess.Popen(  # noqa: S603 -- our own words
            command(dots_per_inch), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, bufsize=0,
        ) as process:  # fmt: skip
            said, is_late = _talk(process, picture)
    except OSError as error:
        raise RecogniserError(type(error).__name__) from error
    if is_late:
        return ""
    if process.returncode != 0:
        raise RecogniserError(f"exit {process.returncode}")
    return said.decode("utf-8", "replace")


def _talk(process: subprocess.Popen[bytes], picture: bytes) -> tuple[bytes, bool]:
    """What it says, and whether it had to be ended.

    The picture goes over in one write: `communicate` would hand it over in thousands, each a turn of this process.
    Tesseract says nothing before it has read all, so the two never wait for each other.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    end = threading.Timer(PAGE_SECONDS, process.kill)
    end.start()
    try:
        with contextlib.suppress(BrokenPipeError):
            _write_whole(process.stdin, picture)
        process.stdin.close()
        said = process.stdout.read()
        process.wait()
    finally:
        is_late = not end.is_alive()
        end.cancel()
        end.join()
    return said, is_late


def _write_whole(pipe: IO[bytes], content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[pipe.write(left) :]
