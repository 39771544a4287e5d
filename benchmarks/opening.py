"""Letters opened as the bot opens them, in a process of their own: text, tables, scans, and answers meanwhile."""

import asyncio
import io
import os
import subprocess
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pypdfium2 as pdfium
from docx import Document
from PIL import Image

from benchmarks.databases import fresh
from benchmarks.measuring import Sheet, Times, in_turns, ms, ratio, timed
from benchmarks.overdue import asked
from benchmarks.province import Shape, settle
from bot.opening import tesseract
from bot.opening.guard import LetterOpener, Limits
from planner.reading.open_scan import DOTS_PER_INCH, POINTS_PER_INCH
from planner.reading.read import Knowledge
from planner.workdays import WorkCalendar
from tests.samples.as_docx import as_docx
from tests.samples.as_pdf import as_pdf
from tests.samples.as_scan import as_scan
from tests.samples.content import Letter
from tests.samples.contents import ANNEX, LABELS, TASKS

TEXT_PAGES, TABLES, SCANNED_PAGES, SCANNED_MEANWHILE = 20, 50, 6, 20
TEXT_AIM, TABLES_AIM, SCAN_AIM = 2.0, 1.0, 1.15
ASKED_EVERY = 0.05
ALONE = Limits(niceness=0)
"""Where the speed of the reading itself is the question, it stands back for nobody, and neither does the baseline."""


async def run(*, quick: bool) -> list[Sheet]:
    sheets = [await _words(quick=quick)]
    if tesseract.version() is None:
        sheets.append(Sheet("scans: not measured, tesseract is not installed", "-", "-", ("of baseline",)))
        return sheets
    return [*sheets, await _scans(quick=quick), await _meanwhile(quick=quick)]


# --- text and tables -------------------------------------------------------------------------------------------------


async def _words(*, quick: bool) -> Sheet:
    pdf = as_pdf(_long(2 if quick else TEXT_PAGES))
    docx = as_docx(replace(ANNEX, annex=ANNEX.grids * (2 if quick else TABLES)))
    sheet = Sheet(
        "letters of words, from the bytes to the paper, the process included, and to the draft",
        f"PDF of {TEXT_PAGES} pages ≤ {TEXT_AIM:.0f} s, DOCX of {TABLES} tables ≤ {TABLES_AIM:.0f} s",
        "the bare library in our own process: pdfium's text of every page; python-docx's text of every cell",
        ("what", "baseline p50", "p50", "p95", "of baseline", "aim"),
    )
    opener = LetterOpener(limits=ALONE)
    for name, content, bare, aim in (
        (f"PDF, {_pages(pdf)} pages", pdf, _pdf_text, TEXT_AIM),
        (f"DOCX, {2 if quick else TABLES} tables", docx, _docx_text, TABLES_AIM),
    ):
        baseline, *both = await in_turns(
            _in_our_process(bare, content), lambda file=content: opener.open(file), _opened_and_read(opener, content),
            times=2 if quick else 15, warm_up=1,
        )  # fmt: skip
        for does, ours in zip(("opened", "opened and read"), both, strict=True):
            times = ours.median / baseline.median
            met = "met" if ours.p95 <= aim else "MISSED"
            sheet.add(f"{name}, {does}", ms(baseline.median), ms(ours.median), ms(ours.p95), ratio(times), met)
    return sheet


def _opened_and_read(opener: LetterOpener, content: bytes) -> Callable[[], Awaitable[None]]:
    """To the draft a person confirms."""
    knowledge = Knowledge(WorkCalendar(()))

    async def measured() -> None:
        _, draft = await opener.read(content, knowledge)
        assert draft.obligations

    return measured


