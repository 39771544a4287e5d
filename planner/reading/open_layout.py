"""Words where they stand on a page become lines, and the head and foot of a letter its two columns.

Lengths are points (1/72 inch), from the top left corner of the page as it is read.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from planner.reading.open_encodings import tidied


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Một từ tại chỗ của nó."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float = 1.0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class TextLine:
    """Một dòng, its words from left to right."""

    words: tuple[PlacedWord, ...]

    @cached_property
    def text(self) -> str:
        return tidied(" ".join(word.text for word in self.words))

    @cached_property
    def x0(self) -> float:
        return self.words[0].x0

    @cached_property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @cached_property
    def top(self) -> float:
        return statistics.median(word.top for word in self.words)

    @cached_property
    def bottom(self) -> float:
        return statistics.median(word.bottom for word in self.words)

    @cached_property
    def middle(self) -> float:
        return statistics.median(word.middle for word in self.words)

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @cached_property
    def height(self) -> float:
        return statistics.median(word.height for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean of its letters'."""
        letters = sum(len(word.text) for word in self.words)
        return round(sum(word.confidence * len(word.text) for word in self.words) / max(letters, 1), 3)


SAME_LINE = 0.5
"""Of the height of a line: as far as the middle of a word may be from the line's."""
LINES_BACK = 4
"""A word higher up than the last lines cannot belong to an earlier one, for words come from the top down."""


def lines_of(words: Iterable[PlacedWord]) -> list[TextLine]:
    """From the top down."""
    lines: list[list[PlacedWord]] = []
    middles: list[float] = []
    for word in sorted(words, key=lambda each: (each.middle, each.x0)):
        for back in range(len(lines) - 1, max(-1, len(lines) - 1 - LINES_BACK), -1):
            height = max(word.height, lines[back][0].height)
            if abs(word.middle - middles[back]) < SAME_LINE * height:
                lines[back].append(word)
                middles[back] += (word.middle - middles[back]) / len(lines[back])
                break
        else:
            lines.append([word])
            middles.append(word.middle)
    whole = (TextLine(tuple(sorted(line, key=lambda word: word.x0))) for line in lines)
    return sorted(whole, key=lambda line: line.middle)


# --- paragraphs: told by what a person sees -------------------------------------------------------------------------

WIDER_GAP = 1.35
"""Of the usual distance between two lines."""
INDENT = 0.9
"""Of the height of a line."""
CENTRED = 0.02
"""Of the width of the text: as far as the middle of a centred line may be from its middle."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Khung chữ: where the text of a page or a cell stands, and how its lines usually follow one another."""

    left: float
    right: float
    pitch: float

    @property
    def width(self) -> float:
        return max(self.right - self.left, 1.0)

    def has_centred(self, line: TextLine) -> bool:
        is_inset = line.x0 > self.left + line.height and line.x1 < self.right - line.height
        return is_inset and abs((line.x0 + line.x1) - (self.left + self.right)) / 2 < CENTRED * self.width

    def is_apart(self, line: TextLine, above: TextLine | None, *, is_new_page: bool = False) -> bool:
        """Whether a paragraph begins here: after a wider gap, with an indent, or where the line above had room left."""
        if above is None or (not is_new_page and line.middle - above.middle > WIDER_GAP * self.pitch):
            return True
        if self.has_centred(above) and not self.has_centred(line):
            return True
        is_indented = line.x0 - self.left > INDENT * line.height and line.x0 - above.x0 > INDENT * line.height / 2
        return (is_indented and not self.has_centred(line)) or self.had_room(above, line)

    def had_room(self, above: TextLine, line: TextLine) -> bool:
        """The first word of a line would have stood at the end of the line above, had they been one paragraph."""
        end = above.x1 - above.x0 + self.left if self.has_centred(above) else above.x1
        first = line.words[0]
        return end + (first.x1 - first.x0) + line.height < self.right


def frame_of(lines: Sequence[TextLine]) -> Frame:
    lefts = sorted(line.x0 for line in lines)
    rights = sorted(line.x1 for line in lines)
    pitches = sorted(
        below.middle - above.middle
        for above, below in pairwise(lines)
        if below.middle - above.middle < 3 * below.height
    )
    height = statistics.median(line.height for line in lines) if lines else 12.0
    pitch = pitches[len(pitches) // 3] if pitches else 1.4 * height
    return Frame(lefts[len(lefts) // 20] if lefts else 0.0, rights[-1 - len(rights) // 20] if rights else 1.0, pitch)


_ITEM_MARKS = ("-", "+", "•", "–", "*")


def cell_text(words: Iterable[PlacedWord], left: float, right: float) -> str:
    """Of one cell: lines that were only wrapped are joined, what was begun anew stands on a line of its own."""
    text = ""
    above: TextLine | None = None
    for line in lines_of(words):
        if above is None:
            text = line.text
        elif line.text.startswith(_ITEM_MARKS) or _was_ended(above, line, right - left):
            text += f"\n{line.text}"
        else:
            text += f" {line.text}"
        above = line
    return text


PADDING = 2.0
"""Of the height of a line, both sides of a cell together."""


def _was_ended(above: TextLine, line: TextLine, width: float) -> bool:
    first = line.words[0]
    free = width - above.width - PADDING * line.height
    return first.x1 - first.x0 + line.height < free
