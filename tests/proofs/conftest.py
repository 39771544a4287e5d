"""The figures of the proofs stand at the end of pytest's own report."""

import pytest

from tests.proofs.figures import FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if FIGURES:
        terminalreporter.section("figures")
        for figures in FIGURES:
            terminalreporter.write_line(figures)
