"""How much is done: percentages and parts. A figure about anything else ("100% hồ sơ đúng hạn") is left alone."""

import re
from dataclasses import dataclass

from bot.conversation.meaning_clauses import Clause

FULL = 100

_PARTS = (
    r"(?:@thing|xa|phuong|huyen|thi tran|thi xa|don vi|chi tieu|chi so|tieu chi|noi dung|muc|phan|khoi luong"
    r"|cong viec|nhiem vu"
    r"|viec|dau viec|phong|ban|so|truong|ap|thon|khu|to|buoc|khau|hang muc|bao cao|ke hoach|quang"
    r" duong|chang|tram|co so"
    r"|du an|cong trinh|doanh nghiep|lop|bieu|mau|ho)"
)
_OF_THE_WORK = (
    r"(?:@thing|khoi luong|cong viec|viec|ke hoach|noi dung|nhiem vu|bao cao|tien do|du thao|phan viec|dau viec"
    r"|yeu cau|roi"
    r"|thoi|chi|nua|nữa|ma|la|con|dang|chua|mai|se|thi|va|voi|trong|den|vao|@me|@you|@ask|ok|xong|thang|nay|hom|do|cua"
    r"|hoan|van|tuan|@like|@tick|dung|theo|so|nho|giup|bao|gui)"
)
_BEFORE = (
    r"(?:^|(?<!\S)(?:duoc|dat|xong|thanh|lam|khoang|tam|co|hon|gan|tren|toi|den|do|tien do|co ban|moi|da|dang|la|chung"
    r"|uoc|hien|nay|tai|roi|khai|hien|xu ly|ly|viet|hop|moi|va|o|muc|con|thieu|@me|@you|ok|thi|cung|tong|chinh|soat"
    r"|nhap|len|them|hoan|luong|viec|vu|dung|soan|thao|du|cao|lieu|lai|chac)) ?$"
)
_OTHER = re.compile(
    r"(?<!\S)(?:tang|giảm|giam|tăng|ty le|ti le|so voi|giai ngan|vuot|dung han|cung kỳ|cung ky|thu"
    r" chi|ngan sach|lai suat)"
    r"(?!\S)"
)
_HALF = re.compile(
    r"^nua(?= (?:roi|viec|cong viec|khoi luong))"
    r"|(?<!\S)(?:(?:mot|1) (?:nửa|nua|phan hai)|phan nua|phan nửa|(?:hon |gan |qua |duoc |xong )nửa"
    r"|nửa(?= (?:roi|viec|cong viec|khoi luong|ke hoach|thoi|@you|so|noi dung|nhiem vu|bao cao|chang)|$)|(?:duoc"
    r"|xong|gan|hon|qua) nua|hon nua|qua nua)"
    r"(?!\S)(?! (?:duong|chang|chung|thang|tuan|ngay|nam|buoi|tieng|dem)(?!\S))"
)
_NOT_YET = re.compile(r"(?<!\S)(?:chua|khong|chang)(?!\S)")
_IN_WORDS = re.compile(
    r"(?<!\S)(?<!phan )(?P<a>\d{1,4}|mot|hai|ba|bon|nam|sau|sáu|bay|tam|chin|muoi) (?:phan|tren|trong"
    r"|trong so) (?P<b>\d{1,4}|hai"
    r"|ba|bon|tu|nam|muoi)(?!\S)"
)
_COUNT = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "sau": 6,
    "sáu": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}
_LEFT_OVER = re.compile(r"(?<!\S)(?:con|thieu)(?: (?:lai|thieu|khoang|tam|co|chung|do))* ?$")
_DAY_BEFORE = re.compile(r"(?<!\S)(?:ngay|den|truoc|sang|hom|tu|vao|thu|nhat|mung|thang|lui|han|qua|hen|toi) ?$")
_SHARE_BEFORE = re.compile(r"(?<!\S)(?:duoc|dat|lam|khoang|tam|moi|xong|thanh|hoan|hien|gan|hon|con|o|co|da) ?$")
_AFTER_A_DAY = (
    r"(?:@\S+|em|la|thi|se|da|moi|xong|gui|nop|bao|trinh|hoan|lam|roi|nay|toi|sap|vua|qua|duoc|den|vi"
    r"|do|ma|va|nhe|can|phai"
    r"|co|khong|chua|nam|hoac|hay|sang|chieu|het|voi|giup|cham|ky|lai|theo|cho|dang|nhung|truoc|sau|thang|cung|luc|ben"
    r"|ngay|ban|xin|kem|van|tra|cong|hom|vao|o|tai|gio|khi|chac|kip|de|con|ca|ok|phat)"
)
"""What may stand after a day; a noun after "9/12" says what is being counted."""
_LARGEST_SURE_SHARE = 4
_MONTHS = 12
_DAYS = 31


