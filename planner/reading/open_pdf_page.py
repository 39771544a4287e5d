"""One page of a PDF file: its words and its ruling lines, where a person sees them."""

import ctypes
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

from models.errors import UnreadableFileError
from planner.reading.open_layout import PlacedWord
from planner.reading.open_ruling import Rule

MOST_LETTERS = 3_000_000
MOST_OBJECTS = 60_000
"""Drawn things of one page that are looked at for ruling lines."""
DEEPEST = 8
"""Drawings inside drawings."""
THIN = 3.0
"""Points: a filled bar as thin as that is a line."""
_HYPHENS = {"\x02": "-", "\ufffe": "-"}


@dataclass(frozen=True, slots=True)
class Turned:
    """From the file's own corner and direction to the top left of the page as it is read."""

    left: float
    bottom: float
    across: float
    up: float
    quarter_turns: int

    @classmethod
    def of(cls, page: Any) -> "Turned":
        left, bottom, right, top = page.get_cropbox()
        return cls(left, bottom, right - left, top - bottom, page.get_rotation() // 90 % 4)

    @property
    def width(self) -> float:
        return self.up if self.quarter_turns % 2 else self.across

    @property
    def height(self) -> float:
        return self.across if self.quarter_turns % 2 else self.up

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """(x0, top, x1, bottom)."""
        x0, x1 = left - self.left, right - self.left
        y0, y1 = bottom - self.bottom, top - self.bottom
        if self.quarter_turns == 0:
            return x0, self.up - y1, x1, self.up - y0
        if self.quarter_turns == 1:
            return y0, x0, y1, x1
        if self.quarter_turns == 2:  # noqa: PLR2004 -- upside down
            return self.across - x1, y0, self.across - x0, y1
        return self.up - y1, self.across - x1, self.up - y0, self.across - x0


# --- words --------------------------------------------------------------------------------------------------------

_SMALLER = 0.75
"""Of the letter before: a figure as small as that, set higher, is the mark of a footnote."""
_JUMP = 0.6
"""Of the height: words further apart than that up or down are not one word, whatever the file says."""
_INVISIBLE = 3
"""Rendering mode of letters that are there to be searched, behind the picture of a page."""


def words_of(page: Any, turned: Turned) -> tuple[list[PlacedWord], bool]:
    """The words, and whether most of their letters are invisible."""
    text_page = page.get_textpage()
    raw, count = text_page.raw, text_page.count_chars()
    if count > MOST_LETTERS:
        raise UnreadableFileError("bomb")
    builder = _WordBuilder()
    box = pdfium_c.FS_RECTF()
    for index in range(count):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        letter = chr(code) if code <= sys.maxunicode and not _is_half(code) else "\ufffd"
        if letter.isspace() or code == 0:
            builder.end()
        elif pdfium_c.FPDFText_GetLooseCharBox(raw, index, ctypes.byref(box)):
            builder.add(_HYPHENS.get(letter, letter), turned.box(box.left, box.bottom, box.right, box.top))
    builder.end()
    are_hidden = bool(builder.words) and _are_hidden(raw, count)
    text_page.close()
    return builder.words, are_hidden


def _is_half(code: int) -> bool:
    """Half of a pair that UTF-16 writes one letter with."""
    return 0xD800 <= code < 0xE000  # noqa: PLR2004 -- the range Unicode keeps for them


def _are_hidden(raw: Any, count: int) -> bool:
    """Told by a few letters from all over the page."""
    step = max(1, count // 40)
    modes = []
    for index in range(0, count, step):
        drawn = pdfium_c.FPDFText_GetTextObject(raw, index)
        if drawn:
            modes.append(pdfium_c.FPDFTextObj_GetTextRenderMode(drawn))
    return bool(modes) and sum(mode == _INVISIBLE for mode in modes) * 2 > len(modes)


class _WordBuilder:
    """Letters in the file's order become words."""

    def __init__(self) -> None:
        self.words: list[PlacedWord] = []
        self._letters: list[str] = []
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._last = (0.0, 0.0, 0.0, 0.0)

    def add(self, letter: str, box: tuple[float, float, float, float]) -> None:
        if not all(map(math.isfinite, box)):
            return
        if self._letters and self._is_mark(letter, box):
            return
        if self._letters and self._is_elsewhere(box):
            self.end()
        x0, top, x1, bottom = self._box
        self._box = (min(x0, box[0]), min(top, box[1]), max(x1, box[2]), max(bottom, box[3])) if self._letters else box
        self._letters.append(letter)
        self._last = box

    def end(self) -> None:
        if self._letters:
            self.words.append(PlacedWord("".join(self._letters), *self._box))
        self._letters = []

    def _is_mark(self, letter: str, box: tuple[float, float, float, float]) -> bool:
        height, before = box[3] - box[1], self._last[3] - self._last[1]
        is_raised = box[3] < self._last[3] - 0.1 * before
        return letter.isdigit() and not self._letters[-1].isdigit() and height < _SMALLER * before and is_raised

    def _is_elsewhere(self, box: tuple[float, float, float, float]) -> bool:
        height = max(box[3] - box[1], 1.0)
        is_on_another_line = abs((box[1] + box[3]) - (self._last[1] + self._last[3])) / 2 > _JUMP * height
        return is_on_another_line or box[0] < self._last[0] - height or box[0] > self._last[2] + height


# --- ruling lines and pictures --------------------------------------------------------------------------------------


def drawing_of(page: Any, turned: Turned) -> tuple[list[Rule], float]:
    """Its ruling lines, and the share of the page that its largest picture covers."""
    rules: list[Rule] = []
    covered = 0.0
    area = max(turned.width * turned.height, 1.0)
    kinds = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE)
    for seen, drawn in enumerate(page.get_objects(filter=kinds, max_depth=DEEPEST)):
        if seen >= MOST_OBJECTS:
            break
        matrix = _whole_matrix(drawn)
        if drawn.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            x0, top, x1, bottom = _outline(matrix, turned)
            covered = max(covered, (x1 - x0) * (bottom - top) / area)
        else:
            rules += _path_rules(drawn, matrix, turned)
    return rules, covered


def _whole_matrix(drawn: Any) -> Any:
    """From the drawing's own lengths to those of the page, through the drawings it stands in."""
    matrix = drawn.get_matrix()
    container = drawn.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    return matrix


def _outline(matrix: Any, turned: Turned) -> tuple[float, float, float, float]:
    """Of a picture: in its own lengths it is one by one."""
    corners = [matrix.on_point(x, y) for x in (0, 1) for y in (0, 1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return turned.box(min(xs), min(ys), max(xs), max(ys))


def _path_rules(drawn: Any, matrix: Any, turned: Turned) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(drawn.raw, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    points = list(_points(drawn, matrix))
    for figure in _figures(points):
        xs, ys = [x for x, _ in figure], [y for _, y in figure]
        box = turned.box(min(xs), min(ys), max(xs), max(ys))
        if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
            yield _thin_rule(box)
        elif stroke.value or len(figure) >= 4:  # noqa: PLR2004 -- a rectangle
            yield from _side_rules(figure, turned)


def _points(drawn: Any, matrix: Any) -> Iterator[tuple[bool, tuple[float, float]]]:
    """(whether a new figure begins here, the point)."""
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(pdfium_c.FPDFPath_CountSegments(drawn.raw), MOST_OBJECTS)):
        segment = pdfium_c.FPDFPath_GetPathSegment(drawn.raw, index)
        pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        is_move = pdfium_c.FPDFPathSegment_GetType(segment) == pdfium_c.FPDF_SEGMENT_MOVETO
        yield is_move, matrix.on_point(x.value, y.value)


def _figures(points: Sequence[tuple[bool, tuple[float, float]]]) -> Iterator[list[tuple[float, float]]]:
    figure: list[tuple[float, float]] = []
    for is_move, point in points:
        if is_move and figure:
            yield figure
            figure = []
        figure.append(point)
    if len(figure) > 1:
        yield figure


def _thin_rule(box: tuple[float, float, float, float]) -> Rule:
    x0, top, x1, bottom = box
    is_level = x1 - x0 >= bottom - top
    return Rule(True, (top + bottom) / 2, x0, x1) if is_level else Rule(False, (x0 + x1) / 2, top, bottom)


def _side_rules(figure: Sequence[tuple[float, float]], turned: Turned) -> Iterator[Rule]:
    for (x0, y0), (x1, y1) in zip(figure, [*figure[1:], figure[0]], strict=True):
        if abs(x0 - x1) <= 1 or abs(y0 - y1) <= 1:
            yield _thin_rule(turned.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
