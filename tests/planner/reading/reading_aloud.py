"""Texts read as letters in tests: lines in, a draft out."""

import re
from collections.abc import Iterator

from planner.reading.draft import LetterDraft
from planner.reading.lines import clean
from planner.reading.open_text import open_text
from planner.reading.paper import Paper, Table
from planner.reading.read import Knowledge, read_paper
from tests.builders import CALENDAR

KNOWLEDGE = Knowledge(CALENDAR)

HEAD = """ỦY BAN NHÂN DÂN
TỈNH SÔNG HẠ
Số: 57/{sign}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sông Hạ, ngày 05 tháng 6 năm 2025

"""
FOOT = """
Nơi nhận:
- Như trên;
- Lưu: VT.
CHỦ TỊCH

Trần Văn Mẫu
"""


def letter(body: str, *, sign: str = "KH-UBND", head: str = HEAD, foot: str = FOOT) -> Paper:
    return open_text((head.format(sign=sign) + body.strip() + "\n" + foot).encode())


def read(body: str, *, sign: str = "KH-UBND", knowledge: Knowledge = KNOWLEDGE) -> LetterDraft:
    return read_paper(letter(body, sign=sign), knowledge)


def plan(body: str) -> LetterDraft:
    """A plan whose body is given, under its type and subject."""
    return read(f"KẾ HOẠCH\nNâng cao chất lượng phục vụ năm 2025\n\n{body.strip()}")


def shown(draft: LetterDraft) -> list[tuple[str, str, str, str]]:
    """(place, leads, last day or kind, first words of the title) of what is tracked."""
    return [
        (
            each.spot.place,
            "; ".join(name.written for name in each.lead),
            str(each.deadline.last_valid_on or (each.deadline.kind.value if each.deadline.kind else "none")),
            " ".join(each.title.split()[:3]),
        )
        for each in draft.obligations
        if each.is_tracked
    ]


def texts_of(paper: Paper) -> Iterator[str]:
    for block in paper.blocks:
        if isinstance(block, Table):
            yield from (clean(cell.text) for row in block.rows for cell in row.cells)
        else:
            yield clean(block.text)


def is_verbatim(quote: str, paper: Paper) -> bool:
    """Whether the words stand on the paper, in runs: a cell broken over a page stands there in two."""
    whole = re.sub(r"\s+", " ", " ".join(texts_of(paper)))
    cells = list(texts_of(paper))
    words = quote.split()
    while words:
        count = next((n for n in range(len(words), 0, -1) if _stands(" ".join(words[:n]), whole, cells)), 0)
        if count == 0:
            return False
        words = words[count:]
    return True


def _stands(words: str, whole: str, cells: list[str]) -> bool:
    return words in whole or any(words in cell for cell in cells)
