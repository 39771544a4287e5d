"""The head and the foot of a letter: type, number, issuer, place, date, subject, addressees, recipients, signer.

What the paper leaves blank or a scanner broke stays open: the value is None, or it is given as LIKELY with the
question whether it is so. Nothing is invented.
"""

import re
from dataclasses import dataclass
from datetime import date

from planner.reading.draft import Found, Header, Spot, Sureness
from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.header_dates import dates_cited, issued_on
from planner.reading.lines import clean
from planner.reading.mending import with_accents
from planner.reading.paper import Paper, Paragraph, Table
from planner.reading.places import province_of
from planner.reading.table_rows import rows_of_table

LINES_OF_A_HEAD = 40
"""The head ends long before this."""

KINDS = (
    "Kế hoạch", "Quyết định", "Chỉ thị", "Thông báo", "Hướng dẫn", "Công điện", "Nghị quyết", "Chương trình", "Báo cáo",
    "Tờ trình", "Đề án", "Phương án", "Kết luận", "Quy chế", "Quy định", "Giấy mời", "Thông tri", "Công văn",
)  # fmt: skip
_SIGNS = {
    "KH": "Kế hoạch", "QĐ": "Quyết định", "QD": "Quyết định", "CT": "Chỉ thị", "TB": "Thông báo", "HD": "Hướng dẫn",
    "CĐ": "Công điện", "NQ": "Nghị quyết", "CTR": "Chương trình", "CTR-": "Chương trình", "BC": "Báo cáo",
    "TTR": "Tờ trình", "ĐA": "Đề án", "PA": "Phương án", "KL": "Kết luận", "QC": "Quy chế", "GM": "Giấy mời",
}  # fmt: skip
_KIND_LINE = Words(
    "(?:"
    + "|".join(kind.lower() for kind in KINDS if kind != "Công văn")
    + r")(?: (?:của|về|số)\b.*)?(?: khẩn| hỏa tốc)?"
)
_NATION = Words(r"cộng h[òõo]a xã hội chủ nghĩa việt nam|độc lập ?- ?tự do ?- ?hạnh phúc|đảng cộng sản việt nam")
_NUMBER = re.compile(
    r"^\W{0,2}S\s?\W?[ốôoóòỏõọơ06éèeÔO]?\s?[:.;]\s*(?P<no>\d{1,5}[a-z]?)?(?P<blank>[\s._…-]*)(?P<rest>(?:[-/]\s?)?(?:20\d\d\s?/\s?)?/?\s?[A-ZĐ][\wĐđ]*(?:\s?[-–/&.]\s?[A-ZĐ][\wĐđ&.]*)*)?",
    re.IGNORECASE,
)
_PLACE_AND_DAY = Words(r"(?P<place>[^\W\d_][^,;:/\d]{1,40}?), ?(?:ngày|ngay)(?P<rest>.{0,50})$")
_SUBJECT = Words(r"(?:v/v|về việc|vv)[: ]")
_TO = Words(r"kính g\w{1,5} ?:?")
_COPY_TO = Words(r"nơi nh\w{1,4} ?:?")
_STARTS_BODY = Words(
    r"(?:căn cứ|thực hiện (?:quyết định|kế hoạch|công văn|chỉ thị|nghị|thông báo|văn bản|chương trình|luật"
    r"|ý kiến|kết luận|công điện|đề án|nhiệm vụ)|theo|trên cơ sở|để|nhằm|xét|ngày|tiếp tục|qua"
    r"|trong thời gian|thời gian qua|sau khi|ủy ban nhân dân|ubnd|[ivx]+\.|1\.|a\.|phần|điều)\b"
)
_ISSUES = Words(
    r"(?P<who>(?:ubnd|ủy ban nhân dân|sở|ban|văn phòng|phòng|trung tâm|đảng ủy"
    r"|hội đồng)[^.;:]{0,90}?) (?:ban hành|xây dựng|triển khai|đề ra) (?:kế hoạch|chương trình|hướng dẫn"
    r"|chỉ thị|quyết định|phương án|đề án)"
)
_ATTACHED = Words(
    r"\((?:ban hành )?kèm theo (?:kế hoạch|quyết định|công văn|chương trình|hướng dẫn|thông báo|chỉ thị"
    r"|phương án) ?(?:số)?[: ]*(?P<number>\d*[^()]{0,30}?)[, ]*(?:ngày"
    r"|ngay)(?P<day>[^()]{0,40}?)(?:,? ?của (?P<who>[^()]{3,90}))?\)"
)
_OFFICE_LINE = Words(
    r"(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|sở|ban|tỉnh|thành phố|huyện|xã|phường|thị xã|đặc khu"
    r"|văn phòng|phòng|trung tâm|bộ|cục|chi cục|đảng ủy|tỉnh ủy|hđnd|công an|trường|bệnh viện)\b"
)
_AUTHORITY_LINE = Words(r"(?:chủ tịch|giám đốc|ủy ban nhân dân|ubnd|bộ trưởng|hội đồng|thường trực|chánh|trưởng ban)\b")
_SIGNER_LINE = re.compile(
    r"^(?:TM\.|KT\.|TL\.|TUQ\.|Q\.|KT\s|TM\s|T/M|K/T|CHỦ TỊCH|PHÓ CHỦ TỊCH|GIÁM ĐỐC|PHÓ GIÁM ĐỐC"
    r"|CHÁNH VĂN PHÒNG|PHÓ CHÁNH|TRƯỞNG PHÒNG|BỘ TRƯỞNG|BÍ THƯ|TRƯỞNG BAN)"
)
_NAME = re.compile(r"(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]+)(?:\s[A-ZĐÀ-Ỹ][a-zà-ỹđ]+){1,4}")


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


