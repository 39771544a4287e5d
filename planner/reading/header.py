"""The head and the foot of a letter: type, number, issuer, place, date, subject, addressees, recipients, signer.

What the paper leaves blank or a scanner broke stays open: the value is None, or it is given as LIKELY with the
question whether it is so. Nothing is invented.
"""

import re
from dataclasses import replace
from itertools import pairwise

from planner.reading.draft import Found, Header, Spot, Sureness
from planner.reading.flat import Sight, Words, flat
from planner.reading.header_dates import dates_cited, issued_on
from planner.reading.header_issuer import Attached, attached_head, issuer_of
from planner.reading.header_lines import (
    KIND_LINE,
    KINDS,
    LINES_OF_A_HEAD,
    NATION,
    NUMBER,
    PLACE_AND_DAY,
    HeadLine,
    head_lines,
)
from planner.reading.mending import with_accents
from planner.reading.paper import Paper
from planner.reading.places import province_of

_SIGNS = {
    "KH": "Kế hoạch", "QĐ": "Quyết định", "QD": "Quyết định", "CT": "Chỉ thị", "TB": "Thông báo", "HD": "Hướng dẫn",
    "CĐ": "Công điện", "NQ": "Nghị quyết", "CTR": "Chương trình", "CTR-": "Chương trình", "BC": "Báo cáo",
    "TTR": "Tờ trình", "ĐA": "Đề án", "PA": "Phương án", "KL": "Kết luận", "QC": "Quy chế", "GM": "Giấy mời",
}  # fmt: skip
_SUBJECT = Words(r"(?:v/v|về việc|vv)[: ]")
_TO = Words(r"kính g\w{1,5} ?:?|(?:chủ tịch|phó chủ tịch|ủy ban nhân dân|ubnd|ban chỉ|bộ trưởng)[^.;:]{0,80} điện ?:")
_COPY_TO = Words(r"nơi nh\w{1,4} ?:?")
_STARTS_BODY = Words(
    r"(?:căn cứ|thực hiện (?:quyết định|kế hoạch|công văn|chỉ thị|nghị|thông báo|văn bản|chương trình|luật"
    r"|ý kiến|kết luận|công điện|đề án|nhiệm vụ)|theo|trên cơ sở|để|nhằm|xét|ngày|tiếp tục|qua"
    r"|trong thời gian|thời gian qua|sau khi|ủy ban nhân dân|ubnd|[ivx]+ ?[.\-/)]|1\.|a\.|phần|điều)\b"
)
_NAMES_AN_ANNEX = Words(
    r"phụ lục(?: (?:số )?(?P<no>[ivx]{1,4}|\d{1,2}))?\b|(?:biểu|bảng)(?: (?:mẫu|phân công|tổng hợp"
    r"|phụ lục))[^.;,()]{0,40}(?=kèm theo)"
)
_AUTHORITY_LINE = Words(r"(?:chủ tịch|giám đốc|ủy ban nhân dân|ubnd|bộ trưởng|hội đồng|thường trực|chánh|trưởng ban)\b")
_SIGNER_LINE = re.compile(
    r"^(?:TM\.|KT\.|TL\.|TUQ\.|Q\.|KT\s|TM\s|T/M|K/T|CHỦ TỊCH|PHÓ CHỦ TỊCH|GIÁM ĐỐC|PHÓ GIÁM ĐỐC"
    r"|CHÁNH VĂN PHÒNG|PHÓ CHÁNH|TRƯỞNG PHÒNG|BỘ TRƯỞNG|BÍ THƯ|TRƯỞNG BAN)"
)
_NAME = re.compile(r"(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]+)(?:\s[A-ZĐÀ-Ỹ][a-zà-ỹđ]+){1,4}")


def read_header(paper: Paper, sight: Sight) -> Header:
    """The header; every field that is not there is None and UNSURE."""
    lines = head_lines(paper, sight)
    whole = " ".join(line.text for line in lines)
    head = _head(lines)
    attached = attached_head(lines, sight)
    number = _number(head, attached, lines)
    kind = _kind(head, number)
    place = _place(head)
    cited = dates_cited(whole)
    day = issued_on(_day_line(head), attached.day if attached else None, cited=cited, years=_years(head))
    issuer = _beside_the_number(issuer_of(head, lines, place, attached, sight), number)
    return Header(
        kind=kind,
        number=number,
        issuer=issuer,
        place=place,
        issued_on=day,
        title=_title(head, kind, sight),
        addressees=_listed(lines, _TO, sight),
        recipients=_listed(lines, _COPY_TO, sight),
        signer=_signer(lines),
        annexes=_annexes(lines),
    )


