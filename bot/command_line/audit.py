"""dondoc audit: whether the record is whole, and a copy of it to keep elsewhere."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import rich_console, say, tell
from bot.command_line.days import parse_day
from bot.command_line.errors import OUR_FAULT, CommandError
from bot.command_line.private_file import as_cell, private_file
from bot.command_line.usage import Command, make_app
from bot.command_line.workplace import finish, opened
from bot.settings import load_settings
from models.clock import CIVIL_ZONE, at_civil

if TYPE_CHECKING:
    from planner.audit import Verified
    from planner.audit_chain import Anchor

app = make_app("Nhật ký: soát tính toàn vẹn, xuất ra tệp.")

FAULT_WORDS = {
    "unchained": "không nối vào chuỗi",
    "not-after-previous": "không nối với dòng liền trước (có dòng bị xóa, thêm hoặc đổi chỗ)",
    "changed": "nội dung đã bị sửa",
    "words-changed": "lời nói đã bị sửa",
    "words-missing": "lời nói bị xóa mà không có sự kiện xóa thông tin cá nhân",
    "anchor-missing": "không còn đúng như mốc đã ghi: nhật ký đã bị cắt hoặc viết lại",
}
_ANCHOR = re.compile(r"(\d{1,12}):([0-9a-f]{64})", re.ASCII)
COLUMNS = (
    "id", "at", "person_id", "role", "channel", "action", "assignment_id", "said", "before", "after",
    "said_salt", "said_digest", "previous_hash", "event_hash",
)  # fmt: skip


class Form(StrEnum):
    """Dạng tệp: one JSON object a line, or a table."""

    LINES = "lines"
    CSV = "csv"


@app.command("verify", cls=Command)
def verify(
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar="MỐC", help="Mốc đã ghi lại từ lần soát trước (số:mã).")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False,
) -> None:
    """Soát cả nhật ký; dừng ở dòng hỏng đầu tiên và báo mã thoát 1."""
    found = finish(_verify(_anchor(anchor) if anchor is not None else None))
    if as_json:
        say(
            to_json(
                {
                    "events": found.events,
                    "unchained": found.unchained,
                    "head": str(found.head) if found.head else None,
                    "broken": asdict(found.broken) if found.broken else None,
                }
            )
        )
    else:
        _say_verified(found)
    if found.broken is not None:
        raise typer.Exit(OUR_FAULT)


def _say_verified(found: "Verified") -> None:
    if found.broken is not None:
        tell(f"Nhật ký hỏng ở dòng số {found.broken.event_id}: {FAULT_WORDS[found.broken.fault]}.")
        return
    say(f"Nhật ký nguyên vẹn: {found.events} dòng.")
    if found.unchained:
        say(f"Trong đó {found.unchained} dòng đầu có từ trước khi nhật ký được nối chuỗi.")
    if found.head is not None:
        say(f"Mốc: {found.head}")
        say("Ghi mốc này ra ngoài máy; lần sau soát với --anchor để biết nhật ký có bị cắt bớt không.")


def _anchor(words: str) -> "Anchor":
    from planner.audit_chain import Anchor

    found = _ANCHOR.fullmatch(words.strip())
    if found is None:
        raise CommandError("--anchor phải là mốc do lần soát trước in ra: số dòng, dấu hai chấm, 64 ký tự.")
    return Anchor(int(found[1]), found[2])


async def _verify(anchor: "Anchor | None") -> "Verified":
    from planner.audit import count_events, verify

    async with opened(load_settings()) as database, database.read() as session:
        with _progress("Soát nhật ký", await count_events(session)) as advance:
            return await verify(session, anchor=anchor, on_progress=advance)


@app.command("export", cls=Command)
def export(
    first: Annotated[str | None, typer.Option("--from", metavar="NGÀY", help="Từ đầu ngày này.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="NGÀY", help="Đến hết ngày này.")] = None,
    form: Annotated[
        Form, typer.Option("--format", metavar="DẠNG", help="lines: mỗi dòng một đối tượng JSON; csv: bảng.")
    ] = Form.LINES,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi vào tệp mới, chỉ chủ máy đọc được.")
    ] = None,
) -> None:
    """Xuất nhật ký theo thứ tự của chuỗi."""
    since = _start(parse_day(first, "--from")) if first is not None else None
    until = _start(parse_day(last, "--to") + timedelta(days=1)) if last is not None else None
    if since is not None and until is not None and since >= until:
        raise CommandError("--from phải trước hoặc cùng ngày --to.")
    if out is None:
        finish(_export(sys.stdout, form, since=since, until=until))
        return
    with private_file(out) as file:
        count = finish(_export(file, form, since=since, until=until))
    tell(f"Đã ghi {count} dòng vào {out}.")


def _start(day: date) -> datetime:
    return at_civil(day, time(0))


async def _export(target: TextIO, form: Form, *, since: datetime | None, until: datetime | None) -> int:
    from planner.audit import count_events, events_between

    done = 0
    async with opened(load_settings()) as database, database.read() as session:
        with _progress("Xuất nhật ký", await count_events(session, since=since, until=until)) as advance:
            _write(target, _heading(form))
            async for page in events_between(session, since=since, until=until):
                _write(target, "".join(_line(event, form) for event in page))
                done += len(page)
                advance(done)
    return done


def _write(target: TextIO, words: str) -> None:
    if target is sys.stdout:
        if words:
            say(words.removesuffix("\n"))
    else:
        target.write(words)


def _heading(form: Form) -> str:
    return ",".join(COLUMNS) + "\n" if form is Form.CSV else ""


def _line(event: Mapping[str, Any], form: Form) -> str:
    row = {name: event[name] for name in COLUMNS}
    row["at"] = event["at"].astimezone(CIVIL_ZONE).isoformat()
    if form is Form.LINES:
        return json.dumps(row, ensure_ascii=False) + "\n"
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(as_cell(value) for value in row.values())
    return line.getvalue()


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar for whoever watches a terminal; nothing in a pipe or a log."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = rich_console(sys.stderr)
    if not console.is_terminal:
        yield lambda _done: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
