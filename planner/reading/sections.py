"""The tree of a letter: which item stands under which, what each is called, and what its section is about."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.lines import Piece
from planner.reading.markers import Level, Marker, marker_of

LONGEST_ANNOUNCEMENT = 60
CLOSING_PLACE = "phần kết"
LONGEST_HEADING = 30
"""Words of a heading without a stop; longer is prose."""


class Topic(StrEnum):
    """Phần này nói về gì: DUTIES give work, AIMS hold aims and principles, ASIDE holds neither."""

    DUTIES = "duties"
    AIMS = "aims"
    ASIDE = "aside"


_AIMS = Words(
    r"(?:[ivx]+\. ?)?(?:về )?(?:mục đích|mục tiêu|yêu cầu(?= *$|,|:| và| chung)|quan điểm|nguyên tắc"
    r"|phương châm|định hướng|chỉ tiêu(?= *$|:| chung| cụ thể| chủ yếu| phấn đấu))"
)
_ASIDE = Words(
    r"(?:về )?(?:kinh phí|nguồn kinh phí|nguồn lực tài chính|căn cứ|phạm vi|đối tượng(?! chính sách)"
    r"|kết quả (?:đạt được|thực hiện|đánh giá)|đánh giá (?:chung|tình hình|kết quả)"
    r"|thực trạng|tình hình|đặc điểm|tồn tại|hạn chế|nguyên nhân|những (?:tồn tại|hạn chế|kết quả)"
    r"|bối cảnh|sự cần thiết|giải thích từ ngữ"
    r"|địa điểm|thành phần|thời gian(?:,| và|:| thực hiện|$)|cơ sở pháp lý|thuận lợi|khó khăn|bài học"
    r"|ưu điểm|khái quát|cấu trúc|đánh giá chỉ số)"
)
_SETTING = Words(
    r"(?:thời gian|địa điểm|thành phần|đối tượng|hình thức|kinh phí|nguồn vốn)(?: [^:;.,]{3,30})?: "
    r"(?!các (?:sở|đơn vị))"
)
"""When, where and with whom something is held is said of it, and is nobody's work by itself."""

_DUTIES = Words(
    r"(?:nhiệm vụ|giải pháp|nội dung|tổ chức thực hiện|phân công|trách nhiệm|triển khai|biện pháp|công tác"
    r"|các nhiệm vụ|tổ chức|kế hoạch|lộ trình|yêu cầu các|hoạt động)"
)


_CLOSES = Words(
    r"(?:trên đây là|trong quá trình (?:triển khai|tổ chức|thực hiện)[^.;]{0,90}(?:khó khăn|vướng mắc|phát sinh))"
)


@dataclass
class Item:
    """Một mục: its words without the mark, its place, its parent."""

    piece: Piece
    text: Flat
    marker: Marker | None
    place: str
    parent: "Item | None"
    topic: Topic
    children: list["Item"] = field(default_factory=list)
    heads_a_table: bool = False
    """It has a number, and a table that gives work stands right below it."""

    @property
    def level(self) -> Level:
        return self.marker.level if self.marker else Level.NONE

    @property
    def is_heading(self) -> bool:
        """A short line without a stop, or one that ends in a colon and has items below."""
        seen = self.text.seen.rstrip()
        if seen.endswith(":"):
            return bool(self.children)
        is_short = len(seen.split()) <= LONGEST_HEADING
        is_of_a_part = self.level <= Level.ROMAN and re.search(r"[.;]\s", seen) is None
        return bool(self.children) and is_short and (is_of_a_part or not re.search(r"[.;]$", seen))

    def ancestors(self) -> list["Item"]:
        """From the nearest up."""
        chain, at = [], self.parent
        while at is not None:
            chain.append(at)
            at = at.parent
        return chain


