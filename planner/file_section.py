"""Fields of a file read one by one: a question has an answer or a problem, told in a sentence to act on."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from rapidfuzz import fuzz, process

from planner.deadline_words import FIRST_YEAR, LAST_YEAR
from planner.marked_yaml import Node, ProblemList, quoted
from planner.plain_text import plain, tidy

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
T = TypeVar("T")


def nearest(wrong: str, known: Collection[str], *, limit: int = 3) -> list[str]:
    """The known words closest to a wrong one, best first, accents not counted; none when nothing is close."""
    found = process.extract(wrong, known, scorer=fuzz.ratio, processor=plain, limit=limit, score_cutoff=50)
    return [word for word, _score, _index in found]


def suggestion(wrong: str, known: Collection[str], *, limit: int = 3) -> str:
    """ " Có phải: a, b?" or nothing, to end a sentence with."""
    words = nearest(wrong, known, limit=limit)
    return f" Có phải: {', '.join(words)}?" if words else ""


class Section:
    """Một mục gồm nhiều trường. Each question returns the value or None, and keeps what is wrong in `problems`."""

    def __init__(
        self, node: Node, problems: ProblemList, *, fields: Collection[str], task: str | None = None, name: str = ""
    ) -> None:
        self.line = node.line
        self.problems = problems
        self.task = task
        self.name = name
        self._nodes: Mapping[str, Node] = node.value if isinstance(node.value, dict) else {}
        if not isinstance(node.value, dict):
            self.tell(f"Chỗ này phải gồm các dòng 'tên mục: giá trị', gồm: {', '.join(fields)}.", line=node.line)
        self._refuse_unknown(fields)

    def _refuse_unknown(self, fields: Collection[str]) -> None:
        for key, node in self._nodes.items():
            if key not in fields:
                near = suggestion(key, fields, limit=1) or f" Các mục dùng được: {', '.join(fields)}."
                self.tell(f"Không có mục nào tên {quoted(key)}.{near}", field=key, line=node.line)

    def tell(self, message: str, *, field: str | None = None, line: int | None = None) -> None:
        """Keep a problem of this section; `line` is the field's own unless given."""
        place = ".".join(part for part in (self.name, field) if part) or None
        where = line or (self.line_of(field) if field else self.line)
        self.problems.add(message, line=where, field=place, task=self.task)

    def line_of(self, field: str) -> int:
        node = self._nodes.get(field)
        return node.line if node else self.line

    def node(self, field: str) -> Node | None:
        """The value as it stands, None when the field is missing or left empty."""
        node = self._nodes.get(field)
        return node if node is not None and not _is_blank(node) else None

    def filled(self) -> tuple[str, ...]:
        """Names of the fields that hold something."""
        return tuple(key for key, node in self._nodes.items() if not _is_blank(node))

    def require(self, field: str, example: str) -> None:
        if self.node(field) is None:
            self.tell(f"Thiếu mục {field}: viết thêm, ví dụ {field}: {example}.", field=field)

    def text(self, field: str, *, most: int = 300) -> str | None:
        """One line of text, tidied; longer than `most` characters is a problem."""
        node = self.node(field)
        return None if node is None else self.text_of(node, field, most=most)

    def text_of(self, node: Node, field: str, *, most: int = 300) -> str | None:
        if not isinstance(node.value, str):
            self.tell("Mục này chỉ nhận một dòng chữ, không nhận danh sách.", field=field, line=node.line)
            return None
        text = tidy(node.value)
        if len(text) > most:
            self.tell(f"Dài {len(text)} ký tự, nhiều nhất là {most}: viết ngắn lại.", field=field, line=node.line)
            return None
        return text or None

    def items(self, field: str) -> list[Node]:
        """A list, or a single value taken as a list of one; empty entries are left out."""
        node = self.node(field)
        if node is None:
            return []
        nodes = node.value if isinstance(node.value, list) else [node]
        return [item for item in nodes if not _is_blank(item)]

    def texts(self, field: str, *, most: int = 300) -> tuple[str, ...]:
        found = (self.text_of(item, field, most=most) for item in self.items(field))
        return tuple(text for text in found if text)

    def day(self, field: str) -> date | None:
        """dd/mm/yyyy (or yyyy-mm-dd); a day that does not exist is a problem, never moved."""
        text = self.text(field)
        if text is None:
            return None
        found = _DAY.fullmatch(text)
        if not found:
            self.tell(f"{quoted(text)} không phải ngày: viết dạng ngày/tháng/năm, ví dụ 05/11/2024.", field=field)
            return None
        day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        try:
            found_day = date(int(year), int(month), int(day))
        except ValueError:
            self.tell(f"Không có ngày {text} trong lịch: xem lại văn bản gốc.", field=field)
            return None
        if FIRST_YEAR <= found_day.year <= LAST_YEAR:
            return found_day
        self.tell(f"Năm {year} ngoài khoảng {FIRST_YEAR}-{LAST_YEAR}: xem lại văn bản gốc.", field=field)
        return None

    def whole(self, field: str, *, least: int, most: int) -> int | None:
        node = self.node(field)
        return None if node is None else self.whole_of(node, field, least=least, most=most)

    def whole_of(self, node: Node, field: str, *, least: int, most: int) -> int | None:
        text = self.text_of(node, field)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:  # noqa: PLR2004
            return int(text)
        self.tell(f"{quoted(text)} phải là số nguyên từ {least} đến {most}.", field=field, line=node.line)
        return None

    def number(self, field: str) -> Decimal | None:
        """A number with a comma or a point before its decimals, as in 31,41."""
        text = self.text(field, most=20)
        if text is None:
            return None
        try:
            value = Decimal(text.replace(",", "."))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.tell(f"{quoted(text)} phải là một số, ví dụ 18 hoặc 31,41.", field=field)
            return None
        return value

    def flag(self, field: str) -> bool:
        return bool(
            self.choice(field, {"có": True, "không": False, "true": True, "false": False, "yes": True, "no": False})
        )

    def choice(self, field: str, words: Mapping[str, T]) -> T | None:
        """One of the given words, accents and case not counted."""
        text = self.text(field)
        if text is None:
            return None
        by_word = {plain(word): value for word, value in words.items()}
        if plain(text) in by_word:
            return by_word[plain(text)]
        near = suggestion(text, words.keys()) or f" Chọn một trong: {', '.join(words)}."
        self.tell(f"{quoted(text)} không dùng được ở mục này.{near}", field=field)
        return None

    def section(self, field: str, *, fields: Collection[str]) -> "Section | None":
        node = self.node(field)
        return None if node is None else self.inside(node, field, fields=fields)

    def inside(self, node: Node, field: str, *, fields: Collection[str]) -> "Section":
        name = ".".join(part for part in (self.name, field) if part)
        return Section(node, self.problems, fields=fields, task=self.task, name=name)


def _is_blank(node: Node) -> bool:
    return node.value is None or (isinstance(node.value, str) and not tidy(node.value))


def first_repeats(keys: Iterable[tuple[T, int]], tell: Callable[[T, int, int], None]) -> None:
    """Calls `tell(key, line, first_line)` for every key met a second time."""
    first: dict[T, int] = {}
    for key, line in keys:
        if key in first:
            tell(key, line, first[key])
        else:
            first[key] = line