def _beside_the_number(issuer: Found, number: Found) -> Found:
    """A number of UBND under the name of another body: one of them is a slip, and is asked about."""
    is_of_ubnd = re.search(r"[/-]UBND\b", number.value or "") is not None
    if is_of_ubnd and issuer.value and "UBND" not in issuer.value and issuer.sureness is Sureness.SURE:
        return replace(issuer, sureness=Sureness.LIKELY)
    return issuer


def _head(lines: list[HeadLine]) -> list[HeadLine]:
    """Up to the body: no numbered section stands in a head."""
    for place, line in enumerate(lines[:LINES_OF_A_HEAD]):
        if place > 3 and re.match(r"(?:I|1|A|Điều 1)\s?[.\-–/)]\s", line.text):  # noqa: PLR2004 - as long as such a line gets
            return lines[:place]
    return lines[:LINES_OF_A_HEAD]


def _number(head: list[HeadLine], attached: Attached | None, lines: list[HeadLine]) -> Found:
    for line in head:
        found = NUMBER.match(line.text)
        if found is None or not (found["rest"] or found["no"]):
            continue
        rest = re.sub(r"\s+", "", found["rest"] or "")
        if found["no"] and rest:
            sign = rest if rest[0] in "/-" else f"/{rest}"
            return Found(f"{found['no']}{sign}", Spot(found[0].strip(), line.page, "đầu văn bản"))
        if not found["no"]:
            quote = Spot(line.text, line.page, "đầu văn bản")
            if attached and attached.number:
                return Found(attached.number, Spot(attached.quote, 1, "phụ lục"), Sureness.LIKELY)
            return Found(None, quote, Sureness.UNSURE)
    if attached and attached.number:
        return Found(attached.number, Spot(attached.quote, 1, "phụ lục"), Sureness.LIKELY)
    return Found(None, Spot(lines[0].text if lines else "", 1, "đầu văn bản"), Sureness.UNSURE)


def _kind(head: list[HeadLine], number: Found) -> Found:
    for line in head:
        if KIND_LINE.whole(line.seen) and (line.text.isupper() or len(line.text.split()) <= 4):  # noqa: PLR2004 - as long as such a line gets
            kind = next(
                (kind for kind in KINDS if flat(kind, line.seen.sight).seen == line.seen.seen[: len(kind)]), None
            )
            if kind:
                return Found(kind, line.spot)
    sign = number.spot.quote.upper().replace(" ", "")
    for letters, kind in _SIGNS.items():
        if re.search(rf"(?:/|\d-){letters}(?:[-/]|$)", sign):
            return Found(kind, number.spot, Sureness.LIKELY)
    if any(_SUBJECT.match(line.seen) or _TO.match(line.seen) for line in head):
        return Found("Công văn", head[0].spot)
    return Found(None, head[0].spot if head else Spot(""), Sureness.UNSURE)


def _day_line(head: list[HeadLine]) -> HeadLine | None:
    for line in head:
        if PLACE_AND_DAY.search(line.seen) and len(line.text) < 110:  # noqa: PLR2004 - as long as such a line gets
            return line
    return None


def _place(head: list[HeadLine]) -> Found:
    line = _day_line(head)
    if line is None:
        return Found(None, Spot("", 1, "đầu văn bản"), Sureness.UNSURE)
    found = PLACE_AND_DAY.search(line.seen)
    assert found is not None
    place = line.seen.verbatim(*found.span("place"))
    place = re.sub(r"^.*?(?:[-/][A-ZĐ&]{2,}[A-ZĐ\w&]*)\s+", "", place)  # the number stands on the same line
    known = province_of(place)
    sureness = Sureness.SURE if known == place or not line.seen.sight.is_folded else Sureness.LIKELY
    return Found(known or place, line.spot, sureness)


def _years(head: list[HeadLine]) -> list[int]:
    """Years the head itself names: "năm 2024" of a blank date, then of the subject."""
    years = []
    for line in head:
        years += [int(year) for year in re.findall(r"\b[nN][aăâáạ]m\s+(20\d\d)\b", line.text)]
    return years


def _title(head: list[HeadLine], kind: Found, sight: Sight) -> Found:
    """The subject: under the type, or behind "V/v"."""
    has_type = kind.value != "Công văn" and any(kind.value and line.text == kind.spot.quote for line in head)
    for place, line in enumerate(head):
        if _SUBJECT.match(line.seen) and not has_type:
            return _gathered(head[place:], sight, ends=_TO)
    for place, line in enumerate(head):
        if kind.value and line.text == kind.spot.quote and place + 1 < len(head):
            below = head[place + 1 :]
            if kind.value in _DECIDED:
                below = _up_to_the_authority(below)
            return _gathered(below, sight, ends=_STARTS_BODY)
    return Found(None, Spot("", 1, "đầu văn bản"), Sureness.UNSURE)


