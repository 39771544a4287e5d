"""Drafts of letters made by hand, as a reader would have left them, and letters in a database that carry them."""

from datetime import date

from sqlalchemy import insert

from models.columns import columns_of
from models.letter import Letter
from models.terms import LetterState
from planner.deadlines import read_deadline
from planner.letters.knowledge import load_knowledge
from planner.letters.letters import load_letter
from planner.letters.stored_draft import draft_facts, paper_facts
from planner.reading.draft import (
    DutyClass,
    DutyDeadline,
    Found,
    Header,
    IssuedOn,
    LetterDraft,
    Obligation,
    Spot,
    Sureness,
    UnitName,
)
from planner.reading.paper import Paper, PaperKind, Paragraph
from planner.reading.questions import questions_of
from planner.reading.read import Knowledge
from planner.report_progress import Said
from planner.unit_file import parse_units
from tests.builders import CALENDAR, UNITS

ISSUED_ON = date(2024, 10, 15)
DIRECTORY = parse_units(UNITS, file="units.yaml")
KNOWLEDGE = Knowledge(CALENDAR, directory=DIRECTORY)
UNIT_NAMES = {
    "T.TP": "Sở Tư pháp Mẫu", "T.YT": "Sở Y tế Mẫu", "T.HA": "UBND huyện An Mẫu", "T.TTTT": "Sở Thông tin Mẫu",
}  # fmt: skip
SUM = "a" * 64


def unit(code):
    """A unit as a reader names it; a code of no unit is a name that nobody knows."""
    if code == "T.N.SO":
        return UnitName("các sở, ban, ngành tỉnh", code, is_group=True)
    return UnitName(UNIT_NAMES[code], code) if code in UNIT_NAMES else UnitName(code)


def deadline_of(phrase, *, ask=None, on=ISSUED_ON, knowledge=KNOWLEDGE):
    """As the grammar reads it; None: the paper names none."""
    if phrase is None:
        return DutyDeadline(None, None, Spot(""), ask=False)
    reading = read_deadline(phrase, base_on=on, calendar=knowledge.calendar, before=knowledge.before)
    asks = reading.ask if ask is None else ask
    return DutyDeadline(phrase, reading, Spot(phrase), ask=asks, why=reading.explanation)


def duty(title, *leads, by="chậm nhất ngày 15/11/2024", place="I.1", duty_class=DutyClass.TASK, ask=None, **facts):
    deadline = facts.pop("deadline", None) or deadline_of(by, ask=ask)
    supporting = tuple(map(unit, facts.pop("supporting", ())))
    return Obligation(
        title=title, spot=Spot(f"{title} {by or ''}".strip(), place=place), duty_class=duty_class,
        lead=tuple(map(unit, leads)), supporting=supporting, deadline=deadline, **facts,
    )  # fmt: skip


def header(*, number="57/KH-UBND", day=ISSUED_ON, issuer="UBND tỉnh Mẫu", kind="Kế hoạch", sureness=Sureness.SURE):
    spot = Spot("")
    base = day or ISSUED_ON
    issued = IssuedOn(day, spot, sureness, base, base)
    return Header(
        Found(kind, spot), Found(number, spot), Found(issuer, spot), Found("Mẫu", spot), issued,
        Found("Nâng cao chất lượng phục vụ", spot),
    )  # fmt: skip


def draft(*duties, head=None, warnings=()):
    head = head or header()
    return LetterDraft(head, duties, tuple(warnings), questions_of(head, duties), PaperKind.DOCX)


DUTIES = (
    duty("Báo cáo kết quả rà soát hồ sơ", "T.TP", by="trước ngày 05/11 hằng năm", place="I.1"),
    duty("Tổ chức tập huấn nghiệp vụ", "T.YT", place="I.2", supporting=("T.TP",)),
    duty("Báo cáo kết quả năm", "T.N.SO", by="trước 17 giờ ngày 20/12/2024", place="I.3"),
    duty("Niêm yết thủ tục tại trụ sở", "T.HA", by="thường xuyên", place="II.1", duty_class=DutyClass.STANDING),
)


async def given_letter(database, now, of, *, person_id=None, sha256=SUM, state=LetterState.READ):
    """A letter that was read; returns it as it is looked at."""
    facts = {
        "person_id": person_id, "channel": "local", "bot": "local:demo", "chat": "c1", "sha256": sha256,
        "file_name": "ke-hoach.docx", "media_type": "application/x", "size": 10, "state": state, "received_at": now,
        "read_after": now, "attempts": 1, "later": [], "version": 1, "draft": draft_facts(of) if of else None,
        "paper": paper_facts(Paper(PaperKind.DOCX, (Paragraph("KẾ HOẠCH"),), 1)),
    }  # fmt: skip
    async with database.write() as session:
        made = await session.execute(insert(Letter).values(facts).returning(columns_of(Letter).id))
        letter_id = made.scalar_one()
        await session.commit()
        return await load_letter(session, letter_id)


async def knowledge_of(session):
    return await load_knowledge(session, calendar=CALENDAR, before=KNOWLEDGE.before)


def said(now, text="duyệt", person_id=None):
    return Said(person_id, "local", text, now)
