"""What one clause says, with its scopes: a word counts only for what its negation, question, future and part leave."""

# ruff: noqa: SIM905 - a list of words reads as words

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from bot.conversation import meaning_lexicon as lexicon
from bot.conversation.meaning_amounts import amount_of
from bot.conversation.meaning_clauses import Clause
from planner.deadline_words import full_year


class Kind(Enum):
    """Một loại điều được nói."""

    DONE = auto()
    PART = auto()
    ALMOST = auto()
    STARTED = auto()
    DEED = auto()
    NOTHING_NEW = auto()
    FUTURE = auto()
    CONDITION = auto()
    HEARSAY = auto()
    UNFINISHED = auto()
    NOT_STARTED = auto()
    BLOCKED = auto()
    FREED = auto()
    EXTENSION = auto()
    WRONG_UNIT = auto()
    ACKNOWLEDGED = auto()
    QUESTION = auto()
    OTHER = auto()
    DOUBT = auto()


@dataclass(frozen=True, slots=True)
class Fact:
    """Một điều được nói, in which clause, how surely, and by which rule."""

    kind: Kind
    clause: Clause
    confidence: float
    why: str
    matched: str = ""


@dataclass(frozen=True, slots=True)
class _Scope:
    clause: Clause
    said: str
    today: date


def facts_of(clause: Clause, *, today: date) -> list[Fact]:
    """The facts of a clause. What belongs to others (whose work, more time, a question) is heard before progress."""
    scope = _Scope(clause, clause.said, today)
    found = list(_whose(scope)) or list(_more_time(scope))
    if found:
        return found
    found = list(_questions(scope))
    if found:
        return found
    found = list(_obstacles(scope))
    if any(fact.kind is Kind.BLOCKED for fact in found):
        return found
    found += list(_progress(scope, freed=bool(found)))
    if not found:
        found = list(_nods(scope))
    if not found and _WILL.search(clause.said):
        found = [Fact(Kind.FUTURE, clause, 0.7, "sẽ …")]
    if not found and clause.words:
        found = [Fact(Kind.OTHER, clause, 0.3, "vế không rõ")]
    return found + list(_doubts(scope, found))


_WILL = lexicon.words(r"se (?:co|gui|nop|hoan|xong|bao|trinh|day|som|ban hanh|kip|dung)")
_HOLDS_BACK = lexicon.CONDITION[:3] + lexicon.FUTURE + lexicon.SOFT + lexicon.HEARSAY


_BARE_NO = re.compile(r"(?:(?:@me|ok) )*(?:khong|chang)(?: (?:roi|@you|@me|dau))*")


def _doubts(scope: _Scope, found: list[Fact]) -> Iterator[Fact]:
    """A clause that states nothing, or only that nothing is in the way, may still hold back its neighbour's "xong"."""
    kinds = {fact.kind for fact in found}
    if _BARE_NO.fullmatch(scope.said):
        yield Fact(Kind.DOUBT, scope.clause, 0.6, "một lời “không” đứng riêng")
    if not kinds <= {Kind.OTHER, Kind.FREED, Kind.ACKNOWLEDGED}:
        return
    hit = lexicon.first(_HOLDS_BACK, lexicon.NOTHING_LEFT.sub(" ", scope.said))
    if hit:
        yield _fact(scope, Kind.DOUBT, 0.6, *hit)
    elif lexicon.ALMOST.match(scope.said) or (Kind.OTHER in kinds and _HAS_NOT.search(scope.said)):
        yield Fact(Kind.DOUBT, scope.clause, 0.6, "một vế phủ định hoặc chưa trọn bên cạnh")


def _fact(scope: _Scope, kind: Kind, confidence: float, row: lexicon.Row, match: re.Match[str]) -> Fact:
    return Fact(kind, scope.clause, confidence, f"{row.why} (như “{row.example}”)", match[0])


def _whose(scope: _Scope) -> Iterator[Fact]:
    hit = lexicon.first(lexicon.WRONG_UNIT, scope.said)
    if hit and not lexicon.first(lexicon.QUESTION[:2], scope.said):
        if scope.clause.is_asked:
            yield Fact(Kind.QUESTION, scope.clause, 0.6, "hỏi có phải việc của mình không")
        else:
            yield _fact(scope, Kind.WRONG_UNIT, 0.9, *hit)


def _more_time(scope: _Scope) -> Iterator[Fact]:
    said = scope.said
    if lexicon.NOT_A_DELAY.search(said) or lexicon.NO_MORE_TIME.search(said):
        return
    hit = lexicon.first(lexicon.ASKS_MORE_TIME, said)
    if hit is None:
        return
    begs = lexicon.BEGS.search(said) is not None
    if scope.clause.is_reason:
        return
    if lexicon.first(lexicon.CONDITION[:1], said):
        yield Fact(Kind.CONDITION, scope.clause, 0.6, "nếu … thì xin gia hạn")
    elif not begs and lexicon.ASKS_WHETHER_MORE_TIME.search(said) and not re.search(r"@frac|@date|\d", said):
        yield Fact(Kind.QUESTION, scope.clause, 0.7, "hỏi có được gia hạn không")
    else:
        yield _fact(scope, Kind.EXTENSION, 0.9, *hit)


