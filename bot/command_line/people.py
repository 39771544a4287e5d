"""dondoc people: who acts for which unit, and the one-time codes that link them."""

import unicodedata
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.command_line import people_changes, people_channels, people_file
from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, say_rows, say_table, tell
from bot.command_line.days import today
from bot.command_line.errors import CommandError
from bot.command_line.invitations import (
    Invited,
    bot_name,
    invited_row,
    room_for_one,
    say_full,
    say_invited,
    where_told,
    write_codes,
)
from bot.command_line.private_file import private_file
from bot.command_line.usage import Command, make_app
from bot.command_line.whom import find_person, places_told, role_named, role_word, unit_code
from bot.command_line.workplace import finish, opened
from bot.settings import Settings, invite_key, load_settings
from models.clock import CIVIL_ZONE, system_clock
from models.terms import Role

LONGEST_NAME = 120
app = make_app("Người dùng và mã mời.")
Json = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác.")]


@app.command("add", cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="HỌ TÊN", help="Họ và tên, trong ngoặc kép.")],
    units: Annotated[
        list[str] | None, typer.Option("--unit", metavar="ĐƠN VỊ", help="Mã hoặc tên đơn vị; lặp lại được.")
    ] = None,
    roles: Annotated[
        list[str] | None,
        typer.Option(
            "--role", metavar="VAI TRÒ", help="Vai trò ở đơn vị ấy: thủ trưởng, chuyên viên, đầu mối, lãnh đạo."
        ),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Thêm một người; mỗi --unit đi với một --role theo thứ tự."""
    full_name = " ".join(unicodedata.normalize("NFC", name).split())
    if not full_name or len(full_name) > LONGEST_NAME or not full_name.isprintable():
        raise CommandError(f"Họ tên phải có từ 1 đến {LONGEST_NAME} ký tự, không có ký tự điều khiển.")
    units, roles = units or [], roles or []
    if len(units) != len(roles) or not units:
        raise CommandError("Mỗi --unit cần một --role đi cùng, và phải có ít nhất một cặp.")
    finish(_add(full_name, units, [role_named(word) for word in roles], as_json=as_json))


async def _add(full_name: str, units: list[str], roles: list[Role], *, as_json: bool) -> None:
    from bot.command_line.stored import people_rows
    from planner.people import add_person
    from planner.plain_text import plain
    from planner.stored_directory import load_directory

    async with opened(load_settings()) as database, database.write() as session:
        directory = await load_directory(session)
        places = dict.fromkeys(zip((unit_code(directory, unit) for unit in units), roles, strict=True))
        namesakes = [
            row["person"]
            for row in await people_rows(session, today=today())
            if plain(row["full_name"]) == plain(full_name)
        ]
        person_id = await add_person(session, full_name, list(places), now=system_clock())
        await session.commit()
    if as_json:
        rows = [{"unit": unit, "role": role.value} for unit, role in places]
        say(to_json({"person": person_id, "full_name": full_name, "places": rows}))
    else:
        say(f"Đã thêm {full_name}, mã {person_id}: {places_told(list(places))}.")
        say(f"Cấp mã mời: dondoc people invite {person_id}")
    if namesakes:
        tell(f"Lưu ý: đã có người cùng tên, mã {', '.join(map(str, namesakes))}.")


@app.command("invite", cls=Command)
def invite(
    who: Annotated[
        str | None, typer.Argument(metavar="MÃ|HỌ TÊN", help="Mã số hoặc họ tên của người được mời.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="ĐƠN VỊ", help="Mọi người chưa liên kết của một đơn vị.")
    ] = None,
    *,
    all_unlinked: Annotated[bool, typer.Option("--all-unlinked", help="Mọi người chưa liên kết.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP.csv", help="Ghi các mã vào tệp mới, chỉ chủ máy đọc được.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Cấp mã mời dùng một lần; mã cấp trước thôi hiệu lực. Mã chỉ hiện một lần."""
    if [who is not None, unit is not None, all_unlinked].count(True) != 1:
        raise CommandError("Nêu một trong ba: mã hoặc họ tên một người, --unit, --all-unlinked.")
    settings = load_settings()
    if out is None:
        invited = finish(_invite(settings, who, unit))
    else:
        with private_file(out) as file:  # before any code is made: codes nobody can read would be lost
            invited = finish(_invite(settings, who, unit))
            write_codes(file, settings, invited)
    if not invited:
        tell("Không có ai chưa liên kết.")
    if out is not None:
        tell(f"Đã ghi {len(invited)} mã vào {out}. Trao tận tay từng người rồi xóa tệp.")
    elif who is not None:
        if as_json:
            say(to_json(invited_row(invited[0], bot_name(settings))))
        else:
            say_invited(settings, invited[0])
    elif as_json:
        name = bot_name(settings) if invited else None
        say_rows([invited_row(each, name) for each in invited])
    elif invited:
        say_table(
            ("Mã số", "Họ tên", "Vai trò", "Mã mời", "Nhắn tới"),
            ((each.person_id, each.full_name, each.places, each.code, where_told(each)) for each in invited),
            right=(0,),
        )
        until = invited[0].valid_until
        say(f"{len(invited)} mã, mỗi mã dùng một lần, đến {until:%H:%M ngày %d/%m/%Y}. Mã không hiện lại.")


async def _invite(settings: Settings, who: str | None, unit: str | None) -> list[Invited]:
    from bot.command_line.stored import people_rows
    from planner.people import INVITE_VALID_FOR, create_invite
    from planner.stored_directory import load_directory

    now, key = system_clock(), invite_key(settings)
    until = (now + INVITE_VALID_FOR).astimezone(CIVIL_ZONE)
    async with opened(settings) as database, database.write() as session:
        rows = await people_rows(session, today=today())
        if who is not None:
            wanted = [find_person(rows, who)]
        else:
            wanted = [row for row in rows if row["is_active"] and not row["is_linked"] and row["places"]]
        if unit is not None:
            code = unit_code(await load_directory(session), unit)
            wanted = [row for row in wanted if any(place["unit"] == code for place in row["places"])]
        invited, full = [], tuple[str, ...]()
        for row in wanted:
            room = await room_for_one(session, row["person"], now=now)
            code = await create_invite(session, row["person"], now=now, key=key, bot=room.kept_by)
            invited.append(Invited(row["person"], row["full_name"], _places(row), code, until, room.bots))
            full = room.full
        await session.commit()
    say_full(full)
    return invited


@app.command("list", cls=Command)
def list_people(*, as_json: Json = False) -> None:
    """Liệt kê người dùng: đã liên kết chưa, còn nhắn được không."""
    rows = finish(_rows())
    if as_json:
        say_rows(rows)
        return
    if not rows:
        tell("Chưa có người nào: thêm bằng dondoc people add.")
        return
    say_table(
        ("Mã", "Họ tên", "Vai trò", "Liên kết"),
        ((row["person"], row["full_name"], _places(row), _reach(row)) for row in rows),
        right=(0,),
    )
    say(f"Tổng {len(rows)} người, {sum(row['is_linked'] for row in rows)} đã liên kết.")


async def _rows() -> list[dict[str, Any]]:
    from bot.command_line.stored import people_rows

    async with opened(load_settings()) as database, database.read() as session:
        return await people_rows(session, today=today())


def _places(row: dict[str, Any]) -> str:
    return ", ".join(f"{role_word(place['role'])} {place['unit']}{_stand_in(place)}" for place in row["places"])


def _stand_in(place: dict[str, Any]) -> str:
    if "stands_in_for" not in place:
        return ""
    return f" (thay {place['stands_in_for']} đến {date.fromisoformat(place['until']):%d/%m/%Y})"


def _reach(row: dict[str, Any]) -> str:
    if not row["is_active"]:
        return "đã ngừng"
    if not row["is_linked"]:
        return "chưa liên kết"
    channels = ", ".join(row["channels"])
    return f"{channels}" if row["is_reachable"] else f"{channels}, không liên lạc được"


people_file.add_to(app)
people_changes.add_to(app)
people_channels.add_to(app)
