"""The figures of docs/understanding.md: python -m tests.bot.conversation.meaning.confusion [--misses]."""

import sys
from collections import Counter
from collections.abc import Iterable

from bot.conversation.meaning import SURE, Intent
from tests.bot.conversation.meaning.labelled import HELD_OUT, TYPED, Labelled, labelled, read

INTENTS = tuple(Intent)
SHORT = {
    Intent.DONE: "done", Intent.IN_PROGRESS: "prog", Intent.NOT_STARTED: "nots", Intent.BLOCKED: "blok",
    Intent.EXTENSION: "ext", Intent.WRONG_UNIT: "wrong", Intent.ACKNOWLEDGED: "ack", Intent.QUESTION: "ques",
    Intent.UNKNOWN: "unkn",
}  # fmt: skip


def figures(lines: Iterable[Labelled]) -> dict[str, int]:
    """How many lines, how many right, and the three mistakes that matter most."""
    counts: Counter[str] = Counter()
    for line in lines:
        meaning = read(line)
        counts["lines"] += 1
        counts["intent right"] += meaning.intent is line.intent
        counts["sure"] += meaning.confidence >= SURE
        counts["sure and wrong"] += meaning.confidence >= SURE and meaning.intent is not line.intent
        counts["false done"] += meaning.intent is Intent.DONE and line.intent is not Intent.DONE
        counts["wrong date"] += meaning.requested_on not in (None, line.requested_on)
        counts["missed date"] += meaning.requested_on is None and line.requested_on is not None
        counts["wrong percent"] += meaning.percent not in (None, line.percent)
        counts["missed percent"] += meaning.percent is None and line.percent is not None
        counts["wrong document"] += meaning.document_no != line.document_no
    return dict(counts)


def table(lines: Iterable[Labelled]) -> str:
    """Rows are what was meant, columns what was understood."""
    counts = Counter((line.intent, read(line).intent) for line in lines)
    rows = ["| meant \\ read | " + " | ".join(SHORT[each] for each in INTENTS) + " |", "|---|" + "---|" * len(INTENTS)]
    rows += [
        f"| {meant.value} | " + " | ".join(str(counts[meant, heard] or "·") for heard in INTENTS) + " |"
        for meant in INTENTS
    ]
    return "\n".join(rows)


def misses(lines: Iterable[Labelled]) -> list[str]:
    """Every line whose intent or slots are not as labelled."""
    found = []
    for line in lines:
        meaning = read(line)
        slots = (meaning.percent, meaning.requested_on, meaning.document_no)
        if meaning.intent is not line.intent or slots != line.slots:
            heard = f"{meaning.intent} {_plain(slots)}({meaning.confidence}: {meaning.explanation})"
            found.append(f"{line.text!r}: {line.intent} {_plain(line.slots)}, read as {heard}")
    return found


def _plain(slots: tuple[object, ...]) -> str:
    return "".join(f"{slot} " for slot in slots if slot is not None)


def main() -> None:
    """Figures of each set; then one confusion table over all that were held out."""
    for name in ("dev", *HELD_OUT, *TYPED):
        lines = labelled(name)
        told = ", ".join(f"{key} {value}" for key, value in figures(lines).items())
        sys.stdout.write(f"{name}: {told}\n")
        if "--misses" in sys.argv:
            sys.stdout.writelines(f"  {miss}\n" for miss in misses(lines))
    sys.stdout.write(f"\n{table(line for name in HELD_OUT for line in labelled(name))}\n")


if __name__ == "__main__":
    main()
