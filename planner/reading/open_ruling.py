"""The ruling lines of a page become the cells of its tables; cells without a line between them are one merged cell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SNAP = 3.0
"""Points: lines nearer than that are one line, and ends nearer than that touch."""
MOST_LINES = 20_000
"""Of one page; a drawing with more is no table of a letter."""
MOST_BOXES = 20_000
SHORTEST = 5.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Một nét kẻ: at `at`, from `start` to `end` along the other direction. Points from the top left."""

    is_level: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Box:
    """Ô trống của bảng, in points."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x < self.x1 and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Grid:
    """Khung bảng: its cells, merged ones whole."""

    boxes: tuple[Box, ...]

    @property
    def top(self) -> float:
        return min(box.top for box in self.boxes)

    @property
    def bottom(self) -> float:
        return max(box.bottom for box in self.boxes)

    @property
    def left(self) -> float:
        return min(box.x0 for box in self.boxes)

    @property
    def right(self) -> float:
        return max(box.x1 for box in self.boxes)


def grids_of(rules: Iterable[Rule]) -> list[Grid]:
    """The tables of a page from the top down; a frame around one text is none."""
    drawn = [rule for rule in rules if rule.end - rule.start >= SHORTEST]
    if len(drawn) > MOST_LINES:
        return []
    lines = [*_joined(rule for rule in drawn if rule.is_level), *_joined(rule for rule in drawn if not rule.is_level)]
    grids = (_grid(group) for group in _touching(lines))
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: grid.top)


def _joined(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Lines drawn in pieces, or twice, as one."""
    by_place: dict[float, list[Rule]] = defaultdict(list)
    ordered = sorted(rules, key=lambda rule: rule.at)
    places = _snapped(rule.at for rule in ordered)
    for rule, place in zip(ordered, places, strict=True):
        by_place[place].append(rule)
    for place, group in by_place.items():
        group.sort(key=lambda rule: rule.start)
        start, end = group[0].start, group[0].end
        for rule in group[1:]:
            if rule.start > end + SNAP:
                yield Rule(rule.is_level, place, start, end)
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        yield Rule(group[0].is_level, place, start, end)


def _snapped(ordered: Iterable[float]) -> list[float]:
    """Each number, in rising order, as the first of those next to it."""
    snapped: list[float] = []
    last = float("-inf")
    for number in ordered:
        snapped.append(snapped[-1] if snapped and number - last <= SNAP else number)
        last = number
    return snapped


def _touching(lines: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of lines that cross or meet."""
    level = [line for line in lines if line.is_level]
    upright = [line for line in lines if not line.is_level]
    parent = {id(line): id(line) for line in lines}

    def root(of: int) -> int:
        while parent[of] != of:
            parent[of] = parent[parent[of]]
            of = parent[of]
        return of

    for down in upright:
        for across in level:
            meets_x = across.start - SNAP <= down.at <= across.end + SNAP
            if meets_x and down.start - SNAP <= across.at <= down.end + SNAP:
                parent[root(id(across))] = root(id(down))
    groups: dict[int, list[Rule]] = defaultdict(list)
    for line in lines:
        groups[root(id(line))].append(line)
    return list(groups.values())


def _grid(lines: Sequence[Rule]) -> Grid | None:
    level = [line for line in lines if line.is_level]
    upright = [line for line in lines if not line.is_level]
    if len(level) < 2 or len(upright) < 1:  # noqa: PLR2004 -- what encloses a row
        return None
    xs = _places([*(line.at for line in upright), *(end for line in level for end in (line.start, line.end))])
    ys = _places(line.at for line in level)
    if len(xs) < 3 or len(xs) * len(ys) > MOST_BOXES:  # noqa: PLR2004 -- two columns
        return None
    boxes = tuple(_boxes(xs, ys, _Walls(level, upright, xs, ys)))
    return Grid(boxes) if len({box.x0 for box in boxes}) > 1 else None


def _places(numbers: Iterable[float]) -> list[float]:
    return sorted(set(_snapped(sorted(numbers))))


class _Walls:
    """Which sides of the small boxes between all lines are really drawn."""

    def __init__(
        self, level: Sequence[Rule], upright: Sequence[Rule], xs: Sequence[float], ys: Sequence[float]
    ) -> None:
        self.below = _drawn(level, ys, xs)
        self.right = _drawn(upright, xs, ys)


def _drawn(lines: Sequence[Rule], places: Sequence[float], across: Sequence[float]) -> set[tuple[int, int]]:
    """(number of the place, number of the stretch across) for each stretch that a line covers."""
    stretches = [(number, (start + end) / 2) for number, (start, end) in enumerate(pairwise(across))]
    drawn = set()
    for line in lines:
        at = min(range(len(places)), key=lambda number: abs(places[number] - line.at))
        drawn |= {(at, number) for number, middle in stretches if line.start - SNAP <= middle <= line.end + SNAP}
    return drawn


def _boxes(xs: Sequence[float], ys: Sequence[float], walls: _Walls) -> Iterator[Box]:
    """Small boxes grown to the right and down until a line is met."""
    taken: set[tuple[int, int]] = set()
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            right = column + 1
            while right < len(xs) - 1 and (right, row) not in walls.right and (row, right) not in taken:
                right += 1
            down = row + 1
            while down < len(ys) - 1 and not any((down, each) in walls.below for each in range(column, right)):
                down += 1
            taken |= {(each, across) for each in range(row, down) for across in range(column, right)}
            yield Box(xs[column], ys[row], xs[right], ys[down])
