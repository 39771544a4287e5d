"""Periods counted from an event, and days counted back from one (BLDS 2015, Điều 147-148)."""

import re
from datetime import date, timedelta

from models.terms import BeforeReading, Boundary, DeadlineKind
from planner.deadline_days import boundary_of
from planner.deadline_draft import Context, Draft, asked, vietnamese
from planner.deadline_words import DAY, day_before, named_day, number
from planner.recurrence import clamped
from planner.workdays import WorkCalendar

UNIT = r"(?P<unit>ngay lam viec|ngay|thang|tuan|nam|gio lam viec|gio|tieng)(?: lam viec)?\b(?! (?:dau|cuoi)\b)"
OWN_DOCUMENT = (
    r"(?:van ban|cong van|quyet dinh|ke hoach|thong bao|cong dien|chi thi|nghi quyet|to trinh|huong dan"
    r"|y kien chi dao)"
)
_OWN_EVENT = re.compile(
    rf"(?:ngay |khi |luc |thoi diem )?(?:duoc )?(?:(?:co|ky|ban hanh|ky ban hanh|phat hanh|nhan duoc|nhan|tiep nhan"
    rf"|duoc|co)\b ?)+"
    rf"(?:{OWN_DOCUMENT})?(?: (?:nay|tren|neu tren)\b.*)?"
    rf"|(?:ngay |khi )?{OWN_DOCUMENT} (?:nay )?(?:duoc )?(?:ky|ban hanh|phat hanh|ky ban hanh)(?: .{{0,6}})?"
    r"|(?:ngay )?hom nay|nay|ngay",
    re.ASCII,
)
"""Events whose day is the document's own: ngày ký, ngày ban hành, ngày nhận được văn bản này."""


def _event_day(event: str, base_on: date) -> date | None:
    """The day the count starts from (day 0); None when the words speak of something that has not happened yet."""
    dated = re.match(rf"(?:ngay |tu )?\s*({DAY})", event, re.ASCII)
    if dated:
        named = named_day(dated[1], base_on)
        return named.day if named else None
    words, cut = ([*re.split(r"([,;.()¦])", event), ""])[:2]
    # a cut right after the words is another document's number: its day is not this document's
    return base_on if cut != "¦" and _OWN_EVENT.fullmatch(words.strip()) else None


COUNTED_KINDS = {
    "ngay lam viec": DeadlineKind.EVENT_WORKING_DAYS,
    "ngay": DeadlineKind.EVENT_DAYS,
    "tuan": DeadlineKind.EVENT_DAYS,
    "thang": DeadlineKind.EVENT_MONTHS,
    "nam": DeadlineKind.EVENT_MONTHS,
    "gio lam viec": DeadlineKind.WORKING_HOURS,
    "gio": DeadlineKind.HOURS,
    "tieng": DeadlineKind.HOURS,
}


def read_counted(match: re.Match[str], context: Context) -> Draft | None:
    """Trong N ngày (làm việc), tuần, tháng kể từ ngày …: the event day is not counted (BLDS 2015, Điều 147)."""
    kind = COUNTED_KINDS[match["unit"]]
    lead = match["lead"] or ""
    boundary = boundary_of(lead)
    amount = number(match["amount"])
    event = (match["event"] or "").strip() or None
    if kind is DeadlineKind.HOURS and event is None and not re.search(r"trong|vong|qua|toi da|thoi han", lead):
        return None  # "trước 17 giờ" is a clock time
    if event is None and lead.split() == ["truoc"]:
        why = "Tính lùi từ một sự kiện chưa biết ngày."
        return Draft(DeadlineKind.EVENT_MINUS_DAYS, why, boundary=Boundary.BY, ask=True, amount=amount)
    if not amount:
        return asked(kind, "Số bằng chữ và bằng số không khớp, hoặc bằng không.", boundary=boundary, event=event)
    if kind in {DeadlineKind.WORKING_HOURS, DeadlineKind.HOURS}:
        unit = "giờ làm việc" if kind is DeadlineKind.WORKING_HOURS else "giờ"
        why = f"{amount} {unit} kể từ sự kiện; chưa biết giờ xảy ra nên chưa tính được."
        return Draft(kind, why, boundary=boundary, ask=True, amount=amount, event=event)
    day_zero = _event_day(event, context.base_on) if event else None
    is_after = re.search(r"\bsau\b", lead) and not re.search(
        r"cham nhat|muon nhat|tre nhat|khong qua|toi da|trong", lead
    )
    if day_zero is None or is_after:
        why = "Chưa biết ngày xảy ra sự kiện nên chưa tính được ngày cuối."
        if is_after:
            why = "“Sau” một khoảng thời gian: chưa rõ là ngày cuối hay ngày bắt đầu."
        return Draft(kind, why, boundary=boundary, ask=True, amount=amount, event=event)
    return _counted_from(day_zero, amount, match["unit"], boundary, context, event)


