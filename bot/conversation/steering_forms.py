"""How a coordinator speaks: forms matched whole on folded text, each with the name of the wish it stands for."""

from planner.plain_text import plain

_WORK = (
    r"(?:viec\s)?#?(?P<number>[0-9]{1,6})(?![0-9]|\s?[/%]|[.,\-][0-9])"
    r"(?:\s?@(?P<unit>[a-z0-9](?:[a-z0-9.\-]{0,60}[a-z0-9])?))?"
)
_END = r"[\s.!,;👍✅🙏]*"
_AFTER = r"(?:[\s:,.\-]\s?(?P<rest>.+))?"
_NAME = r"(?:\s(?P<rest>.+?))??"
_OFFICE = r"(?:so|ubnd|huyen|thi xa|thanh pho|tp|xa|phuong|thi tran|ban|cuc|van phong|vp|trung tam|thanh tra|cong an)\s"
_PAGE = r"(?:\strang\s(?P<page>[0-9]{1,4}))?"
_AGREED = r"(?P<agreed>\sdong y)?"
_CHANNEL = r"telegram|zalo(?:[\s\-]?oa)?|trang thu"
"""Whatever else follows "kênh" is about a canal or a plan, not about us."""

FORMS: tuple[tuple[str, str], ...] = (
    ("history", rf"(?:lich su|qua trinh)\s{_WORK}{_NAME}{_PAGE}{_END}"),
    ("decisions", rf"(?:cho\s|can\s)?duyet(?:\s(?P<rest>nop|gia han|vuong mac|vuong|chuyen))?{_PAGE}{_END}"),
    ("accept", rf"duyet\stat ca(?:\s(?P<rest>[0-9]{{1,6}})\sviec)?{_AGREED}{_END}"),
    ("accept", rf"duyet\s{_WORK}{_NAME}{_END}"),
    ("return", rf"tra[\s_]?lai\s{_WORK}{_AFTER}"),
    ("grant", rf"cho(?:\sphep)?[\s_]?(?:lui|gia[\s_]?han)\s{_WORK}{_AFTER}"),
    ("refuse", rf"(?:khong|ko)[\s_]?cho(?:[\s_]phep)?(?:[\s_](?:lui|gia[\s_]?han))?\s{_WORK}{_AFTER}"),
    ("unblocked", rf"(?:da\s)?(?:het|go|thao go)\svuong(?:\s?mac)?\s{_WORK}\s(?P<rest>{_OFFICE}.*?){_END}"),
    ("move", rf"chuyen\s{_WORK}{_AFTER}"),
    ("keep", rf"giu(?:\snguyen)?\s{_WORK}{_NAME}{_END}"),
    ("summary", rf"(?:tong[\s_]?hop|thong[\s_]?ke)(?:\s(?P<rest>.+?))??{_PAGE}{_END}"),
    ("silent", rf"(?:don vi\s)?chua[\s_]?phan[\s_]?hoi(?:\s(?P<rest>.+?))??{_PAGE}{_END}"),
    ("calendar", rf"lich(?:\s(?:sap toi|hai tuan|2 tuan))?{_PAGE}{_END}"),
    ("export", rf"xuat(?:\s(?:excel|xlsx))?{_NAME}{_END}"),
    ("nudge_all", rf"nhac(?:\sviec)?\s(?P<rest>(?!(?:em|toi|minh|lai|anh|chi|sau|mai)\b)[^0-9\s].*?){_AGREED}{_END}"),
    ("channels", rf"kenh(?:\s(?:(?P<number>[0-9]{{1,2}})|(?P<rest>{_CHANNEL}))(?:\struoc)?)?{_END}"),
    ("quota", rf"(?:quota|han\s?muc)(?:\stin)?{_END}"),
    ("assign", r"giao\s(?:viec\s)?(?:cho\s)?(?P<rest>[^0-9\s].*)"),
)
"""Wish by form, the first that matches counts. "giao 12 …" is another wish: giving one's own work to an officer."""


def asks_all(words: str) -> bool:
    """ "tất cả", "tất cả các đơn vị"."""
    return plain(words) in ("tat ca", "tat ca don vi", "tat ca cac don vi", "het")


def kind_asked(words: str) -> str | None:
    """Which part of the queue was asked for: nop, gia han, vuong, chuyen; None: all of it."""
    said = plain(words)
    return "vuong" if said.startswith("vuong") else (said or None)
