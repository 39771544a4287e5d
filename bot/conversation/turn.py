"""One turn of a conversation: who speaks, when, and the voice that answers them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import Incoming, Reply
from bot.conversation.permissions import Action, units_for
from bot.conversation.understand import Intent, understand
from models.clock import civil_day
from models.terms import AssignmentState
from planner.people import KnownPerson, coordinated_plans, scope_of
from planner.report_progress import Said
from planner.scope import Scope
from planner.views import AssignmentView
from reminders.channel import Button
from reminders.wording import Wording, render

TEMPLATES = Path(__file__).parent / "templates"
BUTTON_BYTES = 64
"""The least that any channel's button carries; a longer command is left for typing."""

WITHHELD = "nội dung trao đổi trên hệ thống"

Rows = tuple[tuple[Button, ...], ...]


class Voice:
    """Người viết câu trả lời: every word said comes from a template."""

    def __init__(self, wording: Wording, *, offers_page: bool = False) -> None:
        """`offers_page`: letters have pages that can be opened from here."""
        self.wording, self.offers_page = wording, offers_page
        self._environment = wording.environment(TEMPLATES)
        self._environment.filters.update(civil=civil_day, source=source, standing=self.standing, freeing=freeing)
        self._environment.globals.update(late=self._late)

    def standing(self, view: AssignmentView) -> str:
        """How it stands: work asked about but not begun has been answered, and must not read "chưa phản hồi"."""
        if view.state is AssignmentState.NOT_STARTED and view.answered_at is not None:
            return "chưa báo tiến độ"
        return self.wording.state(view)

    def _late(self, effective_on: date, today: date) -> str:
        """trễ 4 ngày làm việc; with the calendar days where they differ."""
        days, workdays = (today - effective_on).days, self.wording.calendar.workdays_between(effective_on, today)
        if days == workdays:
            return f"trễ {days} ngày làm việc"
        return f"trễ {days} ngày ({workdays} ngày làm việc)" if workdays else f"trễ {days} ngày (ngày nghỉ)"

    def say(self, template: str, *, buttons: Rows = (), about: tuple[int, ...] = (), **facts: Any) -> Reply:
        return Reply(render(self._environment, f"{template}.j2", facts), fitting(buttons), about)


@dataclass(frozen=True, slots=True)
class Turn:
    """Một lượt nói của một người đã liên kết. `text` is cleaned and cut, as it is kept."""

    session: AsyncSession
    incoming: Incoming
    person: KnownPerson
    voice: Voice
    now: datetime
    text: str

    @property
    def today(self) -> date:
        return civil_day(self.now)

    @property
    def own_units(self) -> frozenset[int]:
        """The units this person answers for."""
        return units_for(self.person, Action.REPORT)

    def said(self, text: str | None = None) -> Said:
        ref = None if self.incoming.is_tap else self.incoming.edits or self.incoming.ref
        return Said(self.person.id, self.incoming.channel, self.text if text is None else text, self.now, ref)

    def say(self, template: str, *, buttons: Rows = (), about: tuple[int, ...] = (), **facts: Any) -> list[Reply]:
        """One reply, in the words of a template that always knows the day and the hour."""
        facts = {"today": self.today, "now": self.now, **facts}
        if getattr(facts.get("view"), "is_secret", False):
            # what people write of secret work goes no further by chat than it came
            facts |= {name: WITHHELD for name in ("words", "reason", "note") if facts.get(name)}
            facts |= {"document_no": None}
        return [self.voice.say(template, buttons=buttons, about=about, **facts)]

    async def reading_scope(self) -> Scope:
        """All that this person may look at."""
        return await scope_of(self.session, self.person)

    async def list_scope(self) -> Scope:
        """What their lists and figures are about: for a coordinator the plans they follow, else the units' work."""
        plans = await self.coordinated()
        return Scope(plan_ids=plans) if plans else await self.reading_scope()

    async def coordinated(self) -> frozenset[int]:
        return await coordinated_plans(self.session, units_for(self.person, Action.NUDGE))


def source(view: AssignmentView) -> str:
    """CV 1487, mục 1, ý 2; "mục" stands before a bare number only."""
    if not view.place:
        return view.plan_label
    return f"{view.plan_label}, {'mục ' if _NUMBERED.match(view.place) else ''}{view.place}"


def freeing(view: AssignmentView) -> str:
    """het vuong 12 Sở Tư pháp; by code where the unit is called in a way that is not read as an office."""
    named = f"het vuong {view.number} {view.unit_name}"
    is_read = understand(named).intent is Intent.UNBLOCKED
    return named if is_read else f"het vuong {view.number} @{view.unit_code}"


_NUMBERED = re.compile(r"[IVXLC]+\b|\d")


def fitting(rows: Rows) -> Rows:
    """The buttons whose command every channel can carry."""
    kept = (tuple(key for key in row if len(key.command.encode()) <= BUTTON_BYTES) for row in rows)
    return tuple(row for row in kept if row)
