"""`make eval-reading`: the sources beside the repository, read and scored against their gold readings."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from planner.reading.open_paper import open_paper
from planner.reading.read import Knowledge, read_paper
from planner.reading.rows import draft_row
from planner.workdays import WorkCalendar, parse_overrides
from tests.eval.reading_score import Scored, score, total

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(os.environ.get("READING_SOURCES", ROOT.parent / "shared" / "sources"))


def knowledge() -> Knowledge:
    calendar = ROOT / "seed_plans" / "calendar.yaml"
    return Knowledge(WorkCalendar(parse_overrides(calendar.read_text(encoding="utf-8"), file=calendar.name)))


def scored_sources(folder: Path = SOURCES) -> Iterator[Scored]:
    """Every text in the folder that has a gold reading."""
    known = knowledge()
    for gold in sorted((folder / "gold").glob("*.yaml")):
        wanted = yaml.safe_load(gold.read_text(encoding="utf-8"))
        content = (folder / wanted.get("source", f"{gold.stem}.txt")).read_bytes()
        paper = open_paper(content, recognise=None)
        yield score(gold.stem, draft_row(read_paper(paper, known)), wanted)


def _say(scored: Scored) -> None:
    kinds = "  ".join(f"{kind} {scored.kinds_found[kind]}/{count}" for kind, count in sorted(scored.kinds.items()))
    _out(
        f"{scored.name}: recall {scored.recall:.3f} ({scored.core_found}/{scored.core})"
        f"  precision {scored.precision:.3f} ({scored.tracked_right}/{scored.tracked})  F1 {scored.f1:.3f}"
        f"  header {scored.header_right} right, {scored.header_asked} asked, {len(scored.header_wrong)} wrong"
        f"  silently wrong dates {len(scored.wrong_dates)}  asked dates {scored.asked_dates}"
        f"  class {scored.classes_right}/{scored.core_found}"
    )
    _out(f"    by kind: {kinds}")


def _say_misses(scored: Scored) -> None:
    for heading, lines in (
        ("missed", scored.missed),
        ("not in the reading", scored.invented),
        ("header", scored.header_wrong),
        ("silently wrong date", scored.wrong_dates),
    ):
        for line in lines:
            _out(f"    {heading}: {line}")


def _out(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    if not (SOURCES / "gold").is_dir():
        _out(f"No gold readings in {SOURCES}: nothing to score (READING_SOURCES names another folder).")
        return 0
    documents = list(scored_sources())
    for scored in documents:
        _say(scored)
        _say_misses(scored)
    _say(total(documents))
    return 0


if __name__ == "__main__":
    sys.exit(main())