def _questions(scope: _Scope) -> Iterator[Fact]:
    if lexicon.RHETORIC.search(scope.said) and not scope.clause.is_asked:
        return
    hit = lexicon.first(lexicon.QUESTION, lexicon.OPENS_A_TIME.sub(" ", scope.said))
    if hit and hit[0] is lexicon.QUESTION[0] and re.match(r"(?:@me )?(?:khong|chua) (?:biet|ro)(?!\S)", scope.said):
        return
    if hit and hit[0] is lexicon.ASKS_FOR_SOMETHING and lexicon.PAST.search(scope.said):
        return
    if hit:
        yield _fact(scope, Kind.QUESTION, 0.9, *hit)
    elif scope.clause.is_asked:
        yield Fact(Kind.QUESTION, scope.clause, 0.85 if scope.said else 0.6, "có dấu hỏi")
    elif scope.said == "@doubt":
        yield Fact(Kind.QUESTION, scope.clause, 0.5, "mặt phân vân")


def _obstacles(scope: _Scope) -> Iterator[Fact]:  # noqa: PLR0911 -- one return a rule
    said = scope.said
    freed = lexicon.first(lexicon.FREED, said)
    if freed and not re.search(r"(?<!\S)(?:chua|khong|se)(?!\S)", said[: freed[1].start()] + said):
        yield _fact(scope, Kind.FREED, 0.85, *freed)
        return
    denied = lexicon.NO_BLOCKER.search(said)
    if denied:
        yield Fact(Kind.FREED, scope.clause, 0.75, "không có vướng mắc")
        return
    if lexicon.OWN_SIGNATURE.search(said):
        return
    if lexicon.NOTHING_LEFT.search(said):
        yield Fact(Kind.FREED, scope.clause, 0.75, "không còn gì phải làm")
        return
    if re.search(r"(?<!\S)con \d+ \S+ (?:chua|nua|nữa)(?!\S)", said):
        return
    hit = lexicon.first(lexicon.BLOCKED if _is_bare(scope.clause) else lexicon.BLOCKED_BY_ACCENTS, said)
    if hit is None:
        return
    if re.search(
        r"(?<!\S)(?:hom truoc|truoc day|truoc do|hoi truoc|luc truoc|tung)(?!\S)", said[: hit[1].start()] + " "
    ):
        return
    if lexicon.first(lexicon.CONDITION[:3], said[: hit[1].start()]):
        yield Fact(Kind.CONDITION, scope.clause, 0.6, "nếu vướng")
        return
    if re.match(
        r"(?:\S+ )?(?:wait|cho|doi) .*(?:roi|thi|moi) (?:@me )?(?:gui|nop|trinh|bao cao|tong hop"
        r"|lam)(?!\S)",
        hit[1][0],
    ):
        yield Fact(Kind.CONDITION, scope.clause, 0.7, "chờ … rồi gửi")
        return
    yield _fact(scope, Kind.BLOCKED, 0.9, *hit)


def _is_bare(clause: Clause) -> bool:
    """Typed without accents: "cho" may be chờ."""
    return all(word.value.lower().replace("đ", "d").isascii() for word in clause.words)


# --- progress -----------------------------------------------------------------------------------------------------

_FINISH_OR_HAND_IN = re.compile(rf"(?<!\S)(?:xong|hoan thanh|hoan tat|{lexicon.HAND_IN}|ket thuc|bao)(?!\S)")
_HAS_NOT = re.compile(rf"(?<!\S){lexicon.NOT}(?!\S)")


def _progress(scope: _Scope, *, freed: bool) -> Iterator[Fact]:  # noqa: PLR0911 -- one return a rule
    said = (
        re.sub(r"\s+", " ", lexicon.NOTHING_LEFT.sub(" ", lexicon.NO_BLOCKER.sub(" ", scope.said))).strip()
        if freed
        else scope.said
    )
    scope = _Scope(scope.clause, said, scope.today)
    if freed and not said:
        return
    heard = lexicon.first(lexicon.HEARSAY, said)
    if heard and _FINISH_OR_HAND_IN.search(said) and not _guessed_ahead(heard[1], said):
        yield _fact(scope, Kind.HEARSAY, 0.4, *heard)
        return
    if lexicon.NOTHING_NEW.search(said) and not _NOTHING_AT_ALL.fullmatch(said):
        yield Fact(Kind.NOTHING_NEW, scope.clause, 0.9, "không có gì mới")
        return
    double = lexicon.DOUBLE_NOT.pattern.search(said)
    if double:
        yield _fact(scope, Kind.UNFINISHED, 0.8, lexicon.DOUBLE_NOT, double)
        return
    begun = list(_not_begun(scope))
    if begun:
        yield from begun
        return
    if lexicon.OWN_SIGNATURE.search(said) and not re.search(
        r"(?<!\S)(?:da|va) (?:ban hanh|phat hanh|gui)(?!\S).*@doc", said
    ):
        yield Fact(Kind.STARTED, scope.clause, 0.9, "chờ ký trong đơn vị")
        return
    denied = lexicon.first(lexicon.UNFINISHED, said)
    if denied:
        yield _fact(scope, Kind.UNFINISHED, 0.7 if "kip" in denied[1][0] else 0.85, *denied)
        return
    yield from _told(scope)


