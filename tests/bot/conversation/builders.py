"""A small province in conversation: two plans, four offices, and chats that can be spoken from."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import func, select, update

from bot.conversation.answering import answer
from bot.conversation.conversation import Conversation
from bot.conversation.incoming import Incoming, Reply
from models.assignment import Assignment
from models.clock import at_civil
from models.columns import columns_of
from models.database import Database
from models.org_unit import OrgUnit
from models.outbox import OutboxMessage
from models.tables import METADATA
from models.terms import Lane, Role
from reminders.outbox import Draft, enqueue
from reminders.wording import Wording
from tests.builders import BOT, CALENDAR, UNITS, add_linked_person, load_plan, load_units
from tests.built_once import built_once

INVITE_KEY = b"a key for tests"
PEOPLE = (
    ("coordinator", "Lê Minh Mẫu", (("T.TTTT", Role.COORDINATOR),)),
    ("justice", "Trần Thị Thử", (("T.TP", Role.UNIT_HEAD),)),
    ("health", "Đỗ Văn Tập", (("T.YT", Role.UNIT_HEAD),)),
    ("officer", "Phạm Thị Ví", (("T.TP", Role.OFFICER),)),
    ("leader", "Võ Văn Dụ", (("T.UBND", Role.LEADER),)),
    ("admin", "Quản Trị", (("T.UBND", Role.ADMIN),)),
)
"""UBND huyện An Mẫu has nobody: work that reaches no one.

Numbers: 1 rà soát (Tư pháp, Y tế, An Mẫu), hết 04/11; 2 tập huấn (Tư pháp), hết 15/11; 3 một cửa (Tư pháp), thường
xuyên; 4 chấn chỉnh (Tư pháp, Y tế, An Mẫu), hết 31/10; 5 công khai (Sở TT Mẫu), hết 31/10.
"""

PLAN = """
plan: KM1
kind: kế hoạch
document_no: 12/KH-UBND
issued_on: 01/10/2024
title: Kế hoạch mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
  - code: KM1-1
    from: I.1
    title: Báo cáo kết quả rà soát
    kind: báo cáo
    deadline: trước ngày 05/11 hằng năm
    lead: [T.TP, T.YT, T.HA]
    deliverable: báo cáo kết quả rà soát
    recipient: Chủ tịch UBND tỉnh
  - code: KM1-2
    from: I.2
    title: Tổ chức tập huấn
    kind: nhiệm vụ
    deadline: chậm nhất ngày 15/11/2024
    lead: [T.TP]
  - code: KM1-3
    from: I.3
    title: Duy trì hệ thống một cửa
    kind: thường xuyên
    deadline: {ongoing: có, reason: hỏi mỗi tháng}
    lead: [T.TP]
"""
LETTER = """
plan: CM2
kind: công văn
document_no: 34/UBND-NC
issued_on: 02/10/2024
title: Công văn mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 02/10/2024
tasks:
  - code: CM2-1
    from: mục 1, ý 2
    title: Chấn chỉnh hồ sơ quá hạn
    kind: nhiệm vụ
    deadline: trước ngày 01/11/2024
    lead: [T.TP, T.YT, T.HA]
  - code: CM2-2
    from: mục 2
    title: Công khai kết quả tháng 10
    kind: công khai
    deadline: chậm nhất ngày 31/10/2024
    lead: [T.TTTT]
"""

_a, _u, _o = columns_of(Assignment), columns_of(OrgUnit), columns_of(OutboxMessage)


@dataclass
class Town:
    """Everybody's phones, one clock moved by hand."""

    database: Database
    now: datetime
    conversation: Conversation = field(default_factory=lambda: Conversation(Wording(CALENDAR), invite_key=INVITE_KEY))
    keys: Any = field(default_factory=lambda: count(1))

    async def replies(self, chat: str, text: str, **about: Any) -> list[Reply]:
        facts = {"is_group": False, "said_by": chat, **about}
        async with self.database.write() as session:
            found = await answer(
                session,
                Incoming(channel="local", bot=BOT, chat=chat, text=text, **facts),
                self.conversation,
                update_key=str(next(self.keys)),
                now=self.now,
            )
            await session.commit()
        return found

    async def say(self, chat: str, text: str, **about: Any) -> str:
        """What the chat reads after saying this, as one text."""
        return "\n---\n".join(reply.text for reply in await self.replies(chat, text, **about))

    async def tap(self, chat: str, command: str) -> str:
        return await self.say(chat, command, is_tap=True)

    def at(self, day: int, month: int, hour: int = 8, minute: int = 0) -> "Town":
        """Move the clock to this hour of a day of 2024 in Vietnam."""
        self.now = at_civil(date(2024, month, day), time(hour, minute))
        return self

    async def states(self) -> dict[tuple[str, int], str]:
        """The state of every assignment by unit and number."""
        query = select(_u.code, _a.number, _a.state).join(OrgUnit, _u.id == _a.unit_id)
        async with self.database.read() as session:
            return {(row.code, row.number): row.state.value for row in await session.execute(query)}

    async def nudge(self, chat: str, wire_ref: str, unit: str, *numbers: int) -> None:
        """A nudge about these numbers of a unit, delivered to this chat under this reference."""
        query = select(_a.number, _a.id).join(OrgUnit, _u.id == _a.unit_id).where(_u.code == unit)
        async with self.database.write() as session:
            ids = {row.number: row.id for row in await session.execute(query)}
            about = [ids[number] for number in numbers]
            draft = Draft(
                dedup_key=f"nudge:{wire_ref}",
                bot=BOT,
                chat=chat,
                lane=Lane.REMINDER,
                form="nudge",
                payload={"assignment_ids": about},
                assignment_id=about[0] if len(about) == 1 else None,
            )
            await enqueue(session, [draft], now=self.now)
            await session.commit()
        await self.delivered(wire_ref)

    async def delivered(self, wire_ref: str, *, bot: str = BOT) -> None:
        """The newest message owed has arrived, and is known by this reference."""
        newest = select(func.max(_o.id)).scalar_subquery()
        async with self.database.write() as session:
            await session.execute(update(OutboxMessage).where(_o.id == newest).values(wire_ref=wire_ref, bot=bot))
            await session.commit()

    async def owed(self, like: str = "%") -> list[Any]:
        """Outbox rows whose key looks so, in order."""
        query = select(OutboxMessage).where(_o.dedup_key.like(like)).order_by(_o.id)
        async with self.database.read() as session:
            return list((await session.execute(query)).scalars())

    async def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables but what talking alone may write."""
        kept = {
            table.name: [column for column in table.columns if column.name not in _TALK]
            for table in METADATA.sorted_tables
            if table.name not in _TALK
        }
        async with self.database.read() as session:
            return {name: sorted(map(repr, await session.execute(select(*columns)))) for name, columns in kept.items()}


_TALK = frozenset({"outbox", "inbox", "audit_event", "dialog", "stranger", "last_heard_at"})
"""Tables, and the column that says when a person was last heard."""


async def build_town(database: Database, now: datetime) -> Town:
    await built_once(database, ("town", now), lambda: _settle(database, now))
    return Town(database, now)


async def _settle(database: Database, now: datetime) -> None:
    await load_units(database)
    await load_plan(database, now, PLAN, units=UNITS)
    await load_plan(database, now, LETTER, units=UNITS)
    for chat, name, places in PEOPLE:
        await add_linked_person(database, now, name, *places, chat=chat)