def _counted_from(
    day_zero: date, amount: int, unit: str, boundary: Boundary, context: Context, event: str | None
) -> Draft:
    named = _advance(day_zero, amount, unit, context.calendar)
    last = named
    if boundary is Boundary.BEFORE and context.before is BeforeReading.STRICT:
        last = _day_before_count(day_zero, amount, unit, named, context.calendar)
    waiting = context.calendar.unconfirmed_between(day_zero, last) if unit == "ngay lam viec" else []
    why = f"Không tính ngày {vietnamese(day_zero)}; ngày cuối là {vietnamese(last)}."
    if waiting:
        why += f" Có {waiting[0].name} ({vietnamese(waiting[0].day)}) còn chờ xác nhận."
    return Draft(
        COUNTED_KINDS[unit],
        why,
        boundary=boundary,
        due_on=named,
        last_valid_on=last,
        ask=bool(waiting),
        amount=amount,
        event=event,
        can_roll=unit != "ngay lam viec" and last == named,
    )


def _advance(day: date, amount: int, unit: str, calendar: WorkCalendar) -> date:
    if unit == "ngay lam viec":
        return calendar.add_workdays(day, amount)
    if unit in {"ngay", "tuan"}:
        return day + timedelta(days=amount * (7 if unit == "tuan" else 1))
    months = day.month - 1 + amount * (12 if unit == "nam" else 1)
    # a month without the same day ends on its last day (BLDS 2015, Điều 148 khoản 3)
    return clamped(day.year + months // 12, months % 12 + 1, day.day)


def _day_before_count(day_zero: date, amount: int, unit: str, named: date, calendar: WorkCalendar) -> date:
    """ "Trước 05 ngày làm việc": the fourth working day, not merely the day before the fifth."""
    return calendar.add_workdays(day_zero, amount - 1) if unit == "ngay lam viec" else day_before(named)


def read_event_minus(match: re.Match[str], context: Context) -> Draft | None:
    """Ít nhất N ngày trước ngày D: D less N, inclusive, counting back from D which is day 0."""
    amount = number(match["amount"])
    unit = match["unit"]
    event = (match["event"] or "").strip() or None
    kind = DeadlineKind.EVENT_MINUS_DAYS
    if not amount:
        return asked(kind, "Số bằng chữ và bằng số không khớp, hoặc bằng không.", boundary=Boundary.BY, event=event)
    named = re.match(rf"(?:ngay\s*)?({DAY})", event or "", re.ASCII)
    found = named_day(named[1], context.base_on) if named else None
    if found is None or unit not in {"ngay lam viec", "ngay", "tuan"}:
        why = "Tính lùi từ một sự kiện chưa biết ngày."
        return Draft(kind, why, boundary=Boundary.BY, ask=True, amount=amount, event=event)
    if unit == "ngay lam viec":
        last = context.calendar.add_workdays(found.day, -amount)
    else:
        last = found.day - timedelta(days=amount * (7 if unit == "tuan" else 1))
    why = f"Lùi {amount} {'ngày làm việc' if unit == 'ngay lam viec' else 'ngày'} từ {vietnamese(found.day)}."
    return Draft(
        kind, why, boundary=Boundary.BY, due_on=last, amount=amount, event=event, ask="trong" in match[0].split()
    )
