"""A stranger's file is read in a process of its own: bounded, without our secrets, ended when nobody waits for it."""

import asyncio
import os
import shutil
import signal
import sys
from datetime import timedelta

import pytest

from bot.opening.guard import LetterOpener, Limits, environment
from models.errors import SecretLetterError, UnreadableFileError
from planner.reading.open_paper import open_paper
from planner.reading.paper import PaperKind
from planner.reading.read import Knowledge, read_paper
from planner.reading.tracked import TrackedTask
from planner.unit_file import parse_units
from seed_plans import FOLDER
from tests.builders import CALENDAR
from tests.samples.contents import ANNEX, REPORTS, SECRET
from tests.samples.letters import sample

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="bounds are those of POSIX systems")


AT_ONCE = {"niceness": 0}
"""The machine that runs the tests has enough to do, and nobody else's answer waits."""


def opener(**options):
    return LetterOpener(limits=Limits(**AT_ONCE, **options))


class OtherProcess(LetterOpener):
    """Starts a program of the test's own in place of the reader."""

    def __init__(self, program, **options):
        super().__init__(**options)
        self._program = program

    def _command(self, knowledge):
        del knowledge
        return [sys.executable, "-c", self._program]


async def refused(by, content=b"x"):
    with pytest.raises(UnreadableFileError) as refusal:
        await by.open(content)
    return refusal.value.reason


@pytest.mark.parametrize("shape", ["docx", "html", "pdf", "text", "xlsx"])
async def test_what_comes_back_is_what_the_opener_read(shape):
    content = sample(ANNEX, shape).content

    assert await opener().open(content) == open_paper(content, recognise=None)


@pytest.mark.parametrize("shape", ["docx", "pdf", "broken"])
async def test_what_is_read_there_is_what_would_be_read_here(shape):
    content, directory = sample(ANNEX, shape).content, parse_units((FOLDER / "units.yaml").read_bytes(), file="units")
    known = Knowledge(CALENDAR, directory=directory, tracked=(TrackedTask("KH9-1", "Việc", frozenset({"HG.STP"})),))

    paper, draft = await opener().read(content, known)

    assert paper == open_paper(content, recognise=None)
    assert draft == read_paper(paper, known)
    assert draft.obligations


async def test_of_a_stamped_letter_only_the_stamp_comes_back():
    with pytest.raises(SecretLetterError) as refusal:
        await opener().read(sample(SECRET, "docx").content, Knowledge(CALENDAR))
    assert "MẬT" in refusal.value.level.upper()


BUSY_READER = """
import json, sys, time
sys.stdin.buffer.read()
print(json.dumps({"paper": {"kind": "text", "pages": 1, "notes": [], "blocks": []}}), flush=True)
time.sleep(60)
"""


async def test_a_text_that_keeps_the_reader_busy_is_given_up_and_holds_up_nobody():
    busy = OtherProcess(BUSY_READER, limits=Limits(silence=timedelta(seconds=2)))
    with pytest.raises(UnreadableFileError) as refusal:
        await busy.read(b"x", Knowledge(CALENDAR))
    assert refusal.value.reason == "too-slow"


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
async def test_a_scan_is_read_within_the_bounds_and_its_pages_are_told():
    told = []

    async def on_page(done, of):
        told.append((done, of))

    paper = await opener().open(sample(REPORTS, "scan").content, on_page=on_page)

    assert paper.kind is PaperKind.SCAN
    assert told == [(1, 1)]


