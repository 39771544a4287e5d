"""Words that only their neighbours tell: "ch" is chưa before a verb, "tới" is tôi or đến, "hong" không or hỏng."""
# ruff: noqa: SIM905 - a list of words reads as words

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.conversation.meaning_words import ASK, BREAK, ME, YOU, Word

_ME = frozenset("em minh tui tớ".split())
_YOU = frozenset("anh chi sep".split())
_AFTER_A_NOT = frozenset(
    "xong lam co gui nop hoan bat trien kip thuc bao duoc ro dong xu tien nhan thay phai vuong biet can".split()
)


_AFTER_BROKEN = frozenset({"", BREAK, YOU, "anh", "chi", "roi", "het"})
_BREAKS = frozenset("may tinh in bi mang scan mem thong usb token chu server".split())
_IN_THE_WAY = frozenset("mat kinh von so phan thu gi mac quy co o khau ho he nguon can".split())
_SPANS = frozenset("tuan thang nam quy ky".split())
_NOT_A_SISTER = frozenset(
    "huy dao cuc tieu phi tra con so dat moi co phoi la thi can phai lam xong bo nhanh tiet ngan".split()
)


_CLOSES = frozenset({"", BREAK, YOU, "anh", "chi", ASK})
_MEANS_GUI = frozenset({"bao", "cho", "roi", "qua", ME, YOU, "xong", "em", "anh", "van"})
_UP_TO = frozenset("hoan doi lui dung rờ ro so".split())
"""Before "toi" these make it tới: hoãn tới, đụng tới."""
_NOT_I = re.compile(
    r"[0-9@]|(?:thu|cuoi|dau|giua|tuan|thang|truoc|luot|sang|chieu|trua|het|ngay|mai|mung|han|nay|ben|mot)$"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A word where it stands. `before` is already told by its own neighbours, `following` not yet."""

    word: Word
    before: str
    following: str

    @property
    def said(self) -> str:
        return re.sub(r"(.)\1{2,}", r"\1", self.word.value.lower())


def with_neighbours(words: Sequence[Word]) -> tuple[Word, ...]:
    """The same words, each as its neighbours tell; who speaks and who is spoken to as "@me" and "@you"."""
    result: list[Word] = []
    for place, word in enumerate(words):
        following = words[place + 1].plain if place + 1 < len(words) else ""
        before = result[-1].plain if result else ""
        if word.plain == "phai" and before == "khong" and word.value.lower() == "kp" and _wants_money(result):
            result[-1] = replace(result[-1], plain="kinh")
            result.append(replace(word, plain="phi"))
            continue
        at = _Place(word, before, following)
        plain = next((told for rule in _RULES if (told := rule(at)) is not None), word.plain)
        result.append(replace(word, plain=plain) if plain != word.plain else word)
    return tuple(word for word in result if word.plain)


def _chu(at: _Place) -> str | None:
    """Chứ at the end asks or insists; before more words it opens another clause."""
    is_chu = at.said == "chứ" and at.following not in {"", BREAK, YOU, ASK, *_YOU}
    return BREAK if is_chu else None


def _toi(at: _Place) -> str | None:
    """Tới, tối or tôi."""
    if at.word.plain == "toi" and at.before in _UP_TO:
        return "den"
    if at.before in _SPANS and at.word.plain in {"den", "toi"} and at.said in {"tới", "toi"}:
        return "toi"
    return None


def _asks(at: _Place) -> str | None:
    """Hả, nhỉ without their accents, closing a clause."""
    is_laugh = "ha" in {at.before, at.following} or at.before == ASK
    return ASK if at.word.plain in {"ha", "nhi"} and at.following in _CLOSES and not is_laugh else None


def _chua(at: _Place) -> str | None:
    """Chưa as "ch", or mistyped "chauw"."""
    is_slip = at.word.plain == "chau" and at.said.isascii() and at.following in _AFTER_A_NOT
    is_short = at.word.plain == "ch" and (at.following in _AFTER_A_NOT or not at.following)
    return "chua" if is_slip or is_short else None


def _khong(at: _Place) -> str | None:
    """ "kh": không before a verb, kế hoạch before anything else."""
    if at.word.plain != "kh":
        return None
    return "khong" if at.following in _AFTER_A_NOT else "ke hoach"


def _deeds(at: _Place) -> str | None:
    """Muộn, đăng, mần and gửi by what stands beside them."""
    plain = at.word.plain
    if plain == "muon" and at.before in {"nop", "gui", "cao"}:
        return "cham"
    if plain == "dang" and at.before == "da" and at.following in _PUBLISHED:
        return "đăng"
    if plain == "man" and at.before in {"chua", "dang", "khong", "da", "di"}:
        return "lam"
    return "gui" if plain == "goi" and at.following in _MEANS_GUI else None


def _obstacles(at: _Place) -> str | None:
    """ "Máy tính hong" is hỏng, "vg kinh phí" is vướng."""
    if at.said == "hong" and at.before in _BREAKS and at.following in _AFTER_BROKEN:
        return "hỏng"
    return "vuong" if at.said == "vg" and at.following in _IN_THE_WAY else None


def _who(at: _Place) -> str | None:
    plain = at.word.plain
    if plain in _ME or (plain in {"toi", "tao"} and not _NOT_I.match(at.following)):
        return ME
    if plain in _YOU and (plain != "chi" or _is_sister(at.word, at.following)):
        return YOU
    return None


_PUBLISHED = frozenset("len tai cong roi xong web trang".split())
_RULES: tuple[Callable[[_Place], str | None], ...] = (_chu, _toi, _asks, _chua, _deeds, _obstacles, _khong, _who)


def _is_sister(word: Word, following: str) -> bool:
    """Chị, and not chỉ, chi cục, chi phí."""
    return word.value.lower() in {"chị", "chi", "c", "cj", "chij", "ac"} and following not in _NOT_A_SISTER


def _wants_money(so_far: list[Word]) -> bool:
    return len(so_far) > 1 and so_far[-2].plain in {"co", "thieu", "het", "cho", "du", "xin", "cap", "wait"}
