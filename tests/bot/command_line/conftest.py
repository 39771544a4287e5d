"""One command run in this process, in an empty folder; and one in a process of its own, with an empty environment."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.settings import Settings
from tests.builders import PLAN, UNITS

PROCESS_TIMEOUT_S = 60


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        """Of JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Dondoc = Callable[..., Told]

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For words and files, where a second database would prove nothing more."""


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing set, nothing there."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return folder


@pytest.fixture
def dondoc(empty_folder: Path) -> Dondoc:
    """`dondoc(*words, stdin="")` in this process."""

    def run(*words: str, stdin: str | bytes = "") -> Told:
        result = CliRunner().invoke(app, list(words), input=stdin, prog_name="dondoc")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Told(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def stored(dondoc: Dondoc, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Dondoc:
    """The same on a database with its schema, of both kinds."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return dondoc


@pytest.fixture
def province(stored: Dondoc, empty_folder: Path) -> Dondoc:
    """With the small province of `tests.builders` loaded, followed since 23/10/2024."""
    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "km1.yaml").write_text(PLAN)
    assert stored("plan", "load", "km1.yaml", "--track-from", "2024-10-23").code == 0
    return stored


@pytest.fixture
def process(empty_folder: Path) -> Dondoc:
    """`process(*words, stdin=b"", **variables)`: python -m bot, in an environment of these variables only."""

    def run(*words: str, stdin: bytes = b"", **variables: str) -> Told:
        ended = subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-m", "bot", *words],
            input=stdin, capture_output=True, env=variables, cwd=empty_folder, timeout=PROCESS_TIMEOUT_S, check=False,
        )  # fmt: skip
        return Told(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run
