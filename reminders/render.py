"""From what is owed to words, at the moment of sending: what is no longer wanted says nothing at all."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.clock import at_civil, civil_day
from models.columns import columns_of
from models.errors import TryLaterError
from models.reminder import Reminder
from models.terms import AssignmentState, Lane, ReminderKind, Role
from planner.bots import known_bots
from planner.desk import Desk, desk_of
from planner.group_chats import groups_of_units
from planner.list_overdue import group_late, last_answers
from planner.list_work import unit_names
from planner.people import coordinated_plans, load_person, scope_of
from planner.scope import Scope
from planner.statistics import is_overdue
from planner.summarise import Figures, figures_by_plan, settled, silent_views
from planner.transfer_work import is_claimed
from planner.views import AssignmentView, load_views
from reminders.channel import Button, Message
from reminders.choosing import HOLD_AT_PERCENT, month_of
from reminders.delivery import Render
from reminders.office_hours import may_disturb, next_opening
from reminders.outbox import Claimed
from reminders.quota import used_by_bot
from reminders.quota_warning import FORM as QUOTA
from reminders.silent_work import silent_work
from reminders.stopped_warning import FORM as STOPPED
from reminders.wording import CALM, Wording, render

_r = columns_of(Reminder)

SHOWN = 8
"""Items in one message: more is a wall of text on a phone; the rest is one word away."""

NAMES_SHOWN = 2
UNITS_SHOWN = 5

_HEADLINES = {"new": "việc mới được giao", "last_day": "việc đến ngày cuối", "newly_late": "việc vừa quá hạn"}
_VERBS = (("Đã xong", "xong"), ("Đang làm", "dang"), ("Vướng mắc", "vuongmac"), ("Xin gia hạn", "giahan"))
_STUCK_VERBS = (("Hết vướng", "het vuong"), ("Đã xong", "xong"), ("Vẫn vướng", "vuongmac"), ("Xin gia hạn", "giahan"))
_HEADS = (Role.UNIT_HEAD, Role.OFFICER)


@dataclass(frozen=True, slots=True)
class Section:
    """Một nhóm việc trong tin buổi sáng."""

    heading: str
    views: Sequence[AssignmentView]


class Renderer:
    """Người viết tin nhắc. Call it with a claimed row: a Message, or None when nothing in it is wanted any more."""

    def __init__(
        self, wording: Wording, *, clock: Callable[[], datetime], more_forms: Mapping[str, Render] | None = None
    ) -> None:
        """`more_forms`: what the layers above render by themselves; they answer somebody, so at any hour."""
        self._wording = wording
        self._clock = clock
        self._environment = wording.environment(Path(__file__).parent / "templates")
        self._environment.filters.update(civil=civil_day, capitalised=capitalised, names=names)
        self._more_forms = more_forms or {}
        self._forms = {
            "nudge": self._nudge,
            "desk": self._desk,
            "leader": self._leader,
            "week": self._week,
            QUOTA: self._quota,
            STOPPED: self._stopped,
        }

    async def __call__(self, session: AsyncSession, claimed: Claimed) -> Message | None:
        """Raises TryLaterError outside office hours: nobody is woken by a back-off that ended at night."""
        if form := self._more_forms.get(claimed.form):
            return await form(session, claimed)
        now = self._clock()
        if not may_disturb(now, self._wording.calendar):
            raise TryLaterError("outside office hours", retry_after=next_opening(now, self._wording.calendar) - now)
        return await self._forms[claimed.form](session, claimed.payload, now)

    async def _nudge(self, session: AsyncSession, payload: dict[str, Any], now: datetime) -> Message | None:
        today = civil_day(now)
        units = await _units_of_reader(session, payload, today=today)
        if not units:
            return None
        views = await self._still_wanted(session, payload, today=today)
        if not views:
            return None
        facts = self._facts(views, payload, today=today) | {"unsure": await _unsure(session, payload)}
        facts["several_units"] = units > 1
        # work that came from another unit brings that unit's words along; they are not this one's answer
        if len(views) == 1 and views[0].answered_at is not None and not views[0].is_secret:
            facts["last"] = (await last_answers(session, [views[0].id])).get(views[0].id)
        # a button in a group would be anybody's
        buttons = _buttons(views, several_units=units > 1) if payload["person_id"] is not None else ()
        return Message(render(self._environment, "nudge.j2", facts), buttons)

    async def _still_wanted(
        self, session: AsyncSession, payload: dict[str, Any], *, today: date
    ) -> list[AssignmentView]:
        """Open, not stuck, of this unit, and still what the message is about; most urgent first."""
        found = await load_views(session, payload["assignment_ids"])
        # what a unit says is not theirs waits for the coordinator, not for them
        stuck = [each for each in payload.get("stuck_ids", ()) if not await is_claimed(session, each)]
        wanted = [
            view
            for view in found.values()
            if view.is_open
            and (view.state is not AssignmentState.BLOCKED or view.id in stuck)
            and view.unit_id == payload["unit_id"]
            and (payload["topic"] != "newly_late" or is_overdue(view.state, view.effective_on, today=today))
            and (view.ends_on is None or view.ends_on >= today)
        ]
        return sorted(wanted, key=lambda view: (view.effective_on or date.max, view.number))

    def _facts(self, views: Sequence[AssignmentView], payload: dict[str, Any], *, today: date) -> dict[str, Any]:
        shown = views[:SHOWN]
        return {
            "single": len(views) == 1,
            "items": shown,
            "total": len(views),
            "hidden": len(views) - len(shown),
            "headline": _HEADLINES.get(payload["topic"], "việc cần lưu ý"),
            "sections": self._sections(shown, today=today),
            "unit_name": views[0].unit_name,
            "topic": payload["topic"],
            "reason": payload.get("reason"),
            "missed": payload.get("missed", False),
            "last": None,
            "today": today,
        }

    def _sections(self, views: Sequence[AssignmentView], *, today: date) -> list[Section]:
        sections: dict[str, list[AssignmentView]] = {}
        for view in views:
            sections.setdefault(self._heading(view, today=today), []).append(view)
        return [Section(heading, found) for heading, found in sections.items()]

    def _heading(self, view: AssignmentView, *, today: date) -> str:
        """Items of one heading share their date, so that it is said once."""
        words = self._wording
        if view.is_secret:
            return f"{CALM} Văn bản mật: xem trên hệ thống"
        if view.state is AssignmentState.BLOCKED:
            return f"{words.mark(view, today=today)} Đang vướng mắc: đã gỡ được chưa"
        if view.effective_on is None:
            return f"{CALM} Việc thường xuyên: xin cho biết tình hình tháng này"
        urgency = capitalised(words.urgency(view, today=today))
        return f"{words.mark(view, today=today)} {urgency} · {words.deadline(view, today=today)}"

    async def _desk(self, session: AsyncSession, payload: dict[str, Any], now: datetime) -> Message | None:
        today = civil_day(now)
        person = await load_person(session, payload["person_id"], today=today)
        places = [place for place in person.places if place.role is Role.COORDINATOR] if person else []
        scope = Scope(plan_ids=await coordinated_plans(session, [place.unit_id for place in places]))
        if scope.is_empty:
            return None
        before = self._wording.calendar.last_workday_on_or_before(today - timedelta(days=1))
        desk = await desk_of(session, scope, today=today, before=before)
        unsure = await _unsure(session, payload)
        if desk.is_empty and not unsure:
            return None
        facts = {
            "unsure": unsure,
            "desk": desk,
            "waiting": _waiting(desk),
            "unit_name": ", ".join(dict.fromkeys(place.unit_name for place in places)),
            "missed": payload["on"] != today.isoformat(),
            "today": today,
            "now": now,
        }
        late, due = desk.counts.open_late, desk.due_this_week
        row = [Button(f"Quá hạn: {late}", "quahan")] if late else []
        row += [Button(f"Trong tuần: {due}", "tuannay")] if due else []
        row += [Button(f"Chờ quyết định: {desk.waiting}", "duyet")] if desk.waiting else []
        return Message(render(self._environment, "desk.j2", facts), (tuple(row),) if row else ())

    async def _week(self, session: AsyncSession, payload: dict[str, Any], now: datetime) -> Message | None:
        """The week as a leader reads it: four figures, who is late most, who has not said anything."""
        today = civil_day(now)
        person = await load_person(session, payload["person_id"], today=today)
        if person is None or not person.units_as(Role.LEADER):
            return None
        scope = await scope_of(session, person)
        figures = sum((await figures_by_plan(session, scope, today=today)).values(), Figures())
        if not figures.total:
            return None
        late = await _late_by_unit(session, scope, today=today)
        silent = list(dict.fromkeys(view.unit_name for view in await silent_views(session, scope, today=today)))
        facts = {
            "figures": figures,
            "settled": settled(figures.counts),
            "late": late[:UNITS_SHOWN],
            "late_units": len(late),
            "silent": silent,
            "unsure": await _unsure(session, payload),
            "ended_on": date.fromisoformat(payload["on"]),
            "missed": payload["on"] != today.isoformat(),
            "today": today,
            "now": now,
        }
        keys = [Button(f"Quá hạn: {figures.counts.open_late}", "quahan")] if figures.counts.open_late else []
        keys += [Button("Tổng hợp", "tonghop")]
        return Message(render(self._environment, "week.j2", facts), (tuple(keys),))

    async def _quota(self, session: AsyncSession, payload: dict[str, Any], now: datetime) -> Message | None:
        """As it stands when it is sent; in another month it is history."""
        month, quota = date.fromisoformat(payload["month"]), payload["quota"]
        if month != month_of(now):
            return None
        used = (await used_by_bot(session, month))[payload["bot"]]
        names_by_bot = {bot.bot: bot.name for bot in await known_bots(session, now=now)}
        facts = {
            "name": names_by_bot.get(payload["bot"], payload["bot"]),
            "used": used,
            "quota": quota,
            "percent": used.total * 100 // quota,
            "hold_digests": HOLD_AT_PERCENT[Lane.DIGEST],
            "hold_pings": HOLD_AT_PERCENT[Lane.REMINDER],
            "month": month,
        }
        return Message(render(self._environment, "quota.j2", facts))

    async def _stopped(self, session: AsyncSession, payload: dict[str, Any], now: datetime) -> Message | None:
        since = datetime.fromisoformat(payload["since"])
        names_by_bot = {bot.bot: bot.name for bot in await known_bots(session, now=now)}
        facts = {
            "name": names_by_bot.get(payload["bot"], payload["bot"]),
            "remedy": payload["remedy"],
            "since": since,
        }
        return Message(render(self._environment, "stopped.j2", facts))

    async def _leader(self, session: AsyncSession, payload: dict[str, Any], now: datetime) -> Message | None:
        today = civil_day(now)
        person = await load_person(session, payload["person_id"], today=today)
        if person is None or not person.units_as(Role.LEADER):
            return None
        raised = select(_r.assignment_id).where(
            _r.person_id == person.id,
            _r.kind == ReminderKind.ESCALATION,
            _r.planned_at >= at_civil(date.fromisoformat(payload["on"]), time.min),
        )
        found = await load_views(session, list((await session.execute(raised.distinct())).scalars()))
        late = [view for view in found.values() if is_overdue(view.state, view.effective_on, today=today)]
        silent = [view for view in late if view.is_open and view.state is not AssignmentState.BLOCKED]
        if not silent:
            return None
        facts = {
            "work": silent_work(silent, self._wording, today=today),
            "unsure": await _unsure(session, payload),
            "today": today,
        }
        keys = ((Button("Quá hạn", "quahan"), Button("Tổng hợp", "tonghop")),)
        return Message(render(self._environment, "leader.j2", facts), keys)


async def _unsure(session: AsyncSession, payload: dict[str, Any]) -> list[tuple[date, list[int]]]:
    """Each day whose messages may not have arrived, with the numbers of the work they spoke of."""
    days = payload.get("unsure")
    if not days:
        return []
    views = await load_views(session, list({each for day in days for each in day["assignment_ids"]}))
    return [
        (date.fromisoformat(day["on"]), sorted({views[each].number for each in day["assignment_ids"] if each in views}))
        for day in days
    ]


async def _units_of_reader(session: AsyncSession, payload: dict[str, Any], *, today: date) -> int:
    """For how many units the reader answers; 0: not for this one any more, or the group is not linked to it."""
    if payload["person_id"] is None:
        groups = await groups_of_units(session, [payload["unit_id"]])
        return sum(group.id == payload["group_id"] for group in groups.get(payload["unit_id"], ()))
    person = await load_person(session, payload["person_id"], today=today)
    units = person.units_as(*_HEADS) if person else frozenset()
    return len(units) if payload["unit_id"] in units else 0


async def _late_by_unit(session: AsyncSession, scope: Scope, *, today: date) -> list[tuple[str, int]]:
    """(unit, how many late), the most first."""
    late = Counter[int]()
    for group in await group_late(session, scope, today=today):
        late[group.unit_id] += group.count
    names_by_id = await unit_names(session, list(late))
    return [
        (names_by_id[unit_id], count) for unit_id, count in sorted(late.items(), key=lambda item: (-item[1], item[0]))
    ]


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def names(found: Sequence[str], shown: int = NAMES_SHOWN) -> str:
    """UBND xã A, UBND xã B và 12 đơn vị khác"""
    rest = len(found) - shown
    return ", ".join(found[:shown]) + (f" và {rest} đơn vị khác" if rest > 0 else "")


def _waiting(desk: Desk) -> list[str]:
    found = (
        (desk.waiting_acceptance, "xác nhận hoàn thành"),
        (desk.waiting_extension, "xin gia hạn"),
        (desk.open_blockers, "vướng mắc"),
        (desk.waiting_transfer, "xin chuyển đơn vị"),
    )
    return [f"{count} {words}" for count, words in found if count]


def _buttons(views: Iterable[AssignmentView], *, several_units: bool) -> tuple[tuple[Button, ...], ...]:
    """Four verbs for one assignment; for several, a number each for the first, and the whole list.

    For who answers for several units a number alone would not say whose.
    """
    views = list(views)
    whose = {view.id: f"{view.number} @{view.unit_code}" if several_units else str(view.number) for view in views}
    if len(views) == 1:
        is_stuck = views[0].state is AssignmentState.BLOCKED
        verbs = [
            Button(label, f"{command} {whose[views[0].id]}")
            for label, command in (_STUCK_VERBS if is_stuck else _VERBS)
        ]
        # a difficulty would have to be told in words, and of secret work none are asked for
        return (tuple(verbs[:2]),) if views[0].is_secret else (tuple(verbs[:2]), tuple(verbs[2:]))
    numbers = tuple(Button(f"Việc {view.number}", f"xem {whose[view.id]}") for view in views[:3])
    return (numbers, (Button("Xem tất cả", "viec"),))
