"""How the command line refuses: one Vietnamese sentence, the right exit code, never a traceback."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.__main__ import app
from bot.command_line.console import ReaderGoneError
from bot.command_line.errors import CommandError, exit_code_of, sentences_of
from bot.command_line.usage import Command, CommandLine, make_app
from models.errors import (
    DondocError,
    FileProblemsError,
    InviteError,
    NotAllowedError,
    NotReadyError,
    Problem,
    RejectedError,
    UnknownError,
)

Dondoc = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plna"], "Không có lệnh plna. Có phải: plan? Xem dondoc --help."),
        (["xyz"], "Không có lệnh xyz. Xem dondoc --help."),
        (["plan", "lod"], "Không có lệnh lod. Có phải: load? Xem dondoc plan --help."),
        (["overdue", "--asof", "x"], "Không có tùy chọn --asof. Có phải: --as-of"),
        (["schedule", "--from", "2024-10-01"], "Thiếu --to. Xem dondoc schedule --help."),
        (["calendar"], "Thiếu NĂM. Xem dondoc calendar --help."),
        (["plan", "show"], "Thiếu MÃ. Xem dondoc plan show --help."),
        (["overdue", "--as-of"], "Tùy chọn --as-of cần một giá trị."),
        (["overdue", "--json=yes"], "Tùy chọn --json không nhận giá trị."),
        (["calendar", "2026", "2027"], "Thừa: 2027."),
        (["demo", "--port", "abc"], "Giá trị của --port không dùng được: cần một số nguyên. Xem dondoc demo --help."),
        (["demo", "--port", "70000"], "Giá trị của --port không dùng được: số nằm ngoài khoảng cho phép."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_of_the_hand_is_told_in_vietnamese(dondoc: Dondoc, words: list[str], said: str) -> None:
    told = dondoc(*words)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(said)
    assert len(told.err.splitlines()) == 1


def test_help_is_in_vietnamese(dondoc: Dondoc) -> None:
    told = dondoc("--help")
    assert told.code == 0
    for word in ("Tùy chọn", "Lệnh", "demo", "run", "doctor", "deadline", "overdue", "schedule", "people"):
        assert word in told.out


@pytest.mark.parametrize("words", [[], ["plan"], ["people"]], ids=" ".join)
def test_a_group_without_a_command_shows_its_help(dondoc: Dondoc, words: list[str]) -> None:
    told = dondoc(*words)
    assert told.code == 2
    assert "Lệnh" in told.out


# --- failures of any kind, through an app that fails as it is told ---


def _failing(error: BaseException) -> typer.Typer:
    failing = make_app("", cls=CommandLine)

    @failing.callback()
    def _top() -> None:
        """Nothing."""

    @failing.command("fail", cls=Command)
    def fail() -> None:
        raise error

    return failing


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CommandError("Sai rồi."), 2, "Sai rồi."),
        (UnknownError("unit", "HG.X"), 2, "Không có đơn vị nào là “HG.X”."),
        (
            FileProblemsError([Problem("a", 1, "T", "f", "Một."), Problem("b", None, None, None, "Hai.")]),
            2,
            "a:1: T · f: Một.\nb: Hai.",
        ),
        (InviteError("used"), 2, "Mã mời này không dùng được nữa: tạo mã mới bằng dondoc people invite."),
        (NotAllowedError(), 2, "Không thực hiện được (not-allowed)."),
        (NotReadyError("Cần Python 3.11."), 1, "Cần Python 3.11."),
        (RejectedError("x"), 1, "Không thực hiện được (rejected)."),
        (PermissionError(13, "Permission denied", "var/x"), 1, "Không đọc hay ghi được var/x: không có quyền."),
        (OSError(28, "No space left on device"), 1, "Máy báo lỗi: đĩa đã đầy."),
        (
            ZeroDivisionError("hunter2"),
            1,
            "Lỗi của chương trình (ZeroDivisionError). Chạy lại với --debug để xem chi tiết và báo lại cho chúng tôi.",
        ),
        (KeyboardInterrupt(), 130, ""),
        (ReaderGoneError(), 0, ""),
        (BrokenPipeError(32, "of a database"), 1, "Kết nối bị ngắt giữa chừng: xem lại máy chủ rồi chạy lại."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_every_failure_ends_in_its_words_and_its_code(error: BaseException, code: int, said: str) -> None:
    result = CliRunner().invoke(_failing(error), ["fail"])
    assert (result.exit_code, result.stderr.strip()) == (code, said)
    assert result.stdout == ""


def test_each_of_our_errors_has_an_exit_code_and_a_sentence() -> None:
    assert exit_code_of(DondocError()) == 1
    assert sentences_of(DondocError()) == ["Không thực hiện được (dondoc)."]


@pytest.mark.usefixtures("empty_folder")
@pytest.mark.parametrize("words", [["--debug", "fail"], ["fail", "--debug"]], ids=" ".join)
def test_debug_shows_the_traceback_wherever_it_stands(words: list[str]) -> None:
    result = CliRunner().invoke(_failing(ZeroDivisionError("by hand")), words)
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "ZeroDivisionError: by hand" in result.stderr


def test_debug_shows_no_secret(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://dondoc:hunter2word@127.0.0.1:1/none")
    told = dondoc("plan", "list", "--debug")
    assert told.code == 1
    assert "Traceback" in told.err
    assert "hunter2word" not in told.err
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
    error = RuntimeError("at https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe")
    assert "AAHdq" not in CliRunner().invoke(_failing(error), ["fail", "--debug"]).output


def test_after_two_dashes_debug_is_a_word_like_any_other(dondoc: Dondoc) -> None:
    told = dondoc("deadline", "--base", "2024-10-23", "--", "--debug")
    assert told.rows[0]["phrase"] == "--debug"


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("mysql://u:hunter2@h/d", 2, "DATABASE_URL phải là"),
        ("postgresql://u:hunter2@127.0.0.1:1/d", 1, "Không nối được tới máy chủ"),
        ("sqlite:///not-a-database.db", 1, "Tệp ở DATABASE_URL không phải cơ sở dữ liệu SQLite."),
        ("sqlite:///a-file/x.db", 1, "Không đọc hay ghi được a-file"),
        ("sqlite:///a-folder", 1, "Không mở được tệp cơ sở dữ liệu"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(
    dondoc: Dondoc, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, url: str, code: int, said: str
) -> None:
    (empty_folder / "not-a-database.db").write_text("xin chào " * 200)
    (empty_folder / "a-file").write_text("")
    (empty_folder / "a-folder").mkdir()
    monkeypatch.setenv("DATABASE_URL", url)
    told = dondoc("plan", "list")
    assert told.code == code
    assert told.err.startswith(said)
    assert len(told.err.splitlines()) == 1
    assert "hunter2" not in told.err


def test_a_database_from_a_newer_version_is_told(stored: Dondoc, empty_folder: Path) -> None:
    import asyncio

    from sqlalchemy import text

    from bot.settings import load_settings
    from models.database import open_database

    async def pretend() -> None:
        database = open_database(load_settings().database_url)
        async with database.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            await session.commit()
        await database.close()

    asyncio.run(pretend())
    told = stored("plan", "list")
    assert (told.code, told.err) == (1, "Cơ sở dữ liệu do bản Đôn Đốc mới hơn tạo ra: cập nhật chương trình.\n")


# --- as a process ---


def test_it_runs_with_nothing_in_its_environment(process: Dondoc) -> None:
    told = process("deadline", "trước ngày 05/11/2024", "--base", "2024-10-23")
    assert (told.code, told.err) == (0, "")
    assert told.rows[0]["phrase"] == "trước ngày 05/11/2024"


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONUTF8": "0"}], ids=str)
def test_it_writes_utf8_whatever_the_locale(process: Dondoc, variables: dict[str, str]) -> None:
    line = '{"phrase": "trước ngày 05/11/2024", "base": "2024-10-23"}'
    told = process("deadline", stdin=line.encode(), **variables)
    assert (told.code, told.rows[0]["phrase"]) == (0, "trước ngày 05/11/2024")


def test_bytes_that_are_no_text_are_a_sentence(empty_folder: Path) -> None:
    words = [sys.executable, "-m", "bot", "deadline", b"tr\xff\xfe", "--base", "2024-10-23"]
    ended = subprocess.run(words, capture_output=True, cwd=empty_folder, env={}, timeout=60, check=False)  # noqa: S603
    assert (ended.returncode, ended.stderr.decode()) == (2, "Cụm từ không phải UTF-8.\n")


@pytest.mark.parametrize("wanted", [0, 1])
def test_a_reader_that_leaves_early_is_no_error(empty_folder: Path, wanted: int) -> None:
    """`dondoc deadline < many | head -1` ends quietly, with the rest unsaid."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "deadline"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=empty_folder, env={},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    assert process.stderr
    with process:
        try:
            for number in range(200):
                process.stdin.write(b'{"phrase": "qu\xc3\xbd I", "base": "2024-10-23"}\n')
                process.stdin.flush()
                if number < wanted:
                    assert process.stdout.readline()
                elif not process.stdout.closed:
                    process.stdout.close()
            process.stdin.close()
        except BrokenPipeError:
            process.stdin = None
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_ctrl_c_is_quiet(empty_folder: Path) -> None:
    import signal

    # a suite run in the background ignores Ctrl-C, and its children would inherit that
    listening = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);from bot.__main__ import main; main()"
    )
    process = subprocess.Popen(  # noqa: S603 -- our own words, no shell
        [sys.executable, "-c", listening, "deadline", "--base", "2024-10-23"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=empty_folder, env={},
    )  # fmt: skip
    with process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b'{"phrase": "x"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""


def test_help_does_not_load_what_commands_need(empty_folder: Path) -> None:
    """Quick by construction: a time would be another machine's time."""
    code = (
        "import sys; from bot.__main__ import app; app(['--help'], standalone_mode=False); "
        "heavy = {'sqlalchemy', 'alembic', 'aiogram', 'aiohttp', 'fastapi', 'holidays', 'jinja2', 'asyncpg'};"
        "sys.exit(' '.join(heavy & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=empty_folder, check=False)  # noqa: S603
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_deadline_loads_no_database_and_no_bot(empty_folder: Path) -> None:
    code = (
        "import sys; from bot.__main__ import app;"
        "app(['deadline', 'quý I', '--base', '2024-10-23'], standalone_mode=False); "
        "heavy = {'sqlalchemy', 'alembic', 'aiogram', 'aiohttp', 'fastapi', 'jinja2', 'asyncpg', 'rich.console'};"
        "sys.exit(' '.join(heavy & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=empty_folder, check=False)  # noqa: S603
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_the_console_script_is_this_app() -> None:
    from bot.__main__ import main

    assert callable(main)
    assert app.info.help == "Đôn Đốc: theo dõi nhiệm vụ, thời hạn của cơ quan trong các cuộc trò chuyện."
