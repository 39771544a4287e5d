"""The demo's time: what people do is stored and handled like anywhere else, and days pass one event at a time."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.answering import answer, owe
from bot.conversation.conversation import Conversation
from bot.conversation.evidence import NotTaken
from bot.conversation.incoming import Incoming
from bot.engine import Engine
from bot.evidence_kinds import RefusedFileError
from bot.evidence_store import EvidenceStore, whole
from bot.local.cast import CAST
from bot.local.channel import LocalChannel
from bot.local.routes import DemoChat
from models.assignment import Assignment
from models.clock import SteppedClock, at_civil, civil_day
from models.columns import columns_of
from models.org_unit import OrgUnit
from models.person import Address, Membership
from models.terms import Role
from planner.desk import desk_of
from planner.hand_in_evidence import GivenFile
from planner.people import coordinated_plans
from planner.scope import Scope
from reminders import outbox
from reminders.inbox import ClaimedUpdate, IncomingRow, store_updates
from reminders.inbox_worker import Handle
from reminders.office_hours import DIGEST_AT, WEEK_ENDS_AT, ends_a_week

A_MOMENT = timedelta(seconds=1)
"""How far one message moves the clock of the demo."""

_a, _m, _ad, _u = columns_of(Assignment), columns_of(Membership), columns_of(Address), columns_of(OrgUnit)


def handle_local(conversation: Conversation, clock: SteppedClock) -> Handle:
    """The inbox's handler for the local chats."""

    async def handle(session: AsyncSession, update: ClaimedUpdate) -> None:
        said = json.loads(update.body)
        incoming = Incoming(
            channel=LocalChannel.name,
            bot=update.bot,
            chat=update.chat,
            is_group=False,
            text=said["text"],
            said_by=update.chat,
            reply_to=said["reply_to"],
            is_tap=said["is_tap"],
        )
        if "file" not in said:
            await answer(session, incoming, conversation, update_key=update.update_key, now=clock())
            return
        file = said["file"]
        given = NotTaken(**file) if "reason" in file else GivenFile(**file)
        replies = await conversation.file(session, incoming, given, now=clock())
        await owe(session, incoming, replies, update_key=update.update_key, now=clock())

    return handle


class SteppedEngine:
    """Bộ máy với đồng hồ đi từng bước, as the page asks of it (`bot.local.routes.DemoEngine`)."""

    def __init__(
        self, engine: Engine, clock: SteppedClock, evidence: EvidenceStore, *, coordinating_code: str = "HG.STTTT"
    ) -> None:
        self._engine, self._clock, self._evidence, self._coordinating_code = engine, clock, evidence, coordinating_code
        self._keys = count(1)

    def now(self) -> datetime:
        return self._clock()

    def chats(self) -> Sequence[DemoChat]:
        return [part.chat for part in CAST]

    def day_note(self, day: date) -> str | None:
        return self._engine.calendar.day_off_name(day)

    async def say(self, chat: str, text: str, *, reply_to: str | None) -> None:
        await self._receive(chat, text, reply_to=reply_to, is_tap=False)

    async def tap(self, chat: str, ref: str, command: str) -> None:
        await self._receive(chat, command, reply_to=ref, is_tap=True)

    async def attach(self, chat: str, name: str, content: bytes, *, caption: str) -> None:
        """Kept before it is told of, as the real channels do."""
        file: dict[str, Any]
        try:
            file = asdict(await self._evidence.keep(whole(content), name=name))
        except RefusedFileError as refused:
            file = {"name": name, "size": len(content), "reason": refused.reason}
        await self._receive(chat, caption, reply_to=None, is_tap=False, file=file)

    async def advance(self, by: timedelta) -> None:
        await self.advance_to(self._clock() + by)

    async def advance_to(self, instant: datetime) -> None:
        """Live through every morning and every postponed message on the way."""
        while (event := await self._next_event()) <= instant:
            self._clock.move_to(event)
            await self.live()
        self._clock.move_to(instant)
        await self.live()

    async def next_reminder_at(self) -> datetime:
        """The next morning, or last afternoon of a week, that brings anybody on the page a message."""
        now, calendar = self._clock(), self._engine.calendar
        waiting = min(filter(None, (await self._first_waiting(), self._week_end())))
        day = civil_day(now)
        async with self._engine.database.read() as session:
            looks = await self._first_look(session)
            while (morning := at_civil(day, DIGEST_AT)) < waiting:
                is_owed = (looks is not None and looks <= day) or not await self._desk_is_empty(session, day)
                if morning > now and calendar.is_workday(day) and is_owed:
                    return morning
                day += timedelta(days=1)
        return waiting

    async def _receive(
        self, chat: str, text: str, *, reply_to: str | None, is_tap: bool, file: dict[str, Any] | None = None
    ) -> None:
        said = {"text": text, "reply_to": reply_to, "is_tap": is_tap} | ({"file": file} if file else {})
        # typing takes time: what is said next comes later, and "hoàn tác" knows which of two things was the last
        self._clock.move_to(self._clock() + A_MOMENT)
        body = json.dumps(said, ensure_ascii=False)
        row = IncomingRow(bot=LocalChannel.bot, update_key=str(next(self._keys)), chat=chat, body=body)
        async with self._engine.database.write() as session:
            await store_updates(session, [row], now=self._clock())
            await session.commit()
        await self.live()

    async def live(self) -> None:
        """All that is due at this moment: answers, the sweep, and whatever leaves because of them."""
        now = self._clock()
        await self._engine.inbox_worker.handle_due(now)
        await self._engine.scan.scan(now)
        await self._engine.sender.deliver_due(now)
        if self._engine.letter_reader is not None and await self._engine.letter_reader.read_due():
            await self._engine.sender.deliver_due(self._clock())

    async def _next_event(self) -> datetime:
        """The next morning's hour, a week's end or the next message that waits for its time, whichever comes first."""
        now = self._clock()
        morning = at_civil(civil_day(now), DIGEST_AT)
        if morning <= now:
            morning = at_civil(civil_day(now) + timedelta(days=1), DIGEST_AT)
        return min(filter(None, (morning, self._week_end(), await self._first_waiting())))

    def _week_end(self) -> datetime:
        """When the leaders' overview is made next."""
        end = at_civil(civil_day(self._clock()), WEEK_ENDS_AT)
        while end <= self._clock() or not ends_a_week(end, self._engine.calendar):
            end += timedelta(days=1)
        return end

    async def _first_waiting(self) -> datetime | None:
        async with self._engine.database.read() as session:
            return await outbox.next_due_at(session, [LocalChannel.bot], after=self._clock())

    async def _first_look(self, session: AsyncSession) -> date | None:
        """The first day on which a rung may stand for a unit whose head is on the page."""
        linked = exists().where(_m.unit_id == _a.unit_id, _m.role == Role.UNIT_HEAD, _ad.person_id == _m.person_id)
        found: date | None = (await session.execute(select(func.min(_a.look_on)).where(linked))).scalar_one()
        return found

    async def _desk_is_empty(self, session: AsyncSession, day: date) -> bool:
        query = select(_u.id).where(_u.code == self._coordinating_code)
        unit_id = (await session.execute(query)).scalar_one()
        scope = Scope(plan_ids=await coordinated_plans(session, [unit_id]))
        return (await desk_of(session, scope, today=day, before=day)).is_empty
