"""dondoc understand: how free answers are read, a line in and a line out, for measuring against labelled sentences."""

import sys
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_line.console import as_json, flush, say
from bot.command_line.days import parse_day
from bot.command_line.errors import CommandError
from bot.command_line.usage import Command
from bot.settings import load_settings, work_calendar
from models.terms import BeforeReading

if TYPE_CHECKING:
    from bot.conversation.meaning import Meaning
    from planner.deadlines import Reading
    from planner.workdays import WorkCalendar

LONGEST_LINE = 100_000
"""Bytes of one line that are kept; a message is at most a few thousand."""

HALF_A_YEAR = timedelta(days=183)


def add_to(app: typer.Typer) -> None:
    app.command("understand", cls=Command)(understand)


def understand(
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="NGÀY", help="Ngày của tin nhắn, dạng 2026-11-02 hoặc 02/11/2026.")
    ] = None,
    due: Annotated[
        str | None,
        typer.Option("--due", metavar="CỤM TỪ", help='Thời hạn của việc, ví dụ "trước ngày 11/11/2026"; không có: bỏ.'),
    ] = None,
) -> None:
    """Đọc từng câu trả lời từ đầu vào, mỗi câu một dòng; in ra mỗi câu một JSON."""
    if as_of is None:
        raise CommandError("Thiếu --as-of: ngày của tin nhắn, dạng 2026-11-02 hoặc 02/11/2026.")
    today = parse_day(as_of, "--as-of")
    settings = load_settings()
    calendar, before = work_calendar(settings), settings.before_reading
    last_valid_on = None if due is None else _last_valid(due, today, calendar, before)

    from bot.conversation.meaning import read_answer

    for text in _lines():
        meaning = read_answer(text, today=today, last_valid_on=last_valid_on, calendar=calendar, before=before)
        say(as_json(_row(text, meaning)))
        flush()


def _row(text: str, meaning: "Meaning") -> dict[str, object]:
    return {
        "text": text,
        "intent": meaning.intent.value,
        "percent": meaning.percent,
        "requested_on": meaning.requested_on.isoformat() if meaning.requested_on else None,
        "document_no": meaning.document_no,
        "confidence": round(meaning.confidence, 2),
    }


def _last_valid(phrase: str, today: date, calendar: "WorkCalendar", before: BeforeReading) -> date | None:
    """The last valid day of the phrase; None for work without one. The letter is older than the answer, so a day
    without a year is the nearest one, before or after today."""
    from models.terms import DeadlineKind

    readings = [_read(phrase, base_on, calendar, before) for base_on in (today, today - HALF_A_YEAR)]
    days = [reading.last_valid_on for reading in readings if reading.last_valid_on is not None]
    if days:
        return min(days, key=lambda day: abs(day - today))
    without_a_day = {DeadlineKind.CONTINUOUS, DeadlineKind.EVENT}
    if readings[0].kind in without_a_day and not readings[0].ask:
        return None
    raise CommandError(f"--due: không đọc được thời hạn “{phrase}”. Ví dụ: trước ngày 11/11/2026.")


def _read(phrase: str, base_on: date, calendar: "WorkCalendar", before: BeforeReading) -> "Reading":
    from planner.deadlines import read_deadline

    return read_deadline(unicodedata.normalize("NFC", phrase), base_on=base_on, calendar=calendar, before=before)


def _lines() -> Iterator[str]:
    """Lines of standard input that say something; a broken byte shows as such; an endless line is cut."""
    if sys.stdin.isatty():
        raise CommandError('Đưa các câu vào đầu vào: echo "xong roi a" | dondoc understand --as-of 2026-11-02.')
    is_first = True
    while raw := sys.stdin.buffer.readline(LONGEST_LINE):
        rest = raw
        while not rest.endswith(b"\n") and len(rest) == LONGEST_LINE:
            rest = sys.stdin.buffer.readline(LONGEST_LINE)
        text = raw.decode("utf-8-sig" if is_first else "utf-8", errors="replace").strip()
        is_first = False
        if text:
            yield unicodedata.normalize("NFC", text)
