"""dondoc overdue and dondoc schedule: what is late, and what will be said, for people and for scripts."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, say_rows, say_table, tell, vietnamese, vietnamese_moment
from bot.command_line.days import parse_day, today
from bot.command_line.errors import CommandError, unknown
from bot.command_line.usage import Command
from bot.command_line.workplace import finish, opened
from bot.settings import load_settings, work_calendar

if TYPE_CHECKING:
    from planner.statistics import Counts
    from reminders.schedule import ScheduledReminder

LONGEST_WINDOW_DAYS = 366

Unit = Annotated[str | None, typer.Option("--unit", metavar="MÃ", help="Chỉ một đơn vị.")]
Json = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")]

KIND_WORDS = {
    "new": "việc mới",
    "upcoming": "nhắc trước",
    "last_day": "ngày cuối",
    "newly_late": "vừa quá hạn",
    "follow_up": "đôn đốc",
    "escalation": "báo cáo cấp trên",
    "check_in": "hỏi tình hình",
    "blocker_check": "hỏi vướng mắc",
}


def add_to(app: typer.Typer) -> None:
    app.command("overdue", cls=Command)(overdue)
    app.command("schedule", cls=Command)(schedule)


def overdue(
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="NGÀY", help="Tính đến ngày này; mặc định hôm nay.")
    ] = None,
    unit: Unit = None,
    *,
    as_json: Json = False,
) -> None:
    """Việc quá hạn và bốn con số, tính từ thời hạn đến một ngày."""
    day = parse_day(as_of, "--as-of") if as_of is not None else today()
    counts, rows = finish(_overdue(day, unit))
    if as_json:
        row_lines = ",\n  ".join(map(to_json, rows))
        say(f'{{"as_of": "{day}", "counts": {to_json(asdict(counts))}, "rows": [{row_lines}]}}')
        return
    say(f"Quá hạn tính đến hết ngày {day:%d/%m/%Y}")
    say(
        f"Tổng {counts.total}: xong đúng hạn {counts.done_on_time} · xong quá hạn {counts.done_late} · "
        f"trong hạn {counts.open_in_time} · quá hạn {counts.open_late}"
    )
    if rows:
        say_table(
            ("Kế hoạch", "Nhiệm vụ", "Đơn vị", "Ngày cuối", "Trễ (ngày)", "Trễ (ngày làm việc)", "Phản hồi gần nhất"),
            (
                (
                    row["plan"],
                    row["task"],
                    row["unit"],
                    f"{day - timedelta(days=row['days_overdue']):%d/%m/%Y}",
                    row["days_overdue"],
                    row["workdays_overdue"],
                    vietnamese_moment(row["last_answer_at"]) if row["last_answer_at"] else "chưa phản hồi",
                )
                for row in rows
            ),
            right=(4, 5),
        )


async def _overdue(day: date, unit: str | None) -> tuple["Counts", list[dict[str, Any]]]:
    from bot.command_line.stored import unit_codes
    from models.clock import CIVIL_ZONE
    from planner.list_overdue import count_states, late_views
    from planner.open_period import open_due_periods
    from planner.scope import EVERYTHING, Scope

    settings = load_settings()
    calendar = work_calendar(settings)
    # periods that have come since the bot last ran belong to the truth of that day: they are opened, counted and,
    # because this command only looks, thrown away with the transaction
    async with opened(settings) as database, database.write() as session:
        codes = await unit_codes(session)
        if unit is not None and unit not in codes:
            raise unknown("unit", unit, codes)
        scope = EVERYTHING if unit is None else Scope(unit_ids=frozenset({codes[unit]}))
        await open_due_periods(session, today=day, calendar=calendar, before=settings.before_reading)
        counts = await count_states(session, scope, today=day)
        views = await late_views(session, scope, today=day)
        await session.rollback()
    rows = []
    for view in views:
        assert view.effective_on is not None
        rows.append(
            {
                "plan": view.plan_code,
                "task": view.task_code,
                "unit": view.unit_code,
                "due_on": view.due_on.isoformat() if view.due_on else None,
                "last_valid_on": view.last_valid_on.isoformat() if view.last_valid_on else None,
                "days_overdue": (day - view.effective_on).days,
                "workdays_overdue": calendar.workdays_between(view.effective_on, day),
                "state": view.state.value,
                "last_answer_at": view.answered_at.astimezone(CIVIL_ZONE).isoformat() if view.answered_at else None,
            }
        )
    return counts, rows


def schedule(
    start: Annotated[str, typer.Option("--from", metavar="NGÀY", help="Từ ngày, tính cả ngày này.")],
    end: Annotated[str, typer.Option("--to", metavar="NGÀY", help="Đến ngày, tính cả ngày này.")],
    unit: Unit = None,
    *,
    as_json: Json = False,
) -> None:
    """Xem trước: ai sẽ được nhắc việc gì, hôm nào, ở bậc nào, nếu từ nay chưa ai trả lời."""
    first, last = parse_day(start, "--from"), parse_day(end, "--to")
    if last < first:
        raise CommandError("--to phải từ ngày của --from trở đi.")
    if (last - first).days > LONGEST_WINDOW_DAYS:
        raise CommandError(f"Khoảng từ --from đến --to dài nhất là {LONGEST_WINDOW_DAYS} ngày.")
    rows = [_row(each) for each in finish(_schedule(first, last, unit))]
    if as_json:
        say_rows(rows)
        return
    if not rows:
        tell("Không có lần nhắc nào trong khoảng này.")
        return
    say_table(
        ("Lúc", "Nơi nhận", "Loại", "Bậc", "Nhiệm vụ", "Ngày ghi", "Ngày cuối"),
        (
            (
                vietnamese_moment(row["at"]),
                row["recipient_unit"],
                KIND_WORDS[row["kind"]],
                row["step"],
                row["task"],
                vietnamese(row["due_on"]),
                vietnamese(row["last_valid_on"]),
            )
            for row in rows
        ),
    )
    say(f"Tổng {len(rows)} lần nhắc.")


async def _schedule(start: date, end: date, unit: str | None) -> list["ScheduledReminder"]:
    from bot.command_line.stored import unit_codes
    from reminders.schedule import schedule as scheduled

    settings = load_settings()
    calendar = work_calendar(settings)
    async with opened(settings) as database, database.read() as session:
        if unit is not None and unit not in (codes := await unit_codes(session)):
            raise unknown("unit", unit, codes)
        return await scheduled(
            session,
            start=start,
            end=end,
            calendar=calendar,
            before=settings.before_reading,
            recipients=None if unit is None else {unit},
        )


def _row(reminder: "ScheduledReminder") -> dict[str, Any]:
    return {
        "at": reminder.at.isoformat(),
        "recipient_unit": reminder.recipient_unit,
        "kind": reminder.kind.value,
        "step": reminder.step,
        "task": reminder.task,
        "plan": reminder.plan,
        "due_on": reminder.due_on.isoformat() if reminder.due_on else None,
        "last_valid_on": reminder.last_valid_on.isoformat() if reminder.last_valid_on else None,
    }