_NOTHING_AT_ALL = re.compile(r"(?:(?:@me|van|hien|thi) )*(?:chua|khong) co gi(?: (?:het|ca|hết|tron|luon|dau))+")
"""Chưa có gì hết: nothing done, and not merely nothing new."""


_TOLD_AS_PAST = lexicon.words(r"roi|da")


def _guessed_ahead(heard: re.Match[str], said: str) -> bool:
    """ "chắc mai xong": a guess about tomorrow is a promise, whoever makes it."""
    return not heard[0].startswith(("nghe", "bao", "noi", "duoc", "@you")) and (
        lexicon.first(lexicon.FUTURE, said) is not None
        or (lexicon.TODAY.search(said) is not None and _TOLD_AS_PAST.search(said) is None)
    )


def _not_begun(scope: _Scope) -> Iterator[Fact]:
    hit = lexicon.first(lexicon.NOT_STARTED, scope.said)
    if hit is None:
        return
    if re.search(r"(?<!\S)(?:dang|da xong|sap xong)(?!\S)", scope.said[: hit[1].start()]):
        return
    yield _fact(scope, Kind.NOT_STARTED, 0.65 if hit[0].example == "dạ chưa ạ" else 0.9, *hit)


def _told(scope: _Scope) -> Iterator[Fact]:  # noqa: C901, PLR0911 -- one return a rule
    """A thing said to be finished, handed in, or under way, inside its time and condition."""
    said = scope.said
    if lexicon.PREFACE.fullmatch(said):
        return
    if re.search(r"(?<!\S)moi .*(?<!\S)thoi$", said):
        yield Fact(Kind.PART, scope.clause, 0.75, "mới … thôi")
        return
    finish = lexicon.FINISH.search(said)
    handed = _handed_in(scope)
    promised = lexicon.TAKES_ON.pattern.fullmatch(said)
    if promised and not finish and not re.search(r"(?<!\S)(?:gui|nop|trinh|bao cao)(?!\S)", said):
        yield _fact(scope, Kind.ACKNOWLEDGED, 0.9, lexicon.TAKES_ON, promised)
        return
    if finish or handed or _FINISH_OR_HAND_IN.search(said):
        heard = lexicon.first(lexicon.HEARSAY, said)
        if heard and not _guessed_ahead(heard[1], said):
            yield _fact(scope, Kind.HEARSAY, 0.4, *heard)
            return
        held_back = _held_back(scope, is_past=handed is not None)
        if held_back:
            yield held_back
            return
    if handed:
        yield handed
        return
    if finish:
        yield _finished(scope, finish)
        return
    hit = lexicon.first(lexicon.STARTED, said)
    if hit:
        yield _fact(scope, Kind.STARTED, 0.9, *hit)
        return
    if re.match(rf"(?:@me )?(?:sap|chuan bi|gan)(?: \S+){{0,2}} {lexicon.HAND_IN}(?!\S)", said):
        yield Fact(Kind.ALMOST, scope.clause, 0.85, "sắp gửi")
        return
    if re.fullmatch(rf"@me (?:gui|nop|trinh)(?: (?:@you|bao cao|lai|{lexicon.PAPER}))*", said):
        yield Fact(Kind.FUTURE, scope.clause, 0.65, "em gửi: đã hay sẽ chưa rõ")
        return
    if lexicon.ALMOST.search(said) and re.search(r"(?<!\S)(?:xong|het|du|kip)(?!\S)", said):
        yield Fact(Kind.ALMOST, scope.clause, 0.85, "gần xong")
        return
    evidence = list(_bare_evidence(scope))
    yield from evidence or _vaguely(scope)


_PROMISES = re.compile(
    r"(?<!\S)(?:@me|la|thi|lien|luon|se|roi|ve|ngay)(?: \S+)? (?:gui|nop|bao cao|trinh|phat hanh|bao|ky)(?!\S)"
)


