"""From the lines of a file to the paragraphs of a letter: what was wrapped is joined, what is furniture is dropped."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from planner.reading.markers import marker_of
from planner.reading.paper import Paper, Paragraph, Table

LONG_LINE = 130
"""Characters: a file with lines this long does not wrap them."""

FULL = 0.62
"""A line at least this full of the usual width may go on in the next."""

BRIM_FULL = 0.93
"""A line that ends in a full stop goes on only when nothing more fitted on it."""

SHORT_SIGN = 3
"""Letters: "QĐ" or "UBND" alone in capitals is an abbreviation, no heading."""

REPEATS = 3
"""A short line standing on at least so many pages is a letterhead or a foot."""

_TAG = re.compile(
    r"</?(?:p|i|b|u|ul|ol|li|em|strong|span|br|div|sup|sub|font|td|tr|th|a)\b[^<>]{0,200}>", re.IGNORECASE
)
_JUNK = re.compile(r"\[bookmark:[^\]]{0,40}\]|\\f|[\u00ad\u200b-\u200f\ufeff\x0c]")
_PAGE_NUMBER = re.compile(r"(?:[-–—]\s*)?(?:trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?", re.IGNORECASE)
_STARTS_ANEW = re.compile(
    r"(?:CỘNG HÒA|Độc lập|Số\s*:|Kính gửi|Nơi nhận|Căn cứ|Phụ lục|PHỤ LỤC|TM\.|KT\.|TL\.|TUQ\.|Q\."
    r"|Trên đây|Yêu cầu|Noi nh|Kinh g)"
)
_BARS = re.compile(r"[|\s]+")
"""What some web pages leave of the ruling of a table."""

_OPEN_END = re.compile(
    r"[,\-–(&/]$|\b(?:và|của|với|các|cho|tại|về|theo|số|từ|đến|được|trong|là|va|cua|voi|cac|cho|tai|ve)$"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Một đoạn trọn vẹn. `text` has single spaces; `numbering` is what a word processor counted for itself."""

    text: str
    page: int = 1
    numbering: str = ""
    confidence: float = 1.0

    @property
    def full_text(self) -> str:
        """With its numbering in front, as a reader of the printed page sees it."""
        return f"{self.numbering} {self.text}" if self.numbering else self.text


Block = Piece | Table


def clean(text: str) -> str:
    """Without tags and marks that some exports leave behind; spaces single."""
    text = _JUNK.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "*" in text:
        text = re.sub(r"(?<!\w)\*{1,3}(?=[^\s*])([^*]*[^\s*])\*{1,3}(?!\w)", r"\1", text)
    return " ".join(text.split())


def logical_blocks(blocks: Sequence[Paragraph | Table], *, width: float) -> list[Block]:
    """Paragraphs joined, tables untouched, in the order of the paper."""
    joined: list[Block] = []
    run: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.is_line:
            run.append(block)
            continue
        joined += _joined(run, width)
        run = []
        if isinstance(block, Table):
            joined.append(block)
        elif text := clean(block.text):
            joined.append(Piece(text, block.page, block.numbering.strip(), block.confidence))
    joined += _joined(run, width)
    return joined


def usual_width(paper: Paper) -> float:
    """How long a full line is, in characters; 0 where lines are not wrapped."""
    lengths = [len(clean(line.text)) for line in paper.paragraphs() if line.is_line and line.text.strip()]
    if len(lengths) < 4 or max(lengths) > 2 * LONG_LINE:  # noqa: PLR2004 - too few to say anything
        return 0
    width = quantiles(lengths, n=10)[-1]
    return 0 if width > LONG_LINE else width


def without_furniture(paper: Paper) -> list[Paragraph | Table]:
    """The blocks without page numbers and without what is printed again on each page."""
    repeated, edges = _repeated_lines(paper), _edges_of_pages(paper)
    return [
        block
        for place, block in enumerate(paper.blocks)
        if not (isinstance(block, Paragraph) and _is_furniture(block, repeated, is_at_an_edge=place in edges))
    ]


def _edges_of_pages(paper: Paper) -> set[int]:
    """The first and the last line of every page but a lone one: where its number is printed."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for place, block in enumerate(paper.blocks):
        if isinstance(block, Paragraph) and block.is_line and block.text.strip():
            first.setdefault(block.page, place)
            last[block.page] = place
    return {*first.values(), *last.values()} if paper.pages > 1 else set()


def _repeated_lines(paper: Paper) -> set[str]:
    pages: Counter[str] = Counter()
    seen: set[tuple[str, int]] = set()
    for line in paper.paragraphs():
        key = (line.text.strip(), line.page)
        if line.is_line and 4 < len(key[0]) < 80 and key not in seen:  # noqa: PLR2004 - too few to say anything
            seen.add(key)
            pages[key[0]] += 1
    return {text for text, count in pages.items() if count >= max(REPEATS, 0.6 * paper.pages)}


def _is_furniture(line: Paragraph, repeated: set[str], *, is_at_an_edge: bool) -> bool:
    text = line.text.strip()
    return (is_at_an_edge and _PAGE_NUMBER.fullmatch(text) is not None) or (line.is_line and text in repeated)


def _joined(lines: Iterable[Paragraph], width: float) -> Iterator[Piece]:
    """Lines into paragraphs."""
    held: _Held | None = None
    for line in lines:
        text = clean(line.text)
        if not text:
            continue
        if _BARS.fullmatch(text):
            if held is not None:
                yield held.piece()
            held = None
            continue
        if held is not None and held.goes_on(text, width, after_break=line.is_apart):
            held.add(text)
            continue
        if held is not None:
            yield held.piece()
        held = _Held(text, line)
    if held is not None:
        yield held.piece()


class _Held:
    """Đoạn đang ghép dở."""

    def __init__(self, text: str, line: Paragraph) -> None:
        self.parts = [text]
        self.line = line

    def add(self, text: str) -> None:
        self.parts.append(text)

    def piece(self) -> Piece:
        return Piece(" ".join(self.parts), self.line.page, self.line.numbering.strip(), self.line.confidence)

    def goes_on(self, text: str, width: float, *, after_break: bool) -> bool:
        """Whether `text` is the rest of this paragraph."""
        last = self.parts[-1]
        is_new_item = marker_of(text) is not None and not _is_wrapped_mark(last, text)
        if is_new_item or _STARTS_ANEW.match(text):
            return False
        is_closed = bool(re.search(r"[.;:!?]$|\./\.?$", last))
        if text[0].islower() or text[0] in ",);%":
            return not (is_closed and (after_break or not width)) and not _is_capitals(last)
        if not width or _is_capitals(last) != _is_capitals(text):  # a heading ends where capitals end
            return False
        if is_closed:
            return last[-1] == "." and not after_break and len(last) >= BRIM_FULL * width and not text[0].isdigit()
        is_open = _OPEN_END.search(last) is not None
        return is_open or (len(last) >= FULL * width and not after_break)


def _is_capitals(text: str) -> bool:
    return text.isupper() and sum(letter.isalpha() for letter in text) > SHORT_SIGN


def _is_wrapped_mark(last: str, text: str) -> bool:
    """ "… ngày⏎15. Giao …" and a range broken at its dash are no marks."""
    if re.search(r"(?:\b(?:ngày|tháng|số|khoản|điểm|điều|mục|năm|đến|từ|quý|ngay|thang|so)|[\d/,(–-])$", last):
        return text[0].isdigit() or text[0] in "-–"
    return text[0] in "-–" and bool(re.match(r"[-–]\s*[a-zà-ỹ]", text)) and not re.search(r"[.;:]$", last)
