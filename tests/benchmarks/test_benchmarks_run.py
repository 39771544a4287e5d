"""The benchmarks are kept alive in their quick mode; how fast anything is, is never asserted."""

import pytest

from benchmarks.__main__ import NAMES, main


@pytest.mark.parametrize("name", ["tick", "overdue", "reading"])
def test_a_cheap_row_prints_its_table(name, capsys):
    main([name, "--quick"])

    said = capsys.readouterr().out
    assert "aim:" in said
    assert "of baseline" in said


def test_an_unknown_row_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["nothing"])

    assert "no such row: nothing" in capsys.readouterr().err


def test_every_row_is_a_module():
    from importlib.util import find_spec

    assert all(find_spec(f"benchmarks.{name}") for name in NAMES)
