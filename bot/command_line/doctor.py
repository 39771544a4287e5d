"""dondoc doctor: looks at everything a running bot needs, changes nothing, and says what to do about each."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say
from bot.command_line.doctor_channels import account_findings, channel_findings, outage_findings
from bot.command_line.errors import OUR_FAULT, sentences_of
from bot.command_line.findings import Finding, Verdict
from bot.command_line.quota import quota_findings
from bot.command_line.usage import Command
from bot.command_line.workplace import finish, opened
from bot.settings import Settings, SettingsError, load_settings, work_calendar
from models.clock import civil_day, system_clock

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from models.database import Database
    from planner.workdays import WorkCalendar

OLDEST_PYTHON = (3, 11)
LITTLE_DISK, NO_DISK = 1_000_000_000, 100_000_000
WAITING_TOO_LONG = timedelta(minutes=15)
SWAPS_DUE_MONTH = 11
"""From November the next year's swapped days should be decided, and deadlines begin to fall in it."""
UNITS_NAMED = 5
OTHERS = 0o077
"""The bits of a folder that let in anybody but its owner."""


def add_to(app: typer.Typer) -> None:
    app.command("doctor", cls=Command)(doctor)


def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False) -> None:
    """Xem máy và dữ liệu có đủ để chạy không; chỉ xem, không sửa."""
    findings = list(_findings(system_clock()))
    has_failed = any(each.verdict is Verdict.FAIL for each in findings)
    if as_json:
        say(to_json({"ok": not has_failed, "checks": [asdict(each) for each in findings]}))
    else:
        for each in findings:
            say(f"{_MARKS[each.verdict]} {each.check}: {each.message}")
            if each.advice:
                say(f"       → {each.advice}")
    if has_failed:
        raise typer.Exit(OUR_FAULT)


_MARKS = {Verdict.OK: "[tốt]", Verdict.WARN: "[lưu ý]", Verdict.FAIL: "[hỏng]"}


def _findings(now: datetime) -> Iterator[Finding]:
    yield _python()
    yield _sqlite()
    yield _readers()
    try:
        settings = load_settings()
    except SettingsError as error:
        yield from (
            Finding("Cài đặt", Verdict.FAIL, sentence, "Sửa biến này trong môi trường hoặc tệp .env.")
            for sentence in error.sentences
        )
        return
    yield Finding("Cài đặt", Verdict.OK, f'đọc được; "trước ngày" đọc theo lối {settings.before_reading.value}')
    yield from _calendar(settings, civil_day(now))
    yield from finish(_database(settings, now))
    yield from channel_findings(settings)
    yield _disk(settings)
    yield _evidence_folder(settings)


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return Finding("Python", Verdict.FAIL, version, "Cài Python 3.11 trở lên.")
    return Finding("Python", Verdict.OK, version)


def _sqlite() -> Finding:
    from models.database import MENDED_SQLITE, sqlite_module

    module = sqlite_module()
    version: tuple[int, ...] = module.sqlite_version_info
    if version < MENDED_SQLITE:
        advice = f"Cài gói pysqlite3 hoặc SQLite từ {'.'.join(map(str, MENDED_SQLITE))}: bản này có thể mất dữ liệu."
        return Finding("SQLite", Verdict.WARN, f"{module.sqlite_version}, còn lỗi WAL", advice)
    return Finding(
        "SQLite", Verdict.OK, f"{module.sqlite_version} ({module.__name__.partition('.')[0]}), đã vá lỗi WAL"
    )


def _readers() -> Finding:
    from bot.opening import tesseract

    name, always = "Đọc văn bản", "DOCX, PDF, XLSX, HTML, văn bản thuần"
    version = tesseract.version()
    if version is None:
        return Finding(name, Verdict.WARN, f"{always}; chưa đọc được ảnh quét", f"Chạy {tesseract.INSTALL}.")
    return Finding(name, Verdict.OK, f"{always}; ảnh quét (tesseract {version}, tiếng Việt)")


