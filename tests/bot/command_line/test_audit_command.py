"""dondoc audit: the first broken row is named, and what is exported is what is stored."""

import asyncio
import csv
import io
import json

import pytest
from sqlalchemy import update

from bot.command_line.audit import COLUMNS, FAULT_WORDS
from bot.settings import load_settings
from models.audit import AuditEvent
from models.clock import system_clock
from models.columns import columns_of
from models.database import open_database
from planner import audit
from planner.audit_chain import FORGOTTEN, Fault
from tests.bot.command_line.conftest import one_database


def on_database(work):
    async def run():
        database = open_database(load_settings().database_url)
        try:
            async with database.write() as session:
                await work(session)
                await session.commit()
        finally:
            await database.close()

    asyncio.run(run())


@pytest.fixture
def recorded(province):
    async def work(session):
        for said in ("đã xong ạ", "=1+1", "+84 gọi lại"):
            await audit.record(session, "not-understood", now=system_clock(), channel="local", said=said)

    on_database(work)
    return province


def change_row(number, **values):
    async def work(session):
        await session.execute(update(AuditEvent).where(columns_of(AuditEvent).id == number).values(values))

    on_database(work)


def test_a_whole_record_is_told_with_what_to_note_down(recorded):
    told = recorded("audit", "verify")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("Nhật ký nguyên vẹn: 4 dòng.\nMốc: 4:")
    row = recorded("audit", "verify", "--json").json
    assert (row["events"], row["unchained"], row["broken"]) == (4, 0, None)
    assert recorded("audit", "verify", "--anchor", row["head"]).code == 0


def test_the_first_broken_row_is_named_and_the_exit_code_says_so(recorded):
    change_row(2, said="chưa xong")
    change_row(3, said="cũng đổi")
    told = recorded("audit", "verify")
    assert (told.code, told.out, told.err) == (1, "", "Nhật ký hỏng ở dòng số 2: lời nói đã bị sửa.\n")
    told = recorded("audit", "verify", "--json")
    assert (told.code, told.json["broken"]) == (1, {"event_id": 2, "fault": "words-changed"})


@one_database
def test_an_anchor_of_another_record_is_refused(recorded):
    told = recorded("audit", "verify", "--anchor", "4:" + "0" * 64)
    assert (told.code, told.err.startswith("Nhật ký hỏng ở dòng số 4: không còn đúng như mốc")) == (1, True)
    assert recorded("audit", "verify", "--anchor", "4").code == 2


@one_database
def test_lines_are_json_and_hold_everything(recorded):
    rows = recorded("audit", "export").rows
    assert [list(row) for row in rows] == [list(COLUMNS)] * 4
    assert [row["said"] for row in rows[1:]] == ["đã xong ạ", "=1+1", "+84 gọi lại"]
    assert rows[0]["at"].endswith("+07:00")


@one_database
def test_a_table_starts_no_formula_and_its_file_is_private_and_never_replaced(recorded, empty_folder):
    told = recorded("audit", "export", "--format", "csv", "--out", "nhat-ky.csv")
    assert (told.code, told.out, told.err) == (0, "", "Đã ghi 4 dòng vào nhat-ky.csv.\n")
    file = empty_folder / "nhat-ky.csv"
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert [row["said"] for row in rows[1:]] == ["đã xong ạ", "'=1+1", "'+84 gọi lại"]
    assert json.loads(rows[0]["after"])
    told = recorded("audit", "export", "--out", "nhat-ky.csv")
    assert (told.code, told.err) == (2, "Đã có tệp nhat-ky.csv: chọn tên khác.\n")


@one_database
def test_days_are_whole_vietnamese_days(recorded):
    assert recorded("audit", "export", "--to", "2020-01-01").rows == []
    assert len(recorded("audit", "export", "--from", "01/01/2024").rows) == 4
    told = recorded("audit", "export", "--from", "2024-10-24", "--to", "2024-10-23")
    assert (told.code, told.err) == (2, "--from phải trước hoặc cùng ngày --to.\n")


def test_every_fault_has_words():
    assert set(FAULT_WORDS) == {fault.value for fault in Fault}
    assert FORGOTTEN == "person-forgotten"