def read_header(paper: Paper, sight: Sight) -> Header:
    """The header; every field that is not there is None and UNSURE."""
    lines = head_lines(paper, sight)
    whole = " ".join(line.text for line in lines)
    head = _head(lines)
    attached = _attached(whole, sight)
    number = _number(head, attached, lines)
    kind = _kind(head, number)
    place = _place(head)
    cited = dates_cited(whole)
    day = issued_on(_day_line(head), attached.day if attached else None, cited=cited, years=_years(head, number))
    issuer = _issuer(head, lines, place, attached, sight)
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


def _head(lines: list[HeadLine]) -> list[HeadLine]:
    """Up to the body: no numbered section stands in a head."""
    for place, line in enumerate(lines[:LINES_OF_A_HEAD]):
        if place > 3 and re.match(r"(?:I|1|A|Điều 1)\.\s", line.text):  # noqa: PLR2004 - as long as such a line gets
            return lines[:place]
    return lines[:LINES_OF_A_HEAD]


@dataclass(frozen=True, slots=True)
class _Attached:
    """ "(Kèm theo Kế hoạch số … ngày … của …)" on an annex: the head once more."""

    number: str | None
    day: Spot
    who: str | None
    quote: str


def _attached(whole: str, sight: Sight) -> _Attached | None:
    seen = flat(whole, sight)
    for found in _ATTACHED.all(seen):
        number = seen.verbatim(*found.span("number")).strip(" ,.")
        who = seen.verbatim(*found.span("who")) if found["who"] else None
        full = re.match(r"\d{1,5}\S*/\S+", number.replace(" ", ""))
        return _Attached(
            full[0] if full else None, Spot(_from_the_day(seen, found), 1, "phụ lục"), who, seen.verbatim(*found.span())
        )
    return None


def _from_the_day(seen: Flat, found: re.Match[str]) -> str:
    """ "ngày 09 tháng 12 năm 2022", past the days of other papers in the same brackets."""
    start = seen.seen.rfind(
        seen.seen[found.start("day") - 4 : found.start("day")].strip() or "ng", 0, found.start("day")
    )
    return seen.verbatim(max(start, found.start()), found.end("day"))


def _number(head: list[HeadLine], attached: _Attached | None, lines: list[HeadLine]) -> Found:
    for line in head:
        found = _NUMBER.match(line.text)
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
        if _KIND_LINE.whole(line.seen) and (line.text.isupper() or len(line.text.split()) <= 4):  # noqa: PLR2004 - as long as such a line gets
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
        if _PLACE_AND_DAY.search(line.seen) and len(line.text) < 110:  # noqa: PLR2004 - as long as such a line gets
            return line
    return None


def _place(head: list[HeadLine]) -> Found:
    line = _day_line(head)
    if line is None:
        return Found(None, Spot("", 1, "đầu văn bản"), Sureness.UNSURE)
    found = _PLACE_AND_DAY.search(line.seen)
    assert found is not None
    place = line.seen.verbatim(*found.span("place"))
    place = re.sub(r"^.*?(?:[-/][A-ZĐ&]{2,}[A-ZĐ\w&]*)\s+", "", place)  # the number stands on the same line
    known = province_of(place)
    sureness = Sureness.SURE if known == place or not line.seen.sight.is_folded else Sureness.LIKELY
    return Found(known or place, line.spot, sureness)