async def test_without_tesseract_a_scan_is_refused_and_all_else_is_read(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert await refused(opener(), sample(REPORTS, "scan").content) == "no-recogniser"
    assert (await opener().open(sample(REPORTS, "pdf").content)).kind is PaperKind.PDF


async def test_a_reason_found_in_the_process_comes_back_with_its_limit():
    with pytest.raises(UnreadableFileError) as refusal:
        await opener(most_bytes=1000).open(bytes(1001))
    assert (refusal.value.reason, refusal.value.limit) == ("too-big", 1000)
    assert await refused(opener(), b"%PDF-1.7 \x00") == "malformed"


async def test_memory_is_bounded():
    greedy = "import bot.opening.child as c; c.bind(memory=300_000_000, cpu=10); b = bytes(400_000_000)"

    assert await refused(OtherProcess(greedy)) == "crashed"
    assert await refused(opener(memory=90_000_000), sample(ANNEX, "pdf").content) in {
        "crashed", "too-much-memory",
    }  # fmt: skip


async def test_a_process_that_burns_time_is_ended_by_the_system():
    busy = "import bot.opening.child as c; c.bind(memory=2**31, cpu=1)\nwhile True: pass"

    assert await refused(OtherProcess(busy)) == "too-slow"


async def test_a_process_that_falls_silent_or_goes_on_for_ever_is_ended():
    asleep = "import time; time.sleep(600)"
    chatty = 'import time\nwhile True: print(\'{"done": 1, "of": 9}\', flush=True); time.sleep(0.01)'

    assert await refused(OtherProcess(asleep, limits=Limits(silence=timedelta(seconds=0.2)))) == "too-slow"
    assert await refused(OtherProcess(chatty, limits=Limits(whole=timedelta(seconds=0.5)))) == "too-slow"


@pytest.mark.parametrize("killed_by", [signal.SIGSEGV, signal.SIGABRT])
async def test_a_library_that_crashes_takes_nothing_with_it(killed_by):
    assert await refused(OtherProcess(f"import os; os.kill(os.getpid(), {int(killed_by)})")) == "crashed"


@pytest.mark.parametrize("answer", ["hello", "{}", '{"paper": {"kind": "docx"}}', '{"error": "no such reason"}', "[1]"])
async def test_an_answer_that_is_none_is_not_believed(answer):
    assert await refused(OtherProcess(f"print({answer!r})")) == "crashed"


async def test_nobody_waiting_ends_the_process_and_all_it_started(tmp_path):
    pid_file = tmp_path / "pid"
    parent = (
        "import subprocess, sys, time\n"
        "sys.stdin.read(1)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid)); time.sleep(600)"
    )
    waiting = asyncio.create_task(OtherProcess(parent).open(b"x"))
    while not (pid_file.exists() and pid_file.read_text()):  # noqa: ASYNC110 -- another process writes it
        await asyncio.sleep(0.01)
    pid = int(pid_file.read_text())

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    while is_running(pid):  # noqa: ASYNC110 -- the system ends it
        await asyncio.sleep(0.01)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 -- a line the system writes
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_others_are_answered_while_a_file_is_read():
    turns = 0

    async def others():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    answering = asyncio.create_task(others())
    before = turns
    await opener().open(sample(ANNEX, "pdf").content)
    answering.cancel()

    assert turns > before + 100


async def test_files_wait_their_turn():
    running = most = 0

    class Counting(OtherProcess):
        async def _answer(self, process, wanted, on_page):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.02)
            running -= 1
            raise UnreadableFileError("kind")

    counting = Counting("pass", at_once=2)
    await asyncio.gather(*(counting.open(b"x") for _ in range(6)), return_exceptions=True)

    assert most == 2


def test_no_secret_of_ours_reaches_the_process():
    ours = {"PATH": "/bin", "TELEGRAM_BOT_TOKEN": "1:x", "DATABASE_URL": "postgresql://a:b@c/d", "SECRET_KEY": "s"}

    given = environment(ours)

    assert given["PATH"] == "/bin"
    assert not {"TELEGRAM_BOT_TOKEN", "DATABASE_URL", "SECRET_KEY"} & set(given)


async def test_the_process_can_write_no_file_and_reach_no_network(tmp_path):
    """The network only where the system lets a process give it up: elsewhere the second line is not asked for."""
    program = f"""
import bot.opening.child as c, ctypes, os, socket
c.bind(memory=2**31, cpu=10)
said = []
try:
    with open({str(tmp_path / "x")!r}, "w") as file: file.write("x" * 10)
    said.append("wrote")
except OSError: said.append("no file")
before = os.readlink("/proc/self/ns/net")
c.leave_network()
if os.readlink("/proc/self/ns/net") != before:
    try: socket.create_connection(("127.0.0.1", 9), 1); said.append("connected")
    except OSError as error: said.append("no network" if error.errno in (101, 99, 100) else str(error))
open("/dev/stderr")
print({{"notes": said}})
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n{program}",
        stdout=asyncio.subprocess.PIPE, env=environment(os.environ),
    )  # fmt: skip
    said, _ = await process.communicate()

    assert b"no file" in said
    assert b"connected" not in said
