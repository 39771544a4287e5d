"""Names of units inside sentences: where a list of them begins, where it ends, and how it falls into single names.

A list begins with a word that heads a unit (sở, UBND, trung tâm, giám đốc …) and ends at the verb that says what
they do, at a colon, or at the end. Commas and "và" part two units only where another head follows: "Sở Thông tin và
Truyền thông" and "UBND huyện, thị xã, thành phố" are one name each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.reading.flat import Flat, Sight, Words, flat
from planner.reading.name_ends import ALL as _ALL
from planner.reading.name_ends import end_of_capitals, end_of_known_name
from planner.reading.verbs import STOPPERS

LONGEST_LIST = 60
"""Words of a list of units; a longer text before its verb is prose."""

LONGEST_NAME = 24

_PERSON_HEADS = (
    r"(?:phó )?giám đốc|thủ trưởng|(?:phó )?chủ tịch|chánh (?:văn phòng|thanh tra|án)|"
    r"trưởng (?:các|ban|phòng|thôn|khu|công an|ấp|bản|đài|trạm|bộ phận|đơn vị|đoàn|ngành|chi)|"
    r"người đứng đầu|bí thư|lãnh đạo(?= (?:các|phòng|sở|ubnd|ủy ban|đơn vị|cơ quan))|"
    r"đồng chí|đ/c|công chức (?:văn hóa|tư pháp|địa chính|văn phòng|tài chính|kế toán)|hiệu trưởng"
    r"|viện trưởng|chỉ huy trưởng|tổ trưởng"
)
_OFFICE_HEADS = (
    r"ubnd|ủy ban nhân dân|ủy ban (?:kiểm tra|bầu cử|dân tộc|chứng khoán)|"
    r"hđnd|hội đồng nhân dân|ubmttq\w*|ubmt\w*|ủy ban mttq|ủy ban mặt trận|mặt trận tổ quốc|mttq|"
    r"sở(?! hữu| thích)|văn phòng(?! phẩm)|vp|trung tâm|công an|bộ chỉ huy|bộ đội|ban chỉ huy|quân sự|"
    r"thanh tra(?! viên|,? (?:và )?(?:kiểm tra|giám sát|xử lý)| việc| công tác| đột xuất| trách nhiệm)|"
    r"kho bạc|chi cục|cục|thuế (?:tỉnh|thành|cơ sở|huyện|xã|khu)|bảo hiểm xã hội|bhxh|"
    r"ngân hàng|đài (?:phát|truyền|pt|khí)|báo(?= và |(?: [^\W\d_]+){1,3}(?:[,;.:]|$| và | đẩy| đăng"
    r"| tuyên| phối| tăng| mở| xây| thực| phản| chủ| tiếp| dành| duy| bố))"
    r"(?! cáo| hiệu| động| chí)|cổng thông tin điện tử(?= tỉnh| xã| thành)|"
    r"bưu điện|viễn thông|điện lực|công ty|tập đoàn|trường(?! hợp| kỳ)|nhà trường|"
    r"bệnh viện|trạm y tế|trạm|tòa án|viện kiểm sát|vksnd|tand|hội(?! nghị| họp| thảo| viên| đồng| nhập| tụ| chợ)|"
    r"hội đồng(?! nhân)|liên đoàn|liên minh|liên hiệp|đoàn (?:thanh niên|tncs|xã|phường|thể|đại biểu|kiểm)|"
    r"(?:tỉnh|thành|huyện|thị|quận|xã|phường) đoàn(?! kết)|tỉnh ủy|thành ủy|huyện ủy|đảng ủy|"
    r"ban(?! hành| đầu| ngày| bố| đêm| hàng)|"
    r"tổ (?:công|dân|giúp|biên|đề án|thẩm|tư vấn|thường|chuyên|liên|kiểm|giám|hỗ trợ|phản ứng|an ninh"
    r"|bảo vệ)\w*|bộ phận|xí nghiệp|nhà máy|phân xưởng|đội (?:quản lý|kiểm|thuế|cảnh|thi|y tế)"
    r"|đoàn (?:công tác|giám sát|thanh tra)"
    r"|tiểu ban|khoa(?! học| giáo)|phòng(?!,? (?:chống|ngừa|cháy|bệnh|dịch|thủ|trừ|tránh|hộ|họp))|"
    r"cơ quan|đơn vị(?! tính)|địa phương(?! hóa)|ngành(?! nghề)|cấp ủy|chi bộ|hợp tác xã|doanh nghiệp nhà nước|"
    r"tổ chức chính trị|tổ chức đoàn thể|đoàn thể|hạt kiểm lâm|đồn biên phòng|công đoàn|học viện|viện(?! dẫn| trợ)|quỹ|"
    r"điểm phục vụ|bộ (?:nội vụ|tài chính|tư pháp|xây dựng|y tế|công thương|công an|quốc phòng|khoa học|giáo dục"
    r"|nông nghiệp|văn hóa|ngoại giao|dân tộc|thông tin|kế hoạch|tài nguyên|giao thông|lao động)|nhóm công tác"
    r"|chủ (?:đầu tư|dự án|hồ|đập|rừng|phương tiện)|nhà thầu|vnpt|viettel|mobifone|vụ(?! việc| án| mùa| đông| xuân)"
    r"|trung ương (?:đoàn|hội)|ban (?:thường vụ|thường trực)|thường trực|thành viên (?:ban|tổ|hội|ubnd|ủy ban)"
    r"|ủy viên (?:ban|ubnd|ủy ban)|kế toán"
    r"|văn thư|thủ quỹ|phó thủ tướng|(?:bộ|thứ) trưởng|tổng giám đốc|tổng cục"
    r"|thông tấn xã|lực lượng (?:công an|quân|dân quân|biên phòng|kiểm lâm)|hiệp hội"
)
_PLACE_HEADS = (
    r"xã(?! hội)|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|thôn|ấp|khu phố|tổ dân phố|khu dân cư|bản"
)
_ORDER = (
    r"(?:(?:kính )?đề nghị|giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|yêu cầu|phân công|ủy quyền(?: cho)?|"
    r"chỉ đạo|đồng ý giao|thống nhất giao|nhất trí giao|đồng thời,? giao|tiếp tục giao)"
)

HEAD = Words(rf"{_ALL}(?:{_PERSON_HEADS}|{_OFFICE_HEADS})(?![^\W\d_])")
PLACES = Words(rf"(?:tất cả|các|toàn bộ) (?:các )?(?:{_PLACE_HEADS})\b")
ORDER = Words(rf"{_ORDER}\b:? ?")
REQUEST = Words(r"(?:kính )?đề nghị\b")
_ABOUT = Words(
    r"(?:đối với|trách nhiệm (?:của|thực hiện của)|nhiệm vụ của|riêng(?: đối với)?|về phía|phân công)(?: các)?:? "
)
_SPLIT = Words(r"\s*;\s*(?:và )?|\s*,\s*(?:và )?|\s+và\s+|\s+cùng(?: với)?\s+|\s*/\s*(?=sở|phòng|ubnd)")
_ONE_OFFICE = Words(
    r"(?:văn phòng |vp )?(?:thường trực )?(?:đảng ủy|hđnd|hội đồng nhân dân|đoàn đbqh)"
    r"(?: (?:xã|phường|tỉnh|huyện|thành phố))?,?(?: và|,|-) (?=ubnd|ủy ban nhân dân|hđnd)"
)
_JOINED_HEAD = Words(r"(?:ban|ngành|đơn vị|địa phương|cơ quan|đoàn thể|phòng|tổ chức|doanh nghiệp)(?![^\W\d_])")
_SHARED_HEAD = Words(
    r"(?P<person>(?:giám đốc|thủ trưởng|trưởng) )?(?:các )?(?P<head>sở|phòng|ban)(?:, ban(?:, ngành)?(?: tỉnh)?)?\s*: ?"
)
_BULLET = re.compile(r"(?:^|(?<=[;.,\s]))[-–+•]\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class UnitList:
    """Danh sách đơn vị trong câu: the names as written, and where the list ends in the text seen."""

    names: tuple[str, ...]
    start: int
    end: int
    is_request: bool = False
    is_ordered: bool = False
    has_verb: bool = False


def starts_with_unit(text: Flat, at: int = 0) -> bool:
    """Whether a name of a unit begins here."""
    return HEAD.match(text, at) is not None or PLACES.match(text, at) is not None or _is_ministry(text, at)


def _is_ministry(text: Flat, at: int) -> bool:
    return text.seen.startswith(("bộ ", "bo "), at) and text.is_capital(at) and text.is_capital(at + 3)


def leading_units(text: Flat, at: int = 0, *, needs_verb: bool = False) -> UnitList | None:
    """The list of units that stands at `at`, with or without "Giao", "Đề nghị" before it."""
    start = at
    is_request = is_ordered = False
    if at == 0 and (about := _ABOUT.match(text)):
        start = about.end()
    if order := ORDER.match(text, start):
        is_request = REQUEST.match(text, start) is not None
        is_ordered = True
        start = order.end()
    if not starts_with_unit(text, start):
        return None
    end, has_verb = _end_of_list(text, start)
    if (needs_verb and not has_verb) or len(text.seen[start:end].split()) > LONGEST_LIST:
        return None
    names = tuple(split_units(text.part(start, end)))
    if not names:
        return None
    return UnitList(names, at, end, is_request, is_ordered, has_verb)


def _end_of_list(text: Flat, start: int) -> tuple[int, bool]:
    """Where the list ends, and whether a verb ended it."""
    stop, is_verb = _first_stop(text, start)
    begins = [start, *(found.end() for found in _SPLIT.all(text) if start < found.end() < stop)]
    known = (end_of_known_name(text, at) for at in begins)
    ends = [end for end in (*known, end_of_capitals(text, start, stop)) if end is not None and end < stop]
    nearest = min(ends, default=None)
    return (stop, is_verb) if nearest is None else (nearest, True)


def _first_stop(text: Flat, start: int) -> tuple[int, bool]:
    """The first verb, colon or full stop outside brackets, else the end."""
    depth = 0
    for found in STOPPERS.all(text):
        if found.start() < start:
            continue
        mark = found[0][0]
        if mark in "()":
            depth += 1 if mark == "(" else -1
        elif depth > 0:
            continue
        elif mark in ":.":
            if not _is_shared_head_colon(text, start, found.start()) and not _is_abbreviation(text, found.start()):
                return found.start(), False
        elif _is_verb_here(text, start, found.start()):
            return found.start(), True
    return len(text.seen), False


def _is_abbreviation(text: Flat, at: int) -> bool:
    """ "TT. UBND tỉnh": a point inside an abbreviation."""
    return text.seen[at] == "." and at >= 2 and text.is_capital(at - 1)  # noqa: PLR2004 - as long as such a name gets


def _is_shared_head_colon(text: Flat, start: int, colon: int) -> bool:
    """ "Giám đốc các Sở: Tài chính, Nội vụ": the list goes on behind this colon."""
    before = text.part(start, colon + 1)
    return any(found.end() >= len(before.seen) for found in _SHARED_HEAD.all(before)) and text.is_capital(colon + 2)


_NAME_SO_FAR = Words(
    r"(?:.*(?:^|[,;] |\bvà |\bcác ))?(?:trung tâm|ban|tổ|hội|bộ phận|đoàn|đội|tiểu ban|ủy ban)$"
    r"|.*\b(?:các|chủ|đầu tư|dự án|cá nhân|mọi|phát triển)$"
)
_NAME_GOES_ON = Words(r"\w+ \w+ (?:tỉnh|huyện|thành phố|xã|phường|chính trị|đoàn thể|xã hội|cơ bản|công trình)\b")


def _is_verb_here(text: Flat, start: int, at: int) -> bool:
    """A word of the list of verbs is one only in small letters, and not inside a name: "các tổ chức chính trị"."""
    if (at > 0 and text.seen[at - 1] not in " ,;") or text.is_capital(at):
        return False
    before = text.part(start, at)
    is_inside_a_name = _NAME_SO_FAR.match(before) or _NAME_GOES_ON.match(text, at)
    return bool(before.seen.strip(" ,;")) and not is_inside_a_name


def split_units(text: Flat) -> list[str]:
    """The single names in a list of units or in a cell of a table, as written."""
    names: list[str] = []
    for line in _bulleted(text):
        names += _names_in(line)
    return list(dict.fromkeys(name for name in names if name))


def _bulleted(text: Flat) -> Iterator[Flat]:
    """The parts of a cell that stand behind dashes of their own; the dash inside a name is of another make."""
    first = _BULLET.match(text.seen)
    if first is None:
        yield text
        return
    dash = text.text[text.starts[first.start()]]
    cuts = [found for found in _BULLET.finditer(text.seen) if _is_bullet(text, found, dash)]
    for place, found in enumerate(cuts):
        end = cuts[place + 1].start() if place + 1 < len(cuts) else len(text.seen)
        yield text.part(found.end(), end)


def _is_bullet(text: Flat, found: re.Match[str], dash: str) -> bool:
    is_same_dash = text.text[text.starts[found.start()]] == dash
    is_name = starts_with_unit(text, found.end()) or found.start() == 0
    is_second_half = re.search(r"(?:bưu chính|buu chinh)\s*$", text.seen[: found.start()]) is not None
    return is_same_dash and is_name and not is_second_half


def _names_in(text: Flat) -> list[str]:
    cuts, start = [], 0
    kept = [found.span() for found in _ONE_OFFICE.all(text)]
    for found in _SPLIT.all(text):
        is_kept = any(first <= found.start() and found.end() <= last for first, last in kept)
        if is_kept or _in_brackets(text, found.start()):
            continue
        if ";" in found[0] or _begins_another(text, found):
            cuts.append(text.part(start, found.start()))
            start = found.end()
    cuts.append(text.part(start))
    return [name for cut in cuts for name in _single_names(cut)]


def _single_names(text: Flat) -> list[str]:
    shared = _SHARED_HEAD.match(text)
    return _names_under_one_head(text, shared) if shared and text.is_capital(shared.end()) else [_tidy_name(text)]


def _in_brackets(text: Flat, at: int) -> bool:
    before = text.seen[:at]
    return before.count("(") > before.count(")")


def _begins_another(text: Flat, found: re.Match[str]) -> bool:
    """After a comma or "và": another unit, or another word of the same name."""
    at = found.end()
    if not starts_with_unit(text, at):
        return False
    if _JOINED_HEAD.match(text, at) is None:
        return True
    # "các sở, ban, ngành" is one name; "Sở Y tế, Phòng Kinh tế" is two
    second = text.seen.find(" ", at) + 1
    return text.is_capital(at) and second > 0 and text.is_capital(second)


def _names_under_one_head(text: Flat, shared: re.Match[str]) -> list[str]:
    """ "Các Sở: Tài chính, Nội vụ" names Sở Tài chính and Sở Nội vụ."""
    rest = text.part(shared.end())
    head = {"phòng": "Phòng", "phong": "Phòng", "ban": "Ban"}.get(shared["head"], "Sở")
    if shared["person"]:
        head = f"{_person_of(text, shared)} {head}"
    names, parts = [], re.split(r"\s*;\s*", rest.verbatim(0)) if ";" in rest.seen else _fields(rest.verbatim(0))
    for part in parts:
        part_flat = flat(part, text.sight)
        names += [_tidy_name(part_flat)] if starts_with_unit(part_flat) else [f"{head} {part.strip(' .,')}"]
    return names


def _person_of(text: Flat, shared: re.Match[str]) -> str:
    """The head of persons before a shared head: "Giám đốc" of "Giám đốc các Sở: …"."""
    return text.verbatim(shared.start("person"), shared.end("person"))


_FIELD_OF_TWO = re.compile(r"(?:Văn hóa, Thể thao(?: và Du lịch)?|Lao động, Thương binh và Xã hội)", re.IGNORECASE)


def _fields(text: str) -> list[str]:
    """ "Tài chính, Văn hóa, Thể thao và Du lịch, Nội vụ và Tư pháp": a known name keeps its own comma."""
    kept = _FIELD_OF_TWO.sub(lambda found: found[0].replace(", ", "¸").replace(" và ", "¨"), text)
    parts = re.split(r"\s*,\s*(?:và )?", kept)
    last = parts.pop()
    halves = last.rsplit(" và ", 1)
    is_pair = (
        len(halves) == 2  # noqa: PLR2004 - as long as such a name gets
        and parts
        and not re.match(
            r"(?:Truyền thông|Đào tạo|Môi trường|Công nghệ|Đầu tư|Du lịch|Xã hội|Tôn giáo|Phát triển|Đô thị)", halves[1]
        )
    )
    parts += halves if is_pair else [last]
    return [part.replace("¸", ", ").replace("¨", " và ").strip() for part in parts if part.strip()]


_TAIL = re.compile(r"[\s.;,:/\-–]+$")
_HEAD_DASH = re.compile(r"^[\s\-–+•.;,:]+")
_BASIS = re.compile(r"\s*\((?:theo|căn cứ|thực hiện|qua|để|tại|trên|trong|nếu|kèm|Theo|Căn cứ)\b[^()]*\)?")


def _tidy_name(text: Flat) -> str:
    """One name without bullets, stops and the document it rests on."""
    name = _BASIS.sub("", text.verbatim(0))
    name = _TAIL.sub("", _HEAD_DASH.sub("", name))
    return name if len(name.split()) <= LONGEST_NAME else ""


def unit_names(text: str, sight: Sight) -> list[str]:
    """The units named in a cell or after a label, as written; empty where it names none."""
    seen = flat(text, sight)
    names = split_units(seen)
    return [name for name in names if _looks_like_unit(name, sight)]


_SHORT_HEAD = Words(r"(?:xã|phường|thôn|huyện|ban|phòng|sở|vp|tt|hội|đoàn|tổ|trường|chi|bch|cc)\b")


def _looks_like_unit(name: str, sight: Sight) -> bool:
    seen = flat(name, sight)
    is_name = starts_with_unit(seen) or _SHORT_HEAD.match(seen) is not None
    return is_name or (name[:1].isupper() and len(name.split()) <= 8)  # noqa: PLR2004 - as long as such a name gets
