"""dondoc db, doctor, run and demo: what keeps a machine going."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models.clock import system_clock
from models.database import Database
from models.migrations import newest_revision
from planner.hand_in_evidence import GivenFile, hand_in
from planner.report_progress import Said
from tests.bot.command_line.conftest import one_database
from tests.bot.command_line.test_people import on_database
from tests.builders import PLAN, UNITS

Dondoc = Callable[..., Any]


def verdicts(told: Any) -> dict[str, str]:
    return {each["check"]: each["verdict"] for each in told.json["checks"]}


# --- db ---


def test_upgrading_makes_the_database_and_again_is_harmless(dondoc: Dondoc, empty_folder: Path) -> None:
    assert dondoc("db", "upgrade").out == f"Cơ sở dữ liệu đã lên bản {newest_revision()}.\n"
    assert dondoc("db", "upgrade").out == f"Cơ sở dữ liệu đang ở bản {newest_revision()}.\n"
    assert (empty_folder / "var" / "dondoc.db").is_file()


def test_upgrading_works_on_both_databases(stored: Dondoc) -> None:
    assert stored("db", "upgrade").out == f"Cơ sở dữ liệu đang ở bản {newest_revision()}.\n"


def test_a_backup_is_a_whole_database_for_its_owner_only(dondoc: Dondoc, empty_folder: Path) -> None:
    dondoc("db", "upgrade")
    told = dondoc("db", "backup", "copy.db")
    assert told.code == 0
    assert told.out.startswith("Đã chép vào copy.db")
    with closing(sqlite3.connect(empty_folder / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM plan").fetchone() == (0,)
    assert (empty_folder / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_backup_never_overwrites(dondoc: Dondoc, empty_folder: Path) -> None:
    dondoc("db", "upgrade")
    (empty_folder / "copy.db").write_text("quý giá")
    told = dondoc("db", "backup", "copy.db")
    assert (told.code, told.err) == (2, "Đã có copy.db: chọn tên khác, bản sao không ghi đè lên tệp cũ.\n")
    assert (empty_folder / "copy.db").read_text() == "quý giá"


def test_there_is_nothing_to_back_up_before_there_is_a_database(dondoc: Dondoc, empty_folder: Path) -> None:
    told = dondoc("db", "backup", "copy.db")
    assert told.code == 2
    assert list(empty_folder.iterdir()) == []
    dondoc("db", "upgrade")
    assert dondoc("db", "backup", "no/such/folder/copy.db").code == 2


def test_postgresql_has_its_own_tool(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://dondoc@127.0.0.1:1/none")
    assert "pg_dump" in dondoc("db", "backup", "copy.db").err


# --- doctor ---


def test_the_doctor_looks_and_makes_nothing(dondoc: Dondoc, empty_folder: Path) -> None:
    told = dondoc("doctor", "--json")
    assert told.code == 0
    assert list(told.json) == ["ok", "checks"]
    assert {tuple(each) for each in told.json["checks"]} == {("check", "verdict", "message", "advice")}
    assert verdicts(told)["Cơ sở dữ liệu"] == "warn"
    assert list(empty_folder.iterdir()) == []


def test_every_line_that_is_not_well_says_what_to_do(province: Dondoc) -> None:
    told = province("doctor", "--json")
    assert told.code == 0
    assert all(each["advice"] for each in told.json["checks"] if each["verdict"] != "ok")
    found = verdicts(told)
    assert (found["Cơ sở dữ liệu"], found["Bản dữ liệu"], found["Kế hoạch"], found["Đơn vị"]) == ("ok",) * 4
    assert (found["Người dùng"], found["Kênh trò chuyện"], found["Đơn vị chưa ai liên kết"]) == ("warn",) * 3


@one_database
def test_the_doctor_writes_lines_for_people(province: Dondoc) -> None:
    told = province("doctor")
    assert "[tốt] Kế hoạch: 1\n" in told.out
    assert "[lưu ý] Đơn vị chưa ai liên kết: 2: Sở Tư pháp Mẫu, Sở Y tế Mẫu\n" in told.out
    assert "→ Cấp mã mời: dondoc people invite." in told.out


@one_database
def test_the_doctor_looks_after_the_files_that_were_handed_in(province: Dondoc, empty_folder: Path) -> None:
    assert verdicts(province("doctor", "--json"))["Thư mục minh chứng"] == "ok"
    folder = empty_folder / "var" / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    assert "[lưu ý] Thư mục minh chứng: var/evidence, tài khoản khác trên máy đọc được" in province("doctor").out
    folder.chmod(0o700)
    assert "[tốt] Thư mục minh chứng: var/evidence, ghi được" in province("doctor").out

    async def hand_in_what_is_lost(database: Database) -> None:
        async with database.write() as session:
            file = GivenFile("a" * 64, "mat.pdf", "application/pdf", 3)
            await hand_in(session, 1, said=Said(None, "test", "minh chứng", system_clock()), files=[file])
            await session.commit()

    on_database(hand_in_what_is_lost)
    assert "[lưu ý] Tệp minh chứng: 1 tệp, thiếu 1 tệp trên đĩa" in province("doctor").out


def test_an_evidence_folder_that_cannot_be_one_fails(
    dondoc: Dondoc, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "evidence").write_text("a file")
    monkeypatch.setenv("EVIDENCE_FOLDER", "evidence")
    assert verdicts(dondoc("doctor", "--json"))["Thư mục minh chứng"] == "fail"


def test_the_doctor_does_not_upgrade(dondoc: Dondoc, empty_folder: Path) -> None:
    (empty_folder / "var").mkdir()
    with closing(sqlite3.connect(empty_folder / "var" / "dondoc.db")) as old:
        old.execute("CREATE TABLE other (id INTEGER)")
        old.commit()
    assert verdicts(dondoc("doctor", "--json"))["Bản dữ liệu"] == "warn"
    with closing(sqlite3.connect(empty_folder / "var" / "dondoc.db")) as old:
        names = {row[0] for row in old.execute("SELECT name FROM sqlite_master")}
    assert names == {"other"}


@pytest.mark.parametrize(
    ("variables", "check"),
    [
        ({"HTTP_PORT": "x"}, "Cài đặt"),
        ({"CALENDAR_FILE": "missing.yaml"}, "Lịch làm việc"),
        ({"DATABASE_URL": "postgresql://dondoc:hunter2@127.0.0.1:1/none"}, "Cơ sở dữ liệu"),
        ({"DATABASE_URL": "sqlite:///broken.db"}, "Cơ sở dữ liệu"),
        (
            {"TELEGRAM_BOT_TOKEN": "7001:hunter2-token-of-nobody-at-all-01", "TELEGRAM_API_BASE": "http://127.0.0.1:1"},
            "Telegram",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else value,
)
def test_what_is_broken_fails_with_its_name(
    dondoc: Dondoc, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], check: str
) -> None:
    (empty_folder / "broken.db").write_text("không phải cơ sở dữ liệu " * 50)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    told = dondoc("doctor", "--json")
    assert (told.code, told.json["ok"]) == (1, False)
    assert [each["check"] for each in told.json["checks"] if each["verdict"] == "fail"] == [check]
    assert all(each["advice"] for each in told.json["checks"] if each["verdict"] != "ok")
    assert "hunter2" not in told.out + told.err


def test_the_doctor_reads_a_machine_with_nothing_in_its_environment(process: Dondoc) -> None:
    told = process("doctor")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("[tốt] Python: ")


# --- run and demo ---


def test_a_bot_without_a_token_says_what_to_set(process: Dondoc) -> None:
    told = process("run")
    assert told.code == 1
    assert "TELEGRAM_BOT_TOKEN" in told.err
    assert len(told.err.splitlines()) == 1


def test_commands_that_stay_have_their_help(dondoc: Dondoc) -> None:
    told = dondoc("demo", "--help")
    for option in ("--port", "--no-browser", "--keep"):
        assert option in told.out
    assert dondoc("run", "--help").code == 0


def test_several_commands_at_once_share_a_new_database(process: Dondoc, empty_folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    (empty_folder / "units.yaml").write_text(UNITS)
    (empty_folder / "km1.yaml").write_text(PLAN)
    process("units", "load", "units.yaml")
    with ThreadPoolExecutor(3) as threads:
        told = list(threads.map(lambda _: process("plan", "load", "km1.yaml"), range(3)))
    assert [each.err for each in told] == ["", "", ""]
    assert sorted(each.out.split(":")[1].split(",")[0].strip() for each in told) == [
        "không có gì thay đổi.",
        "không có gì thay đổi.",
        "mới",
    ]
