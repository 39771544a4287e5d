"""An office on the stepped Telegram: everybody's phone, by name, for stories that read like prose."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.evidence_store import EvidenceStore
from models.clock import SteppedClock, at_civil
from models.database import Database
from models.terms import Role
from tests.builders import UNITS, add_linked_person, load_plan, load_units
from tests.built_once import built_once
from tests.fakes.stepped_telegram import BOT_KEY, SteppedTelegram, stepped_telegram

WHO = {
    "justice": (501, "Trần Thị Thử", "T.TP", Role.UNIT_HEAD),
    "officer": (502, "Phạm Thị Ví", "T.TP", Role.OFFICER),
    "health": (503, "Đỗ Văn Tập", "T.YT", Role.UNIT_HEAD),
    "district": (504, "Ngô Văn Mẫu", "T.HA", Role.UNIT_HEAD),
    "coordinator": (601, "Lê Minh Mẫu", "T.TTTT", Role.COORDINATOR),
    "leader": (701, "Võ Thị Ướm", "T.UBND", Role.LEADER),
}
"""Who holds which phone: the chat, the name, the office and the role there."""

A_MINUTE = timedelta(minutes=1)

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
  - code: KM1-2
    from: I.2
    title: Tổ chức tập huấn
    kind: nhiệm vụ
    deadline: chậm nhất ngày 15/11/2024
    lead: [T.TP]
"""
"""1 is owed by Tư pháp, Y tế and An Mẫu by the end of Monday 04/11; 2 by Tư pháp by the end of Friday 15/11."""


KEEP_BOTH = {"test_two_processes.py", "test_downtime.py", "test_evidence.py"}
"""What runs beside another process, comes back after a crash or stands in files is told on both databases each time."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What people say and read does not differ by database: `make prove` tells these stories on PostgreSQL too."""
    for item in items:
        is_story = item.path.parent == Path(__file__).parent and item.path.name not in KEEP_BOTH
        if is_story and "postgresql" in item.name:
            item.add_marker(pytest.mark.prove)


@dataclass
class Office:
    """Everybody's phone. Each word takes a minute, so that what is said last is also the newest."""

    house: SteppedTelegram

    async def says(self, who: str, text: str) -> str:
        """What this person reads at once after saying it."""
        return await self.house.says(self._a_minute_later(who), text)

    async def taps(self, who: str, button: str) -> str:
        """The same after tapping the newest button of this name."""
        return await self.house.taps(self._a_minute_later(who), button)

    def _a_minute_later(self, who: str) -> int:
        self.house.clock.move_to(self.house.clock() + A_MINUTE)
        return WHO[who][0]

    async def until(self, day: int, month: int, hour: int = 8, minute: int = 10) -> None:
        """Live through every morning up to this one; at ten past eight the leaders have been told as well."""
        await self.house.mornings_until(day, month)
        instant = at_civil(date(2024, month, day), time(hour, minute))
        if instant > self.house.clock():
            await self.house.live_at(instant)

    def heard(self, who: str) -> list[str]:
        """All that this phone has ever been sent."""
        return self.house.telegram.texts(WHO[who][0])

    def buttons(self, who: str) -> list[str]:
        """Under the newest message that has any."""
        return [sent.labels for sent in self.house.telegram.sent_to(WHO[who][0]) if sent.labels][-1]

    async def heard_on(self, who: str, day: int, month: int, *, hour: int = 8, minute: int = 10) -> list[str]:
        """What arrives between now and this moment."""
        before = len(self.heard(who))
        await self.until(day, month, hour, minute)
        return self.heard(who)[before:]


@asynccontextmanager
async def an_office(
    database: Database,
    clock: SteppedClock,
    *,
    plan: str = PLAN,
    people: tuple[str, ...] = tuple(WHO),
    evidence: EvidenceStore | None = None,
) -> AsyncIterator[Office]:
    """These people with this plan, on the morning of Wednesday 23/10/2024, before anything was sent."""
    now: datetime = clock()
    await built_once(database, ("office", now, plan, people), lambda: _settle(database, now, plan, people))
    async with stepped_telegram(database, clock, evidence=evidence) as house:
        for who in people:
            house.telegram.add_person(WHO[who][0], WHO[who][1])
        yield Office(house)


async def _settle(database: Database, now: datetime, plan: str, people: tuple[str, ...]) -> None:
    await load_units(database)
    await load_plan(database, now, plan, units=UNITS)
    for who in people:
        chat, name, unit, role = WHO[who]
        await add_linked_person(database, now, name, (unit, role), chat=str(chat), bot=BOT_KEY)


@pytest.fixture
async def office(database: Database, clock: SteppedClock) -> AsyncIterator[Office]:
    """Without an officer in Sở Tư pháp: its head answers alone."""
    people = tuple(who for who in WHO if who != "officer")
    async with an_office(database, clock, people=people) as opened:
        yield opened
