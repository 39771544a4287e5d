"""Where the name of a unit ends before a verb of no list: names every reader knows, abbreviations, places."""

import re
from itertools import pairwise

from planner.reading.flat import Flat, Words

ALL = r"(?:(?:tất cả|toàn thể|toàn bộ|từng|mỗi|cả) )?(?:(?:các|những) )?"

_FIELDS_OF_OFFICES = (
    r"(?:nội vụ|tài chính(?: - kế hoạch)?+|tư pháp|xây dựng|y tế|công thương|ngoại vụ|du lịch|dân tộc(?: và tôn giáo)?+"
    r"|khoa học và công nghệ|giáo dục và đào tạo|kế hoạch và đầu tư|giao thông vận tải|tài nguyên và môi trường"
    r"|nông nghiệp và môi trường|nông nghiệp và phát triển nông thôn|văn hóa,? thể thao(?: và du lịch)?+"
    r"|lao động ?[-,]? ?thương binh và xã hội|thông tin và truyền thông|văn hóa(?: - xã hội| và thông tin"
    r"|, khoa học và thông tin)|kinh tế(?: - hạ tầng|, hạ tầng và đô thị| và hạ tầng)?+|quản lý đô thị)"
)
_AREA = r"(?: (?:tỉnh|thành phố|huyện|xã|phường|thị xã|cấp (?:tỉnh|huyện|xã)))?+"
_KNOWN_NAME = Words(
    rf"{ALL}(?:(?:(?:giám đốc|trưởng) )?+(?:sở|phòng) {_FIELDS_OF_OFFICES}{_AREA}"
    r"|(?:chủ tịch )?+(?:ubnd|ủy ban nhân dân)(?: các| cấp)?+ (?:tỉnh|huyện|xã|phường)(?:, (?:thị xã"
    r"|thành phố|phường|thị trấn|đặc khu|xã))*+"
    rf"|văn phòng (?:hđnd và )?+ubnd{_AREA}|(?:công an|thanh tra|bộ chỉ huy quân sự"
    r"|ban chỉ huy quân sự) (?:tỉnh|xã|phường|huyện)"
    r"|trung tâm phục vụ hành chính công(?: tỉnh| xã| phường)?+"
    r"|cơ quan, đơn vị(?:, địa phương)?+(?: (?:có )?+liên quan)?+)(?= [^\W\d_])"
)


def end_of_known_name(text: Flat, start: int) -> int | None:
    """The end of a name that every reader knows, where a word in small letters goes on behind it.

    For verbs that are in no list: "Sở Xây dựng nạo vét …".
    """
    found = _KNOWN_NAME.match(text, start)
    if found is None or text.is_capital(found.end() + 1):
        return None
    goes_on = re.match(
        r" (?:và|va|thuộc|thuoc|trực|truc|của|cua|có|co|liên|lien|trên|tren|tại|tai|các|cac)\b",
        text.seen[found.end() :],
    )
    return None if goes_on else found.end()


_GOES_ON = """
và của các thuộc trực có liên trên tại cấp tỉnh huyện xã phường thị thành quận đặc ban sở ngành cơ đơn địa khu vực hoặc
cùng với là đã được phụ ở nơi chuyên công
"""
_WORDS_OF_A_NAME = frozenset(_GOES_ON.split())
"""In small letters behind a name in capitals these go on with it."""


def end_of_capitals(text: Flat, start: int, stop: int) -> int | None:
    """The end of a name closed by an abbreviation: "Các Sở GDĐT in giấy báo", "UBND xã Hòa Lợi dựng rạp".

    For verbs that are in no list: behind capital letters, or behind the proper name of a place, a word in small
    letters that does not go on with a name is what they do.
    """
    if text.sight.is_folded:
        return None
    words = [found.span() for found in re.finditer(r"[^\s]+", text.seen[start:stop])]
    is_place = False
    for (first, last), (next_first, _next_last) in pairwise(words):
        word = text.verbatim(start + first, start + last)
        if word in _AREAS:
            is_place = True
            continue
        is_short = len(word) > 1 and word.isalpha() and word.isupper() and word not in _BODIES
        behind = start + next_first
        following = text.seen[behind:stop].split(" ", 1)[0]
        is_closed = is_short or (is_place and word[:1].isupper() and word.isalpha())
        goes_on = text.is_capital(behind) or not following.isalpha() or following in _WORDS_OF_A_NAME
        if is_closed and not goes_on:
            return start + last
        is_place = is_place and word[:1].isupper() and word.isalpha()
    return None


_AREAS = frozenset(["tỉnh", "huyện", "xã", "phường", "quận", "thôn", "ấp"])
_BODIES = frozenset(["UBND", "HĐND", "MTTQ", "UBMTTQ", "BCH", "BCĐ", "BQL", "VP", "TT", "CCB", "LĐLĐ"])
