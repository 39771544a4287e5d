"""YAML as clerks write it: scalars stay text, every value knows its line, mistakes are kept and told at once."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from models.errors import FileProblemsError, Problem
from planner.plain_text import tidy

MAX_BYTES = 5_000_000
MAX_DEPTH = 12
MAX_NODES = 200_000
MAX_PROBLEMS = 200

# what YAML itself refuses; asked beforehand because the fast parser's own words name no line
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENT = re.compile(r"^ *\t")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one reads the same, ten times faster

_YAML_HINTS = (
    ("mapping values are not allowed", "Có dấu hai chấm thừa trong giá trị: đặt cả câu trong dấu ngoặc kép."),
    (
        "cannot start any token",
        "Giá trị mở đầu bằng ký tự không dùng được (@, %, ` hoặc phím Tab): đặt nó trong ngoặc kép.",
    ),
    ("expected ':'", "Thiếu dấu hai chấm sau tên mục, ví dụ title: Báo cáo kết quả."),
    ("quoted scalar", "Thiếu dấu ngoặc kép đóng."),
    ("flow", "Thiếu dấu ngoặc đóng ] hoặc }, hoặc thiếu dấu phẩy giữa các giá trị."),
)
_YAML_OTHERWISE = (
    "Dòng này không đúng dạng 'tên mục: giá trị': xem lại thụt đầu dòng (dùng dấu cách), dấu hai chấm và ngoặc."
)

Value: TypeAlias = "str | list[Node] | dict[str, Node] | None"


@dataclass(frozen=True, slots=True)
class Node:
    """Một giá trị trong tệp. A scalar is text whatever it looks like (05/11, on, 1.10); left empty it is None."""

    value: Value
    line: int


class ProblemList:
    """Các lỗi của một tệp, kept until all are known."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[Problem, None] = {}

    @property
    def found(self) -> list[Problem]:
        """In the order of the file."""
        return sorted(self._found, key=lambda problem: problem.line or 0)

    def add(self, message: str, *, line: int | None = None, field: str | None = None, task: str | None = None) -> None:
        """The same problem is kept once, however often its field is asked for."""
        problem = Problem(file=self.file, line=line, task_code=task, field=field, message=message)
        self._found.setdefault(problem)

    def raise_if_any_fatal(self, tree: "Node | None") -> None:
        """Without a tree there is nothing more to find."""
        if tree is None:
            self.raise_if_any()

    def raise_if_any(self) -> None:
        """Beyond `MAX_PROBLEMS` only their number is told."""
        ordered = self.found
        if not ordered:
            return
        rest = len(ordered) - MAX_PROBLEMS
        if rest > 0:
            more = f"Còn {rest} lỗi nữa: sửa các lỗi trên rồi nạp lại tệp."
            ordered = [*ordered[:MAX_PROBLEMS], Problem(self.file, None, None, None, more)]
        raise FileProblemsError(ordered)


def quoted(text: str) -> str:
    """A value from the file as a sentence may show it: short, in quotation marks."""
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"  # noqa: PLR2004 - fits a phone's line


def read_tree(text: str | bytes, problems: ProblemList) -> Node | None:
    """The file as nodes, or None with the reasons in `problems`. Never raises."""
    decoded = _decoded(text, problems)
    if decoded is None or not _is_printable(decoded, problems):
        return None
    builder = _TreeBuilder()
    try:
        for event in yaml.parse(decoded, Loader=_LOADER):
            builder.take(event)
    except _UnreadableError as unreadable:
        problems.add(unreadable.message, line=unreadable.line)
        return None
    except yaml.YAMLError as error:
        _tell_yaml_error(error, decoded, problems)
        return None
    for line, key in builder.duplicates:
        problems.add(f"Mục {quoted(key)} viết hai lần: chỉ giữ một.", line=line, field=key)
    if builder.root is None:
        problems.add("Tệp trống: xem docs/plan-files.md để biết cách viết.", line=1)
    return builder.root


