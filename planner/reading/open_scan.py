"""Scans and photos: pictures made straight and even, read by a recogniser, and set out like any other page.

The recogniser is an argument, because it is another program: this module starts none.
"""

import io
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, ImageSequence, UnidentifiedImageError

from models.errors import UnreadableFileError
from planner.plain_text import tidy
from planner.reading.open_layout import PlacedWord
from planner.reading.open_pages import Page, blocks_of
from planner.reading.open_ruling import Rule
from planner.reading.open_strokes import ruling_of
from planner.reading.paper import Paper, PaperKind

DOTS_PER_INCH = 300
POINTS_PER_INCH = 72
MOST_PIXELS = 60_000_000
"""Of one picture: A3 at 400 dpi has 31 million."""
MOST_PICTURES = 200
PAPER_WIDTH = 8.27
"""Inches of A4: a picture says how wide it is in pixels, and a letter is on A4."""
LEAST_WIDTH, MOST_WIDTH = 1900, 3700
"""Pixels of a page that are read as they are; a smaller picture is enlarged, a larger one made smaller."""
USUAL_WIDTH = 2480

Recognise = Callable[[Iterable[Image.Image]], Iterator[str]]
"""Pictures in, for each what stands on it out, in order, in tesseract's TSV; takes pictures as it gets on with them."""
OnPage = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scan:
    """Một trang ảnh, grey. `number` from 1; `dots_per_inch` of the paper it shows."""

    picture: Image.Image
    number: int
    dots_per_inch: float


def open_scan(content: bytes, *, recognise: Recognise | None, on_page: OnPage) -> Paper:
    """Raises UnreadableFileError: malformed, too many pixels or pages, no recogniser, or no words on it."""
    if recognise is None:
        _count(content)
        raise UnreadableFileError("no-recogniser")
    count = _count(content)
    pages = []
    for page in scanned_pages(_pictures(content), recognise):
        pages.append(page)
        on_page(len(pages), count)
    blocks = blocks_of(pages)
    if not blocks:
        raise UnreadableFileError("empty")
    return Paper(PaperKind.SCAN, tuple(blocks), pages=len(pages), notes=tuple(hard_to_read(pages)))


