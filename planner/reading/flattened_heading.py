"""The heading of a table that an export left as lines: where it stands, what its columns hold, where it is repeated."""

import re
from collections.abc import Sequence

from planner.reading.columns import Role, role_of
from planner.reading.flat import Sight, Words, flat
from planner.reading.lines import LONG_LINE, clean
from planner.reading.paper import Paragraph

LINES_OF_A_HEADING = 16
WORDS_OF_COLUMNS = 3
"""Lines: a heading with as many may be one, whatever they say."""
_NUMBER_BEFORE = re.compile(r"^(?:Số )?(?:STT|TT|Stt|Tt)\s+")
_STT = Words(r"(?:số ?)?(?:stt|tt)\b|^số$")
_FIRST_ROW = re.compile(r"(?:I|1|01|A)\s*(?:[.)]|$|\s+\S)")


def find_heading(lines: Sequence[Paragraph], sight: Sight) -> tuple[int, int, list[Role]] | None:
    """(line of the heading, first line of data, roles in the order of their words); None where there is no table."""
    for start, line in enumerate(lines):
        text = clean(line.text)
        if not text or len(text) > 90 or (_STT.search(flat(text, sight)) is None and text.upper() != "SỐ"):  # noqa: PLR2004 - as long as a cell of that kind gets
            continue
        roles, end = _heading_from(lines, start, sight)
        if end is not None and {Role.LEAD} <= set(roles) and {Role.TASK, Role.INDICATOR} & set(roles):
            return start, end, roles
    return None


def _heading_from(lines: Sequence[Paragraph], start: int, sight: Sight) -> tuple[list[Role], int | None]:
    texts: list[str] = []
    for place in range(start, min(start + 4 * LINES_OF_A_HEADING, len(lines))):
        text = clean(lines[place].text)
        if not text:
            continue
        is_whole = len(texts) >= WORDS_OF_COLUMNS or _names_columns(texts, sight)
        if is_whole and _FIRST_ROW.match(text) and len(text) < LONG_LINE:
            return _roles_in(texts, sight), place
        texts.append(text)
        if len(texts) > LINES_OF_A_HEADING:
            return [], None
    return [], None


def _names_columns(texts: list[str], sight: Sight) -> bool:
    """One line that holds the heads of all columns: what, who and when."""
    return len(texts) > 0 and {Role.TASK, Role.LEAD, Role.DEADLINE} <= set(_roles_in(texts, sight))


def _roles_in(texts: list[str], sight: Sight) -> list[Role]:
    roles: list[Role] = []
    joined = " ".join(texts)
    for piece in [
        *texts,
        *re.split(
            r"(?=Đơn vị|Thời gian|Nội dung|Ghi chú|Cơ quan|Sản phẩm|Điểm|Chủ trì|Phối hợp|Nhiệm vụ|Chỉ tiêu|Mục tiêu)",
            joined,
        ),
    ]:
        for words in dict.fromkeys((piece, _NUMBER_BEFORE.sub("", piece))):
            role = role_of(flat(words, sight))
            if role is not None and role not in roles:
                roles.append(role)
    return roles


def without_headings(lines: Sequence[Paragraph], heading: list[str]) -> list[Paragraph]:
    """Without the heading where it is printed again, and without the number of the page above it."""
    kept: list[Paragraph] = []
    filled = [line for line in lines if clean(line.text)]
    texts = [clean(line.text) for line in filled]
    at = 0
    while at < len(filled):
        if heading and texts[at : at + len(heading)] == heading:
            at += len(heading)
            if kept and re.fullmatch(r"\d{1,3}", clean(kept[-1].text)):
                kept.pop()
            continue
        kept.append(filled[at])
        at += 1
    return kept
