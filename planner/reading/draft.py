"""What a reader found in a letter, each thing with the words it was read from, their place, and how sure it is."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zlib import crc32

from models.terms import Boundary, DeadlineKind
from planner.deadlines import Reading
from planner.reading.paper import PaperKind


class Sureness(StrEnum):
    """Mức chắc chắn: SURE stands so on the paper; LIKELY was inferred or mended; UNSURE is asked about."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


class DutyClass(StrEnum):
    """Loại việc như văn bản giao; PRINCIPLE is listed, never tracked."""

    TASK = "task"
    REPORT = "report"
    PUBLISH = "publish"
    INDICATOR = "indicator"
    STANDING = "standing"
    CONDITIONAL = "conditional"
    REQUEST = "request"
    PRINCIPLE = "principle"


@dataclass(frozen=True, slots=True)
class Spot:
    """Chỗ trong văn bản: the words as they stand (single spaces), the page, the place ("IV.3.b", "PL II, 4")."""

    quote: str
    page: int = 1
    place: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Một trường đọc được. `value` is None where the paper leaves it blank or cannot be read."""

    value: str | None
    spot: Spot
    sureness: Sureness = Sureness.SURE


@dataclass(frozen=True, slots=True)
class IssuedOn:
    """Ngày ban hành. `base_on` is what deadlines count from; with `latest_on` the day lies between the two."""

    day: date | None
    spot: Spot
    sureness: Sureness
    base_on: date
    latest_on: date


@dataclass(frozen=True, slots=True)
class Header:
    """Phần đầu và phần cuối của văn bản."""

    kind: Found
    number: Found
    issuer: Found
    place: Found
    issued_on: IssuedOn
    title: Found
    addressees: tuple[Found, ...] = ()
    recipients: tuple[Found, ...] = ()
    signer: Found | None = None
    annexes: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitName:
    """Đơn vị như đã viết. `code` is the one unit or group meant, else `nearest` names up to three to choose from."""

    written: str
    code: str | None = None
    is_group: bool = False
    nearest: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.code is not None


@dataclass(frozen=True, slots=True)
class DutyDeadline:
    """Thời hạn của một việc. No `reading`: the paper names none. `is_inherited`: it stands beside a sibling's words."""

    phrase: str | None
    reading: Reading | None
    spot: Spot
    ask: bool
    is_inherited: bool = False
    why: str = ""

    @property
    def kind(self) -> DeadlineKind | None:
        return self.reading.kind if self.reading else None

    @property
    def boundary(self) -> Boundary | None:
        return self.reading.boundary if self.reading else None

    @property
    def due_on(self) -> date | None:
        return self.reading.due_on if self.reading else None

    @property
    def last_valid_on(self) -> date | None:
        return self.reading.last_valid_on if self.reading else None


@dataclass(frozen=True, slots=True)
class IndicatorFound:
    """Chỉ số: numbers stay as written."""

    name: str
    target: str | None = None
    unit: str | None = None
    max_points: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """Một việc: one action of one set of units by one deadline. `spot.place` is its place in the paper."""

    title: str
    spot: Spot
    duty_class: DutyClass
    lead: tuple[UnitName, ...]
    supporting: tuple[UnitName, ...]
    deadline: DutyDeadline
    deliverable: str | None = None
    indicator: IndicatorFound | None = None
    recipient: str | None = None
    lead_sureness: Sureness = Sureness.SURE
    same_as: str | None = None
    doubts: tuple[str, ...] = ()
    """What was inferred about it, each a claim a person can say yes to."""

    @property
    def is_tracked(self) -> bool:
        return self.duty_class is not DutyClass.PRINCIPLE


class Wanted(StrEnum):
    """Điều một câu hỏi chờ: a text, a day, the unit a name stands for, who leads, a deadline, or a yes."""

    TEXT = "text"
    DAY = "day"
    UNIT = "unit"
    LEAD = "lead"
    DEADLINE = "deadline"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Question:
    """Điều cần hỏi: a whole Vietnamese sentence. `about` is a field of the header or the number of an obligation.

    `numbers`: all obligations it is about, counted from 1; `choices`: proposals, the first of which a yes accepts;
    `claim`: what a yes agrees to, where nothing is proposed.
    """

    text: str
    about: str
    choices: tuple[str, ...] = ()
    wants: Wanted = Wanted.TEXT
    numbers: tuple[int, ...] = ()
    claim: str = ""

    @property
    def key(self) -> str:
        """The same question again has the same key, however its words have changed; two claims have two."""
        key = f"{self.wants}:{self.about}:{','.join(map(str, self.numbers))}"
        return f"{key}:{crc32(self.claim.encode()):08x}" if self.claim else key


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """Bản đọc thử của một văn bản: nothing here is tracked before a person agrees."""

    header: Header
    obligations: tuple[Obligation, ...]
    warnings: tuple[str, ...]
    questions: tuple[Question, ...]
    kind: PaperKind
    pages: int = 1
    notes: tuple[str, ...] = field(default=())
