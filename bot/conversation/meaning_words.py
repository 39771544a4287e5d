"""From a chat message to plain words: one spelling for "ko", "hok", "khoong" and "không", with a way back to the text.

A word keeps its accents only where they decide between two meanings ("chờ" and "cho", "mốt" and "một"); everything
else is folded, so that accents, none, or half of them give one reading.
"""
# ruff: noqa: SIM905 - a list of words reads as words

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from planner.folding import fold

LONGEST_TEXT = 2000
"""Characters that are read; what is longer is never acted upon without asking."""

LONGEST_WORD = 24
_MIN_FUZZY = 4
_MIN_PIECE = 2

ME, YOU, ASK, LIKE, TICK, DOUBT = "@me", "@you", "@ask", "@like", "@tick", "@doubt"
BREAK = "|"


@dataclass(frozen=True, slots=True)
class Word:
    """Một chữ đã chuẩn hóa. `start` and `end` point into the text as written; `value` is what a "@" stands for."""

    plain: str
    start: int
    end: int
    value: str = ""
    is_repaired: bool = False
    is_strange: bool = False


# --- the tables ---------------------------------------------------------------------------------------------------

_MEANINGFUL_ACCENTS = {
    "chờ": "wait", "đợi": "wait", "tới": "den", "tối": "tối", "nữa": "nữa", "nửa": "nửa", "mốt": "mốt",
    "chữa": "chữa", "chứa": "chứa", "chứ": ASK, "rời": "lui", "dời": "lui", "đăng": "đăng", "hỏng": "hỏng",
    "hổng": "khong", "hông": "khong", "hong": "khong", "mãi": "mãi", "mái": "mái", "sáu": "sáu", "à": ASK, "hả": ASK,
    "hở": ASK, "nhỉ": ASK, "kẹt": "vuong", "đâu": "đâu", "đầu": "dau", "dấu": "dau", "gọi": "gọi", "gói": "gói",
    "lỗi": "lỗi", "kỳ": "kỳ", "kì": "kỳ", "môi": "môi", "mời": "mời", "mọi": "mọi", "mỗi": "mỗi", "hoãn": "lui",
    "lắm": "lắm", "lầm": "nham", "chuyện": "chuyện", "chuyến": "chuyến", "đó": "đó", "độ": "do", "đỏ": "đỏ",
    "ví": "ví", "nợ": "nợ", "nớ": "đó", "trễ": "cham", "trể": "cham", "muộn": "cham", "nới": "lui", "ừ": "ok",
    "bận": "bận", "mô": "đâu", "trẻ": "trẻ", "òi": "roi", "gòi": "roi", "ùi": "roi", "bí": "bí", "rờ": "rờ",
    "sờ": "rờ", "đời": "đời", "lộn": "nham", "rưỡi": "rưỡi", "chùa": "chùa", "mại": "mại", "nêu": "nêu", "khí": "khí",
    "gắn": "gắn", "tượng": "tượng", "trụ": "trụ", "trú": "trú", "trữ": "trữ", "khẩu": "khẩu", "lộ": "lộ", "lô": "lô",
    "thiểu": "thiểu", "thiệu": "thiệu", "nhằm": "nhằm", "nghề": "nghề", "khoáng": "khoáng", "răng": "sao",
    "tồn": "tồn", "thử": "thử", "sông": "sông", "sống": "sống", "gì": "gi", "giảm": "giảm", "tăng": "tăng",
}  # fmt: skip
"""Accented words that must not fall together with another: the reader is "chưa", the table is what it is not."""

