"""What a letter says against itself or leaves out: told, never put right in silence."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from planner.plain_text import plain
from planner.reading.draft import Header, Obligation
from planner.reading.lines import clean
from planner.reading.paper import Paper, Paragraph
from planner.reading.regions import Regions
from planner.workdays import WEEKDAY_NAMES, WorkCalendar

_NAMED_ANNEX = re.compile(
    r"(?:(?:tại|theo|có|trong|ở|kèm)\s+(?:các\s+|bảng\s+)?phụ lục(?:\s+(?:số\s+)?(?P<no>[IVX]{1,4}|\d{1,2}))?"
    r"|phụ lục(?:\s+(?:số\s+)?(?P<no2>[IVX]{1,4}|\d{1,2}))?\s+(?:đính kèm|kèm theo|ban hành kèm))",
    re.IGNORECASE,
)
_OF_ANOTHER_PAPER = re.compile(
    (
        r"^\s*(?:ban hành\s+)?(?:kèm theo|đính kèm|của)\s+(?:Quyết định|Nghị định|Thông tư|Nghị quyết|Công văn"
        r"|Luật)\s+(?:số\s+)?\d"
    ),
    re.IGNORECASE,
)
_POINTS = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*/\s*(\d{1,3})(?:\s*điểm)?")
_POINTS_OF_GROUP = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*điểm")
_REPLACES = re.compile(
    r"(?:thay thế|bãi bỏ|hủy bỏ|thay cho)\s[^.;]{0,60}?số\s*:?\s*(\d{1,5}/[\wĐđ/\-&.]+)", re.IGNORECASE
)
HUNDRED = Decimal(100)


def warnings_of(
    paper: Paper,
    header: Header,
    obligations: Sequence[Obligation],
    regions: Regions,
    calendar: WorkCalendar,
    documents: Sequence[str],
    own: Collection[str] = (),
) -> tuple[str, ...]:
    """Whole sentences, each once. `own`: codes of tasks that are tracked under this very document."""
    text = [clean(block.text) for block in paper.blocks if isinstance(block, Paragraph)]
    found = [
        *_missing_annexes(paper, regions),
        *_sums(text),
        *_two_dates_for_one(obligations),
        *_before_the_letter(header, obligations),
        *_days_off(obligations, calendar),
        *_repeated(obligations, own),
        *_superseded(text, documents),
    ]
    return tuple(dict.fromkeys(found))


def _missing_annexes(paper: Paper, regions: Regions) -> Iterator[str]:
    """An annex the text sends its reader to, and the file does not have."""
    body = " ".join(clean(block.text) for block in regions.body if isinstance(block, Paragraph))
    present = {annex.label for annex in regions.annexes}
    for found in _NAMED_ANNEX.finditer(body):
        number = found["no"] or found["no2"] or ""
        if _OF_ANOTHER_PAPER.match(body[found.end() :]):
            continue
        if not regions.annexes and not any(True for _ in paper.tables()):
            yield f"Phụ lục thiếu: văn bản dẫn “{found[0].strip()}” nhưng tệp này không có phụ lục."
        elif number and number not in present and present != {""}:
            yield f"Phụ lục thiếu: văn bản dẫn phụ lục {number} nhưng tệp này không có."


def _sums(lines: Sequence[str]) -> Iterator[str]:
    """Parts given as "19.68/22 điểm" below a whole given as "95.68/100 điểm"."""
    whole: tuple[Decimal, Decimal] | None = None
    parts: list[tuple[Decimal, Decimal]] = []
    for line in [*lines, ""]:
        pairs = [(_number(a), _number(b)) for a, b in _POINTS.findall(line)]
        pairs = [(own, most) for own, most in pairs if own <= most <= HUNDRED] if "điểm" in line else []
        if not pairs:
            continue
        own, most = pairs[0]
        if most == HUNDRED:
            yield from _sum_of(whole, parts)
            whole, parts = (own, most), []
        elif whole is not None:
            parts.append((own, most))
    yield from _sum_of(whole, parts)


def _sum_of(whole: tuple[Decimal, Decimal] | None, parts: list[tuple[Decimal, Decimal]]) -> Iterator[str]:
    if whole is None or len(parts) < 2 or sum(most for _, most in parts) != whole[1]:  # noqa: PLR2004 - one part is no sum
        return
    total = sum(own for own, _ in parts)
    if total != whole[0]:
        yield (
            f"Số liệu không khớp: các phần cộng lại được {total}, văn bản ghi tổng {whole[0]}. Giữ nguyên như văn bản."
        )


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _two_dates_for_one(obligations: Sequence[Obligation]) -> Iterator[str]:
    """The same words, the same units, two different days."""
    by_words: dict[tuple[str, tuple[str, ...]], list[Obligation]] = defaultdict(list)
    for each in obligations:
        if each.is_tracked and each.deadline.last_valid_on is not None:
            by_words[(_words_of(each), tuple(name.written for name in each.lead))].append(each)
    for same in by_words.values():
        for one, other in pairwise(same):
            is_said_alike = plain(one.deadline.phrase or "") == plain(other.deadline.phrase or "")
            if one.deadline.last_valid_on != other.deadline.last_valid_on and not is_said_alike:
                yield (
                    f"Hai thời hạn cho cùng một việc “{one.title}”: “{one.deadline.phrase}” ({one.spot.place})"
                    f" và “{other.deadline.phrase}” ({other.spot.place})."
                )


def _words_of(obligation: Obligation) -> str:
    """What is to be done, without when."""
    return plain(obligation.spot.quote.replace(obligation.deadline.phrase or "", " "))


def _before_the_letter(header: Header, obligations: Sequence[Obligation]) -> Iterator[str]:
    issued = header.issued_on.day
    for each in obligations:
        last = each.deadline.last_valid_on
        if each.is_tracked and issued is not None and last is not None and last < issued:
            yield (
                f"Thời hạn trước ngày văn bản: “{each.deadline.phrase}” của “{each.title}”, văn bản ngày "
                f"{issued:%d/%m/%Y}."
            )


def _days_off(obligations: Sequence[Obligation], calendar: WorkCalendar) -> Iterator[str]:
    """A last day that is off: the day to work towards is earlier."""
    for each in obligations:
        reading = each.deadline.reading
        if not each.is_tracked or reading is None or reading.last_valid_on is None or reading.work_to is None:
            continue
        last = reading.last_valid_on
        if calendar.is_workday(last):
            continue
        kind = WEEKDAY_NAMES[last.weekday()]
        yield (
            f"Ngày cuối rơi vào ngày nghỉ: “{each.deadline.phrase}” là {kind} {last:%d/%m/%Y}, "
            f"nên xong trong ngày {reading.work_to:%d/%m/%Y}."
        )


def _repeated(obligations: Sequence[Obligation], own: Collection[str]) -> Iterator[str]:
    """One line for all of them, the codes last, for it may be cut; which is which stands beside each duty."""
    repeated = [each for each in obligations if each.same_as is not None and each.same_as not in own]
    if len(repeated) == 1:
        (each,) = repeated
        yield f"Việc “{each.title}” đang được theo dõi: nối lại, không nhắc hai lần ({each.same_as})."
    elif repeated:
        codes = ", ".join(dict.fromkeys(str(each.same_as) for each in repeated))
        yield f"{len(repeated)} việc đang được theo dõi: nối lại, không nhắc hai lần ({codes})."


def _superseded(lines: Sequence[str], documents: Sequence[str]) -> Iterator[str]:
    """This letter replaces one that is tracked."""
    known = {plain(number): number for number in documents}
    for line in lines:
        for found in _REPLACES.findall(line):
            number = found.rstrip(".,;")
            if plain(number) in known:
                yield f"Văn bản này thay thế {known[plain(number)]} đang được theo dõi: xem lại việc của văn bản cũ."
            else:
                yield f"Văn bản này thay thế {number}."