@dataclass(frozen=True, slots=True)
class Amount:
    """Phần đã làm. `percent` is None where a part is spoken of without a figure that can be trusted."""

    percent: int | None
    why: str
    is_sure: bool = True


def amount_of(clause: Clause) -> Amount | None:
    """The one amount of this clause, or None; two that disagree give an amount without a figure."""
    found = _amounts(clause)
    if not found:
        return None
    percents = {amount.percent for amount in found}
    if len(percents) == 1:
        return found[0]
    known = percents - {None}
    if len(known) == 1:
        return next(amount for amount in found if amount.percent is not None)
    return Amount(None, "hai con số khác nhau", is_sure=False)


def _amounts(clause: Clause) -> list[Amount]:
    if _OTHER.search(clause.said):
        return []
    found = [amount for place in range(len(clause.words)) if (amount := _at(clause, place)) is not None]
    for match in _IN_WORDS.finditer(clause.said):
        top, bottom = _number(match["a"]), _number(match["b"])
        if 0 < top <= bottom:
            found.append(_part(top, bottom, clause.said[: match.start()]))
    half = _HALF.search(clause.said)
    if half and not _NOT_YET.search(clause.said[: half.end()]):
        found.append(Amount(50, "một nửa"))
    return found


def _at(clause: Clause, place: int) -> Amount | None:
    word = clause.words[place]
    if word.plain == "@pct":
        return _percent(clause, place)
    if word.plain == "@range":
        return Amount(None, f"một khoảng: {word.value}", is_sure=False)
    return _share(clause, place) if word.plain == "@frac" else None


def _around(clause: Clause, place: int) -> tuple[str, str]:
    plain = [word.plain for word in clause.words]
    return " ".join(plain[:place]), " ".join(plain[place + 1 :])


def _percent(clause: Clause, place: int) -> Amount | None:
    before, after = _around(clause, place)
    figure = re.match(r"(\d+)(?:[.,](\d))?", clause.words[place].value)
    assert figure is not None
    percent = int(figure[1]) + (1 if figure[2] and int(figure[2]) >= 5 else 0)  # noqa: PLR2004 - rounding half up
    if percent > FULL:
        return None
    if after and not re.match(rf"{_OF_THE_WORK}(?!\S)", after):
        return None
    if not re.search(_BEFORE, before):
        return None
    if re.search(r"(?<!\S)chua (?:toi|den|duoc|dat|day|noi)(?: \S+)? ?$", before):
        return Amount(None, f"chưa tới {percent}%", is_sure=False)
    if _LEFT_OVER.search(before):
        return Amount(FULL - percent, f"còn {percent}%")
    return Amount(percent, f"{percent}%")


def _share(clause: Clause, place: int) -> Amount | None:  # noqa: PLR0911 -- one return a reading
    """ "3/4 xã", "được 2/3", "12/16": nothing that may be a day, unless what stands beside it says so."""
    word = clause.words[place]
    if word.plain != "@frac" or "/" not in word.value:
        return None
    top, bottom = (int(each) for each in re.findall(r"\d+", word.value))
    if bottom == 0 or top > bottom:
        return None
    before, after = _around(clause, place)
    if re.match(rf"{_PARTS}(?!\S)", after):
        return _part(top, bottom, before)
    if _DAY_BEFORE.search(before):
        return None
    if after and not re.match(rf"{_AFTER_A_DAY}(?!\S)", after):
        return _part(top, bottom, before)
    may_be_day = bottom <= _MONTHS and top <= _DAYS
    if not may_be_day or (bottom <= _LARGEST_SURE_SHARE and _SHARE_BEFORE.search(before)):
        return _part(top, bottom, before)
    if bottom <= _LARGEST_SURE_SHARE and top < bottom and not before and re.fullmatch(r"roi(?: @you)*", after):
        return _part(top, bottom, before)
    if re.search(r"(?<!\S)(?:duoc|dat|lam duoc) ?$", before):
        return _part(top, bottom, before)
    if bottom <= _LARGEST_SURE_SHARE and not before and not after:
        return Amount(round(top * FULL / bottom), f"{word.value}, có thể là một ngày", is_sure=False)
    return None


def _part(top: int, bottom: int, before: str) -> Amount:
    percent = (top * FULL * 2 + bottom) // (bottom * 2)
    if percent == FULL and top < bottom:
        percent = FULL - 1
    if _LEFT_OVER.search(before):
        percent = FULL - percent
    return Amount(percent, f"{top}/{bottom}")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _COUNT[text]