_SHORT = {
    "khong": "ko k kg khg khog hok hk hem khum khom kong khongg khog k0 honq hog hum",
    "khong phai": "kp kphai kfai",
    "khong biet": "kbt kobt",
    "duoc": "dc dk duocc dcc dx",
    "roi": "r rui oy roai roy ruii roj roii rr ui",
    "gi": "j ji zi",
    "lam": "lm lamm mần",
    "nay": "ni",
    "co gang": "ráng",
    "xem": "coi",
    "gio": "chừ",
    "viec": "vc vec viecc",
    "bao cao": "bc bcao bcáo",
    "van ban": "vb vban",
    "cong van": "cv cvan",
    "nhiem vu": "nv nvu",
    "huong dan": "hd hdan",
    "so lieu": "sl slieu",
    "phan mem": "pm pmem",
    "hoan thanh": "ht hth hthanh htat",
    "thuc hien": "th",
    "trien khai": "tk tkhai",
    "lanh dao": "ld ldao",
    "ke hoach": "khach",
    "so tai chinh": "stc",
    "van phong": "vp",
    "chua": "chx chuaa chuwa",
    "cung": "cx cug",
    "voi": "vs",
    "vao": "vo vô",
    "bao gio": "bh bjo bgio",
    "the nao": "ntn",
    "hom nay": "hnay hn",
    "hom qua": "hqua hwa",
    "nhung": "nma nhg nhug nhma nhmà",
    "cam on": "tks thks thank thanks thankiu cmon camon ths",
    "ok": "oke okie oki okk okay okela oik okkk uk ukm uh uhm um u ukie yes yep okey okee vang vag vg dạ noted roger",
    "xong": "xog xg xonq xoq done finish finished complete completed xongg sog",
    "dang": "dag dg dangg",
    "han": "deadline",
    "truoc": "trc trk truoc",
    "cham": "tre",
    "gui": "send gởi gưi",
    "hom": "bua",
    "em": "e",
    "minh": "mik mk mih",
    "don vi": "dvi dv",
    "nop": "nopp",
    "ubnd": "ub",
    "nguoi": "ng ngta",
    "nhieu": "nhiu nhìu",
    "chu nhat": "cn",
    "xu ly": "xuly xli",
    "ly": "li",
    "quy": "qui",
    "giup": "dum gium gjup jup",
    "anh": "ah anhh",
    "chi": "c cj chij",
    "anh chi": "ac a/c",
    "vay": "v z zay vayy rứa vầy",
    "biet": "bit",
    "bo phan": "bphan",
}
_SHORTHAND = {short: plain for plain, shorts in _SHORT.items() for short in shorts.split()} | {
    f"t{day}": f"thu {day}" for day in range(2, 8)
}
"""Teencode and office shorthand, by the bare word. "a" is left alone: ạ, à and anh at once."""

_PARTICLES = frozenset(
    "a nhe nha nghen nhen hen luon lun oi ne ak aj thua sir vay nhaa nhee hi hihi hehe haha nhoa đó ta hjhj".split()
)
"""Politeness that carries no meaning here and is dropped."""


VOCABULARY = frozenset(
    """xong hoan thanh tat thien ket thuc gui nop bao cao trinh ban hanh chua khong dang lam thuc hien trien khai xu ly
    roi vuong mac kho khan phan mem kinh phi so lieu van ban huong dan cong viec nhiem vu don vi xin lui gia han
    them ngay tuan thang den truoc cham nhat sang cuoi dau giua mung hom mai kip gan sap co cho doi nhan duoc cua
    ben em anh phai nham giao chuyen thuoc tham quyen chuc nang bat tien do nua mot hai ba bon nam muoi da ro cam on
    tong hop ra soat chinh sua cap nhat ky duyet lanh dao gap bi thieu loi vao nghi cai nay tai nguon nhung nen neu
    khi nao vi tu nghe noi chac hinh nhu thao khung nhap khoang buoc giai doan khau phan trinh phat dong tren phong
    chut dau xa phuong huyen so bo ubnd kinh te moi het du day nhan thu""".split()
)
"""Words that typing mistakes are mended towards."""

_FOREIGN = frozenset(
    "mail email gmail zalo excel word pdf file drive ioffice link fax web website usb token scan online check full app"
    " form google sheet sir ok inbox facebook viber telegram voffice edoc idesk egov vnpt viettel".split()
)
"""What offices say in other languages; anything else that is no syllable is strange, and makes a "xong" asked about."""

