"""A message cut into clauses: where one thing said ends and the next begins, and which assignment it is about."""
# ruff: noqa: SIM905 - a list of words reads as words

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.conversation.meaning_names import with_names
from bot.conversation.meaning_neighbours import with_neighbours
from bot.conversation.meaning_numbers import with_figures
from bot.conversation.meaning_words import ASK, BREAK, ME, YOU, Word


@dataclass(frozen=True, slots=True)
class Clause:
    """Một vế câu. `said` is its plain words; `is_reason` after "vì", "do"; `is_asked` when a "?" closes it."""

    words: tuple[Word, ...]
    said: str
    is_reason: bool = False
    is_asked: bool = False
    numbers: tuple[int, ...] = ()

    @property
    def asking(self) -> str:
        """Plain words with days and clock times written out again; a share of something ("3/4 xã") is no day."""
        return " ".join(_written(word) for word in self.words)


def _written(word: Word) -> str:
    return word.value.lower() if word.plain in {"@date", "@frac", "@clock"} else word.plain


LONGEST_CLAUSE = 40
"""Words; a longer breath is cut there, so that time grows with the text, and its "xong" is never acted upon."""

_OWNERS = frozenset("ben phong chung so xa huyen quan doi to truong nha khoa tinh phuong ubnd cong".split())
_CONTRAST = frozenset("nhung nen".split())
_NOT_A_REASON = {
    "vi": (
        frozenset("don nghi quan dinh vo pham dia hanh chuc bai thu".split()),
        frozenset("tri du pham tinh dai".split()),
    ),
    "do": (
        frozenset(
            [
                *"nay tien muc che trinh cap toc viec cai luc sau hom truoc bo ban so nhiet".split(),
                *"trong tu ngay bao xong ben den".split(),
            ]
        ),
        frozenset("thi a".split()),
    ),
}
_BEGINS_A_PART = frozenset("phan lai muc noi thieu may xa cac vuong cho wait mot 1 2 3 4 5".split())
_NOT_BEFORE_REST = frozenset("van khong chua da chi se thi cung".split())
_UNIT_NOUNS = (
    r"(?:ngay|tuan|thang|gio|phut|nam|xa|phuong|huyen|don vi|so|ho so|phan|muc|viec|nhiem vu|chi tieu|noi dung|nguoi"
    r"|truong|ap|thon|hom|lan|ban|bao cao|cai|trieu|ty|dong|tieu chi|phong|buoc|khau|diem|bo|mau|loai|quyen|cong|van)"
)
_STARTS = (
    r"(?:da|xong|dang|chua|khong|xin|gia|lui|vuong|ket|moi|vua|sap|gan|hoan|nop|gui|bao|lam|co|con|van|thi|la|cho|wait"
    r"|mai|tuan|se|@\S+|han|ok|cung|deu|duoc|dat|tien|can|bi|het|cua|nham|giao|chuyen|de|bat|thuoc|trinh|coi|tam|hom"
    r"|hong|doi|nghe|neu|khi|chieu|sang|tối|mốt|cuoi|chac|hinh|toi|den|them|hoi|do|thuc|trien|xu|tat"
    r"|roi|nhu|lay|nhan|ro"
    r"|cham|kip|da|phai|khat|keo|dieu|thieu|kho|tac|su|tam|cung|phu|cach|trong|truoc|thu|ngay mai|theo|ca|ben|cong|ban"
    r"|bao|khac|thu|ky|gap|phat|đăng|up|tra|quen|mot nửa|duyet|cham|bang|ai|la|gi|sao|o)"
)
_HEAD = re.compile(
    rf"^(?:(?:ok|da|@me|@you) )*(?:(?:viec|nhiem vu|cong viec|cv|muc viec)(?: so)? )?(?:# )?"
    rf"(?P<list>\d{{1,6}}(?: (?:va|voi|cung)? ?(?:viec )?(?:# )?\d{{1,6}})*)(?!\S)(?="
    rf" (?:{_STARTS})(?!\S)|$)(?: (?:thi|la)(?!\S))?"
)
_HEAD_NOUN = re.compile(r"(?<!\S)(?:viec|nhiem vu)(?: so)? (?:# )?(?P<list>\d{1,6}(?: va \d{1,6})*)(?!\S)")
_TAIL = re.compile(
    r"(?<!\S)(?P<verb>xong(?: roi)?|hoan thanh|nop|gui|bao cao|lam|vuong|gia han|lui|xin)(?: cho)? (?:# )?"
    rf"(?P<list>\d{{1,6}}(?: (?:va )?\d{{1,6}})*)(?= (?:roi|den|sang|toi|them|vi|@ask)|$)(?! (?:{_UNIT_NOUNS})\b)"
)
_LIST = re.compile(
    r"(?<![0-9/.,%])(\d{1,6})(?:\s*[,;+&]\s*(?=\d{1,6}(?![0-9/.%]|\s?%|\s[pP]h[aầ]n))(?!\d{1,6}\s*(?:ng|tu|th|xã|xa)))"
)