def _years(head: list[HeadLine], number: Found) -> list[int]:
    """Years the head itself names: "năm 2024" of a blank date, then of the subject."""
    del number
    years = []
    for line in head:
        years += [int(year) for year in re.findall(r"\b[nN][aăâáạ]m\s+(20\d\d)\b", line.text)]
    return years


def _issuer(
    head: list[HeadLine], lines: list[HeadLine], place: Found, attached: _Attached | None, sight: Sight
) -> Found:
    top = _issuer_on_top(head, sight)
    if top is not None:
        return _with_province(top, place)
    if attached is not None and attached.who:
        return Found(_short(attached.who), Spot(attached.quote, 1, "phụ lục"), Sureness.LIKELY)
    said = _issuer_in_the_text(lines, place)
    return said or Found(None, Spot("", 1, "đầu văn bản"), Sureness.UNSURE)


def _issuer_on_top(head: list[HeadLine], sight: Sight) -> Found | None:
    """The capitals at the top left: superior body, issuer; the nation's lines and the number are not of it."""
    parts: list[HeadLine] = []
    for line in head[:10]:
        text = _without_nation(line)
        if _NUMBER.match(text) or _PLACE_AND_DAY.search(line.seen) or _KIND_LINE.whole(line.seen):
            break
        if text and text.upper() == text and _OFFICE_LINE.match(flat(text, sight)):
            parts.append(HeadLine(text, line.page, flat(text, sight)))
    if not parts:
        return None
    return Found(_office_of([part.text for part in parts], sight), Spot(parts[0].text, parts[0].page, "đầu văn bản"))


def _without_nation(line: HeadLine) -> str:
    """The line's own half: two columns of a head often end up on one line."""
    found = _NATION.search(line.seen)
    if found is None:
        found = Words(r"c[oôộ]ng h[oòóõỏ]a x[aãá] h[oộô]i.*|đ[oộ]c l[aậâ]p ?[-–] ?t.*").search(line.seen)
    return line.seen.verbatim(0, found.start()) if found else line.text


def _office_of(parts: list[str], sight: Sight) -> str:
    """ "ỦY BAN NHÂN DÂN", "TỈNH HẬU GIANG" -> UBND tỉnh Hậu Giang; with an office below it, that one comes first."""
    names = [_capitals_lowered(with_accents(part.lower()) if sight.is_folded else part) for part in parts]
    joined: list[str] = []
    for name in names:
        if joined and re.match(
            r"(?:tỉnh|thành phố|huyện|xã|phường|thị xã|đặc khu|quận|thị trấn)\b", name, re.IGNORECASE
        ):
            joined[-1] = f"{joined[-1]} {name[:1].lower()}{name[1:]}"
        else:
            joined.append(name)
    own = _short(joined[-1])
    above = _short(joined[0]) if len(joined) > 1 else ""
    area = re.search(r"(?:tỉnh|thành phố|huyện|xã|phường)\s.+$", above)
    if own == "Văn phòng" and above:
        return f"{own} {above}"
    return (
        f"{own} {area[0]}"
        if area and area[0] not in own and own.startswith(("Sở", "Ban", "Văn phòng", "Phòng"))
        else own
    )


_SMALL = {
    "và",
    "của",
    "tỉnh",
    "huyện",
    "xã",
    "phường",
    "thành",
    "phố",
    "thị",
    "trấn",
    "nhân",
    "dân",
    "ban",
    "khu",
    "đặc",
    "các",
}


def _capitals_lowered(text: str) -> str:
    """SỞ THÔNG TIN VÀ TRUYỀN THÔNG -> Sở Thông tin và Truyền thông, TỈNH HẬU GIANG -> tỉnh Hậu Giang."""
    text = " ".join(text.split()).lower()
    text = re.sub(r"^(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|uy ban nhan dan)", "UBND", text)
    area = re.search(r"(?:^|\s)(tỉnh|thành phố|tinh|thanh pho|huyện|xã|phường|thị xã|đặc khu)\s+(.+)$", text)
    if area:
        known = province_of(area[2])
        name = known or " ".join(word[:1].upper() + word[1:] for word in area[2].split())
        kind = {"tinh": "tỉnh", "thanh pho": "thành phố"}.get(area[1], area[1])
        before = text[: area.start()].strip()
        return f"{_office_cased(before)} {kind} {name}".strip()
    return _office_cased(text)