_FUZZY = tuple(sorted(word for word in VOCABULARY if len(word) >= _MIN_FUZZY or word in {"xong", "lam", "gui", "nop"}))

_SLIPS = frozenset({"xong", "chua"})
"""Words a slip is mended to even where its keys could spell a syllable of no use here: "xonf"."""

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?(?:"
    r"(?:a|e|i|o|u|y|ia|iu|ai|ao|au|ay|eo|eu|oa|oai|oay|oe|oi|oeo|ua|ui|uo|uoi|uou|uu|uy|ue|uya|uyu|uay|uai|ieu"
    r"|yeu|ie|oao)"
    r"|(?:a|e|i|y|o|u|ie|ye|oa|oe|uo|ua|ue|uy|uye)(?:ng|[cmnpt])|(?:a|e|i|oa|ue|uy|oe)(?:nh|ch))"
)
"""A syllable that Vietnamese can have, without accents; what is none was mistyped or is no Vietnamese."""

_VOWEL = set("aeiouy")
_NEIGHBOURS = {
    pair
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for one, other in pairwise(row)
    for pair in ((one, other), (other, one))
} | {("o", "0"), ("0", "o"), ("i", "1"), ("m", "n"), ("n", "m"), ("s", "x"), ("x", "s"), ("n", "j"), ("p", "o")}

_EMOJI = {
    LIKE: "👍👌🙏🆗🤝❤😊😁🫡👏😄🙂😀🥰💪",
    TICK: "✅☑✔💯",
    DOUBT: "🤔❓❔😅❌⏳",
}
_EMOJI_WORDS = {each: word for word, those in _EMOJI.items() for each in those}

_PAPER = r"(?:bc|cv|kh|qđ|qd|ttr|tb|ubnd|nq|ct|tt|gm|gt|đk|vb)"
_LETTERS = r"[A-Za-zĐđ&]"
_TOKEN = re.compile(
    rf"(?P<doc>(?<![\w/])[0-9]{{1,6}}[a-zA-Z]?\s?(?:/\s?(?:19|20)[0-9]{{2}}\s?)?/\s?[A-ZĐ]{{2}}{_LETTERS}{{0,10}}"
    rf"(?:\s?-\s?[A-ZĐ]{_LETTERS}{{1,11}}){{0,3}}"
    rf"|(?<![\w/])[0-9]{{1,6}}(?:/(?:19|20)[0-9]{{2}})?/(?:{_PAPER}(?!\w)(?:-{_LETTERS}{{1,12}}){{0,3}}"
    rf"|{_LETTERS}{{2,8}}(?:-{_LETTERS}{{1,12}}){{1,3}})"
    rf"|(?<![\w/])[0-9]{{1,6}}-(?:[A-ZĐ]{{2,5}}|(?i:bc|nq|kh|qd|qđ|cv|tb|ct|kl|hd|tt|ttr))/{_LETTERS}{{2,12}})"
    r"|(?P<date>(?<![0-9])[0-9]{1,2}\s?(?:/\s?[0-9]{1,2}\s?/|-\s?[0-9]{1,2}\s?-|\.\s?[0-9]{1,2}\s?\.)"
    r"\s?(?:20[0-9]{2}|[0-9]{2})(?![0-9]))"
    r"|(?P<range>(?<![0-9])[0-9]{1,3}\s?(?:-|–|đến|den)\s?[0-9]{1,3}\s?%)"
    r"|(?P<pct>(?<![0-9.,])[0-9]{1,3}(?:[.,][0-9]{1,2})?\s?(?:%|(?i:phần|phan)\s(?i:trăm|tram)))"
    r"|(?P<clock>(?<![0-9])[0-9]{1,2}\s?(?i:h|g|giờ|gio)(?:\s?[0-9]{2}(?![0-9/]))?(?!\w)|(?<![0-9])[0-9]{1,2}:[0-9]{2})"
    r"|(?P<frac>(?<![0-9/.,])[0-9]{1,4}\s?/\s?[0-9]{1,4}(?![0-9/])|(?<![0-9/.,\-])[0-9]{1,2}[.\-][0-9]{1,2}(?![0-9%]))"
    r"|(?P<mixed>[^\W\d_]+[0-9][^\W_]*)"
    r"|(?P<number>[0-9]+(?:[.,][0-9]+)*)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)"
    r"|(?P<end>[.!?;\n…]|[,:()–—]|(?<=\s)-(?=\s))"
    r"|(?P<sign>[^\w\s])"
)


