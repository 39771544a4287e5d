"""How a coordinator speaks of the letters they sent: forms matched whole on folded text, each with its wish."""

import re

_NUMBER = r"(?:so\s)?#?(?P<number>[0-9]{1,6})(?![0-9]|\s?[/%]|[.,\-/][0-9])"
_LETTER = rf"van\s?ban\s{_NUMBER}"
_END = r"[\s.!,;]*"
_PAGE = r"(?:\strang\s(?P<page>[0-9]{1,4}))?"
_ANSWER = r"(?:dung|de sau|khong theo doi|khong co han|chon [0-9]{1,2}|la [a-z0-9](?:[a-z0-9.\-]{0,38}[a-z0-9])?)"
_SHOWN = r"(?P<page>[0-9]{1,6})-(?P<rest>[0-9a-f]{8})"  # the draft's version, and the mark of its preview
_DUTY = r"#?(?P<number>[0-9]{1,6})\."

FORMS: tuple[tuple[str, str], ...] = (
    ("letters", rf"(?:xem\s)?(?:cac\s|danh sach\s)?van\s?ban{_END}"),
    ("letter", rf"(?:xem\s)?{_LETTER}{_END}"),
    ("letter_answer", rf"{_LETTER}\scau\s(?P<rest>[0-9a-f]{{6}}\s{_ANSWER}){_END}"),
    ("letter_question", rf"(?:tra loi\s)?cau\s?hoi\s(?:van\s?ban\s)?{_NUMBER}{_END}"),
    ("letter_ask_again", rf"hoi\s?lai\s(?:van\s?ban\s)?{_NUMBER}{_END}"),
    ("letter_draft", rf"(?:xem\s)?(?:ban\s)?nhap\s(?:van\s?ban\s)?{_NUMBER}{_PAGE}{_END}"),
    ("letter_change", rf"sua\s(?:viec\s)?{_DUTY}(?P<rest>[0-9]{{1,3}}\s.+)"),
    ("letter_change", rf"sua\s{_LETTER}\s(?P<rest>.+)"),
    ("letter_leave_out", rf"bo\s(?:viec\s)?{_DUTY}(?P<rest>[0-9]{{1,3}}){_END}"),
    ("letter_take_up", rf"theo doi\s(?:lai\s)?(?:viec\s)?{_DUTY}(?P<rest>[0-9]{{1,3}}){_END}"),
    ("letter_discard", rf"bo\s{_LETTER}(?P<agreed>\sdong y)?{_END}"),
    ("letter_approve", rf"duyet\s{_LETTER}\sban\s{_SHOWN}(?P<agreed>\sdong y){_END}"),
    ("letter_approve", rf"(?:duyet|xem truoc)\s{_LETTER}{_END}"),
    ("letter_keep", rf"(?:de sau|chua duyet)\s{_LETTER}{_END}"),
    ("letter_page", rf"(?:mo\s)?trang\s{_LETTER}{_END}"),
    ("letter_evidence", rf"minh\s?chung\s{_LETTER}{_END}"),
)
"""Wish by form. "duyệt 12" and "bỏ nhóm" are other wishes: here the word "văn bản" or a number like 3.5 stands."""

CALLED_A_LETTER = re.compile(
    r"(?:day la\s|doc\s|doc giup\s|gui\s)*(?:van ban|cong van|ke hoach|quyet dinh|thong bao|chi thi)"
    r"(?:\s(?:den|moi|nay|can doc|de doc))*[\s.!:]*"
)
"""A caption that says so; without one the file speaks for itself."""
