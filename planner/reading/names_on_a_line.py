"""Units on a line of a table whose cells an export set side by side: behind the name of the work, one after another."""

import re

from planner.reading.flat import Flat, Words
from planner.reading.units import leading_units, starts_with_unit

NAME_ON_THE_LINE = 4
"""Letters of the name of the work that stand before its units on the same line."""


def unit_at_the_end(seen: Flat) -> int | None:
    """Where the units of a row begin on a line that holds the end of its name before them."""
    for found in re.finditer(r"(?<=\s)(?=[^\W\d_])", seen.seen):
        at = found.start()
        before = seen.seen[:at].rstrip().rsplit(" ", 1)[-1]
        is_own_word = seen.is_capital(at) and before not in _PREPOSITIONS | _SPEAKS_OF_A_UNIT
        is_own_word = is_own_word and _HOLDS_ANOTHER.match(seen.part(0, at)) is None
        if at > NAME_ON_THE_LINE and is_own_word and starts_with_unit(seen, at):
            units = leading_units(seen, at)
            if units is not None and units.end >= len(seen.seen) and not units.has_verb:
                return at
    return None


def second_name(who: Flat) -> int | None:
    """Where another unit begins without a comma: "Sở Nội vụ Các sở, ban, ngành"; not inside "Văn phòng UBND tỉnh"."""
    for found in re.finditer(r"(?<=[^\W\d_] )(?=[^\W\d_])", who.seen):
        at = found.start()
        before = who.seen[:at].split()
        is_open = len(before) < 2 or before[-1] in _PREPOSITIONS or _HOLDS_ANOTHER.match(who.part(0, at - 1))  # noqa: PLR2004 - no name has one word
        if not is_open and who.is_capital(at) and starts_with_unit(who, at):
            return at
    return None


_HOLDS_ANOTHER = Words(
    r".*(?:văn phòng|thanh tra|chủ tịch|giám đốc|lãnh đạo|thường trực|trưởng|bộ phận|cơ quan|trung tâm|ban|tổ|hội"
    r"|đoàn) ?$"
)
_SPEAKS_OF_A_UNIT = frozenset(
    [
        "trình",
        "cáo",
        "gửi",
        "mưu",
        "giúp",
        "nghị",
        "cầu",
        "hợp",
        "đạo",
        "trinh",
        "cao",
        "gui",
        "muu",
        "giup",
        "dao",
        "hop",
    ]
)
"""The last word of a verb that a unit is the object of: "tham mưu UBND tỉnh"."""
_PREPOSITIONS = frozenset(
    [
        *("của", "cho", "với", "tại", "về", "do", "trên", "từ", "đến", "và", "các", "vào", "theo", "qua", "là", "lên"),
        *("giữa", "cua", "voi", "tai", "ve", "tren", "tu", "den", "va", "cac", "vao", "len", "giua"),
    ]
)
