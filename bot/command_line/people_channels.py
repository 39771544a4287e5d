"""dondoc people channels and move-bot: by which channels a person is reached, and by which of our bots."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, tell, vietnamese_moment
from bot.command_line.days import today
from bot.command_line.errors import CommandError
from bot.command_line.invitations import Invited, room_for_one, say_full, say_invited
from bot.command_line.usage import Command
from bot.command_line.whom import find_person
from bot.command_line.workplace import finish, opened
from bot.conversation.channel_names import channel_name
from bot.settings import Settings, invite_key, load_settings
from models.clock import CIVIL_ZONE, system_clock

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from planner.bots import KnownBot
    from planner.person_channels import LinkedChannel

Who = Annotated[str, typer.Argument(metavar="MÃ|HỌ TÊN", help="Mã số hoặc họ tên.")]


def add_to(app: typer.Typer) -> None:
    app.command("channels", cls=Command)(channels)
    app.command("move-bot", cls=Command)(move_bot)


def channels(
    who: Who,
    first: Annotated[
        str | None, typer.Option("--first", metavar="KÊNH", help="Đưa kênh này lên trước: số thứ tự hoặc tên.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")] = False,
) -> None:
    """Xem một người được nhắn qua những kênh nào, theo thứ tự nào; --first để đổi thứ tự."""
    person, found = finish(_channels(who, first))
    if as_json:
        say(to_json({"person": person["person"], "channels": [_row(each) for each in found]}))
        return
    if not found:
        tell(f"{person['full_name']} chưa liên kết kênh nào. Cấp mã mời: dondoc people invite {person['person']}")
        return
    say(f"{person['full_name']} (mã {person['person']}) được nhắn lần lượt qua:")
    for place, each in enumerate(found, start=1):
        say(f"{place}. {_told(each)}")


async def _channels(who: str, first: str | None) -> "tuple[dict[str, Any], list[LinkedChannel]]":
    from planner.person_channels import channels_of, put_first

    now = system_clock()
    async with opened(load_settings()) as database, database.write() as session:
        person = await _person(session, who)
        found = await channels_of(session, person["person"])
        if first is not None:
            chosen = _meant(found, first)
            found = await put_first(session, person["person"], chosen.address_id, now=now, channel="command-line")
            await session.commit()
    return person, found


def _meant(found: "list[LinkedChannel]", words: str) -> "LinkedChannel":
    from planner.plain_text import plain

    by_name = [each for each in found if plain(words) in (plain(each.channel), plain(channel_name(each.channel)))]
    if words.isdecimal() and 1 <= int(words) <= len(found):
        return found[int(words) - 1]
    if len(by_name) == 1:
        return by_name[0]
    listed = ", ".join(each.channel for each in found) or "chưa có kênh nào"
    raise CommandError(f"Không có kênh “{words}” trong các kênh đã liên kết: {listed}.")


def _told(channel: "LinkedChannel") -> str:
    name = f"{channel_name(channel.channel)} ({channel.shown_name or channel.bot})"
    if channel.unreachable_at is not None:
        from bot.unreachable import said

        why = said(channel.unreachable_reason or "")
        return f"{name}, không gửi tới được từ {_moment(channel.unreachable_at)}: {why}"
    return f"{name}, nhắn lần cuối {_moment(channel.last_heard_at)}" if channel.last_heard_at else name


def _moment(instant: Any) -> str:
    return vietnamese_moment(instant.astimezone(CIVIL_ZONE).isoformat())


def _row(channel: "LinkedChannel") -> dict[str, Any]:
    return {
        "channel": channel.channel,
        "bot": channel.bot,
        "name": channel.shown_name,
        "is_reachable": channel.unreachable_at is None,
        "reason": channel.unreachable_reason,
    }


def move_bot(
    who: Who,
    to: Annotated[
        str | None, typer.Option("--to", metavar="BOT", help="Bot mới; mặc định là bot còn chỗ và ít người nhất.")
    ] = None,
) -> None:
    """Chuyển sang bot khác cùng nền tảng: cấp mã mới; bot cũ vẫn dùng đến khi người ấy gõ mã ở bot mới."""
    settings = load_settings()
    invited, left, full = finish(_move_bot(settings, who, to))
    say_invited(settings, invited)
    say(f"Tin vẫn đi qua {left} cho đến khi gõ mã ở bot mới.")
    say_full(full)


async def _move_bot(settings: Settings, who: str, to: str | None) -> "tuple[Invited, str, tuple[str, ...]]":
    from planner.people import INVITE_VALID_FOR, create_invite
    from planner.person_channels import channels_of

    now = system_clock()
    async with opened(settings) as database, database.write() as session:
        person = await _person(session, who)
        linked = await channels_of(session, person["person"])
        old, new = await (
            _to_the_next(session, person["person"], linked, now) if to is None else _to_this(session, linked, to, now)
        )
        if new.bot == old.bot:
            raise CommandError(f"{person['full_name']} đang dùng chính bot này.")
        code = await create_invite(session, person["person"], now=now, key=invite_key(settings), bot=new.bot)
        await session.commit()
    until = (now + INVITE_VALID_FOR).astimezone(CIVIL_ZONE)
    invited = Invited(person["person"], person["full_name"], "", code, until, (new,))
    return invited, old.shown_name or old.bot, () if new.has_room else (new.channel,)


async def _to_this(
    session: "AsyncSession", linked: "list[LinkedChannel]", to: str, now: datetime
) -> "tuple[LinkedChannel, KnownBot]":
    from planner.bots import known_bots

    known = await known_bots(session, now=now)
    new = next((bot for bot in known if to in (bot.bot, bot.shown_name)), None)
    if new is None:
        raise CommandError(f"Không có bot “{to}”; đang có: {', '.join(bot.bot for bot in known) or 'chưa có bot nào'}.")
    old = next((each for each in linked if each.channel == new.channel), None)
    if old is None:
        raise CommandError(f"Người này chưa dùng {channel_name(new.channel)}: cấp mã bằng dondoc people invite.")
    return old, new


async def _to_the_next(
    session: "AsyncSession", person_id: int, linked: "list[LinkedChannel]", now: datetime
) -> "tuple[LinkedChannel, KnownBot]":
    """Of the first channel of theirs that has another bot with room."""
    for old in linked:
        room = await room_for_one(session, person_id, now=now, but=old.bot)
        new = next((bot for bot in room.bots if bot.channel == old.channel), None)
        if new is not None:
            return old, new
    raise CommandError("Không có bot nào khác cùng nền tảng còn chỗ cho người này: thêm bot rồi chạy lại.")


async def _person(session: "AsyncSession", who: str) -> dict[str, Any]:
    from bot.command_line.stored import people_rows

    return find_person(await people_rows(session, today=today()), who)
