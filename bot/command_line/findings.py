"""What a check of dondoc doctor found."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Kết luận của một mục."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """Một mục đã xem: `message` says how it is, `advice` what to do when it is not well."""

    check: str
    verdict: Verdict
    message: str
    advice: str = ""