def _count(content: bytes) -> int:
    """How many pictures the file holds; the size of each is told before any is unpacked."""
    try:
        with Image.open(io.BytesIO(content)) as file:
            _check_size(file)
            count = getattr(file, "n_frames", 1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableFileError("too-many-pixels", limit=MOST_PIXELS) from error
    except _WRONG as error:
        raise UnreadableFileError("malformed") from error
    if count > MOST_PICTURES:
        raise UnreadableFileError("too-many-pages", limit=MOST_PICTURES)
    return int(count)


_WRONG = (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, TypeError, EOFError, Warning)


def _check_size(file: Image.Image) -> None:
    if file.width * file.height > MOST_PIXELS:
        raise UnreadableFileError("too-many-pixels", limit=MOST_PIXELS)


def _pictures(content: bytes) -> Iterator[Scan]:
    try:
        with Image.open(io.BytesIO(content)) as file:
            for number, frame in enumerate(ImageSequence.Iterator(file), start=1):
                _check_size(frame)
                upright = ImageOps.exif_transpose(frame)
                yield _scaled(_grey(upright), number)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableFileError("too-many-pixels", limit=MOST_PIXELS) from error
    except _WRONG as error:
        raise UnreadableFileError("malformed") from error


def _grey(picture: Image.Image) -> Image.Image:
    """What is see-through is paper."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        paper = Image.new("RGBA", with_alpha.size, "white")
        picture = Image.alpha_composite(paper, with_alpha)
    if picture.mode.startswith("I"):
        return Image.fromarray((np.asarray(picture, dtype=np.float64) / 257).clip(0, 255).astype(np.uint8))
    return picture.convert("L")


def _scaled(picture: Image.Image, number: int) -> Scan:
    shorter = min(picture.size)
    if LEAST_WIDTH <= shorter <= MOST_WIDTH:
        return Scan(picture, number, shorter / PAPER_WIDTH)
    scale = min(USUAL_WIDTH / max(shorter, 1), math.sqrt(MOST_PIXELS / max(picture.width * picture.height, 1)))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return Scan(picture.resize(size, Image.Resampling.BICUBIC), number, shorter * scale / PAPER_WIDTH)


# --- one picture -----------------------------------------------------------------------------------------------------


def scanned_pages(scans: Iterable[Scan], recognise: Recognise) -> Iterator[Page]:
    """In order. While the recogniser reads, the next pictures are made ready."""
    waiting: deque[tuple[Page, float, Image.Image]] = deque()

    def pictures() -> Iterator[Image.Image]:
        for scan in scans:
            straight = straightened(scan.picture)
            page, clean = _without_rules(scan, straight)
            waiting.append((page, POINTS_PER_INCH / scan.dots_per_inch, straight))
            yield clean

    for words in recognise(pictures()):
        page, points, straight = waiting.popleft()
        read = replace(page, words=tuple(words_of(words, points)))
        if confidence_of(read) < UPSIDE_DOWN:
            read = _turned_over(read, Scan(straight, page.number, POINTS_PER_INCH / points), recognise)
        yield read


UPSIDE_DOWN = 0.5
"""Words as unsure as that may be standing on their heads."""


def _turned_over(page: Page, scan: Scan, recognise: Recognise) -> Page:
    """The same page the other way up, where that reads better."""
    over = replace(scan, picture=scan.picture.transpose(Image.Transpose.ROTATE_180))
    bare, clean = _without_rules(over, over.picture)
    words = tuple(words_of(next(iter(recognise([clean]))), POINTS_PER_INCH / scan.dots_per_inch))
    other = replace(bare, words=words)
    return max(page, other, key=confidence_of)


def _without_rules(scan: Scan, straight: Image.Image) -> tuple[Page, Image.Image]:
    """The page with its ruling lines and no words yet, and the picture without those lines, which are no letters."""
    rules, dots = ruling_of(np.asarray(straight) < _threshold(straight), scan.dots_per_inch)
    points = POINTS_PER_INCH / scan.dots_per_inch
    drawn = (Rule(rule.is_level, rule.at * points, rule.start * points, rule.end * points) for rule in rules)
    page = Page(scan.number, straight.width * points, straight.height * points, (), tuple(drawn))
    return page, _without(straight, dots)


def straightened(picture: Image.Image) -> Image.Image:
    """Evenly lit, its lines level; it may still stand on its head."""
    even = _evenly_lit(picture)
    if _is_sideways(even):
        even = even.transpose(Image.Transpose.ROTATE_90)
    angle = slant_of(even)
    if abs(angle) < SMALLEST_SLANT:
        return even
    return even.rotate(angle, resample=Image.Resampling.BILINEAR, expand=False, fillcolor=255)


DARKEST_PAPER = 200
"""Of 255: where the paper of a photo is darker than that somewhere, its light is made even."""


def _evenly_lit(picture: Image.Image) -> Image.Image:
    """Paper white everywhere: each spot is measured against the brightest near it."""
    paper = picture.reduce(24).filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(3))
    if np.percentile(np.asarray(paper), 2) > DARKEST_PAPER:
        return picture
    light = np.asarray(paper.resize(picture.size, Image.Resampling.BILINEAR), dtype=np.float32)
    even = np.asarray(picture, dtype=np.float32) * (255.0 / np.maximum(light, 32))
    return Image.fromarray(even.clip(0, 255).astype(np.uint8))


def _threshold(picture: Image.Image) -> int:
    """Between ink and paper, where the two are told apart best (Otsu)."""
    counts = np.asarray(picture.histogram()[:256], dtype=np.float64)
    levels = np.arange(256)
    below = np.cumsum(counts)
    sums = np.cumsum(counts * levels)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return int(np.nanargmax(np.where(np.isfinite(apart), apart, -1.0))) + 1


STEEPEST = 5.0
SMALLEST_SLANT = 0.08
"""Degrees: below that a line as long as a page is off by two points."""
_SAMPLE_WIDTH = 900
_FEWEST_DOTS, _MOST_DOTS = 100, 60_000
"""Of ink: fewer show no lines, more say nothing more."""


SIDEWAYS = 1.5
"""How much sharper the edges of upright lines of letters must be."""


def _is_sideways(picture: Image.Image) -> bool:
    """Whether its lines of letters run up or down."""
    small = _small(picture)
    dark = (np.asarray(small) < _threshold(small)).astype(np.float64)
    across, down = (float((np.diff(dark.sum(axis=axis)) ** 2).sum()) for axis in (1, 0))
    # ruling lines are as sharp either way; the sum over a longer side is larger
    return down / small.height > SIDEWAYS * across / small.width


def _small(picture: Image.Image) -> Image.Image:
    return picture.reduce(max(1, round(picture.width / _SAMPLE_WIDTH)))


def slant_of(picture: Image.Image) -> float:
    """Degrees by which it must be turned to the left for its lines to be level: the turn that sharpens their edges."""
    small = _small(picture)
    ys, xs = np.nonzero(np.asarray(small) < _threshold(small))
    if len(xs) < _FEWEST_DOTS or len(xs) > small.width * small.height / 2:
        return 0.0
    step = len(xs) // _MOST_DOTS + 1
    xs, ys = xs[::step], ys[::step]
    coarse = max(np.arange(-STEEPEST, STEEPEST + 0.1, 0.5), key=lambda angle: _sharpness(xs, ys, angle))
    return float(max(np.arange(coarse - 0.5, coarse + 0.51, 0.05), key=lambda angle: _sharpness(xs, ys, angle)))


def _sharpness(xs: NDArray[np.int64], ys: NDArray[np.int64], degrees: float) -> float:
    """How unevenly ink is spread over the rows once the picture is turned."""
    rows = (ys - xs * math.tan(math.radians(degrees))).round().astype(np.int64)
    counts = np.bincount(rows - rows.min())
    return float(((counts[1:] - counts[:-1]).astype(np.float64) ** 2).sum())


def _without(picture: Image.Image, lines: NDArray[np.bool_]) -> Image.Image:
    if not lines.any():
        return picture
    clean = np.array(picture)
    clean[lines] = 255
    return Image.fromarray(clean)


# --- what the recogniser said ---------------------------------------------------------------------------------------

_COLUMNS = 12
_WORD_LEVEL = "5"
_NOISE = frozenset("|_~¦[]{}«»=—\\/°'`‘’“”\"")
"""Alone and unsure, such a sign is dirt or the rest of a line."""
SURE = 0.6


def words_of(tsv: str, points: float) -> Iterator[PlacedWord]:
    """`points` for each pixel."""
    for line in tsv.splitlines():
        cells = line.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL or not (text := tidy(cells[11])):
            continue
        left, top, width, height = (int(cell) * points for cell in cells[6:10])
        confidence = min(max(float(cells[10]) / 100, 0.0), 1.0)
        if set(text) <= _NOISE and (confidence < SURE or len(text) == 1):
            continue
        yield PlacedWord(text, left, top, left + width, top + height, confidence)


HARD = 0.6


def hard_to_read(pages: Iterable[Page]) -> list[str]:
    """What a person should know about pages that could hardly be read, or not at all."""
    poor = [str(page.number) for page in pages if confidence_of(page) < HARD]
    if not poor:
        return []
    return [f"Trang {', '.join(poor)} khó đọc hoặc trống: xem kỹ bản gốc, hoặc quét lại rõ hơn và đúng chiều."]


def confidence_of(page: Page) -> float:
    """The mean of its letters'; 0 where there are none."""
    letters = sum(len(word.text) for word in page.words)
    return sum(word.confidence * len(word.text) for word in page.words) / max(letters, 1)
