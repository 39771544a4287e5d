"""Terms of the work whose syllables alone say something else: "chuyển đổi số", "sắp xếp", "chữ ký số", "thương mại".

Such a term is one word, "@thing": the "đổi" in it waits for nothing, the "sắp" is not nearly, the "mại" not tomorrow.
A term written here with accents counts only when it was typed with them: sáp nhập is a merger, "sap nhap" may be
something about to be entered.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.meaning_words import YOU, Word
from planner.folding import fold

THING, ORG = "@thing", "@org"

_TERMS = """
chuyen doi so|chuyen doi vi tri|chuyen doi muc dich|chuyen doi|doi moi sang tao|doi thoai|doi tuong|doi ngoai
doi ngu|doi song|doi tac|bien doi khi hau|hau qua|hoi dong|hoi thi|hoi thao|xa hoi|chu ky so|chung thu so
chu ky dien tu|so hoa|kinh te so|xa hoi so|to cong nghe so|phong chong thien tai|phong chong chay no
phong chong tham nhung|phong chong dich|phong chong ma tuy|phong chong bao lut|phong chong bao|phong chong
phong chay chua chay|phong chay|phong ngua|quoc phong|phong thu|tiem phong|du phong|mot cua lien thong
mot cua dien tu|bo phan mot cua|mot cua|cai cach hanh chinh|thu tuc hanh chinh|dai hoi chi bo|dai hoi diem|du bao
du lich|du dia|du thau|chi tra|chi bo|chi thuong xuyen|chi ngan sach|chi dan dia ly|chi huy truong|giao thong
giao rung|giao quan|giao duc|giao vien|giao dich|cho thue dat|cho dan sinh|thu ngan sach|thu hoi dat|thu hoi
thu hut dau tu|thu gom|thu nhap|thu vien|khong gian mang|khong gian|hang khong|không khí|khong dung tien mat
khong tien mat|hop tac xa|ket hon|ket nghia|ket nap|lien ket|doan ket|mai tang|thuong mai|khuyen mai|tam tru|tam ung
tam vang|tam soat|quan tam|nong thon moi|sai pham|sai sot|nha tam|xoa nha tam|nha dot nat|no dong|no thue
dao tao nghe|day nghe|hoc nghe|lang nghe|khi tuong|khi hau|lo gioi|on dinh|giam dinh|kiem dinh|nhan dinh|gia dinh
dinh danh|dinh gia|dinh huong|dinh canh|huong uoc|quy uoc|can cuoc cong dan|can cuoc|chia se|noi dung neu tren
neu tren|khoang san|can tho|mung tho|chuc tho|sap xep|phan anh kien nghi|phan bien|phan loai|phan cap|phan quyen
phan bon|nhan khau|ho khau|xuat khau|nhap khau|cua khau|khau hieu|danh muc|muc luc
chuong trinh muc tieu quoc gia|chuong trinh muc tieu|tru so|luu tru|cu tru|dan toc thieu so|thieu nhi|giam thieu
gioi thieu|thanh thieu nien|bao hiem y te|bao hiem xa hoi|bao cao vien|ca nhan|don gian hoa|ngay hoi|le hoi|dai hoi
bau cu|cu tri|tiep xuc cu tri|tiep cong dan|quy hoach|quyet toan|de tai|sang kien|đăng ky|sáp nhap|đại hoi đảng
lộ trinh
"""
_ORGANS = """
hoi nong dan|hoi phu nu|hoi lien hiep phu nu|hoi cuu chien binh|hoi chu thap do|hoi nguoi cao tuoi|doan thanh nien
ban chi huy quan su|ban chi huy|mat tran to quoc|mat tran|doi thue|to cong nghe so|kho bac nha nuoc
"""


def _by_first_word(listed: str, plain: str) -> dict[str, list[tuple[list[str], str]]]:
    found: dict[str, list[tuple[list[str], str]]] = {}
    for term in sorted(re.split(r"[|\n]", listed.strip()), key=len, reverse=True):
        found.setdefault(fold(term.split()[0]), []).append((term.split(), plain))
    return found


_BY_FIRST_WORD = _by_first_word(_ORGANS, ORG), _by_first_word(_TERMS, THING)

_LONGEST_TERM = 6


def with_names(words: Sequence[Word]) -> tuple[Word, ...]:
    """The same words, each term one "@thing", "đồng chí" as whoever is spoken to."""
    result: list[Word] = []
    place = 0
    while place < len(words):
        length, plain = _named(words, place)
        if length == 0:
            result.append(words[place])
            place += 1
            continue
        result.append(replace(words[place], plain=plain, end=words[place + length - 1].end, is_strange=False))
        place += length
    return tuple(result)


def _is_said(word: Word, said: str) -> bool:
    return word.plain == said if said.isascii() else word.value.lower() == said


def _named(words: Sequence[Word], place: int) -> tuple[int, str]:
    following = words[place : place + _LONGEST_TERM]
    plain = [word.plain for word in following]
    if plain[:1] == ["dong"] and following[1:] and fold(following[1].value) == "chi":
        return 2, YOU
    for terms in _BY_FIRST_WORD:
        for term, name in terms.get(fold(following[0].value), ()):
            if len(term) <= len(following) and all(map(_is_said, following, term)):
                return len(term), name
    return 0, ""
