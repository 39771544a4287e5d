"""Every error of the house in one tree; facts in attributes, a stable `code`, the Vietnamese sentence said in `bot/`.

DondocError
├── InputError                 what a person gave cannot be used; nothing was written
│   ├── FileProblemsError      one or many Problems of a plan, unit or people file, all at once
│   ├── UnknownError           no such assignment, plan, unit or person (or not theirs to see)
│   ├── NotAllowedError        theirs to see, not theirs to do
│   ├── SecretLetterError      a letter stamped Mật, Tối mật, Tuyệt mật: not read, not kept
│   ├── CorrectionError        what was typed for a field of a draft cannot be that field
│   ├── StaleDraftError        the draft was changed meanwhile by somebody else, or is closed
│   ├── InvalidTransitionError the state of the assignment does not admit this answer
│   ├── InviteError            a code that is wrong, used, expired or tried too often
│   └── UnreadableFileError    a file that cannot be opened as a letter, with the reason
├── DeliveryError              what a channel may raise from `send`, and nothing else
│   ├── TryLaterError          not sent; again after `retry_after`
│   │   └── ChannelStoppedError    not sent; this bot cannot speak until somebody acts
│   ├── UnreachableError       not sent; stop using this address
│   ├── MovedError             not sent; the chat has a new address
│   ├── RejectedError          not sent; our bug: alarm, keep the address
│   └── OutcomeUnknownError    the bytes left; nobody knows whether they arrived
└── NotReadyError              the machine or the settings are not fit to run
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


class DondocError(Exception):
    """Root of all. `code` is stable and safe to show, log and test."""

    code = "dondoc"


class InputError(DondocError):
    """Đầu vào không dùng được. Nothing was written."""

    code = "input"


@dataclass(frozen=True, slots=True)
class Problem:
    """Một lỗi trong tệp: where it stands and what to do, `message` being a whole Vietnamese sentence."""

    file: str
    line: int | None
    task_code: str | None
    field: str | None
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        about = " · ".join(part for part in (self.task_code, self.field) if part)
        return f"{place}: {about}: {self.message}" if about else f"{place}: {self.message}"


class FileProblemsError(InputError):
    """Tệp có lỗi: all of them, in the order of the file."""

    code = "file"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class UnknownError(InputError):
    """Không tìm thấy, hoặc không thuộc phạm vi được xem; the two are told apart to nobody."""

    code = "unknown"

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"unknown {what}: {key}")
        self.what = what
        self.key = key


class NotAllowedError(InputError):
    """Được xem nhưng không được làm."""

    code = "not-allowed"


class SecretLetterError(InputError):
    """Văn bản có dấu mật: refused before anything of it is read or kept. `level` is the stamp."""

    code = "secret-letter"

    def __init__(self, level: str) -> None:
        super().__init__(level)
        self.level = level


Uncorrectable = Literal[
    "empty", "too-long", "no-such-day", "no-deadline", "unknown-unit", "several-units", "no-such-duty"
]


class CorrectionError(InputError):
    """Nội dung sửa không dùng được: `value` as typed for `field`; `nearest` are units that were perhaps meant."""

    code = "correction"

    def __init__(
        self,
        field: str,
        reason: Uncorrectable,
        value: str = "",
        *,
        nearest: tuple[str, ...] = (),
        limit: int | None = None,
    ) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason: Uncorrectable = reason
        self.value = value
        self.nearest = nearest
        self.limit = limit


class StaleDraftError(InputError):
    """Bản nháp đã được sửa ở nơi khác từ lúc mở ra, hoặc đã duyệt, đã bỏ: look again before changing it."""

    code = "stale-draft"


class InvalidTransitionError(InputError):
    """Trạng thái hiện tại không nhận câu trả lời này."""

    code = "invalid-transition"

    def __init__(self, state: str, answer: str) -> None:
        super().__init__(f"{answer} from {state}")
        self.state = state
        self.answer = answer


class InviteError(InputError):
    """Mã mời sai, đã dùng, hết hạn hoặc thử quá nhiều lần. `reason` is one of wrong, used, expired, exhausted."""

    code = "invite"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Unreadable = Literal[
    "empty",  # no bytes, or no words in them
    "kind",  # none of the kinds that are read
    "old-office",  # .doc, .xls: the formats before 2007
    "encrypted",
    "malformed",
    "bomb",  # unpacks to far more than a letter
    "too-big",
    "too-many-pages",
    "too-many-pixels",
    "too-slow",
    "too-much-memory",
    "encoding",  # words, but which letters its bytes mean is not sure
    "no-recogniser",  # a scan, and no tesseract on this machine
    "crashed",  # the process that read it died
]


class UnreadableFileError(InputError):
    """Tệp không mở ra đọc được. `reason` chooses the sentence; `limit` is the bound that was passed, if one was."""

    code = "unreadable-file"

    def __init__(self, reason: Unreadable, *, limit: int | None = None) -> None:
        super().__init__(reason)
        self.reason: Unreadable = reason
        self.limit = limit


class DeliveryError(DondocError):
    """Gửi không thành."""

    code = "delivery"


class TryLaterError(DeliveryError):
    """Chưa gửi được, thử lại sau. `retry_after` is the peer's own word when it gave one.

    `is_rate_limit` tells a limit (the chat, perhaps the bot, must slow down) from a passing fault.
    """

    code = "try-later"

    def __init__(self, reason: str, *, retry_after: timedelta | None = None, is_rate_limit: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.is_rate_limit = is_rate_limit


class ChannelStoppedError(TryLaterError):
    """Kênh dừng: the platform no longer takes this bot's token. What is owed waits; alarm once, keep every address."""

    code = "channel-stopped"


class UnreachableError(DeliveryError):
    """Không liên lạc được qua địa chỉ này nữa."""

    code = "unreachable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MovedError(DeliveryError):
    """Nhóm đã chuyển sang địa chỉ mới."""

    code = "moved"

    def __init__(self, new_address: str) -> None:
        super().__init__("moved")
        self.new_address = new_address


class RejectedError(DeliveryError):
    """Nền tảng không nhận nội dung: lỗi của hệ thống."""

    code = "rejected"


class OutcomeUnknownError(DeliveryError):
    """Đã gửi đi nhưng không biết có tới hay không."""

    code = "outcome-unknown"


class NotReadyError(DondocError):
    """Máy hoặc cấu hình chưa chạy được; `str()` is a Vietnamese sentence that says what to do."""

    code = "environment"