def _calendar(settings: Settings, today: date) -> Iterator[Finding]:
    name = "Lịch làm việc"
    try:
        calendar = work_calendar(settings)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is one more finding
        yield Finding(name, Verdict.FAIL, " ".join(sentences_of(error)), "Sửa tệp lịch hoặc CALENDAR_FILE.")
        return
    yield Finding(name, Verdict.OK, f"đọc được {settings.calendar_file.name}")
    yield from (_settled(calendar, year, today=today) for year in (today.year, today.year + 1))


def _settled(calendar: "WorkCalendar", year: int, *, today: date) -> Finding:
    name = f"Hoán đổi ngày nghỉ {year}"
    if calendar.is_settled(year):
        return Finding(name, Verdict.OK, "đã có quyết định")
    if year > today.year and today.month < SWAPS_DUE_MONTH:
        return Finding(name, Verdict.OK, "chưa có quyết định, thường ban hành cuối năm")
    advice = "Khi có quyết định, thêm các ngày vào tệp lịch (CALENDAR_FILE)."
    return Finding(name, Verdict.WARN, "chưa biết: thời hạn trong năm ấy có thể tính sai vài ngày", advice)


async def _database(settings: Settings, now: datetime) -> list[Finding]:
    from bot.command_line.stored_file import sqlite_file

    name = "Cơ sở dữ liệu"
    try:
        file = sqlite_file(settings.database_url)
        if file is not None and not file.is_file():
            advice = "Chạy dondoc plan load để tạo và nạp kế hoạch."
            return [Finding(name, Verdict.WARN, f"chưa có tệp {file}", advice)]
        async with opened(settings, upgrade=False) as database:
            return [finding async for finding in _inside(database, settings, now)]
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is one more finding
        return [Finding(name, Verdict.FAIL, " ".join(sentences_of(error)), "Xem lại DATABASE_URL và máy chủ.")]


async def _inside(database: "Database", settings: Settings, now: datetime) -> Any:
    from models.migrations import current_revision, newest_revision

    current, newest = await current_revision(database), newest_revision()
    yield Finding("Cơ sở dữ liệu", Verdict.OK, f"nối được ({database.dialect})")
    if current != newest:
        advice = "Chạy dondoc db upgrade."
        yield Finding("Bản dữ liệu", Verdict.WARN, f"{current or 'trống'}, chương trình cần {newest}", advice)
        return
    yield Finding("Bản dữ liệu", Verdict.OK, str(current))
    async with database.read() as session:
        for look_at in (outage_findings, account_findings):
            for finding in await look_at(session, settings):
                yield finding
        for look in (_figures, _unlinked, _queues, quota_findings):
            for finding in await look(session, now):
                yield finding
        yield await _evidence_files(session, settings)


async def _figures(session: "AsyncSession", now: datetime) -> list[Finding]:
    from bot.command_line.stored import people_rows, plan_codes, unit_codes

    people = await people_rows(session, today=civil_day(now))
    linked = sum(row["is_linked"] for row in people)
    return [
        _count("Đơn vị", len(await unit_codes(session)), "Nạp danh mục: dondoc units load."),
        _count("Kế hoạch", len(await plan_codes(session)), "Nạp kế hoạch: dondoc plan load."),
        _count("Người dùng", len(people), "Thêm người: dondoc people add.", more=f", {linked} đã liên kết"),
    ]


def _count(name: str, count: int, advice: str, *, more: str = "") -> Finding:
    return Finding(name, Verdict.OK, f"{count}{more}") if count else Finding(name, Verdict.WARN, "chưa có", advice)


async def _unlinked(session: "AsyncSession", now: datetime) -> list[Finding]:
    from planner.desk import units_not_reached
    from planner.scope import EVERYTHING

    unlinked, unreachable = await units_not_reached(session, EVERYTHING, today=civil_day(now))
    return [
        _units("Đơn vị chưa ai liên kết", unlinked, "Cấp mã mời: dondoc people invite."),
        _units("Đơn vị không liên lạc được", unreachable, "Người của đơn vị nhắn lại cho bot, hoặc mời người khác."),
    ]


