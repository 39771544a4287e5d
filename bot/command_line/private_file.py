"""Files that hold what is nobody else's: new, for their owner only, and safe to open in a spreadsheet."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from bot.command_line.errors import CommandError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """A new file that only its owner reads; never over one that is there."""
    try:
        file = open(path, "x", encoding="utf-8", newline="", opener=_private)  # noqa: SIM115 -- opener; closed below
    except FileExistsError:
        raise CommandError(f"Đã có tệp {path}: chọn tên khác.") from None
    with file:
        yield file


@contextmanager
def private_bytes(path: Path) -> Iterator[BinaryIO]:
    """The same, for what is no text."""
    try:
        file = open(path, "xb", opener=_private)  # noqa: SIM115 -- closed below
    except FileExistsError:
        raise CommandError(f"Đã có tệp {path}: chọn tên khác.") from None
    with file:
        yield file


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def as_cell(value: Any) -> Any:
    """A spreadsheet must not take what somebody said for a formula."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
