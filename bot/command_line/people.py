"""dondoc people: who acts for which unit, and the one-time codes that link them."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any

import typer

from bot.command_line import people_file
from bot.command_line.console import as_json as to_json
from bot.command_line.console import say, say_rows, say_table, tell
from bot.command_line.days import today
from bot.command_line.errors import CommandError
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
    from bot.command_line.stored import load_directory, people_rows
    from planner.people import add_person
    from planner.plain_text import plain

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
    who: Annotated[str, typer.Argument(metavar="MÃ|HỌ TÊN", help="Mã số hoặc họ tên của người được mời.")],
    *,
    as_json: Json = False,
) -> None:
    """Cấp mã mời dùng một lần; mã cấp trước thôi hiệu lực. Mã chỉ hiện một lần."""
    settings = load_settings()
    person_id, full_name, code, valid_until = finish(_invite(settings, who))
    link = _deep_link(settings, code)
    if as_json:
        row = {
            "person": person_id,
            "full_name": full_name,
            "code": code,
            "valid_until": valid_until.isoformat(),
            "link": link,
        }
        say(to_json(row))
        return
    say(f"Mã mời của {full_name}: {code}")
    say(f"Dùng được một lần, đến {valid_until:%H:%M ngày %d/%m/%Y}. Mã không hiện lại.")
    if link:
        say(f"Liên kết: {link}")
    else:
        say(f"Mở bot trong Telegram rồi gõ: /start {code}")


async def _invite(settings: Settings, who: str) -> tuple[int, str, str, datetime]:
    from bot.command_line.stored import people_rows
    from planner.people import INVITE_VALID_FOR, create_invite

    now = system_clock()
    async with opened(settings) as database, database.write() as session:
        person = find_person(await people_rows(session, today=today()), who)
        code = await create_invite(session, person["person"], now=now, key=invite_key(settings))
        await session.commit()
    return person["person"], person["full_name"], code, (now + INVITE_VALID_FOR).astimezone(CIVIL_ZONE)


def _deep_link(settings: Settings, code: str) -> str | None:
    """The link that opens the bot with the code typed; None, and why, when the bot's name cannot be asked."""
    from bot.command_line.telegram import NoAnswerError, ask_username

    if settings.telegram_bot_token is None:
        return None
    try:
        return f"https://t.me/{ask_username(settings)}?start={code}"
    except NoAnswerError as error:
        tell(f"Chưa hỏi được tên bot nên chưa có liên kết: {error}")
        return None


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
    return ", ".join(f"{role_word(place['role'])} {place['unit']}" for place in row["places"])


def _reach(row: dict[str, Any]) -> str:
    if not row["is_active"]:
        return "đã ngừng"
    if not row["is_linked"]:
        return "chưa liên kết"
    channels = ", ".join(row["channels"])
    return f"{channels}" if row["is_reachable"] else f"{channels}, không liên lạc được"


people_file.add_to(app)
