"""The four figures as a picture: a bar for each plan or unit, its numbers beside it; colour never speaks alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from planner.statistics import Counts

MEDIA_TYPE = "image/png"
ROWS_AT_MOST = 12
NAME_CHARACTERS = 34
_WIDTH, _ROW, _FRAME = 9.0, 0.5, 2.0
"""Inches: of the picture, of one bar, and of all that is around the bars."""

_PARTS = (
    ("xong đúng hạn", "done_on_time", "#2e7d32"),
    ("xong quá hạn", "done_late", "#9e9d24"),
    ("trong hạn", "open_in_time", "#cfd8dc"),
    ("quá hạn", "open_late", "#c62828"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """Một thanh: a plan or a unit with its four figures."""

    name: str
    counts: Counts


def picture(title: str, moment: str, bars: Sequence[Bar]) -> bytes:
    """A PNG of the first dozen bars, top to bottom as given. Slow (a second at first): not for the event loop."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    shown = list(bars[:ROWS_AT_MOST])
    # a name like "$x$" is a name, not mathematics; the font that comes along has every Vietnamese letter
    with rc_context({"text.parse_math": False, "font.family": "DejaVu Sans", "font.size": 10}):
        figure = Figure(figsize=(_WIDTH, _FRAME + _ROW * len(shown)), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        left = [0] * len(shown)
        for label, name, colour in _PARTS:
            values = [getattr(bar.counts, name) for bar in shown]
            axes.barh(range(len(shown)), values, left=left, color=colour, label=label, height=0.7)
            left = [start + value for start, value in zip(left, values, strict=True)]
        for row, bar in enumerate(shown):
            axes.annotate(_figures(bar.counts), (left[row], row), (4, 0), textcoords="offset points", va="center")
        axes.margins(x=0.18)
        axes.set_yticks(range(len(shown)), [_shortened(bar.name) for bar in shown])
        axes.invert_yaxis()
        axes.set_title(f"{title}\n{moment}", loc="left", fontsize=11)
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        figure.legend(loc="outside lower center", ncols=len(_PARTS), frameon=False)
        written = BytesIO()
        figure.savefig(written, format="png")
    return written.getvalue()


def _figures(counts: Counts) -> str:
    """In the order of the legend, at the end of the bar: a thin part has no room for its own number."""
    return " · ".join(str(getattr(counts, name)) for _, name, _ in _PARTS)


def _shortened(name: str) -> str:
    return name if len(name) <= NAME_CHARACTERS else f"{name[: NAME_CHARACTERS - 1]}…"