def _office_cased(text: str) -> str:
    """First letters as Vietnamese offices write them: the head, and the first word of each field."""
    fields = re.split(r"( và |, | - )", text)
    cased = [part[:1].upper() + part[1:] if place % 2 == 0 else part for place, part in enumerate(fields)]
    whole = "".join(cased)
    head = re.match(r"(Sở|Ban|Văn phòng|Phòng|Trung tâm|Chi cục|Cục|Bộ)\s+(\w)", whole)
    return whole[: head.start(2)] + head[2].upper() + whole[head.end(2) :] if head else whole.replace("Ubnd", "UBND")


def _short(name: str) -> str:
    name = re.sub(r"\s*\((?:UBND|TT&TT|[A-ZĐ&]{2,8})\)", "", " ".join(name.split())).strip(" .,;)")
    return re.sub(r"^(?:Ủy ban nhân dân|Uỷ ban nhân dân|Ủy Ban nhân dân|ỦY BAN NHÂN DÂN)", "UBND", name)


def _with_province(issuer: Found, place: Found) -> Found:
    """ "UBND tỉnh" alone is of the place the letter is dated at."""
    value = issuer.value
    if value in {"UBND tỉnh", "UBND thành phố", "UBND xã", "UBND phường", "UBND huyện"} and place.value:
        return Found(f"{value} {place.value}", issuer.spot, Sureness.LIKELY)
    return issuer


def _issuer_in_the_text(lines: list[HeadLine], place: Found) -> Found | None:
    text = " ".join(line.text for line in lines[:LINES_OF_A_HEAD])
    if not lines:
        return None
    seen = flat(text, lines[0].seen.sight)
    best: Found | None = None
    for found in _ISSUES.all(seen):
        who = seen.verbatim(*found.span("who"))
        at = max(who.rfind(", "), who.rfind("; "))
        who = who[at + 2 :] if at >= 0 and re.match(r"(?:Ủy ban|UBND|Sở|Ban|Văn phòng|Phòng)", who[at + 2 :]) else who
        if len(who.split()) <= 16 and who[:1].isupper():  # noqa: PLR2004 - as long as such a line gets
            best = _with_province(Found(_short(who), Spot(who, lines[0].page, "phần mở đầu"), Sureness.LIKELY), place)
    return best


def _title(head: list[HeadLine], kind: Found, sight: Sight) -> Found:
    """The subject: under the type, or behind "V/v"."""
    has_type = kind.value != "Công văn" and any(kind.value and line.text == kind.spot.quote for line in head)
    for place, line in enumerate(head):
        if _SUBJECT.match(line.seen) and not has_type:
            return _gathered(head[place:], sight, ends=_TO)
    for place, line in enumerate(head):
        if kind.value and line.text == kind.spot.quote and place + 1 < len(head):
            return _gathered(head[place + 1 :], sight, ends=_STARTS_BODY)
    return Found(None, Spot("", 1, "đầu văn bản"), Sureness.UNSURE)


def _gathered(lines: list[HeadLine], sight: Sight, *, ends: Words) -> Found:
    parts: list[str] = []
    for line in lines[:9]:
        is_end = (
            ends.match(line.seen) is not None
            or _TO.match(line.seen) is not None
            or re.fullmatch(r"[-–_*]{3,}", line.text)
        )
        is_office = _AUTHORITY_LINE.match(line.seen) is not None or _KIND_LINE.whole(line.seen.part(0)) is not None
        is_below = (
            bool(parts) and not parts[-1].isupper() and line.text.isupper() and (is_office or line.text[-1] == ":")
        )
        if parts and (is_end or is_below or re.match(r"\[|\(|-{2,}", line.text) or _day_or_nation(line)):
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
    return _PLACE_AND_DAY.search(line.seen) is not None or _NATION.search(line.seen) is not None


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
        for found in Words(
            r"phụ lục(?: (?:số )?(?P<no>[ivx]{1,4}|\d{1,2}))?\b|(?:biểu|bảng)(?: (?:mẫu|phân công|tổng hợp"
            r"|phụ lục))[^.;,()]{0,40}(?=kèm theo)"
        ).all(line.seen):
            name = line.seen.verbatim(*found.span())
            named.setdefault(name.casefold(), Found(name, line.spot))
    return tuple(named.values())


def first_day(header: Header) -> date:
    """What deadlines count from."""
    return header.issued_on.base_on
