"""The process that reads one file and ends: bytes on its standard input, answers on its standard output.

What the reader may know besides the file comes first, as our own process pickled it; then the file itself.

Started by `bot.opening.guard` with bounds that it sets on itself before it looks at the first byte. It has no secret in
its environment, and gives up the network where the system lets it.
"""

import argparse
import ctypes
import os
import pickle
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.opening.answers import say_draft, say_error, say_page, say_paper, say_secret
from models.errors import SecretLetterError, UnreadableFileError

if TYPE_CHECKING:
    from planner.reading.draft import LetterDraft
    from planner.reading.open_scan import Recognise
    from planner.reading.paper import Paper

MOST_FILES = 128
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_END_WITH_PARENT, _NO_NEW_RIGHTS = 1, 38
_KILL = 9


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", type=int, required=True, help="bytes")
    parser.add_argument("--cpu", type=int, required=True, help="seconds")
    parser.add_argument("--bytes", type=int, required=True, help="of the file, at most")
    parser.add_argument("--knowledge", type=int, required=True, help="bytes that come before the file; 0: do not read")
    parser.add_argument("--niceness", type=int, required=True, help="how far others go before it")
    parser.add_argument("--workers", type=int, required=True, help="pages recognised at the same time")
    chosen = parser.parse_args(arguments)
    stand_back(chosen.niceness)
    bind(memory=chosen.memory, cpu=chosen.cpu)
    leave_network()
    # what foreign code prints must not pass for an answer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    knowledge = sys.stdin.buffer.read(chosen.knowledge)
    read(sys.stdin.buffer, answers, most_bytes=chosen.bytes, workers=chosen.workers, knowledge=knowledge)


def stand_back(niceness: int) -> None:
    """Let others at the processor first."""
    if sys.platform != "win32":
        os.nice(niceness)


def bind(*, memory: int, cpu: int) -> None:
    """Bounds of this process, and of each that it starts."""
    if sys.platform == "win32":
        return
    import resource

    for what, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
    ):
        _, hardest = resource.getrlimit(what)
        most = bound if hardest == resource.RLIM_INFINITY else min(bound, hardest)
        # at the softer bound of time a signal comes that tells why; at the harder one the end
        resource.setrlimit(what, (most, hardest if what == resource.RLIMIT_CPU else most))


def leave_network() -> None:
    """As far as the system allows; where it does not, the readers still open no connection of their own."""
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_END_WITH_PARENT, _KILL, 0, 0, 0)
    library.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    if library.unshare(_NEW_NET) != 0:
        library.unshare(_NEW_USER | _NEW_NET)


def read(file: IO[bytes], answers: IO[str], *, most_bytes: int, workers: int, knowledge: bytes = b"") -> None:
    """Every outcome is an answer; what is none of a file's known faults is told with its place in our code.

    With `knowledge` the paper's draft follows the paper.
    """

    def tell(line: str) -> None:
        answers.write(f"{line}\n")
        answers.flush()

    try:
        from planner.reading.open_paper import open_paper

        content = _taken(file, most_bytes)
        paper = open_paper(content, recognise=_recogniser(workers), on_page=lambda done, of: tell(say_page(done, of)))
        tell(say_paper(paper))
        if knowledge:
            tell(say_draft(_read_with(paper, knowledge)))
    except UnreadableFileError as error:
        tell(say_error(error))
    except SecretLetterError as error:
        tell(say_secret(error))
    except MemoryError:
        tell(say_error(UnreadableFileError("too-much-memory")))
    except Exception as error:  # noqa: BLE001 -- a file must not bring us down, whatever it does to a foreign library
        tell(say_error(UnreadableFileError("crashed"), hint=_place(error)))


def _read_with(paper: "Paper", knowledge: bytes) -> "LetterDraft":
    from planner.reading.read import read_paper

    return read_paper(paper, pickle.loads(knowledge))  # noqa: S301 -- our own process wrote it


def _taken(file: IO[bytes], most: int) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise UnreadableFileError("too-big", limit=most)
    return content


def _recogniser(workers: int) -> "Recognise | None":
    from bot.opening import tesseract
    from planner.reading.open_scan import DOTS_PER_INCH

    if not tesseract.is_present():
        return None
    return tesseract.recogniser(workers=workers, dots_per_inch=DOTS_PER_INCH)


def _place(error: Exception) -> str:
    """The kind of error and the last lines of ours it went through; its own words may be the file's."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    places = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames[:0:-1])
    return f"{type(error).__name__} at {places}"


if __name__ == "__main__":
    main()