def _units(name: str, units: tuple[str, ...], advice: str) -> Finding:
    if not units:
        return Finding(name, Verdict.OK, "không có")
    more = f" và {len(units) - UNITS_NAMED} đơn vị nữa" if len(units) > UNITS_NAMED else ""
    return Finding(name, Verdict.WARN, f"{len(units)}: {', '.join(units[:UNITS_NAMED])}{more}", advice)


async def _queues(session: "AsyncSession", now: datetime) -> list[Finding]:
    from bot.command_line.stored import inbox_figures, outbox_figures

    return [
        _queue("Tin chờ gửi", *await outbox_figures(session), now=now, stuck="bị từ chối"),
        _queue("Tin chờ xử lý", *await inbox_figures(session), now=now, stuck="xử lý hỏng"),
    ]


def _queue(name: str, waiting: int, oldest: datetime | None, failed: int, *, now: datetime, stuck: str) -> Finding:
    message = f"{waiting} tin" + (f", {failed} tin {stuck}" if failed else "")
    if oldest is not None and now - oldest > WAITING_TOO_LONG:
        message += f", cũ nhất đã chờ {_said(now - oldest)}"
        return Finding(name, Verdict.WARN, message, "Xem dondoc run có đang chạy không, và nhật ký của nó.")
    if failed:
        return Finding(name, Verdict.WARN, message, "Xem nhật ký của dondoc run.")
    return Finding(name, Verdict.OK, message)


def _said(wait: timedelta) -> str:
    minutes = int(wait.total_seconds() // 60)
    hours = minutes // 60
    return f"{minutes} phút" if hours < 2 else f"{hours} giờ" if hours < 48 else f"{hours // 24} ngày"  # noqa: PLR2004


async def _evidence_files(session: "AsyncSession", settings: Settings) -> Finding:
    """A backup of the database alone leaves these behind."""
    from bot.evidence_store import EvidenceStore
    from planner.hand_in_evidence import standing_files
    from planner.letters.originals import standing_originals

    name = "Tệp minh chứng"
    sums = await standing_files(session) | await standing_originals(session)
    lost = len(await EvidenceStore(settings.evidence_folder).missing(sums))
    if lost:
        advice = "Khôi phục thư mục EVIDENCE_FOLDER từ bản sao lưu, hoặc đề nghị đơn vị gửi lại."
        return Finding(name, Verdict.WARN, f"{len(sums)} tệp, thiếu {lost} tệp trên đĩa", advice)
    return Finding(name, Verdict.OK, f"{len(sums)} tệp, đủ trên đĩa")


def _evidence_folder(settings: Settings) -> Finding:
    name, folder = "Thư mục minh chứng", settings.evidence_folder
    existing = folder.absolute()
    while not existing.exists():
        existing = existing.parent
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return Finding(name, Verdict.FAIL, f"không ghi được vào {folder}", "Xem lại EVIDENCE_FOLDER và quyền thư mục.")
    if not folder.is_dir():
        return Finding(name, Verdict.OK, f"{folder}, tạo khi có tệp đầu tiên")
    if os.name == "posix" and folder.stat().st_mode & OTHERS:
        advice = f"Chỉ để chủ của nó đọc: chmod -R go-rwx {folder}."
        return Finding(name, Verdict.WARN, f"{folder}, tài khoản khác trên máy đọc được", advice)
    return Finding(name, Verdict.OK, f"{folder}, ghi được")


def _disk(settings: Settings, *, usage: Callable[[Path], Any] = shutil.disk_usage) -> Finding:
    from bot.command_line.stored_file import sqlite_file

    folder = (sqlite_file(settings.database_url) or Path()).absolute()
    while not folder.is_dir():
        folder = folder.parent
    free: int = usage(folder).free
    message = f"còn trống {free / 1_000_000_000:.1f} GB"
    advice = "Giải phóng chỗ trên đĩa chứa cơ sở dữ liệu."
    if free < NO_DISK:
        return Finding("Đĩa", Verdict.FAIL, message, advice)
    return Finding("Đĩa", Verdict.WARN, message, advice) if free < LITTLE_DISK else Finding("Đĩa", Verdict.OK, message)
