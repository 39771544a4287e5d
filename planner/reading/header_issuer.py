"""Who issued a letter: the capitals at its top left, what an annex repeats, or what its opening sentence says."""

import re
from dataclasses import dataclass, replace

from planner.folding import fold
from planner.reading.draft import Found, Spot, Sureness
from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.header_lines import KIND_LINE, LINES_OF_A_HEAD, NATION, NUMBER, PLACE_AND_DAY, HeadLine
from planner.reading.mending import with_accents
from planner.reading.places import province_of

_ISSUES = Words(
    r"(?P<who>(?:ubnd|ủy ban nhân dân|sở|ban|văn phòng|phòng|trung tâm|đảng ủy"
    r"|hội đồng)[^.;:]{0,90}?) (?:ban hành|xây dựng|triển khai|đề ra) (?:kế hoạch|chương trình|hướng dẫn"
    r"|chỉ thị|quyết định|phương án|đề án)"
)
_OFFICE_LINE = Words(
    r"(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|sở|ban|tỉnh|thành phố|huyện|xã|phường|thị xã|đặc khu"
    r"|thủ tướng|chính phủ|tổng cục|học viện|viện|thanh tra|kho bạc|bảo hiểm|liên đoàn|hội|ủy ban|tỉnh đoàn|chi nhánh"
    r"|văn phòng|phòng|trung tâm|bộ|cục|chi cục|đảng ủy|tỉnh ủy|hđnd|công an|trường|bệnh viện)\b"
)
_NATION_MISREAD = Words(r"c[oôộ]ng h[oòóõỏ]a x[aãá] h[oộô]i.*|đ[oộ]c l[aậâ]p ?[-–] ?t.*")
_BARE_AREAS = {
    "tinh": "tỉnh", "thanh pho": "thành phố", "huyen": "huyện", "quan": "quận", "thi xa": "thị xã", "xa": "xã",
    "phuong": "phường", "thi tran": "thị trấn", "dac khu": "đặc khu",
}  # fmt: skip
_ATTACHED = Words(
    r"\((?:ban hành )?kèm theo (?:kế hoạch|quyết định|công văn|chương trình|hướng dẫn|thông báo|chỉ thị"
    r"|phương án) ?(?:số)?[: ]*(?P<number>\d*[^()]{0,30}?)[, ]*(?:ngày"
    r"|ngay)(?P<day>[^()]{0,40}?)(?:,? ?của (?P<who>[^()]{3,90}))?\)"
)


_SAYS_ATTACHED = Words(r"\( ?(?:ban hành|kèm|$)")


@dataclass(frozen=True, slots=True)
class Attached:
    """ "(Kèm theo Kế hoạch số … ngày … của …)" on an annex: the head once more."""

    number: str | None
    day: Spot
    who: str | None
    quote: str


LINES_OF_AN_ATTACHMENT = 8
"""The brackets below the name of an annex are wrapped over fewer lines."""


def attached_head(lines: list[HeadLine], sight: Sight) -> Attached | None:
    for place, line in enumerate(lines):
        if "(" not in line.text:
            continue
        near = " ".join(each.text for each in lines[place : place + LINES_OF_AN_ATTACHMENT])
        attached = _attached_in(near[line.text.index("(") :], sight) if _SAYS_ATTACHED.search(line.seen) else None
        if attached is not None:
            return attached
    return None


def _attached_in(near: str, sight: Sight) -> Attached | None:
    seen = flat(near, sight)
    for found in _ATTACHED.all(seen):
        number = seen.verbatim(*found.span("number")).strip(" ,.")
        who = seen.verbatim(*found.span("who")) if found["who"] else None
        full = re.match(r"\d{1,5}\S*/\S+", number.replace(" ", ""))
        return Attached(
            full[0] if full else None, Spot(_from_the_day(seen, found), 1, "phụ lục"), who, seen.verbatim(*found.span())
        )
    return None


def _from_the_day(seen: Flat, found: re.Match[str]) -> str:
    """ "ngày 09 tháng 12 năm 2022", past the days of other papers in the same brackets."""
    start = seen.seen.rfind(
        seen.seen[found.start("day") - 4 : found.start("day")].strip() or "ng", 0, found.start("day")
    )
    return seen.verbatim(max(start, found.start()), found.end("day"))


def issuer_of(
    head: list[HeadLine], lines: list[HeadLine], place: Found, attached: Attached | None, sight: Sight
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
        if NUMBER.match(text) or PLACE_AND_DAY.search(line.seen) or KIND_LINE.whole(line.seen):
            break
        if text and text.upper() == text and _OFFICE_LINE.match(flat(text, sight)):
            parts.append(HeadLine(text, line.page, flat(text, sight)))
    if not parts:
        return None
    return Found(
        _office_of([part.text for part in parts], sight),
        Spot(parts[0].text, parts[0].page, "đầu văn bản"),
        Sureness.LIKELY if sight.is_folded else Sureness.SURE,
    )


def _without_nation(line: HeadLine) -> str:
    """The line's own half: two columns of a head often end up on one line."""
    found = NATION.search(line.seen)
    if found is None:
        found = _NATION_MISREAD.search(line.seen)
    return line.seen.verbatim(0, found.start()) if found else line.text


def _office_of(parts: list[str], sight: Sight) -> str:
    """ "ỦY BAN NHÂN DÂN", "TỈNH HẬU GIANG" -> UBND tỉnh Hậu Giang; with an office below it, that one comes first."""
    names = [_capitals_lowered(with_accents(part.lower()) if sight.is_folded else part) for part in parts]
    joined: list[str] = []
    for name in names:
        if joined and re.match(
            rf"(?:tỉnh|thành phố|huyện|xã|phường|thị xã|đặc khu|quận|thị trấn|{'|'.join(_BARE_AREAS)})\b",
            name,
            re.IGNORECASE,
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


def _capitals_lowered(text: str) -> str:
    """SỞ THÔNG TIN VÀ TRUYỀN THÔNG -> Sở Thông tin và Truyền thông, TỈNH HẬU GIANG -> tỉnh Hậu Giang."""
    text = " ".join(text.split()).lower()
    text = re.sub(r"^(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|uy ban nhan dan)", "UBND", text)
    area = re.search(
        rf"(?:^|\s)(tỉnh|thành phố|huyện|quận|thị trấn|xã|phường|thị xã|đặc khu|{'|'.join(_BARE_AREAS)})\s+(.+)$", text
    )
    if area:
        known = province_of(area[2])
        name = known or " ".join(word[:1].upper() + word[1:] for word in area[2].split())
        kind = _BARE_AREAS.get(area[1], area[1])
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
    if value and place.value and issuer.sureness is not Sureness.SURE and fold(value).endswith(fold(place.value)):
        return replace(issuer, value=value[: -len(place.value)] + place.value)
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
