"""`python -m benchmarks [NAME…] [--quick]`: measures the rows named, or all of them, and prints their tables."""

import argparse
import asyncio
import importlib
import os
import platform
from collections.abc import Sequence

import uvloop
from rich.console import Console

from benchmarks.measuring import Sheet

NAMES = ("tick", "overdue", "intake", "outbox", "morning", "plan_load", "start", "memory", "reading", "opening")
"""Each is a module here with `run(quick=…)`."""


def measure(name: str, *, quick: bool) -> list[Sheet]:
    """Every row in a loop of its own, the one that `dondoc run` runs on."""
    module = importlib.import_module(f"benchmarks.{name}")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sheets: list[Sheet] = runner.run(module.run(quick=quick))
    return sheets


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it runs, not how fast")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    console = Console(width=max(120, Console().width))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    console.print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load}\n")
    for name in chosen.names or NAMES:
        for sheet in measure(name, quick=chosen.quick):
            sheet.print(console)
            console.print()


if __name__ == "__main__":
    main()
