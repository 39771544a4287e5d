"""One door to all openers: the bytes of a file in, a `Paper` out, whatever kind of file it is."""

from typing import TYPE_CHECKING

from models.errors import UnreadableFileError
from planner.reading.kinds import kind_of
from planner.reading.paper import Paper, PaperKind

if TYPE_CHECKING:
    from planner.reading.open_scan import OnPage, Recognise

MOST_PAGES = 200


def open_paper(content: bytes, *, recognise: "Recognise | None", on_page: "OnPage | None" = None) -> Paper:
    """Raises UnreadableFileError and nothing else that a file could bring about, short of running out of bounds.

    `recognise` reads pictures; without it scans are refused. `on_page` hears how many pages are done, of how many.
    Files come from strangers: call this in a process of its own (`bot.opening`).
    """
    tell = on_page or _to_nobody
    kind = kind_of(content)
    if kind is PaperKind.PDF:
        from planner.reading.open_pdf import open_pdf

        return open_pdf(content, recognise=recognise, on_page=tell)
    if kind is PaperKind.SCAN:
        from planner.reading.open_scan import open_scan

        return open_scan(content, recognise=recognise, on_page=tell)
    paper = _opened(kind, content)
    if paper.pages > MOST_PAGES:
        raise UnreadableFileError("too-many-pages", limit=MOST_PAGES)
    tell(paper.pages, paper.pages)
    return paper


def _to_nobody(done: int, of: int) -> None:
    """Nobody asked how far it is."""


def _opened(kind: PaperKind, content: bytes) -> Paper:
    """Each reader is imported when its kind comes: they are heavy, and a process opens one file."""
    if kind is PaperKind.DOCX:
        from planner.reading.open_docx import open_docx

        return open_docx(content)
    if kind is PaperKind.XLSX:
        from planner.reading.open_xlsx import open_xlsx

        return open_xlsx(content)
    if kind is PaperKind.HTML:
        from planner.reading.open_html import open_html

        return open_html(content)
    from planner.reading.open_text import open_text

    return open_text(content)