def join_lists(text: str) -> str:
    """ "12, 13 xong" is one clause: the comma between two bare numbers becomes a space of the same length."""
    return _LIST.sub(lambda match: match[1] + " " * (len(match[0]) - len(match[1])), text)


def clauses_of(words: Sequence[Word]) -> list[Clause]:
    """The clauses in order; a clause of breaks and politeness only is left out."""
    found: list[Clause] = []
    current: list[Word] = []
    is_reason = False
    merged = _with_owners(with_names(with_figures(with_neighbours(words))))
    for place, word in enumerate(merged):
        before = current[-1].plain if current else ""
        following = merged[place + 1].plain if place + 1 < len(merged) else ""
        if len(current) >= LONGEST_CLAUSE:
            _close(found, current, is_reason=is_reason)
            current, is_reason = [], False
        if word.plain == BREAK or _is_contrast(word, before, merged[place + 1 : place + 3]):
            _close(found, current, is_reason=is_reason)
            current, is_reason = [], False
        elif _opens_a_reason(word, before, following):
            _close(found, current, is_reason=is_reason)
            current, is_reason = [], True
        elif (
            word.plain == "con" and before and before not in _NOT_BEFORE_REST and following in _BEGINS_A_PART
        ) or _starts_next_number(word, current, following):
            _close(found, current, is_reason=is_reason)
            current, is_reason = [word], False
        else:
            current.append(word)
    _close(found, current, is_reason=is_reason)
    return found


def _with_owners(words: Sequence[Word]) -> list[Word]:
    """ "bên em", "phòng chúng tôi", "đơn vị em": whoever speaks, as one word."""
    merged: list[Word] = []
    for each in words:
        start = each.start
        if each.plain == ME:
            while merged and (_is_an_owner(merged) or merged[-1].plain == ME or _ends_a_unit(merged)):
                if _ends_a_unit(merged):
                    merged.pop()
                start = merged.pop().start
        merged.append(replace(each, start=start))
    return merged


def _is_an_owner(merged: list[Word]) -> bool:
    before = merged[-2].plain if len(merged) > 1 else ""
    return merged[-1].plain in _OWNERS and (before, merged[-1].plain) != ("lien", "quan")


def _ends_a_unit(merged: list[Word]) -> bool:
    """ "đơn vị", "cơ quan"."""
    if len(merged) < 2:  # noqa: PLR2004 - a pair
        return False
    pair = (merged[-2].plain, merged[-1].plain)
    return pair in {("don", "vi"), ("co", "quan")}


def _opens_a_reason(word: Word, before: str, following: str) -> bool:
    if word.plain not in {"vi", "do"}:
        return (word.plain == "boi" and following not in {"thuong", "duong", "dap"}) or (
            word.plain == "tai" and following in {"vi", "do"}
        )
    written = word.value.lower()
    if written in {"vì", "vị", "ví", "độ", "dò", "dỡ", "đo", "đó", "đỗ", "đổ", "đồ"}:
        return written == "vì"
    not_after, not_before = _NOT_A_REASON[word.plain]
    return before not in not_after and following not in not_before and bool(following) and following != BREAK


_ENDS = frozenset({"", BREAK, ASK, "nhe"})


def _is_contrast(word: Word, before: str, ahead: Sequence[Word]) -> bool:
    """ "nhưng", "nên"; "mà" with more to come: at the end of a sentence it is only a tone."""
    following, after = (*(each.plain for each in ahead), "", "")[:2]
    if word.plain in _CONTRAST:
        return word.plain != "nen" or before not in {"", "ok", YOU}
    is_last = following in _ENDS or (following == YOU and after in _ENDS)
    if word.plain == "ma" and before in {"roi", "xong"} and not is_last:
        return True
    return word.plain == "ma" and bool(before) and following in {"chua", "khong", "vuong", "con", "van", "dang", "bi"}


