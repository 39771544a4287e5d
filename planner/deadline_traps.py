"""What looks like a deadline and is not: citations, data cut-offs, effect clauses, budgets, "trước" a person.

Most dates in official texts are these. They are cut out before any deadline is looked for, so that "theo Kế hoạch
số 146/KH-UBND ngày 31/7/2024, hoàn thành trước ngày 10/11/2024" keeps only its deadline.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from planner.deadline_words import DAY, named_day

CUT = " ¦ "
"""Stands where a trap was, so that the words on its two sides never join into a deadline."""

_DOCUMENT = (
    r"(?:ke hoach|cong van|cong dien|quyet dinh|nghi quyet|nghi dinh|thong tu|thong bao|thong tri|chi thi|ket luan"
    r"|luat|bo luat|phap lenh|to trinh|van ban|huong dan|giay moi|de an|bien ban|hop dong|phieu|quy che|quy dinh)"
)
_PREPOSITION = (
    r"(?:truoc|cham|muon|den|het|trong|vao|khong|tu|ke|la|sau|qua|toi|hoan|xong|gui|nop|trinh|bao|thuc|ngay|khi|to)"
)
_CODE = (
    r"(?:(?:\bso\s*:?\s*)?\b\d{1,5}[a-z]?\s*(?:/\s*\d{4}\s*)?/\s*[a-z][a-z0-9]*(?:\s?[-/&.]\s?[a-z0-9]+)*"
    r"|(?:\bso\s*:?\s*)?\b\d{1,4}-[a-z]{1,5}/[a-z][a-z0-9]*(?:[-/&.][a-z0-9]+)*"
    r"|\bso\s*:?[\s._]*/\s*[a-z][a-z0-9]*(?:\s?[-/&]\s?[a-z0-9]+)*)"
)
_BLANK_DAY = r"(?:[\s._]*thang[\s._\d]*nam(?:\s*\d{2,4}|[\s._]*))"
_MONEY = (
    r"(?:du toan|kinh phi|ngan sach|nguon chi|nguon von|chi thuong xuyen|dinh muc|quyet toan|tien luong|von dau tu)"
)
_PROGRAMME = r"(?:chuong trinh|de an|chien luoc|quy hoach|ke hoach|du an|nghi quyet|khung|muc tieu quoc gia)"


@dataclass(frozen=True, slots=True)
class Trap:
    """Một dạng chữ dễ nhầm là thời hạn. `why` completes the sentence "Không phải thời hạn: …".

    `holds` is asked, with the document's date, when the words alone do not decide.
    """

    pattern: re.Pattern[str]
    why: str
    holds: Callable[[re.Match[str], date], bool] = lambda _match, _base_on: True


def _is_past(match: re.Match[str], base_on: date) -> bool:
    """A cut-off lies at or before the document; the same words about a later day are a target."""
    named = named_day(match["date"], base_on)
    return named is not None and not named.is_year_assumed and named.day <= base_on


def _trap(pattern: str, why: str, holds: Callable[[re.Match[str], date], bool] | None = None) -> Trap:
    compiled = re.compile(pattern, re.ASCII)
    return Trap(compiled, why) if holds is None else Trap(compiled, why, holds)


CITED = "ngày của văn bản được viện dẫn"
DATA = "mốc chốt số liệu"
LATE = "mốc nói về việc đã chậm"

TRAPS: tuple[Trap, ...] = (
    _trap(r"\b(?:thoi gian ky|nguoi ky|ky boi|ngay ky\s*:)[^;]*", "dấu thời gian của chữ ký số"),
    _trap(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{4}[ ,]+\d{1,2}:\d{2}:\d{2}(?:\s*[+-]\d{2}:?\d{2})?",
          "dấu thời gian của chữ ký số"),
    _trap(rf"{_CODE}[\s,]*\(?\s*(?:(?:ra|de|lap|ky|ban hanh) )?ngay\s*(?:{DAY}|{_BLANK_DAY})", CITED),
    _trap(rf"{_CODE}\s*\(\s*{DAY}\s*\)", CITED),
    _trap(
        rf"\b{_DOCUMENT}(?: so\s*:?\s*\d+\S*)?(?: (?!{_PREPOSITION}\b)[a-z0-9/-]+){{0,5}},?"
        rf"(?: (?:da )?(?:ky|ban hanh))? ngay\s*(?:{DAY}|{_BLANK_DAY})",
        CITED,
    ),
    _trap(rf"\b(?:da )?(?:ban hanh|duoc ky|ky) ngay\s*{DAY}", CITED),
    _trap(rf"^(?:(?!{_PREPOSITION}\b)[a-z]+ ){{0,5}}[a-z]+, ngay\s*(?:\d{{1,2}} thang \d{{1,2}} nam \d{{4}}"
        rf"|{_BLANK_DAY})$",
          "ngày của chính văn bản"),
    _trap(_CODE, CITED),
    _trap(
        rf"\b(?:co|het|phat sinh) hieu luc(?: thi hanh| thuc hien| ap dung)?(?:,? (?:ke tu|tu|den|vao|tinh tu|sau))?"
        rf"(?: (?:het )?(?:ngay )?(?:{DAY}|ky ban hanh|ky|ban hanh|thong qua))?",
        "điều khoản hiệu lực",
    ),
    _trap(rf"\b(?:tinh|so lieu|luy ke|chot so lieu|cap nhat so lieu|so lieu chot|so lieu tinh|thong ke)"
          rf"(?: tu (?:ngay )?{DAY})? (?:den|toi)(?: het)?(?: thoi diem)?(?: ngay)?\s*{DAY}", DATA),
    _trap(rf"\b(?:so lieu|ky bao cao|thoi diem lay so lieu|thoi gian lay so lieu|thoi diem chot so lieu|chot so lieu)"
          rf"[^,;.]{{0,40}}?(?:tu )?(?:ngay )?{DAY} (?:den|-)(?: het)?(?: ngay)?\s*{DAY}", DATA),
    _trap(rf"\bluy ke\b[^,;.\d]{{0,30}} (?:den|toi)(?: het)?(?: ngay)?\s*{DAY}", DATA),
    _trap(rf"\b(?:chua den|sau (?:thoi (?:han|diem|gian)|han))\s*(?:ngay\s*)?{DAY}", LATE),
    _trap(rf"(?<!khong )(?<!khong de )(?<!khong duoc )(?<!cham )(?<!muon )(?<!tre )\bqua (?:han )?ngay\s*{DAY}", LATE),
    _trap(rf"\bden (?:ngay\s*)?{DAY},? (?:ma|neu) (?:van )?(?:chua|khong)\b", LATE),
    _trap(rf"\bchot so lieu(?: bao cao)?(?: vao)? ngay\s*{DAY}", DATA),
    _trap(rf"\(?\bden(?: het)?(?: thoi diem)? (?:ngay )?(?P<date>{DAY})\s*\)?,?\s*"
          r"(?:[a-z ]{0,40}?\b)?(?:da )?(?:co|dat|tiep nhan|giai quyet|hoan thanh|con|la)\b[^;]{0,40}?\d",
          DATA, _is_past),
    _trap(r"\bso voi (?:cung ky )?(?:nam|thang|quy)\s*\S+(?:\s*nam \d{4})?|\bcung ky(?: nam(?: \d{4}"
        r"| truoc)?)?", "so sánh cùng kỳ"),
    _trap(rf"\b{_MONEY}\b[^,;.0-9]*?\b(?:hang (?:nam|quy|thang)|nam \d{{4}}(?:\s*-\s*\d{{4}})?|thuong xuyen)"
          r"(?: (?:giao )?hang nam)?", "cụm từ về kinh phí"),
    _trap(r"\b(?:nhiem vu|hoat dong) thuong xuyen (?:giao )?hang nam", "cụm từ về kinh phí"),
    _trap(rf"\b{_PROGRAMME}\b(?: [a-z0-9()-]+){{0,14}}? (?:giai doan \d{{4}}\s*-\s*\d{{4}}|den nam \d{{4}}"
          r"(?:,? (?:tam nhin|dinh huong) den (?:nam )?\d{4})?)", "thời kỳ của chương trình, đề án"),
    _trap(r"\bgiai doan \d{4}\s*-\s*\d{4} (?:tai|theo|cua|ban hanh)\b", "thời kỳ của chương trình, đề án"),
    _trap(r"\b(?:tam nhin|dinh huong)(?: phat trien)?(?: den)?(?: nam)? \d{4}", "thời kỳ của chương trình, đề án"),
    _trap(r"\b(?:chiu )?trach nhiem truoc\b", "“trước” một cơ quan, một người"),
    _trap(r"\btruoc (?:phap luat|uy ban|ubnd|hdnd|hoi dong|chu tich|thu tuong|chinh phu|dang uy|tinh uy|thanh uy"
          r"|ban thuong vu|thu truong|giam doc|nhan dan|cap tren|cu tri|quoc hoi|bo truong|bi thu|thuong truc|to chuc"
          r"|cong chung|toa|bi thu|co quan)\b", "“trước” một cơ quan, một người"),
    _trap(r"\b(?:dung|som|qua)(?:(?: va| hoac|,|/) (?:truoc|som|dung|qua))? (?:thoi )?(?:han|tien do)\b"
          r"|\b(?:dung(?: va| hoac|,|/) )?truoc (?:thoi )?(?:han|tien do)\b(?!\s*[:\d]|\s+(?:cuoi|chot|la|ngay|nop"
          r"|\d))",
          "so với thời hạn, không nêu thời hạn"),
    _trap(r"(?<!ngay )(?<!viec )(?<!gio )(?<!tuan )(?<!thang )\btruoc khi\b"
        r"(?! (?:(?:buoc )?vao|bat dau|ket thuc|khai giang) (?:nam hoc|mua|vu|ky|tet|dip)\b)(?!.*\b(?:it nhat|toi thieu"
        r"|cham nhat)?\s*\d+ (?:ngay|gio)\b)(?! het)[^,;.]*", "“trước khi” một việc, không có ngày"),
    _trap(r"\btruoc (?:day|mat|het|tien|do|nay|kia|sau)\b(?!\s*(?:ngay|thang|quy|nam"
        r"|\d))", "“trước” không chỉ thời hạn"),
    _trap(rf"\bky niem(?: [a-z0-9]+){{0,8}}?(?: ngay)?(?: [a-z]+){{0,8}}? \(?{DAY}\)?", "ngày kỷ niệm"),
    _trap(rf"\bsinh ngay\s*{DAY}", "ngày sinh"),
)  # fmt: skip


def cut_traps(text: str, base_on: date) -> tuple[str, list[str]]:
    """The text without its traps, and why each was cut, in the order of the table."""
    reasons: list[str] = []
    for trap in TRAPS:

        def cut(match: re.Match[str], trap: Trap = trap) -> str:
            if not trap.holds(match, base_on):
                return match[0]
            reasons.append(trap.why)
            return CUT

        text = trap.pattern.sub(cut, text)
    return text, reasons