# --- reading ------------------------------------------------------------------------------------------------------


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text already cleaned (NFC); breaks stand as "|", a question mark as "@ask" and a break."""
    found: list[Word] = []
    for match in _TOKEN.finditer(text[:LONGEST_TEXT]):
        found += _read(match)
    return tuple(_without_lonely_stops(found))


def _read(match: re.Match[str]) -> list[Word]:  # noqa: PLR0911 -- one return a kind of token
    kind, said = match.lastgroup, match[0]
    start, end = match.span()
    if kind in _STAND_INS:
        return [Word(_STAND_INS[kind], start, end, said)]
    if kind in {"word", "mixed"}:
        plain, is_repaired, is_strange = _plain(said.lower())
        if plain in _PARTICLES:
            return []
        return [Word(each, start, end, said, is_repaired, is_strange) for each in plain.split()]
    if kind == "number":
        return [Word(said, start, end, said)]
    if kind == "end":
        breaks = [Word(BREAK, start, end, said)]
        return [Word(ASK, start, end, "?"), *breaks] if said == "?" else breaks
    emoji = _EMOJI_WORDS.get(said)
    if emoji:
        return [Word(BREAK, start, start), Word(emoji, start, end, said), Word(BREAK, end, end)]
    return [Word("#", start, end, said)] if said == "#" else []


_STAND_INS: dict[str | None, str] = {
    "doc": "@doc", "date": "@date", "pct": "@pct", "range": "@range", "frac": "@frac", "clock": "@clock",
}  # fmt: skip


@lru_cache(maxsize=8192)
def _plain(word: str) -> tuple[str, bool, bool]:
    """One or more plain words for one written; whether it was mended, and whether it stays strange."""
    word = re.sub(r"(.)\1{2,}", r"\1", word)[:LONGEST_WORD]
    if word in _MEANINGFUL_ACCENTS:
        return _MEANINGFUL_ACCENTS[word], False, False
    bare = fold(word)
    for known in (word, bare):
        if known in _SHORTHAND:
            return _SHORTHAND[known], False, False
    if bare in VOCABULARY or bare in _PARTICLES or _SYLLABLE.fullmatch(bare):
        return bare, False, False
    return _decoded(word, bare)


def _decoded(word: str, bare: str) -> tuple[str, bool, bool]:
    """A word that is no Vietnamese syllable: left-over keys, another language, a slip, or strange."""
    telex = _from_telex(word)
    slip = _nearest(bare) if telex and fold(telex) not in VOCABULARY else None
    if telex and (slip is None or slip not in _SLIPS):
        return _plain(telex)[0], True, False
    if bare in _FOREIGN:
        return bare, False, False
    mended = _mended(bare)
    return (mended, True, False) if mended else (bare, False, True)


def _mended(bare: str) -> str | None:
    for read in (_from_digits(bare), re.sub(r"(.)\1", r"\1", bare)):
        if read and (read in VOCABULARY or read in _SHORTHAND):
            return _SHORTHAND.get(read, read)
    return _glued(bare) or _nearest(bare)


_TELEX_MARKS = (
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("dd", "đ"),
    ("uow", "ươ"),
    ("aw", "ă"),
    ("ow", "ơ"),
    ("uw", "ư"),
)
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}


def _from_telex(word: str) -> str | None:
    """Keys of an accent that stayed letters: "rooif" is rồi, "ddang" đang, "chowf" chờ; None when it is no syllable."""
    letters = unicodedata.normalize("NFC", word)
    for keys, letter in _TELEX_MARKS:
        letters = letters.replace(keys, letter)
    tone = ""
    is_toned = any(mark in _TELEX_TONES.values() for mark in unicodedata.normalize("NFD", word))
    for place in range(0 if is_toned else len(letters) - 1, 0, -1):
        if letters[place] in _TELEX_TONES and _VOWEL & set(fold(letters[:place])):
            tone = _TELEX_TONES[letters[place]]
            letters = letters[:place] + letters[place + 1 :]
            break
    if letters == word or not _SYLLABLE.fullmatch(fold(letters)):
        return None
    return _with_tone(letters, tone)


def _with_tone(letters: str, tone: str) -> str:
    """The tone on the vowel that carries it: the one with a mark, else the last before a consonant."""
    vowels = [place for place, letter in enumerate(letters) if fold(letter)[:1] in _VOWEL]
    if not tone or not vowels:
        return letters
    marked = [place for place in vowels if letters[place] not in _VOWEL]
    is_closed = vowels[-1] < len(letters) - 1
    carrier = marked[-1] if marked else vowels[-1] if is_closed or len(vowels) == 1 else vowels[-2]
    return unicodedata.normalize("NFC", letters[: carrier + 1] + tone + letters[carrier + 1 :])


def _from_digits(bare: str) -> str | None:
    """VNI keys and a zero for an o: "ro6i2", "d9ang", "x0ng"."""
    if not any(letter.isdigit() for letter in bare):
        return None
    for read in (bare.replace("0", "o").replace("1", "i"), re.sub(r"[0-9]", "", bare)):
        if read in VOCABULARY:
            return read
    return None


_GLUED_PARTICLES = ("nghen", "nhe", "nha", "aj", "a")


def _glued(bare: str) -> str | None:
    """ "xongroi", "chuaxong": two or three words of ours without the spaces."""
    for particle in _GLUED_PARTICLES:
        rest = bare.removesuffix(particle)
        if rest != bare and (rest in VOCABULARY or (len(rest) > _MIN_FUZZY and _glued(rest))):
            return rest if rest in VOCABULARY else _glued(rest)
    for cut in range(_MIN_PIECE, len(bare) - 1):
        head, tail = bare[:cut], bare[cut:]
        if head not in VOCABULARY or len(tail) < _MIN_PIECE:
            continue
        if tail in VOCABULARY:
            return f"{head} {tail}"
        for again in range(_MIN_PIECE, len(tail) - 1):
            if tail[:again] in VOCABULARY and tail[again:] in VOCABULARY:
                return f"{head} {tail[:again]} {tail[again:]}"
    return None


def _nearest(bare: str) -> str | None:
    """The one word a single slip of a finger away; letters changing places come before a key beside the key."""
    near = [word for word in _FUZZY if abs(len(word) - len(bare)) <= 1 and OSA.distance(word, bare) == 1]
    for rule in (_is_swap, _is_neighbour, _is_not_the_end):
        fitting = [word for word in near if rule(word, bare)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _is_not_the_end(word: str, _bare: str) -> bool:
    """A letter too many or too few: never made into "xong", which would end the work."""
    return word != "xong"


def _is_swap(word: str, bare: str) -> bool:
    return sorted(word) == sorted(bare)


def _is_neighbour(word: str, bare: str) -> bool:
    if len(word) != len(bare):
        return False
    different = [pair for pair in zip(word, bare, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and different[0] in _NEIGHBOURS


def _without_lonely_stops(words: list[Word]) -> list[Word]:
    """Two breaks in a row are one."""
    kept: list[Word] = []
    for word in words:
        if word.plain == BREAK and (not kept or kept[-1].plain == BREAK):
            continue
        kept.append(word)
    return kept


def cleaned(text: str) -> str:
    """NFC, without control and direction-changing characters, smileys of signs turned to spaces; newlines stay."""
    kept = "".join(
        each if each in "\n\t" or unicodedata.category(each) not in _HIDDEN else " " if each in "\r\x0b\x0c" else ""
        for each in unicodedata.normalize("NFC", text)
    )
    return unicodedata.normalize("NFC", kept).strip()


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
