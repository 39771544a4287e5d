"""The words of the house as enumerations: each value is what is stored and what `--json` prints."""

from enum import StrEnum


class Boundary(StrEnum):
    """Ranh giới của thời hạn: "trước ngày" leaves the named day out, "chậm nhất ngày" counts it in."""

    BEFORE = "before"
    BY = "by"


class BeforeReading(StrEnum):
    """Cách đọc chữ "trước" của cơ quan: STRICT ends on the day before; LENIENT lets the named day count."""

    STRICT = "strict"
    LENIENT = "lenient"


class DeadlineKind(StrEnum):
    """Loại thời hạn: what form of deadline a phrase is (docs/deadlines.md lists each with an example)."""

    FIXED = "fixed"
    WINDOW = "window"
    START = "start"
    MONTH = "month"
    MONTH_PART = "month-part"
    MONTH_BEFORE = "month-before"
    QUARTER = "quarter"
    QUARTER_BEFORE = "quarter-before"
    HALF = "half"
    YEAR = "year"
    YEAR_PART = "year-part"
    YEARLY = "yearly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    WEEKLY = "weekly"
    PERIODIC = "periodic"
    EVENT = "event"
    EVENT_WORKING_DAYS = "event+working-days"
    EVENT_DAYS = "event+days"
    EVENT_MONTHS = "event+months"
    EVENT_MINUS_DAYS = "event-minus-days"
    WORKING_HOURS = "working-hours"
    HOURS = "hours"
    CONTINUOUS = "continuous"
    SEASON = "season"
    VAGUE = "vague"
    NOT_A_DEADLINE = "not-a-deadline"


class Frequency(StrEnum):
    """Chu kỳ lặp lại."""

    YEARLY = "yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    WEEKLY = "weekly"


class PlanKind(StrEnum):
    """Loại văn bản giao việc."""

    PLAN = "plan"
    OFFICIAL_LETTER = "official_letter"


class TaskKind(StrEnum):
    """Loại nhiệm vụ: làm, báo cáo, công khai, chỉ số, thường xuyên, khi có phát sinh, đề nghị."""

    TASK = "task"
    REPORT = "report"
    PUBLISH = "publish"
    INDICATOR = "indicator"
    STANDING = "standing"
    CONDITIONAL = "conditional"
    REQUEST = "request"


class UnitLevel(StrEnum):
    """Cấp của đơn vị: tỉnh, sở/ban/ngành, huyện, xã, phòng trực thuộc, ngoài hệ thống UBND."""

    PROVINCE = "province"
    OFFICE = "office"
    DISTRICT = "district"
    COMMUNE = "commune"
    ROOM = "room"
    OUTSIDE = "outside"


class UnitChange(StrEnum):
    """Cách một đơn vị đổi: sáp nhập, chia tách, đổi tên, giải thể."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    DISSOLVE = "dissolve"


class Role(StrEnum):
    """Vai trò: chuyên viên, thủ trưởng đơn vị, đầu mối đôn đốc, lãnh đạo, quản trị."""

    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    ADMIN = "admin"


class AssignmentState(StrEnum):
    """Trạng thái việc của một đơn vị trong một kỳ. "Quá hạn" is never here: it is computed from dates."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CLOSED = "closed"


OPEN_STATES = frozenset(
    {
        AssignmentState.NOT_STARTED,
        AssignmentState.IN_PROGRESS,
        AssignmentState.BLOCKED,
        AssignmentState.RETURNED,
    }
)
"""Still owed by the unit: nudged before the deadline, late after it."""

DONE_STATES = frozenset({AssignmentState.SUBMITTED, AssignmentState.ACCEPTED})
"""Handed in; the day it was handed in decides "đúng hạn" or "quá hạn"."""


class Answer(StrEnum):
    """Điều đơn vị trả lời về một việc."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    EXTENSION = "extension"
    NOT_STARTED = "not_started"
    ACKNOWLEDGED = "acknowledged"
    NOTHING_NEW = "nothing_new"
    WRONG_UNIT = "wrong_unit"
    EVIDENCE = "evidence"


class ExtensionState(StrEnum):
    """Xin gia hạn: đang chờ, được cho, bị từ chối, tự rút lại."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """Điều đầu mối quyết định về việc đã nộp: xác nhận hoàn thành, hoặc trả lại để bổ sung."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class TransferState(StrEnum):
    """Đề nghị chuyển việc cho đơn vị khác: đang chờ, đã chuyển, giữ nguyên, tự rút lại."""

    REQUESTED = "requested"
    MOVED = "moved"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class ReminderKind(StrEnum):
    """Loại nhắc: mới, nhắc trước, ngày cuối, vừa quá hạn, đôn đốc, báo cáo cấp trên, hỏi tình hình, hỏi vướng mắc."""

    NEW = "new"
    UPCOMING = "upcoming"
    LAST_DAY = "last_day"
    NEWLY_LATE = "newly_late"
    FOLLOW_UP = "follow_up"
    ESCALATION = "escalation"
    CHECK_IN = "check_in"
    BLOCKER_CHECK = "blocker_check"


class Lane(StrEnum):
    """Làn gửi: an answer overtakes a reminder, a reminder overtakes a digest."""

    REPLY = "reply"
    REMINDER = "reminder"
    DIGEST = "digest"


class OutboxState(StrEnum):
    """Tình trạng một tin gửi đi. UNKNOWN: the bytes left and nobody said whether they arrived."""

    PENDING = "pending"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    PASSED_ON = "passed_on"
    UNKNOWN = "unknown"


class InboxState(StrEnum):
    """Tình trạng một tin nhận về. POISONED: handling failed too often; kept, alarmed, never dropped."""

    PENDING = "pending"
    HANDLED = "handled"
    POISONED = "poisoned"


class LetterState(StrEnum):
    """Tình trạng một văn bản gửi đến: chờ đọc, đã đọc thành bản nháp, không đọc được, đã duyệt, đã bỏ."""

    RECEIVED = "received"
    READ = "read"
    REFUSED = "refused"
    APPROVED = "approved"
    DISCARDED = "discarded"
