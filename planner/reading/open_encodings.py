"""Which letters the bytes of a plain text mean: Unicode where they say so, old Vietnamese code pages where it is sure.

TCVN3 (".VnTime", TCVN 5712:1993) and VNI ("VNI-Times") wrote Vietnamese before Unicode; offices still have such files,
and text pasted from them into new ones. A guess would change words silently, so what is not sure is refused.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from models.errors import UnreadableFileError
from planner.plain_text import tidy
from planner.reading.paper import Block, Paragraph, Row, Table

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđ",  # from 0xA1
    "àảãáạ\0ằẳẵắ",  # from 0xB5
    "ặầẩẫấậè\0ẻẽéẹềểễếệìỉ\0\0\0ĩíịò\0ỏõóọồổỗốộờởỡớợù\0ủũúụừửữứựỳỷỹýỵ",  # from 0xC6
)
_FROM_TCVN3 = {
    chr(start + place): letter
    for start, letters in zip((0xA1, 0xB5, 0xC6), _TCVN3, strict=True)
    for place, letter in enumerate(letters)
    if letter != "\0"
}
# 0xBE (ắ) closes the second run; 0xBA and 0xBF are free

_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_VOWELS = {
    "a": {"â": "â", "á": "ấ", "à": "ầ", "å": "ẩ", "ã": "ẫ", "ä": "ậ"}
    | {"ê": "ă", "é": "ắ", "è": "ằ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ"},
    "e": {"â": "ê", "á": "ế", "à": "ề", "å": "ể", "ã": "ễ", "ä": "ệ"},
    "o": {"â": "ô", "á": "ố", "à": "ồ", "å": "ổ", "ã": "ỗ", "ä": "ộ"},
}  # fmt: skip
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ñ": "đ", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    pairs = {vowel + mark: letter for vowel, marks in _VNI_VOWELS.items() for mark, letter in marks.items()}
    for carrier, letter in {**{each: each for each in "aeouy"}, "ô": "ơ", "ö": "ư"}.items():
        pairs |= {carrier + mark: unicodedata.normalize("NFC", letter + tone) for mark, tone in _VNI_TONES.items()}
    lower = pairs | _VNI_ALONE
    return lower | {key.upper(): letter.upper() for key, letter in lower.items()} | _capital_first(lower)


def _capital_first(lower: dict[str, str]) -> dict[str, str]:
    """A capital with the mark of a small letter, as in "Uû ban"."""
    return {key[0].upper() + key[1]: letter.upper() for key, letter in lower.items() if len(key) == 2}  # noqa: PLR2004


_FROM_VNI = _vni_table()
_VNI_PAIR = re.compile("|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)))

_COMMON = """
của các ngày tháng năm nhân dân tỉnh thực hiện được trước báo cáo văn bản việc kế hoạch ủy uỷ sở phòng đơn vị hoàn
thành về tại với những người để không một số quyết định thủ tục hành chính cơ
"""
_ACCENTED = frozenset(word for word in _COMMON.split() if not word.isascii())
"""Syllables that no official letter does without, and that a wrong code page does not produce."""
_ENOUGH = 5
"""Different ones of them that make a reading sure, and twice as many as any other reading has."""


def text_of(content: bytes) -> str:
    """NFC text. Raises UnreadableFileError("encoding") where more than one reading is possible."""
    return unicodedata.normalize("NFC", _decoded(content).replace("\0", ""))


def _decoded(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strictly(content, name)
    if (wide := _unmarked_utf16(content)) is not None:
        return wide
    try:
        return mended(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _from_code_page(content)


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("encoding") from error


_SAMPLE = 4000


def _unmarked_utf16(content: bytes) -> str | None:
    """Half of the bytes of Vietnamese in UTF-16 are zeros or small, always on the same side."""
    sample = content[:_SAMPLE]
    if len(sample) < 4 or b"\0" not in sample:  # noqa: PLR2004 -- two characters
        return None
    for side, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[side::2]
        if high.count(0) > len(high) / 3 and not sample[1 - side :: 2].count(0):
            return _strictly(content, name)
    return None


def _from_code_page(content: bytes) -> str:
    readings = [
        reading
        for reading in (_by("cp1258", content), from_tcvn3(content.decode("latin-1")), _vni_bytes(content))
        if reading is not None
    ]
    readings.sort(key=_weight, reverse=True)
    best, *others = readings
    if not _is_sure(best, others):
        raise UnreadableFileError("encoding")
    return best


def _by(name: str, content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", content.decode(name))
    except UnicodeDecodeError:
        return None


def _vni_bytes(content: bytes) -> str | None:
    text = _by("cp1252", content)
    return None if text is None else from_vni(text)


def mended(text: str) -> str:
    """Words of the old code pages inside a Unicode text put right where that is sure; all other text as it is."""
    if text.isascii() or _weight(text) >= _ENOUGH:
        return text
    best = max((from_tcvn3(text), from_vni(text)), key=_weight)
    return best if _is_sure(best, [text]) else text


SOFT_HYPHEN, KEPT = "\xad", "\ue0ad"
"""Elsewhere a place to break a word, in TCVN3 the letter ư: kept aside until it is known which it is."""


def tidied(text: str) -> str:
    """Tidy words for `mended_blocks`."""
    return tidy(text.replace(SOFT_HYPHEN, KEPT))


def mended_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same for a document: one decision for all of its words."""
    text = " ".join(word for block in blocks for word in _words_of(block))
    if KEPT not in text and (text.isascii() or _weight(text) >= _ENOUGH):
        return tuple(blocks)
    plain = text.replace(KEPT, "")
    mend = max((from_tcvn3, from_vni), key=lambda each: _weight(each(text)))
    is_old = _weight(plain) < _ENOUGH and _is_sure(mend(text), [plain])
    return tuple(_changed(block, mend if is_old else _without_kept) for block in blocks)


def _without_kept(text: str) -> str:
    return text.replace(KEPT, "")


def _words_of(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
    else:
        yield from (cell.text for row in block.rows for cell in row.cells)


def _changed(block: Block, mend: Callable[[str], str]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=mend(block.text))
    rows = (Row(tuple(replace(cell, text=mend(cell.text)) for cell in row.cells), row.page) for row in block.rows)
    return Table(tuple(rows))


def from_tcvn3(text: str) -> str:
    """`text` as Latin-1 letters of the same bytes."""
    return "".join(_FROM_TCVN3.get(letter, letter) for letter in text.replace(KEPT, SOFT_HYPHEN))


def from_vni(text: str) -> str:
    """`text` as Windows-1252 letters of the same bytes."""
    return _VNI_PAIR.sub(lambda found: _FROM_VNI[found[0]], _without_kept(text))


def _is_sure(best: str, others: list[str]) -> bool:
    return _weight(best) >= _ENOUGH and all(_weight(best) >= 2 * _weight(each) for each in others)


def _weight(text: str) -> int:
    """How many of the common accented syllables occur; those without accents look the same in every code page."""
    return len(_ACCENTED & set(unicodedata.normalize("NFC", text).casefold().split()))
