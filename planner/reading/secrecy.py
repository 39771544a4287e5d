"""Letters stamped Mật, Tối mật, Tuyệt mật: they go through no chat and are not read."""

import re

from models.errors import SecretLetterError
from planner.folding import fold
from planner.reading.lines import clean
from planner.reading.paper import Paper, Paragraph

LINES_WITH_A_STAMP = 45
"""A stamp stands beside the head; further pages may carry one each."""

_STAMP = re.compile(r"\W*(?:(?:muc )?do mat\W+)?(?P<level>tuyet mat|toi mat|mat)\W*")


def refuse_secret(paper: Paper) -> None:
    """Raises SecretLetterError where a stamp of secrecy stands alone on a line, on any page's top or in a cell."""
    for text in _lines(paper):
        found = _STAMP.fullmatch(fold(text))
        if found is not None and text.strip(" -–—.:()[]")[:1].isupper():
            raise SecretLetterError(_LEVELS[found["level"]])


_LEVELS = {"mat": "Mật", "toi mat": "Tối mật", "tuyet mat": "Tuyệt mật"}


def _lines(paper: Paper) -> list[str]:
    lines: list[str] = []
    counted = 0
    for block in paper.blocks:
        if isinstance(block, Paragraph):
            counted += 1
            if counted <= LINES_WITH_A_STAMP or block.page > 1:
                lines += [clean(line) for line in block.text.split("\n")]
        elif counted <= LINES_WITH_A_STAMP:
            lines += [clean(line) for row in block.rows for cell in row.cells for line in cell.text.split("\n")]
    return [line for line in lines if line]