def _decoded(text: str | bytes, problems: ProblemList) -> str | None:
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BYTES:
        problems.add("Tệp lớn hơn 5 MB: chia thành nhiều kế hoạch nhỏ hơn.")
        return None
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.add("Tệp không ở bảng mã UTF-8: mở lại và lưu với bảng mã UTF-8 (Unicode).", line=line)
        return None
    return unicodedata.normalize("NFC", decoded)


def _is_printable(text: str, problems: ProblemList) -> bool:
    wrong = _UNPRINTABLE.search(text)
    if wrong is None:
        return True
    name = "ký tự NUL" if wrong.group() == "\0" else f"ký tự điều khiển U+{ord(wrong.group()):04X}"
    line = text.count("\n", 0, wrong.start()) + 1
    problems.add(f"Dòng này có {name}, không phải chữ: xóa nó đi hoặc gõ lại dòng này.", line=line)
    return False


def _tell_yaml_error(error: yaml.YAMLError, text: str, problems: ProblemList) -> None:
    tabbed = [number for number, line in enumerate(text.splitlines(), start=1) if _TAB_INDENT.match(line)]
    for number in tabbed[:MAX_PROBLEMS]:
        problems.add("Dòng này thụt vào bằng phím Tab: thay bằng dấu cách.", line=number)
    if tabbed:
        return
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    hint = next((hint for sign, hint in _YAML_HINTS if sign in words), _YAML_OTHERWISE)
    problems.add(hint, line=mark.line + 1 if mark else None)


class _UnreadableError(Exception):
    """A form of YAML that plan files do not use; reading stops there."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been met."""

    node: Node
    key: str | None = None


@dataclass(slots=True)
class _TreeBuilder:
    """Builds nodes from parser events with a stack of its own: no depth of nesting can exhaust Python's."""

    root: Node | None = None
    duplicates: list[tuple[int, str]] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _count: int = 0

    def take(self, event: yaml.Event) -> None:
        mark: Any = event.start_mark
        line = mark.line + 1
        self._refuse_exotic(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(Node([], line))
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(Node({}, line))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()

    def _refuse_exotic(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _UnreadableError(
                "Không dùng ký hiệu & và * của YAML: viết lại nội dung, hoặc đặt trong ngoặc kép.", line
            )
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
            raise _UnreadableError("Không dùng ký hiệu ! của YAML: đặt giá trị trong dấu ngoặc kép.", line)
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _UnreadableError("Mỗi tệp chỉ một kế hoạch: bỏ dòng --- và tách phần sau sang tệp khác.", line)

    def _take_scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if self._awaits_key():
            self._stack[-1].key = tidy(event.value)
            return
        is_empty = event.style is None and event.value in {"", "~", "null"}
        self._place(Node(None if is_empty else event.value, line))

    def _open(self, node: Node) -> None:
        if self._awaits_key():
            raise _UnreadableError("Tên mục phải là một từ, không phải danh sách: viết lại dòng này.", node.line)
        if len(self._stack) >= MAX_DEPTH:
            raise _UnreadableError("Các mục lồng nhau quá sâu: viết theo mẫu ở docs/plan-files.md.", node.line)
        self._place(node)
        self._stack.append(_Open(node))

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].node.value, dict) and self._stack[-1].key is None

    def _place(self, node: Node) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise _UnreadableError("Tệp có quá nhiều mục: chia thành nhiều kế hoạch nhỏ hơn.", node.line)
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if isinstance(parent.node.value, list):
            parent.node.value.append(node)
        elif isinstance(parent.node.value, dict) and parent.key is not None:
            self._place_under_key(parent.node.value, parent.key, node)
            parent.key = None

    def _place_under_key(self, siblings: dict[str, Node], key: str, node: Node) -> None:
        if key in siblings:
            self.duplicates.append((node.line, key))
        else:
            siblings[key] = node
