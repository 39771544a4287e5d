"""dondoc deadline and dondoc calendar: how a phrase is read, and which days are worked."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import flush, say, say_table, tell
from bot.command_line.days import FIRST_YEAR, LAST_YEAR, check_year, parse_day
from bot.command_line.errors import BAD_INPUT, CommandError
from bot.command_line.usage import Command
from bot.settings import load_settings, work_calendar
from models.terms import BeforeReading

if TYPE_CHECKING:
    from planner.deadlines import Reading
    from planner.workdays import WorkCalendar

LONGEST_LINE = 100_000
"""Bytes of one line on standard input; a phrase is a line of a table, not a book."""


def add_to(app: typer.Typer) -> None:
    app.command("deadline", cls=Command)(deadline)
    app.command("calendar", cls=Command)(calendar)


def deadline(
    phrase: Annotated[
        str | None, typer.Argument(metavar="CỤM TỪ", help='Ví dụ "trước ngày 05/11/2024"; để trống: đọc từ đầu vào.')
    ] = None,
    base: Annotated[str | None, typer.Option("--base", metavar="NGÀY", help="Ngày của văn bản.")] = None,
    *,
    is_lenient: Annotated[
        bool | None,
        typer.Option("--lenient/--strict", help='"trước ngày" tính cả ngày ấy, hay không; mặc định theo cài đặt.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Mỗi dòng một JSON (đây là mặc định).")] = False,
    is_pretty: Annotated[bool, typer.Option("--pretty", help="Trình bày cho người đọc.")] = False,
) -> None:
    """Đọc một cụm từ chỉ thời hạn; không có cụm từ thì đọc từng dòng {"phrase", "base"} từ đầu vào."""
    base_on = parse_day(base, "--base") if base is not None else None
    settings = load_settings()
    before = settings.before_reading if is_lenient is None else _reading_of(is_lenient=is_lenient)
    reader = _Reader(work_calendar(settings), before, base_on, is_pretty=is_pretty and not as_json)
    if phrase is None:
        reader.answer_lines()
    else:
        reader.answer(phrase, base_on)


def _reading_of(*, is_lenient: bool) -> BeforeReading:
    return BeforeReading.LENIENT if is_lenient else BeforeReading.STRICT


class _BadLineError(Exception):
    """Một dòng không đọc được; `str()` is why."""


@dataclass(frozen=True)
class _Reader:
    calendar: "WorkCalendar"
    before: BeforeReading
    base_on: date | None
    is_pretty: bool

    def answer(self, phrase: str, base_on: date | None) -> None:
        if base_on is None:
            raise CommandError("Thiếu --base: ngày của văn bản, dạng 2024-10-23 hoặc 23/10/2024.")
        if _is_broken(phrase):
            raise CommandError("Cụm từ không phải UTF-8.")
        self._say(phrase, base_on)

    def answer_lines(self) -> None:
        """Every good line is answered; the bad ones are told by number, and end in exit code 2."""
        if sys.stdin.isatty():
            raise CommandError('Thiếu cụm từ: dondoc deadline "trước ngày 05/11/2024" --base 2024-10-23.')
        bad = 0
        for number, raw in _lines():
            try:
                phrase, base_on = self._asked(raw)
            except _BadLineError as error:
                bad += 1
                tell(f"Dòng {number}: {error}")
            else:
                self._say(phrase, base_on)
        if bad:
            raise typer.Exit(BAD_INPUT)

    def _asked(self, raw: bytes) -> tuple[str, date]:
        question = _parsed(raw)
        if not isinstance(question, dict) or not isinstance(question.get("phrase"), str):
            raise _BadLineError('cần một đối tượng {"phrase": "…", "base": "2024-10-23"}.')
        phrase, base = question["phrase"], question.get("base")
        if _is_broken(phrase):
            raise _BadLineError("phrase không phải UTF-8.")
        if base is None and self.base_on is not None:
            return phrase, self.base_on
        if not isinstance(base, str):
            raise _BadLineError("cần base, ngày của văn bản, dạng 2024-10-23.")
        try:
            return phrase, parse_day(base, "base")
        except CommandError as error:
            raise _BadLineError(str(error)) from None

    def _say(self, phrase: str, base_on: date) -> None:
        from planner.deadlines import read_deadline, reading_row

        phrase = unicodedata.normalize("NFC", phrase)
        reading = read_deadline(phrase, base_on=base_on, calendar=self.calendar, before=self.before)
        if self.is_pretty:
            _say_prettily(reading)
        else:
            say(to_json(reading_row(reading)))
        flush()


def _lines() -> Iterator[tuple[int, bytes]]:
    """Numbered lines of standard input that are not blank; the rest of an endless one is thrown away."""
    number = 0
    while raw := sys.stdin.buffer.readline(LONGEST_LINE):
        number += 1
        rest = raw
        while rest and not rest.endswith(b"\n") and len(rest) == LONGEST_LINE:
            rest = sys.stdin.buffer.readline(LONGEST_LINE)
        if raw.strip():
            yield number, raw


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _BadLineError("không phải UTF-8.") from None
    except (ValueError, RecursionError):
        raise _BadLineError("không phải JSON hợp lệ.") from None


def _is_broken(text: str) -> bool:
    """Half a character: bytes of another encoding on the command line, or half an escape in JSON."""
    return any("\ud800" <= each <= "\udfff" for each in text)


def _say_prettily(reading: "Reading") -> None:
    from reminders.wording import long_day

    say(f"“{reading.phrase}”")
    say(f"  {reading.explanation}")
    for label, day in (
        ("Ngày ghi trong văn bản", reading.due_on),
        ("Ngày cuối còn đúng hạn", reading.last_valid_on),
        ("Nên xong trong ngày", reading.work_to),
        ("Được kéo đến", reading.grace_until),
    ):
        if day is not None:
            say(f"  {label}: {long_day(day)}")
    if reading.ask:
        say("  Chưa chắc chắn: cần người xác nhận.")


def calendar(
    year: Annotated[str, typer.Argument(metavar="NĂM", help=f"Từ {FIRST_YEAR} đến {LAST_YEAR}.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False,
) -> None:
    """Các ngày nghỉ, làm bù của một năm và căn cứ của từng ngày."""
    if not (year.isascii() and year.isdecimal()):
        raise CommandError("NĂM phải là một số, ví dụ 2026.")
    number = int(year[:5])
    check_year(number, "NĂM")
    days = work_calendar(load_settings())
    rows = days.rows(number)
    is_settled = days.is_settled(number)
    if as_json:
        table = [
            {
                "day": row.day.isoformat(),
                "is_workday": row.is_workday,
                "name": row.name,
                "decision": row.decision,
                "is_confirmed": row.is_confirmed,
            }
            for row in rows
        ]
        say(to_json({"year": number, "is_settled": is_settled, "days": table}))
        return
    from reminders.wording import long_day

    say_table(
        ("Ngày", "", "Tên", "Căn cứ"),
        (
            (
                long_day(row.day),
                "làm việc" if row.is_workday else "nghỉ",
                row.name,
                row.decision if row.is_confirmed else f"{row.decision} · chưa xác nhận",
            )
            for row in rows
        ),
    )
    if not is_settled:
        tell(f"Lưu ý: chưa có quyết định hoán đổi ngày nghỉ năm {number}; khi có, thêm vào tệp lịch (CALENDAR_FILE).")