def _vaguely(scope: _Scope) -> Iterator[Fact]:
    """Not in the tables, yet its frame says something: never done, and never sure."""
    said = scope.said
    if (
        re.fullmatch(r"(?:ok )*de @me", said)
        or lexicon.ACKNOWLEDGED[0].pattern.fullmatch(said)
        or lexicon.GREETING.fullmatch(said)
    ):
        return
    if re.match(r"(?:(?:van|con|co) )*(?:tru|ngoai tru|thieu|sot)(?!\S)", said):
        yield Fact(Kind.PART, scope.clause, 0.75, "còn thiếu")
    elif re.search(r"(?<!\S)(?:mot|1) phan(?!\S)", said):
        yield Fact(Kind.PART, scope.clause, 0.85, "một phần")
    elif _PROMISES.search(said) or re.match(r"(?:gui|nop|trinh) ", said):
        yield Fact(Kind.FUTURE, scope.clause, 0.8, "hẹn gửi, không có “đã” hay “rồi”")
    elif re.match(
        r"(?:@me |don vi |so |phong |xa )*(?:da|vua) (?!(?:roi|ro|nhan|nghe|biet|xem|doc|hieu|tiep|nam"
        r"|nghi|di|ve)(?!\S))\S+",
        said,
    ):
        yield Fact(Kind.DEED, scope.clause, 0.6, "đã …, chưa rõ tới đâu")
    elif re.fullmatch(r"(?:@me |cung |da )*(?:gan|sap)(?: (?:roi|co|duoc|het|day|toi|den))+", said):
        yield Fact(Kind.ALMOST, scope.clause, 0.8, "gần, sắp")
    elif _only_a_time_to_come(said) and not _is_past_day(scope):
        yield Fact(Kind.FUTURE, scope.clause, 0.6, "chỉ nêu một lúc sắp tới")
    elif re.match(r"(?:@me |don vi |van |hien )*chua (?!(?:biet|ro|hieu|nghe|nhan)(?!\S))\S+", said):
        yield Fact(Kind.UNFINISHED, scope.clause, 0.6, "chưa …")


_A_DAY = lexicon.words(r"@date|@frac|@clock(?: chieu| sang| tối)?")
_AROUND_A_TIME = frozenset(
    """
    @me @you la thi co tam khoang chac chan duoc den vao cung ok som cham nhat muon roi gio chung do trong
    het nay them truoc hen ngay neu kip dau cuoi giua mot sang chieu trua tối khuya dem hom bua
    """.split()
)


def _is_past_day(scope: _Scope) -> bool:
    days = [_day_at(scope, place) for place in range(len(scope.clause.words))]
    return any(day is not None and day < scope.today for day in days)


def _only_a_time_to_come(said: str) -> bool:
    """ "Thứ 5 là có", "mai nha": nothing but when."""
    rest, found = said, 0
    for pattern in (lexicon.AIMS, *(row.pattern for row in lexicon.FUTURE), lexicon.TODAY, _WEEKDAY, _A_DAY):
        rest, hits = pattern.subn(" ", rest)
        found += hits
    return found > 0 and set(rest.split()) <= _AROUND_A_TIME


def _held_back(scope: _Scope, *, is_past: bool) -> Fact | None:
    """Future, condition, aim: "xong" stands inside it and is not said to be so."""
    said = scope.said
    for rows, kind, confidence in (
        (lexicon.CONDITION[:4], Kind.CONDITION, 0.7),
        (lexicon.FUTURE, Kind.FUTURE, 0.85),
        (lexicon.CONDITION[4:], Kind.CONDITION, 0.8),
        (lexicon.SOFT, Kind.FUTURE, 0.85),
    ):
        hit = lexicon.first(rows, said)
        if hit and not (hit[0] is lexicon.CONDITION[2] and re.search(r"(?<!\S)da(?!\S)", said[: hit[1].start()])):
            return _fact(scope, kind, confidence, *hit)
    is_told = is_past or lexicon.PAST.search(re.sub(r"(?<!\S)xong(?!\S)", "", said)) is not None
    today = lexicon.TODAY.search(said)
    if today and not is_told:
        return Fact(Kind.FUTURE, scope.clause, 0.8, "hẹn trong ngày", today[0])
    return _dated(scope, is_told=is_told)


_WEEKDAY = lexicon.words(r"thu [2-7]|thu (?:hai|ba|tu|nam|sau|bay|sáu)|chu nhat")


def _dated(scope: _Scope, *, is_told: bool) -> Fact | None:
    """A day beside "xong": one to come is a promise, whatever "rồi" says; one that has passed tells when."""
    days = [day for place in range(len(scope.clause.words)) if (day := _day_at(scope, place)) is not None]
    if any(day > scope.today for day in days):
        return Fact(Kind.FUTURE, scope.clause, 0.85, "ngày chưa tới")
    unread = [word for word in scope.clause.words if word.plain == "@frac" and "/" in word.value]
    if (days or unread) and not is_told:
        return (
            Fact(Kind.FUTURE, scope.clause, 0.7, "một ngày, không có “đã” hay “rồi”") if not _is_amount(scope) else None
        )
    if not is_told and re.search(r"(?<!\S)(?:truoc|den|toi) (?:ngay |mung )\d{1,2}(?!\S)", scope.said):
        return Fact(Kind.FUTURE, scope.clause, 0.8, "một ngày trong tháng, không có “đã” hay “rồi”")
    weekday = _WEEKDAY.search(scope.said)
    if weekday and not is_told:
        return Fact(Kind.FUTURE, scope.clause, 0.85, "một thứ trong tuần, không có “đã” hay “rồi”")
    return None


