"""dondoc plan source: the very file a plan was approved from, or a sentence that says where it went."""

import asyncio
import hashlib
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.evidence_store import EvidenceStore, whole
from bot.settings import load_settings
from models.database import open_database
from planner.letters.approve_letter import approve_letter
from planner.letters.letters import load_letter
from tests.bot.command_line.conftest import one_database
from tests.fakes import papers
from tests.planner.letters.drafts import DUTIES, draft, given_letter, knowledge_of, said

Dondoc = Callable[..., Any]
NOW = datetime(2024, 10, 23, 1, tzinfo=UTC)


async def _approve(content: bytes, at: datetime) -> None:
    settings = load_settings()
    kept = await EvidenceStore(settings.evidence_folder).keep(whole(content), name="ke-hoach.pdf")
    database = open_database(settings.database_url)
    letter = await given_letter(database, at, draft(*DUTIES), sha256=kept.sha256)
    async with database.write() as session:
        again = await load_letter(session, letter.id)
        assert again is not None
        await approve_letter(session, again, coordinating=None, knowledge=await knowledge_of(session), said=said(at))
        await session.commit()
    await database.close()


@pytest.fixture
def approved(province: Dondoc) -> Dondoc:
    asyncio.run(_approve(papers.PDF, NOW))
    return province


@one_database
def test_the_file_comes_back_as_it_was_received_for_its_owner_only(approved: Dondoc, empty_folder: Path) -> None:
    told = approved("plan", "source", "KH57", "--out", "goc.pdf")
    assert (told.code, told.err) == (0, "")
    assert (empty_folder / "goc.pdf").read_bytes() == papers.PDF
    assert stat.S_IMODE((empty_folder / "goc.pdf").stat().st_mode) == 0o600
    assert hashlib.sha256(papers.PDF).hexdigest() in told.out.replace("\n", "").replace(" ", "")


@one_database
def test_every_letter_of_a_plan_is_listed_and_one_is_chosen_by_its_sum(approved: Dondoc, empty_folder: Path) -> None:
    asyncio.run(_approve(papers.DOCX, NOW + timedelta(days=1)))
    rows = approved("plan", "source", "KH57", "--json").json
    assert [row["sha256"] for row in rows] == [hashlib.sha256(each).hexdigest() for each in (papers.PDF, papers.DOCX)]
    assert [row["approved_on"] for row in rows] == ["2024-10-23", "2024-10-24"]
    approved("plan", "source", "KH57", "--out", "moi", "--json")
    approved("plan", "source", "KH57", "--sha256", rows[0]["sha256"][:12], "--out", "cu", "--json")
    assert (empty_folder / "moi").read_bytes() == papers.DOCX
    assert (empty_folder / "cu").read_bytes() == papers.PDF


@one_database
def test_a_plan_from_a_file_has_no_original_and_an_unknown_one_is_told(approved: Dondoc) -> None:
    assert "không có văn bản gốc" in approved("plan", "source", "KM1").err
    assert approved("plan", "source", "KM1").code != 0
    assert "KHONGCO" in approved("plan", "source", "KHONGCO").err


@one_database
def test_a_file_that_is_there_is_not_written_over(approved: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "goc.pdf").write_text("cũ")
    assert "Đã có tệp" in approved("plan", "source", "KH57", "--out", "goc.pdf").err
    assert (empty_folder / "goc.pdf").read_text() == "cũ"


@one_database
def test_a_file_that_changed_on_the_disk_is_not_handed_out_and_the_doctor_misses_a_lost_one(
    approved: Dondoc, empty_folder: Path
) -> None:
    (kept,) = load_settings().evidence_folder.glob("??/*")
    kept.chmod(0o600)
    kept.write_bytes(b"khac")
    told = approved("plan", "source", "KH57", "--out", "goc.pdf")
    assert "khôi phục" in told.err
    assert not (empty_folder / "goc.pdf").exists()
    kept.unlink()
    assert "[lưu ý] Tệp minh chứng: 1 tệp, thiếu 1 tệp trên đĩa" in approved("doctor").out
