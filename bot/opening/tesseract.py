"""Tesseract, the program that reads letters in pictures: found on this machine or not, and run a page to a process."""

import io
import os
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

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
def version() -> str | None:
    """None where the program is missing, or its Vietnamese."""
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    try:
        languages, told = (_said(program, option) for option in ("--list-langs", "--version"))
    except (OSError, subprocess.SubprocessError):
        return None
    return (told.split() or ["", "?"])[1] if LANGUAGE in languages.split() else None


def _said(program: str, option: str) -> str:
    done = subprocess.run(  # noqa: S603 -- found on the path, no words of anybody in it
        [program, option], capture_output=True, text=True, timeout=LOOK_UP_SECONDS, check=True
    )
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
        done = subprocess.run(  # noqa: S603 -- our own words
            command(dots_per_inch),
            input=picture,
            capture_output=True,
            timeout=PAGE_SECONDS,
            env=environment,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return ""
    except (OSError, subprocess.SubprocessError) as error:
        raise RecogniserError(type(error).__name__) from error
    return done.stdout.decode("utf-8", "replace")
