"""What a message asks for, from its words alone. Pure; only what is surely meant is understood, the rest is asked.

Every form is matched whole, never searched for inside a sentence: "chưa xong", "xong chưa", "mai xong" and "sắp xong"
hold the word and are not the answer, and a false "xong" is the worst mistake there is.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.conversation.incoming import KEPT_CHARACTERS
from bot.conversation.letter_forms import FORMS as LETTERS
from bot.conversation.steering_forms import FORMS as STEERING
from planner.people import CODE_ALPHABET, CODE_LENGTH
from reminders.wording import clean


class Intent(StrEnum):
    """Ý của một tin."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    EXTENSION = "extension"
    NOT_STARTED = "not_started"
    NOTHING_NEW = "nothing_new"
    WRONG_UNIT = "wrong_unit"
    DELEGATE = "delegate"
    GROUP = "group"
    UNGROUP = "ungroup"
    SEVERAL = "several"
    UNDO = "undo"
    CANCEL = "cancel"
    YES = "yes"
    NUMBER = "number"
    SHOW = "show"
    LIST = "list"
    STANDING = "standing"
    TODAY = "today"
    THIS_WEEK = "this_week"
    OVERDUE = "overdue"
    NUDGE_ALL = "nudge_all"
    HISTORY = "history"
    DECISIONS = "decisions"
    ACCEPT = "accept"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"
    MOVE = "move"
    KEEP = "keep"
    SUMMARY = "summary"
    SILENT = "silent"
    CALENDAR = "calendar"
    EXPORT = "export"
    ASSIGN = "assign"
    CHANNELS = "channels"
    QUOTA = "quota"
    LETTERS = "letters"
    LETTER = "letter"
    LETTER_ANSWER = "letter_answer"
    LETTER_QUESTION = "letter_question"
    LETTER_ASK_AGAIN = "letter_ask_again"
    LETTER_DRAFT = "letter_draft"
    LETTER_CHANGE = "letter_change"
    LETTER_LEAVE_OUT = "letter_leave_out"
    LETTER_TAKE_UP = "letter_take_up"
    LETTER_DISCARD = "letter_discard"
    LETTER_APPROVE = "letter_approve"
    LETTER_KEEP = "letter_keep"
    LETTER_PAGE = "letter_page"
    LETTER_EVIDENCE = "letter_evidence"
    HELP = "help"
    START = "start"
    GREETING = "greeting"
    ACKNOWLEDGED = "acknowledged"
    UNKNOWN = "unknown"


ANSWERS = frozenset(
    {
        Intent.DONE, Intent.IN_PROGRESS, Intent.BLOCKED, Intent.UNBLOCKED, Intent.EXTENSION, Intent.NOT_STARTED,
        Intent.NOTHING_NEW, Intent.WRONG_UNIT,
    }
)  # fmt: skip
"""What changes the state of one assignment."""

DECIDING = frozenset({Intent.ACCEPT, Intent.GRANT, Intent.REFUSE, Intent.MOVE, Intent.KEEP})
"""What a coordinator decides; "duyệt 12 chưa?" decides nothing."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Điều hiểu được. `rest` is what was said beyond the command, in the person's own spelling.

    `day` is the one promised or asked for. What is not `is_sure` is confirmed before anything changes.
    """

    intent: Intent
    number: int | None = None
    unit_code: str | None = None
    percent: int | None = None
    document_no: str | None = None
    rest: str = ""
    page: int = 1
    is_confirmed: bool = False
    day: date | None = None
    is_sure: bool = True


UNKNOWN = Understood(Intent.UNKNOWN)


def understand(text: str) -> Understood:
    """The one thing this text surely asks for, or UNKNOWN."""
    words = " ".join(clean(text)[:KEPT_CHARACTERS].split())
    if slash := _SLASH.match(words):
        words = f"{slash['command']}{words[slash.end() :]}"
    folded = fold_in_place(words)
    is_question = folded.rstrip(" .!").endswith("?")
    for intent, pattern in _FORMS:
        match = pattern.fullmatch(folded)
        if match is None or (is_question and intent in _NEVER_A_QUESTION | DECIDING):
            continue
        return _understood(intent, match, words)
    return UNKNOWN


def fold_in_place(text: str) -> str:
    """Lower case without accents, one letter for one letter, so that a match points back into the text as written."""
    return "".join(map(_bare, unicodedata.normalize("NFC", text)))


