"""PDF files: words and ruling lines as they are drawn; a page that is only a picture is read as a scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from models.errors import UnreadableFileError
from planner.reading.open_encodings import mended_blocks
from planner.reading.open_pages import Page, blocks_of
from planner.reading.open_pdf_page import Turned, drawing_of, words_of
from planner.reading.open_scan import (
    DOTS_PER_INCH,
    POINTS_PER_INCH,
    OnPage,
    Recognise,
    Scan,
    hard_to_read,
    scanned_pages,
)
from planner.reading.paper import Paper, PaperKind

MOST_PAGES = 200
COVERING = 0.6
"""Of a page: a picture of that size is the page itself."""
_FEWEST_LETTERS = 3


def open_pdf(content: bytes, *, recognise: Recognise | None, on_page: OnPage) -> Paper:
    """Raises UnreadableFileError: malformed, encrypted, empty, too many pages, or a scan without a recogniser."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}
        raise UnreadableFileError("encrypted" if is_locked else "malformed") from error
    try:
        return _Reader(document, recognise, on_page).read()
    except pdfium.PdfiumError as error:
        raise UnreadableFileError("malformed") from error
    finally:
        document.close()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Một trang tệp: its words and lines, and whether it must be recognised from its picture."""

    page: Page
    is_scan: bool


class _Reader:
    """Reads one document: the pages with words first, then those that are pictures."""

    def __init__(self, document: Any, recognise: Recognise | None, on_page: OnPage) -> None:
        self._document, self._recognise, self._on_page = document, recognise, on_page
        self._count = len(document)
        self._done = 0

    def read(self) -> Paper:
        if self._count > MOST_PAGES:
            raise UnreadableFileError("too-many-pages", limit=MOST_PAGES)
        sheets = [self._sheet(number) for number in range(self._count)]
        scans = [number for number, sheet in enumerate(sheets) if sheet.is_scan]
        notes: list[str] = []
        pages = {number: sheet.page for number, sheet in enumerate(sheets)}
        if scans:
            read, notes = self._recognised(scans, sheets)
            pages |= read
        blocks = blocks_of([pages[number] for number in range(self._count)])
        if not blocks:
            raise UnreadableFileError("empty")
        kind = PaperKind.SCAN if len(scans) * 2 > self._count else PaperKind.PDF
        return Paper(kind, mended_blocks(blocks), pages=self._count, notes=tuple(notes))

    def _recognised(self, scans: Sequence[int], sheets: Sequence[_Sheet]) -> tuple[dict[int, Page], list[str]]:
        """Pages by number from 0. Words that a scanner's own program left behind serve where nothing better can."""
        if self._recognise is None:
            if not any(sheet.page.words for sheet in sheets):
                raise UnreadableFileError("no-recogniser")
            named = ", ".join(str(number + 1) for number in scans)
            return {}, [f"Trang {named} là ảnh quét, máy này chưa đọc được chữ trong ảnh."]
        pictures = (self._picture(number) for number in scans)
        read: dict[int, Page] = {}
        for number, page in zip(scans, scanned_pages(pictures, self._recognise), strict=True):
            read[number] = page
            self._tell()
        return read, hard_to_read(read.values())

    def _picture(self, number: int) -> Scan:
        page = self._document[number]
        width, height = page.get_size()
        scale = min(DOTS_PER_INCH / POINTS_PER_INCH, _LONGEST_SIDE / max(width, height, 1))
        bitmap = page.render(scale=scale, grayscale=True)
        picture: Image.Image = bitmap.to_pil().convert("L")
        page.close()
        return Scan(picture, number + 1, scale * POINTS_PER_INCH)

    def _tell(self) -> None:
        self._done += 1
        self._on_page(self._done, self._count)

    def _sheet(self, number: int) -> _Sheet:
        page = self._document[number]
        turned = Turned.of(page)
        words, are_hidden = words_of(page, turned)
        rules, covered = drawing_of(page, turned)
        page.close()
        is_picture = covered > COVERING
        letters = sum(len(word.text) for word in words)
        is_scan = is_picture and (letters < _FEWEST_LETTERS or are_hidden)
        if not is_scan:
            self._tell()
        return _Sheet(Page(number + 1, turned.width, turned.height, tuple(words), tuple(rules)), is_scan)


_LONGEST_SIDE = 10_000
"""Pixels of a rendered page: two metres of paper at 300 dpi are no letter."""
