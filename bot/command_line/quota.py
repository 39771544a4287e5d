"""dondoc quota: what each bot has used of its month, and for how many people there is room."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, say_table, tell
from bot.command_line.findings import Finding, Verdict
from bot.command_line.usage import Command
from bot.command_line.workplace import finish, opened
from bot.settings import load_settings
from models.clock import system_clock

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from reminders.quota_status import BotMonth

_MOVE = "Chuyển bớt người sang bot khác (dondoc people move-bot) hoặc sang kênh khác."


def add_to(app: typer.Typer) -> None:
    app.command("quota", cls=Command)(quota)


def quota(*, as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False) -> None:
    """Xem hạn mức tin trong tháng của từng bot, số người và số nhóm đang dùng; không đổi gì."""
    months = finish(_months())
    if as_json:
        say(to_json([_row(each) for each in months]))
        return
    if not months:
        tell("Chưa có bot nào tính hạn mức, hoặc dondoc run chưa chạy lần nào.")
        return
    say(f"Hạn mức tin tháng {months[0].month:%m/%Y}, cả nhận và gửi:")
    say_table(
        ("Bot", "Đã dùng", "Nhận", "Gửi", "Cả tháng khoảng", "Giữ lại", "Người", "Nhóm"),
        (
            (
                each.bot.name,
                f"{each.used.total}/{each.quota} ({each.percent}%)",
                each.used.received,
                each.used.sent,
                each.expected,
                each.held,
                _of(each.bot.people, each.bot.most_people),
                _of(each.bot.groups, each.bot.most_groups),
            )
            for each in months
        ),
        right=(2, 3, 4, 5),
    )


async def _months() -> "list[BotMonth]":
    from reminders.quota_status import quota_status

    async with opened(load_settings()) as database, database.read() as session:
        return await quota_status(session, now=system_clock())


def _of(number: int, most: int | None) -> str:
    return str(number) if most is None else f"{number}/{most}"


def _row(month: "BotMonth") -> dict[str, Any]:
    return {
        "bot": month.bot.bot,
        "name": month.bot.shown_name,
        "month": f"{month.month:%Y-%m}",
        "quota": month.quota,
        "received": month.used.received,
        "sent": month.used.sent,
        "expected": month.expected,
        "held": month.held,
        "people": month.bot.people,
        "invited": month.bot.invited,
        "most_people": month.bot.most_people,
        "groups": month.bot.groups,
        "most_groups": month.bot.most_groups,
    }


async def quota_findings(session: "AsyncSession", now: "datetime") -> list[Finding]:
    """For the doctor: every bot that counts, with what waits for the month's end."""
    from reminders.quota_status import quota_status

    return [_finding(each) for each in await quota_status(session, now=now)]


def _finding(month: "BotMonth") -> Finding:
    name = f"Hạn mức {month.bot.name}"
    message = f"{month.used.total}/{month.quota} tin ({month.percent}%)"
    if month.held:
        message += f", {month.held} tin nhắc chờ đến tháng sau"
    people = month.bot.most_people
    if people is not None and not month.bot.has_room:
        message += f", đã đủ {people} người"
    is_well = not (month.holds or month.held or month.is_low)
    return Finding(name, Verdict.OK if is_well else Verdict.WARN, message, "" if is_well else _MOVE)
