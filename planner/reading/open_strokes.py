"""The ruling lines of a picture: long thin runs of ink, level or upright, that no letter has."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planner.reading.open_ruling import Rule

SHORTEST_RULE = 0.35
"""Inches: no stroke of a letter is as long."""
THICKEST_RULE = 0.03
_BREAKS = 0.02
"""Inches: a gap that wear or noise left in a line."""
SOLID = 0.85
"""Share of ink in a line; a row of letters has more gaps."""


def ruling_of(dark: NDArray[np.bool_], dots_per_inch: float) -> tuple[list[Rule], NDArray[np.bool_]]:
    """The ruling lines in pixels, and which pixels are theirs. Looked for at half the size: no line is that thin."""
    height, width = (length // 2 * 2 for length in dark.shape)
    rows = dark[:height:2, :width].astype(np.uint8) + dark[1:height:2, :width]
    half = rows[:, ::2] + rows[:, 1::2] >= 2  # noqa: PLR2004 -- a line one dot thin covers two of four
    level, level_dots = _level_rules(half, dots_per_inch / 2)
    upright, upright_dots = _level_rules(np.ascontiguousarray(half.T), dots_per_inch / 2)
    both = [(True, rule) for rule in level] + [(False, rule) for rule in upright]
    rules = [Rule(is_level, 2 * at, 2 * start, 2 * end) for is_level, (at, start, end) in both]
    dots = np.zeros_like(dark)
    dots[:height, :width] = (level_dots | upright_dots.T).repeat(2, axis=0).repeat(2, axis=1)
    return rules, dots


def _level_rules(
    dark: NDArray[np.bool_], dots_per_inch: float
) -> tuple[list[tuple[float, float, float]], NDArray[np.bool_]]:
    """(row, start, end) of each line, and its pixels: long runs of ink, as thin as a line."""
    shortest, breaks = int(SHORTEST_RULE * dots_per_inch), max(1, int(_BREAKS * dots_per_inch))
    runs = _long_runs(dark, shortest, breaks)
    thickest = max(2, int(THICKEST_RULE * dots_per_inch) + 1)
    dots = np.zeros_like(dark)
    rules: list[tuple[float, float, float]] = []
    for rows in _stacked(runs):
        top, bottom = rows[0][0], rows[-1][0]
        if bottom - top > thickest:
            continue
        start, end = min(run[1] for run in rows), max(run[2] for run in rows)
        rules.append(((top + bottom) / 2, float(start), float(end)))
        dots[max(0, top - 1) : bottom + 1, start:end] = True
    return rules, dots


Run = tuple[int, int, int]
"""(row, start, end)."""


def _long_runs(dark: NDArray[np.bool_], shortest: int, breaks: int) -> list[Run]:
    runs: list[Run] = []
    if dark.shape[1] <= shortest:
        return runs
    ink_before = np.cumsum(dark, axis=1, dtype=np.int32)
    densest = (ink_before[:, shortest:] - ink_before[:, :-shortest]).max(axis=1)
    for row in np.nonzero(densest >= SOLID * (shortest - 1))[0]:
        edges = np.flatnonzero(np.diff(dark[row].astype(np.int8), prepend=0, append=0))
        starts, ends = edges[::2], edges[1::2]
        parted = np.flatnonzero(starts[1:] - ends[:-1] > breaks) + 1
        firsts, lasts = np.append(0, parted), np.append(parted, len(starts)) - 1
        ink = np.append(0, np.cumsum(ends - starts))
        lengths = ends[lasts] - starts[firsts]
        is_line = (lengths >= shortest) & (ink[lasts + 1] - ink[firsts] >= SOLID * lengths)
        runs += [
            (int(row), int(start), int(end))
            for start, end in zip(starts[firsts][is_line], ends[lasts][is_line], strict=True)
        ]
    return runs


def _stacked(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs in neighbouring rows that lie over one another are one line."""
    stacks: list[list[Run]] = []
    open_stacks: list[list[Run]] = []
    for run in runs:
        open_stacks = [stack for stack in open_stacks if run[0] - stack[-1][0] <= 2]  # noqa: PLR2004 -- a worn row
        for stack in open_stacks:
            if stack[-1][1] < run[2] and run[1] < stack[-1][2]:
                stack.append(run)
                break
        else:
            open_stacks.append([run])
            stacks.append(open_stacks[-1])
    return stacks
