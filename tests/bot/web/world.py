"""A letter of an invented province, read and waiting, with the people who may and may not look at it."""

from dataclasses import dataclass
from datetime import datetime

import httpx
from fastapi import FastAPI
from sqlalchemy import insert

from bot.conversation.turn import Voice
from bot.letters.told import Announcing
from bot.web.links import page_address
from bot.web.routes import letter_routes
from models.clock import SteppedClock
from models.columns import columns_of
from models.database import Database
from models.letter import Letter
from models.terms import BeforeReading, LetterState, Role
from planner.letters.knowledge import load_knowledge
from planner.letters.letter_doors import new_link
from planner.letters.letters import LetterView, load_letter
from planner.letters.stored_draft import draft_facts, paper_facts
from planner.people import add_person
from planner.reading.paper import Cell, Paper, PaperKind, Paragraph, Row, Table
from planner.reading.read import read_paper
from reminders.wording import Wording
from tests.builders import CALENDAR, load_units

BASE_URL = "https://nhacviec.example.vn"
HOSTILE = "<script>alert(1)</script>"

BODY = (
    "Kính gửi:",
    "- Sở Tư pháp Mẫu;",
    "- Sở Y tế Mẫu;",
    "- UBND huyện An Mẫu.",
    "Qua theo dõi, số hồ sơ trả chậm trong quý III còn nhiều. Chủ tịch UBND tỉnh có ý kiến như sau:",
    "1. Giao Sở Tư pháp Mẫu:",
    "- Báo cáo kết quả chấn chỉnh hồ sơ quá hạn về UBND tỉnh trước ngày 05/11/2024.",
    f"- Rà soát quy trình nội bộ {HOSTILE} của bộ phận một cửa, hoàn thành trong tháng 12/2024.",
    "2. Giao Sở Y tế Mẫu chủ trì, phối hợp với UBND huyện An Mẫu:",
    "- Tổ chức tập huấn cho công chức một cửa cấp huyện trước ngày 15/11/2024.",
    "3. Giao Sở Tài chánh Mẫu bố trí kinh phí tập huấn trước ngày 30/11/2024.",
)


def paper_of(*more: str) -> Paper:
    head = Table(
        (
            Row(
                (
                    Cell("ỦY BAN NHÂN DÂN\nTỈNH MẪU"),
                    Cell("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
                )
            ),
            Row(
                (
                    Cell("Số: 1487/UBND-NC\nV/v chấn chỉnh hồ sơ trả chậm"),
                    Cell("Mẫu, ngày 22 tháng 10 năm 2024"),
                )
            ),
        )
    )
    lines = tuple(Paragraph(text, page=1 if number < 9 else 2) for number, text in enumerate((*BODY, *more)))
    return Paper(PaperKind.DOCX, (head, *lines), pages=2)


@dataclass
class World:
    """The page over a database, asked as a browser asks; `clock` is moved by hand."""

    database: Database
    clock: SteppedClock
    letter_id: int
    sender: int
    other: int
    admin: int
    approvals: list[datetime]
    app: FastAPI
    http: httpx.AsyncClient
    base_url: str = BASE_URL

    async def link(self, person_id: int | None = None, letter_id: int | None = None) -> str:
        letter_id = letter_id or self.letter_id
        async with self.database.write() as session:
            secret = await new_link(session, letter_id, person_id or self.sender, now=self.clock())
            await session.commit()
        return page_address(self.base_url, letter_id, secret)

    async def enter(self, person_id: int | None = None) -> httpx.Response:
        """Through the link to the page."""
        await self.http.post(await self.link(person_id))
        return await self.look()

    async def look(self) -> httpx.Response:
        return await self.http.get(self.page)

    @property
    def page(self) -> str:
        return f"{self.base_url}/van-ban/{self.letter_id}"

    async def letter(self) -> LetterView:
        async with self.database.read() as session:
            letter = await load_letter(session, self.letter_id)
        assert letter is not None
        return letter


async def make_world(
    database: Database, clock: SteppedClock, paper: Paper | None = None, *, base_url: str = BASE_URL
) -> World:
    await load_units(database)
    async with database.write() as session:
        sender = await add_person(session, "Lê Thị Đầu Mối", [("T.TTTT", Role.COORDINATOR)], now=clock())
        other = await add_person(session, "Phạm Văn Khác", [("T.YT", Role.COORDINATOR)], now=clock())
        admin = await add_person(session, "Ngô Quản Trị", [("T.UBND", Role.ADMIN)], now=clock())
        await session.commit()
    letter_id = await add_letter(database, sender, clock(), paper or paper_of())
    app, approvals = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), []

    async def approved() -> None:
        approvals.append(clock())

    app.router.routes.extend(
        letter_routes(
            database, base_url=base_url, calendar=CALENDAR, before=BeforeReading.STRICT, address_form="Anh/Chị",
            clock=clock, approved=approved,
            announce=Announcing(Voice(Wording(CALENDAR, BeforeReading.STRICT, "Anh/Chị")), clock),
        )
    )  # fmt: skip
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base_url)
    return World(database, clock, letter_id, sender, other, admin, approvals, app, http, base_url)


async def add_letter(database: Database, person_id: int, now: datetime, paper: Paper) -> int:
    """Read by the real reader, and kept as it keeps them."""
    async with database.write() as session:
        knowledge = await load_knowledge(session, calendar=CALENDAR, before=BeforeReading.STRICT)
        facts = {
            "person_id": person_id, "channel": "local", "bot": "local:demo", "chat": "c", "sha256": "a" * 64,
            "file_name": "cong-van.docx", "media_type": "x", "size": 1, "state": LetterState.READ,
            "received_at": now, "read_after": now, "later": [], "attempts": 1, "version": 1,
            "draft": draft_facts(read_paper(paper, knowledge)), "paper": paper_facts(paper),
        }  # fmt: skip
        made = await session.execute(insert(Letter).values(facts).returning(columns_of(Letter).id))
        letter_id = int(made.scalar_one())
        await session.commit()
    return letter_id
