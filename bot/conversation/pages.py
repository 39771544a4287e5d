"""Lists that are longer than a screen: which lines are on which page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """Một trang của danh sách. `left` is how many come after it."""

    number: int
    start: int
    stop: int
    left: int


def page_of(total: int, wanted: int, *, size: int) -> Page:
    """The page asked for, or the last there is."""
    last = max(1, -(-total // size))
    number = min(max(1, wanted), last)
    start = (number - 1) * size
    stop = min(total, start + size)
    return Page(number, start, stop, total - stop)
