"""Every sample letter in every shape, with the reading a careful person makes of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tests.samples.as_docx import as_docx
from tests.samples.as_html import as_html
from tests.samples.as_pdf import as_pdf
from tests.samples.as_scan import as_scan
from tests.samples.as_text import as_broken_text, as_text
from tests.samples.as_xlsx import as_xlsx
from tests.samples.content import Letter
from tests.samples.contents import LETTERS

SHAPES: dict[str, Callable[[Letter], bytes]] = {
    "docx": as_docx,
    "html": as_html,
    "html-1258": lambda letter: as_html(letter, "windows-1258"),
    "pdf": as_pdf,
    "scan": as_scan,
    "text": as_text,
    "broken": as_broken_text,
    "xlsx": as_xlsx,
}
"""`xlsx` holds the tables alone, so only letters that have one come in it."""


@dataclass(frozen=True)
class Sample:
    """One letter in one shape. `expected` is laid out as the readings in the sources' `gold/` are."""

    name: str
    shape: str
    content: bytes
    expected: dict

    def __str__(self):
        return f"{self.name}.{self.shape}"


def all_letters(*shapes: str) -> Iterator[Sample]:
    """In the shapes named, or in all of them."""
    for letter in LETTERS:
        for shape in shapes or SHAPES:
            if shape != "xlsx" or letter.grids:
                yield sample(letter, shape)


@cache
def sample(letter: Letter, shape: str) -> Sample:
    return Sample(letter.name, shape, SHAPES[shape](letter), _expected(letter, shape))


def _expected(letter: Letter, shape: str) -> dict:
    """Of a workbook only what stands in the annex."""
    whole = yaml.safe_load(Path(__file__).with_name(f"{letter.name}.yaml").read_text(encoding="utf-8"))
    if shape == "xlsx":
        whole["document"] = {}
        whole["obligations"] = [each for each in whole["obligations"] if each["section"].startswith("PL")]
    return whole
