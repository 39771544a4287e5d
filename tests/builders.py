"""A small province in words: units, plans and people for stories, loaded by the same use-cases as real ones."""

from datetime import date, datetime

from sqlalchemy import insert, select

from models.columns import columns_of
from models.database import Database
from models.org_unit import OrgUnit
from models.person import Address
from models.terms import BeforeReading, Role
from planner.import_plan import PlanLoaded, import_plan
from planner.import_units import import_units
from planner.people import add_person
from planner.plan_file import parse_plan
from planner.report_progress import Said
from planner.unit_file import parse_units
from planner.workdays import WorkCalendar

CALENDAR = WorkCalendar()
BOT = "local:demo"


def province(*offices: tuple[str, str, str]) -> str:
    """The directory of UBND tỉnh Mẫu, of the office that follows the others, and of these (code, name, level)."""
    own = (f"  - {{code: {code}, name: {name}, level: {level}, parent: T.UBND}}" for code, name, level in offices)
    return "\n".join(
        (
            "units:",
            "  - {code: T.UBND, name: UBND tỉnh Mẫu, level: tỉnh}",
            "  - {code: T.TTTT, name: Sở Thông tin Mẫu, short_name: Sở TT Mẫu, level: sở, parent: T.UBND}",
            *own,
            "groups:",
            '  - {code: T.N.SO, name: "sở, ban, ngành tỉnh", under: T.UBND, level: sở}',
            "",
        )
    )


UNITS = province(
    ("T.TP", "Sở Tư pháp Mẫu", "sở"), ("T.YT", "Sở Y tế Mẫu", "sở"), ("T.HA", "UBND huyện An Mẫu", "huyện")
)

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
    lead: [T.TP, T.YT]
  - code: KM1-2
    from: I.2
    title: Tổ chức tập huấn
    kind: nhiệm vụ
    deadline: chậm nhất ngày 15/11/2024
    lead: [T.TP]
"""


async def load_units(database: Database, text: str = UNITS) -> None:
    async with database.write() as session:
        await import_units(session, parse_units(text, file="units.yaml"))
        await session.commit()


async def load_plan(
    database: Database,
    now: datetime,
    text: str = PLAN,
    *,
    units: str = UNITS,
    track_from: date | None = None,
    before: BeforeReading = BeforeReading.STRICT,
) -> PlanLoaded:
    draft = parse_plan(text, file="plan.yaml", known_units=parse_units(units, file="units.yaml"), calendar=CALENDAR)
    async with database.write() as session:
        loaded = await import_plan(
            session,
            draft,
            said=Said(None, "command-line", "plan load", now),
            calendar=CALENDAR,
            before=before,
            track_from=track_from,
        )
        await session.commit()
    return loaded


async def add_linked_person(
    database: Database, now: datetime, name: str, *places: tuple[str, Role], chat: str | None, bot: str = BOT
) -> int:
    """A person with roles; linked to `chat` at once, or to nothing when it is None."""
    async with database.write() as session:
        person_id = await add_person(session, name, places, now=now)
        if chat is not None:
            await session.execute(
                insert(Address).values(
                    person_id=person_id, channel=bot.split(":", 1)[0], bot=bot, chat=chat, position=0, linked_at=now
                )
            )
        await session.commit()
    return person_id


async def unit_id_of(database: Database, code: str) -> int:
    columns = columns_of(OrgUnit)
    async with database.read() as session:
        return (await session.execute(select(columns.id).where(columns.code == code))).scalar_one()
