"""The head and the foot of a letter stand in two columns: seen by the space between and what opens the right one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.reading.open_encodings import tidied
from planner.reading.open_layout import WIDER_GAP, Frame, PlacedWord, TextLine

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
