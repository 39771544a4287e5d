"""Files named on a command line, read once; what cannot be read is a problem like any other of the file."""

from collections.abc import Sequence
from pathlib import Path

from bot.command_line.errors import why
from models.errors import FileProblemsError, Problem
from seed_plans import FOLDER

NOT_PLANS = frozenset({"units.yaml", "calendar.yaml"})
"""What lies beside the plans in a plan folder."""


def read_bytes(file: Path) -> bytes:
    """The file's content; raises FileProblemsError."""
    try:
        return file.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        message = f"Không đọc được tệp: {why(error) if isinstance(error, OSError) else 'tên không hợp lệ'}."
    raise FileProblemsError([Problem(str(file), None, None, None, message)])


def plan_files(given: Sequence[Path]) -> list[Path]:
    """The plan files named; a folder stands for those in it, nothing for those that come with the program."""
    found: dict[Path, None] = {}
    for path in given or [FOLDER]:
        found |= dict.fromkeys(in_folder(path) if path.is_dir() else [path])
    return list(found)


def in_folder(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("*.yaml") if each.name not in NOT_PLANS)


def shown(path: Path) -> str:
    """How a file is named in a message: as short as it can be told from others."""
    return path.name if path.is_relative_to(FOLDER) else str(path)
