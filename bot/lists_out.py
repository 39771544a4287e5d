"""Lists and figures on their way out as files: made, and the right to them asked again, as they are sent."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.overdue import plan_heading
from bot.conversation.permissions import Action, may, units_for
from bot.conversation.summaries import worst_first
from bot.conversation.turn import Voice
from models.clock import Clock, civil_day
from planner.list_overdue import count_states, last_answers, late_views
from planner.list_work import unit_names
from planner.people import KnownPerson, coordinated_plans, person_of_chat, scope_of
from planner.scope import Scope
from planner.summarise import Figures, figures_by_plan, figures_by_unit, plan_names
from planner.views import AssignmentView
from reminders import chart, export_xlsx
from reminders.channel import Message, OutgoingFile
from reminders.outbox import Claimed
from reminders.wording import Wording, moment

HEADER = (
    "Số", "Văn bản", "Mục", "Nhiệm vụ", "Đơn vị", "Hạn theo văn bản", "Ngày cuối (gồm gia hạn)", "Trễ (ngày làm việc)",
    "Tình trạng", "Phản hồi gần nhất", "Ngày phản hồi",
)  # fmt: skip


class _Form:
    """Chung cho các tệp gửi đi: who asks, what they may see, and words where the channel carries no files."""

    action: Action

    def __init__(self, wording: Wording, carrying: Collection[str], *, clock: Clock) -> None:
        """`carrying`: the bots whose channel carries files out."""
        self._wording, self._carrying, self._clock = wording, frozenset(carrying), clock
        self._voice = Voice(wording)

    async def __call__(self, session: AsyncSession, claimed: Claimed) -> Message | None:
        """None: no longer for this chat to see."""
        today = civil_day(self._clock())
        person = await person_of_chat(session, bot=claimed.bot, chat=claimed.chat, today=today)
        if person is None or person.id != claimed.payload["person_id"] or not may(person, self.action):
            return None
        scope = await _lists_of(session, person)
        if scope.is_empty:
            return None
        if claimed.bot not in self._carrying:
            return await self._in_words(session, scope, claimed.payload)
        return await self._make(session, scope, claimed.payload)

    async def _in_words(self, session: AsyncSession, scope: Scope, facts: dict[str, Any]) -> Message | None:
        raise NotImplementedError

    async def _make(self, session: AsyncSession, scope: Scope, facts: dict[str, Any]) -> Message | None:
        raise NotImplementedError

    def _say(self, template: str, **facts: Any) -> str:
        now = self._clock()
        return self._voice.say(template, today=civil_day(now), now=now, **facts).text


async def _lists_of(session: AsyncSession, person: KnownPerson) -> Scope:
    """What their lists and figures are about, as `Turn.list_scope` has it."""
    plans = await coordinated_plans(session, units_for(person, Action.NUDGE))
    return Scope(plan_ids=plans) if plans else await scope_of(session, person)


class WorkbookForm(_Form):
    """Danh sách quá hạn as .xlsx: row for row what `quahan` lists at that moment."""

    action = Action.EXPORT

    async def _in_words(self, session: AsyncSession, scope: Scope, facts: dict[str, Any]) -> Message | None:
        del session, scope, facts
        return Message(self._say("no_files_here"))

    async def _make(self, session: AsyncSession, scope: Scope, facts: dict[str, Any]) -> Message | None:
        now = self._clock()
        today = civil_day(now)
        late = await late_views(session, scope, today=today, never_answered=facts["only_silent"])
        views = [
            view
            for view in late
            if facts["plan_id"] in (None, view.plan_id) and facts["unit_id"] in (None, view.unit_id)
        ]
        counts = await count_states(session, scope, today=today)
        four = (
            f"Tổng {counts.total}: xong đúng hạn {counts.done_on_time} · xong quá hạn {counts.done_late} · "
            f"trong hạn {counts.open_in_time} · quá hạn {counts.open_late}"
        )
        notes = (
            f"Danh sách quá hạn: {len(views)} việc",
            f"Tính đến {moment(now)}",
            four,
        )
        rows = await self._rows(session, views)
        sheet = export_xlsx.Sheet("Quá hạn", notes, HEADER, rows)
        content = await asyncio.to_thread(export_xlsx.workbook, sheet)
        file = OutgoingFile(f"qua-han-{today:%Y-%m-%d}.xlsx", export_xlsx.MEDIA_TYPE, content)
        return Message(self._say("export_file", total=len(views), counts=counts), file=file)

    async def _rows(self, session: AsyncSession, views: Sequence[AssignmentView]) -> list[tuple[export_xlsx.Cell, ...]]:
        today = civil_day(self._clock())
        answers = await last_answers(session, [view.id for view in views])
        rows: list[tuple[export_xlsx.Cell, ...]] = []
        for view in views:
            answer = answers.get(view.id)
            rows.append(
                (
                    view.number,
                    plan_heading(view),
                    view.place,
                    view.title,
                    view.unit_name,
                    view.due_on,
                    view.effective_on,
                    self._wording.workdays_late(view, today=today),
                    self._wording.state(view),
                    answer.said if answer and not view.is_secret else "",
                    civil_day(answer.reported_at) if answer else None,
                )
            )
        return rows


class ChartForm(_Form):
    """Biểu đồ bốn con số, by plan or by unit, in the order of `tonghop`."""

    action = Action.SUMMARISE

    async def _make(self, session: AsyncSession, scope: Scope, facts: dict[str, Any]) -> Message | None:
        now = self._clock()
        today = civil_day(now)
        found = await self._figures(session, scope, facts)
        whole = sum(found.values(), Figures())
        if not whole.total:
            return None
        names = await (unit_names(session, list(found)) if facts["by_unit"] else plan_names(session, found))
        bars = [chart.Bar(names[key], found[key].counts) for key in worst_first(found)]
        title = "Theo đơn vị" if facts["by_unit"] else "Theo kế hoạch"
        hidden = max(0, len(bars) - chart.ROWS_AT_MOST)
        content = await asyncio.to_thread(chart.picture, title, f"tính đến {moment(now)}", bars)
        file = OutgoingFile(f"tong-hop-{today:%Y-%m-%d}.png", chart.MEDIA_TYPE, content, is_photo=True)
        text = self._say("chart_file", whole=whole, by_unit=facts["by_unit"], hidden=hidden)
        return Message(text, file=file)

    async def _in_words(self, session: AsyncSession, scope: Scope, facts: dict[str, Any]) -> Message | None:
        whole = sum((await self._figures(session, scope, facts)).values(), Figures())
        return Message(self._say("chart_words", whole=whole, by_unit=facts["by_unit"])) if whole.total else None

    async def _figures(self, session: AsyncSession, scope: Scope, facts: dict[str, Any]) -> dict[int, Figures]:
        figures = figures_by_unit if facts["by_unit"] else figures_by_plan
        return await figures(session, scope, today=civil_day(self._clock()))
