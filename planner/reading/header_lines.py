"""The lines a header is looked for in, and the forms its parts have."""

import re
from dataclasses import dataclass

from planner.reading.draft import Spot
from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.lines import clean
from planner.reading.paper import Paper, Paragraph, Table
from planner.reading.table_rows import rows_of_table

LINES_OF_A_HEAD = 40
"""The head ends long before this."""

KINDS = (
    "Kế hoạch", "Quyết định", "Chỉ thị", "Thông báo", "Hướng dẫn", "Công điện", "Nghị quyết", "Chương trình", "Báo cáo",
    "Tờ trình", "Đề án", "Phương án", "Kết luận", "Quy chế", "Quy định", "Giấy mời", "Thông tri", "Công văn",
)  # fmt: skip
KIND_LINE = Words(
    "(?:"
    + "|".join(kind.lower() for kind in KINDS if kind != "Công văn")
    + r")(?: (?:của|về|số)\b.*)?(?: khẩn| hỏa tốc)?"
)
NATION = Words(r"cộng h[òõo]a xã hội chủ nghĩa việt nam|độc lập ?- ?tự do ?- ?hạnh phúc|đảng cộng sản việt nam")
NUMBER = re.compile(
    r"^\W{0,2}S\s?\W?[ốôoóòỏõọơ06éèeÔO]?\s?[:.;]\s*(?P<no>\d{1,5}[a-z]?)?(?P<blank>[\s._…-]*)(?P<rest>(?:[-/]\s?)?(?:20\d\d\s?/\s?)?/?\s?[A-ZĐ][\wĐđ]*(?:\s?[-–/&.]\s?[A-ZĐ][\wĐđ&.]*)*)?",
    re.IGNORECASE,
)
PLACE_AND_DAY = Words(r"(?P<place>[^\W\d_][^,;:/\d]{1,40}?), ?(?:ngày|ngay)(?P<rest>.{0,50})$")


@dataclass(frozen=True, slots=True)
class HeadLine:
    """Một dòng ở đầu văn bản."""

    text: str
    page: int
    seen: Flat

    @property
    def spot(self) -> Spot:
        return Spot(self.text, self.page, "đầu văn bản")


def head_lines(paper: Paper, sight: Sight) -> list[HeadLine]:
    """All lines of the paper as a header is looked for in them; the cells of a table at the top count as lines."""
    lines: list[HeadLine] = []
    for block in paper.blocks:
        if isinstance(block, Paragraph):
            texts = [(each, block.page) for each in block.text.split("\n")]
        else:
            is_of_the_head = len(lines) < LINES_OF_A_HEAD and rows_of_table(block, sight) is None
            texts = _cell_lines(block) if is_of_the_head else []
        for text, page in texts:
            if cleaned := clean(text):
                lines.append(HeadLine(cleaned, page, flat(cleaned, sight)))
    return lines


def _cell_lines(table: Table) -> list[tuple[str, int]]:
    return [
        (line, row.page)
        for row in table.rows
        for cell in row.cells
        if not cell.is_carried
        for line in cell.text.split("\n")
    ]