def items_of(pieces: list[Piece], sight: Sight, *, root: str = "") -> list[Item]:
    """Every paragraph as an item of the tree, in order. `root` begins every place ("PL II")."""
    stack: list[Item] = []
    items: list[Item] = []
    for piece in pieces:
        marker = _marker(piece)
        words = (
            piece.text
            if piece.numbering and marker_of(piece.full_text)
            else piece.text[marker.length if marker else 0 :]
        )
        text = flat(words, sight)
        if marker is None and _CLOSES.match(text):
            stack = []
            root = f"{root} {CLOSING_PLACE}".strip()
        while stack and not (_holds(stack[-1], marker) if marker else _goes_on_below(stack[-1])):
            stack.pop()
        parent = stack[-1] if stack else None
        item = Item(piece, text, marker, _place(marker, parent, root), parent, Topic.DUTIES)
        item.topic = _topic(item)
        if parent is not None:
            parent.children.append(item)
        items.append(item)
        if marker is not None:
            stack.append(item)
        elif _is_capital_heading(words):
            stack = [item]
    return items


def _marker(piece: Piece) -> Marker | None:
    marker = marker_of(piece.full_text) if piece.numbering else marker_of(piece.text)
    announces = marker is None and piece.text.endswith(":") and len(piece.text.split()) <= LONGEST_ANNOUNCEMENT
    return Marker(Level.HEAD, "", 0) if announces else marker


def _holds(above: Item, marker: Marker) -> bool:
    """Whether an item with this mark may stand under `above`: "1.1." under "1.", not under another number's dash."""
    if above.marker is None:
        return True
    if above.level < marker.level:
        is_number = marker.level in {Level.SUBNUMBER, Level.SUBSUBNUMBER} and above.level in {
            Level.NUMBER,
            Level.SUBNUMBER,
        }
        return not is_number or marker.label.startswith(f"{above.marker.label}.")
    return False


def _goes_on_below(above: Item) -> bool:
    """An unmarked paragraph belongs to a number or a letter, or to the dash that announces it."""
    return above.level < Level.DASH or above.level is Level.NONE or above.text.seen.rstrip().endswith(":")


def _place(marker: Marker | None, parent: Item | None, root: str) -> str:
    above = parent.place if parent else root
    if marker is None or marker.level is Level.HEAD:
        return above
    if marker.level is Level.ARTICLE:
        return f"{root + '.' if root else ''}Điều {marker.label}"
    if not marker.label:
        sign = "+" if marker.level is Level.PLUS else "-"
        count = 1 + sum(1 for child in parent.children if child.level == marker.level) if parent else 1
        return f"{above}{sign}{count}"
    if marker.level in {Level.SUBNUMBER, Level.SUBSUBNUMBER} and parent is not None and parent.marker is not None:
        own = marker.label.removeprefix(f"{parent.marker.label}.") if parent.level >= Level.NUMBER else marker.label
        return f"{above}.{own}" if above else own
    return f"{above}.{marker.label}" if above else marker.label


def _topic(item: Item) -> Topic:
    """What the item's own heading says, else what its parent is about."""
    inherited = item.parent.topic if item.parent else Topic.DUTIES
    seen = item.text
    is_headlike = len(seen.seen.split()) <= LONGEST_HEADING
    if item.marker is None or not is_headlike or item.level >= Level.HEAD:
        return inherited
    if item.level >= Level.LETTER and inherited is not Topic.DUTIES:
        return inherited
    if _AIMS.match(seen):
        return Topic.AIMS
    if _SETTING.match(seen) or (_ASIDE.match(seen) and not re.search(r"\.$", seen.seen)):
        return Topic.ASIDE
    if _DUTIES.match(seen) and item.level <= Level.SUBNUMBER and not _is_under_aims(item):
        return Topic.DUTIES
    return inherited


def _is_under_aims(item: Item) -> bool:
    return any(above.topic is not Topic.DUTIES for above in item.ancestors())


def _is_capital_heading(words: str) -> bool:
    letters = [letter for letter in words if letter.isalpha()]
    return len(letters) > 5 and all(letter.isupper() for letter in letters) and len(words.split()) <= LONGEST_HEADING  # noqa: PLR2004 - letters of a heading