_DECIDED = {"Quyết định", "Nghị quyết"}


def _up_to_the_authority(lines: list[HeadLine]) -> list[HeadLine]:
    """A decision names who decides between its subject and its grounds."""
    for place, (line, below) in enumerate(pairwise(lines)):
        is_named = line.text.isupper() and _AUTHORITY_LINE.match(line.seen) is not None
        if place > 0 and is_named and _STARTS_BODY.match(below.seen):
            return lines[:place]
    return lines


def _gathered(lines: list[HeadLine], sight: Sight, *, ends: Words) -> Found:
    parts: list[str] = []
    for line in lines[:9]:
        is_end = (
            ends.match(line.seen) is not None
            or _TO.match(line.seen) is not None
            or re.fullmatch(r"[-–_*]{3,}", line.text)
        )
        is_office = _AUTHORITY_LINE.match(line.seen) is not None or KIND_LINE.whole(line.seen.part(0)) is not None
        is_below = (
            bool(parts) and not parts[-1].isupper() and line.text.isupper() and (is_office or line.text[-1] == ":")
        )
        is_speech = re.search(r"như sau ?:$", line.text) is not None
        if parts and (is_end or is_below or is_speech or re.match(r"\[|\(|-{2,}", line.text) or _day_or_nation(line)):
            break
        if not is_end or not parts:
            parts.append(line.text)
    quote = " ".join(parts)
    value = with_accents(quote) if sight.is_folded else quote
    return Found(
        value.strip(" .") or None,
        Spot(quote, lines[0].page, "đầu văn bản"),
        Sureness.LIKELY if sight.is_folded else Sureness.SURE,
    )


def _day_or_nation(line: HeadLine) -> bool:
    return PLACE_AND_DAY.search(line.seen) is not None or NATION.search(line.seen) is not None


def _listed(lines: list[HeadLine], opening: Words, sight: Sight) -> tuple[Found, ...]:
    """The list behind "Kính gửi:" or "Nơi nhận:"."""
    at = next((place for place, line in enumerate(lines) if opening.match(line.seen)), None)
    if at is None:
        return ()
    found = opening.match(lines[at].seen)
    assert found is not None
    names: list[Found] = []
    rest = lines[at].seen.verbatim(found.end()).strip(" :")
    texts = [(rest, lines[at].page)] if rest else []
    texts += [(line.text, line.page) for line in lines[at + 1 : at + 25]]
    for text, page in texts:
        is_bullet = re.match(r"[-–+•]\s*", text)
        if (
            names
            and rest
            and not is_bullet
            and (_STARTS_BODY.match(flat(text, sight)) or not _is_open(names[-1], text))
        ):
            break
        is_more = (
            bool(names)
            and (text[:1].islower() or not re.search(r"[;.]$", names[-1].spot.quote))
            and not _SIGNER_LINE.match(text)
        )
        if not is_bullet and names and not is_more:
            break
        words = re.sub(r"^[-–+•]\s*", "", text)
        if not is_bullet and is_more and not rest:
            joined = f"{names[-1].spot.quote} {words}"
            names[-1] = _listed_name(joined, page, sight)
            continue
        if _SIGNER_LINE.match(words) or (not is_bullet and text is not rest and not names):
            break
        names.append(_listed_name(words, page, sight))
        if re.search(r"(?:\.|/\.)$", words) or re.match(r"L[ưu]u\b", words):
            break
    return tuple(names)


def _is_open(name: Found, below: str) -> bool:
    """Whether a list that began on the line of "Kính gửi:" goes on below."""
    ends_open = re.search(r"[,;\-–]$|\b(?:và|của|các|thuộc|nhân dân|thành phố|tỉnh)$", name.spot.quote) is not None
    return ends_open or below[:1].islower()


def _listed_name(words: str, page: int, sight: Sight) -> Found:
    value = with_accents(words) if sight.is_folded else words
    return Found(value.strip(" ;.,") or None, Spot(words, page, "đầu văn bản"))


def _signer(lines: list[HeadLine]) -> Found | None:
    """The first line that is a name behind the lines of the office signed for."""
    for place, line in enumerate(lines):
        if not _SIGNER_LINE.match(line.text):
            continue
        for below in lines[place + 1 : place + 9]:
            if _NAME.fullmatch(below.text):
                return Found(below.text, below.spot)
    return None


def _annexes(lines: list[HeadLine]) -> tuple[Found, ...]:
    """Annexes the text names, once each."""
    named: dict[str, Found] = {}
    for line in lines:
        for found in _NAMES_AN_ANNEX.all(line.seen):
            name = line.seen.verbatim(*found.span())
            named.setdefault(name.casefold(), Found(name, line.spot))
    return tuple(named.values())
