"""An invitation in words, in rows and in a spreadsheet: the code, and where it is to be typed."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

from bot.command_line.console import say, tell
from bot.command_line.private_file import as_cell
from bot.conversation.channel_names import channel_name
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from planner.bots import KnownBot

TELEGRAM = "telegram"
"""The one platform whose links open a chat with the code typed already."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Một mã mời vừa cấp. `bots`: on each channel the one that has room; none known before the first run."""

    person_id: int
    full_name: str
    places: str
    code: str
    valid_until: datetime
    bots: "tuple[KnownBot, ...]" = ()


@dataclass(frozen=True, slots=True)
class Room:
    """Chỗ cho người mới: `bots` to name, `kept_by` the one that keeps a place; `full` the channels without any."""

    bots: "tuple[KnownBot, ...]"
    kept_by: str | None
    full: tuple[str, ...]


async def room_for_one(session: "AsyncSession", person_id: int, *, now: datetime, but: str | None = None) -> Room:
    """Where this person should write to; `but`: a bot they leave."""
    from planner.bots import known_bots, place_kept_by, with_room

    known = [bot for bot in await known_bots(session, now=now, invites_but_of=person_id) if bot.bot != but]
    bots = tuple(with_room(known))
    full = {bot.channel for bot in known} - {bot.channel for bot in bots}
    return Room(bots, place_kept_by(bots), tuple(sorted(full)))


def say_full(full: tuple[str, ...]) -> None:
    for channel in full:
        tell(f"Lưu ý: mọi bot {channel_name(channel)} đã đủ người; thêm bot, hoặc dùng kênh khác.")


def say_invited(settings: Settings, invited: Invited) -> None:
    say(f"Mã mời của {invited.full_name}: {invited.code}")
    say(f"Dùng được một lần, đến {invited.valid_until:%H:%M ngày %d/%m/%Y}. Mã không hiện lại.")
    link = invited_row(invited, bot_name(settings))["link"]
    if link:
        say(f"Liên kết: {link}")
    others = [bot for bot in invited.bots if not (link and bot.channel == TELEGRAM)]
    for bot in others:
        say(f"{channel_name(bot.channel)}: tìm “{bot.name}” rồi gõ {invited.code}")
    if not link and not others:
        say(f"Mở bot của cơ quan rồi gõ: /start {invited.code}")


def where_told(invited: Invited) -> str:
    """Zalo: Đôn Đốc 2; Telegram: dondoc_bot."""
    return "; ".join(f"{channel_name(bot.channel)}: {bot.name}" for bot in invited.bots)


def invited_row(invited: Invited, bot_name: str | None) -> dict[str, Any]:
    return {
        "person": invited.person_id,
        "full_name": invited.full_name,
        "code": invited.code,
        "valid_until": invited.valid_until.isoformat(),
        "link": f"https://t.me/{bot_name}?start={invited.code}" if bot_name else None,
        "bots": [{"channel": bot.channel, "bot": bot.bot, "name": bot.shown_name} for bot in invited.bots],
    }


def write_codes(file: TextIO, settings: Settings, invited: list[Invited]) -> None:
    import csv

    name = bot_name(settings) if invited else None
    rows = csv.writer(file, lineterminator="\n")
    file.write("\ufeff")  # or a spreadsheet takes the accents for something else
    rows.writerow(("Mã số", "Họ và tên", "Vai trò", "Mã mời", "Dùng đến", "Liên kết", "Nhắn tới"))
    for each in invited:
        link = invited_row(each, name)["link"] or ""
        until = f"{each.valid_until:%H:%M %d/%m/%Y}"
        cells = (each.person_id, each.full_name, each.places, each.code, until, link, where_told(each))
        rows.writerow(map(as_cell, cells))


def bot_name(settings: Settings) -> str | None:
    """What links begin with, which open the bot with the code typed; None, and why, when it cannot be asked."""
    from bot.command_line.telegram import NoAnswerError, ask_username

    if settings.telegram_bot_token is None:
        return None
    try:
        return ask_username(settings)
    except NoAnswerError as error:
        tell(f"Chưa hỏi được tên bot nên chưa có liên kết: {error}")
        return None