def invite_code(text: str) -> str | None:
    """The code, if a message is nothing but eight characters of a code's alphabet."""
    bare = text.strip().upper()
    return bare if len(bare) == CODE_LENGTH and set(bare) <= set(CODE_ALPHABET) else None


def says_there_is_none(text: str) -> bool:
    """ "không có gì", "hết rồi", "đã xử lý xong": the opposite of a difficulty, though it speaks of one."""
    return _NONE.match(fold_in_place(text)) is not None


def _bare(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    return unicodedata.normalize("NFD", letter.lower())[0]


def _understood(intent: Intent, match: re.Match[str], words: str) -> Understood:
    said = match.groupdict()
    percent = int(said["percent"]) if said.get("percent") else None
    rest = _as_written(match, "rest", words)
    if percent is not None and percent > 100:  # noqa: PLR2004 -- per cent
        return UNKNOWN
    if intent in _TELLS_A_DIFFICULTY and (says_there_is_none(rest) or _only_asks(said, rest)):
        return UNKNOWN
    return Understood(
        intent=intent,
        number=int(said["number"]) if said.get("number") else None,
        unit_code=_as_written(match, "unit", words).upper() or None,
        percent=percent,
        document_no=_as_written(match, "document", words).rstrip(".,;)- ") or None,
        rest=rest,
        page=max(1, int(said.get("page") or 1)),
        is_confirmed=bool(said.get("agreed")),
    )


def _as_written(match: re.Match[str], group: str, words: str) -> str:
    if not match.groupdict().get(group):
        return ""
    return words[match.start(group) : match.end(group)].strip(" ,;:-").strip()


def _only_asks(said: dict[str, str | None], rest: str) -> bool:
    """ "vướng mắc là gì?", "gia hạn được không": asked of us, unless a number says which work is stuck."""
    if _ASKED.search(fold_in_place(rest)):
        return True
    return rest.endswith("?") and not (said.get("number") and len(rest.split()) > _A_FEW_WORDS)


_A_FEW_WORDS = 3
_SLASH = re.compile(r"/(?P<command>[A-Za-z_]{1,32})(?:@\w{1,64})?(?=\s|$)")

# not a date, a percentage, a decimal or a quantity of something
_NUMBER = (
    r"(?:(?:viec|nhiem vu|so)\s)?(?:viec\s|so\s)?#?(?P<number>[0-9]{1,6})(?![0-9]|\s?[/%]|[.,\-][0-9])"
    r"(?!\s(?:ngay|tuan|thang|gio|phut|nam|xa|phuong|huyen|don vi|ho so)\b)"
    r"(?:\s?@(?P<unit>[a-z0-9][a-z0-9.\-]{0,60}))?"
)
_PERCENT = r"(?P<percent>[0-9]{1,3})\s?%"
_END = r"[\s.!,;👍✅🙏]*"
_POLITE = r"(?:,?\s(?:roi|a|ah|nhe|nha|em|anh|chi|dong chi))*"
_HELLO = r"(?:(?:da|vang|thua|thua anh|thua chi|em|anh|chi)\s?,?\s)?"
_COMMA = r"\s?[:,.\-]?\s?"
_DAY = r"[0-9]{1,2}\s?[/\-.]\s?[0-9]{1,2}(?:\s?[/\-.]\s?[0-9]{2,4})?"
_PAPER = r"(?:bao cao|bc|van ban|vb|cong van|cv|to trinh|quyet dinh|qd|ke hoach)"
_DOCUMENT = (
    rf"(?:{_COMMA}\(?(?:(?:theo|bang|kem|kem theo|tai)\s)?(?:{_PAPER}\s?(?:so)?|so)\s?:?\s?"
    r"(?P<document>[0-9]{1,6}[a-z]?/(?=[0-9/\-]*[a-z])[a-z0-9&/\-]{1,40})"
    rf"(?:,?\s(?:ngay\s)?{_DAY})?\)?)?"
)
_FINISHED = (
    r"(?:(?:(?:da|vua)\s)?(?:lam\s)?(?:xong|hoan thanh)|da nop)"
    r"(?:\s(?:bao cao|viec nay|nhiem vu nay))?(?:\sroi)?(?:\s100\s?%)?"
)
_WORKING = r"(?:dang (?:lam|thuc hien|trien khai|xu ly|tien hanh))"
_TAIL = r"(?:\s?[,;:.\-]\s?(?P<rest>.+))?"
_STUCK = r"(?:(?:dang|bi|gap|co)\s)?(?:vuong\s?mac|vuong)"
_NO_NEWS = r"(?:van\s)?(?:khong|chua) co gi moi"
_NOT_BEGUN = r"chua (?:lam|bat dau|thuc hien|trien khai)"
_FREED = r"(?:da\s)?(?:het|go|thao go)\s(?:vuong\s?mac|vuong)"
_MORE_TIME = r"(?:(?:xin|de nghi)\s)?(?:duoc\s)?(?:gia\s?han|lui han|lui thoi han)|xin lui"
_REST = r"(?:[\s:,.\-]\s?(?P<rest>.+))?"
_PAGE = r"(?:\strang\s(?P<page>[0-9]{1,4}))?"
_MANY = r"(?:viec\s)?[0-9]{1,6}(?:\s?(?:,|;|\+|va)\s?[0-9]{1,6})+"

_NONE = re.compile(
    r"\W*(?:(?:a|da|vang|em|hien|hien tai|thoi)\W+)*(?:(?:da|het|xong|chua|khong)\b|duoc (?:go|thao go|giai quyet)\b)"
)

_ASKED = re.compile(r"^\W*(?:la\s)?(?:gi|nao|sao)\b|\b(?:khong|ko|chua|ha|nhi)[\s?.!]*$")

_NEVER_A_QUESTION = frozenset(
    {
        Intent.DONE, Intent.IN_PROGRESS, Intent.UNBLOCKED, Intent.NOT_STARTED, Intent.NOTHING_NEW, Intent.WRONG_UNIT,
        Intent.SEVERAL, Intent.UNDO, Intent.NUDGE_ALL, Intent.YES,
    }
)  # fmt: skip
_TELLS_A_DIFFICULTY = frozenset({Intent.BLOCKED, Intent.EXTENSION})

_FORMS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(form))
    for intent, form in (
        (Intent.NUMBER, _NUMBER + _END),
        (Intent.SHOW, rf"(?:xem|chi tiet)\s?(?:viec\s)?{_NUMBER}(?:\s(?P<rest>.+))?"),
        (Intent.DONE, rf"{_HELLO}{_FINISHED}\s{_NUMBER}{_POLITE}{_DOCUMENT}{_POLITE}{_END}"),
        (Intent.DONE, rf"{_HELLO}{_NUMBER}{_COMMA}{_FINISHED}{_POLITE}{_DOCUMENT}{_POLITE}{_END}"),
        (Intent.DONE, rf"{_HELLO}{_FINISHED}{_POLITE}{_DOCUMENT}{_POLITE}{_END}"),
        (Intent.SEVERAL, rf"{_HELLO}{_MANY}{_COMMA}(?:{_FINISHED}|{_WORKING}|dang){_POLITE}{_END}"),
        (Intent.SEVERAL, rf"{_HELLO}(?:{_FINISHED}|{_WORKING}|dang)\s{_MANY}{_POLITE}{_END}"),
        (Intent.IN_PROGRESS, rf"tien\s?do\s{_NUMBER}(?:\s(?P<percent>[0-9]{{1,3}})\s?%?)?{_END}"),
        (Intent.IN_PROGRESS, rf"{_HELLO}(?:{_WORKING}|dang)\s{_NUMBER}(?:\s{_PERCENT})?{_POLITE}{_TAIL}{_END}"),
        (
            Intent.IN_PROGRESS,
            rf"{_HELLO}{_NUMBER}{_COMMA}(?:{_WORKING}|dang)(?:\s(?:duoc\s|dat\s)?{_PERCENT})?{_POLITE}{_TAIL}{_END}",
        ),
        (
            Intent.IN_PROGRESS,
            rf"{_HELLO}{_NUMBER}{_COMMA}(?:tien do\s|lam duoc\s|duoc\s|dat\s)?{_PERCENT}{_POLITE}{_END}",
        ),
        (Intent.IN_PROGRESS, rf"{_HELLO}{_WORKING}(?:\s(?:duoc\s|dat\s)?{_PERCENT})?{_POLITE}{_TAIL}{_END}"),
        (Intent.IN_PROGRESS, rf"{_HELLO}{_PERCENT}{_END}"),
        (Intent.NOTHING_NEW, rf"{_HELLO}{_NUMBER}{_COMMA}{_NO_NEWS}{_POLITE}{_END}"),
        (Intent.NOTHING_NEW, rf"{_HELLO}{_NO_NEWS}(?:\s{_NUMBER})?{_POLITE}{_END}"),
        (Intent.NOT_STARTED, rf"{_HELLO}{_NUMBER}{_COMMA}{_NOT_BEGUN}{_POLITE}{_END}"),
        (Intent.NOT_STARTED, rf"{_HELLO}{_NOT_BEGUN}\s{_NUMBER}{_POLITE}{_END}"),
        (Intent.WRONG_UNIT, rf"{_HELLO}{_NUMBER}{_COMMA}(?:sai|nham) don vi{_REST}"),
        (Intent.WRONG_UNIT, rf"{_HELLO}(?:sai|nham) don vi\s{_NUMBER}{_REST}"),
        (Intent.UNBLOCKED, rf"{_HELLO}{_FREED}(?:\s{_NUMBER})?{_POLITE}{_END}"),
        (Intent.UNBLOCKED, rf"{_HELLO}{_NUMBER}{_COMMA}{_FREED}{_POLITE}{_END}"),
        (Intent.BLOCKED, rf"{_HELLO}{_STUCK}\s{_NUMBER}{_REST}"),
        (Intent.BLOCKED, rf"{_HELLO}{_NUMBER}{_COMMA}{_STUCK}{_REST}"),
        (Intent.BLOCKED, rf"{_HELLO}{_STUCK}{_REST}"),
        (Intent.EXTENSION, rf"{_HELLO}(?:{_MORE_TIME})\s{_NUMBER}{_REST}"),
        (Intent.EXTENSION, rf"{_HELLO}{_NUMBER}{_COMMA}(?:{_MORE_TIME}){_REST}"),
        (Intent.EXTENSION, rf"{_HELLO}(?:{_MORE_TIME}){_REST}"),
        (Intent.DELEGATE, rf"giao\s?(?:cho\s|viec\s)?{_NUMBER}(?:\s(?:cho\s)?(?P<rest>.+))?"),
        (Intent.GROUP, rf"(?:lien ket )?nhom{_END}"),
        (Intent.UNGROUP, rf"bo\s?nhom{_END}"),
        (Intent.UNDO, rf"(?:hoan\s?tac|undo|rut lai)(?:\s{_NUMBER})?{_POLITE}{_END}"),
        (Intent.STANDING, rf"(?:viec\s)?thuong xuyen{_PAGE}{_END}"),
        (Intent.LIST, rf"(?:xem\s)?(?:viec|viec cua toi|viec khac|nhiem vu|danh sach viec){_PAGE}{_END}"),
        (Intent.TODAY, rf"(?:viec\s)?(?:den han\s)?(?:today|hom\s?nay){_PAGE}{_END}"),
        (Intent.THIS_WEEK, rf"(?:viec\s)?(?:den han\s)?(?:trong\s)?tuan\s?nay{_PAGE}{_END}"),
        (Intent.OVERDUE, rf"(?:viec\s)?(?:overdue|qua\s?han)(?:\s(?P<rest>.+?))??{_PAGE}{_END}"),
        (
            Intent.NUDGE_ALL,
            rf"nhac tat ca(?:\s(?:[0-9]+\s)?viec)?(?:\s(?P<rest>.+?))??(?P<agreed>\sdong y)?{_END}",
        ),
        *((Intent(wish), form) for wish, form in (*LETTERS, *STEERING)),
        (Intent.HELP, rf"(?:help|giup|giup toi|tro giup|huong dan|menu|\?+){_END}"),
        (Intent.START, r"start(?:\s(?P<rest>\S{1,64}))?"),
        (Intent.CANCEL, rf"(?:thoi|huy|huy bo|bo qua|khong){_POLITE}{_END}"),
        (Intent.YES, rf"{_HELLO}(?:dung|dung vay|chinh xac|phai)(?:\s{_NUMBER})?{_POLITE}{_END}"),
        (Intent.GREETING, rf"(?:(?:em|toi)\s)?(?:xin\s)?(?:chao|hello|hi|alo)(?:\s(?:anh|chi|em|ban|bot|a|c))*{_END}"),
        (
            Intent.ACKNOWLEDGED,
            rf"(?:da|vang|da vang|ok|oke|okie|da ro|ro|da nhan|da nhan duoc|nhan duoc|cam on){_POLITE}{_END}",
        ),
    )
)