def _starts_next_number(word: Word, current: list[Word], following: str) -> bool:
    """ "12 xong 13 đang làm": a second number that begins its own clause, when the first began with one too."""
    if not (current and word.plain.isdecimal() and current[0].plain.isdecimal() and len(current) > 1):
        return False
    if all(each.plain.isdecimal() or each.plain in {"va", "voi"} for each in current):
        return False
    return following in {"xong", "dang", "chua", "da", "vuong", "xin", "hoan", "khong", "sap", "gan", "moi"}


def _close(found: list[Clause], words: list[Word], *, is_reason: bool) -> None:
    is_asked = bool(words) and words[-1].plain == ASK and words[-1].value == "?"
    kept = tuple(words[:-1] if is_asked else words)
    if not kept and not is_asked:
        return
    if not kept:
        if found:
            found[-1] = replace(found[-1], is_asked=True)
        else:
            found.append(Clause((), "", is_asked=True))
        return
    found.append(_numbered(kept, is_reason=is_reason, is_asked=is_asked))


_OPENING = frozenset({"ok", "@you", ASK})


def _without_politeness(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """ "dạ", "anh ơi" before and "anh" after what is said; alone they stay, for they may be the whole answer."""
    if all(word.plain in _OPENING or word.plain == "da" for word in words):
        return tuple(word for word in words if word.plain != "@you")[:1] or words
    start, end = 0, len(words)
    while (
        start < end - 1
        and not _is_quoted(words[start:])
        and (words[start].plain in _OPENING or _is_yes(words[start : start + 2]))
    ):
        start += 1
    while end - 1 > start and words[end - 1].plain == "@you":
        end -= 1
    rest = words[start:end]
    return words[:1] if start and {word.plain for word in rest} <= {ME, YOU} else rest


_TELLS = frozenset({"bao", "noi", "ke"})
_FEW_WORDS = 5


def _is_quoted(words: tuple[Word, ...]) -> bool:
    """ "Chị Lan bảo nộp rồi": not spoken to, but spoken of."""
    if words[0].plain != YOU:
        return False
    return any(word.plain in _TELLS and following.plain != "cao" for word, following in pairwise(words[1:_FEW_WORDS]))


def _is_yes(pair: tuple[Word, ...]) -> bool:
    """ "da em …" is dạ: đã never stands before the one who speaks."""
    return pair[0].plain == "da" and pair[1].plain in {ME, "@you", "ok", "cam", "da"}


def _numbered(words: tuple[Word, ...], *, is_reason: bool, is_asked: bool) -> Clause:
    """The clause without the numbers of assignments at its head or its tail, and without politeness around it."""
    words = _without_politeness(words)
    said = " ".join(word.plain for word in words)
    for pattern in (_HEAD, _HEAD_NOUN, _TAIL):
        match = pattern.search(said)
        if match is None or is_reason:
            continue
        first = said[: match.start("list")].count(" ")
        amount = match["list"].count(" ") + 1
        before = words[:first] if pattern is _TAIL else _without_head_words(words[:first])
        rest = _without_politeness(before + words[first + amount :])
        numbers = tuple(int(each) for each in re.findall(r"\d+", match["list"]))
        return Clause(rest, " ".join(word.plain for word in rest), is_reason, is_asked, numbers)
    return Clause(words, said, is_reason, is_asked)


def _without_head_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    kept = list(words)
    while kept and kept[-1].plain in {"viec", "nhiem", "vu", "cong", "so", "#", "muc", "cv"}:
        kept.pop()
    return tuple(kept)


def groups_of(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Clauses about one set of assignments together: a clause with numbers of its own begins a new group."""
    groups: list[list[Clause]] = []
    for clause in clauses:
        if not groups or (clause.numbers and _has_content(groups[-1])):
            groups.append([])
        groups[-1].append(clause)
    return groups


_EMPTY = frozenset("ok @you @me da @like chao xin kinh bao cao hello hi alo so ubnd sep gui".split())
"""Words of a greeting; what follows one is not a second answer."""


def _has_content(group: list[Clause]) -> bool:
    return any(set(clause.said.split()) - _EMPTY for clause in group) or any(clause.is_asked for clause in group)


def numbers_of(clauses: Sequence[Clause]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for clause in clauses for number in clause.numbers))
