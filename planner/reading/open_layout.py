"""Words where they stand on a page become lines, and the head and foot of a letter its two columns.

Lengths are points (1/72 inch), from the top left corner of the page as it is read.
"""

import statistics
from collections.abc import Iterable, Iterator, Sequence
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


# --- two columns side by side -------------------------------------------------------------------------------------

NARROWEST = 1.0
"""Of the height of a line: what still parts two columns."""
ALONE = 3.0
"""The same where only one line has words on both sides."""
MIDDLE_FROM, MIDDLE_TO = 0.2, 0.8
"""Of the width of the text: where the space between two columns may begin and end."""
CAPITALS = 0.6
"""Share of capitals in what opens the right column: the name of the country, or the office of who signs."""
LONGEST_BREAK = 9
"""Lines between the office of who signs and the name under it."""


@dataclass(frozen=True)
class Columns:
    """Hai cột: rows of a left and a right text, in order; either may be empty."""

    rows: tuple[tuple[str, str], ...]
    top: float
    confidence: float


Gap = tuple[float, float]


def with_columns(lines: Sequence[TextLine], frame: Frame) -> Iterator[TextLine | Columns]:
    """The lines, and in place of those that stand in two columns those columns."""
    number = 0
    while number < len(lines):
        found = _columns_from(lines, number, frame)
        if found is None:
            yield lines[number]
            number += 1
        else:
            columns, number = found
            yield columns


def _columns_from(lines: Sequence[TextLine], number: int, frame: Frame) -> tuple[Columns, int] | None:
    gaps = _middle_gaps(lines[number], frame)
    run = [lines[number]]
    for line in lines[number + 1 :]:
        narrower = _shared(gaps, line)
        is_title = frame.has_centred(line) and not any(all(_sides(line, gap)) for gap in narrower)
        if not narrower or is_title or not _follows(run[-1], line, narrower, frame):
            break
        gaps = narrower
        run.append(line)
    best = max(gaps, key=lambda gap: (_two_sided(run, gap), gap[1] - gap[0]), default=None)
    if best is None or not _sides(run[0], best)[1] or frame.has_centred(run[0]) > all(_sides(run[0], best)):
        return None
    run = _trimmed(run, best, frame)
    return (_columns(run, best), number + len(run)) if _are_columns(run, best) else None


def _middle_gaps(line: TextLine, frame: Frame) -> list[Gap]:
    """The wide spaces of a line in the middle of the text, and the empty half of a line that has one side only."""
    least = NARROWEST * line.height
    first, last = frame.left + MIDDLE_FROM * frame.width, frame.left + MIDDLE_TO * frame.width
    edges = [(frame.left, frame.left), *((word.x0, word.x1) for word in line.words), (frame.right, frame.right)]
    gaps = []
    reached = edges[0][1]
    for x0, x1 in edges[1:]:
        start, end = max(reached, first), min(x0, last)
        if end - start >= least:
            gaps.append((start, end))
        reached = max(reached, x1)
    return gaps


def _shared(gaps: Sequence[Gap], line: TextLine) -> list[Gap]:
    """What is left of the gaps where this line has no word either."""
    shared = []
    for start, end in gaps:
        reached = start
        for word in (*line.words, PlacedWord("", end, 0, end, 0)):
            if min(word.x0, end) - reached >= NARROWEST * line.height:
                shared.append((reached, min(word.x0, end)))
            reached = max(reached, word.x1)
    return shared


def _follows(above: TextLine, line: TextLine, gaps: Sequence[Gap], frame: Frame) -> bool:
    """Right-hand lines may follow after the space for a signature, others only where lines usually do."""
    is_right = all(line.x0 >= end - 1 for _, end in gaps)
    longest = LONGEST_BREAK if is_right else 2.5
    return line.middle - above.middle < longest * frame.pitch


def _sides(line: TextLine, gap: Gap) -> tuple[list[PlacedWord], list[PlacedWord]]:
    middle = (gap[0] + gap[1]) / 2
    return [word for word in line.words if word.x0 < middle], [word for word in line.words if word.x0 >= middle]


def _two_sided(run: Sequence[TextLine], gap: Gap) -> int:
    return sum(all(_sides(line, gap)) for line in run)


def _trimmed(run: Sequence[TextLine], gap: Gap, frame: Frame) -> list[TextLine]:
    """Without what follows on the left alone after a wider space: that is the text below."""
    last = max((number for number, line in enumerate(run) if _sides(line, gap)[1]), default=0)
    kept = list(run[: last + 1])
    for line in run[last + 1 :]:
        if line.middle - kept[-1].middle > WIDER_GAP * frame.pitch:
            break
        kept.append(line)
    return kept


def _are_columns(run: Sequence[TextLine], gap: Gap) -> bool:
    if not run or not (_two_sided(run, gap) > 1 or (_two_sided(run, gap) and gap[1] - gap[0] > ALONE * run[0].height)):
        return False
    right = next(words for line in run if (words := _sides(line, gap)[1]))
    letters = [letter for word in right for letter in word.text if letter.isalpha()]
    return bool(letters) and sum(letter.isupper() for letter in letters) >= CAPITALS * len(letters)


def _columns(run: Sequence[TextLine], gap: Gap) -> Columns:
    sides = [_sides(line, gap) for line in run]
    rows = [tuple(tidied(" ".join(word.text for word in words)) for words in both) for both in sides]
    letters = sum(len(line.text) for line in run)
    confidence = sum(line.confidence * len(line.text) for line in run) / max(letters, 1)
    return Columns(tuple((left, right) for left, right in rows), run[0].top, confidence)
