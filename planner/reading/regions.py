"""The parts of a letter: its text, what stands below the signature, and its annexes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.reading.flat import Sight, Words, flat
from planner.reading.lines import clean
from planner.reading.paper import Paragraph, Table

Block = Paragraph | Table

_ANNEX = re.compile(
    r"(?:PHỤ LỤC|Phụ lục|PHU LUC|Phu luc)(?:\s+(?:SỐ|số)?\s*(?P<no>[IVX]{1,5}|\d{1,2}"
    r"|[A-Z]))?\s*[.:]?(?:\s*[-–]?\s*[A-ZĐÀ-Ỹ].{0,120})?$"
)
_TITLE_OF_ANNEX = re.compile(r"(?:BẢNG|BIỂU|DANH MỤC|DANH SÁCH|KẾ HOẠCH CHI TIẾT|PHÂN CÔNG|TIẾN ĐỘ|LỊCH)\b")
_ISSUED_WITH = Words(r"\(?(?:được )?(?:ban hành )?kèm theo ")
_ISSUED = re.compile(
    r"(?:KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|QUY CHẾ|QUY ĐỊNH|HƯỚNG DẪN|LỘ TRÌNH|DANH MỤC|BẢNG|BIỂU|PHÂN CÔNG)\b"
)
LINES_OF_A_TITLE = 8
"""Between the name of what is issued and the brackets that say by which decision."""

_COPY_TO = Words(r"nơi nh\w{1,4} ?(?::|$)")


@dataclass(frozen=True, slots=True)
class Annex:
    """Một phụ lục; `label` is its number, empty where it has none.

    `name` begins its places: "PL", or what a decision issued with itself ("Kế hoạch").
    """

    label: str
    blocks: tuple[Block, ...]
    name: str = "PL"

    @property
    def place(self) -> str:
        return f"{self.name} {self.label}".strip()


@dataclass(frozen=True, slots=True)
class Regions:
    """Thân văn bản và các phụ lục; the list of recipients and the signature belong to neither."""

    body: tuple[Block, ...]
    annexes: tuple[Annex, ...]


def regions_of(blocks: Sequence[Block], sight: Sight) -> Regions:
    """The body ends at "Nơi nhận" or at the first annex."""
    starts = [place for place, block in enumerate(blocks) if _starts_annex(blocks, place)]
    copy_to = next((place for place, block in enumerate(blocks) if _is_copy_to(block, sight)), None)
    body_end = min([*([copy_to] if copy_to is not None else []), *starts], default=len(blocks))
    issued = {} if copy_to is None else _issued_with_it(blocks, copy_to, sight)
    starts += list(issued)
    if copy_to is not None and not any(start > copy_to for start in starts):
        behind = _annex_without_name(blocks, copy_to)
        starts += [behind] if behind is not None else []
    starts = sorted({start for start in starts if start >= body_end})
    annexes = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(blocks)
        annexes.append(Annex(_label(blocks[start]), tuple(blocks[start:end]), issued.get(start, "PL")))
    return Regions(tuple(blocks[:body_end]), tuple(annexes))


def _is_copy_to(block: Block, sight: Sight) -> bool:
    if isinstance(block, Paragraph):
        return _COPY_TO.match(flat(clean(block.text), sight)) is not None
    return any(_COPY_TO.search(flat(clean(cell.text), sight)) for row in block.rows[:2] for cell in row.cells)


def _starts_annex(blocks: Sequence[Block], place: int) -> bool:
    """A line that only names an annex; a sentence about one goes on, or began on the line before."""
    block = blocks[place]
    if not isinstance(block, Paragraph):
        return False
    text = clean(block.text)
    found = _ANNEX.match(text)
    if found is None or text.endswith((";", ",")) or len(text.split()) > 20:  # noqa: PLR2004 - a heading, not a sentence
        return False
    if not text.isupper() and text != found[0].strip():
        return False
    return not _is_in_mid_sentence(blocks, place)


def _is_in_mid_sentence(blocks: Sequence[Block], place: int) -> bool:
    for before in reversed(blocks[max(0, place - 3) : place]):
        if isinstance(before, Paragraph) and (text := clean(before.text)):
            is_open = before.is_line and text[-1] not in ".;:!?" and not text.isupper() and len(text) > 40  # noqa: PLR2004 - a heading, not a sentence
            return is_open and re.search(r"(?:tại|theo|kèm|trong|và|các|ở)$", text) is not None
    return False


def _issued_with_it(blocks: Sequence[Block], copy_to: int, sight: Sight) -> dict[int, str]:
    """Behind the signature of a decision: KẾ HOẠCH, its title, "(Ban hành kèm theo Quyết định …)". By first line."""
    found: dict[int, str] = {}
    for place in range(copy_to + 1, len(blocks)):
        block = blocks[place]
        text = clean(block.text) if isinstance(block, Paragraph) else ""
        head = _ISSUED.match(text)
        if head is None or not text.isupper():
            continue
        below = [each for each in blocks[place + 1 : place + 1 + LINES_OF_A_TITLE] if isinstance(each, Paragraph)]
        if any(_ISSUED_WITH.match(flat(clean(each.text), sight)) for each in below):
            found[place] = head[0].capitalize()
    return found


def _annex_without_name(blocks: Sequence[Block], copy_to: int) -> int | None:
    """Behind the signature: a table, a title such as BẢNG PHÂN CÔNG, or the nation's lines once more."""
    for place in range(copy_to + 1, len(blocks)):
        block = blocks[place]
        if isinstance(block, Table):
            return place
        if _TITLE_OF_ANNEX.match(clean(block.text)) and clean(block.text).isupper():
            return place
    return None


def _label(block: Block) -> str:
    found = _ANNEX.match(clean(block.text)) if isinstance(block, Paragraph) else None
    return (found["no"] or "") if found else ""