def _long(pages: int) -> Letter:
    """A letter of that many pages at least: the words of one over and over, and an annex at its end."""
    body = TASKS.body + LABELS.body[2:]
    return replace(ANNEX, body=body * max(1, pages * 2 // 3))


def _pages(pdf: bytes) -> int:
    with pdfium.PdfDocument(pdf) as document:
        return len(document)


def _pdf_text(content: bytes) -> int:
    with pdfium.PdfDocument(content) as document:
        return sum(len(page.get_textpage().get_text_range()) for page in document)


def _docx_text(content: bytes) -> int:
    tables = Document(io.BytesIO(content)).tables
    return sum(len(cell.text) for table in tables for row in table.rows for cell in row.cells)


def _in_our_process(work: Callable[[bytes], int], content: bytes) -> Callable[[], Awaitable[None]]:
    async def measured() -> None:
        assert work(content) > 0

    return measured


# --- scans -----------------------------------------------------------------------------------------------------------


async def _scans(*, quick: bool) -> Sheet:
    content = as_scan(_long(1 if quick else SCANNED_PAGES))
    opener = LetterOpener(limits=ALONE)
    workers, pictures = opener.workers, list(_pictures(content))
    plain, same, ours = await in_turns(
        lambda: asyncio.to_thread(_bare_tesseract, pictures, workers, _as_it_comes()),
        lambda: asyncio.to_thread(_bare_tesseract, pictures, workers, tesseract.command(DOTS_PER_INCH)),
        lambda: opener.open(content),
        times=1 if quick else 5, warm_up=0,
    )  # fmt: skip
    sheet = Sheet(
        f"a scan of {_pages(content)} pages, {workers} at a time",
        f"≤ {SCAN_AIM}× tesseract's own time",
        "tesseract alone on the same pages at 300 dpi, as many at a time, drawn beforehand, its words thrown away",
        ("baseline", "tesseract min / median / max", "ours", "of baseline", "aim"),
    )
    for name, baseline in (("as it comes", plain), ("told what we tell it: one block", same)):
        times = ours.median / baseline.median
        met = "met" if times <= SCAN_AIM else "MISSED"
        sheet.add(name, baseline.spread, ours.spread, ratio(times), met)
    return sheet


def _bare_tesseract(pictures: Sequence[bytes], workers: int, command: list[str]) -> None:
    with ThreadPoolExecutor(workers) as pool:
        assert all(pool.map(lambda picture: _recognised(picture, command), pictures))


def _as_it_comes() -> list[str]:
    """Its own way of finding columns and blocks."""
    command = tesseract.command(DOTS_PER_INCH)
    at = command.index("--psm")
    return command[:at] + command[at + 2 :]


def _recognised(picture: bytes, command: list[str]) -> bytes:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    return subprocess.run(command, input=picture, capture_output=True, check=True, env=environment).stdout


def _pictures(content: bytes) -> Iterator[bytes]:
    with pdfium.PdfDocument(content) as document:
        for page in document:
            picture: Image.Image = page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH, grayscale=True).to_pil()
            yield tesseract.written(picture)


# --- answers meanwhile -----------------------------------------------------------------------------------------------


async def _meanwhile(*, quick: bool) -> Sheet:
    """A coordinator asks again and again; then the same while a long scan is read."""
    content = as_scan(_long(1 if quick else SCANNED_MEANWHILE))
    async with fresh("sqlite") as database:
        await settle(database, Shape(units=40, tasks=10, late=40))
        ask = asked(database)
        await ask()
        alone = await _asked_for(ask, asyncio.sleep(0.5 if quick else 20))
        reading = await _asked_for(ask, LetterOpener().read(content, Knowledge(WorkCalendar(()))))
    sheet = Sheet(
        f"/overdue while a scan of {_pages(content)} pages is read",
        "p95 unchanged",
        "the same questions with nothing read; 4 k assignments, SQLite",
        ("what", "alone p50", "p95", "meanwhile p50", "p95", "of baseline"),
    )
    sheet.add(
        f"{len(alone.taken)} and {len(reading.taken)} answers", ms(alone.median), ms(alone.p95), ms(reading.median),
        ms(reading.p95), ratio(reading.p95 / alone.p95),
    )  # fmt: skip
    return sheet


async def _asked_for(ask: Callable[[], Awaitable[None]], while_this: Awaitable[object]) -> Times:
    task = asyncio.ensure_future(while_this)
    taken: list[float] = []
    while not task.done() or not taken:
        with timed(taken):
            await ask()
        await asyncio.sleep(ASKED_EVERY)
    await task
    return Times(taken)