def _is_amount(scope: _Scope) -> bool:
    return amount_of(scope.clause) is not None


def _day_at(scope: _Scope, place: int) -> date | None:
    """The civil day of a word, when it is not the day of a document; without a year the nearest to today."""
    word = scope.clause.words[place]
    if (
        word.plain not in {"@date", "@frac"}
        or _is_of_a_paper(scope, place)
        or (word.plain == "@frac" and _is_amount(scope))
    ):
        return None
    parts = [int(each) for each in re.findall(r"\d+", word.value)]
    day_no, month = parts[0], parts[1]
    years: list[int | None] = [scope.today.year + each for each in (-1, 0, 1)]
    if parts[2:]:
        years = [full_year(parts[2], scope.today)]
    days = [day for year in years if year and (day := _civil(year, month, day_no)) is not None]
    return min(days, key=lambda day: abs(day - scope.today), default=None)


def _civil(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_of_a_paper(scope: _Scope, place: int) -> bool:
    """ "báo cáo số 215/BC-STP ngày 30/10/2026"."""
    before = [word.plain for word in scope.clause.words[max(0, place - 3) : place]]
    return "@doc" in before


_PAPER_FIRST = re.compile(
    r"^(?:cai |ban |cac )?bao cao (?=(?:.* )?(?:lam|gui|nop|xong|hoan|trinh|phat hanh|ban hanh|ky|duyet)(?!\S))"
)
"""Báo cáo em làm xong rồi: the paper, and not the deed of reporting."""

_DRAFT_OR_ASKING = re.compile(
    r"(?<!\S)(?:du thao|ban thao|lay y kien|xin y kien|xin|moi|mời|giay mời|giay moi|phieu|hoi(?! (?:sang|chieu"
    r"|tối|toi|trua|qua|nay|dau|thang|tuan|hom|som)(?!\S))|cac"
    r" (?:xa|so|phong|don vi|huyen|nganh|truong|thanh vien|ap|dia phuong)"
    r"|lanh dao|sep|chu tich|giam doc|truong phong|(?<!van )phong|noi bo|ky|duyet|thuong truc|de nghi"
    r"|don doc|bo phan|tham dinh"
    r"|chuyen vien|gop y(?= (?:roi|@|$))|nhac|yeu cau|(?<!tai )(?<!o )van thu|bi tra"
    r"|(?<!theo )chi dao(?= (?:xuong|cac|cho|toi|den))|cho y kien|ra soat)(?!\S)"
)
_HAND_IN_OBJECT = re.compile(
    rf"^(?:(?:(?:cho|ve|len|qua|den|toi|vao|tren|sang|gui) )?(?:{lexicon.PAPER}|@thing|@you|so|ubnd|tinh|van"
    r" phong|vp|mail|email|zalo|thu|trung tam"
    r"|huyen|cong|truc|he thong|phan mem|trang|@me|ban|bo|day du|du|roi|het|xong|hom|sang|chieu|tuan|ngay|som|va|kem"
    r"|ioffice|tren|ve|tai|truoc|bang|@doc|@date|@frac|dung|luc|tu|toan bo|ca|nhe|ma|thu \S+|lai|fax|tay|truc tiep|bc"
    r"|gui|do|nay|cac|no|lau|mai)|$)"
)


def _handed_in(scope: _Scope) -> Fact | None:  # noqa: PLR0911 -- one return a rule
    """ "đã gửi báo cáo", "nộp rồi", "đã có báo cáo số 215/BC-STP": a paper that has left the unit."""
    said = _PAPER_FIRST.sub("@thing ", scope.said)
    own = re.search(
        r"(?<!\S)(?:da|moi|vua|duoc)(?: (?:duoc|co|kip|@me|vua|moi|hoan thanh|hoan thien|ky|va|cung|thuc"
        r" hien|nghiem tuc|soan|tong hop|hoan tat|lam|to chuc|hoi nghi|xong|ra|day du))*"
        rf" (?P<verb>{lexicon.HAND_IN}|co(?= {lexicon.PAPER})|ky)(?!\S) ?(?P<object>.*)",
        said,
    ) or re.search(
        r"(?<!\S)(?:da|vua) (?:\S+ ){1,4}va (?P<verb>gui|nop|phat hanh|ban hanh)(?!\S) ?(?P<object>.*)", said
    )
    after = re.search(
        rf"(?<!\S)(?P<verb>{lexicon.HAND_IN}|co(?= {lexicon.PAPER}))(?!\S) ?(?P<object>.*?)(?<!\S)(?:roi|xong)(?!\S)",
        said,
    )
    dated = re.search(
        rf"{lexicon.A_PAST_DAY}(?: \S+){{0,3}}"
        rf" (?P<verb>{lexicon.HAND_IN}) ?(?P<object>.*)",
        said,
    )
    past_day = re.search(
        rf"(?<!\S)(?P<verb>{lexicon.HAND_IN})(?!\S) ?(?P<object>.*?){lexicon.A_PAST_DAY}",
        said,
    )
    does = re.search(
        rf"(?<!\S)(?:da |moi |vua )(?:duoc )?(?P<verb>{lexicon.DO})(?!\S)(?! (?:duoc|xong|mot|1|gan|den"
        rf"|toi))(?P<object>.*)|(?<!\S)(?P<verb2>{lexicon.DO}) (?!duoc )(?P<object2>(?:\S+ ){{0,3}})roi(?!\S)",
        said,
    )
    for match in (own, after, dated, past_day):
        if match:
            return _judged(scope, match["verb"], _without_the_office(match["verb"], match["object"].strip()))
    numbered = "@doc" in said.split()
    if does and _HAS_NOT.search(said):
        return Fact(Kind.UNFINISHED, scope.clause, 0.7, "có lời phủ định trong vế")
    if (
        does
        and not lexicon.FINISH.search(said)
        and not re.search(r"(?<!\S)(?:bat dau|moi|dang|tiep tuc)(?!\S)", said)
        and not lexicon.ALMOST.search(said)
        and not lexicon.PART.search(said)
    ):
        return Fact(Kind.DONE, scope.clause, 0.85 if numbered else 0.7, "đã làm, chưa nói xong", does[0])
    all_of_it = re.search(
        r"(?<!\S)(?:da|vua) (?:\S+ ){1,3}(?:du|het|day du|toan bo|dut diem|tron ven|kip thoi"
        r"|dung han)(?!\S) ?(?P<object>.*)",
        said,
    )
    if all_of_it and not _HAS_NOT.search(said) and not lexicon.ALMOST.search(said) and not _is_a_part(said):
        return Fact(Kind.DONE, scope.clause, 0.85 if numbered else 0.7, "đã … hết", all_of_it[0])
    ended = re.search(rf"(?<!\S)(?:da|moi|vua) {lexicon.ENDED}(?!\S)(?: \S+){{0,8}} (?:roi|het|du)(?!\S)", said)
    if ended and not _HAS_NOT.search(said) and not lexicon.ALMOST.search(said) and not _is_a_part(said):
        return Fact(Kind.DONE, scope.clause, 0.7, "đã … rồi", ended[0])
    sent = re.match(rf"(?:@me )?(?:gui|nop)(?: (?:@you|kem|so))* {lexicon.PAPER}(?P<rest>(?: \S+)*)$", said)
    if sent and not lexicon.PART.search(said) and not _not_neutral(sent["rest"]):
        return Fact(Kind.DONE, scope.clause, 0.85 if numbered else 0.7, "gửi kèm báo cáo")
    return None


_SOME_OF_THEM = re.compile(
    r"(?<!ca )(?<!du )(?<!\S)\d+ (?:xa|phong|truong|don vi|ap|thon|to|khu|phuong)(?: \S+)? (?:da|vua|moi|nop|gui"
    r"|xong)(?!\S)"
)
"""8 phòng đã nộp: how many there are in all is not said."""

_STILL_AHEAD = re.compile(r"(?:(?:thi|con|nay|van|cung) )*(?:sap|gan|dang|se|chuan bi|moi|con|co ban)(?!\S)")
"""Báo cáo sắp xong: here "báo cáo" is the paper and not the deed."""

_LEFT_THE_UNIT = re.compile(r"(?<!\S)(?:gui|phat hanh|ban hanh|nop)(?: (?:di|roi|xong|luon))*$")


def _without_the_office(verb: str, what: str) -> str:
    """ "Nộp báo cáo cho phòng Nội vụ": handed in to an office, which for a commune or a school stands above it."""
    return re.sub(r"(?<!\S)(?:cho|ve|len) phong(?: (?!roi)\S+){0,3}", "", what).strip() if verb == "nop" else what


def _judged(scope: _Scope, verb: str, what: str) -> Fact:  # noqa: PLR0911 -- one return a rule
    numbered = "@doc" in what.split()
    clause = scope.clause
    if _HAS_NOT.search(scope.said):
        return Fact(Kind.UNFINISHED, clause, 0.7, "có lời phủ định trong vế")
    if lexicon.ALMOST.search(scope.said[: max(0, scope.said.find(verb))]):
        return Fact(Kind.ALMOST, clause, 0.85, "gần gửi")
    if _STILL_AHEAD.match(what):
        return Fact(Kind.ALMOST, clause, 0.8, "còn ở phía trước", what)
    if (
        _DRAFT_OR_ASKING.search(what)
        and not (numbered and re.search(r"(?<!\S)(?:phat hanh|ban hanh)(?!\S)", what))
        and not re.match(rf"(?:{lexicon.PAPER} ?(?:gop y|tra loi)?)?(?: so)? @doc", what)
    ) or (verb == "ky" and not numbered and not _LEFT_THE_UNIT.search(what)):
        return Fact(Kind.STARTED, clause, 0.85, "gửi dự thảo, lấy ý kiến hay chuyển trong đơn vị", what)
    if verb == "trinh" and not numbered:
        return Fact(Kind.STARTED, clause, 0.75, "đã trình, chưa có số văn bản", what)
    if verb == "chuyen" and not re.match(r"(?:bao cao|ket qua|ho so|van ban|file|so lieu)", what):
        return Fact(Kind.STARTED, clause, 0.7, "đã chuyển, chưa rõ cho ai", what)
    if re.search(r"(?<!\S)(?:bi (?:tra|tu choi|loai|che)|(?<!kiem )tra (?:lai|ve)|sai mau)(?!\S)", scope.said):
        return Fact(Kind.STARTED, clause, 0.8, "bị trả lại", what)
    if _is_a_part(scope.said) or _SOME_OF_THEM.search(scope.said):
        return Fact(Kind.PART, clause, 0.85, "gửi một phần", what)
    if numbered or _HAND_IN_OBJECT.match(what):
        return Fact(Kind.DONE, clause, 0.95 if numbered or len(what.split()) <= 8 else 0.85, f"đã {verb}", what)  # noqa: PLR2004 - a short phrase
    return Fact(Kind.DONE, clause, 0.7, f"đã {verb}, chưa rõ cái gì", what)


def _is_a_part(what: str) -> bool:
    return (
        re.search(
            r"(?<!\S)(?:mot phan|1 phan|mot so|1 so|vai|may|phan (?!mem|viec|nay|hoi|anh|cong|bo|loai|tich"
            r"|luong)\S+|noi dung \d|muc \d"
            r"|buoc \S+|giai doan \S+|(?<!cao )(?<!lieu )(?<!qua )(?:thang|quy) \d|du thao|ban thao|(?:bao cao"
            r"|ban) nhap|so bo"
            r"|(?<!trung )tam(?! (?:quyen|hoanh)(?!\S))"
            r"|(?:ban|lam|xong) tho|dai khai|so so|dan y|moi phan|gan het|gan nua|\d+ (?:bao cao|muc|noi dung"
            r"|phan|file|ban|xa)|tru"
            r"|thieu|con)(?!\S)",
            what,
        )
        is not None
    )


def _finished(scope: _Scope, finish: re.Match[str]) -> Fact:  # noqa: C901, PLR0911, PLR0912 -- one return a rule
    """ "xong" by what stands before and after it."""
    said, clause = scope.said, scope.clause
    left, right = said[: finish.start()].strip(), said[finish.end() :].strip()
    if lexicon.ALMOST.search(left) or re.match(r"(?:gan|co ban|so bo|phan lon|hau het)(?!\S)", right):
        return Fact(Kind.ALMOST, clause, 0.9, "gần xong")
    if _HAS_NOT.search(left):
        return Fact(Kind.UNFINISHED, clause, 0.7, "có lời phủ định trước “xong”")
    if re.search(r"(?<!\S)dang(?!\S)", left):
        return Fact(Kind.STARTED, clause, 0.85, "đang … xong")
    if re.search(r"(?<!\S)(?:con .*|la|.*moi .*thi)$", left) and not re.search(r"(?<!\S)da(?!\S)", left):
        return Fact(Kind.ALMOST, clause, 0.85, "còn … là xong")
    if re.search(r"(?<!\S)(?:de|can|phai|nham|lo)$", left):
        return Fact(Kind.FUTURE, clause, 0.7, "để xong")
    if re.search(r"(?<!\S)chua(?: (?:cac|@you|@me|@ask|vay|nhi|the|ta|ha|biet|roi))*$", right):
        return Fact(Kind.QUESTION, clause, 0.75, "“chưa” sau “xong”")
    if re.search(r"(?<!\S)chua(?!\S)", right):
        return Fact(Kind.UNFINISHED, clause, 0.75, "xong một việc, chưa xong việc khác")
    if lexicon.AFTER_IT.match(right):
        return Fact(Kind.FUTURE, clause, 0.8, "xong rồi mới …")
    other = re.fullmatch(
        rf"(?:(?:\d+|@me|@you|ok|da|vua|moi|hom nay|sang nay|chieu nay|wait"
        rf"|di) )*(?:{lexicon.OTHER_THINGS_END.pattern})",
        left,
    )
    if other and re.search(rf"(?<!\S){lexicon.HAND_IN}(?!\S)", right) and not re.search(r"(?<!\S)roi(?!\S)", right):
        return Fact(Kind.FUTURE, clause, 0.8, "việc khác xong thì gửi")
    if other and not re.search(
        r"(?<!\S)(?:da|to chuc|bao cao|viec|nhiem vu|lam|thuc hien|trien khai|du thao|nop)(?!\S)", left
    ):
        return Fact(Kind.OTHER, clause, 0.4, "việc khác xong")
    if re.search(rf"(?:{lexicon.PREPARING.pattern})$", left) or re.match(rf"(?:{lexicon.PREPARING.pattern})", right):
        return Fact(Kind.STARTED, clause, 0.75, "xong một khâu")
    if re.search(r"(?<!\S)moi(?: \S+)?$", left) and _not_neutral(right):
        return Fact(Kind.PART, clause, 0.75, "mới xong một việc nhỏ")
    if _leaves_something(left, right):
        return Fact(Kind.PART, clause, 0.9, "xong một phần")
    return Fact(Kind.DONE, clause, _how_sure(scope, left, right), "xong", finish[0])


def _leaves_something(left: str, right: str) -> bool:
    if re.match(
        r"(?:phan (?:viec )?(?:nay|(?:cua )?@me|duoc giao)|nhiem vu|viec nay|noi dung nay|noi dung theo"
        r"|cac noi dung|ca (?:hai|ba|bon|nam|\d+|nhom|doan)|toan bo|tat ca"
        r"|het)(?!\S)(?!.* tru )",
        right,
    ):
        return False
    if re.match(r"(?:co |duoc )?(?:mỗi|moi|chi)(?! (?:tieu|thi|so|dao)(?!\S)) \S", right):
        return True
    if lexicon.PART.match(re.sub(r"^(?:(?:co|duoc|moi|mỗi|chi|cac|xong|bao cao) )+", "", right)) or _is_a_part(right):
        return True
    if (
        re.search(r"(?<!\S)(?:ca )?(?:\d+|hai|ba|bon) (?:viec|nhiem vu|noi dung|muc)(?: (?:deu|da|nay|cung))*$", left)
        and "ca " in left
    ):
        return False
    return (
        re.search(
            r"(?<!\S)(?:phan (?!mem)\S+|buoc \S+|khau \S+|muc \S+|\d+ (?!thi)\S+|du thao|de cuong|mot so \S+"
            r"|vai \S+|mot phan|nhieu \S+)(?: (?:da|thi|cung|coi nhu|deu|lam))*$",
            left,
        )
        is not None
    )


def _not_neutral(words: str) -> list[str]:
    """The words that are not known to be harmless beside "xong"."""
    rest = lexicon.NEUTRAL_PHRASES.sub(" ", words)
    return [word for word in rest.split() if word not in lexicon.NEUTRAL and not word.isdecimal()]


def _how_sure(scope: _Scope, left: str, right: str) -> float:
    """Words beside it that are not known to be harmless make it less sure; a strange one before it makes it ask."""
    before = [word for word in scope.clause.words[: len(left.split())] if word.is_strange]
    unknown = _not_neutral(f"{left} {right}")
    if before:
        return 0.7
    if not unknown:
        return 0.95
    return 0.75


def _bare_evidence(scope: _Scope) -> Iterator[Fact]:
    """ "BC số 45/BC-UBND" alone: the paper itself is the answer; a công văn may be the one that gave the work."""
    said = scope.said
    if re.match(
        r"(?:@me |kem |theo |gui |day la |da co |co )*(?:bao cao|to trinh|ke hoach|quyet dinh|(?:van ban"
        r"|cong van) (?:tra loi|bao cao))(?: (?:so"
        r"|ket qua|tong ket))* @doc(?: .*)?$",
        said,
    ):
        yield Fact(Kind.DONE, scope.clause, 0.75, "số văn bản thay câu trả lời")
        return
    reports = [word for word in scope.clause.words if word.plain == "@doc" and re.search(r"(?i)[/-]bc\b", word.value)]
    if reports and not _not_neutral(said):
        yield Fact(Kind.DONE, scope.clause, 0.75, "số báo cáo thay câu trả lời")


def _nods(scope: _Scope) -> Iterator[Fact]:
    if lexicon.GREETING.fullmatch(scope.said):
        return
    for row in lexicon.ACKNOWLEDGED:
        match = row.pattern.fullmatch(scope.said)
        if match and not re.fullmatch(r"(?:@you|@me|oi| )*", scope.said):
            confidence = 0.6 if "@tick" in scope.said or scope.said == "roi" else 0.9
            yield _fact(scope, Kind.ACKNOWLEDGED, confidence, row, match)
            return
