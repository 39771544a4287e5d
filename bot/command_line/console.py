"""What the command line writes: results on standard output, as JSON for scripts or tables for people."""

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

WIDTH_IN_A_PIPE = 160
"""Where no terminal gives a width: wide enough that a row of ours stays one line."""


def prepare_streams() -> None:
    """UTF-8 whatever the machine's locale says; what cannot be encoded is escaped, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


class ReaderGoneError(Exception):
    """Người đọc đã đi: whoever our output was piped to closed it, which is no failure of ours."""


def say(text: str = "") -> None:
    """One line on standard output; raises ReaderGoneError."""
    try:
        sys.stdout.write(f"{text}\n")
    except BrokenPipeError as error:
        raise ReaderGoneError from error


def flush() -> None:
    """Hand over what was said; raises ReaderGoneError."""
    try:
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error


def drop_output() -> None:
    """What is still buffered for a reader that has gone goes nowhere, quietly."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def tell(text: str) -> None:
    """One line on standard error: notes and errors, which must not mix with a result that is piped on."""
    flush()
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def say_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """A JSON array, one row a line: good for a parser, for grep and for diff."""
    say("[" + ",\n ".join(map(as_json, rows)) + "]")


def say_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """A table as wide as the terminal; `right` are the columns of numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable("" if cell is None else str(cell))) for cell in row))
    console = rich_console(sys.stdout)
    with console.capture() as capture:
        console.print(table)
    say(capture.get().rstrip("\n"))


def rich_console(stream: TextIO) -> Any:
    """rich, without any reading of marks into our texts: a title may hold a bracket."""
    from rich.console import Console

    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console = Console(file=stream, markup=False, emoji=False, highlight=False, width=WIDTH_IN_A_PIPE)
    return console


def printable(text: str) -> str:
    """One line without control characters: a name from a file must not move the cursor."""
    return "".join(each if each.isprintable() else " " for each in text)


def vietnamese(iso_day: str | None) -> str:
    """23/10/2024 for 2024-10-23; nothing for no day."""
    return "/".join(reversed(iso_day[:10].split("-"))) if iso_day else ""


def vietnamese_moment(iso_moment: str) -> str:
    """08:00 23/10/2024, as the moment's own zone has it."""
    return f"{iso_moment[11:16]} {vietnamese(iso_moment)}"
